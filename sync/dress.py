"""Make a spreadsheet for a cohort, in the dress that staff would give it.

The tabs, headers and ids are ours; the column of remarks and the formula that counts absences are
what staff add of their own, and the sync never touches them.
"""

from collections.abc import Mapping
from typing import Any

from store import agreement
from store.db import connection
from sync import guard, layout
from sync.book import Sheets
from sync.layout import ID, ID_HEADER
from sync.worksheets import Column, Worksheet, of_audience

SCRATCH_ID = 7_277_355
ROWS = 200
LOCALE, ZONE = "fr_FR", "Europe/Paris"
NUMBER_FORMATS = {
    "date": {"type": "DATE", "pattern": "dd/mm/yyyy"},
    "time": {"type": "TIME", "pattern": "hh:mm"},
    # A pattern that may leave decimals out, « 0.## », keeps their comma: 13 would read « 13, ».
    "decimal": {"type": "NUMBER", "pattern": "0.00"},
    "grade": {"type": "NUMBER", "pattern": "0.00"},
    "integer": {"type": "NUMBER", "pattern": "0"},
}
TEXT_FORMAT = {"type": "TEXT", "pattern": "@"}
HEADER_COLOUR = {"red": 0.85, "green": 0.91, "blue": 0.86}
COMPUTED_COLOUR = {"red": 0.95, "green": 0.95, "blue": 0.95}
STAFF_COLOUR = {"red": 1.0, "green": 0.97, "blue": 0.85}
WIDTHS = {
    "id": 100, "title": 260, "problem": 260, "module": 320, "proposal": 320, "place": 200, "email": 200,
    "tutor": 160, "cotutor": 160, "wishes": 220,
}  # fmt: skip
ATTENDANCE_WIDTH = 112


def create_book(sheets: Sheets, cohort_id: int, code: str, audience: str) -> str:
    """Create, fill, dress and bind the spreadsheet of a cohort for one audience; return its id."""
    with connection():
        parts = [_Part(sheet, cohort_id, index) for index, sheet in enumerate(of_audience(audience))]
    suffix = " — jury (accès restreint)" if audience == "jury" else ""
    properties = {"title": f"{code}{suffix}", "locale": LOCALE, "timeZone": ZONE}
    answer = sheets.create({"properties": properties, "sheets": [part.resource() for part in parts]})
    book_id = answer["spreadsheetId"]
    sheets.write(book_id, [guard.scratch_tab(SCRATCH_ID), *(r for part in parts for r in part.dressing())])
    bound = {part.sheet.kind: (part.sheet_id, part.sheet.title) for part in parts}
    with connection():
        agreement.bind(book_id, cohort_id, audience, properties["title"], SCRATCH_ID, bound)
    return book_id


class _Part:
    """One tab to make: its columns, what staff add to it, and the rows of the intranet."""

    def __init__(self, sheet: Worksheet, cohort_id: int, index: int) -> None:
        self.sheet, self.sheet_id = sheet, 1000 + index
        self.columns = sheet.columns(cohort_id)
        self.rows = sheet.snapshot(cohort_id)

    @property
    def width(self) -> int:
        """Return the number of columns, the ones of staff included."""
        return 1 + len(self.columns) + len(self._own_headers())

    def _own_headers(self) -> list[str]:
        return ["Absences", "Remarques"] if self.sheet.matrix else ["Remarques"]

    def resource(self) -> dict[str, Any]:
        """Return the tab as `spreadsheets.create` takes it: headers and typed rows."""
        header = [_text(ID_HEADER), *(_text(c.header) for c in self.columns), *map(_text, self._own_headers())]
        lines = [self._line(number, key, row) for number, (key, row) in enumerate(self.rows.items(), start=2)]
        frozen = 3 if self.sheet.kind != "half_days" else 2
        return {
            "properties": {
                "sheetId": self.sheet_id,
                "title": self.sheet.title,
                "gridProperties": {
                    "rowCount": max(ROWS, len(self.rows) + 50),
                    "columnCount": max(26, self.width + 2),
                    "frozenRowCount": 1,
                    "frozenColumnCount": frozen,
                },
            },
            "data": [{"startRow": 0, "startColumn": 0, "rowData": [{"values": v} for v in (header, *lines)]}],
        }

    def _line(self, number: int, key: str, row: Mapping[str, str]) -> list[dict[str, Any]]:
        cells = [_text(key), *(_cell(column, row[column.field]) for column in self.columns)]
        if self.sheet.matrix:
            first, last = layout.address(3, number - 1), layout.address(len(self.columns), number - 1)
            cells.append({guard.VALUE: {"formulaValue": f'=COUNTIF({first}:{last};"A*")'}})
        return cells

    def dressing(self) -> list[dict[str, Any]]:
        """Return the requests that colour, format and mark the columns."""
        marks = [guard.column_metadata(self.sheet_id, 0, ID)]
        marks += [
            guard.column_metadata(self.sheet_id, place, column.field)
            for place, column in enumerate(self.columns, start=1)
        ]
        return [
            self._paint(0, self.width, {"backgroundColor": HEADER_COLOUR, "textFormat": {"bold": True}}, 0, 1),
            self._paint(1 + len(self.columns), self.width, {"backgroundColor": STAFF_COLOUR}, 1, None),
            *self._formats(),
            *marks,
            self._protect_ids(),
        ]

    def _formats(self) -> list[dict[str, Any]]:
        asked = [self._paint(0, 1, {"numberFormat": TEXT_FORMAT, "backgroundColor": COMPUTED_COLOUR}, 1, None)]
        asked.append(self._width(0, 1, WIDTHS["id"]))
        for place, column in enumerate(self.columns, start=1):
            number_format = NUMBER_FORMATS.get(column.type.name, TEXT_FORMAT)
            asked.append(self._paint(place, place + 1, {"numberFormat": number_format}, 1, None))
            if column.type.name == "attendance":
                asked.append(self._width(place, place + 1, ATTENDANCE_WIDTH))
            elif column.field in WIDTHS:
                asked.append(self._width(place, place + 1, WIDTHS[column.field]))
        return asked

    def _paint(self, start: int, end: int, look: Mapping[str, Any], top: int, bottom: int | None) -> dict[str, Any]:
        area = {"sheetId": self.sheet_id, "startColumnIndex": start, "endColumnIndex": end, "startRowIndex": top}
        if bottom is not None:
            area["endRowIndex"] = bottom
        fields = "userEnteredFormat(" + ",".join(look) + ")"
        return {"repeatCell": {"range": area, "cell": {"userEnteredFormat": dict(look)}, "fields": fields}}

    def _width(self, start: int, end: int, pixels: int) -> dict[str, Any]:
        span = {"sheetId": self.sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": end}
        return {
            "updateDimensionProperties": {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}
        }

    def _protect_ids(self) -> dict[str, Any]:
        area = {"sheetId": self.sheet_id, "startColumnIndex": 0, "endColumnIndex": 1}
        protected = {"range": area, "description": "Identifiants de Passerelle", "warningOnly": True}
        return {"addProtectedRange": {"protectedRange": protected}}


def _text(text: str) -> dict[str, Any]:
    return {guard.VALUE: {"stringValue": text}}


def _cell(column: Column, value: str) -> dict[str, Any]:
    typed = layout.extended(column.type.show(value))
    return {guard.VALUE: typed} if typed else {}
