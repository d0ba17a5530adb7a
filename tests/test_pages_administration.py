"""Accounts closed, opened again, given another role or a new link on the page « Comptes », each by a plain form."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import accounts, administration, journal, tutoring, tutors
from store.models import User
from tests.pages import AUTHOR, PASSWORD, add_account, csrf, fields, make_app, plain, sign_in
from tests.sync_bench import Cohort

ACTIONS = ("fermer", "rouvrir", "role", "lien")


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def someone(app: Flask) -> int:
    return key_of(add_account("reader"))


def key_of(email: str) -> int:
    return User.get(User.email == email).id


def act(client: FlaskClient, user_id: int, action: str, **data: str):
    """Send the very form that the page shows."""
    form = fields(client.get("/comptes/").text, f'action="/comptes/{user_id}/{action}"')
    return client.post(f"/comptes/{user_id}/{action}", data=form | data)


def link(html: str) -> str:
    return re.search(r'value="http://localhost(/invitation/[^"]+)"', html)[1]


def line(html: str, user_id: int) -> str:
    found = re.search(rf'<tr id="compte-{user_id}">.*?</tr>', html, re.DOTALL)[0]
    return plain(" ".join(re.sub(r"<[^>]+>", " ", found).split()))


def test_closing_puts_out_who_is_signed_in_at_their_next_request_and_is_told(app: Flask, someone: int) -> None:
    admin, reader = sign_in(app, "admin"), sign_in(app, "reader")
    assert reader.get("/").status_code == 200
    answer = act(admin, someone, "fermer")
    assert (answer.status_code, answer.location) == (303, f"/comptes/#compte-{someone}")
    assert reader.get("/").location.startswith("/connexion")
    page = admin.get("/comptes/").text
    assert "Le compte est fermé." in page
    assert "fermé" in line(page, someone)
    assert f'action="/comptes/{someone}/lien"' not in page
    assert act(admin, someone, "rouvrir").status_code == 303
    assert "ouvert" in line(admin.get("/comptes/").text, someone)
    assert reader.get("/").location.startswith("/connexion")
    assert sign_in(app, "reader").get("/").status_code == 200
    told = plain(" ".join(re.sub(r"<[^>]+>", " ", admin.get("/journal/").text).split()))
    assert "Admin intranet compte Reader Accès : ouvert → fermé" in told
    assert "Accès : fermé → ouvert" in told


def test_a_new_role_opens_and_closes_pages_at_once(app: Flask, someone: int) -> None:
    admin, reader = sign_in(app, "admin"), sign_in(app, "reader")
    assert reader.get("/journal/").status_code == 403
    assert act(admin, someone, "role", role="coordinator").status_code == 303
    assert reader.get("/journal/").status_code == 200
    assert "coordination" in line(admin.get("/comptes/").text, someone)
    assert "Rôle : lecture → coordination" in plain(re.sub(r"<[^>]+>", "", admin.get("/journal/").text))


def test_a_new_link_is_shown_once_and_gives_a_new_password(app: Flask, someone: int) -> None:
    admin, reader, old = sign_in(app, "admin"), sign_in(app, "reader"), accounts.invite(someone)
    page = act(admin, someone, "lien")
    url = link(page.text)
    assert "reader@exemple.fr" in page.text
    assert url not in admin.get("/comptes/").text
    assert app.test_client().get(f"/invitation/{old}").status_code == 404
    assert reader.get("/").status_code == 200
    guest = app.test_client()
    data = {"csrf_token": csrf(guest.get(url).text), "password": "encore un mot de passe"}
    assert guest.post(url, data=data).location == "/"
    assert reader.get("/").location.startswith("/connexion")
    with pytest.raises(accounts.Refused):
        accounts.sign_in("reader@exemple.fr", PASSWORD, "192.0.2.1")
    told = plain(re.sub(r"<[^>]+>", "", admin.get("/journal/").text))
    assert "Lien pour choisir un mot de passe : lien pas encore utilisé → nouveau lien" in told
    assert url.rpartition("/")[2] not in told


def test_one_form_sent_twice_makes_one_link_and_one_change(app: Flask, someone: int) -> None:
    admin = sign_in(app, "admin")
    form = fields(admin.get("/comptes/").text, f'action="/comptes/{someone}/lien"')
    url = link(admin.post(f"/comptes/{someone}/lien", data=form).text)
    again = admin.post(f"/comptes/{someone}/lien", data=form)
    assert again.location == f"/comptes/#compte-{someone}"
    assert "n'est affiché qu'une fois" in plain(admin.get("/comptes/").text).replace("&#39;", "'")
    assert app.test_client().get(url).status_code == 200
    form = fields(admin.get("/comptes/").text, f'action="/comptes/{someone}/fermer"')
    for _ in range(2):
        admin.post(f"/comptes/{someone}/fermer", data=form)
        administration.reopen(AUTHOR, someone)
    assert User.get_by_id(someone).active


def test_oneself_has_a_new_link_and_nothing_else(app: Flask) -> None:
    admin = sign_in(app, "admin")
    add_account("admin", "autre@exemple.fr")
    me, page = key_of("admin@exemple.fr"), admin.get("/comptes/").text
    assert [action for action in ACTIONS if f'action="/comptes/{me}/{action}"' in page] == ["lien"]
    for action, told in (("fermer", "son propre compte"), ("role", "son propre rôle")):
        answer = admin.post(f"/comptes/{me}/{action}", data={"csrf_token": csrf(page), "role": "reader"})
        assert answer.status_code == 422
        assert told in answer.text
        assert f'<p class="error" id="err-{me}" role="alert">' in answer.text
    assert (User.get_by_id(me).active, User.get_by_id(me).role) == (True, "admin")
    assert act(admin, me, "lien").status_code == 200


@pytest.mark.parametrize("role", ["", "king", "<b>"])
def test_a_bad_role_is_refused_in_its_line(app: Flask, someone: int, role: str) -> None:
    answer = act(sign_in(app, "admin"), someone, "role", role=role)
    assert answer.status_code == 422
    assert "Rôle inconnu" in line(answer.text, someone)
    assert '<details class="account" open>' in answer.text
    assert f'aria-describedby="err-{someone}"' in answer.text
    assert 'id="err-account"' not in answer.text
    assert User.get_by_id(someone).role == "reader"


def test_a_closed_account_gets_no_link_from_an_older_page(app: Flask, someone: int) -> None:
    admin = sign_in(app, "admin")
    form = fields(admin.get("/comptes/").text, f'action="/comptes/{someone}/lien"')
    administration.close(AUTHOR, someone)
    answer = admin.post(f"/comptes/{someone}/lien", data=form)
    assert answer.status_code == 422
    assert "rouvrez-le" in line(answer.text, someone)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_account_that_does_not_exist_is_404(app: Flask, action: str) -> None:
    admin = sign_in(app, "admin")
    token = csrf(admin.get("/comptes/").text)
    for key in ("99999", "9" * 30, "abc", "0"):
        answer = admin.post(f"/comptes/{key}/{action}", data={"csrf_token": token, "role": "reader"})
        assert answer.status_code == 404, key


@pytest.mark.parametrize("role", ["coordinator", "tutor", "juror", "reader"])
@pytest.mark.parametrize("action", ACTIONS)
def test_only_the_administration_may(app: Flask, action: str, role: str) -> None:
    other, client = key_of(add_account("tutor", "autre@exemple.fr")), sign_in(app, role)
    data = {"csrf_token": csrf(client.get("/").text), "role": "admin"}
    for key in (other, key_of(f"{role}@exemple.fr")):
        assert client.post(f"/comptes/{key}/{action}", data=data).status_code == 403
    assert not User.select().where((User.role == "admin") | ~User.active).exists()
    assert {entry[6:8] for entry in journal.entries()} == {("", "tutor"), ("", role)}


def test_more_accounts_ask_no_more_questions(app: Flask, count_queries) -> None:
    admin = sign_in(app, "admin")
    for number in range(8):
        add_account("reader", f"n{number}@exemple.fr")
    with count_queries(4):
        assert admin.get("/comptes/").status_code == 200


def test_the_settings_of_a_tutor_whose_account_is_closed_are_still_changed(app: Flask, cohort: Cohort) -> None:
    user = key_of(add_account("tutor"))
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", None, "tutor@exemple.fr")
    administration.close(AUTHOR, user)
    tutor = next(one for one in tutors.of_cohort(cohort.id) if one.name == "Tania Tutrice")
    office = sign_in(app, "coordinator")
    root = f"/promotions/{cohort.code}/notes/tuteurs/"
    form = fields(office.get(root).text, f'{tutor.id}/modifier"')
    answer = office.post(f"{root}{tutor.id}/modifier", data=form | {"themes": "Musées"})
    assert answer.status_code == 303
    kept = next(one for one in tutors.of_cohort(cohort.id) if one.id == tutor.id)
    assert (kept.themes, kept.account) == ("Musées", "tutor@exemple.fr")
