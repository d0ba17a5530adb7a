"""What a broken law looks like: the shortest life that breaks it, told in words, then as a test to paste."""

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sync.plan import merge as the_planner
from tests import plan_moves as moves
from tests.plan_laws import CELL_LAWS, Broken
from tests.plan_life_laws import LIFE_LAWS
from tests.plan_lives import Planner, Script, play
from tests.plan_moves import Move
from tests.plan_row_laws import ROW_LAWS
from tests.plan_world import SCHEMAS, TOP, Texts

LAWS = tuple(law.__name__ for law in (*CELL_LAWS, *ROW_LAWS, *LIFE_LAWS))
#: What a planner that fails altogether is said to break.
NO_PLAN = "every_tab_has_a_plan"
#: What a plan that does two things to one cell is said to break.
ONCE = "one_thing_is_done_to_each_cell"

Item = TypeVar("Item")


def broken_law(error: BaseException) -> str:
    """Name the law that an error is about: the last one on the way to it."""
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.name in LAWS]
    if names:
        return names[-1]
    return ONCE if isinstance(error, Broken) else NO_PLAN


def outcome(script: Script, planner: Planner = the_planner) -> tuple[str, str]:
    """Play a script; return the law that it breaks and how, or two blanks."""
    try:
        play(script, planner)
    except Exception as error:  # noqa: BLE001 - whatever a planner raises is what is wrong with it
        return broken_law(error), str(error) if isinstance(error, Broken) else repr(error)
    return "", ""


# -- the shortest life ------------------------------------------------------------------------------


def shrunk(script: Script, planner: Planner = the_planner) -> Script:
    """Leave out every row and move without which the same law is still broken."""
    law, _ = outcome(script, planner)

    def still(candidate: Script) -> bool:
        return outcome(candidate, planner)[0] == law

    before = None
    while before != script:
        before = script
        script = replace(script, moves=_fewest(script.moves, lambda kept, of=script: still(replace(of, moves=kept))))
        for key in script.agreed:
            script = next(filter(still, _without(script, key)), script)
    return script


def _without(script: Script, key: str) -> Iterable[Script]:
    """Return a script without one of its rows, then the same with the rows below it counted one less."""
    place = list(script.agreed).index(key)
    fewer = replace(script, agreed={kept: texts for kept, texts in script.agreed.items() if kept != key})
    yield fewer
    yield replace(fewer, moves=tuple(_lower(move, place) for move in script.moves))


def _lower(move: Move, place: int) -> Move:
    rows = _ROWS.get(move[0], ())
    told = (what - 1 if at in rows and what > place else what for at, what in enumerate(move[1:]))
    return move[0], *told


def _fewest(items: tuple[Item, ...], still: Callable[[tuple[Item, ...]], bool]) -> tuple[Item, ...]:
    """Return as few of the items as still will do: halves are left out, then quarters, down to each alone."""
    size = len(items)
    while size:
        at = 0
        while at < len(items):
            kept = items[:at] + items[at + size :]
            if still(kept):
                items = kept
            else:
                at += size
        size //= 2
    return items


# -- in words -----------------------------------------------------------------------------------------

#: Every move, in words.
SAID = {
    moves.ours: "intranet: {0}.{1} ← {2!r}",
    moves.record: "intranet: {0} added: {1}",
    moves.withdraw: "intranet: {0} withdrawn",
    moves.bring_back: "intranet: {0} brought back",
    moves.sign: "intranet: {0} signed",
    moves.confirm: "intranet: the pause confirmed",
    moves.unknown: "intranet: {0} has no {1}",
    moves.forget: "agreement: {0} {1} forgotten",
    moves.missed: "agreement: one read has missed {0} already",
    moves.seen_before: "agreement: one read has seen a row without id: {0}",
    moves.theirs: "sheet: row {0}, {1} ← {2!r}",
    moves.misspell: "sheet: row {0}, {1} ← {2!r}, which is refused",
    moves.formula: "sheet: row {0}, {1} ← a formula that comes to {2!r}",
    moves.broken_formula: "sheet: row {0}, {1} ← a formula in error",
    moves.blank: "sheet: row {0} emptied",
    moves.delete: "sheet: row {0} deleted",
    moves.copy: "sheet: row {0} copied, id and all, to row {1}",
    moves.rename: "sheet: row {0}, id ← {1!r}",
    moves.type_row: "sheet: row {0} typed: {2}, id {1!r}",
    moves.show_again: "sheet: row {0} is {1} again, as it was agreed on",
    moves.sort: "sheet: sorted ({0})",
    moves.cycle: "cycle: {0}",
}
#: Which of what these moves are told are rows of the sheet.
_ROWS = dict.fromkeys(
    (moves.theirs, moves.misspell, moves.formula, moves.broken_formula, moves.blank, moves.delete, moves.rename,
     moves.type_row, moves.show_again), (0,),
) | {moves.copy: (0, 1)}  # fmt: skip


def told(script: Script) -> list[str]:
    """Tell a script in words, a line for each row and each move."""
    fields = SCHEMAS[script.schema].fields
    lines = [f"agreed ({script.schema}): {key} {_row(fields, texts)}" for key, texts in script.agreed.items()]
    return lines + [_said(move, given) for move, *given in script.moves]


def _said(move: Any, given: list[Any]) -> str:
    rows = _ROWS.get(move, ())
    return SAID[move].format(*(what + TOP if at in rows else what for at, what in enumerate(given)))


def _row(fields: Sequence[str], texts: Texts) -> str:
    return ", ".join(f"{name} {text!r}" for name, text in zip(fields, texts, strict=True))


def as_test(script: Script, name: str) -> str:
    """Write a script as a test to paste in tests/test_plan_proof.py."""
    told_to = [", ".join([f"moves.{move.__name__}", *map(repr, given)]) for move, *given in script.moves]
    made = "".join(f"        ({line}),\n" for line in told_to)
    return (
        f"def test_{name}() -> None:\n"
        f"    play(Script({script.schema!r}, {script.agreed!r}, (\n{made}    ), turn={script.turn}))  # fmt: skip\n"
    )


def report(seed: int, script: Script, planner: Planner = the_planner) -> str:
    """Tell what a seed breaks, by its shortest script."""
    short = shrunk(script, planner)
    law, how = outcome(short, planner)
    left = len(script.moves) - len(short.moves)
    lines = [
        f"seed {seed} breaks « {law.replace('_', ' ')} » ({left} of {len(script.moves)} moves left out):",
        *(f"    {line}" for line in told(short)),
        f"    {how}",
        "",
        as_test(short, f"seed_{seed}"),
    ]
    return "\n".join(lines)
