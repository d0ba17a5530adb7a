"""What is still between both sides, lived with: choices by keyboard and many at once, history, withdrawals, pauses.

Real processes, the demonstration, a stand-in for Google Sheets, and a real browser.
"""

import pytest
import requests
from playwright.sync_api import Page, expect

from bench.processes import Stack
from store import agreement, db, people, tutoring
from store.journal import Author
from tests.browser import NARROW, Book, Person, Stage, eventually, sideways, violations

COHORT = "CS26-2025"
ROOT = f"/promotions/{COHORT}"
COLLEAGUE = Author("Camille Coordination", "page")


@pytest.fixture(scope="module")
def running(tmp_path_factory, browser):
    with Stack(tmp_path_factory.mktemp("between")) as stack:
        stack.start_worker()
        stage = Stage(stack, browser)
        eventually(lambda: all(state["last_cycle"] for state in stage.states()), 90, "a first look at each book")
        yield stage


@pytest.fixture
def stage(running):
    yield running
    running.close()


def act(book: Book, **action: object) -> None:
    """Do to the spreadsheet what a person does on its page, at once, and have it read without waiting its turn."""
    answer = requests.post(f"{book.url}/actions", json={"actions": [action]}, timeout=10)
    assert answer.ok, answer.text
    with db.connection():
        agreement.ask(book.url.rsplit("/", 1)[1])


def typed(book: Book, title: str, key: str, header: str, text: str) -> None:
    """Type in a cell, known by its id and header."""
    sheet = book.sheet(title)
    rows = [[(cell or {}).get("f", "") for cell in row] for row in sheet["rows"]]
    row = next(index for index, line in enumerate(rows) if line and line[0] == key)
    act(book, type="set", sheetId=sheet["sheetId"], row=row, column=rows[0].index(header), values=[[text]])


def papers(stage: Stage) -> list[str]:
    with db.connection():
        return [row[0] for row in tutoring.papers(people.cohort(COHORT)[0])]


def clash(stage: Stage, book: Book, keys: list[str], here: int = 11, there: int = 31) -> None:
    """Put different numbers of pages on both sides of some papers, and wait for the conflicts."""
    stage.calm(COHORT)
    with stage.paused_worker():
        for number, key in enumerate(keys):
            with db.connection():
                tutoring.change(COLLEAGUE, key, {"pages": str(here + number)})
            typed(book, "Notes", key, "Pages", str(there + number))
    eventually(lambda: stage.status(COHORT)["conflicts"] == len(keys), 15, "the conflicts listed")


def pages_of(stage: Stage, key: str) -> str:
    with db.connection():
        return tutoring.held([key])[key]["pages"]


def line(person: Person, here: str):
    """Return the conflict whose intranet's value this is."""
    return person.page.locator("[data-conflict]").filter(has=person.page.get_by_text(here, exact=True))


def focused(page: Page, what: str) -> str:
    return page.evaluate(f"document.activeElement.{what} || ''")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a field or button of this name has the focus."""
    for _ in range(12):
        if focused(page, "name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached with the keyboard")


# -- conflicts ---------------------------------------------------------------------------------------


def test_a_third_value_by_keyboard_goes_to_both_sides(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    first, second = papers(stage)[:2]
    clash(stage, book, [first, second])
    person.go("/conflits/")
    page = person.page
    expect(line(person, "11")).to_contain_text("Camille Coordination")
    line(person, "11").locator("input[type=checkbox]").focus()
    tab_to(page, "third")
    page.keyboard.type("beaucoup")
    page.keyboard.press("Enter")
    expect(line(person, "11").locator(".error")).to_contain_text("beaucoup")
    expect(line(person, "11").locator("[name=third]")).to_have_value("beaucoup")
    assert focused(page, "name") == "third"
    assert violations(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    expect(page.locator(".clash.settled")).to_contain_text("des deux côtés")
    # The hands on the keyboard are on the next conflict already.
    eventually(lambda: focused(page, "name") == "chosen", 3, "the next conflict in hand")
    assert violations(page) == []
    expect(page.locator("[data-conflict]")).to_have_count(1, timeout=8_000)
    eventually(lambda: book.value("Notes", first, "Pages") == "21", 15, "the third value in the sheet")
    assert pages_of(stage, first) == "21"
    page.keyboard.press("f")
    eventually(lambda: pages_of(stage, second) == "32", 15, "the sheet's value in the intranet")
    expect(page.locator("#conflicts-count")).to_contain_text("Aucun conflit", timeout=8_000)
    assert focused(page, "id") == "main"


def test_arrows_go_from_one_conflict_to_the_next(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    keys = papers(stage)[2:5]
    clash(stage, book, keys, 41, 61)
    person.go("/conflits/")
    page = person.page
    boxes = page.locator("[data-conflict] input[type=checkbox]")
    boxes.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("i")
    expect(page.locator(".clash.settled")).to_contain_text("l'intranet l'emporte")
    expect(boxes.nth(1)).to_be_checked()
    eventually(lambda: book.value("Notes", keys[0], "Pages") == "41", 15, "the intranet's value in the sheet")
    with_boxes_ticked(person, "Garder la feuille")
    eventually(lambda: [pages_of(stage, key) for key in keys[1:]] == ["62", "63"], 15, "the sheet's values")


def with_boxes_ticked(person: Person, button: str) -> None:
    """Tick every box with the keyboard, and press a button of the bar."""
    page = person.page
    page.get_by_role("link", name="Tout cocher").focus()
    page.keyboard.press("Enter")
    bar = page.locator("#many")
    bar.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#conflicts > .flash")).to_contain_text("tranché")
    expect(page.locator("#conflicts > [tabindex]").last).to_be_focused()


def test_many_are_settled_at_once_and_the_one_that_moved_is_left(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    keys = papers(stage)[5:9]
    clash(stage, book, keys, 71, 81)
    person.go("/conflits/")
    page = person.page
    expect(page.locator("[data-conflict]")).to_have_count(4)
    assert violations(page) == []
    # Somebody changes one cell again while this page, which a poll would refresh, is being read.
    page.route("**/conflits/?v=*", lambda route: route.abort())
    typed(book, "Notes", keys[0], "Pages", "99")
    eventually(lambda: any_remote(stage, "99"), 15, "the conflict moved")
    with_boxes_ticked(person, "Garder l'intranet")
    expect(page.locator("#conflicts > .error")).to_contain_text("laissé de côté")
    expect(page.locator("[data-conflict]")).to_have_count(1)
    expect(line(person, "99").locator(".error")).to_contain_text("relisez-les")
    assert violations(page) == []
    eventually(lambda: book.value("Notes", keys[3], "Pages") == "74", 15, "the intranet's value in the sheet")
    assert book.value("Notes", keys[0], "Pages") == "99"
    page.unroute("**/conflits/?v=*")
    line(person, "99").get_by_role("button", name="Garder la feuille").click()
    eventually(lambda: pages_of(stage, keys[0]) == "99", 15, "the sheet's value in the intranet")


def any_remote(stage: Stage, text: str) -> bool:
    with db.connection():
        return any(row[0] == text for row in db.rows("SELECT remote FROM conflict"))


def test_choices_need_no_javascript(stage):
    person = stage.person("coordination", java_script_enabled=False)
    book = stage.book(COHORT)
    keys = papers(stage)[9:12]
    clash(stage, book, keys, 101, 111)
    person.go("/conflits/")
    line(person, "101").locator("[name=third]").fill("121")
    line(person, "101").get_by_role("button", name="Mettre").click()
    expect(person.page.locator(".flash")).to_contain_text("des deux côtés")
    person.page.get_by_role("link", name="Cocher cet onglet").click()
    expect(person.page.locator("[data-conflict] :checked")).to_have_count(2)
    person.page.locator("#many").get_by_role("button", name="Garder la feuille").click()
    expect(person.page.locator(".flash")).to_contain_text("2 conflits tranchés")
    eventually(lambda: [pages_of(stage, key) for key in keys] == ["121", "112", "113"], 15, "every choice")
    eventually(lambda: book.value("Notes", keys[0], "Pages") == "121", 15, "the third value in the sheet")


# -- history -----------------------------------------------------------------------------------------


def test_an_earlier_value_is_restored_from_the_history_of_its_row(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    key = papers(stage)[12]
    with db.connection():
        before = tutoring.held([key])[key]["title"]
    typed(book, "Notes", key, "Titre", "Un titre tapé dans la feuille")
    person.go(f"{ROOT}/notes/")
    expect(person.paper(key).locator("[name=title]")).to_have_value("Un titre tapé dans la feuille", timeout=10_000)
    person.paper(key).get_by_role("link", name="Historique").click()
    page = person.page
    expect(page.locator("#history")).to_contain_text("Feuille")
    assert violations(page) == []
    page.get_by_role("button", name=f"rétablir « {before} »").click()
    expect(page.locator("#history > .flash")).to_contain_text("Valeur rétablie")
    expect(page.locator("#history > .flash")).to_be_focused()
    expect(page.locator("#history tbody tr").first).to_contain_text("Camille Coordination")
    assert violations(page) == []
    eventually(lambda: book.value("Notes", key, "Titre") == before, 15, "the earlier title in the sheet")
    page.set_viewport_size(NARROW)
    assert sideways(page) <= 0


# -- what was withdrawn ------------------------------------------------------------------------------


def test_a_row_deleted_in_the_sheet_comes_back_in_one_click(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    sheet = book.sheet("Participants")
    key = sheet["rows"][3][0]["f"]
    name = sheet["rows"][3][1]["f"]
    act(book, type="deleteRows", sheetId=sheet["sheetId"], at=3, count=1)
    person.go("/suppressions/")
    page = person.page
    removal = page.locator(f'[data-removal="{key}"]')
    expect(removal).to_contain_text(name, timeout=15_000)
    expect(removal).to_contain_text("feuille")
    assert violations(page) == []
    removal.get_by_role("button", name="Rétablir").click()
    expect(page.locator(".removal .flash")).to_contain_text("C'est rétabli")
    assert violations(page) == []
    eventually(lambda: key in book.rows("Participants"), 15, "the row in the sheet again")
    person.go(f"{ROOT}/participants/")
    expect(person.participant(key)).to_have_count(1)
    page.set_viewport_size(NARROW)
    person.go("/suppressions/")
    assert sideways(page) <= 0


# -- paused tabs, and the digest ---------------------------------------------------------------------


def test_a_paused_tab_is_explained_and_goes_on_as_decided(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    sheet = book.sheet("Notes")
    column = [(cell or {}).get("f", "") for cell in sheet["rows"][0]].index("Lien")
    act(book, type="deleteColumns", sheetId=sheet["sheetId"], at=column, count=1)
    person.go("/synchronisation/")
    page = person.page
    warning = page.locator(".paused").filter(has_text="« Lien »")
    expect(warning).to_have_count(1, timeout=15_000)
    assert violations(page) == []
    warning.get_by_text("Continuer sans cette colonne").click()
    # What is being read does not fold back when the page is refreshed.
    page.wait_for_timeout(4_000)
    expect(warning.get_by_role("button", name="Oui, continuer sans")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert sideways(page) <= 0
    warning.get_by_role("button", name="Oui, continuer sans").click()
    expect(page.locator(".book .flash")).to_contain_text("reprend sans")
    expect(page.locator(".paused")).to_have_count(0, timeout=10_000)
    assert violations(page) == []
    stage.calm(COHORT)
    person.go("/synchronisation/journal-du-jour/")
    expect(page.locator("#digest")).to_contain_text("sans la colonne « Lien »")
    expect(page.locator("#digest")).to_contain_text("Reçu de la feuille")
    assert violations(page) == []
    assert sideways(page) <= 0
    page.emulate_media(media="print")
    assert sideways(page) <= 0
