"""pygsheets with pandas, as its README shows it: `get_as_df`, change the frame, `set_dataframe`."""

from collections.abc import Callable

from bench.callers.job import Job, carry_out
from bench.callers.pygsheets_cells import opened


def prepare(job: Job) -> Callable[[], object]:
    """Return the work: a frame for each tab; numbers are left as texts, or phones would lose their zero."""
    opening = opened(job)

    def work() -> None:
        book = opening()
        for tab in job.tabs:
            sheet = book.worksheet_by_title(tab.title)
            frame = sheet.get_as_df(numerize=False)
            for change in tab.changes:
                frame.loc[frame["guid"] == change.guid, change.header] = change.value
            sheet.set_dataframe(frame, (1, 1))

    return work


if __name__ == "__main__":
    carry_out(prepare)
