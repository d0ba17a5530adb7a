"""Notes, lists, boxes, names, protections, the find bar and the menus of the grid page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import violations
from tests.grid_bench import bench_at


@pytest.fixture(scope="module")
def bench(tmp_path_factory, browser):
    with bench_at(tmp_path_factory.mktemp("cells"), browser) as running:
        yield running


@pytest.fixture
def grid(bench):
    opened = bench.open()
    yield opened
    assert opened.failures == []


# Notes


def test_a_note_is_written_shown_and_removed(grid):
    grid.click("B2")
    grid.press("Shift+F2")
    grid.page.get_by_label("Note de B2").fill("Arrive en retard")
    grid.page.get_by_role("button", name="Valider").click()
    tip = grid.page.get_by_role("tooltip")
    expect(tip).to_have_text("Arrive en retard")
    assert grid.cells("B2", "note") == [[{"note": "Arrive en retard"}]]
    grid.click("D4")
    expect(tip).to_be_hidden()
    grid.cell("B2").hover()
    expect(tip).to_have_text("Arrive en retard")
    grid.click("B2", button="right")
    grid.item("Supprimer la note")
    expect(tip).to_be_hidden()
    assert grid.cells("B2", "note") in ([], [[]], [[{}]])


# Lists and boxes


def make_list(grid, first, last, *values):
    grid.select(first, last)
    grid.menu("Données", "Liste déroulante…")
    grid.page.get_by_label("Valeurs de la liste").fill("\n".join(values))
    grid.page.get_by_role("button", name="Valider").click()


def test_a_list_is_made_chosen_from_and_strict(grid):
    make_list(grid, "E2", "E5", "A1", "A2", "B1")
    grid.click("E2")
    grid.press("Alt+ArrowDown", "ArrowDown", "Enter")
    grid.shows("E2", "A2")
    box = grid.cell("E3").bounding_box()
    grid.page.mouse.click(box["x"] + box["width"] - 8, box["y"] + 12)
    grid.item("B1")
    grid.shows("E3", "B1")
    grid.click("E4")
    grid.type("C9")
    grid.press("Enter")
    expect(grid.page.locator("#message")).to_contain_text("n’est pas dans la liste")
    assert grid.values("E2:E5") == [["A2"], ["B1"]]
    rule = grid.cells("E5", "dataValidation")[0][0]["dataValidation"]
    assert rule["condition"]["type"] == "ONE_OF_LIST"
    assert [value["userEnteredValue"] for value in rule["condition"]["values"]] == ["A1", "A2", "B1"]


def test_a_list_may_come_from_a_range(bench):
    values = [{"userEnteredValue": "=Participants!$B$2:$B$5"}]
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 5, "endColumnIndex": 6}
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": values}, "strict": True}
    grid = bench.open(requests_made=[{"setDataValidation": {"range": area, "rule": rule}}])
    grid.click("F2")
    grid.press("Alt+ArrowDown")
    choices = grid.page.locator("#menu [role=menuitemcheckbox]").all_inner_texts()
    assert choices == ["Martin", "Zola", "Aubry", "Nadaud"]
    grid.press("z", "Enter")
    grid.shows("F2", "Zola")
    assert grid.values("F2") == [["Zola"]]
    assert grid.failures == []


def test_boxes_are_ticked_by_space_and_by_a_click(grid):
    grid.select("F2", "F4")
    grid.command("Cases à cocher")
    expect(grid.cell("F4")).to_have_class(re.compile("check"))
    grid.click("F2", position={"x": 8, "y": 12})
    grid.press(" ")
    expect(grid.cell("F2")).to_have_class(re.compile("check on"))
    grid.click("F3")
    assert grid.values("F2:F4", render="UNFORMATTED_VALUE") == [[True], [True], [False]]


# Names, protections, going somewhere


def test_a_range_is_named_and_the_name_box_goes_there(bench, grid):
    bench.api.batch(grid.book, {"addSheet": {"properties": {"sheetId": 8, "title": "Autre feuille"}}})
    grid.select("C2", "C5")
    grid.menu("Données", "Nommer la plage…")
    grid.page.get_by_label("Nom de C2:C5").fill("heures")
    grid.page.get_by_role("button", name="Valider").click()
    grid.at("heures")
    named = bench.api.call("GET", f"/v4/spreadsheets/{grid.book}?fields=namedRanges")["namedRanges"]
    assert [(entry["name"], entry["range"]["startRowIndex"]) for entry in named] == [("heures", 1)]
    box = grid.page.locator("#address")
    box.fill("'Autre feuille'!D40")
    box.press("Enter")
    grid.at("D40")
    expect(grid.cell("D40")).to_be_in_viewport()
    box.fill("HEURES")
    box.press("Enter")
    grid.at("heures")
    expect(grid.page.locator('[data-sheet="Participants"]')).to_have_attribute("aria-selected", "true")
    box.fill("nulle part")
    box.press("Enter")
    expect(grid.page.locator("#message")).to_contain_text("n’est ni une adresse ni un nom")


def test_a_protection_is_set_shown_and_removed(grid):
    grid.select("A2", "B3")
    grid.menu("Données", "Protéger la plage…")
    grid.page.get_by_label("Pourquoi protéger").fill("Identifiants")
    grid.page.get_by_role("button", name="Valider").click()
    expect(grid.page.locator("#lock")).to_be_visible()
    expect(grid.page.get_by_role("tooltip")).to_have_text("Plage protégée : Identifiants")
    (entry,) = grid.sheets("protectedRanges")[0]["protectedRanges"]
    assert (entry["description"], entry["range"]["endRowIndex"]) == ("Identifiants", 3)
    grid.click("D2")
    expect(grid.page.locator("#lock")).to_be_hidden()
    grid.click("A2")
    grid.menu("Données", "Retirer la protection")
    expect(grid.page.locator("#lock")).to_be_hidden()
    assert grid.sheets("protectedRanges") in ([], [{}])


# Finding


def test_find_goes_from_match_to_match(grid):
    grid.click("A1")
    grid.press("Control+f")
    grid.type("a")
    count = grid.page.locator("#find-count")
    expect(count).to_have_text("1 sur 4")
    grid.at("B2")
    grid.press("Enter", "Enter")
    grid.at("B4")
    grid.press("Shift+Enter")
    grid.at("B3")
    grid.press("Escape")
    expect(grid.page.locator("#find")).to_be_hidden()
    grid.type("Z")
    grid.press("Enter")
    assert grid.values("B3") == [["Z"]]


def test_replace_one_and_all(grid):
    grid.click("A1")
    grid.press("Control+h")
    grid.type("P")
    grid.page.get_by_label("Remplacer par").fill("Q")
    grid.page.get_by_label("Respecter les majuscules").check()
    grid.page.get_by_role("button", name="Remplacer", exact=True).click()
    grid.shows("A2", "Q1")
    grid.page.get_by_role("button", name="Tout remplacer").click()
    grid.shows("A5", "Q4")
    assert grid.values("A2:A5") == [["Q1"], ["Q2"], ["Q3"], ["Q4"]]


# Menus


def test_menus_are_used_with_the_keyboard_alone(grid):
    grid.click("C2")
    grid.press("F6", "F6")
    expect(grid.page.locator("#menubar button").first).to_be_focused()
    grid.press(*["ArrowRight"] * 4, "ArrowDown")
    expect(grid.page.locator("#menu")).to_be_visible()
    grid.press("ArrowRight", "p", "Enter")
    grid.shows("C2", "1200,00%")
    assert grid.format("C2")["numberFormat"]["type"] == "PERCENT"


def test_one_menu_leads_to_the_next_and_a_second_press_closes(grid):
    format_menu = grid.page.locator('[data-menu="Format"]')
    format_menu.click()
    expect(grid.page.locator("#menu")).to_contain_text("Gras")
    grid.press("ArrowDown", "ArrowLeft")
    expect(grid.page.locator("#menu")).to_contain_text("Cases à cocher")
    grid.page.locator('[data-menu="Insertion"]').click()
    expect(grid.page.locator("#menu")).to_be_hidden()


def test_a_refused_change_is_said_in_french(grid):
    grid.click("B3")
    grid.menu("Données", "Nommer la plage…")
    grid.page.get_by_label("Nom de B3").fill("salle")
    grid.page.get_by_role("button", name="Valider").click()
    grid.menu("Données", "Nommer la plage…")
    grid.page.get_by_label("Nom de").fill("salle")
    grid.page.get_by_role("button", name="Valider").click()
    expect(grid.page.locator("#message")).to_have_text("Une plage s’appelle déjà « salle ».")


# Small screens, access


def busy(bench):
    grid = bench.open()
    make_list(grid, "E2", "E5", "A1", "A2")
    grid.select("F2", "F4")
    grid.command("Cases à cocher")
    grid.click("B2")
    grid.command("Créer un filtre")
    grid.saved()
    return grid


@pytest.mark.parametrize("place", ["grid", "menu", "palette", "dialog", "find"])
def test_every_part_passes_the_accessibility_rules(bench, place):
    grid = busy(bench)
    if place == "menu":
        grid.menu("Format")
    elif place == "palette":
        grid.command("Couleur de fond")
    elif place == "dialog":
        grid.menu("Données", "Filtrer cette colonne…")
    elif place == "find":
        grid.press("Control+h")
    assert violations(grid.page) == []
    assert grid.failures == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_sticks_out_of_a_small_screen(bench, width):
    grid = busy(bench)
    size = bench.page.viewport_size
    bench.page.set_viewport_size({"width": width, "height": 640})
    try:
        assert grid.page.evaluate("document.documentElement.scrollWidth") == width
        grid.press("Control+h")
        grid.page.locator("#find-text").fill("a")
        assert grid.page.evaluate("document.documentElement.scrollWidth") == width
        for part in ("#find", "#replace-all", "#find-close"):
            box = grid.page.locator(part).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        grid.press("Escape")
        grid.menu("Édition")
        box = grid.page.locator("#menu").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    finally:
        bench.page.set_viewport_size(size)
