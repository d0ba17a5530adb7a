"""The laws of SHEETS.md that take two plans to state: order, spoilt rows, echoes, convergence."""

from typing import Any

from sync.plan import Cell, Plan, Sheet, SheetRow, Turned
from tests import plan_moves as moves
from tests.plan_laws import Broken, Case
from tests.plan_moves import FULL
from tests.plan_row_laws import claim
from tests.plan_world import SCHEMAS, TOP, World

#: A row that nobody should write: one cell of it is refused.
SPOILT = {
    schema.name: (
        ("!zz", *["zz"] * (schema.width - 1)),
        {schema.fields[0]: Cell("!zz", moves.REFUSED, typed="!zz")},
    )
    for schema in SCHEMAS.values()
}
#: Where the rows of the other order stand: nowhere near those of the first.
ELSEWHERE = 100
SPREAD = range(ELSEWHERE, 2 * ELSEWHERE)


def reordered(world: World, turn: int) -> tuple[Sheet, int]:
    """Return the sheet in another order, with a spoilt row in it, and where that row is."""
    count = len(world.ids)
    at, step = turn % (count + 1), (turn >> 4 & 1) * 2 - 1
    texts, cells = SPOILT[world.schema.name]
    odd = {ELSEWHERE + at: cells}
    if any(world.odds):
        odds = (world.odds[at:] + world.odds[:at])[::step]
        odds.insert(at, cells)
        odd = {place + ELSEWHERE: cells for place, cells in enumerate(odds) if cells}
    ids, rows = (world.ids[at:] + world.ids[:at])[::step], (world.texts[at:] + world.texts[:at])[::step]
    ids.insert(at, "")
    rows.insert(at, texts)
    return Sheet(world.schema.fields, SPREAD[: count + 1], ids, rows, odd), ELSEWHERE + at


def order_and_a_spoilt_row_change_nothing(case: Case, other: Plan, spoilt: int) -> None:
    """The rows in another order, a spoilt one among them, come to the same: only that row is listed besides."""
    listed = len(other.refused)
    mine, its = _gist(case.plan, -1), _gist(other, spoilt)
    if mine != its:
        [(what, first, second), *_] = [item for item in zip(PARTS, mine, its, strict=True) if item[1] != item[2]]
        raise Broken(f"{what} in another order", first, second)
    if not other.paused and len(its[-1]) == listed:
        raise Broken("the spoilt row", "listed", "passed over")


PARTS = ("paused", "ripening", "pulls", "base", "missing", "written again", "deletions", "restored", "ids", "births",
         "waiting", "pushes", "conflicts", "refused")  # fmt: skip


def _gist(plan: Plan, spoilt: int) -> tuple[Any, ...]:
    """Return everything a plan says, in an order that does not hang on where rows are; but for one of them."""
    if plan.paused:
        return True, *((),) * (len(PARTS) - 1)
    return (
        False, plan.ripening, plan.pulls, plan.agreed, plan.missing,
        sorted(plan.appends), sorted(plan.deletions), sorted(plan.restored), sorted(plan.ids.values()),
        plan.births and sorted([_texts(row) for row in plan.births]),
        plan.waiting and sorted([_texts(row) for row in plan.waiting if row.index != spoilt]),
        plan.pushes and sorted([push[:1] + push[2:] for push in plan.pushes]),
        plan.clashes and sorted([clash[:1] + clash[2:] for clash in plan.clashes]),
        plan.refused
        and sorted([_told(turned, turned.row in plan.known) for turned in plan.refused if turned.index != spoilt]),
    )  # fmt: skip


def _told(turned: Turned, of_record: bool) -> tuple[str, ...]:
    """Return what a refusal says, but for what names a row by its place."""
    return turned.row if of_record else "", turned.field, turned.typed if turned.field else "", turned.reason


def _texts(row: SheetRow) -> tuple[str, ...]:
    return tuple(cell.value for cell in row.cells.values())


def in_doubt(case: Case) -> bool:
    """Tell whether rows are so alike that which of them is a record's may depend on their order."""
    world = case.world
    ids = world.ids
    if len({*ids}) < len(ids):
        for key in {key for key in ids if ids.count(key) > 1 and (key in world.local or key in world.removed)}:
            claims = [claim(case, key, place) for place, borne in enumerate(ids) if borne == key]
            if claims.count(max(claims)) > 1:
                return True
    if case.plan.ids:
        given = [index - TOP for index in case.plan.ids]
        texts = {world.texts[place] for place in given}
        return any(world.odds[place] and world.texts[place] in texts for place in (*case.strangers, *given))
    return False


# -- one plan after another -------------------------------------------------------------------------


def busy(plan: Plan) -> list[str]:
    """Name what a plan has still to do."""
    parts = {
        "pulls": plan.pulls, "pushes": plan.pushes, "base": plan.agreed, "written again": plan.appends,
        "ids": plan.ids, "births": plan.births, "deletions": plan.deletions, "restored": plan.restored,
        "ripening": plan.ripening,
    }  # fmt: skip
    return [name for name, part in parts.items() if part]


def what_was_carried_out_does_not_come_back(before: Plan, how: str, after: Plan, alike: set[str]) -> None:
    """Nobody moved since the last cycle, so nothing is planned that it already did: no echo, no second record.

    What a cut cycle left undone on one side is done, or agreed on, and nothing else. `alike`: the ids that
    several rows bear, the same text in all their cells: any of them may be the record's.
    """
    if before.paused or after.paused:
        return
    settled = {*before.known, *(before.appends if how != moves.UNSENT else ())} - {*before.restored} - alike
    where = f"after a cycle ({how})"
    if any(key in settled for key in after.pulls):
        raise Broken(f"pulled {where}", "nothing", after.pulls)
    if len(after.births) > len(before.waiting):
        raise Broken(f"born {where}", f"at most the {len(before.waiting)} that waited", after.births)
    if not set(after.deletions) <= before.missing.keys() or after.restored:
        raise Broken(f"rows {where}", "only what was missing deleted", (after.deletions, after.restored))
    if how == moves.UNSENT:
        return
    if any(key in settled for key in after.ids.values()):
        raise Broken(f"ids given {where}", "none again", after.ids)
    if not before.missing.keys() >= set(after.appends):
        raise Broken(f"rows written {where}", "only what was missing", after.appends)
    if any(push.row in settled for push in after.pushes):
        raise Broken(f"pushed {where}", "nothing", after.pushes)
    if how == FULL and any(key in settled for key in after.agreed):
        raise Broken(f"agreed {where}", "nothing", after.agreed)


def two_clean_cycles_converge(plan: Plan) -> None:
    """After two cycles in which nobody moved, nothing is left to do."""
    if not plan.paused and busy(plan):
        raise Broken("third clean cycle", "nothing to do", ", ".join(busy(plan)))


LIFE_LAWS = (
    order_and_a_spoilt_row_change_nothing,
    what_was_carried_out_does_not_come_back,
    two_clean_cycles_converge,
)
