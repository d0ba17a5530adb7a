"""A spreadsheet as staff made it: which columns it has, how they are called, and names kept in one cell.

Staff write « DUPONT Jeanne » where the intranet has « Dupont » and « Jeanne »: the spellings that a tab had
when it was adopted are no difference. Its last rows, which count the others, are nobody's.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import compress
from typing import Any

from rules import full_names
from rules.footers import sums_up
from rules.message import Refused
from rules.values import TICKED, TYPES, fold
from store.changes import refused
from sync.cells import Tab
from sync.plan import Sheet
from sync.worksheets import Column, Worksheet

#: The field of a column that holds both names.
FULL_NAME = "full_name"
_PARTS = ("last_name", "first_name")
_HEADER = "Nom et prénom"

NAMES = (FULL_NAME, *_PARTS)
Rows = dict[str, dict[str, str]]


def adapted(sheet: Worksheet, mapping: Mapping[str, Any]) -> Worksheet:
    """Return what is synced of a tab that staff made; a tab that we dressed has no mapping and is whole.

    `mapping` holds "headers", {field: header as staff wrote it}; "name_order", when one column holds both
    names; "without", the fields that a person chose to leave out; "ticks", when it ticks who was there.
    Half-days made since get their own column.
    """
    if not mapping:
        return sheet
    if FULL_NAME in mapping.get("headers", {}):
        sheet = _with_full_names(sheet, mapping.get("name_order", full_names.LAST_FIRST))
    return replace(sheet, columns=_narrowed(sheet.columns, mapping))


def _narrowed(columns: Callable[[int], list[Column]], mapping: Mapping[str, Any]) -> Callable[[int], list[Column]]:
    headers, without = mapping.get("headers"), set(mapping.get("without", ()))

    def kept(cohort_id: int) -> list[Column]:
        found = [column for column in columns(cohort_id) if column.field not in without]
        if mapping.get("ticks"):
            found = [replace(c, type=TICKED) if c.type.name == "attendance" else c for c in found]
        if headers is None:
            return found
        return [
            replace(column, header=headers.get(column.field, column.header))
            for column in found
            if column.field in headers or column.type.name == "attendance"
        ]

    return kept


def _with_full_names(sheet: Worksheet, order: str) -> Worksheet:
    def columns(cohort_id: int) -> list[Column]:
        found = sheet.columns(cohort_id)
        policy = next(column.policy for column in found if column.field in _PARTS)
        required = any(column.required for column in found if column.field in _PARTS)
        both = Column(FULL_NAME, _HEADER, TYPES["name"], policy, required)
        return [both, *(column for column in found if column.field not in _PARTS)]

    def snapshot(cohort_id: int) -> Rows:
        return {key: {FULL_NAME: _joined(row, order), **row} for key, row in sheet.snapshot(cohort_id).items()}

    keys = (FULL_NAME,) if set(_PARTS) <= set(sheet.keys) else sheet.keys
    changed = replace(sheet, columns=columns, snapshot=snapshot, keys=keys, change=_changing(sheet.change, order))
    return replace(changed, create=_creating(sheet.create, order)) if sheet.create else changed


def _joined(row: Mapping[str, str], order: str) -> str:
    return full_names.join(row["last_name"], row["first_name"], order)


def _split(values: Mapping[str, str], order: str) -> dict[str, str]:
    if FULL_NAME not in values:
        return dict(values)
    rest = {name: value for name, value in values.items() if name != FULL_NAME}
    try:
        return dict(zip(_PARTS, full_names.split(values[FULL_NAME], order), strict=True)) | rest
    except Refused as error:
        raise refused(FULL_NAME, error.message) from error


def _changing(change: Callable[..., Any], order: str) -> Callable[..., Any]:
    def changing(author: Any, key: str, values: Mapping[str, str], expected: Mapping[str, str] | None = None) -> Any:
        # The row as it was read holds both parts beside the one text that they make.
        return change(author, key, _split(values, order), expected)

    return changing


def _creating(create: Callable[..., str], order: str) -> Callable[..., str]:
    def creating(author: Any, cohort_id: int, values: Mapping[str, str], wanted: str = "") -> str:
        return create(author, cohort_id, _split(values, order), wanted=wanted)

    return creating


# -- spellings ----------------------------------------------------------------------------------


def spellings(read: Sheet, local: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return {field: {name as the sheet has it: as the intranet has it}} of the names that only spelling parts."""
    found: dict[str, dict[str, str]] = {}
    for place, name in enumerate(read.fields):
        if name in NAMES:
            known = _known(name, local)
            texts = {row[place] for row in read.texts if row[place]} - set(known.values())
            found[name] = {text: known[key] for text in texts if known.get(key := spelling_key(text))}
    return {name: texts for name, texts in found.items() if texts}


def _known(name: str, local: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for row in local.values():
        for spelling in _spellings(name, row):
            # Two people whose names differ by an accent alone are two: their names are read as they are.
            known[spelling] = row[name] if known.get(spelling, row[name]) == row[name] else ""
    return known


def _spellings(name: str, row: Mapping[str, str]) -> set[str]:
    if name != FULL_NAME:
        return {spelling_key(row[name])}
    return {spelling_key(full_names.join(*(row[part] for part in _PARTS), order)) for order in full_names.ORDERS}


def spelling_key(name: str) -> str:
    """Return what two spellings of one name have in common: no accent, case, hyphen or comma."""
    return " ".join(fold(name).replace("-", " ").replace(",", " ").split())


def respelled(
    columns: list[Column], local: Mapping[str, Mapping[str, str]], mapping: Mapping[str, Any]
) -> list[Column]:
    """Let the names that were in a tab when it was adopted be read as the intranet spells them.

    Only those very texts, and while the intranet still spells so: whatever people type since is an edit.
    """
    given = mapping.get("spellings", {})
    return [_respelled(column, local, given[column.field]) if column.field in given else column for column in columns]


def _respelled(column: Column, local: Mapping[str, Mapping[str, str]], given: Mapping[str, str]) -> Column:
    held = {row[column.field] for row in local.values()}
    known = {text: spelled for text, spelled in given.items() if spelled in held}

    def parse(raw: Any) -> str:
        text = column.type.parse(raw)
        return known.get(text, text)

    return replace(column, type=replace(column.type, parse=parse)) if known else column


# -- rows that are nobody's ---------------------------------------------------------------------


def records(read: Sheet, tab: Tab, local: Mapping[str, Mapping[str, str]], follows: bool) -> tuple[Sheet, list[int]]:
    """Leave out the rows that are no records, and say which; new rows go just below the last record.

    They are those that sum others up, and, in a tab that `follows` another's rows, the headings of groups:
    a text alone in the column of names, which is nobody's name.
    """
    known = {spelling_key(row[name]) for row in local.values() for name in NAMES if name in row} if follows else set()
    left = {
        index
        for place, index in enumerate(read.indexes)
        if not read.ids[place] and (_sums_up(read, place) or (follows and _heads_a_group(read, place, tab, known)))
    }
    kept = [index not in left for index in read.indexes]
    parts = (list(compress(part, kept)) for part in (read.indexes, read.ids, read.texts))
    found = Sheet(read.fields, *parts, {index: odd for index, odd in read.odd.items() if index not in left})
    tab.body_end = max((*found.indexes, tab.header_row)) + 1
    return found, sorted(left)


def _sums_up(read: Sheet, place: int) -> bool:
    odd = read.odd.get(read.indexes[place], {})
    texts = dict(zip(read.fields, read.texts[place], strict=True))
    names = [texts[name] for name in NAMES if name in texts] or list(texts.values())
    said = [text for text in names if text]
    if said:
        # « Total », alone or beside a number; somebody called so has a first name too.
        valid = [text for name, text in texts.items() if name in NAMES and text and name not in odd]
        return sums_up(said[0]) and len(valid) < 2
    filled = [name for name, text in texts.items() if text or name in odd]
    return bool(filled) and all(name in odd and odd[name].formula for name in filled)


def _heads_a_group(read: Sheet, place: int, tab: Tab, known: set[str]) -> bool:
    row = read.indexes[place]
    texts = {column: tab.text(row, column) for column in range(len(tab.grid[row])) if tab.text(row, column)}
    names = [tab.columns[name] for name in NAMES if name in tab.columns]
    return len(texts) == 1 and next(iter(texts)) in names and spelling_key(next(iter(texts.values()))) not in known
