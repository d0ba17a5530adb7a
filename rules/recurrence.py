"""Many half-days at once: the days and hours that a sentence, or the fields of a form, describe."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.message import Message, Refused
from rules.recurrence_texts import hours, parse
from rules.recurrence_words import Period, Sentence, Times, Written
from rules.value_times import FIRST_YEAR, LAST_YEAR, WEEKDAYS, display_date, display_time

#: More than a programme of two years holds.
MOST = 400
#: A period without a day of the week means each day of it, when it is no longer than this.
SHORT = timedelta(days=13)


@dataclass(frozen=True)
class Around:
    """What a sentence leaves out: the promotion's first and last day where known, today, and public holidays."""

    today: date
    first: date | None = None
    last: date | None = None
    holidays: Collection[date] | Callable[[date], bool] = ()

    def is_holiday(self, day: date) -> bool:
        """Tell whether a day is a public holiday."""
        return self.holidays(day) if callable(self.holidays) else day in self.holidays


@dataclass(frozen=True)
class Pattern:
    """The days and the hours found; notes say in French what in the sentence had no effect."""

    days: tuple[date, ...]
    hours: tuple[Times, ...]
    notes: tuple[Message, ...] = ()

    def slots(self) -> list[tuple[date, str, str]]:
        """List (day, start, end) of every half-day, in order."""
        return [(day, start, end) for day in self.days for start, end in self.hours]


def read(text: str, around: Around) -> Pattern:
    """Read a sentence in French; raise Refused naming the word that is not understood or what is missing."""
    if not text.strip():
        raise Refused("Écrivez une phrase ; exemple : tous les lundis et mardis de mars, 9h30-12h30 et 14h-17h.")
    return _pattern(parse(text), around)


def from_fields(first: str, last: str, weekdays: Iterable[int], every: int, times: str, without: str,
                around: Around) -> Pattern:
    """Make the same from fields: canonical dates, days of the week from 0, weeks, hours and exceptions as typed."""
    if not first or not last:
        raise Refused("Indiquez le premier et le dernier jour.")
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    sentence = parse(f"sauf {without}") if without.strip() else Sentence()
    if sentence != Sentence(without=sentence.without, without_weekdays=sentence.without_weekdays,
                            without_holidays=sentence.without_holidays):
        raise Refused("« %(raw)s » : indiquez seulement des dates à sauter, comme « le 8 mai, du 14 au 25 avril ».",
                      raw=without[:60])
    sentence.hours, sentence.weekdays, sentence.every = hours(times), set(weekdays), every
    if not sentence.weekdays:
        raise Refused("Cochez au moins un jour de la semaine.")
    days = [Written(day.day, day.month, day.year) for day in (begin, end)]
    sentence.periods = [Period(days[0], days[1])]
    return _pattern(sentence, around)


def _pattern(said: Sentence, around: Around) -> Pattern:
    if not said.hours:
        raise Refused("Indiquez les horaires ; exemple : 9h30-12h30 et 14h-17h.")
    _check_hours(said.hours)
    found = sorted(_days(said, around))
    if not found:
        raise Refused("Aucun jour ne correspond.")
    kept, notes = _without(found, said, around)
    if not kept:
        raise Refused("Les exceptions ôtent tous les jours.")
    if len(kept) * len(said.hours) > MOST:
        raise Refused("Cela fait %(count)s demi-journées ; %(most)s au plus s'ajoutent en une fois.",
                      count=len(kept) * len(said.hours), most=MOST)
    return Pattern(tuple(kept), tuple(sorted(said.hours)), tuple(notes))


def _check_hours(times: list[Times]) -> None:
    ordered = sorted(times)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if other[0] < one[1]:
            raise Refused("Les horaires %(one)s et %(other)s se chevauchent.",
                          one="-".join(map(display_time, one)), other="-".join(map(display_time, other)))


def _days(said: Sentence, around: Around) -> set[date]:
    """Return the days meant, before any exception."""
    since = around.first or around.today
    spans = [_span(one, since, around) for one in said.periods if not one.single]
    named = {_resolved(one.last, since) for one in said.periods if one.single and one.last}
    chosen = bool(said.weekdays or said.ranks)
    if not spans and chosen:
        spans = [_span(Period(None, None), since, around)]
    if spans and not chosen:
        _check_short(said, spans)
        said.weekdays = set(range(5))
    inside = {day for first, last in spans for day in _each(first, last)}
    return _alternated(said, {day for day in inside if _matches(said, day)}) | named


def _check_short(said: Sentence, spans: list[tuple[date, date]]) -> None:
    if any(one.month for one in said.periods) or any(last - first > SHORT for first, last in spans):
        raise Refused("Indiquez quels jours : lundis, mardis… ou « tous les jours ».")


def _matches(said: Sentence, day: date) -> bool:
    if day.weekday() in said.weekdays:
        return True
    length = calendar.monthrange(day.year, day.month)[1]
    ranks = ((day.day - 1) // 7 + 1, day.weekday()), (-1 if day.day + 7 > length else 0, day.weekday())
    return any(rank in said.ranks for rank in ranks)


def _alternated(said: Sentence, days: set[date]) -> set[date]:
    """Keep one week in two, counted from the week of the first day."""
    if said.every == 1 or not days:
        return days
    monday = _monday(min(days))
    return {day for day in days if (day - monday).days // 7 % said.every == 0}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _span(one: Period, since: date, around: Around) -> tuple[date, date]:
    """Return the first and the last day of a period; a year left out is the one that comes next."""
    if one.week:
        monday = _monday(_resolved(one.first, since))
        return monday, monday + timedelta(days=6)
    if one.first is None and around.first is None or one.last is None and around.last is None:
        raise Refused("Indiquez la période : « de mars », « du 3 mars au 12 juin ».")
    if one.last is None:
        last = around.last or since
    else:
        known = _resolved(one.first, since) if one.first and one.first.year else since
        last = _resolved(one.last, known)
    first = _before(one.first, last) if one.first else around.first or last
    if first > last:
        raise Refused("La période finit le %(last)s, avant de commencer le %(first)s.",
                      first=display_date(first.isoformat()), last=display_date(last.isoformat()))
    if last - first > timedelta(days=1100):
        raise Refused("La période dure plus de trois ans : vérifiez ses années.")
    return first, last


def _resolved(written: Written | None, since: date) -> date:
    """Return the day written, in its year or as the first one from a day on."""
    assert written is not None
    if written.year:
        return _existing(written, written.year)
    years = range(since.year, since.year + 9)
    return next((day for year in years if (day := _possible(written, year, since))), None) or _existing(
        written, since.year)


def _before(written: Written, last: date) -> date:
    """Return the first day of a period: in its year, or as the latest one that is not after its end."""
    if written.year:
        return _existing(written, written.year)
    years = range(last.year, last.year - 9, -1)
    found = (day for year in years if (day := _possible(written, year, date.min)) and day <= last)
    return next(found, None) or _existing(written, last.year)


def _possible(written: Written, year: int, since: date) -> date | None:
    """Return the day in a year, None before `since` and for the 29th of February of most years."""
    if (written.month, written.day) == (2, 29) and not calendar.isleap(year):
        return None
    early = (written.month or 0, written.day or 31) < (since.month, since.day)
    return None if year == since.year and early else _existing(written, year)


def _existing(written: Written, year: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("L'année %(year)s est hors des limites : de %(first)s à %(last)s.",
                      year=year, first=FIRST_YEAR, last=LAST_YEAR)
    month = written.month or 0
    try:
        day = date(year, month, written.day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise Refused("La date « %(raw)s » n'existe pas au calendrier.", raw=f"{written.day}/{month}/{year}") from None
    if written.weekday is not None and written.weekday != day.weekday():
        raise Refused("Le %(date)s est un %(weekday)s : vérifiez le jour écrit.",
                      date=display_date(day.isoformat()), weekday=WEEKDAYS[day.weekday()])
    return day


def _without(days: list[date], said: Sentence, around: Around) -> tuple[list[date], list[Message]]:
    """Take the exceptions away, and say which of them took nothing."""
    notes = [Message("« %(what)s » n'ôte aucun jour.", {"what": _shown(one)})
             for one in said.without if not any(_within(day, one) for day in days)]
    kept = [day for day in days if day.weekday() not in said.without_weekdays
            and not any(_within(day, one) for one in said.without)
            and not (said.without_holidays and around.is_holiday(day))]
    return kept, notes


def _within(day: date, one: Period) -> bool:
    """Tell whether a day is in an exception; one without a year is of every year, and may pass its end."""
    first, last = one.first, one.last
    assert first is not None
    assert last is not None
    if one.week:
        return _monday(_existing(first, first.year or day.year)) == _monday(day)
    if last.year:
        end = _existing(last, last.year)
        return _before(first, end) <= day <= end
    begin, end_, at = (first.month or 0, first.day), (last.month or 0, last.day or 31), (day.month, day.day)
    if begin <= end_:
        return begin <= at <= end_
    return at >= begin or at <= end_


def _shown(one: Period) -> str:
    texts = ["/".join(f"{part:02d}" for part in (day.day, day.month, day.year) if part) for day in (one.first, one.last)
             if day]
    return texts[0] if one.single or one.week else "-".join(texts)
