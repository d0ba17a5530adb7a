"""Staff actions: placed exactly around a client's requests, each doing what a person would."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from localsheets.books.model import Book, Sheet
from localsheets.formulas.calculator import calculator
from localsheets.server import serve
from localsheets.staff.actions import ACTIONS, RESTORE
from tests.localsheets_client import Plain

Json = dict[str, Any]
NAME = "secrétariat"
SERVERS: dict[str, Any] = {}
LINES = [["ID", "Nom", "Note"], ["E-1", "Ana", "12"], ["E-2", "Bob", "9"], ["E-3", "Chloé", "15"]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    running = serve(port=0, data=tmp_path_factory.mktemp("staff") / "sheets.sqlite")
    SERVERS[running.url] = running
    yield running
    running.stop()


@pytest.fixture(scope="module")
def account(server: Any) -> Plain:
    return Plain(server.url)


@pytest.fixture(scope="module")
def colleague(server: Any) -> Plain:
    return Plain(server.url, "collegue@localsheets.example")


@pytest.fixture
def book(server: Any, account: Plain) -> Iterator[Plain]:
    tabs = [{"properties": {"sheetId": number, "title": title}} for number, title in ((0, "Notes"), (1, "Autres"))]
    account.create(locale="fr_FR", sheets=tabs)
    account.write("Notes!A1", LINES)
    requests.delete(f"{server.url}/_control/faults", timeout=5)
    yield account
    requests.delete(f"{server.url}/_control/faults", timeout=5)


def load(book: Plain, *staff: Json, rules: list[Json] | None = None) -> None:
    given = {"rules": rules or [], "staff": [{"by": NAME} | rule for rule in staff]}
    answer = requests.post(f"{book.url}/_control/faults", json=given, timeout=5)
    assert answer.status_code == 200, answer.text


def status(book: Plain) -> Json:
    return requests.get(f"{book.url}/_control/faults", timeout=5).json()


def act(book: Plain, *actions: Json, by: str = NAME) -> requests.Response:
    body = {"by": by, "book": book.book, "do": list(actions)}
    return requests.post(f"{book.url}/_control/staff", json=body, timeout=5)


def log(book: Plain) -> list[Json]:
    return requests.get(f"{book.url}/_control/log", params={"book": book.book}, timeout=5).json()


def now(book: Plain) -> Book:
    """Return the book as it really is."""
    return SERVERS[book.url].faults.shelf.get(book.book)


def shown(held: Book, title: str = "Notes") -> list[list[str]]:
    """Return what a tab shows, trailing blanks left out."""
    sheet = held.sheets[held.titles()[title]]
    return [_line(held, sheet, row) for row in range(sheet.last_row())]


def _line(held: Book, sheet: Sheet, row: int) -> list[str]:
    texts = [calculator(held).text(sheet, row, column) for column in range(max(sheet.rows.get(row, {-1: None})) + 1)]
    while texts and not texts[-1]:
        texts.pop()
    return texts


# --- what each action does --------------------------------------------------------------------------------------------

HEADER, ANA, BOB, CHLOE = LINES
BY_ID = {"row_where": {"ID": "E-2"}}
GRIDS: dict[str, tuple[Json, list[list[str]]]] = {
    "edit by address": ({"do": "edit", "cell": "C2", "value": "12,5"}, [HEADER, ["E-1", "Ana", "12,5"], BOB, CHLOE]),
    "edit by id": (
        {"do": "edit", **BY_ID, "column": "Note", "value": "=C2+1"},
        [HEADER, ANA, ["E-2", "Bob", "13"], CHLOE],
    ),
    "edit by letter": (
        {"do": "edit", "row": 3, "column": "B", "value": "Bo"},
        [HEADER, ANA, ["E-2", "Bo", "9"], CHLOE],
    ),
    "clear a cell": ({"do": "clear", "cell": "C3"}, [HEADER, ANA, ["E-2", "Bob"], CHLOE]),
    "clear a range": ({"do": "clear", "range": "B2:C3"}, [HEADER, ["E-1"], ["E-2"], CHLOE]),
    "clear the id of a row": ({"do": "clear", **BY_ID, "column": "ID"}, [HEADER, ANA, ["", "Bob", "9"], CHLOE]),
    "clear a row": ({"do": "clear", **BY_ID}, [HEADER, ANA, [], CHLOE]),
    "insert rows": ({"do": "insert_rows", "row": 2, "count": 2}, [HEADER, [], [], ANA, BOB, CHLOE]),
    "insert a row under": ({"do": "insert_rows", **BY_ID, "after": True}, [HEADER, ANA, BOB, [], CHLOE]),
    "insert columns": (
        {"do": "insert_columns", "column": "Note"},
        [["ID", "Nom", "", "Note"], *([line[0], line[1], "", line[2]] for line in LINES[1:])],
    ),
    "delete rows": ({"do": "delete_rows", **BY_ID}, [HEADER, ANA, CHLOE]),
    "delete columns": ({"do": "delete_columns", "column": "Nom"}, [[line[0], line[2]] for line in LINES]),
    "sort": ({"do": "sort", "column": "Note"}, [HEADER, BOB, ANA, CHLOE]),
    "sort downwards": ({"do": "sort", "column": "Note", "descending": True}, [HEADER, CHLOE, ANA, BOB]),
    "sort with the header": ({"do": "sort", "column": "Nom", "header_rows": 0}, [ANA, BOB, CHLOE, HEADER]),
    "move a column": (
        {"do": "move_columns", "column": "Note", "before": "ID"},
        [[line[2], line[0], line[1]] for line in LINES],
    ),
    "move rows": ({"do": "move_rows", "row_where": {"Nom": "Chloé"}, "before": 2}, [HEADER, CHLOE, ANA, BOB]),
    "move a row to the end": ({"do": "move_rows", "row": 2}, [HEADER, BOB, CHLOE, ANA]),
    "rename a header": (
        {"do": "rename_header", "column": "Note", "to": "Note /20"},
        [["ID", "Nom", "Note /20"], ANA, BOB, CHLOE],
    ),
    "copy a row with its id": ({"do": "copy_row", **BY_ID}, [HEADER, ANA, BOB, BOB, CHLOE]),
    "copy a row to the end": ({"do": "copy_row", **BY_ID, "to": "end"}, [HEADER, ANA, BOB, CHLOE, BOB]),
    "paste a block": (
        {"do": "paste", "cell": "B2", "values": [["Zoé", None], ["Yan", "3"]]},
        [HEADER, ["E-1", "Zoé", "12"], ["E-2", "Yan", "3"], CHLOE],
    ),
    "paste 200 rows": (
        {"do": "paste", "end": True, "rows": 200, "line": ["N-{n}", "Nom {n}", "{n}"]},
        [*LINES, *([f"N-{number}", f"Nom {number}", str(number)] for number in range(1, 201))],
    ),
    "empty the tab": ({"do": "empty_tab"}, []),
    "empty under the header": ({"do": "empty_tab", "header_rows": 1}, [HEADER]),
    "requests": (
        {"do": "requests", "requests": [{"cutPaste": {"source": {"sheetId": 0, "endRowIndex": 1}, "destination": {}}}]},
        LINES,
    ),
}


@pytest.mark.parametrize(("action", "expected"), GRIDS.values(), ids=GRIDS)
def test_an_action_changes_the_cells_as_a_person_would(book, action, expected):
    answer = act(book, {"tab": "Notes"} | action if action["do"] != "requests" else action)
    assert answer.status_code == 200, answer.text
    held = now(book)
    assert shown(held) == expected
    assert shown(held, "Autres") == []
    last = log(book)[-1]
    assert (last["actor"], last["kind"], last["revision"]) == (NAME, f"staff.{action['do']}", held.revision)
    assert answer.json()["done"] == [{"do": action["do"], "by": NAME, "book": book.book, "revision": held.revision}]


def test_what_is_typed_is_read_in_the_locale_of_the_book(book):
    act(book, {"do": "edit", "cell": "C2", "value": "12,5"}, {"do": "edit", "cell": "C3", "value": "14/02/2025"})
    sheet = now(book).sheets[0]
    assert [sheet.cell(row, 2).entered for row in (1, 2)] == [{"numberValue": 12.5}, {"numberValue": 45702}]


def test_changing_the_locale_changes_what_is_shown(book):
    act(book, {"do": "edit", "cell": "C2", "value": "12,5"}, {"do": "locale", "to": "en_US"})
    assert now(book).locale == "en_US"
    assert shown(now(book))[1] == ["E-1", "Ana", "12.5"]


def test_renaming_a_tab_keeps_its_id(book):
    act(book, {"do": "rename_tab", "tab": "Notes", "to": "Notes S1"})
    assert now(book).titles() == {"Notes S1": 0, "Autres": 1}


def test_adding_a_tab_puts_it_last(book):
    act(book, {"do": "add_tab", "to": "Brouillon"})
    assert list(now(book).titles()) == ["Notes", "Autres", "Brouillon"]


def test_deleting_a_tab_takes_it_away(book):
    act(book, {"do": "delete_tab", "tab": "Autres"})
    assert now(book).titles() == {"Notes": 0}


def test_duplicating_a_tab_copies_its_ids_under_another_sheet_id(book):
    act(book, {"do": "duplicate_tab", "tab_id": 0, "to": "Notes bis"})
    held = now(book)
    assert list(held.titles()) == ["Notes", "Notes bis", "Autres"]
    assert held.titles()["Notes bis"] not in (0, 1)
    assert shown(held, "Notes bis") == LINES


def test_trashing_and_untrashing_a_book(book):
    act(book, {"do": "trash"})
    assert book.call("GET", f"/drive/v3/files/{book.book}", fields="trashed").json() == {"trashed": True}
    act(book, {"do": "untrash"})
    assert book.call("GET", f"/drive/v3/files/{book.book}", fields="trashed").json() == {"trashed": False}
    assert [entry["kind"] for entry in log(book)[-2:]] == ["staff.trash", "staff.untrash"]


def test_unsharing_takes_a_colleague_away_and_resharing_brings_them_back(book, colleague):
    email = "collegue@localsheets.example"
    assert act(book, {"do": "reshare", "account": email, "role": "reader"}).status_code == 200
    assert [(entry["emailAddress"], entry["role"]) for entry in now(book).drive["permissions"]] == [(email, "reader")]
    assert act(book, {"do": "reshare", "account": email}).status_code == 200
    assert [(entry["emailAddress"], entry["role"]) for entry in now(book).drive["permissions"]] == [(email, "writer")]
    assert act(book, {"do": "unshare", "account": email}).status_code == 200
    assert now(book).drive["permissions"] == []
    kinds = [(entry["actor"], entry["kind"]) for entry in log(book)[-3:]]
    assert kinds == [(NAME, "permissions.create"), (NAME, "permissions.create"), (NAME, "permissions.delete")]
    assert act(book, {"do": "unshare", "account": email}).status_code == 409


def test_unsharing_the_owner_gives_the_book_to_the_person_first(book):
    email = "passerelle@localsheets.example"
    act(book, {"do": "unshare", "account": email})
    assert now(book).drive["owner"] == "secretariat@localsheets.example"
    assert act(book, {"do": "reshare", "account": email}).status_code == 200
    assert book.read("Notes!A2") == [["E-1"]]


def test_restoring_an_older_version(book):
    revision = now(book).revision
    act(book, {"do": "empty_tab", "tab": "Notes"}, {"do": "delete_tab", "tab": "Autres"})
    answer = act(book, {"do": "restore", "revision": revision})
    assert answer.status_code == 200, answer.text
    assert shown(now(book)) == LINES
    assert list(now(book).titles()) == ["Notes", "Autres"]
    assert (log(book)[-1]["actor"], log(book)[-1]["kind"]) == (NAME, "restore")
    act(book, {"do": "restore", "back": 1})
    assert list(now(book).titles()) == ["Notes"]


def test_hiding_and_showing_rows_and_columns(book):
    act(book, {"do": "hide_rows", **BY_ID, "count": 2}, {"do": "hide_columns", "column": "Nom"})
    assert now(book).sheets[0].sizes == {
        "ROWS": {2: {"hiddenByUser": True}, 3: {"hiddenByUser": True}},
        "COLUMNS": {1: {"hiddenByUser": True}},
    }
    act(book, {"do": "show_rows", "row": 3, "count": 2}, {"do": "show_columns", "column": "B"})
    assert now(book).sheets[0].sizes == {"ROWS": {}, "COLUMNS": {}}


def test_filtering_hides_values_until_the_filter_is_taken_away(book):
    assert act(book, {"do": "filter", "column": "Nom", "hide": ["Bob"]}).status_code == 200
    answer = book.get(fields="sheets.basicFilter")["sheets"][0]["basicFilter"]
    assert answer["range"]["endRowIndex"] == 4
    assert answer["criteria"]["1"]["hiddenValues"] == ["Bob"]
    act(book, {"do": "clear_filter"})
    assert "basicFilter" not in now(book).sheets[0].annotations


def test_merging_and_splitting_cells(book):
    act(book, {"do": "merge", "range": "B2:C2"})
    assert shown(now(book))[1] == ["E-1", "Ana"]
    assert len(now(book).sheets[0].annotations["merges"]) == 1
    act(book, {"do": "unmerge", "range": "B2:C2"})
    assert not now(book).sheets[0].annotations.get("merges")


def test_protecting_a_range_refuses_the_whole_batch_of_an_account(book):
    act(book, {"do": "unshare", "account": "passerelle@localsheets.example"})
    act(book, {"do": "reshare", "account": "passerelle@localsheets.example"})
    act(book, {"do": "protect", "range": "C2:C4", "text": "signé"})
    assert book.write("Notes!B2:C2", [["x", "y"]]).status_code == 400
    assert shown(now(book)) == LINES
    act(book, {"do": "unprotect", "cell": "C3"})
    assert book.write("Notes!B2:C2", [["x", "y"]]).status_code == 200


def test_colours_and_notes(book):
    act(book, {"do": "colour", **BY_ID, "colour": "#ff0000"}, {"do": "note", "cell": "A1", "text": "à revoir"})
    sheet = now(book).sheets[0]
    assert sheet.cell(2, 1).format["backgroundColor"] == {"red": 1}
    assert sheet.cell(0, 0).note == "à revoir"
    assert shown(now(book)) == LINES


# --- what cannot be done ----------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Json, str]] = {
    "no such tab": ({"do": "edit", "tab": "Disparu", "cell": "A1", "value": "x"}, "« Disparu » n’existe pas"),
    "no such row": ({"do": "delete_rows", "row_where": {"ID": "E-9"}}, "Aucune ligne n’a ID = E-9."),
    "no such column": ({"do": "sort", "column": "Âge"}, "Aucune colonne ne s’appelle « Âge »."),
    "no address": ({"do": "clear", "range": "??"}, "n’est pas une adresse"),
    "outside the grid": ({"do": "edit", "cell": "A99999", "value": "x"}, "hors de la grille"),
    "title taken": ({"do": "rename_tab", "to": "Autres"}, "already exists"),
    "no such version": ({"do": "restore", "revision": 99}, "pas de version 99"),
    "no colour": ({"do": "colour", "cell": "A1", "colour": "rouge"}, "n’est pas une couleur"),
    "no protection": ({"do": "unprotect"}, "Aucune protection"),
}


@pytest.mark.parametrize(("action", "why"), REFUSED.values(), ids=REFUSED)
def test_an_action_that_cannot_be_done_says_why_and_the_others_go_on(book, action, why):
    answer = act(book, action, {"do": "edit", "tab": "Autres", "cell": "A1", "value": "suite"})
    assert answer.status_code == 409
    refused, done = answer.json()["done"]
    assert why in refused["refused"]
    assert "revision" in done
    assert shown(now(book)) == LINES
    assert shown(now(book), "Autres") == [["suite"]]


def test_an_action_in_no_book_is_refused(book):
    body = {"by": NAME, "book": "inconnu", "do": [{"do": "trash"}]}
    answer = requests.post(f"{book.url}/_control/staff", json=body, timeout=5)
    assert (answer.status_code, answer.json()["done"][0]["refused"]) == (409, "Le classeur « inconnu » n’existe pas.")


def test_an_unknown_action_is_refused_before_anything_is_done(book):
    answer = act(book, {"do": "empty_tab"}, {"do": "chanter"})
    assert answer.status_code == 400
    assert "do[1].do : « chanter » n’existe pas" in answer.json()["error"]
    assert shown(now(book)) == LINES


# --- when -------------------------------------------------------------------------------------------------------------


def test_an_action_comes_right_after_the_read_of_an_account(book, colleague):
    when = {"kind": "values.get", "account": "passerelle@localsheets.example"}
    load(book, {"at": "after_read", "when": when, "do": [{"do": "edit", "cell": "B2", "value": "Anna"}]})
    colleague.book = book.book
    act(book, {"do": "reshare", "account": "collegue@localsheets.example"})
    assert colleague.read("Notes!B2") == [["Ana"]]
    assert shown(now(book))[1][1] == "Ana"
    assert book.read("Notes!B2") == [["Ana"]]
    assert shown(now(book))[1][1] == "Anna"
    (rule,) = status(book)["staff"]
    assert (rule["fired"], rule["requests"], rule["done"][0]["revision"]) == (1, [2], now(book).revision)


def test_a_person_does_a_thing_once_unless_told_otherwise(book):
    action = {"do": "insert_rows", "row": 2}
    load(book, {"at": "after_read", "do": [action]}, {"at": "after_read", "when": {"times": 2}, "do": [action]})
    for _ in range(4):
        book.read("Notes!A1")
    assert len(shown(now(book))) == 4 + 1 + 2


def test_a_read_that_fails_lets_nobody_act_yet(book):
    fault = {"when": {"request": 1}, "fault": "503"}
    action = {"do": "rename_tab", "to": "Ailleurs"}
    load(book, {"at": "after_read", "when": {"kind": "reads"}, "do": [action]}, rules=[fault])
    assert book.call("GET", f"/v4/spreadsheets/{book.book}").status_code == 503
    assert "Ailleurs" not in now(book).titles()
    book.get()
    assert "Ailleurs" in now(book).titles()


def test_an_account_unshared_between_its_read_and_its_write_is_refused(book, colleague):
    email = "collegue@localsheets.example"
    colleague.book = book.book
    assert colleague.write("Notes!A1", [["x"]]).status_code == 403
    act(book, {"do": "reshare", "account": email})
    load(book, {"at": "after_read", "when": {"account": email}, "do": [{"do": "unshare", "account": email}]})
    assert colleague.read("Notes!A1") == [["ID"]]
    refused = colleague.write("Notes!A1", [["x"]])
    assert (refused.status_code, refused.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    act(book, {"do": "reshare", "account": email, "role": "reader"})
    assert colleague.read("Notes!A1") == [["ID"]]
    assert colleague.write("Notes!A1", [["x"]]).status_code == 403
    assert shown(now(book)) == LINES


def test_an_action_comes_right_before_a_write_and_the_write_lands_on_what_it_left(book):
    load(book, {"at": "before_write", "do": [{"do": "sort", "tab": "Notes", "column": "Note"}]})
    book.read("Notes!A1:C4")
    book.write("Notes!C2", [["20"]])
    assert shown(now(book)) == [HEADER, ["E-2", "Bob", "20"], ANA, CHLOE]
    assert [entry["kind"] for entry in log(book)[-2:]] == ["staff.sort", "values.update"]


def test_nobody_slips_between_a_person_and_the_write_they_precede(book):
    actions = [{"do": "edit", "cell": "B2", "value": f"tour {number}"} for number in range(5)]
    load(book, {"at": "before_write", "when": {"times": 6}, "do": actions})
    writers = [Plain(book.url, book=book.book) for _ in range(3)]

    def writing(writer: Plain, line: int) -> None:
        for turn in range(2):
            assert writer.write(f"Notes!C{line}", [[str(turn)]]).status_code == 200

    threads = [threading.Thread(target=writing, args=(writer, line)) for line, writer in enumerate(writers, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [entry["kind"] for entry in log(book)][-36:]
    assert kinds == (["staff.edit"] * 5 + ["values.update"]) * 6


def test_an_action_comes_at_a_request_number(book):
    load(book, {"at": "before", "when": {"request": 2}, "do": [{"do": "empty_tab", "tab": "Notes"}]})
    assert book.read("Notes!A1") == [["ID"]]
    assert book.read("Notes!A1") == []


def test_an_action_comes_after_some_seconds(book):
    action = {"do": "edit", "cell": "A1", "value": "plus tard"}
    load(book, {"at": "seconds", "seconds": 0.15, "book": book.book, "do": [action]})
    assert shown(now(book))[0][0] == "ID"
    until = time.monotonic() + 3
    while shown(now(book))[0][0] != "plus tard" and time.monotonic() < until:
        time.sleep(0.02)
    assert shown(now(book))[0][0] == "plus tard"
    assert status(book)["staff"][0]["fired"] == 1


def test_an_action_may_take_place_in_another_book(book):
    other = Plain(book.url)
    other.create("Autre classeur de cet essai")
    action = {"do": "edit", "cell": "A1", "value": "ici"}
    load(book, {"at": "before_write", "book": "Autre classeur de cet essai", "do": [action]})
    book.write("Notes!A1", [["là"]])
    assert shown(now(other), next(iter(now(other).titles()))) == [["ici"]]
    assert shown(now(book))[0][0] == "là"


def test_a_refused_action_is_told_in_the_status(book):
    load(book, {"at": "after_read", "do": [{"do": "delete_tab", "tab": "Disparu"}]})
    assert book.read("Notes!A1") == [["ID"]]
    assert status(book)["staff"][0]["done"][0]["refused"] == "L’onglet « Disparu » n’existe pas."


def test_a_person_and_a_fault_may_meet_on_one_write(book):
    fault = {"when": {"kind": "writes"}, "fault": "reset", "at": "after"}
    load(book, {"at": "before_write", "do": [{"do": "insert_rows", "tab": "Notes", "row": 2}]}, rules=[fault])
    with pytest.raises(requests.ConnectionError):
        book.write("Notes!C3", [["20"]])
    assert shown(now(book)) == [HEADER, [], ["E-1", "Ana", "20"], BOB, CHLOE]


TESTED_ALONE = {
    *("locale", "rename_tab", "add_tab", "delete_tab", "duplicate_tab", "trash", "untrash", "unshare", "reshare"),
    *("hide_rows", "show_rows", "hide_columns", "show_columns", "filter", "clear_filter", "merge", "unmerge"),
    *("protect", "unprotect", "colour", "note", RESTORE),
}


def test_every_action_is_tested_here():
    assert {*ACTIONS, RESTORE} == TESTED_ALONE | {action["do"] for action, _ in GRIDS.values()}
