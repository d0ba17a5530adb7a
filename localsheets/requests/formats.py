"""batchUpdate requests about conditional formats and alternating colours."""

from typing import Any

from localsheets.books.colors import overlaid, with_styles
from localsheets.books.conditions import FORMATTING, condition
from localsheets.books.lines import check_area
from localsheets.books.model import Book, Sheet
from localsheets.books.protections import check_tab
from localsheets.books.ranges import bare_zero, closed_of, grid_range, sheet_of, stored_range
from localsheets.errors import invalid
from localsheets.requests.fields import field_mask, free_number, trimmed

Json = dict[str, Any]
FORMATS = {"textFormat", "backgroundColor", "backgroundColorStyle"}
TEXT_FORMATS = {"bold", "italic", "underline", "strikethrough", "foregroundColor", "foregroundColorStyle"}
POINTS = ("minpoint", "midpoint", "maxpoint")
BANDED = "You cannot add alternating background colors to a range that already has alternating background colors."


def _rules(sheet: Sheet) -> list[Json]:
    rules: list[Json] = sheet.annotations.get("conditionalFormats", [])
    return rules


def _rule(book: Book, given: Json | None) -> tuple[Sheet, Json]:
    """Return the tab of a conditional format and the rule as it is kept."""
    rule = trimmed(given or {})
    places = [grid_range(book, wanted) for wanted in rule.get("ranges", [])]
    if not places:
        raise invalid("A conditional format rule must have at least one range.")
    if len({sheet.sheet_id for sheet, _ in places}) != 1:
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    rule["ranges"] = [stored_range(sheet, area) for sheet, area in places]
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Exactly one of booleanRule or gradientRule must be set.")
    if "booleanRule" in rule:
        rule["booleanRule"] = _boolean_rule(rule["booleanRule"])
    else:
        rule["gradientRule"] = _gradient_rule(rule["gradientRule"])
    target = book.edit(places[0][0].sheet_id)
    for _, area in places:
        check_area(target, area)
    return target, rule


def _boolean_rule(given: Json) -> Json:
    style = given.get("format") or {}
    if style.keys() - FORMATS or (style.get("textFormat") or {}).keys() - TEXT_FORMATS:
        raise invalid(
            "Conditional format rules can only set bold, italic, underline, strikethrough, "
            "foreground color and background color."
        )
    return {"condition": condition(given.get("condition"), FORMATTING), "format": with_styles(style)}


def _gradient_rule(given: Json) -> Json:
    for name in ("minpoint", "maxpoint"):
        if not (given.get(name) or {}).get("type"):
            raise invalid(f"The {name} of a gradient rule must have a type.")
    return {name: with_styles(given[name]) for name in POINTS if name in given}


def add_conditional_format_rule(book: Book, given: Json) -> Json:
    """Keep a conditional format rule at its place among the others."""
    target, rule = _rule(book, given.get("rule"))
    rules = target.annotations.setdefault("conditionalFormats", [])
    index = given.get("index", 0)
    if not 0 <= index <= len(rules):
        raise invalid(f"Invalid index {index}: the sheet has {len(rules)} conditional formats.")
    rules.insert(index, rule)
    return {}


def _at(sheet: Sheet, index: int) -> Json:
    rules = _rules(sheet)
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return rules[index]


def update_conditional_format_rule(book: Book, given: Json) -> Json:
    """Replace a conditional format rule, or move it to another place."""
    index = given.get("index", 0)
    if ("rule" in given) == ("newIndex" in given):
        raise invalid("Exactly one of rule or newIndex must be set.")
    if "rule" in given:
        target, rule = _rule(book, given["rule"])
        old = _at(target, index)
        target.annotations["conditionalFormats"][index] = rule
        return trimmed({"newRule": bare_zero(rule), "newIndex": index, "oldRule": bare_zero(old)})
    target = book.edit(sheet_of(book, given.get("sheetId")).sheet_id)
    check_tab(target.forbidden)
    rule, new = _at(target, index), given["newIndex"]
    rules = target.annotations["conditionalFormats"]
    if not 0 <= new < len(rules):
        raise invalid(f"No conditional format on sheet: {target.sheet_id} at index: {new}")
    del rules[index]
    rules.insert(new, rule)
    return trimmed({"newRule": bare_zero(rule), "newIndex": new, "oldIndex": index})


def delete_conditional_format_rule(book: Book, given: Json) -> Json:
    """Delete a conditional format rule and answer it; those after it move up."""
    target = book.edit(sheet_of(book, given.get("sheetId")).sheet_id)
    check_tab(target.forbidden)
    rule = _at(target, given.get("index", 0))
    del target.annotations["conditionalFormats"][given.get("index", 0)]
    return {"rule": bare_zero(rule)}


def _bands(sheet: Sheet) -> list[Json]:
    bands: list[Json] = sheet.annotations.get("bandedRanges", [])
    return bands


def _band(book: Book, number: Any) -> tuple[Sheet, Json]:
    for sheet in book.in_order():
        for band in _bands(sheet):
            if band["bandedRangeId"] == number:
                return sheet, band
    raise invalid(f"No banded range with ID: {number}")


def _checked_band(book: Book, wanted: Json, number: int | None) -> tuple[Sheet, Json]:
    """Return the tab of a banded range and the range as it is kept; two never share a cell."""
    sheet, area = grid_range(book, wanted.get("range"))
    kinds = [name for name in ("rowProperties", "columnProperties") if wanted.get(name)]
    if not kinds:
        raise invalid("At least one of rowProperties or columnProperties must be specified.")
    for name in kinds:
        for band in ("firstBandColor", "secondBandColor"):
            if wanted[name].get(band) is None and wanted[name].get(band + "Style") is None:
                raise invalid(f"{name}.{band} must be specified.")
    target = book.edit(sheet.sheet_id)
    check_area(target, area)
    for other in _bands(target):
        if other["bandedRangeId"] != number and closed_of(other["range"]).meets(area):
            raise invalid(BANDED)
    return target, with_styles(wanted | {"range": stored_range(sheet, area)})


def add_banding(book: Book, given: Json) -> Json:
    """Give a range alternating colours."""
    wanted = {name: value for name, value in (given.get("bandedRange") or {}).items() if value != {}}
    target, band = _checked_band(book, wanted, None)
    taken = {other["bandedRangeId"] for sheet in book.in_order() for other in _bands(sheet)}
    number = free_number(band.get("bandedRangeId"), taken, "banded range")
    band = {"bandedRangeId": number} | band
    target.annotations.setdefault("bandedRanges", []).append(band)
    return {"bandedRange": bare_zero(band)}


def update_banding(book: Book, given: Json) -> Json:
    """Change the masked fields of alternating colours."""
    mask = field_mask(given.get("fields"), "BandedRange")
    wanted = given.get("bandedRange") or {}
    sheet, old = _band(book, wanted.get("bandedRangeId"))
    new = overlaid(old, wanted, {name: inner for name, inner in mask.items() if name != "bandedRangeId"})
    target, band = _checked_band(book, new, old["bandedRangeId"])
    if target.sheet_id != sheet.sheet_id:
        raise invalid("A banded range must stay on its sheet.")
    band = {"bandedRangeId": old["bandedRangeId"]} | band
    target.annotations["bandedRanges"] = [
        band if other["bandedRangeId"] == old["bandedRangeId"] else other for other in _bands(target)
    ]
    return {}


def delete_banding(book: Book, given: Json) -> Json:
    """Take alternating colours away."""
    sheet, gone = _band(book, given.get("bandedRangeId"))
    target = book.edit(sheet.sheet_id)
    check_area(target, closed_of(gone["range"]))
    target.annotations["bandedRanges"] = [
        other for other in _bands(target) if other["bandedRangeId"] != gone["bandedRangeId"]
    ]
    return {}
