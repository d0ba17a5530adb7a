"""Tutors and modules that were given another name in the intranet: the sheet follows, and nobody moved anything."""

from collections.abc import Mapping
from dataclasses import replace
from sys import intern

from rules.message import Refused
from rules.values import Type, fold
from sync.cells import Tab
from sync.plan import Plan, Push, Row, Sheet, Side
from sync.worksheets import Column

#: By the place of a column: how what was agreed on is called now.
Names = dict[int, dict[str, str]]


def followed(columns: list[Column], side: Side, fields: tuple[str, ...]) -> Side:
    """Give what was agreed on the names of now: a value is moved by whoever puts another one, not by a new name."""
    places = {fields.index(column.field): column.type for column in _renamed(columns, fields)}
    names = {place: _names({row[place] for row in side.base.values()}, kind) for place, kind in places.items()}
    if not any(names.values()):
        return side
    return replace(side, base={key: _called(row, names) for key, row in side.base.items()})


def _renamed(columns: list[Column], fields: tuple[str, ...]) -> list[Column]:
    return [column for column in columns if column.renamed and column.field in fields]


def _names(held: set[str], kind: Type) -> dict[str, str]:
    called = {name: _now(kind, name) for name in held if name}
    return {name: new for name, new in called.items() if new != name}


def _now(kind: Type, name: str) -> str:
    try:
        return intern(kind.parse(name))
    except Refused:
        # Somebody who may tutor here no more keeps their name.
        return name


def _called(row: Row, names: Names) -> Row:
    return tuple(names.get(place, {}).get(text, text) for place, text in enumerate(row))


def rewrite(plan: Plan, tab: Tab, read: Sheet, local: Mapping[str, Mapping[str, str]], columns: list[Column]) -> None:
    """Write the name of now in each cell that shows a former one, where both sides mean the same."""
    for column in [] if plan.paused else _renamed(columns, read.fields):
        place, pushed = (
            read.fields.index(column.field),
            {push.row for push in plan.pushes if push.field == column.field},
        )
        for key, position in plan.known.items():
            index, text = read.indexes[position], read.texts[position][place]
            same = text and key not in pushed and local.get(key, {}).get(column.field) == text
            # A formula is never replaced.
            if same and column.field not in read.odd.get(index, {}) and _former(tab, index, column, text):
                plan.pushes.append(Push(key, index, column.field, text, text))


def _former(tab: Tab, index: int, column: Column, text: str) -> bool:
    """Tell whether a cell shows a value as it was called before, whatever its accents and capitals."""
    shown = tab.text(index, tab.columns[column.field])
    if fold(shown) == fold(column.type.display(text)):
        return False
    return column.former is None or column.former(shown)
