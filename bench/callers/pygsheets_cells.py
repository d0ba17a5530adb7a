"""pygsheets, cell by cell: read the tab, find the row, `update_value`."""

from collections.abc import Callable
from typing import Any

import httplib2
import pygsheets

from bench.callers.job import Job, Tab, carry_out, credentials


class Elsewhere(httplib2.Http):
    """Send to localsheets what is meant for Google, as a proxy would."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def request(self, uri: str, *args: Any, **options: Any) -> Any:
        """Replace Google's hosts in the address."""
        for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
            uri = uri.replace(host, self.url)
        return super().request(uri, *args, **options)


def opened(job: Job) -> Callable[[], pygsheets.Spreadsheet]:
    """Authorize, and return what opens the book."""
    client = pygsheets.authorize(custom_credentials=credentials(job.url), http=Elsewhere(job.url))
    return lambda: client.open_by_key(job.book)


def prepare(job: Job) -> Callable[[], object]:
    """Return the work: each changed cell of each tab."""
    opening = opened(job)

    def work() -> None:
        book = opening()
        for tab in job.tabs:
            _carry(book.worksheet_by_title(tab.title), tab)

    return work


def _carry(sheet: pygsheets.Worksheet, tab: Tab) -> None:
    header, *rows = sheet.get_all_values(include_tailing_empty_rows=False)
    place = {row[header.index("guid")]: number for number, row in enumerate(rows, start=2)}
    for change in tab.changes:
        sheet.update_value((place[change.guid], header.index(change.header) + 1), change.value)


if __name__ == "__main__":
    carry_out(prepare)
