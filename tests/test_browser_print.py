"""What is printed of the jury's pages: values as text, nothing to press, nobody else on one candidate's paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from store import people, tutoring
from tests.deliberated import graded, sealed
from tests.jury_sessions import AUTHOR, prepared
from tests.served import Site
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort
from tests.test_store_results import publish, settle

#: What of a page is still drawn although it acts or leads elsewhere, and fields that are still drawn as boxes.
DRAWN = """
() => {
  const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 2;
  const boxes = [...document.querySelectorAll("main :is(input, select, textarea)")].filter(seen)
    .filter((one) => {
      const drawn = getComputedStyle(one);
      return drawn.borderTopWidth !== "0px" || drawn.backgroundImage !== "none" || drawn.appearance !== "none";
    });
  const leads = "button, nav, header.top, footer, .trail, .flashed, .past, [role=button]";
  const acts = [...document.querySelectorAll(leads)].filter(seen);
  return [...boxes, ...acts].map((one) => one.outerHTML.slice(0, 120));
}
"""


def decided() -> Cohort:
    """Publish what a jury decided of all but two people; prepare the session that is to decide of these."""
    cohort = graded(make_cohort())
    settle(cohort, fees_required=True, release_conditions=("charte signée",))
    people.change(AUTHOR, cohort.participants[0], {"fees_paid_on": "2025-02-03"})
    tutoring.change(PAGE, tutoring.beside(cohort.participants[0])[1], {"tutor": TUTORS[0]})
    publish(cohort, sealed(cohort, *cohort.participants[:4]))
    cohort.session = prepared(cohort)  # type: ignore[attr-defined]
    return cohort


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return decided


def on_paper(site: Site, path: str) -> Page:
    page = site.open(f"{site.root}/{path}", viewport={"width": 720, "height": 900})
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("path", [
    "jury/", "jury/notes/", "jury/deliberations/", "jury/deliberations/{session}/", "jury/dossiers/{one}/",
    "jury/pv/", "jury/rattrapages/", "delivrance/", "resultats/", "resultats/statistiques/",
])  # fmt: skip
def test_a_form_prints_what_it_holds_and_nothing_to_press(site: Site, path: str) -> None:
    page = on_paper(site, path.format(session=site.cohort.session, one=site.cohort.participants[0]))
    assert page.evaluate(DRAWN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_the_grades_of_the_grid_and_the_days_of_the_release_are_read_on_paper(site: Site) -> None:
    page = on_paper(site, "jury/notes/")
    first = page.locator(f"#ligne-{site.cohort.participants[4]} [name^=grade-RSV206]")
    expect(first).to_be_visible()
    expect(first).to_have_value("12,5")
    expect(page.locator(f"#ligne-{site.cohort.participants[0]}")).to_contain_text("12,5")
    page = on_paper(site, "delivrance/")
    paid = page.locator(f"#ligne-{site.cohort.participants[0]} [name=fees_paid_on]")
    expect(paid).to_be_visible()
    expect(paid).to_have_value("03/02/2025")


def test_the_paper_of_one_candidate_names_their_promotion_and_no_other_candidate(site: Site) -> None:
    page = on_paper(site, f"jury/dossiers/{site.cohort.participants[1]}/")
    said = page.locator("body").inner_text()
    assert site.cohort.code in said
    assert "Bernard" in said
    assert not [name for name in ("Arnaud", "Chevalier", "Dupont", "Étienne", "Fabre") if name in said]


def test_folded_numbers_are_read_open_on_paper(site: Site) -> None:
    page = on_paper(site, "resultats/statistiques/")
    tables = page.locator(".chart details table")
    assert tables.count() > 2
    for table in tables.all():
        expect(table).to_be_visible()
        assert table.evaluate("one => one.checkVisibility({contentVisibilityAuto: true})")


def test_what_was_said_once_is_not_printed(site: Site) -> None:
    page = site.open(f"{site.root}/jury/deliberations/{site.cohort.session}/")
    page.fill("form[action$=modifier] [name=place]", "Salle 3")
    page.click("form[action$=modifier] button")
    expect(page.locator(".flashed")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".flashed")).to_be_hidden()
    expect(page.locator("[name=place]").first).to_have_value("Salle 3")
