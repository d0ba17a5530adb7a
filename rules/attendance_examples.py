"""Three worked examples of the 20 % rule, on the half-days of the calendar that prints unequal hours.

Counting half-days instead of hours would judge two of the three wrongly. Source: the certificate CS26 of 2025
for the calendar (90 h, 26 half-days), the welcome handbook CS2600A for the rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.attendance import AttendanceRule, HalfDay, Summary, standing, summary

RULE = AttendanceRule("share", 20, "Livret d'accueil CS2600A 2024-2025")
#: Half-days of this calendar by length in minutes.
CALENDAR = {150: 4, 180: 6, 210: 8, 240: 4, 270: 4}


@dataclass(frozen=True)
class Example:
    """What somebody missed, {minutes of a half-day: how many}, and what the rule makes of it."""

    missed: dict[int, int]
    summary: Summary
    standing: str
    half_days: int
    #: What counting half-days would have said, in percent.
    naive: float


MISSED: tuple[dict[int, int], ...] = ({270: 4}, {270: 4, 150: 1}, {150: 4, 180: 2})


def examples(rule: AttendanceRule = RULE) -> list[Example]:
    """Apply a rule to the three examples."""
    days = [HalfDay(f"{minutes}-{number}", minutes) for minutes, count in CALENDAR.items() for number in range(count)]
    found = []
    for missed in MISSED:
        marks = {
            f"{minutes}-{number}": ("absent", None) for minutes, count in missed.items() for number in range(count)
        }
        hours = summary(marks, rule, days)
        state, _ = standing(hours.absent, hours.total, rule)
        found.append(Example(missed, hours, state, len(days), 100 * len(marks) / len(days)))
    return found
