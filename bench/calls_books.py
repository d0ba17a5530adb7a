"""The books of bench/calls.py: one promotion's, dressed and worked in as staff do, and a copy for each tool.

A copy has the same tabs, cells and formats, all in one book, the shape that suits a tool best: headers
in the first row, each the plain name of a field, `guid` for the ids.
"""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rules.attendance import AttendanceRule
from rules.rule_set import RuleSet, Unit
from settings import Settings
from store import agreement, calendar, people, tutoring
from store.db import connection, database
from store.journal import Author
from sync import worker
from sync.dress import create_book
from sync.worksheets import WORKSHEETS

Json = dict[str, Any]
AUTHOR = Author("Mesure", "command")
CODE = "MESURE-2026"
SECRET = "a-secret-key-for-measurements-only-long-enough"
RULES = RuleSet(AttendanceRule("share", 20, ""), units=(Unit("U1", "Enquête", 8),), pass_mark=Decimal(10))
#: Each tab with the field of a text that people change there, and another that they type in meanwhile.
TABS = {
    "participants": ("phone", "employer"),
    "half_days": ("place", "teachers"),
    "attendance": ("", ""),
    "papers": ("title", "problem"),
    "jury": ("grade-U1", "grade-paper"),
}
#: What staff keep for themselves in each tab: a column that they inserted, a formula that counts, their remarks.
INSERTED, COUNTED, REMARKS = "Suivi", "Compte", "Remarques"
#: What tools are told nothing of; the dress itself counts absences.
OWN = (INSERTED, COUNTED, REMARKS, "Absences")
#: What a cell holds: the text that was entered, and whether Sheets took it for a number, a date or a time.
Held = tuple[str, bool]


@dataclass
class Copy:
    """A book as a tool meets it: its id, and the headers of each tab by kind."""

    book: str
    headers: dict[str, list[str]] = field(default_factory=dict)


def ask(url: str, body: Any = None, token: str = "", method: str = "") -> Json:
    """Send JSON to localsheets and return what it answers."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method or None)  # noqa: S310 - of this machine
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.loads(answer.read() or b"{}")


def staff(url: str, book: str, *actions: Json) -> None:
    """Do what people do in a book; stop when one thing could not be done."""
    ask(f"{url}/_control/staff", {"by": "secrétariat", "book": book, "do": list(actions)})


def settings_of(url: str, database: str) -> Settings:
    """Return the settings of a product that talks to localsheets."""
    return Settings(
        database_url=database, secret_key=SECRET, service_account_json=json.dumps(ask(f"{url}/service-account.json")),
        sheets_api_root=url, drive_api_root=f"{url}/drive",
    )  # fmt: skip


def promotion(count: int, half_days: int) -> int:
    """Open a promotion of so many participants and half-days in the store; return its id."""
    with connection(), database.atomic():
        cohort = people.add_cohort(AUTHOR, "Certificat de mesure", CODE, "Promotion de mesure", "2026", RULES)
        calendar.add_module(cohort, 0, "1", "Enquête", "", False)
        tutoring.add_tutor(AUTHOR, cohort, "Claire Fontaine", 5)
        for number in range(half_days):
            day = (date(2026, 1, 5) + timedelta(days=number)).isoformat()
            given = {"module": "1", "day": day, "start": "09:00", "end": "12:30", "kind": "course", "place": "21.2.32"}
            calendar.create(AUTHOR, cohort, given | {"teachers": "Mme Roy"})
        for number in range(count):
            given = {"last_name": f"Nom {number:04}", "first_name": "Zoé", "phone": f"06{number:08}"}
            people.create(AUTHOR, cohort, given | {"employer": "Structure", "email": f"p{number}@exemple.fr"})
    return cohort


def books(cohort: int, google: worker.Metered, sheets: Any, url: str, inserted: bool) -> dict[str, str]:
    """Create, work in and agree on the two books of a promotion; return {audience: id}."""
    made = {audience: create_book(sheets, cohort, CODE, audience) for audience in ("staff", "jury")}
    for kind in TABS:
        work_in(url, made[WORKSHEETS[kind].audience], WORKSHEETS[kind].title, inserted)
    calm(google)
    return made


def calm(google: worker.Metered, most: int = 8) -> tuple[int, int]:
    """Run the cycles that the worker would until nothing is left to do; return the reads and the writes they took."""
    reads = writes = 0
    with connection():
        waiting = [state["book"] for state in agreement.states()]
    for _ in range(most * len(waiting)):
        if not waiting:
            return reads, writes
        with connection():
            state = next(s for s in agreement.states() if s["book"] == waiting[0])
        report, trouble = worker.attempt(state, lambda: google)
        if report is None:
            raise SystemExit(f"Un cycle a échoué : {trouble}")
        reads, writes = reads + report.reads, writes + report.writes
        with connection():
            pending = next(s for s in agreement.states() if s["book"] == waiting[0])["pending"]
        if not (report.again or pending):
            waiting.pop(0)
    raise SystemExit(f"Still busy after {most} cycles of a book.")


def work_in(url: str, book: str, title: str, inserted: bool) -> None:
    """Make a tab staff's own: remarks, a count in each row, a column inserted among ours when asked."""
    if inserted:
        staff(url, book, {"do": "insert_columns", "tab": title, "column": "C"})
    header, *rows = texts(url, book, title)
    place, numbers = header.index(REMARKS), range(2, len(rows) + 2)
    last = letters(place)
    columns = {
        f"{last}2": [[f"à revoir {number}"] for number in numbers],
        f"{letters(place + 1)}1": [[COUNTED], *([f"=COUNTA(B{number}:{last}{number})"] for number in numbers)],
    }
    if inserted:
        columns["C1"] = [[INSERTED], *([f"suivi {number}"] for number in numbers)]
    pasted = ({"do": "paste", "tab": title, "cell": cell, "values": values} for cell, values in columns.items())
    staff(url, book, *pasted)


def neutral(url: str, token: str, made: Mapping[str, str]) -> Copy:
    """Copy both books into one, as the tools ask for it: plain headers, `guid` for the ids."""
    book = ask(f"{url}/drive/v3/files/{made['staff']}/copy", {}, token)["id"]
    titles = {kind: WORKSHEETS[kind].title for kind in TABS}
    jury = next(s for s in properties(url, token, made["jury"]) if s["title"] == titles["jury"])
    path = f"/v4/spreadsheets/{made['jury']}/sheets/{jury['sheetId']}:copyTo"
    copied = ask(url + path, {"destinationSpreadsheetId": book}, token)
    hidden = [s["sheetId"] for s in properties(url, token, book) if s.get("hidden")]
    renamed = {"properties": {"sheetId": copied["sheetId"], "title": titles["jury"]}, "fields": "title"}
    _batch(url, token, book, {"updateSheetProperties": renamed}, *({"deleteSheet": {"sheetId": n}} for n in hidden))
    copy = Copy(book)
    for kind, title in titles.items():
        copy.headers[kind] = [_plain(place, text) for place, text in enumerate(texts(url, book, title)[0])]
        line = {"range": f"'{title}'!A1", "values": [copy.headers[kind]]}
        ask(f"{url}/v4/spreadsheets/{book}/values:batchUpdate", {"valueInputOption": "RAW", "data": [line]}, token)
    return copy


def _plain(place: int, header: str) -> str:
    return header if header in OWN else "guid" if place == 0 else f"f{place}"


def properties(url: str, token: str, book: str) -> list[Json]:
    """Return the properties of each tab of a book."""
    path = f"/v4/spreadsheets/{book}?fields=sheets(properties(sheetId,title,hidden))"
    return [sheet["properties"] for sheet in ask(url + path, token=token)["sheets"]]


def _batch(url: str, token: str, book: str, *kinds: Json) -> None:
    ask(f"{url}/v4/spreadsheets/{book}:batchUpdate", {"requests": list(kinds)}, token)


def held(url: str, book: str) -> dict[str, list[list[Held]]]:
    """Return what stands in each cell of each tab, as the page of the book shows it to people: {title: rows}."""
    state = ask(f"{url}/spreadsheets/d/{book}/state")
    return {sheet["title"]: [[_held(cell or {}) for cell in row] for row in sheet["rows"]] for sheet in state["sheets"]}


def _held(cell: Json) -> Held:
    return str(cell.get("e", cell.get("f", ""))), bool(cell.get("n"))


def texts(url: str, book: str, title: str) -> list[list[str]]:
    """Return what was entered in each cell of a tab, without the blank lines below."""
    return [[text for text, _ in row] for row in held(url, book)[title] if any(text for text, _ in row)]


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    name = ""
    while column >= 0:
        name, column = chr(65 + column % 26) + name, column // 26 - 1
    return name
