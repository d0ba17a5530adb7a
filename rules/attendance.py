"""Hours missed, what the rule of the promotion allows, and what it makes of them.

Everything is counted in whole minutes: 18.0 h of 90 at 20 % is exactly the limit, which
floating hours would not tell from just above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.marks import (
    BY_CODE,
    MOST_MINUTES,
    STATUSES,
    Status,
    cell_of,
    check_mark,
    display_cell,
    mark_of,
    parse_cell,
)

__all__ = ["BY_CODE", "MOST_MINUTES", "RULE_KINDS", "STANDINGS", "STATUSES", "AttendanceRule", "HalfDay", "Status",
           "Summary", "cell_of", "check_mark", "display_cell", "hours_text", "mark_of", "minutes_allowed",
           "minutes_counted", "parse_cell", "standing", "summary"]

RULE_KINDS = {
    "share": "part des heures",
    "full": "participation à l'intégralité des modules",
    "none": "aucune règle",
}


#: Where somebody stands before the rule, from nothing to say to what cannot be mended.
STANDINGS = {
    "free": "aucune règle",
    "fine": "dans la règle",
    "watched": "à surveiller",
    "impossible": "ne peut plus satisfaire à l'assiduité",
    "defaulted": "défaillant·e",
}


@dataclass(frozen=True)
class AttendanceRule:
    """What the promotion asks of attendance, and the document that says so.

    kind: `share` (absent for strictly more than share_percent of the hours is défaillant),
    `full` (every module), `none`. justified_counts: a justified absence counts as hours absent.
    late_counts: minutes late or left early count too.
    """

    kind: str
    share_percent: int | None = None
    source: str = ""
    justified_counts: bool = True
    late_counts: bool = False
    #: Shares of the hours allowed, in percent, from which a participant is watched.
    thresholds: tuple[int, ...] = (50, 80)

    def __post_init__(self) -> None:
        if self.kind not in RULE_KINDS:
            raise ValueError(f"unknown attendance rule {self.kind!r}")
        share = self.share_percent
        if self.kind == "share" and not (isinstance(share, int) and 0 <= share <= 100):
            raise ValueError("a share rule needs a whole percentage between 0 and 100")
        object.__setattr__(self, "thresholds", tuple(self.thresholds))
        if not all(isinstance(percent, int) and 0 < percent <= 100 for percent in self.thresholds):
            raise ValueError("a threshold is a whole percentage of the hours allowed, between 1 and 100")


@dataclass(frozen=True)
class HalfDay:
    """One half-day of the calendar as attendance sees it.

    module: the module's number; optional: counted nowhere, like the jury's; past: it has taken place; ahead: its date
    is to come, where one without a date is neither.
    """

    id: int | str
    minutes: int
    module: int | str = ""
    title: str = ""
    optional: bool = False
    past: bool = True
    ahead: bool = False


@dataclass(frozen=True)
class Summary:
    """Where one participant stands. Every duration is in minutes.

    allowed and left are None when the rule sets no number of hours. attended: the time really
    spent in recorded half-days, whatever the rule counts: none in those to come. not_recorded: past half-days without
    any mark, which are neither presence nor absence.
    """

    total: int
    absent: int
    allowed: int | None
    left: int | None
    attended: int
    defaulted: bool
    cannot_comply: bool
    missed: tuple[HalfDay, ...]
    not_recorded: int


def summary(marks: Mapping[int | str, tuple[str, int | None]], rule: AttendanceRule,
            calendar: Iterable[HalfDay]) -> Summary:
    """Count one participant's hours and apply the rule.

    marks: half-day id -> (status, minutes); a half-day without a mark is not recorded. A mark on
    a half-day to come (an announced absence) already counts.
    """
    counted = [day for day in calendar if not day.optional]
    seen = [(day, *marks.get(day.id, ("", None))) for day in counted]
    total = sum(day.minutes for day in counted)
    absent = sum(_absent_minutes(day, status, minutes, rule) for day, status, minutes in seen)
    allowed = minutes_allowed(rule, total)
    defaulted = rule.kind == "share" and absent * 100 > total * (rule.share_percent or 0)
    return Summary(
        total=total,
        absent=absent,
        allowed=allowed,
        left=None if allowed is None else max(0, allowed - absent),
        attended=sum(_attended_minutes(day, status, minutes) for day, status, minutes in seen if not day.ahead),
        defaulted=defaulted,
        cannot_comply=defaulted or (rule.kind == "full" and absent > 0),
        missed=tuple(day for day, status, _ in seen if BY_CODE[status].missed),
        not_recorded=sum(1 for day, status, _ in seen if day.past and not status),
    )


def minutes_allowed(rule: AttendanceRule, total: int) -> int | None:
    """Give the minutes that may be missed of so many planned; None when the rule sets no number."""
    # Absences are whole minutes, so the floor of the exact limit is the exact limit for them.
    if rule.kind == "share":
        return total * (rule.share_percent or 0) // 100
    return 0 if rule.kind == "full" else None


def minutes_counted(absent: int, justified: int, partial: int, rule: AttendanceRule) -> int:
    """Give the minutes that count as absent, from those missed whole, missed with a reason, and late or left early."""
    return absent + justified * rule.justified_counts + partial * rule.late_counts


def standing(absent: int, total: int, rule: AttendanceRule) -> tuple[str, int]:
    """Tell where somebody stands: one of STANDINGS, and for `watched` the highest threshold reached, in percent.

    absent: the minutes that count; total: the minutes planned.
    """
    if rule.kind == "none":
        return "free", 0
    if rule.kind == "full":
        return ("impossible" if absent else "fine"), 0
    if absent * 100 > total * (rule.share_percent or 0):
        return "defaulted", 0
    # Of the hours allowed: absent / (total * share / 100), in percent, without dividing.
    used, whole = absent * 10_000, total * (rule.share_percent or 0)
    reached = [mark for mark in rule.thresholds if absent and used >= mark * whole]
    return ("watched", max(reached)) if reached else ("fine", 0)


def _absent_minutes(day: HalfDay, status: str, minutes: int | None, rule: AttendanceRule) -> int:
    if status == "absent" or (status == "justified" and rule.justified_counts):
        return day.minutes
    if BY_CODE[status].has_minutes and rule.late_counts:
        return min(minutes or 0, day.minutes)
    return 0


def _attended_minutes(day: HalfDay, status: str, minutes: int | None) -> int:
    if not status or BY_CODE[status].missed:
        return 0
    return max(0, day.minutes - (minutes or 0))


def hours_text(minutes: int) -> str:
    """Write a duration for a page: 18 h, 2 h 30, 45 min."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    if not hours and rest:
        return f"{sign}{rest} min"
    return f"{sign}{hours} h {rest:02d}" if rest else f"{sign}{hours} h"
