"""What the browser tests of the grid page share: Google's API on one side, a page open on a book on the other."""

from contextlib import contextmanager

import requests
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from playwright.sync_api import expect

from localsheets.server import serve

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

    def menu(self, *names):
        """Choose in the menu bar, then in the menus that open."""
        self.page.locator("#menubar").get_by_role("menuitem", name=names[0], exact=True).click()
        for name in names[1:]:
            self.item(name)

    def item(self, name):
        self.page.locator("#menu").get_by_text(name, exact=True).click()

    def swatch(self, name):
        self.page.locator("#menu").get_by_role("menuitemcheckbox", name=name, exact=True).click()

    def select(self, first, last):
        self.click(first)
        self.click(last, modifiers=["Shift"])

    def drag(self, start, end):
        """Drag from a point of the window to another, in a few steps as a hand does."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.page.mouse.move(*end)
        self.page.mouse.up()

    def middle(self, selector):
        box = self.page.locator(selector).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def values(self, cells, render="FORMATTED_VALUE", tab="Participants"):
        """Read what the API answers, once everything is saved."""
        self.saved()
        return self.api.read(self.book, cells, tab=tab, render=render)

    def cells(self, cells, fields):
        """Read fields of the cells of a range, as the API gives them; a blank cell is {}."""
        self.saved()
        query = f"ranges=Participants!{cells}&fields=sheets.data.rowData.values({fields})"
        given = self.api.call("GET", f"/v4/spreadsheets/{self.book}?{query}")["sheets"][0].get("data", [{}])
        return [row.get("values", []) for row in given[0].get("rowData", [])]

    def format(self, cell, computed=False):
        kind = "effectiveFormat" if computed else "userEnteredFormat"
        rows = self.cells(cell, kind)
        return rows[0][0].get(kind, {}) if rows and rows[0] else {}

    def sheets(self, fields):
        """Read fields of the tabs, as the API gives them."""
        self.saved()
        return self.api.call("GET", f"/v4/spreadsheets/{self.book}?fields=sheets({fields})").get("sheets", [])

    def lines(self, axis):
        """Read the metadata of the rows, or of the columns, of the first tab."""
        self.saved()
        name = "rowMetadata" if axis == "ROWS" else "columnMetadata"
        path = f"/v4/spreadsheets/{self.book}?includeGridData=true&fields=sheets.data.{name}"
        return self.api.call("GET", path)["sheets"][0]["data"][0][name]


class Bench:
    """A server and one page of a browser, shared by the tests of a module; each test has a book of its own."""

    def __init__(self, server, page):
        self.server, self.page = server, page
        self.api = Api(server.url)

    def open(self, rows=None, requests_made=(), fragment="", **size):
        book = self.api.create(rows=rows, **size)
        if requests_made:
            self.api.batch(book, *requests_made)
        grid = Grid(self.page, self.server, book, fragment)
        grid.api, grid.book = self.api, book
        return grid


@contextmanager
def bench_at(folder, browser, **viewport):
    """Run a server, and open a page of a browser, for the tests of a module."""
    running = serve(port=0, data=folder / "books.sqlite")
    size = {"width": 1280, "height": 800} | viewport
    context = browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(6000)
    yield Bench(running, context.new_page())
    context.close()
    running.stop()
