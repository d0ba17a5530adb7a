"""Requests a minute: so many reads and writes for an account, five times as many for its project.

Off until somebody sets them. A minute starts with its first request; a refused request has no effect.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localsheets.errors import ApiError

Json = dict[str, Any]
MINUTE = 60.0
DRIVE_MOST = 12_000
PROJECT_NUMBER = "100000000001"
WORDS = {"read": ("Read", "read_requests"), "write": ("Write", "write_requests")}


@dataclass
class Limits:
    """Hold what may be asked in a minute; None counts nothing."""

    per_account: int | None = None
    per_project: int | None = None
    drive: int | None = None


def limits_of(given: "int | Limits | None") -> Limits:
    """Return the limits that a single number stands for: so many an account, five times as many the project."""
    if isinstance(given, int):
        return Limits(given, 5 * given, DRIVE_MOST)
    return given or Limits()


class Quotas:
    """Count the requests of each account and of each project, reads and writes apart."""

    def __init__(self, limits: int | Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits_of(limits)
        self.clock = clock
        self.lock = threading.Lock()
        self.counts: dict[tuple[str, str], tuple[float, int]] = {}

    def spend(self, actor: str, writes: bool) -> None:
        """Count one request of Sheets, or refuse it with the recorded 429."""
        kind, limits = "write" if writes else "read", self.limits
        with self.lock:
            self._check((kind, actor), limits.per_account, kind, "User")
            self._check((kind, project_of(actor)), limits.per_project, kind, "Project")
            self._count((kind, actor), (kind, project_of(actor)))

    def spend_drive(self, actor: str) -> None:
        """Count one request of Drive, or refuse it with Drive's own 403."""
        key = ("drive", project_of(actor))
        with self.lock:
            if self._full(key, self.limits.drive):
                raise drive_exceeded()
            self._count(key)

    def _check(self, key: tuple[str, str], most: int | None, kind: str, whose: str) -> None:
        if self._full(key, most):
            raise exceeded(kind, whose)

    def _full(self, key: tuple[str, str], most: int | None) -> bool:
        since, count = self.counts.get(key, (0.0, 0))
        return most is not None and count >= most and self.clock() - since < MINUTE

    def _count(self, *keys: tuple[str, str]) -> None:
        now = self.clock()
        for key in keys:
            since, count = self.counts.get(key, (now, 0))
            self.counts[key] = (since, count + 1) if now - since < MINUTE else (now, 1)

    def shown(self) -> Json:
        """Return the limits and what this minute has left of them to each account, for the control address."""
        with self.lock:
            now = self.clock()
            used = [
                {"kind": kind, "who": who, "count": count, "secondsLeft": round(MINUTE - (now - since), 1)}
                for (kind, who), (since, count) in sorted(self.counts.items())
                if now - since < MINUTE
            ]
        limits = self.limits
        return {
            "perAccount": limits.per_account,
            "perProject": limits.per_project,
            "drivePerProject": limits.drive,
            "used": used,
        }

    def set(self, given: Json) -> None:
        """Change the limits and start counting anew; ValueError says what is wrong with them."""
        known = {"perAccount": "per_account", "perProject": "per_project", "drivePerProject": "drive"}
        if unknown := given.keys() - known.keys():
            raise ValueError(f"Champ inconnu : {', '.join(sorted(unknown))}.")
        for name, value in given.items():
            if value is not None and (type(value) is not int or value < 0):
                raise ValueError(f"{name} doit être un nombre entier positif, ou null pour ne rien compter.")
        with self.lock:
            for name, value in given.items():
                setattr(self.limits, known[name], value)
            self.counts.clear()


def project_of(actor: str) -> str:
    """Return the project of an account: what follows the @ of its address."""
    return actor.rpartition("@")[2]


def exceeded(kind: str, whose: str) -> ApiError:
    """Build the 429 of a minute that is full, `whose` being User or Project; Google adds no Retry-After."""
    word, metric = WORDS[kind]
    limit = f"{word} requests per minute" + (" per user" if whose == "User" else "")
    message = (
        f"Quota exceeded for quota metric '{word} requests' and limit '{limit}' of service "
        f"'sheets.googleapis.com' for consumer 'project_number:{PROJECT_NUMBER}'."
    )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{PROJECT_NUMBER}",
            "quota_metric": f"sheets.googleapis.com/{metric}",
            "quota_limit": f"{word}RequestsPerMinutePer{whose}",
        },
    }
    return ApiError(429, "RESOURCE_EXHAUSTED", message, details=[detail])


def drive_exceeded() -> ApiError:
    """Build the 403 of a project that asked too much of Drive."""
    message = "Rate Limit Exceeded"
    return ApiError(
        403, "", message, errors=[{"message": message, "domain": "usageLimits", "reason": "rateLimitExceeded"}]
    )
