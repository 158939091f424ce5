"""Turns sources into visits: fetching, lanes, and the readers of what came back."""
