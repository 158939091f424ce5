"""The pure core: the values that everyone shares and the functions that judge."""
