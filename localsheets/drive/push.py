"""Notifications: each change is told to the channels it concerns, from a thread that no request waits for.

A notification is a POST without a body; all it says is in its headers. One that is refused with a 5xx, or that
nobody answers, is sent again a few times. Google's own come up to three minutes late: `delay` imitates that.
"""

import heapq
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from email.utils import formatdate
from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.errors import bad_request
from localsheets.drive.sharing import names, role_of

Json = dict[str, Any]
TIMEOUT = 5.0
PAUSES = (0.2, 1.0, 5.0)
AGAIN = (500, 502, 503, 504)
# A callback is reached directly, whatever proxy the environment names.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
CHANGED = {"permissions": "permissions", "comments": "properties", "replies": "properties", "star": "properties"}


class Pusher:
    """Keep the channels, and send what is due."""

    def __init__(self, shelf: Shelf, delay: float = 0.0) -> None:
        self.shelf = shelf
        self.delay = delay
        self.wake = threading.Condition()
        self.due: list[tuple[float, int, str, Json, int]] = []
        self.serial = itertools.count()
        self.stopped = False
        self.numbers: dict[str, int] = {}
        self.refused = 0
        known = [json.loads(text) for text in shelf.store.facts("channel:").values()]
        self.channels = {channel["id"]: channel for channel in known if channel["expiration"] > time.time() * 1000}
        shelf.pusher = self
        shelf.listeners.append(self.tell)
        self.thread = threading.Thread(target=self._run, name="localsheets-push", daemon=True)
        self.thread.start()

    def open(self, channel: Json) -> None:
        """Keep a channel and greet it with `sync`; 400 when its id is taken."""
        with self.wake:
            known = self.channels.get(channel["id"])
            if known is not None and known["expiration"] > time.time() * 1000:
                raise bad_request("Channel id not unique", "channelIdNotUnique")
            self.channels[channel["id"]] = channel
            self.numbers.pop(channel["id"], None)
        self._remember(channel)
        self._send(channel, {"X-Goog-Resource-State": "sync"}, 0.0)

    def close_channel(self, channel_id: str, resource_id: str, actor: str) -> bool:
        """Forget a channel; False when the account has none by these ids."""
        with self.wake:
            channel = self.channels.get(channel_id)
            if channel is None or (channel["resourceId"], channel["actor"]) != (resource_id, actor):
                return False
            del self.channels[channel_id]
        self._remember(channel | {"expiration": 0})
        return True

    def _remember(self, channel: Json) -> None:
        self.shelf.store.remember(f"channel:{channel['id']}", json.dumps(channel))

    def tell(self, old: Book | None, new: Book | None, kind: str) -> None:
        """Queue what a change means to each channel."""
        book = new or old
        if book is None:
            return
        with self.wake:
            channels = list(self.channels.values())
        for channel in channels:
            if channel["file"] not in (None, book.book_id) or not self._concerns(channel, old, new):
                continue
            headers = {"X-Goog-Resource-State": "change"} if channel["file"] is None else _state(old, new, kind)
            self._send(channel, headers, self.delay)

    def _concerns(self, channel: Json, old: Book | None, new: Book | None) -> bool:
        if new is not None and role_of(self.shelf, new, channel["actor"]) is not None:
            return True
        entries = [{"type": "user", "emailAddress": old.drive["owner"]}, *old.drive["permissions"]] if old else []
        return any(names(entry, channel["actor"]) for entry in entries)

    def _send(self, channel: Json, headers: dict[str, str], delay: float) -> None:
        with self.wake:
            number = self.numbers[channel["id"]] = self.numbers.get(channel["id"], 0) + 1
            sent = headers | {"X-Goog-Message-Number": str(number)}
            heapq.heappush(self.due, (time.monotonic() + delay, next(self.serial), channel["id"], sent, 0))
            self.wake.notify()

    def _run(self) -> None:
        while True:
            with self.wake:
                while not self.stopped and (not self.due or self.due[0][0] > time.monotonic()):
                    self.wake.wait(self.due[0][0] - time.monotonic() if self.due else None)
                if self.stopped:
                    return
                _, _, channel_id, headers, tries = heapq.heappop(self.due)
                channel = self.channels.get(channel_id)
            if channel is None or channel["expiration"] < time.time() * 1000 or _post(channel, headers):
                continue
            self._later(channel_id, headers, tries)

    def _later(self, channel_id: str, headers: Json, tries: int) -> None:
        with self.wake:
            if tries < len(PAUSES):
                moment = time.monotonic() + PAUSES[tries]
                heapq.heappush(self.due, (moment, next(self.serial), channel_id, headers, tries + 1))
            else:
                self.refused += 1

    def shown(self) -> Json:
        """Return the delay and the channels, for the control address."""
        with self.wake:
            channels = [
                {name: channel[name] for name in ("id", "file", "actor", "address", "expiration")}
                for channel in self.channels.values()
            ]
            return {"delay": self.delay, "waiting": len(self.due), "givenUp": self.refused, "channels": channels}

    def stop(self) -> None:
        """Send nothing more, and end the thread."""
        with self.wake:
            self.stopped = True
            self.wake.notify_all()
        self.thread.join(TIMEOUT + 1)


def _state(old: Book | None, new: Book | None, kind: str) -> dict[str, str]:
    if new is None:
        return {"X-Goog-Resource-State": "remove"}
    if old is None:
        return {"X-Goog-Resource-State": "add"}
    before, after = bool(old.drive.get("trashed")), bool(new.drive.get("trashed"))
    if before != after:
        return {"X-Goog-Resource-State": "trash" if after else "untrash"}
    what = CHANGED.get(kind.partition(".")[0], "content")
    if kind == "files.update":
        what = "properties" if old.drive.get("parents") == new.drive.get("parents") else "parents"
    return {"X-Goog-Resource-State": "update", "X-Goog-Changed": what}


def _post(channel: Json, headers: dict[str, str]) -> bool:
    """Send one notification; False when it is worth sending again."""
    sent = headers | {
        "X-Goog-Channel-ID": channel["id"],
        "X-Goog-Channel-Expiration": formatdate(channel["expiration"] / 1000, usegmt=True),
        "X-Goog-Resource-ID": channel["resourceId"],
        "X-Goog-Resource-URI": channel["resourceUri"],
        "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        "Content-Type": "application/json; charset=UTF-8",
    }
    if channel["token"] is not None:
        sent["X-Goog-Channel-Token"] = channel["token"]
    asked = urllib.request.Request(channel["address"], b"", sent, method="POST")  # noqa: S310
    try:
        with OPENER.open(asked, timeout=TIMEOUT):
            return True
    except urllib.error.HTTPError as refused:
        return refused.code not in AGAIN
    except (OSError, ValueError):
        return False
