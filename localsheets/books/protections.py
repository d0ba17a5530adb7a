"""Which cells an account may not write."""

from dataclasses import dataclass
from typing import Any

from localsheets.books.a1 import Closed
from localsheets.errors import ApiError, invalid

Json = dict[str, Any]
FAR = 10**7
ROW_ENDS = ("startRowIndex", "endRowIndex")
COLUMN_ENDS = ("startColumnIndex", "endColumnIndex")


@dataclass(frozen=True, slots=True)
class Guard:
    """Hold a rectangle closed to an account, and the rectangles inside it that stay open."""

    area: Closed
    open: tuple[Closed, ...] = ()
    whole: bool = False

    def has(self, row: int, column: int) -> bool:
        """Tell whether a cell is closed."""
        return self.area.has(row, column) and not any(area.has(row, column) for area in self.open)

    def meets(self, other: Closed) -> bool:
        """Tell whether a rectangle holds a closed cell."""
        if not self.area.meets(other):
            return False
        top, left = max(self.area.top, other.top), max(self.area.left, other.left)
        bottom, right = min(self.area.bottom, other.bottom), min(self.area.right, other.right)
        parts = [Closed(top, left, bottom, right)]
        for area in self.open:
            parts = [piece for part in parts for piece in without(part, area)]
        return bool(parts)


def without(area: Closed, hole: Closed) -> list[Closed]:
    """Cut a rectangle out of another: what is left, in up to four pieces."""
    if not area.meets(hole):
        return [area]
    top, bottom = max(area.top, hole.top), min(area.bottom, hole.bottom)
    pieces = [
        Closed(area.top, area.left, top, area.right),
        Closed(bottom, area.left, area.bottom, area.right),
        Closed(top, area.left, bottom, max(area.left, hole.left)),
        Closed(top, min(area.right, hole.right), bottom, area.right),
    ]
    return [piece for piece in pieces if piece.height and piece.width]


def forbidden(annotations: Json, actor: str, owner: str) -> list[Guard]:
    """List the rectangles of a tab that an account may not write."""
    return [
        _guard(protected)
        for protected in annotations.get("protectedRanges", [])
        if not protected.get("warningOnly") and not may_edit(protected, actor, owner)
    ]


def may_edit(protected: Json, actor: str, owner: str) -> bool:
    """Tell whether an account may write what a protection covers.

    The owner of the book always may, and so does the person at the grid, who stands for the owner;
    a protection that only warns stops nobody.
    """
    if actor == owner or "@" not in actor or protected.get("warningOnly"):
        return True
    editors = protected.get("editors") or {}
    if actor.lower() in {user.lower() for user in editors.get("users", [])}:
        return True
    return bool(editors.get("domainUsersCanEdit")) and actor.partition("@")[2] == owner.partition("@")[2]


def shown_protection(protected: Json, actor: str, owner: str) -> Json:
    """Return a stored protection as an account sees it: who may edit is shown to those who may."""
    if may_edit(protected, actor, owner):
        return protected | {"requestingUserCanEdit": True}
    return {name: value for name, value in protected.items() if name != "editors"}


def _guard(protected: Json) -> Guard:
    given = protected.get("range") or {}
    whole = given.keys().isdisjoint((*ROW_ENDS, *COLUMN_ENDS))
    return Guard(rectangle(given), tuple(map(rectangle, protected.get("unprotectedRanges", []))), whole)


def rectangle(given: Json) -> Closed:
    """Return the rectangle of a stored GridRange, its open ends far away."""
    return Closed(
        given.get("startRowIndex", 0),
        given.get("startColumnIndex", 0),
        given.get("endRowIndex", FAR),
        given.get("endColumnIndex", FAR),
    )


def check_free(guards: list[Guard], area: Closed) -> None:
    """Refuse to touch a rectangle that holds a protected cell."""
    if any(guard.meets(area) for guard in guards):
        raise protected_cell()


def check_tab(guards: list[Guard], any_part: bool = False) -> None:
    """Refuse to change a tab that is protected as a whole, or in any part."""
    if any(guard.whole or any_part for guard in guards):
        raise protected_cell()


def protected_cell() -> ApiError:
    """Build the 400 of a write to a protected cell."""
    return invalid(
        "You are trying to edit a protected cell or object. "
        "Please contact the spreadsheet owner to remove protection if you need to edit."
    )
