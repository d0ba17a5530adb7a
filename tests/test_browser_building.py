"""What builds a calendar, in a browser: modules, checks, publication, copies, half-days taken out."""

import pytest
from playwright.sync_api import expect

from store import calendar, db, people
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import Site, reads_well

WINDOWS = [{}, {"viewport": NARROW}]
both_windows = pytest.mark.parametrize("options", WINDOWS, ids=["wide", "narrow"])


@both_windows
def test_modules_are_added_moved_refused_and_taken_out(site: Site, options: dict) -> None:
    number = "8" if options else "7"
    page = site.open(f"{site.root}/seances/modules/", **options)
    new = page.locator("#ajouter")
    for typed in ("1", number):
        new.locator("[name=number]").fill(typed)
        new.locator("[name=title]").fill("Économie sociale et solidaire : institutions, acteurs et territoires")
        new.locator("[name=title]").press("Enter")
        expect(new.get_by_role("alert")).to_have_count(1 if typed == "1" else 0)
        reads_well(page)
    line = page.locator("ul.modules > li").filter(has=page.locator(f"[name=number][value='{number}']"))
    line.get_by_role("button", name="Monter").press("Enter")
    expect(page.locator("ul.modules > li [name=number]").nth(1)).to_have_value(number)
    line.locator("[name=title]").fill("")
    line.locator("[name=title]").press("Enter")
    expect(line.get_by_role("alert")).to_be_visible()
    expect(line.locator("[name=title]")).to_be_focused()
    reads_well(page)
    line.locator("[name=title]").fill("Économie sociale")
    line.get_by_role("button", name="Retirer").press("Enter")
    expect(line).to_have_count(0)
    reads_well(page)
    page.locator("ul.modules > li").first.get_by_role("button", name="Retirer").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    reads_well(page)


@both_windows
def test_faults_are_listed_dates_are_set_and_the_calendar_is_published(site: Site, options: dict) -> None:
    faulty, other = site.cohort.half_days[2:]
    with db.connection():
        calendar.change(AUTHOR, faulty, {"day": "2025-05-08"})
        calendar.change(AUTHOR, other, {"teachers": "Marie-Christine de La Rochefoucauld-Montbel"})
    page = site.open(f"{site.root}/seances/controles/", **options)
    expect(page.locator("table.faults")).to_contain_text("Fête de la Victoire")
    reads_well(page)
    page.locator("[name=first_day]").fill("le jour de la rentrée")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("le jour de la rentrée")
    reads_well(page)
    page.locator("[name=first_day]").fill("20/01/2025")
    page.locator("[name=last_day]").fill("21/05/2025")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_be_visible()
    reads_well(page)
    page.get_by_role("button", name="Publier").press("Enter")
    expect(page.locator(".publication .tag")).to_have_text("publié")
    reads_well(page)
    with db.connection():
        calendar.change(AUTHOR, faulty, {"day": "2025-02-14"})
    page.reload()
    expect(page.locator(".publication")).to_contain_text("modifié depuis la publication")
    reads_well(page)


@both_windows
def test_a_calendar_is_copied_once_its_preview_was_read(site: Site, options: dict) -> None:
    code = "ETROITE-2026" if options else "LARGE-2026"
    page = site.open(f"{site.root}/seances/copier/", **options)
    page.get_by_label("Premier jour").fill("jamais")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    reads_well(page)
    page.get_by_label("Premier jour").fill("19/01/2026")
    page.get_by_label("Code").fill(code)
    page.get_by_label("Titre").fill("Promotion suivante")
    page.keyboard.press("Enter")
    expect(page.locator("#apercu tbody tr")).to_have_count(len(site.cohort.half_days))
    reads_well(page)
    with db.connection():
        assert people.cohort(code) is None
    page.locator("#apercu tbody input").first.press("Space")
    page.get_by_role("button", name="Copier les demi-journées cochées").press("Enter")
    page.wait_for_url(f"**/promotions/{code}/**")
    reads_well(page)
    with db.connection():
        assert len(calendar.half_days(people.cohort(code)[0])) == len(site.cohort.half_days) - 1


@both_windows
def test_a_half_day_is_added_refused_then_taken_out(site: Site, options: dict) -> None:
    page = site.open(f"{site.root}/seances/ajouter/", **options)
    page.get_by_label("Module").select_option("1")
    page.get_by_label("Date", exact=True).fill("31/02/2025")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    reads_well(page)
    page.get_by_label("Date", exact=True).fill("10/03/2025" if options else "03/03/2025")
    page.locator("[name=start]").fill("9h30")
    page.locator("[name=end]").fill("12h30")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("ajoutée")
    reads_well(page)
    added = page.url.partition("#ligne-")[2]
    page.goto(f"{site.root}/seances/{added}/retirer/")
    reads_well(page)
    page.locator("main form button").first.press("Enter")
    expect(page.locator(f"#ligne-{added}")).to_have_count(0)
    reads_well(page)
    with db.connection():
        assert added not in calendar.snapshot(site.cohort.id)
