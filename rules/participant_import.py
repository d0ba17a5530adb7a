"""What somebody's list would change in a promotion, line by line, before anything is written.

A blank cell erases nothing. Somebody already there is known by their email, else by both names when
nobody else bears them. A line with one wrong value is refused whole, with each reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.full_names import FIRST_LAST, LAST_FIRST, split
from rules.message import Message, Refused
from rules.normal_form import fold
from rules.participant_headers import FIRST_NAME_FIRST, FULL_NAME, fields_of, header_row
from rules.value_texts import as_text
from rules.values import Type

CREATED, CHANGED, SAME, REFUSED = "created", "changed", "same", "refused"
#: A header is looked for in the first rows only: a title and blank lines may stand above it.
HEADER_ROWS = 30
Cell = str | int | float | bool | None
Held = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Problem:
    """Why a line is refused: the header of the column ('' for the whole line), what was typed, and the reason."""

    column: str
    typed: str
    message: Message


@dataclass
class Line:
    """One line of the list: where it is in the file, what it would do, and to whom."""

    number: int
    outcome: str = SAME
    key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    #: {field: (before, after)} of what would change.
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Whether the place is one of the waiting list because the promotion is full.
    waits: bool = False

    @property
    def name(self) -> str:
        """Return how the line calls the person."""
        return f"{self.values.get('last_name', '')} {self.values.get('first_name', '')}".strip()


@dataclass(frozen=True)
class Listing:
    """A whole list as it was read: its lines, and the headers that no field of ours has."""

    lines: list[Line]
    left: list[str]

    def counted(self, outcome: str) -> int:
        """Return how many lines have this outcome."""
        return sum(line.outcome == outcome for line in self.lines)


def plan(
    rows: Sequence[Sequence[Cell]], types: Mapping[str, Type], held: Held, free: int | None = None,
    withdrawn: Held | None = None,
) -> Listing:  # fmt: skip
    """Tell what a list would change among the people held, {key: {field: canonical text}}.

    `free` places are given in the order of the list, the waiting list to those after; None where nothing limits.
    A line that is only one of the `withdrawn` is refused: a second line would cut them from their past.
    Raises Refused when no row names the columns.
    """
    texts = _first(rows)
    top = header_row(texts)
    if top < 0:
        raise Refused(
            "Aucune ligne d'en-têtes n'a été trouvée : il faut une colonne « Nom » et une colonne « Prénom », "
            "ou une colonne « Nom et prénom »."
        )
    columns = {place: name for place, name in fields_of(texts[top]).items() if name in types or name == FULL_NAME}
    order = FIRST_LAST if any(fold(text) in FIRST_NAME_FIRST for text in texts[top]) else LAST_FIRST
    lines = []
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = {place: row[place] for place in columns if place < len(row) and _shown(row[place])}
        if cells:
            lines.append(_read(number, cells, columns, texts[top], types, order))
    _recognise(lines, held, withdrawn or {})
    _place(lines, free)
    left = [text for place, text in enumerate(texts[top]) if text and place not in columns]
    return Listing(lines, left)


def names_people(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether one of the first rows of a table names the people in it: of several tables, that is the list."""
    return header_row(_first(rows)) >= 0


def _first(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    return [[_shown(cell) for cell in row] for row in rows[:HEADER_ROWS]]


def _shown(cell: Cell) -> str:
    try:
        return as_text(cell)
    except Refused:
        return str(cell)


def _read(
    number: int, cells: Mapping[int, Cell], columns: Mapping[int, str], header: Sequence[str],
    types: Mapping[str, Type], order: str,
) -> Line:  # fmt: skip
    line = Line(number)
    for place, cell in cells.items():
        typed = _shown(cell)
        try:
            if typed.startswith("=") or typed.startswith("#"):
                raise Refused("Une formule ou une erreur de calcul n'est pas lue : remplacez-la par sa valeur.")
            line.values |= _parsed(columns[place], cell, types, order)
        except Refused as error:
            line.problems.append(Problem(header[place], typed[:60], error.message))
    if not line.problems:
        for name, label in (("last_name", "Nom"), ("first_name", "Prénom")):
            if not line.values.get(name):
                line.problems.append(Problem(label, "", Message("Cette valeur est obligatoire.", {})))
    return line


def _parsed(name: str, cell: Cell, types: Mapping[str, Type], order: str) -> dict[str, str]:
    if name == FULL_NAME:
        last, first = split(as_text(cell), order)
        return {"last_name": types["last_name"].parse(last), "first_name": types["first_name"].parse(first)}
    value = types[name].parse(cell)
    return {name: value} if value else {}


def _recognise(lines: Iterable[Line], held: Held, withdrawn: Held) -> None:
    by_email: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for key, values in held.items():
        by_name.setdefault(_named(values), []).append(key)
        if values["email"]:
            by_email.setdefault(values["email"], []).append(key)
    seen: list[Line] = []
    for line in lines:
        if not line.problems:
            _match(line, held, by_email, by_name)
        if not line.problems and not line.key and _left(line, withdrawn):
            line.problems.append(Problem("", line.name, Message(
                        "Cette personne a été retirée de la promotion : rétablissez-la sur sa page, avec son passé.",
                {},
            )))
        if not line.problems:
            line.problems += filter(None, [next(filter(None, (_again(line, one) for one in seen)), None)])
            seen += [] if line.problems else [line]
        if line.problems:
            line.outcome, line.changes = REFUSED, {}
        elif not line.key:
            line.outcome = CREATED
        else:
            line.changes = {
                name: (held[line.key][name], value)
                for name, value in line.values.items()
                if value != held[line.key][name] and (name not in ("last_name", "first_name"))
            }
            line.outcome = CHANGED if line.changes else SAME


def _again(line: Line, other: Line) -> Problem | None:
    """Say why a line cannot stand beside one above it: the same person, or somebody else's address."""
    email, theirs = line.values.get("email", ""), other.values.get("email", "")
    same_name = _named(line.values) == _named(other.values)
    if (line.key and line.key == other.key) or (not line.key and not other.key and same_name
                                                and (email == theirs or not email or not theirs)):
        return Problem("", line.name, Message(
            "Cette personne est déjà à la ligne %(number)s de la liste.",
            {"number": other.number},
        ))
    if email and email == theirs and not same_name:
        return Problem("Courriel", email, Message(
            "Cette adresse est déjà celle de %(name)s, à la ligne %(number)s de la liste.",
            {"name": other.name, "number": other.number},
        ))
    return None


def _left(line: Line, withdrawn: Held) -> bool:
    """Tell whether a line is somebody withdrawn: the same names, and no other email."""
    email = line.values.get("email", "")
    return any(
        _named(values) == _named(line.values) and (not email or values["email"] in ("", email))
        for values in withdrawn.values()
    )


def _named(values: Mapping[str, str]) -> str:
    return fold(f"{values.get('last_name', '')} {values.get('first_name', '')}").replace("-", " ")


def _match(line: Line, held: Held, by_email: Mapping[str, list[str]], by_name: Mapping[str, list[str]]) -> None:
    same_email = by_email.get(line.values.get("email", ""), [])
    same_name = by_name.get(_named(line.values), [])
    both = [key for key in same_email if key in same_name]
    if len(both) == 1:
        line.key = both[0]
    elif same_email and not both:
        owner = held[same_email[0]]
        name = f"{owner['last_name']} {owner['first_name']}"
        line.problems.append(Problem("Courriel", line.values["email"], Message(
            "Cette adresse est celle de %(name)s : corrigez l'adresse, ou le nom sur la page.",
            {"name": name},
        )))
    elif len(same_name) > 1:
        line.problems.append(Problem("Nom", line.name, Message(
            "%(count)s personnes portent ce nom ici : indiquez le courriel de celle dont il s'agit.",
            {"count": len(same_name)},
        )))
    elif same_name:
        line.key = same_name[0]


def _place(lines: Iterable[Line], free: int | None) -> None:
    """Give the places that are free in the order of the list; the others wait."""
    if free is None:
        return
    for line in lines:
        if line.outcome == CREATED and not line.values.get("waiting"):
            line.waits = free <= 0
            free -= 1
