"""Grades in a browser: the keyboard, a pasted block, two colleagues, a cut connection, and without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from rules.rule_set import Assessment, Unit
from store import db, jury, unit_reports
from store.journal import Author
from tests.browser import NARROW, eventually, sideways
from tests.served import Site, reads_well, sign_in
from tests.signing import sign
from tests.sync_bench import Cohort, make_cohort
from tests.test_store_grades import ruled
from tests.unguarded import unguarded

COLLEAGUE = Author("Nour Collègue", "page")
PARTS = (Assessment("E1", "Écrit", 2), Assessment("O1", "Oral", 1))
E1, O1, U, PAPER = "grade-RSV206:E1", "grade-RSV206:O1", "grade-RSV207", "grade-paper"
#: What opens the clipboard's content in the field that has the focus.
PASTE = """text => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    const options = {clipboardData: data, bubbles: true, cancelable: true};
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', options));
}"""


def filled() -> Cohort:
    """Make a cohort whose first unit has two assessments, each work marked twice."""
    cohort = make_cohort()
    units = (Unit("RSV206", "Économie sociale", 8, PARTS), Unit("RSV207", "Enquête", 4))
    ruled(cohort, units=units, double_marking=True)
    return cohort


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return filled


@pytest.fixture
def site(_served: Site) -> Iterator[Site]:
    yield _served
    _served.delay = 0.0
    with db.connection():
        for table in ("grade", "marking", "unit_report"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        with unguarded():
            db.execute("DELETE FROM decision")
            db.execute("DELETE FROM journal_entry")
        db.execute("UPDATE cohort SET version = version + 1, journal_seal = ''")
    _served.close_windows()


def grid(site: Site, role: str = "coordinator", **options: object) -> Page:
    page = site.open(f"{site.root}/jury/notes/", role, **options)
    expect(page.locator("table.marks-grid")).to_be_visible()
    return page


def cell(page: Page, site: Site, field: str, place: int = 0) -> Locator:
    return page.locator(f'input[name="{field}@{site.cohort.participants[place]}"]')


def kept(site: Site, field: str, place: int = 0) -> str:
    who = site.cohort.participants[place]
    with db.connection():
        return jury.held([who]).get(who, {}).get(field, "")


def soon(site: Site, field: str, place: int, value: str) -> None:
    eventually(lambda: kept(site, field, place) == value, 10, f"{field} of {place} being {value}")


def entered(site: Site, place: int, **values: str) -> None:
    """Enter grades as a colleague elsewhere."""
    names = {"E1": E1, "O1": O1, "U": U, "N": PAPER}
    with db.connection():
        jury.change(COLLEAGUE, site.cohort.participants[place], {names[name]: text for name, text in values.items()})


def entries(site: Site) -> list[str]:
    with db.connection():
        return [row[0] for row in db.rows('SELECT "after" FROM journal_entry WHERE field = ? ORDER BY id', U)]


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name || ''")


def td(locator: Locator) -> Locator:
    return locator.locator("xpath=ancestor::td")


# -- the keyboard ---------------------------------------------------------------------------------------------


def test_a_column_is_entered_from_the_keyboard_alone(site: Site) -> None:
    page, people = grid(site), site.cohort.participants
    page.keyboard.press("ArrowDown")
    assert focused(page) == f"{E1}@{people[0]}"
    for typed in ("12", "14,50", "abs", "9.75"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    assert focused(page) == f"{E1}@{people[4]}"
    for place, value in enumerate(("12", "14.5", "ABS", "9.75")):
        soon(site, E1, place, value)
    expect(cell(page, site, E1, 1)).to_have_value("14,5")
    expect(td(cell(page, site, E1, 2))).to_have_attribute("data-state", "✓")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert focused(page) == f"{O1}@{people[3]}"
    page.keyboard.type("15")
    page.keyboard.press("Tab")
    assert focused(page) == f"{U}@{people[3]}"
    soon(site, "grade-RSV206", 3, "11.5")
    expect(page.locator(f"#ligne-{people[3]} td.out")).to_have_text("11,5")
    expect(page.locator("#announce")).to_have_text("RSV206 O1 · Dupont Jeanne : 15, enregistré")
    page.keyboard.press("Shift+Enter")
    assert focused(page) == f"{U}@{people[2]}"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    expect(cell(page, site, E1, 2)).to_have_value("ABS")
    reads_well(page)


@pytest.mark.parametrize("typed", ["-1", "20,5", "abc", "١٢"])
def test_a_refused_cell_keeps_what_was_typed_and_says_why_beside_it(site: Site, typed: str) -> None:
    page = grid(site)
    cell(page, site, U).click()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.keyboard.type("13")
    page.keyboard.press("Enter")
    expect(td(cell(page, site, U)).locator(".error")).to_be_visible()
    expect(cell(page, site, U)).to_have_value(typed)
    expect(cell(page, site, U)).to_have_attribute("aria-invalid", "true")
    soon(site, U, 1, "13")
    reads_well(page)
    entered(site, 0, N="12")
    expect(cell(page, site, PAPER)).to_have_value("12")
    expect(cell(page, site, U)).to_have_value(typed)
    cell(page, site, U).fill("12,25")
    page.keyboard.press("Enter")
    soon(site, U, 0, "12.25")
    expect(td(cell(page, site, U)).locator(".error")).to_have_count(0)


def test_escape_gives_back_what_was_read_where_a_value_was_refused(site: Site) -> None:
    entered(site, 0, U="12.5")
    page = grid(site)
    cell(page, site, U).click()
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(td(cell(page, site, U)).locator(".error")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(td(cell(page, site, U)).locator(".error")).to_have_count(0)
    expect(cell(page, site, U)).to_have_value("12,5")
    assert focused(page) == f"{U}@{site.cohort.participants[0]}"
    assert entries(site) == ["12.5"]


def test_arrows_move_in_a_text_before_they_leave_it(site: Site) -> None:
    page, people = grid(site), site.cohort.participants
    cell(page, site, O1).click()
    page.keyboard.type("12,5")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == f"{O1}@{people[0]}"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == f"{E1}@{people[0]}"
    soon(site, O1, 0, "12.5")


# -- a block from a spreadsheet -----------------------------------------------------------------------------------


def test_a_block_of_a_spreadsheet_is_pasted_and_each_cell_stands_for_itself(site: Site) -> None:
    page = grid(site)
    cell(page, site, O1, 1).click()
    page.evaluate(PASTE, "12,5\t13\r\nABS\t21\r\n8.25\t\r\n")
    for field, place, value in ((O1, 1, "12.5"), (U, 1, "13"), (O1, 2, "ABS"), (O1, 3, "8.25")):
        soon(site, field, place, value)
    expect(cell(page, site, U, 2)).to_have_value("21")
    expect(td(cell(page, site, U, 2)).locator(".error")).to_contain_text("hors de l'échelle")
    expect(page.locator("#announce")).to_contain_text("Cellule refusée : La note 21 est hors")
    assert kept(site, U, 2) == ""


def test_a_column_longer_than_the_table_says_what_fell_outside(site: Site) -> None:
    page = grid(site)
    cell(page, site, PAPER, 4).click()
    page.evaluate(PASTE, "10\n11\n12\n13\n")
    soon(site, PAPER, 4, "10")
    soon(site, PAPER, 5, "11")
    expect(page.locator("#grid-told")).to_have_text(
        "2 valeurs collées tombent hors de la grille : elles ne sont pas reprises"
    )
    with db.connection():
        assert db.rows("SELECT COUNT(*) FROM grade")[0][0] == 2


def test_blank_lines_of_a_column_that_fall_outside_are_no_values_and_one_is_told_alone(site: Site) -> None:
    page = grid(site)
    cell(page, site, PAPER, 5).click()
    page.evaluate(PASTE, "abc\n12\n\n\n")
    expect(page.locator("#announce")).to_have_text(
        "Cellule refusée : « abc » n'est pas une note : un nombre de 0 à 20 est attendu (14,5), ou ABS, EXC, PLAG, ATT."
        " Une valeur collée tombe hors de la grille : elle n'est pas reprise"
    )
    page.evaluate(PASTE, "13\n\n\n")
    soon(site, PAPER, 5, "13")
    expect(page.locator("#grid-told")).to_be_empty()


# -- what minutes hold ---------------------------------------------------------------------------------------------


def seal(site: Site, place: int) -> None:
    """Seal the dossier of one candidate, as the closing of a session does."""
    with db.connection():
        jury.change(COLLEAGUE, site.cohort.participants[place], {"decision": "resit"})
        sign(COLLEAGUE, site.cohort.id)


def sealed(page: Page, site: Site, field: str, place: int) -> Locator:
    return page.locator(f'td.sealed[data-cell="{field}@{site.cohort.participants[place]}"]')


def test_the_keyboard_passes_over_a_sealed_line(site: Site) -> None:
    entered(site, 1, U="14")
    seal(site, 1)
    page, people = grid(site), site.cohort.participants
    expect(sealed(page, site, U, 1)).to_have_text("14")
    cell(page, site, U).click()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    assert focused(page) == f"{U}@{people[2]}"
    page.keyboard.press("ArrowUp")
    assert focused(page) == f"{U}@{people[0]}"
    soon(site, U, 0, "12")
    reads_well(page)


def test_a_column_pasted_over_a_sealed_line_says_which_cells_were_refused(site: Site) -> None:
    entered(site, 1, U="14")
    entered(site, 2, U="9")
    seal(site, 1)
    seal(site, 2)
    page = grid(site)
    cell(page, site, U).click()
    page.evaluate(PASTE, "11\n12,5\n9\n13\n")
    soon(site, U, 0, "11")
    soon(site, U, 3, "13")
    expect(sealed(page, site, U, 1).locator(".error")).to_have_text("Dossier scellé : « 12,5 » n'est pas enregistré.")
    # The same value over itself is no change.
    expect(sealed(page, site, U, 2).locator(".error")).to_have_count(0)
    told = "La valeur collée sur une ligne scellée n'est pas enregistrée : RSV207 · Bernard Théo (« 12,5 »)"
    expect(page.locator("#grid-told")).to_have_text(told)
    expect(page.locator("#announce")).to_contain_text("2 cellules enregistrées. La valeur collée")
    assert (kept(site, U, 1), kept(site, U, 2)) == ("14", "9")
    reads_well(page)


def test_a_line_sealed_under_somebody_s_hands_says_what_was_not_saved(site: Site) -> None:
    page = grid(site)
    cell(page, site, U).click()
    page.keyboard.type("11")
    seal(site, 0)
    error = sealed(page, site, U, 0).locator(".error")
    expect(error).to_contain_text("« 11 » n'est pas enregistré", timeout=8_000)
    expect(page.locator("#sealed-note")).to_contain_text("1 dossier est dans un procès-verbal")
    page.keyboard.type("7")
    assert kept(site, U) == ""
    page.keyboard.press("ArrowDown")
    assert focused(page) == f"{U}@{site.cohort.participants[1]}"
    reads_well(page)


# -- two colleagues, and a connection that goes ----------------------------------------------------------------------


def test_what_a_colleague_enters_shows_up_and_takes_nothing_of_what_is_being_typed(site: Site) -> None:
    page, other = grid(site), grid(site, "admin")
    cell(page, site, U).click()
    page.keyboard.type("1")
    cell(other, site, U, 1).click()
    other.keyboard.type("14")
    other.keyboard.press("Enter")
    expect(cell(page, site, U, 1)).to_have_value("14", timeout=5_000)
    expect(cell(page, site, U)).to_have_value("1")
    assert focused(page) == f"{U}@{site.cohort.participants[0]}"
    page.keyboard.type("5,5")
    page.keyboard.press("Enter")
    soon(site, U, 0, "15.5")
    expect(cell(other, site, U)).to_have_value("15,5", timeout=5_000)


def test_two_on_one_cell_lose_nothing(site: Site) -> None:
    page = grid(site)
    cell(page, site, U).click()
    page.keyboard.type("8")
    entered(site, 0, U="12")
    page.keyboard.press("Enter")
    error = td(cell(page, site, U)).locator(".error")
    expect(error).to_contain_text("« 12 »")
    expect(error).to_contain_text("« 8 »")
    assert kept(site, U) == "12"
    reads_well(page)
    error.get_by_role("button").click()
    soon(site, U, 0, "8")
    expect(td(cell(page, site, U)).locator(".error")).to_have_count(0)


def test_a_cut_connection_keeps_what_was_typed_and_sends_it_once_it_is_back(site: Site) -> None:
    page = grid(site)
    page.context.set_offline(True)
    cell(page, site, U).click()
    for typed in ("11", "12"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(td(cell(page, site, U))).to_have_attribute("data-state", "en attente d'envoi")
    expect(page.locator("body.offline")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("Hors connexion")
    expect(cell(page, site, U, 1)).to_have_value("12")
    assert kept(site, U) == ""
    page.context.set_offline(False)
    soon(site, U, 0, "11")
    soon(site, U, 1, "12")
    expect(page.locator("body.offline")).to_have_count(0)
    expect(td(cell(page, site, U))).to_have_attribute("data-state", "✓")


def typed_offline(site: Site) -> Page:
    """Type two grades without a connection, then reload the page once it is back."""
    entered(site, 1, U="8")
    page = grid(site)
    page.context.set_offline(True)
    cell(page, site, U).click()
    for typed in ("11", "12,5"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(td(cell(page, site, U, 1))).to_have_attribute("data-state", "en attente d'envoi")
    page.goto("about:blank")
    return page


def back(page: Page, site: Site) -> None:
    page.context.set_offline(False)
    page.goto(f"{site.root}/jury/notes/")


def test_what_was_typed_offline_outlives_the_page(site: Site) -> None:
    page = typed_offline(site)
    back(page, site)
    soon(site, U, 0, "11")
    soon(site, U, 1, "12.5")
    expect(page.locator("#grid-told")).to_contain_text("étaient gardées dans ce navigateur")
    expect(td(cell(page, site, U, 1))).to_have_attribute("data-state", "✓")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator("#grid-told")).to_be_hidden()


def test_what_was_typed_offline_takes_nothing_of_what_others_made_of_it_since(site: Site) -> None:
    page = typed_offline(site)
    entered(site, 1, U="9")
    back(page, site)
    soon(site, U, 0, "11")
    expect(td(cell(page, site, U, 1)).locator(".error")).to_contain_text("« 9 »")
    assert kept(site, U, 1) == "9"


def test_what_was_typed_offline_for_a_line_sealed_since_is_told_and_not_sent(site: Site) -> None:
    page = typed_offline(site)
    seal(site, 1)
    posts: list[str] = []
    page.on("request", lambda asked: posts.append(asked.post_data or "") if asked.method == "POST" else None)
    back(page, site)
    soon(site, U, 0, "11")
    told = page.locator("#grid-told")
    expect(told).to_contain_text("leur ligne étant scellée ou absente de la grille : RSV207 · Bernard Théo (« 12,5 »)")
    expect(sealed(page, site, U, 1).locator(".error")).to_contain_text("« 12,5 » n'est pas enregistré")
    assert not [sent for sent in posts if "12%2C5" in sent]
    reads_well(page)
    page.reload()
    expect(told).to_contain_text("« 12,5 »")
    told.get_by_role("button", name="Oublier ces saisies").click()
    page.reload()
    expect(told).to_be_hidden()
    assert kept(site, U, 1) == "8"


def test_what_is_typed_outlives_an_expired_sign_in(site: Site) -> None:
    page = grid(site)
    with db.connection():
        assert db.execute("DELETE FROM sign_in")
    site.signed_in.clear()
    cell(page, site, U).click()
    for typed in ("11", "12"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(page.locator("#signed-out")).to_be_visible()
    expect(td(cell(page, site, U))).to_have_attribute("data-state", "en attente d'envoi")
    tab = page.context.new_page()
    tab.goto(f"{site.url}/connexion")
    sign_in(tab)
    tab.close()
    expect(page.locator("#signed-out")).to_be_hidden()
    soon(site, U, 0, "11")
    soon(site, U, 1, "12")


def test_a_slow_answer_takes_nothing_of_what_is_typed_meanwhile(site: Site) -> None:
    page = grid(site)
    site.delay = 0.6
    cell(page, site, U).click()
    page.keyboard.type("11")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("16")
    page.wait_for_timeout(900)
    expect(cell(page, site, U)).to_have_value("16")
    page.keyboard.press("Enter")
    soon(site, U, 0, "16")
    expect(td(cell(page, site, U))).to_have_attribute("data-state", "✓")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("18")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("16")
    page.keyboard.press("Enter")
    eventually(lambda: entries(site) == ["11", "16", "18", "16"], 10, "what was typed, in its order")
    expect(cell(page, site, U)).to_have_value("16")


# -- every page beside it --------------------------------------------------------------------------------------------


def test_without_javascript_the_table_is_a_form(site: Site) -> None:
    page = grid(site, java_script_enabled=False)
    cell(page, site, U).fill("13")
    cell(page, site, E1, 1).fill("20,5")
    page.get_by_role("button", name="Enregistrer la grille").first.click()
    expect(td(cell(page, site, E1, 1)).locator(".error")).to_be_visible()
    expect(cell(page, site, E1, 1)).to_have_value("20,5")
    assert (kept(site, U), kept(site, E1, 1)) == ("13", "")
    cell(page, site, E1, 1).fill("10,5")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_have_text("1 cellule enregistrée.")
    assert kept(site, E1, 1) == "10.5"


def test_two_markings_are_typed_as_the_table_is(site: Site) -> None:
    page = site.open(f"{site.root}/jury/notes/corrections/?travail=RSV207")
    cell(page, site, "marker1-RSV207").click()
    for typed, key in (("E. Bucolo", "Tab"), ("11", "Tab"), ("C. Fontaine", "Tab"), ("15", "Tab")):
        page.keyboard.type(typed)
        page.keyboard.press(key)
    expect(page.locator(f"#ligne-{site.cohort.participants[0]} td.out")).to_have_text("moyenne 13 · écart à regarder")
    assert kept(site, U) == ""
    page.keyboard.type("13,5")
    page.keyboard.press("Enter")
    soon(site, U, 0, "13.5")
    cell(page, site, "marker1-RSV207").fill("É. Bucolo")
    page.keyboard.press("Enter")
    soon(site, "marker1-RSV207", 0, "É. Bucolo")
    cell(page, site, "marker1-RSV207").fill("é. bucolo")
    page.keyboard.press("Enter")
    soon(site, "marker1-RSV207", 0, "é. bucolo")
    reads_well(page)


def test_a_resit_is_graded_from_the_keyboard(site: Site) -> None:
    entered(site, 0, U="EXC")
    page = site.open(f"{site.root}/jury/rattrapages/")
    line = page.locator(f'[data-resit="{site.cohort.participants[0]}-RSV207"]')
    line.get_by_label("Note du rattrapage").fill("12,5")
    page.keyboard.press("Enter")
    soon(site, "resit-RSV207", 0, "12.5")
    expect(line).to_contain_text("EXC")
    expect(line).not_to_contain_text("à noter")
    reads_well(page)


@pytest.mark.parametrize(
    "path", ["notes/", "notes/corrections/", "rattrapages/", "plagiats/", "anomalies/", "numeros/", ""]
)
def test_every_page_reads_well_on_a_narrow_screen_too(site: Site, path: str) -> None:
    entered(site, 0, U="EXC", E1="12")
    with db.connection():
        unit_reports.report(COLLEAGUE, site.cohort.participants[1], "RSV207", "E. Bucolo", "Deux pages reprises")
    page = site.open(f"{site.root}/jury/{path}", viewport=NARROW)
    reads_well(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    reads_well(page)
    assert sideways(page) <= 0
