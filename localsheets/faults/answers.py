"""The refusals of a busy or broken Google, in the shapes of its three services."""

import json
from dataclasses import dataclass, field
from html import escape
from typing import Any

from localsheets.errors import unauthenticated
from localsheets.faults.kinds import Asked

Json = dict[str, Any]
PROJECT = "1071851248496"
SHEETS = {
    500: ("INTERNAL", "Internal error encountered."),
    502: ("UNAVAILABLE", "Bad Gateway"),
    503: ("UNAVAILABLE", "The service is currently unavailable."),
}
DRIVE = {
    500: ("internalError", "Internal Error"),
    502: ("badGateway", "Bad Gateway"),
    503: ("backendError", "Backend Error"),
}
REASONS = {200: "OK", 401: "Unauthorized", 429: "Too Many Requests"} | {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}
HTML = {
    500: "The server encountered an error and could not complete your request.",
    502: "The server encountered a temporary error and could not complete your request.",
    503: "The service is temporarily unable to answer your request.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold an HTTP answer whole."""

    status: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def code(self) -> int:
        """Return the status as a number."""
        return int(self.status.split(" ", 1)[0])


def refusal(fault: str, asked: Asked, status: int = 503) -> Answer:
    """Return what a fault answers to a request: JSON of its service, or a page in HTML."""
    if fault == "html":
        return _written(status, "text/html; charset=UTF-8", page(status))
    code = int(fault)
    if asked.kind == "token":
        body = _of_token(code)
    elif code == 401:
        body = unauthenticated().body()
    elif asked.kind.startswith("drive."):
        body = _of_drive(code)
    else:
        body = quota(asked) if code == 429 else {"error": _error(code, SHEETS[code][1], SHEETS[code][0])}
    return _written(code, "application/json; charset=UTF-8", json.dumps(body))


def _written(code: int, kind: str, text: str) -> Answer:
    body = text.encode()
    return Answer(f"{code} {REASONS[code]}", [("Content-Type", kind), ("Content-Length", str(len(body)))], body)


def _error(code: int, message: str, status: str) -> Json:
    return {"code": code, "message": message, "status": status}


def quota(asked: Asked) -> Json:
    """Return the recorded 429 of Sheets: who exceeded which quota; there is no Retry-After."""
    noun, metric, limit = (
        ("Read", "read_requests", "ReadRequestsPerMinutePerUser")
        if asked.reads
        else ("Write", "write_requests", "WriteRequestsPerMinutePerUser")
    )
    message = (
        f"Quota exceeded for quota metric '{noun} requests' and limit '{noun} requests per minute per user' "
        f"of service 'sheets.googleapis.com' for consumer 'project_number:{PROJECT}'."
    )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{PROJECT}",
            "quota_metric": f"sheets.googleapis.com/{metric}",
            "quota_limit": limit,
        },
    }
    return {"error": _error(429, message, "RESOURCE_EXHAUSTED") | {"details": [detail]}}


def _of_drive(code: int) -> Json:
    if code == 429:
        reason, message, domain = "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"
    else:
        (reason, message), domain = DRIVE[code], "global"
    return {
        "error": {
            "code": code,
            "message": message,
            "errors": [{"message": message, "domain": domain, "reason": reason}],
        }
    }


def _of_token(code: int) -> Json:
    words = {
        401: ("invalid_client", "The OAuth client was not found."),
        429: ("rate_limit_exceeded", "Rate Limit Exceeded"),
    }
    error, description = words.get(code, ("internal_failure", "Backend Error"))
    return {"error": error, "error_description": description}


def page(status: int) -> str:
    """Write the error page that the front ends of Google answer instead of JSON."""
    return (
        "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n"
        f"<title>Error {status} (Server Error)!!1</title>\n"
        f"<p><b>{status}.</b> <ins>That’s an error.</ins>\n"
        f"<p>{escape(HTML[status], quote=False)} <ins>Please try again in 30 seconds.</ins>\n"
    )
