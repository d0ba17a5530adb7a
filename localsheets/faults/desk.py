"""Faults and staff actions around the API: requests pass through here before and after they are carried out."""

import io
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from werkzeug.test import run_wsgi_app

from localsheets.books.shelf import Shelf, now_text
from localsheets.errors import ApiError
from localsheets.faults.answers import Answer
from localsheets.faults.journal import Journal, View
from localsheets.faults.kinds import Asked, issuer, kind_of
from localsheets.faults.match import Count, Progress
from localsheets.faults.passage import Passage
from localsheets.faults.schedule import EMPTY, Schedule, StaffRule
from localsheets.serving.token import Tokens
from localsheets.staff.actions import find_book, perform
from localsheets.staff.places import Undone

Json = dict[str, Any]
Environ = dict[str, Any]
Wsgi = Callable[..., Iterable[bytes]]


class Faults:
    """Stand around the application: count its requests, and bring on them what the schedule says."""

    def __init__(self, app: Wsgi, shelf: Shelf, tokens: Tokens, schedule: Schedule = EMPTY) -> None:
        self.app = app
        self.shelf = shelf
        self.tokens = tokens
        self.journal = Journal()
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.timers: set[threading.Timer] = set()
        self.load(schedule)

    def load(self, schedule: Schedule) -> None:
        """Replace the schedule: requests count from one again, what was to come from the old one does not."""
        with self.lock:
            self._cancel()
            self.progress = Progress(schedule)
            self.since, self.started = now_text(), time.monotonic()
            for rule, count in zip(schedule.staff, self.progress.staff, strict=True):
                if rule.at == "seconds":
                    self._plan(rule.seconds, self._comes, rule, count)

    def _plan(self, seconds: float, act: Callable[..., None], *given: Any) -> None:
        def run() -> None:
            act(*given)
            with self.lock:
                self.timers.discard(timer)

        timer = threading.Timer(seconds, run)
        timer.daemon = True
        self.timers.add(timer)
        timer.start()

    def later(self, seconds: float, act: Callable[..., None], *given: Any) -> None:
        """Do something in so many seconds, unless the server stops or another schedule comes first."""
        with self.lock:
            if not self.closing.is_set():
                self._plan(seconds, act, *given)

    def _cancel(self) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()

    def stop(self) -> None:
        """Let go of the connections that are held, and forget what was to come."""
        self.closing.set()
        with self.lock:
            self._cancel()

    def _comes(self, rule: StaffRule, count: Count) -> None:
        with self.lock:
            count.fire(self.progress.number)
        self.act(rule, count, "")

    def act(self, rule: StaffRule, count: Count, book: str) -> None:
        """Do what a person does, and keep what became of it in the status."""
        for done in perform(self.shelf, rule.by, rule.book or book, rule.actions):
            with self.lock:
                count.note(done | {"at": now_text(), "request": self.progress.number})

    def locked(self, stack: ExitStack, rules: list[StaffRule], book: str) -> None:
        """Keep everyone else out of the books that a request and people are about to touch."""
        wanted = {book}
        for rule in rules:
            try:
                wanted.add(find_book(self.shelf, rule.book or book))
            except Undone:
                continue
        # Always in the same order, so that two requests never wait for each other.
        for book_id in sorted(wanted & self.shelf.locks.keys()):
            stack.enter_context(self.shelf.locks[book_id])

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request of the API as the schedule says, any other one as usual."""
        known = kind_of(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        if known is None:
            return self.app(environ, start_response)
        body = taken_body(environ)
        asked = self._asked(environ, *known, body)
        with self.lock:
            fired = self.progress.next(asked, time.monotonic() - self.started)
        entry = self.journal.open(fired.number, asked.kind, asked.account, asked.book)
        if not fired.faults and not fired.staff:
            return self._plain(environ, start_response, entry)
        return Passage(self, environ, body, asked, fired, entry).answer(start_response)

    def _asked(self, environ: Environ, kind: str, book: str, body: bytes) -> Asked:
        account = issuer(body) if kind == "token" else ""
        if kind != "token":
            try:
                account = self.tokens.email(environ.get("HTTP_AUTHORIZATION"))
            except ApiError:
                account = ""
        known = self.shelf.known.get(book)
        return Asked(kind, book, account, known.title if known else "")

    def _plain(self, environ: Environ, start_response: Any, entry: Json) -> Iterable[bytes]:
        def started(status: str, headers: Any, *more: Any) -> Any:
            entry["status"] = int(status.split(" ", 1)[0])
            return start_response(status, headers, *more)

        environ["localsheets.shelf"] = View(self.shelf, entry)
        return self.app(environ, started)

    def carry_out(self, environ: Environ, body: bytes, view: View, whole: bool = False) -> Answer:
        """Carry a request out for good, and return its answer; `whole` forbids to pack it."""
        kept = {name: value for name, value in environ.items() if not name.startswith(("werkzeug.", "HTTP_TRANSFER"))}
        if whole:
            kept.pop("HTTP_ACCEPT_ENCODING", None)
        kept |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "localsheets.shelf": view}
        chunks, status, headers = run_wsgi_app(self.app, kept, buffered=True)
        return Answer(status, list(headers), b"".join(chunks))

    def status(self) -> Json:
        """Return the schedule, the count of requests, and how often each rule fired."""
        with self.lock:
            progress = self.progress
            rules = [
                {"name": rule.name, "fault": rule.fault, "fired": count.fired, "requests": count.requests}
                for rule, count in zip(progress.schedule.rules, progress.rules, strict=True)
            ]
            staff = [
                {
                    "name": rule.name,
                    "by": rule.by,
                    "fired": count.fired,
                    "requests": count.requests,
                    "done": count.notes,
                }
                for rule, count in zip(progress.schedule.staff, progress.staff, strict=True)
            ]
            given = progress.schedule.given
            return {"request": progress.number, "since": self.since, "schedule": given, "rules": rules, "staff": staff}


def taken_body(environ: Environ) -> bytes:
    """Read the body of a request, and leave it there to be read again."""
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read()
    else:
        length = environ.get("CONTENT_LENGTH") or "0"
        body = stream.read(int(length)) if length.isdigit() and length != "0" else b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("wsgi.input_terminated", None)
    return bytes(body)
