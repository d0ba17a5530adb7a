"""The board of papers in a browser: keyboard, drag, phone, without JavaScript, and two colleagues at once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from rules.rule_set import as_dict
from store import db, people, tutoring
from store.journal import Author
from store.models import Cohort as CohortRow
from tests.browser import eventually, sideways
from tests.served import Site, accessible, reads_well
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort
from tests.unguarded import unguarded

FONTAINE, MOREL = TUTORS
COLLEAGUE = Author("Nour Collègue", "page")
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
COUNT = 26


def many() -> Cohort:
    """Make a cohort of twenty-six with workshops of five to six: its board is higher than a screen."""
    cohort = make_cohort()
    for number in range(COUNT - len(cohort.participants)):
        people.create(PAGE, cohort.id, {"last_name": f"Martin{number:02}", "first_name": "Alix"})
    rules = replace(people.rule_set(cohort.id), workshop_min=5, workshop_max=6)
    CohortRow.update(rule_set=json.dumps(as_dict(rules))).where(CohortRow.id == cohort.id).execute()
    return cohort


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return many


@pytest.fixture
def site(_served: Site) -> Iterator[Site]:
    yield _served
    with db.connection():
        db.execute("UPDATE paper SET tutor_id = NULL, cotutor_id = NULL, workshop = '', wishes = '', link = ''")
        with unguarded():
            db.execute("DELETE FROM journal_entry")
        db.execute("UPDATE cohort SET version = version + 1")
    _served.close_windows()


def notes(site: Site, query: str = "") -> str:
    return f"{site.root}/notes/{query}"


def papers(site: Site) -> list[str]:
    """List the papers in the order of names."""
    with db.connection():
        return [row[0] for row in tutoring.papers(site.cohort.id)]


def kept(site: Site, field: str = "tutor") -> list[str]:
    """Return what the store has of the papers, in the order of names, up to the last that has something."""
    with db.connection():
        values = [row[field] for row in tutoring.snapshot(site.cohort.id).values()]
    return values[: max((place + 1 for place, text in enumerate(values) if text), default=0)]


def given(site: Site, *paper_tutors: tuple[str, str]) -> None:
    """Give papers to tutors as a colleague."""
    with db.connection():
        for paper, tutor in paper_tutors:
            tutoring.assign(COLLEAGUE, paper, tutor)


def line(page: Page, paper: str) -> Locator:
    return page.locator(f'[data-paper="{paper}"]')


def box(page: Page, paper: str) -> Locator:
    return line(page, paper).locator("[name=chosen]")


def ticked(page: Page) -> list[str]:
    return page.eval_on_selector_all("[name=chosen]:checked", "boxes => boxes.map(box => box.value)")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('.paper')?.dataset.paper || document.activeElement.id")


def told(page: Page) -> str:
    page.wait_for_selector("#board-told[data-v]")
    return page.inner_text("#board-told").replace("\u00a0", " ").replace("\u202f", " ")


# -- from the keyboard ------------------------------------------------------------------------------------


def test_several_papers_are_given_and_given_back_from_the_keyboard_alone(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    for key in ("ArrowDown", "x", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    assert ticked(page) == [keys[0], keys[2]]
    expect(page.locator("#ticked")).to_have_text("cochées : 2")
    page.keyboard.press("t")
    assert focused(page) == "many-tutor"
    page.keyboard.type("Den")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("équilibre")
    page.keyboard.press("Enter")
    assert "2 notes changées, tuteur : Denis Morel." in told(page)
    assert kept(site) == [MOREL, "", MOREL]
    assert ticked(page) == []
    assert focused(page) == "many-reason"
    expect(page.locator("#announce")).to_contain_text("2 notes changées")
    accessible(page)
    page.focus("#undo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#board-told:has-text('2 notes rendues')")
    assert kept(site) == []
    with db.connection():
        reasons = {row[0] for row in db.rows("SELECT reason FROM journal_entry WHERE kind = 'paper'")}
    assert reasons == {"équilibre", "Annulation"}


def test_arrows_with_shift_tick_on_their_way_and_escape_unticks(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert ticked(page) == keys[:3]
    assert focused(page) == keys[2]
    page.keyboard.press("ArrowUp")
    assert focused(page) == keys[1]
    page.keyboard.press("a")
    assert focused(page) == "many-workshop"
    box(page, keys[1]).focus()
    page.keyboard.press("Escape")
    assert ticked(page) == []
    # In a field of a line, letters and arrows are only typed.
    line(page, keys[0]).locator("[name=title]").click()
    page.keyboard.type("xta")
    assert ticked(page) == []
    assert line(page, keys[0]).locator("[name=title]").input_value() == "xta"


def test_a_group_is_ticked_at_once_and_put_in_a_workshop(site: Site) -> None:
    keys = papers(site)
    given(site, *((key, FONTAINE) for key in keys[:3]))
    page = site.open(notes(site, "?par=tuteur"))
    page.locator(".group", has_text=FONTAINE).get_by_role("button").click()
    assert sorted(ticked(page)) == sorted(keys[:3])
    page.select_option("#many-workshop", "Atelier 1")
    page.click("#many-go")
    assert "Atelier 1 : 3, 5 au moins sont attendus." in told(page)
    assert kept(site, "workshop") == ["Atelier 1"] * 3
    expect(page.locator("#many-workshop option").last).to_have_text("nouveau : Atelier 2")
    expect(page.locator(".sizes li.over small")).to_have_text("5 au moins sont attendus")


# -- dragged ----------------------------------------------------------------------------------------------


def drag(page: Page, grip: Locator, target: Locator) -> None:
    """Drag with the mouse, step by step as a hand does, and stop over the target."""
    grip.scroll_into_view_if_needed()
    start = grip.bounding_box()
    page.mouse.move(start["x"] + 4, start["y"] + 6)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] - 20, steps=3)
    page.wait_for_selector(".board.dragging")
    end = target.bounding_box()
    page.mouse.move(end["x"] + 12, end["y"] + 8, steps=4)
    page.mouse.move(end["x"] + 14, end["y"] + 9)


def test_a_line_is_dragged_onto_a_tutor_of_the_panel_from_far_down(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    last = keys[-1]
    target = page.locator(f'#tutor-load [data-tutor="{FONTAINE}"]')
    drag(page, line(page, last).locator(".grip"), target)
    expect(target).to_have_class("target")
    expect(page.locator("#announce")).to_contain_text("à déposer sur un tuteur")
    page.mouse.up()
    assert "1 note changée, tuteur : Claire Fontaine." in told(page)
    assert kept(site) == [""] * (COUNT - 1) + [FONTAINE]
    expect(page.locator(".target, .dragging")).to_have_count(0)
    expect(target.locator("b")).to_have_text("1 / 5")


def test_ticked_lines_are_dragged_together_onto_a_heading_and_stand_under_it(site: Site) -> None:
    keys = papers(site)
    given(site, (keys[5], MOREL))
    with db.connection():
        for key in (*keys[:3], keys[5]):
            tutoring.change(COLLEAGUE, key, {"title": "Coopérer"})
    page = site.open(notes(site, "?par=tuteur&q=cooperer"))
    for key in keys[:2]:
        box(page, key).check()
    drag(page, line(page, keys[1]).locator(".grip"), page.locator(f'.group[data-tutor="{MOREL}"]'))
    page.mouse.up()
    assert "2 notes changées" in told(page)
    assert kept(site) == [MOREL, MOREL, "", "", "", MOREL]
    under = f'.group[data-tutor="{MOREL}"] ~ [data-paper="{{}}"]'
    for key in (*keys[:2], keys[5]):
        expect(page.locator(under.format(key))).to_have_count(1)
    expect(page.locator(under.format(keys[2]))).to_have_count(0)


def test_a_drag_dropped_nowhere_changes_nothing(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    drag(page, line(page, keys[3]).locator(".grip"), page.locator("h1"))
    page.mouse.up()
    expect(page.locator(".target, .dragging")).to_have_count(0)
    assert kept(site) == []


# -- on a phone, and without JavaScript -------------------------------------------------------------------


def test_on_a_phone_papers_are_ticked_and_given_with_thumbs(site: Site) -> None:
    page, keys = site.open(notes(site), **PHONE), papers(site)
    for key in keys[:2]:
        box(page, key).tap()
    page.select_option("#many-tutor", FONTAINE)
    page.locator("#many-go").tap()
    assert "2 notes changées" in told(page)
    assert kept(site) == [FONTAINE] * 2
    assert box(page, keys[0]).locator("..").bounding_box()["height"] >= 24
    reads_well(page)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_board_reads_well_however_wide(site: Site, width: int) -> None:
    keys = papers(site)
    given(site, *((key, FONTAINE) for key in keys[:7]))
    with db.connection():
        tutoring.change(PAGE, keys[0], {"wishes": "permaculture", "cotutor": MOREL, "workshop": "Atelier 1"})
    page = site.open(notes(site, f"?par=tuteur&tuteur={FONTAINE}&tri=-titre"), viewport={"width": width, "height": 800})
    assert sideways(page) <= 0
    page.locator(".more summary").first.click()
    reads_well(page)


def test_without_javascript_ticks_a_choice_and_a_button_are_enough(site: Site) -> None:
    keys = papers(site)
    page = site.open(notes(site, "?par=tuteur"), java_script_enabled=False)
    for key in keys[:2]:
        box(page, key).check()
    page.select_option("#many-tutor", MOREL)
    page.click("#many-go")
    expect(page.locator(".flash")).to_contain_text("2 notes changées, tuteur")
    assert "par=tuteur" in page.url
    assert kept(site) == [MOREL] * 2
    page.click("#undo")
    expect(page.locator(".flash")).to_contain_text("2 notes rendues")
    assert kept(site) == []
    page.click("#many-all")
    expect(page.locator("[name=chosen]:checked")).to_have_count(COUNT)
    page.fill("[name=q]", "arnaud")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("[data-paper]")).to_have_count(1)


# -- two colleagues at once ---------------------------------------------------------------------------------


def still(page: Page) -> None:
    """Keep a page from hearing of what others do."""
    page.evaluate("document.querySelector('[data-live]').removeAttribute('hx-trigger')")
    page.route("**/notes/?*v=*", lambda route: route.fulfill(status=204))


def test_what_a_colleague_changed_meanwhile_is_named_and_the_others_go(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    still(page)
    given(site, (keys[1], FONTAINE))
    for key in keys[:3]:
        box(page, key).check()
    page.select_option("#many-tutor", MOREL)
    page.click("#many-go")
    said = told(page)
    assert "2 notes changées" in said
    assert "Bernard Théo : changée entre-temps (tuteur : Claire Fontaine" in said
    assert kept(site) == [MOREL, FONTAINE, MOREL]
    expect(line(page, keys[1]).locator("[name=tutor]")).to_have_value(FONTAINE)


def test_a_tick_waits_through_what_others_do_but_not_on_the_line_that_they_changed(site: Site) -> None:
    one, two, keys = site.open(notes(site)), site.open(notes(site), "admin"), papers(site)
    for key in keys[:2]:
        box(one, key).check()
    one.focus("#many-tutor")
    line(two, keys[0]).locator("[name=tutor]").select_option(FONTAINE)
    expect(line(one, keys[0]).locator("[name=tutor]")).to_have_value(FONTAINE)
    assert ticked(one) == [keys[1]]
    expect(one.locator("#announce")).to_have_text("Arnaud Inès : changée entre-temps, décochée")
    with db.connection():
        tutoring.change(COLLEAGUE, keys[1], {"title": "Un titre"})
    expect(line(one, keys[1]).locator("[name=title]")).to_have_value("Un titre")
    assert ticked(one) == [keys[1]]
    one.select_option("#many-tutor", MOREL)
    one.click("#many-go")
    expect(line(two, keys[1]).locator("[name=tutor]")).to_have_value(MOREL)
    assert kept(site) == [FONTAINE, MOREL]


def test_a_line_that_a_colleague_moves_goes_to_its_heading_once_the_hands_leave(site: Site) -> None:
    keys = papers(site)
    given(site, (keys[9], MOREL))
    page = site.open(notes(site, "?par=tuteur"))
    box(page, keys[0]).focus()
    given(site, (keys[0], MOREL))
    expect(line(page, keys[0]).locator("[name=tutor]")).to_have_value(MOREL)
    under = page.locator(f'.group[data-tutor="{MOREL}"] ~ [data-paper="{keys[0]}"]')
    assert under.count() == 0
    assert focused(page) == keys[0]
    page.focus("#many-tutor")
    expect(under).to_have_count(1)


def test_a_reason_typed_behind_the_dots_waits_for_the_change_that_it_is_of(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    row = line(page, keys[0])
    row.locator("summary").click()
    row.locator("[name=reason]").fill("à sa demande")
    row.locator("[name=tutor]").select_option(FONTAINE)
    eventually(lambda: kept(site) == [FONTAINE], 5)
    with db.connection():
        said = [tuple(row) for row in db.rows("SELECT field, reason FROM journal_entry WHERE kind = 'paper'")]
    assert said == [("tutor", "à sa demande")]
    row.locator("summary").click()
    expect(row.locator("[name=reason]")).to_have_value("")
    expect(row.locator(".more")).to_contain_text("motif : à sa demande.")


def test_what_is_typed_behind_the_dots_is_saved_and_stays_open(site: Site) -> None:
    page, keys = site.open(notes(site)), papers(site)
    line(page, keys[0]).locator("summary").click()
    line(page, keys[0]).locator("[name=link]").fill("https://exemple.fr/note")
    page.keyboard.press("Enter")
    eventually(lambda: kept(site, "link") == ["https://exemple.fr/note"], 5)
    expect(line(page, keys[0]).locator("[name=link]")).to_be_focused()
