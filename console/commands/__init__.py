"""The commands, a file for each noun; importing one makes it known to the application."""
