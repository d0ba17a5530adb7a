"""Checks what callers send against the messages of Sheets v4, as Google's JSON reader does."""

import math
import re
from typing import Any

from localsheets.errors import ApiError, invalid_field
from localsheets.masks import ALL, Mask
from localsheets.schema_text import KNOWN_ELSEWHERE, MESSAGES

Json = dict[str, Any]
TYPES = {"int": "TYPE_INT32", "num": "TYPE_DOUBLE", "str": "TYPE_STRING", "bool": "TYPE_BOOL"}


def _parsed(text: str) -> dict[str, dict[str, str]]:
    messages = {}
    for line in text.strip().splitlines():
        name, _, fields = line.partition(":")
        pairs = (field.split() for field in fields.split(",") if field.strip())
        messages[name] = dict(pair for pair in pairs)
    return messages


SCHEMA = _parsed(MESSAGES)
KINDS = {kind: kind for kind in SCHEMA if kind[0].islower()}
SCHEMA["Request"] = KINDS | dict.fromkeys(KNOWN_ELSEWHERE.split(), "any")


def checked(value: Any, kind: str, path: str = "") -> Any:
    """Return a value as its message type wants it, nulls left out; 400 for what does not fit.

    `path` is where the value stands, as error messages name it.
    """
    if kind == "any":
        return value
    if kind.startswith("["):
        return _checked_list(value, kind[1:-1], path)
    if kind in TYPES:
        return _scalar(value, kind, path)
    if not isinstance(value, dict):
        raise _misfit(value, f"type.googleapis.com/google.apps.sheets.v4.{kind}", path)
    return _checked_message(value, kind, path)


def _checked_list(value: Any, inner: str, path: str) -> list[Any]:
    if not isinstance(value, list):
        value = [value]
    return [checked({} if item is None else item, inner, f"{path}[{at}]") for at, item in enumerate(value)]


def _checked_message(value: Json, kind: str, path: str) -> Json:
    fields, result, unknown = SCHEMA[kind], {}, []
    for given, inner in value.items():
        name = given if given in fields else _camel(given)
        if name not in fields:
            unknown.append((path, f'Unknown name "{given}"' + (f" at '{path}'" if path else "")))
        elif inner is not None:
            result[name] = checked(inner, fields[name], f"{path}.{_snake(name)}".lstrip("."))
    if unknown:
        raise _unknown_names(unknown)
    return result


def _unknown_names(unknown: list[tuple[str, str]]) -> ApiError:
    texts = [f"Invalid JSON payload received. {text}: Cannot find field." for _, text in unknown]
    return invalid_field(unknown[0][0], "\n".join(texts))


def _scalar(value: Any, kind: str, path: str) -> Any:
    if kind == "str" and isinstance(value, str):
        return value
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "bool" and value in ("true", "false"):
        return value == "true"
    if kind in ("int", "num") and not isinstance(value, bool):
        number = _number(value)
        if number is not None and (kind == "num" or float(number).is_integer()):
            return int(number) if kind == "int" else number
    raise _misfit(value, TYPES[kind], path)


def _number(value: Any) -> float | int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def _misfit(value: Any, kind: str, path: str) -> ApiError:
    shown = f'"{value}"' if isinstance(value, str) else value
    return invalid_field(path, f"Invalid value at '{path}' ({kind}), {shown}")


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def check_mask(mask: Mask | None, kind: str, path: str = "") -> None:
    """Refuse a `fields` parameter that names what an answer of this type never holds."""
    for name, inner in (mask or {}).items():
        if name == ALL:
            continue
        fields = SCHEMA.get(kind.strip("[]"), {})
        here = f"{path}.{name}".lstrip(".")
        if name not in fields:
            raise _no_such_path(here)
        following = fields[name].strip("[]")
        if following in SCHEMA:
            check_mask(inner, following, here)
        elif following in TYPES and ALL not in inner:
            raise _no_such_path(here)


def _no_such_path(path: str) -> ApiError:
    refused = invalid_field(path, f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.")
    refused.message = "Request contains an invalid argument."
    return refused
