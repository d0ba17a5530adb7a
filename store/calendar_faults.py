"""How many faults the calendars have that are not over: all cohorts at once, for the home page."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from rules.calendar_checks import Announced, Limits, Planned, check
from store import public_holidays
from store.db import as_date, rows

_LIVE = """
    SELECT c.id FROM cohort c
    WHERE c.last_day >= ? OR EXISTS (SELECT 1 FROM half_day l
                                     WHERE l.cohort_id = c.id AND l.deleted_at IS NULL AND l.day >= ?)
"""
# The half-days of the calendars that are not over, and those of any other on the same days.
_HALF_DAYS = f"""
    WITH live AS ({_LIVE})
    SELECT c.id, c.code, c.id IN (SELECT id FROM live), c.first_day, c.last_day,
           h.id, h.day, h.start, h."end", h.minutes, m.number, m.title, h.place, h.teachers, h.modality,
           h.period, h.kind
    FROM half_day h JOIN cohort c ON c.id = h.cohort_id LEFT JOIN module m ON m.id = h.module_id
    WHERE h.deleted_at IS NULL AND (h.cohort_id IN (SELECT id FROM live) OR h.day IN (
          SELECT o.day FROM half_day o WHERE o.deleted_at IS NULL AND o.cohort_id IN (SELECT id FROM live)))
    ORDER BY c.code, h.day, h.start, h.position
"""  # noqa: S608
_ANNOUNCED = f"""
    SELECT c.code, m.number, m.title, m.expected_minutes FROM module m JOIN cohort c ON c.id = m.cohort_id
    WHERE m.expected_minutes IS NOT NULL AND c.id IN ({_LIVE}) ORDER BY c.code, m.position
"""  # noqa: S608


def counted(cohorts: Mapping[int, int], today: date) -> list[tuple[str, int]]:
    """Return (cohort code, faults) of every calendar that is not over and has some, as its own page counts them.

    Of all cohorts, given as {cohort: version}.
    """
    return list(_as_they_stand(tuple(cohorts.items()), today))


# Kept by all the versions together, since a fault may come from another cohort.
@lru_cache(maxsize=4)
def _as_they_stand(_versions: tuple[tuple[int, int], ...], today: date) -> tuple[tuple[str, int], ...]:
    half_days = rows(_HALF_DAYS, today, today)
    return _counted(tuple(map(tuple, half_days)), tuple(map(tuple, rows(_ANNOUNCED, today, today))))


# Kept by what the calendars hold too: a mark on a roster changes a version, and no fault.
@lru_cache(maxsize=4)
def _counted(half_days: tuple[tuple, ...], announced: tuple[tuple, ...]) -> tuple[tuple[str, int], ...]:
    by_cohort: dict[str, list[Planned]] = {}
    limits: dict[str, tuple[date | None, date | None]] = {}
    for row in half_days:
        by_cohort.setdefault(row[1], []).append(_planned(row))
        if row[2]:
            limits[row[1]] = (as_date(row[3]), as_date(row[4]))
    by_day: dict[date, list[Planned]] = {}
    for one in (one for lines in by_cohort.values() for one in lines if one.day):
        by_day.setdefault(one.day, []).append(one)  # type: ignore[arg-type]
    holidays = public_holidays.among(by_day)
    found = []
    for code, (first, last) in limits.items():
        mine = by_cohort[code]
        modules = [Announced(*row[1:]) for row in announced if row[0] == code]
        faults = check(mine, modules, Limits(holidays, first, last), _elsewhere(code, mine, by_day))
        if faults:
            found.append((code, len(faults)))
    return tuple(found)


def _planned(row: Sequence) -> Planned:
    return Planned(
        row[5], row[1], as_date(row[6]), *row[7:10], row[10] or "", row[11] or "", row[12], row[13],
        row[14] == "remote", row[15], row[16] == "jury",
    )  # fmt: skip


def _elsewhere(code: str, mine: Sequence[Planned], by_day: dict[date, list[Planned]]) -> list[Planned]:
    days = {one.day for one in mine if one.day}
    return [one for day in sorted(days) for one in by_day[day] if one.cohort != code]
