"""localsheets with somebody at the door, who counts what each call sends and lets staff type just before a write."""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bench.callers.job import BEGIN
from bench.calls_books import Json, properties, staff
from localsheets.faults.kinds import READS, WRITES, kind_of
from localsheets.server import serve

Environ = dict[str, Any]
TITLE = re.compile(r"'?(?P<title>[^'!]+)'?!")


@dataclass
class Tally:
    """What a tool asked of the server."""

    reads: int = 0
    writes: int = 0
    cells: int = 0
    #: Calls of Drive, which has a quota of its own: whether a book is in the bin, where it is in a list.
    drive: int = 0


@dataclass
class Hands:
    """What staff type in a tab between the moment a tool read it and the moment it writes there: {title: actions}."""

    book: str
    waiting: dict[str, list[Json]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)


class Door:
    """Stand before localsheets' own application."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.url = app, ""
        self.tally = Tally()
        self.hands: list[Hands] = []
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Count a call of the API, let staff type if it writes, then answer as localsheets does."""
        path = environ["PATH_INFO"].encode("latin-1").decode()
        if path == BEGIN:
            self.tally = Tally()
            start_response("204 No Content", [])
            return []
        kind, book = kind_of(environ["REQUEST_METHOD"], path) or ("", "")
        if kind in READS or kind in WRITES:
            size = int(environ.get("CONTENT_LENGTH") or 0)
            data = environ["wsgi.input"].read(size) if size else b""
            environ["wsgi.input"] = BytesIO(data)
            self._note(kind, book, unquote(path), json.loads(data or b"{}"))
        return self.app(environ, start_response)

    def _note(self, kind: str, book: str, path: str, body: Json) -> None:
        with self.lock:
            of_drive = kind.startswith("drive.")
            self.tally.drive += of_drive
            self.tally.reads += kind in READS and not of_drive
            self.tally.writes += kind in WRITES and not of_drive
            self.tally.cells += _cells_in(body)
            typed = [
                (hands, title, hands.waiting.pop(title))
                for hands in self.hands
                if kind in WRITES and hands.book == book
                for title in set(_titles_in(path, body, hands.titles)) & hands.waiting.keys()
            ]
        for hands, _, actions in typed:
            staff(self.url, hands.book, *actions)

    def meanwhile(self, token: str, book: str, actions: Mapping[str, list[Json]]) -> None:
        """Have actions done in each tab of a book, just before the first write that is about the tab."""
        titles = {tab["sheetId"]: tab["title"] for tab in properties(self.url, token, book)}
        self.hands.append(Hands(book, dict(actions), titles))


class Running:
    """The server and its door."""

    def __init__(self, folder: Path) -> None:
        self.server = serve(data=folder / "calls.sqlite")
        self.door = Door(self.server.app.wsgi_app)
        self.server.app.wsgi_app = self.door  # type: ignore[method-assign]
        self.url = self.door.url = self.server.url

    def stop(self) -> None:
        """Stop listening."""
        self.server.stop()


def _cells_in(body: Any) -> int:
    """Count the cells whose content a body carries: rows of values, or typed cells of a batch."""
    if isinstance(body, list):
        return sum(map(_cells_in, body))
    if not isinstance(body, dict):
        return 0
    found = 0
    for name, value in body.items():
        if name == "values" and isinstance(value, list):
            found += sum(len(row) if isinstance(row, list) else 1 for row in value)
        else:
            found += _cells_in(value)
    return found


def _titles_in(path: str, body: Any, titles: Mapping[int, str]) -> Iterator[str]:
    """List the tabs that a write names, in its address, by their ranges or by their ids."""
    if "/values/" in path:
        yield from (match["title"] for match in [TITLE.match(path.split("/values/", 1)[1])] if match)
    yield from _titles_of(body, titles)


def _titles_of(body: Any, titles: Mapping[int, str]) -> Iterator[str]:
    if isinstance(body, list):
        for inner in body:
            yield from _titles_of(inner, titles)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name == "sheetId" and value in titles:
                yield titles[value]
            elif name == "range" and isinstance(value, str) and (match := TITLE.match(value)):
                yield match["title"]
            elif name != "values":
                yield from _titles_of(value, titles)
