"""What the browser tests of the grid page share: Google's API on one side, a page open on a book on the other."""

import requests
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from playwright.sync_api import expect

LAUNCH = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
HEADER = ["ID", "Nom", "Heures", "Note"]
ROWS = [["P1", "Martin", 12, 14.5], ["P2", "Zola", 7, 9], ["P3", "Aubry", 30, 11], ["P4", "Nadaud", 18, 16]]


class Api:
    """Google's API as another program sees it."""

    def __init__(self, url):
        self.url = url
        info = requests.get(f"{url}/service-account.json", timeout=10).json()
        credentials = service_account.Credentials.from_service_account_info(info, scopes=SCOPES)
        credentials.refresh(Request())
        self.headers = {"Authorization": f"Bearer {credentials.token}"}

    def call(self, method, path, **body):
        answer = requests.request(method, self.url + path, headers=self.headers, json=body or None, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, rows=None, frozen=1, row_count=200, columns=12):
        grid = {"rowCount": row_count, "columnCount": columns, "frozenRowCount": frozen}
        tab = {"properties": {"sheetId": 0, "title": "Participants", "gridProperties": grid}}
        body = {"properties": {"title": "Culture 2026", "locale": "fr_FR"}, "sheets": [tab]}
        book = self.call("POST", "/v4/spreadsheets", **body)["spreadsheetId"]
        self.write(book, "A1", [HEADER, *ROWS] if rows is None else rows)
        return book

    def write(self, book, cell, rows):
        data = [{"range": f"Participants!{cell}", "values": rows}]
        self.call("POST", f"/v4/spreadsheets/{book}/values:batchUpdate", valueInputOption="RAW", data=data)

    def read(self, book, cells, tab="Participants", render="FORMATTED_VALUE"):
        path = f"/v4/spreadsheets/{book}/values/{tab}!{cells}?valueRenderOption={render}"
        return self.call("GET", path).get("values", [])

    def batch(self, book, *requests_made):
        return self.call("POST", f"/v4/spreadsheets/{book}:batchUpdate", requests=list(requests_made))

    def insert_row(self, book, at):
        place = {"sheetId": 0, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}
        self.batch(book, {"insertDimension": {"range": place, "inheritFromBefore": False}})


class Grid:
    """One page open on a book."""

    def __init__(self, page, server, book, fragment=""):
        self.page = page
        self.failures = []
        page.on("pageerror", lambda error: self.failures.append(error.stack or str(error)))
        page.goto(f"{server.url}/spreadsheets/d/{book}/edit{fragment}")
        page.wait_for_function("document.body.dataset.revision !== undefined")

    def cell(self, address):
        return self.page.locator(f'[data-cell="{address}"]')

    def click(self, address, **options):
        self.cell(address).click(**options)

    def shows(self, address, text, timeout=5000):
        expect(self.cell(address)).to_have_text(text, timeout=timeout)

    def at(self, address):
        expect(self.page.locator("#address")).to_have_value(address)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def saved(self):
        expect(self.page.locator("#status")).to_have_text("Enregistré")

    def paste(self, text):
        script = """text => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(event);
        }"""
        self.page.evaluate(script, text)

    def command(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
