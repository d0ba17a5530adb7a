"""Registers of a cohort: hours by participant, by teacher and by funder, and every mark. Durations are in minutes."""

from collections.abc import Iterable
from datetime import date

from rules import teachers as rules
from rules.attendance import cell_of
from rules.calendar import KINDS
from store import calendar, certificate_lines, hours, people

#: Of a half-day whose teacher is not known, and of a place that nobody is known to pay.
UNKNOWN = "non renseigné"


def participants(cohort_id: int, today: date) -> list[tuple]:
    """List everyone as (last name, first name, employer, funding, planned, attended, remote, absent, justified,
    late or left early, half-days not recorded, certificate in force)."""  # fmt: skip
    return [
        (
            line.last_name, line.first_name, line.employer, people.FUNDINGS.get(line.funding, ""), line.hours.planned,
            line.hours.attended, line.hours.remote, line.hours.absent, line.hours.justified, line.hours.short,
            len(line.hours.missing), line.in_force.number if line.in_force else "",
        )
        for line in certificate_lines.lines(cohort_id, today)
    ]  # fmt: skip


def funders(cohort_id: int, today: date) -> list[tuple]:
    """List each way of funding as (funding, people, planned, attended, absent)."""
    found: dict[str, list[int]] = {}
    for line in certificate_lines.lines(cohort_id, today):
        sums = found.setdefault(people.FUNDINGS.get(line.funding, UNKNOWN), [0, 0, 0, 0])
        for place, value in enumerate((1, line.hours.planned, line.hours.attended, line.hours.absent)):
            sums[place] += value
    return [(funding, *sums) for funding, sums in sorted(found.items())]


def _half_days(cohort_id: int) -> Iterable[dict]:
    return (dict(zip(calendar.COLUMNS, row, strict=True)) for row in calendar.half_days(cohort_id))


def taught(cohort_id: int, today: date) -> list[tuple]:
    """List what each teacher teaches as (teacher, day or period, start, end, minutes, kind, module, place, given).

    A half-day that several teach is counted whole for each of them; `given` tells that it took place.
    """
    past = {day.id for day in hours.taught(cohort_id, today) if day.past}
    found = []
    for place, row in enumerate(_half_days(cohort_id)):
        for name in rules.names(row["teachers"]) or [UNKNOWN]:
            module = calendar.module_label(row["module"], row["title"]) if row["module"] else ""
            found.append((
                name, place, row["day"] or row["period"], row["start"], row["end"], row["minutes"], KINDS[row["kind"]],
                module, row["place"], row["id"] in past,
            ))  # fmt: skip
    return [(row[0], *row[2:]) for row in sorted(found, key=lambda row: row[:2])]


def teachers(cohort_id: int, today: date) -> list[tuple]:
    """List the teachers as (teacher, half-days, planned, given)."""
    found: dict[str, list[int]] = {}
    for row in taught(cohort_id, today):
        sums = found.setdefault(row[0], [0, 0, 0])
        for place, value in enumerate((1, row[4], row[4] if row[8] else 0)):
            sums[place] += value
    return [(name, *sums) for name, sums in found.items()]


def marks(cohort_id: int) -> tuple[list[str], list[tuple]]:
    """Return the half-days as the attendance matrix calls them, and everyone as (last name, first name, *cells)."""
    headers, recorded = calendar.headers(cohort_id), hours.marks(cohort_id)
    lines = [
        (last, first, *(cell_of(*recorded.get(key, {}).get(day, ("", None))) for day in headers))
        for key, last, first, _, _, left, _ in hours.everyone(cohort_id)
        if left is None or key in recorded
    ]
    return list(headers.values()), lines
