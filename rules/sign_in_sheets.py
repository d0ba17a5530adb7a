"""Sheets to sign: what one prints, whether it still agrees with the calendar, and with what was recorded.

A sheet is evidence of attendance. Whatever is read here prepares a check by a person: a click is no signature.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rules.calendar import KINDS, MODALITIES
from rules.marks import BY_CODE
from rules.message import Message
from rules.value_times import display_date

#: Half-days side by side on one sheet: a day has one or two, and more would leave no room to sign.
MOST_COLUMNS = 2
#: Names on one page; with the blank lines they are the most that can be signed on one.
NAMES_PER_PAGE, BLANK_LINES = 30, 3
#: Lines of a sheet printed before anybody is enrolled.
EMPTY_LINES = 20
#: What staff do with a sheet, in order; each is missing from a half-day that took place until it is done.
STEPS = {"printed": "à imprimer", "returned": "à rentrer", "teacher_signed": "intervenant·e à faire signer",
         "scan": "numérisation à lier"}


@dataclass(frozen=True)
class Slot:
    """One half-day as a sheet prints it; day is ISO, '' where period stands for it.

    start and end are '' where the programme prints none: both are then written by hand.
    """

    id: str
    day: str
    period: str
    start: str
    end: str
    minutes: int
    kind: str = "course"
    modality: str = "on_site"
    module: str = ""
    title: str = ""
    place: str = ""
    teachers: str = ""


@dataclass(frozen=True)
class Person:
    """One line of a sheet."""

    id: str
    last_name: str
    first_name: str
    #: The ISO day from which they take part, '' from the first one.
    begins: str = ""

    def awaited(self, day: str) -> bool:
        """Tell whether they are on the sheet of a day: one without a date is anybody's."""
        return not day or self.begins <= day

    @property
    def name(self) -> str:
        """Give the name as a list prints it."""
        return f"{self.last_name} {self.first_name}"


@dataclass(frozen=True)
class Sheet:
    """A page to sign: half-days of one day, one line a participant; page n of m of its day."""

    slots: tuple[Slot, ...]
    people: tuple[Person, ...]
    #: Number of the first line: a sheet of two pages numbers its lines through.
    first: int = 1
    page: int = 1
    pages: int = 1
    blank: int = BLANK_LINES


def days(slots: Iterable[Slot]) -> list[tuple[Slot, ...]]:
    """Put half-days, in the order of the calendar, on the sheets of their days, or periods where they have no date."""
    found = []
    for _, group in groupby(slots, lambda slot: slot.day or slot.period):
        one = list(group)
        found += [tuple(one[at:at + MOST_COLUMNS]) for at in range(0, len(one), MOST_COLUMNS)]
    return found


def sheets(slots: Iterable[Slot], people: Sequence[Person]) -> list[Sheet]:
    """Lay out the pages to print: each carries every mention, since pages part from one another."""
    found = []
    for day in days(slots):
        parts, first = _parts([person for person in people if person.awaited(day[0].day)]), 1
        for number, part in enumerate(parts, start=1):
            blank = (BLANK_LINES if part else EMPTY_LINES) if number == len(parts) else 0
            found.append(Sheet(day, part, first, number, len(parts), blank))
            first += len(part)
    return found


def _parts(people: Sequence[Person]) -> list[tuple[Person, ...]]:
    """Share the names evenly over as few pages as hold them."""
    pages = max(1, -(-len(people) // NAMES_PER_PAGE))
    size = -(-len(people) // pages)
    return [tuple(people[at:at + size]) for at in range(0, len(people), size)] if people else [()]


def printed(slot: Slot, people: Iterable[Person]) -> dict:
    """Give what is kept of a sheet as printed, plain JSON values: `differences` compares it with the calendar."""
    kept = {name: getattr(slot, name) for name in _KEPT}
    return kept | {"minutes": slot.minutes, "names": {one.id: one.name for one in people if one.awaited(slot.day)}}


_KEPT = ("day", "period", "start", "end", "modality", "module", "title", "place", "teachers")
#: What may differ, as staff call it.
PRINTED = {"hours": "horaires", "day": "date", "period": "période", "modality": "modalité", "module": "module",
           "place": "lieu", "teachers": "intervenant·es"}


def differences(kept: Mapping, slot: Slot, people: Iterable[Person]) -> list[Message]:
    """List where a sheet printed before a change no longer agrees with the calendar, nor with who is enrolled."""
    found = []
    before = replace(slot, minutes=kept.get("minutes", 0), **{name: kept.get(name, "") for name in _KEPT})
    for name, label in PRINTED.items():
        was, is_now = _shown(name, before), _shown(name, slot)
        if was != is_now and not (name == "period" and slot.day):
            found.append(_moved(label, was, is_now))
    return found + _names(kept.get("names", {}), {person.id: person.name for person in people})


def in_the_room(kept: Mapping, signing: Iterable[Person], late: Collection[str]) -> list[Person]:
    """Return whom a sheet should name once its half-day took place: those it names, and those who were there.

    Who is enrolled or leaves later changes nothing to that paper; `late` are the ids of those in the room who are not
    known to have signed on a blank line of some sheet.
    """
    named = [Person(key, name, "") for key, name in kept.get("names", {}).items()]
    return [*named, *(person for person in signing if person.id in late and person.id not in kept.get("names", {}))]


def _clock(canonical: str) -> str:
    """Write a time to the minute, as the sheet prints it: 9h30, 14h00."""
    return f"{int(canonical[:2])}h{canonical[3:]}"


def _shown(name: str, slot: Slot) -> str:
    if name == "hours":
        return f"{_clock(slot.start)}–{_clock(slot.end)}" if slot.start else f"{slot.minutes} min"
    if name == "module":
        return f"{slot.module} · {slot.title}" if slot.module else ""
    value = getattr(slot, name)
    if name == "day":
        return display_date(value)
    return MODALITIES.get(value, value) if name == "modality" else value


def _moved(label: str, before: str, after: str) -> Message:
    return Message("%(label)s : « %(before)s » sur la feuille, « %(after)s » au calendrier",
                   {"label": label, "before": before or "—", "after": after or "—"})


def _names(before: Mapping[str, str], after: Mapping[str, str]) -> list[Message]:
    more = [name for key, name in after.items() if key not in before]
    less = [name for key, name in before.items() if key not in after]
    found = []
    if more:
        found.append(Message("pas sur la feuille imprimée : %(names)s", {"names": ", ".join(more)}))
    if less:
        found.append(Message("sur la feuille, mais plus dans la promotion : %(names)s", {"names": ", ".join(less)}))
    return found


#: A mark with which somebody was in the room: their line is to be signed.
IN_THE_ROOM = frozenset({"present", "late", "left_early"})
#: What the roll and a sheet may say against each other.
CONTRADICTIONS = {
    "unsigned": "relevé·e présent·e, sans signature : %(names)s",
    "absent": "signature, mais relevé·e absent·e : %(names)s",
    "remote": "signature, mais relevé·e à distance : %(names)s",
    "unrecorded": "signature, mais pas relevé·e à l'appel : %(names)s",
}


def contradictions(lines: Iterable[tuple[str, str, bool | None]]) -> list[Message]:
    """List where the roll and the signatures disagree, from (name, status, signed or None when not looked at)."""
    found: dict[str, list[str]] = {kind: [] for kind in CONTRADICTIONS}
    for name, status, signed in lines:
        kind = _contradiction(status, signed)
        if kind:
            found[kind].append(name)
    return [Message(CONTRADICTIONS[kind], {"names": ", ".join(names)}) for kind, names in found.items() if names]


def _contradiction(status: str, signed: bool | None) -> str:
    if not signed:
        return "unsigned" if signed is False and status in IN_THE_ROOM else ""
    if BY_CODE[status].missed:
        return "absent"
    return {"remote": "remote", "": "unrecorded"}.get(status, "")


def missing(done: Mapping[str, bool], past: bool) -> tuple[str, ...]:
    """List the steps that a half-day still waits for: none before it took place, no print once the paper is back."""
    back = done.get("returned")
    return tuple(step for step in STEPS if past and not done.get(step) and not (step == "printed" and back))


def slot_title(slot: Slot) -> str:
    """Name a half-day by its kind and its module, as its sheet does."""
    kind = KINDS.get(slot.kind, slot.kind)
    return f"{slot.module} · {slot.title}" if slot.module else kind.capitalize()
