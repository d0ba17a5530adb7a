"""What the grid page is sent: the whole book in pieces, then only what changed; and what follows moved lines."""

import threading
import time

import pytest
import requests

from localsheets.books.model import Cell, Sheet
from localsheets.grid.follow import columns_map, place, rows_map
from localsheets.grid.people import GONE_AFTER, People, clean_name
from localsheets.server import serve
from tests.localsheets_client import Plain, area, lines


@pytest.fixture
def plain(sheets_server):
    client = Plain(sheets_server.url)
    client.create(locale="fr_FR", sheets=[{"properties": {"sheetId": 0, "title": "Un"}}])
    return client


def ask(plain, **query):
    path = f"/spreadsheets/d/{plain.book}/state/changes"
    return plain.call("GET", path, **({"who": "p.t"} | query)).json()


def post(plain, path, **body):
    return plain.page(path, body)


# Where lines went


def line(*values):
    return {column: Cell({"stringValue": value}) for column, value in enumerate(values) if value}


A, B, C, D = line("a", "1"), line("b", "2"), line("c", "3"), line("d", "4")


def tab(*rows, count=10, columns=4):
    return Sheet(0, "T", count, columns, rows={at: row for at, row in enumerate(rows) if row})


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        pytest.param(tab(A, B, C), tab(A, B, C), [0, 1, 2, 3], id="nothing"),
        pytest.param(tab(A, B, C), tab(A, {}, B, C, count=11), [0, 2, 3, 4], id="a line inserted"),
        pytest.param(tab(A, B, C), tab(A, C, count=9), [0, None, 1, 2], id="a line deleted"),
        pytest.param(tab(A, B, C), tab(A, line("b", "9"), C), [0, 1, 2, 3], id="a line rewritten"),
        pytest.param(tab(A, B, C), tab(C, A, B), [1, 2, 0, 1], id="a line moved; blanks go with the one above"),
        pytest.param(tab(A, B, C), tab(), [0, 1, 2, 3], id="all emptied, nothing moved"),
        pytest.param(
            tab(A, B, C),
            tab(line("new"), line("a", "x"), line("b", "x"), line("c", "x"), count=11),
            [1, 2, 3, 4],
            id="inserted, and every line rewritten",
        ),
    ],
)
def test_rows_are_followed(old, new, places):
    known = rows_map(old, new)
    assert [place(known, row) for row in range(4)] == places


@pytest.mark.parametrize(
    ("new", "places"),
    [
        pytest.param(tab(A, B), [0, 1], id="nothing"),
        pytest.param(tab(line("", "a", "1"), line("", "b", "2"), columns=5), [1, 2], id="a column inserted"),
        pytest.param(tab(line("1"), line("2"), columns=3), [None, 0], id="a column deleted"),
        pytest.param(tab(line("a"), line("b")), [0, 1], id="a column emptied"),
    ],
)
def test_columns_are_followed(new, places):
    known = columns_map(tab(A, B), new)
    assert [place(known, column) for column in range(2)] == places


# What is sent


def test_the_whole_comes_with_the_first_lines_and_the_rest_in_pieces(plain):
    plain.write("Un!A1", [[f"t{row}", row, "=B1+1"] for row in range(400)])
    book = ask(plain)["book"]
    (sheet,) = book["sheets"]
    assert ("base" in book, sheet["size"]) == (False, 400)
    ((start, first),) = sheet["chunks"]
    assert (start, len(first)) == (0, 150)
    assert first[2] == ["t2", ["2"], ["1", "=B1+1"]]
    path = f"/spreadsheets/d/{plain.book}/state/lines"
    rest = plain.call("GET", path, revision=book["revision"], sheet=0, start=150, end=9999).json()
    assert (rest["start"], len(rest["lines"]), rest["lines"][-1][0]) == (150, 250, "t399")
    assert plain.call("GET", path, revision=99, sheet=0, start=0, end=9).status_code == 410


def test_a_change_brings_only_the_lines_that_differ_and_what_they_compute(plain):
    plain.write("Un!A1", [["a", 1], ["b", "=B1*2"], ["c", 3]])
    since = ask(plain)["book"]["revision"]
    plain.write("Un!B1", [[5]])
    book = ask(plain, since=since)["book"]
    (sheet,) = book["sheets"]
    assert (book["base"], sheet["patch"]["new"].keys()) == (since, {"0", "1"})
    assert sheet["patch"]["new"]["1"] == ["b", ["10", "=B1*2"]]
    assert "book" not in ask(plain, since=book["revision"])


def test_lines_that_moved_are_not_sent_again(plain):
    plain.write("Un!A1", [["a"], ["b"], ["c"]])
    since = ask(plain)["book"]["revision"]
    plain.batch({"insertDimension": {"range": lines("ROWS", 1, 2)}})
    (sheet,) = ask(plain, since=since)["book"]["sheets"]
    patch = sheet["patch"]
    assert (patch["moved"], patch["new"], patch["size"], patch["rowsMap"]) == ([[1, 2, 2]], {}, 4, [[0, 0], [1, 1]])
    assert sheet["rowCount"] == 1001


def test_tabs_that_come_and_go_are_told(plain):
    since = ask(plain)["book"]["revision"]
    plain.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Deux"}}})
    book = ask(plain, since=since)["book"]
    assert (book["order"], [sheet["title"] for sheet in book["sheets"]]) == ([0, 7], ["Deux"])
    plain.batch({"deleteSheet": {"sheetId": 7}})
    assert ask(plain, since=book["revision"])["book"]["order"] == [0]


def test_who_waits_is_answered_when_something_changes(plain):
    known = ask(plain)
    given = {}

    def wait():
        start = time.monotonic()
        given["answer"] = ask(plain, since=known["book"]["revision"], people=known["people"], wait=20)
        given["took"] = time.monotonic() - start

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)
    plain.act({"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["x"]]})
    thread.join(5)
    assert 0.25 < given["took"] < 3
    assert given["answer"]["book"]["sheets"][0]["patch"]["new"] == {"0": ["x"]}


def test_a_state_from_before_a_restart_is_still_brought_up_to_date(tmp_path):
    first = serve(port=0, data=tmp_path / "b.sqlite")
    plain = Plain(first.url)
    plain.create()
    plain.write("A1", [["a"], ["b"]])
    since = ask(plain)["book"]["revision"]
    plain.write("A2", [["c"]])
    first.stop()
    second = serve(port=0, data=tmp_path / "b.sqlite")
    plain = Plain(second.url, book=plain.book)
    book = ask(plain, since=since)["book"]
    assert (book["base"], book["sheets"][0]["patch"]["new"]) == (since, {"1": ["c"]})
    second.stop()


# People


def test_names_are_fit_to_be_logged():
    given = (" Claire ", "a@b", "\x00", None, "x" * 99)
    assert [clean_name(name) for name in given] == ["Claire", "a b", "", "", "x" * 40]


def test_people_are_numbered_told_apart_and_forgotten():
    now = [0.0]
    people = People(clock=lambda: now[0])
    one, two = people.meet("1", ""), people.meet("2", "")
    assert (one.name, two.name, one.color == two.color) == ("Anonyme 1", "Anonyme 2", False)
    people.move("2", "Claire", {"sheetId": 0})
    assert [(other["name"], other["place"]) for other in people.others("1")] == [("Claire", {"sheetId": 0})]
    now[0] = GONE_AFTER + 1
    version = people.version
    people.meet("1", "")
    assert (people.others("1"), people.version > version) == ([], True)


# Steps


def put(row, text, column=0):
    return {"type": "set", "sheetId": 0, "row": row, "column": column, "values": [[text]]}


def test_a_step_made_on_an_older_state_goes_with_its_rows(plain):
    plain.write("Un!A1", [["a", 1], ["b", 2], ["c", 3]])
    base = ask(plain)["book"]["revision"]
    plain.batch(*({"insertDimension": {"range": lines(*span)}} for span in (("ROWS", 0, 2), ("COLUMNS", 0, 1))))
    made = post(plain, "actions", actions=[put(1, "vingt", 1)], base=base, who="p.t", name="Claire")
    assert made.status_code == 200
    assert plain.read("Un!A1:C5")[2:] == [["", "a", "1"], ["", "b", "vingt"], ["", "c", "3"]]
    bold = {"repeatCell": {"range": area(0, 0, 1, 1), "cell": {"note": "ici"}, "fields": "note"}}
    asked = {"type": "requests", "sheetId": 0, "requests": [bold]}
    assert post(plain, "actions", actions=[asked], base=base, who="autre.t").status_code == 200
    sheet = plain.get(includeGridData="true", ranges="Un!B3")["sheets"][0]
    assert sheet["data"][0]["rowData"][0]["values"][0]["note"] == "ici"


def test_a_step_on_a_row_deleted_since_is_refused(plain):
    plain.write("Un!A1", [["a"], ["b"], ["c"]])
    base = ask(plain)["book"]["revision"]
    plain.batch({"deleteDimension": {"range": lines("ROWS", 1, 2)}})
    made = post(plain, "actions", actions=[put(1, "x")], base=base, who="p.t")
    assert (made.status_code, "supprimée" in made.json()["error"]) == (400, True)
    assert plain.read("Un!A1:A3") == [["a"], ["c"]]


def test_a_step_sent_again_is_done_once(plain):
    step = {"actions": [{"type": "insertRows", "sheetId": 0, "at": 0, "count": 1}], "step": "s1", "who": "p.t"}
    first = post(plain, "actions", **step).json()
    assert post(plain, "actions", **step, again=True).json() == first
    assert post(plain, "actions", **(step | {"step": "s2"}), again=True).json() != first


@pytest.fixture
def restarted(tmp_path):
    """Do things, restart, and hand out a client again."""
    servers = [serve(port=0, data=tmp_path / "b.sqlite")]
    client = Plain(servers[0].url)
    client.create(sheets=[{"properties": {"sheetId": 0, "title": "Un"}}])

    def restart():
        servers[-1].stop()
        servers.append(serve(port=0, data=tmp_path / "b.sqlite"))
        return Plain(servers[-1].url, book=client.book)

    yield client, restart
    servers[-1].stop()


def test_undo_is_each_persons_and_outlives_a_restart(restarted):
    plain, restart = restarted
    inserted = {"type": "insertRows", "sheetId": 0, "at": 0, "count": 1}
    post(plain, "actions", actions=[put(0, "de Claire")], who="c.1", name="Claire")
    post(plain, "actions", actions=[inserted], who="c.1", name="Claire")
    post(plain, "actions", actions=[put(4, "de Benoît")], who="b.1", name="Benoît")
    plain = restart()
    assert post(plain, "undo", who="c.2", name="Claire").status_code == 200
    assert plain.read("Un!A1:A9") == [["de Claire"], [], [], ["de Benoît"]]
    assert post(plain, "undo", who="c.2", name="Claire").status_code == 200
    assert plain.read("Un!A1:A9") == [[], [], [], ["de Benoît"]]
    assert post(plain, "undo", who="c.2", name="Claire").status_code == 409
    plain = restart()
    assert post(plain, "redo", who="c.3", name="Claire").status_code == 200
    assert plain.read("Un!A1:A9") == [["de Claire"], [], [], ["de Benoît"]]
    entries = requests.get(f"{plain.url}/_control/log", params={"book": plain.book}, timeout=10).json()
    assert [entry["actor"] for entry in entries][1:] == ["Claire", "Claire", "Benoît", "Claire", "Claire", "Claire"]


def test_after_a_restart_an_undo_is_refused_once_others_moved_lines(restarted):
    plain, restart = restarted
    post(plain, "actions", actions=[put(0, "a")], who="c.1")
    plain.batch({"insertDimension": {"range": lines("ROWS", 0, 1)}})
    plain = restart()
    refused = post(plain, "undo", who="c.1")
    assert (refused.status_code, "bougé" in refused.json()["error"]) == (409, True)
    assert plain.read("Un!A1:A3") == [[], ["a"]]


@pytest.mark.parametrize("restarts", [False, True], ids=["in one run", "after a restart"])
def test_an_undo_leaves_the_cells_that_someone_else_wrote_since(restarted, restarts):
    plain, restart = restarted
    block = {"type": "set", "sheetId": 0, "row": 0, "column": 0, "values": [["moi", "moi"], ["moi", "moi"]]}
    post(plain, "actions", actions=[block], who="c.1")
    post(plain, "actions", actions=[put(1, "elle")], who="b.1")
    plain = restart() if restarts else plain
    undone = post(plain, "undo", who="c.1").json()
    assert "A2 (Un)" in undone["said"]
    assert plain.read("Un!A1:B2") == [[], ["elle"]]
    redone = post(plain, "redo", who="c.1").json()
    assert "A2 (Un)" in redone["said"]
    assert plain.read("Un!A1:B2") == [["moi", "moi"], ["elle", "moi"]]


def test_an_undone_format_leaves_the_value_written_since(plain):
    post(plain, "actions", actions=[put(0, "moi")], who="c.1")
    bold = {"repeatCell": {"range": area(0, 0, 1, 1), "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}}}}
    bold["repeatCell"]["fields"] = "userEnteredFormat.textFormat.bold"
    post(plain, "actions", actions=[{"type": "requests", "sheetId": 0, "requests": [bold]}], who="c.1")
    post(plain, "actions", actions=[put(0, "elle")], who="b.1")
    assert "said" not in post(plain, "undo", who="c.1").json()
    cell = plain.state().json()["sheets"][0]["rows"][0][0]
    assert (cell["f"], "b" in cell) == ("elle", False)


def test_a_sort_stays_once_someone_wrote_in_its_rows(plain):
    plain.write("Un!A1", [["Nom", "Note"], ["Zola", "P"], ["Aubry", "P"]])
    sort = {"type": "sort", "sheetId": 0, "column": 0, "descending": False, "headerRows": 1}
    post(plain, "actions", actions=[sort], who="c.1")
    plain.write("Un!B2", [["A"]])
    refused = post(plain, "undo", who="c.1")
    assert (refused.status_code, "tri" in refused.json()["error"]) == (409, True)
    assert plain.read("Un!A2:B3") == [["Aubry", "A"], ["Zola", "P"]]


# The first page


def test_books_are_made_copied_trashed_and_restored_from_the_first_page(sheets_server):
    url = sheets_server.url
    made = requests.post(f"{url}/books", data={"title": " Mon  classeur ", "locale": "fr_FR"}, timeout=10)
    assert (made.status_code, "Mon classeur" in made.text) == (200, True)
    plain = Plain(url, book=made.url.split("/")[-2])
    assert plain.get()["properties"]["locale"] == "fr_FR"
    assert plain.write("A1", [["écrit par le compte de service"]]).status_code == 200
    copied = requests.post(f"{url}/books/{plain.book}/copy", timeout=10).url.split("/")[-2]
    assert Plain(url, book=copied).read("A1") == [["écrit par le compte de service"]]
    page = requests.post(f"{url}/books/{copied}/trash", timeout=10).text
    assert "Corbeille (1)" in page
    page = requests.post(f"{url}/books/{copied}/untrash", timeout=10).text
    assert "Corbeille (1)" not in page
    for said in ("remplace Google Sheets", f"{url}/v4/spreadsheets", f"{url}/drive/v3", "/service-account.json"):
        assert said in page
    assert requests.post(f"{url}/books/inconnu/trash", timeout=10).status_code == 404


def test_a_page_that_leaves_while_it_waits_is_gone(plain):
    ask(plain, who="a.1")
    known = ask(plain, who="b.1")
    query = {"who": "b.1", "since": known["book"]["revision"], "people": known["people"], "wait": 20}
    waiting = threading.Thread(target=lambda: ask(plain, **query))
    waiting.start()
    time.sleep(0.3)
    post(plain, "people", who="b.1", place=None)
    waiting.join(5)
    assert ask(plain, who="a.1")["others"] == []
