"""Draw what happens to a tab from a few bytes: each byte chooses from a table, so that a case costs microseconds.

What people do is correlated, as it is in life: the same cell on both sides, the same value, a row edited
here and deleted there, a row copied with its id and then changed.
"""

from collections.abc import Callable
from hashlib import shake_128
from itertools import product

from tests import plan_moves as moves
from tests.plan_world import SCHEMAS, Schema, Texts, World

Bytes = bytes
Draw = Callable[["Scene", int, int, int], None]

NAMES, TEXTS = ("Ada", "ADA", "Bea", "Cléo"), ("", "a", "b", "c")
ALL = tuple(SCHEMAS.values())
KEYS = tuple(f"P-{n}" for n in range(8))
SIZES = (0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 6)
#: How a cycle ends: nearly always well.
ENDS = (*(moves.FULL,) * 13, moves.UNSENT, moves.UNSENT, moves.UNREMEMBERED)


def _rows_of(schema: Schema) -> tuple[Texts, ...]:
    """Return 256 rows to choose from: names that are alike now and then, few values, often blank."""
    columns = [NAMES if place in schema.keys else TEXTS for place in range(schema.width)]
    every = list(product(*columns))
    return tuple(every[n * 37 % len(every)] for n in range(256))


ROWS = {schema.name: _rows_of(schema) for schema in ALL}


class Scene:
    """A world, and the moves that were made in it."""

    __slots__ = ("world", "done")

    def __init__(self, world: World) -> None:
        self.world = world
        self.done: list[moves.Move] = []

    def do(self, move: Callable[..., None], *told: object) -> None:
        """Make a move and write it down."""
        self.done.append((move, *told))
        move(self.world, *told)

    # -- what the bytes choose --------------------------------------------------------------------

    def key(self, a: int) -> str:
        """Choose a record of the intranet; '' when there is none."""
        keys = list(self.world.local)
        return keys[a % len(keys)] if keys else ""

    def field(self, b: int) -> str:
        """Choose a field."""
        return self.world.schema.fields[b % self.world.schema.width]

    def text(self, b: int, c: int) -> str:
        """Choose a value for a field."""
        schema = self.world.schema
        return (NAMES if b % schema.width in schema.keys else TEXTS)[c & 3]

    def place(self, a: int) -> int:
        """Choose a row of the sheet."""
        return a % (len(self.world.ids) or 1)

    def row(self, c: int) -> Texts:
        """Choose the texts of a whole row."""
        return ROWS[self.world.schema.name][c]


def agreed(data: Bytes) -> tuple[Schema, dict[str, Texts]]:
    """Draw a schema, and the rows that both sides agree on."""
    schema = ALL[data[0] % len(ALL)]
    table = ROWS[schema.name]
    count = SIZES[data[1] & 15]
    return schema, {KEYS[n]: table[data[2 + n]] for n in range(count)}


def bytes_of(seed: int) -> Bytes:
    """Return what everything is chosen from: the same for a seed on any machine, at any time."""
    return shake_128(b"%d" % seed).digest(64)


# -- moves alone ------------------------------------------------------------------------------------


def _ours(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.ours, scene.key(a), scene.field(b), scene.text(b, c))


def _theirs(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.theirs, scene.place(a), scene.field(b), scene.text(b, c))


def _misspell(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.misspell, scene.place(a), scene.field(b), "!" + TEXTS[c & 3])


def _formula(scene: Scene, a: int, b: int, c: int) -> None:
    if c & 4:
        scene.do(moves.broken_formula, scene.place(a), scene.field(b))
    else:
        scene.do(moves.formula, scene.place(a), scene.field(b), scene.text(b, c))


def _delete(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.delete, scene.place(a))


def _blank(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.blank, scene.place(a))


def _sort(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.sort, a)


def _record(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.record, f"N-{a & 3}", scene.row(c))


def _withdraw(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.withdraw, scene.key(a))


def _bring_back(scene: Scene, a: int, b: int, c: int) -> None:
    removed = list(scene.world.removed)
    scene.do(moves.bring_back, removed[a % len(removed)] if removed else "")


def _sign(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.sign, scene.key(a))


def _forget(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.forget, scene.key(a), scene.field(b) if c & 1 else "")


def _unknown(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.unknown, scene.key(a), scene.field(b))


def _unname(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.rename, scene.place(a), "")


def _rename(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.rename, scene.place(a), ("X-1", "N-1", *KEYS[:6])[c & 7])


def _type_row(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.type_row, a % (len(scene.world.ids) + 1), "X-2" if b > 200 else "", scene.row(c))


# -- moves that go together -------------------------------------------------------------------------


def _same_cell(scene: Scene, a: int, b: int, c: int) -> None:
    """Edit one cell on both sides: the same value one time in four."""
    place = scene.place(a)
    key = scene.world.ids[place] if scene.world.ids else ""
    scene.do(moves.ours, key, scene.field(b), scene.text(b, c))
    scene.do(moves.theirs, place, scene.field(b), scene.text(b, c >> 2))


def _formula_and_edit(scene: Scene, a: int, b: int, c: int) -> None:
    """Edit on the intranet a cell where the sheet has put a formula, which comes to what it held or not."""
    place = scene.place(a)
    if scene.world.ids:
        held = scene.world.texts[place][scene.world.schema.at[scene.field(b)]] or ""
        scene.do(moves.ours, scene.world.ids[place], scene.field(b), scene.text(b, c))
        scene.do(moves.formula, place, scene.field(b), held if c & 4 else scene.text(b, c >> 3))


def _same_value(scene: Scene, a: int, b: int, c: int) -> None:
    place = scene.place(a)
    key = scene.world.ids[place] if scene.world.ids else ""
    scene.do(moves.ours, key, scene.field(b), scene.text(b, c))
    scene.do(moves.theirs, place, scene.field(b), scene.text(b, c))


def _delete_and_edit(scene: Scene, a: int, b: int, c: int) -> None:
    place = scene.place(a)
    key = scene.world.ids[place] if scene.world.ids else ""
    scene.do(moves.delete, place)
    scene.do(moves.ours, key, scene.field(b), scene.text(b, c))


def _delete_missed(scene: Scene, a: int, b: int, c: int) -> None:
    """Delete a row that an earlier read had already missed."""
    place = scene.place(a)
    key = scene.world.ids[place] if scene.world.ids else ""
    scene.do(moves.delete, place)
    scene.do(moves.missed, key)


def _delete_many(scene: Scene, a: int, b: int, c: int) -> None:
    for _ in range(min(1 + (a & 7), len(scene.world.ids))):
        scene.do(moves.delete, scene.place(b))


def _blank_many(scene: Scene, a: int, b: int, c: int) -> None:
    for place in range(len(scene.world.ids)):
        scene.do(moves.blank, place)


def _copy(scene: Scene, a: int, b: int, c: int) -> None:
    """Copy a row with its id, mostly to change the copy, or what it was copied from."""
    place, to = scene.place(a), c % (len(scene.world.ids) + 1)
    scene.do(moves.copy, place, to)
    if c & 64:
        scene.do(moves.theirs, to, scene.field(b), scene.text(b, c >> 2))
    if c & 128:
        scene.do(moves.theirs, scene.place(a + 1), scene.field(b >> 2), scene.text(b >> 2, c >> 4))


def _exchange_ids(scene: Scene, a: int, b: int, c: int) -> None:
    ids, first, second = scene.world.ids, scene.place(a), scene.place(a + 1)
    if ids:
        one, other = ids[first], ids[second]
        scene.do(moves.rename, first, other)
        scene.do(moves.rename, second, one)


def _unname_and_edit(scene: Scene, a: int, b: int, c: int) -> None:
    place = scene.place(a)
    scene.do(moves.rename, place, "")
    scene.do(moves.theirs, place, scene.field(b), scene.text(b, c))


def _unname_many(scene: Scene, a: int, b: int, c: int) -> None:
    for place in range(len(scene.world.ids)):
        scene.do(moves.rename, place, "")


def _type_seen(scene: Scene, a: int, b: int, c: int) -> None:
    """Type a row that an earlier read had already seen."""
    scene.do(moves.type_row, a % (len(scene.world.ids) + 1), "", scene.row(c))
    scene.do(moves.seen_before, scene.row(c))


def _type_misspelt(scene: Scene, a: int, b: int, c: int) -> None:
    place = a % (len(scene.world.ids) + 1)
    scene.do(moves.type_row, place, "", scene.row(c))
    scene.do(moves.misspell, place, scene.field(b), "!")


def _withdraw_and_edit(scene: Scene, a: int, b: int, c: int) -> None:
    place = scene.place(a)
    key = scene.world.ids[place] if scene.world.ids else ""
    scene.do(moves.withdraw, key)
    scene.do(moves.theirs, place, scene.field(b), scene.text(b, c))


def _show_again(scene: Scene, a: int, b: int, c: int) -> None:
    """Show a row again in the sheet, withdrawn by its deletion one time in two."""
    away = [key for key in scene.world.base if key not in scene.world.ids]
    scene.do(moves.show_again, c % (len(scene.world.ids) + 1), away[a % len(away)] if away else "")


def _sign_and_edit(scene: Scene, a: int, b: int, c: int) -> None:
    place = scene.place(a)
    key = scene.world.ids[place] if scene.world.ids else ""
    scene.do(moves.sign, key)
    scene.do(moves.theirs, place, scene.field(b), scene.text(b, c))


def _confirm(scene: Scene, a: int, b: int, c: int) -> None:
    scene.do(moves.confirm)


#: How often each draw comes, of 256.
_OFTEN: tuple[tuple[Draw, int], ...] = (
    (_ours, 30), (_theirs, 28), (_same_cell, 32), (_same_value, 10), (_misspell, 8), (_formula, 5),
    (_formula_and_edit, 5), (_delete, 8), (_delete_and_edit, 8), (_delete_missed, 10), (_delete_many, 4),
    (_blank, 3), (_blank_many, 2), (_sort, 12), (_copy, 10), (_exchange_ids, 3), (_unname, 5),
    (_unname_and_edit, 5), (_unname_many, 2), (_rename, 6), (_type_row, 10), (_type_seen, 8), (_type_misspelt, 4),
    (_record, 8), (_withdraw, 4), (_withdraw_and_edit, 4), (_show_again, 6), (_bring_back, 2), (_sign_and_edit, 4),
    (_sign, 1), (_forget, 4), (_unknown, 2), (_confirm, 3),
)  # fmt: skip
DRAWS: tuple[Draw, ...] = tuple(draw for draw, often in _OFTEN for _ in range(often))
assert len(DRAWS) == 256
