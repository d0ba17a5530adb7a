"""The names of those who teach a half-day, as one cell holds them."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"\s*(?:[,;/\n&+]|\bet\b)\s*")


def names(teachers: str) -> list[str]:
    """Return each name of « Claire Fontaine, Denis Morel et Inès Faye », once, in order."""
    found = [" ".join(name.split()) for name in _BETWEEN.split(teachers)]
    return list(dict.fromkeys(name for name in found if name))
