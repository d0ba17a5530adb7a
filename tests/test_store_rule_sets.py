"""The rule set in force changed by a person: listed for ever, with its reason once teaching has begun."""

import threading
from datetime import date

import pytest

from rules.rule_set import Unit
from store import db, jury, people, rosters, rule_sets
from store.errors import Changed, Refused
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort

BEFORE, DURING = date(2024, 12, 1), date(2025, 6, 1)


def change(cohort: Cohort, texts: dict, reason: str = "", today: date = BEFORE, seen: dict | None = None) -> int:
    return rule_sets.change(AUTHOR, cohort.id, texts, {}, reason, seen or {}, today)


def test_a_setting_is_changed_and_listed(cohort: Cohort) -> None:
    version = people.version(cohort.id)
    assert change(cohort, {"lock_days": "3", "size_max": "24"}) == 2
    rules = people.rule_set(cohort.id)
    assert (rules.lock_days, rules.size_max) == (3, 24)
    assert people.version(cohort.id) > version
    listed = [line[1:] for line in rule_sets.history(cohort.id)]
    assert listed == [("Tests", "size_max", "", "24", ""), ("Tests", "lock_days", "14", "3", "")]


def test_what_changes_nothing_is_not_listed(cohort: Cohort) -> None:
    assert change(cohort, {"lock_days": "14"}) == 0
    assert rule_sets.history(cohort.id) == []


def test_once_teaching_has_begun_a_reason_is_asked_for_and_kept(cohort: Cohort) -> None:
    with pytest.raises(Refused) as refused:
        change(cohort, {"lock_days": "3"}, today=DURING)
    assert refused.value.field == "reason"
    assert people.rule_set(cohort.id).lock_days == 14
    change(cohort, {"lock_days": "3"}, "Décision du 3 mars", DURING)
    assert rule_sets.history(cohort.id)[0][2:] == ("lock_days", "14", "3", "Décision du 3 mars")


def test_a_mark_recorded_is_teaching_begun_whatever_the_dates(cohort: Cohort) -> None:
    rosters.change(AUTHOR, cohort.participants[0], {cohort.half_days[0]: "P"})
    with pytest.raises(Refused):
        change(cohort, {"lock_days": "3"})


def test_two_people_do_not_overwrite_each_other(cohort: Cohort) -> None:
    change(cohort, {"lock_days": "3"})
    with pytest.raises(Changed) as changed:
        change(cohort, {"lock_days": "7"}, seen={"lock_days": "14"})
    assert (changed.value.expected, changed.value.current) == ("14", "3")
    assert change(cohort, {"size_max": "24"}, seen={"lock_days": "14", "size_max": ""}) == 1


TWO = "RSV206 ; Économie sociale ; 8\nRSV207 ; Enquête ; 4"


def test_units_are_given_to_a_promotion_that_had_none(cohort: Cohort) -> None:
    assert change(cohort, {"units": ""}) == 1
    assert jury.works(cohort.id) == ["paper"]
    assert change(cohort, {"units": f"{TWO}\nRSV208 ; Gestion ; 0"}) == 1
    assert people.rule_set(cohort.id).units[2] == Unit("RSV208", "Gestion", 0)
    assert jury.works(cohort.id) == ["RSV206", "RSV207", "RSV208", "paper"]
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV208": "12"})
    assert rule_sets.history(cohort.id)[0][2:] == ("units", "", f"{TWO}\nRSV208 ; Gestion ; 0", "")


@pytest.mark.parametrize(
    "typed",
    ["", "RSV207 ; Enquête ; 4", "UE206 ; Économie sociale ; 8\nRSV207 ; Enquête ; 4",
     "rsv206 ; Économie sociale ; 8\nRSV207 ; Enquête ; 4"],
)  # fmt: skip
def test_a_unit_with_grades_neither_goes_nor_takes_another_code(cohort: Cohort, typed: str) -> None:
    first, second = cohort.participants[:2]
    for key in (first, second):
        jury.change(AUTHOR, key, {"grade-RSV206": "12"})
    people.remove(AUTHOR, second)
    with pytest.raises(Refused, match=r"RSV206 \(2\)\.") as refused:
        change(cohort, {"units": typed})
    assert refused.value.field == "units"
    assert [unit.code for unit in people.rule_set(cohort.id).units] == ["RSV206", "RSV207"]
    assert rule_sets.history(cohort.id) == []
    assert jury.held([first])[first]["grade-RSV206"] == "12"


def test_a_unit_with_grades_may_be_named_and_placed_otherwise(cohort: Cohort) -> None:
    jury.change(AUTHOR, cohort.participants[0], {"grade-RSV206": "12"})
    assert change(cohort, {"units": "U1 ; Autre ; 2\nRSV206 ; Économie ; 6"}) == 1
    assert people.rule_set(cohort.id).units == (Unit("U1", "Autre", 2), Unit("RSV206", "Économie", 6))
    assert jury.held(cohort.participants[:1])[cohort.participants[0]]["grade-RSV206"] == "12"


def test_grades_of_another_promotion_hold_no_unit_of_this_one(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)
    jury.change(AUTHOR, other.participants[0], {"grade-RSV206": "12"})
    assert change(cohort, {"units": "RSV207 ; Enquête ; 4"}) == 1


def test_units_that_changed_meanwhile_are_not_overwritten(cohort: Cohort) -> None:
    change(cohort, {"units": f"{TWO}\nU3 ; Autre ; 1"})
    with pytest.raises(Changed) as changed:
        change(cohort, {"units": "RSV206 ; Économie sociale ; 8"}, seen={"units": TWO})
    assert (changed.value.expected, changed.value.current) == (TWO, f"{TWO}\nU3 ; Autre ; 1")


def test_a_grade_and_the_end_of_its_unit_at_once_leave_no_grade_without_unit(cohort: Cohort) -> None:
    """Whichever comes first, the other is refused."""
    for turn, key in enumerate(cohort.participants):
        change(cohort, {"units": TWO})
        start, told = threading.Barrier(2), []

        def enter(key: str = key, start: threading.Barrier = start, told: list = told) -> None:
            with db.connection():
                start.wait()
                try:
                    jury.change(AUTHOR, key, {"grade-RSV207": "9"})
                except Refused:
                    told.append("grade")

        other = threading.Thread(target=enter)
        other.start()
        start.wait()
        try:
            change(cohort, {"units": "RSV206 ; Économie sociale ; 8"})
        except Refused:
            told.append("unit")
        other.join()
        assert len(told) == 1, (turn, told)
        known = [unit.code for unit in people.rule_set(cohort.id).units]
        assert ("RSV207" in known) == ("grade-RSV207" in jury.held([key]).get(key, {}))
        jury.change(AUTHOR, key, {"grade-RSV207": ""} if "RSV207" in known else {})
