"""Grades, proposals and decisions: what is recorded stays, what is computed follows the facts."""

from datetime import date

import pytest

from store import calendar, jury, people, rosters, tutoring, unit_reports
from store.db import database
from store.errors import Changed, Refused, Unknown
from store.models import Decision, JournalEntry
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort

TODAY = date(2025, 6, 1)
PASSED = {"grade-RSV206": "12", "grade-RSV207": "10", "grade-paper": "14,5"}


def line(cohort: Cohort, place: int = 0) -> jury.Line:
    return next(line for line in jury.lines(cohort.id, TODAY) if line.id == cohort.participants[place])


def test_grades_of_every_kind_are_kept_as_entered(cohort: Cohort) -> None:
    who = cohort.participants[0]
    unit_reports.report(AUTHOR, who, "RSV206", "E. Bucolo", "Deux pages reprises")
    kinds = {"14,50": "14.5", "9.99": "9.99", "abs": "ABS", "ATT": "ATT", "plag": "PLAG", "EXC": "EXC"}
    for typed, kept in kinds.items():
        jury.change(AUTHOR, who, {"grade-RSV206": typed})
        assert jury.snapshot(cohort.id)[who]["grade-RSV206"] == kept
    jury.change(AUTHOR, who, {"grade-RSV206": ""})
    assert jury.snapshot(cohort.id)[who]["grade-RSV206"] == ""
    assert JournalEntry.select().where(JournalEntry.kind == "dossier").count() == 8


@pytest.mark.parametrize("typed", ["20,01", "-1", "14,555", "quatorze", "1e1", "=1+1"])
def test_what_is_not_a_grade_is_refused_and_nothing_changes(cohort: Cohort, typed: str) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {"grade-RSV206": "12"})
    with pytest.raises(Refused) as refused:
        jury.change(AUTHOR, who, {"grade-RSV207": "11", "grade-RSV206": typed})
    assert refused.value.field == "grade-RSV206"
    row = jury.snapshot(cohort.id)[who]
    assert (row["grade-RSV206"], row["grade-RSV207"]) == ("12", "")


def test_the_proposal_follows_the_facts_and_names_its_reasons(cohort: Cohort) -> None:
    assert {reason.code for reason in line(cohort).proposal.reasons} == {"awaited", "no_paper"}
    jury.change(AUTHOR, cohort.participants[0], PASSED)
    assert line(cohort).proposal.decision == "admitted"
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206": "9,5", "grade-RSV207": "15"})
    found = line(cohort).proposal
    assert (found.decision, [reason.code for reason in found.reasons], found.credits) == ("adjourned", ["below"], 4)


def test_who_was_at_no_control_is_proposed_as_defaulted(cohort: Cohort) -> None:
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206": "ABS", "grade-RSV207": "ABS", "grade-paper": "14"})
    found = line(cohort).proposal
    assert (found.decision, found.reasons[0].code) == ("defaulted", "did_not_sit")


def test_a_recorded_decision_stays_when_the_proposal_moves_and_says_so(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {**PASSED, "decision": "admis.e"})
    first = line(cohort)
    assert (first.decision, first.proposed, first.by, first.drifted) == ("admitted", "admitted", "Tests", False)
    assert first.at is not None
    rosters.change(AUTHOR, who, dict.fromkeys(cohort.half_days, "A"))
    second = line(cohort)
    assert (second.decision, second.proposal.decision, second.drifted) == ("admitted", "defaulted", True)
    assert second.at == first.at
    jury.change(AUTHOR, who, {"decision": "defaulted"})
    assert not line(cohort).drifted
    jury.change(AUTHOR, who, {"decision": ""})
    assert line(cohort).decision == ""
    assert Decision.select().count() == 0


def test_a_grade_that_somebody_else_entered_meanwhile_stays(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {"grade-RSV206": "12"})
    with pytest.raises(Changed) as changed:
        jury.change(AUTHOR, who, {"grade-RSV206": "8"}, {"grade-RSV206": ""})
    assert changed.value.current == "12"


def test_unknown_dossiers_and_units_are_refused(cohort: Cohort) -> None:
    with pytest.raises(Unknown):
        jury.change(AUTHOR, "P-NOWHERE", {"grade-RSV206": "12"})
    with pytest.raises(Refused):
        jury.change(AUTHOR, cohort.participants[0], {"grade-NSY999": "12"})


def test_the_same_facts_give_the_same_line_and_other_facts_another(cohort: Cohort) -> None:
    before = jury.lines(cohort.id, TODAY)
    again = jury.lines(cohort.id, TODAY)
    assert all(old is new for old, new in zip(before, again, strict=True))
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206": "12"})
    changed = [old is not new for old, new in zip(before, jury.lines(cohort.id, TODAY), strict=True)]
    assert sum(changed) == 1


def test_a_calendar_change_that_is_undone_leaves_no_trace_in_what_is_kept(cohort: Cohort) -> None:
    who = cohort.participants[0]
    rosters.change(AUTHOR, who, {cohort.half_days[0]: "A"})
    assert line(cohort).hours.absent == 180
    with pytest.raises(RuntimeError), database.atomic():
        calendar.change(AUTHOR, cohort.half_days[0], {"end": "11:30"})
        assert line(cohort).hours.absent == 120
        raise RuntimeError
    assert line(cohort).hours.absent == 180
    calendar.change(AUTHOR, cohort.half_days[0], {"end": "10:30"})
    assert line(cohort).hours.absent == 60


def test_the_past_depends_on_the_day_that_is_asked(cohort: Cohort) -> None:
    who = cohort.participants[0]
    found = {day: jury.hours(cohort.id, day)[who].not_recorded for day in (date(2025, 1, 1), date(2025, 1, 20), TODAY)}
    assert list(found.values()) == [0, 2, 4]


def test_a_withdrawn_participant_has_no_dossier_and_the_paper_is_read_with_it(cohort: Cohort) -> None:
    who = cohort.participants[1]
    paper = next(key for key, owner in tutoring.owners(cohort.id).items() if owner == who)
    tutoring.change(AUTHOR, paper, {"milestone": "plan", "deposited_on": "16/06/2025"})
    people.change(AUTHOR, who, {"fees_paid_on": "06/01/2025"})
    found = line(cohort, 1)
    assert (found.milestone, found.deposited, found.deposited_on) == ("plan", True, date(2025, 6, 16))
    assert found.fees_paid_on == date(2025, 1, 6)
    people.remove(AUTHOR, who)
    assert who not in {found.id for found in jury.lines(cohort.id, TODAY)}


def test_two_cohorts_keep_their_own_dossiers(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    names = [found.last_name for found in jury.lines(cohort.id, TODAY)]
    assert names == ["Arnaud", "Bernard", "Chevalier", "Dupont", "Étienne", "Fabre"]
    jury.change(AUTHOR, other.participants[0], PASSED)
    assert all(not found.grades for found in jury.lines(cohort.id, TODAY))
