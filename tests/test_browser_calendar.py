"""A calendar built in a browser: many half-days from a sentence, one moved by keyboard, on a screen and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from store import calendar, db
from tests.browser import NARROW, sideways
from tests.pages import AUTHOR
from tests.served import Site, accessible, reads_well


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}], ids=["wide", "narrow"])
def test_the_longest_texts_make_no_page_wider(site: Site, options: dict) -> None:
    key, calendars = site.cohort.half_days[0], f"{site.root}/seances/"
    with db.connection():
        before = {name: calendar.held([key])[key][name] for name in ("place", "teachers")}
        calendar.change(AUTHOR, key, {"place": "P" * 200, "teachers": "T" * 500})
    page, wider = site.open(calendars, **options), {}
    for path in (
        "", f"{key}/", f"{key}/prevenir/", f"{key}/retirer/", "jour/2025-01-20/", "mois/?mois=2025-01", "controles/",
        "../emargement/", f"../emargement/{key}/", f"../historique/half_day/{key}/",
    ):  # fmt: skip
        page.goto(calendars + path)
        wider[path] = sideways(page)
    page.goto(f"{calendars}copier/")
    for name, text in (("code", "TEST-2026"), ("title", "Essai, 2026"), ("first_day", "19/01/2026")):
        page.fill(f"[name={name}]", text)
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("#apercu tbody tr").first).to_contain_text("TTTT")
    wider["preview"] = sideways(page)
    with db.connection():
        calendar.change(AUTHOR, key, before)
    assert {path: pixels for path, pixels in wider.items() if pixels > 0} == {}


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}], ids=["wide", "narrow"])
def test_many_are_added_from_a_sentence_by_keyboard(site: Site, options: dict) -> None:
    address, cohort = f"{site.root}/seances/", site.cohort
    page = site.open(address, **options)
    month = "mai" if options else "mars"
    page.get_by_role("link", name="Ajouter", exact=True).click()
    page.get_by_role("link", name="Plusieurs à la fois").click()
    page.get_by_label("Module").select_option("2")
    page.get_by_label("Jours et horaires").fill(f"tous les jeudis de {month}, 9h30-12h30 et 14h-17h")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Aperçu")).to_be_visible()
    lines = page.locator("#apercu tbody tr")
    expect(lines).to_have_count(10 if options else 8)
    reads_well(page)
    if options:
        # 1, 8 and 29 May 2025 are public holidays.
        expect(page.locator("#apercu .faulty")).to_have_count(6)
        for box in page.locator("#apercu .faulty input").all():
            box.uncheck()
    else:
        expect(page.locator("#apercu .faulty")).to_have_count(0)
    before = len(calendar.snapshot(cohort.id))
    page.get_by_role("button", name="Créer les demi-journées cochées").press("Enter")
    expect(page.locator(".flash")).to_contain_text("demi-journées sont ajoutées")
    assert len(calendar.snapshot(cohort.id)) == before + (4 if options else 8)
    assert "#ligne-" in page.url


def test_one_is_moved_by_keyboard_once_its_page_has_said_who_is_affected(site: Site) -> None:
    key = site.cohort.half_days[3]
    page = site.open(f"{site.root}/seances/")
    line = page.locator(f"#ligne-{key}")
    line.get_by_role("link", name="modifier").focus()
    page.keyboard.press("Enter")
    expect(line.get_by_label("Date", exact=True)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("17/02/2025")
    page.keyboard.press("Enter")
    expect(line.locator(".notice")).to_contain_text("6 participant·es")
    # The button is reached without a further key, and nothing is saved before it is pressed.
    expect(line.get_by_role("button", name="Enregistrer ce déplacement")).to_be_focused()
    assert calendar.snapshot(site.cohort.id)[key]["day"] == "2025-02-14"
    line.locator(".notice summary").click()
    expect(line.locator(".message textarea").first).to_have_value(re.compile("- date : lundi 17 février 2025"))
    accessible(page)
    line.get_by_role("button", name="Enregistrer ce déplacement").press("Enter")
    expect(line).to_contain_text("déplacée du 14/02/2025")
    assert calendar.snapshot(site.cohort.id)[key]["day"] == "2025-02-17"
    accessible(page)
    line.get_by_role("link", name="prévenir").click()
    expect(page.locator("#move")).to_contain_text("Dernier déplacement")
    accessible(page)


def test_a_month_left_open_shows_what_others_moved(site: Site) -> None:
    page = site.open(f"{site.root}/seances/mois/?mois=2025-01")
    slot = page.locator(f'.slot[href$="/{site.cohort.half_days[1]}/"]')
    expect(slot).to_contain_text("14h–17h")
    with db.connection():
        calendar.change(calendar.Author("Ailleurs", "page"), site.cohort.half_days[1], {"start": "15h"})
    expect(slot).to_contain_text("15h–17h")
    accessible(page)
