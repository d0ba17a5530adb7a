"""The text of formulas: tokens, references, syntax trees."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from localsheets.a1 import Area, letters, parse_area, quoted

TITLE = r"(?P<title>'(?:[^']|'')+'|[^\W\d][\w.]*)!"
CELLS = r"\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}(?:\$?[1-9]\d*)?)?"
COLUMNS = r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}"
LINES = r"\$?[1-9]\d*:\$?[1-9]\d*"
NUMBER = r"(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?"
TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<error>\#REF!|\#DIV/0!|\#NAME\?|\#VALUE!|\#N/A|\#NUM!)
    |(?P<ref>(?:{TITLE})?(?P<cells>{CELLS}|{COLUMNS}|{LINES})(?![\w(]))
    |(?P<lost>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!\#REF!)
    |(?P<number>{NUMBER})
    |(?P<name>[^\W\d][\w.]*)
    |(?P<op><>|<=|>=|[-+*/^&=<>%(),;{{}}:\\])""",
    re.VERBOSE,
)
ENGLISH_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
FRENCH_NUMBER = re.compile(NUMBER)


class FormulaError(Exception):
    """Say that a formula cannot be read."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Hold a reference as written: its tab's title or None, its rectangle, its dollar signs."""

    title: str | None
    area: Area
    pinned: tuple[bool, bool, bool, bool]
    is_range: bool

    def text(self) -> str:
        """Write the reference back."""
        area, pinned = self.area, self.pinned
        left = area.left if self._has_columns else None
        text = _corner(left, area.top if self._has_rows else None, pinned[:2])
        if self.is_range:
            right = None if area.right is None else area.right - 1
            bottom = None if area.bottom is None else area.bottom - 1
            text += ":" + _corner(right, bottom, pinned[2:])
        return text if self.title is None else f"{quoted(self.title)}!{text}"

    @property
    def _has_columns(self) -> bool:
        return self.area.right is not None or self.area.left > 0

    @property
    def _has_rows(self) -> bool:
        return self.area.bottom is not None or self.area.top > 0


def _corner(column: int | None, row: int | None, pinned: tuple[bool, ...]) -> str:
    name = "" if column is None else ("$" if pinned[0] else "") + letters(column)
    return name + ("" if row is None else ("$" if pinned[1] else "") + str(row + 1))


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a piece of a formula: its kind, its text, and its reference when it is one."""

    kind: str
    text: str
    ref: Ref | None = None


@lru_cache(maxsize=20_000)
def tokens(formula: str, comma_decimal: bool = False) -> tuple[Token, ...]:
    """Cut a formula (with its leading =) into tokens, spaces included.

    With a decimal comma, a comma between two digits belongs to the number.
    """
    found, at = [], 1
    while at < len(formula):
        token = _token(formula, at, comma_decimal)
        found.append(token)
        at += len(token.text)
    return tuple(found)


def _token(formula: str, at: int, comma_decimal: bool) -> Token:
    match = TOKEN.match(formula, at)
    if match is None:
        raise FormulaError(formula[at:])
    kind = str(match.lastgroup)
    if match["ref"] is not None:
        return Token("ref", match[0], _reference(match["title"], match["cells"]))
    if match["number"] is not None:
        number = (FRENCH_NUMBER if comma_decimal else ENGLISH_NUMBER).match(formula, at)
        return Token("number", number[0]) if number else Token("op", match[0][0])
    if match["lost"] is not None:
        return Token("error", match[0])
    return Token(kind, match[0])


def _reference(title: str | None, cells: str) -> Ref:
    area = parse_area(cells)
    if area is None:
        raise FormulaError(cells)
    if title and title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    first, _, last = cells.partition(":")
    pinned = (*_dollars(first), *_dollars(last))
    return Ref(title, area, pinned, bool(last))


def _dollars(corner: str) -> tuple[bool, bool]:
    lines_only = not re.search(r"[A-Za-z]", corner)
    return corner.startswith("$") and not lines_only, "$" in corner[0 if lines_only else 1 :]


def rewrite(formula: str, change: Callable[[Ref], Ref | None]) -> str:
    """Return the formula with each reference replaced; None becomes #REF!.

    A formula that cannot be read is returned as it is.
    """
    try:
        parts = tokens(formula)
    except FormulaError:
        return formula
    written = ["="]
    for token in parts:
        if token.ref is None:
            written.append(token.text)
            continue
        changed = change(token.ref)
        unchanged = changed == token.ref
        written.append(token.text if unchanged else "#REF!" if changed is None else changed.text())
    return "".join(written)


def translate(formula: str, down: int, across: int) -> str:
    """Return the formula as a copy placed elsewhere would read: relative references follow."""
    if not down and not across:
        return formula
    return rewrite(formula, lambda ref: _translated(ref, down, across))


def _translated(ref: Ref, down: int, across: int) -> Ref | None:
    area, pinned = ref.area, ref.pinned
    last = pinned[2:] if ref.is_range else pinned[:2]
    moved = Area(
        area.top + (0 if pinned[1] or not ref._has_rows else down),
        area.left + (0 if pinned[0] or not ref._has_columns else across),
        None if area.bottom is None else area.bottom + (0 if last[1] else down),
        None if area.right is None else area.right + (0 if last[0] else across),
    )
    if moved.top < 0 or moved.left < 0 or (moved.bottom or 1) < 1 or (moved.right or 1) < 1:
        return None
    return replace(ref, area=moved)


Node = tuple[Any, ...]
PRECEDENCE = dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1) | {
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}


@lru_cache(maxsize=20_000)
def tree(formula: str, comma_decimal: bool = False) -> Node:
    """Parse a formula into nested tuples: ("number", 1.0), ("call", "SUM", (...)), …

    Raises FormulaError when it cannot be read.
    """
    parser = _Parser([token for token in tokens(formula, comma_decimal) if token.kind != "space"])
    node = parser.expression(0)
    if parser.at < len(parser.tokens):
        raise FormulaError(formula)
    return node


class _Parser:
    def __init__(self, parts: list[Token]) -> None:
        self.tokens = parts
        self.at = 0

    def next_is(self, *texts: str) -> bool:
        """Tell whether the next token is one of these texts."""
        return self.at < len(self.tokens) and self.tokens[self.at].text in texts

    def take(self) -> Token:
        """Read one token; raise FormulaError at the end of the formula."""
        if self.at >= len(self.tokens):
            raise FormulaError("unfinished")
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, least: int) -> Node:
        """Read operands joined by operators that bind tighter than `least`."""
        left = self.operand()
        while self.at < len(self.tokens):
            operator = self.tokens[self.at].text
            level = PRECEDENCE.get(operator, 0)
            if not level or level <= least or self.tokens[self.at].kind != "op":
                break
            self.at += 1
            left = ("binary", operator, left, self.expression(level))
        return left

    def operand(self) -> Node:
        """Read one operand, with its signs before and its percent signs after."""
        if self.next_is("-", "+"):
            sign = self.take().text
            return ("unary", sign, self.expression(5))
        node = self.atom()
        while self.next_is("%"):
            self.at += 1
            node = ("binary", "/", node, ("number", 100.0))
        return node

    def atom(self) -> Node:
        """Read a number, a text, a reference, a name, or an expression in parentheses."""
        token = self.take()
        if token.kind == "number":
            return ("number", float(token.text.replace(",", ".")))
        if token.kind == "text":
            return ("text", token.text[1:-1].replace('""', '"'))
        if token.kind == "error":
            return ("error", "#REF!" if token.text.endswith("#REF!") else token.text)
        if token.kind == "ref":
            return ("ref", token.ref)
        if token.kind == "name":
            return self.named(token.text.upper())
        if token.text == "(":
            node = self.expression(0)
            self.close()
            return node
        raise FormulaError(token.text)

    def named(self, name: str) -> Node:
        """Read what follows a name: the arguments of a function, or nothing."""
        if not self.next_is("("):
            return ("name", name)
        self.take()
        arguments: list[Node] = []
        while not self.next_is(")"):
            if self.next_is(",", ";"):
                arguments.append(("empty",))
            else:
                arguments.append(self.expression(0))
            if self.next_is(",", ";"):
                self.take()
        self.close()
        return ("call", name, tuple(arguments))

    def close(self) -> None:
        """Read the closing parenthesis, or raise FormulaError."""
        if self.take().text != ")":
            raise FormulaError("missing )")
