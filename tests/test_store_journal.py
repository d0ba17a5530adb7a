"""Entries written together: told, chained and counted as if each had been written alone, in a few statements."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from store import db, jury, verification
from store.by_version import versions
from store.journal import TOGETHER, Entry, record_all
from store.models import JournalEntry
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort


def entries(count: int, row: str = "w") -> list[Entry]:
    return [Entry("mark", row, f"f{number}", "", str(number), "raison") for number in range(count)]


def told(row: str = "w") -> list[tuple]:
    query = JournalEntry.select(
        JournalEntry.kind, JournalEntry.object_id, JournalEntry.field, JournalEntry.before, JournalEntry.after,
        JournalEntry.reason,
    )  # fmt: skip
    return db.rows(query.where(JournalEntry.object_id == row).order_by(JournalEntry.id))


@pytest.mark.parametrize("count", [1, 2, 7, TOGETHER, 2 * TOGETHER + 1])
@pytest.mark.parametrize("of_none", [False, True])
def test_entries_are_written_in_their_order_and_chained(cohort: Cohort, count: int, of_none: bool) -> None:
    record_all(AUTHOR, None if of_none else cohort.id, entries(count))
    assert told() == list(map(tuple, entries(count)))
    jury.change(AUTHOR, cohort.participants[0], {"decision": "admitted"})
    assert verification.verify().broken == []


def test_no_entry_writes_nothing(cohort: Cohort) -> None:
    before = versions()
    record_all(AUTHOR, cohort.id, [])
    assert (told(), versions()) == ([], before)


def test_a_few_statements_write_many_and_one_needs_three(cohort: Cohort, count_queries) -> None:
    with db.database.atomic():
        with count_queries(4):
            record_all(AUTHOR, cohort.id, entries(TOGETHER))
        with count_queries(3):
            record_all(AUTHOR, cohort.id, entries(1))


def test_the_version_grows_so_that_pages_look_again(cohort: Cohort) -> None:
    before = versions()[cohort.id]
    record_all(AUTHOR, cohort.id, entries(3))
    assert versions()[cohort.id] > before


def test_what_fails_leaves_nothing(cohort: Cohort) -> None:
    before = versions()
    with pytest.raises(ZeroDivisionError), db.database.atomic():
        record_all(AUTHOR, cohort.id, entries(5))
        raise ZeroDivisionError
    assert (told(), versions()) == ([], before)
    assert verification.verify().broken == []


def test_many_written_at_once_by_several_are_whole_and_each_in_its_order(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)

    def many(number: int) -> None:
        with db.connection():
            for of in (cohort.id, other.id, None):
                for turn in range(3):
                    with db.database.atomic():
                        record_all(AUTHOR, of, entries(9, f"w{number}-{of}-{turn}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, range(6)))
    assert verification.verify().broken == []
    for number in range(6):
        for of in (cohort.id, other.id, None):
            for turn in range(3):
                row = f"w{number}-{of}-{turn}"
                assert told(row) == list(map(tuple, entries(9, row)))
