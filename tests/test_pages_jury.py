"""The jury's page: grades and decisions cell by cell, two people on one dossier, and who must never see it."""

from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store import jury, people, rosters, unit_reports
from store.models import Decision, JournalEntry
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort

PASSED = {"grade-RSV206": "12", "grade-RSV207": "10", "grade-paper": "14,5"}


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Jury:
    """The page of the jury as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "juror") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.url = cohort, f"/promotions/{cohort.code}/jury/"
        self.html = self.client.get(self.url).text

    @property
    def who(self) -> str:
        return self.cohort.participants[0]

    def form(self, who: str = "") -> dict[str, str]:
        return line_form(self.html, "data-dossier", who or self.who)

    def send(self, values: dict[str, str], htmx: bool = True, who: str = ""):
        form = {**self.form(who), **values}
        return self.client.post(self.url + (who or self.who), data=form, headers=HTMX if htmx else {})

    def again(self) -> str:
        self.html = self.client.get(self.url).text
        return self.html

    def stored(self) -> dict[str, str]:
        return jury.snapshot(self.cohort.id)[self.who]


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Jury:
    return Jury(app, cohort)


def test_each_candidate_has_a_line_with_every_work_and_a_decision(page: Jury, count_queries) -> None:
    with count_queries(13):
        answer = page.client.get(page.url)
    assert answer.status_code == 200
    assert answer.text.count("data-dossier=") == 6
    assert {"grade-RSV206", "grade-RSV207", "grade-paper", "decision"} <= set(page.form())
    assert "003" in answer.text
    assert "pas de dépôt" in answer.text


@pytest.mark.parametrize("role", ["admin", "coordinator", "juror"])
def test_grades_and_the_decision_are_saved_cell_by_cell(app: Flask, cohort: Cohort, role: str) -> None:
    page = Jury(app, cohort, role)
    unit_reports.report(AUTHOR, page.who, "RSV207", "E. Bucolo", "Deux pages reprises")
    answer = page.send({"grade-RSV206": "14,5"})
    assert answer.status_code == 200
    assert answer.text.count("data-dossier=") == 1
    assert 'value="14,5"' in answer.text
    page.html = answer.text
    for typed, kept in {"abs": "ABS", "plag": "PLAG", "att": "ATT", "excusé": "EXC", "9.99": "9.99"}.items():
        answer = page.send({"grade-RSV207": typed})
        page.html = answer.text
        assert (answer.status_code, page.stored()["grade-RSV207"]) == (200, kept)
    assert page.stored()["grade-RSV206"] == "14.5"


def test_a_decision_says_who_and_stays_when_the_proposal_moves(page: Jury) -> None:
    page.send(PASSED)
    page.again()
    answer = page.send({"decision": "admitted"})
    assert "Juror" in answer.text
    assert '<span><b>1</b> admis·e</span>' in answer.text
    assert "hx-swap-oob" in answer.text
    assert "La proposition a changé depuis la décision" not in answer.text
    rosters.change(AUTHOR, page.who, dict.fromkeys(page.cohort.half_days, "A"))
    assert "La proposition a changé depuis la décision" in page.again()
    assert "défaillant·e : trop d'heures" in plain(page.html)
    assert "Heures : absent·e" in plain(page.html)
    assert page.form()["decision"] == "admitted"
    assert Decision.get().decision == "admitted"
    assert page.send({"decision": ""}).status_code == 200
    assert Decision.select().count() == 0


@pytest.mark.parametrize("typed", ["25", "-1", "14,555", "quatorze", "=1+1", '"><script>'])
def test_a_bad_grade_is_said_beside_its_cell_and_kept_as_typed(page: Jury, typed: str) -> None:
    answer = page.send({"grade-RSV206": typed, "grade-RSV207": "11"})
    assert answer.status_code == 422
    assert f'id="err-{page.who}-grade-RSV206"' in answer.text
    assert answer.text.count('class="error"') == 1
    assert "<script" not in answer.text
    assert line_form(answer.text, "data-dossier", page.who)["grade-RSV206"] == typed
    assert (page.stored()["grade-RSV206"], page.stored()["grade-RSV207"]) == ("", "11")
    assert page.send({"grade-RSV206": "20", "grade-RSV207": "11"}).status_code == 200
    assert page.stored()["grade-RSV206"] == "20"


def test_a_decision_that_does_not_exist_is_refused(page: Jury) -> None:
    assert page.send({"decision": "peut-être"}).status_code == 422
    assert Decision.select().count() == 0


def test_a_form_sent_twice_changes_things_once(page: Jury) -> None:
    page.send({"grade-RSV206": "12"})
    jury.change(AUTHOR, page.who, {"grade-RSV206": "13"})
    assert page.send({"grade-RSV206": "12"}).status_code == 200
    assert page.stored()["grade-RSV206"] == "13"
    assert JournalEntry.select().where(JournalEntry.kind == "dossier").count() == 2


def test_two_people_on_one_dossier_keep_their_own_cells(app: Flask, page: Jury) -> None:
    jury.change(AUTHOR, page.who, {"grade-RSV206": "14.5"})
    page.again()
    other = Jury(app, page.cohort, "coordinator")
    assert page.send({"grade-RSV206": "15"}).status_code == 200
    assert other.send({"grade-RSV207": "11"}).status_code == 200
    assert (page.stored()["grade-RSV206"], page.stored()["grade-RSV207"]) == ("15", "11")


def test_the_second_of_two_on_one_cell_is_told_and_may_keep_theirs(app: Flask, page: Jury) -> None:
    other = Jury(app, page.cohort, "coordinator")
    page.send({"grade-RSV206": "14,5"})
    answer = other.send({"grade-RSV206": "8"})
    assert answer.status_code == 409
    assert "« 14,5 »" in answer.text
    assert "« 8 »" in answer.text
    assert page.stored()["grade-RSV206"] == "14.5"
    other.html = answer.text
    assert other.send({"keep-grade-RSV206": "8"}).status_code == 200
    assert page.stored()["grade-RSV206"] == "8"


def test_a_decision_taken_meanwhile_is_not_overwritten(app: Flask, page: Jury) -> None:
    other = Jury(app, page.cohort, "admin")
    assert page.send({"decision": "adjourned"}).status_code == 200
    assert Decision.get().decision == "adjourned"
    answer = other.send({"decision": "admitted"}, htmx=False)
    assert answer.status_code == 409
    assert "<h1>" in answer.text
    assert "« ajourné·e »" in answer.text
    assert Decision.get().decision == "adjourned"


def test_without_javascript_a_line_is_saved_then_shown(page: Jury) -> None:
    answer = page.send({"grade-RSV206": "12"}, htmx=False)
    assert (answer.status_code, answer.location) == (303, f"{page.url}#ligne-{page.who}")
    page.html = page.client.get(answer.location).text
    assert page.form()["grade-RSV206"] == "12"
    wrong = page.send({"grade-RSV206": "120"}, htmx=False)
    assert wrong.status_code == 422
    assert "<h1>" in wrong.text
    assert wrong.text.count("data-dossier=") == 6
    assert line_form(wrong.text, "data-dossier", page.who)["grade-RSV206"] == "120"
    assert page.stored()["grade-RSV206"] == "12"


def test_an_open_page_hears_of_changes_only_when_there_are_some(page: Jury) -> None:
    version = people.version(page.cohort.id)
    assert page.client.get(f"{page.url}?v={version}", headers=HTMX).status_code == 204
    jury.change(AUTHOR, page.who, {"grade-RSV206": "17,25"})
    answer = page.client.get(f"{page.url}?v={version}", headers=HTMX)
    assert answer.status_code == 200
    assert "17,25" in answer.text
    assert "<html" not in answer.text


def test_a_candidate_of_another_cohort_or_nobody_is_not_found(page: Jury) -> None:
    other = make_cohort("AUTRE-2025")
    data = {"csrf_token": csrf(page.html), "grade-RSV206": "12"}
    for who in (other.participants[0], "P-NOWHERE"):
        assert page.client.post(page.url + who, data=data).status_code == 404
    assert page.client.get("/promotions/INCONNUE/jury/").status_code == 404
    assert not jury.lines(other.id, jury.date.today())[0].grades


def test_people_who_are_not_signed_in_are_sent_to_the_door(app: Flask, page: Jury) -> None:
    stranger = app.test_client()
    assert stranger.get(page.url).status_code == 303
    token = csrf(stranger.get("/connexion").text)
    answer = stranger.post(page.url + page.who, data={"csrf_token": token, "decision": "admitted"}, headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/connexion")
    assert page.client.post(page.url + page.who, data={"grade-RSV206": "12"}).status_code == 400
    assert page.stored()["grade-RSV206"] == ""


@pytest.mark.parametrize("role", ["tutor", "reader"])
def test_others_cannot_open_it_nor_write_in_it(app: Flask, cohort: Cohort, role: str) -> None:
    client, url = sign_in(app, role), f"/promotions/{cohort.code}/jury/"
    assert client.get(url).status_code == 403
    assert client.get(url, headers=HTMX).status_code == 403
    token = csrf(client.get(f"/promotions/{cohort.code}/notes/").text)
    answer = client.post(url + cohort.participants[0], data={"csrf_token": token, "grade-RSV206": "12"})
    assert answer.status_code == 403
    assert not jury.lines(cohort.id, jury.date.today())[0].grades


def addresses(app: Flask, cohort: Cohort) -> list[str]:
    """List every address that can be asked for, filled with objects of a cohort."""
    known = {"code": cohort.code, "half_day_id": cohort.half_days[0], "enrolment_id": cohort.participants[0]}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            values = {name: known.get(name, "1") for name in rule.arguments}
            with app.test_request_context():
                found.append(app.url_for(rule.endpoint, **values))
    return found


def readable(answer: TestResponse) -> str:
    """Return what can be read in an answer, be it a page, a PDF or a workbook."""
    if answer.mimetype == "application/pdf":
        pages = pypdfium2.PdfDocument(answer.data)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    if answer.data[:2] == b"PK":
        with ZipFile(BytesIO(answer.data)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return answer.text


@pytest.mark.parametrize("role", ["tutor", "reader"])
def test_no_grade_nor_decision_reaches_a_page_that_others_can_open(app: Flask, cohort: Cohort, role: str) -> None:
    for who in cohort.participants:
        unit_reports.report(AUTHOR, who, "RSV207", "E. Bucolo", "Deux pages reprises")
        jury.change(AUTHOR, who, {"grade-RSV206": "13,37", "grade-RSV207": "PLAG", "decision": "adjourned"})
    canaries = ("13,37", "13.37", "PLAG", "ajourné", "adjourned", "Plagiat")
    seen_by_jury = sign_in(app, "juror").get(f"/promotions/{cohort.code}/jury/").text
    assert sum(canary in seen_by_jury for canary in canaries) >= 4
    client, opened = sign_in(app, role), []
    for address in addresses(app, cohort):
        for headers in ({}, HTMX):
            answer = client.get(address, headers=headers)
            assert answer.status_code < 500, address
            opened.append((address, answer.status_code))
            assert not [canary for canary in canaries if canary in readable(answer)], address
    assert sum(status == 200 for _, status in opened) >= 10, opened
