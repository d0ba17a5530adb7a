"""Measurements that a person can run again; each prints a ratio, since absolute times are noise."""
