"""What people do on the pages of the intranet during a simulation: by the verbs that the pages call.

A page holds what it showed: what its author had read goes with what they send, and `Changed` answers when it is
no longer so, as on the pages.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from store import agreement, between, calendar, people, signed
from store.db import rows
from store.errors import Changed, Refused, Unknown
from sync.worksheets import WORKSHEETS
from tests import signing
from tests.simulated_values import token
from tests.sync_bench import PAGE

if TYPE_CHECKING:
    from tests.simulated_world import World

Act = Callable[..., None]
Table = Mapping[str, Mapping[str, str]]
ACTS: dict[str, Act] = {}


class Nothing(Exception):
    """There is nothing to do that on."""


def act(function: Act) -> Act:
    """Name what people can do."""
    ACTS[function.__name__] = function
    return function


def perform(world: "World", name: str, kind: str, *numbers: int) -> bool:
    """Do one act; False when the page answers that it cannot be done."""
    try:
        ACTS[name](world, kind, *numbers)
    except (Nothing, Changed, Refused, Unknown):
        return False
    return True


def _choose(known: Mapping[str, object], number: int) -> str:
    if not known:
        raise Nothing
    return sorted(known)[number % len(known)]


def names(kind: str, row: Mapping[str, str]) -> list[str]:
    """List the fields that people may change on a page."""
    computed = () if kind in ("participants", "half_days") else ("last_name", "first_name", "hours_absent", "proposal")
    return sorted(row.keys() - set(computed))


def _cell(shown: Table, kind: str, row: int, name: int) -> tuple[str, str]:
    """Choose a cell that the page lets people change, as (row, field)."""
    key = _choose(shown, row)
    return key, _choose(dict.fromkeys(names(kind, shown[key])), name)


def _send(world: "World", kind: str, shown: Table, place: tuple[str, str], raw: str) -> None:
    """Save one cell, with what the page showed in it."""
    key, field = place
    seen = {field: shown[key][field]}
    changes = WORKSHEETS[kind].change(PAGE, key, {field: raw}, seen)
    world.ledger.changed(kind, key, seen, changes, world.now)


@act
def look(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Open a page, and leave it open."""
    world.shown_by_pages[kind] = world.local(kind)


@act
def change(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Change a value."""
    shown = world.local(kind)
    place = _cell(shown, kind, row, name)
    _send(world, kind, shown, place, token(place[1], number))


@act
def change_late(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Change a value on a page that was opened long ago."""
    shown = world.shown_by_pages.get(kind) or world.local(kind)
    place = _cell(shown, kind, row, name)
    _send(world, kind, shown, place, token(place[1], number))


@act
def blank(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Empty a value."""
    shown = world.local(kind)
    _send(world, kind, shown, _cell(shown, kind, row, name), "")


@act
def agree(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Type what the sheet holds already."""
    shown = world.local(kind)
    key, field = _cell(shown, kind, row, name)
    there = world.view(kind).alone.get(key)
    if there and field in there.cells:
        _send(world, kind, shown, (key, field), there.cells[field])


@act
def enrol(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Enrol somebody."""
    raw = {field: token(field, number) for field in ("last_name", "first_name", "phone", "employer")}
    key = people.create(PAGE, world.cohort_id, raw)
    world.ledger.changed("participants", key, {}, {name: people.snapshot(world.cohort_id)[key][name] for name in raw},
                         world.now)  # fmt: skip


@act
def plan(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Add a half-day."""
    raw = {"day": token("day", number), "start": "9:00", "end": "12:00", "kind": "cours", "place": f"salle {number}"}
    key = calendar.create(PAGE, world.cohort_id, raw)
    found = calendar.snapshot(world.cohort_id)[key]
    world.ledger.changed("half_days", key, {}, {name: found[name] for name in raw}, world.now)


@act
def withdraw(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Withdraw somebody, or a half-day."""
    owner = "half_days" if kind == "half_days" else "participants"
    key = _choose(world.local(owner), row)
    WORKSHEETS[owner].remove(PAGE, key)  # type: ignore[misc]
    world.withdrawn[owner, key] = world.now


@act
def bring_back(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Bring back somebody withdrawn."""
    owner = "half_days" if kind == "half_days" else "participants"
    removed = WORKSHEETS[owner].removed(world.cohort_id)  # type: ignore[misc]
    key = _choose(dict.fromkeys(removed), row)
    WORKSHEETS[owner].restore(PAGE, key)  # type: ignore[misc]
    world.brought_back[owner, key] = world.now


def _conflict(row: int) -> tuple:
    found = sorted(between.conflicts())
    if not found:
        raise Nothing
    return found[row % len(found)]


def _agreed_by_choice(world: "World", kind: str, key: str) -> None:
    """Note that a person, not a cycle, moved the agreement of a row."""
    query = 'SELECT a.tab_id, a.cells FROM agreed_row a JOIN tab t ON t.id = a.tab_id WHERE t.kind = ? AND a."row" = ?'
    world.bases.update({(tab, key): text for tab, text in rows(query, kind, key)})


@act
def settle(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Choose a side of a conflict, having read both."""
    chosen = _conflict(row)
    (kind, key, field), (local, remote) = chosen[5:8], chosen[11:13]
    side = ("intranet", "sheet")[number % 2]
    between.settle(PAGE, chosen[0], side, (local, remote))
    _agreed_by_choice(world, kind, key)
    world.ledger.chose(kind, key, field, remote if side == "intranet" else local, world.now)


@act
def settle_with(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Settle a conflict with a third value."""
    chosen = _conflict(row)
    (kind, key, field), (local, remote) = chosen[5:8], chosen[11:13]
    between.settle_with(PAGE, chosen[0], token(field, number), (local, remote))
    value = world.local(kind).get(key, {}).get(field, local)
    world.ledger.changed(kind, key, {field: local}, {field: value}, world.now)
    world.ledger.chose(kind, key, field, remote, world.now)


@act
def sign(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Sign the decisions of the jury."""
    signing.sign(PAGE, world.cohort_id)
    dossiers = world.local("jury")
    # A decision outlives the withdrawal of its candidate, who has no line any more.
    for key in signed.dossiers(world.cohort_id) & dossiers.keys():
        world.signed.setdefault(key, dossiers[key])


@act
def confirm(world: "World", kind: str, row: int, name: int, number: int) -> None:
    """Confirm what a tab was paused for."""
    paused = [tab.id for book in world.books for tab in agreement.tabs(book) if tab.paused]
    if not paused:
        raise Nothing
    agreement.confirm(paused[row % len(paused)])
    world.confirmed = True
