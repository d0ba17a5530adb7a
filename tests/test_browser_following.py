"""The follow-up of papers in a browser: keyboard, thumbs, no JavaScript, two colleagues at once, nothing for axe."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from blueprints.htmx import today
from store import calendar, db, following, following_exchanges, following_reports, rosters, tutoring
from store.models import DayNote, Exchange, Paper, PaperFile, PlagiarismReport, Step
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import Site, reads_well
from tests.sync_bench import TUTORS
from tests.test_documents_papers import pdf

PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
#: Within this time an open page shows what a colleague did: it asks every three seconds.
SEEN_MS = 8_000


@pytest.fixture
def paper(site: Site) -> str:
    """Empty what is noted of the papers; the second day is one of tutoring, its morning attended late by the first."""
    with db.connection():
        for table in (DayNote, Exchange, PaperFile, PlagiarismReport, Step):
            table.delete().execute()
        Paper.update(milestone="", pages=None, deposited_on=None).execute()
        for half_day in site.cohort.half_days[2:]:
            calendar.change(AUTHOR, half_day, {"kind": "group_tutoring"})
        rosters.mark(AUTHOR, site.cohort.participants[0], site.cohort.half_days[2], "late", "15")
        key = tutoring.papers(site.cohort.id)[0][0]
        tutoring.assign(AUTHOR, key, TUTORS[0])
    return key


def address(site: Site, paper: str) -> str:
    return f"{site.root}/notes/{paper}/"


def exchanges(paper: str) -> list[following_exchanges.Noted]:
    with db.connection():
        return following_exchanges.exchanges(paper)


def notes(paper: str) -> dict[str, str]:
    with db.connection():
        return following.held([paper]).get(paper, {})


def test_an_exchange_is_noted_with_the_keyboard_alone(site: Site, paper: str) -> None:
    page = site.open(address(site, paper))
    reads_well(page)
    page.get_by_label("Durée").first.focus()
    page.keyboard.type("45")
    page.keyboard.press("Tab")
    page.keyboard.type("Plan revu ensemble")
    page.keyboard.press("Tab")
    page.keyboard.type("https://exemple.fr/doc")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    line = page.locator("li.exchange")
    expect(line).to_contain_text("45 min")
    expect(line.get_by_role("link", name="https://exemple.fr/doc")).to_be_visible()
    # The form is ready for another one, and says that it was noted.
    expect(page.locator("#new-summary")).to_have_value("")
    expect(page.locator("#announce")).to_have_text("Échange noté.")
    expect(page.locator("#new-send")).to_be_focused()
    reads_well(page)
    (noted,) = exchanges(paper)
    assert (noted.day, noted.minutes, noted.links) == (today(), 45, "https://exemple.fr/doc")
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    line.get_by_label("Durée").fill("1h30")
    page.keyboard.press("Enter")
    expect(line).to_contain_text("1 h 30")
    line.locator("summary").click()
    line.get_by_role("button", name="Retirer cet échange").click()
    expect(line).to_have_count(0)
    page.locator("#exchanges-gone summary").click()
    page.get_by_role("button", name="Rétablir").click()
    expect(page.locator("li.exchange")).to_have_count(1)
    reads_well(page)


def test_an_exchange_refused_stays_as_it_was_typed(site: Site, paper: str) -> None:
    page = site.open(address(site, paper))
    page.locator("#new-length").fill("1,5")
    page.locator("#new-summary").fill("À ne pas perdre")
    page.locator("#new-send").click()
    expect(page.locator("#err-new")).to_contain_text("peut se lire de deux façons")
    expect(page.locator("#new-summary")).to_have_value("À ne pas perdre")
    expect(page.locator("#announce")).to_contain_text("deux façons")
    reads_well(page)
    page.locator("#new-length").fill("1,5 h")
    page.locator("#new-send").click()
    expect(page.locator("li.exchange")).to_contain_text("1 h 30")
    assert len(exchanges(paper)) == 1


def test_milestones_and_days_are_saved_as_one_leaves_the_field(site: Site, paper: str) -> None:
    page = site.open(address(site, paper))
    page.locator('[name="reached-problem"]').fill("14/02/2025")
    page.keyboard.press("Tab")
    line = page.locator("#ligne-problem")
    expect(line).to_have_class(re.compile("here"))
    expect(page.locator('[name="remark-problem"]')).to_be_focused()
    expect(page.locator("#ligne-sujet [name=milestone]")).to_have_value("problem", timeout=SEEN_MS)
    slot = site.cohort.half_days[2]
    row = page.locator(f"#ligne-{slot}")
    expect(row).to_contain_text("en retard")
    row.locator("textarea").fill("Sujet resserré")
    page.keyboard.press("Tab")
    expect(row).to_contain_text("enregistré")
    assert notes(paper)[f"done-{slot}"] == "Sujet resserré"
    page.locator('[name="reached-plan"]').fill("31/02/2025")
    page.keyboard.press("Tab")
    expect(page.locator("#ligne-plan").get_by_role("alert")).to_contain_text("n'existe pas")
    reads_well(page)


def test_two_colleagues_see_each_other_and_lose_nothing(site: Site, paper: str) -> None:
    page, other = site.open(address(site, paper)), site.open(address(site, paper))
    page.locator("#new-summary").fill("Je suis en train d'écrire")
    page.locator("#ligne-plan textarea").focus()
    page.keyboard.type("Ma remarque")
    other.locator("#new-length").fill("30")
    other.locator("#new-send").click()
    other.locator("#ligne-plan textarea").fill("La leur")
    other.locator("#ligne-oral textarea").fill("Bel oral")
    other.keyboard.press("Tab")
    # What the colleague did shows; what is being typed stays, in the form and in the line.
    expect(page.locator("li.exchange")).to_contain_text("30 min", timeout=SEEN_MS)
    expect(page.locator("#ligne-oral textarea")).to_have_value("Bel oral", timeout=SEEN_MS)
    expect(page.locator("#ligne-plan")).to_have_class(re.compile("elsewhere"), timeout=SEEN_MS)
    expect(page.locator("#new-summary")).to_have_value("Je suis en train d'écrire")
    expect(page.locator("#ligne-plan textarea")).to_have_value("Ma remarque")
    page.keyboard.press("Tab")
    trouble = page.locator("#ligne-plan").get_by_role("alert")
    expect(trouble).to_contain_text("quelqu'un a mis « La leur »")
    reads_well(page)
    trouble.get_by_role("button", name="Garder ma saisie").click()
    expect(other.locator("#ligne-plan textarea")).to_have_value("Ma remarque", timeout=SEEN_MS)
    page.locator("#new-send").click()
    expect(other.locator("li.exchange")).to_have_count(2, timeout=SEEN_MS)


def test_everything_works_without_javascript(site: Site, paper: str) -> None:
    page = site.open(address(site, paper), java_script_enabled=False)
    page.locator("#new-length").fill("45")
    page.locator("#new-send").click()
    expect(page.get_by_role("status").first).to_contain_text("Échange noté.")
    page.locator('[name="reached-plan"]').fill("14/02/2025")
    page.locator("#ligne-plan").get_by_role("button", name="Enregistrer").click()
    expect(page.locator('[name="reached-plan"]')).to_have_value("14/02/2025")
    assert notes(paper)["reached-plan"] == "2025-02-14"
    day = f"{site.root}/notes/journees/{site.cohort.half_days[2]}/"
    page.goto(day)
    line = page.locator(f"#ligne-{paper}")
    line.locator("textarea").fill("Vu")
    line.get_by_role("button", name="Enregistrer").click()
    assert notes(paper)[f"done-{site.cohort.half_days[2]}"] == "Vu"
    page.locator(f"#ligne-{paper} a").first.click()
    page.locator("#paper-plagiarism summary").click()
    page.get_by_label("Constaté par").fill("E. Bucolo")
    page.get_by_label("Ce qui a été constaté").fill("Trois pages")
    page.get_by_role("button", name="Signaler", exact=True).click()
    expect(page.locator(".report")).to_contain_text("E. Bucolo")


def test_an_exchange_is_noted_with_a_thumb(site: Site, paper: str) -> None:
    page = site.open(address(site, paper), **PHONE)
    reads_well(page)
    page.locator("#new-length").tap()
    page.keyboard.type("20")
    # Large enough for a thumb, and within its reach: before everything that is seldom filled in.
    box = page.locator("#new-send").bounding_box()
    assert box is not None and box["height"] >= 36
    page.locator("#new-send").tap()
    expect(page.locator("li.exchange")).to_contain_text("20 min")
    reads_well(page)
    for path in ("journees/", f"journees/{site.cohort.half_days[2]}/", "rappels/"):
        page.goto(f"{site.root}/notes/{path}")
        reads_well(page)


def test_pages_are_counted_from_a_file(site: Site, paper: str, tmp_path: Path) -> None:
    page = site.open(address(site, paper))
    note, text = tmp_path / "note.pdf", tmp_path / "note.docx"
    note.write_bytes(pdf(17))
    text.write_bytes(b"PK\x03\x04")
    page.locator("[name=file]").set_input_files(text)
    page.get_by_role("button", name="Compter les pages", exact=True).click()
    expect(page.locator("#err-file")).to_contain_text("n'est pas un PDF")
    reads_well(page)
    page.locator("[name=file]").set_input_files(note)
    page.get_by_label("garder le fichier").check()
    page.get_by_role("button", name="Compter les pages", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("17 pages comptées et notées. Le fichier est gardé.")
    expect(page.locator("#ligne-depot [name=pages]")).to_have_value("17")
    with page.expect_download() as download:
        page.get_by_role("link", name="note.pdf").click()
    assert Path(download.value.path()).read_bytes() == note.read_bytes()
    reads_well(page)
    page.get_by_role("button", name="Supprimer ce fichier").click()
    expect(page.get_by_role("link", name="note.pdf")).to_have_count(0)


def test_a_report_of_plagiarism_is_read_and_taken_back(site: Site, paper: str) -> None:
    with db.connection():
        following_reports.report(AUTHOR, paper, "E. Bucolo", "Trois pages d'un mémoire de 2019")
    page = site.open(address(site, paper))
    report = page.locator(".report")
    expect(report).to_contain_text("plagiat signalé")
    report.locator("summary").click()
    report.get_by_label("Pourquoi").fill("Citations oubliées")
    # A page that asks again every three seconds leaves an open form alone.
    page.wait_for_timeout(3_500)
    expect(report.get_by_label("Pourquoi")).to_have_value("Citations oubliées")
    reads_well(page)
    report.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.locator(".report")).to_contain_text("Citations oubliées")
    reads_well(page)


def test_a_reminder_is_copied(site: Site, paper: str) -> None:
    page = site.open(f"{site.root}/notes/rappels/", permissions=["clipboard-read", "clipboard-write"])
    block = page.locator(".reminder", has_text=TUTORS[0]).first
    block.locator("summary").first.click()
    block.get_by_role("button", name="Copier le texte").first.click()
    expect(block.get_by_role("button", name="Copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Bonjour,")
    assert "Arnaud Inès" in copied
    reads_well(page)


def test_the_page_of_a_paper_prints_its_dates_whole_and_no_way_to_act(site: Site, paper: str) -> None:
    with db.connection():
        following.change(AUTHOR, paper, {"reached-problem": "14/02/2025"})
        following_exchanges.add(AUTHOR, paper, {"day": "14/02/2025", "minutes": "45"})
    page = site.open(address(site, paper), viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    day = page.locator('[name="reached-problem"]')
    assert day.evaluate("one => one.scrollWidth <= one.clientWidth")
    for way in ("Modifier", "Signaler un plagiat", "Noter l'échange"):
        expect(page.get_by_text(way, exact=True)).to_be_hidden()
    page.goto(f"{site.root}/notes/rappels/")
    expect(page.locator("h3", has_text="14 février 2025")).to_be_visible()
    expect(page.get_by_text("Aux tuteurs").first).to_be_hidden()
