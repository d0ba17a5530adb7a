"""A schedule of faults and staff actions: its parts, read and checked from JSON."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localsheets.faults.kinds import GROUPS, KINDS, READS, WRITES
from localsheets.faults.reading import BadSchedule, Given
from localsheets.staff.actions import check_action

Json = dict[str, Any]
# Each fault: the moments it may happen at (the first one by default), and its options.
STATUSES = ("429", "500", "502", "503", "401")
EITHER = ("before", "after")
FAULTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(STATUSES, (EITHER, ())),
    "html": (EITHER, ("status",)),
    "timeout": (EITHER, ("seconds",)),
    "reset": (EITHER, ()),
    "truncated": (("after",), ("how", "bytes")),
    "stale": (("before",), ("revisions", "seconds")),
    "duplicate": (("after",), ("seconds", "answer")),
    "late": (("before",), ("seconds", "answer", "hold")),
    "slow": (EITHER, ("ms",)),
}
# Those that decide what the client gets: one of them at most applies to a request.
ENDINGS = (*STATUSES, "html", "timeout", "reset", "truncated", "late")
CUTS = ("length", "chunked", "silent")
WHEN = ("request", "from", "to", "every", "nth", "kind", "book", "account", "probability", "times", "after_seconds")
MOMENTS = ("after_read", "before_write", "before", "after", "seconds")


@dataclass(frozen=True, slots=True)
class When:
    """Hold the conditions that a request must meet, all of them."""

    request: frozenset[int] = frozenset()
    first: int = 0
    last: int | None = None
    every: int = 1
    nth: frozenset[int] = frozenset()
    kind: tuple[str, ...] = ()
    book: str = ""
    account: str = ""
    probability: float = 1.0
    times: int | None = None
    after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one fault and the requests it falls on."""

    name: str
    when: When
    fault: str
    at: str
    options: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaffRule:
    """Hold what a person does, and at which moment; `seconds` counts from the loading for that moment."""

    name: str
    when: When
    at: str
    by: str
    book: str
    actions: tuple[Json, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hold the rules in the order in which they are tried, and the text they were read from."""

    given: Json
    seed: int = 0
    rules: tuple[Rule, ...] = ()
    staff: tuple[StaffRule, ...] = ()


EMPTY = Schedule({})


def schedule_of(given: "Schedule | Json | str | Path | None") -> Schedule:
    """Return a schedule from what describes one: JSON, the path of a file, nothing."""
    if given is None or isinstance(given, Schedule):
        return given or EMPTY
    return load_schedule(given) if isinstance(given, (str, Path)) else read_schedule(given)


def load_schedule(path: str | Path) -> Schedule:
    """Read a schedule file; `BadSchedule` says in French what is wrong with it."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSchedule(f"le fichier ne se lit pas ({error})") from None
    try:
        given = json.loads(text)
    except ValueError as error:
        raise BadSchedule(f"ce n’est pas du JSON ({error})") from None
    return read_schedule(given)


def read_schedule(value: Any) -> Schedule:
    """Check a schedule given as JSON, and return it."""
    given = Given(value)
    given.object(("seed", "rules", "staff", "comment"))
    seed = given.inner("seed").whole() if given.has("seed") else 0
    rules = [_rule(item) for item in given.inner("rules").items()] if given.has("rules") else []
    staff = [_staff(item) for item in given.inner("staff").items()] if given.has("staff") else []
    return Schedule(value, seed, tuple(rules), tuple(staff))


def _rule(given: Given) -> Rule:
    if not given.has("fault"):
        given.object(("name", "comment", "when", "fault", "at"))
        raise given.refuse("il manque « fault », la panne.")
    named = given.inner("fault")
    fault = Given(str(named.value) if isinstance(named.value, int) else named.value, named.where).choice(FAULTS)
    moments, options = FAULTS[fault]
    given.object(("name", "comment", "when", "fault", "at", *options))
    at = given.inner("at").choice(moments) if given.has("at") else moments[0]
    read = {name: OPTIONS[name](given.inner(name), fault) for name in options if given.has(name)}
    when = _when(given.inner("when"), None)
    _check_sense(given, fault, when, read)
    return Rule(_name(given), when, fault, at, read)


def _check_sense(given: Given, fault: str, when: When, options: Json) -> None:
    if fault == "stale":
        if len(options) != 1:
            raise given.refuse("« stale » demande « revisions » ou « seconds », l’un des deux.")
        _check_kinds(given, when, (*READS, "reads", "sheets", "drive"), "ne lit rien : « stale » ne s’y applique pas")
    if fault in ("duplicate", "late"):
        known = (*WRITES, "writes", "sheets", "drive")
        _check_kinds(given, when, known, f"ne change rien : « {fault} » ne s’y applique pas")
    if fault in ("late", "slow") and not options.keys() & {"seconds", "ms"}:
        raise given.refuse(f"il manque « {'ms' if fault == 'slow' else 'seconds'} ».")


def _check_kinds(given: Given, when: When, known: tuple[str, ...], why: str) -> None:
    for kind in when.kind:
        if kind not in known:
            raise given.inner("when").inner("kind").refuse(f"« {kind} » {why}.")


OPTIONS: dict[str, Any] = {
    "status": lambda given, _: given.choice((500, 502, 503)),
    "seconds": lambda given, fault: given.number(0 if fault == "duplicate" else 0.01, 3600),
    "hold": lambda given, _: given.number(0.01, 3600),
    "ms": lambda given, _: given.number(1, 3_600_000),
    "revisions": lambda given, _: given.whole(1),
    "bytes": lambda given, _: given.whole(1),
    "how": lambda given, _: given.choice(CUTS),
    "answer": lambda given, fault: given.choice(
        ("first", "second") if fault == "duplicate" else ("503", "500", "502", "html", "timeout", "reset")
    ),
}


def _name(given: Given) -> str:
    return given.inner("name").text() if given.has("name") else given.where


def _when(given: Given, times: int | None) -> When:
    if given.value is None:
        return When(times=times)
    given.object(WHEN)
    return When(
        request=_numbers(given, "request"),
        first=given.inner("from").whole(1) if given.has("from") else 0,
        last=given.inner("to").whole(1) if given.has("to") else None,
        every=given.inner("every").whole(1) if given.has("every") else 1,
        nth=_numbers(given, "nth"),
        kind=tuple(item.choice((*GROUPS, *sorted(KINDS))) for item in _several(given, "kind")),
        book=given.inner("book").text() if given.has("book") else "",
        account=given.inner("account").text() if given.has("account") else "",
        probability=given.inner("probability").number(0, 1) if given.has("probability") else 1.0,
        times=given.inner("times").whole(1) if given.has("times") else times,
        after_seconds=given.inner("after_seconds").number() if given.has("after_seconds") else 0.0,
    )


def _several(given: Given, name: str) -> list[Given]:
    return given.inner(name).each() if given.has(name) else []


def _numbers(given: Given, name: str) -> frozenset[int]:
    return frozenset(item.whole(1) for item in _several(given, name))


def _staff(given: Given) -> StaffRule:
    given.object(("name", "comment", "by", "when", "at", "seconds", "book", "do"))
    at = given.inner("at").choice(MOMENTS)
    if (at == "seconds") != given.has("seconds"):
        raise given.refuse("« seconds » va avec le moment « seconds », et lui seul.")
    seconds = given.inner("seconds").number(0, 3600) if given.has("seconds") else 0.0
    book = given.inner("book").text() if given.has("book") else ""
    if at == "seconds" and (given.has("when") or not book):
        raise given.refuse("le moment « seconds » demande « book » et n’a pas de « when ».")
    when = _when(given.inner("when"), 1)
    if at in ("after_read", "before_write"):
        known = (*READS, "reads") if at == "after_read" else (*WRITES, "writes")
        _check_kinds(given, when, (*known, "sheets", "drive"), f"ne va pas avec le moment « {at} »")
    actions = read_actions(given.inner("do"))
    return StaffRule(_name(given), when, at, given.inner("by").text(), book, actions, seconds)


def read_actions(given: Given) -> tuple[Json, ...]:
    """Check a list of staff actions, at least one."""
    actions = tuple(check_action(item) for item in given.each())
    if not actions:
        raise given.refuse("il faut au moins une action.")
    return actions
