"""gspread-dataframe, as its README shows it: `get_as_dataframe`, change the frame, `set_with_dataframe`."""

from collections.abc import Callable
from typing import Any

import gspread
import requests
from gspread.http_client import HTTPClient
from gspread_dataframe import get_as_dataframe, set_with_dataframe
from pandas import DataFrame

from bench.callers.job import Job, Tab, carry_out, credentials


def opened(job: Job) -> Callable[[], gspread.Spreadsheet]:
    """Authorize, and return what opens the book."""

    class Elsewhere(HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
            for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                endpoint = endpoint.replace(host, job.url)
            return super().request(method, endpoint, *args, **options)

    client = gspread.Client(credentials(job.url), http_client=Elsewhere)
    return lambda: client.open_by_key(job.book)


def changed(sheet: gspread.Worksheet, tab: Tab) -> DataFrame:
    """Read a tab as texts, or phones would lose their zero, and change the frame."""
    frame = get_as_dataframe(sheet, dtype=str)
    for change in tab.changes:
        frame.loc[frame["guid"] == change.guid, change.header] = change.value
    return frame


def prepare(job: Job) -> Callable[[], object]:
    """Return the work: a frame for each tab."""
    opening = opened(job)

    def work() -> None:
        book = opening()
        for tab in job.tabs:
            sheet = book.worksheet(tab.title)
            set_with_dataframe(sheet, changed(sheet, tab))

    return work


if __name__ == "__main__":
    carry_out(prepare)
