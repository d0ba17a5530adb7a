"""One request that a schedule falls on: what happens around it, in order, and what the client gets."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from localsheets.books.shelf import now_text
from localsheets.faults import wire as faults_wire
from localsheets.faults.answers import Answer, refusal
from localsheets.faults.journal import View
from localsheets.faults.kinds import Asked
from localsheets.faults.match import Count, Fired
from localsheets.faults.schedule import Rule, StaffRule

if TYPE_CHECKING:
    from localsheets.faults.desk import Faults

Json = dict[str, Any]
BEFORE = ("before", "before_write")
AFTER = ("after", "after_read")


class Passage:
    """Carry one request through the faults and the people that meet it."""

    def __init__(self, faults: "Faults", environ: Json, body: bytes, asked: Asked, fired: Fired, entry: Json) -> None:
        self.faults = faults
        self.environ = environ
        self.body = body
        self.asked = asked
        self.fired = fired
        self.entry = entry
        entry["faults"] = [{"name": rule.name, "fault": rule.fault, "at": rule.at} for rule in fired.faults]
        entry["staff"] = [{"name": rule.name, "at": rule.at} for rule, _ in fired.staff]

    def answer(self, start_response: Any) -> Iterable[bytes]:
        """Do all that happens around the request, then answer it or break its connection."""
        self._sleep("before")
        with ExitStack() as stack:
            if self.fired.staff:
                self.faults.locked(stack, [rule for rule, _ in self.fired.staff], self.asked.book)
            self._people(BEFORE)
            given = self._carried_out()
            self._people(AFTER, given)
        self._sleep("after")
        return self._ended(given, start_response)

    def _sleep(self, moment: str) -> None:
        slow = [rule for rule in self.fired.faults if rule.fault == "slow" and rule.at == moment]
        if slow:
            self.faults.closing.wait(sum(rule.options["ms"] for rule in slow) / 1000)

    def _people(self, moments: tuple[str, ...], given: Answer | None = None) -> None:
        for rule, count in self.fired.staff:
            if rule.at not in moments:
                continue
            if rule.at == "after_read" and (given is None or given.code != 200):
                self._take_back(rule, count)
            else:
                self.faults.act(rule, count, self.asked.book)

    def _take_back(self, rule: StaffRule, count: Count) -> None:
        """Keep an action for a later read: this one was not answered."""
        with self.faults.lock:
            count.take_back()
        self.entry["staff"] = [entry for entry in self.entry["staff"] if entry["name"] != rule.name]

    def _carried_out(self) -> Answer | None:
        ending = self.fired.ending
        if ending is not None and ending.at == "before":
            if ending.fault == "late":
                self.faults.later(ending.options["seconds"], self._land)
            return None
        given = self._once()
        again = self.fired.fault("duplicate")
        if again is None:
            return given
        if again.options.get("seconds"):
            self.faults.later(again.options["seconds"], self._land)
            return given
        second = self._once()
        return given if again.options.get("answer") == "first" else second

    def _once(self) -> Answer:
        stale = self.fired.fault("stale")
        view = View(self.faults.shelf, self.entry, stale.options if stale else None)
        return self.faults.carry_out(self.environ, self.body, view, self.fired.fault("truncated") is not None)

    def _land(self) -> None:
        """Carry out for good, now, a request whose client was answered long ago."""
        view = View(self.faults.shelf, self.entry)
        given = self.faults.carry_out(self.environ, self.body, view)
        self.entry["landed"] = {"at": now_text(), "status": given.code}

    def _ended(self, given: Answer | None, start_response: Any) -> Iterable[bytes]:
        rule = self.fired.ending
        if rule is None:
            if given is None:
                raise RuntimeError("a request without a fault has an answer")
            return self._sent(given, start_response)
        fault = rule.options.get("answer", "503") if rule.fault == "late" else rule.fault
        if fault == "reset":
            self.entry["status"] = "reset"
            raise faults_wire.reset(self.environ)
        if fault == "timeout":
            self.entry["status"] = "timeout"
            seconds = rule.options.get("hold" if rule.fault == "late" else "seconds")
            raise faults_wire.hold(self.environ, seconds, self.faults.closing)
        if fault == "truncated" and given is not None:
            return self._cut(rule, given, start_response)
        return self._sent(refusal(fault, self.asked, rule.options.get("status", 503)), start_response)

    def _cut(self, rule: Rule, given: Answer, start_response: Any) -> Iterable[bytes]:
        left, dropped = faults_wire.cut(given, rule.options.get("how", "length"), rule.options.get("bytes"))
        self.entry["status"] = left.code
        # Whoever looks at answers on their way out must let this one pass as it is.
        self.environ["localsheets.spoilt"] = True
        start_response(left.status, left.headers)
        return faults_wire.sent(left.body, dropped)

    def _sent(self, given: Answer, start_response: Any) -> Iterable[bytes]:
        self.entry["status"] = given.code
        start_response(given.status, given.headers)
        return [given.body]
