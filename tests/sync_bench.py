"""A small cohort bound to its two books, and hands to type in them as a person would."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from rules.attendance import AttendanceRule
from rules.message import Refused
from rules.rule_set import RuleSet, Unit
from store import calendar, people, tutoring
from store.db import database
from store.journal import Author
from store.models import Intent
from sync import answers, cycle, layout
from sync.book import Sheets
from sync.cells import Tab, plain, text_of
from sync.dress import create_book
from sync.tab_work import bound_sheets
from sync.worksheets import Column

PAGE = Author("Camille Coordination", "page")
NAMES = (
    ("Arnaud", "Inès"), ("Bernard", "Théo"), ("Chevalier", "Noé"), ("Dupont", "Jeanne"), ("Étienne", "Zoé"),
    ("Fabre", "Hugo"),
)  # fmt: skip
DAYS = (("2025-01-20", "09:30", "12:30"), ("2025-01-20", "14:00", "17:00"),
        ("2025-02-14", "09:00", "12:30"), ("2025-02-14", "14:00", "18:30"))  # fmt: skip
TUTORS = ("Claire Fontaine", "Denis Morel")
RULES = RuleSet(
    AttendanceRule("share", 20, "003"),
    units=(Unit("RSV206", "Économie sociale", 8), Unit("RSV207", "Enquête", 4)),
    pass_mark=Decimal(10),
)


@dataclass
class Cohort:
    """What a test knows of the cohort: ids in order of arrival."""

    id: int
    code: str
    participants: list[str]
    half_days: list[str]


def make_cohort(code: str = "TEST-2025", count: int = len(NAMES)) -> Cohort:
    """Open a cohort of six, four half-days, two tutors, two units."""
    cohort_id = people.add_cohort(PAGE, "Certificat d'essai", code, "Promotion d'essai", "2025", RULES)
    calendar.add_module(cohort_id, 0, "1", "Histoire", "", False)
    calendar.add_module(cohort_id, 1, "2", "Droit", "", False)
    half_days = [
        calendar.create(
            PAGE, cohort_id,
            {"module": "1", "day": day, "start": start, "end": end, "kind": "course", "place": "21.2.32"},
        )
        for day, start, end in DAYS
    ]  # fmt: skip
    participants = [
        people.create(
            PAGE, cohort_id,
            {"last_name": last, "first_name": first, "phone": f"061234567{n}", "email": f"{n}@exemple.fr"},
        )
        for n, (last, first) in enumerate(NAMES[:count])
    ]  # fmt: skip
    for name in TUTORS:
        tutoring.add_tutor(PAGE, cohort_id, name, 5)
    return Cohort(cohort_id, code, participants, half_days)


def post(url: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Send JSON and return the JSON answered; an error shows what the server said."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read().decode()) from error


def unknown_writes(since: int = 0) -> int:
    """Count the writes sent under a later epoch whose outcome is not known."""
    return Intent.select().where((Intent.epoch > since) & ~Intent.settled).count()


class Watched:
    """The connection to Google, with the rules of every call asserted and hooks around each."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.batches: list[tuple[str, list]] = []
        #: Called with the book's id: after a read, before a write, after a write.
        self.after_read: Callable[[str], None] | None = None
        self.before_write: Callable[[str], None] | None = None
        self.after_write: Callable[[str], None] | None = None

    @property
    def reads(self) -> int:
        return self.sheets.reads

    @property
    def writes(self) -> int:
        return self.sheets.writes

    def read(self, book_id: str) -> answers.Book:
        assert not database.in_transaction()
        answer = self.sheets.read(book_id)
        self._once("after_read", book_id)
        return answer

    def write(self, book_id: str, batch: list, ranges: list[str] | None = None) -> answers.Reply:
        assert not database.in_transaction()
        self.batches.append((book_id, json.loads(json.dumps(batch))))
        self._once("before_write", book_id)
        answer = self.sheets.write(book_id, batch, ranges)
        self._once("after_write", book_id)
        return answer

    def in_bin(self, book_id: str, asked: bool = False) -> bool:
        return False

    def create(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.sheets.create(body)

    def _once(self, name: str, book_id: str) -> None:
        hook = getattr(self, name)
        if hook:
            setattr(self, name, None)
            hook(book_id)


@dataclass
class Bench:
    """One cohort, its two books, and a person at each."""

    url: str
    cohort: Cohort
    sheets: Watched
    staff: str = ""
    reports: list[cycle.Report] = field(default_factory=list)

    def bind(self) -> "Bench":
        """Create the staff's book and run its first cycle, which agrees on everything."""
        self.staff = create_book(self.sheets, self.cohort.id, self.cohort.code, "staff")
        self.calm()
        return self

    @cached_property
    def jury(self) -> str:
        """Create the jury's book when a test first needs it."""
        book = create_book(self.sheets, self.cohort.id, self.cohort.code, "jury")
        self.calm(book)
        return book

    # -- the intranet --------------------------------------------------------------------------

    def cycle(self, book: str = "") -> cycle.Report:
        """Run one cycle."""
        report = cycle.run(book or self.staff, self.sheets, "test")
        assert report is not None
        self.reports.append(report)
        return report

    def calm(self, book: str = "", most: int = 6) -> int:
        """Run cycles until one has nothing more to do; return how many ran."""
        for count in range(1, most + 1):
            report = self.cycle(book)
            if not report.writes and not report.again and not report.pulled:
                return count
        raise AssertionError(f"still busy after {most} cycles: {self.reports[-3:]}")

    # -- the spreadsheet -----------------------------------------------------------------------

    def tabs(self, book: str = "") -> dict[str, Tab]:
        """Read every tab, by title."""
        answer = self.sheets.sheets.read(book or self.staff)
        return {tab.title: tab for tab in layout.tabs(answer).values()}

    def act(self, *actions: Mapping[str, Any], book: str = "") -> None:
        """Do what a person does on the grid page."""
        post(f"{self.url}/spreadsheets/d/{book or self.staff}/actions", {"actions": list(actions)})

    def staff_do(self, *actions: Mapping[str, Any], book: str = "") -> None:
        """Do what staff do, by the names of docs/localsheets-faults.md."""
        body = {"by": "secrétariat", "book": book or self.staff, "do": list(actions)}
        answer = post(f"{self.url}/_control/staff", body)
        assert not answer.get("refused"), answer

    def revision(self, book: str = "") -> int:
        """Return the number of the book's present version, to restore it later."""
        with urllib.request.urlopen(f"{self.url}/_control/log?book={book or self.staff}") as answer:
            return json.load(answer)[-1]["revision"]

    def give_away(self, book: str = "") -> None:
        """Make a person the owner of the book: protections never hold its owner."""
        account = self.sheets.sheets.account
        self.staff_do(
            {"do": "unshare", "account": account}, {"do": "reshare", "account": account, "role": "writer"}, book=book
        )

    @contextmanager
    def faults(self, *rules: Mapping[str, Any], staff: Sequence[Mapping[str, Any]] = ()) -> Iterator[None]:
        """Let a schedule of faults and of staff's actions fall on the calls made inside."""
        post(f"{self.url}/_control/faults", {"seed": 1, "rules": list(rules), "staff": list(staff)})
        try:
            yield
        finally:
            post(f"{self.url}/_control/faults", {})

    def undo(self, book: str = "") -> None:
        """Take back the last thing done on the grid page."""
        post(f"{self.url}/spreadsheets/d/{book or self.staff}/undo", {})

    def place(
        self, title: str, key: str, header: str, book: str = "", tab: Tab | None = None
    ) -> tuple[int, int, int]:
        """Find a cell as (sheetId, row, column) by the id of its row and the header of its column."""
        tab = tab or self.tabs(book)[title]
        texts = [[tab.text(row, column) for column in range(len(line))] for row, line in enumerate(tab.grid)]
        top = next(index for index, row in enumerate(texts) if "ID" in row)
        ids = texts[top].index("ID")
        row = top if key == "ID" else next(i for i, line in enumerate(texts) if len(line) > ids and line[ids] == key)
        return tab.sheet_id, row, texts[top].index(header)

    def type(self, title: str, key: str, header: str, text: str, book: str = "") -> None:
        """Type in a cell; '' clears it."""
        sheet_id, row, column = self.place(title, key, header, book)
        self.put(sheet_id, row, column, [[text]], book)

    def put(self, sheet_id: int, row: int, column: int, values: list[list], book: str = "") -> None:
        """Type a block of cells at a place."""
        action = {"type": "set", "sheetId": sheet_id, "row": row, "column": column, "values": values}
        self.act(action, book=book)

    def cell(self, title: str, key: str, header: str, book: str = "") -> object:
        """Return the bare value of a cell, None when it is blank."""
        tab = self.tabs(book)[title]
        _, row, column = self.place(title, key, header, book, tab)
        return plain(tab.raw(row, column))

    def ids(self, title: str, book: str = "") -> list[str]:
        """List the ids of a tab, from top to bottom, blank ones left out."""
        tab = self.tabs(book)[title]
        texts = [[tab.text(row, column) for column in range(len(line))] for row, line in enumerate(tab.grid)]
        top = next(index for index, row in enumerate(texts) if "ID" in row)
        column = texts[top].index("ID")
        return [line[column] for line in texts[top + 1 :] if len(line) > column and line[column]]

    def headers(self, title: str, book: str = "") -> list[str]:
        """List the headers of a tab, from left to right."""
        tab = self.tabs(book)[title]
        top = next(row for row in range(tab.last_row) if "ID" in [tab.text(row, c) for c in range(tab.column_count)])
        return [tab.text(top, column) for column in range(len(tab.grid[top]))]

    def append(self, title: str, values: Mapping[str, str], book: str = "") -> int:
        """Type a new row below the last one, by headers; return its index."""
        tab = self.tabs(book)[title]
        line = [values.get(header) for header in self.headers(title, book)]
        self.put(tab.sheet_id, tab.last_row, 0, [line], book)
        return tab.last_row

    def whole(self, book: str = "") -> dict[str, Any]:
        """Return everything the book holds: values, formulas and formats."""
        http = self.sheets.sheets.http
        mask = "sheets(properties,data(rowData(values(userEnteredValue,userEnteredFormat,note))),protectedRanges)"
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{book or self.staff}"
        return http.request("get", url, params={"fields": mask}).json()


def sheet_side(bench: Bench, title: str = "Participants", book: str = "") -> dict[str, dict[str, object]]:
    """Return what each row of a tab holds, by id, whatever the order of rows and columns."""
    tab = bench.tabs(book)[title]
    _, top, ids = bench.place(title, "ID", "ID", tab=tab)
    headers = [tab.text(top, column) for column in range(len(tab.grid[top]))]
    rows = {}
    for row in range(top + 1, tab.last_row):
        cells = {h: tab.raw(row, i) for i, h in enumerate(headers) if h and h != "ID"}
        texts = {header: text_of(value) for header, value in cells.items() if value}
        if texts:
            rows[tab.text(row, ids) or f"sans id {row}"] = texts
    return rows


def differences(bench: Bench, book: str = "") -> list[tuple[str, str, str, str, str]]:
    """List the cells that are not the same on both sides as (tab, id, field, intranet, sheet).

    A row that one side alone has, or a column that the sheet lost, is listed too.
    """
    found = []
    tabs = layout.tabs(bench.sheets.sheets.read(book or bench.staff))
    for bound, sheet in bound_sheets(book or bench.staff):
        columns, local = sheet.columns(bound.cohort_id), sheet.snapshot(bound.cohort_id)
        tab = tabs[bound.sheet_id]
        layout.locate(tab, columns, set())
        ids = [tab.text(row, tab.columns["id"]) for row in range(tab.last_row)]
        found += [(bound.kind, key, "", "", "twice") for key in local if ids.count(key) > 1]
        for key, row in local.items():
            if key not in ids:
                found.append((bound.kind, key, "", "here", "missing"))
                continue
            index = ids.index(key)
            for column in columns:
                ours, place = row[column.field], tab.columns.get(column.field)
                theirs = "missing" if place is None else _canonical(tab, index, place, column)
                if ours != theirs:
                    found.append((bound.kind, key, column.field, ours, theirs))
    return found


def _canonical(tab: Tab, row: int, place: int, column: Column) -> str:
    """Return the canonical text of a cell, or what it shows behind a « ! » when its type cannot read it."""
    value = tab.cell(row, place).effectiveValue
    if value.errorValue is not None:
        return f"!{value.errorValue.type}"
    try:
        return column.type.parse(plain(tab.raw(row, place)))
    except Refused:
        return f"!{tab.text(row, place)}"
