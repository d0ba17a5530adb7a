"""gspread-dataframe, only the columns that changed, as its author advises (its issue 60)."""

from collections.abc import Callable

from gspread_dataframe import set_with_dataframe

from bench.callers.gspread_dataframe_tab import changed, opened
from bench.callers.job import Job, carry_out


def prepare(job: Job) -> Callable[[], object]:
    """Return the work: one column at a time."""
    opening = opened(job)

    def work() -> None:
        book = opening()
        for tab in job.tabs:
            sheet = book.worksheet(tab.title)
            frame = changed(sheet, tab)
            for header in dict.fromkeys(change.header for change in tab.changes):
                set_with_dataframe(sheet, frame[[header]], col=tab.header.index(header) + 1)

    return work


if __name__ == "__main__":
    carry_out(prepare)
