"""The whole product used from both sides at once: the intranet in one window, the spreadsheet in another.

Real processes, the demonstration, a spreadsheet server as slow as Google's, and a real browser.
"""

import re
import time

import pytest
from playwright.sync_api import expect, sync_playwright

from bench.processes import Stack
from tests.browser import LAUNCH, WINDOWED, Book, Person, Stage, eventually

COHORT, UNITS = "CS26-2025", "CS26-UE-2025"
#: Google's median is 0.38 s a call.
LATENCY_MS = 400
STATUS_OF = {"P": "present", "A": "absent", "AJ": "justified", "V": "remote", "": ""}


@pytest.fixture(scope="module")
def browser():
    """Run the whole of Chromium: what is promised in seconds here is promised to people who have its windows."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=WINDOWED, args=LAUNCH)
        yield found
        found.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory, browser):
    with Stack(tmp_path_factory.mktemp("both_sides")) as stack:
        # Loading the demonstration needs no patience; what follows is measured against Google's pace.
        stack.start_sheets(LATENCY_MS)
        stack.start_worker()
        stage = Stage(stack, browser)
        eventually(lambda: all(state["last_cycle"] for state in stage.states()), 90, "a first look at each book")
        yield stage


@pytest.fixture
def stage(running):
    yield running
    running.close()


def half_days(person: Person, cohort: str = COHORT) -> list[str]:
    """List the addresses of the rosters of a cohort, in the order of its calendar."""
    person.go(f"/promotions/{cohort}/seances/")
    links = person.page.locator("td.roll a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(links))


def columns(book: Book) -> list[str]:
    """List the headers of the half-days in Présences, in the order of the calendar."""
    return book.headers("Présences")[3:-2]


def roster(person: Person, book: Book, number: int) -> tuple[list[str], str]:
    """Open the roster of a half-day; return the ids of its lines and its header in the spreadsheet."""
    person.go(half_days(person)[number])
    return person.keys("participant"), columns(book)[number]


def other(cell: str, *wanted: str) -> str:
    """Return a mark that differs from the one in a cell."""
    return next(mark for mark in (*wanted, "P", "A", "V") if mark != cell)


# -- 1, 2: what is done on one side is on the other ------------------------------------------------


@pytest.mark.alone
def test_a_click_on_the_roster_is_in_the_grid_within_five_seconds(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    keys, header = roster(person, book, 0)
    mark = other(book.value("Présences", keys[2], header))
    cell = book.at("Présences", keys[2], header)
    person.mark(keys[2], STATUS_OF[mark])
    expect(cell).to_have_text(mark, timeout=5_000)
    expect(person.participant(keys[2]).locator(".mark")).to_contain_text("Camille Coordination")


@pytest.mark.alone
def test_a_grade_typed_in_the_grid_is_on_the_open_jury_page_within_ten_seconds(stage):
    person, book = stage.person("jury"), stage.book(UNITS, "jury")
    person.go(f"/promotions/{UNITS}/jury/")
    key = person.keys("dossier")[3]
    header = next(name for name in book.headers("Jury") if "RSV206" in name)
    book.type("Jury", key, header, "13,25")
    expect(person.dossier(key).locator("[name=grade-RSV206]")).to_have_value("13,25", timeout=10_000)


@pytest.mark.alone
def test_a_tutor_typed_in_the_grid_is_on_the_open_page_within_ten_seconds(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    person.go(f"/promotions/{COHORT}/notes/")
    key = person.keys("paper")[4]
    tutor = another_tutor(person, key)
    book.type("Notes", key, "Tuteur", tutor)
    expect(person.paper(key).locator("[name=tutor]")).to_have_value(tutor, timeout=10_000)


def another_tutor(person: Person, key: str, but: tuple[str, ...] = ()) -> str:
    """Return a tutor who does not follow this paper yet."""
    field = person.paper(key).locator("[name=tutor]")
    names = field.locator("option").evaluate_all("options => options.map(option => option.value)")
    return next(name for name in names if name and name not in (field.input_value(), *but))


# -- 3, 4: both sides at once ----------------------------------------------------------------------


@pytest.mark.alone
def test_different_cells_of_one_row_survive_on_both_sides(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    person.go(f"/promotions/{COHORT}/notes/")
    key = person.keys("paper")[6]
    line, tutor = person.paper(key), another_tutor(person, key)
    book.at("Notes", key, "Pages")
    started = time.monotonic()
    line.locator("[name=tutor]").select_option(tutor)
    book.enter("17")
    assert time.monotonic() - started < 1, "the two were meant to happen in the same second"
    expect(line.locator("[name=pages]")).to_have_value("17", timeout=10_000)
    eventually(lambda: book.value("Notes", key, "Tuteur") == tutor, 10, "the tutor in the grid")
    assert book.value("Notes", key, "Pages") == "17"
    person.page.reload()
    expect(line.locator("[name=tutor]")).to_have_value(tutor)
    expect(line.locator("[name=pages]")).to_have_value("17")


@pytest.mark.alone
@pytest.mark.parametrize("kept", ["Garder l'intranet", "Garder la feuille"])
def test_the_same_cell_on_both_sides_waits_for_a_choice(stage, kept):
    person, book = stage.person("coordination"), stage.book(COHORT)
    person.go(f"/promotions/{COHORT}/notes/")
    key = person.keys("paper")[8 if kept == "Garder l'intranet" else 9]
    tutor = person.paper(key).locator("[name=tutor]")
    here = another_tutor(person, key)
    there = another_tutor(person, key, (here,))
    stage.calm(COHORT)
    with stage.paused_worker():
        tutor.select_option(here)
        expect(person.paper(key).locator(".mark")).to_contain_text("enregistré")
        book.type("Notes", key, "Tuteur", there)
    person.go("/conflits/")
    clash = person.page.locator("[data-conflict]").filter(has_text=here).filter(has_text=there)
    expect(clash).to_have_count(1, timeout=10_000)
    assert book.value("Notes", key, "Tuteur") == there
    person.go(f"/promotions/{COHORT}/notes/")
    expect(tutor).to_have_value(here)
    person.go("/conflits/")
    clash.get_by_role("button", name=kept).click()
    winner = here if kept == "Garder l'intranet" else there
    eventually(lambda: book.value("Notes", key, "Tuteur") == winner, 10, "the choice in the grid")
    person.go(f"/promotions/{COHORT}/notes/")
    expect(tutor).to_have_value(winner, timeout=10_000)
    person.go("/conflits/")
    expect(clash).to_have_count(0, timeout=10_000)


# -- 5, 6, 7: rows ---------------------------------------------------------------------------------


def test_a_row_typed_in_the_sheet_is_a_participant(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    person.go(f"/promotions/{COHORT}/participants/")
    before = set(person.keys("participant"))
    book.append("Participants", "Quintrec", "Maëlle")
    name = person.page.locator('[name=last_name][value="Quintrec"]')
    line = person.page.locator("[data-participant]").filter(has=name)
    expect(line).to_have_count(1, timeout=20_000)
    key = line.get_attribute("data-participant")
    assert key not in before
    rows = eventually(lambda: key in book.rows("Participants") and book.rows("Participants"), 30, "the id in the grid")
    assert rows[key]["Nom"] == "Quintrec" and rows[key]["Prénom"] == "Maëlle"
    assert len(rows) == len(before) + 1
    eventually(lambda: key in book.rows("Présences"), 30, "the new row in Présences")


def test_sorting_in_the_middle_of_a_cycle_puts_nothing_on_a_wrong_row(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    keys, header = roster(person, book, 1)
    stage.calm(COHORT)
    for number, key in enumerate(keys[:3]):
        book.type("Présences", key, "Remarques", f"remarque {number}")
    expected = book.rows("Présences")
    orders = [("Prénom", False), ("Nom", True), ("ID", False), ("Prénom", True), ("Nom", False)]
    for number, (by, descending) in enumerate(orders):
        key = keys[3 * number + 1]
        mark = other(expected[key][header], "V", "AJ")
        expected[key][header] = mark
        book.select("Présences", "A2")
        person.mark(key, STATUS_OF[mark])
        # From before the read to after the write: each turn sorts at another moment of the cycle.
        person.page.wait_for_timeout(600 + 350 * number)
        book.sort("Présences", by, descending)
    eventually(lambda: all(book.value("Présences", keys[3 * n + 1], header) == expected[keys[3 * n + 1]][header]
                           for n in range(len(orders))), 30, "every mark in the grid")  # fmt: skip
    stage.calm(COHORT)
    # What staff count by a formula follows the marks: it is compared by its formula, below.
    shown = {key: {name: text for name, text in row.items() if name != "Absences"} for key, row in expected.items()}
    found = {key: {name: text for name, text in row.items() if name != "Absences"}
             for key, row in book.rows("Présences").items()}  # fmt: skip
    assert {k: (shown[k], found.get(k)) for k in shown if shown[k] != found.get(k)} == {}
    assert shown.keys() == found.keys()
    counts_its_own_row(book)
    person.page.reload()
    for number in range(len(orders)):
        key = keys[3 * number + 1]
        assert person.status(key) == STATUS_OF[expected[key][header]]
    person.go("/conflits/")
    assert person.page.locator("[data-conflict]").all_inner_texts() == []


def counts_its_own_row(book: Book) -> None:
    """Fail unless each formula of Absences counts the row that it stands on."""
    rows = [[(cell or {}).get("e", "") for cell in row] for row in book.sheet("Présences")["rows"]]
    place = rows[0].index("Absences")
    formulas = [(index, row[place]) for index, row in enumerate(rows[1:], start=2) if len(row) > place and row[place]]
    assert len(formulas) >= 30
    for number, formula in formulas:
        assert set(re.findall(r"[A-Z]+(\d+)", formula)) == {str(number)}, (number, formula)


def test_what_staff_added_is_identical_afterwards(stage):
    person, book = stage.person("coordination"), stage.book(COHORT)
    keys, header = roster(person, book, 2)
    book.type("Présences", keys[0], "Remarques", "=1+1")
    book.type("Présences", keys[5], "Remarques", "prévenir  la veille ")
    staffs = ("Absences", "Remarques")
    before = {key: [row[name] for name in staffs] for key, row in book.rows("Présences", "e").items()}
    marks = {key: other(book.value("Présences", key, header), "A", "P") for key in keys[:6]}
    for key, mark in marks.items():
        person.mark(key, STATUS_OF[mark])
        expect(person.participant(key).locator(".mark")).to_contain_text("✓")
    eventually(lambda: all(book.value("Présences", key, header) == mark for key, mark in marks.items()), 30, "marks")
    stage.calm(COHORT)
    after = {key: [row[name] for name in staffs] for key, row in book.rows("Présences", "e").items()}
    assert after == before
    assert book.value("Présences", keys[0], "Remarques") == "2"


# -- 8, 10, 11: a page left open, signed out, cut off ----------------------------------------------


def test_an_open_page_keeps_what_is_typed_and_shows_what_others_change(stage):
    person, colleague, book = stage.person("coordination"), stage.person("admin"), stage.book(COHORT)
    keys, header = roster(person, book, 3)
    colleague.go(person.page.url.removeprefix(person.url))
    minutes = person.participant(keys[0]).locator("[name=minutes]")
    minutes.focus()
    person.page.keyboard.type("12")
    mine = other(colleague.status(keys[1]), "justified", "remote")
    theirs = other(book.value("Présences", keys[2], header), "V", "AJ")
    colleague.mark(keys[1], mine)
    book.type("Présences", keys[2], header, theirs)
    expect(person.participant(keys[1]).locator(f"[value={mine}]")).to_be_checked(timeout=30_000)
    expect(person.participant(keys[2]).locator(f"[value={STATUS_OF[theirs]}]")).to_be_checked(timeout=30_000)
    expect(minutes).to_have_value("12")
    expect(minutes).to_be_focused()
    person.page.keyboard.type("0")
    expect(minutes).to_have_value("120")


def test_an_expired_sign_in_comes_back_to_the_page(stage):
    person = stage.person("coordination")
    page = half_days(person)[4]
    person.go(page)
    key = person.keys("participant")[0]
    mark = other(person.status(key), "remote", "absent")
    tab = person.context.new_page()
    tab.goto(person.url)
    tab.get_by_role("button", name="Se déconnecter").click()
    expect(tab.locator("[name=password]")).to_be_visible()
    tab.close()
    expect(person.page.locator("[name=password]")).to_be_visible(timeout=30_000)
    person.fill_sign_in()
    expect(person.participant(key)).to_be_visible()
    assert person.page.url.removeprefix(person.url).split("#")[0] == page
    person.mark(key, mark)
    expect(person.participant(key).locator(".mark")).to_contain_text("✓")
    person.page.reload()
    assert person.status(key) == mark


def test_a_cut_connection_keeps_the_click_and_sends_it_later(stage):
    person, colleague = stage.person("coordination"), stage.person("admin")
    page = half_days(person)[5]
    person.go(page)
    first, second = person.keys("participant")[:2]
    marks = {key: other(person.status(key), "remote", "justified") for key in (first, second)}
    person.context.set_offline(True)
    for key, mark in marks.items():
        person.mark(key, mark)
        expect(person.participant(key)).to_have_class(re.compile(r"\bunsent\b"))
    expect(person.page.locator("#announce")).to_contain_text("Hors connexion")
    waiting = person.participant(first).locator(".mark").evaluate("mark => getComputedStyle(mark, '::after').content")
    assert "en attente d'envoi" in waiting
    colleague.go(page)
    assert colleague.status(first) != marks[first]
    person.context.set_offline(False)
    for key, mark in marks.items():
        expect(colleague.participant(key).locator(f"[value={mark}]")).to_be_checked(timeout=30_000)
        expect(person.participant(key)).not_to_have_class(re.compile(r"\bunsent\b"))
        assert person.status(key) == mark
    expect(person.page.locator("body")).not_to_have_class(re.compile(r"\boffline\b"))


# -- 9: without JavaScript -------------------------------------------------------------------------


def test_everything_works_without_javascript(stage):
    person = stage.person("coordination", java_script_enabled=False)
    person.go(half_days(person)[6])
    key = person.keys("participant")[7]
    mark = other(person.status(key), "absent", "remote")
    person.mark(key, mark)
    person.participant(key).get_by_role("button", name="Enregistrer").click()
    expect(person.participant(key).locator(f"[value={mark}]")).to_be_checked()
    expect(person.participant(key).locator(".mark")).to_contain_text("Camille Coordination")

    person.go(f"/promotions/{COHORT}/notes/")
    key = person.keys("paper")[11]
    tutor = another_tutor(person, key)
    person.paper(key).locator("[name=tutor]").select_option(tutor)
    person.paper(key).get_by_role("button", name="Enregistrer").click()
    expect(person.paper(key).locator("[name=tutor]")).to_have_value(tutor)
    assert person.page.url.split("#")[0].endswith(f"/promotions/{COHORT}/notes/")

    person.go(f"/promotions/{UNITS}/jury/")
    key = person.keys("dossier")[1]
    person.dossier(key).locator("[name=grade-RSV207]").fill("11,75")
    person.dossier(key).get_by_role("button", name="Enregistrer").click()
    expect(person.dossier(key).locator("[name=grade-RSV207]")).to_have_value("11,75")
    assert person.page.url.split("#")[0].endswith(f"/promotions/{UNITS}/jury/")
