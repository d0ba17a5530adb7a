"""Calendars: lengths, control totals, and what is refused."""

from dataclasses import replace

import pytest

from rules.calendar import (
    KINDS,
    MODALITIES,
    Expected,
    Slot,
    check_half_day,
    control_totals,
    differences,
    half_day_minutes,
)
from rules.message import Refused


def test_a_length_is_counted_to_the_minute():
    assert half_day_minutes("14:00", "18:30") == 270
    assert half_day_minutes("10:00", "12:30") == 150
    assert half_day_minutes("14:00", "12:30") < 0


def test_totals_leave_out_optional_modules_and_the_jury():
    slots = [
        Slot(180, "course", "Bloc 1", "2025-01-20"),
        Slot(210, "workshop", "Bloc 4", "2025-01-20"),
        Slot(600, "course", "", "2025-01-21", optional=True),
        Slot(240, "jury", "", "2025-01-22"),
    ]
    totals = control_totals(slots)
    assert (totals.half_days, totals.minutes, totals.days) == (2, 390, 1)
    assert totals.by_kind == {"course": 180, "workshop": 210}
    assert totals.by_bloc == {"Bloc 1": 180, "Bloc 4": 210}


def test_undated_half_days_of_a_period_make_a_day_by_two():
    slots = [Slot(180, "course", period="Semaine 1")] * 4 + [Slot(180, "course", period="Semaine 2")] * 3
    assert control_totals(slots).days == 4


def test_a_calendar_that_agrees_has_no_difference():
    slots = [Slot(180, "course", "Bloc 1", "2025-01-20")] * 2
    expected = Expected(2, 360, 1, {"course": 360}, {"Bloc 1": 360})
    assert differences(control_totals(slots), expected) == []
    assert differences(control_totals(slots), Expected()) == []


def test_each_difference_is_told_with_its_size():
    totals = control_totals([Slot(180, "course", "Bloc 1", "2025-01-20")] * 2)
    wrong = Expected(3, 330, 2, {"course": 330, "visit": 180}, {"Bloc 1": 420})
    assert [str(m) for m in differences(totals, wrong)] == [
        "demi-journées : 2 au calendrier, 3 annoncé(e)s (-1).",
        "jours : 1 au calendrier, 2 annoncé(e)s (-1).",
        "heures, total : 6 h au calendrier, 5 h 30 annoncées (+30 min).",
        "heures, cours : 6 h au calendrier, 5 h 30 annoncées (+30 min).",
        "heures, visite : 0 h au calendrier, 3 h annoncées (-3 h).",
        "heures, Bloc 1 : 6 h au calendrier, 7 h annoncées (-1 h).",
    ]
    assert len(differences(replace(totals, minutes=361), Expected(minutes=360))) == 1


def test_a_half_day_is_taken_with_or_without_date_and_times():
    assert check_half_day("2025-01-20", "14:00", "17:00") == 180
    assert check_half_day("", "09:30", "12:30", period="Semaine 1 / novembre 2020") == 180
    assert check_half_day("", "", "", period="Regroupement 1", minutes=210) == 210
    assert check_half_day("2025-01-20", "08:00", "20:00") == 720
    for kind in KINDS:
        for modality in MODALITIES:
            assert check_half_day("2025-01-20", "14:00", "17:00", kind=kind, modality=modality) == 180


@pytest.mark.parametrize(
    "args, more",
    [
        (("2025-01-20", "17:00", "14:00"), {}),
        (("2025-01-20", "14:00", "14:00"), {}),
        (("2025-01-20", "08:00", "20:01"), {}),
        (("2025-01-20", "14:00", ""), {}),
        (("2025-01-20", "", ""), {}),
        (("2025-01-20", "", ""), {"minutes": 0}),
        (("", "14:00", "17:00"), {"period": " "}),
        (("2025-01-20", "14:00", "17:00"), {"kind": "party"}),
        (("2025-01-20", "14:00", "17:00"), {"modality": "both"}),
    ],
)
def test_a_half_day_that_cannot_be_is_refused(args, more):
    with pytest.raises(Refused):
        check_half_day(*args, **more)
