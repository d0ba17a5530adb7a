"""Sentences shown to the staff: a French format string and what fills it, kept apart for translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """A French sentence with named `%(x)s` places, and their values.

    The pages translate `text`, then fill it; `str()` gives the French sentence. A literal
    percent sign is written `%%` in `text`, with or without values.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values


class Refused(ValueError):
    """A value that the rules refuse; `.message` says in French what is wrong and what is expected."""

    def __init__(self, message: Message | str, **values: Any) -> None:
        self.message = message if isinstance(message, Message) else Message(message, values)
        super().__init__(str(self.message))
