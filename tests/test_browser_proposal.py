"""The proposal in a browser: looked at, accepted with the keyboard, on a phone, without JavaScript, by two people."""

import pytest
from playwright.sync_api import Page, expect

from store import db, tutoring
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import Site, reads_well
from tests.sync_bench import TUTORS

WINDOWS = {
    "wide": {}, "phone": {"viewport": NARROW}, "no script": {"java_script_enabled": False},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_follows_anything(site: Site) -> None:
    with db.connection():
        for row in tutoring.papers(site.cohort.id):
            tutoring.change(AUTHOR, row[0], {"tutor": "", "wishes": ""})


def papers(site: Site) -> list[str]:
    with db.connection():
        return [row[0] for row in tutoring.papers(site.cohort.id)]


def tutors(site: Site) -> list[str]:
    with db.connection():
        return [row[6] or "" for row in tutoring.papers(site.cohort.id)]


def opened(site: Site, **options: object) -> Page:
    page = site.open(f"{site.root}/notes/proposition/", **options)
    expect(page.locator("[data-paper]")).to_have_count(6)
    return page


@pytest.mark.parametrize("window", WINDOWS)
def test_lines_are_unticked_and_accepted_with_the_keyboard(site: Site, window: str) -> None:
    page = opened(site, **WINDOWS[window])
    if window != "no script":
        reads_well(page)
    first = page.locator("[name=keep]").first
    first.focus()
    page.keyboard.press("Space")
    expect(first).not_to_be_checked()
    page.get_by_role("button", name="Accepter les lignes cochées").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("5 lignes acceptées.")
    expect(page.locator("[data-paper]")).to_have_count(1)
    assert tutors(site)[0] == "" and all(tutors(site)[1:])
    last = page.get_by_role("button", name="Accepter pour")
    last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chaque note a son tuteur.")).to_be_visible()
    assert sorted(tutors(site)) == sorted(TUTORS * 3)
    if window != "no script":
        reads_well(page)


def test_what_a_colleague_did_meanwhile_is_told_and_the_rest_goes(site: Site) -> None:
    page, first = opened(site), papers(site)[0]
    proposed = page.locator(f"[data-paper='{first}'] b").inner_text()
    other = next(name for name in TUTORS if name != proposed)
    colleague = site.open(f"{site.root}/notes/", role="admin")
    colleague.locator(f"[data-paper='{first}'] [name=tutor]").select_option(other)
    expect(colleague.locator(f"[data-paper='{first}'] .mark")).to_contain_text("enregistré")
    page.get_by_role("button", name="Tout accepter").click()
    told = page.locator(".told")
    expect(told).to_contain_text("1 ligne n'a pas été enregistrée")
    expect(told).to_contain_text(other)
    reads_well(page)
    assert tutors(site)[0] == other and all(tutors(site))


def test_everything_anew_is_one_link_away_and_prints_without_its_buttons(site: Site) -> None:
    with db.connection():
        for paper in papers(site):
            tutoring.change(AUTHOR, paper, {"tutor": TUTORS[0]})
    page = site.open(f"{site.root}/notes/proposition/")
    expect(page.get_by_text("Chaque note a son tuteur.")).to_be_visible()
    page.get_by_role("link", name="Tout répartir à nouveau").click()
    expect(page.locator("[data-paper]")).to_have_count(3)
    expect(page.locator(".modes [aria-current]")).to_have_text("Tout répartir à nouveau")
    reads_well(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Tout accepter")).to_be_hidden()
    expect(page.locator(".picks .why").first).to_be_visible()
