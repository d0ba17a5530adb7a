"""What does not hold together in a calendar: each fault named once, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from rules.attendance import hours_text
from rules.calendar import half_day_minutes
from rules.message import Message
from rules.normal_form import fold
from rules.places import is_room, wrong_room
from rules.teachers import key, names
from rules.value_times import display_date, display_time, minutes_of

#: What each kind of fault is called, in the order in which the page lists them.
FAULTS = {
    "holiday": "jour férié",
    "sunday": "dimanche",
    "overlap": "demi-journées qui se chevauchent",
    "teacher": "intervenant·e à deux endroits",
    "room": "salle occupée deux fois",
    "outside": "hors des dates de la promotion",
    "length": "durée différente des horaires",
    "programme": "heures différentes du programme",
    "access": "accès de salle inconnu",
}


@dataclass(frozen=True)
class Planned:
    """One half-day as the checks see it; day is None and times '' where they are not known."""

    id: str
    cohort: str
    day: date | None
    start: str = ""
    end: str = ""
    minutes: int = 0
    module: str = ""
    title: str = ""
    place: str = ""
    teachers: str = ""
    remote: bool = False
    period: str = ""
    jury: bool = False


@dataclass(frozen=True)
class Announced:
    """What the programme says of a module; minutes is None where it says nothing."""

    number: str
    title: str
    minutes: int | None = None


@dataclass(frozen=True)
class Limits:
    """What the days are held to: public holidays by day, and the promotion's own first and last day."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Fault:
    """One fault: what is wrong, on which half-day ('' for a module), and the other half-day where there are two."""

    kind: str
    message: Message
    half_day: str = ""
    other: str = ""
    other_cohort: str = ""
    day: date | None = None
    start: str = ""
    period: str = ""
    module: str = ""


def check(half_days: Sequence[Planned], modules: Iterable[Announced] = (), limits: Limits | None = None,
          elsewhere: Iterable[Planned] = ()) -> list[Fault]:
    """List the faults of a calendar, in the order of its days; those of whole modules come last.

    elsewhere: the half-days of other cohorts on the same days.
    """
    limits = limits or Limits()
    alone = (fault for one in half_days for fault in _alone(one, limits))
    found = [*alone, *_together(half_days), *_with_others(half_days, elsewhere)]
    order = list(FAULTS)
    found.sort(key=lambda fault: (fault.day is None, fault.day or date.min, fault.start, order.index(fault.kind)))
    return found + list(_modules(half_days, modules))


def _fault(kind: str, one: Planned, message: Message, other: Planned | None = None) -> Fault:
    return Fault(kind, message, one.id, other.id if other else "", other.cohort if other else "",
                 one.day, one.start, one.period, one.module)


# -- What one half-day says by itself ----------------------------------------------------------------


def _alone(one: Planned, limits: Limits) -> Iterator[Fault]:
    if one.day:
        yield from _day(one, one.day, limits)
    if one.start and one.minutes != (length := half_day_minutes(one.start, one.end)):
        yield _fault("length", one, Message("Ses horaires font %(length)s ; elle est comptée pour %(minutes)s.",
                                            {"length": hours_text(length), "minutes": hours_text(one.minutes)}))
    if wrong := wrong_room(one.place):
        yield _fault("access", one, wrong)


def _day(one: Planned, day: date, limits: Limits) -> Iterator[Fault]:
    # A holiday that falls on a Sunday is one fault: moving the half-day mends both.
    if day in limits.holidays:
        yield _fault("holiday", one, Message("Ce jour est férié : %(name)s.", {"name": limits.holidays[day]}))
    elif day.weekday() == 6:
        yield _fault("sunday", one, Message("Ce jour est un dimanche."))
    if limits.first and day < limits.first:
        yield _fault("outside", one, Message("La promotion commence le %(day)s.",
                                             {"day": display_date(limits.first.isoformat())}))
    if limits.last and day > limits.last:
        yield _fault("outside", one, Message("La promotion finit le %(day)s.",
                                             {"day": display_date(limits.last.isoformat())}))


# -- Two half-days at one time -----------------------------------------------------------------------


def at_once(one: Planned, other: Planned) -> bool:
    """Tell whether two half-days share a moment; one without its hours is compared with none."""
    if one.day is None or one.day != other.day or not one.start or not other.start:
        return False
    return minutes_of(one.start) < minutes_of(other.end) and minutes_of(other.start) < minutes_of(one.end)


def _together(half_days: Sequence[Planned]) -> Iterator[Fault]:
    """Give the half-days of one cohort that overlap: one fault, whoever teaches and wherever they are."""
    for same in _by_day(half_days).values():
        for one, other in combinations(same, 2):
            if at_once(one, other):
                yield _fault("overlap", one, Message("Elle chevauche %(what)s.", {"what": _named(other)}), other)


def _with_others(half_days: Sequence[Planned], elsewhere: Iterable[Planned]) -> Iterator[Fault]:
    others = _by_day(elsewhere)
    for one in half_days:
        for other in others.get(one.day, ()):
            if at_once(one, other):
                yield from _shared(one, other)


def _shared(one: Planned, other: Planned) -> Iterator[Fault]:
    theirs = set(map(key, names(other.teachers)))
    for who, name in {key(name): name for name in reversed(names(one.teachers))}.items():
        if who and who in theirs:
            values = {"who": name, "cohort": other.cohort, "what": _named(other)}
            text = Message("%(who)s est aussi attendu·e dans %(cohort)s : %(what)s.", values)
            yield _fault("teacher", one, text, other)
    if one.remote or other.remote or not is_room(one.place) or fold(one.place) != fold(other.place):
        return
    values = {"place": one.place, "cohort": other.cohort, "what": _named(other)}
    yield _fault("room", one, Message("La salle %(place)s est aussi prise par %(cohort)s : %(what)s.", values), other)


def _by_day(half_days: Iterable[Planned]) -> dict[date | None, list[Planned]]:
    found: dict[date | None, list[Planned]] = {}
    for one in half_days:
        if one.day and one.start:
            found.setdefault(one.day, []).append(one)
    return found


def _named(one: Planned) -> str:
    hours = f"{display_time(one.start)}-{display_time(one.end)}"
    return f"{hours}, {one.module} {one.title}".strip(", ") if one.module else hours


# -- The programme ---------------------------------------------------------------------------------------


def _modules(half_days: Sequence[Planned], modules: Iterable[Announced]) -> Iterator[Fault]:
    """Give the modules whose half-days do not add up to what the programme announces; a jury counts in none."""
    placed: dict[str, int] = {}
    for one in half_days:
        if not one.jury:
            placed[one.module] = placed.get(one.module, 0) + one.minutes
    for module in modules:
        has = placed.get(module.number, 0)
        if module.minutes is None or has == module.minutes:
            continue
        gap = ("+" if has > module.minutes else "") + hours_text(has - module.minutes)
        values = {"number": module.number, "title": module.title, "has": hours_text(has),
                  "wants": hours_text(module.minutes), "gap": gap}
        text = Message("%(number)s %(title)s : %(has)s au calendrier, %(wants)s annoncées (%(gap)s).", values)
        yield Fault("programme", text, module=module.number)
