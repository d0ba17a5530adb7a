"""A calendar copied to the next edition: the preview, a cohort opened, one that exists, refusals, rights."""

import pytest
from flask import Flask

from store import calendar, people, planning
from tests.build_pages import Builder, told, values_of
from tests.pages import AUTHOR, make_app
from tests.sync_bench import Cohort, make_cohort

NEW = {"target": "", "code": "test-2026", "title": "Essai, 2026", "first_day": "19/01/2026", "weeks": ""}


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Builder:
    return Builder(app, cohort)


def test_a_copy_is_previewed_with_its_faults_and_written_at_once(page: Builder) -> None:
    calendar.change(AUTHOR, page.cohort.half_days[2], {"day": "12/05/2025"})
    html = page.post("copier/apercu", **(NEW | {"weeks": "54"})).text
    assert people.cohort("TEST-2026") is None
    keep = values_of(html, "keep")
    assert keep == [row[0] for row in calendar.half_days(page.cohort.id)]
    assert "décalées de 54 semaines" in html
    assert "lun. 02/02/2026" in html
    # Fifty-four weeks after 12 May 2025 comes Whit Monday.
    assert "Lundi de Pentecôte" in html
    assert "1 demi-journée a un défaut." in html
    answer = page.post("copier/", keep=keep[:-1], **(NEW | {"weeks": "54"}))
    assert (answer.status_code, answer.location) == (303, "/promotions/TEST-2026/seances/")
    made = people.cohort("TEST-2026")
    assert made[2] == "Essai, 2026"
    assert [row[6].isoformat() for row in calendar.half_days(made[0])][:2] == ["2026-02-02", "2026-02-02"]
    assert len(calendar.half_days(made[0])) == 3
    assert len(calendar.half_days(page.cohort.id)) == 4
    assert "3 demi-journées sont copiées." in page.client.get(answer.location).text


def test_the_weeks_are_worked_out_from_the_first_day(page: Builder) -> None:
    html = page.post("copier/apercu", **NEW).text
    assert "décalées de 52 semaines" in html
    assert set(values_of(html, "weeks")) == {"52"}


def test_a_copy_goes_to_a_cohort_that_exists(page: Builder) -> None:
    other = make_cohort("AUTRE-2026")
    html = page.post("copier/apercu", target="AUTRE-2026", weeks="0").text
    assert "Elle chevauche 9h30-12h30, 1 Histoire" in html
    answer = page.post("copier/", target="AUTRE-2026", weeks="52", keep=page.cohort.half_days)
    assert answer.location == "/promotions/AUTRE-2026/seances/"
    assert len(calendar.half_days(other.id)) == 8


def test_a_form_sent_twice_copies_once(page: Builder) -> None:
    for _ in range(2):
        answer = page.post("copier/", key="twice", keep=page.cohort.half_days, **NEW)
        assert (answer.status_code, answer.location) == (303, "/promotions/TEST-2026/seances/")
    assert len(calendar.half_days(people.cohort("TEST-2026")[0])) == 4


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"code": "TEST-2025"}, "déjà une promotion"), ({"code": "é è"}, "se compose"), ({"title": " "}, "titre"),
        ({"first_day": ""}, "premier jour"), ({"first_day": "bientôt"}, "n'est pas une date"),
        ({"weeks": "beaucoup"}, "nombre de semaines"), ({"weeks": "9" * 5000}, "nombre de semaines"),
        ({"title": "T" * 5000}, "trop long"), ({"weeks": "9999"}, "nombre de semaines"),
        ({"first_day": "19/01/2080"}, "dix ans"), ({"target": "TEST-2025"}, "une autre promotion"),
        ({"target": "NOWHERE"}, "une autre promotion"), ({"target": "AUTRE-2026", "first_day": ""}, "premier jour"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["copier/apercu", "copier/"])
def test_a_copy_that_cannot_be_is_refused_and_kept(page: Builder, path: str, values: dict, says: str) -> None:
    make_cohort("AUTRE-2026")
    html = page.refused(path, **(NEW | values))
    assert says in told(html)
    name, typed = next(iter(values.items()))
    if name != "target":
        assert typed in values_of(html, name)
    assert people.cohort("TEST-2026") is None


def test_a_copy_that_fails_midway_leaves_no_cohort(page: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise planning.Refused("Panne")

    monkeypatch.setattr(calendar, "create", fail)
    assert "Panne" in told(page.refused("copier/", keep=page.cohort.half_days, **NEW))
    assert people.cohort("TEST-2026") is None


def test_a_copy_is_for_the_office(app: Flask, page: Builder, count_queries) -> None:
    for role in ("tutor", "juror", "reader"):
        seen = Builder(app, page.cohort, role)
        assert seen.client.get(page.root + "copier/").status_code == 403
        assert seen.post("copier/", **NEW).status_code == 403
    assert page.client.get("/promotions/NOWHERE/seances/copier/").status_code == 404
    with count_queries(8):
        page.get("copier/")
