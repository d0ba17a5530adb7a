"""The answers of Google Sheets as typed values: only what a cycle reads of them, decoded at the speed of C."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct


class Error(Struct, gc=False):
    """Why a formula has no value."""

    type: str = ""
    message: str = ""


class Value(Struct, gc=False, omit_defaults=True, frozen=True):
    """What a cell holds or comes to: one of these, as Google's ExtendedValue."""

    stringValue: str | None = None
    numberValue: int | float | None = None
    boolValue: bool | None = None
    formulaValue: str | None = None
    errorValue: Error | None = None


#: What a blank cell holds and comes to.
NOTHING = Value()


class Cell(Struct, gc=False, omit_defaults=True, frozen=True):
    """One cell: what was entered in it and what it comes to."""

    userEnteredValue: Value = NOTHING
    effectiveValue: Value = NOTHING


class Row(Struct):
    """The cells of one row, the blank ones at its end left out."""

    values: list[Cell] = []


class Metadata(Struct, gc=False):
    """One item that marks a column."""

    metadataKey: str = ""
    metadataValue: str = ""
    metadataId: int = 0


class Dimension(Struct):
    """What is known of one column besides its cells."""

    developerMetadata: list[Metadata] = []


class Block(Struct):
    """The cells of one range that was asked for."""

    startRow: int = 0
    startColumn: int = 0
    rowData: list[Row] = []
    columnMetadata: list[Dimension] = []


class Area(Struct, gc=False, frozen=True):
    """A range of a tab, unbounded on each side that is not named."""

    startRowIndex: int = 0
    endRowIndex: int = 2**31
    startColumnIndex: int = 0
    endColumnIndex: int = 2**31

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell is in it."""
        rows, columns = (self.startRowIndex, self.endRowIndex), (self.startColumnIndex, self.endColumnIndex)
        return rows[0] <= row < rows[1] and columns[0] <= column < columns[1]


class Protected(Struct):
    """A range that only some people may edit."""

    range: Area = Area()
    unprotectedRanges: list[Area] = []
    warningOnly: bool = False
    requestingUserCanEdit: bool = False

    def forbids(self, row: int, column: int) -> bool:
        """Tell whether it keeps us from writing in a cell."""
        if self.warningOnly or self.requestingUserCanEdit or not self.range.holds(row, column):
            return False
        return not any(area.holds(row, column) for area in self.unprotectedRanges)

    def forbids_insertion(self, dimension: str, at: int) -> bool:
        """Tell whether it keeps us from inserting lines before one: they would stand inside it."""
        if self.warningOnly or self.requestingUserCanEdit:
            return False
        area = self.range
        first, last = (
            (area.startRowIndex, area.endRowIndex)
            if dimension == "ROWS"
            else (area.startColumnIndex, area.endColumnIndex)
        )
        return first < at < last


class Grid(Struct, gc=False):
    """The size of a tab."""

    rowCount: int = 0
    columnCount: int = 0


class Properties(Struct):
    """The name and place of a tab."""

    sheetId: int = 0
    title: str = ""
    index: int = 0
    hidden: bool = False
    gridProperties: Grid = msgspec.field(default_factory=Grid)


class Sheet(Struct):
    """One tab with the ranges asked of it."""

    properties: Properties
    data: list[Block] = []
    protectedRanges: list[Protected] = []
    merges: list[Area] = []
    basicFilter: dict[str, Any] | None = None
    filterViews: list[dict[str, Any]] = []


class BookProperties(Struct):
    """The name of a book and how it shows its values."""

    title: str = ""
    locale: str = ""
    timeZone: str = ""


class Book(Struct):
    """A book as `spreadsheets.get` gives it, masked."""

    spreadsheetId: str = ""
    properties: BookProperties = msgspec.field(default_factory=BookProperties)
    sheets: list[Sheet] = []


class Reply(Struct):
    """What `spreadsheets.batchUpdate` gives back: the book after it, when it was asked for."""

    updatedSpreadsheet: Book = msgspec.field(default_factory=Book)


_BOOK, _REPLY = msgspec.json.Decoder(Book), msgspec.json.Decoder(Reply)


def book(answer: bytes | Mapping[str, Any] | Book) -> Book:
    """Read the answer to `spreadsheets.get`; raise msgspec.MsgspecError when it is not one, or cut short."""
    if isinstance(answer, Book):
        return answer
    return _BOOK.decode(answer) if isinstance(answer, bytes) else msgspec.convert(answer, Book)


def reply(answer: bytes | Mapping[str, Any] | Reply) -> Reply:
    """Read the answer to `spreadsheets.batchUpdate`."""
    if isinstance(answer, Reply):
        return answer
    return _REPLY.decode(answer) if isinstance(answer, bytes) else msgspec.convert(answer, Reply)
