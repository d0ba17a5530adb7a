"""The page of who may tutor: the ladder of every page, and what each form changes or refuses."""

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from store import exclusions, tutoring, tutors
from tests.pages import AUTHOR, add_account, csrf, make_app, plain, sign_in
from tests.sync_bench import TUTORS, Cohort, make_cohort

FONTAINE, MOREL = TUTORS


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Desk:
    """The page of tutors as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.url = f"/promotions/{cohort.code}/notes/tuteurs/"
        self.papers = [row[0] for row in tutoring.papers(cohort.id)]
        self.ids = {one.name: one.id for one in tutors.of_cohort(cohort.id)}

    def page(self) -> str:
        return self.client.get(self.url).text

    def form(self, name: str) -> dict[str, str]:
        """Return the form of one tutor as a browser would send it back."""
        part = self.page().partition(f'id="tuteur-{self.ids[name]}"')[2].partition("</form>")[0]
        return {key: unescape(value) for key, value in re.findall(r'name="([^"]+)" value="([^"]*)"', part)}

    def send(self, path: str = "", **values: str) -> TestResponse:
        data = {"csrf_token": csrf(self.page())} | values
        return self.client.post(self.url + path, data=data)

    def save(self, who: str, **values: str) -> TestResponse:
        return self.client.post(f"{self.url}{self.ids[who]}/modifier", data=self.form(who) | values)

    def kept(self) -> dict[str, tuple]:
        return {one.name: one[2:6] for one in tutors.of_cohort(self.cohort.id)}


@pytest.fixture
def desk(app: Flask, cohort: Cohort) -> Desk:
    return Desk(app, cohort)


def test_the_page_says_who_may_tutor_and_how_much_each_follows(desk: Desk, count_queries) -> None:
    tutoring.change(AUTHOR, desk.papers[0], {"tutor": FONTAINE, "cotutor": MOREL})
    tutoring.assign(AUTHOR, desk.papers[1], MOREL)
    tutors.change(AUTHOR, desk.cohort.id, desk.ids[MOREL], {"capacity": "1"})
    with count_queries(12):
        page = desk.client.get(desk.url)
    assert page.status_code == 200
    assert ">2 notes</a>" in page.text
    assert page.text.count("au-delà de la capacité") == 1
    assert desk.form(FONTAINE)["capacity"] == "5"
    assert 'aria-current="page">Tuteurs</a>' in page.text


def test_somebody_is_added_then_changed(desk: Desk) -> None:
    email = add_account("tutor")
    answer = desk.send(name="Ida Neuve", capacity="", themes="culture;  tiers-lieux", email="Ida@exemple.fr")
    assert (answer.status_code, answer.location) == (303, f"{desk.url}#ajouter")
    assert desk.kept()["Ida Neuve"] == ("", "culture; tiers-lieux", "ida@exemple.fr", "")
    assert "La personne est ajoutée." in desk.page()
    desk.ids = {one.name: one.id for one in tutors.of_cohort(desk.cohort.id)}
    answer = desk.save("Ida Neuve", capacity="3", account=email)
    assert (answer.status_code, answer.location) == (303, f"{desk.url}#tuteur-{desk.ids['Ida Neuve']}")
    assert desk.kept()["Ida Neuve"] == ("3", "culture; tiers-lieux", "ida@exemple.fr", email)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "denis morel", "se lit comme Denis Morel"), ("name", "", "obligatoire"),
        ("capacity", "-2", "hors des limites"), ("capacity", "cinq", "n'est pas un nombre entier"),
        ("email", "claire", "n'est pas une adresse"), ("account", "nul@exemple.fr", "nul@exemple.fr"),
    ],
)  # fmt: skip
def test_a_bad_value_is_said_beside_its_line_and_kept(desk: Desk, field: str, typed: str, words: str) -> None:
    before = desk.kept()
    answer = desk.save(FONTAINE, **{field: typed})
    assert answer.status_code == 422
    part = answer.text.partition(f'id="tuteur-{desk.ids[FONTAINE]}"')[2].partition("</form>")[0]
    assert words in plain(unescape(part))
    assert f'name="{field}" value="{typed}"' in unescape(part)
    assert 'aria-invalid="true"' in part
    assert desk.kept() == before


def test_an_addition_that_is_refused_keeps_what_was_typed(desk: Desk) -> None:
    answer = desk.send(name="claire fontaine", capacity="4")
    assert answer.status_code == 422
    part = answer.text.partition('id="ajouter"')[2].partition("</form>")[0]
    assert "est déjà parmi les tuteurs" in part
    assert 'value="claire fontaine"' in part
    assert 'value="4"' in part


def test_two_people_on_one_tutor_keep_their_own_fields_and_the_second_is_told(app: Flask, desk: Desk) -> None:
    read = desk.form(FONTAINE)
    desk.save(FONTAINE, capacity="8")
    themes = desk.client.post(f"{desk.url}{desk.ids[FONTAINE]}/modifier", data=read | {"themes": "culture"})
    assert themes.status_code == 303
    assert desk.kept()[FONTAINE][:2] == ("8", "culture")
    late = desk.client.post(
        f"{desk.url}{desk.ids[FONTAINE]}/modifier", data=read | {"capacity": "2", "form_key": "another"}
    )
    assert late.status_code == 409
    assert "« Capacité » est devenu « 8 »" in plain(late.text)
    assert desk.kept()[FONTAINE][0] == "8"


def test_a_renamed_tutor_keeps_papers_and_wishes(desk: Desk) -> None:
    tutoring.change(AUTHOR, desk.papers[0], {"tutor": FONTAINE, "wishes": "Claire Fontaine; culture"})
    assert desk.save(FONTAINE, name="Claire Fontaine-Roy").status_code == 303
    held = tutoring.held([desk.papers[0]])[desk.papers[0]]
    assert (held["tutor"], held["wishes"]) == ("Claire Fontaine-Roy", "Claire Fontaine-Roy; culture")


def test_who_follows_papers_is_not_taken_out_and_the_page_says_which(desk: Desk) -> None:
    tutoring.assign(AUTHOR, desk.papers[0], FONTAINE)
    answer = desk.send(f"{desk.ids[FONTAINE]}/retirer")
    assert answer.status_code == 422
    assert "Arnaud Inès" in answer.text.partition('<p class="error"')[2][:200]
    assert desk.send(f"{desk.ids[MOREL]}/retirer").status_code == 303
    assert list(desk.kept()) == [FONTAINE]


def test_somebody_is_kept_from_a_paper_with_a_reason_and_let_back(desk: Desk) -> None:
    who = {"tutor": str(desk.ids[FONTAINE]), "paper": desk.papers[0]}
    for wrong, words in (
        ({}, "Choisissez un tuteur"), ({"tutor": who["tutor"]}, "Choisissez une note"), (who, "Dites pourquoi"),
    ):  # fmt: skip
        answer = desk.send("ecarts", **wrong)
        assert answer.status_code == 422
        assert words in answer.text
    assert desk.send("ecarts", **who, reason="lien familial").status_code == 303
    assert "lien familial" in desk.page()
    assert desk.send("ecarts", **who, reason="lien familial").status_code == 422
    assert desk.send("ecarts/lever", **who).status_code == 303
    assert exclusions.of_cohort(desk.cohort.id) == []


def test_what_belongs_elsewhere_is_not_found(desk: Desk) -> None:
    other = make_cohort("AUTRE-2025")
    elsewhere = tutors.add(AUTHOR, other.id, {"name": "Odile Ailleurs"})
    for path in (f"{elsewhere}/modifier", "999999/modifier", f"{elsewhere}/retirer"):
        assert desk.send(path, name="Pris").status_code == 404
    paper = tutoring.papers(other.id)[0][0]
    for tutor, key in ((str(elsewhere), desk.papers[0]), (str(desk.ids[FONTAINE]), paper), ("douze", desk.papers[0])):
        assert desk.send("ecarts", tutor=tutor, paper=key, reason="x").status_code == 404
        assert desk.send("ecarts/lever", tutor=tutor, paper=key).status_code == 404
    assert desk.client.get("/promotions/INCONNUE/notes/tuteurs/").status_code == 404


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_other_roles_have_no_way_in(app: Flask, cohort: Cohort, role: str) -> None:
    desk = Desk(app, cohort, role)
    assert desk.client.get(desk.url).status_code == 403
    board = desk.client.get(f"/promotions/{cohort.code}/notes/").text
    assert "tuteurs/" not in board
    data = {"csrf_token": csrf(board), "name": "Ida"}
    for path in ("", f"{desk.ids[FONTAINE]}/modifier", f"{desk.ids[FONTAINE]}/retirer", "ecarts", "ecarts/lever"):
        assert desk.client.post(desk.url + path, data=data).status_code == 403
    assert list(desk.kept()) == [FONTAINE, MOREL]
