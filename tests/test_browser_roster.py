"""A roster in a browser: from the keyboard, with thumbs, its gestures, without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import eventually, sideways
from tests.roster_site import COUNT, cells, clear, colleague, focused, line, order, settled, thirty
from tests.served import Site, accessible
from tests.sync_bench import Cohort

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
#: Between two keys: the pace of somebody who reads names and does not hurry.
KEY_MS = 180



@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    return thirty


@pytest.fixture
def site(_served: Site) -> Iterator[Site]:
    yield _served
    clear(_served)


def test_thirty_lines_are_marked_from_the_keyboard_in_less_than_a_minute(site: Site) -> None:
    site.delay = 0.15
    page = site.open(site.half_day())
    people = order(page)
    assert len(people) == COUNT
    wanted = dict.fromkeys(people, "P")
    keys = {who: ["p"] for who in people}
    for place, cell, typed in (
        (2, "R 15", "r15"), (5, "A", "a"), (9, "D 40", "d40"), (14, "AJ", "j"), (20, "V", "v"), (28, "R 5", "R5"),
    ):  # fmt: skip
        wanted[people[place]], keys[people[place]] = cell, list(typed)
    page.keyboard.press("ArrowDown")
    begun = page.evaluate("performance.now()")
    for place, who in enumerate(people):
        assert focused(page) == who, place
        visible = page.evaluate(
            """() => { const box = document.activeElement.closest('.line').getBoundingClientRect();
            return box.top >= 0 && box.bottom <= innerHeight; }"""
        )
        assert visible, f"line {place} is out of sight"
        for key in [*keys[who], "Enter"]:
            page.keyboard.press(key)
            page.wait_for_timeout(KEY_MS)
    settled(page)
    took = page.evaluate("performance.now()") - begun
    assert took < 60_000, took
    assert cells(site) == wanted
    print(f"{COUNT} lines in {took / 1000:.1f} s at {KEY_MS} ms a key")
    assert focused(page) == people[-1]
    accessible(page)


def test_up_down_delete_and_a_change_of_mind(site: Site) -> None:
    site.delay = 0.3
    page = site.open(site.half_day())
    first, second, third = order(page)[:3]
    page.keyboard.press("ArrowDown")
    # Two letters before the first answer: the second one counts.
    page.keyboard.press("p")
    page.keyboard.press("a")
    page.keyboard.press("ArrowDown")
    assert focused(page) == second
    # A lateness given up for a presence, then for nothing.
    for key in ("r", "1", "p", "ArrowDown", "v", "ArrowUp", "Backspace", "ArrowUp"):
        page.keyboard.press(key)
    assert focused(page) == first
    settled(page)
    eventually(lambda: [cells(site)[who] for who in (first, second, third)] == ["A", "", "V"], 15)
    assert page.evaluate("document.activeElement.value") == "absent"
    accessible(page)


def test_a_lateness_left_without_minutes_says_so_and_keeps_the_line(site: Site) -> None:
    page = site.open(site.half_day())
    first, second = order(page)[:2]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    assert focused(page) == first
    assert "minutes" in page.inner_text("#announce")
    page.keyboard.press("ArrowDown")
    assert focused(page) == second
    page.wait_for_selector(f"{line(first)}.unfinished")
    assert cells(site)[first] == ""
    page.keyboard.press("ArrowUp")
    page.keyboard.press("d")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    settled(page)
    assert cells(site)[first] == "D 20"
    page.wait_for_selector(f"{line(first)}:not(.unfinished)")


def test_each_mark_is_announced_with_its_name(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    name = page.inner_text(f"{line(who)} .name").strip()
    page.wait_for_function("text => document.getElementById('announce').textContent === text",
                           arg=f"{name} : absence justifiée")  # fmt: skip
    assert "justifiée par Coordinator" in page.inner_text(f"{line(who)} .mark")


def test_a_refusal_stays_in_its_line_and_is_said(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    error = page.wait_for_selector(f"{line(who)} .error")
    assert "dépasse la durée" in error.inner_text()
    assert page.input_value(f"{line(who)} [name=minutes]") == "500"
    accessible(page)


def test_the_last_change_is_taken_back_from_its_line(site: Site) -> None:
    page = site.open(site.half_day())
    who = order(page)[3]
    colleague(site, who, "A")
    page.reload()
    page.click(f"{line(who)} label.s-present")
    settled(page)
    assert cells(site)[who] == "P"
    page.click(f"{line(who)} .undo")
    eventually(lambda: cells(site)[who] == "A", 15)
    settled(page)
    assert page.is_checked(f"{line(who)} [value=absent]")
    assert focused(page) == who
    accessible(page)


def test_a_day_is_marked_from_the_keyboard_across_its_half_days(site: Site) -> None:
    page = site.open(f"{site.root}/seances/jour/2025-01-20/")
    people = order(page)[::2]
    page.keyboard.press("ArrowDown")
    for key in ("p", "ArrowRight", "a", "Enter", "r", "1", "0", "Enter", "ArrowLeft", "v"):
        page.keyboard.press(key)
    settled(page)
    eventually(lambda: cells(site)[people[2]] == "V", 15)
    assert [cells(site)[who] for who in people[:3]] == ["P", "", "V"]
    assert [cells(site, 1)[who] for who in people[:3]] == ["A", "R 10", ""]
    page.click(f"#rest-button-{site.cohort.half_days[1]}")
    eventually(lambda: all(cells(site, 1).values()), 15)
    page.wait_for_selector("#roster-told p")
    assert [cells(site)[who] for who in people[:3]] == ["P", "", "V"]
    accessible(page)


def test_thumbs_mark_the_same_in_two_taps(site: Site) -> None:
    page = site.open(site.half_day(), **PHONE)
    people = order(page)
    assert sideways(page) == 0
    sizes = page.eval_on_selector_all(
        f"{line(people[0])} .choice", "all => all.map(one => [one.offsetWidth, one.offsetHeight])"
    )
    assert min(height for _width, height in sizes) >= 44
    assert min(width for width, _height in sizes) >= 40
    page.locator(f"{line(people[0])} label.s-present").tap()
    page.locator(f"{line(people[1])} label.s-late").tap()
    chip = page.locator(f"{line(people[1])} [data-chip='15']")
    assert chip.bounding_box()["height"] >= 44
    accessible(page)
    chip.tap()
    page.locator(f"{line(people[2])} label.s-left_early").tap()
    assert page.get_attribute(f"{line(people[2])} [name=minutes]", "inputmode") == "numeric"
    page.locator(f"{line(people[2])} [name=minutes]").tap()
    page.keyboard.type("25")
    page.locator(f"{line(people[3])} label.s-justified").tap()
    settled(page)
    eventually(lambda: [cells(site)[who] for who in people[:4]] == ["P", "R 15", "D 25", "AJ"], 15)
    assert sideways(page) == 0
    accessible(page)


def test_a_gesture_that_is_not_even_looked_at_says_so(site: Site) -> None:
    page = site.open(site.half_day())
    key = site.cohort.half_days[0]
    page.evaluate("key => { document.querySelector(`#rest-${key} [name=csrf_token]`).value = 'old'; }", key)
    page.click(f"#rest-button-{key}")
    expect(page.locator("#roster-told")).to_contain_text("rechargez la page")
    page.context.set_offline(True)
    page.click(f"#rest-button-{key}")
    expect(page.locator("#roster-told")).to_contain_text("rien n'a été fait")
    assert not any(cells(site).values())


def test_the_roll_is_called_to_its_end_and_opened_again(site: Site) -> None:
    page = site.open(site.half_day())
    people = order(page)
    key = site.cohort.half_days[0]
    page.click(f"{line(people[0])} label.s-absent")
    settled(page)
    page.click(f"#rest-button-{key}")
    page.wait_for_selector(f"#back-button-{key}")
    told = "29 lignes notées « présent·e »."
    expect(page.locator("#roster-told")).to_have_text(told)
    assert page.inner_text("#announce") == told
    assert sorted(cells(site).values()) == ["A"] + ["P"] * 29
    assert page.evaluate("document.activeElement !== document.body")
    accessible(page)
    page.click(f"#back-button-{key}")
    page.wait_for_selector(f"#rest-button-{key}")
    assert sorted(cells(site).values()) == [""] * 29 + ["A"]
    page.click(f"#close-{key}")
    expect(page.locator(".closing .warning")).to_contain_text("29 lignes non relevées")
    assert page.evaluate("document.activeElement.matches('.closing .warning')")
    accessible(page)
    page.get_by_role("button", name="Terminer quand même").click()
    expect(page.locator(f"#called-{key}")).to_contain_text("Appel terminé par Coordinator")
    accessible(page)
    page.click(f"#reopen-{key}")
    page.get_by_role("button", name="Rouvrir", exact=True).click()
    expect(page.locator(f"#why-{key}")).to_contain_text("pourquoi")
    assert page.evaluate("document.activeElement.name") == "reason"
    accessible(page)
    page.fill(f"#reason-{key}", "Feuille retrouvée")
    page.get_by_role("button", name="Rouvrir", exact=True).click()
    expect(page.locator(f"#called-{key}")).to_contain_text("« Feuille retrouvée »")
    assert sorted(cells(site).values()) == [""] * 29 + ["A"]
    accessible(page)


def test_every_gesture_works_without_javascript(site: Site) -> None:
    page = site.open(site.half_day(), java_script_enabled=False)
    who = page.locator(".roster .line").first.get_attribute("data-participant")
    key = site.cohort.half_days[0]
    page.check(f"{line(who)} [value=late]", force=True)
    page.fill(f"{line(who)} [name=minutes]", "15")
    page.click(f"{line(who)} .plain-only")
    assert cells(site)[who] == "R 15"
    page.click(f"{line(who)} .undo")
    assert cells(site)[who] == ""
    page.click(f"#rest-button-{key}")
    assert "30 lignes notées" in page.inner_text(".flash")
    page.click(f"#back-button-{key}")
    assert not any(cells(site).values())
    page.click(f"#close-{key}")
    assert "30 lignes non relevées" in page.inner_text(".closing .warning")
    page.get_by_role("button", name="Terminer quand même").click()
    page.click(f"#reopen-{key}")
    page.fill(f"#reason-{key}", "Erreur de jour")
    page.get_by_role("button", name="Rouvrir", exact=True).click()
    assert "« Erreur de jour »" in page.inner_text(f"#called-{key}")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_never_scroll_sideways_and_are_accessible(site: Site, width: int) -> None:
    person = site.cohort.participants[0]
    for number, cell in enumerate(("A", "AJ", "R 15", "D 20")):
        colleague(site, site.cohort.participants[number], cell)
    page = site.open(site.half_day(), viewport={"width": width, "height": 800})
    for address in (
        site.half_day(), f"{site.root}/seances/jour/2025-02-14/", f"{site.root}/modules/1/presences/",
        f"{site.root}/participants/{person}/presences/", f"{site.root}/presences/",
    ):  # fmt: skip
        page.goto(address)
        assert sideways(page) == 0, address
        accessible(page)
