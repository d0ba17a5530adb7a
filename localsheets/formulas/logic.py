"""Functions that choose and that tell what a value is."""

from collections.abc import Callable
from typing import Any

from localsheets.formulas.registry import MANY, function
from localsheets.formulas.results import KINDS
from localsheets.formulas.values import ErrorValue, Grid, Raised, comparable, fail, is_number, kept, number, text, truth


@function("IF", "l", 2, 3)
def choose(env: Any, condition: Any, yes: Any, no: Any = None) -> Any:
    """Compute one of two parts; without a second part the answer is FALSE."""
    if truth(condition(env), "IF"):
        return yes(env)
    return no(env) if no is not None else False


@function("IFS", "l", 2, MANY)
def choose_first(env: Any, *parts: Any) -> Any:
    """Compute the part of the first condition that holds."""
    if len(parts) % 2:
        raise fail("#N/A", "Wrong number of arguments to IFS. Expected an even number of arguments.")
    for place in range(0, len(parts), 2):
        if truth(parts[place](env), "IFS", place + 1):
            return parts[place + 1](env)
    raise fail("#N/A", "No match.")


@function("SWITCH", "l", 3, MANY)
def switch(env: Any, value: Any, *parts: Any) -> Any:
    """Compute the part of the first case that equals the value."""
    wanted = value(env)
    for place in range(0, len(parts) - 1, 2):
        one, two = comparable(wanted, parts[place](env))
        if one == two:
            return parts[place + 1](env)
    if len(parts) % 2:
        return parts[-1](env)
    raise fail("#N/A", "No match.")


@function("CHOOSE", "l", 2, MANY)
def pick(env: Any, place: Any, *parts: Any) -> Any:
    """Compute the part that a number names."""
    at = int(number(place(env), env.locale, "CHOOSE"))
    if not 1 <= at <= len(parts):
        text_ = f"Function CHOOSE parameter 1 value is {at}. Valid values are between 1 and {len(parts)} inclusive."
        raise fail("#NUM!", text_)
    return parts[at - 1](env)


def error_of(part: Any, env: Any) -> tuple[Any, ErrorValue | None]:
    """Compute a part: its value, and its error if it is one."""
    try:
        value = part(env)
    except Raised as raised:
        return raised.value, raised.value
    return value, value if value.__class__ is ErrorValue else None


@function("IFERROR", "l", 1, 2)
def or_else(env: Any, part: Any, other: Any = None) -> Any:
    """Return a value, or another where it is an error."""
    value, error = error_of(part, env)
    if error is None:
        return value
    return other(env) if other is not None else None


@function("IFNA", "l", 2)
def or_else_missing(env: Any, part: Any, other: Any) -> Any:
    """Return a value, or another where it is #N/A."""
    value, error = error_of(part, env)
    if error is None:
        return value
    if error != "#N/A":
        raise Raised(error)
    return other(env)


def _about_errors(name: str, test: Callable[[Any, ErrorValue | None], bool]) -> None:
    @function(name, "l", 1)
    def run(env: Any, part: Any) -> Any:
        return test(*error_of(part, env))


_about_errors("ISERROR", lambda value, error: error is not None)
_about_errors("ISERR", lambda value, error: error is not None and error != "#N/A")
_about_errors("ISNA", lambda value, error: error == "#N/A")
_about_errors("ISBLANK", lambda value, error: value is None)
_about_errors("ISNUMBER", lambda value, error: is_number(value))
_about_errors("ISTEXT", lambda value, error: error is None and isinstance(value, str))
_about_errors("ISNONTEXT", lambda value, error: error is not None or not isinstance(value, str))
_about_errors("ISLOGICAL", lambda value, error: value.__class__ is bool)


@function("ERROR.TYPE", "l", 1)
def error_number(env: Any, part: Any) -> Any:
    """Number the kind of an error."""
    _, error = error_of(part, env)
    kinds = ["NULL_VALUE", "DIVIDE_BY_ZERO", "VALUE", "REF", "NAME", "NUM", "N_A", "ERROR"]
    if error is None or KINDS.get(error) not in kinds:
        raise fail("#N/A", "ERROR.TYPE parameter 1 is not an error.")
    return kinds.index(KINDS[error]) + 1


@function("TYPE", "l", 1)
def type_number(env: Any, part: Any) -> Any:
    """Number the kind of a value: 1 number, 2 text, 4 boolean, 16 error, 64 array."""
    value, error = error_of(part, env)
    if error is not None:
        return 16
    kinds = ((bool, 4), (str, 2), (Grid, 64))
    return next((number_ for kind, number_ in kinds if isinstance(value, kind)), 1)


def _booleans(given: tuple[Any, ...], name: str) -> list[bool]:
    found: list[bool] = []
    for place, argument in enumerate(given, start=1):
        if not isinstance(argument, Grid):
            found.append(truth(argument, name, place))
            continue
        for value in argument.cells():
            if value.__class__ is ErrorValue:
                raise Raised(value)
            if value is not None and not isinstance(value, str):
                found.append(bool(value))
    if not found:
        raise fail("#VALUE!", f"{name} has no valid input data.")
    return found


@function("AND", "r", 1, MANY)
def both(env: Any, *given: Any) -> Any:
    """Tell whether all hold."""
    return all(_booleans(given, "AND"))


@function("OR", "r", 1, MANY)
def either(env: Any, *given: Any) -> Any:
    """Tell whether one holds."""
    return any(_booleans(given, "OR"))


@function("XOR", "r", 1, MANY)
def odd_one(env: Any, *given: Any) -> Any:
    """Tell whether an odd number holds."""
    return sum(_booleans(given, "XOR")) % 2 == 1


@function("NOT", "v", 1)
def negation(env: Any, value: Any) -> Any:
    """Return the contrary."""
    return not truth(value, "NOT")


@function("TRUE", "v", 0)
def yes(env: Any) -> Any:
    """Return TRUE."""
    return True


@function("FALSE", "v", 0)
def no(env: Any) -> Any:
    """Return FALSE."""
    return False


@function("NA", "v", 0)
def not_available(env: Any) -> Any:
    """Return #N/A."""
    raise fail("#N/A")


@function("N", "v", 1)
def as_number(env: Any, value: Any) -> Any:
    """Return a number as it is, 0 for a text."""
    return value if is_number(value) else int(value is True)


@function("T", "v", 1)
def as_text(env: Any, value: Any) -> Any:
    """Return a text as it is, an empty one for all else."""
    return value if isinstance(value, str) else ""


@function("ISEVEN", "v", 1)
def is_even(env: Any, value: Any) -> Any:
    """Tell whether a number is even."""
    return int(number(value, env.locale, "ISEVEN")) % 2 == 0


@function("ISODD", "v", 1)
def is_odd(env: Any, value: Any) -> Any:
    """Tell whether a number is odd."""
    return int(number(value, env.locale, "ISODD")) % 2 == 1


@function("UMINUS", "v", 1)
def minus(env: Any, value: Any) -> Any:
    """Return a number with the other sign."""
    found = number(value, env.locale, "UMINUS")
    return kept(-found, found)


@function("TO_TEXT", "v", 1)
def to_text(env: Any, value: Any) -> Any:
    """Return a value as it is shown."""
    return text(value, env.locale)
