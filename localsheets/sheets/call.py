"""What an API call brings."""

from typing import Any

import msgspec

from localsheets.books import masks
from localsheets.books.shelf import Shelf
from localsheets.errors import ApiError, bad_mask, invalid, invalid_field, missing, unknown_parameters
from localsheets.schema.fast import fits
from localsheets.schema.messages import check_mask, checked, schema
from localsheets.sheets.options import FALSE, TRUE, Choice, snake, truth

Json = dict[str, Any]


class Call:
    """Hold what one API call brings: who calls, its query and its JSON body."""

    def __init__(self, shelf: Shelf, actor: str, query: Any, body: Json, text: bytes = b"") -> None:
        self.shelf = shelf
        self.actor = actor
        self.query = query
        self.body = body
        self.text = text

    def check_body(self, kind: str) -> None:
        """Hold the body against a message of Sheets; refuse what does not fit, leave nulls out.

        `sent` is then what the log keeps of it: the very text where that needed no mending.
        """
        self.sent: Any = msgspec.Raw(self.text)
        if not (self.text and fits(self.text, kind)):
            self.sent = self.body = checked(self.body, kind)

    def last(self, name: str) -> str | None:
        """Return a parameter of the query; of several, Google reads the last one."""
        given = self.query.getlist(name)
        return given[-1] if given else None

    def flag(self, name: str) -> bool:
        """Read a boolean of the query as Google does."""
        return [False, *(truth(text, name) for text in self.query.getlist(name))][-1]

    def choose(self, name: str, choice: Choice) -> str:
        """Read one of the values of an enumeration from the query."""
        read = [choice.read(text, snake(name)) for text in self.query.getlist(name)]
        return read[-1] if read else choice.read(None, snake(name))

    def number(self, name: str, default: int) -> int:
        """Read a whole number of the query."""
        text = self.query.get(name) or str(default)
        if not text.isdigit():
            raise invalid_field(name, f"Invalid value at '{name}' (TYPE_INT32), \"{text}\"")
        return int(text)

    def check_query(self, method: str) -> None:
        """Refuse a parameter that a method of Sheets does not have, and an answer in anything but JSON."""
        xgafv = self.last("$.xgafv")
        if xgafv not in (None, "1", "2"):
            raise invalid(f"Invalid query parameters. Invalid value '{xgafv}' for system query parameter : $.xgafv")
        pretty = self.last("prettyPrint")
        if pretty is not None and pretty.lower() not in TRUE + FALSE:
            raise invalid(
                f"Invalid query parameters. Invalid value '{pretty}' for system query parameter : prettyPrint"
            )
        known = schema().methods[method]["parameters"].keys() | schema().parameters.keys()
        unknown = [name for name in self.query if name not in known]
        if unknown:
            raise unknown_parameters(unknown)
        if (self.query.get("alt") or "json").lower() != "json":
            raise missing(f"answers as alt={self.query['alt']}")
        if self.query.get("callback"):
            raise missing("answers called through a callback")

    def mask(self, blanks: bool = False) -> masks.Mask | None:
        """Read the `fields` of the query, if any; with `blanks`, one is part of a name, as in Sheets."""
        text = self.query.get("fields")
        return masks.parse(text, blanks) if text else None

    def check_mask(self, mask: masks.Mask | None, kind: str) -> None:
        """Refuse a `fields` parameter that names what an answer never holds, quoting the whole of it."""
        try:
            check_mask(mask, kind)
        except ApiError as refused:
            path = refused.extra["details"][0]["fieldViolations"][0]["field"]
            raise bad_mask(self.query["fields"], path) from None
