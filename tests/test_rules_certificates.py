"""Hours that a certificate certifies, and what stands in its way."""

import pytest

from rules.certificates import NAMED, Span, Taught, attended, number, span, unrecorded
from rules.message import Refused


def day(key: str, minutes: int = 180, at: str = "2025-01-20", **more: bool) -> Taught:
    return Taught(key, at, "", "09:30", minutes, **more)


#: Thirty half-days of three hours: 90 h.
YEAR = [day(f"S-{number}", at=f"2025-01-{number + 1:02d}") for number in range(30)]


def test_eighteen_hours_absent_of_ninety_leave_seventy_two() -> None:
    marks = {one.id: ("absent" if at < 6 else "present", None) for at, one in enumerate(YEAR)}
    found = attended(marks, YEAR)
    assert (found.planned, found.attended, found.absent, found.missing) == (90 * 60, 72 * 60, 18 * 60, ())


@pytest.mark.parametrize(
    ("status", "minutes", "spent", "remote", "absent", "justified", "short"),
    [
        ("present", None, 180, 0, 0, 0, 0), ("late", 15, 165, 0, 0, 0, 15), ("left_early", 30, 150, 0, 0, 0, 30),
        ("absent", None, 0, 0, 180, 0, 0), ("justified", None, 0, 0, 180, 180, 0), ("remote", None, 180, 180, 0, 0, 0),
    ],
)  # fmt: skip
def test_each_mark_counts_to_the_minute(
    status: str, minutes: int | None, spent: int, remote: int, absent: int, justified: int, short: int
) -> None:
    found = attended({"S-1": (status, minutes)}, [day("S-1")])
    assert (found.attended, found.remote, found.absent, found.justified, found.short) == (
        spent, remote, absent, justified, short
    )  # fmt: skip


def test_optional_half_days_count_nowhere_and_those_to_come_are_not_missing() -> None:
    calendar = [day("S-1"), day("S-2", optional=True), day("S-3", past=False)]
    found = attended({"S-2": ("present", None)}, calendar)
    assert (found.planned, found.attended) == (360, 0)
    assert [one.id for one in found.missing] == ["S-1"]


def test_a_presence_typed_before_its_day_is_not_certified() -> None:
    calendar = [day("S-1"), day("S-2", past=False, ahead=True), day("S-3", past=False, ahead=True)]
    found = attended(dict.fromkeys(("S-1", "S-2"), ("present", None)) | {"S-3": ("remote", None)}, calendar)
    assert (found.planned, found.attended, found.remote, found.missing) == (540, 180, 0, ())


def test_nothing_is_asked_of_somebody_after_they_left() -> None:
    calendar = [day("S-1", at="2025-01-20"), day("S-2", at="2025-01-21"), day("S-3", at="2025-01-22")]
    found = attended({"S-1": ("present", None)}, calendar, until="2025-01-21")
    assert [one.id for one in found.missing] == ["S-2"]


def test_a_refusal_says_which_half_days_and_for_whom() -> None:
    found = attended({}, [day("S-1")])
    text = str(unrecorded([(f"Nom{number}", found) for number in range(5)]))
    assert "20/01/2025 9h30 (Nom0, Nom1, Nom2 + 2)" in text
    assert unrecorded([("Nom", attended({"S-1": ("absent", None)}, [day("S-1")]))]) is None
    many = str(unrecorded([("Nom", attended({}, YEAR))]))
    assert f"+ {30 - NAMED}" in many
    assert many.count("(Nom)") == NAMED


def test_numbers_are_those_of_their_year() -> None:
    assert [number(2026, rank) for rank in (1, 42, 12345)] == ["CR-2026-0001", "CR-2026-0042", "CR-2026-12345"]


def test_days_chosen_keep_the_half_days_of_both_ends_and_none_without_a_date() -> None:
    calendar = [day(f"S-{at}", at=f"2025-01-{at:02d}") for at in (19, 20, 21, 22)] + [day("S-u", at="")]
    assert [one.id for one in Span("2025-01-20", "2025-01-21").of(calendar)] == ["S-20", "S-21"]
    assert Span().of(calendar) == calendar


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2025-01-20", "", "ni l'un ni l'autre"), ("", "2025-01-20", "ni l'un ni l'autre"),
        ("2025-01-21", "2025-01-20", "avant de commencer"), ("2025-01-20", "2025-02-02", "après aujourd'hui"),
    ],
)  # fmt: skip
def test_days_that_are_no_period_are_refused(first: str, last: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        span(first, last, "2025-02-01")


def test_one_day_up_to_today_is_a_period_and_none_is_the_training() -> None:
    assert span("2025-02-01", "2025-02-01", "2025-02-01") == Span("2025-02-01", "2025-02-01")
    assert span("", "", "2025-02-01") == Span()
