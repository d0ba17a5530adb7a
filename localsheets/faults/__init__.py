"""Faults on demand: what goes wrong around a request, when, and what became of it."""
