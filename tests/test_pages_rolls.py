"""Gestures on a whole roll, the day, the module and one participant's attendance: the ladder of every page."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask

from store import modules, people, presents, rolls, rosters
from store.journal import Author
from store.models import Enrolment, JournalEntry, Mark
from store.models.base import now
from tests.pages import HTMX, csrf, make_app, sign_in
from tests.sync_bench import Cohort, make_cohort

COLLEAGUE = Author("Nour Collègue", "page")


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Roll:
    """One half-day's roll as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort, self.half_day = sign_in(app, role), cohort, cohort.half_days[0]
        self.root = f"/promotions/{cohort.code}"
        self.url = f"{self.root}/seances/{self.half_day}/"
        self.day = f"{self.root}/seances/jour/2025-01-20/"
        self.token = csrf(self.client.get(self.url).text)

    def page(self, address: str = "") -> str:
        return unescape(self.client.get(address or self.url).text)

    def send(self, gesture: str, htmx: bool = True, **form: object):
        data = {"csrf_token": self.token, **form}
        return self.client.post(self.url + gesture, data=data, headers=HTMX if htmx else {})

    def cells(self) -> list[str]:
        return [row[self.half_day] for row in rosters.snapshot(self.cohort.id).values()]


@pytest.fixture
def roll(app: Flask, cohort: Cohort) -> Roll:
    return Roll(app, cohort)


def much_later(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now() + timedelta(days=30)
    monkeypatch.setattr(rolls, "now", lambda: moment)
    monkeypatch.setattr("blueprints.boards.now", lambda: moment)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_rest_present_says_how_many_and_can_be_taken_back(roll: Roll, htmx: bool) -> None:
    rosters.change(COLLEAGUE, roll.cohort.participants[0], {roll.half_day: "A"})
    answer = roll.send("presents", htmx)
    assert answer.status_code == (200 if htmx else 303)
    page = answer.text if htmx else roll.page()
    assert "5 lignes notées « présent·e »." in page
    assert roll.cells() == ["A", "P", "P", "P", "P", "P"]
    at = page.split('name="at" value="')[1].split('"')[0]
    answer = roll.send("presents/annuler", htmx, at=at)
    assert "5 lignes remises à « non relevé »." in (answer.text if htmx else roll.page())
    assert roll.cells() == ["A", "", "", "", "", ""]
    assert 'name="at"' not in roll.page()


def test_the_rest_present_sent_twice_changes_things_once(roll: Roll) -> None:
    roll.send("presents", form_key="the same")
    rosters.change(COLLEAGUE, roll.cohort.participants[1], {roll.half_day: ""})
    roll.send("presents", form_key="the same")
    assert roll.cells() == ["P", "", "P", "P", "P", "P"]


def test_nothing_left_to_mark_or_to_take_back_is_said(roll: Roll) -> None:
    roll.send("presents")
    assert "rien n'a changé" in unescape(roll.send("presents").text)
    assert "rien n'a été annulé" in unescape(roll.send("presents/annuler", at="2020-01-01T00:00:00").text)
    assert roll.cells() == ["P"] * 6


@pytest.mark.parametrize("at", ["", "hier", "2025-99-01"])
def test_a_moment_that_is_none_is_a_bad_request(roll: Roll, at: str) -> None:
    assert roll.send("presents/annuler", at=at).status_code == 400


@pytest.mark.parametrize("htmx", [True, False])
def test_closing_asks_about_lines_not_recorded(roll: Roll, htmx: bool) -> None:
    answer = roll.send("appel/terminer", htmx)
    assert answer.status_code == 422
    assert "Il reste 6 lignes non relevées" in answer.text
    assert "Terminer quand même" in answer.text
    assert f'hx-get="{roll.url}"' in answer.text
    answer = roll.send("appel/terminer", htmx, accepted=6)
    assert answer.status_code == (200 if htmx else 303)
    page = answer.text if htmx else roll.page()
    assert "Appel terminé par Coordinator" in page
    assert "modifiable jusqu'au" in page
    assert roll.cells() == [""] * 6


def test_a_line_taken_back_meanwhile_asks_again(roll: Roll) -> None:
    roll.send("presents")
    for who in roll.cohort.participants[:2]:
        rosters.change(COLLEAGUE, who, {roll.half_day: ""})
    answer = roll.send("appel/terminer", accepted=1)
    assert (answer.status_code, "Il reste 2 lignes" in answer.text) == (422, True)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_locked_roll_is_read_only_until_it_is_opened_with_a_reason(
    roll: Roll, htmx: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = roll.cohort.participants[0]
    rolls.close(COLLEAGUE, roll.half_day, 6)
    much_later(monkeypatch)
    page = roll.page()
    assert "verrouillé depuis" in page
    assert page.count("disabled") == 6 * 8
    assert "Tous présents" not in page
    form = {"status": "absent", "minutes": "", "seen": ""}
    for address in (f"presences/{who}", "presents"):
        answer = roll.send(address, htmx, **form)
        assert answer.status_code == 422
        assert "verrouillé depuis le" in answer.text
        assert "Nour Collègue" in answer.text
    answer = roll.send("appel/rouvrir", htmx, reason=" ")
    assert answer.status_code == 422
    assert "Dites en quelques mots pourquoi" in answer.text
    answer = roll.send("appel/rouvrir", htmx, reason="Feuille <retrouvée>")
    page = answer.text if htmx else roll.page()
    assert "« Feuille <retrouvée> »" in unescape(page)
    assert "<retrouvée>" not in roll.client.get(roll.url).text
    assert "disabled" not in page
    assert roll.send(f"presences/{who}", htmx, **form).status_code == (200 if htmx else 303)
    assert roll.cells()[0] == "A"


def test_what_a_roll_was_opened_again_for_stays_in_sight_once_it_is_closed_again(roll: Roll) -> None:
    for gesture in ("appel/terminer", "appel/rouvrir", "appel/terminer"):
        roll.send(gesture, accepted=6, reason="feuille relue")
    page = roll.page()
    assert "Appel terminé par" in page
    assert "« feuille relue »" in page


def test_a_roll_to_come_says_that_presences_do_not_count_yet(roll: Roll, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Demi-journée à venir" not in roll.page()
    monkeypatch.setattr("blueprints.htmx.today", lambda: date(2025, 1, 19))
    assert "Demi-journée à venir" in roll.page()
    assert "Demi-journée à venir" in roll.page(roll.day)


def test_a_reason_too_long_is_shown_again(roll: Roll) -> None:
    rolls.close(COLLEAGUE, roll.half_day, 6)
    answer = roll.send("appel/rouvrir", reason="x" * 501)
    assert answer.status_code == 422
    assert f'value="{"x" * 501}"' in answer.text


def test_the_journal_tells_the_life_of_a_roll_in_words(roll: Roll) -> None:
    roll.send("appel/terminer", accepted=6)
    roll.send("appel/rouvrir", reason="Feuille retrouvée")
    page = roll.page(f"/journal/?promotion={roll.cohort.code}")
    for words in ("appel", "terminé", "rouvert", "Motif", "Feuille retrouvée", "20/01/2025 9h30"):
        assert words in page, words


def test_a_mark_is_taken_back_from_its_line(roll: Roll) -> None:
    who = roll.cohort.participants[0]
    rosters.change(COLLEAGUE, who, {roll.half_day: "R 15"})
    entry, _before = presents.undoable(roll.cohort.id, roll.half_day)[who]
    form = {"status": "late", "minutes": "15", "seen": "R 15", "undo": entry}
    for htmx, status in ((True, 200), (False, 303)):
        answer = roll.send(f"presences/{who}", htmx, **form)
        assert answer.status_code == status
        form["seen"] = ""
    assert roll.cells()[0] == ""
    assert JournalEntry.select().where(JournalEntry.author == "Coordinator", JournalEntry.kind == "mark").count() == 1


def test_another_lines_entry_is_never_taken_back_here(roll: Roll) -> None:
    first, second = roll.cohort.participants[:2]
    rosters.change(COLLEAGUE, second, {roll.half_day: "A"})
    rosters.change(COLLEAGUE, first, {roll.cohort.half_days[1]: "A"})
    entries = [entry.id for entry in JournalEntry.select().where(JournalEntry.kind == "mark")]
    for entry in [*entries, 0, 10**12]:
        answer = roll.send(f"presences/{first}", status="", minutes="", undo=entry)
        assert answer.status_code == 404, entry
    assert Mark.select().count() == 2


def test_a_justified_absence_says_who_and_when_and_has_no_motive(roll: Roll) -> None:
    who = roll.cohort.participants[0]
    rosters.change(COLLEAGUE, who, {roll.half_day: "AJ"})
    for address in ("", f"{roll.root}/participants/{who}/presences/"):
        assert "justifiée par Nour Collègue, " in roll.page(address)
    assert 'name="motif"' not in roll.page()
    assert 'name="reason"' not in roll.page()


@pytest.mark.parametrize("gesture", ["presents", "presents/annuler", "appel/terminer", "appel/rouvrir"])
@pytest.mark.parametrize("role", ["reader", "juror", "tutor"])
def test_no_right_to_touch_the_roll(app: Flask, cohort: Cohort, role: str, gesture: str) -> None:
    rolls.close(COLLEAGUE, cohort.half_days[0], 6)
    roll = Roll(app, cohort, role)
    page = roll.page()
    for words in ("Tous présents", "Rouvrir", "Terminer"):
        assert words not in page
    assert roll.send(gesture, reason="x", at="2025-01-01T00:00:00").status_code == 403
    assert rolls.states(cohort.id, [roll.half_day])[roll.half_day].closed_by == "Nour Collègue"


def test_another_cohorts_roll_is_not_found(app: Flask, cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 2)
    roll = Roll(app, cohort)
    roll.url = f"{roll.root}/seances/{other.half_days[0]}/"
    for gesture in ("presents", "presents/annuler", "appel/terminer", "appel/rouvrir"):
        assert roll.send(gesture, reason="x", at="2025-01-01T00:00:00", accepted=9).status_code == 404
    for path in (f"participants/{other.participants[0]}/presences/", "participants/P-NONE/presences/",
                 "modules/99/presences/", "seances/jour/2025-01-21/", "seances/jour/demain/"):  # fmt: skip
        assert roll.client.get(f"{roll.root}/{path}").status_code == 404, path
    assert Mark.select().count() == 0


def test_a_day_shows_its_half_days_side_by_side_and_saves_each(roll: Roll) -> None:
    who, afternoon = roll.cohort.participants[0], roll.cohort.half_days[1]
    page = roll.page(roll.day)
    assert page.count(f'data-participant="{who}"') == 2
    for half_day in (roll.half_day, afternoon):
        assert f'id="ligne-{who}-{half_day}"' in page
    form = {"csrf_token": roll.token, "status": "late", "minutes": "20", "seen": "", "view": "jour"}
    target = f"{roll.root}/seances/{afternoon}/presences/{who}"
    answer = roll.client.post(target, data=form, headers=HTMX)
    assert f'id="ligne-{who}-{afternoon}"' in answer.text
    answer = roll.client.post(target, data=form | {"status": "absent", "minutes": "", "seen": "R 20"})
    assert answer.location == f"{roll.day}#ligne-{who}-{afternoon}"
    answer = roll.client.post(target, data=form | {"minutes": "999"})
    assert answer.status_code == 422
    assert 'value="999"' in answer.text
    assert f'hx-get="{roll.day}"' in answer.text
    assert rosters.held([who])[who] == {afternoon: "A"}
    assert roll.send("presents", htmx=False, view="jour").location == roll.day


def test_a_day_answers_204_until_something_moves(roll: Roll) -> None:
    version = roll.page(roll.day).split('data-version="')[1].split('"')[0]
    for address in (roll.day, f"{roll.root}/modules/1/presences/",
                    f"{roll.root}/participants/{roll.cohort.participants[0]}/presences/"):  # fmt: skip
        assert roll.client.get(f"{address}?v={version}", headers=HTMX).status_code == 204
        answer = roll.client.get(f"{address}?v=1", headers=HTMX)
        assert (answer.status_code, "<html" in answer.text) == (200, False)


def test_the_page_of_a_module_stands_under_presences(roll: Roll) -> None:
    assert f'href="{roll.root}/presences/" aria-current="page"' in roll.page(f"{roll.root}/modules/1/presences/")


def test_a_module_whose_number_holds_a_slash_has_its_page(roll: Roll) -> None:
    modules.add(COLLEAGUE, roll.cohort.id, {"number": "3/4 b", "title": "Deux en un"})
    page = roll.page(f"{roll.root}/presences/")
    [address] = re.findall(r'href="(/promotions/[^"]*/modules/3[^"]*)"', page)
    assert "Deux en un" in roll.page(address)


def test_a_module_shows_its_half_days_and_the_hours_missed_there(roll: Roll) -> None:
    first, second = roll.cohort.participants[:2]
    rosters.change(COLLEAGUE, first, {roll.half_day: "A", roll.cohort.half_days[2]: "AJ"})
    rosters.change(COLLEAGUE, second, {roll.half_day: "D 30"})
    page = roll.page(f"{roll.root}/modules/1/presences/")
    line = page[page.index(f'data-participant="{first}"') :].split("</tr>")[0]
    assert '<td class="num">6 h 30</td>' in line
    line = page[page.index(f'data-participant="{second}"') :].split("</tr>")[0]
    assert '<td class="num attended">2 h 30</td>' in line
    assert "1 abs. · 4 non rel." in page
    assert "n'a pas encore de demi-journée" in roll.page(f"{roll.root}/modules/2/presences/")


def test_a_participants_page_counts_and_links_every_half_day(roll: Roll) -> None:
    who = roll.cohort.participants[0]
    address = f"{roll.root}/participants/{who}/presences/"
    rosters.change(COLLEAGUE, who, {roll.half_day: "A"})
    page = roll.page(address)
    for half_day in roll.cohort.half_days:
        assert f"/seances/{half_day}/#ligne-{who}" in page
    # Three hours of fourteen are more than a fifth.
    for words in ("<dd>3 h</dd>", "<dd>2 h 48</dd>", "<dd>0 h</dd>", "Défaillant·e", "Source : 003", "non relevé"):
        assert words in page, words
    rosters.change(COLLEAGUE, who, {roll.half_day: "P"})
    assert "Défaillant·e :" not in roll.page(address)


def test_who_left_since_keeps_a_page_that_nobody_changes(roll: Roll) -> None:
    who = roll.cohort.participants[0]
    address = f"{roll.root}/participants/{who}/presences/"
    rosters.change(COLLEAGUE, who, {roll.half_day: "A"})
    people.remove(COLLEAGUE, who)
    page = roll.page(address)
    assert "absent·e" in page
    assert "retiré·e de la promotion" in page
    assert "marque=" not in page
    assert roll.client.get(f"{address}?marque={who}.{roll.half_day}").status_code == 200
    Enrolment.update(waiting=True).where(Enrolment.id == who).execute()
    assert roll.client.get(address).status_code == 404
    Enrolment.update(deleted_at=None).where(Enrolment.id == who).execute()
    assert roll.client.get(address).status_code == 404


def test_a_roster_names_who_was_there_and_left_since(roll: Roll) -> None:
    who, never = roll.cohort.participants[:2]
    rosters.change(COLLEAGUE, who, {roll.half_day: "R 15"})
    for gone in (who, never):
        people.remove(COLLEAGUE, gone)
    page = roll.page()
    assert "0 sur 4 relevé·es" in page
    assert f'data-participant="{who}"' not in page
    told = page[page.index("Retiré·es depuis") :].split("</p>")[0]
    assert f"{roll.root}/participants/{who}/presences/" in told
    assert "Arnaud Inès" in told
    assert "en retard, 15 min" in told
    assert never not in told
    assert "Retiré·es depuis" in roll.page(roll.day)
    assert "Retiré·es depuis" not in roll.page(f"{roll.root}/seances/{roll.cohort.half_days[1]}/")


def test_the_new_pages_are_linked(roll: Roll) -> None:
    who = roll.cohort.participants[0]
    person, module = f"participants/{who}/presences/", f"{roll.root}/modules/1/presences/"
    assert roll.day in roll.page()
    assert module in roll.page()
    assert person in roll.page(f"{roll.root}/presences/")
    assert person in roll.page(module)
    assert person in roll.page(f"{roll.root}/assiduite/")
    assert module in roll.page(f"{roll.root}/presences/")
    assert roll.day in roll.page(f"{roll.root}/seances/")


def test_those_waiting_are_in_no_roster(roll: Roll) -> None:
    waits = roll.cohort.participants[0]
    Enrolment.update(waiting=True).where(Enrolment.id == waits).execute()
    assert f'data-participant="{waits}"' not in roll.page()
    assert roll.send(f"presences/{waits}", status="absent").status_code == 404
    assert "5 lignes notées" in unescape(roll.send("presents").text)


def test_each_page_costs_few_queries(roll: Roll, count_queries) -> None:
    rosters.change(COLLEAGUE, roll.cohort.participants[0], {roll.half_day: "A"})
    rolls.close(COLLEAGUE, roll.half_day, 5)
    for address in (roll.url, roll.day, f"{roll.root}/modules/1/presences/",
                    f"{roll.root}/participants/{roll.cohort.participants[0]}/presences/"):  # fmt: skip
        with count_queries(14):
            assert roll.client.get(address).status_code == 200


def test_the_pages_of_a_cohort_without_anybody(app: Flask, database_url: str) -> None:
    cohort = make_cohort("VIDE-2025", 0)
    roll = Roll(app, cohort)
    for address in (roll.url, roll.day):
        assert "Personne n'est inscrit" in roll.page(address)
    assert roll.send("appel/terminer").status_code == 200

