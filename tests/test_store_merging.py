"""One person entered twice: likely pairs, contradictions, what the kept line is given, and the way back."""

import pytest

from store import (
    calendar,
    following,
    following_exchanges,
    following_files,
    following_reports,
    jury,
    merging,
    people,
    rosters,
    tutoring,
)
from store.db import execute, rows
from store.errors import Refused, Unknown
from store.models import JournalEntry, Mark
from tests.pages import AUTHOR
from tests.signing import sign
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def pair(cohort: Cohort) -> tuple[str, str]:
    """Enrol Inès Arnaud a second time, her names the other way round."""
    twice = people.create(AUTHOR, cohort.id, {"last_name": "Arnaud", "first_name": "Ines", "phone": "0700000000"})
    return cohort.participants[0], twice


def paper(key: str) -> str:
    return rows("SELECT id FROM paper WHERE enrolment_id = ?", key)[0][0]


def test_likely_pairs_are_named(cohort: Cohort, pair: tuple[str, str]) -> None:
    found = merging.likely(cohort.id)
    assert [(one.first[0], one.second[0], one.same_email) for one in found] == [(*pair, False)]
    people.change(AUTHOR, cohort.participants[3], {"email": "1@exemple.fr"})
    assert [(one.first[0], one.same_email) for one in merging.likely(cohort.id)] == [
        (pair[0], False), (cohort.participants[1], True),
    ]  # fmt: skip
    people.remove(AUTHOR, pair[1])
    assert len(merging.likely(cohort.id)) == 1


def test_the_kept_line_is_given_what_only_the_other_has(cohort: Cohort, pair: tuple[str, str]) -> None:
    keep, other = pair
    first, second = cohort.half_days[:2]
    rosters.mark(AUTHOR, keep, first, "present", "")
    rosters.mark(AUTHOR, other, first, "present", "")
    rosters.mark(AUTHOR, other, second, "late", "15")
    jury.change(AUTHOR, other, {"grade-RSV206": "12"})
    tutoring.change(AUTHOR, paper(other), {"title": "Le sujet", "tutor": "Denis Morel"})
    assert merging.contradictions(keep, other) == []
    merging.merge(AUTHOR, keep, other, {"phone": "0700000000"})
    assert rosters.snapshot(cohort.id)[keep] == dict.fromkeys(cohort.half_days, "") | {first: "P", second: "R 15"}
    assert jury.held([keep])[keep]["grade-RSV206"] == "12"
    assert tutoring.snapshot(cohort.id)[paper(keep)]["tutor"] == "Denis Morel"
    held = people.snapshot(cohort.id)
    assert other not in held
    assert held[keep]["phone"] == "0700000000"
    told = JournalEntry.select().where(JournalEntry.object_id << [keep, other], JournalEntry.field == "merged")
    assert {(entry.object_id, entry.after) for entry in told} == {(keep, other), (other, keep)}


def test_what_was_noted_of_the_paper_goes_along(cohort: Cohort, pair: tuple[str, str]) -> None:
    keep, other = map(paper, pair)
    calendar.change(AUTHOR, cohort.half_days[0], {"kind": "group_tutoring"})
    done = f"done-{cohort.half_days[0]}"
    following.change(AUTHOR, keep, {"remark-plan": "Gardée"})
    following.change(AUTHOR, other, {"reached-problem": "2025-01-20", "remark-plan": "", done: "Sujet resserré"})
    tutoring.change(AUTHOR, other, {"milestone": "plan"})
    exchange = following_exchanges.add(AUTHOR, other, {"day": "2025-01-21", "minutes": "45", "links": "https://a.fr"})
    gone = following_exchanges.add(AUTHOR, other, {"day": "2025-01-22"})
    following_exchanges.remove(AUTHOR, gone)
    following_files.store(AUTHOR, other, "note.pdf", b"%PDF")
    following_reports.report(AUTHOR, other, "E. Bucolo", "Trois pages", grade=True)
    before = following_exchanges.held([exchange])[exchange]
    merging.merge(AUTHOR, *pair)
    assert following.held([keep])[keep] == {
        "reached-problem": "2025-01-20", "remark-problem": "", "reached-plan": "", "remark-plan": "Gardée",
        done: "Sujet resserré",
    }  # fmt: skip
    assert tutoring.held([keep])[keep]["milestone"] == "plan"
    (copied,) = following_exchanges.exchanges(keep)
    assert following_exchanges.held([copied.id])[copied.id] == before
    assert following_files.content(keep) == ("note.pdf", b"%PDF")
    assert [(one.reporter, one.reason) for one in following_reports.reports(keep)] == [("E. Bucolo", "Trois pages")]
    assert jury.held([pair[0]])[pair[0]]["grade-paper"] == "PLAG"
    # The other line keeps its own.
    assert [one.id for one in following_exchanges.exchanges(other)] == [gone, exchange]


def test_remarks_that_contradict_stop_the_merge(cohort: Cohort, pair: tuple[str, str]) -> None:
    keep, other = map(paper, pair)
    following.change(AUTHOR, keep, {"reached-plan": "2025-01-20"})
    following.change(AUTHOR, other, {"reached-plan": "2025-01-21"})
    assert [(one.kind, one.field) for one in merging.contradictions(*pair)] == [("following", "reached-plan")]
    with pytest.raises(Refused, match="se contredisent"):
        merging.merge(AUTHOR, *pair)


def test_a_mark_keeps_by_whom_and_when(cohort: Cohort, pair: tuple[str, str]) -> None:
    keep, other = pair
    day = cohort.half_days[0]
    rosters.mark(AUTHOR, other, day, "absent", "")
    execute("UPDATE mark SET by = ? WHERE enrolment_id = ?", "Quelqu'un", other)
    merging.merge(AUTHOR, keep, other)
    assert Mark.get(Mark.enrolment == keep).by == "Quelqu'un"


def test_bringing_the_other_back_loses_nothing(cohort: Cohort, pair: tuple[str, str]) -> None:
    keep, other = pair
    rosters.mark(AUTHOR, other, cohort.half_days[0], "absent", "")
    before = rosters.snapshot(cohort.id)[other], people.snapshot(cohort.id)[other]
    merging.merge(AUTHOR, keep, other)
    people.restore(AUTHOR, other)
    assert (rosters.snapshot(cohort.id)[other], people.snapshot(cohort.id)[other]) == before


@pytest.mark.parametrize("kind", ["mark", "dossier", "paper"])
def test_what_contradicts_prevents_it_and_changes_nothing(cohort: Cohort, pair: tuple[str, str], kind: str) -> None:
    for key, place in zip(pair, (0, 1), strict=True):
        if kind == "mark":
            rosters.mark(AUTHOR, key, cohort.half_days[0], ("present", "absent")[place], "")
        elif kind == "dossier":
            jury.change(AUTHOR, key, {"grade-RSV206": ("12", "13")[place]})
        else:
            tutoring.change(AUTHOR, paper(key), {"title": ("Un", "Deux")[place]})
    [found] = merging.contradictions(*pair)
    assert found.kind == kind
    assert (found.kept, found.other) in {("P", "A"), ("12", "13"), ("Un", "Deux")}
    with pytest.raises(Refused, match="1 valeur"):
        merging.merge(AUTHOR, *pair, {"phone": "0700000000"})
    assert set(pair) <= set(people.snapshot(cohort.id))
    assert people.snapshot(cohort.id)[pair[0]]["phone"] == "0612345670"


def test_a_signed_line_is_not_the_one_withdrawn(cohort: Cohort, pair: tuple[str, str]) -> None:
    keep, other = pair
    jury.change(AUTHOR, other, {"decision": "admitted"})
    sign(AUTHOR, cohort.id)
    with pytest.raises(Refused):
        merging.merge(AUTHOR, keep, other)
    merging.merge(AUTHOR, other, keep)
    assert set(people.snapshot(cohort.id)) & set(pair) == {other}


def test_two_cohorts_show_one_person(cohort: Cohort) -> None:
    there = make_cohort("AUTRE-2025")
    keep, other = cohort.participants[0], there.participants[0]
    assert (keep, other) in {(one.first[0], one.second[0]) for one in merging.likely(cohort.id)}
    people.change(AUTHOR, other, {"email": "autre@exemple.fr", "employer": "Là-bas"})
    merging.merge(AUTHOR, keep, other, {"email": "autre@exemple.fr", "employer": "Là-bas"})
    assert people.snapshot(cohort.id)[keep]["email"] == "autre@exemple.fr"
    assert people.snapshot(cohort.id)[keep]["employer"] == ""
    assert people.snapshot(there.id)[other]["employer"] == "Là-bas"
    assert (keep, other) not in {(one.first[0], one.second[0]) for one in merging.likely(cohort.id)}
    version = people.version(there.id)
    people.change(AUTHOR, keep, {"phone": "0799999999"})
    assert people.snapshot(there.id)[other]["phone"] == "0799999999"
    assert people.version(there.id) > version


def test_nobody_is_merged_with_themselves_or_with_somebody_gone(cohort: Cohort, pair: tuple[str, str]) -> None:
    with pytest.raises(Refused):
        merging.merge(AUTHOR, pair[0], pair[0])
    people.remove(AUTHOR, pair[1])
    for keep, other in (pair, pair[::-1], (pair[0], "P-NOBODY22")):
        with pytest.raises(Unknown):
            merging.merge(AUTHOR, keep, other)
