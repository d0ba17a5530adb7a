"""A spreadsheet as it was read for adoption: its cells, merges, filters, protections and earlier marks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync import answers, layout
from sync.adoption.grid import Grid, Value
from sync.adoption.marks import Mark
from sync.cells import Tab, bare
from sync.guard import SCRATCH_TITLE
from sync.layout import ID, METADATA_KEY

#: sheetId of the hidden tab where a spreadsheet has none of that number yet.
SCRATCH_ID = 7_277_355


@dataclass
class Survey:
    """One spreadsheet, read once."""

    title: str
    tabs: dict[int, Tab]
    grids: list[Grid]
    #: The filters of every tab, named or not.
    filters: list[Mapping[str, Any]] = field(default_factory=list)
    #: Marks of earlier bindings: {sheetId: {field: mark}}.
    marks: dict[int, dict[str, Mark]] = field(default_factory=dict)
    #: sheetId of the hidden tab of the pre-images, present or to be made.
    scratch_id: int = SCRATCH_ID


def survey(answer: answers.Book) -> Survey:
    """Lay out what was read of a spreadsheet; the hidden tab of the pre-images is no tab of the staff."""
    tabs = layout.tabs(answer)
    found = Survey(answer.properties.title, tabs, [], scratch_id=_scratch_id(answer))
    for sheet in answer.sheets:
        if sheet.properties.title == SCRATCH_TITLE:
            continue
        key = sheet.properties.sheetId
        found.grids.append(_grid(tabs[key], sheet))
        found.filters += [one for one in (sheet.basicFilter, *sheet.filterViews) if one]
        found.marks[key] = _marks(sheet)
    return found


def _scratch_id(answer: answers.Book) -> int:
    known = {sheet.properties.sheetId: sheet.properties.title for sheet in answer.sheets}
    left = next((key for key, title in known.items() if title == SCRATCH_TITLE), None)
    if left is not None:
        return left
    return next(number for number in range(SCRATCH_ID, SCRATCH_ID + len(known) + 1) if number not in known)


def _grid(tab: Tab, sheet: answers.Sheet) -> Grid:
    ours = {column for column, name in tab.metadata.items() if name == ID}
    # Our own column of ids is none of the staff's.
    values = [[None if at in ours else _value(cell) for at, cell in enumerate(row)] for row in tab.grid]
    formulas = {(r, c) for r, row in enumerate(tab.grid) for c, _ in enumerate(row) if tab.formula(r, c)}
    merges = tuple((m.startRowIndex, m.endRowIndex, m.startColumnIndex, m.endColumnIndex) for m in sheet.merges)
    hidden = sheet.properties.hidden
    return Grid(tab.sheet_id, tab.title, values, frozenset(formulas), merges, hidden, dict(tab.metadata))


def _value(cell: answers.Cell) -> Value:
    return None if cell.effectiveValue is None else bare(cell.effectiveValue)


def _marks(sheet: answers.Sheet) -> dict[str, Mark]:
    columns = sheet.data[0].columnMetadata if sheet.data else []
    return {
        item.metadataValue: Mark(column, item.metadataId)
        for column, dimension in enumerate(columns)
        for item in dimension.developerMetadata
        if item.metadataKey == METADATA_KEY
    }
