"""Sentences that describe many half-days: each spelling, each year left out, each refusal with its word."""

import random
from datetime import date

import pytest

from rules.message import Refused
from rules.recurrence import MOST, Around, from_fields, read

HOLIDAYS = {date(2025, 4, 21), date(2025, 5, 1), date(2025, 5, 8), date(2025, 5, 29), date(2025, 6, 9)}
AROUND = Around(date(2025, 2, 1), date(2025, 1, 20), date(2025, 6, 30), HOLIDAYS)
DAY = (("09:30", "12:30"), ("14:00", "17:00"))
H = " 9h-12h"


def days(text: str, around: Around = AROUND) -> str:
    """Return the days that a sentence names, each month once: `2025-03: 3 10`."""
    found: dict[str, list[str]] = {}
    for day in read(text, around).days:
        found.setdefault(f"{day:%Y-%m}", []).append(str(day.day))
    return ", ".join(f"{month}: {' '.join(numbers)}" for month, numbers in found.items())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tous les lundis et mardis de mars", "2025-03: 3 4 10 11 17 18 24 25 31"),
        ("Tous les LUNDIS de Mars", "2025-03: 3 10 17 24 31"),
        ("chaque lundi en mars", "2025-03: 3 10 17 24 31"),
        ("le lundi, mars", "2025-03: 3 10 17 24 31"),
        ("tous les lundis & mardis de mars", "2025-03: 3 4 10 11 17 18 24 25 31"),
        ("lundi/mardi de mars :", "2025-03: 3 4 10 11 17 18 24 25 31"),
        ("tous les lundis matin de mars", "2025-03: 3 10 17 24 31"),
        ("la semaine du 4 mars", "2025-03: 3 4 5 6 7"),
        ("lundi et mardi de la semaine du 3 mars", "2025-03: 3 4"),
        ("la semaine du 3 au 7 mars et la semaine du 31 mars 2025", "2025-03: 3 4 5 6 7 31, 2025-04: 1 2 3 4"),
        ("la semaine du 3 mars et la semaine du 9 mars 2026", "2026-03: 2 3 4 5 6 9 10 11 12 13"),
        ("tous les lundis de mars sauf la semaine du 12 mars", "2025-03: 3 17 24 31"),
        ("tous les lundis de mars sauf la semaine du 10 mars 2025 et le 24 mars", "2025-03: 3 17 31"),
        ("lun. et mar. en mars", "2025-03: 3 4 10 11 17 18 24 25 31"),
        ("tous les lundis du mois de mars", "2025-03: 3 10 17 24 31"),
        ("tous les lundis d'avril", "2025-04: 7 14 21 28"),
        ("tous les lundis d’août 2025", "2025-08: 4 11 18 25"),
        ("tous les lundis de mars 2026", "2026-03: 2 9 16 23 30"),
        ("les lundis de mars et avril 2026", "2026-03: 2 9 16 23 30, 2026-04: 6 13 20 27"),
        ("les lundis de décembre et janvier 2026", "2025-12: 1 8 15 22 29, 2026-01: 5 12 19 26"),
        ("les lundis de mai à juin", "2025-05: 5 12 19 26, 2025-06: 2 9 16 23 30"),
        ("les lundis de novembre à janvier 2026", "2025-11: 3 10 17 24, 2025-12: 1 8 15 22 29, 2026-01: 5 12 19 26"),
        ("du lundi au jeudi du 3 au 14 mars", "2025-03: 3 4 5 6 10 11 12 13"),
        ("tous les jours du 3 au 9 mars", "2025-03: 3 4 5 6 7"),
        ("du 3 au 7 mars", "2025-03: 3 4 5 6 7"),
        ("les lundis du 3 mars au 7 avril", "2025-03: 3 10 17 24 31, 2025-04: 7"),
        ("les lundis du 3 mars 2026 au 7 avril 2026", "2026-03: 9 16 23 30, 2026-04: 6"),
        ("les lundis du 1er décembre au 12 janvier 2026", "2025-12: 1 8 15 22 29, 2026-01: 5 12"),
        ("les lundis du 01/12/2025 au 12/01/2026", "2025-12: 1 8 15 22 29, 2026-01: 5 12"),
        ("les lundis du lundi 3 mars au lundi 17 mars", "2025-03: 3 10 17"),
        ("les lundis entre le 3 mars et le 17 mars", "2025-03: 3 10 17"),
        ("les lundis du 3 mars jusqu'au 17 mars", "2025-03: 3 10 17"),
        ("à partir du 16 juin, tous les lundis", "2025-06: 16 23 30"),
        ("tous les lundis jusqu'au 3 février", "2025-01: 20 27, 2025-02: 3"),
        ("le 3 mars", "2025-03: 3"),
        ("lundi 3 mars", "2025-03: 3"),
        ("lundi 3 et mardi 4 mars", "2025-03: 3 4"),
        ("les 3, 10 et 17 mars", "2025-03: 3 10 17"),
        ("les lundis 3, 10 et 17 mars", "2025-03: 3 10 17"),
        ("lundi 3 et 10 mars, mardi 8 avril", "2025-03: 3 10, 2025-04: 8"),
        ("tous les lundis de mars et le 4 avril", "2025-03: 3 10 17 24 31, 2025-04: 4"),
        ("tous les lundis jusqu'au 3 février, et le 4 avril", "2025-01: 20 27, 2025-02: 3, 2025-04: 4"),
        ("tous les lundis de mars sauf les lundis 10 et 17 mars", "2025-03: 3 24 31"),
        ("les 3 et 10 mars et le 7 avril 2025", "2025-03: 3 10, 2025-04: 7"),
        ("vendredi 28 mars et samedi 29 mars", "2025-03: 28 29"),
        ("03/03/2025, 10/03/25 et 17/03", "2025-03: 3 10 17"),
        ("29 février", "2028-02: 29"),
        ("le premier lundi de mars à mai", "2025-03: 3, 2025-04: 7, 2025-05: 5"),
        ("le 2e mardi de chaque mois, de mars à avril", "2025-03: 11, 2025-04: 8"),
        ("le dernier vendredi de mars", "2025-03: 28"),
        ("un lundi sur deux, de mars à avril", "2025-03: 3 17 31, 2025-04: 14 28"),
        ("les lundis et mardis, une semaine sur deux, en mars", "2025-03: 3 4 17 18 31"),
        ("les mardis, une semaine sur trois, en mars", "2025-03: 4 25"),
        ("toutes les deux semaines, le lundi, en mars", "2025-03: 3 17 31"),
        ("tous les quinze jours le lundi, en mars", "2025-03: 3 17 31"),
        ("tous les lundis de mars, sauf le 10 mars", "2025-03: 3 17 24 31"),
        ("tous les lundis de mars sauf les 10 et 17 mars", "2025-03: 3 24 31"),
        ("tous les lundis de mars sauf du 10 au 20 mars", "2025-03: 3 24 31"),
        ("tous les jeudis de mai, sauf le 8 mai", "2025-05: 1 15 22 29"),
        ("tous les jeudis de mai, sauf le 8 mai 2025 et le 1er mai", "2025-05: 15 22 29"),
        ("tous les jeudis de mai hors jours fériés", "2025-05: 15 22"),
        ("tous les jours de mai, sauf les lundis et les mardis, sauf fériés", "2025-05: 2 7 9 14 15 16 21 22 23 28 30"),
        ("les lundis de décembre à janvier 2026 sauf du 22 décembre au 4 janvier",
         "2025-12: 1 8 15, 2026-01: 5 12 19 26"),
        ("en mars, les lundis à l'exception du 10 mars", "2025-03: 3 17 24 31"),
    ],
)  # fmt: skip
def test_each_spelling_names_its_days(text: str, expected: str) -> None:
    assert days(text + H) == expected
    assert days("9h-12h, " + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9h30-12h30 et 14h-17h", DAY),
        ("14h-17h, 9h30-12h30", DAY),
        ("de 9h30 à 12h30 et de 14h à 17h", DAY),
        ("9h30 – 12h30 puis 14h00 - 17h00", DAY),
        ("9:30-12:30 14:00-17:00", DAY),
        ("9h 30 à 12h 30, 14h à 17h", DAY),
        ("9h30-12h30 & 14h-17h", DAY),
        ("9h30-12h30 / 14h-17h", DAY),
        ("9h30-12h30/14h-17h", DAY),
        ("de 9 heures 30 à 12 heures 30 et de 14 heures à 17 heures", DAY),
        ("9-12h", (("09:00", "12:00"),)),
        ("le matin 9h-12h", (("09:00", "12:00"),)),
        ("de 9h à midi", (("09:00", "12:00"),)),
        ("l'après-midi, de midi à 14h", (("12:00", "14:00"),)),
        ("en soirée, 18h-20h", (("18:00", "20:00"),)),
        ("9 à 12h", (("09:00", "12:00"),)),
        ("9H30-12H30 et 9h30-12h30", (("09:30", "12:30"),)),
    ],
)
def test_each_spelling_of_the_hours(text: str, expected: tuple) -> None:
    assert read(f"lundi 3 mars, {text}", AROUND).hours == expected
    assert read(f"{text} tous les lundis de mars", AROUND).hours == expected


def test_a_sentence_gives_its_half_days_in_order() -> None:
    found = read("tous les lundis et mardis de mars, 9h30-12h30 et 14h-17h", AROUND)
    assert len(found.slots()) == 18
    assert found.slots()[:2] == [(date(2025, 3, 3), *DAY[0]), (date(2025, 3, 3), *DAY[1])]
    assert found.slots()[-1] == (date(2025, 3, 31), *DAY[1])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Écrivez une phrase"),
        ("tous les lundis de marche 9h-12h", "« marche »"),
        ("tous les lundis matin de mars 9h30-12h30 et 14h-17h", "« matin »"),
        ("tous les lundis après-midi de mars 9h-12h", "« après »"),
        ("lundis matin et mardis après-midi de mars, 9h-12h et 14h-17h", "« matin »"),
        ("lundis de mars 9h-12h, mardis / 14h-17h", "« mardis » sépare deux horaires"),
        ("lundis matin de mars", "« matin »"),
        ("lundis de la semaine 12 9h-12h", "« semaine »"),
        ("semaine du 30 février 9h-12h", "n'existe pas"),
        ("tous les lundis de mars 9h30/12h30", "« 9h30 » : donnez le début et la fin"),
        ("tous les lundis de mars sauf vacances 9h-12h", "« vacances »"),
        ("tous les Lundys de mars 9h-12h", "« Lundys »"),
        ("every monday of mars 9h-12h", "« every »"),
        ("lundi 3 mars 9h-12h bis", "« bis »"),
        ("45 lundis de mars 9h-12h", "« 45 lundis »"),
        ("tous les lundis de mars", "Indiquez les horaires"),
        ("tous les lundis de mars à 9h", "donnez le début et la fin"),
        ("tous les lundis de mars 12h-9h", "la fin doit venir après le début"),
        ("tous les lundis de mars 9h-25h", "ne se lit pas comme des horaires"),
        ("tous les lundis de mars 9h-12h et 11h-13h", "9h-12h et 11h-13h se chevauchent"),
        ("lundis 9h-12h et mardis 14h-17h de mars", "« mardis » sépare deux horaires"),
        ("en mars 9h-12h", "Indiquez quels jours"),
        ("du 3 mars au 12 juin 9h-12h", "Indiquez quels jours"),
        ("9h-12h", "Aucun jour"),
        ("31 février 9h-12h", "n'existe pas"),
        ("31/02/2025 9h-12h", "n'existe pas"),
        ("mardi 3 mars 9h-12h", "est un lundi"),
        ("les lundis 3 et 11 mars 9h-12h", "est un mardi"),
        ("lundi 3 et mercredi 4 mars 9h-12h", "est un mardi"),
        ("lundis du 12 juin 2025 au 3 mars 2025 9h-12h", "avant de commencer"),
        ("lundis du 3 mars 2020 au 3 mars 2025 9h-12h", "plus de trois ans"),
        ("lundi 3 mars 1871 9h-12h", "hors des limites"),
        ("lundis du 3 mars au 9h-12h", "s'arrête avant"),
        ("lundi 3 mars sauf le 3 mars 9h-12h", "ôtent tous les jours"),
        ("samedis du 3 au 7 mars 9h-12h", "Aucun jour"),
        ("tous les jours du 1er janvier 2025 au 31 décembre 2026 9h-12h", f"{MOST} au plus"),
    ],
)
def test_what_is_not_understood_is_named(text: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text, AROUND)
    assert told in str(refused.value)


def test_without_a_year_the_day_that_comes_next_is_meant() -> None:
    autumn = Around(date(2025, 7, 1), date(2025, 9, 15))
    assert days("lundi 1er décembre" + H, autumn) == "2025-12: 1"
    assert days("les 15 septembre et 5 janvier" + H, autumn) == "2025-09: 15, 2026-01: 5"
    assert days("les lundis de septembre" + H, autumn) == "2025-09: 1 8 15 22 29"
    assert days("les lundis du 1er décembre au 12 janvier" + H, autumn) == "2025-12: 1 8 15 22 29, 2026-01: 5 12"
    assert days("les lundis de mars" + H, Around(date(2025, 4, 2))) == "2026-03: 2 9 16 23 30"


def test_without_a_period_the_promotion_s_own_days_are_meant_and_asked_for_when_unknown() -> None:
    assert days("les lundis" + H).startswith("2025-01: 20 27")
    with pytest.raises(Refused, match="Indiquez la période"):
        read("les lundis" + H, Around(date(2025, 2, 1)))


def test_an_exception_without_effect_is_told() -> None:
    found = read("tous les lundis de mars, sauf le 4 mars et le 10 mars, 9h-12h", AROUND)
    assert [str(note) for note in found.notes] == ["« 04/03 » n'ôte aucun jour."]


def test_fields_give_the_same_as_a_sentence() -> None:
    period = "du 3 mars au 12 juin, une semaine sur deux, sauf le 8 mai"
    said = read(f"lundis et jeudis {period}, 9h30-12h30 et 14h-17h", AROUND)
    given = from_fields("2025-03-03", "2025-06-12", [0, 3], 2, "9h30-12h30 et 14h-17h", "le 8 mai", AROUND)
    assert given.days == said.days
    assert given.hours == said.hours == DAY


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"first": ""}, "premier et le dernier jour"),
        ({"last": ""}, "premier et le dernier jour"),
        ({"last": "2025-01-01"}, "avant de commencer"),
        ({"weekdays": []}, "Cochez"),
        ({"times": ""}, "ne se lit pas comme des horaires"),
        ({"times": "lundi 9h-12h"}, "ne se lit pas comme des horaires"),
        ({"without": "le 8 mais"}, "« 8 mais »"),
        ({"without": "9h-12h"}, "seulement des dates"),
    ],
)
def test_fields_that_say_too_little_or_too_much(change: dict, told: str) -> None:
    fields = {"first": "2025-03-03", "last": "2025-06-12", "weekdays": [0], "every": 1, "times": "9h-12h",
              "without": ""} | change  # fmt: skip
    with pytest.raises(Refused) as refused:
        from_fields(**fields, around=AROUND)
    assert told in str(refused.value)


def test_whatever_is_written_is_read_or_refused_in_words() -> None:
    """Any heap of words, even a senseless one, ends in days or in a sentence for its author."""
    said = (
        "tous les lundis mardi du au 3 31 mars février 2025 8 mai sauf et un une semaine sur deux 9h-12h 14h-17h de à "
        "jusqu'au entre le partir premier 2e 30/02 - , dernier jours fériés toutes 15 9h 99 l'exception 1er"
    )
    chance, read_well = random.Random(7), 0
    for _ in range(4000):
        text = " ".join(chance.choices(said.split(), k=chance.randint(1, 9)))
        try:
            read_well += len(read(text, AROUND).days) > 0
        except Refused as refused:
            assert "%(" not in str(refused)
    assert read_well > 10
