"""Half-days added, one or many, and taken out: previews, faults, refusals, rights, forms without JavaScript."""

from html import unescape

import pytest
from flask import Flask

from store import calendar, rosters
from tests.build_pages import Builder, told, values_of
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain
from tests.sync_bench import Cohort, make_cohort

SENTENCE = "tous les lundis et mardis de mars, 9h30-12h30 et 14h-17h"
COMMON = {"module": "2", "kind": "course", "modality": "on_site", "place": "21.2.33", "teachers": "Inès Faye"}


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Builder:
    return Builder(app, cohort)


# -- One --------------------------------------------------------------------------------------------


def test_one_half_day_is_added_and_shown_where_it_stands(page: Builder) -> None:
    before = page.ids()
    answer = page.post("ajouter/", **COMMON, day="lundi 3 mars 2025", start="9h30", end="12h30")
    [made] = set(page.ids()) - set(before)
    assert (answer.status_code, answer.location) == (303, f"{page.root}#ligne-{made}")
    assert calendar.snapshot(page.cohort.id)[made]["day"] == "2025-03-03"
    html = page.get("")
    assert "La demi-journée est ajoutée." in html
    assert "lun. 03/03/2025" in html


def test_what_does_not_hold_together_is_told_at_once(page: Builder) -> None:
    page.post("ajouter/", **COMMON, day="08/05/2025", start="9h30", end="12h30")
    assert "Ce jour est férié : Fête de la Victoire." in page.get("")


def test_a_half_day_without_date_nor_hours_is_added_by_its_period_and_length(page: Builder) -> None:
    before = page.ids()
    assert page.post("ajouter/", **COMMON, period="Semaine 3 / décembre 2025", length="3h30").status_code == 303
    [made] = set(page.ids()) - set(before)
    assert calendar.half_day(page.cohort.id, made)["minutes"] == 210


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("day", "31/02/2025", "au calendrier"), ("end", "8h", "doit venir après son début"),
        ("place", "45.1.1", "existe pas"), ("module", "99", "dans la liste"), ("day", "", "Indiquez une date"),
        ("length", "beaucoup", "n'est pas une durée"), ("kind", "fête", "dans la liste"),
    ],
)  # fmt: skip
def test_a_refused_half_day_keeps_what_was_typed(page: Builder, field: str, typed: str, says: str) -> None:
    given = {**COMMON, "day": "03/03/2025", "start": "9h30", "end": "12h30", "teachers": "Une personne"}
    html = page.refused("ajouter/", **(given | {field: typed}))
    assert says in told(html)
    assert values_of(html, "teachers") == ["Une personne"]
    assert 'aria-invalid="true"' in html


def test_a_form_sent_twice_adds_one_half_day(page: Builder) -> None:
    before = len(page.ids())
    for _ in range(2):
        answer = page.post("ajouter/", key="twice", **COMMON, day="03/03/2025", start="9h30", end="12h30")
        assert answer.status_code == 303
    assert len(page.ids()) == before + 1


# -- Many -------------------------------------------------------------------------------------------


def test_a_sentence_is_previewed_and_nothing_is_written_before_it_is_confirmed(page: Builder) -> None:
    before = page.ids()
    html = page.post("ajouter/plusieurs/", **COMMON, way="sentence", sentence=SENTENCE).text
    lines = values_of(html, "line")
    assert len(lines) == 18
    assert lines[0] == "2025-03-03|09:30|12:30||"
    assert "18 demi-journées, 54 h" in html
    assert page.ids() == before
    answer = page.post("ajouter/plusieurs/creer", **COMMON, line=lines[:-2])
    assert answer.status_code == 303
    made = [row for row in calendar.half_days(page.cohort.id) if row[0] not in before]
    assert len(made) == 16
    assert {row[6].weekday() for row in made} == {0, 1}
    assert {(row[7], row[8]) for row in made} == {("09:30", "12:30"), ("14:00", "17:00")}
    assert {(row[1], row[10], row[12], row[13]) for row in made} == {("2", "course", "21.2.33", "Inès Faye")}
    assert answer.location.partition("#ligne-")[2] == made[0][0]
    assert "16 demi-journées sont ajoutées." in page.get("")


def test_each_line_of_a_preview_shows_its_faults(page: Builder) -> None:
    other = make_cohort("AUTRE-2025")
    calendar.change(AUTHOR, other.half_days[0], {"day": "06/05/2025", "teachers": "Inès Faye"})
    sentence = "les 6 et 8 mai 2025 et 20 janvier 2025, 9h30-12h30, sauf le 9 mai"
    html = plain(page.post("ajouter/plusieurs/", **COMMON, way="sentence", sentence=sentence).text)
    assert "3 demi-journées ont un défaut." in html
    assert "Inès Faye est aussi attendu·e dans AUTRE-2025" in html
    assert "Fête de la Victoire" in html
    assert "Elle chevauche 9h30-12h30, 1 Histoire" in html
    assert "« 09/05 » n&#39;ôte aucun jour." in html


def test_fields_describe_the_same(page: Builder) -> None:
    fields = {"first": "03/03/2025", "last": "30/03/2025", "every": "2", "times": "9h30-12h30", "without": "le 18 mars"}
    html = page.post("ajouter/plusieurs/", **COMMON, way="fields", weekday=["0", "1"], **fields).text
    assert [line[:10] for line in values_of(html, "line")] == ["2025-03-03", "2025-03-04", "2025-03-17"]
    assert "<details open>" in html
    assert values_of(html, "without")[0] == "le 18 mars"


def test_periods_give_half_days_without_a_date(page: Builder) -> None:
    before = page.ids()
    periods = "Semaine 1 / octobre 2025\n\nSemaine 2 / octobre 2025\n"
    html = page.post("ajouter/plusieurs/", **COMMON, way="periods", periods=periods, lengths="3h30 et 3h").text
    lines = values_of(html, "line")
    assert lines[:2] == ["|||210|Semaine 1 / octobre 2025", "|||180|Semaine 1 / octobre 2025"]
    assert page.post("ajouter/plusieurs/creer", **COMMON, line=lines).status_code == 303
    made = [row for row in calendar.half_days(page.cohort.id) if row[0] not in before]
    expected = [(f"Semaine {number} / octobre 2025", minutes) for number in (1, 2) for minutes in (210, 180)]
    assert [(row[5], row[9]) for row in made] == expected
    html = page.post("ajouter/plusieurs/", **COMMON, way="periods", periods="S3", lengths="9h30-12h30 et 14h-17h").text
    assert values_of(html, "line") == ["|09:30|12:30||S3", "|14:00|17:00||S3"]
    assert 'role="note"' not in html


def test_a_period_written_twice_or_in_the_calendar_already_is_told(page: Builder) -> None:
    calendar.create(AUTHOR, page.cohort.id, {"period": "Semaine 1 / octobre 2025", "kind": "course"}, 180)
    periods = "semaine 1 / Octobre 2025\nS2\nS3\nS2\n"
    html = plain(unescape(page.post("ajouter/plusieurs/", **COMMON, way="periods", periods=periods, lengths="3h").text))
    assert len(values_of(html, "line")) == 4
    assert "« S2 » est écrite 2 fois." in html
    assert "« semaine 1 / Octobre 2025 » compte déjà 1 demi-journée(s) au calendrier." in html
    assert html.count('role="note"') == 2


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"way": "sentence", "sentence": ""}, "Écrivez une phrase"),
        ({"way": "sentence", "sentence": "tous les lundis de marche 9h-12h"}, "« marche »"),
        ({"way": "sentence", "sentence": SENTENCE, "place": "45.1.1"}, "existe pas"),
        ({"way": "sentence", "sentence": SENTENCE, "kind": "fête"}, "dans la liste"),
        ({"way": "fields", "first": "hier", "last": "30/03/2025", "times": "9h-12h"}, "n'est pas une date"),
        ({"way": "fields", "first": "03/03/2025", "last": "30/03/2025", "times": "9h-12h"}, "Cochez au moins un jour"),
        ({"way": "periods", "periods": " \n", "lengths": "3h"}, "une période par ligne"),
        ({"way": "periods", "periods": "S1", "lengths": ""}, "ne se lit pas comme des horaires"),
        ({"way": "periods", "periods": "S1", "lengths": "9h-8h"}, "après le début"),
        ({"way": "periods", "periods": "S1", "lengths": "3h et beaucoup"}, "n'est pas une durée"),
        ({"way": "periods", "periods": "S\n" * 401, "lengths": "3h"}, "400 au plus"),
    ],
)
def test_a_description_that_says_too_little_is_refused_and_kept(page: Builder, values: dict, says: str) -> None:
    html = page.refused("ajouter/plusieurs/", **{**COMMON, **values})
    assert says in told(html)
    assert values_of(html, "teachers") == ["Inès Faye"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "Cochez au moins une demi-journée"),
        (["2025-03-03|09:30|12:30||", "nonsense"], "ne se lit plus"),
        (["2025-03-03|09:30|12:30|x|"], "ne se lit plus"),
        (["2025-02-31|09:30|12:30||"], "n'existe pas"),
        (["2025-03-03|09:30|12:30||", "2025-03-04|12:30|09:30||"], "après son début"),
        (["||||"], "Indiquez une date"),
    ],
)
def test_a_preview_that_was_tampered_with_writes_nothing(page: Builder, lines: list[str], says: str) -> None:
    assert says in told(page.refused("ajouter/plusieurs/creer", **COMMON, line=lines))


# -- Out --------------------------------------------------------------------------------------------


def test_a_half_day_is_taken_out_after_saying_what_is_recorded_on_it(page: Builder) -> None:
    first = page.cohort.half_days[0]
    rosters.mark(AUTHOR, page.cohort.participants[0], first, "present", "")
    assert f'href="{page.root}{first}/retirer/"' in page.client.get(f"{page.root}?modifier={first}", headers=HTMX).text
    html = page.get(f"{first}/retirer/")
    assert "1 présence est déjà relevée" in html
    assert "6 participant·es" in html
    assert first in page.ids()
    assert page.post(f"{first}/retirer/").status_code == 303
    assert first not in page.ids()
    assert "retirée du calendrier" in page.get("")
    assert page.client.get(f"{page.root}{first}/retirer/").status_code == 404
    calendar.restore(AUTHOR, first)
    assert rosters.snapshot(page.cohort.id)[page.cohort.participants[0]][first] == "P"


# -- The ladder -------------------------------------------------------------------------------------


def test_another_cohort_s_half_day_and_unknown_ones_are_not_found(page: Builder) -> None:
    other = make_cohort("AUTRE-2025").half_days[0]
    for key in (other, "S-NOBODY22"):
        assert page.client.get(f"{page.root}{key}/retirer/").status_code == 404
        assert page.post(f"{key}/retirer/").status_code == 404
    assert page.client.get("/promotions/NOWHERE/seances/ajouter/").status_code == 404
    assert calendar.half_day(calendar.HalfDay.get_by_id(other).cohort_id, other)


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_others_neither_see_nor_send_the_forms(app: Flask, page: Builder, role: str) -> None:
    other = Builder(app, page.cohort, role)
    assert "ajouter/" not in other.get("")
    for path in ("ajouter/", "ajouter/plusieurs/", f"{page.cohort.half_days[0]}/retirer/"):
        assert other.client.get(page.root + path).status_code == 403
        assert other.post(path).status_code == 403
    assert other.post("ajouter/plusieurs/creer", line=["2025-03-03|09:30|12:30||"]).status_code == 403


@pytest.mark.parametrize("path", ["ajouter/", "ajouter/plusieurs/"])
def test_pages_cost_few_queries(page: Builder, path: str, count_queries) -> None:
    page.get(path)
    with count_queries(8):
        page.get(path)
    data = {"csrf_token": csrf(page.get("")), **COMMON, "way": "sentence", "sentence": SENTENCE}
    with count_queries(10):
        assert "Aperçu : 18" in page.client.post(page.root + "ajouter/plusieurs/", data=data).text
