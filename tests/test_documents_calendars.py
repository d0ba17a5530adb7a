"""A calendar written for those who subscribe, and one read as Hyperplanning exports it."""

from datetime import UTC, date, datetime

import icalendar
import pytest

from documents import calendar_files, calendars
from documents.calendars import Event
from rules.message import Refused

CHANGED = datetime(2025, 1, 5, 10, 30, 15)
FIRST, LAST = date(2024, 9, 1), date(2025, 7, 31)


def half_day(**values: object) -> Event:
    known = {
        "id": "S-ABCDEFGH", "summary": "1 · Histoire", "day": date(2025, 1, 20), "start": "09:30", "end": "12:30",
        "kind": "course", "modality": "on_site", "place": "21.2.32", "teachers": "Claire Fontaine, Denis Morel",
        "link": "https://exemple.fr/promotions/X/seances/S-ABCDEFGH/", "revisions": 3, "changed": CHANGED,
    }  # fmt: skip
    return Event(**known | values)  # type: ignore[arg-type]


def written(*events: Event) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendars.calendar("X · Essai", events))


def test_a_half_day_is_an_event_in_the_time_of_paris() -> None:
    event = written(half_day()).walk("VEVENT")[0]
    assert str(event["UID"]) == "S-ABCDEFGH@passerelle"
    assert event["DTSTART"].to_ical() == b"20250120T093000"
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event.start.astimezone(UTC) == datetime(2025, 1, 20, 8, 30, tzinfo=UTC)
    assert event.end.astimezone(UTC) == datetime(2025, 1, 20, 11, 30, tzinfo=UTC)
    assert (str(event["SUMMARY"]), event["SEQUENCE"]) == ("1 · Histoire", 3)
    assert event["LAST-MODIFIED"].dt == CHANGED.replace(tzinfo=UTC)
    assert str(event["LOCATION"]).startswith("21.2.32, accès 21, 2e étage, salle 32, Site Saint-Martin, 292 rue")
    assert str(event["DESCRIPTION"]).splitlines() == [
        "Cours", "Claire Fontaine, Denis Morel", "https://exemple.fr/promotions/X/seances/S-ABCDEFGH/",
    ]  # fmt: skip


def test_the_clocks_of_paris_change_in_the_file_itself() -> None:
    zone = written(half_day()).walk("VTIMEZONE")[0].to_tz()
    for month, day, hours in ((1, 20, 1), (3, 30, 2), (10, 25, 2), (10, 26, 1)):
        assert datetime(2025, month, day, 12, tzinfo=zone).utcoffset().total_seconds() == hours * 3600, (month, day)


def test_the_same_half_days_make_the_same_bytes() -> None:
    first = calendars.calendar("X", (half_day(),))
    calendars.calendar.cache_clear()
    assert calendars.calendar("X", (half_day(),)) == first
    assert b"X-WR-CALNAME:X\r\n" in first
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in first
    assert all(len(line) <= 75 for line in calendars.calendar("X" * 300, (half_day(),)).split(b"\r\n"))


@pytest.mark.parametrize(
    ("values", "key", "expected"),
    [
        ({"start": "", "end": ""}, "DTSTART", "20250120"),
        ({"start": "", "end": ""}, "DTEND", "20250121"),
        ({"place": "", "modality": "remote"}, "LOCATION", "à distance"),
        ({"place": "Opale"}, "LOCATION", "Opale"),
        ({"cohort": "CS26"}, "SUMMARY", "1 · Histoire (CS26)"),
        ({"summary": "Droit, suite; \\ fin\nBEGIN:VEVENT"}, "SUMMARY", "Droit\\, suite\\; \\\\ fin\\nBEGIN:VEVENT"),
    ],
)
def test_what_is_not_known_and_what_is_odd(values: dict, key: str, expected: str) -> None:
    events = written(half_day(**values)).walk("VEVENT")
    assert len(events) == 1
    assert events[0][key].to_ical().decode() == expected


def test_no_place_is_no_line() -> None:
    assert "LOCATION" not in written(half_day(place="")).walk("VEVENT")[0]


# -- Read -------------------------------------------------------------------------------------------------


def export(*events: str, end: str = "\r\n", head: str = "") -> bytes:
    """Write an export of these events, each the lines between BEGIN and END joined by |."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//INDEX EDUCATION//HYPERPLANNING//FR", *head.split("|")]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return end.join([*filter(None, lines), "END:VCALENDAR", ""]).encode()


def told(content: bytes) -> list[tuple]:
    return [(f"{e.day:%m-%d}", e.start, e.end, e.title, e.place) for e in calendar_files.read(content, FIRST, LAST)]


PLAIN = "UID:1|SUMMARY:Droit|LOCATION:21.2.32|DTSTART:20250120T083000Z|DTEND:20250120T113000Z"
EXPECTED = [("01-20", "09:30", "12:30", "Droit", "21.2.32")]
WEEKLY = "UID:2|SUMMARY:Atelier|DTSTART;TZID=Europe/Paris:20250317T140000|DTEND;TZID=Europe/Paris:20250317T170000|"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["crlf", "lf", "cr"])
def test_line_ends_of_any_kind(end: str) -> None:
    assert told(export(PLAIN, end=end)) == EXPECTED


@pytest.mark.parametrize(
    ("event", "expected"),
    {
        "utc": (PLAIN, EXPECTED),
        "utc in summer": ("DTSTART:20250620T083000Z|DTEND:20250620T113000Z", [("06-20", "10:30", "13:30", "", "")]),
        "no zone": ("SUMMARY:A|DTSTART:20250120T093000|DTEND:20250120T123000", [("01-20", "09:30", "12:30", "A", "")]),
        "named zone": (
            "DTSTART;TZID=Europe/London:20250120T083000|DTEND;TZID=Europe/London:20250120T113000",
            [("01-20", "09:30", "12:30", "", "")],
        ),
        "zone as Windows calls it": (
            "DTSTART;TZID=Romance Standard Time:20250120T093000|DTEND;TZID=Romance Standard Time:20250120T123000",
            [("01-20", "09:30", "12:30", "", "")],
        ),
        "zone that nobody knows": (
            "DTSTART;TZID=Salle des profs:20250120T093000|DTEND;TZID=Salle des profs:20250120T123000",
            [("01-20", "09:30", "12:30", "", "")],
        ),
        "duration": ("DTSTART:20250120T083000Z|DURATION:PT3H", [("01-20", "09:30", "12:30", "", "")]),
        "no end": ("DTSTART:20250120T083000Z", [("01-20", "09:30", "09:30", "", "")]),
        "whole day": ("SUMMARY:Férié|DTSTART;VALUE=DATE:20250501|DTEND;VALUE=DATE:20250502",
                      [("05-01", "", "", "Férié", "")]),
        "folded": ("SUMMARY:Dro\r\n it du\r\n\t travail|DTSTART:20250120T083000Z|DURATION:PT3H",
                   [("01-20", "09:30", "12:30", "Droit du travail", "")]),
        "escaped": ("SUMMARY:Droit\\, suite\\n2e partie|DTSTART:20250120T083000Z|DURATION:PT3H",
                    [("01-20", "09:30", "12:30", "Droit, suite 2e partie", "")]),
        "cancelled": ("STATUS:CANCELLED|" + PLAIN, []),
        "past midnight": ("DTSTART:20250120T210000Z|DURATION:PT4H", [("01-20", "22:00", "23:59", "", "")]),
    }.values(),
)  # fmt: skip
def test_each_way_to_say_when(event: str, expected: list) -> None:
    assert told(export(event)) == expected


@pytest.mark.parametrize(
    ("rule", "days"),
    {
        "counted": ("RRULE:FREQ=WEEKLY;COUNT=3", ["03-17", "03-24", "03-31"]),
        "until, in another zone": ("RRULE:FREQ=WEEKLY;UNTIL=20250331T120000Z", ["03-17", "03-24", "03-31"]),
        "until a moment before": ("RRULE:FREQ=WEEKLY;UNTIL=20250331T115959Z", ["03-17", "03-24"]),
        "until a day": ("RRULE:FREQ=WEEKLY;UNTIL=20250331", ["03-17", "03-24", "03-31"]),
        "without": ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;TZID=Europe/Paris:20250324T140000", ["03-17", "03-31"]),
        "without, in another zone": ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20250331T120000Z", ["03-17", "03-24"]),
        "without a day": ("RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;VALUE=DATE:20250324", ["03-17", "03-31"]),
        "also": ("RDATE;TZID=Europe/Paris:20250402T140000", ["03-17", "04-02"]),
        "two days a week": ("RRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=4", ["03-17", "03-18", "03-24", "03-25"]),
    }.values(),
)
def test_what_repeats_keeps_its_hour_when_the_clocks_change(rule: str, days: list[str]) -> None:
    assert told(export(WEEKLY + rule)) == [(day, "14:00", "17:00", "Atelier", "") for day in days]


def test_what_repeats_without_end_stops_with_the_promotion() -> None:
    found = told(export(WEEKLY + "RRULE:FREQ=WEEKLY"))
    assert (len(found), found[-1][0]) == (20, "07-28")


def test_one_day_of_a_series_may_be_changed_or_cancelled() -> None:
    series = WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=3"
    changed = ("UID:2|SUMMARY:Atelier déplacé|RECURRENCE-ID;TZID=Europe/Paris:20250324T140000|"
               "DTSTART;TZID=Europe/Paris:20250325T090000|DTEND;TZID=Europe/Paris:20250325T120000")  # fmt: skip
    cancelled = "UID:2|STATUS:CANCELLED|RECURRENCE-ID:20250331T120000Z|DTSTART:20250331T120000Z|DURATION:PT3H"
    assert told(export(series, changed, cancelled)) == [
        ("03-17", "14:00", "17:00", "Atelier", ""), ("03-25", "09:00", "12:00", "Atelier déplacé", ""),
    ]  # fmt: skip


def test_windows_letters_and_byte_order_marks_are_read() -> None:
    text = export("SUMMARY:Économie – été|DTSTART:20250120T083000Z|DURATION:PT3H").decode()
    for content in (text.encode("cp1252"), b"\xef\xbb\xbf" + text.encode()):
        assert told(content)[0][3] == "Économie – été"


@pytest.mark.parametrize(
    ("content", "words"),
    {
        "empty": (b" \r\n", "vide"),
        "too big": (b"x" * 1_000_001, "trop gros"),
        "a spreadsheet": (b"PK\x03\x04\x14\x00", "Ligne 1 : un calendrier iCalendar commence par BEGIN:VCALENDAR"),
        "a page": (b"<!doctype html>\n<p>", "Ligne 1"),
        "cut": (export(PLAIN)[:-20], "Ligne 10 : « END:VEV » ne ferme rien"),
        "cut between lines": (export(PLAIN).partition(b"END:VEVENT")[0], "il manque END:VEVENT"),
        "closed twice": (export(PLAIN) + b"END:VCALENDAR\r\n", "Ligne 12 : « END:VCALENDAR » ne ferme rien"),
        "a line that is none": (export(PLAIN + "|n'importe quoi"), "Ligne 10 : « n'importe quoi » ne se lit pas"),
        "no start": (export("SUMMARY:Droit"), "Ligne 4, événement « Droit » : il n'a pas de début"),
        "a date that is none": (
            export(PLAIN, "SUMMARY:B|DTSTART:2025012T0930"),
            "Ligne 11, événement « B » : DTSTART « 2025012T0930 » ne se lit pas.",
        ),
        "an end that is none": (export("SUMMARY:B|DTSTART:20250120T093000|DTEND:demain"), "DTEND « demain »"),
        "an end before": (export("SUMMARY:B|DTSTART:20250120T093000|DTEND:20250120T083000"), "finit avant"),
        "a rule that is none": (
            export("SUMMARY:B|DTSTART:20250120T093000|RRULE:FREQ=SOUVENT"), "Ligne 4, événement « B »",
        ),
        "a rule of every second": (
            export("SUMMARY:B|DTSTART:20250120T093000|RRULE:FREQ=SECONDLY"), "plusieurs fois par jour",
        ),
        "another century": (export("SUMMARY:B|DTSTART:18000120T093000|RRULE:FREQ=DAILY"), "l'année 1800"),
        "too many": (
            export(*["DTSTART:20240901T093000|RRULE:FREQ=DAILY"] * 20), "plus de 5000 événements",
        ),
    }.values(),
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(Refused) as error:
        calendar_files.read(content, FIRST, LAST)
    assert words in str(error.value)


def test_our_own_calendar_reads_back() -> None:
    found = told(calendars.calendar("X", (half_day(), half_day(id="S-2", day=date(2025, 6, 2), start="", end=""))))
    assert [line[:4] for line in found] == [
        ("01-20", "09:30", "12:30", "1 · Histoire"), ("06-02", "", "", "1 · Histoire"),
    ]  # fmt: skip
