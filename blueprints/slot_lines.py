"""The half-days of a preview: what a form describes, and each as one line that says all of itself."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from blueprints import access, htmx
from rules import recurrence
from rules.calendar import check_hours
from rules.calendar_checks import Planned
from rules.durations import parse_duration
from rules.message import Message
from rules.normal_form import fold
from rules.recurrence import Around
from rules.value_times import WEEKDAYS
from rules.values import parse_date, parse_time
from store import calendar, planning, public_holidays
from store.errors import Refused
from store.planning import Slot


@dataclass(frozen=True)
class Line:
    """One half-day of a preview: its value in the form, its place in words, its faults."""

    value: str
    weekday: str
    day: date | None
    period: str
    start: str
    end: str
    minutes: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What would be created, and what in the description had no effect."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    minutes: int
    faulty: int


def described(cohort_id: int, way: str, typed: Mapping[str, str], weekdays: Sequence[str]) -> tuple[list[Slot], tuple]:
    """Return the half-days that a form describes, and notes; raise Refused naming the field that is wrong."""
    if way == "periods":
        slots = _undated(typed)
        return slots, _twice(cohort_id, typed)
    around, get = _around(cohort_id), typed.get
    field = "sentence"
    try:
        if way == "fields":
            field = "first"
            first = parse_date(get("first", ""))
            field = "last"
            last = parse_date(get("last", ""))
            field = "times"
            every = int(get("every", "1")) if get("every", "1") in ("1", "2", "3", "4") else 1
            days = [int(number) for number in weekdays if number in "0123456" and number]
            found = recurrence.from_fields(first, last, days, every, get("times", ""), get("without", ""), around)
        else:
            found = recurrence.read(get("sentence", ""), around)
    except Refused as error:
        error.field = field  # type: ignore[attr-defined]
        raise
    return [Slot(day.isoformat(), start, end) for day, start, end in found.slots()], found.notes


def _around(cohort_id: int) -> Around:
    """Return what a sentence may leave out: without days of its own, a promotion begins with its calendar."""
    state = planning.state(cohort_id)
    first = state.first_day or min((row[6] for row in calendar.half_days(cohort_id) if row[6]), default=None)
    return Around(htmx.today(), first, state.last_day, public_holidays.is_one)


def _periods(typed: Mapping[str, str]) -> list[str]:
    return [" ".join(line.split()) for line in typed.get("periods", "").splitlines() if line.strip()]


def _twice(cohort_id: int, typed: Mapping[str, str]) -> tuple[Message, ...]:
    """Say which periods are written twice, and which the calendar has: nothing else tells that without dates."""
    written = Counter(map(fold, _periods(typed)))
    known = Counter(fold(row[5]) for row in calendar.half_days(cohort_id) if not row[6] and row[5])
    found = []
    for key, period in {fold(period): period for period in reversed(_periods(typed))}.items():
        if written[key] > 1:
            values = {"period": period, "count": written[key]}
            found.append(Message("« %(period)s » est écrite %(count)s fois.", values))
        if known[key]:
            values = {"period": period, "count": known[key]}
            found.append(Message("« %(period)s » compte déjà %(count)s demi-journée(s) au calendrier.", values))
    return tuple(reversed(found))


def _undated(typed: Mapping[str, str]) -> list[Slot]:
    """Return half-days without a date: each line is a period, each length or timetable one half-day of it."""
    periods, lengths = _periods(typed), typed.get("lengths", "")
    try:
        if not periods:
            raise Refused("Écrivez une période par ligne ; exemple : Semaine 3 / décembre 2020.")
        parts = _lengths(lengths)
        if len(periods) * len(parts) > recurrence.MOST:
            raise Refused("Cela fait %(count)s demi-journées ; %(most)s au plus s'ajoutent en une fois.",
                          count=len(periods) * len(parts), most=recurrence.MOST)  # fmt: skip
    except Refused as error:
        error.field = "lengths" if periods else "periods"  # type: ignore[attr-defined]
        raise
    return [Slot("", start, end, period, minutes) for period in periods for start, end, minutes in parts]


def _lengths(text: str) -> list[tuple[str, str, int | None]]:
    try:
        return [(start, end, None) for start, end in sorted(recurrence.hours(text))]
    except Refused as error:
        parts = [part for part in text.replace(",", " et ").split(" et ") if part.strip()]
        if not parts or "-" in text or "à" in text:
            raise error
        return [("", "", int(parse_duration(part))) for part in parts]


def preview(
    cohort: access.Cohort, slots: Sequence[Slot], common: Mapping[str, str], notes: Sequence[Message]
) -> Preview:
    """Return a preview of half-days with the faults that each would have in its calendar."""
    lengths = [check_hours(slot.start, slot.end, slot.minutes) for slot in slots]
    named = [str(number) for number in range(len(slots))]
    half_days = [
        Planned(
            f"new-{key}", cohort.code, date.fromisoformat(slot.day) if slot.day else None, slot.start, slot.end, length,
            common.get("module", ""), "", common.get("place", ""), common.get("teachers", ""),
            common.get("modality") == "remote", slot.period, common.get("kind") == "jury",
        )
        for key, slot, length in zip(named, slots, lengths, strict=True)
    ]  # fmt: skip
    faults: dict[str, list[str]] = defaultdict(list)
    for fault in planning.faults_of(cohort.id, half_days, calendar.half_days(cohort.id)):
        faults[fault.half_day].append(htmx.say(fault.message))
    lines = tuple(_line(one, slot, tuple(faults[one.id])) for one, slot in zip(half_days, slots, strict=True))
    said = tuple(htmx.say(note) for note in notes)
    return Preview(lines, said, sum(lengths), sum(bool(line.faults) for line in lines))


def _line(one: Planned, slot: Slot, faults: tuple[str, ...]) -> Line:
    value = "|".join((slot.day, slot.start, slot.end, str(slot.minutes or ""), slot.period))
    weekday = _(WEEKDAYS[one.day.weekday()])[:3] if one.day else ""
    return Line(value, weekday, one.day, one.period, one.start, one.end, one.minutes, faults)


def slot(line: str) -> Slot:
    """Read a line of a preview back."""
    parts = line.split("|", 4)
    if len(parts) != 5 or not (parts[3] == "" or parts[3].isdecimal() and len(parts[3]) < 6):
        raise Refused("Cet aperçu ne se lit plus : refaites-le.")
    day, start, end, minutes, period = parts
    return Slot(parse_date(day), parse_time(start), parse_time(end), period, int(minutes) if minutes else None)
