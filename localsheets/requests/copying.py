"""batchUpdate requests that copy and cut cells."""

from dataclasses import replace
from typing import Any

from localsheets.books.a1 import Area, Closed
from localsheets.books.lines import check_area, own_line, set_cell, settle
from localsheets.books.model import EMPTY, Book, Cell, Sheet
from localsheets.books.ranges import grid_range
from localsheets.books.structure import rewrite_formulas
from localsheets.errors import invalid
from localsheets.formulas.calculator import calculator
from localsheets.formulas.results import effective
from localsheets.formulas.syntax import Ref
from localsheets.requests.cells import coordinate
from localsheets.requests.pasting import (
    Block,
    Placing,
    copied_merges,
    copied_rules,
    cut_attached,
    drop_merges,
    pasted,
)

Json = dict[str, Any]
WHOLE = ("PASTE_NORMAL", "PASTE_NO_BORDERS")
FORMATS = (*WHOLE, "PASTE_FORMAT", "PASTE_CONDITIONAL_FORMATTING")


def copy_paste(book: Book, given: Json) -> Json:
    """Copy a range over another, repeated when the destination is a multiple of the source."""
    kind = given.get("pasteType", "PASTE_NORMAL")
    source_sheet, source = grid_range(book, given.get("source"))
    target_sheet, wanted = grid_range(book, given.get("destination"))
    transposed = given.get("pasteOrientation") == "TRANSPOSE"
    if not source.height or not source.width:
        raise invalid("The source range is empty.")
    block = _block(book, source_sheet, source, kind == "PASTE_VALUES")
    height, width = (source.width, source.height) if transposed else (source.height, source.width)
    area = _tiled(wanted, height, width, target_sheet)
    target = book.edit(target_sheet.sheet_id)
    check_area(target, area)
    placing = Placing(source_sheet, source, target, area, height, width, transposed)
    if kind in WHOLE:
        merges = copied_merges(placing)
        drop_merges(target, area)
        if merges:
            target.annotations.setdefault("merges", []).extend(merges)
    if kind in FORMATS:
        copied_rules(placing)
    if kind != "PASTE_CONDITIONAL_FORMATTING":
        _paste_block(placing, block, kind)
    return {}


def _block(book: Book, sheet: Sheet, area: Closed, computed: bool) -> Block:
    columns = range(area.left, area.right)
    block = []
    for row in range(area.top, area.bottom):
        line = sheet.rows.get(row)
        cells = [line.get(column, EMPTY) for column in columns] if line else [EMPTY] * area.width
        if computed and line:
            cells = [_constant(book, sheet, row, area.left + at, cell) for at, cell in enumerate(cells)]
        block.append(cells)
    return block


def _constant(book: Book, sheet: Sheet, row: int, column: int, cell: Cell) -> Cell:
    if cell.formula is None:
        return cell
    return cell.holding(effective(calculator(book).value(sheet, row, column)))


def _tiled(wanted: Closed, height: int, width: int, sheet: Sheet) -> Closed:
    rows = wanted.height if wanted.height and wanted.height % height == 0 else height
    columns = wanted.width if wanted.width and wanted.width % width == 0 else width
    return sheet.resolve(Area(wanted.top, wanted.left, wanted.top + rows, wanted.left + columns))


def _paste_block(placing: Placing, block: Block, kind: str) -> None:
    target, area = placing.target, placing.area
    for row in range(area.top, area.bottom):
        line = own_line(target, row)
        for column in range(area.left, area.right):
            down, across = placing.origin(row, column)
            copied = block[down][across]
            if copied.formula is not None:
                copied = copied.moved(row - placing.source.top - down, column - placing.source.left - across)
            old = line.get(column, EMPTY)
            new = pasted(old, copied, kind)
            if new is not old:
                set_cell(line, column, new)
        settle(target, row)


def cut_paste(book: Book, given: Json) -> Json:
    """Move a range; formulas that pointed at its cells point at their new place."""
    kind = given.get("pasteType", "PASTE_NORMAL")
    sheet, source = grid_range(book, given.get("source"))
    target_sheet, top, left = coordinate(book, given.get("destination"))
    area = target_sheet.resolve(Area(top, left, top + source.height, left + source.width))
    block = _block(book, sheet, source, computed=kind == "PASTE_VALUES")
    target, origin = book.edit(target_sheet.sheet_id), book.edit(sheet.sheet_id)
    check_area(origin, source)
    check_area(target, area)
    placing = Placing(origin, source, target, area, source.height, source.width, False)
    if kind in WHOLE:
        cut_attached(book, placing)
    for row in range(source.top, source.bottom):
        line = own_line(origin, row)
        for column in [column for column in line if source.left <= column < source.right]:
            set_cell(line, column, _left_behind(line[column], kind))
        settle(origin, row)
    for down, cells in enumerate(block):
        line = own_line(target, area.top + down)
        for across, cell in enumerate(cells):
            column = area.left + across
            set_cell(line, column, pasted(line.get(column, EMPTY), cell, kind))
        settle(target, area.top + down)
    if kind in (*WHOLE, "PASTE_VALUES", "PASTE_FORMULA"):
        _repoint(book, placing)
    return {}


def _left_behind(cell: Cell, kind: str) -> Cell:
    """Return what a cut leaves where the cell was."""
    if kind in WHOLE:
        return EMPTY
    if kind == "PASTE_FORMAT":
        return Cell(cell.entered, None, cell.note, cell.validation, cell.runs)
    if kind == "PASTE_DATA_VALIDATION":
        return Cell(cell.entered, cell.format, cell.note, None, cell.runs)
    return cell if kind == "PASTE_CONDITIONAL_FORMATTING" else cell.emptied()


def _repoint(book: Book, placing: Placing) -> None:
    """Let formulas that read the cut cells read them where they are now; what they cover is lost to others."""
    source, area = placing.source, placing.area
    sheet, target = placing.sheet, placing.target
    down, across = area.top - source.top, area.left - source.left
    elsewhere = target.sheet_id != sheet.sheet_id

    def moved(ref: Ref) -> Ref | None:
        spot = ref.area
        if spot.bottom is None or spot.right is None:
            return ref
        if not source.covers(Closed(spot.top, spot.left, spot.bottom, spot.right)):
            return ref
        shifted = Area(spot.top + down, spot.left + across, spot.bottom + down, spot.right + across)
        return replace(ref, area=shifted, title=target.title if elsewhere else ref.title)

    rewrite_formulas(book, sheet.sheet_id, moved, sheet.title)
