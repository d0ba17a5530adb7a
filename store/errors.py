"""What a verb may answer instead of doing what it was asked."""

from rules.message import Message, Refused

__all__ = ["Changed", "Forbidden", "Refused", "Unknown"]


class Unknown(LookupError):
    """The object named does not exist, or not any more."""


class Forbidden(PermissionError):
    """This person may not do that; the message says who may."""

    def __init__(self, text: str, **values: object) -> None:
        self.message = Message(text, values)
        super().__init__(str(self.message))


class Changed(Exception):
    """The value is no longer the one its author had read: nothing was written."""

    def __init__(self, expected: str, current: str) -> None:
        self.expected, self.current = expected, current
        super().__init__(f"expected {expected!r}, found {current!r}")
