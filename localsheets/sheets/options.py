"""The words and numbers by which calls choose among the values of an enumeration."""

from dataclasses import dataclass
from typing import Any

from localsheets.errors import ApiError, invalid, invalid_field

PACKAGE = "type.googleapis.com/google.apps.sheets.v4."
TRUE = ("true", "t", "yes", "y", "1")
FALSE = ("false", "f", "no", "n", "0")


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold the names of an enumeration in the order of their numbers, and the one that leaving it out means.

    Without a default, the option must be given.
    """

    kind: str
    names: tuple[str, ...]
    default: str | None = None

    def read(self, given: Any, path: str) -> str:
        """Return the name that was chosen; letters' case and hyphens do not matter, a number is a name's place."""
        if given is None:
            return self._unset(path)
        if isinstance(given, bool) or not isinstance(given, (str, int)):
            raise self._refused(given, path)
        text = str(given)
        name = text.upper().replace("-", "_")
        if name not in self.names and text.isascii() and text.lstrip("+").isdigit():
            name = self.names[int(text)] if int(text) < len(self.names) else ""
        if name not in self.names:
            raise self._refused(given, path)
        return self._unset(path) if name.endswith("_UNSPECIFIED") else name

    def _unset(self, path: str) -> str:
        if self.default is None:
            raise invalid(f"'{_camel(path)}' is required but not specified")
        return self.default

    def _refused(self, given: Any, path: str) -> ApiError:
        shown = f'"{given}"' if isinstance(given, str) else given
        return invalid_field(path, f"Invalid value at '{path}' ({PACKAGE}{self.kind}), {shown}")


DIMENSION = Choice("Dimension", ("DIMENSION_UNSPECIFIED", "ROWS", "COLUMNS"), "ROWS")
RENDER = Choice("ValueRenderOption", ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"), "FORMATTED_VALUE")
DATES = Choice("DateTimeRenderOption", ("SERIAL_NUMBER", "FORMATTED_STRING"), "SERIAL_NUMBER")
INPUT = Choice("ValueInputOption", ("INPUT_VALUE_OPTION_UNSPECIFIED", "RAW", "USER_ENTERED"))
INSERT = Choice("AppendValuesRequest.InsertDataOption", ("OVERWRITE", "INSERT_ROWS"), "OVERWRITE")


def truth(given: str | None, name: str) -> bool:
    """Read a boolean of the query, false when it is not there."""
    if given is None:
        return False
    word = given.lower() if given.isascii() else given
    if word not in TRUE + FALSE:
        path = snake(name)
        raise invalid_field(path, f"Invalid value at '{path}' (TYPE_BOOL), \"{given}\"")
    return word in TRUE


def snake(name: str) -> str:
    """Write a parameter's name as Google's messages call it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _camel(path: str) -> str:
    first, *rest = path.rpartition(".")[2].split("_")
    return first + "".join(word.capitalize() for word in rest)
