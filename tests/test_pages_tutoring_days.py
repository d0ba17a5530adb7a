"""Tutoring days, who was there beside what was done; reminders: what is missing, as texts to send oneself."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask

from store import calendar, following, following_facts, people, rosters, tutoring
from store.models import Tutor
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import TUTORS, Cohort, make_cohort
from tests.test_pages_paper import give


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def tutored(cohort: Cohort) -> Cohort:
    """Make the second day one of tutoring; the first participant was late in the morning, the second absent."""
    for half_day in cohort.half_days[2:]:
        calendar.change(AUTHOR, half_day, {"kind": "group_tutoring"})
        rosters.mark(AUTHOR, cohort.participants[1], half_day, "absent", None)
    rosters.mark(AUTHOR, cohort.participants[0], cohort.half_days[2], "late", "15")
    return cohort


def papers(cohort: Cohort) -> list[str]:
    return [row[0] for row in tutoring.papers(cohort.id)]


def root(cohort: Cohort) -> str:
    return f"/promotions/{cohort.code}/notes/"


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return plain(unescape(answer.text))


def text(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    "path", ["", "tuteurs/", "proposition/", "journees/", "journees/{day}/", "rappels/", "{paper}/"]
)
def test_the_title_comes_first_then_the_ways_to_look(app: Flask, tutored: Cohort, path: str) -> None:
    named = path.format(day=tutored.half_days[2], paper=papers(tutored)[0])
    html = read(sign_in(app, "coordinator"), root(tutored) + named)
    assert -1 < html.index("<h1>") < html.index('class="views"')


def test_the_days_come_from_the_calendar_with_what_is_missing(app: Flask, tutored: Cohort, count_queries) -> None:
    client = sign_in(app, "coordinator")
    with count_queries(16):
        html = read(client, f"{root(tutored)}journees/")
    assert html.count('id="demi-') == 2
    assert "14/02/2025 9h–12h30" in text(html)
    # One absent, one late, four not recorded; nothing is noted of five.
    assert "4 présences non relevées" in html
    assert "5 notes sans rien de noté" in html
    following.change(AUTHOR, papers(tutored)[0], {f"done-{tutored.half_days[3]}": "Vu l'après-midi"})
    assert "4 notes sans rien de noté" in read(client, f"{root(tutored)}journees/")


def test_a_half_day_shows_presence_beside_what_was_done(app: Flask, tutored: Cohort, count_queries) -> None:
    client, key = sign_in(app, "coordinator"), papers(tutored)[0]
    half_day = tutored.half_days[2]
    address = f"{root(tutored)}journees/{half_day}/"
    with count_queries(16):
        html = read(client, address)
    assert f'href="/promotions/{tutored.code}/seances/{half_day}/"' in html
    assert f'href="/promotions/{tutored.code}/emargement/{half_day}/"' in html
    lines = [text(line) for line in html.split('<li id="ligne-')[1:]]
    assert "en retard à noter" in lines[0]
    assert "absent·e Ce qui a été fait" in lines[1]
    form = line_form(html, "data-paper", key)
    answer = client.post(f"{address}{key}", data=form | {f"done-{half_day}": "Sujet resserré"}, headers=HTMX)
    assert answer.status_code == 200
    assert "à noter" not in answer.text
    assert following_facts.notes(tutored.id) == {(key, half_day): "Sujet resserré"}
    other = client.post(f"{address}{key}", data=form | {f"done-{half_day}": "Autre", "form_key": "2"}, headers=HTMX)
    assert other.status_code == 409
    plain_form = form | {f"done-{half_day}": "Fini", f"seen-done-{half_day}": "Sujet resserré", "form_key": "3"}
    answer = client.post(f"{address}{key}", data=plain_form)
    assert (answer.status_code, answer.location) == (303, f"{address}#ligne-{key}")
    long = client.post(f"{address}{key}", data=plain_form | {f"done-{half_day}": "x" * 5001, "form_key": "4"})
    assert long.status_code == 422
    assert "5000 au plus" in plain(long.text)


def test_a_tutor_sees_and_notes_their_own_papers(app: Flask, tutored: Cohort) -> None:
    client, (mine, other, *_rest) = sign_in(app, "tutor"), papers(tutored)
    give(tutored, mine)
    half_day = tutored.half_days[2]
    address = f"{root(tutored)}journees/{half_day}/"
    html = read(client, address)
    assert 'data-paper="' + mine in html
    assert 'data-paper="' + other not in html
    assert "0/1" in text(read(client, f"{root(tutored)}journees/")).replace(" /", "/")
    data = {"csrf_token": csrf(html), f"done-{half_day}": "Vu", f"seen-done-{half_day}": ""}
    assert client.post(f"{address}{mine}", data=data).status_code == 303
    assert client.post(f"{address}{other}", data=data).status_code == 403
    reminders = read(client, f"{root(tutored)}rappels/")
    assert "Arnaud Inès" in reminders
    assert "Chevalier" not in reminders


@pytest.mark.parametrize("role", ["reader", "juror"])
def test_others_read_the_days_and_write_to_nobody(app: Flask, tutored: Cohort, role: str) -> None:
    client, key = sign_in(app, role), papers(tutored)[0]
    address = f"{root(tutored)}journees/{tutored.half_days[2]}/"
    html = read(client, address)
    assert "<textarea" not in html
    data = {"csrf_token": csrf(html), f"done-{tutored.half_days[2]}": "x"}
    assert client.post(f"{address}{key}", data=data).status_code == 403
    assert client.get(f"{root(tutored)}rappels/").status_code == 403


def test_what_is_no_tutoring_day_of_this_cohort_is_not_found(app: Flask, tutored: Cohort) -> None:
    client, key = sign_in(app, "coordinator"), papers(tutored)[0]
    other = make_cohort("AUTRE-2025")
    data = {"csrf_token": csrf(client.get("/").text)}
    for half_day in (tutored.half_days[0], other.half_days[2], "S-NOWHERE2"):
        assert client.get(f"{root(tutored)}journees/{half_day}/").status_code == 404
        assert client.post(f"{root(tutored)}journees/{half_day}/{key}", data=data).status_code == 404
    foreign = papers(other)[0]
    assert client.post(f"{root(tutored)}journees/{tutored.half_days[2]}/{foreign}", data=data).status_code == 404


def test_a_calendar_without_tutoring_says_so(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "coordinator")
    assert "aucune demi-journée de tutorat" in read(client, f"{root(cohort)}journees/")
    assert "aucune demi-journée de tutorat" in read(client, f"{root(cohort)}{papers(cohort)[0]}/")


# -- Reminders ---------------------------------------------------------------------------------------


def letters(html: str) -> list[tuple[list[str], str, str]]:
    """Return (addresses, subject, body) of each mailto: link of a page."""
    found = []
    for link in re.findall(r'href="(mailto:[^"]+)"', html):
        parts = urlsplit(link)
        values = parse_qs(parts.query)
        to = [address for address in unquote(parts.path).split(",") if address]
        found.append((to + values.get("bcc", [""])[0].split(",") * bool(values.get("bcc")), values["subject"][0],
                      values.get("body", [""])[0]))  # fmt: skip
    return found


def test_reminders_say_what_is_missing_by_tutor_and_by_day(app: Flask, tutored: Cohort, count_queries) -> None:
    first, second, third, *_rest = papers(tutored)
    Tutor.update(email="claire@exemple.fr").where(Tutor.name == TUTORS[0]).execute()
    for key in (first, second):
        tutoring.assign(AUTHOR, key, TUTORS[0])
    tutoring.assign(AUTHOR, third, TUTORS[1])
    people.change(AUTHOR, tutored.participants[1], {"email": ""})
    client = sign_in(app, "coordinator")
    with count_queries(18):
        html = read(client, f"{root(tutored)}rappels/")
    shown = text(html)
    assert "6 notes sur 6 ont quelque chose en retard ou manquant." in shown
    assert "Arnaud Inès : En retard : pré-note, problématique. Rien de noté au tutorat : 14/02/2025." in shown
    assert f"Sans adresse connue : {TUTORS[1]}" in shown
    assert "Sans adresse connue : Bernard Théo" in shown
    sent = {(subject, tuple(to)): body for to, subject, body in letters(html)}
    claire = ("claire@exemple.fr",)
    to_claire = next(body for (subject, to), body in sent.items() if to == claire and "suivez" in subject)
    assert "- Arnaud Inès :" in to_claire
    assert "Chevalier" not in to_claire
    # What is written to participants names none of them: it goes to several at once.
    to_participants = [body for (subject, to), body in sent.items() if to == ("0@exemple.fr",)]
    assert to_participants
    assert not any("Arnaud" in body for body in to_participants)
    absent = text(html[html.index("Par journée") :])
    assert "Bernard Théo : absent·e toute la journée" in absent
    assert "vendredi 14 février 2025" in absent


def test_reminders_are_empty_once_nothing_is_missing(app: Flask, cohort: Cohort) -> None:
    for key in papers(cohort):
        tutoring.assign(AUTHOR, key, TUTORS[0])
        following.deposit(AUTHOR, key, {"deposited_on": "2025-03-01", "link": "https://n.fr/x"})
    html = read(sign_in(app, "coordinator"), f"{root(cohort)}rappels/")
    assert html.count("Rien ne manque à ce jour.") == 2
    assert "mailto:" not in html
