"""Books leave as Excel files and texts, and come in as texts."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import requests
from gspread.utils import ExportFormat

from localsheets.drive.xlsx import excel_formula
from localsheets.server import Running, serve
from tests.localsheets_client import Plain, area, gspread_client, lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "application/vnd.google-apps.spreadsheet"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("export") / "books.db")
    yield running
    running.stop()


@pytest.fixture()
def book(server: Running) -> Plain:
    client = Plain(server.url)
    client.create("Notes", "fr_FR")
    return client


def _export(client: Plain, kind: str) -> requests.Response:
    return client.call("GET", f"/drive/v3/files/{client.book}/export", mimeType=kind)


def _format(given: dict[str, Any], fields: str, *where: int) -> dict[str, Any]:
    return {
        "repeatCell": {
            "range": area(*where),
            "cell": {"userEnteredFormat": given},
            "fields": f"userEnteredFormat.{fields}",
        }
    }


def _set(kind: str, properties: dict[str, Any], fields: str, **more: Any) -> dict[str, Any]:
    return {kind: {"properties": properties, "fields": fields, **more}}


def test_an_excel_file_holds_what_the_book_does(book: Plain) -> None:
    book.write(
        "A1:D3", [["Nom", "Note", "Vu", "Le"], ["Ada", "12,5", "VRAI", "14/02/2025"], ["'=x", "=SI(B2>10;B2*2;0,5)"]]
    )
    done = book.batch(
        _format({"textFormat": {"bold": True}, "backgroundColor": {"red": 1}}, "textFormat", 0, 0, 1, 4),
        _format({"backgroundColor": {"red": 1}}, "backgroundColor", 0, 0, 1, 4),
        _format({"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}, "numberFormat", 1, 1, 2, 2),
        {"mergeCells": {"range": area(4, 0, 6, 2), "mergeType": "MERGE_ALL"}},
        _set(
            "updateSheetProperties",
            {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}},
            "gridProperties.frozenRowCount",
        ),
        _set("updateDimensionProperties", {"pixelSize": 210}, "pixelSize", range=lines("COLUMNS", 0, 1)),
        {"addSheet": {"properties": {"title": "Jury: été/hiver"}}},
    )
    assert done.status_code == 200, done.text
    answer = _export(book, XLSX)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, XLSX)
    read = openpyxl.load_workbook(io.BytesIO(answer.content))
    first = read.worksheets[0]
    assert [cell.value for cell in first[1]] == ["Nom", "Note", "Vu", "Le"]
    assert [first["B2"].value, first["C2"].value, first["A3"].value, first["A3"].data_type] == [12.5, True, "=x", "s"]
    assert (first["D2"].value.year, first["D2"].value.month, first["D2"].value.day) == (2025, 2, 14)
    assert (first["B2"].number_format, first["B3"].data_type) == ("0.00", "f")
    assert first["B3"].value.endswith("(B2>10,B2*2,0.5)")
    assert (first["A1"].font.bold, first["A1"].fill.fgColor.rgb) == (True, "FFFF0000")
    assert (first.freeze_panes, [str(area) for area in first.merged_cells.ranges]) == ("A2", ["A5:B6"])
    assert (first.column_dimensions["A"].width, read.sheetnames[1]) == (30, "Jury  été hiver")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(A1;B1)", "=SUM(A1,B1)"),
        ("=A1*0,5", "=A1*0.5"),
        ('=IF(A1="a;b";1,5;2)', '=IF(A1="a;b",1.5,2)'),
        ("='Jury;1,2'!A1", "='Jury;1,2'!A1"),
    ],
)
def test_formulas_are_written_with_points(formula: str, expected: str) -> None:
    assert excel_formula(formula, comma=True) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/csv", 'Nom,"Note, sur 20",\r\n"dit ""Ada""","12,5",\r\n,,fin'),
        ("text/tab-separated-values", 'Nom\tNote, sur 20\t\r\ndit "Ada"\t12,5\t\r\n\t\tfin'),
    ],
)
def test_texts_hold_the_first_tab_as_shown(book: Plain, kind: str, text: str) -> None:
    book.write("A1:C3", [["Nom", "Note, sur 20"], ['dit "Ada"', "12,50"], ["", "", "fin"]])
    answer = _export(book, kind)
    assert (answer.status_code, answer.content.decode()) == (200, text)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("application/pdf", 501), ("application/zip", 501), ("text/plain", 400), ("", 400), ("image/png", 400)],
)
def test_other_formats_are_refused(book: Plain, kind: str, status: int) -> None:
    assert _export(book, kind).status_code == status


def test_gspread_exports_and_imports(server: Running) -> None:
    client = gspread_client(server.url)
    book = client.create("Import")
    book.add_worksheet("Deux", 10, 5)
    client.import_csv(book.id, "Nom,Note\nAda,15\n")
    again = client.open_by_key(book.id)
    assert [sheet.title for sheet in again.worksheets()] == ["Sheet1"]
    assert again.sheet1.get_all_records() == [{"Nom": "Ada", "Note": 15}]
    assert again.export(ExportFormat.CSV).decode() == "Nom,Note\r\nAda,15"
    assert openpyxl.load_workbook(io.BytesIO(again.export(ExportFormat.EXCEL))).active["B2"].value == 15


def test_an_upload_makes_a_spreadsheet(server: Running) -> None:
    client = Plain(server.url)
    body = (
        "--limite\r\nContent-Type: application/json\r\n\r\n"
        f'{{"name": "Envoyé", "mimeType": "{SHEET}"}}\r\n'
        "--limite\r\nContent-Type: text/csv\r\n\r\na,1\r\n\r\n--limite--\r\n"
    )
    address, kind = f"{server.url}/upload/drive/v3/files", "multipart/related; boundary=limite"
    answer = client.session.post(
        address, data=body.encode(), params={"uploadType": "multipart"}, headers={"Content-Type": kind}, timeout=5
    )
    assert (answer.status_code, answer.json()["name"]) == (200, "Envoyé")
    client.book = answer.json()["id"]
    assert client.read("A1:B1") == [["a", "1"]]
    refused = client.session.post(
        address, data=b"x", params={"uploadType": "media"}, headers={"Content-Type": "text/plain"}, timeout=5
    )
    assert refused.status_code == 501
    other = Plain(server.url, "ada@example.org").session.patch(
        f"{address}/{client.book}",
        data=b"b",
        params={"uploadType": "media"},
        headers={"Content-Type": "text/csv"},
        timeout=5,
    )
    assert other.status_code == 404
