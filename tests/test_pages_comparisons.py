"""A calendar beside an export of Hyperplanning: differences by month, nothing changed, nothing kept."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import calendar
from store.models import Cohort as CohortTable
from store.models import JournalEntry
from tests.pages import AUTHOR, csrf, make_app, sign_in
from tests.sync_bench import Cohort

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//INDEX EDUCATION//HYPERPLANNING//FR\r\n"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def office(app: Flask, cohort: Cohort) -> FlaskClient:
    return sign_in(app, "coordinator")


def page(cohort: Cohort) -> str:
    return f"/promotions/{cohort.code}/seances/comparer/"


def event(day: str, start: str, end: str, title: str = "Histoire", place: str = "21.2.32") -> str:
    return (f"BEGIN:VEVENT\r\nSUMMARY:{title}\r\nLOCATION:{place}\r\nDTSTART:{day}T{start}00\r\n"
            f"DTEND:{day}T{end}00\r\nEND:VEVENT\r\n")  # fmt: skip


#: The four half-days of the cohort, as an export says them.
ALL = (
    event("20250120", "0930", "1230"), event("20250120", "1400", "1700"),
    event("20250214", "0900", "1230"), event("20250214", "1400", "1830"),
)  # fmt: skip


def send(client: FlaskClient, cohort: Cohort, content: bytes | str, name: str = "export.ics"):
    if isinstance(content, str):
        content = f"{HEAD}{content}END:VCALENDAR\r\n".encode()
    data = {"csrf_token": csrf(client.get(page(cohort)).text), "calendar": (BytesIO(content), name)}
    return client.post(page(cohort), data=data, content_type="multipart/form-data")


def told(html: str) -> str:
    """Return what a page says, with plain spaces."""
    return unescape(html).replace("\u00a0", " ").replace("\u202f", " ")


def counts(html: str) -> dict[str, int]:
    return {label: int(number) for number, label in re.findall(r"<li><b>(\d+)</b> ([^<]+)</li>", html)}


def test_what_agrees_is_only_counted(cohort: Cohort, office: FlaskClient, count_queries) -> None:
    with count_queries(28):
        answer = send(office, cohort, "".join(ALL))
    assert answer.status_code == 200
    assert counts(answer.text) == {"identiques": 4}
    assert "Aucune différence de date, d'horaire ni de lieu" in told(answer.text)
    assert "<h3>" not in answer.text


def test_what_differs_is_listed_by_month_with_both_sides(cohort: Cohort, office: FlaskClient) -> None:
    changed = (event("20250120", "1000", "1230"), event("20250120", "1400", "1700", place="30.0.1"),
               event("20250310", "0900", "1230"), event("20250411", "0900", "1200", "Réunion"))  # fmt: skip
    html = told(send(office, cohort, "".join(changed)).text)
    assert counts(html) == {
        "autre date": 1, "autres horaires": 1, "autre lieu": 1,
        "seulement dans Hyperplanning": 1, "seulement dans Passerelle": 1,
    }  # fmt: skip
    assert html.index("<h3>Janvier 2025") < html.index("<h3>Février 2025") < html.index("<h3>Avril 2025")
    assert f'href="/promotions/{cohort.code}/seances/#ligne-{cohort.half_days[0]}">lun. 20/01/2025' in html
    for words in ("10h–12h30", "30.0.1", "lun. 10/03/2025", "Réunion", "ligne 4 du fichier"):
        assert words in html, words


def test_nothing_is_changed_and_nothing_is_kept(cohort: Cohort, office: FlaskClient) -> None:
    before, version = calendar.snapshot(cohort.id), CohortTable.get().version
    entries = JournalEntry.select().count()
    send(office, cohort, event("20250310", "0900", "1230"))
    assert calendar.snapshot(cohort.id) == before
    assert (CohortTable.get().version, JournalEntry.select().count()) == (version, entries)
    assert "identiques" not in office.get(page(cohort)).text


def test_undated_half_days_are_left_out_and_said(cohort: Cohort, office: FlaskClient) -> None:
    calendar.change(AUTHOR, cohort.half_days[0], {"day": "", "period": "Semaine 3"})
    html = told(send(office, cohort, "".join(ALL[1:])).text)
    assert counts(html) == {"identiques": 3}
    assert "1 demi-journée sans date n'est pas comparée" in html


def test_a_series_is_unfolded_around_the_promotion(cohort: Cohort, office: FlaskClient) -> None:
    weekly = ALL[0].replace("END:VEVENT", "RRULE:FREQ=WEEKLY\r\nEND:VEVENT")
    # From 20 January to two months after 14 February; three half-days seem to have moved to some of them.
    html = send(office, cohort, weekly).text
    assert "13 événements lus dans le fichier" in html
    assert counts(html) == {
        "identiques": 1, "autre date": 3, "autres horaires": 3, "seulement dans Hyperplanning": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Ce fichier est vide."),
        (b"bonjour", "Ligne 1 : un calendrier iCalendar commence par BEGIN:VCALENDAR."),
        (HEAD.encode() + b"<b>gras</b>\r\n", "Ligne 4 : « <b>gras</b> » ne se lit pas"),
        (f"{HEAD}{ALL[0].replace('DTSTART:2025', 'DTSTART:25')}END:VCALENDAR".encode(),
         "Ligne 4, événement « Histoire » : DTSTART"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(cohort: Cohort, office: FlaskClient, content: bytes, words: str) -> None:
    answer = send(office, cohort, content)
    assert answer.status_code == 422
    assert words in told(answer.text)
    assert "<b>gras</b>" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_no_file_and_too_big_a_file_are_said(cohort: Cohort, office: FlaskClient) -> None:
    token = csrf(office.get(page(cohort)).text)
    answer = office.post(page(cohort), data={"csrf_token": token})
    assert answer.status_code == 422
    assert "Choisissez le fichier .ics" in answer.text
    flood = send(office, cohort, b"x" * 1_100_000)
    assert flood.status_code == 413
    assert "trop gros : 1,2 Mo, pour 1 Mo au plus" in unescape(flood.text)
    assert "choisissez un fichier plus petit" in flood.text


def test_it_is_for_the_office(app: Flask, cohort: Cohort, office: FlaskClient) -> None:
    for role in ("reader", "tutor", "juror"):
        client = sign_in(app, role)
        assert client.get(page(cohort)).status_code == 403
        assert client.post(page(cohort), data={"csrf_token": csrf(client.get("/").text)}).status_code == 403
    assert office.get("/promotions/INCONNUE/seances/comparer/").status_code == 404
    assert office.post(page(cohort)).status_code == 400
    assert "Comparer avec Hyperplanning" in office.get(f"/promotions/{cohort.code}/seances/").text
