"""Half-days, their lengths, and the control totals of a calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.attendance import hours_text
from rules.message import Message, Refused
from rules.value_times import minutes_of

KINDS = {
    "presentation": "présentation",
    "course": "cours",
    "visit": "visite",
    "group_tutoring": "tutorat collectif",
    "individual_tutoring": "tutorat individuel",
    "workshop": "atelier mémoire",
    "seminar": "séminaire",
    "review": "bilan",
    "jury": "jury",
}
MODALITIES = {"on_site": "présentiel", "remote": "à distance"}
LONGEST_HALF_DAY = 12 * 60


@dataclass(frozen=True)
class Slot:
    """One half-day as the totals see it.

    date: ISO, '' while the half-day has none; period: the label that stands for a missing date.
    """

    minutes: int
    kind: str
    bloc: str = ""
    date: str = ""
    period: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Totals:
    """What a calendar holds: half-days, minutes, days, and minutes by kind and by bloc."""

    half_days: int
    minutes: int
    days: int
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_bloc: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """What the document announces; None, or a kind or a bloc left out, is not checked. Minutes."""

    half_days: int | None = None
    minutes: int | None = None
    days: int | None = None
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_bloc: Mapping[str, int] = field(default_factory=dict)
    #: The document that announces them, when staff said so.
    source: str = ""

    @property
    def anything(self) -> bool:
        """Tell whether a document announces something to compare a calendar with."""
        totals = (self.half_days, self.minutes, self.days)
        return bool(self.by_kind or self.by_bloc) or any(total is not None for total in totals)


def half_day_minutes(start: str, end: str) -> int:
    """Give the minutes from one canonical time to another; negative when the end comes first."""
    return minutes_of(end) - minutes_of(start)


def counts(kind: str, optional: bool) -> bool:
    """Tell whether a half-day counts in the hours: optional modules and the jury do not."""
    return not optional and kind != "jury"


def control_totals(half_days: Iterable[Slot]) -> Totals:
    """Add up the half-days that count."""
    counted = [slot for slot in half_days if counts(slot.kind, slot.optional)]
    by_kind: Counter[str] = Counter()
    by_bloc: Counter[str] = Counter()
    for slot in counted:
        by_kind[slot.kind] += slot.minutes
        if slot.bloc:
            by_bloc[slot.bloc] += slot.minutes
    return Totals(len(counted), sum(by_kind.values()), _days(counted), dict(by_kind), dict(by_bloc))


def _days(slots: list[Slot]) -> int:
    """Count the days; without dates, the half-days of one period make a day by two."""
    dates = {slot.date for slot in slots if slot.date}
    undated = Counter(slot.period for slot in slots if not slot.date)
    return len(dates) + sum((number + 1) // 2 for number in undated.values())


def differences(totals: Totals, expected: Expected) -> list[Message]:
    """List in French where a calendar disagrees with what the document announces."""
    found = []
    for label, has, wants in (("demi-journées", totals.half_days, expected.half_days),
                              ("jours", totals.days, expected.days)):
        if wants is not None and has != wants:
            found.append(Message("%(label)s : %(has)s au calendrier, %(wants)s annoncé(e)s (%(gap)s).",
                                 {"label": label, "has": has, "wants": wants, "gap": f"{has - wants:+d}"}))
    hours = [("total", totals.minutes, expected.minutes)]
    hours += [(KINDS.get(kind, kind), totals.by_kind.get(kind, 0), wants)
              for kind, wants in expected.by_kind.items()]
    hours += [(bloc, totals.by_bloc.get(bloc, 0), wants) for bloc, wants in expected.by_bloc.items()]
    return found + [_hours_difference(label, has, wants) for label, has, wants in hours
                    if wants is not None and has != wants]


def _hours_difference(label: str, has: int, wants: int) -> Message:
    gap = ("+" if has > wants else "") + hours_text(has - wants)
    return Message("heures, %(label)s : %(has)s au calendrier, %(wants)s annoncées (%(gap)s).",
                   {"label": label, "has": hours_text(has), "wants": hours_text(wants), "gap": gap})


def check_half_day(date: str, start: str, end: str, *, period: str = "", minutes: int | None = None,
                   kind: str = "course", modality: str = "on_site") -> int:
    """Check a half-day before it is kept; give its length in minutes.

    date, start and end are canonical, '' where not known. Without a date a period label is
    needed; without times, the length. Raises Refused otherwise, and on an end before the start,
    a length over twelve hours, an unknown kind or modality.
    """
    if kind not in KINDS:
        raise Refused("« %(kind)s » n'est pas une nature de séance connue.", kind=kind)
    if modality not in MODALITIES:
        raise Refused("« %(modality)s » n'est pas une modalité connue.", modality=modality)
    if not date and not period.strip():
        raise Refused("Indiquez une date, ou à défaut la période annoncée (« Semaine 3 / décembre 2020 »).")
    return check_hours(start, end, minutes)


def check_hours(start: str, end: str, minutes: int | None = None) -> int:
    """Give the minutes of a half-day from its times, or from its length where it has none.

    Raises Refused without either, on an end that is not after the start, and over twelve hours.
    """
    if bool(start) != bool(end):
        raise Refused("Indiquez l'heure de début et l'heure de fin, ou aucune des deux.")
    if not start and minutes is None:
        raise Refused("Indiquez les heures de la demi-journée, ou à défaut sa durée.")
    length = half_day_minutes(start, end) if start else int(minutes or 0)
    if length <= 0:
        raise Refused("La fin de la demi-journée doit venir après son début.")
    if length > LONGEST_HALF_DAY:
        raise Refused("Une demi-journée dure %(most)s au plus ; celle-ci dure %(length)s.",
                      most=hours_text(LONGEST_HALF_DAY), length=hours_text(length))
    return length
