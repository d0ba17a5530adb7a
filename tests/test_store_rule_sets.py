"""The rule set in force changed by a person: listed for ever, with its reason once teaching has begun."""

from datetime import date

import pytest

from store import people, rosters, rule_sets
from store.errors import Changed, Refused
from tests.pages import AUTHOR
from tests.sync_bench import Cohort

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
