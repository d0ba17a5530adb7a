"""The grammar of formulas: from the shape of a formula to its syntax tree."""

import re
from dataclasses import dataclass
from typing import Any

from localsheets.formulas.syntax import FormulaError

NUMBER = r"(?:\d+(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?"
TOKENS = {
    comma: re.compile(
        rf"""(?P<space>\s+)
        |(?P<error>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\#REF!|\#DIV/0!|\#NAME\?|\#VALUE!|\#N/A|\#NUM!|\#ERROR!)
        |(?P<number>{NUMBER.format(point="," if comma else "[.]")})
        |(?P<name>[^\W\d][\w.]*)
        |(?P<op><>|<=|>=|[-+*/^&=<>%(){{}}:\\,;])""",
        re.VERBOSE,
    )
    for comma in (False, True)
}
PRECEDENCE = dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1) | {
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}
DEEPEST = 60
Node = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a piece of a formula: its kind, its text, and its number when it is a reference."""

    kind: str
    text: str
    index: int = 0


def parse(shape: tuple[str, ...], comma_decimal: bool) -> Node:
    """Parse the shape of a formula into nested tuples: ("number", 1.0), ("call", "SUM", (...)), ("ref", 0), …

    Raises FormulaError when it cannot be read.
    """
    parser = _Parser(list(_tokens(shape, comma_decimal)), comma_decimal)
    node = parser.expression(0)
    if parser.at < len(parser.tokens):
        raise FormulaError("unread")
    return node


def _tokens(shape: tuple[str, ...], comma_decimal: bool) -> list[Token]:
    found: list[Token] = []
    references = 0
    for place, part in enumerate(shape):
        if part == "\0":
            found.append(Token("ref", "", references))
            references += 1
        elif part.startswith('"'):
            found.append(Token("text", part))
        else:
            found += _cut(part.removeprefix("=") if place == 0 else part, comma_decimal)
    return found


def _cut(text: str, comma_decimal: bool) -> list[Token]:
    found, at = [], 0
    while at < len(text):
        match = TOKENS[comma_decimal].match(text, at)
        if match is None:
            raise FormulaError(text[at:])
        at = match.end()
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0]))
    return found


class _Parser:
    def __init__(self, parts: list[Token], comma_decimal: bool) -> None:
        self.tokens = parts
        self.at = 0
        self.depth = 0
        self.comma = comma_decimal
        # Semicolons separate arguments everywhere; commas do where they are no decimal sign.
        self.separators = (";",) if comma_decimal else (",", ";")

    def next_is(self, *texts: str) -> bool:
        """Tell whether the next token is one of these signs."""
        return self.at < len(self.tokens) and self.tokens[self.at].text in texts and self.tokens[self.at].kind == "op"

    def take(self) -> Token:
        """Read one token; raise FormulaError at the end of the formula."""
        if self.at >= len(self.tokens):
            raise FormulaError("unfinished")
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, least: int) -> Node:
        """Read operands joined by operators that bind tighter than `least`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError("too deep")
        left = self.operand()
        while self.at < len(self.tokens):
            sign = self.tokens[self.at].text
            level = PRECEDENCE.get(sign, 0)
            if not level or level <= least or self.tokens[self.at].kind != "op":
                break
            self.at += 1
            right = self.expression(level)
            chained = left[0] == "chain" and left[1] == level
            left = ("chain", level, (*left[2], (sign, right))) if chained else ("chain", level, (left, (sign, right)))
        self.depth -= 1
        return left

    def operand(self) -> Node:
        """Read one operand, with its signs before and its percent signs after."""
        if self.next_is("-", "+"):
            sign = self.take().text
            return ("unary", sign, self.expression(5))
        node = self.atom()
        while self.next_is("%"):
            self.at += 1
            node = ("percent", node)
        return node

    def atom(self) -> Node:
        """Read a number, a text, a reference, a name, or an expression in parentheses."""
        token = self.take()
        if token.kind == "number":
            value = float(token.text.replace(",", "."))
            return ("number", int(value) if value.is_integer() and abs(value) < 1e15 else value)
        if token.kind == "text":
            return ("text", token.text[1:-1].replace('""', '"'))
        if token.kind == "error":
            return ("error", "#REF!" if token.text.endswith("#REF!") else token.text)
        if token.kind == "ref":
            return ("ref", token.index)
        if token.kind == "name":
            return self.named(token.text)
        if token.text == "(":
            node = self.expression(0)
            self.close(")")
            return ("group", node)
        if token.text == "{":
            return self.array()
        raise FormulaError(token.text)

    def named(self, name: str) -> Node:
        """Read what follows a name: the arguments of a function, or nothing."""
        if not self.next_is("("):
            return ("name", name)
        self.take()
        arguments: list[Node] = []
        while not self.next_is(")"):
            arguments.append(("empty",) if self.next_is(*self.separators) else self.expression(0))
            if self.next_is(*self.separators):
                self.take()
                if self.next_is(")"):
                    arguments.append(("empty",))
            elif not self.next_is(")"):
                raise FormulaError(name)
        self.close(")")
        return ("call", name, tuple(arguments))

    def array(self) -> Node:
        """Read the rows of an array in braces: columns are separated as the locale wants."""
        rows: list[list[Node]] = [[]]
        across = "\\" if self.comma else ","
        while True:
            rows[-1].append(self.expression(0))
            if self.next_is(";"):
                rows.append([])
            elif not self.next_is(across):
                break
            self.take()
        self.close("}")
        return ("array", tuple(tuple(row) for row in rows))

    def close(self, sign: str) -> None:
        """Read a closing sign, or raise FormulaError."""
        if self.take().text != sign:
            raise FormulaError(f"missing {sign}")
