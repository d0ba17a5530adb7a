"""A book written as the API's Spreadsheet, only as far as a mask asks."""

from typing import Any

from localsheets.books import masks
from localsheets.books.a1 import Closed
from localsheets.books.filters import shown_filters
from localsheets.books.masks import Mask, below
from localsheets.books.model import EMPTY, Book, Cell, Sheet
from localsheets.books.protections import shown_protection
from localsheets.books.ranges import a1_range, bare_zero, visible
from localsheets.books.textruns import shown_runs
from localsheets.formulas.calculator import calculator
from localsheets.formulas.results import effective
from localsheets.formulas.values import ErrorValue
from localsheets.schema.messages import schema
from localsheets.texts.rendering import shown

Json = dict[str, Any]
Places = list[tuple[Sheet, Closed]]
EVERYTHING: Mask = {masks.ALL: {}}
BLUE = {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}
LINK = {"foregroundColor": BLUE, "underline": True, "foregroundColorStyle": {"rgbColor": BLUE}}
VALUES = {"userEnteredValue", "effectiveValue", "formattedValue"}
COMPUTED = {"formulaValue", "errorValue"}
DEFAULT_SIZES = {"ROWS": 21, "COLUMNS": 100}


def spreadsheet(
    book: Book,
    mask: Mask | None,
    ranges: list[str],
    grid_data: bool,
    actor: str | None = None,
    chosen: Places | None = None,
) -> Json:
    """Return a book as `spreadsheets.get` does, to an account; `chosen` are places to show beside the ranges.

    A mask that names grid fields brings the data; without a mask `grid_data` does.
    """
    wanted = EVERYTHING if mask is None else mask
    who = book.actor if actor is None else actor
    places = [(sheet, visible(sheet, area)) for sheet, area in (a1_range(book, text) for text in ranges)]
    places += chosen or []
    areas: dict[int, list[Closed]] = {}
    for sheet, area in places:
        areas.setdefault(sheet.sheet_id, []).append(area)
    answer: Json = {"spreadsheetId": book.book_id, "properties": book.properties}
    if below(wanted, "sheets") is not None:
        inner = below(wanted, "sheets") or {}
        with_data = grid_data if masks.ALL in inner else "data" in inner
        answer["sheets"] = [
            _sheet(book, sheet, inner, _areas(sheet, areas) if with_data else None, who)
            for sheet in book.in_order()
            if (not ranges and chosen is None) or sheet.sheet_id in areas
        ]
    if book.named_ranges:
        answer["namedRanges"] = bare_zero(book.named_ranges)
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit"
    if book.metadata:
        answer["developerMetadata"] = book.metadata
    return masks.prune(answer, wanted, done="sheets")


def _areas(sheet: Sheet, areas: dict[int, list[Closed]]) -> list[Closed]:
    return areas.get(sheet.sheet_id) or [sheet.whole()]


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """Return the SheetProperties of a tab, zero values left out as Google does."""
    grid = {"rowCount": sheet.row_count, "columnCount": sheet.column_count}
    return {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "index": book.order.index(sheet.sheet_id),
        "sheetType": "GRID",
        "gridProperties": grid | {name: value for name, value in sheet.grid.items() if value},
    } | {name: value for name, value in sheet.properties.items() if value}


def _sheet(book: Book, sheet: Sheet, mask: Mask, areas: list[Closed] | None, actor: str) -> Json:
    answer: Json = {"properties": sheet_properties(book, sheet)}
    if areas is not None:
        inner = below(mask, "data") or EVERYTHING
        answer["data"] = [_grid_data(book, sheet, area, inner) for area in areas]
    known = schema().messages["Sheet"]
    answer |= bare_zero({name: value for name, value in sheet.annotations.items() if value and name in known})
    for name in ("filterViews", "basicFilter"):
        if name in answer:
            answer[name] = shown_filters(answer[name])
    if "protectedRanges" in answer:
        owner = book.drive.get("owner", "")
        answer["protectedRanges"] = [shown_protection(entry, actor, owner) for entry in answer["protectedRanges"]]
    own = [entry for entry in sheet.metadata if entry["location"]["locationType"] == "SHEET"]
    if own:
        answer["developerMetadata"] = own
    return masks.prune(answer, mask, done="data")


def _grid_data(book: Book, sheet: Sheet, area: Closed, mask: Mask) -> Json:
    data: Json = {}
    if area.top:
        data["startRow"] = area.top
    if area.left:
        data["startColumn"] = area.left
    lines = below(mask, "rowData")
    if lines is not None:
        rows = _row_data(book, sheet, area, below(lines, "values"))
        if rows:
            data["rowData"] = rows
    if below(mask, "rowMetadata") is not None and area.height:
        data["rowMetadata"] = _dimensions(sheet, "ROWS", area.top, area.bottom)
    if below(mask, "columnMetadata") is not None and area.width:
        data["columnMetadata"] = _dimensions(sheet, "COLUMNS", area.left, area.right)
    return masks.prune(data, mask, done="rowData")


def _row_data(book: Book, sheet: Sheet, area: Closed, mask: Mask | None) -> list[Json]:
    rows: list[Json] = []
    writer = CellWriter(book, sheet, mask or {})
    spread = writer.values.spread_over(sheet)
    last = max((row for row in (*sheet.rows, *spread) if area.top <= row < area.bottom), default=area.top - 1)
    for row in range(area.top, last + 1):
        line = sheet.rows.get(row, {})
        line = dict.fromkeys(spread[row], EMPTY) | line if row in spread else line
        known = [column for column in line if area.left <= column < area.right]
        end = max(known, default=area.left - 1) + 1
        cells = [writer.write(row, column, line[column]) if column in line else {} for column in range(area.left, end)]
        while cells and not cells[-1]:
            cells.pop()
        rows.append({"values": cells} if cells and mask is not None else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


class CellWriter:
    """Write the cells of a tab as CellData; computes nothing that the mask does not ask for."""

    def __init__(self, book: Book, sheet: Sheet, mask: Mask) -> None:
        self.book = book
        self.sheet = sheet
        self.mask = mask
        self.values = calculator(book)
        every = masks.ALL in mask
        self.entered = every or "userEnteredValue" in mask
        self.effective = every or "effectiveValue" in mask
        self.formatted = every or "formattedValue" in mask
        self.format = every or "effectiveFormat" in mask
        self.link = every or "hyperlink" in mask
        self.whole = every or all(masks.ALL in inner for inner in mask.values())
        self.plain = self.whole and mask.keys() <= VALUES

    def write(self, row: int, column: int, cell: Cell) -> Json:
        """Return one CellData."""
        answer: Json = {}
        if self.plain and cell.entered and not cell.format and not cell.entered.keys() <= COMPUTED:
            # What a sync reads of most cells: a constant, the same as entered and as computed.
            if self.entered:
                answer["userEnteredValue"] = cell.entered
            if self.effective:
                answer["effectiveValue"] = cell.entered
            if self.formatted:
                answer["formattedValue"] = shown(next(iter(cell.entered.values())), None, self.values.locale)
            return answer
        filled = cell.entered is not None or (self.values.spills.any and self.values.spread_at(self.sheet, row, column))
        if cell.entered is not None and self.entered:
            answer["userEnteredValue"] = cell.entered
        if filled and (self.effective or self.formatted):
            self._computed(answer, row, column, cell)
        if cell.format:
            answer["userEnteredFormat"] = cell.format
        if self.format and (filled or cell.format):
            answer["effectiveFormat"] = self._effective_format(row, column, cell)
        if self.link and (link := self._link(row, column, cell)):
            answer["hyperlink"] = link
        if cell.note:
            answer["note"] = cell.note
        if cell.validation:
            answer["dataValidation"] = cell.validation
        if cell.runs and (runs := shown_runs(cell)):
            answer["textFormatRuns"] = runs
        kept = self.whole and answer.keys() <= self.mask.keys()
        return answer if kept else masks.prune(answer, self.mask)

    def _computed(self, answer: Json, row: int, column: int, cell: Cell) -> None:
        value = self.values.value(self.sheet, row, column)
        written = effective(value)
        if written is not None and self.effective:
            answer["effectiveValue"] = written
        if written is not None and self.formatted:
            given = number_format(cell)
            if given is None and (cell.entered is None or "formulaValue" in cell.entered):
                given = self.values.number_format(self.sheet, row, column)
            answer["formattedValue"] = shown(value, given, self.values.locale)

    def _link(self, row: int, column: int, cell: Cell) -> str | None:
        """Return where a cell leads: by its format, or by its formula."""
        link = ((cell.format or {}).get("textFormat") or {}).get("link") or {}
        if link.get("uri"):
            return str(link["uri"])
        return self.values.hyperlink(self.sheet, row, column) if cell.formula is not None else None

    def _effective_format(self, row: int, column: int, cell: Cell) -> Json:
        """Return how a cell is shown: its formula may bring a number format or a link."""
        link = self._link(row, column, cell)
        answer = effective_format(self.book, cell, self.values.value(self.sheet, row, column), link)
        if cell.formula is None and cell.entered is not None:
            return answer
        brought = self.values.number_format(self.sheet, row, column)
        answer |= {"numberFormat": brought} if brought else {}
        if link and cell.formula is not None:
            answer["textFormat"] = answer["textFormat"] | LINK | {"link": {"uri": link}}
        return answer


def number_format(cell: Cell) -> Json | None:
    """Return the number format a cell was given, if any."""
    return (cell.format or {}).get("numberFormat")


def effective_format(book: Book, cell: Cell, value: Any, link: str | None) -> Json:
    """Lay a cell's own format over the book's default one; its value decides how it is aligned by default."""
    default, own = book.properties["defaultFormat"], cell.format or {}
    plain = default["textFormat"] | {"fontFamily": book.properties["spreadsheetTheme"]["primaryFontFamily"]}
    answer: Json = {"numberFormat": own["numberFormat"]} if "numberFormat" in own else {}
    answer |= default | {"hyperlinkDisplayType": "LINKED" if link else "PLAIN_TEXT"}
    if value is not None:
        answer["horizontalAlignment"] = _alignment(value)
    return answer | own | {"textFormat": plain | own.get("textFormat", {})}


def _alignment(value: Any) -> str:
    if isinstance(value, (bool, ErrorValue)):
        return "CENTER"
    return "RIGHT" if isinstance(value, (int, float)) else "LEFT"


def _dimensions(sheet: Sheet, axis: str, start: int, end: int) -> list[Json]:
    sizes = sheet.sizes[axis]
    default = {"pixelSize": DEFAULT_SIZES[axis]}
    described = [default | sizes.get(index, {}) for index in range(start, end)]
    for entry in sheet.metadata:
        span = entry["location"].get("dimensionRange")
        if span and span["dimension"] == axis and start <= span["startIndex"] < end:
            at = span["startIndex"] - start
            described[at].setdefault("developerMetadata", []).append(bare_zero(entry))
    return described
