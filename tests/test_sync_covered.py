"""What a write covered and could not put back is kept in the history of its record, from where it is restored."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from store import between, history, intents, journal, people
from store.journal import COVERED
from store.leases import moment
from store.models import Intent
from sync.book import OutcomeUnknown
from tests.sync_bench import PAGE, Bench, differences

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OURS, THEIRS, LATER = "0711111111", "0722222222", "0733333333"


class Crash(BaseException):
    """The process dies here."""


def die(book: str) -> None:
    raise Crash


def kept(bench: Bench) -> list[tuple[str, str, str, str]]:
    """List what was kept as (record, field, covered value, what the intranet held)."""
    return [tuple(row[4:8]) for row in journal.entries(bench.cohort.id) if row[2] == COVERED]


def cover(bench: Bench, then: Callable[[], None] | None = None) -> str:
    """Have a write cover what a person typed meanwhile, and its worker die before it knows; return the row."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": OURS})

    def typed(book: str) -> None:
        bench.type("Participants", first, "Téléphone", THEIRS)
        bench.sheets.after_write = die

    bench.sheets.before_write = typed
    with pytest.raises(Crash):
        bench.cycle()
    return first


def edit_id(bench: Bench, row: str) -> None:
    """Type over the id of a row, as somebody would by mistake."""
    tab = bench.tabs()["Participants"]
    [index] = [at for at in range(tab.last_row) if tab.text(at, 0) == row]
    bench.put(tab.sheet_id, index, 0, [["P-AUTRE"]])


@pytest.mark.parametrize("typed", [" 0711111111 ", LATER])
def test_what_a_crash_left_covered_is_kept_when_somebody_typed_there_since(bench: Bench, typed: str) -> None:
    first = cover(bench)
    bench.type("Participants", first, "Téléphone", typed)
    bench.calm()
    assert kept(bench) == [(first, "phone", THEIRS, OURS)]
    assert bench.cell("Participants", first, "Téléphone") == typed
    # Restored, it is an edit like any other.
    for item in between.conflicts():
        between.settle(PAGE, item.id, "intranet")
    [entry] = [line for line in history.entries("enrolment", first, "phone") if line.door == COVERED]
    history.restore(PAGE, "enrolment", first, [entry.id])
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == THEIRS
    assert differences(bench) == []


def test_what_was_covered_in_a_row_whose_id_went_is_kept(bench: Bench) -> None:
    first = cover(bench)
    edit_id(bench, first)
    bench.calm()
    assert kept(bench) == [(first, "phone", THEIRS, OURS)]


def test_what_a_repair_has_no_row_for_any_more_is_kept(bench: Bench) -> None:
    """The id of the row is typed over between the write and its repair."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": OURS})

    def typed(book: str) -> None:
        bench.type("Participants", first, "Téléphone", THEIRS)
        bench.sheets.after_write = lambda book: edit_id(bench, first)

    bench.sheets.before_write = typed
    bench.calm()
    assert kept(bench) == [(first, "phone", THEIRS, OURS)]


def test_what_is_put_back_is_not_kept_besides(bench: Bench) -> None:
    first = cover(bench)
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == THEIRS
    assert [item.remote for item in between.conflicts()] == [THEIRS]
    assert kept(bench) == []


@pytest.mark.parametrize("typed", [OURS, THEIRS])
def test_what_stands_somewhere_already_is_not_kept_besides(bench: Bench, typed: str) -> None:
    """Somebody typed it again, or the intranet has come to hold it."""
    first = cover(bench)
    if typed == THEIRS:
        bench.type("Participants", first, "Téléphone", THEIRS)
    else:
        people.change(PAGE, first, {"phone": THEIRS})
        bench.type("Participants", first, "Téléphone", LATER)
    bench.calm()
    assert kept(bench) == []


def test_what_a_repair_covered_in_another_column_is_put_back_in_its_own(bench: Bench) -> None:
    """A column inserted just before the repair, and taken away just after it."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"phone": OURS})
    column = {"type": "insertColumns", "sheetId": 1000, "at": 3, "count": 1}

    def typed(book: str) -> None:
        bench.type("Participants", first, "Téléphone", THEIRS)
        bench.sheets.after_write = lambda book: setattr(bench.sheets, "before_write", inserted)

    def inserted(book: str) -> None:
        bench.act(column)
        bench.sheets.after_write = lambda book: bench.act({**column, "type": "deleteColumns"})

    bench.sheets.before_write = typed
    with pytest.raises(OutcomeUnknown):
        bench.cycle()
    bench.calm()
    assert bench.cell("Participants", first, "Courriel") == people.snapshot(bench.cohort.id)[first]["email"] != THEIRS
    assert [(item.field, item.remote) for item in between.conflicts()] == [("phone", THEIRS)]
    assert kept(bench) == []


def test_what_an_old_write_covered_is_still_put_back(bench: Bench) -> None:
    """The worker was down for longer than a write may take to land: the hidden tab tells all the same."""
    first = cover(bench)
    Intent.update(at=moment() - intents.LIFE - timedelta(hours=2)).execute()
    bench.calm()
    assert bench.cell("Participants", first, "Téléphone") == THEIRS
    assert intents.unsettled(bench.staff) == []


def test_whoever_holds_the_intranets_value_is_named_not_the_write(bench: Bench) -> None:
    first = cover(bench)
    bench.type("Participants", first, "Téléphone", LATER)
    bench.calm()
    assert [item.author for item in between.conflicts()] == [PAGE.name]


def test_a_write_looked_at_again_and_again_keeps_a_value_once(bench: Bench) -> None:
    first = bench.cohort.participants[0]
    for _ in range(3):
        journal.keep_covered(bench.cohort.id, "enrolment", first, "phone", THEIRS, OURS)
    assert kept(bench) == [(first, "phone", THEIRS, OURS)]
