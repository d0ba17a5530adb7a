"""From when a closed roll is locked: a table."""

from datetime import datetime, timedelta

import pytest

from rules.rolls import Roll, paris_day

CLOSED = datetime(2025, 3, 3, 12, 0)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("closed", "days", "since", "locked"),
    [
        (True, 14, 14 * DAY - SECOND, False),
        (True, 14, 14 * DAY, True),
        (True, 14, 400 * DAY, True),
        (True, 0, 0 * DAY, True),
        (True, 0, -SECOND, False),
        (True, None, 4000 * DAY, False),
        (False, 14, 4000 * DAY, False),
        (False, None, 4000 * DAY, False),
    ],
)
def test_a_closed_roll_is_locked_after_its_delay(
    closed: bool, days: int | None, since: timedelta, locked: bool
) -> None:
    roll = Roll("Camille", CLOSED if closed else None, lock_days=days)
    assert roll.locked(CLOSED + since) is locked
    assert (roll.locks_at is not None) is (closed and days is not None)


def test_a_day_is_that_of_paris() -> None:
    assert paris_day(datetime(2025, 7, 1, 22, 30)) == "02/07/2025"
    assert paris_day(datetime(2025, 1, 1, 22, 30)) == "01/01/2025"
