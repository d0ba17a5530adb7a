"""Formulas: read, compiled, computed as Google does."""
