"""What the commands print: plain lines for a pipe, the same with colour and a bar on a terminal."""
