"""The tab Notes both ways: tutors, cotutors, wishes, milestones, what is handed in; misspelt, renamed, moved twice."""

from dataclasses import replace

import pytest

from store import agreement, between, tutoring, tutors
from store.models import Tutor
from sync import worksheets
from sync.worksheets import WORKSHEETS
from tests.pages import make_app, plain, sign_in
from tests.sync_bench import PAGE, TUTORS, Bench, differences

NOTES = "Notes"
CLAIRE, DENIS = TUTORS
LATER = ("cotutor", "wishes", "report_link", "similarity")


@pytest.fixture
def papers(bench: Bench) -> list[str]:
    """Give the papers of the cohort; the first two are Claire's, on both sides."""
    found = [row[0] for row in tutoring.papers(bench.cohort.id)]
    for paper in found[:2]:
        tutoring.assign(PAGE, paper, CLAIRE)
    bench.calm()
    return found


def held(bench: Bench, paper: str, field: str = "tutor") -> str:
    return tutoring.snapshot(bench.cohort.id)[paper][field]


def settled(bench: Bench) -> None:
    """Hold that both sides say the same, and that nothing waits for anybody."""
    assert differences(bench) == []
    assert between.refusals() == []
    assert between.conflicts() == []
    assert not agreement.states()[0]["paused"]


def number(name: str) -> int:
    return Tutor.get(Tutor.name == name).id


# -- a tutor misspelt ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "near"),
    [("Denis Maurel", DENIS), ("Morel Denis", DENIS), ("Claire Fontane", CLAIRE), ("D. Morel", DENIS)],
)
def test_a_misspelt_tutor_is_refused_with_whom_it_may_be(
    bench: Bench, papers: list[str], typed: str, near: str
) -> None:
    bench.type(NOTES, papers[0], "Tuteur", typed)
    assert bench.cycle().refused == 1
    (refusal,) = between.refusals()
    assert (refusal.row, refusal.field, refusal.typed) == (papers[0], "tutor", typed)
    assert near in refusal.reason
    assert held(bench, papers[0]) == CLAIRE, "the intranet keeps what it had"
    assert bench.cell(NOTES, papers[0], "Tuteur") == typed, "and what was typed stays to be mended"


def test_a_refused_tutor_is_on_the_page_of_refusals_and_leaves_it_once_mended(
    bench: Bench, papers: list[str], database_url: str
) -> None:
    client = sign_in(make_app(database_url), "coordinator")
    bench.type(NOTES, papers[0], "Tuteur", "Denis Maurel")
    bench.cycle()
    html = plain(client.get("/refus/").text)
    for said in ("Denis Maurel", DENIS, "Arnaud Inès · Tuteur", CLAIRE):
        assert said in html, said
    bench.type(NOTES, papers[0], "Tuteur", "  denis MOREL ")
    bench.calm()
    assert held(bench, papers[0]) == DENIS, "whatever its accents, capitals and spaces"
    assert between.refusals() == []


def test_a_tutor_of_another_promotion_is_no_tutor_here(bench: Bench, papers: list[str]) -> None:
    Tutor.insert(name="Ailleurs Dupond").execute()
    bench.type(NOTES, papers[0], "Tuteur", "Ailleurs Dupond")
    bench.cycle()
    assert len(between.refusals()) == 1
    assert held(bench, papers[0]) == CLAIRE


def test_one_person_is_not_both_tutors_of_a_paper(bench: Bench, papers: list[str]) -> None:
    bench.type(NOTES, papers[0], "Co-tuteur", CLAIRE)
    bench.cycle()
    (refusal,) = between.refusals()
    assert refusal.field == "cotutor"
    assert held(bench, papers[0], "cotutor") == ""


# -- a tutor renamed -------------------------------------------------------------------------------


def test_a_tutor_renamed_reaches_every_cell_of_the_sheet(bench: Bench, papers: list[str]) -> None:
    tutoring.change(PAGE, papers[1], {"tutor": DENIS, "cotutor": CLAIRE})
    tutoring.change(PAGE, papers[2], {"wishes": f"{CLAIRE}; tiers-lieux"})
    bench.calm()
    tutors.change(PAGE, bench.cohort.id, number(CLAIRE), {"name": "Claire Fontaine-Dubois"})
    bench.calm()
    assert bench.cell(NOTES, papers[0], "Tuteur") == "Claire Fontaine-Dubois"
    assert bench.cell(NOTES, papers[1], "Co-tuteur") == "Claire Fontaine-Dubois"
    assert bench.cell(NOTES, papers[2], "Vœux") == "Claire Fontaine-Dubois; tiers-lieux"
    assert held(bench, papers[0]) == "Claire Fontaine-Dubois"
    settled(bench)


def test_a_name_typed_while_it_changes_is_the_same_person(bench: Bench, papers: list[str]) -> None:
    """Somebody gives Claire a paper in the sheet, under the name that the sheet still shows."""
    tutors.change(PAGE, bench.cohort.id, number(CLAIRE), {"name": "Claire Dubois"})
    bench.type(NOTES, papers[3], "Tuteur", CLAIRE)
    bench.calm()
    assert held(bench, papers[3]) == "Claire Dubois"
    assert bench.cell(NOTES, papers[3], "Tuteur") == "Claire Dubois"
    settled(bench)


def test_a_paper_moved_in_the_sheet_while_its_tutor_is_renamed_moves(bench: Bench, papers: list[str]) -> None:
    """A new name is not a new tutor: the sheet alone moved this paper."""
    tutors.change(PAGE, bench.cohort.id, number(CLAIRE), {"name": "Claire Dubois"})
    bench.type(NOTES, papers[0], "Tuteur", DENIS)
    bench.calm()
    assert held(bench, papers[0]) == DENIS
    assert bench.cell(NOTES, papers[1], "Tuteur") == "Claire Dubois"
    settled(bench)


def test_a_former_name_goes_to_whoever_bears_it_now(bench: Bench, papers: list[str]) -> None:
    tutors.change(PAGE, bench.cohort.id, number(CLAIRE), {"name": "Claire Dubois"})
    bench.calm()
    tutoring.add_tutor(PAGE, bench.cohort.id, CLAIRE, 3)
    bench.type(NOTES, papers[3], "Tuteur", CLAIRE)
    bench.calm()
    assert held(bench, papers[3]) == CLAIRE
    assert held(bench, papers[0]) == "Claire Dubois"
    settled(bench)


# -- both sides at once ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "header", "ours", "theirs"),
    [
        ("tutor", "Tuteur", DENIS, "Gaël Petit"), ("cotutor", "Co-tuteur", DENIS, "Gaël Petit"),
        ("wishes", "Vœux", f"{DENIS}; lieux", "monnaies; Gaël Petit"), ("similarity", "Similitude (%)", "12", "34"),
        ("milestone", "Étape", "plan", "draft"),
    ],
)  # fmt: skip
def test_a_value_moved_on_both_sides_is_one_conflict_with_both(
    bench: Bench, papers: list[str], field: str, header: str, ours: str, theirs: str
) -> None:
    tutoring.add_tutor(PAGE, bench.cohort.id, "Gaël Petit", 5)
    before = held(bench, papers[0], field)
    tutoring.change(PAGE, papers[0], {field: ours})
    bench.type(NOTES, papers[0], header, "rédaction" if theirs == "draft" else theirs)
    bench.cycle()
    (conflict,) = between.conflicts()
    assert (conflict.row, conflict.field) == (papers[0], field)
    assert (conflict.base, conflict.local, conflict.remote) == (before, ours, theirs)
    assert held(bench, papers[0], field) == ours
    between.settle(PAGE, conflict.id, "sheet")
    bench.calm()
    assert held(bench, papers[0], field) == theirs
    settled(bench)


def test_a_paper_moved_to_the_same_tutor_on_both_sides_is_no_conflict(bench: Bench, papers: list[str]) -> None:
    tutoring.assign(PAGE, papers[0], DENIS)
    bench.type(NOTES, papers[0], "Tuteur", DENIS)
    bench.calm()
    settled(bench)


def test_tutors_swapped_between_both_cells_of_the_sheet(bench: Bench, papers: list[str]) -> None:
    """Each cell alone would make one person both tutors for an instant: only the whole line says what is meant."""
    tutoring.change(PAGE, papers[0], {"cotutor": DENIS})
    bench.calm()
    bench.type(NOTES, papers[0], "Tuteur", DENIS)
    bench.type(NOTES, papers[0], "Co-tuteur", CLAIRE)
    bench.calm()
    assert (held(bench, papers[0]), held(bench, papers[0], "cotutor")) == (DENIS, CLAIRE)
    settled(bench)


# -- what is typed, what is sent -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "header", "typed", "value"),
    [
        ("cotutor", "Co-tuteur", "denis morel", DENIS),
        ("wishes", "Vœux", "Denis Morel ;tiers-lieux;  Denis Morel", f"{DENIS}; tiers-lieux"),
        ("wishes", "Vœux", "un thème que personne ne suit", "un thème que personne ne suit"),
        ("deposited_on", "Déposée le", "16/06/2025", "2025-06-16"), ("similarity", "Similitude (%)", "12", "12"),
        ("report_link", "Rapport antiplagiat", "https://exemple.fr/r", "https://exemple.fr/r"),
        ("milestone", "Étape", "Problematique", "problem"),
    ],
)  # fmt: skip
def test_what_is_typed_in_the_sheet_is_known(
    bench: Bench, papers: list[str], field: str, header: str, typed: str, value: str
) -> None:
    bench.type(NOTES, papers[0], header, typed)
    bench.calm()
    assert held(bench, papers[0], field) == value
    settled(bench)
    bench.type(NOTES, papers[0], header, "")
    bench.calm()
    assert held(bench, papers[0], field) == ""
    settled(bench)


def test_what_is_changed_on_a_page_goes_to_the_sheet(bench: Bench, papers: list[str]) -> None:
    values = {"cotutor": DENIS, "wishes": "lieux; Denis Morel", "similarity": "7", "deposited_on": "16/06/2025",
              "report_link": "https://exemple.fr/r"}  # fmt: skip
    tutoring.change(PAGE, papers[0], values)
    bench.calm()
    headers = ("Co-tuteur", "Vœux", "Similitude (%)", "Déposée le", "Rapport antiplagiat")
    found = [bench.cell(NOTES, papers[0], header) for header in headers]
    assert found == [DENIS, "lieux; Denis Morel", 7, 45824, "https://exemple.fr/r"]
    settled(bench)


@pytest.mark.parametrize(
    ("header", "typed"),
    [("Similitude (%)", "120"), ("Similitude (%)", "beaucoup"), ("Rapport antiplagiat", "javascript:alert(1)"),
     ("Déposée le", "31/02/2025"), ("Vœux", "; ".join(f"thème {n}" for n in range(11)))],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused_and_said(
    bench: Bench, papers: list[str], header: str, typed: str
) -> None:
    before = tutoring.snapshot(bench.cohort.id)
    bench.type(NOTES, papers[0], header, typed)
    bench.cycle()
    assert [refusal.label for refusal in between.refusals()] == [f"Arnaud Inès · {header}"]
    assert tutoring.snapshot(bench.cohort.id) == before


# -- a book made before these columns --------------------------------------------------------------


@pytest.fixture
def _before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dress the tab Notes as it was before its later columns."""

    def fewer(cohort_id: int) -> list[worksheets.Column]:
        return [column for column in worksheets.paper_columns(cohort_id) if column.field not in LATER]

    monkeypatch.setitem(WORKSHEETS, "papers", replace(WORKSHEETS["papers"], columns=fewer))


def test_an_older_book_goes_on_and_takes_the_later_columns_once_somebody_adds_them(
    _before: None, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORKSHEETS, "papers", replace(WORKSHEETS["papers"], columns=worksheets.paper_columns))
    first, second = [row[0] for row in tutoring.papers(bench.cohort.id)][:2]
    assert "Vœux" not in bench.headers(NOTES)
    tutoring.change(PAGE, first, {"wishes": "lieux", "cotutor": DENIS, "title": "Un titre"})
    bench.calm()
    assert bench.cell(NOTES, first, "Titre") == "Un titre"
    assert held(bench, first, "wishes") == "lieux", "what the sheet has no column for is kept"
    assert between.conflicts() == between.refusals() == []
    assert not agreement.states()[0]["paused"]
    tab = bench.tabs()[NOTES]
    last = len([header for header in bench.headers(NOTES) if header])
    bench.put(tab.sheet_id, bench.place(NOTES, "ID", "ID")[1], last, [["Co-tuteur", "Vœux"]])
    bench.type(NOTES, second, "Vœux", "monnaies")
    bench.calm()
    assert held(bench, first, "wishes") == "lieux", "a new column is no emptied one"
    assert held(bench, first, "cotutor") == DENIS
    assert bench.cell(NOTES, first, "Vœux") == "lieux"
    assert bench.cell(NOTES, first, "Co-tuteur") == DENIS
    assert held(bench, second, "wishes") == "monnaies"
    assert between.conflicts() == between.refusals() == []
    assert not agreement.states()[0]["paused"]
