"""Google's discovery documents as strict schemas: what a request may say, what an answer must look like.

The documents are those that google-api-python-client carries. Strict: every object is closed, each
value is of its JSON type, enums and number formats are kept; nothing is required, since masks and
defaults leave fields out. Requests may write what Google is known to read: a null for a field that
is not set, a number as a text, a list within a list of messages.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

Json = dict[str, Any]
#: Return what is wrong with a value, its path first, or None.
Check = Callable[[Any], str | None]
DOCUMENTS = ("sheets.v4", "drive.v3")
WHOLE = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), "int64": (-(2**63), 2**63 - 1)}
#: What Drive takes beside its document: gspread has always sent this one, and is answered well.
TAKEN = {"Permission": {"withLink": {"type": "boolean"}}}
FLAGS = ("true", "false", "1", "0")


def _read(text: str) -> Any:
    """Read a number that a request wrote as a text, as Google does; a text that is none stays."""
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def _moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text


def _int64(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None and WHOLE["int64"][0] <= int(text) <= WHOLE["int64"][1]


FORMATS: dict[str, Callable[[str], bool]] = {
    "int64": _int64,
    "date-time": _moment,
    "google-datetime": _moment,
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None,
    "byte": lambda text: re.fullmatch(r"[A-Za-z0-9+/_-]*={0,2}", text) is not None,
}


class Schemas:
    """Compile the schemas of one document into checks."""

    def __init__(self, known: Json, asked: bool) -> None:
        self.known = known
        self.asked = asked
        self.compiled: dict[str, Check] = {}

    def named(self, name: str) -> Check:
        """Return the check of a schema; schemas may hold themselves."""
        if name not in self.compiled:
            self.compiled[name] = lambda value: self.compiled[name](value)
            self.compiled[name] = self.check(self.known[name])
        return self.compiled[name]

    def check(self, schema: Json) -> Check:
        """Compile one schema."""
        if "$ref" in schema:
            name = schema["$ref"]
            return self._nullable(lambda value: self.named(name)(value))
        kind = schema["type"]
        if kind == "any":
            return lambda value: None
        made = {"object": self._object, "array": self._array, "string": self._text}.get(kind)
        return self._nullable(made(schema) if made else self._scalar(schema))

    def _nullable(self, check: Check) -> Check:
        return (lambda value: None if value is None else check(value)) if self.asked else check

    def _object(self, schema: Json) -> Check:
        parts = {name: self.check(inner) for name, inner in schema.get("properties", {}).items()}
        others = self.check(schema["additionalProperties"]) if "additionalProperties" in schema else None

        def check(value: Any) -> str | None:
            if not isinstance(value, dict):
                return f": not an object: {value!r:.60}"
            for name, inner in value.items():
                part = parts.get(name, others)
                wrong = part(inner) if part else ": unknown field"
                if wrong:
                    return f".{name}{wrong}"
            return None

        return check

    def _array(self, schema: Json) -> Check:
        item = self.check(schema["items"])
        # A list within a list of messages is read as part of it; pygsheets sends such requests.
        flat = self.asked and "$ref" in schema["items"]

        def check(value: Any) -> str | None:
            if not isinstance(value, list):
                return f": not a list: {value!r:.60}"
            if flat:
                value = [one for inner in value for one in (inner if isinstance(inner, list) else [inner])]
            for at, inner in enumerate(value):
                if wrong := item(inner):
                    return f"[{at}]{wrong}"
            return None

        return check

    @staticmethod
    def _text(schema: Json) -> Check:
        words, fits = schema.get("enum"), FORMATS.get(schema.get("format", ""))

        def check(value: Any) -> str | None:
            if not isinstance(value, str):
                return f": not a text: {value!r:.60}"
            if words and value not in words:
                return f": not of its enum: {value!r:.60}"
            return f": not {schema['format']}: {value!r:.60}" if fits and not fits(value) else None

        return check

    def _scalar(self, schema: Json) -> Check:
        kind = schema["type"]
        wanted = {"boolean": bool, "number": (int, float)}.get(kind, int)
        words = {"boolean": "a boolean", "number": "a number"}.get(kind, "a whole number")
        least, most = WHOLE.get(schema.get("format", ""), (-math.inf, math.inf))

        def check(value: Any) -> str | None:
            if self.asked and isinstance(value, str):
                value = _read(value)
            if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
                return f": not {words}: {value!r:.60}"
            return None if least <= value <= most else f": out of {schema['format']}: {value!r}"

        return check


@dataclass(frozen=True)
class Method:
    """One call of the API: how it is addressed, what it takes and what it answers."""

    name: str
    verb: str
    path: re.Pattern[str]
    parameters: Json
    request: Check | None
    answer: Check | None
    #: The answer may be a file rather than JSON.
    download: bool
    upload: bool

    def wrong_query(self, given: list[tuple[str, str]]) -> str | None:
        """Return what is wrong with the parameters of a query, or None."""
        for name, text in given:
            schema = self.parameters.get(name)
            if schema is None or schema.get("location") == "path":
                return f"?{name}: unknown parameter"
            if not schema.get("repeated") and sum(other == name for other, _ in given) > 1:
                return f"?{name}: given more than once"
            if wrong := _wrong_parameter(schema, text):
                return f"?{name}: {wrong}"
        return None

    def wrong_request(self, body: Any) -> str | None:
        """Return what is wrong with a body, or None."""
        if self.request is None:
            return None if not body else "body: this call takes none"
        wrong = self.request(body)
        return f"body{wrong}" if wrong else None

    def wrong_answer(self, answer: Any) -> str | None:
        """Return what is wrong with an answer, None standing for an empty one, or None."""
        if self.answer is None:
            return None if answer is None else f"answer: should be empty: {answer!r:.60}"
        wrong = self.answer(answer)
        return f"answer{wrong}" if wrong else None


def _wrong_parameter(schema: Json, text: str) -> str | None:
    if "enum" in schema and text not in schema["enum"]:
        return f"not of its enum: {text}"
    if schema["type"] == "boolean" and text.lower() not in FLAGS:
        return f"not a boolean: {text}"
    if schema["type"] == "integer" and not re.fullmatch(r"-?\d+", text):
        return f"not a whole number: {text}"
    return None


@cache
def methods() -> list[Method]:
    """Return every call of Sheets v4 and Drive v3, those with the fewest holes in their path first."""
    found = [method for name in DOCUMENTS for method in _methods_of(document(name))]
    return sorted(found, key=lambda method: method.path.pattern.count("+"))


@cache
def document(name: str) -> Json:
    """Read a document that google-api-python-client carries, such as sheets.v4."""
    place = files("googleapiclient.discovery_cache.documents") / f"{name}.json"
    found: Json = json.loads(place.read_text(encoding="utf-8"))
    return found


def _methods_of(doc: Json) -> Iterator[Method]:
    asked, answered = Schemas(_taking(doc["schemas"]), True), Schemas(doc["schemas"], False)
    everywhere = doc["parameters"] | (_all_parameters(doc) if doc["name"] == "drive" else {})
    for raw in _raw_methods(doc):
        paths = [f"/{doc['servicePath']}{raw['path']}"]
        paths += [way["path"] for way in raw.get("mediaUpload", {}).get("protocols", {}).values()]
        for path in dict.fromkeys(paths):
            yield Method(
                raw["id"],
                raw["httpMethod"],
                _pattern(path),
                everywhere | raw.get("parameters", {}),
                asked.named(raw["request"]["$ref"]) if "request" in raw else None,
                answered.named(raw["response"]["$ref"]) if "response" in raw else None,
                bool(raw.get("supportsMediaDownload")),
                path.startswith(("/upload/", "/resumable/")),
            )


def _taking(known: Json) -> Json:
    more = {
        name: known[name] | {"properties": known[name]["properties"] | TAKEN[name]} for name in TAKEN if name in known
    }
    return known | more


def _all_parameters(doc: Json) -> Json:
    """Gather the parameters of every call: Drive was recorded taking one call's parameter in another."""
    every = [raw.get("parameters", {}) for raw in _raw_methods(doc)]
    return {name: one for parameters in every for name, one in parameters.items() if one["location"] == "query"}


def _raw_methods(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _raw_methods(inner)


def _pattern(path: str) -> re.Pattern[str]:
    # A range may hold anything, quotes, slashes and colons included; an id holds none of them.
    parts = re.split(r"(\{\w+\})", path)
    holes = {part: ".+" if part == "{range}" else "[^/:]+" for part in parts[1::2]}
    return re.compile("".join(holes.get(part) or re.escape(part) for part in parts))


def method_of(verb: str, path: str) -> Method | None:
    """Find the call that a verb and a decoded path make, None when Google has none.

    The slash that google-spreadsheet leaves after an id says nothing.
    """
    path = re.sub(r"^(/v4/spreadsheets/[^/]+|/drive/v3/files/[^/]+)/(?=:|$)", r"\1", path)
    return next((one for one in methods() if one.verb == verb and one.path.fullmatch(path)), None)


def wrong_exchange(verb: str, path: str, query: list[tuple[str, str]], body: Any, answer: Any) -> str | None:
    """Return what is wrong with a call that was answered well, or None."""
    method = method_of(verb, path)
    if method is None:
        return f"{verb} {path}: no such call"
    wrong = method.wrong_query(query) or method.wrong_request(body) or method.wrong_answer(answer)
    return f"{method.name}: {wrong}" if wrong else None
