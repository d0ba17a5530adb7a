"""The batchUpdate request that continues a series of cells."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from localsheets.books.a1 import Area, Closed
from localsheets.books.lines import check_area
from localsheets.books.model import Book, Cell, Sheet
from localsheets.books.ranges import axis_of, grid_range
from localsheets.errors import invalid, missing
from localsheets.texts.locales import Locale, locale_of
from localsheets.texts.rendering import is_date_format
from localsheets.texts.typed import plain

Json = dict[str, Any]
NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)


def auto_fill(book: Book, given: Json) -> Json:
    """Continue the series of a source beside it; what is no series is repeated."""
    sheet, source, axis, length = _source(book, given)
    before = length < 0
    area = _filled(source, axis, length)
    sheet.resolve(Area(area.top, area.left, area.bottom, area.right))
    target, alternate = book.edit(sheet.sheet_id), bool(given.get("useAlternateSeries"))
    check_area(target, area)
    across = range(source.left, source.right) if axis == "ROWS" else range(source.top, source.bottom)
    first, last = (source.top, source.bottom) if axis == "ROWS" else (source.left, source.right)
    for other in across:
        places = [(index, other) if axis == "ROWS" else (other, index) for index in range(first, last)]
        cells = [sheet.cell(*place) for place in places]
        if before:
            cells, places = cells[::-1], places[::-1]
        made = series(cells, alternate, before, locale_of(book.locale))
        step = -1 if before else 1
        for count in range(abs(length)):
            index = (first - 1 if before else last) + count * step
            place = (index, other) if axis == "ROWS" else (other, index)
            model = places[count % len(places)]
            target.put(*place, next(made).moved(place[0] - model[0], place[1] - model[1]))
    return {}


def _source(book: Book, given: Json) -> tuple[Sheet, Closed, str, int]:
    """Return the tab, the source, the dimension along which it is continued, and by how much."""
    if ("range" in given) == ("sourceAndDestination" in given):
        raise invalid("Exactly one of range or sourceAndDestination must be set.")
    if "sourceAndDestination" in given:
        wanted = given["sourceAndDestination"]
        sheet, source = grid_range(book, wanted.get("source"))
        length = wanted.get("fillLength", 0)
        if not length or not source.height or not source.width:
            raise invalid("autoFill needs a source and a fillLength.")
        return sheet, source, axis_of(wanted.get("dimension")), length
    sheet, area = grid_range(book, given["range"])
    filled = [(row, column) for row, column, cell in sheet.cells(area) if cell.entered]
    if not filled:
        raise invalid("The range to fill holds no data to continue.")
    top, bottom = min(row for row, _ in filled), max(row for row, _ in filled) + 1
    left, right = min(column for _, column in filled), max(column for _, column in filled) + 1
    if (top, left, right) == (area.top, area.left, area.right) and bottom < area.bottom:
        return sheet, Closed(top, left, bottom, right), "ROWS", area.bottom - bottom
    if (top, left, bottom) == (area.top, area.left, area.bottom) and right < area.right:
        return sheet, Closed(top, left, bottom, right), "COLUMNS", area.right - right
    raise missing("autoFill of a range whose data is not at its start")


def _filled(source: Closed, axis: str, length: int) -> Closed:
    if axis == "ROWS":
        top, bottom = (source.bottom, source.bottom + length) if length > 0 else (source.top + length, source.top)
        return Closed(top, source.left, bottom, source.right)
    left, right = (source.right, source.right + length) if length > 0 else (source.left + length, source.left)
    return Closed(source.top, left, source.bottom, right)


def series(cells: list[Cell], alternate: bool, before: bool, locale: Locale) -> Iterator[Cell]:
    """Yield without end what follows some cells, nearest last; `before` means that the series runs backwards."""
    numbers = [(cell.entered or {}).get("numberValue") for cell in cells]
    known = [number for number in numbers if number is not None]
    if len(known) == len(cells):
        step = _step(known, alternate, -1 if before else 1, is_date_format((cells[0].format or {}).get("numberFormat")))
        return _numbers(cells, known[-1], step)
    texts = [(cell.entered or {}).get("stringValue", "") for cell in cells]
    calendar = {name.casefold() for name in (*locale.months, *locale.months_short, *locale.days, *locale.days_short)}
    if any(text.casefold() in calendar for text in texts):
        raise missing("autoFill of months and days")
    matches = [NUMBERED.fullmatch(text) for text in texts]
    if len(cells) == 1 and matches[0] and not alternate:
        return _numbered(cells[0], matches[0], -1 if before else 1)
    if any(matches) or (known and len(cells) > 1):
        raise missing("autoFill of several numbered texts, or of numbers among other values")
    return _repeated(cells)


def _step(known: list[float], alternate: bool, sign: int, dated: bool) -> float:
    """Return what separates two cells: a lone number is repeated, a lone date goes on day by day."""
    if len(known) == 1:
        return sign if dated != alternate else 0
    steps = [after - before for before, after in zip(known, known[1:], strict=False)]
    if any(abs(step - steps[0]) > 1e-9 for step in steps):
        raise missing("autoFill of numbers that are not evenly spaced")
    return steps[0]


def _numbers(cells: list[Cell], last: float, step: float) -> Iterator[Cell]:
    count = 0
    while True:
        count += 1
        value = plain(float(round(last + step * count, 12)))
        yield replace(cells[(count - 1) % len(cells)], entered={"numberValue": value}, note=None)


def _numbered(cell: Cell, match: re.Match[str], step: int) -> Iterator[Cell]:
    width, number = len(match[2]), int(match[2])
    while True:
        number += step
        text = match[1] + str(abs(number)).zfill(width)
        yield replace(cell, entered={"stringValue": text}, note=None, runs=None)


def _repeated(cells: list[Cell]) -> Iterator[Cell]:
    count = 0
    while True:
        yield replace(cells[count % len(cells)], note=None)
        count += 1
