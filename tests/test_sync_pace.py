"""Which book next: hot ones often, cold ones slowly, all within half the quota."""

from datetime import datetime, timedelta

import pytest

from store import journal
from store.models import SubmittedForm
from store.models.base import now
from sync import worker

NOON = datetime(2026, 11, 20, 12)


def state(**more: object) -> dict[str, object]:
    quiet = {
        "retry_at": 0.0, "asked_at": None, "last_cycle": NOON, "pending": False, "viewed_at": None, "last_change": None,
    }  # fmt: skip
    return quiet | more


@pytest.mark.parametrize(
    ("book", "seconds", "since", "wanted"),
    [
        (state(last_cycle=None), 0, 0, True),
        (state(), 59, 0, False),
        (state(), 61, 0, True),
        (state(viewed_at=NOON), 3, 0, False),
        (state(viewed_at=NOON), 5, 0, True),
        (state(last_change=NOON), 5, 0, True),
        (state(viewed_at=NOON - timedelta(minutes=2)), 5, 0, False),
        (state(viewed_at=NOON - timedelta(minutes=2)), 25, 0, True),
        (state(viewed_at=NOON - timedelta(minutes=11)), 25, 0, False),
        (state(pending=True), 1, 0.1, False),
        (state(pending=True), 1, 0.7, True),
        (state(asked_at=NOON), 0, 0, True),
        (state(pending=True, retry_at=1e12), 99, 99, False),
    ],
)
def test_when_a_book_is_due(book: dict, seconds: int, since: float, wanted: bool) -> None:
    assert worker.due(book, NOON + timedelta(seconds=seconds), 0.0, since) is wanted


@pytest.mark.parametrize(("watched", "warm"), [(1, 0), (2, 0), (2, 8), (10, 0), (4, 96), (100, 0)])
def test_idle_reads_leave_a_quarter_of_the_quota_to_changes(watched: int, warm: int) -> None:
    lately = state(viewed_at=NOON - timedelta(minutes=2))
    pace = worker.quick_pace([state(viewed_at=NOON)] * watched + [lately] * warm, NOON)
    assert pace >= worker.HOT_EVERY
    assert watched / pace + warm / (worker.WARM * pace) <= 0.75 * worker.RATE + 1e-9
    if (watched, warm) == (2, 8):
        # One promotion open while the four others were looked at lately: still well within 10 s.
        assert pace < 6


def test_old_forms_are_forgotten_and_recent_ones_kept(database_url: str) -> None:
    journal.first_time("old", None)
    SubmittedForm.update(at=now() - timedelta(days=9)).execute()
    journal.first_time("new", None)
    assert journal.forget_forms(now() - worker.FORM_LIFE) == 1
    assert not journal.first_time("new", None)
    assert journal.first_time("old", None)
