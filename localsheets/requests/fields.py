"""What the kinds of requests share: their field masks, and messages without their default values."""

import random
from typing import Any

from localsheets.books import masks
from localsheets.books.following import is_grid_range
from localsheets.books.masks import Mask
from localsheets.errors import ApiError, invalid
from localsheets.schema.messages import camel, schema, snake

Json = dict[str, Any]
NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
# Google answers these whole: in them a false or a zero says something.
KEPT_WHOLE = ("format", "userEnteredFormat", "range", "location", "dimensionRange")


def field_mask(text: Any, message: str) -> Mask:
    """Read the `fields` of a request; 400 when it is missing or names what the message lacks."""
    if not text or not str(text).strip():
        raise invalid(NO_FIELDS)
    mask = _camel(masks.parse(str(text)))
    try:
        schema().check_mask(mask, message)
    except ApiError as refused:
        path = refused.extra["details"][0]["fieldViolations"][0]["field"]
        raise invalid(f"Invalid field: {snake(path)}") from None
    return mask


def _camel(mask: Mask) -> Mask:
    """Read names written with underscores too."""
    return {camel(name): _camel(inner) for name, inner in mask.items()}


def trimmed(message: Json) -> Json:
    """Leave out of a message, and of its inner ones, what equals a default; formats and ranges stay whole."""
    result: Json = {}
    for name, value in message.items():
        if isinstance(value, dict) and name not in KEPT_WHOLE and not is_grid_range(value):
            value = trimmed(value)
        elif isinstance(value, list):
            value = [trimmed(item) if isinstance(item, dict) and not is_grid_range(item) else item for item in value]
        if isinstance(value, dict) or value not in (False, 0, "", []):
            result[name] = value
    return result


def new_number() -> int:
    """Draw an id as Google does."""
    return random.randint(1, 2**31 - 1)


def free_number(wanted: int | None, taken: set[int], what: str) -> int:
    """Return the id asked for, or a new one; 400 when something else has it."""
    if wanted and wanted in taken:
        raise invalid(f"Cannot add {what} with ID [{wanted}] because {what} with that ID already exists.")
    number = wanted or new_number()
    while number in taken:
        number = new_number()
    return number
