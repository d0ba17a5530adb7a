"""A jury at a projector: everything by key, heard through live regions, saved at each step, on two screens."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from rules.rule_set import Honours, as_dict
from store import candidates, deliberations, jury, jury_members, minutes, people, rosters, tutoring
from store.models import Cohort as CohortRow
from tests.browser import NARROW
from tests.jury_sessions import AUTHOR, PASSED, TODAY, everybody_there, prepared
from tests.pages import plain
from tests.served import Site, reads_well
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort

PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
#: Keep what live regions say, in order, once each act is over: what is replaced before that is never heard.
EARS = """
addEventListener("DOMContentLoaded", () => {
  window.heard = [];
  const region = document.getElementById("announce");
  new MutationObserver(() => { if (region.textContent) window.heard.push(region.textContent); })
    .observe(region, {childList: true, characterData: true, subtree: true});
});
"""


@pytest.fixture(scope="module")
def filling() -> Callable[[], Cohort]:
    """Give six candidates who differ: one fails a unit, one was away, one is decided already, one was followed."""

    def fill() -> Cohort:
        cohort = make_cohort()
        rules = dataclasses.replace(
            people.rule_set(cohort.id), honours=(Honours("bien", Decimal(14)), Honours("très bien", Decimal(16))),
            tutor_member="step_out",
        )  # fmt: skip
        CohortRow.update(rule_set=json.dumps(as_dict(rules))).where(CohortRow.id == cohort.id).execute()
        for who in cohort.participants:
            jury.change(AUTHOR, who, PASSED)
        jury.change(AUTHOR, cohort.participants[1], {"grade-RSV206": "9,5"})
        rosters.change(PAGE, cohort.participants[2], dict.fromkeys(cohort.half_days, "A"))
        jury.change(AUTHOR, cohort.participants[3], {"decision": "admitted"})
        tutoring.change(PAGE, tutoring.beside(cohort.participants[4])[1], {"tutor": TUTORS[0]})
        return cohort

    return fill


@pytest.fixture
def session(site: Site) -> Iterator[int]:
    """Open a deliberation over them; one that a test leaves open is given up."""
    key = prepared(site.cohort, TUTORS[0])
    deliberations.open_session(AUTHOR, key)
    yield key
    if deliberations.session(site.cohort.id, key).state == "open":
        deliberations.abandon(AUTHOR, key)
        for who in site.cohort.participants:
            decision = "admitted" if who == site.cohort.participants[3] else ""
            jury.change(AUTHOR, who, {"decision": decision})


def address(site: Site, key: int, place: int | None = None) -> str:
    root = f"{site.root}/jury/deliberations/{key}/seance/"
    return root if place is None else f"{root}{site.cohort.participants[place]}/"


def enter(site: Site, key: int, place: int | None = None, **options: object) -> Page:
    """Sit down at the page of a deliberation with ears open."""
    page = site.open(site.root + "/jury/", **options)
    page.add_init_script(EARS)
    page.goto(address(site, key, place))
    return page


def name(page: Page, text: str) -> None:
    expect(page.locator("#candidat")).to_have_text(text)


def heard(page: Page) -> list[str]:
    return [" ".join(plain(text).split()) for text in page.evaluate("window.heard")]


def saved(page: Page, decision: str) -> None:
    """Wait until a decision of the candidate at hand is saved and shown to be."""
    pressed = page.locator("form.deciding [aria-pressed=true]")
    expect(pressed).to_contain_text(decision)
    expect(page.locator("form.deciding .mark")).to_contain_text("✓ enregistré")


def decided(site: Site, key: int) -> list[tuple[str, str, bool]]:
    return [(line.decision, line.honours, line.taken) for line in candidates.lines(site.cohort.id, key, TODAY)]


def test_a_whole_deliberation_is_held_by_keyboard_alone_and_heard(site: Site, session: int) -> None:
    page = enter(site, session, **PROJECTOR)
    press = page.keyboard.press
    name(page, "Arnaud Inès")
    expect(page.locator("#candidat")).to_be_focused()
    reads_well(page)
    # A mention waits for the admission that it goes with: the key says so and leaves nothing behind.
    press("h")
    expect(page.locator("#announce")).to_have_text("Une mention accompagne une admission : décidez-la d'abord.")
    expect(page.locator("select[name=honours]")).to_have_value("")
    press("a")
    saved(page, "admis·e")
    press("h")
    expect(page.locator("select[name=honours]")).to_have_value("bien")
    expect(page.locator("form.deciding .mark")).to_contain_text("✓ enregistré")
    reads_well(page)

    press("ArrowRight")
    name(page, "Bernard Théo")
    expect(page.locator("#candidat")).to_be_focused()
    reads_well(page)
    # A decision is taken, then changed: the reason is asked for in the page, where the focus goes.
    press("a")
    saved(page, "admis·e")
    press("j")
    expect(page.locator("[name=reason]")).to_be_focused()
    reads_well(page)
    page.keyboard.type("RSV206 reste à 9,5.")
    press("Enter")
    saved(page, "ajourné·e")
    reads_well(page)

    press("PageDown")
    name(page, "Chevalier Noé")
    press("d")
    saved(page, "défaillant·e")
    press("m")
    expect(page.locator("textarea[name=remark]")).to_be_focused()
    page.keyboard.type("Absences répétées, aucune nouvelle.")
    # In a field, letters and arrows are those of the field.
    press("ArrowLeft")
    press("Escape")
    expect(page.locator("#candidat")).to_be_focused()
    # What was typed goes with the next step.
    press("u")
    name(page, "Étienne Zoé")
    expect(page.locator(".followed")).to_contain_text(TUTORS[0])
    reads_well(page)
    press("a")
    expect(page.locator(".error")).to_contain_text("notez d'abord son retrait")
    reads_well(page)
    page.locator("#candidat").focus()
    press("s")
    expect(page.locator(".followed")).to_contain_text("Retrait noté")
    press("a")
    saved(page, "admis·e")
    press("u")
    name(page, "Fabre Hugo")
    press("r")
    saved(page, "rattrapage")
    press("PageUp")
    name(page, "Étienne Zoé")
    press("ArrowLeft")
    name(page, "Dupont Jeanne")
    expect(page.locator("form.deciding .mark")).to_contain_text("préparée avant la séance")
    press("a")
    saved(page, "admis·e")
    reads_well(page)

    assert decided(site, session) == [
        ("admitted", "bien", True), ("adjourned", "", True), ("defaulted", "", True), ("admitted", "", True),
        ("admitted", "", True), ("resit", "", True),
    ]  # fmt: skip
    kept = candidates.lines(site.cohort.id, session, TODAY)
    assert (kept[1].reason, kept[2].remark) == ("RSV206 reste à 9,5.", "Absences répétées, aucune nouvelle.")
    assert kept[4].stepped_out == (TUTORS[0],)
    assert heard(page) == [
        "Arnaud Inès, 1 sur 6. Proposition : admis·e, mention bien. Décision : à décider.",
        "Une mention accompagne une admission : décidez-la d'abord.",
        "Arnaud Inès : admis·e, enregistré. 4 à décider.",
        "Arnaud Inès : admis·e, mention bien, enregistré.",
        "Bernard Théo, 2 sur 6. Proposition : ajourné·e. RSV206 : 9,5, au-dessous de 10. Décision : à décider.",
        "Bernard Théo : admis·e, enregistré. 3 à décider. "
        "Elle s'écarte de la proposition : le motif peut être noté, touche E.",
        "De « admis·e » à « ajourné·e » : indiquez le motif.",
        "Bernard Théo : ajourné·e, enregistré. 3 à décider.",
        "Chevalier Noé, 3 sur 6. Proposition : défaillant·e. Heures : absent·e 14 h, 2 h 48 permises. "
        "Décision : à décider.",
        "Chevalier Noé : défaillant·e, enregistré. 2 à décider.",
        "Chevalier Noé : enregistré. Étienne Zoé, 5 sur 6. Proposition : admis·e, mention bien. Décision : à décider. "
        f"A suivi cette note et siège au jury : {TUTORS[0]}.",
        f"{TUTORS[0]} a suivi cette note : notez d'abord son retrait, le jury décide ensuite.",
        f"Retrait de {TUTORS[0]} noté.",
        "Étienne Zoé : admis·e, enregistré. 1 à décider.",
        "Fabre Hugo, 6 sur 6. Proposition : admis·e, mention bien. Décision : à décider.",
        "Fabre Hugo : rattrapage, enregistré. Tout est décidé. "
        "Elle s'écarte de la proposition : le motif peut être noté, touche E.",
        "Étienne Zoé, 5 sur 6. Proposition : admis·e, mention bien. Décision : admis·e.",
        "Dupont Jeanne, 4 sur 6. Proposition : admis·e, mention bien. Décision : admis·e.",
        "Dupont Jeanne : admis·e, enregistré. Tout est décidé.",
    ]


def test_why_a_decision_departs_is_offered_by_key_and_kept(site: Site, session: int) -> None:
    page = enter(site, session)
    region = page.locator("#announce")
    expect(region).to_contain_text("Arnaud Inès, 1 sur 6.")
    for key, told in (("e", "Aucun motif n'est à noter"), ("s", "Aucun retrait n'est à noter.")):
        page.keyboard.press(key)
        expect(region).to_contain_text(told)
    page.keyboard.press("a")
    saved(page, "admis·e")
    expect(page.locator("[name=why]")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    name(page, "Bernard Théo")
    page.keyboard.press("a")
    saved(page, "admis·e")
    page.keyboard.press("e")
    expect(page.locator("[name=why]")).to_be_focused()
    reads_well(page)
    page.keyboard.type("Travail en progrès, e et s compris.")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    name(page, "Chevalier Noé")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[name=why]")).to_have_value("Travail en progrès, e et s compris.")
    assert candidates.lines(site.cohort.id, session, TODAY)[1].reason == "Travail en progrès, e et s compris."
    # A dictated letter does nothing once the shortcuts are off.
    page.uncheck("#shortcuts")
    page.locator("#candidat").focus()
    page.keyboard.press("e")
    expect(page.locator("[name=why]")).not_to_be_focused()
    page.check("#shortcuts")


def test_after_a_crash_the_session_is_taken_up_at_the_same_candidate(site: Site, session: int) -> None:
    page = enter(site, session)
    page.keyboard.press("j")
    saved(page, "ajourné·e")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    name(page, "Chevalier Noé")
    site.contexts.remove(page.context)
    page.context.close()
    again = enter(site, session)
    name(again, "Chevalier Noé")
    again.keyboard.press("PageUp")
    again.keyboard.press("PageUp")
    name(again, "Arnaud Inès")
    saved(again, "ajourné·e")


def test_keys_pressed_ahead_of_the_answers_are_kept_in_order(site: Site, session: int) -> None:
    page = enter(site, session)
    site.delay = 0.3
    try:
        for key in ("a", "ArrowRight", "j", "ArrowRight", "d"):
            page.keyboard.press(key)
        name(page, "Chevalier Noé")
        saved(page, "défaillant·e")
    finally:
        site.delay = 0.0
    assert [line[0] for line in decided(site, session)][:3] == ["admitted", "adjourned", "defaulted"]


def test_two_screens_follow_one_another_and_lose_nothing_typed(site: Site, session: int) -> None:
    keyboard, projector = enter(site, session), enter(site, session, **PROJECTOR)
    keyboard.keyboard.press("a")
    saved(projector, "admis·e")
    assert heard(projector)[-1].endswith("Décision : admis·e.")
    keyboard.keyboard.press("ArrowRight")
    name(projector, "Bernard Théo")
    assert heard(projector)[-1].startswith("Bernard Théo, 2 sur 6.")
    assert projector.url.endswith(f"{site.cohort.participants[1]}/")
    # Somebody types at the second screen: the first goes on without it.
    projector.locator("textarea[name=remark]").fill("Une remarque en cours")
    keyboard.keyboard.press("ArrowRight")
    name(keyboard, "Chevalier Noé")
    expect(projector.locator("#seance-elsewhere")).to_be_visible()
    name(projector, "Bernard Théo")
    expect(projector.locator("textarea[name=remark]")).to_have_value("Une remarque en cours")
    reads_well(projector)
    projector.keyboard.press("Escape")
    projector.keyboard.press("j")
    saved(projector, "ajourné·e")
    # Who acts leads: the other comes to the candidate that was decided.
    name(keyboard, "Bernard Théo")
    saved(keyboard, "ajourné·e")
    expect(keyboard.locator("textarea[name=remark]")).to_have_value("Une remarque en cours")


def test_a_proposal_that_moves_while_the_jury_looks_is_shown_and_heard(site: Site, session: int) -> None:
    page, who = enter(site, session), site.cohort.participants[0]
    name(page, "Arnaud Inès")
    page.locator("textarea[name=remark]").fill("En cours")
    jury.change(AUTHOR, who, {"grade-RSV207": "9,75"})
    try:
        expect(page.locator("#candidat ~ table")).to_contain_text("9,75, au-dessous de 10")
        page.wait_for_function("window.heard.at(-1).includes('RSV207')")
        assert heard(page)[-1].startswith("Arnaud Inès, 1 sur 6. Proposition : ajourné·e. RSV207 : 9,75")
        assert len(heard(page)) == 2
        expect(page.locator("textarea[name=remark]")).to_have_value("En cours")
        expect(page.locator("textarea[name=remark]")).to_be_focused()
    finally:
        jury.change(AUTHOR, who, PASSED)


def test_a_decision_that_another_screen_took_meanwhile_is_said(site: Site, session: int) -> None:
    page = enter(site, session)
    # The other screen decides between two looks of this one.
    page.route("**/seance/*/", lambda route: route.abort() if route.request.method == "GET" else route.continue_())
    candidates.decide(AUTHOR, session, site.cohort.participants[0], {"decision": "resit"})
    page.keyboard.press("a")
    expect(page.locator(".error")).to_contain_text("un autre écran a mis « rattrapage »")
    saved(page, "rattrapage")
    assert decided(site, session)[0][0] == "resit"


def test_a_decision_taken_offline_is_kept_and_sent_once_the_connection_is_back(site: Site, session: int) -> None:
    page = enter(site, session)
    page.context.set_offline(True)
    page.keyboard.press("j")
    expect(page.locator("body")).to_have_class("offline")
    expect(page.locator(".act-box")).to_have_class("act-box unsent")
    assert decided(site, session)[0][0] == ""
    page.context.set_offline(False)
    saved(page, "ajourné·e")
    assert decided(site, session)[0][0] == "adjourned"


def test_letters_do_nothing_once_somebody_turns_them_off(site: Site, session: int) -> None:
    page = enter(site, session)
    page.get_by_label("Raccourcis d'une touche").uncheck()
    page.locator("#candidat").focus()
    page.keyboard.press("a")
    page.keyboard.press("ArrowRight")
    name(page, "Bernard Théo")
    page.reload()
    expect(page.get_by_label("Raccourcis d'une touche")).not_to_be_checked()
    assert decided(site, session)[0][0] == ""


def test_everything_works_without_javascript(site: Site, session: int) -> None:
    page = enter(site, session, java_script_enabled=False)
    name(page, "Arnaud Inès")
    page.get_by_role("button", name="ajourné·e").click()
    expect(page.locator(".flash")).to_contain_text("ajourné·e, enregistré")
    page.get_by_role("button", name="rattrapage").click()
    expect(page.locator(".why .error")).to_contain_text("indiquez le motif")
    page.locator("[name=reason]").fill("Erreur de lecture.")
    page.get_by_role("button", name="Enregistrer le changement").click()
    expect(page.locator("form.deciding [aria-pressed=true]")).to_contain_text("rattrapage")
    page.locator("textarea[name=remark]").fill("Vu.")
    page.get_by_role("button", name="Suivant →").click()
    name(page, "Bernard Théo")
    line = candidates.lines(site.cohort.id, session, TODAY)[0]
    assert (line.decision, line.reason, line.remark) == ("resit", "Erreur de lecture.", "Vu.")


def test_the_session_is_closed_by_keyboard_once_nothing_prevents_it(site: Site, session: int) -> None:
    for who in site.cohort.participants:
        candidates.step_out(AUTHOR, session, who, TUTORS[0])
        candidates.decide(AUTHOR, session, who, {"decision": "admitted"})
    page = site.open(f"{site.root}/jury/deliberations/{session}/cloture/")
    expect(page.locator("#manque li")).to_have_count(3)
    reads_well(page)
    everybody_there(session)
    page.reload()
    expect(page.locator("#manque")).to_have_count(0)
    page.get_by_role("button", name="Clore et sceller le procès-verbal").press("Enter")
    expect(page.locator("h1")).to_contain_text("PV-2025-0001")
    assert [one.number for one in minutes.listed(site.cohort.id)] == ["PV-2025-0001"]
    assert len(jury_members.named(session)) == 3
    # The pages of a jury fit a phone.
    page.set_viewport_size(NARROW)
    for path in ("", f"{session}/", f"{session}/correction/"):
        page.goto(f"{site.root}/jury/deliberations/{path}")
        reads_well(page)
