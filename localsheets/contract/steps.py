"""The calls that probes are made of, each probe in a tab of its own.

"TAB" stands for the tab's id and !TITLE for its title. [D] comes from Google's documentation,
[I] is inferred: no recording settles it.
"""

from typing import Any, NamedTuple

Json = dict[str, Any]
Step = tuple[str, str, Json | None]
CELLS = "sheets.data.rowData.values(userEnteredValue,effectiveValue,formattedValue)"


class Probe(NamedTuple):
    """Hold a question: its name, what the answer rests on so far, and the calls that settle it."""

    name: str
    source: str
    steps: list[Step]


def batch(*kinds: Json, **more: Any) -> Step:
    """Return a batchUpdate."""
    return "POST", ":batchUpdate", {"requests": list(kinds), **more}


def fill(*rows: list[Any], at: str = "A1", how: str = "USER_ENTERED") -> Step:
    """Return a write of plain values."""
    path = f"/values/'!TITLE'!{at}?valueInputOption={how}"
    return "PUT", path, {"values": [list(row) for row in rows]}


def read(area: str = "A1:J40", render: str = "UNFORMATTED_VALUE") -> Step:
    """Return a read of plain values."""
    return "GET", f"/values/'!TITLE'!{area}?valueRenderOption={render}", None


def state(fields: str = CELLS, area: str = "A1:J12") -> Step:
    """Return a masked read of the tab."""
    return "GET", f"?ranges='!TITLE'!{area}&fields={fields}", None


def area(top: int, left: int, bottom: int, right: int) -> Json:
    """Return a GridRange of the probe's tab."""
    ends = {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": "TAB"} | ends


def span(axis: str, start: int, end: int) -> Json:
    """Return a DimensionRange of the probe's tab."""
    return {"sheetId": "TAB", "dimension": axis, "startIndex": start, "endIndex": end}


def typed(row: int, column: int, *values: Json, fields: str = "userEnteredValue") -> Json:
    """Return an updateCells of one line of typed values."""
    start = {"sheetId": "TAB", "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": [*values]}], "fields": fields}}


def marked(number: int, axis: str, at: int) -> Json:
    """Return the creation of developer metadata on one line."""
    where = {"dimensionRange": span(axis, at, at + 1)}
    entry = {"metadataId": number, "metadataKey": "sonde", "location": where, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


SEARCH: Step = (
    "POST",
    "/developerMetadata:search",
    {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "sonde"}}]},
)
TABLE: list[list[Any]] = [["nom", "note"], ["b", 12], ["a", 9.5], ["c", ""], ["d", "ABS"], ["e", True]]
