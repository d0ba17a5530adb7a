"""An exported calendar as it comes, read into plain events in the time of Paris: bytes in, plain values out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rrulestr

from rules.calendar_comparison import Event
from rules.message import Message, Refused

#: The biggest file that is read, in bytes, and the most times that the events of one may take place.
LARGEST, MOST = 1_000_000, 5_000
_PARIS = ZoneInfo("Europe/Paris")
_LINE = re.compile(r"[A-Za-z0-9-]+(?:;[^:\n\"]*(?:\"[^\"\n]*\"[^:\n\"]*)*)?:")
_YEARS = range(1990, 2101)
_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
#: What may be wrong with an event; each names it, and the line at which it begins.
_WRONG = {
    "field": Message("Ligne %(line)s, événement « %(title)s » : %(field)s « %(raw)s » ne se lit pas."),
    "start": Message("Ligne %(line)s, événement « %(title)s » : il n'a pas de début (DTSTART)."),
    "dates": Message("Ligne %(line)s, événement « %(title)s » : ses dates ne se lisent pas."),
    "year": Message("Ligne %(line)s, événement « %(title)s » : l'année %(year)s est hors des limites."),
    "order": Message("Ligne %(line)s, événement « %(title)s » : il finit avant de commencer."),
    "often": Message("Ligne %(line)s, événement « %(title)s » : il se répète plusieurs fois par jour."),
    "rule": Message("Ligne %(line)s, événement « %(title)s » : sa répétition (RRULE) ne se lit pas."),
}


@dataclass(frozen=True)
class _Found:
    """An event of the file as it stands: its times on the clock of its own zone."""

    line: int
    component: icalendar.Event
    start: datetime
    length: timedelta
    zone: tzinfo
    whole_day: bool


def read(content: bytes, first: date, last: date) -> list[Event]:
    """List the events of an export; those that repeat, on each of their days from `first` to `last`.

    Raises Refused naming the line or the event that cannot be read.
    """
    if len(content) > LARGEST:
        raise Refused("Ce fichier est trop gros : 1 Mo au plus.")
    lines = _unfolded(_text(content))
    places = _check(lines)
    components = _parsed("\r\n".join(text for _number, text in lines))
    if len(places) != len(components):
        raise Refused("Ce calendrier ne se lit pas : un événement en contient un autre.")
    found = [_found(number, one) for number, one in zip(places, components, strict=True) if _kept(one)]
    events = list(_unrolled(found, first, last))
    return sorted(events, key=lambda event: (event.day, event.start, event.title))


# -- The lines ---------------------------------------------------------------------------------------------


def _text(content: bytes) -> str:
    if not content.strip():
        raise Refused("Ce fichier est vide.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Windows programs write; every byte is then a letter.
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unfolded(text: str) -> list[tuple[int, str]]:
    """Return (number, text) of each line, those that go on over several put together."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], found[-1][1] + line[1:])
        elif line.strip():
            found.append((number, line))
    return found


def _check(lines: list[tuple[int, str]]) -> list[int]:
    """Check that lines make a calendar; return the number of the line at which each event begins."""
    if lines[0][1].strip().upper() != "BEGIN:VCALENDAR":
        raise Refused("Ligne %(line)s : un calendrier iCalendar commence par BEGIN:VCALENDAR. "
                      "Ce fichier n'en est pas un.", line=lines[0][0])  # fmt: skip
    places, opened = [], []
    for number, text in lines:
        if not _LINE.match(text):
            raise Refused("Ligne %(line)s : « %(raw)s » ne se lit pas ; NOM:valeur est attendu.",
                          line=number, raw=text[:60])  # fmt: skip
        name, _colon, value = text.upper().partition(":")
        if name == "BEGIN":
            opened.append(value.strip())
            places += [number] if value.strip() == "VEVENT" else []
        elif name == "END" and (not opened or opened.pop() != value.strip()):
            raise Refused("Ligne %(line)s : « %(raw)s » ne ferme rien de ce qui est ouvert.",
                          line=number, raw=text[:60])  # fmt: skip
    if opened:
        raise Refused("Le fichier est coupé : il manque END:%(what)s à la fin.", what=opened[-1])
    return places


def _parsed(text: str) -> list[icalendar.Event]:
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
        return [event for one in calendars for event in one.walk("VEVENT")]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Refused("Ce calendrier ne se lit pas : %(why)s", why=str(error)[:120]) from error


# -- The events ---------------------------------------------------------------------------------------------


def _kept(event: icalendar.Event) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED" or "RECURRENCE-ID" in event


def _refused(line: int, event: icalendar.Event, wrong: str, **values: object) -> Refused:
    """Make a refusal that names an event and the line at which it begins."""
    title = " ".join(str(event.get("SUMMARY", "")).split())[:60]
    return Refused(Message(_WRONG[wrong].text, {"line": line, "title": title or "?", **values}))


def _found(line: int, event: icalendar.Event) -> _Found:
    for name, _why in event.errors:
        raw = str(event.get(name, ""))[:40]
        raise _refused(line, event, "field", field=name or "?", raw=raw)
    if "DTSTART" not in event:
        raise _refused(line, event, "start")
    try:
        start, end = event.start, _end(event)
    except (ValueError, TypeError, AttributeError) as error:
        raise _refused(line, event, "dates") from error
    whole = not isinstance(start, datetime)
    begins, ends = _moment(start), _moment(end)
    if begins.year not in _YEARS:
        raise _refused(line, event, "year", year=begins.year)
    if ends < begins:
        raise _refused(line, event, "order")
    zone = begins.tzinfo or _PARIS
    return _Found(line, event, begins.replace(tzinfo=None), ends.astimezone(zone).replace(tzinfo=None)
                  - begins.replace(tzinfo=None), zone, whole)  # fmt: skip


def _end(event: icalendar.Event) -> date:
    start = event.start
    if "DTEND" in event:
        return event["DTEND"].dt
    return start + event["DURATION"].dt if "DURATION" in event else start


def _moment(value: date) -> datetime:
    """Return an instant with its zone: that of Paris where it says none."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value if value.tzinfo else value.replace(tzinfo=_PARIS)


# -- Those that repeat ----------------------------------------------------------------------------------------


def _unrolled(found: Iterable[_Found], first: date, last: date) -> Iterator[Event]:
    found = list(found)
    # One day of a series that was changed stands as an event of its own, which takes the place of that day.
    replaced = {(str(one.component.get("UID", "")), _on_clock(one.component["RECURRENCE-ID"].dt, _PARIS))
                for one in found if "RECURRENCE-ID" in one.component}  # fmt: skip
    number = 0
    for one in found:
        for at in _starts(one, first, last):
            begins = at.replace(tzinfo=one.zone).astimezone(_PARIS)
            key = (str(one.component.get("UID", "")), begins.replace(tzinfo=None))
            if "RECURRENCE-ID" not in one.component and key in replaced:
                continue
            number += 1
            if number > MOST:
                raise Refused("Ce calendrier compte plus de %(most)s événements : "
                              "exportez une seule promotion.", most=MOST)  # fmt: skip
            if str(one.component.get("STATUS", "")).upper() != "CANCELLED":
                yield _event(one, begins)


def _starts(one: _Found, first: date, last: date) -> Iterator[datetime]:
    """Give each time at which an event begins, on the clock of its own zone."""
    without = set(_listed(one, "EXDATE"))
    if "RRULE" not in one.component:
        yield from sorted({one.start, *_listed(one, "RDATE")} - without)
        return
    for at in sorted({*_repeated(one, first, last), *_listed(one, "RDATE")} - without):
        if first <= at.date() <= last:
            yield at


def _repeated(one: _Found, first: date, last: date) -> Iterator[datetime]:
    rules = one.component["RRULE"]
    for rule in rules if isinstance(rules, list) else [rules]:
        parts = dict(rule)
        if {str(part).upper() for part in parts.get("FREQ", [])} & _OFTEN:
            raise _refused(one.line, one.component, "often")
        if "UNTIL" in parts:
            parts["UNTIL"] = [_until(parts["UNTIL"][0], one.zone)]
        try:
            days = rrulestr(icalendar.vRecur(parts).to_ical().decode(), dtstart=one.start)
        except (ValueError, TypeError) as error:
            raise _refused(one.line, one.component, "rule") from error
        yield from days.between(datetime.combine(first, time()), datetime.combine(last, time.max), inc=True)


def _until(value: date, zone: tzinfo) -> datetime:
    """Return the last moment of a series on the clock of its zone: a day alone is meant whole."""
    return _on_clock(value, zone) if isinstance(value, datetime) else datetime.combine(value, time(23, 59, 59))


def _listed(one: _Found, name: str) -> Iterator[datetime]:
    """Give the times that EXDATE or RDATE list; a day alone is that day at the event's own hour."""
    given = one.component.get(name, [])
    for block in given if isinstance(given, list) else [given]:
        for item in block.dts:
            value = item.dt[0] if isinstance(item.dt, tuple) else item.dt
            if isinstance(value, datetime):
                yield _on_clock(value, one.zone)
            else:
                yield datetime.combine(value, one.start.time())


def _on_clock(value: date, zone: tzinfo) -> datetime:
    """Return what the clock of a zone shows at an instant; one without zone is that of the clock already."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value


def _event(one: _Found, begins: datetime) -> Event:
    title, place = (" ".join(str(one.component.get(name, "")).split()) for name in ("SUMMARY", "LOCATION"))
    if one.whole_day:
        return Event(begins.date(), title=title, place=place, line=one.line)
    # Added on the clock of its own zone, so that a change of hour in between leaves its end where it was.
    ends = (begins.astimezone(one.zone).replace(tzinfo=None) + one.length).replace(tzinfo=one.zone).astimezone(_PARIS)
    end = f"{ends:%H:%M}" if ends.date() == begins.date() else "23:59"
    return Event(begins.date(), f"{begins:%H:%M}", end, title, place, line=one.line)
