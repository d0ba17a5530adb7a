"""À faire aujourd'hui, health, and what people read when something is wrong."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, abort
from peewee import OperationalError

from blueprints import access, htmx
from store import accounts, calendar, db, people, rolls, rosters, tutoring
from store.models import HalfDay, SignIn, SignInSheet, Tab
from store.models.base import now
from tests.books import CANARY, bind_both
from tests.pages import AUTHOR, HTMX, add_account, csrf, make_app, new_app, sign_in
from tests.sync_bench import Cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def on(cohort: Cohort, days_ago: int, start: str = "09:30", end: str = "12:30") -> str:
    """Put a half-day some days before today and return its id."""
    day = htmx.today() - timedelta(days=days_ago)
    values = {"module": "1", "day": day.isoformat(), "start": start, "end": end, "kind": "course"}
    return calendar.create(AUTHOR, cohort.id, values)


def test_today_lists_the_half_days_with_their_roster(app: Flask, cohort: Cohort, count_queries) -> None:
    key = on(cohort, 0)
    client = sign_in(app, "reader")
    with count_queries(12):
        html = client.get("/").text
    assert f'href="/promotions/{cohort.code}/seances/{key}/"' in html
    assert "9h30–12h30" in html


def test_a_roll_called_to_its_end_waits_for_nobody(app: Flask, cohort: Cohort) -> None:
    closed, reopened = on(cohort, 2), on(cohort, 3)
    for key in (closed, reopened):
        rolls.close(AUTHOR, key, len(cohort.participants))
    rolls.reopen(AUTHOR, reopened, "Feuille retrouvée")
    html = sign_in(app, "reader").get("/").text
    assert f"/seances/{closed}/" not in html
    assert f"/seances/{reopened}/" in html


def test_a_roll_of_today_is_to_complete_once_its_half_day_has_begun(
    app: Flask, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning, afternoon, unknown = on(cohort, 0), on(cohort, 0, "14:00", "17:00"), on(cohort, 0, "13:00", "15:00")
    HalfDay.update(start="", end="").where(HalfDay.id == unknown).execute()
    yesterday = on(cohort, 1, "18:00", "20:00")
    client = sign_in(app, "coordinator")

    def told(hour: str) -> list[str]:
        monkeypatch.setattr("blueprints.htmx.hour", lambda: hour)
        html = client.get("/").text
        listed = html[html.index("Appels à compléter") : html.index("Assiduité à surveiller")]
        return [key for key in (morning, afternoon, unknown, yesterday) if key in listed]

    assert told("09:29") == [unknown, yesterday]
    assert told("09:30") == told("13:59") == [morning, unknown, yesterday]
    # Nothing of the promotion changed meanwhile: the hour alone did.
    assert told("14:00") == [morning, afternoon, unknown, yesterday]


def test_incomplete_rosters_are_listed_for_sixty_days(app: Flask, cohort: Cohort) -> None:
    recent, old, whole = on(cohort, 59), on(cohort, 61), on(cohort, 3)
    for person in cohort.participants:
        rosters.mark(AUTHOR, person, whole, "present", "")
    rosters.mark(AUTHOR, cohort.participants[0], recent, "absent", "")
    html = sign_in(app, "coordinator").get("/").text
    assert recent in html
    assert "1 sur 6 relevé·es" in html
    assert old not in html
    assert whole not in html


def test_a_long_list_of_rosters_is_counted_beyond_the_first(app: Flask, cohort: Cohort) -> None:
    for day in range(1, 18):
        on(cohort, day)
    html = sign_in(app, "coordinator").get("/").text
    assert "et 2 autres" in html


def test_papers_without_tutor_are_counted(app: Flask, cohort: Cohort) -> None:
    assert "6 notes" in sign_in(app, "coordinator").get("/").text


def test_a_tutor_sees_their_own_papers(app: Flask, cohort: Cohort) -> None:
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 5, add_account("tutor"))
    tutoring.assign(AUTHOR, tutoring.papers(cohort.id)[0][0], "Tania Tutrice")
    html = sign_in(app, "tutor").get("/").text
    assert "Mes notes à suivre" in html
    assert "<b>Arnaud</b>" in html
    assert "Mes notes à suivre" not in sign_in(app, "reader").get("/").text


def test_an_empty_day_is_calm(app: Flask) -> None:
    html = sign_in(app, "tutor").get("/").text
    for words in ("Aucune séance aujourd", "Tous les appels", "sont d'accord", "Aucune note ne vous est confiée"):
        assert words in unescape(html), words
    assert "Toutes les notes sont suivies" in sign_in(app, "reader").get("/").text


def heading(html: str, title: str) -> str:
    """Return the text of a heading of the page, its count included."""
    part = html[html.index(f">{title}") :]
    return " ".join(re.sub("<[^>]*>", " ", part[1 : part.index("</h2>")]).split())


def test_each_list_says_how_much_it_holds(app: Flask, cohort: Cohort) -> None:
    on(cohort, 0)
    on(cohort, 0, "14:00", "17:00")
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 5, add_account("tutor"))
    for paper in tutoring.papers(cohort.id)[:2]:
        tutoring.assign(AUTHOR, paper[0], "Tania Tutrice")
    html = sign_in(app, "coordinator").get("/").text
    assert heading(html, "Séances du jour") == "Séances du jour 2"
    assert heading(html, "Notes sans tuteur ni tutrice") == "Notes sans tuteur ni tutrice 4"
    assert heading(html, "Feuilles Google") == "Feuilles Google"
    assert heading(sign_in(app, "tutor").get("/").text, "Mes notes à suivre") == "Mes notes à suivre 2"


def test_conflicts_refusals_and_pauses_are_counted_together(
    app: Flask, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"conflicts": 2, "refusals": 1, "paused": {"Notes": "…", "Jury": "…"}, "paused_tabs": ["Notes", "Jury"],
             "trouble": "", "book": 1, "title": "Classeur"}  # fmt: skip
    monkeypatch.setattr("blueprints.readable.states", lambda: [state, state | {"paused": {}, "trouble": "404"}])
    assert heading(sign_in(app, "coordinator").get("/").text, "Feuilles Google") == "Feuilles Google 9"


def test_htmx_gets_the_fragment_alone(app: Flask) -> None:
    answer = sign_in(app, "reader").get("/", headers=HTMX)
    assert "<!doctype" not in answer.text
    assert 'id="todo"' in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_health_needs_nobody(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["pending_migrations"]) == (200, [])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "incomplète ou illisible"),
        (403, "Votre rôle ne permet pas"),
        (404, "n'existe pas"),
        (405, "ne s'utilise pas de cette façon"),
        (413, "trop gros"),
        (500, "erreur imprévue"),
        (503, "redémarre"),
    ],
)
def test_each_error_is_a_page_and_for_htmx_a_line(
    database_url: str, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    app = new_app(database_url)
    monkeypatch.setitem(access.RIGHTS, "wrong", access.PUBLIC)
    app.add_url_rule("/wrong", "wrong", lambda: abort(code))
    client = app.test_client()
    page = client.get("/wrong")
    line = client.get("/wrong", headers=HTMX)
    assert (page.status_code, line.status_code) == (code, code)
    for answer in (page, line):
        assert words in answer.text.replace("&#39;", "'")
        assert 'class="error"' in answer.text
    assert "<!doctype html>" in page.text
    assert "<html" not in line.text


def test_a_real_wrong_method_and_a_flood_are_said(app: Flask) -> None:
    client = sign_in(app, "reader")
    token = csrf(client.get("/").text)
    assert "ne s&#39;utilise pas" in client.post("/promotions/", data={"csrf_token": token}).text
    flood = client.post("/langue", data={"csrf_token": token, "lang": "f" * 1_100_000})
    assert flood.status_code == 413


def test_a_store_that_restarts_says_to_try_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(app, "reader")

    def down(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(people, "cohorts", down)
    answer = client.get("/promotions/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Rien n&#39;est perdu" in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("down_at", ["connect", "sign-in"])
def test_a_store_that_restarts_before_anybody_is_known_says_so_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch, down_at: str, headers: dict[str, str]
) -> None:
    client = sign_in(app, "reader")

    def down(*_: object, **__: object) -> None:
        raise OperationalError("the database system is shutting down")

    with monkeypatch.context() as patch:
        patch.setattr(accounts, "person", down)
        if down_at == "connect":
            patch.setattr(type(db.database.obj), "connect", down)
        answer = client.get("/promotions/", headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Rien n&#39;est perdu" in answer.text
    assert client.get("/promotions/").status_code == 200


def test_a_wrong_token_says_to_reload(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "coordinator")
    url = f"/promotions/{cohort.code}/participants/{cohort.participants[0]}"
    for headers in (HTMX, {}):
        answer = client.post(url, data={"csrf_token": "wrong", "last_name": "Zola"}, headers=headers)
        assert answer.status_code == 400
        assert "rechargez-la" in answer.text
    assert people.snapshot(cohort.id)[cohort.participants[0]]["last_name"] == "Arnaud"


def test_an_expired_sign_in_goes_back_to_the_page_it_was_on(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "coordinator")
    page = f"/promotions/{cohort.code}/participants/"
    token = csrf(client.get(page).text)
    SignIn.delete().execute()
    data = {"csrf_token": token, "last_name": "Zola"}
    url = f"{page}{cohort.participants[0]}"
    saved = client.post(url, data=data, headers=HTMX | {"HX-Current-URL": f"http://localhost{page}?v=1"})
    assert saved.status_code == 401
    assert saved.headers["HX-Redirect"] == f"/connexion?suite={page}?v%3D1"
    plain = client.post(url, data=data, headers={"Referer": f"http://localhost{page}"})
    assert (plain.status_code, plain.location) == (303, f"/connexion?suite={page}")
    foreign = client.post(url, data=data, headers={"Referer": "http://elsewhere.test/x"})
    assert foreign.location == "/connexion"
    email = accounts.accounts()[0][1]
    form = {"csrf_token": token, "email": email, "password": "un mot de passe assez long", "suite": page}
    assert client.post("/connexion", data=form).location == page


def test_what_is_between_both_sides_is_counted_for_those_who_may_see_it(app: Flask, cohort: Cohort) -> None:
    bind_both(cohort)
    Tab.update(paused="Colonne introuvable.").execute()
    html = sign_in(app, "juror").get("/").text
    for words in ("2 conflits à trancher", "2 valeurs refusées"):
        assert words in html, words
    assert html.count("1 onglet en pause") == 2
    html = sign_in(app, "reader").get("/").text
    for words in ("1 conflit à trancher", "1 valeur refusée"):
        assert words in html, words
    assert html.count("1 onglet en pause") == 1
    assert "1 onglet en pause : Participants</a> <span class=\"lead\">Classeur de l&#39;équipe</span>" in html
    assert not [word for word in CANARY if word in html]


def test_who_nears_the_limit_is_for_the_office(app: Flask, cohort: Cohort, count_queries) -> None:
    key = on(cohort, 1)
    rosters.mark(AUTHOR, cohort.participants[0], key, "absent", "")
    client = sign_in(app, "coordinator")
    with count_queries(18):
        html = client.get("/").text
    # 3 h of 17 h are 88 % of the fifth.
    assert f'href="/promotions/{cohort.code}/assiduite/#ligne-{cohort.participants[0]}"' in html
    assert "seuil de 80 % des heures permises atteint" in html
    for role in ("reader", "tutor", "juror"):
        assert "Assiduité à surveiller" not in sign_in(app, role).get("/").text


def test_sheets_to_fetch_are_for_the_office(app: Flask, cohort: Cohort, count_queries) -> None:
    printed, forgotten, today = on(cohort, 2), on(cohort, 1), on(cohort, 0)
    SignInSheet.insert(half_day=printed, printed_at=now()).execute()
    client = sign_in(app, "coordinator")
    with count_queries(18):
        html = client.get("/").text
    part = html[html.index("Feuilles à récupérer") :].partition("Calendriers à corriger")[0]
    assert '<span class="tag wait">2</span>' in part
    for key, words in ((printed, "imprimée, pas rentrée"), (forgotten, "jamais imprimée")):
        line = part[part.index(f'href="/promotions/{cohort.code}/emargement/#ligne-{key}"') :].partition("</li>")[0]
        assert words in line
    assert today not in part
    for role in ("reader", "tutor", "juror"):
        assert "Feuilles à récupérer" not in sign_in(app, role).get("/").text


def test_calendars_to_mend_are_for_the_office(app: Flask, cohort: Cohort) -> None:
    on(cohort, 0), on(cohort, 0, "12:00", "13:00")
    client = sign_in(app, "coordinator")
    html = client.get("/").text
    page = f"/promotions/{cohort.code}/seances/controles/"
    line = html[html.index(f'href="{page}"') :].partition("</li>")[0]
    number = int(line.partition(" défaut")[0].rpartition(" ")[2].rpartition(">")[2])
    assert number >= 1
    assert client.get(page).text.count("<tr><th scope=\"row\">") >= number
    for role in ("reader", "tutor", "juror"):
        assert "Calendriers à corriger" not in sign_in(app, role).get("/").text


def test_nothing_to_fetch_and_nothing_to_mend_is_calm(app: Flask) -> None:
    html = sign_in(app, "coordinator").get("/").text.replace("&#39;", "'")
    assert "Aucune feuille d'émargement n'est attendue" in html
    assert "Les calendriers en cours n'ont aucun défaut" in html
