"""Rule sets: stored as plain values, changed with a reason."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from rules.attendance import AttendanceRule
from rules.message import Refused
from rules.rule_set import (
    SETTINGS,
    Assessment,
    RuleSet,
    Unit,
    as_dict,
    checked,
    display_setting,
    from_dict,
)

RULES = RuleSet(
    AttendanceRule("share", 20, "Livret d'accueil, § 4.4"),
    units=(Unit("RSV206", "Économie sociale et solidaire", 8), Unit("RSV207", "Méthodologie de projet", 4)),
    pass_mark=Decimal("10.5"),
    pages_min=15,
    pages_max=20,
    sources={"pass_mark": "Livret d'accueil, § 4.4"},
)


def test_a_rule_set_survives_json():
    assert from_dict(json.loads(json.dumps(as_dict(RULES)))) == RULES


def test_every_setting_has_a_label_and_a_text():
    assert {*SETTINGS} == {*as_dict(RULES)} - {"sources"}
    texts = {name: display_setting(RULES, name) for name in SETTINGS}
    assert texts["attendance"] == "défaillant·e au-delà de 20 % des heures"
    assert texts["pass_mark"] == "10,5"
    assert texts["units"] == "RSV206 (8 crédits), RSV207 (4 crédits)"
    assert texts["size_max"] == ""


def test_a_text_says_what_units_are_made_of_and_what_counts_as_absence():
    parts = (Assessment("E1", "Écrit", 2), Assessment("O", "Oral", 1))
    rules = replace(
        RULES, units=(replace(RULES.units[0], assessments=parts), RULES.units[1]),
        attendance=replace(RULES.attendance, justified_counts=False, late_counts=True),
    )  # fmt: skip
    assert display_setting(rules, "units") == "RSV206 (8 crédits : E1 ×2, O ×1), RSV207 (4 crédits)"
    assert display_setting(rules, "attendance") == (
        "défaillant·e au-delà de 20 % des heures (absences justifiées non comptées, retards et départs anticipés "
        "comptés)"
    )


def test_each_setting_tells_its_source():
    assert RULES.source("attendance") == RULES.source("pass_mark") == "Livret d'accueil, § 4.4"
    assert RULES.source("size_min") == ""


@pytest.mark.parametrize(
    "change",
    [
        {"pass_mark": Decimal(21)},
        {"paper_kind": "roman"},
        {"validation_body": "vote"},
        {"enrolment_order": "hasard"},
        {"pages_min": 21},
        {"size_min": -1},
        {"units": (Unit("A", "", 1), Unit("A", "", 2))},
    ],
)
def test_a_rule_set_that_contradicts_itself_is_refused(change):
    with pytest.raises(Refused):
        checked(replace(RULES, **change))


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"attendance": {"kind": "share"}},
        {"attendance": {"kind": "none"}, "colour": 1},
        {"attendance": {"kind": "none"}, "pass_mark": "dix"},
    ],
)
def test_a_stored_rule_set_that_cannot_be_read_is_refused(plain):
    with pytest.raises(Refused):
        from_dict(plain)
