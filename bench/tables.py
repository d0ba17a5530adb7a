"""Tables to merge: an agreed one, the same after edits on each side, and what a right merge of both holds."""

import json
import random
from dataclasses import dataclass, field

from rules.values import TYPES
from sync.worksheets import Column

#: Twelve columns with the id, as a tab of participants with some marks has.
COLUMNS = [
    Column("last_name", "Nom", TYPES["name"], required=True),
    Column("first_name", "Prénom", TYPES["name"], required=True),
    Column("email", "Courriel", TYPES["email"]),
    Column("phone", "Téléphone", TYPES["phone"]),
    Column("employer", "Structure", TYPES["text"]),
    Column("paid_on", "Réglé le", TYPES["date"]),
    Column("grade", "Note", TYPES["grade"]),
    Column("pages", "Pages", TYPES["integer"]),
    *(Column(f"half_day_{n}", f"Séance {n}", TYPES["attendance"]) for n in (1, 2, 3)),
]
FIELDS = tuple(column.field for column in COLUMNS)
HEADERS = ("ID", *(column.header for column in COLUMNS))
MARKS = ("P", "P", "P", "A", "AJ", "R 15", "V", "")

Row = tuple[str, ...]


@dataclass
class Case:
    """One agreed table and both sides after their edits; rows are keyed by id, values are canonical texts."""

    base: dict[str, Row]
    ours: dict[str, Row]
    theirs: dict[str, Row]
    #: What a right merge holds, the cells in conflict left out.
    right: dict[str, Row]
    conflicts: set[tuple[str, int]] = field(default_factory=set)
    #: Rows deleted by one side and edited by the other: the edit is what must stay.
    kept: set[str] = field(default_factory=set)


def agreed(count: int, chance: random.Random) -> dict[str, Row]:
    """Make a table of canonical texts; names repeat as they do, addresses and numbers do not."""
    return {f"P-{n:08d}": _row(n, chance) for n in range(count)}


def _row(number: int, chance: random.Random) -> Row:
    return (
        f"Nom{chance.randrange(900)}", f"Prénom{chance.randrange(300)}", f"personne{number}@exemple.fr",
        f"06{number:08d}", f"Association {chance.randrange(200)}", f"2025-{1 + number % 12:02d}-{1 + number % 28:02d}",
        f"{chance.randrange(21)}", f"{chance.randrange(12, 25)}", *(chance.choice(MARKS) for _ in range(3)),
    )  # fmt: skip


def case(count: int, share: float = 0.01, seed: int = 1, shuffled: bool = False) -> Case:
    """Edit `share` of the rows on each side, some in the same cell, some against a deletion."""
    chance = random.Random(seed)
    base = agreed(count, chance)
    made = Case(base, dict(base), dict(base), dict(base))
    touched = chance.sample(list(base), max(8, int(2 * share * count)))
    half = len(touched) // 2
    for place, key in enumerate(touched):
        _edit(made, key, place, half, chance)
    if shuffled:
        keys = list(made.theirs)
        chance.shuffle(keys)
        made.theirs = {key: made.theirs[key] for key in keys}
    return made


def _edit(made: Case, key: str, place: int, half: int, chance: random.Random) -> None:
    column = chance.randrange(len(FIELDS) - 3, len(FIELDS))
    if place == 0:
        made.ours[key] = _with(made.ours[key], column, "R 31")
        made.theirs[key] = _with(made.theirs[key], column, "R 32")
        made.conflicts.add((key, column))
    elif place == 1:
        made.ours[key] = made.right[key] = _with(made.ours[key], column, "R 33")
        del made.theirs[key]
        made.kept.add(key)
    elif place == half:
        made.ours[key] = made.right[key] = _with(made.ours[key], column, "R 34")
        made.theirs[key] = made.right[key] = _with(made.right[key], 4, "Maison neuve")
        made.theirs[key] = _with(made.base[key], 4, "Maison neuve")
    elif place < half:
        made.ours[key] = made.right[key] = _with(made.ours[key], column, "R 35")
    else:
        made.theirs[key] = made.right[key] = _with(made.theirs[key], column, "R 36")


def _with(row: Row, column: int, value: str) -> Row:
    return (*row[:column], value, *row[column + 1 :])


def fresh(table: dict[str, Row]) -> dict[str, Row]:
    """Copy a table so that it shares no string with another: each side reads its own."""
    return {_copy(key): tuple(map(_copy, row)) for key, row in table.items()}


def _copy(text: str) -> str:
    return text.encode().decode()


def by_field(table: dict[str, Row]) -> dict[str, dict[str, str]]:
    """Return a table with its rows by field, as the store gives them."""
    return {key: dict(zip(FIELDS, row, strict=True)) for key, row in table.items()}


def answer(table: dict[str, Row]) -> bytes:
    """Return the table as Google's masked `spreadsheets.get` gives it, without white space."""
    header = {"values": [_cell(text) for text in HEADERS]}
    lines = [{"values": [_cell(key), *map(_typed, COLUMNS, row)]} for key, row in table.items()]
    grid = {"rowCount": len(lines) + 50, "columnCount": 26}
    properties = {"sheetId": 1, "title": "Participants", "index": 0, "gridProperties": grid}
    sheet = {"properties": properties, "data": [{"rowData": [header, *lines], "columnMetadata": [{}] * 26}]}
    book = {"spreadsheetId": "x", "properties": {"title": "x", "locale": "fr_FR", "timeZone": "Europe/Paris"}}
    return json.dumps(book | {"sheets": [sheet]}, separators=(",", ":"), ensure_ascii=False).encode()


def _typed(column: Column, text: str) -> dict:
    return _cell(column.type.show(text))


def _cell(value: str | float | bool | None) -> dict:
    if value is None or value == "":
        return {}
    shown = {"stringValue": value} if isinstance(value, str) else {"numberValue": value}
    return {"userEnteredValue": shown, "effectiveValue": shown}
