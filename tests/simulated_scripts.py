"""What happens in a simulation, as a list of plain steps: drawn from a seed, told in words, made shorter.

A step is a list: ["staff", act, tab, row, column, number], ["page", …], ["both", tab, row, column, number, other],
["cycle", book, worker, events, die after], ["wait", seconds], ["deliver"]; an event of a cycle is [moment, how many
such calls came before, step], where a step may also be ["fault", name], ["die"], ["worker", book].
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulated_sheets import AFTER, BEFORE
from tests.simulated_world import SHAPES, Shape

Step = list[Any]
MOMENTS = ("before_read", "after_read", "before_write", "after_write")
STAFF = {
    "type_in": 30, "clear": 5, "mistype": 4, "respell": 4, "agree": 5, "formula": 3, "paste": 4, "remark": 5,
    "dress": 2, "sort": 12, "insert_rows": 6, "insert_above": 2, "delete_row": 5, "delete_many": 1, "move_row": 5,
    "copy_row": 4, "clear_id": 3, "edit_id": 2, "add_row": 8, "finish_row": 4, "empty_row": 2, "hide_rows": 2,
    "set_filter": 2, "insert_column": 5, "move_column": 4, "rename_header": 3, "delete_column": 1, "rename_tab": 2,
    "delete_tab": 1, "duplicate_tab": 1, "take_back": 5, "restore_version": 2,
}  # fmt: skip
PAGE = {
    "change": 30, "change_late": 6, "look": 4, "blank": 4, "agree": 4, "enrol": 5, "plan": 3, "withdraw": 3,
    "bring_back": 2, "settle": 5, "settle_with": 2, "sign": 2, "confirm": 1,
}  # fmt: skip
#: Long enough for a lease to be over.
LONG = 150


@dataclass(frozen=True)
class Script:
    """A world and what happens in it."""

    seed: object
    shape: Shape
    steps: list[Step]


class _Draw:
    """Draw the steps of one seed."""

    def __init__(self, seed: object) -> None:
        self.chance = random.Random(f"script {seed}")
        self.shape = self.chance.choice(SHAPES)
        self.number = 0

    def script(self, seed: object) -> Script:
        """Draw a whole script."""
        steps: list[Step] = []
        for _ in range(self.chance.randint(2, 9)):
            steps += self.edits()
            steps.append(self.cycle(2))
        return Script(seed, self.shape, steps)

    def serial(self) -> int:
        """Return a number that no other step has."""
        self.number += 2
        return self.number

    def _weighted(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def edit(self) -> Step:
        """Draw what somebody does, on either side or on both."""
        kind = self.chance.choice(self.shape.kinds)
        row, name = self.chance.randrange(100), self.chance.randrange(100)
        side = self.chance.random()
        if side < 0.2:
            other = self.chance.choice((0, self.serial()))
            return ["both", kind, row, name, self.serial(), other]
        who, weights = ("staff", STAFF) if side < 0.62 else ("page", PAGE)
        return [who, self._weighted(weights), kind, row, name, self.serial()]

    def edits(self) -> list[Step]:
        """Draw a few edits, sometimes after a while."""
        found = [self.edit() for _ in range(self.chance.choice((0, 1, 1, 2, 3)))]
        if self.chance.random() < 0.1:
            found.append(["deliver"])
        if self.chance.random() < 0.15:
            found.append(["wait", self.chance.choice((1, 30, LONG))])
        return found

    def cycle(self, deep: int) -> Step:
        """Draw a cycle, with what happens around its calls."""
        book = self.chance.randrange(2)
        events = [self.event(deep) for _ in range(self.chance.choice((0, 0, 1, 1, 1, 2, 3)))]
        die_after = self.chance.randint(1, 12) if self.chance.random() < 0.12 else 0
        return ["cycle", book, self.chance.randrange(2), events, die_after]

    def event(self, deep: int) -> Step:
        """Draw one thing that happens around a call."""
        moment = self.chance.choice((*MOMENTS, "after_read", "before_write", "before_write"))
        count = self.chance.choice((0, 0, 0, 1))
        return [moment, count, self._around(moment, deep)]

    def _around(self, moment: str, deep: int) -> Step:
        what = self.chance.random()
        when, kind = moment.split("_")
        faults = (BEFORE if when == "before" else AFTER)[kind]
        if what < 0.3 and faults:
            return ["fault", self.chance.choice(faults)]
        if what < 0.36:
            return ["die"]
        if what < 0.42 and deep > 1:
            return ["worker", *self.cycle(deep - 1)[1:]]
        if what < 0.46:
            return ["wait", LONG]
        return self.edit()


def draw(seed: object) -> Script:
    """Return the script of a seed."""
    return _Draw(seed).script(seed)


# -- telling -------------------------------------------------------------------------------------


def told(step: Sequence[Any]) -> str:
    """Return one step in words."""
    kind, *rest = step
    if kind in ("staff", "page"):
        act, tab, row, name, number = rest
        return f"{kind}: {act} in {tab}, row {row}, column {name}, value {number}"
    if kind == "both":
        return "both sides: tab {}, row {}, column {}, values {} and {}".format(*rest)
    if kind in ("cycle", "worker"):
        book, worker, events, die_after = rest
        happens = "".join(f"\n      {moment} (call {count}): {told(event)}" for moment, count, event in events)
        dying = f", dies after its effect number {die_after}" if die_after else ""
        return f"cycle of book {book} by worker {worker}{dying}{happens}"
    return " ".join(map(str, step))


def lines(script: Script) -> str:
    """Return a script as a list that people can read."""
    found = [f"{number:3}. {told(step)}" for number, step in enumerate(script.steps, start=1)]
    return "\n".join([f"     {script.shape}", *found])


# -- shortening ----------------------------------------------------------------------------------


def shortened(script: Script, fails: Callable[[Script], bool], tries: int = 400) -> Script:
    """Take away steps, then events, for as long as the script still fails."""
    left = [tries]

    def still(steps: list[Step]) -> bool:
        left[0] -= 1
        return left[0] > 0 and fails(Script(script.seed, script.shape, steps))

    steps, size = list(script.steps), max(1, len(script.steps) // 2)
    while size:
        steps = _without(steps, size, still)
        size //= 2
    for place, step in enumerate(steps):
        if step[0] == "cycle":
            steps[place] = _simplest(step, lambda tried: still([*steps[:place], tried, *steps[place + 1 :]]))
    return Script(script.seed, script.shape, _without(steps, 1, still))


def _simplest(step: Step, still: Callable[[Step], bool]) -> Step:
    """Take away all that a cycle does not need."""
    for simpler in _simpler(step):
        if simpler != step and still(simpler):
            return _simplest(simpler, still)
    return step


def _without(steps: list[Step], size: int, still: Callable[[list[Step]], bool]) -> list[Step]:
    at = 0
    while at < len(steps):
        tried = steps[:at] + steps[at + size :]
        if still(tried):
            steps = tried
        else:
            at += size
    return steps


def _simpler(step: Step) -> list[Step]:
    """Return a cycle with one event less each, without its death, and with nothing at all."""
    kind, book, worker, events, die_after = step
    less = [[kind, book, worker, events[:at] + events[at + 1 :], die_after] for at in range(len(events))]
    return [[kind, book, worker, [], 0], *less, [kind, book, worker, events, 0]]
