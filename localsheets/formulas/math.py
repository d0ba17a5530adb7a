"""Functions that reckon: sums, roundings, roots, remainders."""

import math
import random
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from localsheets.formulas.operators import combine, power
from localsheets.formulas.registry import MANY, function
from localsheets.formulas.values import ErrorValue, Formatted, Grid, Raised, fail, is_number, kept, number, numbers


def _first_formatted(given: tuple[Any, ...]) -> Any:
    for argument in given:
        if not isinstance(argument, Grid):
            if argument.__class__ is Formatted:
                return argument
            continue
        for value in argument.cells():
            if value is not None:
                if value.__class__ is Formatted:
                    return value
                break
    return None


def of_numbers(name: str, compute: Callable[[list[float]], float], least: int = 1) -> None:
    """Declare a function of any numbers; its result is shown as the first of them is."""

    @function(name, "r", least, MANY)
    def run(env: Any, *given: Any) -> Any:
        return kept(compute(numbers(given, env.locale, name.split()[0])), _first_formatted(given))


def _product(found: list[float]) -> float:
    return math.prod(found) if found else 0


of_numbers("SUM", lambda found: sum(found) if len(found) < 3 else _exact(found))
of_numbers("PRODUCT", _product)
of_numbers("SUMSQ", lambda found: sum(one * one for one in found))
of_numbers("GCD", lambda found: math.gcd(*(int(one) for one in found)))
of_numbers("LCM", lambda found: math.lcm(*(int(one) for one in found)))


def _exact(found: list[float]) -> float:
    """Add without the noise of binary fractions: 0.1 ten times is 1."""
    total = math.fsum(found)
    return total if math.isfinite(total) else sum(found)


def of_one(name: str, compute: Callable[[float], float], formatted: bool = False) -> None:
    """Declare a function of one number."""

    @function(name, "v", 1)
    def run(env: Any, value: Any) -> Any:
        found = number(value, env.locale, name)
        try:
            result = compute(float(found))
        except (ValueError, OverflowError):
            raise fail("#NUM!", f"Function {name} parameter 1 value is {float(found):g}. It is out of range.") from None
        return kept(result, found) if formatted else result


for _name, _compute in {
    "EXP": math.exp,
    "SIN": math.sin,
    "COS": math.cos,
    "TAN": math.tan,
    "ASIN": math.asin,
    "ACOS": math.acos,
    "ATAN": math.atan,
    "DEGREES": math.degrees,
    "RADIANS": math.radians,
    "SIGN": lambda value: (value > 0) - (value < 0),
    "FACT": lambda value: float(math.factorial(int(value))),
}.items():
    of_one(_name, _compute)
of_one("ABS", abs, formatted=True)
of_one("INT", math.floor, formatted=True)
of_one("EVEN", lambda value: math.copysign(math.ceil(abs(value) / 2) * 2, value))
of_one("ODD", lambda value: math.copysign(max(math.ceil((abs(value) - 1) / 2) * 2 + 1, 1), value))


@function("SQRT", "v", 1)
def square_root(env: Any, value: Any) -> Any:
    """Return a square root."""
    found = number(value, env.locale, "SQRT")
    if found < 0:
        raise fail("#NUM!", "Function SQRT parameter 1 value is negative. It should be positive or zero.")
    return math.sqrt(found)


def _logarithm(name: str) -> Callable[..., Any]:
    def run(env: Any, value: Any, base: Any = None) -> Any:
        found = number(value, env.locale, name)
        ground = {"LN": math.e, "LOG10": 10, "LOG": 10 if base is None else number(base, env.locale, name, 2)}[name]
        if found <= 0 or ground <= 0 or ground == 1:
            raise fail("#NUM!", f"Function {name} parameter 1 value is {found:g}. It should be greater than 0.")
        return math.log10(found) if ground == 10 else math.log(found) if name == "LN" else math.log(found, ground)

    return run


function("LN", "v", 1)(_logarithm("LN"))
function("LOG10", "v", 1)(_logarithm("LOG10"))
function("LOG", "v", 1, 2)(_logarithm("LOG"))


@function("POWER POW", "v", 2)
def raised_to(env: Any, base: Any, exponent: Any) -> Any:
    """Raise a number to a power."""
    return power(number(base, env.locale, "POWER"), number(exponent, env.locale, "POWER", 2))


@function("PI", "v", 0)
def pi(env: Any) -> Any:
    """Return π."""
    return math.pi


def rounded(name: str, mode: str, places: int = 0) -> None:
    """Declare a rounding to a number of places."""

    @function(name, "v", 1, 2)
    def run(env: Any, value: Any, given: Any = None) -> Any:
        found = number(value, env.locale, name)
        digits = int(number(given, env.locale, name, 2))
        if digits > 20:
            return found
        step = Decimal(1).scaleb(-digits)
        exact = Decimal(repr(float(found)))
        if abs(exact) >= Decimal(10) ** (27 - digits):
            return found
        return kept(float((exact / step).quantize(Decimal(1), rounding=mode) * step), found)


rounded("ROUND", ROUND_HALF_UP)
rounded("ROUNDUP", ROUND_UP)
rounded("ROUNDDOWN", ROUND_DOWN)
rounded("TRUNC", ROUND_DOWN)


def stepped(name: str, pick: Callable[[float], float]) -> None:
    """Declare a rounding to multiples of a step."""

    @function(name, "v", 1, 2)
    def run(env: Any, value: Any, step: Any = 1) -> Any:
        found, by = number(value, env.locale, name), number(step, env.locale, name, 2)
        if by == 0:
            return 0
        if found > 0 > by:
            raise fail("#NUM!", f"Function {name} parameter 2 must be positive when parameter 1 is positive.")
        return kept(
            float(
                Decimal(pick(float(Decimal(repr(float(found))) / Decimal(repr(float(by)))))) * Decimal(repr(float(by)))
            ),
            found,
        )


stepped("CEILING", math.ceil)
stepped("FLOOR", math.floor)
stepped("MROUND", lambda value: math.floor(value + 0.5))


@function("MOD", "v", 2)
def modulo(env: Any, value: Any, divisor: Any) -> Any:
    """Return what a division leaves, with the sign of the divisor."""
    one, two = number(value, env.locale, "MOD"), number(divisor, env.locale, "MOD", 2)
    if two == 0:
        raise fail("#DIV/0!", "Function MOD parameter 2 cannot be zero.")
    return one - two * math.floor(one / two)


@function("QUOTIENT", "v", 2)
def quotient(env: Any, value: Any, divisor: Any) -> Any:
    """Return the whole part of a division."""
    one, two = number(value, env.locale, "QUOTIENT"), number(divisor, env.locale, "QUOTIENT", 2)
    if two == 0:
        raise fail("#DIV/0!", "Function QUOTIENT parameter 2 cannot be zero.")
    return math.trunc(one / two)


@function("COMBIN", "v", 2)
def combinations(env: Any, count: Any, taken: Any) -> Any:
    """Count the ways to take some among several."""
    return math.comb(int(number(count, env.locale, "COMBIN")), int(number(taken, env.locale, "COMBIN", 2)))


@function("RAND", "v", 0, volatile=True)
def draw(env: Any) -> Any:
    """Draw a number between 0 and 1."""
    return random.random()


@function("RANDBETWEEN", "v", 2, volatile=True)
def draw_between(env: Any, low: Any, high: Any) -> Any:
    """Draw a whole number."""
    least = math.ceil(number(low, env.locale, "RANDBETWEEN"))
    return random.randint(least, max(least, math.floor(number(high, env.locale, "RANDBETWEEN", 2))))


@function("SUMPRODUCT", "a", 1, MANY)
def sum_of_products(env: Any, *given: Any) -> Any:
    """Add the products of values that stand at the same places; what is no number counts as 0."""
    grids = [argument if isinstance(argument, Grid) else Grid([[argument]]) for argument in given]
    if len({(grid.height, grid.width) for grid in grids}) > 1:
        raise fail("#VALUE!", "SUMPRODUCT has mismatched range sizes.")
    total = 0.0
    for row in range(max(len(grid.lines) for grid in grids)):
        for column in range(grids[0].width):
            total += math.prod(_counted(grid.at(row, column), len(grids) == 1) for grid in grids)
    return total


def _counted(value: Any, alone: bool) -> float:
    if value.__class__ is ErrorValue:
        raise Raised(value)
    return value if is_number(value) else 0


def _operator(name: str, sign: str) -> None:
    @function(name, "v", 2)
    def run(env: Any, one: Any, two: Any) -> Any:
        return combine(sign, one, two, env.locale)


for _name, _sign in {
    "ADD": "+",
    "MINUS": "-",
    "MULTIPLY": "*",
    "DIVIDE": "/",
    "CONCAT": "&",
    "EQ": "=",
    "NE": "<>",
    "LT": "<",
    "LTE": "<=",
    "GT": ">",
    "GTE": ">=",
}.items():
    _operator(_name, _sign)
