"""Certificats de réalisation: what a person attended, what stands in the way, how certificates are numbered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.attendance import AttendanceRule, HalfDay, summary
from rules.message import Message, Refused
from rules.value_times import display_date, display_time

#: What the training is, in the words of the labour code (L. 6313-1).
NATURE = "action de formation"
#: Half-days named in a refusal; the others are counted.
NAMED = 6


@dataclass(frozen=True)
class Taught:
    """One half-day of the calendar; day is ISO, '' where period stands for it. One optional counts nowhere.

    past: it took place; ahead: its date is to come, so that nobody spent time there, whatever was typed already.
    """

    id: str
    day: str
    period: str
    start: str
    minutes: int
    optional: bool = False
    past: bool = True
    ahead: bool = False

    @property
    def label(self) -> str:
        """Name it as staff do: its date and its hour."""
        return " ".join(part for part in (display_date(self.day) or self.period, display_time(self.start)) if part)


@dataclass(frozen=True)
class Span:
    """The days that a certificate is about, ISO and both included; '' and '' for the whole training."""

    first: str = ""
    last: str = ""

    def of(self, calendar: Iterable[Taught]) -> list[Taught]:
        """Keep the half-days of these days: one without a date is of the whole training alone."""
        return [day for day in calendar if not self.first or self.first <= day.day <= self.last]


def span(first: str, last: str, today: str) -> Span:
    """Return the days between two that somebody chose, or the whole training for neither; raise Refused."""
    if not first and not last:
        return Span()
    if not first or not last:
        raise Refused("Donnez le premier et le dernier jour de la période, ou ni l'un ni l'autre.")
    if first > last:
        raise Refused("La période finit avant de commencer.")
    if last > today:
        raise Refused("La période finit après aujourd'hui : un certificat ne dit que ce qui a eu lieu.")
    return Span(first, last)


@dataclass(frozen=True)
class Attended:
    """What one person attended, in minutes; missing: past half-days without any mark.

    remote is part of attended, justified of absent; short: minutes late or left early.
    """

    planned: int
    attended: int
    remote: int
    absent: int
    justified: int
    short: int
    missing: tuple[Taught, ...]


def attended(
    marks: Mapping[str, tuple[str, int | None]], calendar: Iterable[Taught], until: str = "", since: str = ""
) -> Attended:
    """Add up what one person attended; `until` and `since` are the ISO days between which they were enrolled, or ''."""
    days = [day for day in calendar if not day.optional]
    kept = [HalfDay(day.id, day.minutes, past=day.past, ahead=day.ahead) for day in days]
    found = summary(marks, AttendanceRule("none"), kept)
    missing = tuple(
        day for day in days if day.past and not marks.get(day.id)
        and not (day.day and (day.day < since or (until and day.day > until)))
    )
    spent = {status: sum(day.minutes for day in days if _status(marks, day) == status) for status in _WHOLE}
    spent["remote"] -= sum(day.minutes for day in days if day.ahead and _status(marks, day) == "remote")
    return Attended(
        planned=found.total, attended=found.attended, remote=spent["remote"], justified=spent["justified"],
        absent=spent["absent"] + spent["justified"],
        short=sum(min(marks[day.id][1] or 0, day.minutes) for day in days if day.id in marks), missing=missing,
    )  # fmt: skip


#: Statuses that tell of a whole half-day, and that are counted apart.
_WHOLE = ("absent", "justified", "remote")


def _status(marks: Mapping[str, tuple[str, int | None]], day: Taught) -> str:
    return marks.get(day.id, ("", None))[0]


def unrecorded(missing: Iterable[tuple[str, Attended]]) -> Message | None:
    """Say which past half-days are not recorded, and for whom, from (name, attended); None when all are."""
    by_day: dict[Taught, list[str]] = {}
    for name, found in missing:
        for day in found.missing:
            by_day.setdefault(day, []).append(name)
    if not by_day:
        return None
    days = sorted(by_day, key=lambda day: (day.day, day.start))
    told = "; ".join(_told(day, by_day[day]) for day in days[:NAMED])
    if len(days) > NAMED:
        told += f"; + {len(days) - NAMED}"
    return Message(
        "Des demi-journées passées ne sont pas relevées : %(days)s. Faites l'appel, ou confirmez que ces heures "
        "ne sont pas certifiées.", {"days": told},
    )


def _told(day: Taught, names: list[str]) -> str:
    who = ", ".join(names[:3]) + (f" + {len(names) - 3}" if len(names) > 3 else "")
    return f"{day.label} ({who})"


def number(year: int, rank: int) -> str:
    """Write the number of a certificate: CR-2026-0001."""
    return f"CR-{year}-{rank:04d}"
