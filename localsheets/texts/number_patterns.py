"""Number patterns: sections, digits, groups, percents, fractions, powers of ten, padding, literals."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from localsheets.texts.locales import Locale

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]'
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<power>[eE][+-])|(?P<slash>/)|(?P<other>.)",
    re.DOTALL,
)
BRACKET = re.compile(
    r'(?P<kept>"[^"]*"|\\.|[_*].)|\[(?!\$|h+\]|m+\]|s+\])(?:(?P<sign><=|>=|<>|=|<|>)(?P<limit>-?[\d.]+)|[^\]]*)\]',
    re.IGNORECASE,
)
TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
DIGIT_MARKS = ("digit", "point", "comma")
Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one section of a pattern: its text without brackets, its condition, whether it writes the sign itself."""

    text: str
    condition: tuple[str, float] | None = None
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class Sections:
    """Hold the sections of a pattern: for numbers in order, for texts or None."""

    numbers: tuple[Section, ...]
    text: Section | None

    def choose(self, value: float) -> Section | None:
        """Return the section that writes a number."""
        for section in self.numbers:
            if section.condition is None or TESTS[section.condition[0]](value, section.condition[1]):
                return section
        return None


@lru_cache(maxsize=2_000)
def sections(pattern: str) -> Sections:
    """Cut a pattern at its semicolons and give each section the numbers that it is for."""
    parts = re.findall(r'(?:"[^"]*"|\\.|[_*].|\[[^\]]*\]|[^;])*(?:;|$)', pattern, re.DOTALL)
    parts = [part.removesuffix(";") for part in parts][: pattern.count(";") + 1]
    while len(parts) > 1 and parts[-1] == "" and not pattern.endswith(";"):
        parts.pop()
    text = None
    if len(parts) == 4 or (len(parts) > 1 and "@" in parts[-1]) or parts == ["@"]:
        text = Section(_bare(parts[-1]))
        parts = parts[:-1] if len(parts) > 1 else parts
    elif "@" in parts[0]:
        text = Section(_bare(parts[0]))
    found = []
    defaults = {1: [None], 2: [(">=", 0.0), None], 3: [(">", 0.0), ("<", 0.0), None]}[min(len(parts), 3)]
    for part, default in zip(parts, defaults, strict=False):
        match = next((mark for mark in BRACKET.finditer(part) if mark["sign"]), None)
        condition = (match["sign"], float(match["limit"])) if match else default
        unsigned = len(parts) > 1 and (default is None or default[0] == "<") and match is None
        found.append(Section(_bare(part), condition, unsigned))
    return Sections(tuple(found), text)


def _bare(part: str) -> str:
    """Take colours and conditions out of a section."""
    return BRACKET.sub(lambda match: match["kept"] or "", part)


def texted(value: str, pattern: str) -> str:
    """Write a text in the section that a pattern has for texts."""
    section = sections(pattern).text
    if section is None:
        return value
    return "".join(value if token == ("other", "@") else _literal(token) for token in _tokens(section.text))


@lru_cache(maxsize=2_000)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple((str(match.lastgroup), match[str(match.lastgroup)]) for match in TOKEN.finditer(text))


def _literal(token: Token) -> str:
    return " " if token[0] == "gap" else token[1]


def patterned(value: float, section: Section, locale: Locale) -> str:
    """Write a number in one section of a pattern."""
    tokens, thousands = _unscaled(_tokens(section.text))
    kinds = [kind for kind, _ in tokens]
    number = Decimal(repr(float(value)) if isinstance(value, float) else value)
    if section.unsigned:
        number = abs(number)
    number = number.scaleb(2 * kinds.count("percent") - 3 * thousands)
    if "digit" not in kinds:
        return ("-" if number < 0 and not section.unsigned and tokens else "") + "".join(map(_literal, tokens))
    sign, number = ("-" if number < 0 else ""), abs(number)
    if "power" in kinds:
        return sign + _scientific(number, tokens, locale)
    if _is_fraction(tokens):
        return sign + _fraction(number, tokens)
    first, last = kinds.index("digit"), len(kinds) - 1 - kinds[::-1].index("digit")
    first = min(first, kinds.index("point")) if "point" in kinds else first
    end = last + 1
    end += 1 if end < len(tokens) and kinds[end] == "point" and "point" not in kinds[:end] else 0
    before, after = "".join(map(_literal, tokens[:first])), "".join(map(_literal, tokens[end:]))
    return sign + before + _digits(number, tokens[first:end], locale) + after


@lru_cache(maxsize=2_000)
def _unscaled(tokens: tuple[Token, ...]) -> tuple[list[Token], int]:
    """Take out the commas that end a run of digits, each a division by a thousand."""
    kept: list[Token] = []
    thousands = 0
    for index, token in enumerate(tokens):
        following = next((kind for kind, _ in tokens[index:] if kind != "comma"), "")
        if token[0] == "comma" and following != "digit" and any(kind == "digit" for kind, _ in kept):
            thousands += 1
        else:
            kept.append(token)
    return kept, thousands


def _digits(number: Decimal, tokens: list[Token], locale: Locale) -> str:
    """Write a number in digits, groups and a point, whatever literals stand between."""
    kinds = [kind for kind, _ in tokens]
    point = kinds.index("point") if "point" in kinds else len(tokens)
    places = kinds[point:].count("digit")
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if number < 10**20 else number
    whole, _, decimals = f"{rounded:f}".partition(".")
    whole = "" if whole == "0" else whole
    head = _whole(whole, tokens[:point], "comma" in kinds[:point], locale)
    return head + _decimals(decimals, tokens[point:], locale)


def _whole(digits: str, tokens: list[Token], grouped: bool, locale: Locale) -> str:
    """Fill the places before the point from the right; the first one takes what is left."""
    written: list[str] = []
    rest, count = list(digits), 0
    places = sum(kind == "digit" for kind, _ in tokens)

    def put(digit: str) -> None:
        nonlocal count
        if grouped and count and count % 3 == 0:
            written.append(locale.group)
        written.append(digit)
        count += 1

    for kind, text in reversed(tokens):
        if kind == "digit":
            places -= 1
            digit = rest.pop() if rest else {"0": "0", "?": " "}.get(text, "")
            if digit:
                put(digit)
            while not places and rest:
                put(rest.pop())
        elif kind != "comma":
            written.append(_literal((kind, text)))
    while rest:
        put(rest.pop())
    return "".join(reversed(written))


def _decimals(digits: str, tokens: list[Token], locale: Locale) -> str:
    if not tokens:
        return ""
    kept = len(digits.rstrip("0"))
    written, at = [locale.decimal], 0
    for kind, text in tokens[1:]:
        if kind != "digit":
            written.append(_literal((kind, text)))
            continue
        blank = {"0": "0", "?": " "}.get(text, "")
        written.append((digits[at : at + 1] or "0") if at < kept else blank)
        at += 1
    return "".join(written)


def _scientific(number: Decimal, tokens: list[Token], locale: Locale) -> str:
    at = next(index for index, (kind, _) in enumerate(tokens) if kind == "power")
    mantissa = tokens[:at]
    point = next((index for index, (kind, _) in enumerate(mantissa) if kind == "point"), len(mantissa))
    width = max(1, sum(kind == "digit" for kind, _ in mantissa[:point]))
    places = sum(kind == "digit" for kind, _ in mantissa[point:])
    power = 0
    if number:
        power = number.adjusted() // width * width if width > 1 else number.adjusted()
        if round(number.scaleb(-power), places) >= 10**width:
            power += width
    head = [token for token in mantissa if token[0] in DIGIT_MARKS]
    first = next((index for index, (kind, _) in enumerate(mantissa) if kind in DIGIT_MARKS), at)
    exponent = sum(kind == "digit" for kind, _ in tokens[at:])
    tail = [token for token in tokens[at + 1 :] if token[0] != "digit"]
    sign = "-" if power < 0 else "+" if tokens[at][1][1] == "+" else ""
    written = "".join(map(_literal, mantissa[:first])) + _digits(number.scaleb(-power), head, locale)
    return f"{written}{tokens[at][1][0]}{sign}{str(abs(power)).zfill(exponent)}" + "".join(map(_literal, tail))


def _is_fraction(tokens: list[Token]) -> bool:
    at = next((index for index, (kind, _) in enumerate(tokens) if kind == "slash"), 0)
    return (
        bool(at)
        and tokens[at - 1][0] == "digit"
        and at + 1 < len(tokens)
        and tokens[at + 1][1].isdigit() | (tokens[at + 1][0] == "digit")
    )


def _fraction(number: Decimal, tokens: list[Token]) -> str:
    """Write a number as a fraction: `# ?/?`, `# ??/??`, `?/8`."""
    at = next(index for index, (kind, _) in enumerate(tokens) if kind == "slash")
    start = at
    while start and tokens[start - 1][0] == "digit":
        start -= 1
    end = at + 1
    while end < len(tokens) and (tokens[end][0] == "digit" or tokens[end][1].isdigit()):
        end += 1
    head, under = tokens[:start], "".join(text for _, text in tokens[at + 1 : end])
    has_whole = any(kind == "digit" for kind, _ in head)
    whole = int(number) if has_whole else 0
    part = Fraction(number) - whole
    if under.strip("0#?") == "":
        found = part.limit_denominator(10 ** len(under) - 1)
        over, below = found.numerator, found.denominator
    else:
        below = int(under)
        over = int(part * below + Fraction(1, 2))
    if has_whole and over == below:
        whole, over = whole + 1, 0
    text = f"{str(over).rjust(at - start)}/{str(below).ljust(end - at - 1)}"
    if has_whole and not over:
        text = " " * len(text)
    return _fraction_head(head, whole, over) + text + "".join(map(_literal, tokens[end:]))


def _fraction_head(head: list[Token], whole: int, over: int) -> str:
    written, done = "", False
    for kind, text in head:
        if kind != "digit":
            written += _literal((kind, text))
        elif not done:
            written += str(whole) if whole or not over or text == "0" else ""
            done = True
    return written
