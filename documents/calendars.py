"""A calendar to subscribe to: half-days in, iCalendar bytes out. It never holds the name of a participant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

from rules.calendar import KINDS
from rules.places import describe

ZONE = "Europe/Paris"
_PARIS = ZoneInfo(ZONE)
_REFRESH = timedelta(hours=1)
#: How the clocks of Paris change since 1996: name, first time, offsets in hours before and after, month.
_CHANGES = (
    ("daylight", "CEST", datetime(1996, 3, 31, 2), 1, 2, 3),
    ("standard", "CET", datetime(1996, 10, 27, 3), 2, 1, 10),
)


@dataclass(frozen=True)
class Event:
    """One dated half-day: times are '' where only the day is known.

    changed: the UTC instant, without a zone, of the last of its `revisions` changes; link: the address of its page.
    """

    id: str
    summary: str
    day: date
    start: str
    end: str
    kind: str
    modality: str
    place: str
    teachers: str
    link: str
    revisions: int
    changed: datetime
    cohort: str = ""


# A subscriber asks every hour for what seldom changes: the file is kept by the values that it holds.
@lru_cache(maxsize=256)
def calendar(name: str, events: tuple[Event, ...]) -> bytes:
    """Write the half-days as a calendar of this name, in the time of Paris."""
    found = icalendar.Calendar()
    found.add("version", "2.0")
    found.add("prodid", "-//Passerelle//calendrier//FR")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    # Two names for the same thing: programs know one or the other.
    for key in ("name", "x-wr-calname"):
        found.add(key, name)
    found.add("x-wr-timezone", ZONE)
    found.add("refresh-interval", icalendar.vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", icalendar.vDuration(_REFRESH))
    found.add_component(_zone())
    for event in events:
        found.add_component(_event(event))
    return found.to_ical()


def _zone() -> icalendar.Timezone:
    zone = icalendar.Timezone()
    zone.add("tzid", ZONE)
    for kind, name, first, before, after, month in _CHANGES:
        change = icalendar.TimezoneDaylight() if kind == "daylight" else icalendar.TimezoneStandard()
        change.add("tzname", name)
        change.add("dtstart", first)
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        change.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        zone.add_component(change)
    return zone


def _event(one: Event) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{one.id}@passerelle")
    changed = one.changed.replace(tzinfo=UTC, microsecond=0)
    # No moment of the request is written: the same half-days make the same bytes.
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", one.revisions)
    for key, value in zip(("dtstart", "dtend"), _times(one), strict=True):
        event.add(key, value)
    event.add("summary", f"{one.summary} ({one.cohort})" if one.cohort else one.summary)
    if place := location(one.place, one.modality):
        event.add("location", place)
    event.add("description", "\n".join(_described(one)))
    event.add("url", one.link)
    return event


def _times(one: Event) -> tuple[date, date]:
    """Return when a half-day begins and ends; its day, to the next, where its hours are not known."""
    if not one.start:
        return one.day, one.day + timedelta(days=1)
    start, end = (datetime.combine(one.day, datetime.strptime(text, "%H:%M").time(), _PARIS)
                  for text in (one.start, one.end))  # fmt: skip
    return start, end


def location(place: str, modality: str = "on_site") -> str:
    """Return where a half-day takes place in full: a room with its site and address, or the text as it is."""
    described = describe(place)
    parts = [str(described.text), described.address] if described.site else [place]
    if described.site:
        parts.insert(0, place)
    if modality == "remote":
        parts.insert(0, "à distance")
    return ", ".join(part for part in parts if part)


def _described(one: Event) -> Iterable[str]:
    yield KINDS.get(one.kind, one.kind).capitalize()
    if one.cohort:
        yield one.cohort
    if one.teachers:
        yield one.teachers
    yield one.link
