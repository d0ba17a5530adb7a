"""What corrects sealed minutes: whom it unseals, what it puts back, whom it keeps."""

from decimal import Decimal

import pytest

from rules.rule_set import Honours
from store import candidates, decisions, deliberations, jury, jury_members, minutes, people, signed
from store.errors import Refused
from store.models import Decision, JournalEntry
from tests.jury_sessions import (
    AUTHOR,
    CHAIR,
    OTHER,
    PASSED,
    PROVIDER,
    closed,
    everybody_there,
    prepared,
    printed,
    set_rules,
)
from tests.sync_bench import PAGE, Cohort


def test_a_correction_takes_the_seal_off_those_it_is_about_alone(cohort: Cohort) -> None:
    key, (first, second) = closed(cohort), cohort.participants[:2]
    later = deliberations.supersede(AUTHOR, key, "Note mal recopiée.", [second])
    assert [one.name for one in jury_members.named(later)] == [CHAIR, OTHER]
    with pytest.raises(Refused):
        jury.change(PAGE, second, {"grade-paper": "8"})
    deliberations.change(AUTHOR, later, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, later)
    jury.change(PAGE, second, {"grade-paper": "8"})
    with pytest.raises(Refused):
        jury.change(PAGE, first, {"grade-paper": "8"})
    with pytest.raises(decisions.ReasonAsked):
        candidates.decide(AUTHOR, later, second, {"decision": "adjourned"})
    candidates.decide(AUTHOR, later, second, {"decision": "adjourned"}, "La note du mémoire est 8.")
    everybody_there(later)
    number = deliberations.close(AUTHOR, later, PROVIDER, printed)
    assert minutes.contents(number)["supersedes"] == {"number": "PV-2025-0001", "reason": "Note mal recopiée."}
    found = minutes.results(cohort.id, published=False)
    assert (found[first].decision, found[first].number) == ("admitted", "PV-2025-0001")
    assert (found[second].decision, found[second].number) == ("adjourned", number)
    assert minutes.contents("PV-2025-0001")["candidates"][1]["decision"] == "admitted"


def test_a_correction_given_up_puts_back_every_sealed_value(cohort: Cohort) -> None:
    set_rules(cohort, honours=(Honours("bien", Decimal(14)),))
    key, who = closed(cohort), cohort.participants[1]
    before = Decision.get(Decision.enrolment == who)
    later = deliberations.supersede(AUTHOR, key, "Note mal recopiée.", [who])
    deliberations.change(AUTHOR, later, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, later)
    jury.change(PAGE, who, {"grade-paper": "8", "grade-RSV206": "", "grade-RSV207": "11"})
    candidates.decide(AUTHOR, later, who, {"decision": "adjourned", "remark": "Non."}, "La note est 8.")
    deliberations.abandon(AUTHOR, later)
    after, held = Decision.get(Decision.enrolment == who), jury.held([who])[who]
    assert {name: held.get(name) for name in PASSED} == {**PASSED, "grade-paper": "14.5"}
    for name in ("decision", "honours", "remark", "reason", "proposed", "reasons", "by", "deliberation_id"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.signed_at is not None
    with pytest.raises(Refused):
        jury.change(PAGE, who, {"grade-paper": "8"})
    last = JournalEntry.select().where((JournalEntry.object_id == who) & (JournalEntry.field == "grade-paper"))
    assert [(one.before, one.after) for one in last.order_by(JournalEntry.id)][-1] == ("8", "14.5")


def test_what_may_not_be_corrected_is_refused(cohort: Cohort) -> None:
    key, who = closed(cohort), cohort.participants[0]
    for reason, chosen, field in (("", [who], "reason"), ("Erreur.", [], "enrolments"), ("E.", ["P-X"], "enrolments")):
        with pytest.raises(Refused) as refused:
            deliberations.supersede(AUTHOR, key, reason, chosen)
        assert refused.value.field == field
    with pytest.raises(Refused, match="close se corrige"):
        deliberations.supersede(AUTHOR, prepared(cohort), "Erreur.", [who])


def test_two_corrections_of_one_candidate_do_not_both_open(cohort: Cohort) -> None:
    key, who = closed(cohort), cohort.participants[0]
    first, second = (deliberations.supersede(AUTHOR, key, "Erreur.", [who]) for _ in range(2))
    for one in (first, second):
        deliberations.change(AUTHOR, one, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, first)
    everybody_there(first)
    candidates.decide(AUTHOR, first, who, {"decision": "admitted"})
    deliberations.close(AUTHOR, first, PROVIDER, printed)
    with pytest.raises(Refused, match="plus récent"):
        deliberations.open_session(AUTHOR, second)
    with pytest.raises(Refused, match="plus récent"):
        deliberations.supersede(AUTHOR, key, "Erreur.", [who])


def correcting(cohort: Cohort, *who: str) -> int:
    """Open a correction of sealed minutes for these candidates."""
    later = deliberations.supersede(AUTHOR, closed(cohort), "Note mal recopiée.", who)
    deliberations.change(AUTHOR, later, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, later)
    return later


def test_whom_sealed_minutes_hold_stays_while_they_are_corrected(cohort: Cohort) -> None:
    who, other = cohort.participants[:2]
    later = correcting(cohort, who, other)
    for leave in (lambda: people.remove(PAGE, who), lambda: people.change(PAGE, who, {"waiting": "oui"})):
        with pytest.raises(Refused, match="procès-verbal"):
            leave()
    assert who in signed.held(cohort.id)
    assert deliberations.awaiting(cohort.id) == []
    everybody_there(later)
    for one in (who, other):
        candidates.decide(AUTHOR, later, one, {"decision": "admitted"})
    held = minutes.contents(deliberations.close(AUTHOR, later, PROVIDER, printed))
    assert [one["id"] for one in held["candidates"]] == [who, other]
    with pytest.raises(Refused):
        jury.change(PAGE, who, {"grade-paper": "3"})
