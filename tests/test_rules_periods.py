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
    ("semaine du 12 mars 2026", 52, "semaine du 11 mars 2027"),
    ("jeudi 1er janvier 2026", 52, "jeudi 31 décembre 2026"),
    ("le 25 décembre 2025", 1, "le 1er janvier 2026"),
    ("du 12 au 16 mars 2026", 52, "du 11 au 15 mars 2027"),
    ("du 2 au 6 mars 2026", 52, "du 1er au 5 mars 2027"),
    ("23 - 27 mars 2026", 1, "30 mars - 3 avril 2026"),
    ("Semaine du 12/03/2026", 52, "Semaine du 11/03/2027"),
    ("Printemps 2026", 52, "Printemps 2027"),
    ("Année 2025-2026", 52, "Année 2026-2027"),
    ("Semaine 20 2020", 52, "Semaine 20 2021"),
    ("Semaine 20 2020", 4, "Semaine 20 2020"),
    ("semaine du 12 mars", 52, "semaine du 12 mars"),
    ("le 31 février 2026", 52, "le 31 février 2026"),
    ("salle 20261, le 40/13/2026", 52, "salle 20261, le 40/13/2026"),
    ("mars 0000", 52, "mars 0000"),
    ("", 52, ""),
])  # fmt: skip
def test_a_period_moves_with_its_month(period: str, weeks: int, moved: str) -> None:
    assert later(period, weeks) == moved


def test_the_month_of_a_period_is_known_or_not() -> None:
    assert month_of("Semaine 1 / novembre 2020") == date(2020, 11, 1)
    assert month_of("Regroupement 1 / jour 2") is None
