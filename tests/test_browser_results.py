"""After the jury in a browser: days typed by keyboard, publication confirmed, charts read; axe, and a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from store import people, results
from store.models import Minutes
from tests.browser import NARROW
from tests.deliberated import graded, sealed
from tests.pages import AUTHOR
from tests.served import Site, reads_well
from tests.sync_bench import Cohort, make_cohort
from tests.test_store_results import publish, settle

PHONE = {"viewport": NARROW}


def decided() -> Cohort:
    """Hold two sessions of a jury; publish the results of the first, which fees and a condition hold."""
    cohort = graded(make_cohort())
    settle(cohort, fees_required=True, release_conditions=("charte signée",), survey_months=(6, 18))
    for who, funding in zip(cohort.participants, ("CPF", "OPCO", "CPF"), strict=False):
        people.change(AUTHOR, who, {"funding": funding})
    publish(cohort, sealed(cohort, *cohort.participants[:4]))
    sealed(cohort, *cohort.participants[4:], decision="adjourned")
    return cohort


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return decided


def test_days_are_typed_line_after_line_by_keyboard(site: Site) -> None:
    page = site.open(f"{site.root}/delivrance/")
    first, second = (page.locator(f"#ligne-{who}") for who in site.cohort.participants[:2])
    page.locator(f"#ligne-{site.cohort.participants[0]} [name=fees_paid_on]").focus()
    page.keyboard.type("3/2/2025")
    page.keyboard.press("Tab")
    expect(first).to_contain_text("✓ enregistré")
    expect(first.locator("[name=fees_paid_on]")).to_have_value("03/02/2025")
    expect(first.locator("[name='condition-charte signée']")).to_be_focused()
    page.keyboard.type("demain")
    page.keyboard.press("Tab")
    expect(first.get_by_role("alert")).to_contain_text("demain")
    expect(first.locator("[name='condition-charte signée']")).to_have_value("demain")
    reads_well(page)
    first.locator("[name='condition-charte signée']").fill("4/2/2025")
    page.keyboard.press("Enter")
    expect(first).to_contain_text("à délivrer")
    expect(first.get_by_role("link", name="projet d'attestation")).to_be_visible()
    expect(page.locator("#release-filters")).to_contain_text("À délivrer 1")
    expect(second).to_contain_text("Frais dus.")
    reads_well(page)


@pytest.mark.parametrize("window", [{}, PHONE])
def test_every_page_after_the_jury_reads_well(site: Site, window: dict) -> None:
    waiting = Minutes.select(Minutes.deliberation).order_by(Minutes.place.desc()).scalar()
    page = site.open(site.url, **window)
    for path in ("resultats/", f"resultats/{waiting}/publier/", "delivrance/", "resultats/statistiques/"):
        page.goto(f"{site.root}/{path}")
        for summary in page.locator("figure summary").all():
            summary.click()
        reads_well(page)


def test_a_chart_has_a_name_a_description_and_its_numbers(site: Site) -> None:
    first = Minutes.select(Minutes.number).order_by(Minutes.place).scalar()
    page = site.open(f"{site.root}/resultats/statistiques/?pv={first}")
    chart = page.get_by_role("img", name="Admis·es par financement")
    expect(chart).to_be_visible()
    expect(chart).to_have_accessible_description("CPF : 2 sur 2, OPCO : 1 sur 1, non renseigné : 1 sur 1")
    figure = page.get_by_role("figure", name="Admis·es par financement")
    figure.locator("summary").click()
    expect(figure.get_by_role("row")).to_have_count(4)


def test_publication_is_confirmed_then_read(site: Site) -> None:
    page = site.open(f"{site.root}/resultats/", **PHONE)
    page.get_by_role("link", name="Publier les résultats").click()
    expect(page.get_by_role("heading", name="Ce que chacun pourra lire")).to_be_visible()
    page.get_by_role("button", name="Publier ces résultats").click()
    expect(page.get_by_role("status").first).to_contain_text("Les résultats sont publiés.")
    expect(page.locator("table.results tbody tr")).to_have_count(6)
    assert len(results.published(site.cohort.id)) == 6
