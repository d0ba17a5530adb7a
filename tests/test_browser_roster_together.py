"""A roster in two browsers at once, and with a connection that comes and goes: nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Error, Page, expect

from store import db, rolls
from store.models import Roll
from store.models.base import now
from tests.browser import eventually
from tests.roster_site import COLLEAGUE, cells, clear, colleague, focused, line, order, settled, thirty
from tests.served import Site, accessible
from tests.sync_bench import Cohort

CUT = "Hors connexion"



@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return thirty


@pytest.fixture
def site(_served: Site) -> Iterator[Site]:
    yield _served
    clear(_served)


@pytest.mark.alone
def test_two_colleagues_lose_nothing_and_see_each_other(site: Site) -> None:
    one, two = site.open(site.half_day()), site.open(site.half_day(), "admin")
    people = order(one)
    # While the second one types minutes, the first marks lines all around.
    two.click(f"{line(people[1])} label.s-late")
    two.wait_for_function("() => document.activeElement.name === 'minutes'")
    two.keyboard.type("1")
    for place in (0, 2, 3):
        one.click(f"{line(people[place])} label.s-absent")
    begun = two.evaluate("performance.now()")
    for place in (0, 2, 3):
        two.wait_for_selector(f"{line(people[place])} [value=absent]:checked", state="attached")
    assert two.evaluate("performance.now()") - begun < 5000
    assert focused(two) == people[1]
    assert two.evaluate("document.activeElement.name") == "minutes"
    two.keyboard.type("5")
    two.keyboard.press("Enter")
    begun = one.evaluate("performance.now()")
    one.wait_for_selector(f"{line(people[1])} [value=late]:checked", state="attached")
    assert one.evaluate("performance.now()") - begun < 5000
    assert one.input_value(f"{line(people[1])} [name=minutes]") == "15"
    assert [cells(site)[who] for who in people[:4]] == ["A", "R 15", "A", "A"]


def test_two_colleagues_on_one_line_the_second_is_told(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]
    # Written after what this page has read, before its next look.
    page.evaluate("document.querySelector('[data-live]').removeAttribute('hx-trigger')")
    page.route("**/seances/*/?v=*", lambda route: route.fulfill(status=204))
    colleague(site, who, "AJ")
    page.click(f"{line(who)} label.s-present")
    error = page.wait_for_selector(f"{line(who)} .error")
    assert "absence justifiée" in error.inner_text()
    assert cells(site)[who] == "AJ"
    page.click(f"{line(who)} label.s-present")
    eventually(lambda: cells(site)[who] == "P", 15)


def test_a_merge_never_takes_the_focus_away(site: Site) -> None:
    page = site.open(site.half_day())
    people = order(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    colleague(site, people[1], "V")
    page.wait_for_selector(f"{line(people[1])} [value=remote]:checked", state="attached")
    assert focused(page) == people[1]
    page.focus(f"{line(people[1])} .past")
    colleague(site, people[1], "A")
    page.wait_for_selector(f"{line(people[1])} [value=absent]:checked", state="attached")
    assert focused(page) == people[1]
    accessible(page)


def test_a_cut_connection_keeps_what_is_typed_and_sends_it(site: Site) -> None:
    page = site.open(site.half_day())
    people = order(page)
    page.context.set_offline(True)
    page.keyboard.press("ArrowDown")
    for key in ("p", "Enter", "r", "1", "0", "Enter", "a", "v"):
        page.keyboard.press(key)
    for who in people[:3]:
        page.wait_for_selector(f"{line(who)}.unsent")
        assert "en attente" in page.evaluate(
            "line => getComputedStyle(document.querySelector(line + ' .mark'), '::after').content", line(who)
        )
    assert CUT in page.evaluate("getComputedStyle(document.body, '::before').content")
    assert not any(cells(site).values())
    accessible(page)
    page.context.set_offline(False)
    settled(page)
    assert [cells(site)[who] for who in people[:3]] == ["P", "R 10", "V"]
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_waits_outlives_a_reload_without_connection(site: Site) -> None:
    page = site.open(site.half_day())
    people = order(page)
    page.context.set_offline(True)
    page.keyboard.press("ArrowDown")
    for key in ("p", "Enter", "d", "3", "0", "Enter", "a"):
        page.keyboard.press(key)
    for who in people[:3]:
        page.wait_for_selector(f"{line(who)}.unsent")
    colleague(site, people[2], "AJ")
    with pytest.raises(Error):
        page.reload()
    page.context.set_offline(False)
    # Another roster says where something waits, and leads there.
    page.goto(site.half_day(1))
    page.click("#roster-held a")
    page.wait_for_url(site.half_day())
    settled(page)
    assert "Connexion revenue" in page.inner_text("#roster-told")
    eventually(lambda: [cells(site)[who] for who in people[:3]] == ["P", "D 30", "AJ"], 15)
    assert "absence justifiée" in page.inner_text(f"{line(people[2])} .error")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    accessible(page)


def everybody_present(site: Site) -> Page:
    """Open a roster and mark everybody present with its button."""
    page = site.open(site.half_day())
    page.click(".called button:has-text('Tous présents')")
    eventually(lambda: set(cells(site).values()) == {"P"}, 15)
    page.wait_for_selector(UNDO)
    return page


UNDO = ".called button:has-text('annuler')"


def test_everybody_present_is_taken_back_without_a_connection_once_it_is_back(site: Site) -> None:
    page = everybody_present(site)
    who = order(page)[0]
    colleague(site, who, "A")
    page.context.set_offline(True)
    page.click(UNDO)
    expect(page.locator("#roster-told")).to_contain_text("l'annulation est gardée")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    accessible(page)
    page.context.set_offline(False)
    # The line that somebody changed since stays as they left it.
    eventually(lambda: cells(site) == dict.fromkeys(cells(site), "") | {who: "A"}, 15)
    expect(page.locator("#roster-told")).to_contain_text("29 lignes remises à « non relevé »")
    eventually(lambda: page.evaluate("Object.keys(localStorage).length") == 0, 15)


def test_everybody_present_taken_back_without_a_connection_outlives_the_page(site: Site) -> None:
    page = everybody_present(site)
    page.context.set_offline(True)
    page.click(UNDO)
    expect(page.locator("#roster-told")).to_contain_text("l'annulation est gardée")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(site.half_day(1))
    page.click("#roster-held a")
    page.wait_for_url(site.half_day())
    eventually(lambda: set(cells(site).values()) == {""}, 15)
    eventually(lambda: page.evaluate("Object.keys(localStorage).length") == 0, 15)


def test_a_roll_locked_before_it_is_taken_back_says_so(site: Site) -> None:
    page = everybody_present(site)
    page.context.set_offline(True)
    page.click(UNDO)
    with db.connection():
        rolls.close(COLLEAGUE, site.cohort.half_days[0])
        Roll.update(closed_at=now() - timedelta(days=60)).execute()
    page.context.set_offline(False)
    expect(page.locator("#roster-told")).to_contain_text("verrouillé")
    assert set(cells(site).values()) == {"P"}
    eventually(lambda: page.evaluate("Object.keys(localStorage).length") == 0, 15)


def test_a_change_taken_back_without_connection_outlives_the_page(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]
    colleague(site, who, "R 15")
    page.reload()
    page.click(f"{line(who)} label.s-absent")
    eventually(lambda: cells(site)[who] == "A", 15)
    settled(page)
    page.context.set_offline(True)
    page.click(f"{line(who)} .undo")
    page.wait_for_selector(f"{line(who)}.unsent")
    # What waits to be sent is what is shown.
    assert page.is_checked(f"{line(who)} [value=late]")
    assert page.input_value(f"{line(who)} [name=minutes]") == "15"
    page.goto("about:blank")
    page.context.set_offline(False)
    assert cells(site)[who] == "A"
    page.goto(site.half_day())
    eventually(lambda: cells(site)[who] == "R 15", 15)
    settled(page)
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_marks_kept_for_one_person_are_never_sent_by_another(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]
    page.context.set_offline(True)
    page.click(f"{line(who)} label.s-absent")
    page.wait_for_selector(f"{line(who)}.unsent")
    kept = page.evaluate("({...localStorage})")
    page.context.set_offline(False)
    settled(page)
    other = site.open(site.half_day(), "admin")
    other.evaluate("all => Object.entries(all).forEach(([key, value]) => localStorage.setItem(key, value))", kept)
    colleague(site, who, "")
    other.reload()
    other.wait_for_timeout(500)
    assert cells(site)[who] == ""


def test_a_server_that_is_away_for_a_moment_is_a_connection_that_is(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]
    page.route("**/seances/**", lambda route: route.fulfill(status=503, body="indisponible"))
    page.click(f"{line(who)} label.s-absent")
    page.wait_for_selector(f"{line(who)}.unsent")
    assert cells(site)[who] == ""
    page.unroute("**/seances/**")
    settled(page)
    eventually(lambda: cells(site)[who] == "A", 15)


def test_an_answer_lost_on_its_way_does_not_swallow_the_next_choice(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]

    def lose(route: object) -> None:
        route.fetch()
        route.abort()

    page.route("**/presences/*", lose, times=1)
    page.click(f"{line(who)} label.s-present")
    page.wait_for_selector(f"{line(who)}.unsent")
    assert cells(site)[who] == "P"
    page.click(f"{line(who)} label.s-absent")
    # The server had what this page did not know: either the choice is recorded, or the line says what stands.
    page.wait_for_selector(f"{line(who)}:not(.unsent):not(.saving)")
    told = page.locator(f"{line(who)} .error")
    eventually(lambda: cells(site)[who] == "A" or told.count() == 1, 15)


@pytest.mark.alone
def test_a_colleague_who_closes_the_roll_is_seen(site: Site) -> None:
    one, two = site.open(site.half_day()), site.open(site.half_day(), "admin")
    key = site.cohort.half_days[0]
    one.click(f"#close-{key}")
    one.get_by_role("button", name="Terminer quand même").click()
    expect(two.locator(f"#called-{key}")).to_contain_text("Appel terminé par Coordinator", timeout=5_000)
