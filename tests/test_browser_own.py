"""A tutor at their own page: on a phone, by the keyboard, without JavaScript, beside a colleague."""

import pytest
from playwright.sync_api import Page, expect

from store import db, following_exchanges, tutoring
from tests.browser import NARROW
from tests.pages import AUTHOR, add_account
from tests.served import Site, reads_well

OWN = "Tania Tutrice"
PHONE = {"viewport": NARROW, "has_touch": True}


@pytest.fixture
def papers(site: Site) -> list[str]:
    """Give Tania the first two papers of the cohort."""
    with db.connection():
        found = [row[0] for row in tutoring.papers(site.cohort.id)]
        if OWN not in [row[1] for row in tutoring.tutors(site.cohort.id)]:
            tutoring.add_tutor(AUTHOR, site.cohort.id, OWN, 3, add_account("tutor"))
            for paper in found[:2]:
                tutoring.change(AUTHOR, paper, {"tutor": OWN, "title": "Gouvernance d'un lieu"})
    return found


def noted(paper: str) -> list[tuple]:
    with db.connection():
        return [(one.minutes, one.summary) for one in following_exchanges.exchanges(paper)]


def line(page: Page, paper: str):
    return page.locator(f"#ligne-{paper}")


def test_three_taps_on_a_phone_note_an_exchange(site: Site, papers: list[str]) -> None:
    page = site.open(f"{site.url}/suivi/", "tutor", **PHONE)
    reads_well(page)
    mine = line(page, papers[0])
    mine.get_by_text("Noter un échange").tap()
    mine.get_by_label("30 min").check()
    reads_well(page)
    for target in (mine.locator("summary"), mine.locator(".choice").first, mine.get_by_role("button")):
        assert target.bounding_box()["height"] >= 44
    mine.get_by_role("button", name="Enregistrer l'échange").tap()
    expect(line(page, papers[0]).locator(".mark")).to_contain_text("échange noté")
    expect(line(page, papers[0]).locator("details")).not_to_have_attribute("open", "")
    assert noted(papers[0])[0] == (30, "")
    reads_well(page)


def test_the_keyboard_alone_notes_one_with_a_summary(site: Site, papers: list[str]) -> None:
    page = site.open(f"{site.url}/suivi/", "tutor")
    mine = line(page, papers[1])
    mine.locator("summary").focus()
    page.keyboard.press("Enter")
    mine.get_by_label("autre").press_sequentially("1h30")
    mine.get_by_label("Résumé").fill("Le plan est prêt")
    mine.get_by_label("autre").press("Enter")
    expect(line(page, papers[1]).locator(".mark")).to_contain_text("échange noté")
    assert noted(papers[1])[0] == (90, "Le plan est prêt")
    assert page.evaluate("document.activeElement.closest('article')?.id") == f"ligne-{papers[1]}", "focus stays there"


@pytest.mark.parametrize("js", [True, False], ids=["with", "without"])
def test_a_day_that_is_none_keeps_what_was_typed(site: Site, papers: list[str], js: bool) -> None:
    page = site.open(f"{site.url}/suivi/", "tutor", java_script_enabled=js, **PHONE)
    before = len(noted(papers[0]))
    mine = line(page, papers[0])
    mine.locator("summary").click()
    mine.get_by_label("Le", exact=True).fill("31/02/2025")
    mine.get_by_label("Résumé").fill("À garder")
    mine.get_by_role("button", name="Enregistrer l'échange").click()
    expect(mine.get_by_role("alert")).to_contain_text("31/02/2025")
    expect(mine.get_by_label("Résumé")).to_have_value("À garder")
    assert len(noted(papers[0])) == before
    if js:
        reads_well(page)
    mine.get_by_label("Le", exact=True).fill("01/02/2025")
    mine.get_by_role("button", name="Enregistrer l'échange").click()
    # Without JavaScript the page comes back anew; with it, the line alone.
    said = line(page, papers[0]).locator(".mark") if js else page.get_by_role("status").first
    expect(said).to_contain_text("change noté")
    assert len(noted(papers[0])) == before + 1


def test_what_a_colleague_notes_appears_and_what_is_being_typed_stays(site: Site, papers: list[str]) -> None:
    page = site.open(f"{site.url}/suivi/", "tutor")
    typing, other = line(page, papers[0]), line(page, papers[1])
    typing.locator("summary").click()
    typing.get_by_label("Résumé").fill("En train de")
    with db.connection():
        for paper in papers[:2]:
            tutoring.change(AUTHOR, paper, {"title": "Titre changé par un collègue"})
    expect(other).to_contain_text("Titre changé par un collègue", timeout=8000)
    expect(typing.get_by_label("Résumé")).to_have_value("En train de")


def test_the_office_chooses_whose_page_it_looks_at(site: Site, papers: list[str]) -> None:
    page = site.open(f"{site.url}/suivi/", "coordinator", **PHONE)
    page.get_by_label("Tuteur ou tutrice").select_option(OWN)
    page.get_by_role("button", name="Voir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Suivi de {OWN}")
    expect(page.locator("[data-paper]")).to_have_count(2)
    reads_well(page)
