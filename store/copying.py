"""A calendar copied to the next edition: modules and half-days under new ids, moved by whole weeks."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from rules.calendar_checks import Fault, Planned
from rules.message import Message
from rules.periods import later, month_of
from rules.value_times import long_date
from rules.values import parse_date
from store import calendar, modules, openings, people, planning
from store.changes import refused
from store.db import database, rows
from store.journal import Author

#: What is copied of a half-day as it is; its day moves, its id is new.
_COPIED = ("module", "period", "start", "end", "kind", "modality", "place", "teachers")


class Copied(NamedTuple):
    """One half-day as it would be in the next edition: its source, and its canonical values."""

    source: str
    minutes: int
    values: Mapping[str, str]


class Edition(NamedTuple):
    """A cohort to be opened: its code, its title and its first day."""

    code: str
    title: str
    first_day: date


def first_day(cohort_id: int) -> date | None:
    """Return the first day of a calendar, or else of its promotion, or of the first month it names."""
    half_days = calendar.half_days(cohort_id)
    if known := [row[6] for row in half_days if row[6]]:
        return min(known)
    months = [month for row in half_days if (month := month_of(row[5]))]
    return planning.state(cohort_id).first_day or min(months, default=None)


def weeks_to(source_id: int, day: date) -> int:
    """Return by how many whole weeks a calendar moves so as to begin near a day, each on its day of the week."""
    begins = first_day(source_id)
    return round((day - begins).days / 7) if begins else 0


def edition(code: str, title: str, day: str) -> Edition:
    """Read what describes a cohort to be opened; raise Refused naming the field that is wrong."""
    code, title = openings.code_of(code), openings.title_of(title)
    try:
        begins = parse_date(day)
    except ValueError as error:
        error.field = "first_day"  # type: ignore[attr-defined]
        raise
    if not begins:
        raise refused("first_day", Message("Indiquez le premier jour de la nouvelle promotion."))
    return Edition(code, title, date.fromisoformat(begins))


def proposed(source_id: int, weeks: int) -> list[Copied]:
    """List the half-days of a calendar as they would be after so many weeks."""
    found = []
    for row in calendar.half_days(source_id):
        values = dict(zip(calendar.COLUMNS, row, strict=True))
        kept = {name: values[name] or "" for name in _COPIED}
        day = values["day"] + timedelta(weeks=weeks) if values["day"] else None
        moved = {"day": day.isoformat() if day else "", "period": later(kept["period"], weeks)}
        found.append(Copied(row[0], values["minutes"], kept | moved))
    return found


def faults(source_id: int, copies: Iterable[Copied], target_id: int | None = None) -> dict[str, list[Fault]]:
    """Return {source half-day: faults that its copy would have}, in a cohort that exists or in one to come."""
    titles = {row[1]: row[2] for row in modules.listed(source_id)}
    half_days = [
        Planned(
            one.source, "", date.fromisoformat(one.values["day"]) if one.values["day"] else None, one.values["start"],
            one.values["end"], one.minutes, one.values["module"], titles.get(one.values["module"], ""),
            one.values["place"], one.values["teachers"], one.values["modality"] == "remote", one.values["period"],
            one.values["kind"] == "jury",
        )
        for one in copies
    ]  # fmt: skip
    among = calendar.half_days(target_id) if target_id else []
    found: dict[str, list[Fault]] = {}
    for fault in planning.faults_of(target_id, half_days, among):
        found.setdefault(fault.half_day, []).append(fault)
    return found


def open_cohort(author: Author, source_id: int, new: Edition, weeks: int) -> int:
    """Open the next edition of a cohort, under the same rules and announced totals; return its id."""
    programme, notes = _described(source_id)
    dated = [one.values["day"] for one in proposed(source_id, weeks) if one.values["day"]]
    if last := planning.state(source_id).last_day:
        dated.append((last + timedelta(weeks=weeks)).isoformat())
    begins, ends = (min(dated), max(dated)) if dated else (new.first_day.isoformat(), "")
    period = " – ".join(long_date(day).partition(" ")[2] for day in (begins, ends) if day)
    with database.atomic():
        cohort_id = people.add_cohort(
            author, programme, new.code, new.title, period, people.rule_set(source_id),
            people.expected_totals(source_id), "\n".join(notes),
        )  # fmt: skip
        first = min(begins, new.first_day.isoformat())
        planning.set_days(author, cohort_id, {"first_day": first, "last_day": ends})
    return cohort_id


def _described(cohort_id: int) -> tuple[str, list[str]]:
    query = "SELECT p.title, c.code FROM cohort c JOIN programme p ON p.id = c.programme_id WHERE c.id = ?"
    title, code = rows(query, cohort_id)[0]
    return title, [f"Calendrier copié de {code}.", *people.announced(cohort_id)[1]]


def copy(author: Author, source_id: int, target_id: int, weeks: int, without: Iterable[str] = ()) -> list[str]:
    """Copy modules and half-days into another cohort, all or none; return the new half-days.

    `without` names half-days of the source that are left out. A module that the target has already, by its
    number, is kept as it is there.
    """
    left_out = set(without)
    with database.atomic():
        known = set(calendar.module_labels(target_id))
        for _id, number, title, bloc, optional, expected, _placed, _count in modules.listed(source_id):
            if number not in known:
                modules.add(author, target_id, {
                    "number": number, "title": title, "bloc": bloc, "optional": "oui" if optional else "",
                    "expected_minutes": f"{expected} min" if expected else "",
                })  # fmt: skip
        return [
            calendar.create(author, target_id, one.values, one.minutes)
            for one in proposed(source_id, weeks)
            if one.source not in left_out
        ]
