"""The text of formulas: references that follow, and what is left between them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from localsheets.books.a1 import Area, column_number, letters, parse_area, quoted

TITLE = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"
CELL = r"\$?[A-Za-z]{1,3}"
ROW = r"\$?[1-9]\d{0,9}"
# A formula is cut at its texts and its references: what lies between is the same for formulas that were
# filled down a column, so each shape is parsed once.
CUT = re.compile(
    rf'("(?:[^"]|"")*"|(?<![\w.$!])(?:{TITLE})?(?:{CELL}(?:{ROW}(?::{CELL}(?:{ROW})?)?|:{CELL})|{ROW}:{ROW})'
    rf"(?![\w(!]|\.\w)|{TITLE}\#REF!)"
)
SIMPLE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")
FREE = (False, False, False, False)


class FormulaError(Exception):
    """Say that a formula cannot be read."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Hold a reference as written: its tab's title or None, its rectangle, its dollar signs."""

    title: str | None
    area: Area
    pinned: tuple[bool, bool, bool, bool]
    is_range: bool

    def text(self) -> str:
        """Write the reference back; a range of one cell is written as that cell."""
        area, pinned = self.area, self.pinned
        left = area.left if self.has_columns else None
        text = _corner(left, area.top if self.has_rows else None, pinned[:2])
        if self.is_range:
            right = None if area.right is None else area.right - 1
            bottom = None if area.bottom is None else area.bottom - 1
            text += ":" + _corner(right, bottom, pinned[2:])
        return text if self.title is None else f"{quoted(self.title)}!{text}"

    @property
    def has_columns(self) -> bool:
        """Tell whether columns are named at all: not in 2:3."""
        return self.area.right is not None or self.area.left > 0

    @property
    def has_rows(self) -> bool:
        """Tell whether rows are named at all: not in A:B."""
        return self.area.bottom is not None or self.area.top > 0


def _corner(column: int | None, row: int | None, pinned: tuple[bool, ...]) -> str:
    name = "" if column is None else ("$" if pinned[0] else "") + letters(column)
    return name + ("" if row is None else ("$" if pinned[1] else "") + str(row + 1))


@lru_cache(maxsize=100_000)
def cut(formula: str) -> tuple[tuple[str, ...], list[str]]:
    """Cut a formula (with its leading =) into its shape and the references that fill it, in order.

    The shape holds texts as they are and a mark where each reference stands. What it returns is shared.
    """
    parts = CUT.split(formula)
    if len(parts) == 1:
        return (formula,), []
    shape, found = [], []
    for index, part in enumerate(parts):
        if index % 2 and part[0] != '"' and not part.endswith("#REF!"):
            found.append(part)
            shape.append("\0")
        else:
            shape.append(part)
    return tuple(shape), found


@lru_cache(maxsize=100_000)
def reference(text: str) -> Ref:
    """Read a reference as it stands in a formula; raises FormulaError when it is none."""
    simple = SIMPLE.fullmatch(text)
    if simple:
        name, row, last_name, last_row = simple.groups()
        left, top = column_number(name), int(row)
        if last_name is None:
            return Ref(None, Area(top - 1, left, top, left + 1), FREE, False)
        right, bottom = column_number(last_name), int(last_row)
        area = Area(min(top, bottom) - 1, min(left, right), max(top, bottom), max(left, right) + 1)
        return Ref(None, area, FREE, True)
    title, _, cells = text.rpartition("!")
    area = parse_area(cells) if len(cells) < 30 else None
    if area is None:
        raise FormulaError(text)
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    first, _, last = cells.partition(":")
    return Ref(title or None, area, (*_dollars(first), *_dollars(last)), bool(last))


def _dollars(corner: str) -> tuple[bool, bool]:
    lines_only = not re.search(r"[A-Za-z]", corner)
    return corner.startswith("$") and not lines_only, "$" in corner[0 if lines_only else 1 :]


def rewrite(formula: str, change: Callable[[Ref], Ref | None]) -> str:
    """Return the formula with each reference replaced; None becomes #REF!."""
    parts = CUT.split(formula)
    for index in range(1, len(parts), 2):
        part = parts[index]
        if part[0] == '"' or part.endswith("#REF!"):
            continue
        try:
            ref = reference(part)
        except FormulaError:
            continue
        changed = change(ref)
        if changed is None:
            parts[index] = "#REF!"
        elif changed != ref:
            parts[index] = changed.text()
    return "".join(parts)


def translate(formula: str, down: int, across: int) -> str:
    """Return the formula as a copy placed elsewhere would read: relative references follow."""
    if not down and not across:
        return formula
    return rewrite(formula, lambda ref: _translated(ref, down, across))


def _translated(ref: Ref, down: int, across: int) -> Ref | None:
    area, pinned = ref.area, ref.pinned
    last = pinned[2:] if ref.is_range else pinned[:2]
    moved = Area(
        area.top + (0 if pinned[1] or not ref.has_rows else down),
        area.left + (0 if pinned[0] or not ref.has_columns else across),
        None if area.bottom is None else area.bottom + (0 if last[1] else down),
        None if area.right is None else area.right + (0 if last[0] else across),
    )
    if moved.top < 0 or moved.left < 0 or (moved.bottom or 1) < 1 or (moved.right or 1) < 1:
        return None
    return replace(ref, area=moved)
