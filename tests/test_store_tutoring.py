"""Papers and tutors: who may follow, what a change writes, what is refused."""

import pytest

from store import history, tutoring
from store.errors import Changed, Refused, Unknown
from store.models import JournalEntry, Tutor
from tests.pages import AUTHOR, add_account
from tests.sync_bench import TUTORS, Cohort, make_cohort


@pytest.fixture
def paper(cohort: Cohort) -> str:
    return tutoring.papers(cohort.id)[0][0]


def test_every_participant_has_a_paper_in_the_order_of_names(cohort: Cohort) -> None:
    papers = tutoring.papers(cohort.id)
    assert [row[2] for row in papers] == ["Arnaud", "Bernard", "Chevalier", "Dupont", "Étienne", "Fabre"]
    assert tutoring.owners(cohort.id) == {row[0]: row[1] for row in papers}


def test_assigning_changes_the_load_and_writes_the_journal(cohort: Cohort, paper: str) -> None:
    assert tutoring.assign(AUTHOR, paper, TUTORS[0]) == {"tutor": TUTORS[0]}
    assert {row[1]: row[3] for row in tutoring.tutors(cohort.id)} == {TUTORS[0]: 1, TUTORS[1]: 0}
    entry = JournalEntry.get(JournalEntry.kind == "paper", JournalEntry.field == "tutor")
    assert (entry.object_id, entry.before, entry.after) == (paper, "", TUTORS[0])
    assert tutoring.assign(AUTHOR, paper, "", TUTORS[0]) == {"tutor": ""}
    assert {row[1]: row[3] for row in tutoring.tutors(cohort.id)} == dict.fromkeys(TUTORS, 0)


def test_only_a_tutor_of_the_cohort_can_be_chosen(cohort: Cohort, paper: str) -> None:
    other = make_cohort("AUTRE-2025")
    tutoring.add_tutor(AUTHOR, other.id, "Odile Ailleurs", None)
    with pytest.raises(Refused) as refused:
        tutoring.assign(AUTHOR, paper, "Odile Ailleurs")
    assert refused.value.field == "tutor"
    assert tutoring.snapshot(cohort.id)[paper]["tutor"] == ""


def test_a_tutor_that_somebody_else_chose_meanwhile_stays(cohort: Cohort, paper: str) -> None:
    tutoring.assign(AUTHOR, paper, TUTORS[0])
    with pytest.raises(Changed) as changed:
        tutoring.assign(AUTHOR, paper, TUTORS[1], "")
    assert changed.value.current == TUTORS[0]
    assert tutoring.snapshot(cohort.id)[paper]["tutor"] == TUTORS[0]


def test_a_wrong_value_changes_nothing(cohort: Cohort, paper: str) -> None:
    before = tutoring.snapshot(cohort.id)
    wrong = {"pages": "vingt", "deposited_on": "31/02/2025", "link": "javascript:1", "milestone": "?"}
    for field, value in wrong.items():
        with pytest.raises(Refused) as refused:
            tutoring.change(AUTHOR, paper, {"title": "Autre", field: value})
        assert refused.value.field == field
    assert tutoring.snapshot(cohort.id) == before


def test_a_paper_that_does_not_exist_is_unknown(cohort: Cohort) -> None:
    with pytest.raises(Unknown):
        tutoring.change(AUTHOR, "N-NOWHERE", {"title": "X"})


def test_the_owner_of_a_paper_is_the_account_of_its_tutor(cohort: Cohort, paper: str) -> None:
    email = add_account("tutor")
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 3, email)
    assert tutoring.owner_users(cohort.id, paper) == set()
    tutoring.assign(AUTHOR, paper, "Tania Tutrice")
    user = Tutor.get(Tutor.name == "Tania Tutrice").user_id
    assert tutoring.owner_users(cohort.id, paper) == {user}
    tutoring.change(AUTHOR, paper, {"tutor": TUTORS[0], "cotutor": "Tania Tutrice"}, reason="départ")
    assert tutoring.owner_users(cohort.id, paper) == {user}
    assert [entry.reason for entry in history.entries("paper", paper)][:2] == ["départ", "départ"]
    with pytest.raises(Refused, match="suit déjà"):
        tutoring.assign(AUTHOR, paper, "Tania Tutrice")
    assert [row[1] for row in tutoring.of_user(user)] == [paper]
    assert tutoring.owner_users(make_cohort("AUTRE-2025").id, paper) is None


def test_tutors_whose_names_read_the_same_are_refused(cohort: Cohort) -> None:
    for name in ("claire  FONTAINE", "Claire Fontaine", " ", "12"):
        with pytest.raises(Refused):
            tutoring.add_tutor(AUTHOR, cohort.id, name, 3)
    with pytest.raises(Refused):
        tutoring.add_tutor(AUTHOR, cohort.id, "Paul Neuf", -1)
    assert [row[1] for row in tutoring.tutors(cohort.id)] == sorted(TUTORS)
    assert tutoring.types(cohort.id)["tutor"].parse("CLAIRE fontaine") == "Claire Fontaine"
