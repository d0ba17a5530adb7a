"""The grid page, and what it talks to."""
