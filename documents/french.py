"""French typography: the spaces that no line may break, and that are narrower than the others."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

NARROW, HARD = "\u202f", "\u00a0"
_RULES = (
    # « x » and x ; x ! x ? x % take a narrow one, the colon a whole one; an address (https://) has none.
    (re.compile(r"« ?"), f"«{NARROW}"),
    (re.compile(r"[ \u00a0]?»"), f"{NARROW}»"),
    (re.compile(r"(?<=\S)[ \u00a0]([;!?%])"), rf"{NARROW}\1"),
    (re.compile(r"(?<=\S) :(?=\s|$)"), f"{HARD}:"),
    # A number stays with its unit, and with the one that follows it: 2 h 30.
    (re.compile(r"(?<=\d) (?=(?:h|min|€)\b|(?:h|min|€)$)"), NARROW),
    (re.compile(r"(?<=\d\u202fh) (?=\d)"), NARROW),
    (re.compile(r"(?<=\b[nN]°) "), HARD),
    # A day stays with its month.
    (re.compile(r"(\d|\b1er) (?=(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|"
                r"décembre)\b)"), rf"\1{HARD}"),
)  # fmt: skip


def spaced(text: str) -> str:
    """Give a French text the no-break spaces that its punctuation, its units and its dates ask for."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def spaced_all(value: Any) -> Any:
    """Space every text of plain values; the names of a mapping stay as they are."""
    if isinstance(value, str):
        return spaced(value)
    if isinstance(value, Mapping):
        return {key: spaced_all(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [spaced_all(item) for item in value]
    return value
