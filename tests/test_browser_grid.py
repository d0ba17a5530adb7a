"""The grid page of localsheets, used with a real browser against the real server."""

import re
import time

import pytest
import requests
from playwright.sync_api import expect

from localsheets.server import serve
from tests.browser import violations
from tests.grid_bench import Api, Grid

OFFLINE = "Hors connexion : vos saisies sont gardées et seront envoyées"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = serve(port=0, data=tmp_path_factory.mktemp("grid") / "books.sqlite")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def api(server):
    return Api(server.url)


@pytest.fixture
def book(api):
    return api.create()


@pytest.fixture
def open_grid(browser, server):
    contexts, grids = [], []

    def open_one(book, fragment="", **options):
        context = browser.new_context(viewport={"width": 1100, "height": 700}, **options)
        context.set_default_timeout(8000)
        contexts.append(context)
        grids.append(Grid(context.new_page(), server, book, fragment))
        return grids[-1]

    yield open_one
    failures = [failure for grid in grids for failure in grid.failures]
    for context in contexts:
        context.close()
    assert failures == []


@pytest.fixture
def grid(open_grid, book):
    return open_grid(book)


def column(api, book, letter, render="UNFORMATTED_VALUE"):
    return [row[0] if row else None for row in api.read(book, f"{letter}2:{letter}20", render=render)]


# Showing


def test_page_says_what_it_is_and_shows_the_book(grid):
    expect(grid.page.locator(".banner")).to_have_text("Tableur local, qui remplace Google Sheets pour la démonstration")
    expect(grid.page.locator("#title")).to_have_text("Culture 2026")
    assert grid.page.locator("html").get_attribute("lang") == "fr"
    grid.shows("B2", "Martin")
    grid.shows("D2", "14,5")
    assert grid.cell("D2").evaluate("cell => getComputedStyle(cell).textAlign") == "right"
    assert grid.page.locator("#grid").get_attribute("aria-rowcount") == "200"


def test_page_has_no_inline_script_or_style(server, book):
    text = requests.get(f"{server.url}/spreadsheets/d/{book}/edit", timeout=10).text
    assert re.search(r"<script(?![^>]*\bsrc=)", text) is None
    assert "<style" not in text
    assert re.search(r"\s(style|on\w+)=", text) is None


def test_formats_are_shown(api, open_grid, book):
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    style = {"textFormat": {"bold": True}, "backgroundColor": {"red": 1, "green": 0, "blue": 0}}
    api.batch(
        book,
        {
            "repeatCell": {
                "range": area,
                "cell": {"userEnteredFormat": style},
                "fields": "userEnteredFormat(textFormat.bold,backgroundColor)",
            }
        },
    )
    grid = open_grid(book)
    look = "cell => [getComputedStyle(cell).fontWeight, getComputedStyle(cell).backgroundColor]"
    assert grid.cell("A1").evaluate(look) == ["700", "rgb(255, 0, 0)"]
    assert grid.cell("C1").evaluate(look)[0] == "400"


def test_frozen_rows_and_columns_stay_in_sight(api, open_grid):
    book = api.create(rows=[[f"{row}.{at}" for at in range(12)] for row in range(200)])
    frozen = {"sheetId": 0, "gridProperties": {"frozenRowCount": 1, "frozenColumnCount": 1}}
    fields = "gridProperties(frozenRowCount,frozenColumnCount)"
    api.batch(book, {"updateSheetProperties": {"properties": frozen, "fields": fields}})
    grid = open_grid(book)
    before = [grid.cell("A1").bounding_box(), grid.cell("B1").bounding_box()]
    grid.page.locator("#grid").evaluate("grid => grid.scrollTo(300, 2400)")
    expect(grid.cell("F110")).to_be_visible()
    assert grid.cell("A1").bounding_box() == before[0]
    assert grid.cell("F1").bounding_box()["y"] == before[1]["y"]
    assert grid.cell("A110").bounding_box()["x"] == before[0]["x"]


def test_deep_link_selects_the_cell(api, open_grid, book):
    api.batch(book, {"addSheet": {"properties": {"sheetId": 77, "title": "Notes"}}})
    grid = open_grid(book, "#gid=77&range=C150")
    grid.at("C150")
    expect(grid.cell("C150")).to_be_in_viewport()
    expect(grid.page.locator('[data-sheet="Notes"]')).to_have_attribute("aria-selected", "true")
    grid.page.evaluate("location.hash = '#gid=0&range=B3:D5'")
    grid.at("B3:D5")
    expect(grid.page.locator("#formula")).to_have_value("Zola")
    grid.page.locator('[data-sheet="Notes"]').click()
    assert grid.page.url.endswith("#gid=77")


def test_hidden_tabs_have_no_button(api, open_grid, book):
    api.batch(book, {"addSheet": {"properties": {"sheetId": 5, "title": "_témoin", "hidden": True}}})
    grid = open_grid(book)
    assert grid.page.locator("#tabs [role=tab]").all_inner_texts() == ["Participants"]


# Typing


def test_typing_with_the_keyboard(api, book, grid):
    grid.click("B3")
    grid.at("B3")
    expect(grid.page.locator("#formula")).to_have_value("Zola")
    grid.type("Élodie")
    expect(grid.page.locator("#formula")).to_have_value("Élodie")
    grid.press("Enter")
    grid.at("B4")
    grid.shows("B3", "Élodie")
    grid.type("Ünal")
    grid.press("Tab")
    grid.at("C4")
    grid.type("12,5")
    grid.press("Enter")
    grid.at("B5")
    grid.saved()
    assert api.read(book, "B3:C4", render="UNFORMATTED_VALUE") == [["Élodie", 7], ["Ünal", 12.5]]


def test_escape_keeps_the_cell_and_f2_opens_it(api, book, grid):
    grid.click("B3")
    grid.type("perdu")
    grid.press("Escape")
    grid.shows("B3", "Zola")
    grid.press("F2")
    grid.type(" (Émile)")
    grid.press("Home", "ArrowRight", "Enter")
    grid.shows("B3", "Zola (Émile)")
    grid.cell("B2").dblclick()
    grid.type("e")
    grid.press("Enter")
    grid.saved()
    assert column(api, book, "B") == ["Martine", "Zola (Émile)", "Aubry", "Nadaud"]


def test_formula_bar_edits_the_cell(api, book, grid):
    grid.click("B2")
    grid.page.locator("#formula").fill("Martinez")
    grid.press("Enter")
    grid.at("B3")
    grid.shows("B2", "Martinez")
    grid.page.locator("#formula").fill("Zolà")
    grid.click("C2")
    grid.shows("B3", "Zolà")
    grid.saved()
    assert column(api, book, "B")[:2] == ["Martinez", "Zolà"]


def test_moving_and_selecting_with_the_keyboard(grid):
    grid.click("A1")
    grid.press("Control+ArrowDown")
    grid.at("A5")
    grid.press("Control+ArrowRight")
    grid.at("D5")
    grid.press("Control+ArrowDown")
    grid.at("D200")
    expect(grid.cell("D200")).to_be_in_viewport()
    grid.press("Control+Home", "End")
    grid.at("D1")
    grid.press("Control+End")
    grid.at("D5")
    grid.press("Shift+ArrowUp", "Shift+ArrowLeft")
    grid.at("C4:D5")
    grid.press("Home", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")
    grid.at("A1")
    grid.press("PageDown")
    assert int(grid.page.locator("#address").input_value()[1:]) > 10
    grid.press("PageUp")
    grid.at("A1")


def test_mouse_selects_ranges_rows_and_columns(grid):
    start, end = grid.cell("B2").bounding_box(), grid.cell("D4").bounding_box()
    grid.page.mouse.move(start["x"] + 20, start["y"] + 10)
    grid.page.mouse.down()
    grid.page.mouse.move(end["x"] + 20, end["y"] + 10, steps=4)
    grid.page.mouse.up()
    grid.at("B2:D4")
    grid.page.get_by_role("columnheader", name="C", exact=True).click()
    grid.at("C:C")
    grid.page.get_by_role("rowheader", name="3", exact=True).click()
    grid.at("3:3")


def test_delete_clears_the_selection(api, book, grid):
    grid.click("B2")
    grid.press("Shift+ArrowDown", "Shift+ArrowRight", "Delete")
    grid.shows("C3", "")
    grid.saved()
    assert api.read(book, "B2:D3", render="UNFORMATTED_VALUE") == [["", "", 14.5], ["", "", 9]]


def test_pasting_a_block_from_another_program(api, book, grid):
    grid.click("B10")
    grid.paste('un\tdeux\r\n"sur deux\nlignes"\t12,5\r\n')
    grid.at("B10:C11")
    grid.saved()
    pasted = api.read(book, "B10:C11", render="UNFORMATTED_VALUE")
    assert pasted == [["un", "deux"], ["sur deux\nlignes", 12.5]]


def test_pasting_beyond_the_edge_makes_the_sheet_grow(api, book, grid):
    grid.click("A1")
    grid.press("Control+ArrowDown", "Control+ArrowDown")
    grid.at("A200")
    grid.paste("x\ny\nz")
    grid.saved()
    assert api.read(book, "A200:A202") == [["x"], ["y"], ["z"]]


def test_copy_and_cut_inside_the_page(api, browser, server, book, open_grid):
    grid = open_grid(book, permissions=["clipboard-read", "clipboard-write"])
    grid.click("E2")
    grid.type("=C2+$C$2")
    grid.press("Enter")
    grid.shows("E2", "24")
    grid.click("E2")
    grid.press("Control+c", "ArrowDown", "Shift+ArrowDown", "Control+v")
    grid.shows("E4", "42")
    grid.click("B2")
    grid.press("Control+x")
    grid.click("H2")
    grid.press("Control+v")
    grid.shows("H2", "Martin")
    grid.shows("B2", "")
    grid.saved()
    formulas = [row[0] for row in api.read(book, "E2:E4", render="FORMULA")]
    assert formulas == ["=C2+$C$2", "=C3+$C$2", "=C4+$C$2"]
    assert grid.page.evaluate("navigator.clipboard.readText()") == "Martin"


def test_control_d_fills_down(api, book, grid):
    grid.click("E2")
    grid.type("=C2*2")
    grid.press("Enter")
    grid.click("E2")
    grid.press("Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    grid.shows("E4", "60")
    grid.saved()
    assert column(api, book, "E", render="FORMULA") == ["=C2*2", "=C3*2", "=C4*2"]


def test_formula_recomputes_on_screen(grid):
    grid.click("C6")
    grid.type("=SUM(C2:C5)")
    grid.press("Enter")
    grid.shows("C6", "67")
    grid.click("C2")
    grid.type("100")
    grid.press("Enter")
    grid.shows("C6", "155")
    grid.click("C6")
    expect(grid.page.locator("#formula")).to_have_value("=SOMME(C2:C5)")


def test_clicking_a_cell_writes_its_address_into_a_formula(grid):
    grid.click("E2")
    grid.type("=")
    grid.click("C2")
    grid.type("+")
    grid.click("C3")
    grid.press("Enter")
    grid.shows("E2", "19")


# Rows, columns, tabs, undo


def test_insert_and_delete_rows(api, book, grid):
    grid.click("B3")
    grid.command("Insérer une ligne au-dessus")
    grid.shows("B4", "Zola")
    grid.command("Insérer une ligne en dessous")
    grid.at("B4")
    grid.shows("B5", "Zola")
    grid.saved()
    assert column(api, book, "B") == ["Martin", None, None, "Zola", "Aubry", "Nadaud"]
    grid.press("ArrowUp", "Shift+ArrowDown")
    grid.command("Supprimer les 2 lignes")
    grid.shows("B3", "Zola")
    grid.saved()
    assert column(api, book, "B") == ["Martin", "Zola", "Aubry", "Nadaud"]


def test_insert_and_delete_columns(api, book, grid):
    grid.click("B3")
    grid.command("Insérer une colonne à gauche")
    grid.shows("C3", "Zola")
    grid.saved()
    assert api.read(book, "A1:C1") == [["ID", "", "Nom"]]
    grid.command("Supprimer la colonne")
    grid.shows("B3", "Zola")
    grid.saved()
    assert api.read(book, "A1:B1") == [["ID", "Nom"]]


def test_sort_from_the_context_menu_with_the_keyboard(api, book, grid):
    grid.click("B3")
    grid.click("B3", button="right")
    grid.page.get_by_role("menuitem", name="Trier Z→A").click()
    grid.shows("B2", "Zola")
    grid.press("Shift+F10", "t", "Enter")
    grid.shows("B2", "Aubry")
    grid.saved()
    assert column(api, book, "B") == ["Aubry", "Martin", "Nadaud", "Zola"]
    assert column(api, book, "A") == ["P3", "P1", "P4", "P2"]


def test_undo_and_redo(api, book, grid):
    grid.click("B2")
    grid.type("Autre")
    grid.press("Enter")
    grid.saved()
    grid.press("Control+z")
    grid.shows("B2", "Martin")
    grid.press("Control+y")
    grid.shows("B2", "Autre")
    grid.command("Annuler")
    grid.shows("B2", "Martin")
    grid.saved()
    assert column(api, book, "B")[0] == "Martin"


def test_add_and_rename_tabs(api, book, grid):
    grid.page.get_by_role("button", name="Ajouter un onglet").click()
    made = grid.page.locator("#tabs [aria-selected=true]")
    expect(made).not_to_have_text("Participants")
    grid.type("bonjour")
    grid.press("Enter")
    made.dblclick()
    grid.type("Jury")
    grid.press("Enter")
    expect(grid.page.locator('[data-sheet="Jury"]')).to_be_visible()
    grid.saved()
    assert api.read(book, "A1", tab="Jury") == [["bonjour"]]


def test_a_refused_action_is_explained_and_taken_back(api, book, grid):
    api.batch(book, {"addSheet": {"properties": {"title": "Notes"}}})
    tab = grid.page.locator('[data-sheet="Participants"]')
    expect(grid.page.locator('[data-sheet="Notes"]')).to_be_visible()
    tab.dblclick()
    grid.type("Notes")
    grid.press("Enter")
    expect(grid.page.locator("#message")).to_be_visible()
    assert len(grid.page.locator("#message").inner_text()) > 10
    expect(tab).to_have_text("Participants")


# With others


def test_two_pages_see_each_other(open_grid, book):
    first, second = open_grid(book), open_grid(book)
    first.click("B2")
    first.type("Partagé")
    first.press("Enter")
    second.shows("B2", "Partagé", timeout=2000)
    second.click("B3")
    second.type("Retour")
    second.press("Enter")
    first.shows("B3", "Retour", timeout=2000)


def test_typing_survives_a_change_by_someone_else(api, book, grid):
    grid.click("B3")
    grid.type("en cours")
    api.write(book, "B2", [["Changé"]])
    grid.shows("B2", "Changé")
    expect(grid.page.locator("#editor")).to_have_value("en cours")
    grid.at("B3")
    grid.type(" fini")
    grid.press("Enter")
    grid.saved()
    assert column(api, book, "B")[:2] == ["Changé", "en cours fini"]


def test_typing_follows_its_row_when_someone_inserts_above(api, book, grid):
    grid.click("B3")
    grid.type("Zola bis")
    api.insert_row(book, 1)
    grid.shows("B3", "Martin")
    grid.at("B4")
    grid.press("Enter")
    grid.saved()
    assert column(api, book, "B") == [None, "Martin", "Zola bis", "Aubry", "Nadaud"]


def test_opening_a_cell_without_changing_it_keeps_others_value(api, book, grid):
    grid.click("B3")
    grid.press("F2")
    api.write(book, "B2:B3", [["Témoin"], ["Par quelqu’un"]])
    grid.shows("B2", "Témoin")
    grid.press("Enter")
    grid.shows("B3", "Par quelqu’un")
    assert column(api, book, "B")[1] == "Par quelqu’un"


def test_typing_while_the_server_is_away_is_sent_later(api, book, grid):
    grid.page.context.set_offline(True)
    grid.click("B2")
    grid.type("Gardé")
    grid.press("Enter")
    grid.type("Aussi")
    grid.press("Enter")
    grid.shows("B2", "Gardé")
    expect(grid.page.locator("#status")).to_have_text(OFFLINE)
    assert column(api, book, "B")[0] == "Martin"
    grid.page.context.set_offline(False)
    expect(grid.page.locator("#status")).to_have_text("Enregistré", timeout=8000)
    assert column(api, book, "B")[:2] == ["Gardé", "Aussi"]


def test_an_answer_that_was_lost_is_not_applied_twice(api, book, grid):
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    grid.page.route("**/actions", lose)
    grid.click("B3")
    grid.command("Insérer une ligne au-dessus")
    expect(grid.page.locator("#status")).to_have_text(OFFLINE)
    expect(grid.page.locator("#status")).to_have_text("Enregistré", timeout=8000)
    assert lost == [200]
    assert column(api, book, "B") == ["Martin", None, "Zola", "Aubry", "Nadaud"]
    grid.shows("B4", "Zola")


def test_typing_that_could_not_be_sent_survives_a_reload(api, book, grid):
    grid.page.on("dialog", lambda dialog: dialog.accept())
    grid.page.route("**/actions", lambda route: route.abort())
    grid.click("B2")
    grid.type("Rescapé")
    grid.press("Enter")
    expect(grid.page.locator("#status")).to_have_text(OFFLINE)
    grid.page.unroute("**/actions")
    grid.page.reload()
    grid.shows("B2", "Rescapé")
    grid.saved()
    assert column(api, book, "B")[0] == "Rescapé"


# Speed, access


def test_ten_thousand_rows_scroll_without_lag(api, open_grid):
    rows = [[f"{row}.{at}" for at in range(20)] for row in range(10000)]
    book = api.create(rows=rows, row_count=10000, columns=20)
    grid = open_grid(book)
    assert grid.page.locator(".cell").count() < 2000
    script = """async () => {
      const grid = document.getElementById('grid');
      const times = [];
      for (let step = 0; step < 40; step += 1) {
        const start = performance.now();
        grid.scrollTop += 4000;
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[20];
    }"""
    assert grid.page.evaluate(script) < 120
    grid.press("Control+End")
    grid.at("T10000")
    grid.shows("T10000", "9999.19")


def test_toolbar_is_reached_and_used_without_a_mouse(api, book, grid):
    grid.click("B3")
    grid.press("F6", "ArrowRight", "ArrowRight")
    focused = grid.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Insérer une ligne au-dessus"
    grid.press("Enter", "Escape")
    grid.shows("B4", "Zola")
    grid.type("revenu")
    grid.press("Enter")
    grid.shows("B3", "revenu")


def test_a_small_screen_scrolls_the_grid_inside_its_box(open_grid, book):
    grid = open_grid(book)
    grid.page.set_viewport_size({"width": 320, "height": 560})
    grid.click("B3")
    grid.press("End")
    expect(grid.cell("D3")).to_be_in_viewport()
    assert grid.page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_page_passes_the_accessibility_rules(grid):
    grid.click("B3")
    assert violations(grid.page) == []


# Pieces


def test_blocks_and_formulas_read_as_expected(grid):
    script = r'''async () => {
      const {parseBlock, formatBlock} = await import('/static/grid-tsv.js');
      const {shiftFormula} = await import('/static/grid-formula.js');
      const {parseRange, parseHash, columnName} = await import('/static/grid-address.js');
      return [
        parseBlock('a\tb\r\nc'), parseBlock('"dit ""oui"""\tx'), parseBlock('5" de long\t"'),
        formatBlock([['a\nb', 'c'], ['"d', 'e']]),
        shiftFormula(`=A1+$B$2&"A1"&LOG10(C3)+'A1 b'!D4`, 1, 1),
        shiftFormula('=A1', -1, 0), shiftFormula('A1', 1, 1),
        parseRange('Notes!B3:D5'), parseRange('zut'), parseHash('#gid=7').sheetId, columnName(702),
      ];
    }'''
    assert grid.page.evaluate(script) == [
        [["a", "b"], ["c", ""]],
        [['dit "oui"', "x"]],
        [['5" de long', '"']],
        '"a\nb"\tc\n"""d"\te',
        "=B2+$B$2&\"A1\"&LOG10(D4)+'A1 b'!E5",
        "=#REF!",
        "A1",
        {"top": 2, "left": 1, "bottom": 4, "right": 3},
        None,
        7,
        "AAA",
    ]


def turn(grid, hidden):
    script = """hidden => {
      Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    grid.page.evaluate(script, hidden)


def test_a_hidden_page_rests(api, book, grid):
    asked = []
    grid.page.on("request", lambda request: "/state" in request.url and asked.append(request.url))
    turn(grid, True)
    time.sleep(0.3)
    asked.clear()
    api.write(book, "B2", [["Pendant"]])
    grid.page.wait_for_timeout(700)
    assert asked == []
    assert grid.page.locator("#status").inner_text() != OFFLINE
    turn(grid, False)
    grid.shows("B2", "Pendant")
    assert asked
