"""How the functions of formulas are declared: names, numbers of arguments, what each argument is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MANY = 255


@dataclass(frozen=True, slots=True)
class Function:
    """Hold one function.

    `modes` says what each argument is: v a single value, r a range as it stands, a an array that is computed
    value by value, l a part that the function computes itself when it needs it. After a colon the letters repeat.
    """

    name: str
    call: Callable[..., Any]
    least: int
    most: int
    modes: str
    volatile: bool = False

    def mode(self, place: int) -> str:
        """Return the mode of the argument at a zero-based place."""
        head, _, cycle = self.modes.partition(":")
        if place < len(head):
            return head[place]
        return cycle[(place - len(head)) % len(cycle)] if cycle else head[-1]

    def refusal(self, count: int) -> str:
        """Return Google's message for a wrong number of arguments, empty when it is right."""
        if self.least <= count <= self.most:
            return ""
        if self.least == self.most:
            expected = str(self.least)
        elif self.most == MANY:
            expected = f"at least {self.least}"
        else:
            expected = f"between {self.least} and {self.most}"
        return f"Wrong number of arguments to {self.name}. Expected {expected} arguments, but got {count} arguments."


FUNCTIONS: dict[str, Function] = {}


def function(name: str, modes: str, least: int, most: int | None = None, volatile: bool = False) -> Callable[..., Any]:
    """Declare a function under its English names (several are separated by spaces)."""

    def declare(call: Callable[..., Any]) -> Callable[..., Any]:
        for one in name.split():
            FUNCTIONS[one] = Function(one, call, least, least if most is None else most, modes, volatile)
        return call

    return declare
