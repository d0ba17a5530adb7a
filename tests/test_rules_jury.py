"""Proposals to the jury: the decision, its named reasons, the credits, what holds the release."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules.attendance import AttendanceRule, HalfDay, summary
from rules.jury import DECISIONS, Dossier, Work, did_not_sit, proposal
from rules.rule_set import RuleSet, Unit

HANDBOOK = RuleSet(
    AttendanceRule("share", 20, "Livret, § 4.4"),
    units=(Unit("RSV206", "Économie sociale et solidaire", 8), Unit("RSV207", "Méthodologie de projet", 4)),
    paper_required=False,
    fees_required=True,
    sources={"pass_mark": "Livret, § 4.4"},
)
WITH_PAPER = RuleSet(AttendanceRule("full", source="Programme"), sources={"paper_required": "Programme"})
CALENDAR = [HalfDay(i, 180) for i in range(30)]
PASSED = {"RSV206": Work("12"), "RSV207": Work("10")}


def hours(absences, rule=HANDBOOK.attendance):
    return summary(dict.fromkeys(range(absences), ("absent", None)), rule, CALENDAR)


def handbook(**facts):
    return proposal(Dossier(**{"attendance": hours(0), "units": PASSED, "fees_paid": True} | facts), HANDBOOK)


def paper(rule_set=WITH_PAPER, **facts):
    return proposal(Dossier(**{"attendance": hours(0, WITH_PAPER.attendance)} | facts), rule_set)


def units(first, second):
    return {"RSV206": first, "RSV207": second}


def told(found):
    return [reason.code for reason in found.reasons]


def test_all_conditions_met_is_admitted():
    found = handbook()
    assert (found.decision, found.reasons, found.credits, found.holds) == ("admitted", (), 12, ())


def test_units_never_compensate():
    found = handbook(units=units(Work("9.5"), Work("15")))
    assert (found.decision, told(found), found.credits) == ("adjourned", ["below"], 4)
    assert str(found.reasons[0].message) == "RSV206 : 9,5, au-dessous de 10."
    assert found.reasons[0].source == "Livret, § 4.4"


def test_the_pass_mark_is_compared_exactly():
    assert handbook(units=units(Work("9.99"), Work("10"))).credits == 4
    assert handbook(units=units(Work("10"), Work("10"))).credits == 12
    higher = replace(HANDBOOK, pass_mark=Decimal("10.1"))
    assert proposal(Dossier(units=units(Work("10.1"), Work("10.09"))), higher).credits == 8


def test_too_many_hours_absent_is_defaulted_whatever_the_grades():
    assert handbook(attendance=hours(6)).decision == "admitted"
    found = handbook(attendance=hours(7))
    assert (found.decision, told(found)) == ("defaulted", ["hours_over"])
    assert str(found.reasons[0].message) == "Heures : absent·e 21 h, 18 h permises."
    assert found.reasons[0].source == "Livret, § 4.4"
    assert handbook(attendance=hours(7), units=units(Work("ATT"), Work(""))).decision == "defaulted"


@pytest.mark.parametrize(("cells", "wanted"), [
    (("ABS", "ABS"), True), (("ABS", "12"), False), (("ABS", "EXC"), False), (("ABS", ""), False), ((), False),
])  # fmt: skip
def test_who_was_at_no_control_did_not_sit(cells, wanted):
    assert did_not_sit([Work(cell) for cell in cells]) is wanted
    assert did_not_sit([Work("ABS"), Work("ABS", resit="11")]) is False


def test_who_did_not_sit_is_defaulted():
    found = handbook(did_not_sit=True)
    assert (found.decision, told(found)) == ("defaulted", ["did_not_sit"])


@pytest.mark.parametrize("cell", ["", "ATT"])
def test_what_is_awaited_leaves_the_decision_open(cell):
    found = handbook(units=units(Work("12"), Work(cell)))
    assert (found.decision, told(found), found.credits) == (None, ["awaited"], 8)
    assert "en attente" in str(found.reasons[0].message)
    assert handbook(units={"RSV206": Work("12")}).decision is None


def test_what_already_decides_does_not_wait():
    found = handbook(units=units(Work("9.5"), Work("ATT")))
    assert (found.decision, told(found)) == ("adjourned", ["below", "awaited"])


def test_an_absence_at_a_control_is_a_zero():
    found = handbook(units=units(Work("ABS"), Work("15")))
    assert (found.decision, told(found), found.credits) == ("adjourned", ["absent"], 4)


def test_a_justified_absence_calls_for_a_resit_and_the_resit_counts():
    found = handbook(units=units(Work("EXC"), Work("15")))
    assert (found.decision, told(found), found.credits) == ("resit", ["resit_due"], 4)
    assert handbook(units=units(Work("EXC", resit="11"), Work("15"))).decision == "admitted"
    assert handbook(units=units(Work("EXC", resit="ATT"), Work("15"))).decision is None
    assert handbook(units=units(Work("EXC", resit="8"), Work("15"))).decision == "adjourned"


def test_plagiarism_is_a_zero_for_that_work_and_names_the_teacher():
    found = handbook(units=units(Work("PLAG", reported_by="E. Bucolo"), Work("15")))
    assert (found.decision, told(found), found.credits) == ("adjourned", ["plagiarism"], 4)
    assert str(found.reasons[0].message) == "RSV206 : plagiat signalé par E. Bucolo, 0."
    assert told(paper(paper=Work("PLAG"), paper_deposited=True)) == ["plagiarism"]


@pytest.mark.parametrize("paid, held", [(True, 0), (False, 1), (None, 1)])
def test_fees_hold_the_release_never_the_decision(paid, held):
    found = handbook(fees_paid=paid)
    assert found.decision == "admitted"
    assert len(found.holds) == held
    assert not paper(fees_paid=paid).holds


def test_the_paper_must_be_there_and_reach_the_pass_mark():
    assert (paper().decision, told(paper())) == ("adjourned", ["no_paper"])
    early = paper(paper_due=False)
    assert (early.decision, told(early)) == (None, ["awaited"])
    assert paper(paper_deposited=True).decision is None
    assert paper(paper_deposited=True, paper=Work("ATT")).decision is None
    assert paper(paper_deposited=True, paper=Work("10")).decision == "admitted"
    assert paper(paper=Work("14.5")).decision == "admitted"
    assert told(paper(paper_deposited=True, paper=Work("9.99"))) == ["below"]
    assert paper(paper_deposited=True, paper=Work("EXC")).decision == "resit"


def test_a_paper_that_is_not_graded_only_has_to_be_deposited():
    ungraded = replace(WITH_PAPER, paper_graded=False)
    assert paper(ungraded, paper_deposited=True).decision == "admitted"
    assert paper(ungraded).decision == "adjourned"
    assert paper(ungraded, paper_deposited=True, paper=Work("8")).decision == "adjourned"


def test_full_participation_is_asked_where_the_rule_says_so():
    found = paper(attendance=hours(1, WITH_PAPER.attendance), paper_deposited=True, paper=Work("15"))
    assert (found.decision, told(found)) == ("adjourned", ["hours_full"])
    assert found.reasons[0].source == "Programme"


def test_every_decision_has_a_french_label():
    assert list(DECISIONS.values()) == ["admis·e", "ajourné·e", "défaillant·e", "rattrapage"]
