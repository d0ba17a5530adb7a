"""Lines saved one by one, in a browser: nothing typed is lost, whatever arrives meanwhile."""

import threading
import time
from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe
from flask import request
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from store import db, jury, rosters, tutoring
from tests.pages import AUTHOR, PASSWORD, add_account, make_app
from tests.sync_bench import TUTORS, Cohort, make_cohort

#: Longer than it takes to type in the next cell, so that the answer arrives in the middle of it.
SLOW = 0.4
BROWSER = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cohort]]:
    """Serve one small cohort whose forms are answered slowly."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lines')}/store.sqlite"
    app = make_app(url)
    db.upgrade()
    with db.connection():
        cohort = make_cohort()
        add_account("coordinator")

    @app.before_request
    def late() -> None:
        if request.method == "POST" and "promotions" in request.path:
            time.sleep(SLOW)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/promotions/{cohort.code}", cohort
    server.shutdown()
    thread.join()
    db.database.close()


@pytest.fixture(scope="module")
def page(site: tuple[str, Cohort]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**BROWSER)
        page = browser.new_page()
        page.set_default_timeout(8000)
        page.goto(site[0] + "/jury/")
        page.fill("[name=email]", "coordinator@exemple.fr")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[data-dossier]")
        yield page
        browser.close()


def grade(page: Page, who: str, unit: str, shown: str) -> None:
    """Wait until a saved grade is on the page, in a line that waits for nothing more."""
    page.wait_for_function(
        """([who, name, shown]) => {
            const line = document.querySelector(`[data-dossier="${who}"]`);
            const field = line.querySelector(`[name="${name}"]`);
            return field.defaultValue === shown && field.value === shown && !line.classList.contains("saving");
        }""",
        arg=[who, f"grade-{unit}", shown],
    )


def test_what_is_typed_while_an_answer_is_on_its_way_goes_on(site: tuple[str, Cohort], page: Page) -> None:
    address, cohort = site
    who = cohort.participants[0]
    page.goto(address + "/jury/")
    line = f'[data-dossier="{who}"] '
    page.click(line + '[name="grade-RSV206"]')
    page.keyboard.type("9,5")
    page.keyboard.press("Tab")
    page.keyboard.type("15,")
    grade(page, who, "RSV206", "9,5")
    assert page.input_value(line + '[name="grade-RSV207"]') == "15,"
    assert page.evaluate("document.activeElement.name") == "grade-RSV207"
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    grade(page, who, "RSV207", "15,5")
    row = jury.snapshot(cohort.id)[who]
    assert (row["grade-RSV206"], row["grade-RSV207"]) == ("9.5", "15.5")


def test_a_cell_finished_while_an_answer_is_on_its_way_is_sent_too(site: tuple[str, Cohort], page: Page) -> None:
    address, cohort = site
    who = cohort.participants[1]
    page.goto(address + "/jury/")
    line = f'[data-dossier="{who}"] '
    page.select_option(line + "[name=decision]", "adjourned")
    page.fill(line + '[name="grade-RSV206"]', "11")
    page.press(line + '[name="grade-RSV206"]', "Enter")
    grade(page, who, "RSV206", "11")
    row = jury.snapshot(cohort.id)[who]
    assert (row["decision"], row["grade-RSV206"]) == ("adjourned", "11")


def test_a_change_made_elsewhere_waits_for_what_is_typed_then_is_told(site: tuple[str, Cohort], page: Page) -> None:
    address, cohort = site
    who = cohort.participants[2]
    page.goto(address + "/jury/")
    line = f'[data-dossier="{who}"]'
    page.click(f'{line} [name="grade-RSV206"]')
    page.keyboard.type("8")
    with db.connection():
        jury.change(AUTHOR, who, {"grade-RSV206": "12"})
    page.wait_for_selector(f"{line}.elsewhere")
    assert page.input_value(f'{line} [name="grade-RSV206"]') == "8"
    page.keyboard.press("Tab")
    error = page.wait_for_selector(f"{line} .error").inner_text()
    assert "« 12 »" in error
    assert "« 8 »" in error
    page.click(f"{line} .keep")
    grade(page, who, "RSV206", "8")
    assert jury.snapshot(cohort.id)[who]["grade-RSV206"] == "8"


def test_moving_a_paper_shows_the_load_at_once(site: tuple[str, Cohort], page: Page) -> None:
    address, cohort = site
    paper = tutoring.papers(cohort.id)[0][0]
    page.goto(address + "/notes/")
    page.select_option(f'[data-paper="{paper}"] [name=tutor]', TUTORS[0])
    page.wait_for_selector(f'[data-paper="{paper}"] .mark:has-text("enregistré")')
    assert f"{TUTORS[0]} 1 / 5" in page.inner_text("#tutor-load").replace("\n", " ")
    assert tutoring.snapshot(cohort.id)[paper]["tutor"] == TUTORS[0]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_never_scroll_sideways(site: tuple[str, Cohort], page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for place in ("/jury/", "/notes/"):
        page.goto(site[0] + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("place", ["/jury/", "/notes/"])
def test_the_pages_are_accessible(site: tuple[str, Cohort], page: Page, place: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site[0] + place)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4"]})
    wrong = [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found["violations"]]
    assert found["passes"]
    assert not wrong


def roster_line(page: Page, address: str, cohort: Cohort, number: int) -> str:
    page.goto(f"{address}/seances/{cohort.half_days[0]}/")
    return f'[data-participant="{cohort.participants[number]}"] '


def recorded(cohort: Cohort, number: int) -> str:
    return rosters.snapshot(cohort.id)[cohort.participants[number]][cohort.half_days[0]]


def saved(page: Page, line: str) -> None:
    page.wait_for_function(
        """(line) => { const li = document.querySelector(line);
        return !li.classList.contains("saving") && li.querySelector(".mark").textContent.includes("✓"); }""",
        arg=line,
    )


@pytest.mark.parametrize("minutes_first", [False, True])
def test_a_lateness_waits_for_its_minutes_in_either_order(
    site: tuple[str, Cohort], page: Page, minutes_first: bool
) -> None:
    address, cohort = site
    number = int(minutes_first)
    line = roster_line(page, address, cohort, number)
    steps = [
        lambda: page.check(line + "input[value=late]", force=True),
        lambda: (page.fill(line + "[name=minutes]", "20"), page.press(line + "[name=minutes]", "Tab")),
    ]
    for step in reversed(steps) if minutes_first else steps:
        step()
        page.wait_for_timeout(50)
    saved(page, line)
    assert recorded(cohort, number) == "R 20"


def test_a_roster_is_marked_from_the_keyboard_alone(site: tuple[str, Cohort], page: Page) -> None:
    address, cohort = site
    first = roster_line(page, address, cohort, 0)
    order = page.eval_on_selector_all("[data-participant]", "lines => lines.map(line => line.dataset.participant)")
    page.focus(f'[data-participant="{order[3]}"] input[type=radio]')
    page.keyboard.press("a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("v")
    for number, cell in ((3, "A"), (4, "V")):
        saved(page, f'[data-participant="{order[number]}"] ')
        assert rosters.snapshot(cohort.id)[order[number]][cohort.half_days[0]] == cell
    assert page.evaluate("document.activeElement.closest('li').dataset.participant") == order[4]
    assert page.is_visible(first)
