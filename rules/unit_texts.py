"""The units of a rule set as people type them: one a line, « code ; intitulé ; crédits »."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.message import Refused
from rules.rule_set import Unit
from rules.values import fold, norm

MOST_UNITS, MOST_CREDITS, LONGEST_CODE, LONGEST_TITLE = 30, 60, 20, 200
#: What stands at the head of other columns of the tab Jury, or names the paper among what is graded.
RESERVED = frozenset({"id", "nom", "prenom", "decision", "proposition", "memoire", "paper"})
#: Of what was typed, enough to find the line again.
_SHOWN = 60
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def text_of(units: Iterable[Unit]) -> str:
    """Write units as their lines; `read_units` gives them back equal."""
    return "\n".join(f"{unit.code} ; {unit.title} ; {unit.credits}" for unit in units)


def read_units(text: str) -> tuple[Unit, ...]:
    """Read lines of units, blank ones left out; raise Refused naming the first line that is no unit."""
    found: dict[str, Unit] = {}
    for number, typed in enumerate(re.split("\r\n|\r|\n", text), start=1):
        line = " ".join(norm(typed).split())
        if not line:
            continue
        unit = _unit(number, line)
        if fold(unit.code) in found:
            raise Refused(
                "Ligne %(line)s : le code « %(typed)s » est déjà celui d'une autre unité.", line=number, typed=unit.code
            )
        found[fold(unit.code)] = unit
    if len(found) > MOST_UNITS:
        raise Refused("%(count)s unités : une promotion en a %(most)s au plus.", count=len(found), most=MOST_UNITS)
    return tuple(found.values())


def _unit(number: int, line: str) -> Unit:
    # A title may hold a semicolon: the code is before the first, the credits after the last.
    code, _first, rest = (part.strip() for part in line.partition(";"))
    title, second, points = (part.strip() for part in rest.rpartition(";"))
    if not (code and second and points):
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
    return Unit(code, title, int(points))


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
