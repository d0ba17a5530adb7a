"""JSON over HTTP."""

from typing import Any

import msgspec
from flask import Response


def _plain_text(value: Any) -> str:
    """Write a text of a kind of its own, such as an error value, as a plain one."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


ENCODER = msgspec.json.Encoder(enc_hook=_plain_text)


def json_answer(given: Any, status: int = 200) -> Response:
    """Write a JSON answer, compact, characters as they are."""
    return Response(ENCODER.encode(given), status, content_type="application/json; charset=UTF-8")
