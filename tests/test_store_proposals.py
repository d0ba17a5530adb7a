"""The proposal over the store: what is gathered, the process that solves it, what is written of it and what is not."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from rules.proposal import Paper, Tutor, problem
from rules.proposal_model import model
from rules.rule_set import as_dict
from store import optimum, people, proposals, tutoring
from store.errors import Refused
from store.models import Cohort as CohortRow
from store.models import Enrolment, Exclusion, JournalEntry, Tutorship
from store.models import Tutor as TutorRow
from store.proposals import Accepted
from tests.pages import AUTHOR
from tests.proposal_draws import solved
from tests.sync_bench import TUTORS, Cohort, make_cohort

ASKED = problem(
    [Tutor(1, "Zoé", 2), Tutor(2, "Hugo", 2)],
    [Paper("A", "Ada", wishes=("Hugo",)), Paper("B", "Bob", wishes=("Hugo",)), Paper("C", "Cid", wishes=("Hugo",))],
)


def papers_of(cohort: Cohort) -> list[str]:
    return [row[0] for row in tutoring.papers(cohort.id)]


# -- what is gathered ---------------------------------------------------------------------------------------


def test_all_that_a_proposal_depends_on_is_gathered_in_few_queries(cohort: Cohort, count_queries) -> None:
    first, second, third, *rest = papers_of(cohort)
    tutors = {row[1]: row[0] for row in tutoring.tutors(cohort.id)}
    tutoring.change(AUTHOR, first, {"tutor": TUTORS[0], "cotutor": TUTORS[1], "workshop": "Atelier 1"})
    tutoring.change(AUTHOR, second, {"wishes": "Eau ; denis  morel"})
    Exclusion.create(paper=third, tutor=tutors[TUTORS[1]], reason="parenté", by="essai")
    Tutorship.update(themes="Eau; Énergie", capacity=None).where(Tutorship.tutor == tutors[TUTORS[0]]).execute()
    gone, waiting = (Enrolment.get_by_id(tutoring.owners(cohort.id)[paper]) for paper in rest[:2])
    people.remove(AUTHOR, gone.id)
    people.change(AUTHOR, waiting.id, {"waiting": "oui"})
    with count_queries(4):
        asked = proposals.gathered(cohort.id, anew=False)
    by_id = {paper.id: paper for paper in asked.papers}
    assert set(by_id) == {first, second, third, rest[2]}
    assert {tutor.name: (tutor.capacity, tutor.themes) for tutor in asked.tutors} == {
        TUTORS[0]: (None, ("Eau", "Énergie")), TUTORS[1]: (5, ()),
    }  # fmt: skip
    assert asked.follows == {tutors[TUTORS[0]]: 1, tutors[TUTORS[1]]: 1}
    assert (by_id[first].workshop, by_id[second].wishes) == ("Atelier 1", ("Eau", "denis morel"))
    assert by_id[third].excluded == {tutors[TUTORS[1]]}


def test_another_cohort_is_another_problem(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2026")
    for paper in papers_of(other):
        tutoring.assign(AUTHOR, paper, TUTORS[0])
    asked = proposals.gathered(cohort.id, anew=False)
    assert len(asked.papers) == 6
    assert set(asked.follows.values()) == {0}


def test_somebody_who_left_the_list_of_tutors_is_still_named(cohort: Cohort) -> None:
    paper = papers_of(cohort)[0]
    tutoring.assign(AUTHOR, paper, TUTORS[0])
    Tutorship.update(capacity=None).execute()
    Tutorship.delete().where(Tutorship.tutor == TutorRow.get(TutorRow.name == TUTORS[0])).execute()
    line = next(line for line in proposals.proposal(cohort.id, anew=True).lines if line.paper == paper)
    assert (line.tutor_now, line.tutor) == (TUTORS[0], TUTORS[1])


# -- the process that solves it ------------------------------------------------------------------------------


def test_the_process_answers_as_this_one_would() -> None:
    assert optimum.answer(ASKED) == solved(ASKED)


def test_a_solver_in_a_hurry_is_refused_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "SECONDS", 0)
    with pytest.raises(Refused, match="n'a pas abouti"):
        optimum.answer(ASKED)


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "SECONDS", 0)
    monkeypatch.setattr(optimum, "GRACE", 0.2)
    monkeypatch.setattr(optimum, "COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(Refused, match="n'a pas abouti"):
        optimum.answer(ASKED)


@pytest.mark.parametrize(
    "program", ["raise SystemExit(1)", "print('Segmentation fault')", "print('{\"unsolved\": \"kUnknown\"}')"]
)
def test_a_process_that_fails_is_said_and_logged(
    program: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(optimum, "COMMAND", [sys.executable, "-c", program])
    with pytest.raises(Refused, match="Le calcul a échoué"):
        optimum.answer(ASKED)
    assert "proposal" in caplog.text


def everybody_with_hugo(found: dict) -> dict:
    """Give all three papers to Hugo, who has two places."""
    made = model(ASKED)
    hugo = {column for column, (_, tutor) in made.gives.items() if tutor == 2}
    return found | {"values": [int(column in hugo) for column in range(len(made.upper))]}


def the_second_best(found: dict) -> dict:
    """Exchange who has one paper: nothing is broken, but the wishes are less well met."""
    made = model(ASKED)
    zoe = next(unit for column, (unit, tutor) in made.gives.items() if tutor == 1 and found["values"][column])
    other = next(unit for column, (unit, tutor) in made.gives.items() if tutor == 2 and found["values"][column])
    turned = {column: 1 - found["values"][column] for column, (unit, _) in made.gives.items() if unit in (zoe, other)}
    return found | {"values": [turned.get(column, value) for column, value in enumerate(found["values"])]}


@pytest.mark.parametrize("tamper", [everybody_with_hugo, the_second_best])
def test_an_answer_that_is_not_verified_is_never_shown(
    tamper: Callable[[dict], dict], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answered = optimum.solved
    monkeypatch.setattr(optimum, "solved", lambda given: tamper(answered(given)))
    with pytest.raises(Refused, match="Le calcul a échoué"):
        optimum.answer(ASKED)
    assert "proposal refused" in caplog.text


def test_the_process_writes_nothing_but_its_answer() -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        optimum.COMMAND, input=json.dumps(optimum.plain(model(ASKED)) | {"floors": [], "known": []}),
        capture_output=True, text=True, cwd=optimum.ROOT, check=True,
    )  # fmt: skip
    assert set(json.loads(done.stdout)) == {"values", "prices"}


def test_the_web_process_never_loads_the_solver() -> None:
    program = (
        "import sys; from app import create_app; from settings import Settings; "
        "create_app(Settings(database_url='sqlite:///:memory:', secret_key='k' * 40), serving=True); "
        "print(sorted({'highspy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=optimum.ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


# -- what is written -----------------------------------------------------------------------------------------


def accepted(cohort: Cohort) -> list[Accepted]:
    lines = proposals.proposal(cohort.id).lines
    return [Accepted(*line[:-1], " ".join(map(str, line.why))) for line in lines]


def test_what_is_accepted_is_journalled_with_its_reason_and_grows_the_version(cohort: Cohort) -> None:
    lines, version = accepted(cohort), people.version(cohort.id)
    done, told = proposals.accept(AUTHOR, cohort.id, lines)
    assert (done, told) == (6, [])
    reasons = {entry.object_id: entry.reason for entry in JournalEntry.select().where(JournalEntry.field == "tutor")
               if entry.kind == "paper"}  # fmt: skip
    assert reasons == {line.paper: f"proposition équilibrée : {line.why}" for line in lines}
    assert people.version(cohort.id) > version


def test_accepting_twice_writes_once(cohort: Cohort) -> None:
    lines = accepted(cohort)
    proposals.accept(AUTHOR, cohort.id, lines)
    entries = JournalEntry.select().count()
    assert proposals.accept(AUTHOR, cohort.id, lines) == (6, [])
    assert JournalEntry.select().count() == entries


def test_a_tutor_who_left_meanwhile_takes_nothing(cohort: Cohort) -> None:
    lines = accepted(cohort)
    Tutorship.delete().where(Tutorship.tutor == TutorRow.get(TutorRow.name == TUTORS[0])).execute()
    done, told = proposals.accept(AUTHOR, cohort.id, lines)
    assert done == sum(line.tutor == TUTORS[1] for line in lines)
    assert {paper for paper, _ in told} == {line.paper for line in lines if line.tutor == TUTORS[0]}
    assert {values["tutor"] for values in tutoring.snapshot(cohort.id).values()} == {"", TUTORS[1]}


def test_half_of_it_accepted_leaves_the_same_other_half(cohort: Cohort) -> None:
    lines = accepted(cohort)
    proposals.accept(AUTHOR, cohort.id, lines[::2])
    assert [line[:4] for line in accepted(cohort)] == [line[:4] for line in lines[1::2]]


def test_workshops_are_proposed_and_written_with_their_tutor(cohort: Cohort) -> None:
    rules = replace(people.rule_set(cohort.id), workshop_min=3, workshop_max=3)
    CohortRow.update(rule_set=json.dumps(as_dict(rules))).where(CohortRow.id == cohort.id).execute()
    # Somebody whose tutor is known, but who is in no workshop yet, joins one as well.
    first = papers_of(cohort)[0]
    tutoring.assign(AUTHOR, first, TUTORS[1])
    assert proposals.accept(AUTHOR, cohort.id, accepted(cohort)) == (6, [])
    held = tutoring.snapshot(cohort.id)
    together = Counter((values["workshop"], values["tutor"]) for values in held.values())
    assert together == {("Atelier 1", TUTORS[0]): 3, ("Atelier 2", TUTORS[1]): 3}
    assert held[first]["tutor"] == TUTORS[1]
    assert not proposals.proposal(cohort.id, anew=True).lines
