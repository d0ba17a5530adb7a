"""Tell the rows of a list that sum the others up: « Total », « Moyenne », « Effectif ». They are nobody's."""

from __future__ import annotations

import re

from rules.normal_form import fold

_WORDS = "sous[- ]total|total|totaux|moyenne|moyennes|effectif|effectifs|nb|nbre|taux"
_COUNTS = "(?:nb|nombre|taux|total|somme) ?(?:de |des |d').*|(?:pre|ab)sent(?:e?s)|inscrite?s"
_SUMS = re.compile(rf"(?:{_WORDS})(?:[ :.].*)?|{_COUNTS}")


def sums_up(text: str) -> bool:
    """Tell whether a row that begins so counts the others instead of naming somebody."""
    return bool(_SUMS.fullmatch(fold(text).rstrip(" :.")))
