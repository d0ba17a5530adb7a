"""The canonical text of every type of cell; '' is a blank one.

`parse` takes what a sheet or a form gives and refuses in French; `show` gives the typed value
to put in a sheet cell; `display` gives the text of a page. `parse(show(v)) == v`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.marks import display_cell, parse_cell, parse_ticked
from rules.message import Refused
from rules.normal_form import fold, norm
from rules.value_numbers import (
    GRADE_LABELS,
    display_decimal,
    parse_decimal,
    parse_grade,
    parse_integer,
    show_grade,
    show_number,
)
from rules.value_texts import (
    Raw,
    as_text,
    parse_email,
    parse_link,
    parse_name,
    parse_phone,
    parse_text,
    show_text,
)
from rules.value_times import (
    display_date,
    display_time,
    long_date,
    minutes_of,
    parse_date,
    parse_time,
    show_date,
    show_time,
)

__all__ = ["GRADE_LABELS", "TICKED", "TYPES", "Raw", "Type", "choice", "fold", "long_date", "minutes_of", "norm",
           "parse_attendance", "parse_date", "parse_decimal", "parse_email", "parse_grade", "parse_integer",
           "parse_link", "parse_name", "parse_phone", "parse_text", "parse_time", "parse_yes_no",
           "within", "show_date", "show_grade", "show_number", "show_text", "show_time",
           "display_date", "display_decimal", "display_time"]

_YES = ("oui", "o", "vrai", "true", "yes", "x", "1", "✓", "✔")
_NO = ("non", "n", "faux", "false", "no", "0")


@dataclass(frozen=True)
class Type:
    """How one type of cell is read, written in a sheet and shown on a page."""

    name: str
    parse: Callable[[Raw], str]
    show: Callable[[str], str | float | bool | None]
    display: Callable[[str], str]


def parse_yes_no(raw: Raw) -> str:
    """Read yes or no, a ticked box included; give `oui` or `non`."""
    text = as_text(raw)
    word = fold(text)
    if word in _YES:
        return "oui"
    if word in _NO:
        return "non"
    if text:
        raise Refused("« %(raw)s » n'est pas une réponse : oui ou non est attendu.", raw=text[:60])
    return ""


def parse_attendance(raw: Raw) -> str:
    """Read an attendance cell: P, R 15, D 30, A, AJ, V or blank."""
    return parse_cell(as_text(raw))


def parse_ticks(raw: Raw) -> str:
    """Read an attendance cell where people tick who was there; a box, which is never blank, is no tick."""
    return parse_ticked(as_text(raw))


def choice(labels: Mapping[str, str], name: str = "choice", also: Mapping[str, str] | None = None) -> Type:
    """Make the type of a cell that holds one of a few labels.

    also: other words that staff use -> code.

    labels: code -> French label; the code is the canonical text, the label is what a sheet and
    a page show. Either is read, whatever its accents and case; `admis`, `admise` and `admis.e`
    are read as `admis·e`. Two labels that read the same raise ValueError.
    """
    codes = {fold(word): code for word, code in (also or {}).items()} | _spellings(labels)

    def parse(raw: Raw) -> str:
        text = as_text(raw)
        if not text or fold(text) in codes:
            return codes.get(fold(text), "")
        raise _unknown_choice(text, labels)

    def show(canonical: str) -> str | None:
        return labels.get(canonical, canonical) if canonical else None

    def display(canonical: str) -> str:
        return labels.get(canonical, canonical)

    return Type(name, parse, show, display)


def within(kind: Type, least: int, most: int) -> Type:
    """Make a type of whole numbers that refuses those below least or above most."""

    def parse(raw: Raw) -> str:
        number = kind.parse(raw)
        if number and not least <= int(number) <= most:
            raise Refused("%(number)s est hors des limites : de %(least)s à %(most)s.",
                          number=number, least=least, most=most)
        return number

    return Type(kind.name, parse, kind.show, kind.display)


def _spellings(labels: Mapping[str, str]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for code, label in labels.items():
        for spelling in {code, *_gendered(label)}:
            if codes.setdefault(fold(spelling), code) != code:
                raise ValueError(f"{spelling!r} reads as two different choices")
    return {word: code for word, code in codes.items() if word}


def _gendered(label: str) -> set[str]:
    if "·" not in label:
        return {label}
    short = " ".join(word.split("·")[0] for word in label.split(" "))
    return {label, short, label.replace("·", ""), label.replace("·", "."), label.replace("·", "-")}


def _unknown_choice(text: str, labels: Mapping[str, str]) -> Refused:
    by_fold = {fold(label): label for label in labels.values()}
    close = difflib.get_close_matches(fold(text), list(by_fold), n=3, cutoff=0.5)
    if close:
        return Refused("« %(raw)s » n'est pas dans la liste ; peut-être : %(close)s ?",
                       raw=text[:60], close=", ".join(by_fold[word] for word in close))
    return Refused("« %(raw)s » n'est pas dans la liste : %(labels)s.", raw=text[:60],
                   labels=", ".join(list(labels.values())[:8]) + ("…" if len(labels) > 8 else ""))


def _as_is(canonical: str) -> str:
    return canonical


#: Every type by its name; the types of choices are made by `choice`.
TYPES: dict[str, Type] = {kind.name: kind for kind in (
    Type("text", parse_text, show_text, _as_is),
    Type("name", parse_name, show_text, _as_is),
    Type("email", parse_email, show_text, _as_is),
    Type("phone", parse_phone, show_text, _as_is),
    Type("decimal", parse_decimal, show_number, display_decimal),
    Type("integer", parse_integer, show_number, _as_is),
    Type("date", parse_date, show_date, display_date),
    Type("time", parse_time, show_time, display_time),
    Type("yes_no", parse_yes_no, show_text, _as_is),
    Type("link", parse_link, show_text, _as_is),
    Type("attendance", parse_attendance, show_text, display_cell),
    Type("grade", parse_grade, show_grade, display_decimal),
)}
#: The type of an attendance cell in a tab that ticks who was there.
TICKED = Type("attendance", parse_ticks, show_text, display_cell)
