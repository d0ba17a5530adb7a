"""Hold the stand-in against the real Google, line by line, in a scratch spreadsheet.

    python -m localsheets.contract --key account.json --book ID

The account of the key must be an editor of the spreadsheet, made for this and shared with it. Each probe
works in a tab of its own, deleted afterwards, on both sides; what both answered is compared. At most one
call a second, below Google's quota. Exits 1 when a probe differs, 2 when Google cannot be used.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from localsheets.contract.lines import LINES
from localsheets.contract.steps import Probe, Step
from localsheets.contract.values import VALUES
from localsheets.server import serve

Json = dict[str, Any]
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
GOOGLE = "https://sheets.googleapis.com"
FIRST_TAB = 870_000_000
PROBES = [*LINES, *VALUES]
IGNORED = ("spreadsheetUrl",)


class Unusable(Exception):
    """Say in French why a side cannot be asked."""


class Side:
    """Hold one of the two sides: Google, or the stand-in."""

    def __init__(self, root: str, account: Json, book: str | None, pause: float) -> None:
        self.root, self.pause = root, pause
        self.session = AuthorizedSession(Credentials.from_service_account_info(account, scopes=SCOPES))
        self.book = book or str(self.call("POST", "", {"properties": {"title": "Contrat"}})[1]["spreadsheetId"])

    def call(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Send one request about the book and return the status and the JSON answer."""
        time.sleep(self.pause)
        address = f"{self.root}/v4/spreadsheets{path}"
        try:
            answer = self.session.request(method, address, json=body, timeout=60)
            return answer.status_code, answer.json()
        except (requests.RequestException, GoogleAuthError) as error:
            raise Unusable(f"{self.root} ne répond pas comme prévu : {error}") from error

    def about(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Send one request about the scratch book, its id taken out of the answer."""
        status, answer = self.call(method, f"/{self.book}{path}", body)
        return status, json.loads(json.dumps(answer).replace(self.book, "BOOK"))

    def play(self, number: int, probe: Probe) -> list[tuple[int, Json]]:
        """Carry out a probe in a tab of its own and return each answer; the tab is deleted at the end."""
        tab = FIRST_TAB + number
        grid = {"rowCount": 40, "columnCount": 10}
        made = {"addSheet": {"properties": {"sheetId": tab, "title": f"contrat {number}", "gridProperties": grid}}}
        status, answer = self.about("POST", ":batchUpdate", {"requests": [made]})
        if status != 200:
            raise Unusable(f"impossible d’ajouter un onglet ({status} : {answer['error']['message']})")
        try:
            return [self.about(*_placed(step, tab, number)) for step in probe.steps]
        finally:
            self.about("POST", ":batchUpdate", {"requests": [{"deleteSheet": {"sheetId": tab}}]})


def _placed(step: Step, tab: int, number: int) -> tuple[str, str, Json | None]:
    """Name the probe's own tab where the step says TAB or !TITLE."""
    method, path, body = step
    text = json.dumps(body).replace('"TAB"', str(tab)).replace("!TITLE", f"contrat {number}")
    return method, path.replace("!TITLE", f"contrat {number}"), json.loads(text)


def differences(google: Any, local: Any, path: str = "") -> Iterator[str]:
    """Yield where two answers differ, in French; ids of books and addresses are not looked at."""
    if isinstance(google, dict) and isinstance(local, dict):
        for name in [*google, *(local.keys() - google.keys())]:
            if name not in IGNORED:
                yield from differences(google.get(name), local.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(google, list) and isinstance(local, list) and len(google) == len(local):
        for at, pair in enumerate(zip(google, local, strict=True)):
            yield from differences(*pair, f"{path}[{at}]")
    elif google != local or isinstance(google, bool) != isinstance(local, bool):
        yield f"{path} : Google {json.dumps(google, ensure_ascii=False)}, ici {json.dumps(local, ensure_ascii=False)}"


def compare(google: Side, local: Side) -> int:
    """Play every probe on both sides, print a line for each, and return how many differ."""
    differing = 0
    for number, probe in enumerate(PROBES, 1):
        answers = [side.play(number, probe) for side in (google, local)]
        found = [
            f"étape {at} {line}"
            for at, (one, other) in enumerate(zip(*answers, strict=True), 1)
            for line in differences({"statut": one[0]} | one[1], {"statut": other[0]} | other[1])
        ]
        differing += bool(found)
        print(f"{'≠' if found else '='} {number:>3}. {probe.name} [{probe.source}]", flush=True)
        for line in found[:12]:
            print(f"       {line[:400]}")
        if len(found) > 12:
            print(f"       … et {len(found) - 12} autres différences")
    print(f"{len(PROBES) - differing} points d’accord sur {len(PROBES)}.")
    return differing


def main(arguments: list[str] | None = None) -> int:
    """Compare the two sides and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m localsheets.contract", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--key", type=Path, required=True, help="key file of a service account")
    parser.add_argument("--book", required=True, metavar="ID", help="scratch spreadsheet shared with the account")
    parser.add_argument("--root", default=GOOGLE, help="where Google's API is")
    parser.add_argument("--pause", type=float, default=1.0, metavar="S", help="seconds between two calls to Google")
    given = parser.parse_args(arguments)
    try:
        account = json.loads(given.key.read_text())
        google = Side(given.root, account, given.book, given.pause)
        with tempfile.TemporaryDirectory() as folder:
            running = serve(0, Path(folder) / "contract.sqlite")
            try:
                own = requests.get(f"{running.url}/service-account.json", timeout=10).json()
                return 1 if compare(google, Side(running.url, own, None, 0)) else 0
            finally:
                running.stop()
    except (OSError, ValueError) as error:
        print(f"La clé {given.key} est illisible : {error}", file=sys.stderr)
    except Unusable as error:
        print(f"Comparaison impossible : {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
