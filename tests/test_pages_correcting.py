"""A mark corrected on the page of a module or of a person: the ladder of the roster's own form."""

from datetime import timedelta

import pytest
from flask import Flask

from store import calendar, people, rolls, rosters
from store.journal import Author
from store.models import JournalEntry, Roll
from store.models.base import now
from tests.pages import HTMX, fields, make_app, sign_in
from tests.sync_bench import Cohort, make_cohort

COLLEAGUE = Author("Collègue", "page")


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Away:
    """One mark as the page of a module or of a person opens it."""

    def __init__(self, app: Flask, cohort: Cohort, view: str, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.who, self.half_day = cohort.participants[0], list(rosters.types(cohort.id))[0]
        self.root = f"/promotions/{cohort.code}"
        page = {"module": "modules/1", "personne": f"participants/{self.who}"}[view]
        self.url = f"{self.root}/{page}/presences/"
        self.opened = f"{self.url}?marque={self.who}.{self.half_day}"

    def form(self) -> dict[str, str]:
        return fields(self.client.get(self.opened).text, f'id="ligne-{self.who}-{self.half_day}"')

    def mark(self, status: str, minutes: str = "", htmx: bool = False, **more: str):
        form = {**self.form(), "status": status, "minutes": minutes, **more}
        target = f"{self.root}/seances/{self.half_day}/presences/{self.who}"
        return self.client.post(target, data=form, headers=HTMX if htmx else {})

    def recorded(self) -> str:
        return rosters.snapshot(self.cohort.id)[self.who][self.half_day]


@pytest.fixture(params=["module", "personne"])
def away(app: Flask, cohort: Cohort, request: pytest.FixtureRequest) -> Away:
    return Away(app, cohort, request.param)


def test_each_mark_of_the_page_opens_and_nothing_is_open_before(away: Away) -> None:
    page = away.client.get(away.url).text
    assert f'href="{away.url}?marque={away.who}.{away.half_day}#correction"' in page
    assert 'name="status"' not in page
    assert 'name="status"' in away.client.get(away.opened).text


def test_without_javascript_a_mark_is_corrected_and_seen_saved(away: Away) -> None:
    answer = away.mark("late", "15")
    assert (answer.status_code, answer.location) == (303, f"{away.opened}#correction")
    assert away.recorded() == "R 15"
    page = away.client.get(answer.location).text
    assert 'value="late" data-minutes checked' in page
    assert "✓" in page
    assert f"/historique/mark/{away.who}/?champ={away.half_day}" in page
    assert JournalEntry.select().where(JournalEntry.after == "R 15", JournalEntry.door == "page").count() == 1


def test_with_htmx_the_line_alone_comes_back(away: Away) -> None:
    answer = away.mark("absent", htmx=True)
    assert answer.status_code == 200
    assert answer.text.count("<li") == 1
    assert f'id="ligne-{away.who}-{away.half_day}"' in answer.text
    assert away.recorded() == "A"


def test_a_correction_is_taken_back_where_it_was_made(away: Away) -> None:
    away.mark("absent")
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get().id
    assert f'name="undo" value="{entry}"' in away.client.get(away.opened).text
    assert away.mark("", undo=str(entry)).status_code == 303
    assert away.recorded() == ""


@pytest.mark.parametrize(("status", "minutes"), [("late", ""), ("late", "abc"), ("left_early", "599"), ("bogus", "")])
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_refused_is_said_there_and_kept_as_typed(away: Away, status: str, minutes: str, htmx: bool) -> None:
    answer = away.mark(status, minutes, htmx)
    assert answer.status_code == 422
    assert f'value="{minutes}" aria-invalid="true"' in answer.text
    assert away.recorded() == ""


def test_somebody_quicker_is_told_and_not_covered(away: Away) -> None:
    form = away.form()
    rosters.change(COLLEAGUE, away.who, {away.half_day: "AJ"})
    answer = away.mark("absent", seen=form["seen"])
    assert answer.status_code == 409
    assert "Entre-temps" in answer.text
    assert away.recorded() == "AJ"


def test_a_locked_roll_is_shown_with_the_way_to_open_it_again(away: Away) -> None:
    form = away.form()
    rolls.close(COLLEAGUE, away.half_day, 99)
    Roll.update(closed_at=now() - timedelta(days=60)).execute()
    page = away.client.get(away.opened).text
    assert "verrouillé depuis" in page
    assert f'href="{away.root}/seances/{away.half_day}/#reopen-{away.half_day}"' in page
    assert 'value="absent" disabled' in page
    answer = away.mark("absent", **form)
    assert answer.status_code == 422
    assert "verrouillé" in answer.text
    assert away.recorded() == ""


@pytest.mark.parametrize("role", ["reader", "tutor", "juror"])
def test_who_only_reads_opens_no_mark(app: Flask, cohort: Cohort, role: str) -> None:
    for view in ("module", "personne"):
        away = Away(app, cohort, role=role, view=view)
        for address in (away.url, away.opened):
            page = away.client.get(address)
            assert page.status_code == 200
            assert 'name="status"' not in page.text
            assert "?marque=" not in page.text


def test_a_mark_of_another_cohort_or_of_nothing_is_not_found(app: Flask, cohort: Cohort, away: Away) -> None:
    other = make_cohort("AUTRE-2025")
    elsewhere = list(rosters.types(other.id))[0]
    for key in (f"{other.participants[0]}.{away.half_day}", f"{away.who}.{elsewhere}", "X.Y", away.who, f"{away.who}."):
        assert away.client.get(f"{away.url}?marque={key}").status_code == 404


def test_an_open_page_keeps_the_mark_that_it_has_open(away: Away) -> None:
    answer = away.client.get(f"{away.opened}&v=999", headers=HTMX)
    assert f'id="ligne-{away.who}-{away.half_day}"' in answer.text
    assert away.client.get(f"{away.opened}&v={people.version(away.cohort.id)}", headers=HTMX).status_code == 204


def test_a_page_that_says_what_was_refused_stays_a_page_of_its_own(away: Away) -> None:
    page = away.mark("late", "").text
    assert f'hx-get="{away.url}"' in page
    assert f'<a href="{away.url}" data-close>' in page
    assert f'href="{away.url}?marque={away.who}.{away.half_day}#correction"' in page


def test_a_mark_of_another_module_or_of_another_person_is_not_on_this_page(away: Away) -> None:
    elsewhere, other = away.cohort.half_days[1], away.cohort.participants[1]
    calendar.change(COLLEAGUE, elsewhere, {"module": "2"})
    key = f"{away.who}.{elsewhere}" if "modules" in away.url else f"{other}.{away.half_day}"
    assert away.client.get(f"{away.url}?marque={key}").status_code == 404


def test_a_page_left_open_goes_on_without_a_mark_that_is_no_more(app: Flask, cohort: Cohort) -> None:
    away = Away(app, cohort, "module")
    people.remove(COLLEAGUE, away.who)
    assert away.client.get(away.opened).status_code == 404
    answer = away.client.get(f"{away.opened}&v=1", headers=HTMX)
    assert answer.status_code == 200
    assert 'name="status"' not in answer.text
    assert away.cohort.participants[1] in answer.text


@pytest.mark.parametrize("status", ["absent", "late"])
def test_a_half_day_that_left_its_module_meanwhile_is_shown_on_its_roster(
    app: Flask, cohort: Cohort, status: str
) -> None:
    away = Away(app, cohort, "module")
    form = away.form()
    calendar.change(COLLEAGUE, away.half_day, {"module": ""})
    answer = away.client.post(
        f"{away.root}/seances/{away.half_day}/presences/{away.who}", data={**form, "status": status, "minutes": ""}
    )
    if status == "late":
        assert answer.status_code == 422
        assert 'id="roster"' in answer.text
        return
    assert (answer.status_code, away.recorded()) == (303, "A")
    assert away.client.get(answer.location.split("#")[0]).status_code == 200


def test_marks_open_within_the_queries_of_a_page(away: Away, count_queries) -> None:
    away.client.get(away.url)
    for address in (away.url, away.opened):
        with count_queries(14):
            away.client.get(address)
