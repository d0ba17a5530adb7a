"""Two lines of one person: listed, side by side, merged or refused."""

from html import unescape

import pytest
from flask import Flask

from store import people, rosters
from tests.pages import AUTHOR, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def pair(cohort: Cohort) -> tuple[str, str]:
    twice = people.create(AUTHOR, cohort.id, {"last_name": "ARNAUD", "first_name": "Inès", "phone": "0700000000"})
    return cohort.participants[0], twice


class Page:
    """Both lines as one person sees them."""

    def __init__(self, app: Flask, cohort: Cohort, pair: tuple[str, str], role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.root = f"/promotions/{cohort.code}/participants/doublons/"
        self.url = f"{self.root}{pair[0]}/{pair[1]}/"
        self.token = csrf(self.client.get("/").text)

    def merge(self, url: str = "", **values: str):
        data = {"csrf_token": self.token, "form_key": "k"} | values
        return self.client.post(url or self.url, data=data)


@pytest.fixture
def page(app: Flask, cohort: Cohort, pair: tuple[str, str]) -> Page:
    return Page(app, cohort, pair)


def test_likely_pairs_lead_to_both_lines(page: Page, count_queries) -> None:
    with count_queries(14):
        html = page.client.get(page.root).text
    assert html.count("Comparer") == 1
    assert page.url in html
    with count_queries(17):
        shown = plain(unescape(page.client.get(page.url).text))
    assert 'name="de-phone"' in shown
    assert 'name="de-employer"' not in shown
    assert "0700000000" in shown


def test_the_value_chosen_is_kept(page: Page, pair: tuple[str, str]) -> None:
    answer = page.merge(**{"de-phone": "autre", "de-email": "garde"})
    assert (answer.status_code, answer.location.split("/")[-2]) == (303, pair[0])
    held = people.snapshot(page.cohort.id)
    assert (held[pair[0]]["phone"], held[pair[0]]["email"]) == ("0700000000", "0@exemple.fr")
    assert pair[1] not in held
    assert "Aucun doublon probable" in plain(page.client.get(page.root).text)


def test_what_contradicts_is_listed_and_prevents_it(page: Page, pair: tuple[str, str]) -> None:
    for key, status in zip(pair, ("present", "absent"), strict=True):
        rosters.mark(AUTHOR, key, page.cohort.half_days[0], status, "")
    html = page.client.get(page.url).text
    assert "20/01/2025 9h30" in html
    assert ">Fusionner</button>" not in html
    answer = page.merge()
    assert answer.status_code == 422
    assert "se contredisent" in plain(answer.text)
    assert pair[1] in people.snapshot(page.cohort.id)


def test_lines_of_nobody_or_of_elsewhere_are_not_found(page: Page, pair: tuple[str, str]) -> None:
    other = make_cohort("AUTRE-2025").participants[0]
    for keep, there in ((other, pair[0]), (pair[0], pair[0]), (pair[0], "P-NOBODY22")):
        url = f"{page.root}{keep}/{there}/"
        assert page.client.get(url).status_code == 404
        assert page.merge(url).status_code == 404
    html = plain(unescape(page.client.get(f"{page.root}{pair[0]}/{other}/").text))
    assert "deviennent celles d'une seule personne" in html
    assert 'name="de-employer"' not in html


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_others_merge_nobody(app: Flask, cohort: Cohort, pair: tuple[str, str], role: str) -> None:
    page = Page(app, cohort, pair, role)
    assert page.client.get(page.root).status_code == 403
    assert page.merge().status_code == 403
