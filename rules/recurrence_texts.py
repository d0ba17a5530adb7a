"""Read « tous les lundis et mardis de mars, 9h30-12h30 et 14h-17h, sauf le 8 mai » into its parts."""

from __future__ import annotations

import re
from dataclasses import replace

from rules.message import Refused
from rules.normal_form import fold, norm
from rules.recurrence_words import (
    EXCEPT,
    MONTH_OF,
    NOISE,
    RANKS,
    TOKEN,
    UNTIL,
    WEEKDAY_OF,
    Period,
    Sentence,
    Times,
    Words,
    Written,
    digits,
    figures,
    is_day,
    number,
    ordinal,
    unfinished,
    without_part,
)

_HOURS = re.compile(
    r"(?:(?<!\w)(?:de|entre)\s+)?(?<![\w/.:])(\d{1,2})(?:\s*[h:]\s*(\d{2})?(?!\d))?\s*(?:-|–|—|à|a(?=\s)|jusqu['’]à)\s*"
    r"(\d{1,2})\s*[h:]\s*(\d{2})?(?![\w:])", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}\s*(?:h\s*(?:\d{2})?|:\s*\d{2})(?!\w)", re.IGNORECASE)


def parse(text: str) -> Sentence:
    """Read a sentence; raise Refused naming the first word that is not understood."""
    found, text = Sentence(), figures(norm(text))
    _one_timetable(text)
    rest = _HOURS.sub(lambda match: _hours(match, found), text)
    if alone := _CLOCK.search(rest):
        raise Refused("« %(word)s » : donnez le début et la fin, comme 9h30-12h30.", word=alone[0])
    _Reading(without_part(rest, found.hours), found).all()
    return found


def _one_timetable(text: str) -> None:
    """Refuse hours that change with the day: « lundis 9h-12h et mardis 14h-17h » would be read as both on both."""
    places = [match.span() for match in _HOURS.finditer(text)]
    for (_start, end), (start, _end) in zip(places, places[1:], strict=False):
        between = [word for word in TOKEN.findall(text[end:start]) if fold(word) not in NOISE]
        if between:
            raise Refused("« %(word)s » sépare deux horaires : écrivez une phrase pour chaque horaire.",
                          word=between[0])


def hours(text: str) -> list[Times]:
    """Read hours alone, as « 9h30-12h30 et 14h-17h »; raise Refused on anything else."""
    found = parse(text)
    if not found.hours or found != Sentence(hours=found.hours):
        raise Refused("« %(raw)s » ne se lit pas comme des horaires ; exemple : 9h30-12h30 et 14h-17h.", raw=text[:60])
    return found.hours


def _hours(match: re.Match[str], found: Sentence) -> str:
    start, end = (f"{int(match[n]):02d}:{match[n + 1] or '00'}" for n in (1, 3))
    if max(start, end) > "23:59" or max(start[3:], end[3:]) > "59":
        raise Refused("« %(raw)s » ne se lit pas comme des horaires ; exemple : 9h30-12h30 et 14h-17h.", raw=match[0])
    if start >= end:
        raise Refused("« %(raw)s » : la fin doit venir après le début.", raw=match[0].strip())
    if (start, end) not in found.hours:
        found.hours.append((start, end))
    return " , "


class _Reading(Words):
    """A sentence of which each kind of words goes to its place."""

    def __init__(self, text: str, found: Sentence) -> None:
        super().__init__(text)
        self.found, self.excluding = found, False
        self.start: Written | None = None
        self.end: Written | None = None

    def all(self) -> None:
        """Take every word."""
        while self.at < len(self.words):
            if not any(take() for take in (self.exception, self.alternation, self.open_end, self.weekday_range,
                                           self.period, self.months, self.rank, self.days, self.everyday,
                                           self.weekday, self.noise)):
                raise self.unknown()
        if self.start or self.end:
            self.found.periods.append(Period(self.start, self.end))

    @property
    def periods(self) -> list[Period]:
        """Return where the days read now go."""
        return self.found.without if self.excluding else self.found.periods

    # -- each kind of words; every one tells whether it took something --------------------------------

    def exception(self) -> bool:
        if self.word() in EXCEPT or self.skip("a", "l", "exception"):
            self.at += self.word() in EXCEPT
            self.excluding = True
            return True
        if self.excluding and self.word() in ("jours", "jour") and self.word(1) in ("feries", "ferie"):
            self.at += 2
            self.found.without_holidays = True
            return True
        return self.excluding and self.skip("feries") and self._holidays()

    def _holidays(self) -> bool:
        self.found.without_holidays = True
        return True

    def alternation(self) -> bool:
        """« une semaine sur deux », « un lundi sur deux », « toutes les deux semaines », « tous les quinze jours »."""
        if self.word() in ("un", "une") and self.word(2) == "sur" and (every := number(self.word(3))):
            if self.word(1) in WEEKDAY_OF:
                self.found.weekdays.add(WEEKDAY_OF[self.word(1)])
            elif self.word(1) != "semaine":
                return False
            self.at += 4
        elif self.word() in ("tous", "toutes") and self.word(1) == "les" and (count := number(self.word(2))):
            if self.word(3) not in ("semaines", "jours") or (self.word(3) == "jours" and count not in (14, 15)):
                return False
            every = 2 if self.word(3) == "jours" else count
            self.at += 4
        else:
            return False
        self.found.every, self.excluding = every, False
        return True

    def open_end(self) -> bool:
        """« à partir du 3 mars », « jusqu'au 12 juin »."""
        begin = self.skip("a", "partir", "du") or self.skip("des", "le") or self.skip("depuis", "le")
        if not begin and not self.skip("jusqu", "au"):
            return False
        day = self.day()
        if day is None:
            raise self.unknown() if self.word() else unfinished()
        if begin:
            self.start = day
        else:
            self.end = day
        return True

    def weekday_range(self) -> bool:
        """« du lundi au vendredi »."""
        at = self.at
        first = self.word(1) if self.skip("du") else ""
        self.at = at
        if first not in WEEKDAY_OF and self.word(1) not in WEEKDAY_OF:
            return False
        if self.word() == "du" and self.word(2) == "au" and self.word(3) in WEEKDAY_OF and not is_day(self.word(4)):
            one, other = WEEKDAY_OF[self.word(1)], WEEKDAY_OF[self.word(3)]
            days = range(one, other + 1) if one <= other else (*range(one, 7), *range(other + 1))
            self.weekdays.update(days)
            self.at += 4
            return True
        return False

    def period(self) -> bool:
        """« du 3 mars au 12 juin », « du 3 au 14 mars », « entre le 3 mars et le 12 juin », « semaine du 3 mars »."""
        at, week = self.at, self.skip("semaine")
        between = self.skip("entre", "le") or self.skip("entre")
        if not between:
            self.skip("du")
        first = self.day()
        until = first and (self.skip("et", "le") if between else self.skip("jusqu", "au") or self.word() in UNTIL)
        if week and not until and first and first.month:
            self.periods.append(Period(first, first, week=True))
            if first.year:
                self.date_back(first.year)
            return True
        if not until or first is None:
            self.at = at
            return False
        self.at += self.word() in UNTIL
        last = self.day()
        if last is None or last.month is None:
            raise self.unknown() if self.word() else unfinished()
        self.periods.append(Period(replace(first, month=first.month or last.month), last))
        return True

    def months(self) -> bool:
        """« mars », « de mars à juin 2025 »."""
        at = self.at
        self.skip("de") or self.skip("du", "mois", "de") or self.skip("en")
        first = MONTH_OF.get(self.word())
        if first is None:
            self.at = at
            return False
        self.at += 1
        year, last = self.year(), first
        ahead = 1 if self.word() in ("a", "-", "–") else 2 if self.word() == "jusqu" else 0
        if ahead and self.word(ahead) in MONTH_OF:
            last, self.at = MONTH_OF[self.word(ahead)], self.at + ahead + 1
        ends = self.year() or (year if last == first else None)
        self.periods.append(Period(Written(1, first, year), Written(0, last, ends), month=True))
        if year or ends:
            self.date_back(year or ends or 0)
        return True

    def rank(self) -> bool:
        """« le premier lundi », « le 2e mardi de chaque mois »."""
        rank = RANKS.get(self.word()) or ordinal(self.word())
        if not rank or self.word(1) not in WEEKDAY_OF:
            return False
        self.found.ranks.add((rank, WEEKDAY_OF[self.word(1)]))
        self.at += 2
        self.skip("de", "chaque", "mois") or self.skip("du", "mois")
        return True

    def days(self) -> bool:
        """« le 3 mars », « les lundis 3, 10 et 17 mars 2025 », « lundi 3 et mardi 4 mars », « 03/03/2025 »."""
        at, weekday, before = self.at, self.named(), []
        while re.fullmatch("1er|[0-9]{1,2}", self.word()) and self.word(1) not in MONTH_OF:
            before.append((int(digits(self.word())), weekday))
            self.at += 1
            self.skip("et") or self.skip("le")
            weekday = self.named(weekday)
        last = self.day()
        if last is None or last.month is None:
            self.at = at
            return False
        days = [Written(number, last.month, last.year, on) for number, on in before] + [replace(last, weekday=weekday)]
        self.periods.extend(Period(day, day, single=True) for day in days)
        if last.year:
            self.date_back(last.year, len(days))
        return True

    def named(self, before: int | None = None) -> int | None:
        """Take the day of the week that stands before the number of a day, or return the one before it."""
        if self.word() not in WEEKDAY_OF or not is_day(self.word(1)):
            return before
        self.at += 1
        return WEEKDAY_OF[self.words[self.at - 1]]

    def everyday(self) -> bool:
        """« tous les jours », « jours ouvrés », « en semaine »."""
        if not (self.skip("jours", "ouvres") or self.skip("jours", "ouvrables") or self.skip("en", "semaine")
                or self.skip("jours") or self.skip("jour")):
            return False
        self.weekdays.update(range(5))
        return True

    def weekday(self) -> bool:
        if self.word() not in WEEKDAY_OF:
            return False
        self.weekdays.add(WEEKDAY_OF[self.word()])
        self.at += 1
        return True

    def noise(self) -> bool:
        if self.word() not in NOISE:
            return False
        if self.word() in ("tous", "toutes", "chaque"):
            self.excluding = False
        self.at += 1
        return True

    @property
    def weekdays(self) -> set[int]:
        """Return where the weekdays read now go."""
        return self.found.without_weekdays if self.excluding else self.found.weekdays

    # -- days and years -----------------------------------------------------------------------------

    def date_back(self, year: int, done: int = 1) -> None:
        """Give the days and months before, written without a year, the year that ends their list."""
        month = self.periods[-done].first.month or 0  # type: ignore[union-attr]
        for place in range(len(self.periods) - done - 1, -1, -1):
            one = self.periods[place]
            if one.first is None or one.last is None or one.last.year or one.first.year:
                return
            year -= (one.last.month or 0) > month
            month = one.first.month or 0
            last = replace(one.last, year=year)
            self.periods[place] = replace(one, last=last, first=last if one.single or one.week else one.first)
