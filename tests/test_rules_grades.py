"""Grades: what a unit is worth by its assessments, resits, two markers, and what is pointed out before a jury."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules import grade_anomalies
from rules.attendance import AttendanceRule
from rules.grade_anomalies import Candidate
from rules.grades import (
    check_resit,
    computed,
    entered,
    far_apart,
    parted,
    proposed,
    resit_due,
    resit_open,
    unit_grade,
    unit_of,
)
from rules.jury import Work
from rules.message import Refused
from rules.rule_set import Assessment, RuleSet, Unit
from rules.unit_texts import MOST_ASSESSMENTS, read_units, text_of

PARTS = (Assessment("E1", "Écrit", 2), Assessment("O1", "Oral ; soutenance", 1))
RULES = RuleSet(
    AttendanceRule("none"), units=(Unit("RSV206", "Économie", 8, PARTS), Unit("RSV207", "Enquête", 4)),
)  # fmt: skip
MARK = Decimal(10)


def test_what_people_enter_is_each_assessment_each_other_unit_and_the_paper() -> None:
    assert [one.work for one in entered(RULES)] == ["RSV206:E1", "RSV206:O1", "RSV207", "paper"]
    assert [one.label for one in entered(RULES)] == ["RSV206 E1", "RSV206 O1", "RSV207", "Note de validation"]
    assert computed(RULES) == {"RSV206"}
    assert [unit_of(one.work) for one in entered(RULES)] == ["RSV206", "RSV206", "RSV207", ""]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([("", 2), ("", 1)], ""),
        ([("12", 2), ("15", 1)], "13"),
        ([("12", 1), ("13", 2)], "12.67"),
        ([("10.01", 1), ("10", 1)], "10.01"),
        ([("10.01", 1), ("10", 3)], "10"),
        ([("9.99", 1), ("10", 1)], "10"),
        ([("9.99", 2), ("10", 1)], "9.99"),
        ([("12.5", 1), ("13", 1)], "12.75"),
        ([("ABS", 1), ("15", 1)], "7.5"),
        ([("PLAG", 1), ("ABS", 1), ("15", 1)], "5"),
        ([("ABS", 1), ("PLAG", 1)], "0"),
        ([("ABS", 2), ("ABS", 1)], "ABS"),
        ([("PLAG", 2), ("PLAG", 1)], "PLAG"),
        ([("EXC", 2), ("15", 1)], "EXC"),
        ([("EXC", 2), ("", 1)], "EXC"),
        ([("EXC", 2), ("ATT", 1)], "EXC"),
        ([("12", 2), ("", 1)], "ATT"),
        ([("ATT", 2), ("15", 1)], "ATT"),
        ([("", 2), ("ABS", 1)], "ATT"),
        ([("0", 2), ("0", 1)], "0"),
        ([("20", 100), ("20", 1)], "20"),
    ],
)
def test_a_unit_is_worth_the_weighted_mean_or_what_keeps_it_from_being_known(cells: list, expected: str) -> None:
    assert unit_grade(cells) == expected


@pytest.mark.parametrize(
    ("first", "resit", "told"),
    [
        ("EXC", "12", ""), ("EXC", "ABS", ""), ("EXC", "PLAG", ""), ("ABS", "12", ""), ("9.99", "12", ""),
        ("10", "12", "Pas de rattrapage"), ("14", "12", "Pas de rattrapage"), ("", "12", "Pas de rattrapage"),
        ("ATT", "12", "Pas de rattrapage"), ("PLAG", "12", "Pas de rattrapage"),
        ("EXC", "EXC", "un nombre, ABS ou PLAG"), ("EXC", "ATT", "un nombre, ABS ou PLAG"), ("14", "", ""),
    ],
)  # fmt: skip
def test_a_resit_stands_only_beside_what_lets_it_be_held(first: str, resit: str, told: str) -> None:
    found = check_resit(first, resit, MARK)
    assert told in str(found or "")
    assert bool(told) == (found is not None)
    assert resit_open(first, MARK) == (first in ("EXC", "ABS", "9.99"))


@pytest.mark.parametrize(
    ("work", "decision", "due"),
    [
        (Work("EXC"), "", True), (Work("EXC", "12"), "", False), (Work("ABS"), "", False),
        (Work("ABS"), "resit", True), (Work("9.5"), "resit", True), (Work("9.5", "8"), "resit", False),
        (Work("12"), "resit", False), (Work("9.5"), "adjourned", False),
    ],
)  # fmt: skip
def test_a_resit_is_due_to_the_excused_and_to_whom_the_jury_sends_to_one(work: Work, decision: str, due: bool) -> None:
    assert resit_due(work, decision, MARK) is due


@pytest.mark.parametrize(
    ("values", "mean", "far"),
    [
        (("12", "15"), "13.5", True), (("12", "14.99"), "13.5", False), (("12", "12.01"), "12.01", False),
        (("12", ""), "", False), (("", ""), "", False), (("12", "ABS"), "", True), (("ABS", "ABS"), "", False),
        (("12", "ATT"), "", False), (("15", "12"), "13.5", True),
    ],
)  # fmt: skip
def test_two_markers_propose_their_mean_and_are_pointed_out_from_the_gap_on(values, mean: str, far: bool) -> None:
    assert proposed(values) == mean
    assert far_apart(values, Decimal(3)) is far


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("grade-RSV206:E1", ("grade-", "RSV206:E1")), ("resit-paper", ("resit-", "paper")),
        ("resit_on-U-1", ("resit_on-", "U-1")), ("marking2-U1", ("marking2-", "U1")), ("decision", ("", "")),
    ],
)  # fmt: skip
def test_a_field_says_what_it_is_of_which_work(field: str, found: tuple[str, str]) -> None:
    assert parted(field) == found


# -- units with assessments, typed --------------------------------------------------------------------


def test_assessments_are_typed_under_their_unit_and_read_back_equal() -> None:
    text = text_of(RULES.units)
    assert text.splitlines()[:3] == ["RSV206 ; Économie ; 8", "- E1 ; Écrit ; 2", "- O1 ; Oral ; soutenance ; 1"]
    assert read_units(text) == RULES.units
    assert read_units("U1;A;4\r\n – E1;Écrit;2\n\n-E2;Oral;01") == (
        Unit("U1", "A", 4, (Assessment("E1", "Écrit", 2), Assessment("E2", "Oral", 1))),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- E1 ; Écrit ; 2", ["Ligne 1 ", "n'est pas"]),
        ("U1;A;4\n- E1 ; 2", ["Ligne 2 ", "coefficient"]),
        ("U1;A;4\n- E1 ; Écrit ; 0", ["Ligne 2 ", "« 0 »", "de 1 à 100"]),
        ("U1;A;4\n- E1 ; Écrit ; 101", ["Ligne 2 ", "« 101 »"]),
        ("U1;A;4\n- E1 ; Écrit ; 1,5", ["Ligne 2 ", "« 1,5 »"]),
        ("U1;A;4\n- E:1 ; Écrit ; 1", ["Ligne 2 ", "« E:1 »"]),
        ("U1;A;4\n- E1 ;; 1", ["Ligne 2 ", "intitulé"]),
        ("U1;A;4\n- E1 ; A ; 1\n- e1 ; B ; 1", ["Ligne 3 ", "autre épreuve"]),
        ("U1;A;4\n" + "\n".join(f"- E{n} ; A ; 1" for n in range(MOST_ASSESSMENTS + 1)), ["Ligne 14 ", "12 épreuves"]),
    ],
)  # fmt: skip
def test_what_is_no_assessment_is_refused_at_its_line(text: str, told: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read_units(text)
    assert [words for words in told if words not in str(refused.value)] == []


# -- anomalies --------------------------------------------------------------------------------------------


def who(key: str, tutored: bool = True, markings: dict | None = None, decision: str = "", **cells: object) -> Candidate:
    named = {"E1": "RSV206:E1", "O1": "RSV206:O1", "U": "RSV207", "N": "paper"}
    full = {"E1": "12", "O1": f"1{key}", "U": f"1{key}", "N": f"1{key}.5"} | cells
    works = {named[name]: cell if isinstance(cell, Work) else Work(cell) for name, cell in full.items()}
    return Candidate(key, works, markings or {}, tutored, decision)


def found(*candidates: Candidate, rules: RuleSet = RULES) -> list[tuple[str, str, str]]:
    return [(one.kind, one.key, one.work) for one in grade_anomalies.anomalies(candidates, rules)]


CALM = (who("1"), who("2"))


def test_nothing_is_pointed_out_of_what_holds_nor_before_grades_are_entered() -> None:
    assert found(*CALM) == []
    assert found(Candidate("1", tutored=False), Candidate("2")) == []


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (who("3", U=""), [("missing", "3", "RSV207")]),
        (who("3", U="ATT"), [("missing", "3", "RSV207")]),
        (who("3", E1=""), [("assessment", "3", "RSV206:E1")]),
        (who("3", E1="", O1=""), [("missing", "3", "RSV206:E1"), ("missing", "3", "RSV206:O1")]),
        (who("3", U="EXC"), [("resit", "3", "RSV207")]),
        (who("3", U=Work("EXC", "12")), []),
        (who("3", U="9", decision="resit"), [("resit", "3", "RSV207")]),
        (who("3", U="PLAG"), [("plagiarism", "3", "RSV207")]),
        (who("3", U=Work("PLAG", reported_by="E. Bucolo")), []),
        (who("3", U=Work("EXC", "PLAG")), [("plagiarism", "3", "RSV207")]),
        (who("3", markings={"RSV207": ("12", "15")}), [("gap", "3", "RSV207")]),
        (who("3", markings={"RSV207": ("12", "14")}), []),
        (who("3", tutored=False), [("tutor", "3", "paper")]),
        (who("3", U="ABS"), []),
    ],
)
def test_each_anomaly_of_a_candidate_is_named(candidate: Candidate, expected: list) -> None:
    # The third 12 of an assessment makes all equal, which is another anomaly.
    calm = [replace(one, works={**one.works, "RSV206:E1": Work(cell)}) for one, cell in zip(CALM, "78", strict=True)]
    assert found(*calm, candidate) == expected


def test_a_grade_agreed_on_without_both_markings_is_pointed_out_where_two_are_asked_for() -> None:
    rules = replace(RULES, units=(Unit("RSV207", "Enquête", 4),), double_marking=True, paper_required=False)
    both = {"RSV207": ("12", "13")}
    one, none, due = who("1", markings={"RSV207": ("", "12")}), who("2"), who("3", U="ABS")
    listed = [one, none, due, who("4", markings=both)]
    assert found(*listed, rules=rules) == [("marking", "1", "RSV207"), ("marking", "2", "RSV207")]
    assert [str(anomaly.message) for anomaly in grade_anomalies.anomalies(listed, rules)] == [
        "RSV207 : une seule correction, deux sont demandées.", "RSV207 : aucune correction, deux sont demandées.",
    ]  # fmt: skip
    assert found(*listed, rules=replace(rules, double_marking=False)) == []


def test_a_work_is_told_as_a_whole_when_it_has_no_grade_or_the_same_everywhere() -> None:
    alike = [who(key) for key in "123"]
    assert found(*alike) == [("equal", "", "RSV206:E1")]
    nobody = [replace(one, works={**one.works, "RSV207": Work()}) for one in CALM]
    assert found(*nobody) == [("empty", "", "RSV207")]
    assert found(*nobody, rules=replace(RULES, units=RULES.units[:1])) == []


def test_a_paper_that_is_not_graded_is_not_missing() -> None:
    blank = [who(key, N="") for key in "12"]
    assert found(*blank) == [("empty", "", "paper")]
    assert found(*blank, rules=replace(RULES, paper_graded=False)) == []
    assert found(*blank, who("3", tutored=False), rules=replace(RULES, paper_required=False)) == [
        ("equal", "", "RSV206:E1")
    ]


def test_all_at_once_come_in_the_order_of_their_kinds() -> None:
    worst = who("3", U="PLAG", N="EXC", E1="", markings={"RSV206:O1": ("4", "14")}, tutored=False)
    calm = [replace(one, works={**one.works, "RSV206:E1": Work(cell)}) for one, cell in zip(CALM, "78", strict=True)]
    assert [kind for kind, *_rest in found(*calm, worst)] == ["plagiarism", "resit", "gap", "assessment", "tutor"]
    texts = [str(one.message) for one in grade_anomalies.anomalies([*calm, worst], RULES)]
    assert texts[2] == "RSV206 O1 : les deux correcteurs ont mis 4 et 14."
    assert list(grade_anomalies.KINDS)[:3] == ["plagiarism", "resit", "gap"]
