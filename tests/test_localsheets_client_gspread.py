"""An unmodified gspread does all it can do against the stand-in."""

import re
from collections.abc import Iterator

import gspread
import pytest
from gspread.utils import (
    DateTimeOption,
    Dimension,
    ExportFormat,
    InsertDataOption,
    MergeType,
    PasteOrientation,
    PasteType,
    TableDirection,
    ValidationConditionType,
    ValueInputOption,
    ValueRenderOption,
)

from localsheets.server import Running, serve
from tests.localsheets_client import gspread_client

TYPED = ValueInputOption.user_entered
ROWS = [["Nom", "Note"], ["Ada", 15], ["Grace", 12], ["Alan", 9]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("gspread") / "books.db")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(server: Running) -> gspread.Client:
    return gspread_client(server.url)


@pytest.fixture()
def book(client: gspread.Client) -> gspread.Spreadsheet:
    return client.create("Promotion")


@pytest.fixture()
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    found = book.sheet1
    found.update(ROWS, "A1")
    return found


# Books


def test_books_are_opened_listed_and_deleted(client: gspread.Client) -> None:
    book = client.create("Une promotion bien à elle")
    assert client.open("Une promotion bien à elle").id == book.id
    assert client.open_by_key(book.id).title == book.title
    assert client.open_by_url(book.url).id == book.id
    assert [one.id for one in client.openall("Une promotion bien à elle")] == [book.id]
    assert book.id in [one["id"] for one in client.list_spreadsheet_files()]
    client.del_spreadsheet(book.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open("Une promotion bien à elle")
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(book.id)


def test_a_book_has_properties(book: gspread.Spreadsheet) -> None:
    book.update_title("Promotion 2026")
    book.update_timezone("Europe/Paris")
    book.update_locale("fr_FR")
    assert (book.title, book.timezone, book.locale) == ("Promotion 2026", "Europe/Paris", "fr_FR")
    assert book.creationTime <= book.get_lastUpdateTime()
    assert [sheet.title for sheet in book] == ["Sheet1"]


def test_a_book_is_copied(client: gspread.Client, sheet: gspread.Worksheet) -> None:
    book = client.open_by_key(sheet.spreadsheet_id)
    book.share("ada@example.org", perm_type="user", role="writer", notify=False)
    # gspread gives the copy an owner in the way that Google refuses.
    with pytest.raises(gspread.exceptions.APIError, match="transferOwnership parameter must be enabled"):
        client.copy(book.id, title="Copie", copy_permissions=True)
    copy = client.copy(book.id, title="Copie")
    assert (copy.title, copy.sheet1.get("A2:B2")) == ("Copie", [["Ada", "15"]])
    assert client.copy(book.id).title == "Copy of Promotion"


def test_a_book_is_shared_and_unshared(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.share("ada@example.org", perm_type="user", role="reader", email_message="Bonjour")
    book.share("equipe@example.org", perm_type="group", role="writer", notify=False)
    book.share("example.org", perm_type="domain", role="reader")
    book.share("", perm_type="anyone", role="reader", with_link=True)
    held = {(one["type"], one.get("emailAddress") or one.get("domain"), one["role"]) for one in book.list_permissions()}
    assert held >= {
        ("user", "ada@example.org", "reader"),
        ("group", "equipe@example.org", "writer"),
        ("domain", "example.org", "reader"),
        ("anyone", None, "reader"),
    }
    assert len(book.remove_permissions("ada@example.org")) == 1
    assert "ada@example.org" not in [one.get("emailAddress") for one in client.list_permissions(book.id)]
    added = client.insert_permission(book.id, "bob@example.org", perm_type="user", role="reader").json()
    client.remove_permission(book.id, added["id"])
    with pytest.raises(gspread.exceptions.APIError) as refused:
        client.remove_permission(book.id, added["id"])
    assert refused.value.code == 404


def test_a_book_is_exported(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    assert book.export(ExportFormat.CSV).decode().splitlines() == ["Nom,Note", "Ada,15", "Grace,12", "Alan,9"]
    assert book.export(ExportFormat.TSV).decode().splitlines()[1] == "Ada\t15"
    assert book.export(ExportFormat.EXCEL)[:2] == b"PK"


def test_a_csv_replaces_a_book(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.add_worksheet("Autre", 5, 5)
    client.import_csv(book.id, "Nom,Note\nÉlise,17\n")
    again = client.open_by_key(book.id)
    assert len(again.worksheets()) == 1
    assert again.sheet1.get_all_values() == [["Nom", "Note"], ["Élise", "17"]]


# Tabs


def test_tabs_come_and_go(book: gspread.Spreadsheet) -> None:
    added = book.add_worksheet("Séances", rows=20, cols=5, index=0)
    assert (added.title, added.index, added.row_count, added.col_count) == ("Séances", 0, 20, 5)
    assert book.get_worksheet(0).id == added.id == book.get_worksheet_by_id(added.id).id
    copy = book.duplicate_sheet(added.id, insert_sheet_index=1, new_sheet_id=77, new_sheet_name="Copie")
    assert (copy.id, copy.title, copy.index) == (77, "Copie", 1)
    assert added.duplicate(new_sheet_name="Encore").title == "Encore"
    book.reorder_worksheets([book.worksheet("Sheet1"), copy])
    assert [one.title for one in book.worksheets()] == ["Sheet1", "Copie", "Encore", "Séances"]
    book.del_worksheet(copy)
    book.del_worksheet_by_id(added.id)
    assert [one.title for one in book.worksheets()] == ["Sheet1", "Encore"]
    with pytest.raises(gspread.WorksheetNotFound):
        book.worksheet("Copie")


def test_a_tab_has_properties(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.update_title("Élèves")
    sheet.update_tab_color("#ff8000")
    sheet.resize(rows=50, cols=8)
    sheet.add_rows(10)
    sheet.add_cols(2)
    sheet.freeze(rows=1, cols=2)
    sheet.hide_gridlines()
    again = book.worksheet("Élèves")
    assert (again.row_count, again.col_count, again.column_count) == (60, 10, 10)
    assert (again.frozen_row_count, again.frozen_col_count) == (1, 2)
    assert (again.get_tab_color(), again.is_gridlines_hidden) == ("#FF8000", True)
    sheet.clear_tab_color()
    sheet.show_gridlines()
    again = book.worksheet("Élèves")
    assert (again.get_tab_color(), again.is_gridlines_hidden) == (None, False)


def test_tabs_are_moved_hidden_and_copied(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    other = book.add_worksheet("Autre", 5, 5)
    other.update_index(0)
    other.hide()
    assert [one.title for one in book.worksheets()] == ["Autre", "Sheet1"]
    assert [one.title for one in book.worksheets(exclude_hidden=True)] == ["Sheet1"]
    with pytest.raises(gspread.exceptions.APIError, match="You can't hide all the sheets in a document"):
        book.worksheet("Sheet1").hide()
    other.show()
    target = client.create("Cible")
    copied = other.copy_to(target.id)
    assert copied["title"] == "Copy of Autre"
    assert [one.title for one in target.worksheets()] == ["Sheet1", "Copy of Autre"]


# Cells


def test_cells_are_read_one_by_one(sheet: gspread.Worksheet) -> None:
    assert sheet.acell("A2").value == "Ada"
    cell = sheet.cell(2, 2, value_render_option=ValueRenderOption.unformatted)
    assert (cell.value, cell.numeric_value, cell.address) == (15, 15, "B2")
    assert sheet.cell(40, 3).value is None
    sheet.update_acell("C2", "=B2*2")
    assert sheet.acell("C2").value == "30"
    assert sheet.acell("C2", value_render_option=ValueRenderOption.formula).value == "=B2*2"
    sheet.update_cell(3, 3, 4.5)
    assert sheet.row_values(3) == ["Grace", "12", "4.5"]
    assert sheet.col_values(1) == ["Nom", "Ada", "Grace", "Alan"]


def test_cells_are_written_by_list(sheet: gspread.Worksheet) -> None:
    cells = sheet.range("A5:B6")
    for number, cell in enumerate(cells):
        cell.value = number
    sheet.update_cells(cells)
    assert sheet.get("A5:B6", value_render_option=ValueRenderOption.unformatted) == [[0, 1], [2, 3]]
    assert [cell.value for cell in sheet.get_all_cells() if cell.value][:4] == ["Nom", "Note", "Ada", "15"]


def test_ranges_are_read_in_every_way(sheet: gspread.Worksheet) -> None:
    sheet.update([["25%", "TRUE"]], "B6", value_input_option=TYPED)
    assert sheet.get("B6:C6") == [["25%", "TRUE"]]
    assert sheet.get("B6:C6", value_render_option=ValueRenderOption.unformatted) == [[0.25, True]]
    sheet.update([["2/14/2025"]], "A7", value_input_option=TYPED)
    raw = ValueRenderOption.unformatted
    assert sheet.get("A7", value_render_option=raw, date_time_render_option=DateTimeOption.serial_number) == [[45702]]
    assert sheet.get("A7", value_render_option=raw, date_time_render_option=DateTimeOption.formatted_string) == [
        ["2/14/2025"]
    ]
    assert sheet.get("A1:B2", major_dimension=Dimension.cols) == [["Nom", "Ada"], ["Note", "15"]]
    assert sheet.get("A1:B2", maintain_size=True) == [["Nom", "Note"], ["Ada", "15"]]
    assert sheet.get("D1:E2", maintain_size=True) == [["", ""], ["", ""]]
    assert sheet.get("D1:E2").range == "Sheet1!D1:E2"
    assert sheet.batch_get(["A2", "B2:B3"]) == [[["Ada"]], [["15"], ["12"]]]
    assert sheet.expand("A1", TableDirection.table) == [["Nom", "Note"], ["Ada", "15"], ["Grace", "12"], ["Alan", "9"]]
    assert sheet.get_all_values()[3] == ["Alan", "9", ""]


def test_records_are_read(sheet: gspread.Worksheet) -> None:
    assert sheet.get_all_records()[:2] == [{"Nom": "Ada", "Note": 15}, {"Nom": "Grace", "Note": 12}]
    assert sheet.get_all_records(numericise_ignore=["all"])[0] == {"Nom": "Ada", "Note": "15"}


def test_ranges_are_written_in_a_batch(sheet: gspread.Worksheet) -> None:
    sheet.batch_update([{"range": "A5", "values": [["Edsger"]]}, {"range": "B5", "values": [["0612"]]}], raw=False)
    assert sheet.get("A5:B5") == [["Edsger", "612"]]
    answer = sheet.batch_update(
        [{"range": "B5", "values": [["0612"]]}],
        value_input_option=ValueInputOption.raw,
        include_values_in_response=True,
        response_value_render_option=ValueRenderOption.unformatted,
    )
    assert answer["responses"][0]["updatedData"]["values"] == [["0612"]]
    sheet.batch_clear(["A5:B5", "A4"])
    assert sheet.get_all_values() == [["Nom", "Note"], ["Ada", "15"], ["Grace", "12"], ["", "9"]]
    sheet.clear()
    assert sheet.get_all_values() == [[]]


def test_rows_are_appended(sheet: gspread.Worksheet) -> None:
    answer = sheet.append_row(["Edsger", 20])
    assert answer["updates"]["updatedRange"] == "Sheet1!A5:B5"
    answer = sheet.append_rows(
        [["Barbara", 18], ["Niklaus", 17]],
        value_input_option=TYPED,
        insert_data_option=InsertDataOption.insert_rows,
        table_range="A1:B1",
    )
    assert answer["updates"]["updatedRange"] == "Sheet1!A6:B7"
    assert sheet.spreadsheet.sheet1.row_count == 1002
    assert sheet.col_values(1)[4:] == ["Edsger", "Barbara", "Niklaus"]


def test_rows_and_columns_are_inserted_and_deleted(sheet: gspread.Worksheet) -> None:
    sheet.insert_row(["Kurt", 8], 2)
    sheet.insert_rows([["Emmy", 19], ["Sofia", 18]], row=2, value_input_option=TYPED, inherit_from_before=True)
    assert sheet.col_values(1) == ["Nom", "Emmy", "Sofia", "Kurt", "Ada", "Grace", "Alan"]
    sheet.insert_cols([["Rang", 1, 2]], col=1)
    assert sheet.row_values(2) == ["1", "Emmy", "19"]
    sheet.delete_rows(2, 3)
    sheet.delete_columns(1)
    assert sheet.get_all_values()[:2] == [["Nom", "Note"], ["Kurt", "8"]]
    sheet.delete_dimension(Dimension.rows, 1)
    assert sheet.row_values(1) == ["Kurt", "8"]
    with pytest.raises(gspread.exceptions.APIError):
        sheet.delete_rows(1, 5000)


def test_cells_are_found(sheet: gspread.Worksheet) -> None:
    assert sheet.find("Grace").address == "A3"
    assert sheet.find("grace", case_sensitive=False).address == "A3"
    assert sheet.find("nobody") is None
    assert [cell.value for cell in sheet.findall(re.compile("^A"))] == ["Ada", "Alan"]
    assert sheet.find("9", in_column=2).row == 4


def test_rows_are_sorted_and_filtered(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.sort((2, "asc"), range="A2:B4")
    assert sheet.col_values(1) == ["Nom", "Alan", "Grace", "Ada"]
    sheet.sort((1, "des"), range="A2:B4")
    assert sheet.col_values(1) == ["Nom", "Grace", "Alan", "Ada"]
    sheet.set_basic_filter("A1:B4")
    shown = book.fetch_sheet_metadata()["sheets"][0]["basicFilter"]["range"]
    assert (shown["startRowIndex"], shown["endRowIndex"], shown["endColumnIndex"]) == (0, 4, 2)
    sheet.clear_basic_filter()
    assert "basicFilter" not in book.fetch_sheet_metadata()["sheets"][0]


def test_ranges_are_copied_and_cut(sheet: gspread.Worksheet) -> None:
    sheet.copy_range("A1:B2", "D1", PasteType.values, PasteOrientation.normal)
    assert sheet.get("D1:E2") == [["Nom", "Note"], ["Ada", "15"]]
    sheet.copy_range("A1:B2", "G1", PasteType.normal, PasteOrientation.transpose)
    assert sheet.get("G1:H2") == [["Nom", "Ada"], ["Note", "15"]]
    sheet.cut_range("D1:E2", "D5", PasteType.normal)
    assert sheet.get("D1:E2") == [[]]
    assert sheet.get("D5:E6") == [["Nom", "Note"], ["Ada", "15"]]


# Looks, notes, names


def test_cells_are_formatted(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.format("A1:B1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1, "green": 0.5}})
    sheet.format(["B2:B3", "B4"], {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}})
    sheet.batch_format([{"range": "A2", "format": {"horizontalAlignment": "CENTER"}}])
    assert sheet.get("B2:B4") == [["15.00"], ["12.00"], ["9.00"]]
    params = {"ranges": "A1:A2", "fields": "sheets.data.rowData.values.userEnteredFormat"}
    first, second = book.fetch_sheet_metadata(params)["sheets"][0]["data"][0]["rowData"]
    assert first["values"][0]["userEnteredFormat"]["textFormat"] == {"bold": True}
    assert second["values"][0]["userEnteredFormat"] == {"horizontalAlignment": "CENTER"}


def test_notes_are_kept(book: gspread.Spreadsheet) -> None:
    sheet = book.sheet1
    sheet.insert_note("A1", "Un nom")
    sheet.insert_notes({"B2": "Une note", "B3": "Une autre"})
    assert sheet.get_note("B2") == "Une note"
    assert sheet.get_notes() == [["Un nom"], ["", "Une note"], ["", "Une autre"]]
    sheet.update_note("A1", "Le nom")
    sheet.update_notes({"B3": "Rien"})
    assert sheet.get_notes(grid_range="A1:B1") == [["Le nom"]]
    sheet.clear_note("A1")
    sheet.clear_notes(["B2", "B3"])
    assert sheet.get_note("B2") == ""


def test_cells_are_merged(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.merge_cells("A1:B1")
    sheet.batch_merge([{"range": "D1:E2", "mergeType": MergeType.merge_rows}, {"range": "A6:A8"}])
    merges = book.fetch_sheet_metadata()["sheets"][0]["merges"]
    assert len(merges) == 4
    assert sheet.get("A1:B2", pad_values=True, combine_merged_cells=True) == [["Nom", "Nom"], ["Ada", "15"]]
    sheet.unmerge_cells("A1:E8")
    assert "merges" not in book.fetch_sheet_metadata()["sheets"][0]


def test_names_and_protections(client: gspread.Client, book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.define_named_range("A2:A4", "noms")
    assert [cell.value for cell in book.named_range("noms")] == ["Ada", "Grace", "Alan"]
    (named,) = book.list_named_ranges()
    assert named["name"] == "noms"
    sheet.delete_named_range(named["namedRangeId"])
    assert book.list_named_ranges() == []
    email = client.http_client.auth.service_account_email
    sheet.add_protected_range("B1:B4", editor_users_emails=[email], description="Notes")
    (protected,) = book.list_protected_ranges(sheet.id)
    assert (protected["description"], protected["editors"]["users"]) == ("Notes", [email])
    sheet.delete_protected_range(protected["protectedRangeId"])
    assert book.list_protected_ranges(sheet.id) == []


def test_lines_are_grouped_hidden_and_fitted(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.add_dimension_group_rows(1, 3)
    sheet.add_dimension_group_columns(0, 2)
    assert [(one["range"]["startIndex"], one["depth"]) for one in sheet.list_dimension_group_rows()] == [(1, 1)]
    assert sheet.list_dimension_group_columns()[0]["range"]["endIndex"] == 2
    sheet.delete_dimension_group_rows(1, 3)
    sheet.delete_dimension_group_columns(0, 2)
    assert sheet.list_dimension_group_rows() == []
    sheet.hide_rows(1, 2)
    sheet.hide_columns(0, 1)
    hidden = {"fields": "sheets.data(rowMetadata.hiddenByUser,columnMetadata.hiddenByUser)"}
    data = book.fetch_sheet_metadata(hidden)["sheets"][0]["data"][0]
    assert (data["rowMetadata"][1], data["columnMetadata"][0]) == ({"hiddenByUser": True}, {"hiddenByUser": True})
    sheet.unhide_rows(1, 2)
    sheet.unhide_columns(0, 1)
    sheet.columns_auto_resize(0, 2)
    sheet.rows_auto_resize(0, 2)
    assert not any(book.fetch_sheet_metadata(hidden)["sheets"][0]["data"][0].get("rowMetadata", []))


def test_values_are_validated(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    sheet.add_validation("C2:C4", ValidationConditionType.one_of_list, ["oui", "non"], strict=True, showCustomUi=True)
    params = {"ranges": "C2", "fields": "sheets.data.rowData.values.dataValidation"}
    rule = book.fetch_sheet_metadata(params)["sheets"][0]["data"][0]["rowData"][0]["values"][0]["dataValidation"]
    assert rule["condition"] == {
        "type": "ONE_OF_LIST",
        "values": [{"userEnteredValue": "oui"}, {"userEnteredValue": "non"}],
    }
    assert (rule["strict"], rule["showCustomUi"]) == (True, True)


# Plain calls, and refusals


def test_plain_calls_of_a_book(book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
    book.values_update("Sheet1!A5", {"valueInputOption": "RAW"}, {"values": [["Edsger"]]})
    book.values_append("Sheet1!A1", {"valueInputOption": "RAW"}, {"values": [["Barbara"]]})
    body = {"valueInputOption": "RAW", "data": [{"range": "Sheet1!B5:B6", "values": [[1], [2]]}]}
    assert book.values_batch_update(body)["totalUpdatedCells"] == 2
    assert book.values_get("Sheet1!A5:B6")["values"] == [["Edsger", "1"], ["Barbara", "2"]]
    ranges = book.values_batch_get(["Sheet1!A5", "Sheet1!B6"])["valueRanges"]
    assert [one["values"] for one in ranges] == [[["Edsger"]], [["2"]]]
    book.values_clear("Sheet1!A5:A6")
    book.values_batch_clear(body={"ranges": ["Sheet1!B5", "Sheet1!B6"]})
    assert len(sheet.get_all_values()) == 4
    answer = book.batch_update({"requests": [{"addSheet": {"properties": {"title": "Ajout"}}}]})
    assert answer["replies"][0]["addSheet"]["properties"]["title"] == "Ajout"


@pytest.mark.parametrize(
    ("doing", "code", "words"),
    [
        (lambda sheet: sheet.get("Nulle part!A1"), 400, "Unable to parse range"),
        (lambda sheet: sheet.update([["x"]], "A1:A0x"), 400, "Unable to parse range"),
        (lambda sheet: sheet.update([[1], [2]], "A1"), None, ""),
        (lambda sheet: sheet.update([[1], [2]], "A1:B1"), 400, "tried writing to row"),
        (lambda sheet: sheet.spreadsheet.del_worksheet(sheet), 400, "You can't remove all the sheets in a document"),
        (lambda sheet: sheet.spreadsheet.add_worksheet("Sheet1", 1, 1), 400, "already exists"),
        (lambda sheet: sheet.spreadsheet.values_update("A1", {}, {"values": [["x"]]}), 400, "valueInputOption"),
        (lambda sheet: sheet.delete_named_range("404"), 400, "404"),
        (lambda sheet: sheet.merge_cells("A1:ZZ9999999"), 400, "requests.0..mergeCells"),
    ],
    ids=[
        "no such tab",
        "no range",
        "fits",
        "too many rows",
        "last tab",
        "same name",
        "no option",
        "no name",
        "outside",
    ],
)
def test_refusals(sheet: gspread.Worksheet, doing: object, code: int | None, words: str) -> None:
    if code is None:
        doing(sheet)
        return
    with pytest.raises(gspread.exceptions.APIError, match=words) as refused:
        doing(sheet)
    assert refused.value.code == code
