"""Tells at the speed of a C parser that a body needs nothing of the careful checks of `schema`.

Each message becomes a msgspec structure that forbids unknown fields. A body that it decodes is already
as Google's reader would make it; any other goes the careful way, which mends it or says what is wrong.
"""

import threading
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import UNSET

from localsheets.schema.messages import schema
from localsheets.schema.unions import UNIONS, members

PLAIN: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "int32": Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)],
    "float": float,
    "double": float,
    "any": Any,
    "[[any]]": Any,
}

# Cells of rows, and their values, are kinds of their own: their row checks them.
OF_A_ROW = " of a row"
IN_ROWS = {
    "RowData": {"values": f"[CellData{OF_A_ROW}]"},
    f"CellData{OF_A_ROW}": dict.fromkeys(("userEnteredValue", "effectiveValue"), f"ExtendedValue{OF_A_ROW}"),
}
# Two threads that make decoders of structures they share crash the interpreter.
_MAKING = threading.Lock()


def fits(text: bytes, kind: str) -> bool:
    """Tell whether a JSON text is a Sheets message of this kind, every name, type and word as it must be."""
    with _MAKING:
        decoder = _decoder(kind)
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
    bare = kind.removesuffix(OF_A_ROW)
    if bare not in schema().messages:
        return Literal[tuple(kind.split("|"))] if "|" in kind else str
    fields = schema().messages[bare] | IN_ROWS.get(kind, {})
    # Names that Python reserves are renamed: what counts is the name in the JSON text.
    renamed = {name: f"field_{at}" for at, name in enumerate(fields)}
    return msgspec.defstruct(
        kind.replace(".", "_").replace(" ", "_"),
        [(new, Union[_type(fields[name]), msgspec.UnsetType], UNSET) for name, new in renamed.items()],  # noqa: UP007
        rename={new: name for name, new in renamed.items()},
        namespace=_check(kind, renamed),
        forbid_unknown_fields=True,
        gc=False,
    )


def _check(kind: str, renamed: dict[str, str]) -> dict[str, Any]:
    """Return what makes a structure refuse two members of its union."""
    if kind == "RowData":
        return {"__post_init__": _row_check(renamed["values"])}
    if kind not in UNIONS:
        return {}
    chosen = members(kind, tuple(renamed))
    held, least = attrgetter(*(renamed[name] for name in chosen)), len(chosen) - 1

    def one_at_most(self: Any) -> None:
        if held(self).count(UNSET) < least:
            raise ValueError

    return {"__post_init__": one_at_most}


def _row_check(values: str) -> Callable[[Any], None]:
    """Return the check of the values of a whole row: a check of its own for each of 120,000 takes too long."""
    cell, value = _type(f"CellData{OF_A_ROW}"), _type(f"ExtendedValue{OF_A_ROW}")
    held = attrgetter(*value.__struct_fields__)
    typed = {field.encode_name: field.name for field in msgspec.structs.fields(cell)}
    valued = [attrgetter(typed[name]) for name in IN_ROWS[f"CellData{OF_A_ROW}"]]
    least = len(value.__struct_fields__) - 1

    def one_at_most_each(self: Any) -> None:
        cells = getattr(self, values)
        if cells is UNSET:
            return
        for of in valued:
            for members_of in map(held, [one for one in map(of, cells) if one is not UNSET]):
                if members_of.count(UNSET) < least:
                    raise ValueError

    return one_at_most_each
