"""The product from outside: real processes, both doors busy at random, everything going wrong, then the invariants.

`SCENARIOS=n` plays the rounds of n seeds; a failure prints the seed, and `SEED=s` plays that one again. The same
seed draws the same steps, faults and events; what falls between two of them is up to the machine. A round takes
about a minute: the millions that other proofs are asked for in a night make one round for each 100,000.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from store import db
from tests import blackbox_invariants as invariants
from tests.blackbox_ledgers import Place, Put, Step, columns, histories, story
from tests.blackbox_round import FORMULA, Evening, Round
from tests.tally import tally

MOST = 500


def seeds(environ: Mapping[str, str]) -> Sequence[int]:
    """Return the seeds to play."""
    if "SEED" in environ:
        return [int(environ["SEED"])]
    asked = int(environ.get("SCENARIOS", "1"))
    return range(1, 1 + (asked if asked <= MOST else max(1, min(MOST, asked // 100_000))))


def test_the_rounds_asked_for_fit_in_a_night() -> None:
    given = ({}, {"SCENARIOS": "20"}, {"SCENARIOS": "100000"}, {"SCENARIOS": "5000000"}, {"SCENARIOS": "100000000"})
    assert [len(seeds(environ)) for environ in given] == [1, 20, 1, 50, 500]
    assert list(seeds({"SEED": "7", "SCENARIOS": "20"})) == [7]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", seeds(os.environ))
def test_nothing_is_lost_whatever_happens(seed: int, tmp_path: Path) -> None:
    played = Round(seed, tmp_path)
    try:
        played.play()
        played.calm()
        evening = played.evening()
        conflicts = played.settle()
        played.calm()
        assert conflicts == len([text for text in evening.listed.values() if not text.startswith("refused: ")])
        writes = played.third_cycle_writes()
        assert writes == [], "the third quiet cycle writes"
        steps = played.steps()
        with db.connection():
            wrong = [*of_the_evening(played, evening, steps), *of_the_end(played, steps)]
        if wrong:
            print("\n".join(line for found in steps.values() for line in story(found)))
    except BaseException:
        print(f"SEED={seed} plays this round again. What the processes said: {played.folder}")
        for name in ("web", "worker-1", "worker-2"):
            print(f"--- {name}\n{played.product.log(name)[-3000:]}")
        raise
    finally:
        played.close()
    edits = sum(len(found) for found in steps.values())
    tally(rounds=1, answered_clicks=len(evening.clicks), changes_in_the_spreadsheets=edits, conflicts_settled=conflicts)
    assert not wrong, f"SEED={seed} plays this round again.\n" + "\n".join(dict.fromkeys(wrong))


def of_the_evening(played: Round, evening: Evening, steps: dict[str, list[Step]]) -> Iterator[str]:
    """Say what does not hold once calm is back, before anybody chooses between both sides."""
    synced = columns(played.cohort.id)
    until = {audience: [step for step in found if step.revision <= evening.revisions[played.books[audience]]]
             for audience, found in steps.items()}  # fmt: skip
    past = {place: puts for found in until.values() for place, puts in histories(found, synced).items()}
    yield from invariants.no_answered_click_is_lost(evening.clicks, evening.journal)
    yield from invariants.the_journal_has_no_gap(evening.journal)
    yield from invariants.whoever_types_over_a_value_had_read_it(evening.journal, past)
    yield from invariants.no_typed_edit_is_lost(past, evening.journal, played.account, evening.held, evening.listed)
    yield from what_happened(played, evening, past)


def of_the_end(played: Round, steps: dict[str, list[Step]]) -> Iterator[str]:
    """Say what does not hold at the very end."""
    synced, cohort_id = columns(played.cohort.id), played.cohort.id
    clicks = [click for person in played.pages.values() for click in person.clicks]
    listed = invariants.between_both_sides()
    for found in steps.values():
        last = found[-1].tabs
        yield from invariants.both_sides_say_the_same(last, synced, cohort_id, listed)
        yield from invariants.each_record_is_there_once(last, cohort_id, clicks)
        yield from invariants.what_is_not_ours_is_untouched(found, synced, played.account)
    yield from invariants.the_formula_stands(steps["staff"][-1].tabs, FORMULA)
    yield from invariants.who_was_typed_is_there(steps["staff"], cohort_id)
    yield from invariants.nothing_of_the_jury_left(steps["staff"], secrets(histories(steps["jury"], synced)))


def secrets(past: dict[Place, list[Put]]) -> set[str]:
    """Return every grade and decision that the jury's book ever held."""
    return {put.text for (kind, _, _), puts in past.items() for put in puts if kind == "dossier" and put.text}


def what_happened(played: Round, evening: Evening, past: dict[Place, list[Put]]) -> Iterator[str]:
    """Say what makes a round prove nothing: people who did nothing, or whom nobody heard."""
    answered = [click for click in evening.clicks if click.status in invariants.ANSWERED]
    typed = [put for puts in past.values() for put in puts if put.actor not in (played.account, "")]
    taken = [line for lines in evening.journal.values() for line in lines if line.door == "sheet"]
    for what, found, least in (("answered clicks", answered, 20), ("typed values", typed, 20), ("taken", taken, 10)):
        if len(found) < least:
            yield f"only {len(found)} {what}"
    if not any(played.struck):
        yield "no process was struck within a cycle"
