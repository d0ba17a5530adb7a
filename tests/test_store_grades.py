"""Grades in the store: units made of assessments, resits, two markers, reports, numbers; one verb, its journal."""

import json
import threading
from dataclasses import replace
from datetime import date

import pytest

from rules.message import Refused
from rules.rule_set import Assessment, RuleSet, Unit, as_dict
from store import candidate_numbers, db, grade_grid, grades, history, jury, merging, people, rule_sets, unit_reports
from store.db import rows
from store.errors import Changed, Unknown
from store.models import Cohort as CohortRow
from store.models import Grade, JournalEntry
from tests.pages import AUTHOR
from tests.signing import sign
from tests.sync_bench import Bench, Cohort, make_cohort

TODAY = date(2025, 6, 1)
E1, O1, UNIT, OTHER = "grade-RSV206:E1", "grade-RSV206:O1", "grade-RSV206", "grade-RSV207"


def ruled(cohort: Cohort, **settings: object) -> RuleSet:
    """Change the rule set of a cohort, as its page does but without a word."""
    rules = replace(people.rule_set(cohort.id), **settings)
    CohortRow.update(rule_set=json.dumps(as_dict(rules))).where(CohortRow.id == cohort.id).execute()
    return rules


@pytest.fixture
def parts(cohort: Cohort) -> Cohort:
    """Give a cohort whose first unit has two assessments."""
    pair = (Assessment("E1", "Écrit", 2), Assessment("O1", "Oral", 1))
    ruled(cohort, units=(Unit("RSV206", "Économie sociale", 8, pair), Unit("RSV207", "Enquête", 4)))
    return cohort


def held(cohort: Cohort, place: int = 0) -> dict[str, str]:
    who = cohort.participants[place]
    return jury.held([who]).get(who, {})


def line(cohort: Cohort, place: int = 0) -> jury.Line:
    return next(line for line in jury.lines(cohort.id, TODAY) if line.id == cohort.participants[place])


def units(cohort: Cohort, text: str) -> int:
    return rule_sets.change(AUTHOR, cohort.id, {"units": text}, {}, "Essai", {}, TODAY)


# -- a unit made of assessments ---------------------------------------------------------------------------


def test_a_unit_is_worked_out_of_its_assessments_in_the_same_breath(parts: Cohort) -> None:
    who = parts.participants[0]
    assert jury.change(AUTHOR, who, {E1: "12"}) == {E1: "12"}
    assert held(parts)[UNIT] == "ATT"
    jury.change(AUTHOR, who, {O1: "15,5"})
    assert held(parts)[UNIT] == "13.17"
    assert line(parts).grades["RSV206"] == "13.17"
    assert jury.snapshot(parts.id)[who][UNIT] == "13.17"
    assert [(entry.field, entry.before, entry.after) for entry in history.entries("dossier", who)] == [
        (UNIT, "ATT", "13.17"), (O1, "", "15.5"), (UNIT, "", "ATT"), (E1, "", "12"),
    ]  # fmt: skip
    jury.change(AUTHOR, who, {E1: "", O1: ""})
    assert held(parts) == {}
    assert Grade.select().count() == 0


def test_the_grade_of_such_a_unit_is_refused_when_typed(parts: Cohort) -> None:
    who = parts.participants[0]
    with pytest.raises(Refused, match="se calcule de ses épreuves") as refused:
        jury.change(AUTHOR, who, {UNIT: "12"})
    assert refused.value.field == UNIT
    assert held(parts) == {}


def test_the_sheet_carries_assessments_and_refuses_the_unit(bench: Bench) -> None:
    cohort, book = bench.cohort, bench.jury
    who, other = cohort.participants[:2]
    assert units(cohort, "RSV206 ; Économie ; 8\nRSV207 ; Enquête ; 4\n- E1 ; Écrit ; 1\n- O1 ; Oral ; 1") == 1
    tab = bench.tabs(book)["Jury"]
    _, top, _ = bench.place("Jury", "ID", "ID", book, tab)
    bench.put(tab.sheet_id, top, len(bench.headers("Jury", book)), [["RSV207 E1", "RSV207 O1"]], book)
    bench.calm(book)
    bench.type("Jury", who, "RSV207 E1", "12", book)
    bench.type("Jury", who, "RSV207 O1", "13", book)
    bench.calm(book)
    assert held(cohort)[OTHER] == "12.5"
    assert bench.cell("Jury", who, "RSV207", book) == 12.5
    bench.type("Jury", other, "RSV207", "18", book)
    assert bench.cycle(book).refused == 1
    assert held(cohort, 1) == {}


def test_a_weight_changed_works_every_unit_out_anew_but_for_the_signed(parts: Cohort) -> None:
    for place in (0, 1):
        jury.change(AUTHOR, parts.participants[place], {E1: "12", O1: "15", "decision": ("", "admitted")[place]})
    sign(AUTHOR, parts.id)
    assert units(parts, "RSV206 ; Économie sociale ; 8\n- E1 ; Écrit ; 1\n- O1 ; Oral ; 1\nRSV207 ; Enquête ; 4") == 1
    assert [held(parts, place)[UNIT] for place in (0, 1)] == ["13.5", "13"]
    entry = history.entries("dossier", parts.participants[0])[0]
    assert (entry.field, entry.before, entry.after) == (UNIT, "13", "13.5")


def test_what_has_grades_neither_goes_nor_turns_into_assessments(parts: Cohort) -> None:
    jury.change(AUTHOR, parts.participants[0], {E1: "12", OTHER: "9"})
    with pytest.raises(Refused, match=r"épreuve qui a des notes.*RSV206 E1 \(1\)"):
        units(parts, "RSV206 ; Économie sociale ; 8\n- O1 ; Oral ; 1\nRSV207 ; Enquête ; 4")
    with pytest.raises(Refused, match=r"telle quelle.*RSV207 \(1\)"):
        units(parts, "RSV206 ; E ; 8\n- E1 ; Écrit ; 2\n- O1 ; Oral ; 1\nRSV207 ; Enquête ; 4\n- E1 ; Écrit ; 1")
    with pytest.raises(Refused, match="garde son code"):
        units(parts, "RSV206 ; E ; 8\n- E1 ; Écrit ; 2\n- O1 ; Oral ; 1")
    assert units(parts, "RSV206 ; E ; 8\n- E1 ; Écrit ; 2\nRSV207 ; Enquête ; 4") == 1
    assert held(parts)[UNIT] == "12"


# -- resits ---------------------------------------------------------------------------------------------------


def test_a_resit_counts_and_the_first_cell_stays(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {UNIT: "EXC", OTHER: "11", "grade-paper": "12"})
    assert line(cohort).proposal.decision == "resit"
    jury.change(AUTHOR, who, {"resit_on-RSV206": "12/05/2025"})
    jury.change(AUTHOR, who, {"resit-RSV206": "13,5"})
    found = line(cohort)
    assert (found.grades["RSV206"], found.resits, found.proposal.decision) == ("EXC", {"RSV206": "13.5"}, "admitted")
    assert (found.proposal.credits, held(cohort)["resit_on-RSV206"]) == (12, "2025-05-12")
    assert jury.snapshot(cohort.id)[who]["resit-RSV206"] == "13.5"


@pytest.mark.parametrize(
    ("first", "field", "typed", "told"),
    [
        ("14", "resit-RSV206", "12", "Pas de rattrapage"), ("", "resit-RSV206", "12", "Pas de rattrapage"),
        ("EXC", "resit-RSV206", "ATT", "un nombre, ABS ou PLAG"), ("EXC", "resit-RSV206", "21", "hors de l'échelle"),
        ("14", "resit_on-RSV206", "12/05/2025", "Pas de rattrapage"),
        ("EXC", "resit-RSV206", "PLAG", "Plagiat non signalé"), ("EXC", "resit_on-RSV206", "demain", "date"),
    ],
)  # fmt: skip
def test_a_resit_that_cannot_be_is_refused(cohort: Cohort, first: str, field: str, typed: str, told: str) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {UNIT: first})
    with pytest.raises(Refused, match=told) as refused:
        jury.change(AUTHOR, who, {field: typed})
    assert refused.value.field == field
    assert field not in held(cohort)


def test_the_first_cell_does_not_change_under_its_resit(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {UNIT: "9", "resit-RSV206": "12"})
    for typed in ("14", "", "ATT"):
        with pytest.raises(Refused, match="retirez-le d'abord") as refused:
            jury.change(AUTHOR, who, {UNIT: typed})
        assert refused.value.field == UNIT
    jury.change(AUTHOR, who, {UNIT: "9,5"})
    jury.change(AUTHOR, who, {UNIT: "14", "resit-RSV206": ""})
    assert held(cohort) == {UNIT: "14"}


def test_the_resit_of_an_assessment_makes_its_unit(parts: Cohort) -> None:
    who = parts.participants[0]
    jury.change(AUTHOR, who, {E1: "EXC", O1: "15"})
    assert held(parts)[UNIT] == "EXC"
    jury.change(AUTHOR, who, {"resit-RSV206:E1": "12"})
    assert (held(parts)[UNIT], held(parts)[E1]) == ("13", "EXC")


def test_the_sheet_carries_resits_both_ways(bench: Bench) -> None:
    (first, second), book = bench.cohort.participants[:2], bench.jury
    for who in (first, second):
        jury.change(AUTHOR, who, {UNIT: "EXC"})
    bench.calm(book)
    bench.type("Jury", first, "RSV206 (rattrapage)", "12,5", book)
    jury.change(AUTHOR, second, {"resit-RSV206": "ABS"})
    bench.calm(book)
    assert held(bench.cohort)["resit-RSV206"] == "12.5"
    assert bench.cell("Jury", second, "RSV206 (rattrapage)", book) == "ABS"


# -- two markers ------------------------------------------------------------------------------------------------


def test_two_markings_are_kept_and_nothing_is_agreed_on_by_itself(cohort: Cohort) -> None:
    ruled(cohort, double_marking=True)
    who = cohort.participants[0]
    with pytest.raises(Refused, match="d'abord qui a corrigé") as refused:
        jury.change(AUTHOR, who, {"marking1-RSV206": "12"})
    assert refused.value.field == "marking1-RSV206"
    jury.change(AUTHOR, who, {"marker1-RSV206": "E. Bucolo", "marking1-RSV206": "12"})
    jury.change(AUTHOR, who, {"marker2-RSV206": "C. Fontaine", "marking2-RSV206": "16"})
    assert UNIT not in held(cohort)
    jury.change(AUTHOR, who, {UNIT: "14"})
    assert held(cohort) == {
        UNIT: "14", "marker1-RSV206": "E. Bucolo", "marking1-RSV206": "12",
        "marker2-RSV206": "C. Fontaine", "marking2-RSV206": "16",
    }  # fmt: skip
    with pytest.raises(Refused, match="reste nommé"):
        jury.change(AUTHOR, who, {"marker1-RSV206": ""})
    jury.change(AUTHOR, who, {"marker1-RSV206": "", "marking1-RSV206": ""})
    assert "marking1-RSV206" not in held(cohort)
    entry = next(entry for entry in history.entries("dossier", who) if entry.field == "marking1-RSV206")
    history.restore(AUTHOR, "dossier", who, [entry.id, entry.id - 1])
    assert held(cohort)["marking1-RSV206"] == "12"


def test_a_value_that_somebody_else_changed_meanwhile_stays(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {UNIT: "9", "resit-RSV206": "12"})
    with pytest.raises(Changed) as changed:
        jury.change(AUTHOR, who, {"resit-RSV206": "13"}, {"resit-RSV206": ""})
    assert changed.value.current == "12"


# -- plagiarism in a unit -----------------------------------------------------------------------------------------


def test_plagiarism_in_a_unit_waits_for_a_named_report(parts: Cohort) -> None:
    who = parts.participants[0]
    with pytest.raises(Refused, match="qui l'a constaté et pourquoi"):
        jury.change(AUTHOR, who, {OTHER: "PLAG"})
    for reporter, reason, field in (("", "Copie", "reporter"), ("E. Bucolo", " ", "reason")):
        with pytest.raises(Refused) as refused:
            unit_reports.report(AUTHOR, who, "RSV207", reporter, reason)
        assert refused.value.field == field
    for work in ("paper", "RSV206", "NSY999"):
        with pytest.raises(Refused, match="de la liste"):
            unit_reports.report(AUTHOR, who, work, "E. Bucolo", "Copie")
    first = unit_reports.report(AUTHOR, who, "RSV207", "E. Bucolo", "Copie", grade=True)
    assert held(parts)[OTHER] == "PLAG"
    assert any("plagiat signalé par E. Bucolo" in str(reason.message) for reason in line(parts).proposal.reasons)
    with pytest.raises(Refused, match="changez-la d'abord"):
        unit_reports.take_back(AUTHOR, parts.id, first, "Erreur")
    jury.change(AUTHOR, who, {OTHER: "8"})
    unit_reports.take_back(AUTHOR, parts.id, first, "Erreur")
    (found,) = unit_reports.reports(parts.id)
    assert (found.work, found.report.withdrawn_reason) == ("RSV207", "Erreur")
    with pytest.raises(Refused, match="Plagiat non signalé"):
        jury.change(AUTHOR, who, {OTHER: "PLAG"})
    with pytest.raises(Unknown):
        unit_reports.take_back(AUTHOR, make_cohort("AUTRE-2025").id, first, "Erreur")


def test_an_assessment_copied_makes_its_unit_and_names_who_found_it(parts: Cohort) -> None:
    who = parts.participants[0]
    unit_reports.report(AUTHOR, who, "RSV206:E1", "E. Bucolo", "Copie", grade=True)
    unit_reports.report(AUTHOR, who, "RSV206:O1", "D. Morel", "Copie", grade=True)
    assert held(parts)[UNIT] == "PLAG"
    assert any("plagiat signalé par E. Bucolo" in str(reason.message) for reason in line(parts).proposal.reasons)


@pytest.mark.parametrize("first, decision", [("20", "admitted"), ("14", "adjourned"), ("", None)])
def test_what_befell_an_assessment_is_named_whatever_its_unit_is_worth(
    parts: Cohort, first: str, decision: str | None
) -> None:
    copied, absent = parts.participants[:2]
    for who in (copied, absent):
        jury.change(AUTHOR, who, {E1: first, OTHER: "12", "grade-paper": "12"})
    unit_reports.report(AUTHOR, copied, "RSV206:O1", "E. Bucolo", "Copie", grade=True)
    jury.change(AUTHOR, absent, {O1: "ABS"})
    for place, told in ((0, "plagiat signalé par E. Bucolo, 0 à cette épreuve."), (1, "absent·e à cette épreuve, 0.")):
        found = line(parts, place).proposal
        assert found.decision == decision
        assert str(found.reasons[-1].message) == f"RSV206 O1 : {told}"


def test_a_merge_takes_assessments_and_reports_along(parts: Cohort) -> None:
    keep, other = parts.participants[:2]
    unit_reports.report(AUTHOR, other, "RSV206:E1", "E. Bucolo", "Copie", grade=True)
    jury.change(AUTHOR, keep, {O1: "15"})
    assert merging.contradictions(keep, other) == []
    merging.merge(AUTHOR, keep, other)
    assert (held(parts)[E1], held(parts)[UNIT]) == ("PLAG", "5")


def test_two_tables_saved_at_once_do_not_wait_for_each_other_for_ever(cohort: Cohort) -> None:
    failures: list[Exception] = []

    def save(keys: list[str], field: str) -> None:
        try:
            with db.connection(), grade_grid.kept(cohort.id, keys, numbered=False):
                for number, key in enumerate(keys):
                    jury.change(AUTHOR, key, {field: str(number)})
        except Exception as error:  # noqa: BLE001 - told by the thread that waits for this one
            failures.append(error)

    for _round in range(4):
        orders = (cohort.participants, UNIT), (cohort.participants[::-1], OTHER)
        threads = [threading.Thread(target=save, args=(list(keys), field)) for keys, field in orders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert [held(cohort, place)[UNIT] for place in range(6)] == list("012345")
    assert [held(cohort, place)[OTHER] for place in range(6)] == list("543210")


# -- under a number --------------------------------------------------------------------------------------------------


@pytest.fixture
def anonymous(cohort: Cohort) -> Cohort:
    ruled(cohort, anonymous=True)
    return cohort


def test_numbers_are_drawn_once_and_say_nothing_of_names(anonymous: Cohort) -> None:
    assert candidate_numbers.draw(AUTHOR, anonymous.id) == 6
    first = candidate_numbers.numbers(anonymous.id)
    assert len(set(first.values())) == 6
    assert all(100 <= number <= 999 for number in first.values())
    people.create(AUTHOR, anonymous.id, {"last_name": "Zola", "first_name": "Émile"})
    assert candidate_numbers.draw(AUTHOR, anonymous.id) == 1
    again = candidate_numbers.numbers(anonymous.id)
    assert {key: again[key] for key in first} == first
    assert candidate_numbers.draw(AUTHOR, anonymous.id) == 0
    orders = set()
    for number in range(8):
        other = make_cohort(f"AUTRE-{number}")
        candidate_numbers.draw(AUTHOR, other.id)
        orders.add(tuple(other.participants.index(key) for key in candidate_numbers.numbers(other.id)))
    assert len(orders) > 1


def test_units_are_graded_under_a_number_and_nothing_of_them_stands_beside_a_name(anonymous: Cohort) -> None:
    who = anonymous.participants[0]
    candidate_numbers.draw(AUTHOR, anonymous.id)
    number = candidate_numbers.numbers(anonymous.id)[who]
    with pytest.raises(Refused, match="sous un numéro"):
        jury.change(AUTHOR, who, {UNIT: "13"})
    jury.change_numbered(AUTHOR, anonymous.id, number, {UNIT: "9,5", OTHER: "13"})
    jury.change(AUTHOR, who, {"grade-paper": "14"})
    with pytest.raises(Refused, match="seules les notes des unités"):
        jury.change_numbered(AUTHOR, anonymous.id, number, {"grade-paper": "13"})
    with pytest.raises(Refused):
        jury.change_numbered(AUTHOR, anonymous.id, number, {"decision": "admitted"})
    with pytest.raises(Unknown):
        jury.change_numbered(AUTHOR, anonymous.id, 7, {UNIT: "13"})
    found = line(anonymous)
    assert found.grades == {"paper": "14"}
    assert (found.proposal.credits, "9,5" in jury.sentence(found.proposal)) == (0, False)
    assert {name for name in jury.snapshot(anonymous.id)[who] if "RSV" in name} == set()
    candidate_numbers.uncover(AUTHOR, anonymous.id)
    assert line(anonymous).grades == {"paper": "14", "RSV206": "9.5", "RSV207": "13"}
    assert line(anonymous).proposal.credits == 4
    jury.change(AUTHOR, who, {UNIT: "10"})
    with pytest.raises(Refused, match="déjà levé, par Tests"):
        candidate_numbers.uncover(AUTHOR, anonymous.id)
    about = JournalEntry.select(JournalEntry.field).where(JournalEntry.kind == "cohort").order_by(JournalEntry.id)
    assert [row[0] for row in rows(about)][-2:] == ["candidate_numbers", "uncovered"]


def test_names_are_not_uncovered_by_a_setting_nor_where_nobody_asks(anonymous: Cohort, cohort: Cohort) -> None:
    candidate_numbers.draw(AUTHOR, anonymous.id)
    with pytest.raises(Refused, match="levez d'abord l'anonymat") as refused:
        rule_sets.change(AUTHOR, anonymous.id, {"anonymous": "non"}, {}, "Essai", {}, TODAY)
    assert refused.value.field == "anonymous"
    candidate_numbers.uncover(AUTHOR, anonymous.id)
    assert rule_sets.change(AUTHOR, anonymous.id, {"anonymous": "non"}, {}, "Essai", {}, TODAY) == 1
    with pytest.raises(Refused, match="ne demande pas"):
        candidate_numbers.uncover(AUTHOR, make_cohort("AUTRE-2025").id)


def test_grades_entered_beside_names_are_not_put_under_numbers(cohort: Cohort) -> None:
    jury.change(AUTHOR, cohort.participants[0], {"grade-paper": "12"})
    jury.change(AUTHOR, cohort.participants[0], {UNIT: "12"})
    with pytest.raises(Refused, match="RSV206 \\(1\\)") as refused:
        rule_sets.change(AUTHOR, cohort.id, {"anonymous": "oui"}, {}, "Essai", {}, TODAY)
    assert refused.value.field == "anonymous"
    jury.change(AUTHOR, cohort.participants[0], {UNIT: ""})
    assert rule_sets.change(AUTHOR, cohort.id, {"anonymous": "oui"}, {}, "Essai", {}, TODAY) == 1


def test_the_sheet_of_the_jury_leaves_units_out_while_names_are_covered(bench: Bench) -> None:
    cohort, book = bench.cohort, bench.jury
    who, other = cohort.participants[:2]
    ruled(cohort, anonymous=True)
    candidate_numbers.draw(AUTHOR, cohort.id)
    number = candidate_numbers.numbers(cohort.id)[who]
    jury.change_numbered(AUTHOR, cohort.id, number, {UNIT: "13,37"})
    jury.change(AUTHOR, other, {"grade-paper": "14"})
    bench.calm(book)
    assert bench.cell("Jury", who, "RSV206", book) in ("", None)
    assert bench.cell("Jury", other, "Note de validation", book) == 14
    assert "13,37" not in str(bench.cell("Jury", who, "Proposition", book))
    candidate_numbers.uncover(AUTHOR, cohort.id)
    bench.calm(book)
    assert bench.cell("Jury", who, "RSV206", book) == 13.37


def test_two_lines_graded_under_numbers_wait_for_their_names_before_they_merge(anonymous: Cohort) -> None:
    keep, other = anonymous.participants[:2]
    candidate_numbers.draw(AUTHOR, anonymous.id)
    number = candidate_numbers.numbers(anonymous.id)[other]
    jury.change_numbered(AUTHOR, anonymous.id, number, {UNIT: "13"})
    assert merging.contradictions(keep, other) == []
    with pytest.raises(Refused, match="levez d'abord l'anonymat"):
        merging.merge(AUTHOR, keep, other)
    candidate_numbers.uncover(AUTHOR, anonymous.id)
    merging.merge(AUTHOR, keep, other)
    assert held(anonymous)[UNIT] == "13"


def test_types_name_every_field_of_every_work_and_only_the_paper_while_covered(parts: Cohort) -> None:
    rules = people.rule_set(parts.id)
    assert len(grades.types(rules)) == 4 * 7 + 1
    assert {name.rpartition("-")[2] for name in grades.types(rules, covered=True)} == {"paper"}
    assert UNIT not in jury.entered_types(parts.id)
    assert list(grades.headers(rules)) == [E1, O1, UNIT, OTHER, "grade-paper"]
