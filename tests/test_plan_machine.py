"""The planner between two people: each rule is a move on a side, every cycle is judged, and rest comes at the end.

Texts are all different here, so that each can be followed: none may vanish but by the hand of a person, or for
a newer one that everybody agrees on.
"""

import os
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync.plan import BOTH
from tests import plan_moves as moves
from tests.plan_life_laws import busy
from tests.plan_lives import Life, the_planner
from tests.plan_moves import FULL, UNREMEMBERED, UNSENT
from tests.plan_world import SCHEMAS, World

EXAMPLES = max(50, min(int(os.environ.get("SCENARIOS", "0")) // 1000, 5000))
ANY = st.integers(0, 40)


class TwoPeople(RuleBasedStateMachine):
    """One tab, a person on each side of it, and a worker."""

    @initialize(schema=st.sampled_from(sorted(SCHEMAS)), size=st.integers(0, 6))
    def begin(self, schema: str, size: int) -> None:
        self.fresh = count()
        found = SCHEMAS[schema]
        rows = {f"P-{n}": tuple(self._text(name) for name in found.fields) for n in range(size)}
        self.life = Life(World(found, rows), the_planner, lambda case, doubt: None)

    def _text(self, name: str) -> str:
        return f"{name}-{next(self.fresh)}"

    @property
    def world(self) -> World:
        return self.life.scene.world

    def _do(self, move: object, *told: object) -> None:
        self.life.scene.do(move, *told)
        self.life.moved()

    def _key(self, at: int) -> str:
        keys = list(self.world.local)
        return keys[at % len(keys)] if keys else ""

    def _field(self, at: int) -> str:
        return self.world.schema.fields[at % self.world.schema.width]

    def _place(self, at: int) -> int:
        return at % (len(self.world.ids) or 1)

    # -- on the intranet --------------------------------------------------------------------------

    @rule(row=ANY, field=ANY, blank=st.booleans())
    def edit_here(self, row: int, field: int, blank: bool) -> None:
        name = self._field(field)
        self._do(moves.ours, self._key(row), name, "" if blank else self._text(name))

    @rule()
    def add_here(self) -> None:
        row = tuple(self._text(name) for name in self.world.schema.fields)
        self._do(moves.record, f"N-{next(self.fresh)}", row)

    @rule(row=ANY)
    def withdraw_here(self, row: int) -> None:
        self._do(moves.withdraw, self._key(row))

    @precondition(lambda self: self.world.removed)
    @rule(row=ANY)
    def bring_back_here(self, row: int) -> None:
        removed = list(self.world.removed)
        self._do(moves.bring_back, removed[row % len(removed)])

    @rule(row=ANY)
    def sign_here(self, row: int) -> None:
        self._do(moves.sign, self._key(row))

    @precondition(lambda self: self.world.paused)
    @rule()
    def confirm_here(self) -> None:
        self._do(moves.confirm)

    # -- in the sheet -----------------------------------------------------------------------------

    @rule(row=ANY, field=ANY, blank=st.booleans())
    def edit_there(self, row: int, field: int, blank: bool) -> None:
        name = self._field(field)
        self._do(moves.theirs, self._place(row), name, "" if blank else self._text(name))

    @rule(row=ANY, field=ANY, same=st.booleans())
    def edit_both(self, row: int, field: int, same: bool) -> None:
        """Edit one cell on both sides."""
        name, place = self._field(field), self._place(row)
        key = self.world.ids[place] if self.world.ids else ""
        text = self._text(name)
        self._do(moves.ours, key, name, text)
        self._do(moves.theirs, place, name, text if same else self._text(name))

    @rule(row=ANY, field=ANY)
    def misspell_there(self, row: int, field: int) -> None:
        self._do(moves.misspell, self._place(row), self._field(field), "!" + self._text("bad"))

    @rule(row=ANY, field=ANY)
    def formula_there(self, row: int, field: int) -> None:
        name = self._field(field)
        self._do(moves.formula, self._place(row), name, self._text(name))

    @rule(row=ANY)
    def delete_there(self, row: int) -> None:
        self._do(moves.delete, self._place(row))

    @rule(row=ANY, to=ANY)
    def copy_there(self, row: int, to: int) -> None:
        self._do(moves.copy, self._place(row), to % (len(self.world.ids) + 1))

    @rule(row=ANY)
    def clear_id_there(self, row: int) -> None:
        self._do(moves.rename, self._place(row), "")

    @rule(one=ANY, other=ANY)
    def exchange_ids_there(self, one: int, other: int) -> None:
        one, other = self._place(one), self._place(other)
        if self.world.ids:
            first, second = self.world.ids[one], self.world.ids[other]
            self._do(moves.rename, one, second)
            self._do(moves.rename, other, first)

    @rule(row=ANY)
    def type_there(self, row: int) -> None:
        texts = tuple(self._text(name) for name in self.world.schema.fields)
        self._do(moves.type_row, row % (len(self.world.ids) + 1), "", texts)

    @rule(row=ANY, to=ANY)
    def undo_a_deletion_there(self, row: int, to: int) -> None:
        away = [key for key in self.world.base if key not in self.world.ids]
        self._do(moves.show_again, to % (len(self.world.ids) + 1), away[row % len(away)] if away else "")

    @rule(turn=ANY)
    def sort_there(self, turn: int) -> None:
        self._do(moves.sort, turn)

    # -- the worker -------------------------------------------------------------------------------

    @rule(how=st.sampled_from([FULL, FULL, FULL, UNSENT, UNREMEMBERED]))
    def cycle(self, how: str) -> None:
        """Run a cycle, judged by every law; what it makes vanish must have been superseded."""
        before, expendable = self._texts(), self._expendable()
        plan = self.life.cycle(how)
        vanished = before - self._texts()
        assert vanished <= (set() if plan.paused else expendable), vanished

    def _texts(self) -> set[str | None]:
        """Return every text that a side holds."""
        world = self.world
        return {text for row in (*world.local.values(), *world.removed.values(), *world.texts) for text in row}

    def _expendable(self) -> set[str | None]:
        """Return the texts that a newer one may take the place of.

        Those agreed on, those of columns that belong to a side, and what the sheet shows of signed rows.
        """
        world = self.world
        found = {text for row in world.base.values() for text in row}
        for row in (*world.local.values(), *world.texts):
            found |= {text for text, policy in zip(row, world.schema.policies, strict=True) if policy != BOTH}
        for key, row in zip(world.ids, world.texts, strict=True):
            found |= set(row) if key in world.signed else set()
        return found

    # -- always -----------------------------------------------------------------------------------

    @invariant()
    def a_record_is_there_or_withdrawn(self) -> None:
        assert not self.world.local.keys() & self.world.removed.keys()

    @invariant()
    def the_sheet_is_whole(self) -> None:
        world = self.world
        assert len(world.ids) == len(world.texts) == len(world.odds)

    def teardown(self) -> None:
        """Let everybody rest: both sides come to say the same, but for what is listed."""
        if not hasattr(self, "life"):
            return
        plan = self.life.rest()
        if plan.paused:
            self._do(moves.confirm)
            plan = self.life.rest()
        assert not busy(plan)
        listed = {(item.row, item.field) for item in (*plan.clashes, *plan.refused)}
        for key, local in self.world.local.items():
            texts = self.world.texts[plan.known[key]]
            for name, ours, text, before in zip(
                self.world.schema.fields, local, texts, self.world.base[key], strict=True
            ):
                assert (key, name) in listed or ours == text == before, (key, name)


TestTwoPeople = TwoPeople.TestCase
TestTwoPeople.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=30, deadline=None, derandomize="SCENARIOS" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
