"""The shape of the data of one programme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rules.calendar import Expected, Slot
from rules.rule_set import SETTINGS, RuleSet

MORNING = ("09:30", "12:30")
AFTERNOON = ("14:00", "17:00")


class ModuleData(NamedTuple):
    """One module; bloc is '' where the document has none, optional ones count in no hours."""

    number: str
    title: str
    bloc: str = ""
    optional: bool = False


class HalfDayData(NamedTuple):
    """One half-day. date: ISO or None; period: '' when dated; start, end: HH:MM or None."""

    module: str
    date: str | None
    period: str
    start: str | None
    end: str | None
    minutes: int
    kind: str
    modality: str = "on_site"
    place: str = ""
    teachers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProgrammeData:
    """One programme and its cohort, as one document announces them.

    starts, ends: as printed. teachers: those the document names, whom it places on no day.
    notes: in French, what the document leaves open and how it was read.
    """

    code: str
    programme_title: str
    cohort_title: str
    starts: str
    ends: str
    rule_set: RuleSet
    modules: Sequence[ModuleData]
    half_days: Sequence[HalfDayData]
    teachers: Sequence[str]
    participants_count: int
    expected: Expected
    notes: Sequence[str]


def two_half_days(module: str, date: str | None, period: str, kind: str, place: str) -> list[HalfDayData]:
    """Make the day of 9h30-12h30 and 14h-17h that both culture programmes print."""
    return [
        HalfDayData(module, date, period, start, end, 180, kind, place=place)
        for start, end in (MORNING, AFTERNOON)
    ]


def slots(programme: ProgrammeData) -> list[Slot]:
    """Give the half-days of a programme as the control totals see them."""
    modules = {module.number: module for module in programme.modules}
    return [
        Slot(
            day.minutes,
            day.kind,
            modules[day.module].bloc,
            day.date or "",
            day.period,
            modules[day.module].optional,
        )
        for day in programme.half_days
    ]


def sources(document: str, **found: str) -> dict[str, str]:
    """Name where each setting comes from: the given section, or that the document is silent."""
    unknown = set(found) - set(SETTINGS)
    if unknown:
        raise ValueError(f"no such setting: {sorted(unknown)}")
    return {
        setting: f"{document}, {found[setting]}"
        if setting in found
        else f"{document} : non précisé, réglage par défaut"
        for setting in SETTINGS
    }


def numbered(
    titles: Iterable[str], prefix: str = "", bloc: str = "", optional: bool = False
) -> list[ModuleData]:
    """Number modules from 1, after a prefix."""
    return [ModuleData(f"{prefix}{number}", title, bloc, optional) for number, title in enumerate(titles, 1)]
