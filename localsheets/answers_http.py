"""JSON over HTTP."""

import json
from typing import Any

from flask import Response


def json_answer(given: Any, status: int = 200) -> Response:
    """Write a JSON answer, compact, characters as they are."""
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type="application/json; charset=UTF-8")
