"""Our own: people change things on the intranet, then the worker's cycle."""

from collections.abc import Callable

from bench.callers.job import Job, carry_out
from bench.calls_books import AUTHOR, calm, settings_of
from store import db
from sync import worker
from sync.worksheets import WORKSHEETS


def prepare(job: Job) -> Callable[[], object]:
    """Change the values through the verbs that the pages call; what remains is what the worker does."""
    settings = settings_of(job.url, job.database)
    db.connect(job.database)
    google = worker.connect(settings)
    # A worker that runs has already looked at its books, and asked Drive about them.
    calm(google)
    with db.connection():
        for kind, key, field, value in job.verbs:
            WORKSHEETS[kind].change(AUTHOR, key, {field: value})
    return lambda: calm(google)


if __name__ == "__main__":
    carry_out(prepare)
