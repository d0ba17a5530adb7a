"""Pages of sealed minutes in a browser: read at every width, checked by anyone, without JavaScript too."""

import pytest
from playwright.sync_api import expect

from store import db, minutes
from store.models import Deliberation
from tests.deliberated import PROVIDER, SEALED_AT, graded, held, printed
from tests.pages import AUTHOR
from tests.served import Site, reads_well


@pytest.fixture
def two(site: Site) -> tuple[str, str]:
    """Seal minutes about everybody, then others that correct them for the first; one site serves all tests."""
    with db.connection():
        there = [found.number for found in minutes.listed(site.cohort.id)]
        if there:
            return there[1], there[0]
        one = held(graded(site.cohort))
        former = minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
        Deliberation.update(published_by="Camille", published_at="2026-01-16 08:00:00").execute()
        again = held(
            site.cohort, site.cohort.participants[0], decision="adjourned", supersedes=one, reason="Note mal reportée"
        )
        return former, minutes.seal(AUTHOR, again, PROVIDER, printed, SEALED_AT)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_minutes_read_well_however_wide(site: Site, two: tuple[str, str], width: int) -> None:
    page = site.open(f"{site.root}/jury/pv/", viewport={"width": width, "height": 900})
    expect(page.locator("table.minutes-list tbody tr")).to_have_count(2)
    reads_well(page)
    page.click(f"th >> text={two[0]}")
    expect(page.locator(".warning")).to_contain_text(two[1])
    reads_well(page)
    page.goto(f"{site.url}/pv/verifier/")
    reads_well(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_anyone_checks_a_paper_from_the_code_that_it_bears(site: Site, two: tuple[str, str], scripts: bool) -> None:
    with db.connection():
        Deliberation.update(published_by="Camille", published_at="2026-01-17 08:00:00").execute()
        digest = minutes.listed(site.cohort.id)[-1].digest
    page = site.visit(f"{site.url}/pv/verifier/?numero={two[0]}", java_script_enabled=scripts)
    expect(page.locator("[name=empreinte]")).to_be_focused()
    page.keyboard.type(" ".join(digest.upper()[at : at + 8] for at in range(0, 64, 8)))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("Authentique.")
    expect(page.locator(".warning")).to_contain_text(two[1])
    if scripts:
        reads_well(page)
    page.fill("[name=empreinte]", "0" * 64)
    page.click("text=Vérifier >> nth=-1")
    expect(page.get_by_role("alert")).to_contain_text("Non authentique.")
    page.fill("[name=empreinte]", "12")
    page.click("text=Vérifier >> nth=-1")
    expect(page.locator("#err-empreinte")).to_contain_text("2 sont donnés")
    expect(page.locator("[name=empreinte]")).to_have_value("12")
