"""Reading JSON that a person wrote: every refusal says in French what is wrong, and where."""

import difflib
from collections.abc import Collection, Iterator
from typing import Any

Json = dict[str, Any]


class BadSchedule(ValueError):
    """Say in French what a schedule has that cannot be, and where."""


class Given:
    """Hold a value and where it stands, such as `rules[2].when.kind`."""

    def __init__(self, value: Any, where: str = "") -> None:
        self.value = value
        self.where = where

    def refuse(self, why: str) -> BadSchedule:
        """Build the refusal of this value."""
        return BadSchedule(f"{self.where or 'calendrier'} : {why}")

    def object(self, known: Collection[str]) -> Json:
        """Return an object whose keys are all known."""
        if not isinstance(self.value, dict):
            raise self.refuse(f"un objet est attendu, pas {shown(self.value)}.")
        for name in self.value:
            if name not in known:
                raise self.refuse(f"la clé « {name} » n’existe pas{_nearest(name, known)}.")
        return self.value

    def inner(self, name: str) -> "Given":
        """Return what stands under a key, None when nothing does."""
        return Given(self.value.get(name), f"{self.where}.{name}" if self.where else name)

    def has(self, name: str) -> bool:
        """Tell whether an object has a key."""
        return isinstance(self.value, dict) and name in self.value

    def items(self) -> Iterator["Given"]:
        """Yield the items of a list."""
        if not isinstance(self.value, list):
            raise self.refuse(f"une liste est attendue, pas {shown(self.value)}.")
        for index, item in enumerate(self.value):
            yield Given(item, f"{self.where}[{index}]")

    def whole(self, least: int = 0) -> int:
        """Return a whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < least:
            raise self.refuse(f"un nombre entier d’au moins {least} est attendu, pas {shown(self.value)}.")
        return self.value

    def number(self, least: float = 0, most: float | None = None) -> float:
        """Return a number between two bounds."""
        value = self.value
        fits = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= least
        if not fits or (most is not None and value > most) or value != value:
            bounds = f"d’au moins {least}" if most is None else f"entre {least} et {most}"
            raise self.refuse(f"un nombre {bounds} est attendu, pas {shown(value)}.")
        return float(value)

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.refuse(f"un texte est attendu, pas {shown(self.value)}.")
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.refuse(f"true ou false est attendu, pas {shown(self.value)}.")
        return self.value

    def choice(self, known: Collection[Any]) -> Any:
        """Return one of the known values."""
        if isinstance(self.value, (dict, list, bool)) or self.value not in known:
            listed = ", ".join(str(item) for item in known)
            hint = f"au choix : {listed}" if len(known) <= 12 else _nearest(str(self.value), known).removeprefix(" ; ")
            raise self.refuse(f"{shown(self.value)} n’existe pas{f' ; {hint}' if hint else ''}.")
        return self.value

    def each(self) -> list["Given"]:
        """Return the items of a list, or the single value that stands for a list of one."""
        return list(self.items()) if isinstance(self.value, list) else [self]


def shown(value: Any) -> str:
    """Write a JSON value as a French sentence quotes it."""
    if value is None:
        return "rien"
    if isinstance(value, dict):
        return "un objet"
    if isinstance(value, list):
        return "une liste"
    return f"« {str(value).lower() if isinstance(value, bool) else value} »"


def _nearest(name: str, known: Collection[Any]) -> str:
    near = difflib.get_close_matches(name, [str(item) for item in known], 1)
    return f" ; le plus proche : « {near[0]} »" if near else f" ; au choix : {', '.join(sorted(map(str, known)))}"
