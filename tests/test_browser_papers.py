"""Sheets to sign and certificates in a browser: followed with the keyboard, seen by others, without a fault for axe."""

import pytest
from playwright.sync_api import Page, expect

from store import calendar, certificate_lines, certificates, db, rosters, sign_in_sheets
from store.models import Certificate, Mark, Signature, SignInSheet
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import Site, accessible, reads_well


@pytest.fixture
def page(site: Site) -> Page:
    with db.connection():
        for table in (Signature, SignInSheet, Certificate, Mark):
            table.delete().execute()
        for who in site.cohort.participants:
            rosters.change(AUTHOR, who, dict.fromkeys(site.cohort.half_days, "P"))
    return site.open(f"{site.root}/emargement/")


def test_a_sheet_is_followed_with_the_keyboard_and_others_see_it(page: Page, site: Site) -> None:
    half_day = site.cohort.half_days[0]
    other = page.context.new_page()
    other.goto(page.url)
    line = page.locator(f"#ligne-{half_day}")
    back = line.get_by_role("button", name="rentrée")
    back.focus()
    page.keyboard.press("Enter")
    expect(back).to_have_attribute("aria-pressed", "true")
    expect(back).to_be_focused()
    accessible(page)
    line.locator("[name=scan]").fill("https://exemple.fr/scan.pdf")
    page.keyboard.press("Tab")
    expect(line.get_by_role("link", name="ouvrir")).to_have_attribute("href", "https://exemple.fr/scan.pdf")
    assert sign_in_sheets.facts(half_day).scan == "https://exemple.fr/scan.pdf"
    seen = other.locator(f"#ligne-{half_day}").get_by_role("link", name="ouvrir")
    expect(seen).to_be_visible(timeout=5_000)


def test_a_link_refused_stays_in_place_with_its_reason(page: Page, site: Site) -> None:
    line = page.locator(f"#ligne-{site.cohort.half_days[0]}")
    line.locator("[name=scan]").fill("le tiroir du bas")
    page.keyboard.press("Enter")
    expect(line.get_by_role("alert")).to_contain_text("n'est pas un lien")
    expect(line.locator("[name=scan]")).to_have_value("le tiroir du bas")
    accessible(page)


def test_a_print_is_noted_and_a_calendar_that_moves_is_told(page: Page, site: Site) -> None:
    half_day = site.cohort.half_days[2]
    line = page.locator(f"#ligne-{half_day}")
    line.get_by_role("button", name="imprimer").click()
    expect(line.get_by_role("button", name="réimprimer")).to_be_visible()
    with db.connection():
        calendar.change(AUTHOR, half_day, {"end": "12h45"})
    expect(line).to_contain_text("« 9h00–12h30 » sur la feuille, « 9h00–12h45 » au calendrier")
    accessible(page)


def test_signatures_are_read_line_by_line(page: Page, site: Site) -> None:
    page.goto(f"{site.root}/emargement/{site.cohort.half_days[0]}/")
    line = page.locator(f'[data-participant="{site.cohort.participants[0]}"]')
    line.locator("[type=radio][value=non]").focus()
    page.keyboard.press("Space")
    expect(line.get_by_text("ne concorde pas")).to_be_visible()
    expect(line.locator("[type=radio][value=non]")).to_be_focused()
    accessible(page)
    page.get_by_role("button", name="Tout est signé").click()
    expect(page.get_by_role("status").first).to_contain_text("5 lignes notées signées")
    accessible(page)


def test_certificates_are_issued_and_replaced(page: Page, site: Site) -> None:
    page.goto(f"{site.root}/attestations/")
    accessible(page)
    page.locator(f'[data-participant="{site.cohort.participants[5]}"] [type=checkbox]').uncheck()
    page.get_by_role("button", name="Émettre les certificats cochés").click()
    expect(page.get_by_role("status").first).to_contain_text("5 certificats émis")
    line = page.locator(f'[data-participant="{site.cohort.participants[0]}"]')
    line.locator("summary").click()
    line.get_by_role("button", name="Remplacer").click()
    expect(line.get_by_role("alert")).to_contain_text("Donnez le motif")
    accessible(page)
    line.locator("[name=reason]").fill("nom corrigé")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("remplace")
    accessible(page)
    with db.connection():
        today = certificate_lines.lines(site.cohort.id, calendar.date(2025, 6, 1))
    assert [len(one.issued) for one in today] == [2, 1, 1, 1, 1, 0]


def test_certificates_follow_what_colleagues_do_and_keep_what_is_being_typed(page: Page, site: Site) -> None:
    first, second = (f'[data-participant="{who}"]' for who in site.cohort.participants[:2])
    with db.connection():
        certificates.issue(AUTHOR, site.cohort.id, site.cohort.participants[:1], {}, calendar.date(2025, 6, 1))
    page.goto(f"{site.root}/attestations/")
    page.locator(f"{first} summary").last.click()
    page.locator(f"{first} [name=reason]").fill("en cours de frappe")
    with db.connection():
        certificates.issue(AUTHOR, site.cohort.id, site.cohort.participants[1:2], {}, calendar.date(2025, 6, 1))
    expect(page.locator(f"{second} .numbers")).to_have_count(1)
    expect(page.locator(f"{second} [type=checkbox]")).to_have_count(0)
    assert page.locator(f"{first} [name=reason]").input_value() == "en cours de frappe"
    accessible(page)


@pytest.mark.parametrize(
    "path", ["attestations/?du=2025-01-01&au=2025-01-31", "emargement/", "emargement/{}/", "attestations/"]
)
def test_a_telephone_shows_everything_without_scrolling_sideways(
    page: Page, site: Site, path: str
) -> None:
    with db.connection():
        sign_in_sheets.printed(AUTHOR, site.cohort.id, site.cohort.half_days)
        calendar.change(AUTHOR, site.cohort.half_days[1], {"place": "Espace de formation continue, bâtiment des arts"})
    page.set_viewport_size(NARROW)
    page.goto(f"{site.root}/{path.format(site.cohort.half_days[1])}")
    reads_well(page)
