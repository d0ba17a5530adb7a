"""Checks what callers send against the messages of the API, as Google's JSON reader does.

The messages are Google's own, tabulated from the discovery documents by `localsheets.schema.discovery`.
"""

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

from localsheets.books.masks import ALL, Mask
from localsheets.errors import ApiError, invalid_field
from localsheets.schema.unions import UNIONS, already_set, members

Json = dict[str, Any]
MESSAGES = Path(__file__).parent / "tables"
PACKAGES = {"sheets.v4": "google.apps.sheets.v4", "drive.v3": "google.apps.drive.v3"}
WORDS = {
    "string": "TYPE_STRING",
    "boolean": "TYPE_BOOL",
    "int32": "TYPE_INT32",
    "float": "TYPE_FLOAT",
    "double": "TYPE_DOUBLE",
}
MOST = 2**31


class Schema:
    """Hold the messages and methods of one API."""

    def __init__(self, api: str) -> None:
        given = json.loads((MESSAGES / f"{api}.json").read_text())
        self.package = PACKAGES[api]
        self.messages: dict[str, dict[str, str]] = given["messages"]
        self.methods: dict[str, Json] = given["methods"]
        self.parameters: dict[str, str] = given["parameters"]

    def checked(self, value: Any, kind: str, path: str = "", name: str = "") -> Any:
        """Return a value as its type wants it, nulls left out; 400 for what does not fit.

        `path` is where the value stands, as error messages name it; `name` is its field's.
        """
        # Rows of plain values are checked where they are written, with messages of their own.
        if kind in ("any", "[[any]]"):
            return value
        if kind.startswith("["):
            return self._list(value, kind[1:-1], path, name)
        if kind.startswith("{"):
            return self._map(value, kind[1:-1], path, name)
        if kind in self.messages:
            if not isinstance(value, dict):
                raise misfit(value, f"type.googleapis.com/{self.package}.{kind}", path)
            return self._message(value, kind, path)
        return self._scalar(value, kind, path, name)

    def _list(self, value: Any, inner: str, path: str, name: str) -> list[Any]:
        if not isinstance(value, list):
            value = [value]
        if inner in self.messages:
            # Google reads a list within a list of messages as part of it: pygsheets counts on that.
            value = [one for item in value for one in (item if isinstance(item, list) else [item])]
        return [
            self.checked({} if item is None else item, inner, f"{path}[{at}]", name) for at, item in enumerate(value)
        ]

    def _map(self, value: Any, inner: str, path: str, name: str) -> Json:
        if not isinstance(value, dict):
            raise misfit(value, "Map", path)
        return {str(key): self.checked(item, inner, f"{path}[{key}]", name) for key, item in value.items()}

    def _message(self, value: Json, kind: str, path: str) -> Json:
        fields, result, unknown = self.messages[kind], {}, []
        union = members(kind, tuple(fields)) if kind in UNIONS else ()
        for given, inner in value.items():
            name = given if given in fields else camel(given)
            if name not in fields:
                unknown.append((path, f'Unknown name "{given}"' + (f" at '{path}'" if path else "")))
            elif inner is not None:
                if name in union and not result.keys().isdisjoint(union):
                    raise already_set(kind, path, given)
                result[name] = self.checked(inner, fields[name], f"{path}.{snake(name)}".lstrip("."), name)
        if unknown:
            texts = [f"Invalid JSON payload received. {text}: Cannot find field." for _, text in unknown]
            raise invalid_field(unknown[0][0], "\n".join(texts))
        return result

    def _scalar(self, value: Any, kind: str, path: str, name: str) -> Any:
        if "|" in kind:
            if value in kind.split("|") and isinstance(value, str):
                return value
            raise misfit(value, f"type.googleapis.com/{self.package}.{name[:1].upper()}{name[1:]}", path)
        if kind == "boolean" and value in ("true", "false"):
            return value == "true"
        if kind in ("int32", "float", "double") and not isinstance(value, bool):
            number = _number(value)
            if number is not None and kind != "int32":
                return number
            if number is not None and float(number).is_integer() and -MOST <= number < MOST:
                return int(number)
        elif isinstance(value, bool if kind == "boolean" else str):
            return value
        raise misfit(value, WORDS.get(kind, "TYPE_STRING"), path)

    def check_mask(self, mask: Mask | None, kind: str, path: str = "") -> None:
        """Refuse a `fields` parameter that names what an answer of this type never holds."""
        for name, inner in (mask or {}).items():
            if name == ALL:
                continue
            fields = self.messages.get(kind, {})
            here = f"{path}.{name}".lstrip(".")
            if name not in fields:
                raise _no_such_path(_to_the_leaf(here, inner))
            following = fields[name].strip("[]")
            if following in self.messages:
                self.check_mask(inner, following, here)
            elif ALL not in inner and not following.startswith("{"):
                raise _no_such_path(_to_the_leaf(here, inner))


@cache
def schema(api: str = "sheets.v4") -> Schema:
    """Return the schema of an API, read once."""
    return Schema(api)


def _number(value: Any) -> float | int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def misfit(value: Any, kind: str, path: str) -> ApiError:
    """Build the 400 of a value that is not of its field's type."""
    shown = f'"{value}"' if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return invalid_field(path, f"Invalid value at '{path}' ({kind}), {shown}")


def snake(name: str) -> str:
    """Write a field's name as error messages do: sheetId is sheet_id."""
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


def camel(name: str) -> str:
    """Write a field's name as JSON does: sheet_id is sheetId."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def _to_the_leaf(path: str, mask: Mask) -> str:
    """Return the first whole path of a mask below a name, as Google quotes it."""
    while ALL not in mask and mask:
        name, mask = next(iter(mask.items()))
        path = f"{path}.{name}"
    return path


def _no_such_path(path: str) -> ApiError:
    refused = invalid_field(path, f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.")
    refused.message = "Request contains an invalid argument."
    return refused


def checked(value: Any, kind: str, path: str = "") -> Any:
    """Return a Sheets message as `Schema.checked` does."""
    return schema().checked(value, kind, path)


def check_mask(mask: Mask | None, kind: str) -> None:
    """Refuse a `fields` parameter as `Schema.check_mask` does, for a Sheets answer."""
    schema().check_mask(mask, kind)
