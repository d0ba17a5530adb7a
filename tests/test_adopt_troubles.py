"""What goes wrong while a spreadsheet is adopted: said in words that tell what to do, and nothing half done."""

from collections.abc import Callable
from typing import Any

import pytest

from settings import ServiceAccountError
from store import adoptions, agreement, between, bindings, calendar, journal, leases, mappings, people
from store.models import Adoption
from sync import adopting, cycle
from sync.book import OutcomeUnknown, Unreachable
from sync.layout import ID
from tests.messy_books import EVERYTHING, MIXED_DATES, OFFICE, PLANNING, TITLES, TWO_LINES, Desk, Messy, differences
from tests.sync_bench import Cohort, make_cohort

LISTED = "Liste stagiaires"


class Between:
    """The connection to Google, with something that happens just before or just after a call."""

    def __init__(self, sheets: Any) -> None:
        self._sheets = sheets
        self.before: dict[str, list[Callable[[], None]]] = {}
        self.after: dict[str, list[Callable[[], None]]] = {}
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._sheets, name)
        if name not in ("read", "survey", "write", "about"):
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append(name)
            self._next(self.before, name)
            answer = found(*arguments, **options)
            self._next(self.after, name)
            return answer

        return call

    def _next(self, hooks: dict[str, list[Callable[[], None]]], name: str) -> None:
        if hooks.get(name):
            hooks[name].pop(0)()


@pytest.fixture
def desk(cohort: Cohort, _sheets_hub: tuple[Any, Any]) -> Desk:
    server, sheets = _sheets_hub
    return Desk(server.url, cohort, Between(sheets))


def fail(error: type[BaseException]) -> Callable[[], None]:
    def raising() -> None:
        raise error("Google ne répond pas.")

    return raising


# -- books that cannot be read ---------------------------------------------------------------------


def test_a_book_that_is_not_shared_is_said_with_the_address_to_share_with(desk: Desk) -> None:
    step = desk.ask("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms")
    assert step.state == adoptions.TROUBLE
    assert "partagez-le avec cette adresse" in step.trouble
    assert desk.sheets.account in step.trouble


def test_a_book_shared_for_reading_only_is_told_before_anything_is_accepted(desk: Desk) -> None:
    book = desk.make(TITLES)
    desk.give_away(book, "reader")
    step = desk.ask(book)
    assert step.state == adoptions.TROUBLE
    assert "qu'en lecture avec " + desk.sheets.account in step.trouble
    desk.give_away(book)
    adoptions.look_again(step.id, step.revision)
    desk.serve()
    assert adoptions.step(step.id).state == adoptions.PROPOSED


def test_a_book_in_the_bin_says_so(desk: Desk) -> None:
    book = desk.make(TITLES)
    desk.staff(book, {"do": "trash"})
    assert "corbeille" in desk.ask(book).trouble


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("application/vnd.google-apps.folder", "dossier de Drive"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Enregistrer au format Google Sheets"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_told_what_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, told: str
) -> None:
    monkeypatch.setattr(desk.sheets, "about", lambda book: {"mimeType": kind}, raising=False)
    assert told in desk.ask(desk.make(TITLES)).trouble


def test_an_empty_book_and_one_without_headers_say_so(desk: Desk) -> None:
    step = desk.ask(desk.make(Messy("Vide", {"Feuille 1": []})))
    assert step.preview["problems"][0]["text"] == "Ce classeur est vide : il n'y a rien à relier."
    step = desk.ask(desk.make(Messy("Liste", {"Feuille 1": [["Arnaud", "Inès"], ["Bernard", "Théo"]]})))
    assert "Aucun onglet n'est choisi" in step.preview["problems"][0]["text"]
    assert step.proposal["tabs"][0]["reason"] == "Aucune ligne d'en-têtes n'y est reconnue."


def test_a_damaged_key_is_said_and_google_away_is_waited_for(desk: Desk) -> None:
    key = adoptions.ask(OFFICE, desk.cohort.id, desk.make(TITLES), "staff")
    desk.sheets.before["survey"] = [fail(Unreachable)]
    adopting.serve(lambda: [desk.sheets], "test")
    step = adoptions.step(key)
    assert (step.state, step.trouble) == (adoptions.ASKED, "Google ne répond pas.")
    assert not adopting.serve(lambda: [desk.sheets], "test"), "not at once"
    Adoption.update(served_until=0).execute()

    def no_key() -> Any:
        raise ServiceAccountError("GOOGLE_SERVICE_ACCOUNT_JSON manque.")

    adopting.serve(no_key, "test")
    assert adoptions.step(key).trouble == "GOOGLE_SERVICE_ACCOUNT_JSON manque."


def test_an_unforeseen_error_stops_nothing_else(desk: Desk) -> None:
    desk.sheets.before["survey"] = [fail(ZeroDivisionError)]
    step = desk.ask(desk.make(TITLES))
    assert "Erreur imprévue (ZeroDivisionError)" in step.trouble


# -- protections and filters -----------------------------------------------------------------------


def test_a_protected_tab_is_told_before_and_a_protected_column_is_a_warning(desk: Desk) -> None:
    book = desk.make(TITLES)
    desk.give_away(book)
    column = {"tab": LISTED, "range": "D1:D40", "editors": ["chef@localsheets.example"]}
    desk.staff(book, {"do": "protect", **column})
    step = desk.ask(book)
    assert step.preview["problems"] == []
    [warning] = step.preview["warnings"]
    assert "« Adresse mail » est protégée" in warning
    assert desk.sheets.account in warning
    [told] = [line for line in step.preview["lines"]["refused"] if "protégée" in line["label"]]
    assert "cases protégées" in told["label"]
    assert desk.sheets.account in told["reason"]
    assert step.preview["counts"]["refused"] == len(step.preview["lines"]["refused"])
    desk.staff(book, {"do": "protect", "tab": LISTED, "editors": ["chef@localsheets.example"]})
    adoptions.look_again(step.id, step.revision)
    desk.serve()
    [problem] = adoptions.step(step.id).preview["problems"]
    assert "il est protégé" in problem["text"]
    assert desk.sheets.account in problem["text"]


def test_the_staffs_filter_takes_the_ids_along(desk: Desk) -> None:
    book = desk.make(TITLES)
    area = {"sheetId": 1, "startRowIndex": 3, "endRowIndex": 12, "startColumnIndex": 0, "endColumnIndex": 9}
    desk.staff(book, {"do": "requests", "requests": [{"setBasicFilter": {"filter": {"range": area}}}]})
    step = desk.accept(desk.ask(book))
    desk.calm(book)
    kept = desk.whole(book)[0]["basicFilter"]["range"]
    assert (kept["startColumnIndex"], kept["endColumnIndex"]) == (0, 10)
    before = people.snapshot(desk.cohort.id)
    wanted = {"range": kept, "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]}
    desk.staff(book, {"do": "requests", "requests": [{"setBasicFilter": {"filter": wanted}}]})
    desk.calm(book)
    assert people.snapshot(desk.cohort.id) == before
    assert len(between.conflicts()) == 1, "the one that was there"
    assert step.preview["warnings"] == []


def test_a_filter_that_leaves_columns_out_is_warned_of(desk: Desk) -> None:
    book = desk.make(TITLES)
    area = {"sheetId": 1, "startRowIndex": 3, "endRowIndex": 12, "startColumnIndex": 0, "endColumnIndex": 4}
    desk.staff(book, {"do": "requests", "requests": [{"setBasicFilter": {"filter": {"range": area}}}]})
    [warning] = desk.ask(book).preview["warnings"]
    assert "son filtre ne couvre pas toutes les colonnes" in warning


# -- what the preview says ------------------------------------------------------------------------


def test_looking_changes_nothing_on_either_side(desk: Desk) -> None:
    book = desk.make(TITLES)
    before, version = desk.whole(book), people.version(desk.cohort.id)
    entries, held = journal.entries(desk.cohort.id), people.snapshot(desk.cohort.id)
    desk.look(book, TITLES)
    assert desk.whole(book) == before
    assert people.version(desk.cohort.id) == version
    assert (journal.entries(desk.cohort.id), people.snapshot(desk.cohort.id)) == (entries, held)
    assert agreement.states() == []
    assert "write" not in desk.sheets.calls


def test_somebody_nearly_known_is_asked_about(desk: Desk) -> None:
    messy = Messy("L", {"Inscrits": [["Nom", "Prénom", "Mail"], ["Arnaut", "Inès", "0@exemple.fr"]]})
    [warning] = desk.look(desk.make(messy), messy).preview["warnings"]
    assert "« Arnaut Inès » (Inscrits, A2) et « Arnaud Inès » (intranet)" in warning


def test_somebody_whom_one_tab_brings_is_no_double_of_their_row_in_another(desk: Desk) -> None:
    messy = Messy("B", {
        "Inscrits": [["Nom", "Prénom", "Mail"], ["Arnaud", "Inès", "0@exemple.fr"], ["Vasseur", "Odile", "9@e.fr"]],
        "Présences": [["Prénom NOM", "20/01 matin", "20/01 PM"], ["Inès ARNAUD", "P", "P"], ["Théo BERNARD", "P", "A"]],
    })  # fmt: skip
    preview = desk.look(desk.make(messy), messy).preview
    assert any("Odile" in line["label"] for line in preview["lines"]["rows"]), preview["lines"]["rows"]
    assert not any("Odile" in text for text in preview["warnings"])


def test_half_days_without_a_column_may_stay_out_of_the_sheet(desk: Desk) -> None:
    book = desk.make(MIXED_DATES)
    found = desk.look(book, MIXED_DATES)
    mapping = found.mapping
    del mapping["1"]["columns"]["3"]
    assert desk.look(book, MIXED_DATES, mapping, found.proposal).preview["counts"]["columns"] == 1
    mapping["1"]["add_columns"] = False
    assert desk.look(book, MIXED_DATES, mapping, found.proposal).preview["counts"]["columns"] == 0


def test_a_promotion_without_calendar_is_told_to_begin_with_it(desk: Desk) -> None:
    bare = Desk(desk.url, make_cohort("NUE-2025", 0), desk.sheets)
    for key in bare.cohort.half_days:
        calendar.remove(OFFICE, key)
    step = bare.ask(bare.make(TWO_LINES))
    assert any("reliez d'abord l'onglet des séances" in text for text in step.preview["warnings"])
    bare.adopt(PLANNING)
    adoptions.look_again(step.id, step.revision)
    bare.serve()
    again = adoptions.step(step.id)
    assert [tab["kind"] for tab in again.proposal["tabs"]] == ["attendance"]


def test_headers_that_changed_since_are_asked_about_again(desk: Desk) -> None:
    book = desk.make(TITLES)
    step = desk.ask(book)
    desk.staff(book, {"do": "insert_columns", "tab": LISTED, "column": "C"})
    adoptions.look_again(step.id, step.revision)
    desk.serve()
    again = adoptions.step(step.id)
    assert again.mapping["1"]["columns"]["3"] == "first_name"
    assert any("ses en-têtes ont changé" in text for text in again.preview["warnings"])


def test_columns_that_the_sync_added_are_no_change_of_the_headers(desk: Desk) -> None:
    book = desk.make(MIXED_DATES)
    step = desk.ask(book)
    given = step.mapping["1"]["columns"]
    without = {**step.mapping, "1": {**step.mapping["1"], "columns": {c: f for c, f in given.items() if c != "3"}}}
    adoptions.choose(step.id, step.revision, without)
    desk.serve()
    desk.accept(desk.step(book))
    desk.calm(book)
    step = desk.step(book)
    assert step.state == adoptions.BOUND
    adoptions.choose(step.id, step.revision, {**without, "1": {**without["1"], "columns": given}})
    desk.serve()
    step = desk.step(book)
    assert not any("ses en-têtes ont changé" in text for text in step.preview["warnings"])
    assert step.mapping["1"]["columns"] == given
    # What else the sync has added since stays what it is, with nobody having to choose it again.
    assert (step.preview["problems"], step.preview["counts"]["columns"]) == ([], 0)


def test_a_column_that_the_sync_added_is_kept_by_a_correction_of_another(desk: Desk) -> None:
    book = desk.make(MIXED_DATES)
    step = desk.ask(book)
    columns = dict(step.mapping["1"]["columns"])
    added = columns.pop("3")
    adoptions.choose(step.id, step.revision, {**step.mapping, "1": {**step.mapping["1"], "columns": columns}})
    desk.serve()
    desk.accept(desk.step(book))
    desk.calm(book)
    step = desk.step(book)
    corrected = {**step.mapping, "1": {**step.mapping["1"], "add_columns": False}}
    adoptions.choose(step.id, step.revision, corrected)
    desk.serve()
    step = desk.step(book)
    assert not step.mapping["1"]["add_columns"]
    assert sorted(step.mapping["1"]["columns"].values()) == sorted([*columns.values(), added])


def test_columns_left_undecided_are_counted_before_anything_is_accepted(desk: Desk) -> None:
    messy = Messy("P", {"Présences": [["Nom", "Prénom", "20/01 matin", "14/02"],
                                      ["Arnaud", "Inès", "P", "P"], ["Bernard", "Théo", "P", "A"]]})  # fmt: skip
    [warning, *_] = desk.look(desk.make(messy), messy).preview["warnings"]
    assert warning == (
        "Onglet « Présences » : 1 colonne reste à vous, ni lue ni écrite tant que vous ne choisissez pas ce qu'elle "
        "contient : « 14/02 »."
    )


def test_a_tab_that_went_is_simply_no_more(desk: Desk) -> None:
    book = desk.make(EVERYTHING)
    step = desk.ask(book)
    desk.staff(book, {"do": "delete_tab", "tab": "Mémoires"})
    step = desk.accept(step)
    assert step.state == adoptions.PROPOSED
    assert desk.accept(step).state == adoptions.BOUND


# -- binding in a storm ----------------------------------------------------------------------------


def ids_of(desk: Desk, book: str) -> list[int]:
    return [column for column, name in desk.tabs(book)[LISTED].metadata.items() if name == ID]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_write_without_answer_is_settled_by_reading_never_repeated_blindly(desk: Desk, moment: str) -> None:
    book = desk.make(TITLES)
    step = desk.ask(book)
    getattr(desk.sheets, moment)["write"] = [fail(OutcomeUnknown)]
    assert desk.accept(step).state == adoptions.ACCEPTED
    Adoption.update(served_until=0).execute()
    desk.serve()
    assert adoptions.step(step.id).state == adoptions.BOUND
    assert desk.sheets.calls.count("write") == (2 if moment == "before" else 1)
    assert ids_of(desk, book) == [9]
    headers = [desk.tabs(book)[LISTED].text(3, column) for column in range(12)]
    assert headers.count("ID") == 1
    desk.calm(book)


class Crash(BaseException):
    """The worker is killed."""


@pytest.mark.parametrize("call", ["write", "survey"])
def test_a_crash_after_the_write_is_taken_up_by_the_next_worker(desk: Desk, call: str) -> None:
    book = desk.make(TITLES)
    step = desk.ask(book)
    adoptions.accept(OFFICE, step.id, step.revision)
    steps = {"write": [fail(Crash)], "survey": [lambda: None, fail(Crash)]}
    desk.sheets.after[call] = steps[call]
    with pytest.raises(Crash):
        adopting.serve(lambda: [desk.sheets], "test")
    assert not adopting.serve(lambda: [desk.sheets], "other"), "the first worker may still be at it"
    Adoption.update(served_until=0).execute()
    desk.serve()
    assert adoptions.step(step.id).state == adoptions.BOUND
    assert ids_of(desk, book) == [9]
    desk.calm(book)


@pytest.mark.parametrize(
    "action",
    [
        {"do": "move_columns", "tab": LISTED, "header_row": 4, "column": "Né(e) le", "before": "NOM"},
        {"do": "insert_columns", "tab": LISTED, "header_row": 4, "column": "NOM"},
        {"do": "insert_rows", "tab": LISTED, "row": 2, "count": 2},
        {"do": "rename_header", "tab": LISTED, "header_row": 4, "column": "Entreprise", "to": "Société"},
    ],
)
def test_a_book_that_moves_in_the_half_second_before_the_marks_is_left_without_any(desk: Desk, action: dict) -> None:
    book = desk.make(Messy(TITLES.title, TITLES.tabs))
    step = desk.ask(book)
    moved: list[Any] = []

    def move() -> None:
        desk.staff(book, action)
        moved.append(desk.whole(book))

    desk.sheets.before["write"] = [move]
    step = desk.accept(step)
    assert (step.state, step.live) == (adoptions.TROUBLE, False)
    assert "a changé pendant qu'on le reliait" in step.trouble
    assert differences(moved[0], desk.whole(book), dict.fromkeys(step.preview["lines"], [])) == []
    assert "_passerelle" not in desk.tabs(book)
    assert desk.tabs(book)[LISTED].metadata == {}
    assert agreement.states() == []
    adoptions.look_again(step.id, step.revision)
    desk.serve()
    assert desk.accept(adoptions.step(step.id)).state == adoptions.BOUND
    desk.calm(book)


def test_a_cell_typed_before_the_marks_arrive_is_no_matter(desk: Desk) -> None:
    book = desk.make(TITLES)
    step = desk.ask(book)
    typed = {"do": "edit", "tab": LISTED, "cell": "F6", "value": "Scop"}
    desk.sheets.before["write"] = [lambda: desk.staff(book, typed)]
    assert desk.accept(step).state == adoptions.BOUND
    desk.calm(book)
    assert any(row["employer"] == "Scop" for row in people.snapshot(desk.cohort.id).values())


def test_a_cycle_that_holds_the_book_is_waited_for(desk: Desk) -> None:
    book = desk.adopt(EVERYTHING)
    other = Desk(desk.url, make_cohort("TEST-2024", 0), desk.sheets)
    step = other.ask(book)
    epoch = leases.take_lease(book, "a cycle")
    assert other.accept(step).state == adoptions.ACCEPTED
    leases.release(book, epoch)
    Adoption.update(served_until=0).execute()
    other.serve()
    assert adoptions.step(step.id).state == adoptions.BOUND


def test_choices_made_while_the_worker_reads_win(desk: Desk) -> None:
    book = desk.make(EVERYTHING)
    step = desk.ask(book)
    adoptions.look_again(step.id, step.revision)
    mapping = {**step.mapping, "5": mappings.of_reading(step.proposal["tabs"][4], "")}

    def choose() -> None:
        now = adoptions.step(step.id)
        Adoption.update(state=adoptions.PROPOSED).execute()
        adoptions.choose(step.id, now.revision, mapping)

    desk.sheets.after["survey"] = [choose]
    desk.serve()
    found = adoptions.step(step.id)
    assert (found.state, found.mapping["5"]["kind"]) == (adoptions.PROPOSED, "")


# -- unbinding in a storm --------------------------------------------------------------------------


def unbind(desk: Desk, book: str) -> adoptions.Step:
    step = desk.step(book)
    adoptions.undo(OFFICE, step.id, step.revision)
    desk.serve()
    return adoptions.step(step.id)


def test_a_column_of_the_staff_is_never_deleted_for_ours(desk: Desk) -> None:
    book = desk.adopt(TITLES)
    action = {"do": "insert_columns", "tab": LISTED, "header_row": 4, "column": "Remarques"}
    desk.sheets.before["write"] = [lambda: desk.staff(book, action)]
    assert unbind(desk, book).state == adoptions.UNDONE
    tab = desk.tabs(book)[LISTED]
    headers = [tab.text(3, column) for column in range(12)]
    assert ("Remarques" in headers, "ID" in headers) == (True, False)
    assert tab.metadata == {}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_unbinding_without_answer_is_settled_by_reading(desk: Desk, moment: str) -> None:
    book = desk.adopt(TITLES)
    getattr(desk.sheets, moment)["write"] = [fail(OutcomeUnknown)]
    assert unbind(desk, book).state == adoptions.UNDOING
    Adoption.update(served_until=0).execute()
    desk.serve()
    assert desk.tabs(book)[LISTED].metadata == {}
    assert [desk.tabs(book)[LISTED].text(3, column) for column in range(8, 11)] == ["Remarques", "", ""]
    assert agreement.states() == []


def test_a_book_that_is_gone_is_unbound_all_the_same(desk: Desk) -> None:
    book = desk.adopt(TITLES)
    desk.staff(book, {"do": "unshare", "account": desk.sheets.account})
    assert unbind(desk, book).state == adoptions.UNDONE
    assert (agreement.states(), bindings.adopted(book, desk.cohort.id)) == ([], [])
    assert len(people.snapshot(desk.cohort.id)) == 7


def test_one_promotion_leaves_a_book_that_another_keeps(desk: Desk) -> None:
    book = desk.adopt(EVERYTHING)
    other = Desk(desk.url, make_cohort("TEST-2024", 0), desk.sheets)
    other.accept(other.ask(book))
    desk.calm(book)
    step = next(s for s in map(adoptions.step, [row[0] for row in adoptions.listed()]) if s.cohort_id == desk.cohort.id)
    adoptions.undo(OFFICE, step.id, step.revision)
    desk.serve()
    assert "_passerelle" in desk.tabs(book)
    assert set(other.bound(book)) == {"Inscrits 2024"}
    desk.staff(book, {"do": "edit", "tab": "Inscrits 2024", "cell": "C2", "value": "neuf@exemple.fr"})
    desk.calm(book)
    [row] = people.snapshot(other.cohort.id).values()
    assert row["email"] == "neuf@exemple.fr"
    assert cycle.run(book, desk.sheets, "test").paused == []


def test_a_book_left_and_adopted_again_is_as_before(desk: Desk) -> None:
    book = desk.adopt(TITLES)
    unbind(desk, book)
    held = people.snapshot(desk.cohort.id)
    step = desk.accept(desk.ask(book))
    assert step.state == adoptions.BOUND, step.preview
    desk.calm(book)
    assert people.snapshot(desk.cohort.id) == held


def test_the_comparison_of_these_tests_sees_every_difference(desk: Desk) -> None:
    book = desk.make(TITLES)
    before, nothing = desk.whole(book), {"rows": [], "columns": [], "cells": []}
    assert differences(before, desk.whole(book), nothing) == []
    for action in (
        {"do": "edit", "tab": LISTED, "cell": "I5", "value": "autre"}, {"do": "colour", "tab": LISTED, "cell": "A1",
         "colour": "#ff0000"}, {"do": "edit", "tab": LISTED, "cell": "I30", "value": "neuf"},
        {"do": "insert_rows", "tab": LISTED, "row": 2},
    ):  # fmt: skip
        desk.staff(book, action)
        assert differences(before, desk.whole(book), nothing), action
        before = desk.whole(book)
