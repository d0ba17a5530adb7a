"""The journal and the minutes: the database refuses, on both engines, that a row changes, goes or is put over."""

# ruff: noqa: S608 - names of tables and columns of ours
import peewee
import pytest

from store import db
from tests.deliberated import held, sealed
from tests.sync_bench import Cohort

REFUSALS = (peewee.IntegrityError, peewee.DatabaseError, peewee.InternalError)

_CHANGES = {
    "minutes": (
        "UPDATE minutes SET data = '{}'", "UPDATE minutes SET sealed_by = sealed_by", "DELETE FROM minutes",
        "DELETE FROM minutes WHERE number = 'PV-2026-0001'",
    ),
    "journal_entry": (
        "UPDATE journal_entry SET author = 'x'", "UPDATE journal_entry SET id = id WHERE id = (SELECT MAX(id) FROM "
        "journal_entry)", "DELETE FROM journal_entry WHERE id = (SELECT MAX(id) FROM journal_entry)",
    ),
}  # fmt: skip
_VALUES = "cohort_id, data, pdf, data_digest, pdf_digest, previous, seal, sealed_by, sealed_at"
_COLUMNS = f"number, place, deliberation_id, {_VALUES}"
#: Another row under one of the three keys of a row: put over it, it would make it go.
_OTHERS = {
    "number": f"SELECT number, 99, {{other}}, {_VALUES} FROM minutes",
    "place": f"SELECT 'PV-2026-0099', place, {{other}}, {_VALUES} FROM minutes",
    "deliberation_id": f"SELECT 'PV-2026-0099', 99, deliberation_id, {_VALUES} FROM minutes",
}  # fmt: skip


def _refused(sql: str) -> None:
    with pytest.raises(REFUSALS, match="never changed|UNIQUE|duplicate"), db.database.atomic():
        db.execute(sql)


@pytest.mark.parametrize("table", list(_CHANGES))
def test_the_database_refuses_that_a_row_changes_or_goes(cohort: Cohort, table: str) -> None:
    sealed(cohort)
    before = db.rows(f"SELECT * FROM {table} ORDER BY 1")
    for sql in _CHANGES[table]:
        with pytest.raises(REFUSALS, match="never changed"), db.database.atomic():
            db.execute(sql)
    if db.is_postgresql():
        with pytest.raises(REFUSALS, match="never changed"), db.database.atomic():
            db.execute(f"TRUNCATE {table} CASCADE")
    assert db.rows(f"SELECT * FROM {table} ORDER BY 1") == before


@pytest.mark.parametrize("key", list(_OTHERS))
def test_no_row_is_put_over_another_under_any_of_its_keys(cohort: Cohort, key: str) -> None:
    sealed(cohort)
    other, before = held(cohort), db.rows("SELECT * FROM minutes")
    source = _OTHERS[key].format(other=other)
    kept = f"INSERT INTO minutes ({_COLUMNS}) {source}"
    _refused(f"{kept} WHERE TRUE ON CONFLICT ({key}) DO UPDATE SET sealed_by = 'x'")
    if not db.is_postgresql():
        _refused(f"INSERT OR REPLACE INTO minutes ({_COLUMNS}) {source}")
        _refused(f"REPLACE INTO minutes ({_COLUMNS}) {source}")
        _refused("UPDATE OR REPLACE minutes SET place = 1")
    assert db.rows("SELECT * FROM minutes") == before


# Rows of PostgreSQL have no number that an insertion may choose.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_minutes_are_put_over_others_under_the_number_that_sqlite_gives_rows(cohort: Cohort) -> None:
    sealed(cohort)
    other, before = held(cohort), db.rows("SELECT * FROM minutes")
    for alias in ("rowid", "oid", "_rowid_"):
        _refused(
            f"INSERT OR REPLACE INTO minutes ({alias}, {_COLUMNS}) "
            f"SELECT rowid, 'PV-2026-0099', 99, {other}, {_VALUES} FROM minutes"
        )
    assert db.rows("SELECT * FROM minutes") == before


def test_no_entry_is_put_over_another(cohort: Cohort) -> None:
    before = db.rows("SELECT * FROM journal_entry ORDER BY id")
    columns = 'id, at, door, author, cohort_id, kind, object_id, field, "before", "after", reason, seal'
    source = f"SELECT {columns} FROM journal_entry"
    _refused(f"INSERT INTO journal_entry ({columns}) {source} WHERE TRUE ON CONFLICT (id) DO UPDATE SET author = 'x'")
    if not db.is_postgresql():
        _refused(f"INSERT OR REPLACE INTO journal_entry ({columns}) {source}")
    assert db.rows("SELECT * FROM journal_entry ORDER BY id") == before
