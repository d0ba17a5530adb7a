"""What people do to both sides of a tab between two cycles: each move is one small, concrete edit.

A move whose object is no longer there does nothing, so that a list of moves still makes sense once some
of them are left out. Places count the rows of the sheet from 0.
"""

from typing import Any

from sync.plan import Cell
from tests.plan_world import Texts, World

#: A move: its function, then what it is told besides the world.
Move = tuple[Any, ...]

REFUSED, BROKEN = "Cette valeur est refusée.", "La formule donne une erreur."


# -- on the intranet ------------------------------------------------------------------------------


def ours(world: World, key: str, name: str, text: str) -> None:
    """Edit a cell on the intranet."""
    row = world.local.get(key)
    if row is not None:
        field = world.schema.at[name]
        world.local[key] = (*row[:field], text, *row[field + 1 :])


def record(world: World, key: str, texts: Texts) -> None:
    """Add a record on the intranet."""
    if key not in world.local and key not in world.removed:
        world.local[key] = texts


def withdraw(world: World, key: str) -> None:
    """Withdraw a record on the intranet."""
    if key in world.local and key not in world.signed:
        world.removed[key] = world.local.pop(key)


def bring_back(world: World, key: str) -> None:
    """Bring a withdrawn record back on the intranet."""
    if key in world.removed:
        world.local[key] = world.removed.pop(key)


def sign(world: World, key: str) -> None:
    """Sign a record: nothing of it changes any more from the sheet."""
    if key in world.local:
        world.signed.add(key)


def confirm(world: World) -> None:
    """Confirm what the tab is paused for."""
    world.confirmed = bool(world.paused)


def forget(world: World, key: str, name: str = "") -> None:
    """Lose the agreement on a row, or on one cell: they were never seen equal."""
    if key in world.base:
        if not name:
            del world.base[key]
            world.missing.pop(key, None)
            return
        row, field = world.base[key], world.schema.at[name]
        world.base[key] = (*row[:field], None, *row[field + 1 :])


def unknown(world: World, key: str, name: str) -> None:
    """Let a row of the intranet be without one of the fields."""
    row = world.local.get(key)
    if row is not None:
        field = world.schema.at[name]
        world.local[key] = (*row[:field], None, *row[field + 1 :])


# -- in the sheet ---------------------------------------------------------------------------------


def theirs(world: World, place: int, name: str, text: str) -> None:
    """Type in a cell of the sheet."""
    if place < len(world.ids):
        world.put(place, name, text)


def misspell(world: World, place: int, name: str, text: str) -> None:
    """Type in a cell of the sheet what the rules refuse."""
    if place < len(world.ids):
        world.put(place, name, text, Cell(text, REFUSED, typed=text))


def formula(world: World, place: int, name: str, text: str) -> None:
    """Enter a formula that comes to a value."""
    if place < len(world.ids):
        world.put(place, name, text, Cell(text, formula=True))


def broken_formula(world: World, place: int, name: str) -> None:
    """Enter a formula that comes to an error."""
    if place < len(world.ids):
        world.put(place, name, "#REF!", Cell("#REF!", BROKEN, True, "#REF!"))


def blank(world: World, place: int) -> None:
    """Empty every cell of a row but its id."""
    if place < len(world.ids):
        world.texts[place], world.odds[place] = world.schema.blank, None


def delete(world: World, place: int) -> None:
    """Delete a row of the sheet."""
    if place < len(world.ids):
        world.delete(place)


def copy(world: World, place: int, to: int) -> None:
    """Copy a row of the sheet, its id with it."""
    if place < len(world.ids):
        world.insert(min(to, len(world.ids)), world.ids[place], world.texts[place], world.odds[place])


def rename(world: World, place: int, key: str) -> None:
    """Edit an id by hand, or clear it."""
    if place < len(world.ids):
        world.ids[place] = key


def type_row(world: World, place: int, key: str, texts: Texts) -> None:
    """Type a row in the sheet."""
    world.insert(min(place, len(world.ids)), key, texts)


def show_again(world: World, place: int, key: str) -> None:
    """Undo a deletion in the sheet: the row is as it was last agreed on."""
    if key in world.base and key not in world.ids:
        world.insert(min(place, len(world.ids)), key, tuple(text or "" for text in world.base[key]))


def sort(world: World, turn: int) -> None:
    """Put the rows of the sheet in another order: turned by some places, or upside down."""
    places = list(range(len(world.ids)))
    turn = turn % len(places) if places else 0
    world.order((places[turn:] + places[:turn])[:: -1 if turn & 1 else 1])


# -- what earlier cycles left ---------------------------------------------------------------------


def missed(world: World, key: str) -> None:
    """Let an earlier read have missed a row already."""
    if key in world.base and key in world.local:
        world.missing = {**world.missing, key: 1}


def seen_before(world: World, texts: Texts) -> None:
    """Let an earlier read have seen a row without id."""
    world.waiting = [*world.waiting, texts]


# -- cycles ---------------------------------------------------------------------------------------

FULL, UNSENT, UNREMEMBERED = "full", "unsent", "unremembered"


def cycle(world: World, how: str = FULL) -> None:
    """Stand for one cycle: who plays the moves plans, judges and carries out."""
