"""Hold the stand-in against the real Google."""
