"""Minutes: what they hold, how they are numbered and chained, and that the database keeps them as they are."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from rules import chain
from store import db, journal, jury, minutes, people, rosters, tutoring
from store.errors import Refused, Unknown
from store.models import Candidacy, Decision, Deliberation, Grade, JournalEntry, JuryMember, Marking, Minutes
from tests.deliberated import PROVIDER, SEALED_AT, graded, held, printed, sealed
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort


def test_minutes_hold_all_that_was_decided_and_known(cohort: Cohort) -> None:
    first, second, *_ = graded(cohort).participants
    rosters.change(AUTHOR, first, dict.fromkeys(cohort.half_days, "P") | {cohort.half_days[0]: "A"})
    paper = next(key for key, owner in tutoring.owners(cohort.id).items() if owner == first)
    tutoring.change(AUTHOR, paper, {"tutor": "Claire Fontaine"})
    Grade.update(resit="11").where((Grade.enrolment == first) & (Grade.work == "RSV207")).execute()
    for place, (marker, value) in enumerate((("Jean Un", "12"), ("Léa Deux", "13")), 1):
        Marking.create(enrolment=first, work="RSV206", place=place, marker=marker, value=value, by="Tests")
    one = held(cohort, first, second)
    Candidacy.update(stepped_out="Claire Fontaine; Denis Morel").where(Candidacy.enrolment == first).execute()
    Decision.update(
        honours="Bien", remark="Beau travail", reason="Oral", reasons=json.dumps([["below", "RSV206 : 9", "003"]])
    ).where(Decision.enrolment == first).execute()
    data = minutes.contents(minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT))
    assert (data["format"], data["number"]) == (1, "PV-2026-0001")
    assert data["cohort"] == {
        "id": cohort.id, "code": "TEST-2025", "title": "Promotion d'essai", "programme": "Certificat d'essai",
        "period": "2025",
    }  # fmt: skip
    assert data["provider"] == {"name": "Cnam", "address": "292 rue Saint-Martin", "town": "Paris"}
    assert data["deliberation"] == {
        "order_number": "2026-07", "order_date": "2026-01-05", "held_on": "2026-01-15", "place": "Salle 21.2.32",
        "opened_at": "2026-01-15T14:00:00Z", "opened_by": "Camille Coordination",
        "closed_at": "2026-01-15T16:30:00Z", "closed_by": "Camille Coordination",
    }  # fmt: skip
    assert [(one["name"], one["president"], one["present"]) for one in data["members"]] == [
        ("Anne Présidente", True, True), ("Claire Fontaine", False, True), ("Denis Absent", False, False),
    ]  # fmt: skip
    assert ["note minimale", "10", ""] in data["rules"]
    assert data["rule_set"]["pass_mark"] == "10"
    assert data["works"] == [
        ["RSV206", "RSV206", "Économie sociale", 8], ["RSV207", "RSV207", "Enquête", 4],
        ["paper", "Note de validation", "", None],
    ]  # fmt: skip
    assert data["counts"] == {"admitted": 2, "adjourned": 0, "defaulted": 0, "resit": 0}
    assert data["supersedes"] is None
    assert data["candidates"][0] == {
        "id": first, "last_name": "Arnaud", "first_name": "Inès",
        "hours": {"absent": 180, "allowed": 168, "total": 840, "attended": 660},
        "grades": {
            "RSV206": {"grade": "12.5", "resit": "", "markings": [["Jean Un", "12"], ["Léa Deux", "13"]]},
            "RSV207": {"grade": "10", "resit": "11", "markings": []},
            "paper": {"grade": "14", "resit": "", "markings": []},
        },
        "credits": 12, "proposed": "admitted", "reasons": [["below", "RSV206 : 9", "003"]], "decision": "admitted",
        "honours": "Bien", "remark": "Beau travail", "reason": "Oral", "by": "Camille Coordination",
        "at": "2026-01-15T15:00:00Z", "tutors": ["Claire Fontaine"],
        "stepped_out": ["Claire Fontaine", "Denis Morel"],
    }  # fmt: skip


def test_the_row_is_digested_sealed_and_knows_where_the_journal_stood(cohort: Cohort) -> None:
    one = held(cohort)
    journal.record(AUTHOR, None, "account", "1", "role", "", "admin")
    head = JournalEntry.select().where(JournalEntry.cohort_id == cohort.id).order_by(JournalEntry.id.desc()).get()
    number = minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
    row = Minutes.get_by_id(number)
    data = json.loads(row.data)
    assert row.data == chain.canonical(data) == minutes.text(number)
    assert row.data_digest == chain.digest(row.data)
    assert row.pdf_digest == chain.digest(minutes.pdf(number))
    assert minutes.pdf(number) == printed(data)
    general = JournalEntry.get(JournalEntry.kind == "account")
    assert data["journal"] == {
        "entry": head.id, "seal": head.seal, "general": {"entry": general.id, "seal": general.seal},
    }  # fmt: skip
    assert (row.place, row.previous, row.sealed_by, row.sealed_at) == (1, "", "Tests", SEALED_AT)
    assert row.seal == chain.seal(
        "", [1, number, one, cohort.id, row.data_digest, row.pdf_digest, "Tests", SEALED_AT]
    )


def test_sealing_signs_the_decisions_and_nothing_of_them_changes_any_more(cohort: Cohort) -> None:
    first, second, *_ = cohort.participants
    number = sealed(cohort, first)
    assert Decision.get_by_id(first).signed_at is not None
    told = JournalEntry.select().where(JournalEntry.after == number)
    assert [(entry.kind, entry.object_id, entry.field) for entry in told] == [("dossier", first, "signed")]
    entry = JournalEntry.get(JournalEntry.kind == "minutes")
    assert (entry.object_id, entry.field, entry.after) == (number, "sealed", Minutes.get_by_id(number).data_digest)
    for changes in ({"decision": "adjourned"}, {"grade-RSV206": "3"}, {"decision": ""}):
        with pytest.raises(Refused, match="scellé par un procès-verbal"):
            jury.change(AUTHOR, first, changes)
    with pytest.raises(Refused, match="scellé par un procès-verbal"):
        people.remove(AUTHOR, first)
    assert jury.change(AUTHOR, second, {"grade-RSV206": "3"}) == {"grade-RSV206": "3"}


def test_minutes_follow_one_another_over_all_cohorts_and_numbers_begin_again_each_year(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 2)
    first, second, third, *_ = cohort.participants
    numbers = [sealed(cohort, first), sealed(other), sealed(cohort, second, year=2027), sealed(cohort, third)]
    assert numbers == ["PV-2026-0001", "PV-2026-0002", "PV-2027-0001", "PV-2026-0003"]
    found = list(Minutes.select().order_by(Minutes.place))
    assert [row.place for row in found] == [1, 2, 3, 4]
    assert [row.previous for row in found] == ["", *(row.seal for row in found[:-1])]


def test_a_deliberation_has_one_minutes_and_a_failure_leaves_no_hole(cohort: Cohort) -> None:
    first, second, *_ = cohort.participants
    one, other = held(cohort, first), held(cohort, second)

    def unprintable(data: dict) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        minutes.seal(AUTHOR, one, PROVIDER, unprintable, SEALED_AT)
    assert (Minutes.select().count(), Decision.get_by_id(first).signed_at) == (0, None)
    assert minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT) == "PV-2026-0001"
    with pytest.raises(Refused, match="PV-2026-0001 de cette délibération est déjà scellé"):
        minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
    assert minutes.seal(AUTHOR, other, PROVIDER, printed, SEALED_AT) == "PV-2026-0002"
    with pytest.raises(Unknown):
        minutes.seal(AUTHOR, other + 1, PROVIDER, printed, SEALED_AT)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: Deliberation.update(held_on=None), "Indiquez le jour"),
        (lambda one: Deliberation.update(closed_at=None), "n'est pas close"),
        (lambda one: JuryMember.update(president=False), "une présidente ou un président, et un seul"),
        (lambda one: JuryMember.update(president=True), "une présidente ou un président, et un seul"),
        (lambda one: JuryMember.update(present=None).where(~JuryMember.president), "Claire Fontaine, Denis Absent"),
        (lambda one: JuryMember.update(present=False), "Anne Présidente préside le jury et n'était pas là"),
        (lambda one: Candidacy.delete(), "ne porte sur personne"),
        (lambda one: Decision.delete(), "Sans décision : Arnaud Inès, Bernard Théo"),
    ],
)
def test_a_deliberation_that_lacks_something_is_not_sealed(cohort: Cohort, change: object, told: str) -> None:
    one = held(cohort)
    change(one).execute()  # type: ignore[operator]
    with pytest.raises(Refused, match=told):
        minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
    assert Minutes.select().count() == 0


def test_deliberations_closed_at_once_take_different_places(cohort: Cohort) -> None:
    waiting = [held(cohort, key) for key in cohort.participants]

    def one(deliberation: int) -> str:
        with db.connection():
            return minutes.seal(AUTHOR, deliberation, PROVIDER, printed, SEALED_AT)

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(one, waiting))
    assert sorted(numbers) == [f"PV-2026-{rank:04d}" for rank in range(1, 7)]
    found = list(Minutes.select().order_by(Minutes.place))
    assert [row.previous for row in found] == ["", *(row.seal for row in found[:-1])]


def test_a_change_that_comes_while_minutes_are_sealed_waits_and_is_refused(cohort: Cohort) -> None:
    first = cohort.participants[0]
    jury.change(AUTHOR, first, {"grade-RSV206": "12"})
    one, answers = held(cohort, first), []

    def change() -> None:
        with db.connection():
            try:
                answers.append(jury.change(AUTHOR, first, {"grade-RSV206": "3"}))
            except Refused as refused:
                answers.append(str(refused))

    with ThreadPoolExecutor(1) as pool:

        def slow(data: dict) -> bytes:
            pool.submit(change)
            return printed(data)

        number = minutes.seal(AUTHOR, one, PROVIDER, slow, SEALED_AT)
    assert "scellé par un procès-verbal" in answers[0]
    assert minutes.contents(number)["candidates"][0]["grades"]["RSV206"]["grade"] == "12"
    assert jury.snapshot(cohort.id)[first]["grade-RSV206"] == "12"


def test_a_correction_supersedes_and_both_stay_visible(cohort: Cohort) -> None:
    first, second, *_ = cohort.participants
    one = held(cohort, first, second)
    former = minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
    later = sealed(cohort, first, decision="adjourned", supersedes=one, reason="Note mal reportée")
    assert minutes.contents(later)["supersedes"] == {"number": former, "reason": "Note mal reportée"}
    newest, oldest = minutes.listed(cohort.id)
    assert (newest.number, newest.supersedes, newest.reason, newest.superseded_by) == (
        later, former, "Note mal reportée", (),
    )  # fmt: skip
    assert (oldest.number, oldest.supersedes, oldest.superseded_by, oldest.candidates) == (former, "", (later,), 2)


def test_results_are_those_of_the_last_minutes_that_hold_each_and_published_ones_wait(cohort: Cohort) -> None:
    first, second, *_ = cohort.participants
    one = held(cohort, first, second)
    former = minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
    assert minutes.results(cohort.id) == {}
    Deliberation.update(published_at=datetime(2026, 1, 16), published_by="Camille").execute()
    later = sealed(cohort, first, decision="adjourned", supersedes=one, reason="Erreur")
    published, known = minutes.results(cohort.id), minutes.results(cohort.id, published=False)
    assert {key: (one.number, one.decision) for key, one in published.items()} == {
        first: (former, "admitted"), second: (former, "admitted"),
    }  # fmt: skip
    assert {key: (one.number, one.decision) for key, one in known.items()} == {
        first: (later, "adjourned"), second: (former, "admitted"),
    }  # fmt: skip
    assert (published[first].published_by, published[first].published_at) == ("Camille", datetime(2026, 1, 16))
    assert known[first].published_at is None
    # What the decision of now says changes nothing of it.
    Decision.update(decision="resit").execute()
    assert minutes.results(cohort.id) == published


def test_unknown_minutes_are_unknown(cohort: Cohort) -> None:
    for question in (minutes.contents, minutes.text, minutes.pdf):
        with pytest.raises(Unknown):
            question("PV-2026-0001")
    assert minutes.listed(cohort.id) == []
