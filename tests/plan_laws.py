"""The laws of SHEETS.md that a plan alone can keep or break: what becomes of cells.

Each law is a function of one case, a tab and the plan made for it, and raises Broken. None of them
asks the planner how it decided: they look at the three values, and at what is to be done.
"""

from collections.abc import Callable

from sync.plan import BOTH, COMPUTED, INTRANET_WINS, SHEET_WINS, Cell, Plan
from tests.plan_world import TOP, World

PULL, PUSH, AGREE, CLASH, REFUSE = "pulled", "pushed", "agreed", "conflict", "refused"
NOTHING = "left alone"


class Broken(AssertionError):
    """A law does not hold: which one, what it expects, what the plan says."""

    def __init__(self, where: str, expected: object, got: object) -> None:
        super().__init__(f"{where}: expected {expected}; got {got}")
        self.where, self.expected, self.got = where, expected, got
        self.law = ""


class Case:
    """A tab, the plan made for it, and what of it is not the same everywhere."""

    __slots__ = ("world", "plan", "cells", "done", "strangers")

    def __init__(self, world: World, plan: Plan) -> None:
        self.world, self.plan = world, plan
        #: What is done to each cell of a record.
        self.done: dict[tuple[str, str], str] = {}
        #: The cells of records that are not the same in all three places:
        #: (record, field, policy, base, intranet, sheet, the cell when it is more than its text).
        self.cells: list[tuple[str, str, str, str | None, str, str, Cell | None]] = []
        known = plan.known
        #: Places of the rows that are no record's.
        self.strangers = [] if len(known) == len(world.ids) else self._strangers()
        if not plan.paused:
            for key, place in known.items():
                if key in world.local:
                    self._compare(key, place)
            self._note()

    def _strangers(self) -> list[int]:
        found = set(self.plan.known.values())
        return [place for place in range(len(self.world.ids)) if place not in found]

    def _compare(self, key: str, place: int) -> None:
        world = self.world
        texts, local, base, odd = world.texts[place], world.local[key], world.base.get(key), world.odds[place]
        if texts == local == base and not odd:
            return
        schema = world.schema
        signed = key in world.signed
        for name, policy, before, ours, text in zip(
            schema.fields, schema.policies, base or (None,) * schema.width, local, texts, strict=True
        ):
            cell = odd.get(name) if odd else None
            if ours is not None and (cell or not text == ours == before):
                self.cells.append((key, name, COMPUTED if signed else policy, before, ours, text, cell))

    def _note(self) -> None:
        plan = self.plan
        for what, found in ((PULL, plan.pulls), (AGREE, plan.agreed)):
            for key, cells in found.items():
                for name in cells:
                    self._once((key, name), what)
        for push in plan.pushes:
            self._once((push.row, push.field), PUSH)
        for clash in plan.clashes:
            self._once((clash.row, clash.field), CLASH)
        for turned in plan.refused:
            if turned.row in plan.known:
                self._once((turned.row, turned.field), REFUSE)

    def _once(self, cell: tuple[str, str], what: str) -> None:
        if cell in self.done:
            raise Broken(name_of(cell), "one thing done to it", f"{self.done[cell]} and {what}")
        self.done[cell] = what


def name_of(cell: tuple[str, ...]) -> str:
    """Name a cell as a script does."""
    return f"{cell[0]}.{cell[1]}"


# -- cells ------------------------------------------------------------------------------------------


def a_conflict_is_raised_iff_all_three_differ(case: Case) -> None:
    """Where both sides moved to different values a person chooses; nowhere else."""
    if not case.cells and not case.plan.clashes:
        return
    wanted = set()
    for key, name, policy, before, ours, text, cell in case.cells:
        if policy != BOTH or (cell and cell.refusal) or ours == text:
            continue
        if (ours and text) if before is None else (before not in (ours, text)):
            wanted.add((key, name, before, ours, text))
    found = {(clash.row, clash.field, clash.base, clash.local, clash.remote) for clash in case.plan.clashes}
    if wanted != found:
        raise Broken("conflicts", sorted(wanted - found) or "no conflict", sorted(found - wanted) or "no conflict")


def the_base_moves_only_where_both_sides_are_equal(case: Case) -> None:
    """Equal on both sides, the base follows silently; it never moves otherwise."""
    if not case.cells and not case.plan.agreed:
        return
    wanted: dict[str, dict[str, str]] = {}
    for key, name, _, before, ours, text, cell in case.cells:
        if ours == text != before and not (cell and cell.refusal):
            wanted.setdefault(key, {})[name] = ours
    if wanted != case.plan.agreed:
        raise Broken("base", wanted, case.plan.agreed)


def no_side_is_favoured(case: Case) -> None:
    """A value travels to the side that did not move, or as its column declares, and as it is."""
    pulls = case.plan.pulls
    pushes = {(push.row, push.field): push for push in case.plan.pushes}
    if not pulls and not pushes:
        return
    for key, name, policy, before, ours, text, cell in case.cells:
        done = case.done.get((key, name))
        if done == PULL:
            still = ours == before or policy == SHEET_WINS or (before is None and not ours)
            if not still or pulls[key][name] != text:
                raise Broken(name_of((key, name)), "not pulled" if still else f"pulled as {text!r}", pulls[key][name])
        elif done == PUSH:
            push = pushes[key, name]
            still = text == before or policy in (INTRANET_WINS, COMPUTED) or (before is None and not text)
            if not still or push.value != ours:
                raise Broken(name_of((key, name)), f"pushed as {ours!r}" if still else "not pushed", push)


def no_edit_disappears(case: Case) -> None:
    """What moved on a side travels, is agreed on, or is listed; what nobody moved is left alone."""
    done, left = case.done, 0
    for key, name, policy, before, ours, text, cell in case.cells:
        what = done.get((key, name), NOTHING)
        left += what != NOTHING
        if text != before or (cell and cell.refusal):
            if what == NOTHING:
                raise Broken(name_of((key, name)), f"the sheet's {text!r} carried or listed", what)
            if what == PUSH and not (policy in (INTRANET_WINS, COMPUTED) or (before is None and not text)):
                raise Broken(name_of((key, name)), f"the sheet's {text!r} kept", what)
        if ours != before and what != REFUSE:
            if what == NOTHING:
                raise Broken(name_of((key, name)), f"the intranet's {ours!r} carried or listed", what)
            if what == PULL and not (policy == SHEET_WINS or (before is None and not ours)):
                raise Broken(name_of((key, name)), f"the intranet's {ours!r} kept", what)
    if left != len(done):
        moved = {(cell[0], cell[1]) for cell in case.cells}
        raise Broken("cells nobody moved", "nothing done", {name_of(c): w for c, w in done.items() if c not in moved})


def a_refused_value_stays_as_typed(case: Case) -> None:
    """What the rules refuse is listed with its reason, and neither pulled nor written over."""
    for key, name, policy, _, _, _, cell in case.cells:
        if not cell or not cell.refusal:
            continue
        what = case.done.get((key, name), NOTHING)
        wanted = PUSH if policy == COMPUTED and not cell.formula else REFUSE
        if what != wanted:
            raise Broken(name_of((key, name)), wanted, what)


def a_formula_is_never_written_over(case: Case) -> None:
    """A formula is read, never overwritten: what would have been is listed."""
    for key, name, *_, cell in case.cells:
        if cell and cell.formula and case.done.get((key, name)) == PUSH:
            raise Broken(name_of((key, name)), "the formula kept", PUSH)


def what_belongs_to_the_intranet_is_never_pulled(case: Case) -> None:
    """Signed rows never change from the sheet, nor do computed columns: an edit there is put back and told."""
    plan, world = case.plan, case.world
    for key, cells in plan.pulls.items():
        computed = [name for name in cells if world.schema.policies[world.schema.at[name]] == COMPUTED]
        if computed or key in world.signed or key not in world.local:
            raise Broken(key, "nothing pulled", cells)
    for push in plan.pushes:
        before = (world.base.get(push.row) or world.schema.blank)[world.schema.at[push.field]]
        known = push.row in world.base and before is not None
        owned = push.row in world.signed or world.schema.policies[world.schema.at[push.field]] == COMPUTED
        if push.put_back != (owned and known and push.seen != before):
            raise Broken(name_of((push.row, push.field)), f"put back: {not push.put_back}", push)


def a_write_goes_to_the_row_of_its_record(case: Case) -> None:
    """Each cell is written where its record's row is now, over what was read there."""
    world, known = case.world, case.plan.known
    for push in case.plan.pushes:
        place = known.get(push.row, -1)
        held = world.texts[place][world.schema.at[push.field]]
        if place < 0 or place + TOP != push.index or held != push.seen:
            raise Broken(name_of((push.row, push.field)), f"row {place + TOP}, over {held!r}", push)


CELL_LAWS: tuple[Callable[[Case], None], ...] = (
    a_conflict_is_raised_iff_all_three_differ,
    the_base_moves_only_where_both_sides_are_equal,
    no_side_is_favoured,
    no_edit_disappears,
    a_refused_value_stays_as_typed,
    a_formula_is_never_written_over,
    what_belongs_to_the_intranet_is_never_pulled,
    a_write_goes_to_the_row_of_its_record,
)
