"""Every cause of a proposal, alone, with each of the others and all together; every threshold at a hundredth around."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations

import pytest

from rules.attendance import AttendanceRule, HalfDay, Summary, summary
from rules.jury import Dossier, Proposal, Work, proposal
from rules.rule_set import RuleSet, Unit

#: One unit for each cause that a unit may hold, so that all of them may meet in one dossier.
UNITS = {
    "below": Unit("B", "Au-dessous", 1), "absent": Unit("A", "Absence", 2), "plagiarism": Unit("P", "Plagiat", 4),
    "resit_due": Unit("R", "Rattrapage", 8), "awaited": Unit("W", "Attendue", 16),
}  # fmt: skip
CELLS = {
    "below": Work("9.99"), "absent": Work("ABS"), "plagiarism": Work("PLAG", reported_by="E. Bucolo"),
    "resit_due": Work("EXC"), "awaited": Work("ATT"),
}  # fmt: skip
SHARE, FULL = AttendanceRule("share", 20, "§ 4.4"), AttendanceRule("full", source="§ 4.4")
#: Ninety hours, by the minute where it matters.
CALENDAR = [HalfDay(0, 60 * 18), HalfDay(1, 1), HalfDay(2, 60 * 72 - 1)]
#: What each cause alone leads to; with others, the strongest of theirs.
ALONE = {
    "hours_over": "defaulted", "did_not_sit": "defaulted", "hours_full": "adjourned", "below": "adjourned",
    "absent": "adjourned", "plagiarism": "adjourned", "no_paper": "adjourned", "resit_due": "resit", "awaited": None,
}  # fmt: skip
STRENGTH = ("defaulted", "adjourned", "resit", None, "admitted")
#: Hours are counted by one rule or the other: no dossier has both causes.
BY_SHARE = tuple(cause for cause in ALONE if cause != "hours_full")
IN_FULL = tuple(cause for cause in ALONE if cause != "hours_over")


def rules(attendance: AttendanceRule = SHARE, **more: object) -> RuleSet:
    sources = {"pass_mark": "§ 4.4", "paper_required": "§ 5"}
    return RuleSet(attendance, units=tuple(UNITS.values()), fees_required=True, sources=sources, **more)  # type: ignore[arg-type]


def hours(minutes: int, rule: AttendanceRule) -> Summary:
    """Sum up somebody absent for these minutes: none, 18 h, or a minute more."""
    missed = {0: (), 1080: (0,), 1081: (0, 1)}[minutes]
    return summary(dict.fromkeys(missed, ("absent", None)), rule, CALENDAR)


def proposed(causes: Iterable[str], attendance: AttendanceRule, fees_paid: bool | None = True) -> Proposal:
    held = set(causes)
    missed = 1081 if "hours_over" in held else 1080 if "hours_full" in held else 0
    return proposal(
        Dossier(
            attendance=hours(missed, attendance),
            units={unit.code: CELLS[cause] if cause in held else Work("10") for cause, unit in UNITS.items()},
            paper=Work() if "no_paper" in held else Work("10"), paper_deposited="no_paper" not in held,
            did_not_sit="did_not_sit" in held, fees_paid=fees_paid,
        ),
        rules(attendance),
    )  # fmt: skip


def subsets(causes: tuple[str, ...], sizes: Iterable[int]) -> list[tuple[str, ...]]:
    return [chosen for size in sizes for chosen in combinations(causes, size)]


@pytest.mark.parametrize(("cause", "decision"), ALONE.items())
def test_each_cause_alone_is_named_and_leads_to_its_decision(cause: str, decision: str | None) -> None:
    found = proposed([cause], FULL if cause == "hours_full" else SHARE)
    assert ([reason.code for reason in found.reasons], found.decision) == ([cause], decision)
    assert str(found.reasons[0].message)
    assert found.reasons[0].source.startswith("§")


def test_no_cause_at_all_is_admitted_with_every_credit() -> None:
    found = proposed([], SHARE)
    assert (found.decision, found.reasons, found.credits, found.holds) == ("admitted", (), 31, ())


@pytest.mark.parametrize(("attendance", "causes", "decision"), [(SHARE, BY_SHARE, "defaulted"),
                                                                (FULL, IN_FULL, "defaulted")])  # fmt: skip
def test_all_causes_together_are_all_named(attendance: AttendanceRule, causes: tuple, decision: str) -> None:
    found = proposed(causes, attendance, fees_paid=None)
    assert sorted(reason.code for reason in found.reasons) == sorted(causes)
    assert (found.decision, found.credits, len(found.holds)) == (decision, 0, 1)


@pytest.mark.parametrize(("attendance", "causes"), [(SHARE, BY_SHARE), (FULL, IN_FULL)])
def test_causes_in_every_combination_are_each_named_and_the_strongest_decides(
    attendance: AttendanceRule, causes: tuple[str, ...]
) -> None:
    for held in subsets(causes, range(len(causes) + 1)):
        for fees_paid in (True, False, None):
            found = proposed(held, attendance, fees_paid)
            strongest = min([ALONE[cause] for cause in held], key=STRENGTH.index, default="admitted")
            assert sorted(reason.code for reason in found.reasons) == sorted(held), held
            assert found.decision == strongest, held
            assert found.credits == sum(unit.credits for cause, unit in UNITS.items() if cause not in held), held
            assert len(found.holds) == (0 if fees_paid else 1), held


# -- thresholds ----------------------------------------------------------------------------------------

HANDBOOK = RuleSet(
    SHARE, units=(Unit("RSV206", "Économie sociale et solidaire", 8), Unit("RSV207", "Méthodologie de projet", 4)),
    paper_required=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "decision", "credits"),
    [
        ("9.5", "15", "adjourned", 4),
        ("15", "9.5", "adjourned", 8),
        ("9.5", "9.5", "adjourned", 0),
        ("9.99", "20", "adjourned", 4),
        ("20", "9.99", "adjourned", 8),
        ("10", "9.99", "adjourned", 8),
        ("9.99", "10", "adjourned", 4),
        ("10", "10", "admitted", 12),
        ("10.01", "10", "admitted", 12),
        ("10", "10.01", "admitted", 12),
        ("10.01", "10.01", "admitted", 12),
        ("0", "20", "adjourned", 4),
        ("PLAG", "20", "adjourned", 4),
        ("ABS", "20", "adjourned", 4),
        ("20", "20", "admitted", 12),
    ],
)
def test_nothing_compensates_a_unit_a_hundredth_below(first: str, second: str, decision: str, credits: int) -> None:
    found = proposal(Dossier(units={"RSV206": Work(first), "RSV207": Work(second)}, fees_paid=True), HANDBOOK)
    assert (found.decision, found.credits) == (decision, credits)
    named = [reason.message.values["work"] for reason in found.reasons]
    assert named == {12: [], 8: ["RSV207"], 4: ["RSV206"], 0: ["RSV206", "RSV207"]}[credits]


@pytest.mark.parametrize("mark", ["8", "10", "12.5"])
@pytest.mark.parametrize(("moved", "reached"), [("-0.01", False), ("0", True), ("0.01", True)])
@pytest.mark.parametrize("work", ["unit", "resit", "paper"])
def test_a_hundredth_around_the_pass_mark_of_the_rule_set(mark: str, moved: str, reached: bool, work: str) -> None:
    cell = str(Decimal(mark) + Decimal(moved))
    unit = Work("0", resit=cell) if work == "resit" else Work(cell if work == "unit" else "20")
    asked = RuleSet(SHARE, units=(Unit("RSV206", "Économie sociale", 8),), pass_mark=Decimal(mark))
    dossier = Dossier(units={"RSV206": unit}, paper=Work(cell if work == "paper" else "20"), paper_deposited=True)
    found = proposal(dossier, asked)
    assert found.decision == ("admitted" if reached else "adjourned")
    assert [reason.code for reason in found.reasons] == ([] if reached else ["below"])
    assert found.credits == (8 if reached or work == "paper" else 0)


@pytest.mark.parametrize(("minutes", "decision"), [(0, "admitted"), (1080, "admitted"), (1081, "defaulted")])
def test_a_minute_over_the_hours_allowed_defaults(minutes: int, decision: str) -> None:
    units = {"RSV206": Work("10"), "RSV207": Work("10")}
    found = proposal(Dossier(attendance=hours(minutes, SHARE), units=units, fees_paid=True), HANDBOOK)
    assert (found.decision, found.credits) == (decision, 12)


@pytest.mark.parametrize(("minutes", "decision"), [(0, "admitted"), (1080, "adjourned"), (1081, "adjourned")])
def test_any_minute_missed_adjourns_where_all_modules_are_asked_for(minutes: int, decision: str) -> None:
    units = {"RSV206": Work("10"), "RSV207": Work("10")}
    asked = RuleSet(FULL, units=HANDBOOK.units, paper_required=False)
    assert proposal(Dossier(attendance=hours(minutes, FULL), units=units), asked).decision == decision
