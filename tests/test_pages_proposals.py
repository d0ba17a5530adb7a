"""The page of the balanced proposal: the ladder, what it shows, what is accepted, told and journalled."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import optimum, proposals, tutoring
from store.errors import Refused
from store.models import Exclusion, JournalEntry, Paper, Tutor, Tutorship
from tests.pages import AUTHOR, csrf, make_app, plain, sign_in
from tests.sync_bench import TUTORS, Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Preview:
    """The page as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.url = cohort, f"/promotions/{cohort.code}/notes/proposition/"
        self.papers = [row[0] for row in tutoring.papers(cohort.id)]

    def look(self, mode: str = "") -> str:
        answer = self.client.get(self.url, query_string={"mode": mode} if mode else {})
        assert answer.status_code == 200, answer.text
        self.html = answer.text
        return plain(unescape(answer.text))

    def send(self, which: str = "ticked", keep: list[str] | None = None, **more: str):
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.html))
        form |= {"csrf_token": csrf(self.html), "accept": which, **more}
        ticked = keep if keep is not None else re.findall(r'name="keep"[^>]*value="([^"]+)"', self.html)
        return self.client.post(self.url, data={**form, "keep": ticked})

    def tutors(self) -> dict[str, str]:
        return {key: values["tutor"] for key, values in tutoring.snapshot(self.cohort.id).items()}

    def lines(self) -> list[str]:
        return re.findall(r'data-paper="([^"]+)"', self.html)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Preview:
    return Preview(app, cohort)


def test_a_proposal_is_shown_beside_today_and_nothing_is_written(page: Preview, count_queries) -> None:
    tutoring.change(AUTHOR, page.papers[0], {"tutor": TUTORS[0]})
    before, entries = page.tutors(), JournalEntry.select().count()
    with count_queries(10):
        html = page.look()
    assert page.lines() == page.papers[1:]
    assert "1 autre note reste comme elle est." in html
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td><td class="num">(.*?)</td>', html)
    assert rows == [
        (TUTORS[0], "1", "<small>+2</small> <b>3</b> / 5"), (TUTORS[1], "0", "<small>+3</small> <b>3</b> / 5"),
    ]  # fmt: skip
    assert html.count("Sans vœu, pour l'équilibre") == 5
    assert (page.tutors(), JournalEntry.select().count()) == (before, entries)


def test_all_of_it_is_accepted_with_its_sentences_in_the_journal(page: Preview) -> None:
    tutoring.change(AUTHOR, page.papers[0], {"wishes": TUTORS[1]})
    page.look()
    answer = page.send("all", keep=[])
    assert (answer.status_code, answer.location) == (303, page.url)
    assert sorted(page.tutors().values()) == [TUTORS[0]] * 3 + [TUTORS[1]] * 3
    entry = JournalEntry.get((JournalEntry.object_id == page.papers[0]) & (JournalEntry.field == "tutor"))
    assert (entry.before, entry.after, entry.author) == ("", TUTORS[1], "Coordinator")
    assert entry.reason == f"proposition équilibrée : Vœu n° 1 : {TUTORS[1]}."
    html = page.look()
    assert "6 lignes acceptées." in html
    assert "Chaque note a son tuteur." in html


def test_ticked_lines_or_one_line_are_accepted_and_the_rest_is_proposed_as_before(page: Preview) -> None:
    page.look()
    proposed = {line.paper: line.tutor for line in proposals.proposal(page.cohort.id).lines}
    assert page.send(page.papers[5]).status_code == 303
    assert page.tutors() == dict.fromkeys(page.papers, "") | {page.papers[5]: proposed[page.papers[5]]}
    page.look()
    assert page.lines() == page.papers[:5]
    assert page.send("ticked", keep=page.papers[1:3]).status_code == 303
    page.look()
    assert page.send("all").status_code == 303
    assert page.tutors() == proposed


def test_a_form_sent_twice_accepts_once(page: Preview) -> None:
    page.look()
    for _ in range(2):
        assert page.send("all").status_code == 303
    assert JournalEntry.select().where(JournalEntry.field == "tutor", JournalEntry.kind == "paper").count() == 6


def test_a_line_that_moved_meanwhile_is_told_and_the_others_go(page: Preview) -> None:
    page.look()
    proposed = {line.paper: line.tutor for line in proposals.proposal(page.cohort.id).lines}
    moved, excluded = page.papers[0], page.papers[1]
    other = next(name for name in TUTORS if name != proposed[moved])
    tutoring.assign(AUTHOR, moved, other)
    tutor = Tutor.get(Tutor.name == proposed[excluded])
    Exclusion.create(paper=excluded, tutor=tutor, reason="parenté", by="essai")
    answer = page.send("all")
    assert answer.status_code == 409
    html = plain(unescape(answer.text))
    assert "2 lignes n'ont pas été enregistrées" in html
    assert f"« – » est devenu « {other} »" in html
    assert f"{tutor.name} a été écarté·e de cette note." in html
    assert "4 lignes acceptées." in html
    assert page.tutors() == proposed | {moved: other, excluded: ""}


def test_a_capacity_taken_meanwhile_is_never_passed(page: Preview) -> None:
    page.look()
    Tutorship.update(capacity=1).execute()
    answer = page.send("all")
    assert answer.status_code == 409
    assert plain(unescape(answer.text)).count("n'a plus de place pour cette note.") == 4
    assert sorted(page.tutors().values()) == ["", "", "", "", *TUTORS]


def test_a_paper_removed_meanwhile_is_told(page: Preview) -> None:
    page.look()
    gone = Paper.get_by_id(page.papers[0])
    gone.enrolment.deleted_at = gone.enrolment.arrived_on or "2025-01-01 00:00:00"
    gone.enrolment.save()
    answer = page.send("all")
    assert answer.status_code == 409
    assert "Cette note n'est plus dans la promotion." in plain(unescape(answer.text))


def test_everything_anew_moves_as_little_as_balance_allows_and_swaps_between_full_tutors(page: Preview) -> None:
    Tutorship.update(capacity=3).execute()
    for number, paper in enumerate(page.papers):
        tutoring.change(AUTHOR, paper, {"tutor": TUTORS[number // 3], "wishes": TUTORS[number // 3]})
    assert "Rien à proposer" in page.look()
    html = page.look("tout")
    assert "La répartition d'aujourd'hui est déjà la meilleure." in html
    for paper, name in ((page.papers[0], TUTORS[1]), (page.papers[3], TUTORS[0])):
        tutoring.change(AUTHOR, paper, {"wishes": name})
    page.look("tout")
    assert page.lines() == [page.papers[0], page.papers[3]]
    alone = page.send(page.papers[0])
    assert alone.status_code == 409
    assert f"{TUTORS[1]} n'a plus de place pour cette note." in plain(unescape(alone.text))
    page.look("tout")
    answer = page.send("all")
    assert (answer.status_code, answer.location) == (303, f"{page.url}?mode=tout")
    assert (page.tutors()[page.papers[0]], page.tutors()[page.papers[3]]) == (TUTORS[1], TUTORS[0])


def test_what_cannot_be_satisfied_stands_on_top_in_words(page: Preview) -> None:
    Tutorship.update(capacity=2).execute()
    tutoring.change(AUTHOR, page.papers[0], {"wishes": "Astronomie"})
    html = page.look()
    assert html.index("Ce qui ne peut pas être satisfait") < html.index('data-paper="')
    assert "Notes à confier : 6 ; places : 4." in html
    assert "« Astronomie »" in html
    assert html.count('data-paper="') == 4


def test_a_computation_that_fails_says_so_and_writes_nothing(page: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise Refused(optimum.TOO_LONG)

    monkeypatch.setattr(optimum, "answer", fail)
    answer = page.client.get(page.url)
    assert answer.status_code == 503
    assert "Le calcul n'a pas abouti en 15 secondes" in plain(unescape(answer.text))


@pytest.mark.parametrize(
    ("values", "says"),
    [({"lines": "forged"}, "n'est plus valable"), ({"lines": ""}, "n'est plus valable"), ({}, "Cochez au moins une")],
)
def test_what_was_not_proposed_or_not_chosen_is_refused(page: Preview, values: dict[str, str], says: str) -> None:
    page.look()
    answer = page.send("ticked", keep=[], **values)
    assert answer.status_code == 422
    assert says in plain(unescape(answer.text))
    assert set(page.tutors().values()) == {""}


def test_lines_signed_for_another_cohort_are_refused(app: Flask, page: Preview) -> None:
    page.look()
    other = Preview(app, make_cohort("AUTRE-2026"))
    other.html = page.html
    token = csrf(other.client.get(other.url).text)
    assert other.send("all", csrf_token=token).status_code == 422
    assert set(page.tutors().values()) == {""}


def test_a_paper_that_is_no_line_is_unknown(page: Preview) -> None:
    page.look()
    assert page.send("N-NOWHERE").status_code == 404
    assert page.send("ticked", keep=["N-NOWHERE"]).status_code == 404


def test_the_page_is_for_the_office(app: Flask, page: Preview) -> None:
    page.look()
    for role in ("tutor", "juror", "reader"):
        seen = Preview(app, page.cohort, role)
        seen.html = page.html
        assert seen.client.get(seen.url).status_code == 403
        token = csrf(seen.client.get("/promotions/").text)
        assert seen.client.post(seen.url, data={"csrf_token": token}).status_code == 403
    assert page.client.get("/promotions/NOWHERE/notes/proposition/").status_code == 404
    assert app.test_client().get(page.url).status_code == 303


def test_nobody_to_tutor_is_said(app: Flask, page: Preview) -> None:
    Tutorship.delete().execute()
    assert "Personne n'est encore déclaré comme tuteur" in page.look()
