"""Spreadsheets as staff keep them: proposed rightly, adopted to agreement, nothing else of them touched."""

from typing import Any

import pytest

from store import (
    adoptions,
    agreement,
    between,
    bindings,
    calendar,
    journal,
    jury,
    mappings,
    people,
    rosters,
    tutoring,
)
from sync import adopting, cycle
from sync.layout import ID
from tests.messy_books import (
    BOOKS,
    EVERYTHING,
    JURY,
    MIXED_DATES,
    OFFICE,
    PAPERS,
    PLANNING,
    TICKS,
    TITLES,
    TWO_LINES,
    Desk,
    differences,
)
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def desk(cohort: Cohort, _sheets_hub: tuple[Any, Any]) -> Desk:
    server, sheets = _sheets_hub
    return Desk(server.url, cohort, sheets)


@pytest.mark.parametrize("name", list(BOOKS))
def test_each_book_is_proposed_as_a_person_would_read_it(desk: Desk, name: str) -> None:
    messy = BOOKS[name]
    found = desk.look(desk.make(messy), messy)
    assert found.preview["problems"] == []
    for tab in found.proposal["tabs"]:
        expected = messy.expected[tab["title"]]
        choice = found.mapping[str(tab["sheet_id"])]
        assert choice["kind"] == expected["kind"], (tab["title"], tab["reason"], tab["doubts"])
        if not choice["kind"]:
            continue
        reading = tab["readings"][choice["kind"]]
        assert reading["header_lines"] == expected.get("header_lines", 1)
        assert choice["name_order"] == expected.get("name_order", "")
        headers = {str(guess["column"]): guess["header"] for guess in reading["columns"]}
        wanted = {
            header: desk.cohort.half_days[name] if isinstance(name, int) else name
            for header, name in expected.get("columns", {}).items()
        }
        chosen = {headers[column]: name for column, name in choice["columns"].items()}
        assert chosen == wanted or not wanted
        assert all(guess["reason"] for guess in reading["columns"])


@pytest.mark.parametrize("name", list(BOOKS))
def test_each_book_is_adopted_to_agreement_and_nothing_else_of_it_moves(desk: Desk, name: str) -> None:
    messy = BOOKS[name]
    book = desk.make(messy)
    before = desk.whole(book)
    step = desk.ask(book, messy.audience)
    assert desk.whole(book) == before, "nothing is written before it is accepted"
    lines = step.preview["lines"]
    step = desk.accept(step)
    assert step.state == adoptions.BOUND, (step.trouble, step.preview)
    assert differences(before, desk.whole(book), dict.fromkeys(lines, [])) == [], "binding writes ids alone"
    desk.calm(book)
    assert differences(before, desk.whole(book), lines) == []
    assert cycle.run(book, desk.sheets, "test").writes == 0
    # What was announced is what came: conflicts and refusals are listed, the others agreed on.
    found = {(row[4], row[8]) for row in between.conflicts()}
    assert found == {(line["tab"], line["address"]) for line in lines["conflicts"]}
    refused = {(row[4], row[8]) for row in between.refusals()}
    assert refused == {(line["tab"], line["address"]) for line in lines["refused"]}


def enrolled(desk: Desk) -> dict[str, dict[str, str]]:
    return {f"{row['last_name']} {row['first_name']}": row for row in people.snapshot(desk.cohort.id).values()}


def test_people_are_recognised_whatever_the_spelling_and_a_total_is_nobody(desk: Desk) -> None:
    book = desk.adopt(TITLES)
    found = enrolled(desk)
    assert set(found) == {"Arnaud Inès", "Bernard Théo", "Chevalier Noé", "Dupont Jeanne", "Étienne Zoé", "Fabre Hugo",
                          "GERMAIN Sophie"}  # fmt: skip
    assert found["GERMAIN Sophie"]["employer"] == "CNRS"
    assert found["Arnaud Inès"]["funding"] == "cpf"
    tab = desk.tabs(book)["Liste stagiaires"]
    assert [tab.text(row, 1) for row in (4, 5, 7, 11, 12, 13)] == [
        "ARNAUD", "BERNARD", "CHEVALIER", "Lefort", "Fabre", "TOTAL"]  # fmt: skip
    # Whoever is named at last is born; what staff had written of them stays.
    desk.staff(book, {"do": "edit", "tab": "Liste stagiaires", "cell": "C12", "value": "Ana"})
    desk.calm(book)
    assert "Lefort Ana" in enrolled(desk)


def test_a_conflict_born_of_the_adoption_was_never_agreed_on(desk: Desk) -> None:
    desk.adopt(TITLES)
    [conflict] = [row for row in between.conflicts() if row.field == "phone"]
    assert (conflict.base, conflict.remote) == (None, "0699999999")


def test_phones_of_any_spelling_are_agreed_on_and_left_as_they_are(desk: Desk) -> None:
    book = desk.adopt(TICKS)
    assert [row["phone"] for row in enrolled(desk).values()] == [f"061234567{n}" for n in range(6)]
    assert {row.tab for row in between.conflicts()} == set()
    tab = desk.tabs(book)["Contacts"]
    assert [tab.text(row, 2) for row in (1, 2, 3, 5)] == [
        "612345670", "06.12.34.56.71", "+33 6 12 34 56 72", "33612345674"]  # fmt: skip
    people.change(OFFICE, desk.cohort.participants[0], {"phone": "07 00 00 00 01"})
    desk.calm(book)
    assert desk.tabs(book)["Contacts"].raw(1, 2) == {"stringValue": "0700000001"}, "a text keeps its zero"


def test_ticks_are_read_as_marks_and_said_so(desk: Desk) -> None:
    book = desk.make(TICKS)
    step = desk.ask(book)
    reading = step.proposal["tabs"][1]["readings"]["attendance"]
    said = "« 1 » et « oui » et « x » et « ✓ » = présent·e, « 0 » et « non » = absent·e"
    assert said in reading["columns"][2]["reason"]
    desk.accept(step)
    desk.calm(book)
    held, days = rosters.snapshot(desk.cohort.id), desk.cohort.half_days
    assert held[desk.cohort.participants[1]] == dict(zip(days, ["P", "P", "P", "R 10"], strict=True))
    assert held[desk.cohort.participants[2]] == dict(zip(days, ["P", "A", "A", ""], strict=True))
    # What is typed since is read the same way; what the intranet says arrives as a mark.
    desk.staff(book, {"do": "edit", "tab": "Appel", "cell": "E4", "value": "1"})
    rosters.change(OFFICE, desk.cohort.participants[2], {days[3]: "A"})
    desk.calm(book)
    assert rosters.snapshot(desk.cohort.id)[desk.cohort.participants[0]][days[3]] == "P"
    tab = desk.tabs(book)["Appel"]
    assert [tab.text(row, 4) for row in (3, 5)] == ["1", "A"]


def test_a_misspelt_name_is_told_whose_it_may_be(desk: Desk) -> None:
    book = desk.make(TICKS)
    step = desk.ask(book)
    [line] = step.preview["lines"]["refused"]
    assert (line["tab"], line["typed"]) == ("Appel", "Dupont Jeane")
    assert line["reason"].startswith("« Dupont Jeane » n'est le nom de personne ici : voulez-vous dire Dupont Jeanne ?")
    desk.accept(step)
    desk.calm(book)
    [refusal] = between.refusals()
    assert (refusal.address[1:], refusal.typed) == ("7", "Dupont Jeane")
    assert "reportez ce qui manque sur sa ligne 10, puis supprimez celle-ci" in refusal.reason
    # The name is put right where it was: two rows are one person's, and that is said too.
    desk.staff(book, {"do": "edit", "tab": "Appel", "cell": "A7", "value": "Dupont Jeanne"})
    desk.calm(book)
    [refusal] = between.refusals()
    assert refusal.reason.startswith("Dupont Jeanne a déjà sa ligne 10 dans cet onglet")
    desk.staff(book, {"do": "edit", "tab": "Appel", "cell": "A7", "value": "Quelqu'un d'Autre"})
    desk.calm(book)
    [refusal] = between.refusals()
    assert refusal.reason.startswith("Cette ligne n'a pas d'identifiant connu")


def test_a_name_put_right_before_accepting_is_recognised(desk: Desk) -> None:
    book = desk.make(TICKS)
    desk.ask(book)
    desk.staff(book, {"do": "edit", "tab": "Appel", "cell": "A7", "value": "Dupont Jeanne"})
    step = desk.accept(desk.ask(book))
    assert step.preview["lines"]["refused"] == []
    desk.calm(book)
    assert rosters.snapshot(desk.cohort.id)[desk.cohort.participants[3]][desk.cohort.half_days[0]] == "P"


def test_marks_under_two_lines_of_headers_go_both_ways(desk: Desk) -> None:
    book = desk.adopt(TWO_LINES)
    first, days = desk.cohort.participants[0], desk.cohort.half_days
    assert rosters.snapshot(desk.cohort.id)[first] == dict(zip(days, ["P", "P", "A", "P"], strict=True))
    rosters.change(OFFICE, first, {days[3]: "A"})
    desk.staff(book, {"do": "edit", "tab": "Emargements", "cell": "D9", "value": "R 20"})
    desk.calm(book)
    assert desk.tabs(book)["Emargements"].text(3, 5) == "A"
    assert rosters.snapshot(desk.cohort.id)[desk.cohort.participants[4]][days[1]] == "R 20"
    [refusal] = between.refusals()
    assert (refusal[8], refusal[9]) == ("F8", "Dupont Jeanne · PM 14/02")


def test_columns_of_two_lines_are_found_again_wherever_they_move(desk: Desk) -> None:
    book = desk.adopt(TWO_LINES)
    requests = [
        {"unmergeCells": {"range": {"sheetId": 1, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0,
                                    "endColumnIndex": 7}}},
        {"moveDimension": {"source": {"sheetId": 1, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1},
                           "destinationIndex": 2}},
        {"insertDimension": {"range": {"sheetId": 1, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}}},
    ]  # fmt: skip
    desk.staff(book, {"do": "requests", "requests": requests}, {"do": "rename_tab", "tab": "Emargements", "to": "P"})
    desk.calm(book)
    rosters.change(OFFICE, desk.cohort.participants[1], {desk.cohort.half_days[0]: "AJ"})
    desk.calm(book)
    tab = desk.tabs(book)["P"]
    assert (tab.text(6, 1), tab.text(6, 2)) == ("BERNARD Théo", "AJ")


def test_half_days_are_born_from_a_planning_and_a_total_is_none(desk: Desk) -> None:
    desk.adopt(PLANNING)
    found = calendar.snapshot(desk.cohort.id)
    assert len(found) == 5
    assert [row["kind"] for key, row in found.items() if key not in desk.cohort.half_days] == ["visit"]


def test_papers_get_their_tutor_and_everybody_else_a_row(desk: Desk) -> None:
    book = desk.adopt(PAPERS)
    papers = {row[1]: row for row in tutoring.papers(desk.cohort.id)}
    assert papers[desk.cohort.participants[1]][4:7] == ("Le droit", "", "Denis Morel")
    tab = desk.tabs(book)["Suivi mémoires"]
    assert [tab.text(row, 0) for row in range(2, 9)] == [
        "Arnaud, Inès", "Bernard, Théo", "Chevalier, Noé", "Dupont, Jeanne", "Étienne, Zoé", "Fabre, Hugo",
        "Nombre de notes"]  # fmt: skip


def test_one_book_holds_several_tabs_and_a_cohort_several_books(desk: Desk) -> None:
    everything = desk.adopt(EVERYTHING)
    assert set(desk.bound(everything)) == {"Inscrits 2025", "Présences 2025", "Mémoires"}
    other = desk.adopt(MIXED_DATES)
    desk.calm(everything)
    days = desk.cohort.half_days
    # « A » in one book and « P » in the other: a conflict in each, and neither side is altered.
    assert rosters.snapshot(desk.cohort.id)[desk.cohort.participants[5]][days[0]] == "A"
    assert {row[2] for row in between.conflicts()} == {other}
    assert desk.tabs(everything)["Présences 2025"].text(1, 5) == "A"


def test_a_second_promotion_adopts_its_own_tab_of_the_same_book(desk: Desk) -> None:
    book = desk.adopt(EVERYTHING)
    other = Desk(desk.url, make_cohort("TEST-2024", 0), desk.sheets)
    step = other.ask(book)
    taken = {tab["title"]: tab["reason"] for tab in step.proposal["tabs"] if tab["taken"]}
    assert taken["Inscrits 2025"] == "déjà relié à la promotion TEST-2025 (Participants)"
    assert step.mapping["2"]["kind"] == "participants"
    step = other.accept(step)
    assert step.state == adoptions.BOUND, step.preview
    desk.calm(book)
    assert list(enrolled(other)) == ["Ancien Élève"]
    assert set(other.bound(book)) == {"Inscrits 2024"}
    assert len(people.snapshot(desk.cohort.id)) == 6


def test_the_jurys_book_is_bound_for_the_jury_alone(desk: Desk) -> None:
    refused = desk.ask(desk.make(JURY))
    [tab] = refused.proposal["tabs"]
    assert tab["kind"] == ""
    assert "réservé au jury" in tab["doubts"][0]
    assert refused.preview["problems"][0]["text"].startswith("Aucun onglet n'est choisi")
    book = desk.adopt(JURY)
    found = jury.snapshot(desk.cohort.id)[desk.cohort.participants[0]]
    assert (found["grade-RSV206"], found["grade-RSV207"], found["decision"]) == ("12", "14.5", "admitted")
    assert agreement.book(book).audience == "jury"
    mixed = Desk(desk.url, desk.cohort, desk.sheets).ask(desk.make(TITLES), "jury")
    assert [tab["kind"] for tab in mixed.proposal["tabs"]] == ["", ""]


# -- undone, redone -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(BOOKS))
def test_unbinding_gives_the_book_back_and_keeps_the_intranet(desk: Desk, name: str) -> None:
    messy = BOOKS[name]
    book = desk.make(messy)
    before = desk.whole(book)
    step = desk.accept(desk.ask(book, messy.audience))
    desk.calm(book)
    held = people.snapshot(desk.cohort.id)
    step = adoptions.step(step.id)
    adoptions.undo(OFFICE, step.id, step.revision)
    desk.serve()
    assert adoptions.step(step.id).state == adoptions.UNDONE
    assert differences(before, desk.whole(book), step.preview["lines"]) == []
    tabs = desk.tabs(book)
    assert "_passerelle" not in tabs
    assert not any(tab.metadata for tab in tabs.values())
    assert not any(tab.text(row, column) == "ID" for tab in tabs.values() for row in range(4) for column in range(12))
    assert people.snapshot(desk.cohort.id) == held
    assert agreement.states() == []
    told = [row[1:] for row in journal.entries(desk.cohort.id) if row[3] == "book"]
    assert [(row[0], row[5], row[6]) for row in told] == [
        (OFFICE.name, "bound", "unbound"), (OFFICE.name, "", "bound")]  # fmt: skip


def test_a_binding_is_corrected_and_what_moved_to_another_column_is_not_taken_for_an_edit(desk: Desk) -> None:
    book = desk.adopt(TITLES)
    step = desk.step(book)
    mapping = {**step.mapping, "1": {**step.mapping["1"], "columns": {**step.mapping["1"]["columns"]}}}
    # The firm was in the column of the remarks all along.
    del mapping["1"]["columns"]["5"]
    mapping["1"]["columns"]["8"] = "employer"
    assert adoptions.choose(step.id, step.revision, mapping)
    assert desk.step(book).live
    desk.calm(book)
    desk.serve()
    step = desk.step(book)
    assert step.state == adoptions.PROPOSED, step.trouble
    conflicts = {(line["address"], line["local"], line["remote"]) for line in step.preview["lines"]["conflicts"]}
    assert ("I5", "Mairie", "arrive en retard le lundi") in conflicts
    step = desk.accept(step)
    assert step.state == adoptions.BOUND
    desk.calm(book)
    assert enrolled(desk)["Arnaud Inès"]["employer"] == "Mairie"
    marks = desk.tabs(book)["Liste stagiaires"].metadata
    assert (marks.get(5), marks[8], marks[9]) == (None, "employer", ID)


def test_an_earlier_preview_is_made_again_when_the_book_has_changed(desk: Desk) -> None:
    book = desk.make(TITLES)
    step = desk.ask(book)
    desk.staff(book, {"do": "edit", "tab": "Liste stagiaires", "cell": "F6", "value": "Une asso"})
    before = desk.whole(book)
    step = desk.accept(step)
    assert (step.state, step.live) == (adoptions.PROPOSED, False)
    assert "depuis l'aperçu" in step.preview["note"]
    assert any(line["after"] == "Une asso" for line in step.preview["lines"]["changed"])
    assert desk.whole(book) == before
    assert desk.accept(step).state == adoptions.BOUND


def test_a_tab_that_is_let_go_loses_its_marks_and_the_others_keep_theirs(desk: Desk) -> None:
    book = desk.adopt(EVERYTHING)
    step = desk.step(book)
    mapping = {**step.mapping, "5": mappings.of_reading(step.proposal["tabs"][4], "")}
    adoptions.choose(step.id, step.revision, mapping)
    desk.serve()
    step = desk.step(book)
    assert any("« Mémoires » : il ne sera plus synchronisé" in text for text in step.preview["warnings"])
    assert desk.accept(step).state == adoptions.BOUND
    desk.calm(book)
    tabs = desk.tabs(book)
    assert set(desk.bound(book)) == {"Inscrits 2025", "Présences 2025"}
    assert (tabs["Mémoires"].metadata, tabs["Mémoires"].text(0, 3)) == ({}, "")
    assert tabs["Présences 2025"].text(0, 6) == "ID"
    told = [row[6:8] for row in journal.entries(desk.cohort.id) if row[3] == "book"]
    assert told == [("bound", "rebound"), ("", "bound")]


def test_corrections_that_nobody_accepts_leave_the_binding_as_it_was(desk: Desk) -> None:
    book = desk.adopt(TITLES)
    bound = desk.step(book)
    mapping = {**bound.mapping, "1": {**bound.mapping["1"], "columns": {"1": "last_name", "2": "first_name"}}}
    adoptions.choose(bound.id, bound.revision, mapping)
    desk.serve()
    adoptions.keep(bound.id, desk.step(book).revision)
    kept = desk.step(book)
    assert (kept.state, kept.mapping) == (adoptions.BOUND, bound.mapping)
    assert "email" in desk.bound(book)["Liste stagiaires"].mapping["headers"]
    desk.calm(book)


def test_what_was_read_of_a_book_is_forgotten_with_it(desk: Desk) -> None:
    step = desk.ask(desk.make(TITLES))
    adoptions.undo(OFFICE, step.id, step.revision)
    gone = adoptions.step(step.id)
    assert (gone.state, gone.proposal, gone.mapping, gone.preview) == (adoptions.UNDONE, {}, {}, {})


class Account:
    """A second service account, which a spreadsheet may be shared with."""

    def __init__(self, sheets: Any, address: str, may_edit: bool) -> None:
        self._sheets, self.account, self._may_edit = sheets, address, may_edit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sheets, name)

    def about(self, book: str) -> dict[str, Any]:
        return {**self._sheets.about(book), "capabilities": {"canEdit": self._may_edit}}


def test_of_several_accounts_the_one_that_the_book_is_shared_with_serves_it(desk: Desk) -> None:
    first, second = (Account(desk.sheets, f"{n}@exemple.fr", may) for n, may in ((1, False), (2, True)))
    book = desk.make(TITLES)
    key = adoptions.ask(OFFICE, desk.cohort.id, book, "staff")
    adopting.serve(lambda: [first, second], "test")
    step = adoptions.step(key)
    assert step.state == adoptions.PROPOSED, step.trouble
    adoptions.accept(OFFICE, step.id, step.revision)
    adopting.serve(lambda: [first, second], "test")
    assert bindings.account(book) == "2@exemple.fr"
    assert bindings.loads() == {"2@exemple.fr": 1}
    assert adopting.shared_with(book, [first, second]) is second
    told = adoptions.ask(OFFICE, desk.cohort.id, desk.make(TWO_LINES), "staff")
    adopting.serve(lambda: [first], "test")
    assert "1@exemple.fr" in adoptions.step(told).trouble
