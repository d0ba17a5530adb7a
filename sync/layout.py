"""Where things stand in a book today: tabs, headers, ids, matrices.

Nothing is remembered from an earlier read: a tab is found by its sheetId, a column by its metadata
with its header as the fallback, a row by the id it carries.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rules.values import fold
from sync import answers
from sync.answers import NOTHING, Block, Book, Cell, Dimension
from sync.cells import BLANK, Extended, Tab, address, extended, plain, text_of
from sync.worksheets import Column

__all__ = ["Extended", "Tab", "address", "extended", "locate", "plain", "tabs", "text_of"]

#: Key of the column metadata that names the field a column holds.
METADATA_KEY = "passerelle"
ID = "id"
ID_HEADER = "ID"
#: A header row is looked for in the first rows only: staff put a title and blank lines above it.
HEADER_ROWS = 30


def tabs(answer: bytes | Mapping[str, Any] | Book) -> dict[int, Tab]:
    """Read every tab of a masked `spreadsheets.get` answer, by sheetId."""
    found = {}
    for sheet in answers.book(answer).sheets:
        properties, grid = sheet.properties, sheet.properties.gridProperties
        found[properties.sheetId] = Tab(
            sheet_id=properties.sheetId,
            title=properties.title,
            row_count=grid.rowCount,
            column_count=grid.columnCount,
            grid=_trimmed(_grid(sheet.data)),
            metadata=_metadata(sheet.data[0].columnMetadata) if sheet.data else {},
            protected=sheet.protectedRanges,
            merges=sheet.merges,
        )
    return found


def _grid(blocks: list[Block]) -> list[list[Cell]]:
    """Lay the blocks of an answer, one for each range asked, in one grid."""
    if len(blocks) == 1 and not blocks[0].startRow and not blocks[0].startColumn:
        return [row.values for row in blocks[0].rowData]
    grid: list[list[Cell]] = []
    for block in blocks:
        left = block.startColumn
        for index, row in enumerate(block.rowData, start=block.startRow):
            grid += [[] for _ in range(index + 1 - len(grid))]
            grid[index] += [BLANK] * (left + len(row.values) - len(grid[index]))
            grid[index][left : left + len(row.values)] = row.values
    return grid


def _trimmed(grid: list[list[Cell]]) -> list[list[Cell]]:
    """Drop the last rows that hold nothing: Google lists those that are only coloured or formatted too."""
    while grid and all(cell.effectiveValue is NOTHING and cell.userEnteredValue is NOTHING for cell in grid[-1]):
        grid.pop()
    return grid


def _metadata(columns: list[Dimension]) -> dict[int, str]:
    return {
        index: item.metadataValue
        for index, column in enumerate(columns)
        for item in column.developerMetadata
        if item.metadataKey == METADATA_KEY
    }


def locate(tab: Tab, columns: list[Column], bound: set[str], lines: int = 1) -> None:
    """Find the header row and the columns of a tab; say what is missing.

    `bound` names the fields that the last agreement had: one that disappeared pauses the tab,
    since its values are not there to be read as emptied. `lines` is how many lines the headers take.
    """
    tab.header_lines = lines
    headers = _headers(columns)
    tab.header_row = _header_row(tab, headers)
    if tab.header_row < 0:
        tab.trouble = f"La ligne d'en-têtes de l'onglet « {tab.title} » est introuvable : rétablissez-la."
        return
    wanted = {column.field for column in columns} | {ID}
    matrix = {column.field for column in columns if column.type.name == "attendance"}
    _by_metadata(tab, wanted, {text: name for text, name in headers.items() if name not in matrix}, matrix)
    _by_header(tab, headers, wanted)
    fields = (ID, *(column.field for column in columns))
    tab.lost = [name for name in fields if name not in tab.columns and name in bound | {ID}]
    if tab.lost:
        named = {column.field: column.header for column in columns} | {ID: ID_HEADER}
        listed = ", ".join(f"« {named[name]} »" for name in tab.lost[:5])
        tab.trouble = f"Colonne introuvable dans l'onglet « {tab.title} » : {listed}. Rétablissez-la."


def _headers(columns: list[Column]) -> dict[str, str]:
    """Return {header: field}, those left out that stand above several columns: « AM » under each of the days."""
    found = [(fold(column.header), column.field) for column in columns] + [(fold(ID_HEADER), ID)]
    counted = Counter(header for header, _ in found)
    return {header: name for header, name in found if counted[header] == 1 or name == ID}


def _header_row(tab: Tab, headers: Mapping[str, str]) -> int:
    """Return the first row that holds the id's header, or most of the others; -1 when none does."""
    id_column = next((column for column, name in tab.metadata.items() if name == ID), None)
    best, best_score = -1, 0
    for row in range(min(HEADER_ROWS, tab.last_row)):
        texts = [fold(tab.text(row, column)) for column in range(len(tab.grid[row]))]
        if id_column is not None and id_column < len(texts) and texts[id_column] == fold(ID_HEADER):
            return row
        score = sum(text in headers for text in texts if text)
        if score > best_score:
            best, best_score = row, score
    return best if best_score >= min(2, len(headers)) else -1


def _by_metadata(tab: Tab, wanted: set[str], headers: Mapping[str, str], matrix: set[str]) -> None:
    """Find the columns by their marks.

    A mark whose header is gone is not believed: cutting a column and pasting it elsewhere leaves
    the mark on the blank one. Nor is a mark under another field's own header: somebody has
    exchanged two columns. (In a matrix a moved half-day may well stand under another's old date.)
    """
    for column, name in tab.metadata.items():
        header = fold(tab.header(column))
        exchanged = name not in matrix and headers.get(header, name) != name
        if name in wanted and name not in tab.columns and header and not exchanged:
            tab.columns[name] = column


def _by_header(tab: Tab, headers: Mapping[str, str], wanted: set[str]) -> None:
    """Find by its header each column that has no mark; a column marked for something else is left to it."""
    taken = set(tab.columns.values()) | {column for column, name in tab.metadata.items() if name not in wanted}
    for column in range(max(map(len, tab.grid[: tab.header_row + 1]), default=0)):
        name = headers.get(fold(tab.header(column)))
        if name and name not in tab.columns and column not in taken:
            tab.columns[name] = column


def strayed_header(tab: Tab, name: str, header: str) -> tuple[int, int] | None:
    """Return (row, column) of a header of ours that stands off the header row, in a column marked for its field.

    The header row moved between our read and the insertion of that column: mark and text are both our own.
    """
    top = range(min(tab.last_row, HEADER_ROWS + 1))
    marked = [column for column, field in tab.metadata.items() if field == name and not tab.header(column)]
    found = [(row, column) for column in marked for row in top if tab.text(row, column) == header]
    return found[0] if len(found) == 1 else None
