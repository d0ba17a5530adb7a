"""An unmodified pygsheets does its tour of the stand-in."""

from collections.abc import Iterator
from pathlib import Path

import pygsheets
import pytest
from googleapiclient.errors import HttpError

from localsheets.server import Running, serve
from tests.localsheets_client import Elsewhere, credentials

ROWS = [["Nom", "Note"], ["Ada", 15], ["Grace", 12.5], ["Alan", 9]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("pygsheets") / "books.db")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(server: Running) -> pygsheets.client.Client:
    return pygsheets.authorize(custom_credentials=credentials(server.url), http=Elsewhere(server.url), retries=0)


@pytest.fixture()
def book(client: pygsheets.client.Client) -> pygsheets.Spreadsheet:
    return client.create("Promotion")


@pytest.fixture()
def sheet(book: pygsheets.Spreadsheet) -> pygsheets.Worksheet:
    book.sheet1.update_values("A1", ROWS)
    return book.sheet1


def test_books_are_opened_listed_and_deleted(client: pygsheets.client.Client) -> None:
    book = client.create("Jury de juin")
    book.title = "Jury de juillet"
    assert client.open("Jury de juillet").id == client.open_by_url(book.url).id == client.open_by_key(book.id).id
    assert "Jury de juillet" in client.spreadsheet_titles()
    assert book.id in client.spreadsheet_ids(query="name contains 'juillet'")
    assert client.open_as_json(book.id)["properties"]["title"] == "Jury de juillet"
    book.locale = "fr_FR"
    assert client.open_by_key(book.id).locale == "fr_FR"
    book.delete()
    with pytest.raises(pygsheets.SpreadsheetNotFound):
        client.open("Jury de juillet")


def test_tabs_come_and_go(book: pygsheets.Spreadsheet) -> None:
    added = book.add_worksheet("Séances", rows=20, cols=5, index=0)
    assert (added.title, added.rows, added.cols, added.index) == ("Séances", 20, 5, 0)
    added.title, added.frozen_rows, added.frozen_cols = "Rosters", 1, 1
    added.rows = 25
    copy = book.add_worksheet("Copie", src_worksheet=added)
    assert (copy.rows, copy.frozen_rows, copy.frozen_cols) == (25, 1, 1)
    book.del_worksheet(copy)
    added.hidden = True
    held = {(one.title, one.hidden) for one in book.worksheets(force_fetch=True)}
    assert held == {("Rosters", True), ("Sheet1", False)}
    with pytest.raises(pygsheets.WorksheetNotFound):
        book.worksheet_by_title("Copie")


def test_values_are_written_and_read(sheet: pygsheets.Worksheet) -> None:
    sheet.update_values("C1", [["Double"], ["=B2*2"]])
    assert sheet.get_value("C2") == "30"
    assert sheet.get_values("A1", "B3", include_tailing_empty=False) == [
        ["Nom", "Note"],
        ["Ada", "15"],
        ["Grace", "12.5"],
    ]
    assert sheet.get_all_records()[0] == {"Nom": "Ada", "Note": 15, "Double": 30}
    sheet.update_values_batch(["D1", "D2:D3"], [[["x"]], [[1], [2]]])
    assert sheet.get_values_batch([("D1", "D1"), ("D2", "D3")]) == [[["x"]], [["1"], ["2"]]]
    sheet.update_row(5, ["Edsger", 20])
    sheet.update_col(5, ["e", "f"])
    assert sheet.get_row(5, include_tailing_empty=False) == ["Edsger", "20"]
    assert sheet.get_col(5, include_tailing_empty=False) == ["e", "f"]
    sheet.clear("D1", "E5")
    assert sheet.get_values("D1", "E5", include_tailing_empty=False, include_tailing_empty_rows=False) == [[]]


def test_cells_have_values_notes_and_looks(sheet: pygsheets.Worksheet) -> None:
    cell = sheet.cell("B2")
    cell.fetch()
    assert (cell.value, cell.value_unformatted) == ("15", 15)
    cell.value = 16.5
    cell.note = "Relue"
    cell.color = (1.0, 0.0, 0.0)
    cell.set_text_format("bold", True)
    cell.set_number_format(pygsheets.FormatType.NUMBER, "0.00")
    cell.set_horizontal_alignment(pygsheets.HorizontalAlignment.CENTER)
    again = sheet.cell("B2")
    again.fetch()
    assert (again.value, again.note, again.color[:3]) == ("16.50", "Relue", (1, 0, 0))
    assert (again.text_format["bold"], again.horizontal_alignment) == (True, pygsheets.HorizontalAlignment.CENTER)
    again.formula = "B3*2"
    assert (sheet.cell("B2").formula, sheet.cell("B2").value) == ("=B3*2", "25.00")
    sheet.apply_format(["A1:B1"], {"textFormat": {"italic": True}})
    header = sheet.cell("A1")
    header.fetch()
    assert header.text_format["italic"] is True


def test_rows_are_appended_inserted_deleted_and_sorted(sheet: pygsheets.Worksheet) -> None:
    sheet.append_table([["Edsger", 20]], start="A1")
    sheet.insert_rows(1, number=2, values=[["Emmy", 19], ["Sofia", 18]])
    assert sheet.get_col(1, include_tailing_empty=False) == ["Nom", "Emmy", "Sofia", "Ada", "Grace", "Alan", "Edsger"]
    sheet.delete_rows(2, number=2)
    sheet.insert_cols(0, values=[["rang"]])
    sheet.delete_cols(1)
    sheet.sort_range("A2", "B5", basecolumnindex=1)
    assert sheet.get_col(1, include_tailing_empty=False) == ["Nom", "Alan", "Grace", "Ada", "Edsger"]
    sheet.add_rows(5)
    sheet.add_cols(1)
    sheet.resize(rows=50, cols=9)
    assert (sheet.rows, sheet.cols) == (50, 9)


def test_cells_are_found_and_replaced(book: pygsheets.Spreadsheet, sheet: pygsheets.Worksheet) -> None:
    assert [cell.label for cell in sheet.find("ada")] == ["A2"]
    sheet.replace("Grace", "Grâce")
    assert sheet.get_value("A3") == "Grâce"
    book.replace("Alan", "Al")
    assert sheet.get_value("A4") == "Al"


def test_names_protections_and_merges(book: pygsheets.Spreadsheet, sheet: pygsheets.Worksheet) -> None:
    sheet.create_named_range("noms", "A2", "A4", returnas="json")
    named = sheet.get_named_range("noms")
    assert (named.name, named.range) == ("noms", "A2:A4")
    named.protected = True
    assert [one.range for one in sheet.get_protected_ranges()] == ["A2:A4"]
    named.protected = False
    sheet.delete_named_range("noms")
    book.update_properties()
    book.fetch_properties()
    assert (book.named_ranges, sheet.get_protected_ranges()) == ([], [])
    sheet.merge_cells("A6", "B7")
    sheet.refresh()
    assert [one.to_json()["endColumnIndex"] for one in sheet.merged_ranges] == [2]


def test_lines_rules_and_filters(client: pygsheets.client.Client, sheet: pygsheets.Worksheet) -> None:
    sheet.adjust_column_width(1, pixel_size=250)
    sheet.adjust_row_height(1, 2, pixel_size=40)
    sheet.hide_dimensions(3)
    sheet.set_data_validation("C2", "C4", condition_type="ONE_OF_LIST", condition_values=["oui", "non"], strict=True)
    bold = {"textFormat": {"bold": True}}
    sheet.add_conditional_formatting("B2", "B4", "NUMBER_GREATER", bold, ["10"])
    sheet.set_basic_filter("A1", "B4")
    sizes = "data(columnMetadata.pixelSize,rowMetadata(pixelSize,hiddenByUser))"
    mask = f"sheets(basicFilter.range,conditionalFormats,{sizes})"
    found = client.sheet.get(sheet.spreadsheet.id, fields=mask)["sheets"][0]
    (data,) = found["data"]
    assert data["columnMetadata"][0]["pixelSize"] == 250
    assert [row["pixelSize"] for row in data["rowMetadata"][:2]] == [40, 40]
    assert data["rowMetadata"][2]["hiddenByUser"] is True
    assert found["basicFilter"]["range"]["endRowIndex"] == 4
    assert found["conditionalFormats"][0]["booleanRule"]["condition"]["type"] == "NUMBER_GREATER"
    sheet.show_dimensions(3)
    sheet.clear_basic_filter()


def test_developer_metadata(book: pygsheets.Spreadsheet, sheet: pygsheets.Worksheet) -> None:
    made = sheet.create_developer_metadata("field", "mark")
    book.create_developer_metadata("owner", "passerelle")
    assert [(one.key, one.value) for one in sheet.get_developer_metadata()] == [("field", "mark")]
    assert [one.value for one in book.get_developer_metadata("owner")] == ["passerelle"]
    made.value = "grade"
    made.update()
    assert [one.value for one in sheet.get_developer_metadata("field")] == ["grade"]
    made.delete()
    assert sheet.get_developer_metadata() == []


def test_sharing(book: pygsheets.Spreadsheet) -> None:
    book.share("ada@example.org", role="writer", sendNotificationEmail=False)
    book.share("", role="reader", type="anyone")
    held = {(one["type"], one.get("emailAddress"), one["role"]) for one in book.permissions}
    assert held >= {("user", "ada@example.org", "writer"), ("anyone", None, "reader")}
    book.remove_permission("ada@example.org")
    assert "ada@example.org" not in [one.get("emailAddress") for one in book.permissions]


def test_copies_and_exports(client: pygsheets.client.Client, sheet: pygsheets.Worksheet, tmp_path: Path) -> None:
    target = client.create("Cible")
    assert sheet.copy_to(target.id).title == "Copy of Sheet1"
    sheet.export(pygsheets.ExportType.CSV, filename="notes", path=f"{tmp_path}/")
    assert (tmp_path / "notes.csv").read_text().splitlines()[1] == "Ada,15"


def test_many_changes_go_in_one_batch(client: pygsheets.client.Client, sheet: pygsheets.Worksheet) -> None:
    client.set_batch_mode(True)
    sheet.update_value("A2", "Augusta")
    sheet.update_value("B2", 17)
    client.run_batch()
    client.set_batch_mode(False)
    assert sheet.get_values("A2", "B2") == [["Augusta", "17"]]


def test_refusals(client: pygsheets.client.Client, book: pygsheets.Spreadsheet) -> None:
    with pytest.raises(HttpError) as refused:
        client.open_by_key("1" + "x" * 43)
    assert refused.value.status_code == 404
    with pytest.raises(HttpError) as refused:
        book.del_worksheet(book.sheet1)
    assert (refused.value.status_code, "remove all the sheets" in refused.value.reason) == (400, True)
