"""The order of names as French readers expect it: an accent or a capital moves nobody."""

from functools import lru_cache

from rules.values import fold


@lru_cache(maxsize=8192)
def name_key(last_name: str, first_name: str = "") -> tuple[str, str]:
    """Return what names are sorted by; the engines sort Étienne after Zoé, each in its own way."""
    return fold(last_name), fold(first_name)
