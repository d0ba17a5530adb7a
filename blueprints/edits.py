"""A row edited in place: what its author really changed, and what to show again when it is turned down.

Each field `x` of the form goes with a hidden `seen-x`, the text its author had read. Only fields whose
text differs from it are sent to the verb, so that two people on one row never overwrite each other's
other cells; the verb compares what was read with what is there now.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from blueprints import htmx, wording
from blueprints.forms import once
from rules.values import Type
from store.errors import Changed, Refused

Texts = dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """How an edit ended: a status of HTTP, and when it was turned down, why and what was typed."""

    status: int = 200
    message: str = ""
    field: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    saved: bool = False
    #: Every field that is wrong, with why.
    faults: tuple[tuple[str, str], ...] = ()


def turned_down(error: Refused, typed: Mapping[str, str]) -> Outcome:
    """Tell why a form was refused, beside each of its fields that is wrong, with what was typed."""
    field = getattr(error, "field", "")
    faults = getattr(error, "faults", ((field, error.message),) if field else ())
    said = tuple((name, htmx.say(message)) for name, message in faults)
    return Outcome(422, htmx.say(error.message), field, tuple(typed.items()), faults=said)


def sent(fields: Iterable[str]) -> Texts:
    """Return the fields of this form that its author changed, as typed."""
    form = request.form
    return {
        name: form[name]
        for name in fields
        if name in form and (f"seen-{name}" not in form or _flat(form[name]) != _flat(form[f"seen-{name}"]))
    }


def _flat(text: str) -> str:
    """Return a text without the line ends that browsers drop from a field of one line."""
    return text.replace("\r", "").replace("\n", "").strip()


def edit(
    types: Mapping[str, Type], verb: Callable[[Texts, Texts], object], current: Callable[[], Mapping[str, str]]
) -> Outcome:
    """Carry out the edit of this request once; `verb` takes what is wanted and what its author had read.

    `current` gives the canonical values of the row as they are now, to say what somebody else made of them.
    """
    typed = sent(types)
    expected: Texts = {}
    try:
        expected = {n: types[n].parse(request.form[f"seen-{n}"]) for n in typed if f"seen-{n}" in request.form}
        with once() as first:
            if first and typed:
                verb(typed, expected)
    except Refused as error:
        return turned_down(error, typed)
    except Changed:
        return _overtaken(typed, expected, current())
    return Outcome(saved=True)


def _overtaken(typed: Texts, expected: Texts, now: Mapping[str, str]) -> Outcome:
    name = next(name for name in typed if name in expected and expected[name] != now[name])
    message = _(
        "Entre-temps, « %(field)s » est devenu « %(now)s ». « %(typed)s » n'a pas été enregistré : "
        "enregistrez de nouveau s'il doit l'emporter.",
        field=_(wording.field(name)), now=wording.value(name, now[name]), typed=typed[name],
    )  # fmt: skip
    return Outcome(409, message, name, tuple(typed.items()), faults=((name, message),))
