"""Findings turned into files that offices exchange."""
