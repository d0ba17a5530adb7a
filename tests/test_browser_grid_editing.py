"""Editing on the grid page: keys, clipboard, filling, formats. Each test ends by what the API then answers."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.grid_bench import bench_at


@pytest.fixture(scope="module")
def bench(tmp_path_factory, browser):
    with bench_at(tmp_path_factory.mktemp("editing"), browser) as running:
        yield running


@pytest.fixture
def grid(bench):
    opened = bench.open()
    yield opened
    assert opened.failures == []


# Keys


def test_enter_and_tab_travel_inside_a_selection(grid):
    grid.select("B2", "C3")
    for text in ("a", "b", "c"):
        grid.type(text)
        grid.press("Tab")
    grid.type("d")
    grid.press("Enter")
    assert grid.values("B2:C3") == [["a", "b"], ["c", "d"]]
    grid.at("B2:C3")


def test_space_selects_rows_and_columns(grid):
    grid.click("B3")
    grid.press("Shift+Space")
    grid.at("3:3")
    grid.click("B3")
    grid.press("Control+Space")
    grid.at("B:B")
    grid.press("Control+a")
    grid.at("1:200")


def test_shift_enter_and_shift_tab_go_back(grid):
    grid.click("C4")
    grid.press("Shift+Enter")
    grid.at("C3")
    grid.press("Shift+Tab")
    grid.at("B3")
    grid.press("Control+ArrowDown", "Shift+Control+ArrowUp")
    grid.at("B1:B5")


def test_alt_enter_breaks_the_line_and_the_row_grows(grid):
    grid.click("B2")
    before = grid.cell("B2").bounding_box()["height"]
    grid.type("une")
    grid.press("Alt+Enter")
    grid.type("deux")
    grid.press("Enter")
    assert grid.values("B2") == [["une\ndeux"]]
    assert grid.cell("B2").bounding_box()["height"] > before
    grid.click("B2")
    expect(grid.page.locator("#formula")).to_have_value("une\ndeux")
    grid.page.locator("#formula").click()
    grid.press("Control+End", "!", "Enter")
    assert grid.values("B2") == [["une\ndeux!"]]


def test_today_is_one_key_away(grid):
    grid.click("F2")
    grid.press("Control+;", "Enter")
    assert grid.values("F2") == [[date.today().strftime("%d/%m/%Y")]]


def test_pages_of_tabs_turn_with_the_keyboard(bench, grid):
    bench.api.batch(grid.book, {"addSheet": {"properties": {"sheetId": 4, "title": "Notes"}}})
    expect(grid.page.locator('[data-sheet="Notes"]')).to_be_visible()
    grid.press("Control+PageDown")
    expect(grid.page.locator('[data-sheet="Notes"]')).to_have_attribute("aria-selected", "true")
    grid.press("Control+PageUp")
    expect(grid.page.locator('[data-sheet="Participants"]')).to_have_attribute("aria-selected", "true")


def test_arrows_and_f4_write_references_in_a_formula(grid):
    grid.click("E2")
    grid.type("=")
    grid.press("ArrowLeft", "ArrowLeft", "F4")
    expect(grid.page.locator("#editor")).to_have_value("=$C$2")
    grid.type("+")
    grid.press("ArrowLeft", "Shift+ArrowDown")
    expect(grid.page.locator("#editor")).to_have_value("=$C$2+D2:D3")
    grid.press("Escape")
    grid.type("=C2*2")
    grid.press("Enter")
    assert grid.values("E2", render="FORMULA") == [["=C2*2"]]


# The clipboard


def test_a_copy_brings_formulas_and_formats(bench):
    cell = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    bold = {"cell": cell, "fields": "userEnteredFormat.textFormat.bold"}
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 4, "endColumnIndex": 5}
    grid = bench.open(requests_made=[{"repeatCell": {"range": area, **bold}}])
    grid.click("E2")
    grid.type("=C2+1")
    grid.press("Enter", "ArrowUp", "Control+c")
    expect(grid.page.locator("#copied")).to_be_visible()
    grid.select("E3", "E5")
    grid.press("Control+v")
    assert grid.values("E2:E5", render="FORMULA") == [["=C2+1"], ["=C3+1"], ["=C4+1"], ["=C5+1"]]
    assert grid.format("E5")["textFormat"]["bold"] is True
    grid.press("Escape")
    expect(grid.page.locator("#copied")).to_be_hidden()
    assert grid.failures == []


def test_a_cut_takes_the_references_along(grid):
    grid.click("E2")
    grid.type("=C2")
    grid.press("Enter")
    grid.click("C2")
    grid.press("Control+x")
    grid.click("G7")
    grid.press("Control+v")
    grid.shows("G7", "12")
    assert grid.values("E2", render="FORMULA") == [["=G7"]]
    assert grid.values("C2") == []


def test_one_value_fills_the_selection_and_a_block_grows_the_grid(grid):
    grid.select("F2", "G3")
    grid.paste("oui")
    grid.shows("G3", "oui")
    assert grid.values("F2:G3") == [["oui", "oui"], ["oui", "oui"]]
    grid.page.locator("#address").fill("L200")
    grid.press("Enter")
    grid.paste('un\t"deux\nlignes"\n3\t4')
    assert grid.values("L200:M201") == [["un", "deux\nlignes"], ["3", "4"]]


def test_a_table_of_a_web_page_is_pasted(grid):
    script = """html => {
      const data = new DataTransfer();
      data.setData('text/html', html);
      const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
      document.activeElement.dispatchEvent(event);
    }"""
    grid.click("F2")
    grid.page.evaluate(script, "<table><tr><td>a<td>b<tr><td colspan=2>c</table>")
    assert grid.values("F2:G3") == [["a", "b"], ["c"]]


def test_values_only_are_pasted_with_shift(grid):
    grid.click("E2")
    grid.type("=C2*2")
    grid.press("Enter", "ArrowUp", "Control+c", "ArrowDown", "ArrowDown", "Control+Shift+v")
    grid.shows("E4", "24")
    assert grid.values("E4", render="FORMULA") == [[24]]


def test_the_edit_menu_copies_and_pastes(grid):
    grid.click("B2")
    grid.menu("Édition", "Copier")
    grid.click("F2")
    grid.menu("Édition", "Coller")
    grid.shows("F2", "Martin")
    assert grid.values("F2") == [["Martin"]]


# Filling


def test_fill_down_and_right(grid):
    grid.click("E2")
    grid.type("=C2+1")
    grid.press("Enter")
    grid.select("E2", "E4")
    grid.press("Control+d")
    assert grid.values("E2:E4", render="FORMULA") == [["=C2+1"], ["=C3+1"], ["=C4+1"]]
    grid.select("E2", "F2")
    grid.press("Control+r")
    assert grid.values("F2", render="FORMULA") == [["=D2+1"]]


def pull(grid, corner, to):
    grid.drag(grid.middle("#fill-handle"), grid.middle(f'[data-cell="{to}"]'))


def test_the_handle_continues_series_and_repeats_the_rest(grid):
    grid.click("F2")
    grid.paste("1\tlundi\tP01\t01/02/2025\toui\n3\tmardi\tP02\t01/03/2025\tnon")
    grid.shows("J3", "non")
    pull(grid, "J3", "J6")
    grid.shows("F6", "9")
    assert grid.values("F4:J6") == [
        ["5", "mercredi", "P03", "01/04/2025", "oui"],
        ["7", "jeudi", "P04", "01/05/2025", "non"],
        ["9", "vendredi", "P05", "01/06/2025", "oui"],
    ]
    grid.at("F2:J6")
    grid.press("Control+z")
    grid.shows("F6", "")
    assert grid.values("F4:J6") == []


def test_the_handle_pulls_upwards_and_sideways(grid):
    grid.page.locator("#address").fill("G10:G11")
    grid.press("Enter")
    grid.paste("10\n20")
    grid.shows("G11", "20")
    pull(grid, "G11", "G8")
    grid.shows("G8", "-10")
    assert grid.values("G8:G11", render="UNFORMATTED_VALUE") == [[-10], [0], [10], [20]]


def test_a_double_click_on_the_handle_fills_down_beside_the_data(grid):
    grid.click("E2")
    grid.type("=C2*2")
    grid.press("Enter", "ArrowUp")
    grid.page.mouse.dblclick(*grid.middle("#fill-handle"))
    grid.shows("E5", "36")
    assert grid.values("E2:E6") == [["24"], ["14"], ["60"], ["36"]]


# Formats


@pytest.mark.parametrize(
    ("keys", "path", "expected"),
    [
        ("Control+b", ("textFormat", "bold"), True),
        ("Control+i", ("textFormat", "italic"), True),
        ("Control+u", ("textFormat", "underline"), True),
        ("Control+Shift+e", ("horizontalAlignment",), "CENTER"),
        ("Control+Shift+Digit5", ("numberFormat", "type"), "PERCENT"),
        ("Control+Shift+Digit3", ("numberFormat", "pattern"), "dd/mm/yyyy"),
    ],
)
def test_formats_have_their_keys(grid, keys, path, expected):
    grid.select("C2", "D3")
    grid.press(keys)
    for cell in ("C2", "D3"):
        found = grid.format(cell)
        for name in path:
            found = found.get(name)
        assert found == expected


def test_a_mark_is_taken_off_by_the_same_key(grid):
    grid.click("B2")
    grid.press("Control+b")
    expect(grid.page.get_by_role("button", name="Gras")).to_have_attribute("aria-pressed", "true")
    expect(grid.cell("B2")).to_have_css("font-weight", "700")
    grid.press("Control+b")
    expect(grid.cell("B2")).to_have_css("font-weight", "400")
    assert not grid.format("B2").get("textFormat", {}).get("bold")


def test_colours_of_texts_and_backgrounds(grid):
    grid.select("A2", "B3")
    grid.command("Couleur de fond")
    grid.swatch("Jaune clair")
    expect(grid.cell("B3")).to_have_css("background-color", "rgb(255, 229, 153)")
    grid.command("Couleur du texte")
    grid.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Enter")
    expect(grid.cell("B3")).not_to_have_css("color", "rgb(31, 38, 36)")
    assert grid.format("B3")["backgroundColor"]["red"] == 1
    assert "foregroundColor" in grid.format("A2")["textFormat"]
    grid.command("Couleur de fond")
    grid.item("Sans couleur")
    expect(grid.cell("B3")).to_have_css("background-color", "rgb(255, 255, 255)")
    assert "backgroundColor" not in grid.format("B3")


def test_number_formats_and_decimals(grid):
    grid.click("C2")
    grid.menu("Format", "Format de nombre", "Euros (1 234,50 €)")
    expect(grid.cell("C2")).to_have_text("12,00 €")
    grid.command("Enlever une décimale")
    expect(grid.cell("C2")).to_have_text("12,0 €")
    grid.menu("Format", "Format de nombre", "Automatique")
    grid.shows("C2", "12")
    assert "numberFormat" not in grid.format("C2")
    grid.click("D2")
    grid.command("Ajouter une décimale")
    grid.shows("D2", "14,50")
    assert grid.values("D2") == [["14,50"]]


def test_borders_wrapping_and_sizes(grid):
    grid.select("B2", "C3")
    grid.page.get_by_role("button", name="Bordures").click()
    grid.item("Contour")
    expect(grid.cell("B3")).to_have_css("border-bottom-color", "rgb(0, 0, 0)")
    assert set(grid.format("B2")["borders"]) == {"top", "left"}
    grid.click("B2")
    grid.type("Un texte bien trop long pour sa colonne")
    grid.press("Enter", "ArrowUp")
    height = grid.cell("B2").bounding_box()["height"]
    grid.menu("Format", "Texte trop long", "Renvoyer à la ligne")
    expect(grid.cell("B2")).to_have_css("white-space", "pre-wrap")
    assert grid.cell("B2").bounding_box()["height"] > height
    grid.menu("Format", "Taille", "18 points")
    expect(grid.cell("B2")).to_have_css("font-size", "24px")
    assert grid.format("B2")["wrapStrategy"] == "WRAP"
    assert grid.format("B2")["textFormat"]["fontSize"] == 18
    grid.press("Control+\\")
    expect(grid.cell("B2")).to_have_css("font-size", "13px")
    assert grid.format("B2") == {}


def test_merging_keeps_the_first_value_and_spans_the_cells(grid):
    grid.page.once("dialog", lambda dialog: dialog.accept())
    grid.select("B2", "C3")
    grid.command("Fusionner les cellules")
    expect(grid.cell("B2")).to_have_attribute("aria-colspan", "2")
    expect(grid.cell("C3")).to_be_hidden()
    assert grid.cell("B2").bounding_box()["width"] == pytest.approx(200, abs=1)
    merged = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    assert grid.sheets("merges")[0]["merges"] == [merged]
    assert grid.values("B2:C3") == [["Martin"]]
    grid.press("ArrowRight")
    grid.at("D2")
    grid.press("ArrowLeft", "ArrowDown")
    grid.at("B4")
    grid.click("B2")
    grid.command("Défusionner les cellules")
    expect(grid.cell("C3")).to_be_visible()
    assert grid.sheets("merges") in ([], [{}])


def test_undo_takes_back_a_format(grid):
    grid.click("B2")
    grid.press("Control+b")
    expect(grid.cell("B2")).to_have_css("font-weight", "700")
    grid.press("Control+z")
    expect(grid.cell("B2")).to_have_css("font-weight", "400")
    grid.press("Control+Shift+z")
    expect(grid.cell("B2")).to_have_css("font-weight", "700")
    assert grid.format("B2")["textFormat"] == {"bold": True}


def test_the_selection_is_added_up(grid):
    grid.select("C2", "C5")
    expect(grid.page.locator("#totals")).to_have_text("Somme : 67   Moyenne : 16,75   Nombre : 4")
    grid.click("C2")
    expect(grid.page.locator("#totals")).to_have_text("")
