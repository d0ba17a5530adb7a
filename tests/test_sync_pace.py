"""Which book next: hot ones often, cold ones slowly, all within half the quota."""

from datetime import datetime, timedelta

import pytest

from store import agreement, journal, people
from store.models import SubmittedForm
from store.models.base import now
from sync import pace, worker
from tests.sync_bench import Cohort

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
    assert pace.due(book, NOON + timedelta(seconds=seconds), 0.0, since) is wanted


@pytest.mark.parametrize(("watched", "warm"), [(1, 0), (2, 0), (2, 8), (10, 0), (4, 96), (100, 0)])
def test_idle_reads_leave_a_quarter_of_the_quota_to_changes(watched: int, warm: int) -> None:
    lately = state(viewed_at=NOON - timedelta(minutes=2))
    quick = pace.quick_pace([state(viewed_at=NOON)] * watched + [lately] * warm, NOON)
    assert quick >= pace.HOT_EVERY
    assert watched / quick + warm / (pace.WARM * quick) <= 0.75 * pace.RATE + 1e-9
    if (watched, warm) == (2, 8):
        # One promotion open while the four others were looked at lately: still well within 10 s.
        assert quick < 6


def test_what_people_do_comes_before_what_nobody_looks_at() -> None:
    asked, sending = state(asked_at=NOON, book=1), state(pending=True, viewed_at=NOON, book=2)
    cold_sending, watched = state(pending=True, book=3), state(viewed_at=NOON, book=4)
    older, newer = state(last_cycle=NOON - timedelta(hours=1), book=5), state(book=6)
    books = [newer, older, watched, cold_sending, sending, asked]
    assert [book["book"] for book in sorted(books, key=lambda s: pace.urgency(s, NOON))] == [1, 2, 3, 4, 5, 6]


def test_each_book_knows_who_looks_at_what_it_holds(cohort: Cohort) -> None:
    for audience in ("staff", "jury"):
        agreement.bind(f"book-{audience}", cohort.id, audience, "Titre", 1, {})
    people.seen(cohort.id)
    heats = {state["audience"]: pace.heat(state, now()) for state in agreement.states()}
    assert heats == {"staff": 2, "jury": 0}
    people.jury_seen(cohort.id)
    heats = {state["audience"]: pace.heat(state, now()) for state in agreement.states()}
    assert heats == {"staff": 2, "jury": 2}


def test_old_forms_are_forgotten_and_recent_ones_kept(database_url: str) -> None:
    journal.first_time("old", None)
    SubmittedForm.update(at=now() - timedelta(days=9)).execute()
    journal.first_time("new", None)
    assert journal.forget_forms(now() - worker.FORM_LIFE) == 1
    assert not journal.first_time("new", None)
    assert journal.first_time("old", None)
