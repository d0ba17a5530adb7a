"""The words of a sentence about days: what each means, and a reader that takes them one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rules.message import Refused
from rules.normal_form import fold
from rules.value_times import MONTHS, WEEKDAYS

Times = tuple[str, str]


@dataclass(frozen=True)
class Written:
    """A day as it is written; day 0 is the last of its month, and a year or a month may be left out."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True)
class Period:
    """From one day to another; `single`: a day named by itself, `month`: a whole month, `week`: that of a day."""

    first: Written | None
    last: Written | None
    single: bool = False
    month: bool = False
    week: bool = False


@dataclass
class Sentence:
    """What a sentence says; every is 2 for « une semaine sur deux », ranks hold (rank, weekday), -1 for the last."""

    hours: list[Times] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    ranks: set[tuple[int, int]] = field(default_factory=set)
    every: int = 1
    periods: list[Period] = field(default_factory=list)
    without: list[Period] = field(default_factory=list)
    without_weekdays: set[int] = field(default_factory=set)
    without_holidays: bool = False


#: Dates, numbers with their ending, words, and each other sign by itself.
TOKEN = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{2}|\d{1,2}/\d{1,2}"
                    r"|\d+(?:ère|ème|er|e|nde|nd)?(?!\w)|\d+\w+|[^\W\d_]+|[^\s,;.'’()«»\"]")
NOISE = frozenset((
    "le", "la", "les", "l", "de", "du", "des", "d", "et", "en", "au", "mois", "a", "puis", "ainsi", "que", "inclus",
    "compris", "chaque", "tous", "toutes", "tout", "pendant", "durant", "/", ":",
))
EXCEPT = frozenset(("sauf", "hors", "excepte", "exceptes", "exceptee", "sans"))
NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "quinze": 15}
RANKS = {"premier": 1, "premiers": 1, "deuxieme": 2, "deuxiemes": 2, "second": 2, "seconds": 2, "troisieme": 3,
          "troisiemes": 3, "quatrieme": 4, "quatriemes": 4, "dernier": -1, "derniers": -1}
MONTH_OF = {fold(name): number for number, name in enumerate(MONTHS, start=1)} | {
    "janv": 1, "jan": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
WEEKDAY_OF = {form: number for number, name in enumerate(WEEKDAYS) for form in (name, name + "s", name[:3])}
UNTIL = frozenset({"au", "-", "–", "—"})


#: Hours written in words, and what stands for « et ».
_SPELT = (
    (re.compile("&"), " et "), (re.compile(r"/(?=\s*\d{1,2}\s*h)", re.IGNORECASE), " / "),
    (re.compile(r"(?<![-\w])(?<!après )(?<!apres )midi(?!\w)", re.IGNORECASE), "12h"),
    (re.compile(r"(\d)\s*heures?(?:\s+(?=\d{2}(?!\d|\s*h)))?(?!\w)", re.IGNORECASE), r"\1h"),
)  # fmt: skip
#: What a part of the day lies between.
_PARTS = {"matin": ("00:00", "13:30"), "apres-midi": ("12:00", "23:59"), "soir": ("17:00", "23:59")}
_PART = re.compile(r"(?<!\w)(matin|apr[eè]s[- ]midi|soir)(?:[ée]e)?s?(?!\w)", re.IGNORECASE)


def figures(text: str) -> str:
    """Write in figures the hours that a text spells: « 9 heures 30 à midi »."""
    for pattern, replacement in _SPELT:
        text = pattern.sub(replacement, text)
    return text


def without_part(text: str, hours: list[Times]) -> str:
    """Take « matin » away where every hour read is in the morning; one that says more stays, to be refused by name."""
    said = {fold(found[1]).replace(" ", "-") for found in _PART.finditer(text)}
    if len(said) != 1 or not hours:
        return text
    first, last = _PARTS[said.pop()]
    return _PART.sub(" ", text) if all(first <= start and end <= last for start, end in hours) else text


class Words:
    """The words of a sentence, taken one after the other."""

    def __init__(self, text: str) -> None:
        self.written = TOKEN.findall(text)
        self.words = [fold(word) for word in self.written]
        self.at = 0

    def unknown(self) -> Refused:
        """Make the refusal that names the word reached."""
        several = is_day(self.word()) and self.word(1) not in NOISE
        return Refused("« %(word)s » n'est pas compris. Exemple : tous les lundis et mardis de mars, "
                       "9h30-12h30 et 14h-17h.", word=" ".join(self.written[self.at : self.at + 1 + several]))

    def word(self, ahead: int = 0) -> str:
        """Return a word further on, '' at the end."""
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def skip(self, *words: str) -> bool:
        """Step over these words when they come next."""
        if tuple(self.words[self.at : self.at + len(words)]) != words:
            return False
        self.at += len(words)
        return True

    def day(self) -> Written | None:
        """Take one day when it comes next: « lundi 3 mars 2025 », « 3 », « 03/03 »."""
        at = self.at
        weekday = WEEKDAY_OF.get(self.word())
        self.at += weekday is not None
        word = self.word()
        if found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?", word):
            self.at += 1
            year = None if found[3] is None else int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return Written(int(found[1]), int(found[2]), year, weekday)
        if not is_day(word):
            self.at = at
            return None
        self.at += 1
        month = MONTH_OF.get(self.word())
        self.at += month is not None
        return Written(int(digits(word)), month, self.year() if month else None, weekday)

    def year(self) -> int | None:
        """Take a year when it comes next."""
        if not re.fullmatch(r"\d{4}", self.word()):
            return None
        self.at += 1
        return int(self.words[self.at - 1])


def number(word: str) -> int:
    """Return how many weeks a word or a number says, 0 when it says none."""
    return NUMBERS.get(word) or (int(word) if re.fullmatch("[1-9]|1[0-9]", word) else 0)


def ordinal(word: str) -> int:
    """Return the rank of « 2e », 0 for any other word."""
    found = re.fullmatch("([1-4])(?:er|e|eme|ere|nd|nde)", word)
    return int(found[1]) if found else 0


def digits(word: str) -> str:
    """Return the number of « 1er »."""
    return re.sub(r"\D+$", "", word)


def is_day(word: str) -> bool:
    """Tell whether a word may be the number of a day, or a whole date."""
    return bool(re.fullmatch(r"(?:1er|[0-9]{1,2})", word) or re.fullmatch(r"\d{1,2}[/.]\d{1,2}(?:[/.]\d+)?", word))


def unfinished() -> Refused:
    """Make the refusal of a sentence cut short."""
    return Refused("La phrase s'arrête avant sa dernière date.")
