"""Sign-in, invitations, accounts, the language, and the journal in words."""

import re
from datetime import date

import pytest
from flask import Flask

from store import accounts, calendar, jury, people, rosters, rule_sets, tutoring
from store.models import Invitation, User
from store.models.base import now
from tests.pages import AUTHOR, HTMX, PASSWORD, add_account, csrf, make_app, sign_in
from tests.sync_bench import TUTORS, Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def try_in(app: Flask, email: str, password: str, target: str = ""):
    client = app.test_client()
    data = {"csrf_token": csrf(client.get("/connexion").text), "email": email, "password": password, "suite": target}
    return client.post("/connexion", data=data)


@pytest.mark.parametrize(
    "target", ["//evil.test", "/\\evil.test", "https://evil.test/", "/\t/evil.test", "javascript:alert(1)", ""]
)
def test_signing_in_never_leaves_the_site(app: Flask, target: str) -> None:
    assert try_in(app, add_account("reader"), PASSWORD, target).location == "/"


def test_signing_in_goes_where_one_was_going(app: Flask) -> None:
    assert try_in(app, add_account("reader"), PASSWORD, "/promotions/?a=1").location == "/promotions/?a=1"


def test_a_wrong_password_and_an_unknown_account_read_the_same(app: Flask) -> None:
    known = try_in(app, add_account("reader"), "faux mot de passe")
    unknown = try_in(app, "personne@exemple.fr", "faux mot de passe")
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert "Adresse ou mot de passe inconnu." in known.text
    without = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (known, unknown)]
    assert without[0] == without[1]
    assert "reader@exemple.fr" in known.text


def test_a_page_asked_for_signed_out_comes_after_signing_in(app: Flask) -> None:
    assert app.test_client().get("/promotions/?a=1").location == "/connexion?suite=/promotions/?a%3D1"


def test_real_installations_show_no_demonstration_account(app: Flask) -> None:
    assert "demonstration" not in app.test_client().get("/connexion").text
    accounts.add(AUTHOR, "admin@passerelle.example", "Alix", "admin")
    assert "coordination@passerelle.example" in app.test_client().get("/connexion").text


def invite(client, email: str = "neuve@exemple.fr", form_key: str = "k1", role: str = "tutor"):
    data = {"csrf_token": csrf(client.get("/").text), "form_key": form_key}
    return client.post("/comptes/ajouter", data=data | {"email": email, "name": "Nina Neuve", "role": role})


def link(html: str) -> str:
    return re.search(r'value="http://localhost(/invitation/[^"]+)"', html)[1]


def test_an_invitation_opens_an_account_once(app: Flask) -> None:
    url = link(invite(sign_in(app, "admin")).text)
    guest = app.test_client()
    page = guest.get(url)
    assert "neuve@exemple.fr" in page.text
    data = {"csrf_token": csrf(page.text), "password": "court"}
    short = guest.post(url, data=data)
    assert short.status_code == 422
    assert "au moins 10 caractères" in short.text
    assert guest.post(url, data=data | {"password": PASSWORD}).location == "/"
    assert "Nina Neuve" in guest.get("/").text
    again = app.test_client().get(url)
    assert again.status_code == 404
    assert "a déjà servi" in again.text
    assert 'type="password"' not in again.text


def test_an_old_invitation_is_not_taken(app: Flask) -> None:
    url = link(invite(sign_in(app, "admin")).text)
    Invitation.update(expires_at=now()).execute()
    assert app.test_client().get(url).status_code == 404


def test_inviting_twice_with_one_form_invites_once(app: Flask) -> None:
    client = sign_in(app, "admin")
    invite(client)
    again = invite(client)
    assert (again.status_code, again.location) == (303, "/comptes/")
    assert "déjà créé" in client.get("/comptes/").text
    assert User.select().where(User.email == "neuve@exemple.fr").count() == 1


@pytest.mark.parametrize(
    ("email", "role", "told"),
    [("pas une adresse", "tutor", "pas une adresse"), ("reader@exemple.fr", "tutor", "déjà un compte"),
     ("neuve@exemple.fr", "king", "Rôle inconnu")],
)  # fmt: skip
def test_a_refused_account_keeps_what_was_typed(app: Flask, email: str, role: str, told: str) -> None:
    add_account("reader")
    answer = invite(sign_in(app, "admin"), email, role=role)
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{email}"' in answer.text
    assert 'value="Nina Neuve"' in answer.text
    assert not accounts.exists("neuve@exemple.fr")


def test_accounts_are_listed_with_their_role(app: Flask) -> None:
    html = sign_in(app, "admin").get("/comptes/").text
    assert "admin@exemple.fr" in html
    assert "administration" in html


def test_the_language_is_chosen_for_this_browser(app: Flask) -> None:
    client = app.test_client()
    token = csrf(client.get("/connexion").text)
    answer = client.post("/langue", data={"csrf_token": token, "lang": "en", "suite": "/connexion"})
    assert answer.location == "/connexion"
    assert '<html lang="en"' in client.get("/connexion").text
    assert client.post("/langue", data={"csrf_token": token, "lang": "xx"}).status_code == 400


def test_the_journal_says_everything_in_words(app: Flask, cohort: Cohort, count_queries) -> None:
    first, half_day = cohort.participants[0], cohort.half_days[0]
    people.change(AUTHOR, first, {"funding": "cpf"})
    people.remove(AUTHOR, cohort.participants[5])
    calendar.change(AUTHOR, half_day, {"day": "2025-01-22", "start": "10:00"})
    rosters.mark(AUTHOR, first, half_day, "late", "15")
    tutoring.assign(AUTHOR, tutoring.papers(cohort.id)[0][0], TUTORS[0])
    jury.change(AUTHOR, first, {"grade-RSV206": "14.5"})
    sources = {"lock_days": "Note de service"}
    rule_sets.change(AUTHOR, cohort.id, {"lock_days": "3"}, sources, "Décision", {}, date.today())
    client = sign_in(app, "coordinator")
    with count_queries(12):
        html = client.get("/journal/").text
    text = " ".join(re.sub(r"<[^>]+>", " ", html[html.index("<tbody>") :]).split())
    for words in (
        "participant·e Arnaud Inès · TEST-2025 Financement : vide → CPF",
        "participant·e Fabre Hugo · TEST-2025 État : inscrit·e → retiré·e",
        "demi-journée 22/01/2025 10h · TEST-2025 Date : 20/01/2025 → 22/01/2025",
        "Début : 9h30 → 10h",
        "présence Arnaud Inès · TEST-2025 22/01/2025 10h : non relevé → en retard, 15 min",
        f"note de validation Arnaud Inès · TEST-2025 Tuteur ou tutrice : vide → {TUTORS[0]}",
        "dossier de jury Arnaud Inès · TEST-2025 RSV206 : vide → 14,5",
        "Tests commande",
        "Motif : vide → Décision", "appel verrouillé après, en jours : 14 → 3",
        "source : appel verrouillé après, en jours : vide → Note de service",
    ):
        assert words in text, words
    assert first not in text
    assert half_day not in text


def test_the_journal_can_keep_one_promotion(app: Flask, cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)
    people.change(AUTHOR, other.participants[0], {"employer": "Ailleurs"})
    client = sign_in(app, "coordinator")
    assert "Ailleurs" in client.get("/journal/?promotion=AUTRE-2025").text
    assert "Ailleurs" not in client.get("/journal/?promotion=TEST-2025").text
    assert client.get("/journal/?promotion=NOWHERE").status_code == 404
    fragment = client.get("/journal/", headers=HTMX).text
    assert "<!doctype" not in fragment
