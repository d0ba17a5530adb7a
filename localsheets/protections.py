"""Which cells an account may not write."""

from typing import Any

from localsheets.a1 import Closed
from localsheets.errors import ApiError, invalid

Json = dict[str, Any]


def forbidden(annotations: Json, actor: str, owner: str) -> list[Closed]:
    """List the rectangles of a tab that an account may not write.

    The owner of the book always may, and so does the person at the grid, who stands for the owner;
    a protection that only warns stops nobody.
    """
    if actor == owner or "@" not in actor:
        return []
    return [
        _rectangle(protected.get("range", {}))
        for protected in annotations.get("protectedRanges", [])
        if not protected.get("warningOnly") and actor not in protected.get("editors", {}).get("users", [])
    ]


def _rectangle(given: Json) -> Closed:
    return Closed(
        given.get("startRowIndex", 0),
        given.get("startColumnIndex", 0),
        given.get("endRowIndex", 10**7),
        given.get("endColumnIndex", 10**5),
    )


def protected_cell() -> ApiError:
    """Build the 400 of a write to a protected cell."""
    return invalid(
        "You are trying to edit a protected cell or object. "
        "Please contact the spreadsheet owner to remove protection if you need to edit."
    )
