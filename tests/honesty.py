"""Requests that set one field more than a good one: for each field that a message has."""

import copy
from collections.abc import Iterator
from typing import Any

from localsheets.schema.messages import Schema

Json = dict[str, Any]
Path = tuple[str | int, ...]
DEEPEST = 9
#: Messages of which one field alone may be set: a sample takes the place of what is there.
ONE_OF = {
    "ExtendedValue",
    "ColorStyle",
    "DataFilter",
    "DeveloperMetadataLocation",
    "ConditionValue",
    "UpdateCellsRequest.range|start",
    "AutoFillRequest.range|sourceAndDestination",
}
SAMPLES: dict[str, Any] = {
    "sheetId": 7,
    "uri": "https://example.org/",
    "formulaValue": "=1+1",
    "locale": "fr_FR",
    "timeZone": "Europe/Paris",
    "fontFamily": "Courier New",
    "endRowIndex": 3,
    "endColumnIndex": 4,
    "endIndex": 3,
    "fontSize": 14,
    "pixelSize": 50,
    "rowCount": 60,
    "columnCount": 20,
    "index": 2,
}


def samples(kind: str, name: str, old: Any) -> list[Any]:
    """Return plausible values of a field, none of them the one it has."""
    if "|" in kind:
        return [word for word in kind.split("|") if word != old and "UNSPECIFIED" not in word]
    if kind == "boolean":
        return [old is not True]
    if name in SAMPLES and SAMPLES[name] != old:
        return [SAMPLES[name]]
    if kind == "int32":
        return [(old or 0) + 1]
    if kind in ("float", "double"):
        return [0.25 if old != 0.25 else 0.75]
    return [f"{old or ''}x"]


def variants(schema: Schema, message: str, base: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield (field as Message.name, its path, a request with it set) for every field below a message."""
    yield from _variants(schema, message, base, (), ())


def _variants(
    schema: Schema, message: str, base: Json, path: Path, above: tuple[str, ...]
) -> Iterator[tuple[str, str, Json]]:
    if message in above[:-1] or len(path) > DEEPEST:
        return
    here = _at(base, path)
    for name, kind in schema.messages[message].items():
        if name == "fields":
            continue
        inner, below = kind, (*path, name)
        old = here.get(name) if isinstance(here, dict) else None
        if kind.startswith("["):
            inner, below, old = kind[1:-1], (*below, 0), (old or [None])[0]
        elif kind.startswith("{"):
            key = next(iter(old or {}), "0")
            inner, below, old = kind[1:-1], (*below, key), (old or {}).get(key)
        if inner in schema.messages:
            yield from _variants(schema, inner, base, below, (*above, message))
            continue
        for value in samples(inner, name, old):
            text = ".".join(map(str, below))
            yield f"{message}.{name}", text, _with(base, below, value, message in ONE_OF)


def _at(base: Any, path: Path) -> Any:
    for step in path:
        if base is None or (isinstance(base, list) and len(base) <= int(step)):
            return None
        base = base[step] if isinstance(base, list) else base.get(step)
    return base


def _with(base: Json, path: Path, value: Any, alone: bool) -> Json:
    """Return a copy of a request with a value at a path; alone in its message when asked."""
    result = copy.deepcopy(base)
    spot: Any = result
    for at, step in enumerate(path[:-1]):
        following = path[at + 1]
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if len(spot) <= step:
                spot.append(empty)
            spot = spot[step]
        else:
            if step not in spot or type(spot[step]) is not type(empty):
                spot[step] = empty
            spot = spot[step]
    if alone and isinstance(spot, dict):
        spot.clear()
    if isinstance(spot, list) and not spot:
        spot.append(value)
    else:
        spot[path[-1]] = value
    return result
