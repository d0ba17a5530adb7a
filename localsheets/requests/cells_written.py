"""Cells made from CellData."""

from collections.abc import Callable
from typing import Any

from localsheets.books.colors import overlaid, with_styles
from localsheets.books.conditions import validation_rule
from localsheets.books.lines import check_length, set_value
from localsheets.books.masks import ALL, Mask, below
from localsheets.books.model import Cell
from localsheets.books.textruns import text_runs
from localsheets.errors import invalid, missing
from localsheets.formulas.entry import stored
from localsheets.requests.fields import field_mask
from localsheets.texts.serials import plain

Json = dict[str, Any]
# Makes a cell from the old one and CellData.
Writer = Callable[[Cell, Json], Cell]
Known = dict[Any, tuple[Any, Any]]
ELSEWHERE = ("pivotTable", "dataSourceTable", "dataSourceFormula", "chipRuns")
# Whole cells may hold them, as answers do; to name and give them is to mean to write them.
READ_ONLY = ("effectiveValue", "effectiveFormat", "formattedValue", "hyperlink")
UNTYPED = "NUMBER_FORMAT_TYPE_UNSPECIFIED"
KINDS = {"numberValue": (int, float), "stringValue": (str,), "boolValue": (bool,), "formulaValue": (str,)}


def cell_mask(text: Any) -> Mask:
    """Read the `fields` of a request that writes cells.

    Those that are not kept here may be named, as pygsheets does: no cell has anything of them to clear.
    """
    return field_mask(text, "CellData")


def writer(mask: Mask) -> Writer:
    """Return what makes a cell from the old one and CellData: masked fields are taken, an absent one is cleared.

    Each field is decided on once for a whole request, since a request may write a hundred thousand cells.
    """
    if mask.keys() == {"userEnteredValue"}:
        return _write_value
    values, note = below(mask, "userEnteredValue") is not None, below(mask, "note") is not None
    rules, runs = below(mask, "dataValidation") is not None, below(mask, "textFormatRuns") is not None
    styles = below(mask, "userEnteredFormat")
    elsewhere = [*(ELSEWHERE if ALL in mask else [name for name in (*ELSEWHERE, *READ_ONLY) if name in mask])]
    known: Known = {}
    looks: Known = {}

    def write(old: Cell, data: Json) -> Cell:
        for name in elsewhere:
            if name in data:
                raise missing(f"writing the cell field {name}")
        entered = entered_value(data.get("userEnteredValue")) if values else old.entered
        style = old.format if styles is None else _style(old.format, data.get("userEnteredFormat"), styles, looks)
        rule = _rule(data.get("dataValidation"), known) if rules else old.validation
        # Runs belong to the text that they were given for.
        kept = text_runs(data.get("textFormatRuns"), entered) if runs else None if values else old.runs
        return Cell(entered, style, (data.get("note") or None) if note else old.note, rule, kept)

    return write


def _write_value(old: Cell, data: Json) -> Cell:
    return Cell(entered_value(data.get("userEnteredValue")), old.format, old.note, old.validation)


def is_value_only(write: Writer) -> bool:
    """Tell whether a writer takes nothing but the values of CellData."""
    return write is _write_value


def write_values(line: dict[int, Cell], left: int, values: list[Json]) -> None:
    """Write the values of CellData into a line that may be written, as fast as many cells need it."""
    for column, data in enumerate(values, left):
        given = data.get("userEnteredValue") if data else None
        if given and len(given) == 1 and type(given.get("numberValue")) is int:
            set_value(line, column, given)
        else:
            set_value(line, column, entered_value(given))


def _style(old: Json | None, given: Json | None, mask: Mask, known: Known) -> Json | None:
    """Lay a format over an old one; cells that shared their format before share the new one too."""
    key = id(old), id(given)
    if key not in known:
        known[key] = (old, given), _laid(old or {}, given or {}, mask) or None
    return known[key][1]


def _laid(old: Json, given: Json, mask: Mask) -> Json:
    look = with_styles(given) if ALL in mask else overlaid(old, given, mask)
    _check_look(look)
    return look


def _check_look(look: Json) -> None:
    """Refuse a format that no cell shows: a pattern of no type, letters or angles out of bounds."""
    number = look.get("numberFormat") or {}
    if number and number.get("type", UNTYPED) == UNTYPED:
        raise invalid("numberFormat.type must be specified.")
    size = (look.get("textFormat") or {}).get("fontSize")
    if size is not None and not 1 <= size <= 400:
        raise invalid(f"textFormat.fontSize[{size}] must be between 1 and 400")
    angle = (look.get("textRotation") or {}).get("angle", 0)
    if not -90 <= angle <= 90:
        raise invalid(f"textRotation.angle[{angle}] must be between -90 and 90")


def _rule(given: Json | None, known: Known) -> Json | None:
    """Check a rule once, however many cells it is given for."""
    if not given:
        return None
    if id(given) not in known:
        known[id(given)] = given, validation_rule(given)
    return known[id(given)][1]


def entered_value(given: Json | None) -> Json | None:
    """Check an ExtendedValue; an empty one or an empty text is a blank."""
    if not given:
        return None
    if len(given) != 1:
        raise invalid("Only one value of ExtendedValue may be set.")
    (kind, value), *_ = given.items()
    if kind == "errorValue":
        raise invalid("errorValue cannot be written.")
    if kind not in KINDS or not isinstance(value, KINDS[kind]) or (kind == "numberValue" and isinstance(value, bool)):
        raise invalid(f"Invalid value for {kind}: {value}")
    if kind == "formulaValue" and not str(value).startswith("="):
        raise invalid("Formulas must start with =.")
    if value == "":
        return None
    if isinstance(value, str):
        check_length(value)
    if kind == "formulaValue":
        return {kind: stored(str(value))}
    return {kind: plain(float(value))} if isinstance(value, float) else given
