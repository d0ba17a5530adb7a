"""A half-day that moves: who is affected is said before it is saved, and what to tell them stays at hand."""

import re
from html import unescape

import pytest
from flask import Flask

from store import calendar, rosters
from tests.build_pages import Builder
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, make_app, plain
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Builder:
    calendar.change(AUTHOR, cohort.half_days[0], {"teachers": "Claire Fontaine"})
    return Builder(app, cohort)


def form(page: Builder) -> dict[str, str]:
    first = page.cohort.half_days[0]
    return line_form(page.client.get(f"{page.root}?modifier={first}", headers=HTMX).text, "id", f"ligne-{first}")


def send(page: Builder, data: dict[str, str], htmx: bool = True, **values: str):
    first = page.cohort.half_days[0]
    return page.client.post(f"{page.root}{first}/modifier", data=data | values, headers=HTMX if htmx else {})


def stored(page: Builder) -> dict[str, str]:
    return calendar.snapshot(page.cohort.id)[page.cohort.half_days[0]]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_move_says_who_is_affected_before_it_is_saved(page: Builder, htmx: bool) -> None:
    rosters.mark(AUTHOR, page.cohort.participants[0], page.cohort.half_days[0], "present", "")
    before = stored(page)
    answer = send(page, form(page), htmx, day="08/05/2025", place="21.2.33")
    html = plain(unescape(answer.text))
    assert answer.status_code == 422
    assert stored(page) == before
    assert ("<!doctype html>" in html) is not htmx
    for words in (
        "n'est pas encore enregistré", "6 participant·es", "Claire Fontaine", "1 présence est déjà relevée",
        "Ce jour est férié : Fête de la Victoire.", "- lieu : 21.2.33 (au lieu de : 21.2.32)",
        "- date : jeudi 8 mai 2025 (au lieu de : lundi 20 janvier 2025)", "mailto:?bcc=0@exemple.fr,1@exemple.fr",
    ):  # fmt: skip
        assert words in html, words
    again = line_form(answer.text, "id", f"ligne-{page.cohort.half_days[0]}")
    assert (again["day"], again["place"]) == ("08/05/2025", "21.2.33")
    saved = send(page, again, htmx)
    assert saved.status_code == (200 if htmx else 303)
    assert (stored(page)["day"], stored(page)["place"]) == ("2025-05-08", "21.2.33")


def test_another_move_than_the_one_confirmed_is_said_again(page: Builder) -> None:
    again = line_form(send(page, form(page), day="21/01/2025").text, "id", f"ligne-{page.cohort.half_days[0]}")
    answer = send(page, again, day="22/01/2025")
    assert (answer.status_code, stored(page)["day"]) == (422, "2025-01-20")
    assert "mercredi 22 janvier 2025" in answer.text


@pytest.mark.parametrize(
    "values", [{"module": "2"}, {"kind": "visit"}, {"teachers": "Claire Fontaine"}, {"modality": "remote"}]
)
def test_what_moves_nothing_is_saved_at_once(page: Builder, values: dict) -> None:
    assert send(page, form(page), **values).status_code == 200
    assert stored(page) == stored(page) | values


def test_a_place_or_a_teacher_named_for_the_first_time_is_saved_at_once(page: Builder) -> None:
    calendar.change(AUTHOR, page.cohort.half_days[0], {"place": "", "teachers": ""})
    assert send(page, form(page), place="21.2.33", teachers="Denis Morel").status_code == 200
    assert stored(page)["place"] == "21.2.33"


def test_what_is_wrong_with_a_move_is_said_instead(page: Builder) -> None:
    answer = send(page, form(page), day="31/02/2025")
    assert answer.status_code == 422
    assert "au calendrier" in answer.text
    assert "pas encore enregistré" not in answer.text
    assert "doit venir après" in send(page, form(page), end="8h").text


def test_the_last_move_is_at_hand_with_what_to_tell(page: Builder) -> None:
    first = page.cohort.half_days[0]
    assert "n'a pas été déplacée" in page.get(f"{first}/prevenir/")
    calendar.change(AUTHOR, first, {"day": "21/01/2025", "start": "10h"})
    assert f'href="{page.root}{first}/prevenir/"' in page.get("")
    html = page.get(f"{first}/prevenir/")
    assert re.search("Dernier déplacement, par Tests", html)
    assert "- horaires : 10h-12h30 (au lieu de : 9h30-12h30)" in html
    assert "- date : mardi 21 janvier 2025 (au lieu de : lundi 20 janvier 2025)" in html
    assert "5@exemple.fr" in html


def test_a_move_is_of_its_own_cohort_and_for_the_office(app: Flask, page: Builder, count_queries) -> None:
    other = make_cohort("AUTRE-2025").half_days[0]
    for key in (other, "S-NOBODY22"):
        assert page.client.get(f"{page.root}{key}/prevenir/").status_code == 404
    for role in ("tutor", "juror", "reader"):
        seen = Builder(app, page.cohort, role)
        assert seen.client.get(f"{page.root}{page.cohort.half_days[0]}/prevenir/").status_code == 403
        calendar.change(AUTHOR, page.cohort.half_days[0], {"day": "21/01/2025"})
        assert "prevenir" not in seen.get("")
    with count_queries(14):
        page.get(f"{page.cohort.half_days[0]}/prevenir/")
