"""A promotion opened from nothing: its programme, code and days, the rule set it begins with, its journal."""

from dataclasses import replace
from datetime import date

import pytest

from rules.rule_set import PLAIN
from rules.rule_texts import revised
from store import journal, openings, people, planning, rule_sets
from store.errors import Refused
from tests.pages import AUTHOR
from tests.sync_bench import Cohort

NEW = {
    "programme": "", "new_programme": "Certificat  Culture", "code": "cult-2027", "title": "Culture, 2027",
    "period": "", "first_day": "lundi 18 janvier 2027", "last_day": "25/06/2027", "rules": "",
}  # fmt: skip


def test_a_first_cohort_is_opened_where_nothing_is_and_asks_for_nothing(database_url: str) -> None:
    assert openings.open_cohort(AUTHOR, NEW) == "CULT-2027"
    key, *found = people.cohort("CULT-2027")[:5]
    assert found == ["CULT-2027", "Culture, 2027", "Certificat Culture", "18 janvier 2027 – 25 juin 2027"]
    assert planning.days(key) == {"first_day": "2027-01-18", "last_day": "2027-06-25"}
    rules = people.rule_set(key)
    assert rules == PLAIN
    assert (rules.attendance.kind, rules.paper_required, rules.units, rules.fees_required) == ("none", False, (), False)
    told = {(field, after) for _at, _by, _door, kind, code, field, _b, after in journal.entries(key)
            if (kind, code) == ("cohort", "CULT-2027")}  # fmt: skip
    assert told == {
        ("title", "Culture, 2027"), ("programme", "Certificat Culture"), ("period", "18 janvier 2027 – 25 juin 2027"),
        ("first_day", "2027-01-18"), ("last_day", "2027-06-25"),
    }  # fmt: skip


def test_days_and_period_may_wait(database_url: str) -> None:
    openings.open_cohort(AUTHOR, {**NEW, "first_day": "", "last_day": "", "period": " 2026 -  2027 "})
    key, *found = people.cohort("CULT-2027")[:5]
    assert found[-1] == "2026 - 2027"
    assert planning.days(key) == {"first_day": "", "last_day": ""}
    openings.open_cohort(AUTHOR, {**NEW, "code": "SANS", "first_day": "", "last_day": ""})
    assert people.cohort("SANS")[4] == ""


def test_the_rules_of_another_cohort_come_with_their_sources_and_without_its_deadline(cohort: Cohort) -> None:
    texts = {"paper_due": "30/06/2025", "size_max": "20"}
    sources = {"paper_due": "Calendrier 2025", "size_max": "Règlement, § 2"}
    rule_sets.change(AUTHOR, cohort.id, texts, sources, "", {}, date(2024, 1, 1))
    theirs = people.rule_set(cohort.id)
    openings.open_cohort(AUTHOR, {**NEW, "rules": cohort.code})
    key = people.cohort("CULT-2027")[0]
    taken = people.rule_set(key)
    assert taken == replace(theirs, paper_due=None, sources={"size_max": "Règlement, § 2"} | {
        name: text for name, text in theirs.sources.items() if name != "paper_due"})  # fmt: skip
    assert taken.units == theirs.units
    assert taken.source("size_max") == "Règlement, § 2"
    assert people.announced(key)[1] == [f"Règlement repris de {cohort.code}."]
    assert revised(taken, {}, {}) == taken
    assert ("taken_rules", cohort.code) in {(entry[5], entry[7]) for entry in journal.entries(key)}


def test_a_programme_is_never_doubled_by_its_spelling(cohort: Cohort) -> None:
    openings.open_cohort(AUTHOR, {**NEW, "new_programme": "CERTIFICAT d'essai"})
    openings.open_cohort(AUTHOR, {**NEW, "new_programme": "", "programme": "Certificat d'essai", "code": "C-3"})
    assert openings.programmes() == ["Certificat d'essai"]


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"new_programme": " "}, "new_programme", "Choisissez une formation, ou donnez"),
        ({"programme": "Certificat d'essai"}, "new_programme", "pas les deux"),
        ({"new_programme": "", "programme": "Rien"}, "programme", "« Rien »"),
        ({"new_programme": "F" * 256}, "new_programme", "256 caractères, 255 au plus"),
        ({"code": ""}, "code", "se compose"), ({"code": "CS 26"}, "code", "se compose"),
        ({"code": "-C"}, "code", "se compose"), ({"code": "C" * 31}, "code", "se compose"),
        ({"code": "test-2025"}, "code", "déjà une promotion TEST-2025"),
        ({"title": ""}, "title", "titre"), ({"title": "T" * 256}, "title", "trop long"),
        ({"period": "P" * 256}, "period", "trop long"),
        ({"first_day": "bientôt"}, "first_day", "n'est pas une date"),
        ({"last_day": "01/01/2027"}, "last_day", "après le premier"),
        ({"rules": "NOWHERE"}, "rules", "« NOWHERE »"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field_and_writes_nothing(
    cohort: Cohort, values: dict, field: str, told: str
) -> None:
    with pytest.raises(Refused, match=told) as error:
        openings.open_cohort(AUTHOR, NEW | values)
    assert error.value.field == field
    assert [row[1] for row in people.cohorts()] == [cohort.code]
    assert openings.programmes() == ["Certificat d'essai"]


def test_a_code_taken_between_the_look_and_the_write_is_refused(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "cohort", lambda _code: None)
    with pytest.raises(Refused, match="déjà une promotion TEST-2025"):
        openings.open_cohort(AUTHOR, {**NEW, "code": "TEST-2025"})
