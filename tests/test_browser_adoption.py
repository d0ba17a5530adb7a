"""Connecting a spreadsheet in a browser, the worker running: from the pasted link to the binding and back."""

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.processes import Stack
from rules.value_times import display_date
from store import calendar, db, people
from sync.book import Sheets
from tests.browser import Person, Stage, eventually, sideways, violations
from tests.messy_books import GREEN, Messy

COHORT = "CS26-2025"
#: What an adoption takes: a few calls to Google and as many looks of the worker and of the page.
WITHIN_MS = 20_000
WIDTHS = (320, 390, 1280)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Stage]:
    with Stack(tmp_path_factory.mktemp("adoption")) as stack:
        stack.start_worker()
        yield Stage(stack, browser)


@pytest.fixture
def stage(running: Stage) -> Iterator[Stage]:
    yield running
    running.close()


def make_book(stage: Stage, stranger: str) -> str:
    """Create a spreadsheet as the office of this promotion keeps it; return its link."""
    with db.connection():
        cohort = people.cohort(COHORT)[0]
        names = [(row["last_name"], row["first_name"], row["email"]) for row in people.snapshot(cohort).values()][:6]
        days = [row[6].isoformat() for row in calendar.half_days(cohort)[:2]]
    messy = Messy(
        "Promo CS26, suivi de Sylvie",
        {
            "Liste": [
                [("Auditeurs", GREEN)], [],
                ["N°", "NOM", "Prénon", "Mail", "Remarques"],
                *[[n, last.upper(), first, email, "=1+1"] for n, (last, first, email) in enumerate(names)],
                [7, stranger, "Sophie", "sophie@exemple.fr", None],
                [None, "TOTAL", None, None, None],
            ],
            "Appel": [
                ["Stagiaire", f"{display_date(days[0])} AM", f"{display_date(days[0])} PM"],
                *[[f"{first} {last}", None, None] for last, first, _email in names],
            ],
        },
    )  # fmt: skip
    with urllib.request.urlopen(f"{stage.stack.sheets_url}/service-account.json") as answer:
        account = json.load(answer)
    sheets = Sheets(account, stage.stack.sheets_url, f"{stage.stack.sheets_url}/drive")
    return f"{stage.stack.sheets_url}/spreadsheets/d/{sheets.create(messy.body())['spreadsheetId']}/edit"


def headers(stage: Stage, link: str, title: str, row: int) -> list[str]:
    """Return what stands in a row of a tab, as the server of the spreadsheets holds it."""
    with urllib.request.urlopen(link.removesuffix("/edit") + "/state") as answer:
        sheets: list[dict[str, Any]] = json.load(answer)["sheets"]
    rows = next(sheet["rows"] for sheet in sheets if sheet["title"] == title)
    return [(cell or {}).get("f", "") for cell in rows[row]]


def paste(person: Person, link: str) -> None:
    """Ask for a spreadsheet to be read, from the page of the synchronisation."""
    page = person.go("/synchronisation/").page
    page.get_by_role("link", name="Connecter un classeur").click()
    page.fill("[name=link]", link)
    page.select_option("[name=cohort]", COHORT)
    page.get_by_role("button", name="Lire le classeur").click()


def sound(page: Page) -> None:
    """Fail if a state of the page is not accessible, or scrolls sideways at any width."""
    assert violations(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert sideways(page) <= 0, width
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_spreadsheet_is_connected_corrected_used_and_given_back(stage: Stage) -> None:
    link = make_book(stage, "GERMAIN")
    person = stage.person("coordination")
    page = person.page
    paste(person, link)
    # The page is told by itself what the worker read.
    expect(page.get_by_role("heading", name="Promo CS26, suivi de Sylvie")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("[role=status]").first).to_be_focused()
    expect(page.get_by_text("« Prénon » ressemble à « Prénom »")).to_be_visible()
    expect(page.get_by_text("1 création", exact=True)).to_be_visible()
    sound(page)

    listed = page.get_by_role("group", name="Onglet « Liste »")
    listed.get_by_text("2 autres colonnes restent à vous").click()
    listed.get_by_label(re.compile("colonne E, Remarques")).select_option("email")
    page.get_by_role("button", name="Voir ce que ces choix changeraient").click()
    expect(page.get_by_role("alert")).to_contain_text("Ces choix ne vont pas ensemble")
    expect(listed.get_by_label(re.compile("colonne E, Remarques"))).to_have_value("email")
    sound(page)
    listed.get_by_label(re.compile("colonne E, Remarques")).select_option("")
    page.get_by_role("group", name="Onglet « Appel »").get_by_label("Ce qu'il contient").select_option("")
    page.get_by_role("button", name="Voir ce que ces choix changeraient").click()
    expect(page.get_by_role("button", name="Accepter et relier ce classeur")).to_be_visible(timeout=WITHIN_MS)
    assert "ID" not in headers(stage, link, "Liste", 2)

    page.get_by_role("button", name="Accepter et relier ce classeur").click()
    expect(page.get_by_text("Ce classeur est relié")).to_be_visible(timeout=WITHIN_MS)
    sound(page)
    assert headers(stage, link, "Liste", 2)[5] == "ID"
    assert "ID" not in headers(stage, link, "Appel", 0)

    def born() -> bool:
        with db.connection():
            return any(row["last_name"] == "GERMAIN" for row in people.snapshot(people.cohort(COHORT)[0]).values())

    eventually(born, 20, "the person whom only the spreadsheet had")
    page.get_by_text("Ne plus relier ce classeur…").click()
    page.get_by_role("button", name="Ne plus relier").click()
    expect(page.get_by_role("alert")).to_contain_text("Cochez la case")
    page.get_by_text("Ne plus relier ce classeur…").click()
    page.get_by_label("Oui, ce classeur ne doit plus être synchronisé.").check()
    page.get_by_role("button", name="Ne plus relier").click()
    expect(page.get_by_text("Ce classeur n'est plus relié")).to_be_visible(timeout=WITHIN_MS)
    assert "ID" not in headers(stage, link, "Liste", 2)
    assert born(), "the intranet keeps what it had received"


def test_a_book_that_cannot_be_read_says_what_to_do(stage: Stage) -> None:
    person = stage.person("coordination")
    paste(person, "https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit")
    expect(person.page.get_by_role("alert")).to_contain_text("partagez-le avec cette adresse", timeout=WITHIN_MS)
    expect(person.page.get_by_role("alert")).to_be_focused()
    sound(person.page)
    person.page.get_by_text("Abandonner…").click()
    person.page.get_by_role("button", name="Abandonner").click()
    expect(person.page.get_by_text("Abandonné")).to_be_visible()
    sound(person.page)


def test_everything_also_works_without_javascript(stage: Stage) -> None:
    link = make_book(stage, "LEFORT")
    context = stage.context(java_script_enabled=False)
    person = Person(context, stage.stack.web_url, "coordination").sign_in()
    page = person.page
    paste(person, link)

    def told(text: str) -> bool:
        if page.get_by_text(text).count():
            return True
        page.get_by_role("link", name="Actualiser").click()
        return False

    eventually(lambda: told("Ce que contient chaque onglet"), 20, "what the worker read")
    page.get_by_role("button", name="Accepter et relier ce classeur").click()
    eventually(lambda: told("Ce classeur est relié"), 20, "the binding")
    assert "ID" in headers(stage, link, "Appel", 0)
