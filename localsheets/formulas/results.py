"""Values of formulas as the API writes them."""

from typing import Any

from localsheets.formulas.values import ErrorValue, Formatted, Linked
from localsheets.texts.serials import plain

CODES = {
    "REF": "#REF!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "NAME": "#NAME?",
    "VALUE": "#VALUE!",
    "N_A": "#N/A",
    "NUM": "#NUM!",
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "LOADING": "Loading...",
}
KINDS = {code: kind for kind, code in CODES.items()}


def effective(value: Any) -> dict[str, Any] | None:
    """Write a computed value as the API's ExtendedValue; None for a blank or an empty text."""
    if value is None or value == "":
        return None
    if isinstance(value, ErrorValue):
        explained = {"message": value.message} if value.message else {}
        return {"errorValue": {"type": KINDS.get(value, "ERROR")} | explained}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": plain(float(value) if isinstance(value, Formatted) else value)}
    return {"stringValue": str(value) if isinstance(value, Linked) else value}
