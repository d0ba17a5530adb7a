"""Durations as people write them."""

import pytest

from rules.durations import display_duration, parse_duration
from rules.message import Refused


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        ("3h30", "210"), ("3 h 30", "210"), ("3 h", "180"), ("3H", "180"), ("3,5", "210"), ("3.5", "210"), (3.5, "210"),
        ("3,25 h", "195"), ("7", "420"), ("90 min", "90"), ("45min", "45"), ("3 heures", "180"), ("511", "30660"),
        ("2 h 5", "125"), ("", ""), (None, ""), (" ", ""),
    ],
)  # fmt: skip
def test_each_spelling_gives_its_minutes(raw: object, minutes: str) -> None:
    assert parse_duration(raw) == minutes
    assert parse_duration(display_duration(minutes)) == minutes


@pytest.mark.parametrize("raw", ["trois heures", "3h30-4h", "-3", "0", "0 min", "99999", "h", "3:30:00", "9999 h"])
def test_what_is_no_duration_is_refused(raw: str) -> None:
    with pytest.raises(Refused, match="durée"):
        parse_duration(raw)
