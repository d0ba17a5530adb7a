"""Lines saved one by one, in a browser: nothing typed is lost, whatever arrives meanwhile."""

import pytest
from playwright.sync_api import Page

from store import db, jury, rosters, tutoring
from store.models.accounts import SignIn
from tests.pages import AUTHOR
from tests.served import Site, accessible, sign_in
from tests.sync_bench import TUTORS, Cohort

#: Longer than it takes to type in the next cell, so that the answer arrives in the middle of it.
SLOW = 0.4


@pytest.fixture
def page(site: Site) -> Page:
    """Open the jury of a small cohort whose forms are answered slowly."""
    site.delay = SLOW
    return site.open(f"{site.root}/jury/")


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


def test_what_is_typed_while_an_answer_is_on_its_way_goes_on(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
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


def test_a_cell_finished_while_an_answer_is_on_its_way_is_sent_too(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
    who = cohort.participants[1]
    page.goto(address + "/jury/")
    line = f'[data-dossier="{who}"] '
    page.select_option(line + "[name=decision]", "adjourned")
    page.fill(line + '[name="grade-RSV206"]', "11")
    page.press(line + '[name="grade-RSV206"]', "Enter")
    grade(page, who, "RSV206", "11")
    row = jury.snapshot(cohort.id)[who]
    assert (row["decision"], row["grade-RSV206"]) == ("adjourned", "11")


def test_a_change_made_elsewhere_waits_for_what_is_typed_then_is_told(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
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


def test_moving_a_paper_shows_the_load_at_once(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
    paper = tutoring.papers(cohort.id)[0][0]
    page.goto(address + "/notes/")
    page.select_option(f'[data-paper="{paper}"] [name=tutor]', TUTORS[0])
    page.wait_for_selector(f'[data-paper="{paper}"] .mark:has-text("enregistré")')
    assert f"{TUTORS[0]} 1 / 5" in page.inner_text("#tutor-load").replace("\n", " ")
    assert tutoring.snapshot(cohort.id)[paper]["tutor"] == TUTORS[0]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_never_scroll_sideways(site: Site, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for place in ("/jury/", "/notes/"):
        page.goto(site.root + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("place", ["/jury/", "/notes/"])
def test_the_pages_are_accessible(site: Site, page: Page, place: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site.root + place)
    accessible(page)


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
    site: Site, page: Page, minutes_first: bool
) -> None:
    address, cohort = site.root, site.cohort
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


def test_a_roster_is_marked_from_the_keyboard_alone(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
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


EXPIRED = "Votre connexion a expiré"


def end_sign_ins() -> None:
    with db.connection():
        assert SignIn.delete().execute()


def sign_in_elsewhere(page: Page, address: str) -> None:
    """Sign in again in another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(address.split("/promotions")[0] + "/connexion")
    sign_in(tab)
    tab.wait_for_selector("form.who")
    tab.close()


def paper_line(page: Page, address: str, cohort: Cohort, number: int) -> tuple[str, str]:
    """Open the papers; return one of them and the field of its question."""
    paper = tutoring.papers(cohort.id)[number][0]
    page.goto(address + "/notes/")
    return paper, f'[data-paper="{paper}"] [name=problem]'


def test_what_is_typed_outlives_an_expired_sign_in(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
    paper, field = paper_line(page, address, cohort, 1)
    page.click(field)
    page.keyboard.type("Pourquoi")
    end_sign_ins()
    banner = page.wait_for_selector("#signed-out")
    assert EXPIRED in banner.inner_text()
    assert page.get_attribute("#signed-out a", "href") == "/connexion"
    assert page.input_value(field) == "Pourquoi"
    page.wait_for_timeout(3500)
    assert page.input_value(field) == "Pourquoi"
    sign_in_elsewhere(page, address)
    page.wait_for_selector("#signed-out", state="hidden")
    page.keyboard.type(" ici")
    page.keyboard.press("Tab")
    page.wait_for_selector(f'[data-paper="{paper}"] .mark:has-text("enregistré")')
    assert tutoring.snapshot(cohort.id)[paper]["problem"] == "Pourquoi ici"


def test_clicks_made_signed_out_are_sent_after_signing_in_again(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
    first, second = (f'[data-participant="{cohort.participants[number]}"] ' for number in (0, 1))
    roster_line(page, address, cohort, 0)
    before = [recorded(cohort, number) for number in (0, 1)]
    end_sign_ins()
    page.check(first + "input[value=justified]", force=True)
    page.wait_for_selector(first.strip() + ".unsent")
    page.wait_for_selector("#signed-out")
    page.check(second + "input[value=remote]", force=True)
    page.wait_for_selector(second.strip() + ".unsent")
    assert [recorded(cohort, number) for number in (0, 1)] == before
    sign_in_elsewhere(page, address)
    page.wait_for_selector("#signed-out", state="hidden")
    for line in (first, second):
        page.wait_for_selector(line.strip() + ":not(.unsent):not(.saving)")
        saved(page, line)
    assert [recorded(cohort, number) for number in (0, 1)] == ["AJ", "V"]


def test_a_sign_in_renewed_before_the_page_noticed_loses_nothing(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
    paper, field = paper_line(page, address, cohort, 2)
    page.click(field)
    page.keyboard.type("Comment")
    end_sign_ins()
    sign_in_elsewhere(page, address)
    page.keyboard.press("Tab")
    page.wait_for_selector(f'[data-paper="{paper}"] .mark:has-text("enregistré")')
    assert tutoring.snapshot(cohort.id)[paper]["problem"] == "Comment"


def test_with_nothing_typed_the_sign_in_page_says_why_and_comes_back(site: Site, page: Page) -> None:
    address = site.root
    page.goto(address + "/notes/")
    end_sign_ins()
    page.wait_for_url("**/connexion?**")
    assert page.locator(".flash").all_inner_texts() == [f"{EXPIRED} : reconnectez-vous."]
    sign_in(page)
    page.wait_for_selector("[data-paper]")
    assert page.url == address + "/notes/"
    assert page.locator(".flash").count() == 0


def test_a_plain_form_sent_signed_out_is_said_to_be_lost(site: Site, page: Page) -> None:
    address, cohort = site.root, site.cohort
    state = page.context.storage_state()
    context = page.context.browser.new_context(java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    paper, field = paper_line(plain, address, cohort, 0)
    plain.fill(field, "Perdue")
    end_sign_ins()
    plain.click(f'[data-paper="{paper}"] .plain-only')
    plain.wait_for_url("**/connexion?**")
    (text,) = plain.locator(".flash").all_inner_texts()
    assert text == f"{EXPIRED} : reconnectez-vous. Votre dernière saisie n'a pas été enregistrée."
    context.close()
    sign_in_elsewhere(page, address)
    assert tutoring.snapshot(cohort.id)[paper]["problem"] != "Perdue"
