"""Copies of the store: whole, of one moment, the same on both engines, and put back as a whole or not at all."""

import gzip
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playhouse.migrations import Runner

from store import (
    accounts,
    backup,
    backup_reading,
    backup_shapes,
    db,
    guards,
    intents,
    people,
    restore,
    tutoring,
    verification,
)
from store.errors import Refused
from store.models import TABLES, Book, Minutes, PaperFile, Participant, SignIn, Tab, User
from tests import sync_bench
from tests.books import STAFF
from tests.conftest import ENGINES
from tests.copies import BYTES, ODD, another, copied, lived_in, put_back, rewritten
from tests.deliberated import sealed
from tests.pages import AUTHOR


@pytest.fixture
def full(cohort: sync_bench.Cohort) -> sync_bench.Cohort:
    return lived_in(cohort)


# -- what a copy gives back ----------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_copy_is_put_back_the_same_on_either_engine(full: sync_bench.Cohort, engine: str, tmp_path: Path) -> None:
    before, copy = backup.digests(), copied()
    with another(engine, tmp_path, f"passerelle_back_{os.getpid()}"):
        assert put_back(copy) == []
        assert backup.digests() == before
        assert all(before[name][0] for name in ("minutes", "journal_entry", "paper_file", "intent", "channel"))
        with db.connection():
            found = verification.verify()
            assert (found.minutes, found.broken, guards.missing()) == (1, [], [])
            assert bytes(PaperFile.get().content) == BYTES
            assert User.get(User.email == "admin@exemple.fr").name == ODD
            assert db.pending() == []
            _goes_on(full)
        again = copied()
        assert backup.digests() != before
    assert backup.digests() == before
    put_back(again, replace=True)
    assert verification.verify().broken == []


def _goes_on(cohort: sync_bench.Cohort) -> None:
    """Change what was put back as anybody would: numbers follow those that were there, and so do seals."""
    highest = Participant.select().order_by(Participant.id.desc()).get().id
    people.create(AUTHOR, cohort.id, {"last_name": "Nouvelle", "first_name": "Ida"})
    assert Participant.select().order_by(Participant.id.desc()).get().id == highest + 1
    tutoring.add_tutor(AUTHOR, cohort.id, "Nadia Neuve", 2)
    accounts.add(AUTHOR, "apres@exemple.fr", "Après", "reader")
    assert verification.verify().broken == []


def test_nobody_and_no_worker_comes_back_as_they_were(full: sync_bench.Cohort, tmp_path: Path) -> None:
    copy, epoch, version = copied(), Book.get_by_id(STAFF).epoch, people.versions({full.id})[full.id]
    assert SignIn.select().count() == 1
    put_back(copy, replace=True)
    book = Book.get_by_id(STAFF)
    assert SignIn.select().count() == 0
    assert (book.lease_owner, book.lease_until, book.restored) == ("", 0, True)
    # A worker that went on through the restore has lost the book, whatever its epoch was.
    assert book.epoch > epoch
    # What pages and processes keep by version is of the store before.
    assert people.versions({full.id})[full.id] != version
    assert {tab.seen_version for tab in Tab.select()} == {-1}
    assert intents.unsettled(STAFF) == [("nonce", {"odd": ODD})]


def test_every_table_is_in_a_copy_but_for_what_is_of_the_moment(database_url: str) -> None:
    left_out = {model._meta.table_name for model in backup_shapes.LEFT_OUT}
    assert left_out == {"sign_in", "login_attempt", "failed_check", "quota"}
    there = set(db.database.get_tables()) - {restore.HISTORY}
    assert {table.name for table in backup_shapes.tables()} == there - left_out
    assert len(TABLES) == len(there)
    for table in backup_shapes.tables():
        assert {column.name for column in db.database.get_columns(table.name)} == set(table.names)


def test_a_copy_is_of_one_moment_while_people_go_on(full: sync_bench.Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, before = backup_shapes.lines, backup.digests()

    def meanwhile(table: backup_shapes.Table) -> object:
        if table.name == "journal_entry":
            other = threading.Thread(target=change)
            other.start()
            other.join()
        return lines(table)

    def change() -> None:
        with db.connection():
            people.change(AUTHOR, full.participants[0], {"phone": "0199999999"})
        if not db.is_postgresql():
            db.database.close()

    monkeypatch.setattr(backup_shapes, "lines", meanwhile)
    out = io.BytesIO()
    assert backup.write(out) == before
    monkeypatch.undo()
    assert people.snapshot(full.id)[full.participants[0]]["phone"] == "0199999999"
    put_back(out.getvalue(), replace=True)
    assert verification.verify().broken == []
    assert people.snapshot(full.id)[full.participants[0]]["phone"] != "0199999999"


def test_a_digest_tells_one_letter(full: sync_bench.Cohort) -> None:
    before = backup.digests()
    db.execute("UPDATE participant SET phone = phone || '0' WHERE id = (SELECT MIN(id) FROM participant)")
    after = backup.digests()
    assert [name for name in before if before[name] != after[name]] == ["participant"]
    assert backup.total(before) != backup.total(after)


# -- a store that holds something ----------------------------------------------------------------------


def test_a_store_that_holds_anything_is_left_alone(full: sync_bench.Cohort) -> None:
    copy, before = copied(), backup.digests()
    with pytest.raises(Refused, match=r"contient déjà des données.*--replace"):
        put_back(copy)
    assert backup.digests() == before
    assert SignIn.select().count() == 1


def test_a_store_is_replaced_when_told_and_the_minutes_that_go_are_named(full: sync_bench.Cohort) -> None:
    copy, before = copied(), backup.digests()
    later = sealed(full, full.participants[0])
    accounts.add(AUTHOR, "apres@exemple.fr", "Après", "reader")
    assert put_back(copy, replace=True) == [later]
    assert backup.digests() == before
    assert (guards.missing(), verification.verify().broken) == ([], [])
    assert Minutes.select().count() == 1


def _orphan(lines: list[Any]) -> None:
    start = next(at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "enrolment")
    columns = [name for name, _ in lines[start]["columns"]]
    lines[start + 1][columns.index("participant_id")] = 999_999


def _twice(lines: list[Any]) -> None:
    start = next(at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "adoption")
    lines.insert(start, lines[start - 1])


def _strange_column(lines: list[Any]) -> None:
    lines[-1]["columns"][-1][0] = "unknown_column"


def _no_last_table(lines: list[Any]) -> None:
    lines.pop()


def _another_order(lines: list[Any]) -> None:
    start = next(at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "enrolment")
    lines[start + 1], lines[start + 2] = lines[start + 2], lines[start + 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_orphan, "enrolment"), (_twice, "refuse une ligne|incohérente"), (_strange_column, "structure"),
        (_no_last_table, "structure"), (_another_order, r"enrolment.*n'est pas ce que la copie contient"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_put_back_not_even_in_part(
    full: sync_bench.Cohort, change: Callable[[list[Any]], None], words: str
) -> None:
    before, wrong = backup.digests(), rewritten(copied(), change)
    with pytest.raises(Refused, match=words):
        put_back(wrong, replace=True)
    assert backup.digests() == before
    assert (guards.missing(), SignIn.select().count()) == ([], 1)
    if not db.is_postgresql():
        assert db.rows("PRAGMA foreign_keys") == [(1,)]


def test_a_store_that_is_being_written_says_so(full: sync_bench.Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, held, done = copied(), threading.Event(), threading.Event()
    monkeypatch.setattr(restore, "PATIENCE", "200ms")

    def hold() -> None:
        with db.connection(), db.database.atomic():
            db.execute("UPDATE participant SET phone = phone")
            held.set()
            done.wait(30)
        if not db.is_postgresql():
            db.database.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(30)
    if not db.is_postgresql():
        db.execute("PRAGMA busy_timeout = 200")
    try:
        with pytest.raises(Refused, match="arrêtez l'intranet et la synchronisation"):
            put_back(copy, replace=True)
    finally:
        done.set()
        other.join()


# -- files that are no copy, or not any more -----------------------------------------------------------


@pytest.fixture
def copy(database_url: str) -> bytes:
    people.add_cohort(AUTHOR, "Certificat", "C-2025", "Promotion", "2025", sync_bench.RULES)
    return copied()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", "n'est pas une copie"), (b"hello", "n'est pas une copie"), (gzip.compress(b""), "n'est pas une copie"),
        (gzip.compress(b"{}\n"), "n'est pas une copie"), (gzip.compress(b"[1]\n"), "n'est pas une copie"),
        (gzip.compress(b'{"copy":"Passerelle"}\n'), "ligne 1"),
        (gzip.compress(b'{"copy":"Passerelle","format":9,"migration":"x"}\n'), "plus récente.*format 9"),
        (gzip.compress(b'{"copy":"Passerelle","format":1,"migration":"x"}\n[1]\n'), "ligne 2"),
        (gzip.compress(b'{"copy":"Passerelle","format":1,"migration":"x"}\n{"table":[]}\n'), "ligne 2"),
        (gzip.compress(b'{"copy":"Passerelle","format":1,"migration":"x"}\n{"end":3}\n'), "ligne 1"),
        (gzip.compress(b'{"copy":"Passerelle","format":1,"migration":"x"}\n' + b"[" * 200_000 + b"\n"), "ligne 2"),
    ],
)
def test_a_file_that_is_no_copy_is_refused(database_url: str, given: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        put_back(given)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_cut_anywhere_is_refused_saying_where(copy: bytes) -> None:
    for length in (*range(1, len(copy), 97), len(copy) - 1):
        with pytest.raises(Refused, match="coupée|abîmée|n'est pas une copie"):
            backup_reading.verified(io.BytesIO(copy[:length]))
    lines = gzip.decompress(copy).splitlines(keepends=True)
    for end in range(1, len(lines)):
        with pytest.raises(Refused, match=f"coupée à la ligne {end} "):
            backup_reading.verified(io.BytesIO(gzip.compress(b"".join(lines[:end]))))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bit_that_turned_is_refused_unless_it_says_nothing(copy: bytes) -> None:
    whole, content = backup_reading.verified(io.BytesIO(copy)).told, gzip.decompress(copy)
    silent = []
    for place in range(0, len(copy), 7):
        spoilt = bytearray(copy)
        spoilt[place] ^= 1 << place % 8
        try:
            assert backup_reading.verified(io.BytesIO(bytes(spoilt))).told == whole
            assert gzip.decompress(bytes(spoilt)) == content
            silent.append(place)
        except Refused:
            pass
    # Bytes 4 to 9 are the date and the system of the compressed file; a few bits fill up the end of a block.
    assert len([place for place in silent if place >= 10]) <= 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_line_changed_taken_out_or_added_is_told_by_its_table(copy: bytes) -> None:
    lines = gzip.decompress(copy).splitlines(keepends=True)
    row = next(at for at, line in enumerate(lines) if b'"table":"programme"' in line) + 1
    for wrong, words in (
        ([*lines[:row], lines[row].replace(b"Certificat", b"Certifikat"), *lines[row + 1 :]], "table programme"),
        (lines[:row] + lines[row + 1 :], "table programme"), (lines[: row + 1] + lines[row:], "table programme"),
        ([*lines[:row], b'[1]\n', *lines[row + 1 :]], rf"ligne {row + 1} \(table programme\)"),
        ([*lines[:row], b'["1","x"]\n', *lines[row + 1 :]], rf"ligne {row + 1} \(table programme\)"),
        ([*lines, b"[]\n"], r"\(fin\)"), ([lines[0].replace(b"sqlite", b"sqlike"), *lines[1:]], "ligne 1"),
    ):
        with pytest.raises(Refused, match=words):
            backup_reading.verified(io.BytesIO(gzip.compress(b"".join(wrong))))


# -- versions ------------------------------------------------------------------------------------------


def _before_0011(lines: list[Any]) -> None:
    """Make the copy one of the version that had ten migrations, without the columns that those since have made."""
    lines[0]["migration"] = "0010_jury"
    for table, column in (("book", "restored"), ("user", "google_subject"), ("enrolment", "begins_on")):
        start = next(at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == table)
        place = [name for name, _ in lines[start]["columns"]].index(column)
        del lines[start]["columns"][place]
        for line in lines[start + 1 :]:
            if isinstance(line, dict):
                break
            del line[place]


def test_a_copy_of_an_earlier_version_is_put_back_then_migrated(full: sync_bench.Cohort) -> None:
    before, old = backup.digests(), rewritten(copied(), _before_0011)
    put_back(old, replace=True)
    assert db.pending() == []
    assert backup.digests() == before
    assert (guards.missing(), verification.verify().broken) == ([], [])


def test_a_copy_of_a_later_version_is_refused(full: sync_bench.Cohort) -> None:
    def later(lines: list[Any]) -> None:
        lines[0]["migration"] = "0999_later"

    before, new = backup.digests(), rewritten(copied(), later)
    with pytest.raises(Refused, match=r"plus récente de Passerelle \(0999_later\)"):
        put_back(new, replace=True)
    assert backup.digests() == before


def test_a_store_of_another_version_is_neither_copied_nor_replaced(cohort: sync_bench.Cohort) -> None:
    copy = copied()
    history = Runner(db.database.obj, str(db.MIGRATIONS)).History
    history.create(name="0999_later")
    try:
        with pytest.raises(Refused, match="0999_later"):
            copied()
        with pytest.raises(Refused, match="0999_later"):
            put_back(copy, replace=True)
    finally:
        history.delete().where(history.name == "0999_later").execute()
    last = history.select().order_by(history.name.desc()).get()
    last.delete_instance()
    try:
        with pytest.raises(Refused, match="db upgrade"):
            copied()
    finally:
        history.create(name=last.name, applied=last.applied)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_of_another_program_is_left_alone(
    cohort: sync_bench.Cohort, engine: str, tmp_path: Path
) -> None:
    copy = copied()
    with another(engine, tmp_path, f"passerelle_other_{os.getpid()}"), db.connection():
        db.execute("CREATE TABLE theirs (id INTEGER)")
        with pytest.raises(Refused, match=r"autre programme \(theirs\)"):
            put_back(copy)
        assert db.database.get_tables() == ["theirs"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_value_that_is_not_of_its_kind_stops_the_copy_and_is_named(cohort: sync_bench.Cohort) -> None:
    db.execute("UPDATE half_day SET day = 'hier' WHERE position = (SELECT MAX(position) FROM half_day)")
    with pytest.raises(Refused, match="Table half_day, ligne"):
        copied()
