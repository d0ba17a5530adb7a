"""What the home page tells the office: sheets to fetch, and calendars with faults."""

from datetime import date, timedelta

from store import calendar, calendar_faults, modules, planning, todo, tutoring
from store.awaited_sheets import awaited
from store.by_version import versions
from store.models import Cohort as CohortTable
from store.models import HalfDay, SignInSheet
from store.models.base import now
from tests.pages import AUTHOR
from tests.sync_bench import TUTORS, Cohort, make_cohort

TODAY = date(2025, 3, 1)


def sheet(half_day: str, printed: bool = True, returned: bool = False) -> None:
    SignInSheet.insert(
        half_day=half_day, printed_at=now() if printed else None, returned_at=now() if returned else None
    ).execute()


def told(today: date = TODAY) -> list[tuple[str, bool]]:
    return [(line[1], line[5]) for line in awaited(today)]


def test_where_no_sheet_is_used_none_is_awaited(cohort: Cohort) -> None:
    assert awaited(TODAY) == []


def test_a_printed_sheet_is_awaited_until_it_is_back(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    first, second, third, fourth = cohort.half_days
    sheet(first)
    sheet(second, returned=True)
    sheet(third, printed=False, returned=True)
    # The newest first; the fourth was never printed where others are; nobody awaits those of the other cohort.
    assert told() == [(fourth, False), (first, True)]
    assert awaited(TODAY)[1][:5] == (cohort.code, first, date(2025, 1, 20), "09:30", "Histoire")
    sheet(other.half_days[0], returned=True)
    assert len(awaited(TODAY)) == 5


def test_one_never_printed_is_told_for_sixty_days_and_one_printed_for_good(cohort: Cohort) -> None:
    first, second, *_ = cohort.half_days
    sheet(first)
    sheet(cohort.half_days[2], returned=True)
    sheet(cohort.half_days[3], returned=True)
    day = date(2025, 1, 20)
    assert told(day) == []
    assert told(day + timedelta(days=1)) == [(second, False), (first, True)]
    assert told(day + timedelta(days=60)) == [(second, False), (first, True)]
    assert told(day + timedelta(days=61)) == [(first, True)]


def test_a_half_day_taken_out_and_a_jury_await_nothing(cohort: Cohort) -> None:
    for key in cohort.half_days:
        sheet(key)
    calendar.remove(AUTHOR, cohort.half_days[0])
    calendar.change(AUTHOR, cohort.half_days[1], {"kind": "jury"})
    assert [key for key, _ in told()] == [cohort.half_days[3], cohort.half_days[2]]


# -- Faults ------------------------------------------------------------------------------------------------


def counted(today: date) -> list[tuple[str, int]]:
    return calendar_faults.counted(versions(), today)


def same_as_their_pages(today: date) -> list[tuple[str, int]]:
    """Return what is counted, after holding each number to the page of its calendar."""
    found = counted(today)
    for code, number in found:
        cohort_id = CohortTable.get(CohortTable.code == code).id
        assert len(planning.faults(cohort_id)) == number, code
    return found


def test_faults_are_counted_as_their_own_page_does(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    today = date(2025, 1, 1)
    calendar.change(AUTHOR, cohort.half_days[0], {"teachers": "Inès Faye"})
    calendar.change(AUTHOR, other.half_days[0], {"teachers": "Denis Morel, INES FAYE", "place": "Opale"})
    calendar.change(AUTHOR, other.half_days[3], {"day": "2025-05-11"})
    # Three rooms taken twice at most: the first has another place, the last another day.
    assert dict(same_as_their_pages(today)) == {cohort.code: 3, "AUTRE-2025": 4}
    for key in other.half_days:
        calendar.remove(AUTHOR, key)
    assert same_as_their_pages(today) == []


def test_a_calendar_that_is_over_has_nothing_to_mend(cohort: Cohort) -> None:
    calendar.change(AUTHOR, cohort.half_days[0], {"day": "2025-01-19"})
    assert same_as_their_pages(date(2025, 2, 14)) == [(cohort.code, 1)]
    assert counted(date(2025, 2, 15)) == []
    planning.set_days(AUTHOR, cohort.id, {"last_day": "2025-06-30"})
    assert same_as_their_pages(date(2025, 2, 15)) == [(cohort.code, 1)]


def test_each_kind_of_fault_is_counted(cohort: Cohort) -> None:
    planning.set_days(AUTHOR, cohort.id, {"first_day": "2025-01-20", "last_day": "2025-02-14"})
    module = modules.listed(cohort.id)[0]
    modules.change(AUTHOR, module[0], {"expected_minutes": "10"})
    calendar.change(AUTHOR, cohort.half_days[0], {"day": "2025-05-01"})
    calendar.change(AUTHOR, cohort.half_days[1], {"day": "2025-02-14"})
    HalfDay.update(place="45.1.1", minutes=5).where(HalfDay.id == cohort.half_days[2]).execute()
    [(_code, number)] = same_as_their_pages(date(2025, 2, 1))
    kinds = {fault.kind for fault in planning.faults(cohort.id)}
    assert {"holiday", "outside", "overlap", "length", "access", "programme"} <= kinds
    assert number >= len(kinds)


def test_a_fault_that_another_calendar_brings_is_seen_at_once(cohort: Cohort) -> None:
    today = date(2025, 1, 1)
    assert counted(today) == []
    other = make_cohort("AUTRE-2025")
    assert dict(same_as_their_pages(today)) == {cohort.code: 4, other.code: 4}


def test_three_queries_count_them_all(cohort: Cohort, count_queries) -> None:
    for number in range(3):
        make_cohort(f"AUTRE-{number}")
    with count_queries(3):
        assert len(counted(date(2025, 1, 1))) == 4
    with count_queries(1):
        awaited(TODAY)


def test_an_open_home_page_that_nothing_changed_reads_no_calendar_again(cohort: Cohort, count_queries) -> None:
    with count_queries(3):
        before = counted(TODAY)
    with count_queries(1):
        assert counted(TODAY) == before


# -- Papers ------------------------------------------------------------------------------------------------


def test_papers_without_a_tutor_are_counted_in_each_cohort_until_somebody_follows_them(cohort: Cohort) -> None:
    make_cohort("AUTRE-2025")
    assert todo.papers_without_tutor(versions(), TODAY) == [("AUTRE-2025", 6), (cohort.code, 6)]
    for key, *_ in tutoring.papers(cohort.id)[:5]:
        tutoring.assign(AUTHOR, key, TUTORS[0])
    assert todo.papers_without_tutor(versions(), TODAY) == [("AUTRE-2025", 6), (cohort.code, 1)]
    tutoring.assign(AUTHOR, tutoring.papers(cohort.id)[5][0], TUTORS[1])
    assert todo.papers_without_tutor(versions(), TODAY) == [("AUTRE-2025", 6)]
