"""What is noted of a paper on its way: milestones, tutoring days, exchanges, files, plagiarism; and what lacks."""

import contextlib
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from store import (
    calendar,
    db,
    following,
    following_exchanges,
    following_facts,
    following_files,
    following_reports,
    history,
    jury,
    people,
    rosters,
    rule_sets,
    tutoring,
    unit_reports,
)
from store.errors import Changed, Refused, Unknown
from store.models import JournalEntry
from tests.pages import AUTHOR, add_account
from tests.signing import sign
from tests.sync_bench import TUTORS, Cohort, make_cohort

YESTERDAY = date.today() - timedelta(days=1)
LATER = (date.today() + timedelta(days=30)).isoformat()


@pytest.fixture
def paper(cohort: Cohort) -> str:
    return tutoring.papers(cohort.id)[0][0]


@pytest.fixture
def tutored(cohort: Cohort) -> Cohort:
    """Make the second day of the cohort one of tutoring, morning and afternoon."""
    for half_day in cohort.half_days[2:]:
        calendar.change(AUTHOR, half_day, {"kind": "group_tutoring"})
    return cohort


def told(kind: str, row: str) -> list[tuple[str, str, str]]:
    return [(entry.field, entry.before, entry.after) for entry in history.entries(kind, row)[::-1]]


# -- Milestones and tutoring days ------------------------------------------------------------------


def test_a_day_noted_moves_the_paper_forward_never_back(paper: str) -> None:
    assert following.change(AUTHOR, paper, {"reached-plan": "14/02/2025", "remark-plan": " Trop long "}) == {
        "reached-plan": "2025-02-14", "remark-plan": "Trop long"}  # fmt: skip
    assert tutoring.held([paper])[paper]["milestone"] == "plan"
    following.change(AUTHOR, paper, {"reached-pre_note": "20/01/2025"})
    assert tutoring.held([paper])[paper]["milestone"] == "plan"
    following.change(AUTHOR, paper, {"reached-plan": ""}, {"reached-plan": "2025-02-14"})
    assert tutoring.held([paper])[paper]["milestone"] == "plan"
    assert following.held([paper])[paper] == {
        "reached-plan": "", "remark-plan": "Trop long", "reached-pre_note": "2025-01-20", "remark-pre_note": "",
    }  # fmt: skip
    assert told("following", paper) == [
        ("reached-plan", "", "2025-02-14"), ("remark-plan", "", "Trop long"), ("reached-pre_note", "", "2025-01-20"),
        ("reached-plan", "2025-02-14", ""),
    ]  # fmt: skip
    assert told("paper", paper) == [("milestone", "", "plan")]


def test_the_day_of_the_deposit_is_that_of_the_paper(paper: str) -> None:
    following.deposit(AUTHOR, paper, {"deposited_on": "30/05/2025", "pages": "18"})
    held = tutoring.held([paper])[paper]
    assert (held["milestone"], held["deposited_on"], held["pages"]) == ("deposited", "2025-05-30", "18")
    following.deposit(AUTHOR, paper, {"deposited_on": ""})
    assert tutoring.held([paper])[paper]["milestone"] == "deposited"
    following.change(AUTHOR, paper, {"remark-deposited": "En deux envois"})
    with pytest.raises(Refused, match="Champ inconnu"):
        following.change(AUTHOR, paper, {"reached-deposited": "30/05/2025"})


def test_a_deposit_is_never_noted_before_its_day(paper: str) -> None:
    later = (date.today() + timedelta(days=2)).isoformat()
    with pytest.raises(Refused, match="est à venir"):
        following.deposit(AUTHOR, paper, {"deposited_on": later})
    assert tutoring.held([paper])[paper]["deposited_on"] == ""
    # What a sheet holds is left as it is, and may be corrected beside its other cells.
    tutoring.change(AUTHOR, paper, {"deposited_on": later})
    assert following.deposit(AUTHOR, paper, {"deposited_on": later, "pages": "18"}) == {"pages": "18"}


def test_what_was_done_in_a_half_day_of_tutoring_is_noted_and_given_back(tutored: Cohort, paper: str) -> None:
    morning = f"done-{tutored.half_days[2]}"
    assert following.change(AUTHOR, paper, {morning: "Sujet resserré"}) == {morning: "Sujet resserré"}
    following.change(AUTHOR, paper, {morning: ""}, {morning: "Sujet resserré"})
    assert following.held([paper]) == {}
    entry = history.entries("following", paper)[0]
    assert history.restore(AUTHOR, "following", paper, [entry.id], {morning: ""}) == {morning: "Sujet resserré"}
    assert following_facts.notes(tutored.id) == {(paper, tutored.half_days[2]): "Sujet resserré"}
    # What is noted stays to be read, whatever the half-day becomes.
    calendar.change(AUTHOR, tutored.half_days[2], {"kind": "course"})
    assert sorted(following.tutoring_days(tutored.id)) == sorted(tutored.half_days[2:])
    for wrong in (f"done-{tutored.half_days[0]}", "done-nowhere", "reached-nothing", "title"):
        with pytest.raises(Refused, match="Champ inconnu"):
            following.change(AUTHOR, paper, {wrong: "x"})


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [("reached-plan", "31/02/2025", "n'existe pas"), ("reached-plan", LATER, "à venir"),
     ("remark-plan", "x" * 5001, "5001 caractères")],
)  # fmt: skip
def test_a_value_that_cannot_be_changes_nothing(paper: str, field: str, typed: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        following.change(AUTHOR, paper, {"reached-pre_note": "20/01/2025", field: typed})
    assert refused.value.field == field
    assert following.held([paper]) == {}
    assert not JournalEntry.select().where(JournalEntry.kind << ["following", "paper"]).exists()


def test_a_note_that_somebody_changed_meanwhile_stays(paper: str) -> None:
    following.change(AUTHOR, paper, {"remark-plan": "Le leur"})
    with pytest.raises(Changed):
        following.change(AUTHOR, paper, {"remark-plan": "Le mien"}, {"remark-plan": ""})
    with pytest.raises(Unknown):
        following.change(AUTHOR, "N-NOWHERE", {"remark-plan": "x"})
    assert following.held([paper])[paper]["remark-plan"] == "Le leur"


# -- Exchanges -------------------------------------------------------------------------------------


def test_an_exchange_is_noted_changed_withdrawn_and_brought_back(cohort: Cohort, paper: str) -> None:
    links = "https://a.fr\nhttps://b.fr"
    raw = {"day": "14/02/2025", "minutes": "1h30", "summary": "Plan revu", "links": links}
    key = following_exchanges.add(AUTHOR, paper, raw)
    (noted,) = following_exchanges.exchanges(paper)
    assert (noted.id, noted.day, noted.minutes, noted.by) == (key, date(2025, 2, 14), 90, AUTHOR.name)
    assert following_exchanges.change(AUTHOR, key, {"minutes": "45"}, {"minutes": "90"}) == {"minutes": "45"}
    with pytest.raises(Changed):
        following_exchanges.change(AUTHOR, key, {"minutes": "50"}, {"minutes": "90"})
    assert following_exchanges.last_days(cohort.id) == {paper: date(2025, 2, 14)}
    following_exchanges.remove(AUTHOR, key)
    following_exchanges.remove(AUTHOR, key)
    assert following_exchanges.last_days(cohort.id) == {}
    following_exchanges.restore(AUTHOR, key)
    assert following_exchanges.last_days(cohort.id) == {paper: date(2025, 2, 14)}
    assert told("exchange", key)[-3:] == [
        ("minutes", "90", "45"), ("state", "noted", "taken_back"), ("state", "taken_back", "noted")]  # fmt: skip
    entry = next(entry for entry in history.entries("exchange", key) if entry.field == "minutes" and entry.before)
    assert history.restore(AUTHOR, "exchange", key, [entry.id]) == {"minutes": "90"}
    assert following_exchanges.of_paper(key) == paper


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("day", ""), ("day", "bientôt"), ("day", LATER), ("minutes", "1,5"), ("links", "ftp://x"),
        ("summary", "x" * 5001),
    ],
)  # fmt: skip
def test_an_exchange_that_cannot_be_is_refused_with_its_field(paper: str, field: str, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        following_exchanges.add(AUTHOR, paper, {"day": "14/02/2025", field: typed})
    assert refused.value.field == field
    assert following_exchanges.exchanges(paper) == []
    with pytest.raises(Unknown):
        following_exchanges.add(AUTHOR, "N-NOWHERE", {"day": "14/02/2025"})
    with pytest.raises(Unknown):
        following_exchanges.change(AUTHOR, "X-NOWHERE", {"summary": "x"})


# -- Files -----------------------------------------------------------------------------------------


def test_a_file_is_kept_replaced_and_deleted(paper: str) -> None:
    assert following_files.kept(paper) is None
    following_files.store(AUTHOR, paper, "C:\\Mes documents\\note <1>.pdf", b"%PDF-1\x00\xff")
    assert following_files.content(paper) == ("note 1.pdf", b"%PDF-1\x00\xff")
    following_files.store(AUTHOR, paper, "", b"%PDF-2")
    assert following_files.kept(paper).name == "note.pdf"
    following_files.delete(AUTHOR, paper)
    assert following_files.content(paper) is None
    assert told("following", paper) == [
        ("file", "", "note 1.pdf"), ("file", "note 1.pdf", "note.pdf"), ("file", "note.pdf", "")]  # fmt: skip
    with pytest.raises(Unknown):
        following_files.delete(AUTHOR, paper)


# -- Plagiarism ------------------------------------------------------------------------------------


def test_plagiarism_is_graded_only_once_a_named_person_reported_it(cohort: Cohort, paper: str) -> None:
    who = cohort.participants[0]
    with pytest.raises(Refused, match="qui l'a constaté et pourquoi") as refused:
        jury.change(AUTHOR, who, {"grade-paper": "plagiat"})
    assert refused.value.field == "grade-paper"
    assert jury.held([who]) == {}
    # A unit has reports of its own.
    unit_reports.report(AUTHOR, who, "RSV206", "E. Bucolo", "Deux pages reprises", grade=True)
    following_reports.report(AUTHOR, paper, "E. Bucolo", "Trois pages d'un mémoire de 2019")
    assert "grade-paper" not in jury.held([who])[who]
    jury.change(AUTHOR, who, {"grade-paper": "plag"})
    line = next(line for line in jury.lines(cohort.id, date.today()) if line.id == who)
    assert any("plagiat signalé par E. Bucolo" in str(reason.message) for reason in line.proposal.reasons)
    (entry,) = history.entries("plagiarism", paper)
    assert (entry.field, entry.after, entry.reason) == ("report", "E. Bucolo", "Trois pages d'un mémoire de 2019")


def test_a_report_may_grade_at_once_unless_the_minutes_are_signed(cohort: Cohort, paper: str) -> None:
    who = cohort.participants[0]
    following_reports.report(AUTHOR, paper, "E. Bucolo", "Trois pages", grade=True)
    assert jury.held([who])[who]["grade-paper"] == "PLAG"
    other, its_paper = cohort.participants[1], tutoring.beside(cohort.participants[1])[1]
    jury.change(AUTHOR, other, {"decision": "admitted"})
    sign(AUTHOR, cohort.id)
    with pytest.raises(Refused, match="scellé par un procès-verbal"):
        following_reports.report(AUTHOR, its_paper, "E. Bucolo", "Trois pages", grade=True)
    assert following_reports.reports(its_paper) == []
    following_reports.report(AUTHOR, its_paper, "E. Bucolo", "Trois pages")
    assert len(following_reports.reports(its_paper)) == 1


def test_the_last_report_stands_while_the_grade_does(cohort: Cohort, paper: str) -> None:
    first = following_reports.report(AUTHOR, paper, "E. Bucolo", "Trois pages", grade=True)
    with pytest.raises(Refused, match="changez-la d'abord"):
        following_reports.take_back(AUTHOR, paper, first, "Erreur")
    second = following_reports.report(AUTHOR, paper, "L. Gardin", "La même chose")
    following_reports.take_back(AUTHOR, paper, first, "Doublon")
    with pytest.raises(Refused, match="changez-la d'abord"):
        following_reports.take_back(AUTHOR, paper, second, "Erreur")
    jury.change(AUTHOR, cohort.participants[0], {"grade-paper": "12"})
    with pytest.raises(Refused, match="pourquoi") as refused:
        following_reports.take_back(AUTHOR, paper, second, "  ")
    assert refused.value.field == "reason"
    following_reports.take_back(AUTHOR, paper, second, "Citations oubliées, rien de plus")
    following_reports.take_back(AUTHOR, paper, second, "Encore")
    newest, oldest = following_reports.reports(paper)
    assert (newest.withdrawn_by, newest.withdrawn_reason) == (AUTHOR.name, "Citations oubliées, rien de plus")
    assert oldest.withdrawn_reason == "Doublon"
    with pytest.raises(Refused):
        jury.change(AUTHOR, cohort.participants[0], {"grade-paper": "PLAG"})
    # History gives back only what the rule takes.
    entry = next(e for e in history.entries("dossier", cohort.participants[0]) if e.before == "PLAG")
    with pytest.raises(Refused):
        history.restore(AUTHOR, "dossier", cohort.participants[0], [entry.id])
    other = tutoring.beside(cohort.participants[1])[1]
    with pytest.raises(Unknown):
        following_reports.take_back(AUTHOR, other, second, "Pas la sienne")


@pytest.mark.parametrize(("reporter", "reason", "field"), [
    ("", "Trois pages", "reporter"), ("12", "Trois pages", "reporter"), ("x" * 101, "Trois pages", "reporter"),
    ("E. Bucolo", " ", "reason"), ("E. Bucolo", "x" * 5001, "reason"),
])  # fmt: skip
def test_a_report_names_somebody_and_says_why(paper: str, reporter: str, reason: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        following_reports.report(AUTHOR, paper, reporter, reason)
    assert refused.value.field == field
    assert following_reports.reports(paper) == []


def test_a_report_taken_back_while_the_grade_is_typed_leaves_no_grade_without_one(cohort: Cohort, paper: str) -> None:
    """Whichever comes first, never a grade of plagiarism that nobody reported."""
    who = cohort.participants[0]
    for _turn in range(6):
        key = following_reports.report(AUTHOR, paper, "E. Bucolo", "Trois pages")
        start = threading.Barrier(2)
        verbs = [
            lambda: jury.change(AUTHOR, who, {"grade-paper": "PLAG"}),
            lambda key=key: following_reports.take_back(AUTHOR, paper, key, "Erreur"),
        ]

        def run(verb, start=start) -> None:
            start.wait()
            with db.connection(), contextlib.suppress(Refused):
                verb()

        threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        standing = [one for one in following_reports.reports(paper) if one.withdrawn_at is None]
        graded = jury.held([who]).get(who, {}).get("grade-paper") == "PLAG"
        assert graded == bool(standing)
        if graded:
            jury.change(AUTHOR, who, {"grade-paper": ""})
            following_reports.take_back(AUTHOR, paper, key, "Erreur")


# -- What lacks ------------------------------------------------------------------------------------


def test_what_a_paper_lacks_comes_from_its_calendar_and_its_rules(tutored: Cohort, paper: str, count_queries) -> None:
    who, today = tutored.participants[0], date(2025, 3, 1)
    rules = replace(people.rule_set(tutored.id), pages_min=15, pages_max=20, paper_due=date(2025, 2, 20))
    _set(tutored.id, rules)
    tutoring.assign(AUTHOR, paper, TUTORS[0])
    rosters.mark(AUTHOR, who, tutored.half_days[2], "absent", None)
    with count_queries(12):
        everyone = following_facts.papers(tutored.id, today)
    assert [found.id for found in everyone] == [row[0] for row in tutoring.papers(tutored.id)]
    mine = following_facts.paper(tutored.id, paper, today)
    assert mine == everyone[0]
    assert [lack.code for lack in mine.lacks] == ["milestone", "milestone", "day", "no_deposit"]
    assert [slot.status for slot in mine.facts.days] == ["absent", ""]
    assert "no_tutor" in [lack.code for lack in everyone[1].lacks]
    following.change(AUTHOR, paper, {"reached-problem": "2025-02-14", f"done-{tutored.half_days[3]}": "Vu"})
    following.deposit(AUTHOR, paper, {"deposited_on": "2025-02-25", "pages": "12", "link": "https://x.fr"})
    mine = following_facts.paper(tutored.id, paper, today)
    assert [str(lack.message) for lack in mine.lacks] == [
        "Déposée 5 jours après la date limite du 20/02/2025.", "12 pages : 15 au moins sont attendues."]  # fmt: skip


@pytest.mark.parametrize(("today", "told"), [(date(2025, 2, 20), "awaited"), (date(2025, 2, 21), "no_paper")])
def test_a_paper_is_missing_at_the_jury_once_its_last_day_is_over(cohort: Cohort, today: date, told: str) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {"grade-RSV206": "12", "grade-RSV207": "12"})
    _set(cohort.id, replace(people.rule_set(cohort.id), paper_due=date(2025, 2, 20)))
    line = next(line for line in jury.lines(cohort.id, today) if line.id == who)
    assert [reason.code for reason in line.proposal.reasons] == [told]


def _set(cohort_id: int, rules) -> None:
    from_, to = people.rule_set(cohort_id), rules
    texts, before = rule_sets.as_texts(to), rule_sets.as_texts(from_)
    moved = {name: text for name, text in texts.items() if before.get(name) != text}
    rule_sets.change(AUTHOR, cohort_id, moved, {}, "Essai", {}, date(2025, 3, 1))


def test_one_account_sees_only_the_papers_that_it_follows(cohort: Cohort, paper: str) -> None:
    email = add_account("tutor")
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 3, email)
    tutoring.change(AUTHOR, paper, {"tutor": TUTORS[0], "cotutor": "Tania Tutrice"})
    (user,) = tutoring.owner_users(cohort.id, paper)
    (mine,) = following_facts.papers(cohort.id, YESTERDAY, user)
    assert (mine.id, mine.tutors, mine.users) == (paper, (TUTORS[0], "Tania Tutrice"), {user})
    assert following_facts.paper(make_cohort("AUTRE-2025").id, paper, YESTERDAY) is None
