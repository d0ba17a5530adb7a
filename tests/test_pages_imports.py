"""A list sent, looked at and imported; the list downloaded: what is written, refused, and by whom."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask

from documents import tables_read
from store import people, totals
from store.models import JournalEntry
from tests.pages import AUTHOR, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort
from tests.test_pages_people import limit

LIST = """Nom;Prénom;Courriel;Structure;Âge
Zola;Émile;emile@exemple.fr;Médan;40
Arnaud;Inès;;Scop Épi;
Bernard;Théo;;;
Sand;;george@exemple.fr;;
"""


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Page:
    """The import of a list as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.list_url = f"/promotions/{cohort.code}/participants/"
        self.url = f"{self.list_url}importer/"
        self.token = csrf(self.client.get("/").text)

    def send(self, text: str = LIST, name: str = "liste.csv"):
        data = {"csrf_token": self.token, "form_key": "k", "file": (BytesIO(text.encode()), name)}
        return self.client.post(self.url, data=data, content_type="multipart/form-data")

    def carry_out(self, html: str, **values: str):
        found = dict(re.findall(r'<input type="hidden" name="(rows|seen)" value="([^"]*)"', html))
        data = {"csrf_token": self.token, "form_key": "k2"} | {k: unescape(v) for k, v in found.items()} | values
        return self.client.post(f"{self.url}valider", data=data)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Page:
    return Page(app, cohort)


def test_a_preview_writes_nothing_and_says_each_line(page: Page, count_queries) -> None:
    before, version = people.snapshot(page.cohort.id), people.version(page.cohort.id)
    with count_queries(14):
        answer = page.send()
    html = plain(unescape(answer.text))
    assert answer.status_code == 200
    assert re.findall(r'data-outcome="(\w+)"', html) == ["created", "changed", "same", "refused"]
    assert "Cette valeur est obligatoire." in html
    assert "Colonnes laissées de côté : Âge." in html
    assert "<ins>Scop Épi</ins>" in html
    assert (people.snapshot(page.cohort.id), people.version(page.cohort.id)) == (before, version)


def test_importing_writes_what_was_shown_with_its_author(page: Page) -> None:
    answer = page.carry_out(page.send().text)
    assert (answer.status_code, answer.location) == (303, page.list_url)
    held = people.snapshot(page.cohort.id)
    assert len(held) == 7
    assert held[page.cohort.participants[0]]["employer"] == "Scop Épi"
    assert list(held.values())[-1]["email"] == "emile@exemple.fr"
    assert {entry.author for entry in JournalEntry.select().where(JournalEntry.after == "Scop Épi")} == {"Coordinator"}
    assert "1 personne ajoutée · 1 ligne changée" in plain(page.client.get(page.list_url).text)


def test_a_list_imported_again_changes_nothing(page: Page) -> None:
    page.carry_out(page.send().text)
    html = page.send().text
    assert re.findall(r'data-outcome="(\w+)"', html) == ["same", "same", "same", "refused"]
    assert "rien à importer" in plain(unescape(html))


def test_the_form_sent_twice_imports_once(page: Page) -> None:
    html = page.send().text
    page.carry_out(html)
    assert page.carry_out(html).status_code == 303
    assert totals.enrolled(page.cohort.id) == 7


def test_what_moved_meanwhile_is_shown_again_before_it_is_written(page: Page) -> None:
    html = page.send().text
    people.change(AUTHOR, page.cohort.participants[0], {"employer": "Ailleurs"})
    answer = page.carry_out(html)
    assert answer.status_code == 409
    assert "<del>Ailleurs</del>" in plain(answer.text)
    assert totals.enrolled(page.cohort.id) == 6
    assert page.carry_out(answer.text, form_key="k3").status_code == 303
    assert people.snapshot(page.cohort.id)[page.cohort.participants[0]]["employer"] == "Scop Épi"


def test_beyond_the_maximum_people_wait_unless_it_is_meant(page: Page) -> None:
    limit(page.cohort.id, 6)
    html = page.send().text
    assert "1 personne ira en liste d'attente" in plain(unescape(html))
    page.carry_out(html)
    assert (totals.enrolled(page.cohort.id), len(people.waiting(page.cohort.id))) == (6, 1)
    html = page.send("Nom;Prénom\nSand;George\n").text
    page.carry_out(html, form_key="k3", beyond="oui")
    assert totals.enrolled(page.cohort.id) == 7


@pytest.mark.parametrize(("text", "name", "said"), [
    ("", "liste.csv", "Choisissez un fichier"), ("%PDF-1.7", "liste.pdf", "ni xlsx, ni ods, ni csv"),
    ("Zola;Émile", "liste.csv", "Aucune ligne d'en-têtes"), ("Nom;Prénom\n" + "a;b\n" * 200_000, "l.csv", "ko au plus"),
])  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why(page: Page, text: str, name: str, said: str) -> None:
    answer = page.send(text, name)
    assert answer.status_code == 422
    assert said in plain(unescape(answer.text))


def test_rows_of_another_promotion_or_of_nobody_are_not_written(page: Page) -> None:
    other = make_cohort("AUTRE-2025")
    html = page.send().text
    page.url = f"/promotions/{other.code}/participants/importer/"
    assert page.carry_out(html).status_code == 422
    assert page.carry_out(html, rows="n'importe quoi", form_key="k9").status_code == 422
    assert totals.enrolled(other.id) == 6
    page.url = "/promotions/NOWHERE/participants/importer/"
    assert page.send().status_code == 404


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_others_import_nothing(app: Flask, cohort: Cohort, role: str) -> None:
    page = Page(app, cohort, role)
    assert page.client.get(page.url).status_code == 403
    assert page.send().status_code == 403


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_the_list_is_downloaded_as_it_is_narrowed(page: Page, kind: str) -> None:
    first = page.cohort.participants[0]
    people.change(AUTHOR, first, {"employer": "=1+1", "funding": "cpf", "agreement_on": "2025-01-06"})
    answer = page.client.get(f"/promotions/{page.cohort.code}/participants.{kind}?q=arnaud")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=participants-{page.cohort.code}.{kind}"
    header, line = tables_read.read(f"l.{kind}", answer.data)
    found = dict(zip(header, line, strict=True))
    assert found["Structure"] == ("'=1+1" if kind == "csv" else "=1+1")
    assert (found["ID"], found["Financement"], found["Convention le"], found["Téléphone"]) == (
        first, "CPF", "06/01/2025", "0612345670",
    )  # fmt: skip


def test_who_has_paid_is_not_in_everybodys_file(app: Flask, cohort: Cohort) -> None:
    for role, told in (("coordinator", True), ("reader", False)):
        client = sign_in(app, role)
        header = tables_read.read("l.csv", client.get(f"/promotions/{cohort.code}/participants.csv").data)[0]
        assert ("Frais réglés le" in header) is told
    assert client.get(f"/promotions/{cohort.code}/participants.exe").status_code == 404
    assert client.get("/promotions/NOWHERE/participants.csv").status_code == 404


def test_somebody_withdrawn_is_not_entered_a_second_time(page: Page) -> None:
    key, held = next(iter(people.snapshot(page.cohort.id).items()))
    people.remove(AUTHOR, key)
    text = f"Nom;Prénom;Courriel\n{held['last_name'].upper()};{held['first_name']};{held['email']}\n"
    html = plain(unescape(page.send(text).text))
    assert re.findall(r'data-outcome="(\w+)"', html) == ["refused"]
    assert "a été retirée de la promotion" in html
    # Somebody else of that name, by another address, is somebody else.
    other = f"Nom;Prénom;Courriel\n{held['last_name']};{held['first_name']};autre.personne@exemple.fr\n"
    expected = ["refused"] if not held["email"] else ["created"]
    assert re.findall(r'data-outcome="(\w+)"', page.send(other).text) == expected
