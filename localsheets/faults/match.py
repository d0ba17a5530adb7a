"""Which rules of a schedule fall on a request; the same requests in the same order always meet the same ones."""

import random
from dataclasses import dataclass, field
from typing import Any

from localsheets.faults.kinds import Asked
from localsheets.faults.schedule import ENDINGS, Rule, Schedule, StaffRule, When

Json = dict[str, Any]
KEPT_NOTES = 200


@dataclass
class Count:
    """Hold how often a rule was met and fired, and the last things worth saying of it."""

    met: int = 0
    fired: int = 0
    requests: list[int] = field(default_factory=list)
    notes: list[Json] = field(default_factory=list)

    def fire(self, number: int) -> None:
        """Count one more firing, at a request."""
        self.fired += 1
        self.requests = [*self.requests, number][-KEPT_NOTES:]

    def take_back(self) -> None:
        """Uncount the last firing: its moment did not come."""
        self.fired -= 1
        self.requests = self.requests[:-1]

    def note(self, what: Json) -> None:
        """Keep what happened, the latest few."""
        self.notes = [*self.notes, what][-KEPT_NOTES:]


@dataclass
class Fired:
    """Hold the rules that fall on one request: at most one fault decides what the client gets."""

    number: int
    faults: list[Rule] = field(default_factory=list)
    staff: list[tuple[StaffRule, Count]] = field(default_factory=list)

    @property
    def ending(self) -> Rule | None:
        """Return the fault that decides what the client gets."""
        return self.fault(*ENDINGS)

    def fault(self, *names: str) -> Rule | None:
        """Return the first fault of some names."""
        return next((rule for rule in self.faults if rule.fault in names), None)


class Progress:
    """Follow a schedule request after request. Not safe for threads: the caller holds a lock."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.number = 0
        self.rules = [Count() for _ in schedule.rules]
        self.staff = [Count() for _ in schedule.staff]

    def next(self, asked: Asked, elapsed: float) -> Fired:
        """Count a request, `elapsed` seconds after the loading, and return what falls on it."""
        self.number += 1
        fired = Fired(self.number)
        for index, (rule, count) in enumerate(zip(self.schedule.rules, self.rules, strict=True)):
            taken = fired.fault(*ENDINGS) if rule.fault in ENDINGS else fired.fault(rule.fault)
            wanted = _suits(rule, asked) and self._meets(rule.when, count, asked, elapsed, f"rule {index}")
            if wanted and (taken is None or rule.fault == "slow"):
                count.fire(self.number)
                fired.faults.append(rule)
        for index, (rule, count) in enumerate(zip(self.schedule.staff, self.staff, strict=True)):
            if _comes(rule, asked) and self._meets(rule.when, count, asked, elapsed, f"staff {index}"):
                count.fire(self.number)
                fired.staff.append((rule, count))
        return fired

    def _meets(self, when: When, count: Count, asked: Asked, elapsed: float, salt: str) -> bool:
        if not matches(when, self.number, asked, elapsed):
            return False
        count.met += 1
        if when.nth and count.met not in when.nth:
            return False
        if when.times is not None and count.fired >= when.times:
            return False
        # Drawn from the number of the request, so that no other rule and no thread disturbs the draw.
        drawn = random.Random(f"{self.schedule.seed} {salt} {self.number}").random()
        return drawn < when.probability


def matches(when: When, number: int, asked: Asked, elapsed: float) -> bool:
    """Tell whether a request meets the conditions that need no memory."""
    return (
        (not when.request or number in when.request)
        and when.first <= number <= (when.last or number)
        and (number - when.first) % when.every == 0
        and (not when.kind or any(asked.is_of(kind) for kind in when.kind))
        and (not when.book or when.book in (asked.book, asked.title))
        and (not when.account or when.account == asked.account)
        and elapsed >= when.after_seconds
    )


def _suits(rule: Rule, asked: Asked) -> bool:
    if rule.fault == "stale":
        return asked.reads
    return asked.writes if rule.fault in ("duplicate", "late") else True


def _comes(rule: StaffRule, asked: Asked) -> bool:
    moments = {"after_read": asked.reads, "before_write": asked.writes, "seconds": False}
    return moments.get(rule.at, True)
