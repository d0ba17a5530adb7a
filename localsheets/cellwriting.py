"""Cells made from CellData."""

from typing import Any

from localsheets import masks
from localsheets.colors import with_styles
from localsheets.errors import invalid, missing
from localsheets.masks import ALL, Mask, below
from localsheets.model import Cell
from localsheets.serials import plain

Json = dict[str, Any]
FIELDS = ("userEnteredValue", "userEnteredFormat", "note", "dataValidation")
ELSEWHERE = ("textFormatRuns", "pivotTable", "dataSourceTable", "chipRuns")
COMPUTED = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")
KINDS = {"numberValue": (int, float), "stringValue": (str,), "boolValue": (bool,), "formulaValue": (str,)}


def cell_mask(text: Any) -> Mask:
    """Read the `fields` of a request that writes cells; 501 for what is not kept here."""
    if not text:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    mask = masks.parse(text)
    for name in mask:
        if name in ELSEWHERE:
            raise missing(f"writing the cell field {name}")
        if name not in FIELDS and name not in COMPUTED and name != ALL:
            raise invalid(f"Invalid field: {name}")
    return mask


def masked_cell(old: Cell, data: Json, mask: Mask) -> Cell:
    """Return the old cell with the masked fields taken from CellData; an absent one is cleared."""
    for name in ELSEWHERE:
        if name in data and ALL in mask:
            raise missing(f"writing the cell field {name}")
    entered = entered_value(data.get("userEnteredValue")) if _asked(mask, "userEnteredValue") else old.entered
    given = old.format
    inner = below(mask, "userEnteredFormat")
    if inner is not None:
        laid = masks.overlay(old.format or {}, data.get("userEnteredFormat") or {}, inner)
        given = with_styles(laid) or None
    note = (data.get("note") or None) if _asked(mask, "note") else old.note
    rule = (data.get("dataValidation") or None) if _asked(mask, "dataValidation") else old.validation
    return Cell(entered, given, note, rule)


def _asked(mask: Mask, name: str) -> bool:
    return below(mask, name) is not None


def entered_value(given: Json | None) -> Json | None:
    """Check an ExtendedValue; an empty one or an empty text is a blank."""
    if not given:
        return None
    if len(given) != 1:
        raise invalid("Only one value of ExtendedValue may be set.")
    (kind, value), *_ = given.items()
    if kind == "errorValue":
        raise invalid("errorValue cannot be written.")
    if kind not in KINDS or not isinstance(value, KINDS[kind]) or (kind == "numberValue" and value is True):
        raise invalid(f"Invalid value for {kind}: {value}")
    if kind == "formulaValue" and not str(value).startswith("="):
        raise invalid("Formulas must start with =.")
    if value == "":
        return None
    return {kind: plain(float(value)) if kind == "numberValue" else value}
