"""The board: each paper with its last exchange, assignment and exclusions; several papers given at once and back."""

import threading
from datetime import date

import pytest

from store import assignments, board, db, exclusions, people, tutoring, tutors
from store.journal import Author
from store.models import Exchange, JournalEntry
from tests.pages import AUTHOR, add_account
from tests.sync_bench import TUTORS, Cohort, make_cohort

FONTAINE, MOREL = TUTORS
CAMILLE, NOUR = Author("Camille", "page", 1), Author("Nour", "page", 2)


@pytest.fixture
def papers(cohort: Cohort) -> list[str]:
    return [row[0] for row in tutoring.papers(cohort.id)]


def held(paper: str, field: str = "tutor") -> str:
    return tutoring.held([paper])[paper][field]


def give(papers: list[str], tutor: str, before: str = "", author: Author = CAMILLE, **more: str) -> assignments.Moved:
    wanted, expected = ({paper: {"tutor": name} for paper in papers} for name in (tutor, before))
    return assignments.move(author, wanted, expected, **more)


def test_the_board_gathers_all_that_is_known_of_each_paper(cohort: Cohort, papers: list[str], count_queries) -> None:
    email = add_account("tutor")
    who = next(one.id for one in tutors.of_cohort(cohort.id) if one.name == FONTAINE)
    tutors.change(AUTHOR, cohort.id, who, {"account": email, "themes": "culture; rural", "capacity": ""})
    tutoring.assign(AUTHOR, papers[0], MOREL)
    tutoring.assign(NOUR, papers[0], FONTAINE, reason="départ")
    exclusions.exclude(AUTHOR, cohort.id, who, papers[1], "lien familial")
    for number, (day, deleted) in enumerate([(date(2025, 3, 1), None), (date(2025, 3, 9), None),
                                             (date(2025, 4, 1), date(2025, 4, 2))]):  # fmt: skip
        Exchange.insert(id=f"X-{number}", paper=papers[0], day=day, by="Nour", deleted_at=deleted).execute()
    with count_queries(5):
        lines, listed = board.lines(cohort.id), board.tutors(cohort.id)
    first = lines[0]
    assert (first.last_name, first.tutor, first.cotutor) == ("Arnaud", FONTAINE, "")
    assert first.exchanged_on == date(2025, 3, 9)
    assert first.given is not None
    assert first.given[1:] == ("Nour", MOREL, "départ")
    assert first.users == {listed[0].user} != {None}
    assert lines[1].excluded == ((FONTAINE, "lien familial"),)
    assert (lines[1].tutor, lines[1].given, lines[1].exchanged_on, lines[1].users) == ("", None, None, frozenset())
    assert [one[1:4] for one in listed] == [(FONTAINE, None, ("culture", "rural")), (MOREL, 5, ())]


def test_several_papers_are_given_at_once_with_their_reason(cohort: Cohort, papers: list[str]) -> None:
    found = give(papers[:3], FONTAINE, reason="équilibre")
    assert found.done == dict.fromkeys(papers[:3], {"tutor": FONTAINE})
    assert found.overtaken == found.refused == {}
    entries = list(JournalEntry.select().where(JournalEntry.field == "tutor", JournalEntry.kind == "paper"))
    assert {(entry.author, entry.before, entry.after, entry.reason) for entry in entries} == {
        ("Camille", "", FONTAINE, "équilibre"),
    }  # fmt: skip
    assert found.entries == (min(entry.id for entry in entries), max(entry.id for entry in entries))
    assert give(papers[:3], FONTAINE, FONTAINE).entries is None


def test_what_somebody_else_changed_meanwhile_stays_and_the_others_go(cohort: Cohort, papers: list[str]) -> None:
    tutoring.assign(NOUR, papers[1], MOREL)
    tutoring.change(NOUR, papers[2], {"cotutor": FONTAINE})
    found = give(papers[:3], FONTAINE)
    assert list(found.done) == [papers[0]]
    assert found.overtaken[papers[1]]["tutor"] == MOREL
    assert "suit déjà" in str(found.refused[papers[2]])
    assert [held(paper) for paper in papers[:3]] == [FONTAINE, MOREL, ""]


def test_what_was_given_is_given_back_but_what_changed_since(cohort: Cohort, papers: list[str]) -> None:
    tutoring.assign(NOUR, papers[0], MOREL)
    both = {"tutor": FONTAINE, "workshop": "Atelier 2"}
    found = assignments.move(CAMILLE, dict.fromkeys(papers[:3], both), {})
    tutoring.assign(NOUR, papers[2], MOREL)
    assert found.entries is not None
    assert assignments.give_back(NOUR, cohort.id, found.entries).done == {}
    assert assignments.give_back(CAMILLE, make_cohort("AUTRE-2025").id, found.entries).done == {}
    back = assignments.give_back(CAMILLE, cohort.id, found.entries, "Annulation")
    assert list(back.done) == papers[:2]
    assert list(back.overtaken) == [papers[2]]
    assert [held(paper) for paper in papers[:3]] == [MOREL, "", MOREL]
    assert [held(paper, "workshop") for paper in papers[:3]] == ["", "", "Atelier 2"]


def test_two_people_who_move_the_same_papers_at_once_never_block_each_other(cohort: Cohort, papers: list[str]) -> None:
    results: dict[str, assignments.Moved] = {}
    gate = threading.Barrier(2)

    def send(author: Author, tutor: str, keys: list[str]) -> None:
        with db.connection():
            gate.wait()
            results[author.name] = give(keys, tutor, author=author)

    threads = [threading.Thread(target=send, args=(CAMILLE, FONTAINE, papers)),
               threading.Thread(target=send, args=(NOUR, MOREL, papers[::-1]))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(len(found.done) for found in results.values()) == [0, len(papers)]
    assert sorted(len(found.overtaken) for found in results.values()) == [0, len(papers)]
    assert len({held(paper) for paper in papers}) == 1


def test_a_paper_whose_participant_left_is_on_no_board(cohort: Cohort, papers: list[str]) -> None:
    people.remove(AUTHOR, tutoring.beside(papers[0])[0])
    assert [line.id for line in board.lines(cohort.id)] == papers[1:]
