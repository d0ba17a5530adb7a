"""Rows, columns, filters and tabs on the grid page. Each test ends by what the API then answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.grid_bench import bench_at


@pytest.fixture(scope="module")
def bench(tmp_path_factory, browser):
    with bench_at(tmp_path_factory.mktemp("lines"), browser) as running:
        yield running


@pytest.fixture
def grid(bench):
    opened = bench.open()
    yield opened
    assert opened.failures == []


def head(grid, name):
    """Give the head of a column by its letters, of a row by its number."""
    return grid.page.locator(f"#grid .head:not([hidden]):text-is('{name}')")


def menu_on(grid, name, *choices):
    head(grid, name).click(button="right")
    for choice in choices:
        grid.item(choice)


def classed(name):
    return re.compile(rf"\b{name}\b")


# Rows and columns


def test_several_columns_are_inserted_on_the_right(grid):
    grid.select("B2", "C2")
    grid.menu("Insertion", "Insérer 2 colonnes à droite")
    grid.shows("F1", "Note")
    assert grid.values("A1:F1") == [["ID", "Nom", "Heures", "", "", "Note"]]


def test_rows_move_from_their_menu_and_columns_from_theirs(grid):
    menu_on(grid, "3", "Descendre la ligne")
    grid.shows("B4", "Zola")
    grid.at("4:4")
    assert grid.values("B2:B5") == [["Martin"], ["Aubry"], ["Zola"], ["Nadaud"]]
    menu_on(grid, "D", "Déplacer la colonne à gauche")
    grid.shows("C1", "Note")
    assert grid.values("A1:D1") == [["ID", "Nom", "Note", "Heures"]]
    grid.press("Control+z")
    grid.shows("C1", "Heures")


def test_a_column_is_dragged_by_its_head(grid):
    head(grid, "B").click()
    box = head(grid, "D").bounding_box()
    grid.drag(grid.middle('.head[data-column="1"]'), (box["x"] + 60, box["y"] + 10))
    grid.shows("D1", "Nom")
    assert grid.values("A1:D2") == [["ID", "Heures", "Note", "Nom"], ["P1", "12", "14,5", "Martin"]]


def test_rows_are_dragged_by_their_heads(grid):
    head(grid, "2").click()
    head(grid, "3").click(modifiers=["Shift"])
    box = head(grid, "5").bounding_box()
    start = head(grid, "2").bounding_box()
    grid.drag((start["x"] + 20, start["y"] + 12), (box["x"] + 20, box["y"] + 12))
    grid.shows("B4", "Martin")
    assert grid.values("B2:B5") == [["Aubry"], ["Nadaud"], ["Martin"], ["Zola"]]
    grid.at("4:5")


def test_hidden_rows_and_columns_are_passed_over_and_come_back(grid):
    menu_on(grid, "3", "Masquer la ligne")
    expect(grid.cell("B3")).to_have_count(0)
    grid.click("B2")
    grid.press("ArrowDown")
    grid.at("B4")
    assert grid.lines("ROWS")[2]["hiddenByUser"] is True
    menu_on(grid, "C", "Masquer la colonne")
    expect(grid.cell("C2")).to_have_count(0)
    grid.press("ArrowRight")
    grid.at("D1")
    assert grid.lines("COLUMNS")[2]["hiddenByUser"] is True
    head(grid, "2").click()
    head(grid, "4").click(modifiers=["Shift"])
    menu_on(grid, "4", "Afficher les lignes masquées")
    grid.shows("B3", "Zola")
    head(grid, "B").click()
    menu_on(grid, "B", "Afficher les colonnes masquées")
    grid.shows("C3", "7")
    assert not any(row.get("hiddenByUser") for row in grid.lines("ROWS") + grid.lines("COLUMNS"))


def test_rows_and_columns_are_frozen_and_freed(grid):
    grid.click("A2")
    grid.menu("Affichage", "Figer jusqu’à la ligne 2")
    expect(grid.page.locator("#frozen .row[aria-rowindex='2']")).to_be_visible()
    grid.click("B3")
    grid.menu("Affichage", "Figer jusqu’à cette colonne")
    expect(grid.cell("B3")).to_have_class(classed("last-pinned"))
    frozen = grid.sheets("properties.gridProperties")[0]["properties"]["gridProperties"]
    assert (frozen["frozenRowCount"], frozen["frozenColumnCount"]) == (2, 2)
    grid.menu("Affichage", "Libérer les lignes figées")
    grid.menu("Affichage", "Libérer les colonnes figées")
    expect(grid.page.locator("#frozen .row[aria-rowindex='2']")).to_have_count(0)
    assert "frozenRowCount" not in grid.sheets("properties.gridProperties")[0]["properties"]["gridProperties"]


def test_a_column_is_widened_by_its_edge_and_fitted_by_a_double_click(grid):
    box = head(grid, "B").bounding_box()
    edge = (box["x"] + box["width"] - 1, box["y"] + 10)
    grid.drag(edge, (edge[0] + 80, edge[1]))
    expect(head(grid, "B")).to_have_css("width", "180px")
    assert grid.lines("COLUMNS")[1]["pixelSize"] == 180
    grid.page.mouse.dblclick(edge[0] + 80, edge[1])
    expect(head(grid, "B")).not_to_have_css("width", "180px")
    assert 24 <= grid.lines("COLUMNS")[1]["pixelSize"] < 100


def test_a_row_is_made_higher_by_its_edge(grid):
    box = head(grid, "3").bounding_box()
    edge = (box["x"] + 20, box["y"] + box["height"] - 1)
    grid.drag(edge, (edge[0], edge[1] + 30))
    expect(grid.cell("B3")).to_have_css("height", "54px")
    assert grid.lines("ROWS")[2]["pixelSize"] == 54


def test_a_selection_is_sorted_alone(grid):
    grid.click("B3")
    grid.page.locator("#address").fill("B3:B5")
    grid.press("Enter")
    grid.menu("Données", "Trier la sélection A→Z")
    grid.shows("B5", "Zola")
    assert grid.values("A2:B5") == [["P1", "Martin"], ["P2", "Aubry"], ["P3", "Nadaud"], ["P4", "Zola"]]


# Filters


def test_a_filter_hides_rows_for_everyone(grid):
    grid.click("B2")
    grid.command("Créer un filtre")
    expect(grid.cell("B1")).to_have_class(classed("filter-head"))
    box = grid.cell("B1").bounding_box()
    grid.page.mouse.click(box["x"] + box["width"] - 10, box["y"] + 12)
    dialog = grid.page.get_by_role("dialog")
    dialog.get_by_label("Zola").uncheck()
    dialog.get_by_role("button", name="Filtrer").click()
    expect(grid.cell("B3")).to_have_count(0)
    assert [at for at, row in enumerate(grid.lines("ROWS")) if row.get("hiddenByFilter")] == [2]
    kept = grid.sheets("basicFilter")[0]["basicFilter"]
    assert kept["criteria"] == {"1": {"hiddenValues": ["Zola"]}}
    assert kept["range"] == {"startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 4}
    grid.select("B2", "B5")
    grid.press("Control+c")
    text = grid.page.evaluate("navigator.clipboard.readText()")
    assert text.splitlines() == ["Martin", "Aubry", "Nadaud"]
    grid.command("Retirer le filtre")
    grid.shows("B3", "Zola")
    assert grid.sheets("basicFilter") in ([], [{}])


def test_deleting_in_a_filter_spares_what_it_hides(grid):
    grid.click("B2")
    grid.menu("Données", "Filtrer cette colonne…")
    dialog = grid.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Tout décocher").click()
    dialog.get_by_label("Martin").check()
    dialog.get_by_label("Nadaud").check()
    dialog.get_by_role("button", name="Filtrer").click()
    expect(grid.cell("B3")).to_have_count(0)
    grid.select("C2", "C5")
    grid.press("Delete")
    grid.shows("C5", "")
    assert grid.values("C2:C5") == [[], ["7"], ["30"]]


# Tabs


def tabs(grid):
    return grid.page.locator("#tabs [role=tab]").all_inner_texts()


def test_tabs_are_copied_coloured_and_moved_from_their_menu(grid):
    tab = grid.page.locator('[data-sheet="Participants"]')
    tab.click(button="right")
    grid.item("Dupliquer")
    copy = grid.page.locator('[data-sheet="Copie de Participants"]')
    expect(copy).to_have_attribute("aria-selected", "true")
    assert grid.values("B2", tab="Copie de Participants") == [["Martin"]]
    copy.click(button="right")
    grid.item("Déplacer à gauche")
    expect(grid.page.locator("#tabs [role=tab]").first).to_have_text("Copie de Participants")
    copy.click(button="right")
    grid.item("Couleur…")
    grid.swatch("Bleu")
    expect(copy).to_have_class(classed("colored"))
    first, second = grid.sheets("properties(title,tabColor)")
    assert first["properties"]["title"] == "Copie de Participants"
    assert first["properties"]["tabColor"]["blue"] > 0.9
    assert second["properties"] == {"title": "Participants"}


def test_tabs_are_dragged_hidden_shown_and_deleted(bench, grid):
    for number, title in enumerate(["Un", "Deux"], 11):
        bench.api.batch(grid.book, {"addSheet": {"properties": {"sheetId": number, "title": title}}})
    expect(grid.page.locator('[data-sheet="Deux"]')).to_be_visible()
    first = grid.page.locator('[data-sheet="Participants"]').bounding_box()
    grid.drag(grid.middle('[data-sheet="Deux"]'), (first["x"] + 4, first["y"] + 10))
    expect(grid.page.locator("#tabs [role=tab]").first).to_have_text("Deux")
    assert [sheet["properties"]["title"] for sheet in grid.sheets("properties.title")] == ["Deux", "Participants", "Un"]
    grid.page.locator('[data-sheet="Un"]').click(button="right")
    grid.item("Masquer l’onglet")
    expect(grid.page.locator('[data-sheet="Un"]')).to_have_count(0)
    assert grid.sheets("properties(title,hidden)")[2]["properties"] == {"title": "Un", "hidden": True}
    grid.page.locator('[data-sheet="Deux"]').click(button="right")
    grid.item("Afficher un onglet masqué")
    grid.item("Un")
    expect(grid.page.locator('[data-sheet="Un"]')).to_have_attribute("aria-selected", "true")
    grid.page.once("dialog", lambda dialog: dialog.accept())
    grid.page.locator('[data-sheet="Un"]').click(button="right")
    grid.item("Supprimer l’onglet")
    expect(grid.page.locator('[data-sheet="Un"]')).to_have_count(0)
    assert [sheet["properties"]["title"] for sheet in grid.sheets("properties.title")] == ["Deux", "Participants"]


def test_the_menu_of_a_tab_opens_with_the_keyboard(grid):
    grid.press("Shift+F6", "Shift+F10", "r", "Enter")
    grid.type("Inscrits")
    grid.press("Enter")
    expect(grid.page.locator('[data-sheet="Inscrits"]')).to_be_visible()
    assert grid.sheets("properties.title") == [{"properties": {"title": "Inscrits"}}]
