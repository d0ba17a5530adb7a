"""Play recordings of Google against a running localsheets, and compare answer by answer.

A recording is a list of `method, uri, body, status, answer`. Ids that Google minted are mapped to
the server's own as they appear in answers; times, links and etags must be there, whatever they say;
everything else must be equal, extra and missing keys included, and of the same JSON type.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from bench.recordings import STRANGER, File, Json, kind_of, scenery

HOSTS = re.compile(r"https://(sheets|www|docs)\.googleapis\.com")
MOMENTS_AND_LINKS = re.compile(r".*(Time|Links?|Url|[Ee]tag)")
#: Keys that hold an id of another key's family.
FAMILIES = {
    "sourceSheetId": "sheetId",
    "newSheetId": "sheetId",
    "destinationSheetId": "sheetId",
    "filterId": "filterViewId",
    "newChartId": "chartId",
    "permissionId": "id",
    "fileId": "id",
    "spreadsheetId": "id",
    "destinationSpreadsheetId": "id",
}
#: An escape, or a word that may be an id.
WORD = re.compile(r"%[0-9A-Fa-f]{2}|[\w-]+")
#: Shorter ones are numbers that a recorder chose, not ids to look for in a text.
SHORTEST = 4


class Ids:
    """Remember which of our ids stands for which of Google's."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Any], Any] = {}
        self.taken: set[tuple[str, Any]] = set()
        self.as_words: dict[str, str] = {}

    def learn(self, key: str, theirs: Any, ours: Any) -> None:
        """Let our id stand for Google's from now on."""
        family = FAMILIES.get(key, key)
        self.known[family, theirs] = ours
        self.taken.add((family, ours))
        if len(str(theirs)) >= SHORTEST:
            self.as_words[str(theirs)] = str(ours)

    def same(self, key: str, theirs: Any, ours: Any) -> bool:
        """Say whether two ids of an answer are of the same thing; a pair never met becomes known.

        Zero and words without a digit are not minted: they are what they are.
        """
        family = FAMILIES.get(key, key)
        if (family, theirs) in self.known:
            return bool(self.known[family, theirs] == ours)
        if type(theirs) is not type(ours) or not (_minted(theirs) and _minted(ours)):
            return bool(theirs == ours)
        if (family, ours) in self.taken:
            return False
        self.learn(key, theirs, ours)
        return True

    def words(self, text: str) -> str:
        """Write a text with our ids in the place of Google's."""
        return WORD.sub(lambda match: self.as_words.get(match[0], match[0]), text)

    def outgoing(self, value: Any, key: str = "") -> Any:
        """Write a body with our ids; an id that the recorder chose freely stays, and is known to both."""
        if isinstance(value, dict):
            return {name: self.outgoing(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.outgoing(inner, key) for inner in value]
        if isinstance(value, str):
            return self.words(value)
        if type(value) is int and is_id(key):
            family = FAMILIES.get(key, key)
            if (family, value) not in self.known:
                self.learn(key, value, value)
            return self.known[family, value]
        return value


def _minted(value: Any) -> bool:
    return re.search(r"[1-9]", str(value)) is not None


def is_id(key: str) -> bool:
    """Say whether a key holds an id, by its name."""
    return key == "id" or key.endswith("Id")


@dataclass
class Difference:
    """Say where two answers differ."""

    path: str
    expected: Any
    got: Any


NOTHING = object()


def compare(expected: Any, got: Any, ids: Ids, path: str = "", key: str = "") -> Iterator[Difference]:
    """List every difference between Google's answer and ours."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for name in [*expected, *(name for name in got if name not in expected)]:
            both = expected.get(name, NOTHING), got.get(name, NOTHING)
            yield from compare(*both, ids, f"{path}.{name}", name)
    elif isinstance(expected, list) and isinstance(got, list):
        for at in range(max(len(expected), len(got))):
            both = (side[at] if at < len(side) else NOTHING for side in (expected, got))
            yield from compare(*both, ids, f"{path}[{at}]", key)
    elif not _equal(expected, got, ids, key):
        yield Difference(path or "(whole answer)", expected, got)


def _equal(expected: Any, got: Any, ids: Ids, key: str) -> bool:
    if NOTHING in (expected, got) or type(expected) is not type(got):
        return False
    if MOMENTS_AND_LINKS.fullmatch(key):
        return True
    if is_id(key) and isinstance(expected, (str, int)):
        return ids.same(key, expected, got)
    return bool((ids.words(expected) if isinstance(expected, str) else expected) == got)


@dataclass
class Pair:
    """Hold how one recorded call went here."""

    index: int
    kind: str
    call: str
    differences: list[Difference]
    #: The call is about a file that stood in the recorder's account before the recording began.
    about_scenery: bool = False


@dataclass
class Player:
    """Play recordings against one server; `token` gives a token for an account's address."""

    url: str
    token: Callable[[str], str]
    recorder: str
    ids: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        self.bearers = {account: self.token(account) for account in (self.recorder, STRANGER)}

    def send(self, method: str, path: str, body: Any, account: str = "") -> tuple[int, Any]:
        """Send one call and return its status and its answer, None when empty, a text when not JSON."""
        headers = {"Authorization": f"Bearer {self.bearers[account or self.recorder]}"}
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, payload, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        try:
            return answer.status, json.loads(data) if data else None
        except ValueError:
            return answer.status, data.decode("utf-8", "replace")

    def play(self, interactions: list[Json]) -> Iterator[Pair]:
        """Play a recording in order, its scenery put up in time."""
        waiting = scenery(interactions)
        standing = {file.file_id for files in waiting.values() for file in files}
        for index, pair in enumerate(interactions):
            for file in waiting.get(index, []):
                self._put_up(file)
            found = self._play_one(pair)
            mentioned = any(file_id in pair["uri"] for file_id in standing)
            yield Pair(index, kind_of(pair["method"], pair["uri"]), _shown(pair), found, mentioned)
        self.connection.close()

    def clear_away(self) -> None:
        """Delete what the recorder's account holds, so that the next recording meets an empty one."""
        _, held = self.send("GET", "/drive/v3/files?pageSize=1000&fields=files(id)", None)
        for file in held["files"]:
            self.send("DELETE", f"/drive/v3/files/{file['id']}", None)
        self.connection.close()

    def _play_one(self, pair: Json) -> list[Difference]:
        path = self.ids.words(HOSTS.sub("", pair["uri"]))
        status, got = self.send(pair["method"], path, self.ids.outgoing(pair["body"]))
        answer = pair["answer"]
        if status != pair["status"]:
            said = got.get("error", {}).get("message") if isinstance(got, dict) else got
            return [Difference("(status)", pair["status"], f"{status}: {said}")]
        if isinstance(got, str) and not isinstance(answer, str):
            return [Difference("(whole answer)", answer, got)]
        return list(compare(answer, got, self.ids))

    def _put_up(self, file: File) -> None:
        time.sleep(0.002)  # two files of one millisecond would have no order by time
        body = {"name": file.name, "mimeType": "application/vnd.google-apps.spreadsheet"}
        _, made = self.send("POST", "/drive/v3/files", body, file.account)
        self.ids.learn("id", file.file_id, made["id"])


def _shown(pair: Json) -> str:
    body = "" if pair["body"] is None else " " + json.dumps(pair["body"], ensure_ascii=False)
    return f"{pair['method']} {HOSTS.sub('', pair['uri'])}{body}"
