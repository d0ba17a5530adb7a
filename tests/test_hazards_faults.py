"""Hazards 15 to 21: books out of reach or half closed, Google that refuses or answers late, processes that die."""

import json
import random
import time
import urllib.request

import pytest
from conftest import settings_for

from store import agreement, between, calendar, intents, leases, people, rosters
from store.models import Enrolment
from sync import metered, worker
from sync.book import BookTrouble, OutcomeUnknown, Rejected, Throttled
from tests.sync_bench import PAGE, Bench, differences, sheet_side, unknown_writes

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Crash(BaseException):
    """The process dies here."""


def die(book: str) -> None:
    raise Crash


def person(bench: Bench, number: int) -> dict[str, str]:
    return people.snapshot(bench.cohort.id)[bench.cohort.participants[number]]


def state_of(bench: Bench) -> dict:
    return next(state for state in agreement.states() if state["book"] == bench.staff)


def asked(bench: Bench, since: int = 0) -> list[dict]:
    """Return what was asked of the staff's book, Drive included."""
    with urllib.request.urlopen(f"{bench.url}/_control/requests?since={since}&book={bench.staff}") as answer:
        found = json.load(answer)
    return found if isinstance(found, list) else found["requests"]


def at_peace(bench: Bench) -> None:
    bench.calm(most=10)
    assert differences(bench) == []
    assert between.conflicts() == []
    assert unknown_writes() == 0


# -- books out of reach ---------------------------------------------------------------------------


@SQLITE
def test_hazard_15_a_book_in_the_bin(
    bench: Bench, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sheets answers as if nothing were: Drive is asked once in five minutes, and the sync waits until it is back."""
    google = worker.connect(settings_for(database_url, bench.url))
    clock = [1000.0]
    monkeypatch.setattr(metered.time, "monotonic", lambda: clock[0])
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    since = asked(bench)[-1]["serial"]
    for _ in range(3):
        assert worker.attempt(state_of(bench), lambda: google)[1] == ""
        clock[0] += 60
    assert [call["kind"] for call in asked(bench, since)].count("drive.files.get") == 1
    bench.staff_do({"do": "trash"})
    people.change(PAGE, bench.cohort.participants[1], {"phone": "0722222222"})
    assert worker.attempt(state_of(bench), lambda: google)[1] == ""
    clock[0] += 300
    people.change(PAGE, bench.cohort.participants[2], {"phone": "0733333333"})
    since = asked(bench)[-1]["serial"]
    for _ in range(2):
        report, trouble = worker.attempt(state_of(bench), lambda: google)
        assert (report, "corbeille" in trouble, "Restaurez-le" in trouble) == (None, True, True)
    assert {call["kind"] for call in asked(bench, since)} == {"drive.files.get"}
    assert "corbeille" in state_of(bench)["trouble"]
    bench.staff_do({"do": "untrash"})
    assert worker.attempt(state_of(bench), lambda: google)[1] == state_of(bench)["trouble"] == ""
    # Somebody who asks for a cycle is told at once, not in five minutes.
    bench.staff_do({"do": "trash"})
    clock[0] += 1
    assert worker.attempt(state_of(bench), lambda: google)[1] == ""
    assert "corbeille" in worker.attempt(state_of(bench) | {"asked": True}, lambda: google)[1]
    bench.staff_do({"do": "untrash"})
    at_peace(bench)
    # Drive closed to the account or away is no reason to stop.
    monkeypatch.setattr(google, "about", lambda book: (_ for _ in ()).throw(Rejected("Drive API disabled")))
    clock[0] += 300
    assert worker.attempt(state_of(bench), lambda: google)[1] == ""


@SQLITE
def test_hazard_16_a_permission_lowered_revoked_given_back(bench: Bench) -> None:
    """A reader still gets what people type; without any right it says whom to share with; then all arrives."""
    account = bench.sheets.sheets.account
    first, second = bench.cohort.participants[:2]
    bench.give_away()
    bench.staff_do({"do": "reshare", "account": account, "role": "reader"})
    people.change(PAGE, first, {"phone": "0711111111"})
    bench.type("Participants", second, "Téléphone", "0722222222")
    for _ in range(2):
        with pytest.raises(Rejected, match=f"partagez le classeur avec {account}.*Éditeur"):
            bench.cycle()
    assert person(bench, 1)["phone"] == "0722222222"
    bench.staff_do({"do": "unshare", "account": account})
    _, trouble = worker.attempt(state_of(bench), lambda: bench.sheets)
    assert account in trouble
    assert (state_of(bench)["trouble"], unknown_writes()) == (trouble, 0)
    people.change(PAGE, second, {"employer": "Scop"})
    # Revoked exactly between the read and the write.
    bench.staff_do({"do": "reshare", "account": account, "role": "writer"})
    bench.sheets.before_write = lambda book: bench.staff_do({"do": "unshare", "account": account})
    with pytest.raises(Rejected, match=account):
        bench.cycle()
    bench.staff_do({"do": "reshare", "account": account, "role": "writer"})
    at_peace(bench)
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"


CHIEF = {"editors": ["chef@localsheets.example"]}


@SQLITE
@pytest.mark.parametrize("protected", ["Courriel", "Remarques", "tab", "row"])
def test_hazard_17_a_protected_cell(bench: Bench, protected: str) -> None:
    """The others still go, also when the protection falls between read and write, and whatever it covers."""
    bench.give_away()
    first, second = bench.cohort.participants[:2]
    area = {"tab": {}, "row": {"row_where": {"ID": first}}}.get(protected, {"column": protected})
    protect = {"do": "protect", "tab": "Participants", **area, **CHIEF}
    people.change(PAGE, first, {"email": "a@exemple.fr", "phone": "0711111111"})
    people.change(PAGE, second, {"phone": "0722222222"})
    new = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "absent", None)
    bench.sheets.before_write = lambda book: bench.staff_do(protect)
    with pytest.raises(Rejected, match="protection"):
        bench.cycle()
    # What Google refused whole was sent again at once without the closed tab.
    assert bench.cell("Présences", first, "20/01/2025 9h30") == "A"
    reports = [bench.cycle() for _ in range(3)]
    assert [report.writes for report in reports[1:]] == [0, 0]
    told = {(row[6], row[7]) for row in between.refusals()}
    row = {(first, "email"), (first, "phone")}
    cells = {"Courriel": {(first, "email"), (new, "")}, "Remarques": {(new, "")}, "row": row,
             "tab": row | {(second, "phone"), (new, "")}}  # fmt: skip
    assert told == cells[protected]
    assert all("Données, Protéger des feuilles" in row[11] for row in between.refusals())
    arrived = {"Téléphone": bench.cell("Participants", second, "Téléphone") == "0722222222"}
    assert arrived == {"Téléphone": protected != "tab"}
    bench.type("Participants", first, "Structure", "Scop")
    bench.cycle()
    assert person(bench, 0)["employer"] == "Scop"
    bench.staff_do({"do": "unprotect", "tab": "Participants"})
    at_peace(bench)
    assert (new in bench.ids("Participants"), between.refusals()) == (True, [])


@SQLITE
def test_hazard_17_a_tab_protected_but_for_some_ranges(bench: Bench) -> None:
    """Where a protection leaves holes, what is in a hole goes; a half-day whose column may not be added says so."""
    bench.give_away()
    first, second = bench.cohort.participants[:2]
    hole = {"sheetId": 1000, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 4, "endColumnIndex": 5}
    protection = {"range": {"sheetId": 1000}, "unprotectedRanges": [hole], "editors": {"users": CHIEF["editors"]}}
    bench.staff_do({"do": "requests", "requests": [{"addProtectedRange": {"protectedRange": protection}}]},
                   {"do": "protect", "tab": "Présences", "row": 3, **CHIEF})  # fmt: skip
    for key in (first, second):
        people.change(PAGE, key, {"phone": "0711111111"})
    given = {"day": "2025-03-03", "start": "09:00", "end": "12:00", "kind": "course"}
    day = calendar.create(PAGE, bench.cohort.id, given)
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"
    assert bench.cell("Participants", second, "Téléphone") == "0612345671"
    assert {(row[6], row[7]) for row in between.refusals()} == {(second, "phone"), ("#", day)}
    assert "colonne" in next(row[11] for row in between.refusals() if row[7] == day)


# -- Google refuses, answers late, loses its answer ------------------------------------------------


@SQLITE
def test_hazard_18_a_storm_of_429(bench: Bench, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes of it, without any Retry-After: few calls, none repeated at once, everything arrives afterwards."""
    random.seed(18)
    monkeypatch.setattr(metered, "PATIENCE", 0.0)
    monkeypatch.setattr(metered, "LOOK_AGAIN", 0.0)
    google = worker.connect(settings_for(database_url, bench.url))
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    since, seconds, attempts = asked(bench)[-1]["serial"], 0.0, 0
    with bench.faults({"when": {"kind": ["reads", "writes"]}, "fault": "429"}):
        while seconds < 600:
            report, trouble = worker.attempt(state_of(bench), lambda: google)
            assert (report, "ralentir" in trouble or "quota" in trouble) == (None, True)
            seconds += state_of(bench)["retry_at"] - leases.clock()
            attempts += 1
    refused = [call for call in asked(bench, since) if call["status"] == 429]
    assert 1 <= len(refused) <= attempts <= 40
    assert (person(bench, 0)["phone"], state_of(bench)["failures"]) == ("0711111111", attempts)
    at_peace(bench)


AFTER = {"503": {"at": "after"}, "html": {"at": "after"}, "500": {"at": "after"}, "reset": {"at": "after"},
         "truncated": {}, "late": {"seconds": 0.3}}  # fmt: skip


@SQLITE
@pytest.mark.parametrize("fault", AFTER)
def test_hazard_19_an_error_after_the_write_was_applied(bench: Bench, fault: str) -> None:
    """Settled by reading: not repeated, and what a person typed meanwhile, then again since, is still there."""
    first, second, third = bench.cohort.participants[:3]
    for key in (first, second, third):
        people.change(PAGE, key, {"phone": "0711111111"})
    new = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    typed = {"do": "edit", "tab": "Participants", "row_where": {"ID": second}, "column": "Téléphone",
             "value": "0722222222"}  # fmt: skip
    rule = {"when": {"book": bench.staff, "kind": "writes", "times": 2 - (fault == "late")}, "fault": fault,
            **AFTER[fault]}  # fmt: skip
    staff = {"by": "secrétariat", "at": "before_write", "when": {"book": bench.staff, "times": 1}, "do": [typed]}
    with bench.faults(rule, staff=[staff]):
        with pytest.raises(OutcomeUnknown):
            bench.cycle()
        bench.type("Participants", third, "Téléphone", "0733333333")
        bench.staff_do({"do": "sort", "tab": "Participants", "column": "Prénom"})
        for _ in range(6):
            try:
                bench.cycle()
            except BookTrouble:
                continue
        while fault == "late" and not any(call.get("landed") for call in asked(bench)):
            time.sleep(0.02)
    bench.calm(most=10)
    rows = sheet_side(bench)
    assert [rows[key]["Téléphone"] for key in (first, second, third)] == ["0711111111", "0722222222", "0733333333"]
    conflicts = {(found.row, found.local, found.remote) for found in between.conflicts()}
    # A write that is yet to land had been read by nobody who typed since.
    unread = {(third, "0711111111", "0733333333")} if fault == "late" else set()
    assert conflicts == {(second, "0711111111", "0722222222")} | unread
    assert person(bench, 2)["phone"] == ("0711111111" if unread else "0733333333")
    assert (list(rows).count(new), len(rows), Enrolment.select().count(), unknown_writes()) == (1, 7, 7, 0)


# -- processes that die ---------------------------------------------------------------------------


def work_left(bench: Bench) -> str:
    """Leave a birth, an append, a cell and a mark to write; return who is appended."""
    bench.append("Participants", {"Nom": "Germain", "Prénom": "Sophie"})
    bench.cycle()
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    rosters.mark(PAGE, bench.cohort.participants[1], bench.cohort.half_days[0], "absent", None)
    return people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})


def edit_and_sort(bench: Bench) -> None:
    bench.type("Participants", bench.cohort.participants[0], "Téléphone", "0733333333")
    bench.staff_do({"do": "sort", "tab": "Participants", "column": "Prénom"})


def replayed(bench: Bench, new: str, phone: str) -> None:
    bench.calm(most=10)
    names = sorted(row["last_name"] for row in people.snapshot(bench.cohort.id).values())
    assert names == sorted(["Arnaud", "Bernard", "Chevalier", "Dupont", "Fabre", "Germain", "Noether", "Étienne"])
    for title in ("Participants", "Présences"):
        assert sorted(bench.ids(title)) == sorted(people.snapshot(bench.cohort.id))
    assert bench.cell("Participants", bench.cohort.participants[0], "Téléphone") == phone
    assert (bench.ids("Participants").count(new), Enrolment.select().count(), unknown_writes()) == (1, 8, 0)


@pytest.mark.parametrize("meanwhile", [False, True], ids=["nobody", "people"])
def test_hazard_20_a_crash_between_the_write_and_its_bookkeeping(bench: Bench, meanwhile: bool) -> None:
    """The hidden tab tells what landed: nothing is written twice, and an edit made since is taken as one."""
    new = work_left(bench)
    bench.sheets.after_write = die
    with pytest.raises(Crash):
        bench.cycle()
    if meanwhile:
        edit_and_sort(bench)
    replayed(bench, new, "0733333333" if meanwhile else "0711111111")
    assert (person(bench, 0)["phone"], between.conflicts()) == ("0733333333" if meanwhile else "0711111111", [])


@pytest.mark.parametrize("meanwhile", [False, True], ids=["nobody", "people"])
def test_hazard_21_a_crash_between_the_commit_and_the_write(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, meanwhile: bool
) -> None:
    """What was committed stays; the write that never left is planned anew, against what people did since."""
    new = work_left(bench)
    bench.sheets.before_write = die
    with pytest.raises(Crash):
        bench.cycle()
    assert len(intents.unsettled(bench.staff)) == 1
    if meanwhile:
        edit_and_sort(bench)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(intents, "settled", lambda nonce, landed=False: die(""))
            with pytest.raises((Crash, Throttled)):
                bench.calm()
    bench.calm(most=10)
    monkeypatch.setattr(intents, "LIFE", -intents.LIFE)
    replayed(bench, new, "0733333333" if meanwhile else "0711111111")
    conflicts = [(found.local, found.remote) for found in between.conflicts()]
    assert conflicts == ([("0711111111", "0733333333")] if meanwhile else [])
