"""From the syntax tree of a formula to a function that computes it.

Formulas that were filled down share one shape, hence one compiled function: only their references differ.
"""

from functools import lru_cache
from typing import Any

from localsheets.formulas import library as formula_library
from localsheets.formulas.env import Env, Run, all_crossed, as_grid, beside, caught, crossed, held, placed
from localsheets.formulas.operators import ARITHMETIC, PLAIN, combine, spread
from localsheets.formulas.parser import Node, parse
from localsheets.formulas.registry import FUNCTIONS, Function
from localsheets.formulas.values import ErrorValue, Grid, Raised, fail, kept, number

TRUTH = {"TRUE": True, "FALSE": False, "VRAI": True, "FAUX": False}
ARRAY_MAKERS = frozenset(("ARRAYFORMULA", "FILTER", "SORT", "UNIQUE", "TRANSPOSE", "SEQUENCE", "SPLIT", "FLATTEN"))
assert formula_library.LOADED


class Template:
    """Hold a compiled shape: its function, how deep it calls, whether it is volatile, the names it uses."""

    __slots__ = ("depth", "names", "run", "volatile")

    def __init__(self, node: Node) -> None:
        calls = list(_calls(node))
        self.depth = _depth(node) + 3
        self.volatile = any(FUNCTIONS[name].volatile for name in calls if name in FUNCTIONS)
        self.names = frozenset(_names(node)) - TRUTH.keys()
        self.run = build(node, "a" if node[0] in ("call", "array") and _spills(node) else "v")


@lru_cache(maxsize=10_000)
def template(shape: tuple[str, ...], comma_decimal: bool) -> Template:
    """Compile the shape of a formula; raises FormulaError when it cannot be read."""
    return Template(parse(shape, comma_decimal))


def _spills(node: Node) -> bool:
    return node[0] == "array" or node[1].upper() in ARRAY_MAKERS


def _inner(node: Node) -> list[Node]:
    kind = node[0]
    if kind == "call":
        return list(node[2])
    if kind == "chain":
        first, *rest = node[2]
        return [first, *(right for _, right in rest)]
    if kind == "array":
        return [cell for row in node[1] for cell in row]
    if kind == "unary":
        return [node[2]]
    return [node[1]] if kind in ("percent", "group") else []


def _calls(node: Node) -> list[str]:
    own = [node[1].upper()] if node[0] == "call" else []
    return own + [name for inner in _inner(node) for name in _calls(inner)]


def _names(node: Node) -> list[str]:
    own = [node[1].upper()] if node[0] == "name" else []
    return own + [name for inner in _inner(node) for name in _names(inner)]


def _depth(node: Node) -> int:
    return 2 + max((_depth(inner) for inner in _inner(node)), default=0)


def build(node: Node, mode: str) -> Run:
    """Compile a node: v gives a single value, r a range where there is one, a arrays value by value."""
    kind = node[0]
    if kind in ("number", "text"):
        return lambda env, value=node[1]: value
    if kind == "empty":
        return lambda env: None
    if kind == "error":
        return _failing(ErrorValue(node[1], "Reference does not exist." if node[1] == "#REF!" else ""))
    if kind == "group":
        return build(node[1], mode)
    if kind == "ref":
        return _ref(node[1], mode)
    if kind == "name":
        return _name(node[1], mode)
    if kind == "chain":
        return _chain(node[2], mode)
    if kind == "unary":
        return _unary(node[1], build(node[2], "a" if mode == "a" else "v"), mode)
    if kind == "percent":
        return _percent(build(node[1], "a" if mode == "a" else "v"), mode)
    if kind == "array":
        return _array(node[1], mode)
    return _call(node[1], node[2], mode)


def _failing(error: ErrorValue) -> Run:
    def run(env: Env) -> Any:
        raise Raised(error)

    return run


def _ref(index: int, mode: str) -> Run:
    if mode != "v":
        return lambda env: env.calc.grid(env.refs[index], env.sheet)

    def run(env: Env) -> Any:
        ref = env.refs[index]
        if ref.is_range:
            return crossed(env.calc.grid(ref, env.sheet), env)
        value = env.calc.single(ref, env.sheet)
        if value.__class__ is ErrorValue:
            raise Raised(value)
        return value

    return run


def _name(name: str, mode: str) -> Run:
    known = TRUTH.get(name.upper())
    if known is not None:
        return lambda env: known

    def run(env: Env) -> Any:
        grid = env.calc.named(name)
        return grid if mode != "v" else crossed(grid, env)

    return run


def _chain(parts: tuple[Any, ...], mode: str) -> Run:
    """Compile operands that bind equally tight, from left to right."""
    part_mode = "a" if mode == "a" else "v"
    first = build(parts[0], part_mode)
    rest = [(sign, ARITHMETIC.get(sign), build(right, part_mode)) for sign, right in parts[1:]]
    if mode == "a":
        return lambda env: _spread_chain(first(env), [(sign, right(env)) for sign, _, right in rest], env)
    if len(rest) == 1:
        sign, plain, right = rest[0]

        def run_one(env: Env) -> Any:
            one, two = first(env), right(env)
            if plain is not None and one.__class__ in PLAIN and two.__class__ in PLAIN:
                return plain(one, two)
            return combine(sign, one, two, env.locale)

        return run_one

    def run(env: Env) -> Any:
        value = first(env)
        for sign, _, right in rest:
            value = combine(sign, value, right(env), env.locale)
        return value

    return run


def _spread_chain(value: Any, rest: list[tuple[str, Any]], env: Env) -> Any:
    for sign, right in rest:
        value = spread(lambda one, two, sign=sign: combine(sign, one, two, env.locale), (value, right))
    return value


def _unary(sign: str, operand: Run, mode: str) -> Run:
    def one(value: Any, env: Env) -> Any:
        if sign == "+":
            return value
        found = number(value, env.locale, "UMINUS", 1)
        return kept(-found, found)

    if mode == "a":
        return lambda env: spread(lambda value: one(value, env), (operand(env),))
    return lambda env: one(operand(env), env)


def _percent(operand: Run, mode: str) -> Run:
    def one(value: Any, env: Env) -> Any:
        return number(value, env.locale, "UNARY_PERCENT", 1) / 100

    if mode == "a":
        return lambda env: spread(lambda value: one(value, env), (operand(env),))
    return lambda env: one(operand(env), env)


def _array(rows: tuple[tuple[Node, ...], ...], mode: str) -> Run:
    runs = [[build(cell, "a") for cell in row] for row in rows]

    def run(env: Env) -> Any:
        lines: list[list[Any]] = []
        for row in runs:
            lines += beside([as_grid(cell, env) for cell in row])
        if len({len(line) for line in lines}) > 1:
            raise fail("#REF!", "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.")
        return Grid(lines) if mode != "v" else lines[0][0]

    return run


def _call(name: str, arguments: tuple[Node, ...], mode: str) -> Run:
    known = FUNCTIONS.get(name.upper())
    if known is None:
        return _failing(ErrorValue("#NAME?", f"Unknown function: '{name}'."))
    if arguments == (("empty",),) and known.least == 0:
        arguments = ()
    refusal = known.refusal(len(arguments))
    if refusal:
        return _failing(ErrorValue("#N/A", refusal))
    call = known.call
    if "l" in known.modes:
        return _lazy(known, arguments, mode)
    if known.name in ARRAY_MAKERS or mode == "a":
        return _spread_call(known, arguments, mode)
    runs = [build(argument, known.mode(place)) for place, argument in enumerate(arguments)]
    if len(runs) == 1:
        only = runs[0]
        return _single(lambda env: call(env, only(env)), mode)
    return _single(lambda env: call(env, *[run(env) for run in runs]), mode)


def _single(run: Run, mode: str) -> Run:
    if mode != "v":
        return run

    def first(env: Env) -> Any:
        value = run(env)
        return crossed(value, env) if value.__class__ is Grid else value

    return first


def _lazy(known: Function, arguments: tuple[Node, ...], mode: str) -> Run:
    """Compile a function that chooses what it computes; among arrays it chooses value by value."""
    if mode != "a":
        runs = [build(argument, mode) for argument in arguments]
        return lambda env: known.call(env, *runs)
    parts = [build(argument, "a") for argument in arguments]

    def run(env: Env) -> Any:
        values = tuple(caught(part, env) for part in parts)
        return spread(lambda *given: known.call(env, *[held(value) for value in given]), values)

    return run


def _spread_call(known: Function, arguments: tuple[Node, ...], mode: str) -> Run:
    modes = [known.mode(place) for place in range(len(arguments))]
    inside = "a" if mode == "a" or known.name in ARRAY_MAKERS else "v"
    runs = [build(argument, inside if one == "v" else "a") for argument, one in zip(arguments, modes, strict=True)]
    singles = [place for place, one in enumerate(modes) if one == "v"]

    def run(env: Env) -> Any:
        values = [part(env) for part in runs]
        if mode != "a" or not singles:
            return known.call(env, *values) if not singles else known.call(env, *all_crossed(values, singles, env))
        return spread(
            lambda *given: known.call(env, *placed(values, singles, given)), tuple(values[at] for at in singles)
        )

    return _single(run, mode)
