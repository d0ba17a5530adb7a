"""Field masks: `a,b(c,d),e.f`, `*`, read as a tree and laid over JSON."""

from typing import Any

from localsheets.errors import invalid

Mask = dict[str, Any]
ALL = "*"


def parse(text: str, blanks: bool = False) -> Mask:
    """Read a mask as nested dictionaries; a leaf holds `{"*": {}}`.

    Accepts both writings that clients use for a path: `a.b` and `a/b`. With `blanks`, one is part of a name.
    """
    reader = _Reader(text if blanks else text.replace(" ", ""))
    tree = reader.fields()
    if reader.at < len(reader.text) or not tree:
        raise invalid(f"Invalid field selection {text}")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fields(self) -> Mask:
        """Read fields separated by commas."""
        tree: Mask = {}
        while True:
            _merge(tree, self.field())
            if self.at >= len(self.text) or self.text[self.at] != ",":
                return tree
            self.at += 1

    def field(self) -> Mask:
        """Read one field and what is asked inside it."""
        name = self.name()
        if not name:
            raise invalid(f"Invalid field selection {self.text}")
        if name == ALL:
            return {ALL: {}}
        following = self.text[self.at : self.at + 1]
        if following in (".", "/") and following:
            self.at += 1
            return {name: self.field()}
        if following == "(":
            return {name: self.group()}
        return {name: {ALL: {}}}

    def group(self) -> Mask:
        """Read the fields between parentheses."""
        self.at += 1
        inner = self.fields()
        if self.text[self.at : self.at + 1] != ")":
            raise invalid(f"Invalid field selection {self.text}")
        self.at += 1
        return inner

    def name(self) -> str:
        """Read the name of a field, up to the next separator."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",()./":
            self.at += 1
        return self.text[start : self.at]


def _merge(into: Mask, other: Mask) -> None:
    for name, inner in other.items():
        if name in into:
            _merge(into[name], inner)
        else:
            into[name] = inner


def below(mask: Mask, name: str) -> Mask | None:
    """Return what the mask asks of a field, or None when it does not ask for it."""
    if ALL in mask:
        return {ALL: {}}
    return mask.get(name)


def prune(value: Any, mask: Mask, done: str = "") -> Any:
    """Keep of a JSON value only what the mask names; the field `done` was already made that way."""
    if ALL in mask:
        return value
    if done in mask and done in value:
        return prune({name: inner for name, inner in value.items() if name != done}, mask) | {done: value[done]}
    if isinstance(value, list):
        return [prune(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: prune(value[name], inner) for name, inner in mask.items() if name in value}


def overlay(old: dict[str, Any], new: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """Return the old object with the masked fields taken from the new one.

    A field that the mask names and the new object lacks is removed.
    """
    if ALL in mask:
        return dict(new)
    result = dict(old)
    for name, inner in mask.items():
        merged = _overlaid(old.get(name), new.get(name), inner)
        if merged is None or (merged == {} and name not in new):
            result.pop(name, None)
        else:
            result[name] = merged
    return result


def _overlaid(old: Any, new: Any, mask: Mask) -> Any:
    if ALL in mask:
        return new
    if not isinstance(old or {}, dict) or not isinstance(new or {}, dict):
        return new
    return overlay(old or {}, new or {}, mask)
