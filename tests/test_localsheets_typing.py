"""Typed texts are read as Google reads them in each locale."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localsheets.texts.locales import ENGLISH, FRENCH, KNOWN
from localsheets.texts.rendering import general, shown
from localsheets.texts.typed import parse_entered

TODAY = date(2025, 3, 1)
DAY = 45702  # 14 February 2025


@pytest.mark.parametrize(
    ("text", "value", "kind", "back"),
    [
        ("12,5", 12.5, None, "12,5"),
        (" 12 ", 12, None, "12"),
        ("1 234,50", 1234.5, "NUMBER", "1\u202f234,50"),
        ("1\u00a0234,5", 1234.5, "NUMBER", "1\u202f234,50"),
        ("1 234", 1234, "NUMBER", "1\u202f234"),
        ("-3", -3, None, "-3"),
        ("(12)", -12, None, "-12"),
        ("+33612345678", 33612345678, None, "33612345678"),
        ("12345678901234567890", 12345678901234567890.0, None, "1,23457E+19"),
        ("12 %", 0.12, "PERCENT", "12%"),
        ("-5,5%", -0.055, "PERCENT", "-5,50%"),
        ("12,5 €", 12.5, "CURRENCY", "12,50 €"),
        ("12 €", 12, "CURRENCY", "12 €"),
        ("$12", 12, "CURRENCY", "$12"),
        ("1e5", 100000, "SCIENTIFIC", "1,00E+05"),
        ("0612", 612, None, "612"),
        ("14/02/2025", DAY, "DATE", "14/02/2025"),
        ("4/2/2025", DAY - 10, "DATE", "04/02/2025"),
        ("14-02-2025", DAY, "DATE", "14-02-2025"),
        ("14.02.2025", DAY, "DATE", "14.02.2025"),
        ("14/02/25", DAY, "DATE", "14/02/2025"),
        ("14/02", DAY, "DATE", "14/02"),
        ("12.5", 45789, "DATE", "12.05"),
        ("02/2025", DAY - 13, "DATE", "02/2025"),
        ("2025-02-14", DAY, "DATE", "2025-02-14"),
        ("14 février 2025", DAY, "DATE", "14 février 2025"),
        ("14 FÉVR. 2025", DAY, "DATE", "14 févr. 2025"),
        ("vendredi 14 février 2025", DAY, "DATE", "vendredi 14 février 2025"),
        ("14 févr.", DAY, "DATE", "14 févr."),
        ("février 2025", DAY - 13, "DATE", "février 2025"),
        ("1er février 2025", DAY - 13, "DATE", "1 février 2025"),
        ("Feb 14, 2025", DAY, "DATE", "févr. 14, 2025"),
        ("9:30", 0.3958333333333333, "TIME", "09:30"),
        ("9:30:15", 0.39600694444444445, "TIME", "09:30:15"),
        ("14/02/2025 12:00", 45702.5, "DATE_TIME", "14/02/2025 12:00"),
        ("25:30", 1.0625, "TIME", "25:30"),
    ],
)
def test_numbers_and_moments_typed_in_french(text: str, value: float, kind: str | None, back: str) -> None:
    entered, brought = parse_entered(text, FRENCH, TODAY)
    assert entered == {"numberValue": value}
    assert (brought or {}).get("type") == kind
    assert shown(value, brought, FRENCH) == back


@pytest.mark.parametrize(
    ("text", "entered"),
    [
        ("", None),
        ("'", None),
        ("VRAI", {"boolValue": True}),
        ("faux", {"boolValue": False}),
        ("TRUE", {"boolValue": True}),
        ("'0612", {"stringValue": "0612"}),
        ("'=A1", {"stringValue": "=A1"}),
        ("=A1+1", {"formulaValue": "=A1+1"}),
        ("=", {"stringValue": "="}),
        ("+", {"stringValue": "+"}),
        ("+A1", {"formulaValue": "=+A1"}),
        ("+33 6 12 34 56 78", {"formulaValue": "=+33 6 12 34 56 78"}),
        ("06 12 34 56 78", {"stringValue": "06 12 34 56 78"}),
        ("12.55", {"stringValue": "12.55"}),
        ("31/02/2025", {"stringValue": "31/02/2025"}),
        ("9:75", {"stringValue": "9:75"}),
        ("9h30", {"stringValue": "9h30"}),
        ("1,2,3", {"stringValue": "1,2,3"}),
        ("12 345 6", {"stringValue": "12 345 6"}),
        ("R 15", {"stringValue": "R 15"}),
        (" espace ", {"stringValue": " espace "}),
        ("-", {"stringValue": "-"}),
        ("- 5", {"stringValue": "- 5"}),
        ("e5", {"stringValue": "e5"}),
        ("1e999", {"stringValue": "1e999"}),
        ("٣", {"stringValue": "٣"}),
        ("mars", {"stringValue": "mars"}),
        ("B2 mars", {"stringValue": "B2 mars"}),
    ],
)
def test_other_texts_typed_in_french(text: str, entered: dict | None) -> None:
    assert parse_entered(text, FRENCH, TODAY) == (entered, None)


@pytest.mark.parametrize(
    ("text", "value", "back"),
    [
        ("2,000,000.01", 2000000.01, "2,000,000.01"),
        ("12.5", 12.5, "12.5"),
        ("2/14/2025", DAY, "2/14/2025"),
        ("2-14-2025", DAY, "2-14-2025"),
        ("2/14", DAY, "2/14"),
        ("9:30", 0.3958333333333333, "9:30"),
        ("9:30 PM", 0.8958333333333334, "9:30 PM"),
        ("9pm", 0.875, "9 PM"),
        ("$12.50", 12.5, "$12.50"),
        ("-$12", -12, "-$12"),
        ("€12", 12, "€12"),
        ("1.5%", 0.015, "1.50%"),
        ("2020-01-01", 43831, "2020-01-01"),
        ("Feb 14, 2025", DAY, "Feb 14, 2025"),
        ("Friday, February 14, 2025", DAY, "Friday, February 14, 2025"),
        ("14-Feb-2025", DAY, "14-Feb-2025"),
        ("2/14/2025 9:30 pm", 45702.895833333336, "2/14/2025 9:30 PM"),
    ],
)
def test_what_is_typed_in_english_and_shown_again(text: str, value: float, back: str) -> None:
    entered, brought = parse_entered(text, ENGLISH, TODAY)
    assert entered == {"numberValue": value}
    assert shown(value, brought, ENGLISH) == back


@pytest.mark.parametrize("text", ["VRAI", "12,5", "14/02/2025", "14.02.2025", "1 234", "14 février 2025", "$", "1,2"])
def test_what_english_takes_for_a_text(text: str) -> None:
    assert parse_entered(text, ENGLISH, TODAY) == ({"stringValue": text}, None)


@pytest.mark.parametrize(
    ("locale", "text", "value"),
    [
        ("de_DE", "1.234,5", 1234.5),
        ("de_DE", "14.02.2025", DAY),
        ("de_DE", "WAHR", True),
        ("es_ES", "14 febrero 2025", DAY),
        ("it_IT", "14/2/2025", DAY),
        ("en_GB", "14/02/2025", DAY),
        ("fr_CA", "2025-02-14", DAY),
        ("fr_CA", "14/02/2025", DAY),
        ("pt_BR", "R$ 1.234,50", 1234.5),
    ],
)
def test_other_locales(locale: str, text: str, value: float) -> None:
    entered, _ = parse_entered(text, KNOWN[locale], TODAY)
    assert list((entered or {}).values()) == [value]


@given(some.text(max_size=12), some.sampled_from(sorted(KNOWN)))
def test_any_text_is_read_without_failing(text: str, locale: str) -> None:
    entered, brought = parse_entered(text, KNOWN[locale], TODAY)
    assert (entered is None) == (text in ("", "'"))
    assert brought is None or "numberValue" in entered


@given(some.integers(-(10**12), 10**12).map(lambda number: number / 1000), some.sampled_from(sorted(KNOWN)))
def test_a_shown_number_is_read_back(number: float, locale: str) -> None:
    entered, _ = parse_entered(general(number, KNOWN[locale]), KNOWN[locale], TODAY)
    assert entered["numberValue"] == pytest.approx(number, rel=1e-9)


@given(some.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_a_typed_date_is_shown_as_typed(day: date) -> None:
    for text, locale in ((day.strftime("%d/%m/%Y"), FRENCH), (day.isoformat(), ENGLISH)):
        entered, brought = parse_entered(text, locale, TODAY)
        assert shown(entered["numberValue"], brought, locale) == text
