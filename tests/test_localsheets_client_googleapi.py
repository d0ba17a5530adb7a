"""An unmodified google-api-python-client, its discovery documents bundled, does its tour of the stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseDownload

from localsheets.server import Running, serve
from tests.localsheets_client import Elsewhere, area, cells, credentials

SHEET = "application/vnd.google-apps.spreadsheet"
ROWS = [["Nom", "Note"], ["Ada", 15], ["Grace", 12.5], ["Alan", 9]]


@dataclass
class Google:
    """Both services, as a user builds them."""

    sheets: Any
    drive: Any

    def create(self, title: str = "Promotion") -> str:
        """Create a book, write the rows of the tour, and return its id."""
        book = self.sheets.spreadsheets().create(body={"properties": {"title": title}}).execute()["spreadsheetId"]
        options = {"spreadsheetId": book, "range": "A1", "valueInputOption": "RAW", "body": {"values": ROWS}}
        self.sheets.spreadsheets().values().update(**options).execute()
        return str(book)

    def batch(self, book: str, *requests: Any, **more: Any) -> Any:
        """Send a batchUpdate."""
        body = {"requests": list(requests), **more}
        return self.sheets.spreadsheets().batchUpdate(spreadsheetId=book, body=body).execute()

    def values(self, book: str, cells: str, **options: Any) -> Any:
        """Read values."""
        found = self.sheets.spreadsheets().values().get(spreadsheetId=book, range=cells, **options).execute()
        return found.get("values", [])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = serve(port=0, data=tmp_path_factory.mktemp("googleapi") / "books.db")
    yield running
    running.stop()


def google_of(server: Running, email: str | None = None) -> Google:
    http = AuthorizedHttp(credentials(server.url, email), http=Elsewhere(server.url))
    return Google(*(build(*name, http=http, static_discovery=True) for name in (("sheets", "v4"), ("drive", "v3"))))


@pytest.fixture(scope="module")
def google(server: Running) -> Google:
    return google_of(server)


@pytest.fixture()
def book(google: Google) -> str:
    return google.create()


# Books and tabs


def test_a_service_is_pointed_elsewhere_by_its_options(server: Running) -> None:
    options = {"api_endpoint": server.url}
    given = credentials(server.url)
    sheets = build("sheets", "v4", credentials=given, client_options=options, static_discovery=True)
    made = sheets.spreadsheets().create(body={"properties": {"title": "Ailleurs", "locale": "fr_FR"}}).execute()
    assert made["sheets"][0]["properties"]["title"] == "Feuille 1"
    found = sheets.spreadsheets().get(spreadsheetId=made["spreadsheetId"], fields="properties(title,locale)").execute()
    assert found == {"properties": {"title": "Ailleurs", "locale": "fr_FR"}}


def test_tabs_come_and_go(google: Google, book: str) -> None:
    replies = google.batch(
        book,
        {"addSheet": {"properties": {"title": "Séances", "index": 0}}},
        {"duplicateSheet": {"sourceSheetId": 0, "insertSheetIndex": 1, "newSheetName": "Copie"}},
    )["replies"]
    added = replies[0]["addSheet"]["properties"]["sheetId"]
    copy = replies[1]["duplicateSheet"]["properties"]
    assert (copy["title"], copy["index"]) == ("Copie", 1)
    google.batch(
        book,
        {"updateSheetProperties": {"properties": {"sheetId": added, "title": "Rosters"}, "fields": "title"}},
        {"deleteSheet": {"sheetId": copy["sheetId"]}},
    )
    mask = "sheets.properties(title,index)"
    found = google.sheets.spreadsheets().get(spreadsheetId=book, fields=mask).execute()
    assert [one["properties"]["title"] for one in found["sheets"]] == ["Rosters", "Sheet1"]


def test_the_book_after_the_update_is_answered(google: Google, book: str) -> None:
    answer = google.batch(
        book,
        {"updateCells": {"rows": [cells("Edsger", 20)], "fields": "userEnteredValue", "range": area(4, 0, 5, 2)}},
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
        responseRanges=["A5:B5"],
    )
    (data,) = answer["updatedSpreadsheet"]["sheets"][0]["data"]
    assert (data["startRow"], data["rowData"][0]["values"][1]["effectiveValue"]) == (4, {"numberValue": 20})


# Values


def test_values_are_written_and_read_with_their_types(google: Google, book: str) -> None:
    values = google.sheets.spreadsheets().values()
    body = {"values": [["2/14/2025", "25%", "TRUE", "=B2*2", "'0612"]]}
    done = values.update(
        spreadsheetId=book, range="A6:E6", valueInputOption="USER_ENTERED", body=body, includeValuesInResponse=True
    ).execute()
    assert done["updatedData"]["values"] == [["2/14/2025", "25%", "TRUE", "30", "0612"]]
    assert google.values(book, "A6:E6", valueRenderOption="UNFORMATTED_VALUE") == [[45702, 0.25, True, 30, "0612"]]
    assert google.values(book, "D6", valueRenderOption="FORMULA") == [["=B2*2"]]
    assert google.values(book, "A1:B2", majorDimension="COLUMNS") == [["Nom", "Ada"], ["Note", "15"]]
    assert google.values(book, "H1:J9") == []


def test_values_go_in_batches(google: Google, book: str) -> None:
    values = google.sheets.spreadsheets().values()
    body = {"valueInputOption": "RAW", "data": [{"range": "D1", "values": [["x"]]}, {"range": "D2", "values": [[1]]}]}
    assert values.batchUpdate(spreadsheetId=book, body=body).execute()["totalUpdatedCells"] == 2
    found = values.batchGet(spreadsheetId=book, ranges=["D1:D2", "A2"]).execute()["valueRanges"]
    assert [one["values"] for one in found] == [[["x"], ["1"]], [["Ada"]]]
    cleared = values.batchClear(spreadsheetId=book, body={"ranges": ["D1", "D2"]}).execute()
    assert cleared["clearedRanges"] == ["Sheet1!D1", "Sheet1!D2"]
    assert values.clear(spreadsheetId=book, range="A4:B4", body={}).execute()["clearedRange"] == "Sheet1!A4:B4"
    assert google.values(book, "A1:D9") == [["Nom", "Note"], ["Ada", "15"], ["Grace", "12.5"]]


def test_rows_are_appended(google: Google, book: str) -> None:
    values = google.sheets.spreadsheets().values()
    options = {"range": "A1", "valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    done = values.append(spreadsheetId=book, body={"values": [["Edsger", 20]]}, **options).execute()
    assert (done["tableRange"], done["updates"]["updatedRange"]) == ("Sheet1!A1:B4", "Sheet1!A5:B5")
    google.batch(book, {"appendCells": {"sheetId": 0, "rows": [cells("Barbara", 18)], "fields": "*"}})
    assert google.values(book, "A5:B6") == [["Edsger", "20"], ["Barbara", "18"]]


def test_values_are_found_by_filter(google: Google, book: str) -> None:
    values = google.sheets.spreadsheets().values()
    names = {"a1Range": "A2:A4"}
    marks = {"gridRange": area(1, 1, 4, 2)}
    body = {"dataFilters": [names, marks], "valueRenderOption": "UNFORMATTED_VALUE"}
    found = values.batchGetByDataFilter(spreadsheetId=book, body=body).execute()["valueRanges"]
    assert found[1]["valueRange"]["values"] == [[15], [12.5], [9]]
    data = [{"dataFilter": names, "values": [["A"], ["G"], ["T"]]}]
    body = {"valueInputOption": "RAW", "data": data}
    assert values.batchUpdateByDataFilter(spreadsheetId=book, body=body).execute()["totalUpdatedCells"] == 3
    values.batchClearByDataFilter(spreadsheetId=book, body={"dataFilters": [marks]}).execute()
    assert google.values(book, "A1:B4") == [["Nom", "Note"], ["A"], ["G"], ["T"]]
    body = {"dataFilters": [names], "includeGridData": True}
    book_json = google.sheets.spreadsheets().getByDataFilter(spreadsheetId=book, body=body).execute()
    assert book_json["sheets"][0]["data"][0]["rowData"][2]["values"][0]["formattedValue"] == "T"


# Structure, looks, metadata


def test_looks_notes_and_merges(google: Google, book: str) -> None:
    bold = {"textFormat": {"bold": True}}
    google.batch(
        book,
        {"repeatCell": {"range": area(0, 0, 1, 2), "cell": {"userEnteredFormat": bold}, "fields": "userEnteredFormat"}},
        {"updateCells": {"range": area(1, 0, 2, 1), "rows": [{"values": [{"note": "Première"}]}], "fields": "note"}},
        {"mergeCells": {"range": area(5, 0, 6, 3), "mergeType": "MERGE_ALL"}},
        {"updateBorders": {"range": area(0, 0, 2, 2), "top": {"style": "SOLID"}}},
    )
    mask = "sheets(merges,data.rowData.values(note,userEnteredFormat.textFormat))"
    found = google.sheets.spreadsheets().get(spreadsheetId=book, ranges="A1:B2", fields=mask).execute()["sheets"][0]
    first, second = found["data"][0]["rowData"][:2]
    assert first["values"][0]["userEnteredFormat"] == bold
    assert second["values"][0]["note"] == "Première"
    assert google.values(book, "A2") == [["Ada"]]


def test_rows_are_found_sorted_moved_and_replaced(google: Google, book: str) -> None:
    by_mark = {"range": area(1, 0, 4, 2), "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]}
    google.batch(book, {"sortRange": by_mark})
    assert google.values(book, "A2:A4") == [["Alan"], ["Grace"], ["Ada"]]
    move = {"source": {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}, "destinationIndex": 1}
    google.batch(book, {"moveDimension": move})
    assert google.values(book, "A2:A4") == [["Ada"], ["Alan"], ["Grace"]]
    answer = google.batch(book, {"findReplace": {"find": "a", "replacement": "o", "matchCase": True, "sheetId": 0}})
    assert answer["replies"][0]["findReplace"]["occurrencesChanged"] == 3
    assert google.values(book, "A2:A4") == [["Ado"], ["Alon"], ["Groce"]]


def test_developer_metadata_stay_with_what_they_are_about(google: Google, book: str) -> None:
    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    entry = {"metadataKey": "field", "metadataValue": "mark", "visibility": "DOCUMENT"}
    made = google.batch(
        book,
        {"createDeveloperMetadata": {"developerMetadata": entry | {"location": {"dimensionRange": column}}}},
        {"insertDimension": {"range": column | {"startIndex": 0, "endIndex": 1}}},
    )["replies"][0]["createDeveloperMetadata"]["developerMetadata"]
    metadata = google.sheets.spreadsheets().developerMetadata()
    found = metadata.get(spreadsheetId=book, metadataId=made["metadataId"]).execute()
    assert found["location"]["dimensionRange"]["startIndex"] == 2
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "field"}}]}
    (matched,) = metadata.search(spreadsheetId=book, body=body).execute()["matchedDeveloperMetadata"]
    assert matched["developerMetadata"]["metadataValue"] == "mark"


def test_a_tab_is_copied_to_another_book(google: Google, book: str) -> None:
    target = google.create("Cible")
    body = {"destinationSpreadsheetId": target}
    made = google.sheets.spreadsheets().sheets().copyTo(spreadsheetId=book, sheetId=0, body=body).execute()
    assert made["title"] == "Copy of Sheet1"
    assert google.values(target, "'Copy of Sheet1'!A2:B2") == [["Ada", "15"]]


# Drive


def test_files_are_made_listed_copied_renamed_trashed_and_deleted(google: Google) -> None:
    files = google.drive.files()
    made = files.create(body={"name": "Jury 2026", "mimeType": SHEET}, fields="id,name").execute()
    query = "name = 'Jury 2026' and trashed = false"
    assert [one["id"] for one in files.list(q=query, orderBy="modifiedTime desc").execute()["files"]] == [made["id"]]
    copy = files.copy(fileId=made["id"], body={"name": "Jury, copie"}).execute()
    renamed = files.update(fileId=copy["id"], body={"name": "Jury, archive"}, fields="name,mimeType").execute()
    assert renamed == {"name": "Jury, archive", "mimeType": SHEET}
    files.update(fileId=made["id"], body={"trashed": True}).execute()
    assert files.list(q=query).execute()["files"] == []
    assert files.get(fileId=made["id"], fields="trashed").execute() == {"trashed": True}
    assert files.delete(fileId=copy["id"]).execute() == ""
    with pytest.raises(HttpError) as refused:
        files.get(fileId=copy["id"]).execute()
    assert (refused.value.status_code, refused.value.reason) == (404, f"File not found: {copy['id']}.")


def test_lists_come_in_pages(google: Google) -> None:
    for number in range(3):
        google.drive.files().create(body={"name": f"Page {number}", "mimeType": SHEET}).execute()
    listing = google.drive.files()
    asked = listing.list(q="name contains 'Page'", orderBy="name", pageSize=2, fields="nextPageToken,files(name)")
    names = []
    while asked is not None:
        page = asked.execute()
        names.append([one["name"] for one in page["files"]])
        asked = listing.list_next(asked, page)
    assert names == [["Page 0", "Page 1"], ["Page 2"]]


def test_a_book_is_exported_and_imported(google: Google, book: str) -> None:
    assert google.drive.files().export(fileId=book, mimeType="text/csv").execute().decode().splitlines()[1] == "Ada,15"
    buffer = BytesIO()
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    download = MediaIoBaseDownload(buffer, google.drive.files().export_media(fileId=book, mimeType=excel))
    while not download.next_chunk()[1]:
        pass
    assert buffer.getvalue()[:2] == b"PK"
    media = MediaInMemoryUpload("Nom,Note\nÉlise,17\n".encode(), mimetype="text/csv")
    made = google.drive.files().create(body={"name": "Import", "mimeType": SHEET}, media_body=media).execute()
    assert google.values(made["id"], "A1:B2") == [["Nom", "Note"], ["Élise", "17"]]


def test_a_book_is_shared_and_unshared(server: Running, google: Google, book: str) -> None:
    ada = google_of(server, "ada@example.org")
    permissions = google.drive.permissions()
    with pytest.raises(HttpError) as refused:
        ada.values(book, "A1")
    assert refused.value.status_code in (403, 404)
    body = {"type": "user", "role": "reader", "emailAddress": "ada@example.org"}
    made = permissions.create(fileId=book, body=body, sendNotificationEmail=False, fields="id,role").execute()
    assert ada.values(book, "A2") == [["Ada"]]
    with pytest.raises(HttpError) as refused:
        ada.batch(book, {"deleteNamedRange": {"namedRangeId": "1"}})
    assert (refused.value.status_code, refused.value.reason) == (403, "The caller does not have permission")
    updated = permissions.update(fileId=book, permissionId=made["id"], body={"role": "writer"}, fields="role").execute()
    assert updated == {"role": "writer"}
    listed = permissions.list(fileId=book, fields="permissions(id,emailAddress,role)").execute()["permissions"]
    assert {"id": made["id"], "emailAddress": "ada@example.org", "role": "writer"} in listed
    permissions.delete(fileId=book, permissionId=made["id"]).execute()
    with pytest.raises(HttpError):
        ada.values(book, "A2")


def test_comments_and_changes(google: Google, book: str) -> None:
    token = google.drive.changes().getStartPageToken().execute()["startPageToken"]
    made = google.drive.comments().create(fileId=book, body={"content": "À revoir"}, fields="id,content").execute()
    assert made["content"] == "À revoir"
    listed = google.drive.comments().list(fileId=book, fields="comments(id,content)").execute()
    assert listed == {"comments": [made]}
    google.batch(book, {"addSheet": {"properties": {"title": "Changement"}}})
    changed = google.drive.changes().list(pageToken=token, fields="newStartPageToken,changes(fileId,removed)").execute()
    assert {"fileId": book, "removed": False} in changed["changes"]


# Refusals


@pytest.mark.parametrize(
    ("asking", "code", "words"),
    [
        (lambda g, book: g.values("1" + "x" * 43, "A1"), 404, "Requested entity was not found."),
        (lambda g, book: g.values(book, "Nulle part!A1"), 400, "Unable to parse range: Nulle part!A1"),
        (lambda g, book: g.batch(book), 400, "Must specify at least one request."),
        (lambda g, book: g.batch(book, {"deleteSheet": {"sheetId": 5}}), 400, "with id: 5"),
        (lambda g, book: g.batch(book, {"addTab": {}}), 400, 'Unknown name "addTab"'),
        (
            lambda g, book: g.batch(book, {"deleteSheet": {"sheetId": 0}}),
            400,
            "You can't remove all the sheets in a document",
        ),
    ],
    ids=["no book", "no tab", "nothing asked", "no sheet", "no such request", "last tab"],
)
def test_refusals(google: Google, book: str, asking: Any, code: int, words: str) -> None:
    with pytest.raises(HttpError) as refused:
        asking(google, book)
    assert refused.value.status_code == code
    assert words in str(refused.value.reason)


def test_one_bad_request_and_nothing_is_applied(google: Google, book: str) -> None:
    good = {"updateCells": {"range": area(0, 0, 1, 1), "rows": [cells("Autre")], "fields": "userEnteredValue"}}
    with pytest.raises(HttpError):
        google.batch(book, good, {"deleteSheet": {"sheetId": 5}})
    assert google.values(book, "A1") == [["Nom"]]
