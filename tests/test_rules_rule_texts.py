"""A rule set typed in a form: what it becomes, what is refused and at which field, what is listed as changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules.attendance import AttendanceRule
from rules.message import Refused
from rules.rule_set import RuleSet, Unit
from rules.rule_texts import as_texts, changes, check_change, revised

RULES = RuleSet(
    AttendanceRule("share", 20, "Livret d'accueil, § 4.4"), units=(Unit("RSV206", "Économie", 8),),
    pages_min=15, pages_max=20, size_max=30, sources={"pass_mark": "Livret d'accueil, § 4.4"},
)  # fmt: skip


def test_what_a_form_shows_gives_the_same_rule_set_back():
    assert revised(RULES, as_texts(RULES), {}) == RULES


@pytest.mark.parametrize(
    ("texts", "sources", "expected"),
    [
        ({"share_percent": "25"}, {}, replace(RULES, attendance=replace(RULES.attendance, share_percent=25))),
        ({"late_counts": "oui"}, {}, replace(RULES, attendance=replace(RULES.attendance, late_counts=True))),
        ({"thresholds": "90 %, 60"}, {}, replace(RULES, attendance=replace(RULES.attendance, thresholds=(60, 90)))),
        ({"thresholds": ""}, {}, replace(RULES, attendance=replace(RULES.attendance, thresholds=()))),
        ({"kind": "full"}, {}, replace(RULES, attendance=AttendanceRule("full", None, "Livret d'accueil, § 4.4"))),
        ({"lock_days": ""}, {}, replace(RULES, lock_days=None)),
        ({"lock_days": " 7 "}, {}, replace(RULES, lock_days=7)),
        ({"pass_mark": "10,5"}, {}, replace(RULES, pass_mark=Decimal("10.5"))),
        ({"size_max": ""}, {}, replace(RULES, size_max=None)),
        ({"fees_required": "oui"}, {}, replace(RULES, fees_required=True)),
        ({}, {"attendance": "Règlement 2026"},
         replace(RULES, attendance=replace(RULES.attendance, source="Règlement 2026"))),
        ({"units": "RSV206 ; Économie ; 8\nRSV207 ; Enquête ; 4"}, {},
         replace(RULES, units=(Unit("RSV206", "Économie", 8), Unit("RSV207", "Enquête", 4)))),
        ({"units": ""}, {}, replace(RULES, units=())),
        ({}, {"pass_mark": " "}, replace(RULES, sources={})),
    ],
)  # fmt: skip
def test_each_setting_is_read_as_people_type_it(texts, sources, expected):
    assert revised(RULES, texts, sources) == expected


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"share_percent": "vingt"}, "share_percent"),
        ({"share_percent": "120"}, "share_percent"),
        ({"share_percent": ""}, "share_percent"),
        ({"share_percent": "٢٠"}, "share_percent"),
        ({"thresholds": "50, 180"}, "thresholds"),
        ({"thresholds": "bientôt"}, "thresholds"),
        ({"late_counts": "peut-être"}, "late_counts"),
        ({"kind": "sometimes"}, "kind"),
        ({"lock_days": "-1"}, "lock_days"),
        ({"lock_days": "9999999999"}, "lock_days"),
        ({"pass_mark": "dix"}, "pass_mark"),
        ({"units": "RSV206 ; Économie"}, "units"),
        ({"colour": "bleu"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(texts, field):
    with pytest.raises(Refused) as refused:
        revised(RULES, texts, {})
    assert refused.value.field == field


def test_a_percentage_without_its_rule_is_refused_and_the_one_that_stood_there_goes():
    full = revised(RULES, {"kind": "full"}, {})
    assert full.attendance.share_percent is None
    with pytest.raises(Refused, match="part des heures") as refused:
        revised(full, {"share_percent": "30"}, {})
    assert refused.value.field == "share_percent"
    assert revised(full, {"share_percent": "30", "kind": "share"}, {}).attendance.share_percent == 30


@pytest.mark.parametrize("texts", [{"pages_min": "30"}, {"pass_mark": "21"}])
def test_settings_that_contradict_one_another_are_refused(texts):
    with pytest.raises(Refused):
        revised(RULES, texts, {})


def test_a_change_asks_for_a_reason_once_teaching_has_begun():
    after = revised(RULES, {"pages_max": "25", "late_counts": "oui"}, {"pages_max": "Avis du jury"})
    listed = {
        "late_counts": ("non", "oui"), "pages_max": ("20", "25"), "source-pages_max": ("", "Avis du jury"),
    }  # fmt: skip
    assert changes(RULES, after) == check_change(RULES, after, begun=False, reason="") == listed
    assert check_change(RULES, after, begun=True, reason="Avis du jury") == listed
    assert check_change(RULES, RULES, begun=True, reason=" ") == {}
    with pytest.raises(Refused) as refused:
        check_change(RULES, after, begun=True, reason=" ")
    assert refused.value.field == "reason"


def test_a_line_of_units_is_counted_from_the_first_even_blank():
    with pytest.raises(Refused, match="Ligne 3 : « U1 ; 4 »"):
        revised(RULES, {"units": "\n\nU1 ; 4"}, {})


def test_units_that_change_are_listed_as_lines_with_their_document():
    after = revised(RULES, {"units": "RSV207 ; Enquête ; 4"}, {"units": "Livret, § 5.1"})
    assert changes(RULES, after) == {
        "units": ("RSV206 ; Économie ; 8", "RSV207 ; Enquête ; 4"), "source-units": ("", "Livret, § 5.1"),
    }  # fmt: skip
