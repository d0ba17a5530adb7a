"""A tutor's own page: what it shows of which promotion, an exchange noted at once, and for whom it is."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints import htmx
from store import calendar, following_exchanges, tutoring
from store.models import Exchange, JournalEntry
from tests.pages import AUTHOR, HTMX, add_account, csrf, make_app, plain, sign_in
from tests.sync_bench import TUTORS, Cohort, make_cohort

OWN = "Tania Tutrice"
TODAY = date(2025, 2, 1)


@pytest.fixture
def app(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(htmx, "today", lambda: TODAY)
    return make_app(database_url)


@pytest.fixture
def papers(cohort: Cohort) -> list[str]:
    """Give Tania the first paper and a share of the second; the third is Claire's alone."""
    tutoring.add_tutor(AUTHOR, cohort.id, OWN, 3, add_account("tutor"))
    found = [row[0] for row in tutoring.papers(cohort.id)]
    tutoring.change(AUTHOR, found[0], {"tutor": OWN, "title": "Tiers-lieux"})
    tutoring.change(AUTHOR, found[1], {"tutor": TUTORS[0], "cotutor": OWN, "title": "Monnaies locales"})
    tutoring.change(AUTHOR, found[2], {"tutor": TUTORS[0], "title": "Une note d'autrui"})
    calendar.change(AUTHOR, cohort.half_days[0], {"kind": "group_tutoring"})
    for half_day in cohort.half_days[2:]:
        calendar.change(AUTHOR, half_day, {"kind": "group_tutoring"})
    return found


def page(client: FlaskClient, url: str = "/suivi/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return plain(unescape(answer.text))


def send(client: FlaskClient, cohort: Cohort, paper: str, htmx: bool = True, **typed: str):
    form = {"csrf_token": csrf(client.get("/suivi/").text), "form_key": f"{paper}{sorted(typed.items())}"}
    values = {"day": "01/02/2025", "minutes": "30", "other": "", "summary": ""} | typed
    return client.post(f"/suivi/{cohort.code}/{paper}", data=form | values, headers=HTMX if htmx else {})


def test_a_tutor_sees_their_papers_of_every_promotion_and_no_other(
    app: Flask, cohort: Cohort, papers: list[str], count_queries
) -> None:
    second = make_cohort("AUTRE-2025")
    tutoring.add_tutor(AUTHOR, second.id, OWN, 3)
    theirs = tutoring.papers(second.id)[4]
    tutoring.change(AUTHOR, theirs[0], {"tutor": OWN, "title": "Dans une autre promotion"})
    client = sign_in(app, "tutor")
    with count_queries(26):
        html = page(client)
    assert re.findall(r'data-paper="([^"]+)"', html) == [theirs[0], *papers[:2]], "by promotion, then by name"
    for half_day in calendar.snapshot(second.id):
        calendar.change(AUTHOR, half_day, {"day": "2024-03-04", "start": "", "end": ""})
    found = re.findall(r'data-paper="([^"]+)"', page(client))
    assert found == [*papers[:2], theirs[0]], "the latest promotion first"
    for said in ("Tiers-lieux", "avec Claire Fontaine", "Dans une autre promotion", "3 notes suivies", "AUTRE-2025"):
        assert said in html, said
    assert "Une note d'autrui" not in html


def test_the_next_day_of_tutoring_comes_with_its_lists_to_print(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "tutor")
    html = page(client)
    assert "vendredi 14 février 2025" in html
    assert "dans 13 jours" in html
    lists = re.findall(rf'href="(/promotions/{cohort.code}/notes/journees/[^"]+\.pdf)"', html)
    assert [url.rsplit("/", 1)[1] for url in lists] == [f"{key}.pdf" for key in cohort.half_days[2:]]
    assert client.get(lists[0]).mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2025, 2, 13), "demain"), (date(2025, 2, 14), "aujourd'hui"), (date(2025, 2, 15), "Aucune journée")],
)
def test_a_day_is_next_until_it_is_over(
    app: Flask, cohort: Cohort, papers: list[str], monkeypatch: pytest.MonkeyPatch, day: date, said: str
) -> None:
    monkeypatch.setattr(htmx, "today", lambda: day)
    assert said in page(sign_in(app, "tutor"))


def test_what_is_late_is_said_above_and_beside_each_paper(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "tutor")
    late = page(client).split('id="own-late"')[1].split("data-lines")[0]
    # The first day of tutoring, 20 January, is over and nothing was noted of it; no milestone was reached.
    assert late.count("<li>") == 2
    assert "pré-note" in late
    for paper in papers[:2]:
        links = {"link": "https://exemple.fr/n", "report_link": "https://exemple.fr/r"}
        tutoring.change(AUTHOR, paper, {"milestone": "deposited", "deposited_on": "31/01/2025", "pages": "18", **links})
    assert "Rien ne manque à ce jour" in page(client)


def test_an_exchange_is_noted_with_today_and_one_tap(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "tutor")
    form = page(client).split(f'id="ligne-{papers[0]}"')[1].split("</form>")[0]
    assert 'name="day" value="01/02/2025"' in form
    assert re.findall(r'name="minutes" value="(\d+)"', form) == ["15", "30", "45", "60"]
    answer = send(client, cohort, papers[0])
    assert answer.status_code == 200
    assert answer.text.count("<article") == 1, "the line alone"
    assert "échange noté" in answer.text
    assert "dernier échange le 01/02/2025" in plain(answer.text)
    noted = following_exchanges.exchanges(papers[0])
    assert [(one.day, one.minutes, one.summary, one.by) for one in noted] == [(TODAY, 30, "", "Tutor")]
    assert JournalEntry.select().where(JournalEntry.kind == "exchange", JournalEntry.door == "page").count() == 2


def test_sending_twice_notes_once(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "tutor")
    for _ in range(2):
        assert send(client, cohort, papers[0], summary="Le plan").status_code == 200
    assert Exchange.select().count() == 1


def test_without_javascript_the_page_comes_back_to_the_paper(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "tutor")
    answer = send(client, cohort, papers[1], htmx=False, minutes="", other="1h30", summary="Bibliographie")
    assert (answer.status_code, answer.location) == (303, f"/suivi/#ligne-{papers[1]}")
    assert "Échange noté." in client.get("/suivi/").text
    assert following_exchanges.exchanges(papers[1])[0].minutes == 90


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "31/02/2025"}, "31/02/2025"),
        ({"day": ""}, "Date : Cette valeur est obligatoire"),
        ({"day": "01/01/2099"}, "est à venir"),
        ({"other": "longtemps"}, "Durée : « longtemps » n'est pas une durée"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_bad_value_is_said_beside_what_was_typed(
    app: Flask, cohort: Cohort, papers: list[str], typed: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    client = sign_in(app, "tutor")
    answer = send(client, cohort, papers[0], htmx=bool(headers), summary="Ne pas perdre", **typed)
    assert answer.status_code == 422
    html = plain(unescape(answer.text))
    assert words in html
    assert "Ne pas perdre" in html
    assert "<details open>" in html
    assert f'aria-describedby="err-{papers[0]}"' in html
    assert Exchange.select().count() == 0


def test_an_open_page_asks_and_gets_nothing_until_something_moves(
    app: Flask, cohort: Cohort, papers: list[str]
) -> None:
    client = sign_in(app, "tutor")
    version = re.search(r'data-version="(\d+)"', client.get("/suivi/").text)[1]
    ask = f"/suivi/?v={version}"
    assert client.get(ask, headers=HTMX).status_code == 204
    following_exchanges.add(AUTHOR, papers[1], {"day": "01/02/2025", "minutes": "15"})
    assert client.get(ask, headers=HTMX).status_code == 200


def test_another_s_paper_takes_no_exchange(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "tutor")
    assert send(client, cohort, papers[2]).status_code == 403
    assert send(client, cohort, "N-RIEN").status_code == 404
    assert send(client, make_cohort("AUTRE"), papers[0]).status_code == 404
    assert Exchange.select().count() == 0


def test_the_office_looks_at_any_tutor_s_page(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    client = sign_in(app, "coordinator")
    html = page(client, f"/suivi/?tuteur={OWN}")
    assert f"Suivi de {OWN}" in html
    assert re.findall(r'data-paper="([^"]+)"', html) == papers[:2]
    claire = page(client, f"/suivi/?tuteur={TUTORS[0]}")
    assert re.findall(r'data-paper="([^"]+)"', claire) == papers[1:3]
    assert client.get("/suivi/?tuteur=Personne").status_code == 404
    assert f'<option value="{TUTORS[0]}" selected>' in page(client), "whoever comes first, without a name"
    answer = send(client, cohort, papers[2], htmx=False, tuteur=TUTORS[0])
    assert answer.location == "/suivi/?tuteur=Claire+Fontaine#ligne-" + papers[2]


def test_a_tutor_asks_for_nobody_else(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    html = page(sign_in(app, "tutor"), f"/suivi/?tuteur={TUTORS[0]}")
    assert re.findall(r'data-paper="([^"]+)"', html) == papers[:2]
    assert '<select name="tuteur"' not in html


@pytest.mark.parametrize("role", ["juror", "reader"])
def test_others_have_no_page_of_their_own(app: Flask, cohort: Cohort, role: str) -> None:
    client = sign_in(app, role)
    assert client.get("/suivi/").status_code == 403
    assert '"/suivi/"' not in client.get("/").text


def test_who_follows_nothing_is_told_so(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "tutor")
    assert "Aucune note n'est à suivre" in page(client)
    assert 'href="/suivi/"' in client.get("/").text
    assert "Aucune note n'est à suivre" in page(sign_in(app, "coordinator"))


def test_a_day_far_away_is_counted_in_days(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    calendar.change(AUTHOR, cohort.half_days[2], {"day": (TODAY + timedelta(days=2)).isoformat()})
    assert "dans 2 jours" in page(sign_in(app, "tutor"))
