"""The units of a rule set as people type them: one a line, « code ; intitulé ; crédits ».

Under a unit, a line that begins with a dash is one of its assessments: « - code ; intitulé ; coefficient ». Either may
end with the day of the control: « - E1 ; Écrit ; 2 ; 12/03/2025 ».
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rules.message import Refused
from rules.rule_set import Assessment, Unit
from rules.values import TYPES, fold, norm

MOST_UNITS, MOST_CREDITS, LONGEST_CODE, LONGEST_TITLE = 30, 60, 20, 200
MOST_ASSESSMENTS, MOST_WEIGHT = 12, 100
#: What begins the line of an assessment; people and word processors type other dashes too.
_DASHES = ("-", "–", "—", "•")
#: What stands at the head of other columns of the tab Jury, or names the paper among what is graded.
RESERVED = frozenset({"id", "nom", "prenom", "decision", "proposition", "memoire", "paper"})
#: Of what was typed, enough to find the line again.
_SHOWN = 60
#: What is meant as a day, whether there is such a one or not.
_DAY = re.compile(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def text_of(units: Iterable[Unit]) -> str:
    """Write units and their assessments as their lines; `read_units` gives them back equal."""
    return "\n".join(line for unit in units for line in _lines_of(unit))


def _lines_of(unit: Unit) -> list[str]:
    below = [f"- {one.code} ; {one.title} ; {one.weight}{_day_of(one)}" for one in unit.assessments]
    return [f"{unit.code} ; {unit.title} ; {unit.credits}{_day_of(unit)}", *below]


def _day_of(one: Unit | Assessment) -> str:
    return f" ; {TYPES['date'].display(one.held_on.isoformat())}" if one.held_on else ""


def read_units(text: str) -> tuple[Unit, ...]:
    """Read lines of units, blank ones left out; raise Refused naming the first line that is none."""
    found: dict[str, Unit] = {}
    for number, typed in enumerate(re.split("\r\n|\r|\n", text), start=1):
        line = " ".join(norm(typed).split())
        if line.startswith(_DASHES) and found:
            key = next(reversed(found))
            found[key] = _with(number, line[1:].strip(), found[key])
        elif line:
            unit = _unit(number, line)
            _refuse_double(number, unit.code, found)
            found[fold(unit.code)] = unit
    if len(found) > MOST_UNITS:
        raise Refused("%(count)s unités : une promotion en a %(most)s au plus.", count=len(found), most=MOST_UNITS)
    return tuple(found.values())


def _refuse_double(number: int, code: str, found: Iterable[str]) -> None:
    if fold(code) in found:
        raise Refused(
            "Ligne %(line)s : le code « %(typed)s » est déjà celui d'une autre unité.", line=number, typed=code
        )


def _with(number: int, line: str, unit: Unit) -> Unit:
    """Give a unit one more assessment, read from its line without the dash."""
    line, day = _dated(number, line)
    code, title, weight = _parts(line)
    if not (code and weight):
        raise Refused(
            "Ligne %(line)s : « %(typed)s » n'est pas de la forme « - code ; intitulé ; coefficient ».",
            line=number, typed=_short(line),
        )  # fmt: skip
    _check_code(number, code)
    _check_title(number, title, line)
    if not re.fullmatch("[0-9]{1,3}", weight) or not 1 <= int(weight) <= MOST_WEIGHT:
        raise Refused(
            "Ligne %(line)s : « %(typed)s » n'est pas un coefficient entier, de 1 à %(most)s.",
            line=number, typed=_short(weight), most=MOST_WEIGHT,
        )  # fmt: skip
    if fold(code) in {fold(one.code) for one in unit.assessments}:
        raise Refused(
            "Ligne %(line)s : le code « %(typed)s » est déjà celui d'une autre épreuve de cette unité.",
            line=number, typed=code,
        )  # fmt: skip
    if len(unit.assessments) == MOST_ASSESSMENTS:
        raise Refused(
            "Ligne %(line)s : une unité a %(most)s épreuves au plus.", line=number, most=MOST_ASSESSMENTS
        )
    return replace(unit, assessments=(*unit.assessments, Assessment(code, title, int(weight), day)))


def _parts(line: str) -> tuple[str, str, str]:
    """Part a line in three: a title may hold a semicolon, so the code is before the first, a number after the last."""
    code, _first, rest = (part.strip() for part in line.partition(";"))
    title, second, number = (part.strip() for part in rest.rpartition(";"))
    return code, title, number if second else ""


def _dated(number: int, line: str) -> tuple[str, date | None]:
    """Take the day of the control off the end of a line, None where there is none."""
    rest, parted, typed = (part.strip() for part in line.rpartition(";"))
    if not parted or not _DAY.fullmatch(typed):
        return line, None
    try:
        return rest, date.fromisoformat(TYPES["date"].parse(typed))
    except Refused:
        raise Refused(
            "Ligne %(line)s : « %(typed)s » n'est pas un jour du calendrier, comme 12/03/2025.",
            line=number, typed=_short(typed),
        ) from None  # fmt: skip


def _unit(number: int, line: str) -> Unit:
    line, day = _dated(number, line)
    code, title, points = _parts(line)
    if not (code and points):
        raise Refused(
            "Ligne %(line)s : « %(typed)s » n'est pas de la forme « code ; intitulé ; crédits ».",
            line=number, typed=_short(line),
        )  # fmt: skip
    _check_code(number, code)
    _check_title(number, title, line)
    if not re.fullmatch("[0-9]{1,2}", points) or int(points) > MOST_CREDITS:
        raise Refused(
            "Ligne %(line)s : « %(typed)s » n'est pas un nombre entier de crédits, de 0 à %(most)s.",
            line=number, typed=_short(points), most=MOST_CREDITS,
        )  # fmt: skip
    return Unit(code, title, int(points), held_on=day)


def _check_code(number: int, code: str) -> None:
    if not _CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise Refused(
            "Ligne %(line)s : le code « %(typed)s » n'est pas fait de lettres sans accent, de chiffres et de traits "
            "d'union (%(most)s caractères au plus).", line=number, typed=_short(code), most=LONGEST_CODE,
        )  # fmt: skip
    if fold(code) in RESERVED:
        raise Refused(
            "Ligne %(line)s : « %(typed)s » nomme une autre colonne du jury, pas une unité.", line=number, typed=code
        )


def _check_title(number: int, title: str, line: str) -> None:
    if not title:
        raise Refused("Ligne %(line)s : « %(typed)s » n'a pas d'intitulé.", line=number, typed=_short(line))
    if len(title) > LONGEST_TITLE:
        raise Refused(
            "Ligne %(line)s : l'intitulé « %(typed)s » a %(length)s caractères, %(most)s au plus.",
            line=number, typed=_short(title), length=len(title), most=LONGEST_TITLE,
        )  # fmt: skip


def _short(typed: str) -> str:
    return typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}…"
