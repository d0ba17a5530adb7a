"""Half-days: what a change writes, lengths, removal, and headers of the attendance matrix."""

from datetime import date

import pytest

from store import calendar, totals
from store.errors import Changed, Refused, Unknown
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def first(cohort: Cohort) -> str:
    return cohort.half_days[0]


def test_a_new_time_changes_the_length(cohort: Cohort, first: str) -> None:
    assert calendar.change(AUTHOR, first, {"end": "13h"}) == {"end": "13:00"}
    assert calendar.half_day(cohort.id, first)["minutes"] == 210


def test_a_half_day_is_checked_whole(cohort: Cohort, first: str) -> None:
    before = calendar.snapshot(cohort.id)
    for raw, field in (
        ({"start": "13h"}, "end"), ({"day": ""}, "day"), ({"end": ""}, "start"), ({"kind": ""}, "kind"),
        ({"place": "45.1.1"}, "place"), ({"teachers": "M" * 501}, "teachers"), ({"place": "P" * 201}, "place"),
        ({"period": "P" * 256}, "period"), ({"module": "99"}, "module"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            calendar.change(AUTHOR, first, raw)
        assert refused.value.field == field
    assert calendar.snapshot(cohort.id) == before


def test_a_long_list_of_teachers_is_kept_and_a_pasted_page_is_refused_in_words(cohort: Cohort, first: str) -> None:
    calendar.change(AUTHOR, first, {"teachers": "N" * 500})
    with pytest.raises(Refused, match=r"« NNNNNNNNNNNNNNNNNNNN… » est trop long .* 5000 caractères, 500 au plus"):
        calendar.change(AUTHOR, first, {"teachers": "N" * 5000})
    assert calendar.snapshot(cohort.id)[first]["teachers"] == "N" * 500


def test_a_value_that_moved_meanwhile_is_not_overwritten(cohort: Cohort, first: str) -> None:
    calendar.change(AUTHOR, first, {"teachers": "A"})
    with pytest.raises(Changed):
        calendar.change(AUTHOR, first, {"teachers": "B"}, {"teachers": ""})
    assert calendar.snapshot(cohort.id)[first]["teachers"] == "A"


def test_every_old_date_stays_and_the_last_one_is_shown(cohort: Cohort, first: str) -> None:
    for day in ("22/01/2025", "23/01/2025"):
        calendar.change(AUTHOR, first, {"day": day})
    assert totals.former_days(cohort.id) == {first: "2025-01-22"}


def test_an_undated_half_day_needs_a_period_and_a_length(cohort: Cohort) -> None:
    for raw, minutes in (({"kind": "course"}, 60), ({"kind": "course", "period": "Semaine 1"}, None)):
        with pytest.raises(Refused):
            calendar.create(AUTHOR, cohort.id, raw, minutes)
    key = calendar.create(AUTHOR, cohort.id, {"kind": "course", "period": "Semaine 1"}, 210)
    assert calendar.half_day(cohort.id, key)["minutes"] == 210
    assert list(calendar.snapshot(cohort.id))[-1] == key


def test_a_removed_half_day_can_come_back(cohort: Cohort, first: str) -> None:
    before = calendar.snapshot(cohort.id)
    calendar.remove(AUTHOR, first)
    assert first not in calendar.snapshot(cohort.id)
    assert calendar.removed(cohort.id) == {first}
    assert calendar.half_day(cohort.id, first) is None
    calendar.restore(AUTHOR, first)
    assert calendar.snapshot(cohort.id) == before


def test_a_half_day_belongs_to_its_cohort(cohort: Cohort, first: str) -> None:
    other = make_cohort("AUTRE-2025")
    assert calendar.half_day(other.id, first) is None
    with pytest.raises(Unknown):
        calendar.change(AUTHOR, "S-NOBODY22", {"teachers": "A"})


def test_neighbours_follow_the_calendar(cohort: Cohort) -> None:
    keys = cohort.half_days
    assert calendar.neighbours(cohort.id, keys[0]) == ("", keys[1])
    assert calendar.neighbours(cohort.id, keys[-1]) == (keys[-2], "")


def test_headers_are_unique(cohort: Cohort) -> None:
    for _ in range(2):
        calendar.create(AUTHOR, cohort.id, {"kind": "course", "period": "Semaine 1", "module": "1"}, 60)
    headers = list(calendar.headers(cohort.id).values())
    assert headers[0] == "20/01/2025 9h30"
    assert headers[-2:] == ["1 Semaine 1", "1 Semaine 1 (2)"]
    assert len(set(headers)) == len(headers)


def test_a_day_lists_the_half_days_of_every_cohort(cohort: Cohort) -> None:
    make_cohort("AUTRE-2025")
    found = calendar.on_day(date(2025, 1, 20))
    assert [row[0] for row in found] == ["AUTRE-2025", "TEST-2025", "AUTRE-2025", "TEST-2025"]
    assert calendar.on_day(date(2025, 1, 21)) == []
