"""What a session of a jury lacks to be opened and to be closed: each cause alone, and all together."""

from datetime import date
from decimal import Decimal

import pytest

from rules import honours
from rules.attendance import AttendanceRule
from rules.deliberations import (
    Candidate,
    Member,
    asks_reason,
    days_away,
    must_step_out,
    prevents_closing,
    prevents_opening,
)
from rules.rule_set import Honours, RuleSet, Unit

DAY = date(2025, 6, 20)
CHAIR, OTHER = Member("Anne Aubry", president=True, present=True), Member("Bruno Blanc", present=True)
DECIDED = Candidate("ARNAUD Inès", "admitted", taken=True)
READY = {
    "order_number": "2025-12", "order_date": DAY, "held_on": DAY, "members": (CHAIR, OTHER), "candidates": 3,
    "another_open": False,
}  # fmt: skip


def codes(found) -> list[str]:
    return [obstacle.code for obstacle in found]


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({}, []),
        ({"order_number": ""}, ["order_number"]),
        ({"order_date": None}, ["order_date"]),
        ({"held_on": None}, ["held_on"]),
        ({"order_date": date(2025, 6, 16), "held_on": date(2025, 6, 16)}, []),
        ({"order_date": date(2025, 6, 17), "held_on": date(2025, 6, 16)}, ["order_date"]),
        ({"held_on": date(2025, 12, 1), "corrected_on": date(2025, 12, 1)}, []),
        ({"held_on": date(2025, 12, 1), "corrected_on": date(2025, 12, 2)}, ["held_on"]),
        ({"candidates": 0}, ["candidates"]),
        ({"another_open": True}, ["another"]),
        ({"covered": True}, ["covered"]),
        ({"members": (OTHER, Member("Chloé Caron"))}, ["president"]),
        ({"members": (CHAIR, Member("Chloé Caron", president=True))}, ["presidents"]),
        ({"members": (CHAIR,)}, ["members"]),
        ({"members": ()}, ["president", "members"]),
        # Presence is recorded once people are there: it never prevents opening.
        ({"members": (Member("Anne Aubry", president=True), Member("Bruno Blanc", present=False))}, []),
        (
            {"order_number": "", "order_date": None, "held_on": None, "members": (), "candidates": 0,
             "another_open": True, "covered": True},
            ["president", "members", "order_number", "order_date", "held_on", "candidates", "another", "covered"],
        ),
    ],
)  # fmt: skip
def test_what_prevents_opening_is_named(changed: dict, missing: list[str]) -> None:
    found = prevents_opening(**READY | changed)
    assert codes(found) == missing
    assert all(str(obstacle.message) for obstacle in found)


@pytest.mark.parametrize(
    ("members", "candidates", "setting", "missing"),
    [
        ((CHAIR, OTHER), (DECIDED,), "warn", []),
        ((CHAIR, Member("Bruno Blanc")), (DECIDED,), "warn", ["presence"]),
        ((CHAIR, OTHER, Member("Chloé Caron", present=False)), (DECIDED,), "warn", []),
        ((Member("Anne Aubry", True, False), OTHER, Member("C", present=True)), (DECIDED,), "warn", ["president_away"]),
        ((CHAIR, Member("Bruno Blanc", present=False)), (DECIDED,), "warn", ["quorum"]),
        ((OTHER, Member("Chloé Caron", present=True)), (DECIDED,), "warn", ["president"]),
        ((CHAIR, OTHER), (DECIDED, Candidate("BERNARD Théo")), "warn", ["undecided"]),
        ((CHAIR, OTHER), (), "warn", ["candidates"]),
        # Decided before the session and left as it was: taken with the others.
        ((CHAIR, OTHER), (Candidate("A", "resit"),), "warn", []),
        ((CHAIR, OTHER), (Candidate("A", "resit", True, ("Anne Aubry",)),), "warn", []),
        ((CHAIR, OTHER), (Candidate("A", "resit", True, ("Anne Aubry",)),), "step_out", ["stepped_out"]),
        ((CHAIR, OTHER), (Candidate("A", "resit", True, ("Anne Aubry",), ("Anne Aubry",)),), "step_out", []),
        ((CHAIR, OTHER), (Candidate("A", "resit", False, ("Anne Aubry",), ("Anne Aubry",)),), "step_out", ["prepared"]),
        (
            (Member("Anne Aubry"), Member("Bruno Blanc", present=False)),
            (Candidate("A"), Candidate("B", "resit", True, ("Anne Aubry",))), "step_out",
            ["president", "presence", "quorum", "undecided", "stepped_out"],
        ),
    ],
)  # fmt: skip
def test_what_prevents_closing_is_named(members, candidates, setting: str, missing: list[str]) -> None:
    found = prevents_closing(members, candidates, setting)
    assert codes(found) == missing
    assert all(str(obstacle.message) for obstacle in found)


@pytest.mark.parametrize(
    ("held_on", "away"),
    [(None, 0), ("2026-01-15", 0), ("2026-01-12", 0), ("2026-01-18", 0), ("2026-01-11", -4), ("2026-01-19", 4),
     ("2025-01-15", -365)],
)  # fmt: skip
def test_a_session_dated_more_than_three_days_away_is_told(held_on: str | None, away: int) -> None:
    assert days_away(held_on and date.fromisoformat(held_on), date(2026, 1, 15)) == away


def test_who_must_step_out_is_who_followed_and_stayed() -> None:
    both = Candidate("A", tutors=("Anne Aubry", "Bruno Blanc"), stepped_out=("Anne Aubry",))
    assert must_step_out(both, "step_out") == ("Bruno Blanc",)
    assert must_step_out(both, "warn") == ()


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [("", "admitted", False), ("admitted", "admitted", False), ("admitted", "resit", True), ("admitted", "", True),
     ("", "", False)],
)  # fmt: skip
def test_a_reason_is_asked_of_what_changes_a_recorded_decision(before: str, after: str, asked: bool) -> None:
    assert asks_reason(before, after) is asked


# -- mentions --------------------------------------------------------------------------------------------

MENTIONS = (Honours("assez bien", Decimal(12)), Honours("bien", Decimal("14")), Honours("félicitations"))
UNITS = (Unit("RSV206", "Économie sociale", 8), Unit("RSV207", "Enquête", 4))


def rule_set(**more: object) -> RuleSet:
    return RuleSet(AttendanceRule("none"), units=UNITS, honours=MENTIONS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("paper", "mention"),
    [("11.99", ""), ("12", "assez bien"), ("13.99", "assez bien"), ("14", "bien"), ("14.01", "bien"), ("20", "bien"),
     ("", ""), ("ATT", ""), ("PLAG", "")],
)  # fmt: skip
def test_a_mention_is_read_on_the_grade_of_the_paper(paper: str, mention: str) -> None:
    cells = {"paper": paper, "RSV206": "20", "RSV207": "20"}
    assert honours.proposed(rule_set(), cells, "admitted") == mention


@pytest.mark.parametrize(
    ("units", "mention"),
    [
        # (8 × 13 + 4 × 10) / 12 = 12 exactly, then a hundredth less: the cent is rounded half up.
        ({"RSV206": "13", "RSV207": "10"}, "assez bien"),
        ({"RSV206": "12.99", "RSV207": "9.99"}, ""),
        ({"RSV206": "15", "RSV207": "12"}, "bien"),
        ({"RSV206": "20"}, ""),
        ({"RSV206": "20", "RSV207": "ABS"}, ""),
    ],
)
def test_without_a_graded_paper_a_mention_is_read_on_the_mean_of_the_units(units: dict, mention: str) -> None:
    for rules in (rule_set(paper_graded=False), rule_set(paper_required=False)):
        assert honours.proposed(rules, units | {"paper": "20"}, "admitted") == mention


def test_units_without_credits_weigh_the_same() -> None:
    rules = RuleSet(
        AttendanceRule("none"), units=(Unit("A", "", 0), Unit("B", "", 0)), honours=MENTIONS, paper_required=False
    )
    assert honours.counted(rules, {"A": "11", "B": "13"}) == Decimal(12)


@pytest.mark.parametrize("decision", ["adjourned", "defaulted", "resit", "", None])
def test_only_an_admission_has_a_mention(decision: str | None) -> None:
    assert honours.proposed(rule_set(), {"paper": "20"}, decision) == ""


def test_the_grade_that_a_mention_is_read_on_is_said() -> None:
    assert str(honours.why(rule_set(), {"paper": "14.5"})) == "d'après la note de l'écrit, 14,5"
    assert "moyenne des unités, 12" in str(honours.why(rule_set(paper_graded=False), {"RSV206": "13", "RSV207": "10"}))
    assert honours.why(rule_set(), {}) is None
    assert honours.why(RuleSet(AttendanceRule("none")), {"paper": "14"}) is None
