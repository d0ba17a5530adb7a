"""The board of papers: grouped, filtered, sorted in its address; several given at once, given back, marked in words."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from time import perf_counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.rights import PUBLIC, RIGHTS
from rules.rule_set import as_dict
from store import db, exclusions, people, tutoring, tutors
from store.models import Cohort as CohortRow
from store.models import Exchange, JournalEntry
from tests.pages import AUTHOR, HTMX, PASSWORD, add_account, csrf, make_app, new_app, plain, sign_in
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort

FONTAINE, MOREL = TUTORS


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Board:
    """The board as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.url = f"/promotions/{cohort.code}/notes/"
        self.papers = [row[0] for row in tutoring.papers(cohort.id)]

    def page(self, **asked: str) -> str:
        return unescape(self.client.get(self.url, query_string=asked).text)

    def shown(self, **asked: str) -> list[str]:
        """List the family names of the lines, and headings between brackets, from top to bottom."""
        lines = self.page(**asked).partition('<ul class="lines')[2]
        found = re.findall(r"<h2>([^<]*)</h2>|<b>([^<]*)</b> \w+</a></span>", lines)
        return [f"[{heading}]" if heading else name for heading, name in found]

    def read(self, *papers: str) -> dict[str, str]:
        """Return what a page says of these papers to the form of several."""
        held = tutoring.held(papers)
        return {f"was-{name}-{paper}": held[paper][name] for paper in papers for name in ("tutor", "workshop")}

    def give(
        self, *papers: str, htmx: bool = True, query: str = "", read: dict | None = None, **values: str
    ) -> TestResponse:
        """Send the form of several papers, by default as it was just read."""
        data = {"csrf_token": csrf(self.client.get(self.url).text), "chosen": list(papers)}
        data |= {"tutor": "=", "workshop": "="} | self.read(*papers) if read is None else read
        return self.client.post(f"{self.url}attribuer{query}", data=data | values, headers=HTMX if htmx else {})

    def tutors(self) -> list[str]:
        return [row[6] or "" for row in tutoring.papers(self.cohort.id)]


@pytest.fixture
def board(app: Flask, cohort: Cohort) -> Board:
    return Board(app, cohort)


def rules(cohort: Cohort, **changes: object) -> None:
    """Change the rule set of a cohort as if it had been opened with it."""
    changed = replace(people.rule_set(cohort.id), **changes)
    CohortRow.update(rule_set=json.dumps(as_dict(changed))).where(CohortRow.id == cohort.id).execute()


def test_a_line_says_all_that_is_known_of_a_paper(board: Board, count_queries) -> None:
    first = board.papers[0]
    tutoring.change(AUTHOR, first, {"tutor": MOREL})
    tutoring.change(PAGE, first, {"tutor": FONTAINE, "cotutor": MOREL, "title": "Tiers-lieux"}, reason="congé")
    Exchange.insert(id="X-1", paper=first, day=date(2025, 3, 9), by="Nour").execute()
    with count_queries(12):
        page = board.page()
    line = page.partition(f'data-paper="{first}"')[2].partition("</li>")[0]
    for words in (
        f'<a href="{board.url}{first}/"><b>Arnaud</b> Inès</a>', "Tiers-lieux", "09/03/2025",
        f'value="{FONTAINE}" selected',
        f'name="cotutor" list="tutors" value="{MOREL}"', "par Camille Coordination", f"avant : {MOREL}",
        "motif : congé", "?champ=tutor",
    ):  # fmt: skip
        assert words in plain(line), words
    assert "Jamais attribuée" in page


def test_the_board_is_grouped_filtered_and_sorted_in_its_address(board: Board) -> None:
    first, second, third = board.papers[:3]
    tutoring.change(AUTHOR, first, {"tutor": MOREL, "workshop": "Atelier 10", "milestone": "plan"})
    tutoring.change(AUTHOR, second, {"tutor": FONTAINE, "cotutor": MOREL, "workshop": "Atelier 9", "title": "Zoom"})
    tutoring.change(AUTHOR, third, {"milestone": "plan", "title": "Écoles"})
    names = ["Arnaud", "Bernard", "Chevalier", "Dupont", "Étienne", "Fabre"]
    fontaine, morel = f"[{FONTAINE}]", f"[{MOREL}]"
    assert board.shown() == names
    by_tutor = ["[Sans tuteur]", *names[2:], fontaine, "Bernard", morel, "Arnaud"]
    assert board.shown(par="tuteur") == by_tutor
    by_workshop = ["[Sans atelier]", *names[2:], "[Atelier 9]", "Bernard", "[Atelier 10]", "Arnaud"]
    assert board.shown(par="atelier") == by_workshop
    assert board.shown(tuteur=MOREL) == ["Arnaud", "Bernard"]
    assert board.shown(tuteur=MOREL, par="tuteur") == [fontaine, "Bernard", morel, "Arnaud"]
    assert board.shown(sans="atelier", etape="plan") == ["Chevalier"]
    assert board.shown(q="ecoles") == ["Chevalier"]
    assert board.shown(tri="-nom") == names[::-1]
    assert board.shown(tri="titre")[:2] == ["Chevalier", "Bernard"]
    page = board.page(par="tuteur", etape="plan", tri="-titre")
    assert f'hx-get="{board.url}?par=tuteur&etape=plan&tri=-titre"' in page
    assert f'href="{board.url}?par=tuteur&etape=plan&tri=titre"' in page
    assert 'action="/promotions/TEST-2025/notes/attribuer?par=tuteur&etape=plan&tri=-titre"' in page
    assert 'value="plan" selected' in page


def test_several_papers_are_given_at_once_and_the_load_follows(board: Board) -> None:
    answer = board.give(*board.papers[:3], tutor=FONTAINE, reason="équilibre")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert board.tutors() == [FONTAINE] * 3 + [""] * 3
    assert f"3 notes changées, tuteur : {FONTAINE}." in plain(answer.text)
    assert '<b>3<span class="of"> / 5</span></b>' in answer.text
    entries = JournalEntry.select().where(JournalEntry.field == "tutor", JournalEntry.kind == "paper")
    assert {(entry.before, entry.after, entry.reason) for entry in entries} == {("", FONTAINE, "équilibre")}
    assert board.give(board.papers[5], tutor="=", workshop="Atelier 1").status_code == 200
    assert tutoring.held([board.papers[5]])[board.papers[5]]["workshop"] == "Atelier 1"


def test_an_assignment_is_given_back_right_after(board: Board) -> None:
    tutoring.assign(AUTHOR, board.papers[0], MOREL)
    answer = board.give(*board.papers[:3], tutor=FONTAINE)
    first, last = (re.search(rf'name="{name}" value="(\d+)"', answer.text)[1] for name in ("first", "last"))
    tutoring.assign(AUTHOR, board.papers[2], MOREL)
    data = {"csrf_token": csrf(board.client.get(board.url).text), "first": first, "last": last}
    back = board.client.post(f"{board.url}attribuer/annuler", data=data, headers=HTMX)
    assert back.status_code == 409
    assert board.tutors() == [MOREL, "", MOREL, "", "", ""]
    assert "2 notes rendues" in back.text
    assert "Chevalier Noé" in plain(back.text).partition('id="board-told"')[2].partition("</form>")[0]
    for wrong in ({"first": "x", "last": "1"}, {"first": "1"}):
        assert board.client.post(f"{board.url}attribuer/annuler", data=data | {"last": ""} | wrong).status_code == 400


def test_what_somebody_changed_meanwhile_is_named_and_kept(board: Board) -> None:
    read = board.read(*board.papers[:3])
    tutoring.assign(AUTHOR, board.papers[1], MOREL)
    answer = board.give(*board.papers[:3], read=read, tutor=FONTAINE)
    assert answer.status_code == 409
    assert board.tutors()[:3] == [FONTAINE, MOREL, FONTAINE]
    told = plain(unescape(answer.text)).partition('id="board-told"')[2].partition("</div>")[0]
    assert f"Bernard Théo : changée entre-temps (tuteur : {MOREL}, atelier : vide)" in told
    assert "Arnaud" not in told
    assert "2 notes changées" in told


def test_a_form_sent_twice_gives_once(board: Board) -> None:
    data = {"csrf_token": csrf(board.client.get(board.url).text), "chosen": board.papers[:1], "tutor": FONTAINE,
            "form_key": "once", "workshop": "="}  # fmt: skip
    assert board.client.post(f"{board.url}attribuer", data=data, headers=HTMX).status_code == 200
    tutoring.assign(AUTHOR, board.papers[0], MOREL)
    assert "Rien n'a changé" in unescape(board.client.post(f"{board.url}attribuer", data=data, headers=HTMX).text)
    assert board.tutors()[0] == MOREL


def test_an_assignment_without_papers_or_without_a_choice_is_refused(board: Board) -> None:
    for papers, values, words in (
        ((), {"tutor": FONTAINE}, "Cochez d'abord"), (board.papers[:1], {}, "Choisissez un tuteur"),
        (board.papers[:1], {"tutor": FONTAINE, "reason": "x" * 501}, "trop long"),
    ):  # fmt: skip
        answer = board.give(*papers, **values)
        assert answer.status_code == 422
        assert words in unescape(answer.text)
    unknown = board.give(board.papers[0], tutor="Personne d'ici")
    assert unknown.status_code == 422
    assert "Arnaud Inès : « Personne d'ici » n'est pas dans la liste" in plain(unescape(unknown.text))
    assert board.tutors() == [""] * 6


def test_what_an_assignment_goes_over_is_said_and_not_refused(board: Board) -> None:
    rules(board.cohort, workshop_min=3, workshop_max=4)
    who = next(one.id for one in tutors.of_cohort(board.cohort.id) if one.name == FONTAINE)
    tutors.change(AUTHOR, board.cohort.id, who, {"capacity": "1"})
    exclusions.exclude(AUTHOR, board.cohort.id, who, board.papers[0], "lien familial")
    answer = board.give(*board.papers[:2], tutor=FONTAINE, workshop="Atelier 1")
    assert answer.status_code == 200
    assert board.tutors()[:2] == [FONTAINE] * 2
    text = plain(unescape(answer.text))
    for words in (
        f"{FONTAINE} suit maintenant 2 notes pour une capacité de 1.", "Atelier 1 : 2, 3 au moins sont attendus.",
        f"{FONTAINE} ne doit pas suivre la note de Arnaud Inès : lien familial.",
        f"{FONTAINE} ne doit pas suivre cette note : lien familial.", "au-delà de la capacité",
        "<small>3 au moins sont attendus</small>",
    ):  # fmt: skip
        assert words in text, words


def test_a_wish_that_nobody_states_and_a_late_paper_are_marked(board: Board) -> None:
    rules(board.cohort, paper_due=date.today() - timedelta(days=1))
    who = next(one.id for one in tutors.of_cohort(board.cohort.id) if one.name == FONTAINE)
    tutors.change(AUTHOR, board.cohort.id, who, {"themes": "culture"})
    tutoring.change(AUTHOR, board.papers[0], {"wishes": "Culture; denis morel; permaculture"})
    tutoring.change(AUTHOR, board.papers[1], {"deposited_on": date.today().isoformat()})
    page = plain(board.page())
    assert page.count("Vœu « ") == page.count("Vœu « permaculture » : ni un tuteur, ni un thème suivi ici.") == 1
    assert page.count(">en retard</small>") == 5
    assert "Déposée après le" in page
    assert board.shown(retard="oui") == ["Arnaud", "Chevalier", "Dupont", "Étienne", "Fabre"]


def test_without_javascript_papers_are_ticked_given_and_given_back(board: Board) -> None:
    assert board.page(cocher="tout").count('name="chosen" checked') == 6
    answer = board.give(*board.papers[:2], htmx=False, query="?par=tuteur", tutor=FONTAINE)
    assert answer.status_code == 303
    assert answer.location.startswith(f"{board.url}?par=tuteur&fait=")
    page = board.client.get(answer.location).text
    assert "2 notes changées" in plain(page)
    part = page.partition('class="undoing"')[2].partition("</form>")[0]
    data = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', part))
    action = unescape(re.search(r'action="([^"]+)"', part)[1])
    back = board.client.post(action, data=data)
    assert (back.status_code, back.location) == (303, f"{board.url}?par=tuteur")
    assert board.tutors() == [""] * 6
    read = board.read(*board.papers[:2])
    tutoring.assign(AUTHOR, board.papers[0], MOREL)
    late = board.give(*board.papers[:2], htmx=False, read=read, tutor=FONTAINE)
    assert late.status_code == 409
    assert "<h1>" in late.text
    assert board.tutors()[:2] == [MOREL, FONTAINE]


def test_a_line_saved_without_javascript_goes_back_to_the_same_view(board: Board) -> None:
    paper = board.papers[0]
    data = {"csrf_token": csrf(board.client.get(board.url).text), "title": "Neuf"}
    for page, back in ((f"{board.url}?par=tuteur", f"{board.url}?par=tuteur"), ("/journal/?x=1", board.url)):
        answer = board.client.post(board.url + paper, data=data, headers={"Referer": f"http://localhost{page}"})
        assert answer.location == f"{back}#ligne-{paper}"


def test_one_line_is_given_with_its_reason(board: Board) -> None:
    paper = board.papers[0]
    assert "Motif du prochain changement" in board.page()
    data = {"csrf_token": csrf(board.client.get(board.url).text), "seen-tutor": "", "tutor": FONTAINE}
    long = board.client.post(board.url + paper, data=data | {"reason": "x" * 501}, headers=HTMX)
    assert long.status_code == 422
    assert "Motif : ce texte est trop long, 501 caractères pour 500 au plus." in plain(long.text)
    assert board.tutors()[0] == ""
    board.client.post(board.url + paper, data=data | {"reason": " à sa demande."}, headers=HTMX)
    assert board.tutors()[0] == FONTAINE
    assert "(avant : personne), motif : à sa demande. <a" in plain(board.page())


def test_a_tutor_sees_the_papers_that_they_follow_and_nobody_elses_load(app: Flask, cohort: Cohort) -> None:
    papers = [row[0] for row in tutoring.papers(cohort.id)]
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 3, add_account("tutor"))
    tutoring.change(AUTHOR, papers[0], {"tutor": "Tania Tutrice"})
    tutoring.change(AUTHOR, papers[1], {"tutor": FONTAINE, "cotutor": "Tania Tutrice"})
    tutoring.change(AUTHOR, papers[2], {"tutor": FONTAINE})
    board = Board(app, cohort, "tutor")
    assert board.shown() == ["Arnaud", "Bernard"]
    assert board.shown(tuteur=FONTAINE) == ["Bernard"]
    assert board.shown(q="chevalier") == []
    panel = board.page().partition('id="tutor-load"')[2].partition("</section>")[0]
    assert "Tania Tutrice" in panel
    assert FONTAINE not in panel
    assert "Chevalier" not in board.page(par="tuteur")
    poll = board.client.get(board.url, headers=HTMX).text
    assert poll.count("data-paper=") == 2


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_other_roles_give_nothing(app: Flask, cohort: Cohort, role: str) -> None:
    board = Board(app, cohort, role)
    page = board.client.get(board.url).text
    assert 'name="chosen"' not in page
    assert 'id="many"' not in page
    for path in ("attribuer", "attribuer/annuler"):
        data = {"csrf_token": csrf(page), "chosen": board.papers[:1], "tutor": FONTAINE, "first": "1", "last": "9"}
        assert board.client.post(board.url + path, data=data).status_code == 403
    assert board.tutors() == [""] * 6


def test_papers_of_another_cohort_are_not_found(board: Board) -> None:
    other = tutoring.papers(make_cohort("AUTRE-2025").id)[0][0]
    assert board.give(board.papers[0], other, tutor=FONTAINE).status_code == 404
    assert board.tutors()[0] == ""
    assert tutoring.held([other])[other]["tutor"] == ""


def test_a_board_of_two_hundred_papers_asks_no_more_than_one_of_six(app: Flask, cohort: Cohort, count_queries) -> None:
    with db.database.atomic():
        for number in range(194):
            people.create(PAGE, cohort.id, {"last_name": f"Martin{number:03}", "first_name": "Alix"})
    board = Board(app, cohort)
    with count_queries(12):
        page = board.client.get(board.url)
    assert page.text.count("data-paper=") == 200
    with count_queries(12):
        grouped = board.client.get(board.url, query_string={"par": "tuteur"})
    assert grouped.text.count("data-paper=") == 200


def test_a_kept_board_is_shown_to_nobody_else(app: Flask, cohort: Cohort) -> None:
    papers = [row[0] for row in tutoring.papers(cohort.id)]
    for number, name in enumerate(("Tania Tutrice", "Tom Tuteur")):
        email = add_account("tutor", ("tutor@exemple.fr", "tom@exemple.fr")[number])
        tutoring.add_tutor(AUTHOR, cohort.id, name, 3, email)
        tutoring.assign(AUTHOR, papers[number], name)
    office, reader, tania = (Board(app, cohort, role) for role in ("coordinator", "reader", "tutor"))
    tom = Board(app, cohort, "tutor")
    tom.client = sign_in_as(app, "tom@exemple.fr")
    for _again in range(2):
        assert len(office.shown()) == len(reader.shown()) == 6
        assert (tania.shown(), tom.shown()) == (["Arnaud"], ["Bernard"])
        assert ('name="chosen"' in office.page(), 'name="chosen"' in reader.page()) == (True, False)
    office.client.post("/langue", data={"csrf_token": csrf(office.client.get(office.url).text), "lang": "en"})
    assert "Research question" in office.page()
    assert "Research question" not in reader.page()
    tokens = [csrf(one.client.get(one.url).text) for one in (office, tania)]
    assert tokens[0] != tokens[1]
    assert all(token in one.page() for token, one in zip(tokens, (office, tania), strict=True))


def sign_in_as(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    data = {"csrf_token": csrf(client.get("/connexion").text), "email": email, "password": PASSWORD}
    assert client.post("/connexion", data=data).status_code == 303
    return client


@pytest.mark.alone
@pytest.mark.parametrize("asked", [{}, {"par": "tuteur"}], ids=["flat", "grouped"])
def test_a_board_of_two_hundred_papers_takes_at_most_eight_bare_routes(
    database_url: str, cohort: Cohort, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]
) -> None:
    monkeypatch.setitem(RIGHTS, "bare", PUBLIC)
    app = new_app(database_url)
    app.add_url_rule("/bare/", "bare", lambda: "")
    with db.database.atomic():
        for number in range(194):
            people.create(PAGE, cohort.id, {"last_name": f"Martin{number:03}", "first_name": "Alix"})
        for number in range(38):
            tutors.add(AUTHOR, cohort.id, {"name": f"Tutrice {chr(97 + number // 26)}{chr(97 + number % 26)}"})
    board = Board(app, cohort)
    times: dict[str, list[float]] = {"/bare/": [], board.url: []}
    for _round in range(40):
        for address, taken in times.items():
            begun = perf_counter()
            board.client.get(address, query_string=asked)
            taken.append(perf_counter() - begun)
    assert min(times[board.url]) < 8 * min(times["/bare/"]), {name: min(taken) for name, taken in times.items()}
