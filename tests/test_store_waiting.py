"""The waiting list: one line in the list and the sheet, and nowhere else until a place is given."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from store import jury, people, rosters, standings, totals, tutoring
from store.db import rows
from store.errors import Refused
from store.models import Decision, JournalEntry
from tests.pages import AUTHOR
from tests.signing import sign
from tests.sync_bench import Cohort
from tests.test_pages_people import limit

STORE = Path(__file__).resolve().parent.parent / "store"
#: Questions about everybody who has a line, whether or not they wait.
ABOUT_LINES = {"people.py", "records.py", "removals.py", "merging.py", "participant_search.py"}


FORGETFUL = re.compile(
    r"\be\.deleted_at IS NULL(?!\s+AND NOT e\.waiting)|Enrolment\.deleted_at\.is_null\(\)(?! & ~Enrolment\.waiting)"
)


@pytest.fixture
def first(cohort: Cohort) -> str:
    return cohort.participants[0]


def everywhere(cohort: Cohort, key: str) -> set[str]:
    """Name the lists in which somebody is."""
    paper = rows("SELECT id FROM paper WHERE enrolment_id = ?", key)[0][0]
    day, today = cohort.half_days[0], date(2025, 3, 1)
    lists = {
        "roster": [line[0] for line in rosters.roster(day, cohort.id)],
        "whole": [line[0] for line in rosters.sheet(cohort.id)],
        "attendance": rosters.snapshot(cohort.id),
        "papers": tutoring.owners(cohort.id).values(),
        "jury": [line.id for line in jury.lines(cohort.id, today)],
        "standings": [line.enrolment for line in standings.of_cohort(cohort.id, people.rule_set(cohort.id), today)],
    }
    found = {name for name, keys in lists.items() if key in keys}
    if people.enrolled(cohort.id, key):
        found.add("enrolled")
    if tutoring.owner_users(cohort.id, paper) is not None:
        found.add("paper")
    if rosters.place(cohort.code, day, key) is not None:
        found.add("place")
    return found


def test_who_waits_is_in_the_list_and_in_nothing_else(cohort: Cohort, first: str) -> None:
    day = cohort.half_days[0]
    rosters.mark(AUTHOR, first, day, "absent", "")
    before = everywhere(cohort, first)
    assert len(before) == 9
    people.change(AUTHOR, first, {"waiting": "oui"})
    assert everywhere(cohort, first) == set()
    assert first in people.snapshot(cohort.id)
    assert people.snapshot(cohort.id)[first]["waiting"] == "oui"
    assert totals.enrolled(cohort.id) == 5
    assert totals.people_by_cohort() == {cohort.id: 5}
    assert totals.recorded(cohort.id) == {}
    assert {key for key, *_ in rosters.marks(cohort.id)} == set()
    assert people.apart(cohort.id) == {first}
    assert people.removed(cohort.id) == set()
    people.change(AUTHOR, first, {"waiting": "non"})
    assert everywhere(cohort, first) == before
    assert totals.recorded(cohort.id) == {day: 1}


def test_both_ways_are_in_the_journal(cohort: Cohort, first: str) -> None:
    for value in ("x", "oui", "non", ""):
        people.change(AUTHOR, first, {"waiting": value})
    entries = [(e.before, e.after) for e in JournalEntry.select().where(JournalEntry.field == "waiting")]
    assert entries == [("", "oui"), ("oui", "")]


def test_a_signed_dossier_does_not_wait(cohort: Cohort, first: str) -> None:
    jury.change(AUTHOR, first, {"decision": "admitted"})
    sign(AUTHOR, cohort.id)
    with pytest.raises(Refused) as refused:
        people.change(AUTHOR, first, {"waiting": "oui", "employer": "X"})
    assert refused.value.field == "waiting"
    assert people.snapshot(cohort.id)[first]["employer"] == ""


def test_dated_states_are_kept_as_they_are_written(cohort: Cohort, first: str) -> None:
    written = {"tariff": "2 700 €", "arrived_on": "3/2/2025", "acknowledged_on": "2025-02-04",
               "agreement_on": "5 février 2025", "committed_on": "06/02/2025"}  # fmt: skip
    people.change(AUTHOR, first, written)
    held = people.held([first])[first]
    assert held == people.snapshot(cohort.id)[first]
    assert [held[name] for name in written] == ["2 700 €", "2025-02-03", "2025-02-04", "2025-02-05", "2025-02-06"]
    with pytest.raises(Refused) as refused:
        people.change(AUTHOR, first, {"agreement_on": "bientôt"})
    assert refused.value.field == "agreement_on"


def test_every_question_about_the_enrolled_leaves_out_who_waits() -> None:
    """A query of the store that forgets the waiting list would put people back in a roster, a sheet or a total."""
    forgetful = []
    for path in sorted(STORE.glob("*.py")):
        text = path.read_text()
        if path.name not in ABOUT_LINES:
            forgetful += [(path.name, found.group()) for found in FORGETFUL.finditer(text)]
    assert forgetful == []


def test_who_comes_back_waits_only_where_every_place_is_taken(cohort: Cohort, first: str) -> None:
    limit(cohort.id, 6)
    people.remove(AUTHOR, first)
    assert people.restore(AUTHOR, first) is False
    assert people.enrolled(cohort.id, first)
    people.remove(AUTHOR, first)
    limit(cohort.id, 5)
    assert people.restore(AUTHOR, first) is True
    assert everywhere(cohort, first) == set()
    told = [(e.field, e.before, e.after) for e in JournalEntry.select().where(JournalEntry.object_id == first)][-2:]
    assert told == [("waiting", "", "oui"), ("state", "withdrawn", "enrolled")]
    assert people.restore(AUTHOR, first) is False


def test_a_signed_dossier_that_comes_back_keeps_its_place(cohort: Cohort, first: str) -> None:
    people.remove(AUTHOR, first)
    limit(cohort.id, 5)
    Decision.insert(enrolment=first, decision="admitted", by="Jury", signed_at=datetime(2025, 6, 1)).execute()
    assert people.restore(AUTHOR, first) is False
    assert people.enrolled(cohort.id, first)
