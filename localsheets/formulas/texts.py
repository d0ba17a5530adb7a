"""Functions that cut, join and compare texts."""

import re
from collections.abc import Callable
from typing import Any

from localsheets.formulas.conditions import wildcard
from localsheets.formulas.registry import MANY, function
from localsheets.formulas.values import (
    Formatted,
    Grid,
    Linked,
    fail,
    flat,
    is_number,
    number,
    read_number,
    text,
    truth,
)
from localsheets.texts.number_patterns import texted
from localsheets.texts.rendering import in_pattern, shown


def _of_text(name: str, compute: Callable[[str], Any]) -> None:
    @function(name, "v", 1)
    def run(env: Any, value: Any) -> Any:
        return compute(text(value, env.locale))


_of_text("LEN", len)
_of_text("UPPER", str.upper)
_of_text("LOWER", str.lower)
_of_text("TRIM", lambda value: re.sub(" +", " ", value.strip(" ")))
_of_text("CLEAN", lambda value: "".join(character for character in value if ord(character) > 31))
_of_text("PROPER", lambda value: re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), value))


@function("CONCATENATE", "r", 1, MANY)
def concatenate(env: Any, *given: Any) -> Any:
    """Join values as they are shown."""
    return "".join(text(value, env.locale) for value, _ in flat(given))


@function("JOIN", "vr", 2, MANY)
def join(env: Any, between: Any, *given: Any) -> Any:
    """Join values with a text between."""
    return text(between, env.locale).join(text(value, env.locale) for value, _ in flat(given))


@function("TEXTJOIN", "vvr", 3, MANY)
def join_texts(env: Any, between: Any, skips: Any, *given: Any) -> Any:
    """Join values with a text between, leaving blanks out when asked."""
    parts = [text(value, env.locale) for value, _ in flat(given)]
    if truth(skips, "TEXTJOIN", 2):
        parts = [part for part in parts if part]
    return text(between, env.locale).join(parts)


def _count(env: Any, given: Any, name: str, place: int, least: int) -> int:
    found = int(number(given, env.locale, name, place))
    if found < least:
        said = f"It should be greater than or equal to {least}."
        raise fail("#VALUE!", f"Function {name} parameter {place} value is {found}. {said}")
    return found


@function("LEFT", "v", 1, 2)
def left(env: Any, value: Any, count: Any = 1) -> Any:
    """Return the beginning of a text."""
    return text(value, env.locale)[: _count(env, count, "LEFT", 2, 0)]


@function("RIGHT", "v", 1, 2)
def right(env: Any, value: Any, count: Any = 1) -> Any:
    """Return the end of a text."""
    whole, kept = text(value, env.locale), _count(env, count, "RIGHT", 2, 0)
    return whole[max(0, len(whole) - kept) :]


@function("MID", "v", 3)
def middle(env: Any, value: Any, start: Any, count: Any) -> Any:
    """Return a part of a text."""
    first = _count(env, start, "MID", 2, 1) - 1
    return text(value, env.locale)[first : first + _count(env, count, "MID", 3, 0)]


@function("FIND", "v", 2, 3)
def find(env: Any, wanted: Any, within: Any, start: Any = 1) -> Any:
    """Return where a text stands in another, counted from 1; case matters."""
    one, two = text(wanted, env.locale), text(within, env.locale)
    at = two.find(one, _count(env, start, "FIND", 3, 1) - 1)
    if at < 0:
        raise fail("#VALUE!", f"In FIND evaluation, cannot find '{one}' within '{two}'.")
    return at + 1


@function("SEARCH", "v", 2, 3)
def search(env: Any, wanted: Any, within: Any, start: Any = 1) -> Any:
    """Return where a text stands in another, counted from 1; case does not matter, * and ? stand for others."""
    one, two = text(wanted, env.locale), text(within, env.locale)
    match = wildcard(one).search(two, _count(env, start, "SEARCH", 3, 1) - 1)
    if match is None:
        raise fail("#VALUE!", f"In SEARCH evaluation, cannot find '{one}' within '{two}'.")
    return match.start() + 1


@function("SUBSTITUTE", "v", 3, 4)
def substitute(env: Any, value: Any, old: Any, new: Any, which: Any = None) -> Any:
    """Replace a text in another: everywhere, or only one of the places."""
    whole, one, two = (text(given, env.locale) for given in (value, old, new))
    if not one:
        return whole
    if which is None:
        return whole.replace(one, two)
    parts, at = whole.split(one), _count(env, which, "SUBSTITUTE", 4, 1)
    return whole if at >= len(parts) else one.join(parts[:at]) + two + one.join(parts[at:])


@function("REPLACE", "v", 4)
def replaced(env: Any, value: Any, start: Any, count: Any, new: Any) -> Any:
    """Replace a part of a text by its place."""
    whole, first = text(value, env.locale), _count(env, start, "REPLACE", 2, 1) - 1
    return whole[:first] + text(new, env.locale) + whole[first + _count(env, count, "REPLACE", 3, 0) :]


@function("REPT", "v", 2)
def repeated(env: Any, value: Any, count: Any) -> Any:
    """Repeat a text."""
    whole, times = text(value, env.locale), _count(env, count, "REPT", 2, 0)
    if len(whole) * times > 50_000:
        raise fail("#VALUE!", "Text result of REPT is longer than the limit of 50000 characters.")
    return whole * times


@function("EXACT", "v", 2)
def exact(env: Any, one: Any, two: Any) -> Any:
    """Tell whether two texts are the same, case included."""
    return text(one, env.locale) == text(two, env.locale)


@function("CHAR UNICHAR", "v", 1)
def character(env: Any, code: Any) -> Any:
    """Return the character of a code."""
    found = int(number(code, env.locale, "CHAR"))
    if not 1 <= found < 0x110000:
        raise fail("#NUM!", f"Function CHAR parameter 1 value {found} is out of range.")
    return chr(found)


@function("CODE UNICODE", "v", 1)
def code_of(env: Any, value: Any) -> Any:
    """Return the code of the first character."""
    whole = text(value, env.locale)
    if not whole:
        raise fail("#VALUE!", "Function CODE parameter 1 value should be non-empty.")
    return ord(whole[0])


@function("TEXT", "v", 2)
def formatted(env: Any, value: Any, pattern: Any) -> Any:
    """Write a value in a pattern; where a comma separates decimals it does so in the pattern too."""
    given = text(pattern, env.locale)
    if isinstance(value, str):
        read = read_number(value, env.locale)
        if read is None:
            return texted(value, given)
        value = read
    if value.__class__ is bool:
        return shown(value, None, env.locale)
    if env.locale.comma_decimal and "." not in given:
        given = re.sub(r"(?<=[0#?])[ \u00a0\u202f](?=[#0]{3})", "\0", given).replace(",", ".").replace("\0", ",")
    return in_pattern(float(value or 0), given, env.locale) if given else ""


@function("VALUE", "v", 1)
def parsed(env: Any, value: Any) -> Any:
    """Read a text as a number."""
    if value is None or is_number(value):
        return float(value or 0)
    read = read_number(value, env.locale) if isinstance(value, str) else None
    if read is None:
        raise fail("#VALUE!", f"VALUE parameter '{text(value, env.locale)}' cannot be parsed to number.")
    return float(read)


@function("HYPERLINK", "v", 1, 2)
def link(env: Any, url: Any, label: Any = None) -> Any:
    """Return a label that is a link; the address itself when there is none."""
    address = text(url, env.locale)
    if is_number(label) and label.__class__ is not Formatted:
        return Linked(text(label, env.locale), address)
    return Linked(address if label is None else text(label, env.locale), address)


def _expression(pattern: Any, env: Any, name: str) -> re.Pattern[str]:
    given = text(pattern, env.locale)
    try:
        return re.compile(given)
    except re.error:
        raise fail("#REF!", f"Function {name} parameter 2 value '{given}' is not a valid regular expression.") from None


@function("REGEXMATCH", "v", 2)
def regex_match(env: Any, value: Any, pattern: Any) -> Any:
    """Tell whether a regular expression is found."""
    return _expression(pattern, env, "REGEXMATCH").search(text(value, env.locale)) is not None


@function("REGEXREPLACE", "v", 3)
def regex_replace(env: Any, value: Any, pattern: Any, new: Any) -> Any:
    """Replace what a regular expression finds; $1 stands for its first group."""
    written = re.sub(r"\\", r"\\\\", text(new, env.locale))
    return _expression(pattern, env, "REGEXREPLACE").sub(
        re.sub(r"\$(\d)", r"\\g<\1>", written), text(value, env.locale)
    )


@function("REGEXEXTRACT", "v", 2)
def regex_extract(env: Any, value: Any, pattern: Any) -> Any:
    """Return what a regular expression finds, or what its groups hold."""
    whole = text(value, env.locale)
    match = _expression(pattern, env, "REGEXEXTRACT").search(whole)
    if match is None:
        said = f'parameter 2 value "{text(pattern, env.locale)}" does not match text of'
        raise fail("#N/A", f'Function REGEXEXTRACT {said} Function REGEXEXTRACT parameter 1 value "{whole}".')
    return Grid([[part or "" for part in match.groups()]]) if len(match.groups()) > 1 else match[match.re.groups]
