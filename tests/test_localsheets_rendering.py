"""Values are shown in number formats as Google documents them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localsheets.texts.locales import ENGLISH, FRENCH
from localsheets.texts.rendering import general, shown

ACCOUNTING = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'
TUESDAY = 42465.67  # 5 April 2016, 16:04:48


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234.5, "#,##0.00", "1\u202f234,50"),
        (1234.5, "0", "1235"),
        (0.5, "0.0#", "0,5"),
        (-3, '0;(0)" dû"', "(3) dû"),
        (0.125, "0.0%", "12,5%"),
        (612345678, "00 00 00 00 00", "06 12 34 56 78"),
        (12, "000", "012"),
        (0, "#", ""),
        (0.5, ".00", ",50"),
        (-12.5, '#,##0.00" €"', "-12,50 €"),
        (12.5, "#,##0.00 [$€-40C]", "12,50 €"),
        (0.00321, "0.00E+00", "3,21E-03"),
        (123456, "##0.0E+0", "123,5E+3"),
        (99960, "0.0E+0", "1,0E+5"),
        (0, "0.00E+00", "0,00E+00"),
        (1234567, "0,.0K", "1234,6K"),
        (1234567, '0.0,,"M"', "1,2M"),
        (5.25, "# ?/?", "5 1/4"),
        (12345.6789, "# ??/??", "12345 55/81"),
        (5.5, "# ?/8", "5 4/8"),
        (0.5, "?/?", "1/2"),
        (5, '[<10]"bas";0', "bas"),
        (50, '[<10]"bas";0', "50"),
        (-3, "0.0;[Red]-0.0", "-3,0"),
        (0, '0;-0;"nul"', "nul"),
        (-1, "0;;", ""),
        (1e20, "0", "100000000000000000000"),
        (3.5, "General", "3,5"),
        (612, "@", "612"),
        (45702, "dd/MM/yyyy", "14/02/2025"),
        (45702, "dddd d mmmm yyyy", "vendredi 14 février 2025"),
        (45702, "d mmm yy", "14 févr. 25"),
        (45702, "ddd mmmmm", "ven. f"),
        (45702.999995, "dd/MM/yyyy HH:mm", "15/02/2025 00:00"),
        (0.40625, "HH:mm:ss", "09:45:00"),
        (0.40625, 'H"h"mm', "9h45"),
        (1.5, "[h]:mm", "36:00"),
        (-0.5, "[h]:mm", "-12:00"),
        (-1.5, "yyyy-mm-dd HH:mm", "1899-12-28 12:00"),
        (1e9, "dd/MM/yyyy", "1000000000"),
    ],
)
def test_patterns_in_french(value: float, pattern: str, text: str) -> None:
    assert shown(value, {"type": "NUMBER", "pattern": pattern}, FRENCH) == text


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (99.95, ACCOUNTING, " $ 99.95 "),
        (-23.45, ACCOUNTING, " $ (23.45)"),
        (0, ACCOUNTING, " $ -   "),
        ("x", ACCOUNTING, " x "),
        ("x", '"« "@" »"', "« x »"),
        ("x", "0.00", "x"),
        (TUESDAY, "h:mm:ss.00 a/p", "4:04:48.00 p"),
        (TUESDAY, 'hh:mm A/P".M."', "04:04 P.M."),
        (TUESDAY, "yyyy-mm-dd", "2016-04-05"),
        (TUESDAY, "mmmm d \\[dddd\\]", "April 5 [Tuesday]"),
        (TUESDAY, "dddd, m/d/yy at h:mm", "Tuesday, 4/5/16 at 16:04"),
        (1.5, "[hh]:[mm]:[ss].000", "36:00:00.000"),
        (0.1345069, "[mmmm]:[ss].000", "0193:41.396"),
        (0.1345069, "[s]", "11621"),
    ],
)
def test_patterns_in_english(value: float | str, pattern: str, text: str) -> None:
    assert shown(value, {"type": "NUMBER", "pattern": pattern}, ENGLISH) == text


@pytest.mark.parametrize(
    ("kind", "english", "french"),
    [
        ("NUMBER", "45,702.40", "45\u202f702,40"),
        ("PERCENT", "4570240.00%", "4570240,00%"),
        ("CURRENCY", "$45,702.40", "45\u202f702,40 €"),
        ("DATE", "2/14/2025", "14/02/2025"),
        ("TIME", "9:36:00 AM", "09:36:00"),
        ("DATE_TIME", "2/14/2025 9:36:00", "14/02/2025 09:36:00"),
        ("SCIENTIFIC", "4.57E+04", "4,57E+04"),
        ("TEXT", "45702.4", "45702,4"),
    ],
)
def test_a_type_without_a_pattern_has_its_locale_s(kind: str, english: str, french: str) -> None:
    assert shown(45702.4, {"type": kind}, ENGLISH) == english
    assert shown(45702.4, {"type": kind}, FRENCH) == french


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.3333333333"),
        (1 / 1024, "0.0009765625"),
        (2.0, "2"),
        (33.1, "33.1"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "1E-07"),
        (123456789012345, "123456789012345"),
        (1e15, "1E+15"),
        (1.23456789e20, "1.23457E+20"),
    ],
)
def test_numbers_without_a_format(value: float, text: str) -> None:
    assert general(value, ENGLISH) == text


@given(some.floats(allow_nan=False, allow_infinity=False), some.text('0#?.,%E+-/;"\\_*[]@hmsdyMa p€', max_size=12))
def test_any_pattern_shows_any_number_without_failing(value: float, pattern: str) -> None:
    assert isinstance(shown(value, {"type": "NUMBER", "pattern": pattern}, FRENCH), str)
