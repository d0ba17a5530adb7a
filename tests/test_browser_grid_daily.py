"""A day's work on the grid page: what others do meanwhile, what is refused, what formulas and rules draw."""

import pytest
from playwright.sync_api import expect

from tests.grid_bench import bench_at


@pytest.fixture(scope="module")
def bench(tmp_path_factory, browser):
    with bench_at(tmp_path_factory.mktemp("daily"), browser) as running:
        yield running


@pytest.fixture
def grid(bench):
    opened = bench.open()
    yield opened
    assert opened.failures == []


def message(grid):
    return grid.page.locator("#message")


def test_an_undo_leaves_and_names_the_cell_that_someone_wrote_since(grid):
    grid.click("B2")
    grid.paste("un\tdeux\ntrois\tquatre")
    grid.saved()
    grid.api.write(grid.book, "B3", [["d’ailleurs"]])
    grid.shows("B3", "d’ailleurs")
    grid.press("Control+z")
    grid.shows("B2", "Martin")
    assert grid.values("B2:C3") == [["Martin", "12"], ["d’ailleurs", "7"]]
    expect(message(grid)).to_have_text(
        "Modifié depuis par quelqu’un d’autre, donc laissé tel quel : B3 (Participants)."
    )


def test_a_refused_step_quotes_what_was_typed(grid):
    def gone_meanwhile(route):
        place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}
        grid.api.batch(grid.book, {"deleteDimension": {"range": place}})
        route.continue_()

    grid.page.route("**/actions", gone_meanwhile, times=1)
    grid.click("B3")
    grid.type("une longue remarque")
    grid.press("Enter")
    expect(message(grid)).to_contain_text("supprimée entre-temps")
    expect(message(grid)).to_contain_text("Vous aviez écrit : « une longue remarque »")


def test_what_an_array_formula_spreads_is_shown_and_follows(grid):
    grid.click("F2")
    grid.type("=SORT(B2:C4)")
    grid.press("Enter")
    for address, text in {"F2": "Aubry", "G2": "30", "F3": "Martin", "G3": "12", "F4": "Zola", "G4": "7"}.items():
        grid.shows(address, text)
    grid.click("G3")
    expect(grid.page.locator("#formula")).to_have_value("")
    grid.click("B2")
    grid.type("Abel")
    grid.press("Enter")
    grid.shows("F2", "Abel")
    grid.shows("F3", "Aubry")
    grid.api.insert_row(grid.book, 1)
    grid.shows("F5", "Zola")
    grid.shows("G5", "7")
    grid.click("F8")
    grid.type("=SEQUENCE(3)")
    grid.press("Enter")
    grid.shows("F10", "3")
    grid.page.reload()
    grid.shows("F10", "3")
    grid.click("F8")
    grid.press("Delete")
    grid.shows("F9", "")
    grid.shows("F10", "")


def background(grid, address):
    return grid.cell(address).evaluate("cell => getComputedStyle(cell).backgroundColor")


def rule(kind, *values, color, where=(1, 0, 9, 4)):
    top, left, bottom, right = where
    place = {"sheetId": 0, "startRowIndex": top, "startColumnIndex": left, "endRowIndex": bottom}
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    given = {"condition": condition, "format": {"backgroundColor": color, "textFormat": {"bold": True}}}
    return {"addConditionalFormatRule": {"rule": {"ranges": [place | {"endColumnIndex": right}], "booleanRule": given}}}


RED, GREEN = {"red": 1}, {"green": 1}
DRAWN_RED, DRAWN_GREEN = "rgb(255, 0, 0)", "rgb(0, 255, 0)"


@pytest.mark.parametrize(
    ("kind", "values", "fulfilled", "other"),
    [
        pytest.param("TEXT_CONTAINS", ["art"], "B2", "B3", id="contains"),
        pytest.param("TEXT_EQ", ["zola"], "B3", "B2", id="is the text"),
        pytest.param("NUMBER_LESS", ["10"], "D3", "D2", id="less"),
        pytest.param("NUMBER_BETWEEN", ["14,5", "15"], "D2", "D3", id="between"),
        pytest.param("BLANK", [], "B7", "B2", id="blank"),
        pytest.param("NOT_BLANK", [], "A2", "A7", id="not blank"),
        pytest.param("CUSTOM_FORMULA", ["=ET($D2<10;$C2>5)"], "A3", "A2", id="formula"),
    ],
)
def test_conditional_formats_are_drawn(grid, kind, values, fulfilled, other):
    grid.api.batch(grid.book, rule(kind, *values, color=RED))
    expect(grid.cell(fulfilled)).to_have_css("background-color", DRAWN_RED)
    expect(grid.cell(fulfilled)).to_have_css("font-weight", "700")
    assert background(grid, other) != DRAWN_RED


def test_a_conditional_format_follows_what_is_typed_and_the_first_rule_counts(grid):
    grid.api.batch(grid.book, rule("NUMBER_GREATER", "5", color=GREEN), rule("NUMBER_LESS", "10", color=RED))
    expect(grid.cell("D3")).to_have_css("background-color", DRAWN_RED)
    grid.click("D3")
    grid.type("18")
    grid.press("Enter")
    expect(grid.cell("D3")).to_have_css("background-color", DRAWN_GREEN)


def test_alternating_colours_are_drawn_under_the_cells_own(grid):
    shades = {"headerColor": {"blue": 1}, "firstBandColor": RED, "secondBandColor": GREEN}
    place = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 4}
    own = {"repeatCell": {"range": place | {"startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 3}}}
    own["repeatCell"] |= {"cell": {"userEnteredFormat": {"backgroundColor": {"blue": 1}}}, "fields": "*"}
    grid.api.batch(grid.book, {"addBanding": {"bandedRange": {"range": place, "rowProperties": shades}}}, own)
    for address, color in {"B1": "rgb(0, 0, 255)", "B2": DRAWN_RED, "B3": DRAWN_GREEN, "D3": "rgb(0, 0, 255)"}.items():
        expect(grid.cell(address)).to_have_css("background-color", color)
    assert background(grid, "B6") not in (DRAWN_RED, DRAWN_GREEN)


def test_formulas_are_read_in_the_language_of_the_book(grid):
    grid.click("F2")
    grid.type('=moyenne(D2:D5)+nb.si(B2:B5;"SUM(")')
    grid.press("Enter")
    grid.shows("F2", "12,625")
    grid.click("F2")
    expect(grid.page.locator("#formula")).to_have_value('=MOYENNE(D2:D5)+NB.SI(B2:B5;"SUM(")')
    assert grid.values("F2", render="FORMULA") == [['=AVERAGE(D2:D5)+COUNTIF(B2:B5;"SUM(")']]
    grid.press("F2", "+", "1", "Enter")
    grid.shows("F2", "13,625")
    assert grid.values("F2", render="FORMULA") == [['=AVERAGE(D2:D5)+COUNTIF(B2:B5;"SUM(")+1']]


def test_a_note_is_kept_by_control_and_enter(grid):
    grid.click("B2")
    grid.press("Shift+F2")
    grid.type("à relancer")
    with grid.page.expect_response(lambda answer: answer.request.method == "POST"):
        grid.press("Control+Enter")
    assert grid.cells("B2", "note") == [[{"note": "à relancer"}]]


def test_the_book_is_renamed_from_its_menu_and_from_its_title_and_that_is_undone(grid):
    title = grid.page.locator("#title")
    grid.menu("Fichier", "Renommer le classeur…")
    expect(grid.page.get_by_label("Titre")).to_have_value("Culture 2026")
    grid.type("Culture 2027")
    grid.press("Enter")
    expect(title).to_have_text("Culture 2027")
    title.click()
    grid.type("Autre")
    grid.press("Enter")
    expect(title).to_have_text("Autre")
    grid.press("Control+z")
    expect(title).to_have_text("Culture 2027")
    grid.saved()
    fields = "properties.title"
    answer = grid.api.call("GET", f"/v4/spreadsheets/{grid.book}?fields={fields}")
    assert answer == {"properties": {"title": "Culture 2027"}}


@pytest.mark.parametrize("width", [320, 390])
def test_the_other_pages_hold_in_a_narrow_window(bench, grid, width):
    page = grid.page
    page.set_viewport_size({"width": width, "height": 700})
    try:
        for path in ("/", f"/spreadsheets/d/{grid.book}/share"):
            page.goto(bench.server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            forms = "[...document.querySelectorAll('form.new')].map((form) => form.scrollWidth - form.clientWidth)"
            assert max(page.evaluate(forms)) <= 0
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})


def test_a_column_that_is_carried_stays_in_sight(grid):
    grid.page.locator('[data-column="1"]').click()
    grid.drag(grid.middle('[data-column="1"]'), grid.middle('[data-column="3"]'))
    grid.shows("D2", "Martin")
    assert grid.page.evaluate("document.querySelector('#grid').scrollTop") == 0
    grid.press("F2", "Escape")
    assert grid.page.evaluate("document.querySelector('#grid').scrollTop") == 0
