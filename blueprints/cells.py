"""Lines of several cells saved one by one: what was changed, what was refused, what somebody else changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from blueprints import access, htmx, wording
from blueprints.forms import once
from rules.values import Type
from store.changes import Values
from store.errors import Changed, Refused
from store.journal import Author

#: A verb of the store: (author, row, {field: raw}, {field: text its author had read}).
Verb = Callable[[Author, str, Mapping[str, object], Values | None], object]


@dataclass(frozen=True)
class Problem:
    """Say why one cell was not saved; `mine` is what was typed, to be sent again over somebody else's value."""

    message: str
    typed: str
    mine: bool = False


class Partly(Exception):
    """Undo what a form has done so far, its idempotency key included."""


def asked(types: Mapping[str, Type], fields: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cells that the person really changed, and what they had read in each.

    A cell that still holds what was read is left out, so that two people on one line do not undo
    each other's work. A button `keep-<field>` carries the value that its author wants to keep.
    """
    wanted, seen = {}, {}
    for name in fields:
        typed = request.form.get(f"keep-{name}", request.form.get(name))
        before = request.form.get(f"seen-{name}")
        if typed is None or same(types[name], typed, before):
            continue
        wanted[name] = typed
        if before is not None:
            seen[name] = canonical(types[name], before)
    return wanted, seen


def same(kind: Type, typed: str, before: str | None) -> bool:
    """Tell whether a cell still holds what its author had read."""
    return before is not None and canonical(kind, typed) == canonical(kind, before)


def canonical(kind: Type, text: str) -> str:
    """Return the canonical text of what was typed, or itself when it is none."""
    try:
        return kind.parse(text)
    except Refused:
        return text


def save(verb: Verb, row: str, types: Mapping[str, Type], fields: Iterable[str]) -> dict[str, Problem]:
    """Save each changed cell of a line on its own; return what is wrong, by field.

    One refused cell does not hold the others back, and leaves the form free to be sent again.
    """
    wanted, seen = asked(types, fields)
    problems: dict[str, Problem] = {}
    try:
        with once() as first:
            if first:
                problems = attempt(verb, row, types, wanted, seen)
            if problems:
                raise Partly
    except Partly:
        good = {name: typed for name, typed in wanted.items() if name not in problems}
        problems |= attempt(verb, row, types, good, seen)
    return problems


def attempt(
    verb: Verb, row: str, types: Mapping[str, Type], wanted: Values, seen: Values
) -> dict[str, Problem]:
    """Carry each cell of a line out on its own; return what is wrong, by field."""
    problems = {}
    for name, typed in wanted.items():
        expected = {name: seen[name]} if name in seen else None
        try:
            verb(access.author(), row, {name: typed}, expected)
        except Refused as error:
            problems[name] = Problem(htmx.say(error.message), typed)
        except Changed as error:
            problems[name] = Problem(_overtaken(name, canonical(types[name], typed), error.current), typed, mine=True)
    return problems


def _overtaken(name: str, mine: str, current: str) -> str:
    """Tell what the cell became meanwhile, and what was typed, which stays one button away."""
    return _(
        "Entre-temps, quelqu'un a mis « %(now)s ». Votre saisie « %(mine)s » n'a pas été enregistrée.",
        now=wording.value(name, current), mine=wording.value(name, mine),
    )  # fmt: skip


def status(problems: Mapping[str, Problem]) -> int:
    """Return the HTTP status of a line: 200 saved, 409 overtaken by somebody else, 422 refused."""
    if not problems:
        return 200
    return 409 if any(problem.mine for problem in problems.values()) else 422
