"""Hazards 8 to 14: headers, columns and tabs that staff rename, move, insert, delete, duplicate."""

import json

import pytest

from store import agreement, between, calendar, people, rosters
from sync.book import Rejected
from tests.sync_bench import PAGE, Bench, differences, sheet_side

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Row = dict[str, str]


def enrolled(bench: Bench) -> dict[str, Row]:
    return people.snapshot(bench.cohort.id)


def change_all(bench: Bench, digit: int) -> dict[str, str]:
    """Give everyone a new phone on the intranet; return them by id."""
    phones = {key: f"07{digit}000000{number}" for number, key in enumerate(bench.cohort.participants)}
    for key, phone in phones.items():
        people.change(PAGE, key, {"phone": phone})
    return phones


def only_pause(bench: Bench) -> str:
    """Return why the one paused tab is, and hold all the others to work."""
    report = bench.cycle()
    [why] = report.paused
    return why


def test_hazard_08_a_header_renamed(bench: Bench) -> None:
    """The mark of the column knows it, even renamed to nonsense, to another's header, or just before the write."""
    first = bench.cohort.participants[0]
    bench.staff_do(
        {"do": "rename_header", "tab": "Participants", "column": "Téléphone", "to": "☎ (perso)"},
        {"do": "rename_header", "tab": "Participants", "column": "Structure", "to": "Remarques"},
        {"do": "rename_header", "tab": "Présences", "column": "20/01/2025 14h", "to": "Visite du siège"},
    )
    report = bench.cycle()
    assert (report.pulled, report.writes, report.paused) == (0, 0, [])
    people.change(PAGE, first, {"phone": "0711111111", "employer": "Scop"})
    rosters.mark(PAGE, first, bench.cohort.half_days[1], "absent", None)
    bench.sheets.before_write = lambda book: bench.staff_do(
        {"do": "rename_header", "tab": "Participants", "column": "Courriel", "to": "Mél"}
    )
    bench.calm()
    assert bench.headers("Participants")[3:6] == ["Mél", "☎ (perso)", "Remarques"]
    assert bench.cell("Participants", first, "☎ (perso)") == "0711111111"
    assert bench.cell("Présences", first, "Visite du siège") == "A"
    assert differences(bench) == []
    # Under another field's own header a mark is not believed: two columns claim it, so the tab waits.
    bench.staff_do({"do": "rename_header", "tab": "Participants", "column": "☎ (perso)", "to": "Financement"})
    assert "« Téléphone »" in only_pause(bench)
    assert enrolled(bench)[first]["phone"] == "0711111111"


def move_columns(bench: Bench) -> None:
    bench.staff_do({"do": "move_columns", "tab": "Participants", "column": "Téléphone", "before": "Nom"},
                   {"do": "insert_columns", "tab": "Participants", "column": "Courriel", "count": 2},
                   {"do": "move_columns", "tab": "Présences", "column": "14/02/2025 14h", "before": "Nom"},
                   {"do": "insert_columns", "tab": "Présences", "column": "ID"})  # fmt: skip


@pytest.mark.parametrize("moment", ["before", "after_read", "before_write", "after_write"])
def test_hazard_09_columns_moved_and_inserted(bench: Bench, moment: str) -> None:
    """Whatever the moment, each value goes to its own column, and the columns inserted stay blank."""
    phones = change_all(bench, 0)
    for number, key in enumerate(bench.cohort.participants):
        rosters.mark(PAGE, key, bench.cohort.half_days[number % 4], "absent", None)
    new = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy", "phone": "0799999999"})
    if moment == "before":
        move_columns(bench)
    else:
        setattr(bench.sheets, moment, lambda book: move_columns(bench))
    bench.calm()
    assert differences(bench) == []
    rows = sheet_side(bench)
    assert {key: row["Téléphone"] for key, row in rows.items()} == phones | {new: "0799999999"}
    for title in ("Participants", "Présences"):
        tab = bench.tabs()[title]
        top = next(row for row in range(tab.last_row) if "Nom" in [tab.text(row, c) for c in range(9)])
        blank = [column for column in range(8) if not tab.text(top, column)]
        assert not any(tab.text(row, column) for row in range(tab.last_row) for column in blank)
    assert between.conflicts() == []


def decorate(bench: Bench) -> None:
    """Add what staff add: formulas, notes, colours, a validation, a conditional format, a name, a filter, merges."""
    area = {"sheetId": 1000, "startRowIndex": 1, "endRowIndex": 6, "startColumnIndex": 8, "endColumnIndex": 9}
    rule = {"ranges": [area], "booleanRule": {
        "condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}}  # fmt: skip
    listed = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "oui"}]}, "strict": True}
    bench.staff_do(
        {"do": "edit", "tab": "Participants", "cell": "I2", "value": "=LEN(B2)&\" lettres\""},
        {"do": "edit", "tab": "Participants", "cell": "I3", "value": "à rappeler"},
        {"do": "edit", "tab": "Participants", "cell": "L20", "value": "=COUNTA(B2:B100)"},
        {"do": "note", "tab": "Participants", "cell": "E2", "text": "numéro du bureau"},
        {"do": "colour", "tab": "Participants", "range": "B3:H3", "colour": "#ffcccc"},
        {"do": "merge", "tab": "Participants", "range": "J1:K1"},
        {"do": "requests", "requests": [
            {"setDataValidation": {"range": area, "rule": listed}},
            {"addConditionalFormatRule": {"rule": rule, "index": 0}},
            {"addNamedRange": {"namedRange": {"name": "rappels", "range": area}}},
        ]},
    )  # fmt: skip


def everything(bench: Bench) -> dict[str, dict]:
    """Return all that the book holds, tab by tab, but for the hidden one."""
    http = bench.sheets.sheets.http
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{bench.staff}"
    book = http.request("get", url, params={"includeGridData": "true"}).json()
    tabs = {s["properties"]["title"]: s for s in book["sheets"] if s["properties"]["title"] != "_passerelle"}
    return tabs | {"names": book.get("namedRanges")}


def taken_out(book: dict[str, dict], cells: set[tuple[str, int, int]]) -> str:
    """Return a whole book as text, with the values of some cells taken out."""
    for title, row, column in cells:
        cell = book[title]["data"][0]["rowData"][row]["values"][column]
        for name in ("userEnteredValue", "effectiveValue", "formattedValue", "effectiveFormat"):
            cell.pop(name, None)
    return json.dumps(book, sort_keys=True)


def test_hazard_10_what_staff_add_of_their_own(bench: Bench) -> None:
    """Columns, formulas, notes, colours, rules and names are the same to the letter but for the cells we own."""
    decorate(bench)
    bench.calm()
    before = everything(bench)
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111", "email": ""})
    people.change(PAGE, second, {"fees_paid_on": "2025-02-01"})
    rosters.mark(PAGE, second, bench.cohort.half_days[1], "absent", None)
    bench.calm()
    owned = {("Participants", 1, 4), ("Participants", 1, 3), ("Participants", 2, 7), ("Présences", 2, 4)}
    counts = {("Présences", 2, 7)}
    assert bench.cell("Présences", second, "Absences") == 1
    assert taken_out(before, owned | counts) == taken_out(everything(bench), owned | counts)


@pytest.mark.parametrize("moment", ["before", "before_write"])
@pytest.mark.parametrize("header", ["Courriel", "Téléphone", "ID"])
def test_hazard_11_a_mapped_column_deleted(bench: Bench, header: str, moment: str) -> None:
    """Its values are not emptied: the tab alone waits, names the column, and goes on once it is back."""
    before, first = enrolled(bench), bench.cohort.participants[0]
    people.change(PAGE, first, {"employer": "Scop", "phone": "0711111111"})
    bench.type("Séances", bench.cohort.half_days[0], "Lieu", "30.1.05")
    rows, revision = sheet_side(bench), bench.revision()
    delete = {"do": "delete_columns", "tab": "Participants", "column": header}
    if moment == "before":
        bench.staff_do(delete)
    else:
        bench.sheets.before_write = lambda book: bench.staff_do(delete)
    bench.cycle()
    assert f"« {header} »" in only_pause(bench)
    assert enrolled(bench) == before | {first: before[first] | {"employer": "Scop", "phone": "0711111111"}}
    assert calendar.snapshot(bench.cohort.id)[bench.cohort.half_days[0]]["place"] == "30.1.05"
    if header != "ID":
        # What was on its way when the columns moved landed in its own column, or was taken back.
        kept = {key: {name: text for name, text in row.items() if name != header} for key, row in rows.items()}
        landed = {"Structure": "Scop", "Téléphone": "0711111111"}
        now = sheet_side(bench)
        kept[first] |= {name: text for name, text in landed.items() if now[first].get(name) == text}
        assert now == kept
    bench.staff_do({"do": "restore", "revision": revision})
    bench.calm()
    assert differences(bench) == []
    assert [state["paused"] for state in agreement.states()] == [[]]


def test_hazard_12_the_header_row_moved_and_blank_lines_above(bench: Bench) -> None:
    """Lines above, the header further down, even sorted among the rows: each row is still known by its id."""
    before = enrolled(bench)
    bench.staff_do({"do": "insert_rows", "tab": "Participants", "row": 1, "count": 4},
                   {"do": "edit", "tab": "Participants", "cell": "B2", "value": "Liste des inscrits"},
                   {"do": "insert_rows", "tab": "Séances", "row": 1, "count": 2})  # fmt: skip
    assert (bench.cycle().writes, enrolled(bench)) == (0, before)
    bench.sheets.before_write = lambda book: bench.staff_do(
        {"do": "insert_rows", "tab": "Participants", "row": 1, "count": 3}
    )
    change_all(bench, 2)
    bench.calm()
    assert differences(bench) == []
    # A sort that takes the header along puts rows above it: they are rows all the same.
    area = {"sheetId": 1000, "startRowIndex": 7, "endRowIndex": 14, "startColumnIndex": 0,
            "endColumnIndex": len(bench.headers("Participants"))}  # fmt: skip
    sort = {"range": area, "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "ASCENDING"}]}
    bench.staff_do({"do": "requests", "requests": [{"sortRange": sort}]})
    assert bench.tabs()["Participants"].text(7, 1) != "Nom"
    change_all(bench, 3)
    new = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    bench.calm()
    assert (differences(bench), len(enrolled(bench))) == ([], 7)
    assert new in bench.ids("Participants")
    bench.staff_do({"do": "delete_rows", "tab": "Participants", "row_where": {"Nom": "Nom"}, "header_row": 12})
    assert "en-têtes" in only_pause(bench)
    assert len(enrolled(bench)) == 7


@pytest.mark.parametrize("moment", ["after_read", "before_write"])
@pytest.mark.parametrize("lines", [{"do": "insert_rows", "row": 1}, {"do": "delete_rows", "row": 1}])
def test_hazard_12_a_new_header_that_landed_on_another_row(bench: Bench, moment: str, lines: dict) -> None:
    """The header row moved before a column of ours was inserted: its header is brought back to its place."""
    bench.staff_do({"do": "insert_rows", "tab": "Présences", "row": 1})
    bench.calm()
    given = {"kind": "course", "day": "2025-03-03", "start": "09:00", "end": "12:30"}
    new = calendar.create(PAGE, bench.cohort.id, given)
    setattr(bench.sheets, moment, lambda book: bench.staff_do({"tab": "Présences", **lines}))
    bench.calm()
    assert bench.headers("Présences").count("03/03/2025 9h") == 1
    rosters.mark(PAGE, bench.cohort.participants[0], new, "absent", None)
    bench.calm()
    tab = bench.tabs()["Présences"]
    texts = [tab.text(row, column) for row in range(tab.last_row) for column in range(tab.column_count)]
    assert texts.count("03/03/2025 9h") == 1
    assert list(tab.metadata.values()).count(new) == 1
    assert bench.cell("Présences", bench.cohort.participants[0], "03/03/2025 9h") == "A"
    assert differences(bench) == []


@pytest.mark.parametrize("moment", ["after_read", "before_write", "after_write"])
def test_hazard_13_a_tab_renamed(bench: Bench, moment: str) -> None:
    """It is known by its number; renamed while a write is being prepared, the write is refused whole and made again."""
    phones = change_all(bench, 0)
    rename = {"do": "rename_tab", "tab": "Participants", "to": "L'automne d'Inès"}
    setattr(bench.sheets, moment, lambda book: bench.staff_do(rename))
    if moment == "after_write":
        bench.cycle()
    else:
        with pytest.raises(Rejected, match="changé"):
            bench.cycle()
        assert bench.cell("L'automne d'Inès", bench.cohort.participants[0], "Téléphone") == "0612345670"
    bench.calm()
    assert {key: row["Téléphone"] for key, row in sheet_side(bench, "L'automne d'Inès").items()} == phones
    assert "L'automne d'Inès" in [tab.title for tab in agreement.tabs(bench.staff)]


def test_hazard_14_a_tab_deleted_and_duplicated(bench: Bench) -> None:
    """A copy has other numbers: its ids and marks confuse nobody. The tab itself deleted, it waits alone."""
    before, first = enrolled(bench), bench.cohort.participants[0]
    bench.staff_do({"do": "duplicate_tab", "tab": "Participants", "to": "Copie de Participants"},
                   {"do": "duplicate_tab", "tab": "_passerelle", "to": "Copie de _passerelle"},
                   {"do": "edit", "tab": "Copie de Participants", "cell": "E2", "value": "0700000000"})  # fmt: skip
    people.change(PAGE, first, {"employer": "Scop"})
    report = bench.cycle()
    assert (report.pulled, report.pushed, report.conflicts) == (0, 1, 0)
    copy = sheet_side(bench, "Copie de Participants")[first]
    assert (copy["Téléphone"], "Structure" in copy) == ("0700000000", False)
    # Deleted exactly before a write, then for good: no row is withdrawn, and the copy is not taken for it.
    people.change(PAGE, first, {"employer": "Coop"})
    bench.sheets.before_write = lambda book: bench.staff_do(
        {"do": "delete_tab", "tab": "Participants"}, {"do": "delete_tab", "tab": "_passerelle"},
        {"do": "rename_tab", "tab": "Copie de Participants", "to": "Participants"},
        {"do": "rename_tab", "tab": "Copie de _passerelle", "to": "_passerelle"},
    )  # fmt: skip
    with pytest.raises(Rejected, match="changé"):
        bench.cycle()
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "absent", None)
    for _ in range(3):
        assert "« Participants » a disparu" in only_pause(bench)
    assert bench.cell("Présences", first, "20/01/2025 9h30") == "A"
    assert enrolled(bench) == before | {first: before[first] | {"employer": "Coop"}}
    assert sheet_side(bench)[first]["Téléphone"] == "0700000000"
