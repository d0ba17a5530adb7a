"""What a document announces of a calendar, as fields that staff fill in: a blank one is not checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.calendar import KINDS, Expected, counts
from rules.durations import DURATION
from rules.values import TYPES, Type, within

PREFIX = "total-"
KIND, BLOC, SOURCE = f"{PREFIX}kind-", f"{PREFIX}bloc-", f"{PREFIX}source"
#: The totals of a whole calendar, as staff read them.
WHOLE = {f"{PREFIX}half_days": "Demi-journées", f"{PREFIX}days": "Jours", f"{PREFIX}minutes": "Heures"}
_COUNTED = (f"{PREFIX}half_days", f"{PREFIX}days")
_COUNT = within(TYPES["integer"], 1, 2000)


def types(blocs: Iterable[str]) -> dict[str, Type]:
    """Return the type of each field, those of these blocs included."""
    kinds = [kind for kind in KINDS if counts(kind, optional=False)]
    hours = [f"{PREFIX}minutes", *(KIND + kind for kind in kinds), *(BLOC + bloc for bloc in blocs)]
    found = dict.fromkeys(_COUNTED, _COUNT) | dict.fromkeys(hours, DURATION)
    return found | {SOURCE: TYPES["text"]}


def label(name: str) -> str:
    """Return how staff call what a field announces."""
    if name.startswith(KIND):
        return KINDS.get(name.removeprefix(KIND), name)
    if name.startswith(BLOC):
        return name.removeprefix(BLOC)
    return WHOLE.get(name, "document")


def display(name: str, canonical: str) -> str:
    """Write the value of one of these fields for a page."""
    return canonical if name == SOURCE or name in _COUNTED else DURATION.display(canonical)


def texts(expected: Expected, names: Iterable[str]) -> dict[str, str]:
    """Return the canonical text of each of these fields."""
    given: dict[str, int | None] = {
        f"{PREFIX}half_days": expected.half_days, f"{PREFIX}days": expected.days, f"{PREFIX}minutes": expected.minutes,
        **{KIND + kind: minutes for kind, minutes in expected.by_kind.items()},
        **{BLOC + bloc: minutes for bloc, minutes in expected.by_bloc.items()},
    }  # fmt: skip
    found = {name: "" if given.get(name) is None else str(given[name]) for name in names}
    return found | {SOURCE: expected.source}


def expected(values: Mapping[str, str]) -> Expected:
    """Return what canonical texts announce."""
    numbers = {name: int(text) for name, text in values.items() if text and name != SOURCE}
    return Expected(
        numbers.get(f"{PREFIX}half_days"), numbers.get(f"{PREFIX}minutes"), numbers.get(f"{PREFIX}days"),
        _below(KIND, numbers), _below(BLOC, numbers), values.get(SOURCE, ""),
    )  # fmt: skip


def _below(prefix: str, numbers: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(prefix): number for name, number in numbers.items() if name.startswith(prefix)}
