"""Tells at the speed of a C parser that a body needs nothing of the careful checks of `schema`.

Each message becomes a msgspec structure that forbids unknown fields. A body that it decodes is already
as Google's reader would make it; any other goes the careful way, which mends it or says what is wrong.
"""

import threading
from functools import cache
from typing import Annotated, Any, Literal, Union

import msgspec

from localsheets.schema.messages import SHORT, schema

PLAIN: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "int32": Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)],
    "float": float,
    "double": float,
    "any": Any,
    "[[any]]": Any,
}

# Two threads that make decoders of structures they share crash the interpreter.
_MAKING = threading.Lock()


def fits(text: bytes, kind: str) -> bool:
    """Tell whether a JSON text is a Sheets message of this kind, every name, type and word as it must be."""
    with _MAKING:
        decoder = _decoder(SHORT.get(kind, kind))
    try:
        decoder.decode(text)
    except msgspec.ValidationError:
        return False
    return True


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_type(kind))


@cache
def _type(kind: str) -> Any:
    if kind in PLAIN:
        return PLAIN[kind]
    if kind.startswith("["):
        return list[_type(kind[1:-1])]  # type: ignore[misc]
    if kind.startswith("{"):
        return dict[str, _type(kind[1:-1])]  # type: ignore[misc]
    if kind not in schema().messages:
        return Literal[tuple(kind.split("|"))] if "|" in kind else str
    fields = schema().messages[kind]
    # Names that Python reserves are renamed: what counts is the name in the JSON text.
    renamed = {name: f"field_{at}" for at, name in enumerate(fields)}
    return msgspec.defstruct(
        kind.replace(".", "_"),
        [(new, Union[_type(fields[name]), msgspec.UnsetType], msgspec.UNSET) for name, new in renamed.items()],  # noqa: UP007
        rename={new: name for name, new in renamed.items()},
        forbid_unknown_fields=True,
        gc=False,
    )
