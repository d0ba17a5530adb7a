"""Who may tutor in a cohort: added, changed, renamed with what names them, kept from a paper, taken out."""

import pytest

from store import exclusions, journal, people, tutoring, tutors
from store.errors import Changed, Refused, Unknown
from store.models import JournalEntry, Tutor
from tests.pages import AUTHOR, add_account
from tests.sync_bench import TUTORS, Cohort, make_cohort

FONTAINE, MOREL = TUTORS


def key(cohort: Cohort, name: str = FONTAINE) -> int:
    return next(one.id for one in tutors.of_cohort(cohort.id) if one.name == name)


def papers(cohort: Cohort) -> list[str]:
    return [row[0] for row in tutoring.papers(cohort.id)]


def test_a_tutor_is_added_with_all_that_is_known_of_them(cohort: Cohort) -> None:
    email = add_account("tutor")
    given = {"name": " Tania  Tutrice", "capacity": "3", "themes": "culture; tiers-lieux", "email": "T@Exemple.fr",
             "account": email}  # fmt: skip
    added = tutors.add(AUTHOR, cohort.id, given)
    tania = next(one for one in tutors.of_cohort(cohort.id) if one.id == added)
    assert tania == (added, "Tania Tutrice", "3", "culture; tiers-lieux", "t@exemple.fr", email, 0)
    fields = [row[5] for row in journal.entries(cohort.id, 5)]
    assert set(fields) == {"tutor", "capacity", "themes", "email", "account"}


def test_a_refused_addition_adds_nobody(cohort: Cohort) -> None:
    wrong = [
        ({"name": ""}, "name"), ({"name": "claire  FONTAINE"}, "name"), ({"name": "Ida", "capacity": "-1"}, "capacity"),
        ({"name": "Ida", "capacity": "beaucoup"}, "capacity"), ({"name": "Ida", "email": "ida"}, "email"),
        ({"name": "Ida", "account": "nul@exemple.fr"}, "account"),
    ]  # fmt: skip
    for given, field in wrong:
        with pytest.raises(Refused) as refused:
            tutors.add(AUTHOR, cohort.id, given)
        assert refused.value.field == field, given
    assert [one.name for one in tutors.of_cohort(cohort.id)] == sorted(TUTORS)


def test_who_tutors_elsewhere_under_a_name_that_reads_the_same_is_one_person(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    tutors.add(AUTHOR, other.id, {"name": "Odile Ailleurs", "email": "odile@exemple.fr"})
    tutors.add(AUTHOR, cohort.id, {"name": "odile AILLEURS", "capacity": "2"})
    here, there = ({one.name: one for one in tutors.of_cohort(place.id)}["Odile Ailleurs"] for place in (cohort, other))
    assert (here.id, here.email, here.capacity, there.capacity) == (there.id, "odile@exemple.fr", "2", "")


def test_changes_are_compared_with_what_was_read_and_journalled(cohort: Cohort) -> None:
    who = key(cohort)
    assert tutors.change(AUTHOR, cohort.id, who, {"capacity": "4", "themes": "culture"}, {"capacity": "5"}) == {
        "capacity": "4", "themes": "culture",
    }  # fmt: skip
    with pytest.raises(Changed) as changed:
        tutors.change(AUTHOR, cohort.id, who, {"capacity": "6"}, {"capacity": "5"})
    assert changed.value.current == "4"
    tutors.change(AUTHOR, cohort.id, who, {"capacity": ""})
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).first()
    assert (entry.kind, entry.object_id, entry.field, entry.before, entry.after) == (
        "tutorship", str(who), "capacity", "4", "",
    )  # fmt: skip
    for place, number in ((make_cohort("AUTRE-2025").id, 999), (cohort.id, 999)):
        with pytest.raises(Unknown):
            tutors.change(AUTHOR, place, number, {"capacity": "6"})


def test_a_new_name_follows_in_papers_and_wishes_everywhere(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    mine, theirs = papers(cohort)[0], papers(other)[0]
    tutoring.change(AUTHOR, mine, {"tutor": FONTAINE, "wishes": "culture; claire fontaine; Denis Morel"})
    tutoring.change(AUTHOR, theirs, {"cotutor": FONTAINE, "wishes": "Claire Fontaine"})
    versions = [people.version(place.id) for place in (cohort, other)]
    tutors.change(AUTHOR, cohort.id, key(cohort), {"name": "Claire Fontaine-Roy"}, {"name": FONTAINE})
    assert tutoring.held([mine])[mine]["tutor"] == "Claire Fontaine-Roy"
    assert tutoring.held([mine])[mine]["wishes"] == "culture; Claire Fontaine-Roy; Denis Morel"
    assert tutoring.held([theirs])[theirs]["wishes"] == "Claire Fontaine-Roy"
    assert all(people.version(place.id) > was for place, was in zip((cohort, other), versions, strict=True))
    wishes = JournalEntry.select().where((JournalEntry.field == "wishes") & (JournalEntry.before == FONTAINE))
    assert [entry.object_id for entry in wishes] == [theirs]


def test_a_name_that_reads_like_another_is_refused(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    tutors.add(AUTHOR, other.id, {"name": "Odile Ailleurs"})
    for name in ("denis MOREL", "Odile ailleurs", ""):
        with pytest.raises(Refused) as refused:
            tutors.change(AUTHOR, cohort.id, key(cohort), {"name": name})
        assert refused.value.field == "name"
    tutors.change(AUTHOR, cohort.id, key(cohort), {"name": "CLAIRE Fontaine"})
    assert "CLAIRE Fontaine" in [one.name for one in tutors.of_cohort(cohort.id)]


def test_an_account_belongs_to_one_tutor(cohort: Cohort) -> None:
    email = add_account("tutor")
    tutors.change(AUTHOR, cohort.id, key(cohort), {"account": email})
    assert Tutor.get(Tutor.name == FONTAINE).user.email == email
    with pytest.raises(Refused, match="déjà celui de Claire Fontaine"):
        tutors.change(AUTHOR, cohort.id, key(cohort, MOREL), {"account": email})
    tutors.change(AUTHOR, cohort.id, key(cohort), {"account": ""})
    assert Tutor.get(Tutor.name == FONTAINE).user_id is None
    assert (email, "Tutor") in tutors.accounts()


def test_somebody_is_kept_from_a_paper_and_let_back(cohort: Cohort) -> None:
    who, paper = key(cohort), papers(cohort)[0]
    tutoring.assign(AUTHOR, paper, FONTAINE)
    exclusions.exclude(AUTHOR, cohort.id, who, paper, "lien familial")
    (one,) = exclusions.of_cohort(cohort.id)
    assert one[:6] == (who, FONTAINE, paper, "Arnaud Inès", "lien familial", "Tests")
    assert tutoring.held([paper])[paper]["tutor"] == FONTAINE
    for reason, words in ((" ", "pourquoi"), ("x" * 501, "trop long"), ("encore", "déjà écarté")):
        with pytest.raises(Refused, match=words):
            exclusions.exclude(AUTHOR, cohort.id, who, paper, reason)
    other = make_cohort("AUTRE-2025")
    for place, tutor, key_of in ((other, who, paper), (cohort, who, papers(other)[0]), (cohort, 999, paper)):
        with pytest.raises(Unknown):
            exclusions.exclude(AUTHOR, place.id, tutor, key_of, "ailleurs")
    exclusions.allow(AUTHOR, cohort.id, who, paper)
    exclusions.allow(AUTHOR, cohort.id, who, paper)
    assert exclusions.of_cohort(cohort.id) == []
    entries = JournalEntry.select().where(JournalEntry.field == "exclusion").order_by(JournalEntry.id)
    assert [(entry.before, entry.after, entry.reason) for entry in entries] == [
        ("", "Arnaud Inès", "lien familial"), ("Arnaud Inès", "", ""),
    ]  # fmt: skip


def test_somebody_who_follows_papers_is_not_taken_out(cohort: Cohort) -> None:
    first, second = papers(cohort)[:2]
    tutoring.assign(AUTHOR, first, FONTAINE)
    tutoring.change(AUTHOR, second, {"tutor": MOREL, "cotutor": FONTAINE})
    with pytest.raises(Refused, match="suit encore 2 note.*Arnaud Inès, Bernard"):
        tutors.remove(AUTHOR, cohort.id, key(cohort))
    for paper in (first, second):
        tutoring.change(AUTHOR, paper, {"tutor": "", "cotutor": ""})
    exclusions.exclude(AUTHOR, cohort.id, key(cohort), first, "lien familial")
    tutors.remove(AUTHOR, cohort.id, key(cohort))
    assert [one.name for one in tutors.of_cohort(cohort.id)] == [MOREL]
    assert exclusions.of_cohort(cohort.id) == []
    with pytest.raises(Unknown):
        tutors.remove(AUTHOR, cohort.id, Tutor.get(Tutor.name == FONTAINE).id)


def test_papers_of_those_who_left_hold_nobody_back(cohort: Cohort) -> None:
    paper = papers(cohort)[0]
    tutoring.assign(AUTHOR, paper, FONTAINE)
    people.remove(AUTHOR, tutoring.beside(paper)[0])
    tutors.remove(AUTHOR, cohort.id, key(cohort))
    assert tutoring.held([paper])[paper]["tutor"] == ""
    entry = JournalEntry.select().where(JournalEntry.object_id == paper).order_by(JournalEntry.id.desc()).first()
    assert (entry.field, entry.before, entry.after) == ("tutor", FONTAINE, "")
