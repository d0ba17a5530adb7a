"""Tell which half-day of a calendar each column of an attendance matrix is, and why; doubt is said, not guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.half_day_texts import AFTERNOON, EITHER, MORNING, Written, half_of, on, read_all
from rules.normal_form import fold
from rules.value_texts import Raw
from rules.value_times import WEEKDAYS, display_date

#: How sure each way of recognising is, of 100.
SURE, DATED, ORDERED, NUMBERED = 100, 95, 75, 80
WHICH = "laquelle ?"
_HALF_WORDS = {MORNING: "le matin", AFTERNOON: "l'après-midi"}


@dataclass(frozen=True)
class Slot:
    """A half-day of the calendar: its id, its ISO day or '', its start or '', and how our own matrix heads it."""

    key: str
    day: str
    start: str
    label: str


@dataclass(frozen=True)
class Choice:
    """Which half-day a header names; key is '' when none is, or when several may be, listed in others."""

    key: str = ""
    score: int = 0
    reason: str = ""
    others: tuple[str, ...] = ()
    #: Whether the header looks like that of a half-day at all.
    looks: bool = False


def match(headers: Sequence[Raw], calendar: Sequence[Slot]) -> list[Choice]:
    """Choose a half-day for each header, none twice; calendar is in order, headers from left to right."""
    labels = {fold(slot.label): slot for slot in calendar}
    written = read_all(headers)
    numbers, bare = _numbering(written, calendar), _counts_all(written, calendar)
    found = []
    for raw, one in zip(headers, written, strict=True):
        same = labels.get(fold(raw)) if isinstance(raw, str) else None
        found.append(_same(same) if same else _choose(_numbered(one, numbers, bare), calendar))
    return _apart(_left_over(_in_order(found, written, calendar), calendar))


def _same(slot: Slot) -> Choice:
    return Choice(slot.key, SURE, "même en-tête que dans l'intranet", looks=True)


def _choose(one: Written, calendar: Sequence[Slot]) -> Choice:
    if one.dated:
        return _of_day(one, _dated(one, calendar))
    if one.day_number is not None:
        days = list(dict.fromkeys(slot.day for slot in calendar if slot.day))
        day = days[one.day_number - 1] if 0 < one.day_number <= len(days) else ""
        told = f"le {one.day_number}e jour est le {display_date(day)}" if day else ""
        return _narrowed(one, [slot for slot in calendar if day and slot.day == day], told, NUMBERED)
    if one.number is not None:
        return _nth(one.number, calendar)
    return Choice()


def _nth(number: int, calendar: Sequence[Slot]) -> Choice:
    if not 0 < number <= len(calendar):
        return Choice(reason=f"il n'y a pas de {number}e demi-journée au calendrier", looks=True)
    slot = calendar[number - 1]
    return Choice(slot.key, NUMBERED, f"la {number}e demi-journée est « {slot.label} »", looks=True)


def _dated(one: Written, calendar: Sequence[Slot]) -> list[Slot]:
    return [
        slot
        for slot in calendar
        if slot.day and one.year in (None, int(slot.day[:4])) and _named(one, slot.day) == slot.day
    ]


def _named(one: Written, day: str) -> str:
    found = on(one, int(day[:4]))
    return found.isoformat() if found else ""


def _of_day(one: Written, slots: list[Slot]) -> Choice:
    if not slots:
        shown = f"{one.day:02d}/{one.month:02d}" + (f"/{one.year}" if one.year else "")
        return Choice(reason=f"aucune demi-journée n'est au calendrier le {shown}", looks=True)
    days = sorted({slot.day for slot in slots})
    if one.weekday is not None:
        kept = [day for day in days if date.fromisoformat(day).weekday() == one.weekday]
        if not kept:
            why = f"« {WEEKDAYS[one.weekday]} » se contredit : le {display_date(days[0])} est un {_weekday(days[0])}"
            return Choice(reason=why, others=tuple(slot.key for slot in slots), looks=True)
        days = kept
    if len(days) > 1:
        listed = " ou ".join(map(display_date, days))
        return Choice(reason=f"l'année manque : {listed}", others=tuple(slot.key for slot in slots), looks=True)
    return _narrowed(one, [slot for slot in slots if slot.day == days[0]], f"c'est le {display_date(days[0])}", DATED)


def _weekday(day: str) -> str:
    return WEEKDAYS[date.fromisoformat(day).weekday()]


def _narrowed(one: Written, slots: list[Slot], told: str, score: int) -> Choice:
    """Choose among the half-days of one day by hour, then by half; one alone needs neither."""
    if not slots:
        return Choice(reason="ce jour n'est pas au calendrier", looks=True)
    half = half_of(one.start) or ("" if one.half == EITHER else one.half)
    exact = [slot for slot in slots if one.start and slot.start == one.start]
    kept = exact or [slot for slot in slots if not half or half_of(slot.start) in ("", half)]
    if len(kept) == 1:
        when = f", {_HALF_WORDS[half]}" if half else ""
        return Choice(kept[0].key, score, told + when, looks=True)
    others = tuple(slot.key for slot in slots)
    if not kept:
        return Choice(reason=f"{told}, mais rien n'est au calendrier {_HALF_WORDS[half]}", others=others, looks=True)
    why = "« AM » est-il le matin ou l'après-midi ?" if one.half == EITHER else WHICH
    return Choice(reason=f"{told}, qui a {len(kept)} demi-journées : {why}", others=others, looks=True)


# -- numbers alone ------------------------------------------------------------------------------


def _numbering(written: Sequence[Written], calendar: Sequence[Slot]) -> str:
    """Tell what numbered headers count: "half_days" or "days"."""
    numbers = [one.number or one.bare or 0 for one in written if one.number is not None or one.bare is not None]
    days = len({slot.day for slot in calendar if slot.day})
    if any(one.half or one.start for one in written if one.number is not None):
        return "days"
    # As many numbers as days that have two half-days: « Séance 3 » is then the third day.
    return "days" if max(numbers, default=0) <= days < len(calendar) else "half_days"


def _numbered(one: Written, numbers: str, bare: bool) -> Written:
    """Read a number as what all the numbers of this tab count; bare ones count only when they count everything."""
    number = one.number if one.number is not None else one.bare if bare else None
    if number is None:
        return one
    return replace(one, number=None, day_number=number) if numbers == "days" else replace(one, number=number)


def _counts_all(written: Iterable[Written], calendar: Sequence[Slot]) -> bool:
    found = sorted(one.bare for one in written if one.bare is not None)
    return bool(found) and found == list(range(1, len(calendar) + 1))


# -- neighbours ---------------------------------------------------------------------------------


def _in_order(found: list[Choice], written: list[Written], calendar: Sequence[Slot]) -> list[Choice]:
    """Give the two columns of one day their half-days from left to right, when nothing else tells them apart."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, choice in enumerate(found):
        one = written[place]
        if not choice.key and choice.others and not one.half and not one.start:
            groups.setdefault(choice.others, []).append(place)
    kept = list(found)
    order = {slot.key: place for place, slot in enumerate(calendar)}
    for keys, places in groups.items():
        if len(keys) == len(places) > 1 and _neighbours(places):
            for place, key in zip(places, sorted(keys, key=order.__getitem__), strict=True):
                reason = f"{places.index(place) + 1}e des {len(places)} colonnes de ce jour, de gauche à droite"
                kept[place] = Choice(key, ORDERED, reason, keys, looks=True)
    return kept


def _left_over(found: list[Choice], calendar: Sequence[Slot]) -> list[Choice]:
    """Give a column the one half-day of its day that no other column claims, when it is alone to want it."""
    claimed = {choice.key for choice in found if choice.key}
    wanted = Counter(key for choice in found if not choice.key for key in choice.others)
    kept = []
    for choice in found:
        left = [key for key in choice.others if key not in claimed]
        alone = len(left) == 1 < len(choice.others) and wanted[left[0]] == 1
        if not choice.key and alone and WHICH in choice.reason:
            label = next(slot.label for slot in calendar if slot.key == left[0])
            reason = f"les autres demi-journées de ce jour ont leur colonne : c'est « {label} »"
            choice = Choice(left[0], ORDERED, reason, choice.others, looks=True)
        kept.append(choice)
    return kept


def _neighbours(places: list[int]) -> bool:
    return places == list(range(places[0], places[-1] + 1))


def _apart(found: list[Choice]) -> list[Choice]:
    """Leave out the half-days that two columns claim: which of the two is meant is not ours to guess."""
    claims = Counter(choice.key for choice in found if choice.key)
    return [
        choice
        if claims[choice.key] < 2
        else replace(choice, key="", score=0, others=(choice.key,),
                     reason=f"{choice.reason} ; {claims[choice.key]} colonnes disent la même chose")
        for choice in found
    ]  # fmt: skip
