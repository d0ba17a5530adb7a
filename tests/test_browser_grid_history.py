"""The history panel of the grid page: who did what, older versions, and restoring one, with a real browser."""

import re

import pytest
from playwright.sync_api import expect

from localsheets.server import serve
from tests.grid_bench import Api, Grid


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = serve(port=0, data=tmp_path_factory.mktemp("history") / "books.sqlite")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def api(server):
    return Api(server.url)


@pytest.fixture
def book(api):
    return api.create()


@pytest.fixture
def grid(browser, server, book):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    context.set_default_timeout(8000)
    context.add_init_script("localStorage.setItem('localsheets:name', 'Claire')")
    opened = Grid(context.new_page(), server, book)
    yield opened
    context.close()
    assert opened.failures == []


def write(grid, cell, text):
    grid.click(cell)
    grid.type(text)
    grid.press("Enter")
    grid.saved()


def entries(grid):
    return grid.page.locator("#history .entry")


def test_the_panel_says_who_changed_what(api, book, grid):
    write(grid, "B3", "Zola Émile")
    api.write(book, "C2:C4", [[1], [2], [3]])
    grid.page.keyboard.press("Control+Alt+Shift+H")
    expect(entries(grid).nth(0)).to_contain_text("a écrit 3 cellules dans « Participants » : C2, C3, C4")
    expect(entries(grid).nth(0)).to_contain_text("C2 12 → 1")
    expect(entries(grid).nth(1)).to_contain_text("a écrit 1 cellule dans « Participants » : B3")
    expect(entries(grid).nth(1)).to_contain_text("B3 Zola → Zola Émile")
    expect(entries(grid).last).to_contain_text("a créé le classeur")
    people = grid.page.locator("#history .person").all_inner_texts()
    assert people[1] == "Claire"
    assert "@" in people[0]
    write(grid, "B2", "Vu")
    expect(entries(grid).nth(0)).to_contain_text("Vu", timeout=2000)
    grid.page.keyboard.press("Control+Alt+Shift+H")
    expect(grid.page.locator("#history")).to_be_hidden()


def test_a_version_is_shown_marked_then_restored_and_that_is_undone(api, book, grid):
    write(grid, "B3", "Erreur")
    api.insert_row(book, 1)
    grid.shows("B4", "Erreur")
    grid.page.get_by_role("button", name="Historique", exact=True).click()
    grid.page.get_by_role("button", name="Zola → Erreur").click()
    expect(grid.page.locator("#version")).to_contain_text("Claire")
    grid.shows("B3", "Erreur")
    expect(grid.cell("B3")).to_have_class(re.compile("marked"))
    grid.click("B3")
    grid.type("x")
    expect(grid.page.locator("#message")).to_contain_text("ancienne version")
    grid.shows("B3", "Erreur")
    grid.page.get_by_role("button", name="Revenir au présent").click()
    grid.shows("B4", "Erreur")
    entries(grid).last.click()
    grid.page.once("dialog", lambda dialog: dialog.accept())
    grid.page.get_by_role("button", name="Restaurer cette version").click()
    expect(entries(grid).nth(0)).to_contain_text("a restauré la version n° 1")
    expect(grid.page.locator("#version")).to_be_hidden()
    assert api.read(book, "A1:D9") == []
    entries(grid).nth(1).click()
    grid.page.once("dialog", lambda dialog: dialog.accept())
    grid.page.get_by_role("button", name="Restaurer cette version").click()
    grid.shows("B4", "Erreur")
    assert api.read(book, "B4") == [["Erreur"]]


def test_one_cell_is_followed_back_through_inserted_rows(api, book, grid):
    write(grid, "B3", "Un")
    api.insert_row(book, 1)
    grid.shows("B4", "Un")
    write(grid, "B4", "Deux")
    grid.click("B4")
    grid.page.get_by_role("button", name="Historique", exact=True).click()
    grid.page.get_by_role("button", name="Cellule B4").click()
    expect(entries(grid)).to_have_count(3)
    assert [text.split(" ", 1)[1].strip() for text in entries(grid).all_inner_texts()] == [
        "Un → Deux",
        "Zola → Un",
        "vide → Zola",
    ]
    grid.click("F9")
    expect(grid.page.locator("#history .none")).to_be_visible()


def test_older_entries_come_a_page_at_a_time(api, book, grid):
    for number in range(35):
        api.write(book, "F2", [[number]])
    grid.page.get_by_role("button", name="Historique", exact=True).click()
    expect(entries(grid)).to_have_count(30)
    grid.page.get_by_role("button", name="Voir plus ancien").click()
    expect(entries(grid)).to_have_count(37)
    expect(grid.page.locator("#history-more")).to_be_hidden()
