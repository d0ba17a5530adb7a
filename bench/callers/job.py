"""What a tool is asked to carry: a job in JSON on the standard input, the seconds it took on the standard output."""

import json
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

#: Asked of the server just before a tool begins: calls are counted from here.
BEGIN = "/_begin"
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]


@dataclass(frozen=True)
class Change:
    """A cell to change: the id of its row, the header of its column, what it shall say."""

    guid: str
    header: str
    value: str


@dataclass
class Tab:
    """A tab with its headers, the rows the tool's user holds of it, and the changes to carry."""

    title: str
    header: list[str]
    changes: list[Change] = field(default_factory=list)


@dataclass
class Job:
    """A book, and what to change in it."""

    url: str
    book: str
    tabs: list[Tab]
    #: Only for our own cycle: the database, and the changes as its verbs take them.
    database: str = ""
    verbs: list[list[str]] = field(default_factory=list)


def credentials(url: str) -> Credentials:
    """Return the service account's credentials, fresh, so that no token is asked for while the clock runs."""
    with urllib.request.urlopen(f"{url}/service-account.json") as answer:  # noqa: S310 - an address of this machine
        found = Credentials.from_service_account_info(json.load(answer), scopes=SCOPES)
    found.refresh(Request())
    return found


def carry_out(prepare: Callable[[Job], Callable[[], object]]) -> None:
    """Read the job, prepare what a program has at hand beforehand, and time what it then does."""
    given: dict[str, Any] = json.load(sys.stdin)
    tabs = [Tab(tab["title"], tab["header"], [Change(*change) for change in tab["changes"]]) for tab in given["tabs"]]
    job = Job(**given | {"tabs": tabs})
    work = prepare(job)
    urllib.request.urlopen(f"{job.url}{BEGIN}").close()  # noqa: S310 - an address of this machine
    began = time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - began}))
