"""What an API call brings."""

from typing import Any

from localsheets import masks
from localsheets.errors import invalid_field, missing
from localsheets.schema import checked
from localsheets.schema_fast import fits
from localsheets.shelf import Shelf

Json = dict[str, Any]
EVERYWHERE = {"fields", "prettyPrint", "key", "alt", "quotaUser", "$.xgafv"}


class Call:
    """Hold what one API call brings: who calls, its query and its JSON body."""

    def __init__(self, shelf: Shelf, actor: str, query: Any, body: Json, text: bytes = b"") -> None:
        self.shelf = shelf
        self.actor = actor
        self.query = query
        self.body = body
        self.text = text

    def check_body(self, kind: str) -> None:
        """Hold the body against a message of Sheets; refuse what does not fit, leave nulls out."""
        if not (self.text and fits(self.text, kind)):
            self.body = checked(self.body, kind)

    def flag(self, name: str) -> bool:
        """Read a boolean of the query as Google does."""
        text = str(self.query.get(name) or "false").lower()
        if text not in ("true", "false", "1", "0"):
            raise invalid_field(name, f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"")
        return text in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """Read a whole number of the query."""
        text = self.query.get(name) or str(default)
        if not text.isdigit():
            raise invalid_field(name, f"Invalid value at '{name}' (TYPE_INT32), \"{text}\"")
        return int(text)

    def check_query(self, known: set[str]) -> None:
        """Refuse a parameter that no call has, and an answer in anything but JSON."""
        for name in self.query:
            if name not in known | EVERYWHERE:
                text = f'Unknown name "{name}": Cannot bind query parameter.'
                raise invalid_field("", f"Invalid JSON payload received. {text}")
        if self.query.get("alt", "json") != "json":
            raise missing(f"answers as alt={self.query['alt']}")

    def mask(self) -> masks.Mask | None:
        """Read the `fields` of the query, if any."""
        text = self.query.get("fields")
        return masks.parse(text) if text else None
