"""Hazards 37 to 40: rows hidden, deleted while edited, disappearing all at once, coming by the thousand, merged."""

import time

import pytest

from localsheets.books.model import EMPTY
from localsheets.requests import copying
from store import agreement, between, calendar, people, rosters
from store.models import Enrolment
from tests.sync_bench import PAGE, Bench, differences, sheet_side

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def enrolled(bench: Bench) -> dict[str, dict[str, str]]:
    return people.snapshot(bench.cohort.id)


def skip_hidden_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a copy leave out the rows that a filter hides, which Google may do."""
    block = copying._block

    def shown(book, sheet, area, computed):
        lines = block(book, sheet, area, computed)
        sizes = sheet.sizes["ROWS"]
        kept = [line for row, line in enumerate(lines, area.top) if not sizes.get(row, {}).get("hiddenByFilter")]
        return kept + [[EMPTY] * area.width] * (len(lines) - len(kept))

    monkeypatch.setattr(copying, "_block", shown)


@pytest.mark.parametrize("copies", ["whole", "shown rows only"])
def test_hazard_37_blank_hidden_and_filtered_rows(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, copies: str
) -> None:
    """Blank lines are nobody; a filter in force keeps nothing from arriving, nor what is typed meanwhile."""
    if copies != "whole":
        skip_hidden_rows(monkeypatch)
    first, second, third, fourth, fifth = bench.cohort.participants[:5]
    bench.staff_do({"do": "insert_rows", "tab": "Participants", "row": 4, "count": 2},
                   {"do": "hide_rows", "tab": "Participants", "row_where": {"ID": fifth}},
                   {"do": "filter", "tab": "Participants", "range": "A1:H9", "column": "Nom",
                    "hide": ["Bernard", "Chevalier"]})  # fmt: skip
    phones = {key: f"070000000{number}" for number, key in enumerate(bench.cohort.participants)}
    for key, phone in phones.items():
        people.change(PAGE, key, {"phone": phone})
    new = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    bench.sheets.before_write = lambda book: bench.type("Participants", fourth, "Téléphone", "0788888888")
    report = bench.cycle()
    assert (report.writes, report.created) == (2, 0)
    bench.calm()
    rows = sheet_side(bench)
    assert {key: rows[key]["Téléphone"] for key in phones} == phones | {fourth: "0788888888"}
    [conflict] = between.conflicts()
    assert conflict[10:13] == ("0612345673", phones[fourth], "0788888888")
    assert (new in rows, len(enrolled(bench)), len(rows)) == (True, 7, 7)
    assert differences(bench) == [("participants", fourth, "phone", phones[fourth], "0788888888")]


@pytest.mark.parametrize("moment", ["before", "after_read", "before_write", "after_write"])
def test_hazard_38_delete_against_edit(bench: Bench, moment: str) -> None:
    """An edit beats a deletion, on either side and whenever it comes; a deletion of both is no more than one."""
    edited, withdrawn, both = bench.cohort.participants[:3]
    people.change(PAGE, edited, {"phone": "0711111111"})
    people.remove(PAGE, withdrawn)
    people.remove(PAGE, both)

    def act(book: str) -> None:
        bench.staff_do(
            {"do": "delete_rows", "tab": "Participants", "row_where": {"ID": edited}},
            {"do": "delete_rows", "tab": "Participants", "row_where": {"ID": both}},
            {"do": "edit", "tab": "Participants", "row_where": {"ID": withdrawn}, "column": "Téléphone",
             "value": "0722222222"},
        )  # fmt: skip

    if moment == "before":
        act("")
    else:
        setattr(bench.sheets, moment, act)
    bench.calm()
    rows = enrolled(bench)
    assert (rows.get(withdrawn) or {}).get("phone") == "0722222222"
    assert both not in rows
    assert Enrolment.get_by_id(both).deleted_at is not None
    if moment == "after_write":
        # The edit had already arrived in the row that was then deleted: nobody edited it since.
        assert (edited in rows, Enrolment.get_by_id(edited).deleted_at is None) == (False, False)
        people.restore(PAGE, edited)
        bench.calm()
    assert enrolled(bench)[edited]["phone"] == "0711111111"
    assert bench.cell("Participants", edited, "Téléphone") == "0711111111"
    assert differences(bench) == []


def test_hazard_39_mass_disappearance_and_an_old_version_restored(bench: Bench) -> None:
    """Nothing is deleted nor emptied until a person confirms; a version of last week is taken for edits and a pause."""
    old = bench.revision()
    born = [
        people.create(PAGE, bench.cohort.id, {"last_name": f"Nouvelle{number}", "first_name": "Ada"})
        for number in range(4)
    ]
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    rosters.mark(PAGE, bench.cohort.participants[1], bench.cohort.half_days[0], "absent", None)
    bench.calm()
    now, before = bench.revision(), enrolled(bench)
    bench.staff_do({"do": "restore", "revision": old})
    for _ in range(3):
        report = bench.cycle()
        assert (report.removed, report.created, set(enrolled(bench))) == (0, 0, set(before))
    assert [why.partition(" : ")[0] for why in report.paused] == ["Participants", "Présences", "Notes"]
    assert all("4 lignes sur 10 ont disparu" in why for why in report.paused)
    bench.staff_do({"do": "restore", "revision": now})
    bench.calm()
    assert [state["paused"] for state in agreement.states()] == [[]]
    assert (differences(bench), enrolled(bench)) == ([], before)
    # Emptied but for its header, or but for the ids; then each confirmed, and restored one by one.
    for area in ({"header_rows": 1}, {"range": "B2:H11"}):
        action = {"do": "empty_tab" if "header_rows" in area else "clear", "tab": "Participants", **area}
        bench.staff_do(action)
        for _ in range(3):
            report = bench.cycle()
            assert (report.removed, report.pulled, len(report.paused), enrolled(bench)) == (0, 0, 1, before)
        bench.staff_do({"do": "restore", "revision": now})
        bench.calm()
    bench.staff_do(*[{"do": "delete_rows", "tab": "Participants", "row_where": {"ID": key}} for key in born])
    bench.cycle()
    [tab] = [tab for tab in agreement.tabs(bench.staff) if tab.paused]
    agreement.confirm(tab.id)
    assert bench.cycle().removed == 4
    for key in born:
        people.restore(PAGE, key)
    bench.calm()
    assert (differences(bench), enrolled(bench)) == ([], before)


MANY = 1500


@pytest.mark.alone
def test_hazard_40_a_paste_of_thousands_of_rows(bench: Bench) -> None:
    """Born once each, a few hundred in each short transaction, one read and one write each time."""
    bench.staff_do(
        {"do": "paste", "tab": "Participants", "cell": "B8", "rows": MANY,
         "line": ["Nom{n}", "Prénom{n}", "p{n}@exemple.fr", "0{n}00000"]},
        {"do": "edit", "tab": "Participants", "cell": "D20", "value": "sans arobase"},
    )  # fmt: skip
    started, reports = time.process_time(), [bench.cycle()]
    # The ids of the first three hundred land while the rows move.
    bench.sheets.before_write = lambda book: bench.staff_do(
        {"do": "sort", "tab": "Participants", "column": "Courriel", "descending": True}
    )
    while reports[-1].again:
        reports.append(bench.cycle())
    # The time of this process, in which the stand-in for Google works too.
    assert time.process_time() - started < 40
    assert sum(report.created for report in reports) == MANY - 1
    assert max(report.created for report in reports) <= 300
    assert max(report.reads for report in reports) == 1
    assert max(report.writes for report in reports) <= 2
    assert max(len(str(batch)) for _, batch in bench.sheets.batches) < 2_000_000
    bench.calm()
    names = [row["last_name"] for row in enrolled(bench).values()]
    assert len(names) == len(set(names)) == 6 + MANY - 1
    assert sorted(bench.ids("Participants")) == sorted(enrolled(bench)) == sorted(bench.ids("Présences"))
    [refusal] = between.refusals()
    assert refusal[10] == "sans arobase"


def test_hazard_40_merged_cells(bench: Bench) -> None:
    """What a merge hides is not emptied: it is listed, never written into, and comes back once it is undone."""
    second = bench.cohort.participants[1]
    days, before = calendar.snapshot(bench.cohort.id), enrolled(bench)
    bench.staff_do({"do": "merge", "tab": "Séances", "range": "B2:B4"},
                   {"do": "merge", "tab": "Participants", "range": "B2:C2"},
                   {"do": "merge", "tab": "Présences", "range": "B2:B3"},
                   {"do": "merge", "tab": "Participants", "range": "A20:A24"})  # fmt: skip
    people.change(PAGE, second, {"phone": "0711111111"})
    calendar.change(PAGE, bench.cohort.half_days[1], {"module": "2"})
    bench.calm()
    assert bench.cell("Participants", second, "Téléphone") == "0711111111"
    assert {(row[4], row[8]) for row in between.refusals()} == {
        ("Séances", "B3"), ("Séances", "B4"), ("Participants", "C2"), ("Présences", "B3")
    }  # fmt: skip
    assert all("Défusionnez" in row[11] for row in between.refusals())
    assert (calendar.snapshot(bench.cohort.id)[bench.cohort.half_days[2]]["module"], between.conflicts()) == ("1", [])
    bench.staff_do({"do": "unmerge", "tab": "Séances", "range": "B2:B4"},
                   {"do": "unmerge", "tab": "Participants", "range": "B2:C2"},
                   {"do": "unmerge", "tab": "Présences", "range": "B2:B3"},
                   {"do": "merge", "tab": "Participants", "range": "A2:A4"})  # fmt: skip
    [why] = bench.cycle().paused
    assert "A2:A4" in why
    bench.staff_do({"do": "unmerge", "tab": "Participants", "range": "A2:A4"})
    bench.calm()
    assert bench.ids("Participants") == list(before)
    assert (differences(bench), between.refusals()) == ([], [])
    assert enrolled(bench) == before | {second: before[second] | {"phone": "0711111111"}}
    days[bench.cohort.half_days[1]] |= {"module": "2"}
    assert calendar.snapshot(bench.cohort.id) == days
