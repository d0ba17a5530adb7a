"""Where things stand in a book today: tabs, headers, ids, matrices.

Nothing is remembered from an earlier read: a tab is found by its sheetId, a column by its metadata
with its header as the fallback, a row by the id it carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.message import Refused
from rules.values import Type, fold
from sync.plan import Cell, SheetRow
from sync.worksheets import Column

#: Key of the column metadata that names the field a column holds.
METADATA_KEY = "passerelle"
ID = "id"
ID_HEADER = "ID"
#: A header row is looked for in the first rows only: staff put a title and blank lines above it.
HEADER_ROWS = 30

Extended = Mapping[str, Any]
#: How Google shows the errors of formulas.
ERRORS = {
    "ERROR": "#ERROR!", "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!",
    "NAME": "#NAME?", "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading...",
}  # fmt: skip


@dataclass
class Tab:
    """One tab as it is now."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    #: Raw cells by row then column: what was entered and what it comes to.
    grid: list[list[Mapping[str, Any]]]
    metadata: dict[int, str] = field(default_factory=dict)
    header_row: int = -1
    #: Field to column index, the id included.
    columns: dict[str, int] = field(default_factory=dict)
    #: Why this tab cannot be synced, in French; '' when it can.
    trouble: str = ""

    def raw(self, row: int, column: int) -> Extended:
        """Return the effective value of a cell, {} when it is blank."""
        if row >= len(self.grid) or column >= len(self.grid[row]):
            return {}
        return self.grid[row][column].get("effectiveValue", {})

    def entered(self, row: int, column: int) -> Extended:
        """Return what was entered in a cell, {} when it is blank."""
        if row >= len(self.grid) or column >= len(self.grid[row]):
            return {}
        return self.grid[row][column].get("userEnteredValue", {})

    @property
    def last_row(self) -> int:
        """Return the index after the last row that holds anything."""
        return len(self.grid)


def tabs(answer: Mapping[str, Any]) -> dict[int, Tab]:
    """Read every tab of a masked `spreadsheets.get` answer, by sheetId."""
    found = {}
    for sheet in answer.get("sheets", []):
        properties = sheet["properties"]
        grid = properties.get("gridProperties", {})
        blocks = sheet.get("data") or []
        sheet_id = properties.get("sheetId", 0)
        found[sheet_id] = Tab(
            sheet_id=sheet_id,
            title=properties.get("title", ""),
            row_count=grid.get("rowCount", 0),
            column_count=grid.get("columnCount", 0),
            grid=_trimmed(_grid(blocks)),
            metadata=_metadata(blocks[0].get("columnMetadata", [])) if blocks else {},
        )
    return found


def _grid(blocks: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Lay the blocks of an answer, one for each range asked, in one grid."""
    if len(blocks) == 1 and not blocks[0].get("startRow") and not blocks[0].get("startColumn"):
        return [row.get("values", []) for row in blocks[0].get("rowData", [])]
    grid: list[list[Mapping[str, Any]]] = []
    for block in blocks:
        left = block.get("startColumn", 0)
        for index, row in enumerate(block.get("rowData", []), start=block.get("startRow", 0)):
            grid += [[] for _ in range(index + 1 - len(grid))]
            values = row.get("values", [])
            grid[index] += [{} for _ in range(left + len(values) - len(grid[index]))]
            grid[index][left : left + len(values)] = values
    return grid


def _trimmed(grid: list[list[Mapping[str, Any]]]) -> list[list[Mapping[str, Any]]]:
    """Drop the last rows that hold nothing: Google lists those that are only coloured or formatted too."""
    while grid and not any("effectiveValue" in cell or "userEnteredValue" in cell for cell in grid[-1]):
        grid.pop()
    return grid


def _metadata(columns: list[Mapping[str, Any]]) -> dict[int, str]:
    found = {}
    for index, column in enumerate(columns):
        for item in column.get("developerMetadata", []):
            if item.get("metadataKey") == METADATA_KEY:
                found[index] = item.get("metadataValue", "")
    return found


def locate(tab: Tab, columns: list[Column], bound: set[str]) -> None:
    """Find the header row and the columns of a tab; say what is missing.

    `bound` names the fields that the last agreement had: one that disappeared pauses the tab,
    since its values are not there to be read as emptied.
    """
    headers = {fold(column.header): column.field for column in columns} | {fold(ID_HEADER): ID}
    tab.header_row = _header_row(tab, headers)
    if tab.header_row < 0:
        tab.trouble = f"La ligne d'en-têtes de l'onglet « {tab.title} » est introuvable : rétablissez-la."
        return
    wanted = {column.field for column in columns} | {ID}
    matrix = {column.field for column in columns if column.type.name == "attendance"}
    _by_metadata(tab, wanted, {text: name for text, name in headers.items() if name not in matrix}, matrix)
    _by_header(tab, headers, wanted)
    lost = [name for name in (ID, *(c.field for c in columns)) if name not in tab.columns and name in bound | {ID}]
    if lost:
        named = {column.field: column.header for column in columns} | {ID: ID_HEADER}
        listed = ", ".join(f"« {named[name]} »" for name in lost[:5])
        tab.trouble = f"Colonne introuvable dans l'onglet « {tab.title} » : {listed}. Rétablissez-la."


def _header_row(tab: Tab, headers: Mapping[str, str]) -> int:
    """Return the first row that holds the id's header, or most of the others; -1 when none does."""
    id_column = next((column for column, name in tab.metadata.items() if name == ID), None)
    best, best_score = -1, 0
    for row in range(min(HEADER_ROWS, tab.last_row)):
        texts = [fold(text_of(tab.raw(row, column))) for column in range(len(tab.grid[row]))]
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
        header = fold(text_of(tab.raw(tab.header_row, column)))
        exchanged = name not in matrix and headers.get(header, name) != name
        if name in wanted and name not in tab.columns and header and not exchanged:
            tab.columns[name] = column


def _by_header(tab: Tab, headers: Mapping[str, str], wanted: set[str]) -> None:
    """Find by its header each column that has no mark; a column marked for something else is left to it."""
    taken = set(tab.columns.values()) | {column for column, name in tab.metadata.items() if name not in wanted}
    for column in range(len(tab.grid[tab.header_row])):
        name = headers.get(fold(text_of(tab.raw(tab.header_row, column))))
        if name and name not in tab.columns and column not in taken:
            tab.columns[name] = column


def rows(tab: Tab, columns: list[Column]) -> list[SheetRow]:
    """Read the rows below the header: the id of each and its mapped cells, canonical or refused."""
    placed = [(column, tab.columns[column.field]) for column in columns if column.field in tab.columns]
    id_column = tab.columns[ID]
    found = []
    for index in range(tab.header_row + 1, tab.last_row):
        if not tab.grid[index]:
            continue
        cells = {column.field: _cell(tab, index, place, column.type) for column, place in placed}
        row = SheetRow(index, text_of(tab.raw(index, id_column)).strip(), cells)
        if row.id or any(cell.value or cell.refusal for cell in cells.values()):
            found.append(row)
    return found


def header_cells(tab: Tab, fields: Mapping[str, str]) -> SheetRow:
    """Read the headers of the matrix columns as one more row, so that they merge like any cell."""
    places = {name: tab.columns[name] for name in fields if name in tab.columns}
    cells = {name: _header_cell(tab, column) for name, column in places.items()}
    return SheetRow(tab.header_row, "#", cells)


def _header_cell(tab: Tab, column: int) -> Cell:
    formula = "formulaValue" in tab.entered(tab.header_row, column)
    return Cell(text_of(tab.raw(tab.header_row, column)).strip(), formula=formula)


_BLANK = Cell("")


def _cell(tab: Tab, row: int, column: int, kind: Type) -> Cell:
    line = tab.grid[row]
    if column >= len(line) or not line[column]:
        return _BLANK
    effective = line[column].get("effectiveValue", {})
    formula = "formulaValue" in line[column].get("userEnteredValue", {})
    if "errorValue" in effective:
        typed = ERRORS.get(effective["errorValue"].get("type", ""), "#ERROR!")
        return Cell(typed, "La formule donne une erreur : corrigez-la ou remplacez-la par une valeur.", formula, typed)
    value = plain(effective)
    try:
        return Cell(kind.parse(value), formula=formula)
    except Refused as error:
        typed = text_of(effective)
        return Cell(typed, str(error), formula, typed)


def plain(value: Extended) -> str | float | bool | None:
    """Return the bare value of an ExtendedValue, None when it is blank."""
    for name in ("stringValue", "numberValue", "boolValue"):
        if name in value:
            return value[name]
    return None


def text_of(value: Extended) -> str:
    """Return a cell as plain text: 12.0 is '12'."""
    bare = plain(value)
    if bare is None:
        return ""
    if isinstance(bare, bool):
        return "VRAI" if bare else "FAUX"
    if isinstance(bare, float | int) and float(bare).is_integer():
        return str(int(bare))
    return str(bare)


def extended(value: str | float | bool | None) -> dict[str, Any]:
    """Return the typed ExtendedValue of a bare value: never parsed by Google, never a formula."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, float | int):
        return {"numberValue": value}
    return {"stringValue": value}


def address(column: int, row: int) -> str:
    """Return the A1 address of a cell given by its zero-based column and row."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
