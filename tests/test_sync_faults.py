"""Whatever breaks, wherever it breaks: a clean cycle then ends as if nothing had happened."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from store import agreement, between, calendar, intents, leases, people, rosters, tutoring
from store.changes import locked
from store.db import connection, database, is_postgresql
from store.models import Book, Enrolment, Intent, JournalEntry, Paper
from sync import cycle, worker
from sync.book import BookTrouble, OutcomeUnknown, Rejected, Throttled, Unreachable
from tests.sync_bench import PAGE, Bench


class Crash(BaseException):
    """The process dies here."""


def change_everything(bench: Bench) -> None:
    """Leave something of every kind to do, a typed row already seen once included."""
    first, second = bench.cohort.participants[:2]
    bench.append("Participants", {"Nom": "Germain", "Prénom": "Sophie", "Téléphone": "0644444444"})
    bench.cycle()
    people.change(PAGE, first, {"phone": "0711111111"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    calendar.create(PAGE, bench.cohort.id, {"day": "2025-03-03", "start": "09:00", "end": "12:00", "kind": "course"})
    rosters.mark(PAGE, first, bench.cohort.half_days[0], "absent", None)
    bench.type("Participants", second, "Téléphone", "0722222222")
    bench.type("Présences", second, "20/01/2025 9h30", "R 10")


def check_everything(bench: Bench) -> None:
    """Both sides say the same, everything arrived once, nothing is left to do."""
    first, second = bench.cohort.participants[:2]
    rows = people.snapshot(bench.cohort.id)
    names = [row["last_name"] for row in rows.values()]
    assert sorted(names[6:]) == ["Germain", "Noether"]
    assert (len(rows), Enrolment.select().count(), Paper.select().count()) == (8, 8, 8)
    assert (rows[first]["phone"], rows[second]["phone"]) == ("0711111111", "0722222222")
    marks = rosters.snapshot(bench.cohort.id)
    assert (marks[first][bench.cohort.half_days[0]], marks[second][bench.cohort.half_days[0]]) == ("A", "R 10")
    for title in ("Participants", "Présences"):
        assert sorted(bench.ids(title)) == sorted(rows)
    assert len(bench.ids("Notes")) == len(tutoring.snapshot(bench.cohort.id)) == 8
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"
    assert bench.cell("Présences", first, "20/01/2025 9h30") == "A"
    assert bench.headers("Présences").count("03/03/2025 9h") == 1
    assert between.conflicts() == between.refusals() == []
    pulled = [e for e in JournalEntry.select().where(JournalEntry.door == "sheet") if e.after == "0722222222"]
    assert len(pulled) == 1


# -- crashes -----------------------------------------------------------------------------------

STEPS: list[tuple[object, str]] = [
    (leases, "check_lease"), (agreement, "agree"), (between, "list_refusals"), (agreement, "note_tab"),
    (intents, "intend"), (intents, "settled"), (agreement, "succeeded"), (people, "journal"), (rosters, "journal"),
]  # fmt: skip


def dying(function: Callable, count: int, after: bool) -> Callable:
    """Wrap a function so that its nth call dies, before or after doing its work."""
    calls = itertools.count(1)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        turn = next(calls)
        if turn == count and not after:
            raise Crash
        given = function(*args, **kwargs)
        if turn == count and after:
            raise Crash
        return given

    return wrapped


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_crash_at_any_step_changes_nothing_in_the_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, module: object, name: str, after: bool
) -> None:
    change_everything(bench)
    died = 0
    for count in (1, 3):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, dying(getattr(module, name), count, after))
            try:
                bench.cycle()
            except Crash:
                died += 1
    assert died
    bench.calm()
    check_everything(bench)


@pytest.mark.parametrize("hook", ["after_read", "before_write", "after_write"])
def test_a_crash_around_each_call_changes_nothing_in_the_end(bench: Bench, hook: str) -> None:
    change_everything(bench)

    def die(book: str) -> None:
        raise Crash

    for _ in range(1 if hook == "after_write" else 2):
        setattr(bench.sheets, hook, die)
        with pytest.raises(Crash):
            bench.cycle()
    bench.calm()
    check_everything(bench)


def test_a_crash_leaves_the_book_to_others_once_its_lease_is_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(leases, "release", lambda book, epoch: None)
        bench.cycle()
    assert cycle.run(bench.staff, bench.sheets, "other") is None
    Book.update(lease_until=leases.clock() - 1).execute()
    assert cycle.run(bench.staff, bench.sheets, "other") is not None


# -- unknown outcomes ----------------------------------------------------------------------------


@pytest.mark.parametrize("hook", ["before_write", "after_write"])
def test_an_unknown_outcome_is_settled_by_reading(bench: Bench, hook: str) -> None:
    change_everything(bench)

    def silence(book: str) -> None:
        raise OutcomeUnknown("silence")

    setattr(bench.sheets, hook, silence)
    with pytest.raises(OutcomeUnknown):
        bench.cycle()
    assert len(intents.unsettled(bench.staff)) == 1
    bench.calm()
    check_everything(bench)


SORT = {"type": "sort", "sheetId": 1000, "column": 2, "descending": True, "headerRows": 1}


def silent_cycle(bench: Bench) -> Callable[[], object]:
    """Run a cycle whose write seems lost; return what lets it arrive."""
    late: list[tuple] = []
    send = bench.sheets.sheets.write

    def delayed(book: str, batch: list, ranges: list[str] | None = None) -> dict:
        late.append((book, batch, ranges))
        raise OutcomeUnknown("silence")

    bench.sheets.sheets.write = delayed
    with pytest.raises(OutcomeUnknown):
        bench.cycle()
    bench.sheets.sheets.write = send
    return lambda: send(*late[0])


def check_phones(bench: Bench, changed: dict[str, str]) -> None:
    """Both sides hold these phones, and those of the start for everybody else."""
    rows = people.snapshot(bench.cohort.id)
    start = {key: f"061234567{number}" for number, key in enumerate(bench.cohort.participants)}
    expected = dict.fromkeys(rows, "") | start | changed
    assert {key: row["phone"] for key, row in rows.items()} == expected
    assert {key: bench.cell("Participants", key, "Téléphone") or "" for key in rows} == expected
    assert between.conflicts() == []


def test_a_write_that_lands_late_is_noticed_and_what_it_covered_put_back(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    arrive = silent_cycle(bench)
    bench.act(SORT)
    bench.type("Participants", second, "Téléphone", "0744444444")
    arrive()
    bench.calm()
    assert len(people.snapshot(bench.cohort.id)) == 7
    check_phones(bench, {first: "0711111111", second: "0744444444"})


@pytest.mark.parametrize("at", [0, 3, 5])
@pytest.mark.parametrize("moved", ["before", "after"])
def test_a_new_row_whose_columns_moved_about_its_late_arrival_ends_in_its_own(
    bench: Bench, at: int, moved: str
) -> None:
    key = people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy", "phone": "0755555555",
                                                "employer": "Scop"})  # fmt: skip
    arrive = silent_cycle(bench)
    insertion = {"type": "insertColumns", "sheetId": 1000, "at": at, "count": 1}
    if moved == "before":
        bench.act(insertion)
    arrive()
    if moved == "after":
        bench.act(insertion)
    bench.calm()
    row = {"Nom": "Noether", "Prénom": "Emmy", "Téléphone": "0755555555", "Structure": "Scop"}
    assert {header: bench.cell("Participants", key, header) for header in row} == row
    tab = bench.tabs()["Participants"]
    assert [tab.text(line, at) for line in range(tab.last_row) if tab.text(line, at)] == []
    assert bench.ids("Participants").count(key) == 1
    assert between.conflicts() == []


def test_a_write_that_seemed_lost_does_not_land_once_another_was_sent(bench: Bench) -> None:
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    arrive = silent_cycle(bench)
    people.change(PAGE, first, {"phone": "0733333333"})
    bench.calm()
    bench.act(SORT)
    bench.calm()
    with pytest.raises(Rejected):
        arrive()
    bench.calm()
    assert len(people.snapshot(bench.cohort.id)) == 7
    check_phones(bench, {first: "0733333333", second: "0612345671"})
    assert intents.unsettled(bench.staff) == []


def test_a_write_that_lands_between_a_read_and_the_next_write_holds_that_one_back(bench: Bench) -> None:
    """Nothing in the hidden tab would tell of it any more, and its old value would pass for somebody's."""
    first, second = bench.cohort.participants[:2]
    people.change(PAGE, first, {"phone": "0711111111"})
    arrive = silent_cycle(bench)
    people.change(PAGE, first, {"phone": "0733333333"})
    people.change(PAGE, second, {"employer": "Scop"})
    bench.sheets.before_write = lambda book: arrive()
    with pytest.raises(Rejected):
        bench.cycle()
    bench.calm()
    check_phones(bench, {first: "0733333333"})
    assert bench.cell("Participants", second, "Structure") == "Scop"


def test_a_write_delivered_twice_has_its_effect_once(bench: Bench) -> None:
    first, half_day = bench.cohort.participants[0], "03/03/2025 9h"
    people.change(PAGE, first, {"phone": "0711111111"})
    people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy"})
    calendar.create(PAGE, bench.cohort.id, {"day": "2025-03-03", "start": "09:00", "end": "12:00", "kind": "course"})
    bench.cycle()
    book, batch = bench.sheets.batches[-1]
    bench.type("Participants", first, "Téléphone", "0722222222")
    with pytest.raises(Rejected):
        bench.sheets.sheets.write(book, batch)
    bench.calm()
    check_phones(bench, {first: "0722222222"})
    assert bench.headers("Présences").count(half_day) == 1


def test_a_write_whose_traces_staff_deleted_does_not_hold_the_next_ones_back(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})
    silent_cycle(bench)()
    hidden = bench.tabs()["_passerelle"].sheet_id
    bench.act({"type": "deleteSheet", "sheetId": hidden})
    people.change(PAGE, first, {"employer": "Scop"})
    with pytest.raises(Rejected):
        bench.cycle()
    bench.calm()
    check_phones(bench, {first: "0711111111"})
    assert bench.cell("Participants", first, "Structure") == "Scop"


def test_the_marks_of_old_writes_are_taken_away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bench.cohort.participants[0]
    for number in range(3):
        people.change(PAGE, first, {"phone": f"070000000{number}"})
        bench.cycle()
    monkeypatch.setattr(intents, "LIFE", timedelta(seconds=-1))
    for number in range(2):
        people.change(PAGE, first, {"phone": f"071000000{number}"})
        bench.cycle()
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{bench.staff}"
    book = bench.sheets.sheets.http.request("get", url, params={"fields": "developerMetadata"}).json()
    assert len(book["developerMetadata"]) == 1
    assert Intent.select().count() == 1


@pytest.mark.parametrize("crash", ["before-write", "after-write", "before-repair"])
def test_what_a_crash_left_covered_is_put_back_though_columns_moved_since(bench: Bench, crash: str) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})

    def die(book: str) -> None:
        raise Crash

    def typed(book: str) -> None:
        bench.type("Participants", first, "Téléphone", "0722222222")
        if crash == "before-write":
            raise Crash
        if crash == "after-write":
            bench.sheets.after_write = die
        else:
            bench.sheets.after_write = lambda book: setattr(bench.sheets, "before_write", die)

    bench.sheets.before_write = typed
    with pytest.raises(Crash):
        bench.cycle()
    for at in (4, 0):
        bench.act({"type": "insertColumns", "sheetId": 1000, "at": at, "count": 1})
    bench.calm()
    found = [(item.base, item.local, item.remote) for item in between.conflicts()]
    assert found == [("0612345670", "0711111111", "0722222222")]
    assert bench.cell("Participants", first, "Téléphone") == "0722222222"


# -- what Google may answer ------------------------------------------------------------------------


def response(status: int, body: bytes, kind: str = "text/html") -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer._content = status, body
    answer.headers["Content-Type"] = kind
    return answer


HTML = b"<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>"
QUOTA = b'{"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}}'
BROKEN = b'{"spreadsheetId": "abc", "sheets": [{"proper'
LOCKED = b'{"error": {"code": 400, "message": "Vous tentez de modifier une cellule proteg\\u00e9e."}}'


@pytest.fixture
def answering(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Answer in Google's place, once or more, to reads or to writes, with or without the effect."""
    session = bench.sheets.sheets.http.session
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: None)

    def answer(method: str, given: Any, effect: bool = False, times: int = 1) -> None:
        real, left = session.request, itertools.count()

        def request(verb: str, *args: Any, **kwargs: Any) -> requests.Response:
            if verb.lower() != method or next(left) >= times:
                return real(verb, *args, **kwargs)
            if effect:
                real(verb, *args, **kwargs)
            if isinstance(given, Exception):
                raise given
            return given

        monkeypatch.setattr(session, "request", request)

    yield answer
    monkeypatch.undo()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("given", "trouble", "french"),
    [
        (response(429, QUOTA), Throttled, "ralentir"),
        (response(502, HTML), OutcomeUnknown, "502"),
        (response(200, BROKEN), OutcomeUnknown, "tronquée"),
        (requests.ReadTimeout("slow"), OutcomeUnknown, "ne répond pas"),
        (requests.ConnectionError("reset"), OutcomeUnknown, "ne répond pas"),
        (requests.ConnectTimeout("no"), Unreachable, "ne répond pas"),
        (response(400, LOCKED), Rejected, "protegée"),
        (response(403, b"{}"), Rejected, "Éditeur"),
    ],
    ids=["429", "html", "truncated", "timeout", "reset", "connect", "locked", "forbidden"],
)
@pytest.mark.parametrize("effect", [False, True], ids=["without effect", "with effect"])
def test_every_bad_answer_to_a_write_ends_well(
    bench: Bench, answering: Callable, given: Any, trouble: type, french: str, effect: bool
) -> None:
    change_everything(bench)
    answering("post", given, effect and trouble is OutcomeUnknown)
    with pytest.raises(BookTrouble, match=french) as caught:
        bench.cycle()
    assert type(caught.value) is trouble
    bench.calm()
    check_everything(bench)
    assert trouble is OutcomeUnknown or intents.unsettled(bench.staff) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("given", [response(503, HTML), response(200, BROKEN), requests.ReadTimeout("slow")])
def test_a_read_is_tried_again_then_given_up(bench: Bench, answering: Callable, given: Any) -> None:
    answering("get", given, times=2)
    assert bench.cycle().reads == 3
    answering("get", given, times=3)
    with pytest.raises(Unreachable):
        bench.cycle()
    answering("get", response(404, b"{}"))
    with pytest.raises(Rejected, match="partagé"):
        bench.cycle()


# -- several workers ---------------------------------------------------------------------------------


def test_a_second_worker_leaves_a_held_book_alone(bench: Bench) -> None:
    people.change(PAGE, bench.cohort.participants[0], {"phone": "0711111111"})
    met: list[object] = []
    bench.sheets.after_read = lambda book: met.append(cycle.run(bench.staff, bench.sheets, "other"))
    assert bench.cycle().pushed == 1
    assert met == [None]


@pytest.mark.parametrize("hook", ["after_read", "before_write"])
def test_a_lease_lost_in_a_slow_call_writes_nothing_more(bench: Bench, hook: str) -> None:
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": "0711111111"})

    def taken_over(book: str) -> None:
        Book.update(lease_until=leases.clock() - 1).where(Book.id == book).execute()
        assert leases.take_lease(book, "other") is not None

    setattr(bench.sheets, hook, taken_over)
    sent = len(bench.sheets.batches)
    with pytest.raises(leases.LeaseLost):
        bench.cycle()
    assert len(bench.sheets.batches) - sent == (hook == "before_write")
    [held] = Book.select().where(Book.lease_owner == "other")
    leases.release(held.id, held.epoch)
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == "0711111111"


def test_a_page_that_holds_a_row_is_never_made_to_fail(bench: Bench) -> None:
    """The plan is made again as often as it must give way, then the cycle waits for a better moment."""
    first = bench.cohort.participants[0]
    bench.type("Participants", first, "Téléphone", "0711111111")
    tries = itertools.count(1)
    give_way = leases.giving_way

    def contended() -> Any:
        if next(tries) < 3:
            raise leases.GaveWay
        return give_way()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "giving_way", contended)
        report = bench.cycle()
    assert (report.pulled, report.conflicts) == (1, 0)
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0711111111"


def test_a_page_and_a_cycle_that_want_each_other_s_rows_both_end_well(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page holds a participant and wants the cohort; the cycle holds the cohort and wants the participant."""
    first, second = bench.cohort.participants[:2]
    bench.type("Participants", first, "Téléphone", "0711111111")
    holds, taken, failed = threading.Event(), threading.Event(), []

    def page() -> None:
        try:
            with connection(), database.atomic():
                locked(Enrolment.select().where(Enrolment.id == first)).first()
                holds.set()
                # SQLite lets the cycle begin only once the page is done.
                taken.wait(5 if is_postgresql() else 0.2)
                people.change(PAGE, second, {"employer": "Scop"})
        except Exception as error:  # noqa: BLE001 - whatever the page would have shown
            failed.append(error)
        finally:
            database.close()

    version = people.version

    def slow(cohort_id: int, lock: bool = False) -> int:
        number = version(cohort_id, lock)
        if lock:
            taken.set()
            time.sleep(0.1)
        return number

    monkeypatch.setattr(people, "version", slow)
    thread = threading.Thread(target=page)
    bench.sheets.after_read = lambda book: (thread.start(), holds.wait(5))
    report = bench.cycle()
    thread.join()
    assert failed == []
    assert (report.pulled, report.conflicts) == (1, 0)
    bench.calm()
    assert people.snapshot(bench.cohort.id)[first]["phone"] == "0711111111"
    assert bench.cell("Participants", second, "Structure") == "Scop"


def test_an_unforeseen_error_stops_one_book_not_the_worker(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(book_id: str) -> dict:
        raise KeyError("sheets")

    monkeypatch.setattr(bench.sheets, "read", broken)
    [state] = agreement.states()
    report, trouble = worker.attempt(state, lambda: bench.sheets)
    assert report is None
    assert "KeyError" in trouble
    assert agreement.states()[0]["failures"] == 1
    assert not database.in_transaction()
