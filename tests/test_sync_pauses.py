"""What a person decides about a paused tab, carried out against a real book: nothing is lost, nothing else moves."""

import pytest

from store import agreement, between, calendar, outcomes, pauses, people, rosters, tutoring
from store.journal import entries
from store.models import Tab
from store.models.base import now
from store.pauses import ACCIDENT, COLUMNS, GONE, UNREADABLE
from sync import layout
from tests.sync_bench import PAGE, Bench


def tab(bench: Bench, kind: str) -> agreement.BoundTab:
    return next(tab for tab in agreement.tabs(bench.staff) if tab.kind == kind)


def drop_column(bench: Bench, title: str, header: str) -> None:
    sheet_id, _, column = bench.place(title, "ID", header)
    bench.act({"type": "deleteColumns", "sheetId": sheet_id, "at": column, "count": 1})


def headers(bench: Bench, title: str) -> list[str]:
    found = bench.tabs()[title]
    _, top, _ = bench.place(title, "ID", "ID", tab=found)
    return [layout.text_of(found.raw(top, column)) for column in range(len(found.grid[top]))]


def paper_of(bench: Bench, number: int = 0) -> str:
    return tutoring.beside(bench.cohort.participants[number])[1]


# -- a column that is not there any more -----------------------------------------------------------


def go_on_without_pages(bench: Bench) -> str:
    """Give papers pages, delete that column, go on without it; return a paper that had pages."""
    paper = paper_of(bench)
    tutoring.change(PAGE, paper, {"pages": "20", "title": "Ancien"})
    bench.calm()
    drop_column(bench, "Notes", "Pages")
    bench.cycle()
    found = tab(bench, "papers")
    assert found.pause == {"cause": COLUMNS, "fields": ["pages"]}
    assert pauses.go_without(PAGE, found.id) == ("pages",)
    return paper


def test_a_tab_goes_on_without_a_column(bench: Bench) -> None:
    paper = go_on_without_pages(bench)
    tutoring.change(PAGE, paper, {"title": "Nouveau", "pages": "25"})
    bench.type("Notes", paper, "Problématique", "Laquelle ?")
    bench.calm()
    found = tab(bench, "papers")
    assert (found.paused, found.pause, found.mapping) == ("", {}, {"lost": ["pages"]})
    assert "Pages" not in headers(bench, "Notes")
    assert bench.cell("Notes", paper, "Titre") == "Nouveau"
    values = tutoring.snapshot(bench.cohort.id)[paper]
    assert (values["problem"], values["pages"]) == ("Laquelle ?", "25"), "its values are not read as emptied"
    assert entries(bench.cohort.id)[0][3] != "tab"
    assert any(entry[3:6] == ("tab", "Notes", "pages") and entry[7] == "left_out" for entry in entries(bench.cohort.id))


def test_a_column_left_out_is_synced_again_once_its_header_is_back(bench: Bench) -> None:
    paper = go_on_without_pages(bench)
    bench.calm()
    place = len(headers(bench, "Notes"))
    bench.put(tab(bench, "papers").sheet_id, 0, place, [["Pages"]])
    bench.calm()
    assert tab(bench, "papers").mapping == {}
    assert bench.cell("Notes", paper, "Pages") == 20
    bench.type("Notes", paper, "Pages", "31")
    bench.calm()
    assert tutoring.snapshot(bench.cohort.id)[paper]["pages"] == "31"
    # Lost again, it pauses again.
    drop_column(bench, "Notes", "Pages")
    bench.cycle()
    assert tab(bench, "papers").pause["fields"] == ["pages"]


def test_a_column_that_comes_back_with_other_values_is_compared_anew(bench: Bench) -> None:
    paper = go_on_without_pages(bench)
    bench.calm()
    tutoring.change(PAGE, paper, {"pages": "25"})
    bench.calm()
    bench.undo()
    bench.cycle()
    [found] = between.conflicts()
    assert (found.row, found.field, found.base, found.local, found.remote) == (paper, "pages", None, "25", "20")


def test_a_half_day_left_out_is_not_given_a_column_again(bench: Bench) -> None:
    row, half_day = bench.cohort.participants[0], bench.cohort.half_days[1]
    rosters.mark(PAGE, row, half_day, "absent", "")
    bench.calm()
    header = calendar.headers(bench.cohort.id)[half_day]
    drop_column(bench, "Présences", header)
    bench.cycle()
    assert pauses.go_without(PAGE, tab(bench, "attendance").id) == (half_day,)
    rosters.mark(PAGE, row, bench.cohort.half_days[0], "late", "15")
    bench.calm()
    assert header not in headers(bench, "Présences")
    assert bench.cell("Présences", row, calendar.headers(bench.cohort.id)[bench.cohort.half_days[0]]) == "R 15"
    assert rosters.snapshot(bench.cohort.id)[row][half_day] == "A"
    # A half-day made meanwhile has its own column all the same.
    values = {"module": "1", "day": "2025-03-03", "start": "09:00", "end": "12:00", "kind": "course"}
    made = calendar.create(PAGE, bench.cohort.id, values)
    bench.calm()
    assert calendar.headers(bench.cohort.id)[made] in headers(bench, "Présences")
    assert header not in headers(bench, "Présences")


def test_rows_go_on_without_the_very_column_that_a_row_must_have(bench: Bench) -> None:
    row = bench.cohort.participants[0]
    drop_column(bench, "Participants", "Nom")
    bench.cycle()
    assert pauses.go_without(PAGE, tab(bench, "participants").id) == ("last_name",)
    bench.append("Participants", {"Prénom": "Ada"})
    bench.type("Participants", row, "Téléphone", "0799999999")
    bench.calm()
    values = people.snapshot(bench.cohort.id)
    assert (values[row]["last_name"], values[row]["phone"]) == ("Arnaud", "0799999999")
    assert len(values) == 6, "a row typed without a name waits"


# -- what cannot be gone on without ----------------------------------------------------------------


@pytest.mark.parametrize("cut", ["ID", "header"])
def test_a_tab_that_cannot_be_read_waits_for_the_sheet_alone(bench: Bench, cut: str) -> None:
    if cut == "ID":
        drop_column(bench, "Notes", "ID")
    else:
        bench.act({"type": "deleteRows", "sheetId": tab(bench, "papers").sheet_id, "at": 0, "count": 1})
    bench.cycle()
    found = tab(bench, "papers")
    assert found.pause == {"cause": UNREADABLE}
    for verb in (pauses.go_without, pauses.let_go, pauses.carry_out):
        verb(PAGE, found.id)
    assert tab(bench, "papers") == found
    bench.undo()
    bench.calm()
    assert tab(bench, "papers").pause == {}


# -- a tab that is gone ----------------------------------------------------------------------------


def test_a_tab_that_is_gone_is_let_go_and_the_others_go_on(bench: Bench) -> None:
    gone = tab(bench, "papers")
    bench.act({"type": "deleteSheet", "sheetId": gone.sheet_id})
    bench.cycle()
    assert tab(bench, "papers").pause == {"cause": GONE}
    tutoring.change(PAGE, paper_of(bench), {"title": "Un titre"})
    pauses.let_go(PAGE, gone.id)
    pauses.let_go(PAGE, gone.id)
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", "0799999999")
    bench.calm()
    assert {found.kind for found in agreement.tabs(bench.staff)} == {"participants", "half_days", "attendance"}
    assert people.snapshot(bench.cohort.id)[bench.cohort.participants[0]]["phone"] == "0799999999"
    assert tutoring.snapshot(bench.cohort.id)[paper_of(bench)]["title"] == "Un titre"
    noted = [entry for entry in entries(bench.cohort.id) if entry[3] == "tab"]
    assert [(entry[1], entry[4], entry[7]) for entry in noted] == [(PAGE.name, "Notes", "let_go")]


def test_a_tab_that_is_back_meanwhile_is_not_let_go(bench: Bench) -> None:
    gone = tab(bench, "papers")
    bench.act({"type": "deleteSheet", "sheetId": gone.sheet_id})
    bench.cycle()
    bench.undo()
    bench.cycle()
    pauses.let_go(PAGE, gone.id)
    assert tab(bench, "papers").paused == ""


# -- many rows at once -----------------------------------------------------------------------------


def test_deletions_carried_out_are_in_the_journal(bench: Bench) -> None:
    found = tab(bench, "participants")
    bench.act({"type": "deleteRows", "sheetId": found.sheet_id, "at": 1, "count": 5})
    bench.cycle()
    assert tab(bench, "participants").pause == {"cause": ACCIDENT}
    pauses.carry_out(PAGE, found.id)
    bench.calm()
    assert len(people.snapshot(bench.cohort.id)) == 1
    assert tab(bench, "participants").pause == {}
    noted = [entry for entry in entries(bench.cohort.id) if entry[3] == "tab"]
    assert [(entry[1], entry[5], entry[7]) for entry in noted] == [(PAGE.name, "deletions", "confirmed")]


# -- what is told of it ----------------------------------------------------------------------------


def test_what_the_cycles_did_adds_up(bench: Bench) -> None:
    started, row = now(), bench.cohort.participants[0]
    bench.type("Participants", row, "Téléphone", "0799999999")
    people.change(PAGE, bench.cohort.participants[1], {"employer": "Structure", "phone": "0788888888"})
    bench.append("Participants", {"Nom": "Noether", "Prénom": "Emmy"})
    bench.type("Présences", row, "Nom", "Autre")
    bench.calm()
    people.change(PAGE, row, {"phone": "0711111111"})
    bench.type("Participants", row, "Téléphone", "0722222222")
    bench.cycle()
    people.change(PAGE, row, {"phone": "0722222222"})
    bench.calm()
    told = {tally.kind: tally for tally in outcomes.tallies(started, ("staff",))}
    people_tally = told["participants"]
    assert (people_tally.pulled, people_tally.created, people_tally.opened, people_tally.closed) == (1, 1, 1, 1)
    assert people_tally.pushed >= 2
    assert told["attendance"].put_back == 1
    assert outcomes.tallies(now(), ("staff",)) == []
    assert outcomes.tallies(started, ("jury",)) == []


def test_a_calm_cycle_tells_nothing(bench: Bench) -> None:
    started = now()
    for _ in range(3):
        bench.cycle()
    assert outcomes.tallies(started, ("staff",)) == []
    assert outcomes.events(started, ("staff",)) == []


def test_a_pause_is_told_when_it_begins_and_when_it_ends(bench: Bench) -> None:
    started = now()
    drop_column(bench, "Notes", "Titre")
    for _ in range(3):
        bench.cycle()
    [(code, title, since)] = outcomes.paused_since(("staff",))
    assert (code, title) == (bench.cohort.code, "Notes")
    assert since is not None and since >= started
    bench.undo()
    bench.calm()
    assert outcomes.paused_since(("staff",)) == []
    first, second = outcomes.events(started, ("staff",))
    assert "« Titre »" in first.why
    assert (second.title, second.why) == ("Notes", "")


def test_what_is_told_is_kept_thirty_days(bench: Bench) -> None:
    outcomes.note(bench.staff, bench.cohort.id, "papers", "Notes", pulled=3)
    long_ago = now() - outcomes.LIFE * 1.01
    outcomes.Outcome.update(at=long_ago).execute()
    assert outcomes.tallies(long_ago, ("staff",)) != []
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", "0799999999")
    bench.calm()
    assert [tally.kind for tally in outcomes.tallies(long_ago, ("staff",))] == ["participants"]


def test_a_tab_of_the_jury_is_told_to_the_jury_alone(bench: Bench) -> None:
    started, book = now(), bench.jury
    sheet_id, _, column = bench.place("Jury", "ID", "Décision", book)
    bench.act({"type": "deleteColumns", "sheetId": sheet_id, "at": column, "count": 1}, book=book)
    bench.cycle(book)
    pauses.go_without(PAGE, Tab.get(Tab.kind == "jury").id)
    assert outcomes.events(started, ("staff",)) == []
    assert len(outcomes.events(started, ("staff", "jury"))) == 1
    assert outcomes.choices(started, ("staff",)) == []
    assert outcomes.choices(started, ("staff", "jury")) == [
        (bench.cohort.code, PAGE.name, "Jury", "decision", "left_out", 1)
    ]
