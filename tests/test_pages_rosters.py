"""The roster of a half-day and the attendance grid: the ladder of every page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from store import db, rosters
from store.journal import Author
from store.models import Cohort as CohortRow
from store.models import JournalEntry, Mark
from store.models.base import now
from tests.pages import HTMX, csrf, fields, make_app, sign_in
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Roster:
    """One roster as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator", place: int = 0) -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.half_day = list(rosters.types(cohort.id))[place]
        self.url = f"/promotions/{cohort.code}/seances/{self.half_day}/"
        self.html = self.client.get(self.url).text
        self.who = next(iter(rosters.snapshot(cohort.id)))

    def form(self, who: str = "") -> dict[str, str]:
        return fields(self.html, f'data-participant="{who or self.who}"')

    def mark(self, status: str, minutes: str = "", htmx: bool = True, who: str = "", **more: str):
        form = {**self.form(who), "status": status, "minutes": minutes, **more}
        target = f"{self.url}presences/{who or self.who}"
        return self.client.post(target, data=form, headers=HTMX if htmx else {})

    def recorded(self, who: str = "") -> str:
        return rosters.snapshot(self.cohort.id)[who or self.who][self.half_day]


@pytest.fixture
def roster(app: Flask, cohort: Cohort) -> Roster:
    return Roster(app, cohort)


@pytest.mark.parametrize(
    ("status", "minutes", "cell"),
    [
        ("present", "", "P"),
        ("late", "15", "R 15"),
        ("left_early", " 30 ", "D 30"),
        ("absent", "", "A"),
        ("justified", "", "AJ"),
        ("remote", "", "V"),
        ("absent", "15", "A"),
    ],
)
def test_a_mark_is_saved_and_its_line_comes_back(roster: Roster, status: str, minutes: str, cell: str) -> None:
    answer = roster.mark(status, minutes)
    assert answer.status_code == 200
    assert f'data-participant="{roster.who}"' in answer.text
    assert answer.text.count("<li") == 1
    assert roster.recorded() == cell
    assert JournalEntry.select().where(JournalEntry.after == cell, JournalEntry.door == "page").count() == 1


def test_a_mark_can_be_taken_back_to_not_recorded(roster: Roster) -> None:
    roster.mark("absent")
    roster.html = roster.client.get(roster.url).text
    assert roster.mark("").status_code == 200
    assert roster.recorded() == ""


@pytest.mark.parametrize(
    ("status", "minutes", "words"),
    [
        ("late", "", "Indiquez le nombre de minutes"),
        ("late", "abc", "abc"),
        ("late", "-5", "-5"),
        ("late", "١٥", "١٥"),
        ("late", "100000", "minutes"),
        ("left_early", "599", "dépasse la durée"),
        ("bogus", "", "bogus"),
    ],
)
def test_a_wrong_value_is_refused_in_place_and_kept_as_typed(
    roster: Roster, status: str, minutes: str, words: str
) -> None:
    for htmx in (True, False):
        answer = roster.mark(status, minutes, htmx=htmx)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{minutes}"' in answer.text
        assert 'role="alert"' in answer.text
    assert roster.recorded() == ""
    assert Mark.select().count() == 0


def test_without_javascript_the_form_goes_back_to_its_line(roster: Roster) -> None:
    answer = roster.mark("absent", htmx=False)
    assert answer.status_code == 303
    assert answer.location.endswith(f"#ligne-{roster.who}")
    page = roster.client.get(answer.location).text
    line = page[page.index(f'data-participant="{roster.who}"') :]
    assert 'value="absent" checked' in line[: line.index("</li>")]


def test_the_same_form_sent_twice_changes_things_once(roster: Roster) -> None:
    roster.mark("absent")
    rosters.change(Author("Collègue", "page"), roster.who, {roster.half_day: "P"})
    assert roster.mark("absent").status_code == 200
    assert roster.recorded() == "P"


def test_two_people_on_one_line_the_second_is_told_and_nothing_is_lost(roster: Roster) -> None:
    rosters.change(Author("Collègue", "page"), roster.who, {roster.half_day: "AJ"})
    for htmx in (True, False):
        answer = roster.mark("present", htmx=htmx)
        assert answer.status_code == 409
        assert "absence justifiée" in answer.text
        assert roster.recorded() == "AJ"


def test_two_people_on_two_lines_both_are_saved_at_once(app: Flask, cohort: Cohort) -> None:
    first, second = Roster(app, cohort), Roster(app, cohort, "admin")
    other = list(rosters.snapshot(cohort.id))[1]

    def click(who: str, roster: Roster) -> int:
        with db.connection():
            return roster.mark("absent", who=who).status_code

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(click, (first.who, other), (first, second)))
    assert codes == [200, 200]
    assert (first.recorded(), first.recorded(other)) == ("A", "A")


@pytest.mark.parametrize("role", ["reader", "juror", "tutor"])
def test_no_right_to_mark(app: Flask, cohort: Cohort, role: str) -> None:
    roster = Roster(app, cohort, role)
    assert "disabled" in roster.html
    answer = roster.mark("absent", csrf_token=csrf(roster.html))
    assert answer.status_code == 403
    assert "Votre rôle ne permet pas" in answer.text
    assert roster.recorded() == ""


def test_another_cohorts_objects_are_not_found(app: Flask, cohort: Cohort) -> None:
    roster = Roster(app, cohort)
    other = make_cohort("AUTRE-2025", 2)
    stranger, elsewhere = next(iter(rosters.snapshot(other.id))), next(iter(rosters.types(other.id)))
    token = {"csrf_token": csrf(roster.html), "status": "absent"}
    root = f"/promotions/{cohort.code}/seances"
    for path in (f"{root}/{roster.half_day}/presences/{stranger}", f"{root}/{elsewhere}/presences/{roster.who}"):
        assert roster.client.post(path, data=token, headers=HTMX).status_code == 404
    assert roster.client.get(f"{root}/{elsewhere}/").status_code == 404
    assert Mark.select().count() == 0


@pytest.mark.parametrize("path", ["/promotions/RIEN/seances/S-X/", "/promotions/TEST-2025/seances/S-NONE/"])
def test_unknown_objects_are_not_found(roster: Roster, path: str) -> None:
    answer = roster.client.get(path)
    assert answer.status_code == 404
    assert "n'existe pas" in answer.text.replace("&#39;", "'")


def test_signed_out_a_page_asks_to_sign_in_and_htmx_is_sent_there(app: Flask, roster: Roster) -> None:
    stranger = app.test_client()
    answer = stranger.get(roster.url)
    assert answer.status_code == 303
    assert "/connexion?suite=" in answer.location
    poll = stranger.get(roster.url, headers=HTMX)
    assert poll.status_code == 401
    assert "/connexion" in poll.headers["HX-Redirect"]


def test_a_form_without_its_token_is_refused_in_words(roster: Roster) -> None:
    answer = roster.mark("absent", csrf_token="forged")
    assert answer.status_code == 400
    assert "rechargez" in answer.text
    assert roster.recorded() == ""


def test_an_open_page_hears_nothing_until_something_moves(roster: Roster) -> None:
    version = roster.html.split('data-version="')[1].split('"')[0]
    poll = f"{roster.url}?v={version}"
    assert roster.client.get(poll, headers=HTMX).status_code == 204
    rosters.change(Author("Collègue", "page"), roster.who, {roster.half_day: "A"})
    answer = roster.client.get(poll, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_page_left_open_goes_on_saying_that_somebody_looks(roster: Roster) -> None:
    long_ago = now() - timedelta(hours=1)
    version = roster.html.split('data-version="')[1].split('"')[0]
    CohortRow.update(viewed_at=long_ago).execute()
    assert roster.client.get(f"{roster.url}?v={version}", headers=HTMX).status_code == 204
    assert CohortRow.get_by_id(roster.cohort.id).viewed_at > long_ago + timedelta(minutes=59)


def test_the_grid_shows_the_marks_and_what_the_rule_makes_of_them(roster: Roster) -> None:
    url = f"/promotions/{roster.cohort.code}/presences/"
    before = roster.client.get(url).text
    assert f'data-participant="{roster.who}"' in before
    everything = dict.fromkeys(rosters.types(roster.cohort.id), "A")
    rosters.change(Author("Collègue", "page"), roster.who, everything)
    after = roster.client.get(url).text
    line = after[after.index(f'data-participant="{roster.who}"') :].split("</tr>")[0]
    assert "défaillant·e" in line
    assert line.count('class="c A"') == len(everything)


def test_a_roster_costs_few_queries(roster: Roster, count_queries) -> None:
    for path in (roster.url, f"/promotions/{roster.cohort.code}/presences/"):
        with count_queries(12):
            assert roster.client.get(path).status_code == 200


def test_a_form_without_a_status_erases_nothing(roster: Roster) -> None:
    roster.mark("absent")
    form = roster.form()
    for htmx in (HTMX, {}):
        answer = roster.client.post(f"{roster.url}presences/{roster.who}", data=form, headers=htmx)
        assert answer.status_code == 400
        assert "incomplète" in answer.text
    assert roster.recorded() == "A"


@pytest.mark.parametrize("path", ["/promotions/%00/", "/promotions/TEST-2025/seances/%00/", "/journal/?promotion=%00"])
def test_a_null_character_in_an_address_is_refused_not_a_bug(roster: Roster, path: str) -> None:
    assert roster.client.get(path).status_code == 400


def test_a_null_character_in_a_form_is_refused_even_signed_out(app: Flask, roster: Roster) -> None:
    assert roster.mark("absent", form_key="a\0b").status_code == 400
    stranger = app.test_client()
    token = csrf(stranger.get("/connexion").text)
    data = {"csrf_token": token, "email": "a\0@exemple.fr", "password": "x"}
    assert stranger.post("/connexion", data=data).status_code == 400
    assert roster.recorded() == ""
