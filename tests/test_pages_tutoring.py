"""The page of papers and tutors: the ladder of every page, who changes what, two people on one line."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import people, tutoring
from store.models import JournalEntry
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, add_account, csrf, make_app, sign_in
from tests.sync_bench import TUTORS, Cohort, make_cohort

OWN = "Tania Tutrice"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Notes:
    """The page of papers as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.url = cohort, f"/promotions/{cohort.code}/notes/"
        self.papers = [row[0] for row in tutoring.papers(cohort.id)]
        self.html = self.client.get(self.url).text

    def form(self, paper: str = "") -> dict[str, str]:
        return line_form(self.html, "data-paper", paper or self.papers[0])

    def send(self, paper: str = "", htmx: bool = True, **values: str):
        paper = paper or self.papers[0]
        form = {**self.form(paper), **{name.replace("__", "-"): value for name, value in values.items()}}
        return self.client.post(f"{self.url}{paper}", data=form, headers=HTMX if htmx else {})

    def stored(self, paper: str = "") -> dict[str, str]:
        return tutoring.snapshot(self.cohort.id)[paper or self.papers[0]]


@pytest.fixture
def notes(app: Flask, cohort: Cohort) -> Notes:
    return Notes(app, cohort)


@pytest.fixture
def own(app: Flask, cohort: Cohort) -> Notes:
    """Give the page to a tutor who follows the first paper."""
    tutoring.add_tutor(AUTHOR, cohort.id, OWN, 1, add_account("tutor"))
    tutoring.assign(AUTHOR, tutoring.papers(cohort.id)[0][0], OWN)
    return Notes(app, cohort, "tutor")


def test_each_paper_has_its_line_with_a_choice_of_tutors(notes: Notes, count_queries) -> None:
    with count_queries(12):
        page = notes.client.get(notes.url)
    assert page.status_code == 200
    assert page.text.count("data-paper=") == len(notes.papers) == 6
    assert notes.form()["tutor"] == ""
    for name in TUTORS:
        assert f'<option value="{name}">' in page.text


def test_moving_a_paper_saves_at_once_and_shows_the_new_load(notes: Notes) -> None:
    answer = notes.send(tutor=TUTORS[0])
    assert answer.status_code == 200
    assert notes.stored()["tutor"] == TUTORS[0]
    assert answer.text.count("data-paper=") == 1
    assert 'id="tutor-load"' in answer.text
    assert "hx-swap-oob" in answer.text
    assert '<b>1<span class="of"> / 5</span></b>' in answer.text
    assert JournalEntry.select().where(JournalEntry.kind == "paper", JournalEntry.after == TUTORS[0]).count() == 1


def test_a_load_above_the_capacity_is_said_in_words(app: Flask, cohort: Cohort) -> None:
    tutoring.add_tutor(AUTHOR, cohort.id, OWN, 1)
    notes = Notes(app, cohort)
    assert "au-delà de la capacité" not in notes.send(notes.papers[0], tutor=OWN).text
    assert "au-delà de la capacité" in notes.send(notes.papers[1], tutor=OWN).text


def test_every_field_is_saved_in_french_forms(notes: Notes) -> None:
    notes.send(title="Tiers-lieux", problem="Qui décide ?\r\nEt comment ?", milestone="deposited",
               deposited_on="16/06/2025", pages="19", link="https://exemple.fr/note")  # fmt: skip
    assert notes.stored() == {
        "title": "Tiers-lieux", "problem": "Qui décide ?\nEt comment ?", "tutor": "", "workshop": "",
        "milestone": "deposited", "deposited_on": "2025-06-16", "pages": "19", "link": "https://exemple.fr/note",
        "cotutor": "", "wishes": "", "report_link": "", "similarity": "",
    }  # fmt: skip
    notes.html = notes.client.get(notes.url).text
    before = JournalEntry.select().count()
    assert notes.form()["deposited_on"] == "16/06/2025"
    assert notes.send().status_code == 200
    assert JournalEntry.select().count() == before


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("pages", "vingt", "n&#39;est pas un nombre entier"),
        ("deposited_on", "31/02/2025", "31/02/2025"),
        ("deposited_on", "31/12/2099", "est à venir"),
        ("link", "javascript:alert(1)", "https://"),
        ("tutor", "Personne d'ici", "pas dans la liste"),
        ("milestone", "fini", "pas dans la liste"),
    ],
)
def test_a_bad_value_is_said_beside_its_cell_and_kept(notes: Notes, field: str, typed: str, words: str) -> None:
    answer = notes.send(**{field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'id="err-{notes.papers[0]}-{field}"' in answer.text
    assert notes.stored()[field] == ""
    if field not in ("tutor", "milestone"):
        assert line_form(answer.text, "data-paper", notes.papers[0])[field] == typed


def test_a_bad_value_does_not_hold_the_good_ones_back_and_can_be_sent_again(notes: Notes) -> None:
    assert notes.send(title="Bon", pages="vingt").status_code == 422
    assert (notes.stored()["title"], notes.stored()["pages"]) == ("Bon", "")
    assert notes.send(title="Bon", pages="20").status_code == 200
    assert (notes.stored()["title"], notes.stored()["pages"]) == ("Bon", "20")


def test_a_form_sent_twice_changes_things_once(notes: Notes) -> None:
    assert notes.send(title="Premier").status_code == 200
    tutoring.change(AUTHOR, notes.papers[0], {"title": "Deuxième"})
    assert notes.send(title="Premier").status_code == 200
    assert notes.stored()["title"] == "Deuxième"


def test_two_people_on_one_line_keep_their_own_cells(app: Flask, notes: Notes) -> None:
    other = Notes(app, notes.cohort, "admin")
    assert notes.send(title="Le titre").status_code == 200
    assert other.send(milestone="plan").status_code == 200
    assert (notes.stored()["title"], notes.stored()["milestone"]) == ("Le titre", "plan")


def test_the_second_of_two_on_one_cell_is_told_and_keeps_what_they_typed(app: Flask, notes: Notes) -> None:
    other = Notes(app, notes.cohort, "admin")
    notes.send(title="Un", tutor=TUTORS[0])
    answer = other.send(title="Deux <b>", tutor=TUTORS[1])
    assert answer.status_code == 409
    assert "« Un »" in answer.text
    assert "« Deux &lt;b&gt; »" in answer.text
    assert notes.stored()["title"] == "Un"
    assert notes.stored()["tutor"] == TUTORS[0]
    other.html = answer.text
    assert other.form()["title"] == "Un"
    assert other.send(keep__title="Deux <b>").status_code == 200
    assert notes.stored()["title"] == "Deux <b>"
    assert notes.stored()["tutor"] == TUTORS[0]


def test_without_javascript_a_line_is_saved_then_shown(notes: Notes) -> None:
    answer = notes.send(htmx=False, tutor=TUTORS[1])
    assert (answer.status_code, answer.location) == (303, f"{notes.url}#ligne-{notes.papers[0]}")
    notes.html = notes.client.get(answer.location).text
    assert notes.form()["tutor"] == TUTORS[1]
    wrong = notes.send(htmx=False, pages="vingt")
    assert wrong.status_code == 422
    assert "<h1>" in wrong.text
    assert line_form(wrong.text, "data-paper", notes.papers[0])["pages"] == "vingt"
    assert wrong.text.count('class="error"') == 1


def test_filters_are_in_the_address(notes: Notes) -> None:
    notes.send(notes.papers[2], tutor=TUTORS[0])
    alone = notes.client.get(notes.url, query_string={"tuteur": TUTORS[0]}).text
    assert alone.count("data-paper=") == 1
    assert f'hx-get="{notes.url}?tuteur=Claire+Fontaine"' in alone
    assert notes.client.get(f"{notes.url}?sans=tuteur").text.count("data-paper=") == 5
    assert "Aucune note" in notes.client.get(f"{notes.url}?tuteur=Personne").text


def test_an_open_page_hears_of_changes_only_when_there_are_some(notes: Notes) -> None:
    version = people.version(notes.cohort.id)
    poll = notes.client.get(f"{notes.url}?v={version}", headers=HTMX)
    assert (poll.status_code, poll.data) == (204, b"")
    notes.send(title="Neuf")
    poll = notes.client.get(f"{notes.url}?v={version}", headers=HTMX)
    assert poll.status_code == 200
    assert "<html" not in poll.text
    assert "Neuf" in poll.text


def test_a_tutor_changes_only_their_own_papers_and_never_who_follows_them(own: Notes) -> None:
    assert own.html.count("data-paper=") == own.html.count('name="milestone"') == 1
    assert "data-tick-all" not in own.html
    assert "draggable" not in own.html
    assert "tutor" not in own.form()
    assert own.send(title="Le mien", pages="18").status_code == 200
    assert (own.stored()["title"], own.stored()["pages"]) == ("Le mien", "18")
    for field in ("tutor", "workshop", "keep__tutor"):
        assert own.send(title="Non", **{field: TUTORS[0]}).status_code == 403
    assert own.stored()["title"] == "Le mien"
    assert own.stored()["tutor"] == OWN
    assert own.papers[1] not in own.html, "another's paper is not even shown"
    token = csrf(own.html)
    answer = own.client.post(own.url + own.papers[1], data={"csrf_token": token, "title": "Pris"}, headers=HTMX)
    assert answer.status_code == 403
    assert own.stored(own.papers[1])["title"] == ""


@pytest.mark.parametrize("role", ["juror", "reader"])
def test_jurors_and_readers_only_read(app: Flask, cohort: Cohort, role: str) -> None:
    notes = Notes(app, cohort, role)
    assert notes.html.count("data-paper=") == 6
    assert notes.form() == {}
    answer = notes.client.post(notes.url + notes.papers[0], data={"csrf_token": csrf(notes.html), "title": "X"})
    assert answer.status_code == 403
    assert notes.stored()["title"] == ""


def test_a_paper_of_another_cohort_or_of_nobody_is_not_found(notes: Notes) -> None:
    other = make_cohort("AUTRE-2025")
    paper = tutoring.papers(other.id)[0][0]
    data = {"csrf_token": csrf(notes.html), "title": "Ailleurs"}
    assert notes.client.post(notes.url + paper, data=data).status_code == 404
    assert notes.client.post(notes.url + "N-NOWHERE", data=data).status_code == 404
    assert notes.client.get("/promotions/INCONNUE/notes/").status_code == 404
    assert tutoring.snapshot(other.id)[paper]["title"] == ""


def test_people_who_are_not_signed_in_are_sent_to_the_door(app: Flask, notes: Notes) -> None:
    stranger = app.test_client()
    assert stranger.get(notes.url).status_code == 303
    token = csrf(stranger.get("/connexion").text)
    answer = stranger.post(notes.url + notes.papers[0], data={"csrf_token": token, "title": "X"}, headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/connexion")
    assert notes.client.post(notes.url + notes.papers[0], data={"title": "X"}).status_code == 400
    assert notes.stored()["title"] == ""
