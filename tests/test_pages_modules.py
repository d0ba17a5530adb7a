"""The page of modules: added, changed, put in order, taken out, two people on one module."""

import pytest
from flask import Flask

from store import calendar, modules
from tests.build_pages import Builder, told, values_of
from tests.line_forms import line_form
from tests.pages import AUTHOR, make_app
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Builder:
    return Builder(app, cohort)


def first(page: Builder) -> int:
    return calendar.modules(page.cohort.id)[0][0]


def form(page: Builder, html: str = "") -> dict[str, str]:
    return line_form(html or page.client.get(page.root + "modules/").text, "id", f"module-{first(page)}")


def titles(page: Builder) -> list[str]:
    return [row[2] for row in calendar.modules(page.cohort.id)]


def test_a_module_is_added_and_shown_with_its_hours(page: Builder, count_queries) -> None:
    answer = page.post("modules/", number="3", title="Gestion", bloc="Bloc 2", optional="oui", expected_minutes="7h")
    assert answer.status_code == 303
    with count_queries(8):
        html = page.get("modules/")
    assert "Le module est ajouté." in html
    assert values_of(html, "title") == ["Histoire", "Droit", "Gestion", ""]
    assert "14 h" in html
    assert "-7 h" in html


def test_a_module_is_changed_and_two_people_are_told_of_each_other(page: Builder) -> None:
    mine = form(page)
    modules.change(AUTHOR, first(page), {"title": "Histoire ancienne"})
    path = f"modules/{first(page)}/modifier"
    assert page.post(path, **{k: v for k, v in (mine | {"bloc": "Bloc 1"}).items() if "_" not in k}).status_code == 303
    assert modules.values(first(page))["bloc"] == "Bloc 1"
    assert titles(page)[0] == "Histoire ancienne"
    answer = page.client.post(page.root + path, data=mine | {"title": "Histoire moderne", "form_key": "x"})
    assert answer.status_code == 409
    assert "est devenu « Histoire ancienne »" in answer.text
    again = form(page, answer.text)
    assert (again["title"], again["seen-title"]) == ("Histoire moderne", "Histoire ancienne")
    assert page.client.post(page.root + path, data=again).status_code == 303
    assert titles(page)[0] == "Histoire moderne"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("number", "2", "déjà un module 2"), ("number", "", "obligatoire"), ("title", "", "obligatoire"),
        ("expected_minutes", "plein", "n'est pas une durée"), ("optional", "bof", "oui ou non"),
    ],
)  # fmt: skip
def test_a_refused_value_is_kept_beside_its_reason(page: Builder, field: str, typed: str, says: str) -> None:
    before = modules.listed(page.cohort.id)
    answer = page.client.post(
        f"{page.root}modules/{first(page)}/modifier", data=form(page) | {"bloc": "Bloc 9", field: typed}
    )
    assert answer.status_code == 422
    assert says in told(answer.text.replace("&#39;", "'"))
    assert form(page, answer.text)["bloc"] == "Bloc 9"
    assert modules.listed(page.cohort.id) == before
    html = page.refused("modules/", **{"number": "3", "title": "Gestion", "bloc": "Bloc 9", field: typed})
    assert says in told(html)
    assert values_of(html, "bloc")[-1] == "Bloc 9"


def test_modules_are_put_in_order_with_buttons(page: Builder) -> None:
    assert page.post(f"modules/{first(page)}/descendre").status_code == 303
    assert titles(page) == ["Droit", "Histoire"]
    assert page.post(f"modules/{calendar.modules(page.cohort.id)[1][0]}/monter").status_code == 303
    assert titles(page) == ["Histoire", "Droit"]
    assert page.post(f"modules/{first(page)}/monter").status_code == 303
    assert titles(page) == ["Histoire", "Droit"]


def test_a_module_is_taken_out_unless_half_days_belong_to_it(page: Builder) -> None:
    assert "4 demi-journées sont de ce module" in told(page.refused(f"modules/{first(page)}/retirer"))
    assert page.post(f"modules/{calendar.modules(page.cohort.id)[1][0]}/retirer").status_code == 303
    assert titles(page) == ["Histoire"]


def test_the_journal_names_modules(page: Builder) -> None:
    modules.change(AUTHOR, first(page), {"expected_minutes": "14h", "title": "Histoire ancienne"})
    html = page.client.get("/journal/").text
    assert "1 Histoire ancienne · TEST-2025" in html
    assert "14 h" in html


def test_another_cohort_s_module_and_unknown_ones_are_not_found(app: Flask, page: Builder) -> None:
    other = calendar.modules(make_cohort("AUTRE-2025").id)[0][0]
    for key in (other, 999_999, 10**30):
        for path in ("modifier", "monter", "descendre", "retirer"):
            assert page.post(f"modules/{key}/{path}", title="X").status_code == 404
    for role in ("tutor", "juror", "reader"):
        seen = Builder(app, page.cohort, role)
        assert seen.client.get(page.root + "modules/").status_code == 403
        assert seen.post("modules/", number="3", title="X").status_code == 403
        assert seen.post(f"modules/{first(page)}/retirer").status_code == 403
