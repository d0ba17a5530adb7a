"""What one roster line says of one participant on one half-day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.message import Refused
from rules.normal_form import fold

#: The most minutes of lateness or early leaving that a cell may hold: ten hours.
MOST_MINUTES = 600


@dataclass(frozen=True)
class Status:
    """One attendance status: its code, its French label, its letters in a sheet cell."""

    code: str
    label: str
    letters: str
    has_minutes: bool = False
    missed: bool = False  # the whole half-day was missed


#: In the order of the roster's buttons. "Not recorded" is a fact of its own, never an absence.
STATUSES = (
    Status("", "non relevé", ""),
    Status("present", "présent·e", "P"),
    Status("late", "en retard", "R", has_minutes=True),
    Status("left_early", "parti·e avant la fin", "D", has_minutes=True),
    Status("absent", "absent·e", "A", missed=True),
    Status("justified", "absence justifiée", "AJ", missed=True),
    Status("remote", "à distance", "V"),
)
BY_CODE = {status.code: status for status in STATUSES}
_BY_LETTERS = {status.letters: status for status in STATUSES if status.letters}

# What people type besides the letters, folded: lower case, no accent, no middle dot.
_WORDS = {
    "P": ("p", "present", "presente", "presents"),
    "R": ("r", "retard", "en retard", "late"),
    "D": ("d", "depart", "depart anticipe", "parti", "partie"),
    "A": ("a", "abs", "absent", "absente", "absence"),
    "AJ": ("aj", "a j", "justifie", "justifiee", "absent justifie", "absente justifiee",
           "absence justifiee", "abs justifiee", "excuse", "excusee"),
    "V": ("v", "visio", "distance", "a distance", "distanciel", "en distanciel", "remote"),
}
_LETTERS = {word: letters for letters, words in _WORDS.items() for word in words}
_CELL = re.compile(r"([a-z ]*[a-z])[ :]*(?:(-?[0-9][0-9.,]*) ?(?:min|mn|minutes?|')?\.?)?")
_WHOLE = re.compile(r"[0-9]{1,6}([.,]0+)?")


# What people tick instead, folded. Never read unless a tab is known to tick who was there: in a list of absences the
# same signs say the contrary.
_TICKS = {"1": "P", "x": "P", "✓": "P", "✔": "P", "oui": "P", "0": "A", "non": "A"}


def parse_ticked(text: str) -> str:
    """Read an attendance cell of a tab that ticks who was there: 1, x, ✓ and oui are P, 0 and non are A."""
    return _TICKS.get(fold(text)) or parse_cell(text)


def ticked(text: str) -> str:
    """Give the mark that a tick stands for, '' when the text is none."""
    return _TICKS.get(fold(text), "")


def parse_cell(text: str) -> str:
    """Read an attendance cell: give '', P, R 15, D 30, A, AJ or V."""
    folded = fold(text).replace("·", "").replace("(e)", "e")
    if not folded:
        return ""
    found = _CELL.fullmatch(folded)
    letters = _LETTERS.get(found[1]) if found else None
    if found is None or letters is None:
        raise Refused("« %(raw)s » n'est pas une présence : P, R 15 (retard de 15 min), D 30 (départ 30 min "
                      "avant la fin), A, AJ, V ou rien.", raw=text[:60])
    return cell_of(*check_mark(_BY_LETTERS[letters].code, found[2], None))


def display_cell(canonical: str) -> str:
    """Write an attendance cell for a page: en retard, 15 min."""
    status, minutes = mark_of(canonical)
    label = BY_CODE[status].label if status else ""
    return f"{label}, {minutes} min" if minutes else label


def mark_of(cell: str) -> tuple[str, int | None]:
    """Give (status, minutes or None) of a canonical cell."""
    letters, _, minutes = cell.partition(" ")
    return (_BY_LETTERS[letters].code if letters else ""), (int(minutes) if minutes else None)


def cell_of(status: str, minutes: int | None) -> str:
    """Give the canonical cell of a checked mark."""
    letters = BY_CODE[status].letters
    return f"{letters} {minutes}" if minutes else letters


def check_mark(status: str, minutes: int | float | str | None,
               half_day_minutes: int | None) -> tuple[str, int | None]:
    """Check what a person wants to record; give (status, minutes or None).

    half_day_minutes: the length of the half-day, None where it is not known yet.
    Raises Refused: unknown status; minutes missing, not whole, out of range, as long as the
    half-day or longer, or given for a status that has none.
    """
    if status not in BY_CODE:
        raise Refused("« %(status)s » n'est pas une présence connue.", status=str(status)[:60])
    kind = BY_CODE[status]
    text = "" if minutes is None else str(minutes).strip()
    if not kind.has_minutes:
        if text:
            raise Refused("« %(label)s » ne prend pas de minutes.", label=kind.label or "non relevé")
        return status, None
    return status, _checked_minutes(text, kind, half_day_minutes)


def _checked_minutes(text: str, kind: Status, half_day_minutes: int | None) -> int:
    if not text:
        raise Refused("Indiquez le nombre de minutes : « %(letters)s 15 » par exemple.", letters=kind.letters)
    if not _WHOLE.fullmatch(text):
        raise Refused("« %(raw)s » n'est pas un nombre entier de minutes.", raw=text[:60])
    minutes = int(re.split("[.,]", text)[0])
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused("%(minutes)s min est hors des limites : de 1 à %(most)s minutes.",
                      minutes=minutes, most=MOST_MINUTES)
    if half_day_minutes is not None and minutes > half_day_minutes:
        raise Refused("%(minutes)s min dépasse la durée de la demi-journée (%(length)s min).",
                      minutes=minutes, length=half_day_minutes)
    if minutes == half_day_minutes:
        raise Refused("%(minutes)s min font toute la demi-journée : c'est une absence (A).", minutes=minutes)
    return minutes
