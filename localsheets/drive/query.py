"""The search language of files.list: terms joined by and, or, not and parentheses.

name contains 'notes' and (modifiedTime > '2025-02-14T12:00:00' or 'a@b.fr' in writers) and not trashed
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.json import file_json
from localsheets.drive.sharing import RANKS, names, permissions, root_id
from localsheets.errors import ApiError, drive_invalid

Json = dict[str, Any]
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<sign><=|>=|!=|=|<|>)|(?P<mark>[(){}])"
    r"|(?P<word>[A-Za-z][A-Za-z.]*))",
    re.DOTALL,
)
TEXTS = {"name": {"=", "!=", "contains"}, "mimeType": {"=", "!=", "contains"}, "fullText": {"contains"}}
MOMENTS = ("modifiedTime", "createdTime", "viewedByMeTime", "sharedWithMeTime")
FLAGS = ("trashed", "starred", "sharedWithMe")
PEOPLE = {"owners": ("owner",), "writers": ("owner", "writer"), "readers": tuple(RANKS)}
MAPS = ("properties", "appProperties")
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Seen:
    """Hold a file as a search looks at it, described only when asked for."""

    def __init__(self, shelf: Shelf, book: Book, actor: str) -> None:
        self.shelf = shelf
        self.book = book
        self.actor = actor
        self.json = file_json(shelf, book, actor)

    def words(self) -> str:
        """Return all that fullText searches: name, description and cells."""
        found = [self.book.title, self.book.drive.get("description", "")]
        for sheet in self.book.in_order():
            for _, _, cell in sheet.cells():
                found += [str(value) for value in (cell.entered or {}).values()]
        return "\n".join(found).lower()


Test = Callable[[Seen], bool]


def bad_query() -> ApiError:
    """Build the 400 of a search that cannot be read."""
    return drive_invalid("Invalid Value", "q")


def parse(text: str) -> Test:
    """Read a search as a test of files; 400 for one that makes no sense. An empty one keeps everything."""
    if not text.strip():
        return lambda seen: True
    reader = _Reader(text)
    test = reader.either()
    if reader.left():
        raise bad_query()
    return test


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if match is None:
                raise bad_query()
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at = match.end()
        self.at = 0

    def left(self) -> bool:
        """Tell whether anything is left to read."""
        return self.at < len(self.tokens)

    def take(self, *kinds: str) -> str:
        """Read a token of one of these kinds."""
        if not self.left() or self.tokens[self.at][0] not in kinds:
            raise bad_query()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def accept(self, *wanted: str) -> str | None:
        """Read a word or a mark if it comes next."""
        if self.left() and self.tokens[self.at][0] != "text" and self.tokens[self.at][1] in wanted:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def either(self) -> Test:
        """Read tests joined by or."""
        tests = [self.both()]
        while self.accept("or"):
            tests.append(self.both())
        return lambda seen: any(test(seen) for test in tests)

    def both(self) -> Test:
        """Read tests joined by and."""
        tests = [self.one()]
        while self.accept("and"):
            tests.append(self.one())
        return lambda seen: all(test(seen) for test in tests)

    def one(self) -> Test:
        """Read one test, possibly denied or between parentheses."""
        if self.accept("not"):
            test = self.one()
            return lambda seen: not test(seen)
        if self.accept("("):
            test = self.either()
            if not self.accept(")"):
                raise bad_query()
            return test
        if self.left() and self.tokens[self.at][0] == "text":
            wanted = _unquoted(self.take("text"))
            self._word("in")
            return _member(self.take("word"), wanted)
        return self.term(self.take("word"))

    def _word(self, word: str) -> None:
        if not self.accept(word):
            raise bad_query()

    def term(self, name: str) -> Test:
        """Read what follows the name of a field."""
        if name in FLAGS:
            return self.flag(name)
        if name in MAPS:
            self._word("has")
            return _has(name, *self.pair())
        if self.accept("in"):
            # Clients write `parents in 'id'` as well, which Drive takes.
            return _member(name, _unquoted(self.take("text")))
        operator = self.take("sign", "word")
        wanted = _unquoted(self.take("text"))
        if name in TEXTS and operator in TEXTS[name]:
            return _textual(name, operator, wanted)
        if name in MOMENTS and operator in SIGNS:
            return _dated(name, operator, _moment(wanted))
        raise bad_query()

    def flag(self, name: str) -> Test:
        """Read `= true`, `!= true` or nothing after a yes-or-no field."""
        sign = self.accept("=", "!=")
        wanted = True
        if sign:
            word = self.take("word")
            if word not in ("true", "false"):
                raise bad_query()
            wanted = (word == "true") == (sign == "=")
        return lambda seen: _flag(seen, name) == wanted

    def pair(self) -> tuple[str, str]:
        """Read `{ key='…' and value='…' }`."""
        found = []
        for opening, word, closing in (("{", "key", "and"), (None, "value", "}")):
            if opening:
                self._word(opening)
            self._word(word)
            self._word("=")
            found.append(_unquoted(self.take("text")))
            self._word(closing)
        return found[0], found[1]


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_query() from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _flag(seen: Seen, name: str) -> bool:
    if name == "sharedWithMe":
        return not seen.json["ownedByMe"] and "@" in seen.actor
    return bool(seen.json[name])


def _textual(name: str, operator: str, wanted: str) -> Test:
    if name == "fullText":
        phrase = wanted.strip('"').lower()
        return lambda seen: phrase in seen.words()
    if operator != "contains":
        return lambda seen: (seen.json[name] == wanted) == (operator == "=")
    if name == "name":
        return lambda seen: starts_words(seen.json["name"], wanted)
    return lambda seen: wanted.lower() in seen.json[name].lower()


def starts_words(name: str, wanted: str) -> bool:
    """Tell whether words of a name, one after another, begin like the wanted ones: Drive looks no further inside."""
    looked = re.findall(r"\w+", wanted.lower())
    words = re.findall(r"\w+", name.lower())
    if not looked:
        return True
    spans = (words[at : at + len(looked)] for at in range(len(words) - len(looked) + 1))
    return any(span[:-1] == looked[:-1] and span[-1].startswith(looked[-1]) for span in spans)


def _dated(name: str, operator: str, wanted: datetime) -> Test:
    def test(seen: Seen) -> bool:
        text = seen.json.get(name)
        return text is not None and SIGNS[operator](datetime.fromisoformat(text), wanted)

    return test


def _member(name: str, wanted: str) -> Test:
    if name == "parents":
        return lambda seen: (root_id(seen.actor) if wanted == "root" else wanted) in seen.json.get("parents", [])
    if name in PEOPLE:
        return lambda seen: _is_among(seen, name, wanted)
    raise bad_query()


def _is_among(seen: Seen, name: str, wanted: str) -> bool:
    address = seen.actor if wanted == "me" else wanted
    entries = [entry for entry in permissions(seen.shelf, seen.book) if entry["role"] in PEOPLE[name]]
    return any(entry["type"] in ("user", "group") and names(entry, address) for entry in entries)


def _has(name: str, key: str, value: str) -> Test:
    return lambda seen: (seen.json.get(name) or {}).get(key) == value
