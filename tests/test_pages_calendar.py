"""The calendar: its lines, its control totals, half-days moved in place, two people on one half-day."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import calendar, people, rosters
from store.models import Cohort as CohortTable
from store.models import JournalEntry
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Calendar:
    """The page of a calendar as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.url = cohort, f"/promotions/{cohort.code}/seances/"
        self.first = next(iter(calendar.snapshot(cohort.id)))
        self.html = self.client.get(self.url).text

    def form(self) -> dict[str, str]:
        html = self.client.get(f"{self.url}?modifier={self.first}", headers=HTMX).text
        return line_form(html, "id", f"ligne-{self.first}")

    def send(self, htmx: bool = True, form: dict[str, str] | None = None, confirm: bool = True, **values: str):
        """Send the form, and again once it has said who a move affects, unless `confirm` is false."""
        headers, address = HTMX if htmx else {}, f"{self.url}{self.first}/modifier"
        data = (form or self.form()) | values
        answer = self.client.post(address, data=data, headers=headers)
        asked = re.search('name="confirmed" value="([^"]+)"', answer.text)
        if not confirm or not asked:
            return answer
        return self.client.post(address, data=data | {"confirmed": asked[1]}, headers=headers)

    def stored(self) -> dict[str, str]:
        return calendar.snapshot(self.cohort.id)[self.first]


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Calendar:
    return Calendar(app, cohort)


def test_half_days_stand_under_their_month_with_their_roster(page: Calendar, count_queries) -> None:
    with count_queries(12):
        html = page.client.get(page.url).text
    assert html.index("Janvier 2025") < html.index("lun. 20/01/2025") < html.index("Février 2025")
    assert "9h30–12h30" in html
    assert "Site Saint-Martin" in html
    assert f'href="{page.url}{page.first}/"' in html
    assert "0/6" in html
    rosters.mark(AUTHOR, page.cohort.participants[0], page.first, "present", "")
    assert "1/6" in page.client.get(page.url).text


def test_a_half_day_without_date_stands_under_what_replaces_it(app: Flask, cohort: Cohort) -> None:
    for period in ("Semaine 3 / décembre 2020", "Regroupement 1 / jour 2"):
        calendar.create(AUTHOR, cohort.id, {"kind": "course", "period": period}, 180)
    html = Calendar(app, cohort).html
    assert 'scope="colgroup">Décembre 2020<' in html
    assert 'scope="colgroup">Regroupement 1<' in html


def test_without_dates_the_order_of_the_programme_counts(cohort: Cohort) -> None:
    made = [
        calendar.create(AUTHOR, cohort.id, {"kind": "course", "period": f"Semaine {week}", "start": start, "end": end})
        for week in (1, 2)
        for start, end in (("9h30", "12h30"), ("14h", "17h"))
    ]
    assert [row[0] for row in calendar.half_days(cohort.id)][-4:] == made


def test_moving_a_half_day_keeps_its_old_date(page: Calendar) -> None:
    answer = page.send(day="mercredi 22 janvier 2025", start="10h", place="21.2.33", teachers="Laurent Fraisse")
    assert answer.status_code == 200
    assert "mer. 22/01/2025" in answer.text
    assert "déplacée du 20/01/2025" in answer.text
    stored = page.stored()
    assert (stored["day"], stored["start"], stored["end"]) == ("2025-01-22", "10:00", "12:30")
    assert calendar.half_day(page.cohort.id, page.first)["minutes"] == 150
    entry = JournalEntry.get((JournalEntry.field == "day") & (JournalEntry.author == "Coordinator"))
    assert (entry.before, entry.after) == ("2025-01-20", "2025-01-22")


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("day", "31/02/2025", "au calendrier"),
        ("day", "", "Indiquez une date"),
        ("end", "8h", "doit venir après son début"),
        ("end", "", "ou aucune des deux"),
        ("place", "45.1.1", "existe pas"),
        ("kind", "fête", "dans la liste"),
        ("module", "99", "dans la liste"),
    ],
)
def test_a_refused_value_keeps_what_was_typed_and_changes_nothing(
    page: Calendar, field: str, typed: str, told: str
) -> None:
    before = page.stored()
    answer = page.send(teachers="Laurent Fraisse", **{field: typed})
    assert answer.status_code == 422
    assert told in answer.text
    form = line_form(answer.text, "id", f"ligne-{page.first}")
    assert form["teachers"] == "Laurent Fraisse"
    if field not in ("kind", "module"):
        assert form[field] == typed
    assert page.stored() == before


def test_two_people_on_one_half_day_the_second_is_told(page: Calendar) -> None:
    form = page.form()
    calendar.change(AUTHOR, page.first, {"start": "09:00"})
    answer = page.send(form=form, start="10h")
    assert answer.status_code == 409
    assert "« Début » est devenu « 9h »" in answer.text
    again = line_form(answer.text, "id", f"ligne-{page.first}")
    assert (again["start"], again["seen-start"]) == ("10h", "9h")
    assert page.stored()["start"] == "09:00"
    assert page.send(form=again).status_code == 200
    assert page.stored()["start"] == "10:00"


def test_two_people_on_two_values_of_one_half_day_both_stay(page: Calendar) -> None:
    form = page.form()
    calendar.change(AUTHOR, page.first, {"place": "21.2.34"})
    assert page.send(form=form, teachers="Laurent Fraisse").status_code == 200
    stored = page.stored()
    assert (stored["place"], stored["teachers"]) == ("21.2.34", "Laurent Fraisse")


def test_a_form_sent_twice_changes_things_once(page: Calendar) -> None:
    form = page.form()
    assert page.send(form=form, teachers="Laurent Fraisse").status_code == 200
    calendar.change(AUTHOR, page.first, {"teachers": ""})
    assert page.send(form=form, teachers="Laurent Fraisse").status_code == 200
    assert page.stored()["teachers"] == ""


def test_without_javascript_the_page_opens_one_line_and_comes_back_to_it(page: Calendar) -> None:
    html = page.client.get(f"{page.url}?modifier={page.first}").text
    assert "<!doctype html>" in html
    assert html.count('class="edit"') == 1
    form = line_form(html, "id", f"ligne-{page.first}")
    refused = page.send(htmx=False, form=form, day="demain")
    assert refused.status_code == 422
    assert "<!doctype html>" in refused.text
    assert 'value="demain"' in refused.text
    answer = page.send(htmx=False, form=form, day="22/01/2025")
    assert (answer.status_code, answer.location) == (303, f"{page.url}#ligne-{page.first}")
    assert page.stored()["day"] == "2025-01-22"


def test_giving_up_brings_the_line_back(page: Calendar) -> None:
    answer = page.client.get(f"{page.url}?ligne={page.first}", headers=HTMX)
    assert answer.text.lstrip().startswith("<tr")
    assert "<form" not in answer.text


def test_a_half_day_of_another_cohort_is_not_found(page: Calendar) -> None:
    other = make_cohort("AUTRE-2025").half_days[0]
    data = page.form()
    for key in (other, "S-NOBODY22"):
        assert page.client.post(f"{page.url}{key}/modifier", data=data).status_code == 404
        assert page.client.get(f"{page.url}?modifier={key}", headers=HTMX).status_code == 404
    assert page.client.get("/promotions/NOWHERE/seances/").status_code == 404


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_others_read_and_cannot_open_a_line(app: Flask, page: Calendar, role: str) -> None:
    seen = Calendar(app, page.cohort, role)
    assert "modifier" not in seen.html.lower().replace("modifiée", "")
    for headers in (HTMX, {}):
        assert 'class="edit"' not in seen.client.get(f"{page.url}?modifier={page.first}", headers=headers).text
    data = page.form() | {"csrf_token": csrf(seen.html), "day": "22/01/2025"}
    assert seen.client.post(f"{page.url}{page.first}/modifier", data=data).status_code == 403
    assert page.stored()["day"] == "2025-01-20"


def test_a_wrong_total_is_said_with_its_difference(page: Calendar) -> None:
    CohortTable.update(expected_totals='{"minutes": 840, "by_kind": {"course": 840}}').execute()
    assert "conformes au document" in page.client.get(page.url).text
    assert page.send(end="12h").status_code == 200
    html = plain(page.client.get(page.url).text)
    assert "heures, total : 13 h 30 au calendrier, 14 h annoncées (-30 min)." in html
    assert "heures, cours : 13 h 30 au calendrier, 14 h annoncées (-30 min)." in html


def test_an_open_page_is_told_only_of_what_moved(page: Calendar) -> None:
    version = people.version(page.cohort.id)
    assert page.client.get(f"{page.url}?v={version}", headers=HTMX).status_code == 204
    calendar.change(AUTHOR, page.first, {"teachers": "Laurent Fraisse"})
    assert "Laurent Fraisse" in page.client.get(f"{page.url}?v={version}", headers=HTMX).text


def test_what_is_typed_is_never_markup(page: Calendar) -> None:
    answer = page.send(place='<script>alert(1)</script>"x')
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_longest_calendar_stays_light(app: Flask, filled: str, count_queries) -> None:
    client = sign_in(app, "coordinator")
    with count_queries(12):
        html = client.get("/promotions/MOVSC-2021/seances/").text
    assert html.count('id="ligne-') == 156
    assert "conformes au document" in html
    assert len(gzip.compress(html.encode(), 4)) < 40_000
