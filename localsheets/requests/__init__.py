"""The kinds of batchUpdate requests."""
