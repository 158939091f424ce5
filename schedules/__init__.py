"""The use cases: read, ask the pure core, write; and when each of them is due."""
