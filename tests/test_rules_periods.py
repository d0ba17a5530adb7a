"""Periods that stand for a date: the month they name, and the same one in the next edition."""

from datetime import date

import pytest

from rules.periods import later, month_of


@pytest.mark.parametrize(("period", "weeks", "moved"), [
    ("Semaine 3 / décembre 2020", 52, "Semaine 3 / décembre 2021"),
    ("Semaine 3 / décembre 2020", 270, "Semaine 3 / février 2026"),
    ("Semaine 1 / janvier 2021", -52, "Semaine 1 / janvier 2020"),
    ("Décembre 2020", 52, "Décembre 2021"),
    ("FEVRIER 2021, à préciser", 104, "Février 2023, à préciser"),
    ("Semaine 3 / décembre 2020", 0, "Semaine 3 / décembre 2020"),
    ("Regroupement 1 / jour 2", 52, "Regroupement 1 / jour 2"),
    ("Semaine 20 2020", 52, "Semaine 20 2020"),
    ("mars 0000", 52, "mars 0000"),
    ("", 52, ""),
])  # fmt: skip
def test_a_period_moves_with_its_month(period: str, weeks: int, moved: str) -> None:
    assert later(period, weeks) == moved


def test_the_month_of_a_period_is_known_or_not() -> None:
    assert month_of("Semaine 1 / novembre 2020") == date(2020, 11, 1)
    assert month_of("Regroupement 1 / jour 2") is None
