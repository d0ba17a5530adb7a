"""A spreadsheet as staff made it: which columns it has, how they are called, and names kept in one cell."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rules import full_names
from rules.message import Refused
from rules.values import TYPES
from store.changes import refused
from sync.worksheets import Column, Worksheet

#: The field of a column that holds both names.
FULL_NAME = "full_name"
_PARTS = ("last_name", "first_name")
_HEADER = "Nom et prénom"

Rows = dict[str, dict[str, str]]


def adapted(sheet: Worksheet, mapping: Mapping[str, Any]) -> Worksheet:
    """Return what is synced of a tab that staff made; a tab that we dressed has no mapping and is whole.

    `mapping` holds "headers", {field: header as staff wrote it}; "name_order", when one column holds both
    names; "without", the fields that a person chose to leave out. Half-days made since get their own column.
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
    def creating(author: Any, cohort_id: int, values: Mapping[str, str]) -> str:
        return create(author, cohort_id, _split(values, order))

    return creating
