"""Whatever is changed, taken out, added or moved behind the back of the application is found; nothing else is named."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rules import chain
from store import db, guards, journal, jury, minutes, verification
from store.models import Cohort as CohortRow
from store.models import Deliberation, JournalEntry, Minutes
from tests.deliberated import PROVIDER, SEALED_AT, graded, held, printed, sealed
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort
from tests.tampering import COLUMNS, Filled, other, read, write
from tests.unguarded import unguarded


def named() -> list[tuple[str, Any]]:
    return [(one.table, one.key) for one in verification.verify().broken]


def told() -> dict[tuple[str, Any], str]:
    return {(one.table, one.key): str(one.what) for one in verification.verify().broken}


@pytest.fixture
def four(cohort: Cohort) -> list[str]:
    """Seal four minutes of two cohorts, the last of which corrects the first."""
    other_cohort = make_cohort("AUTRE-2025", 2)
    first, second, *_ = graded(cohort).participants
    one = held(cohort, first)
    numbers = [minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT), sealed(other_cohort), sealed(cohort, second)]
    return [*numbers, sealed(cohort, first, supersedes=one, reason="Erreur")]


def test_a_store_that_nobody_touched_is_whole_and_counted(cohort: Cohort, four: list[str]) -> None:
    journal.record(AUTHOR, None, "account", "1", "role", "", "admin")
    found = verification.verify()
    assert found.broken == []
    assert (found.minutes, found.entries, found.cohorts) == (4, JournalEntry.select().count(), 2)


def test_an_empty_store_is_whole(database_url: str) -> None:
    assert verification.verify() == verification.Verified()


def entry_of(cohort: Cohort, place: int = 5) -> int:
    query = JournalEntry.select(JournalEntry.id).where(JournalEntry.cohort_id == cohort.id).order_by(JournalEntry.id)
    return query.offset(place).limit(1).scalar()


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("data", "{}", "data"), ("pdf", b"%PDF", "pdf"), ("data_digest", "0" * 64, "data_digest"),
        ("pdf_digest", "0" * 64, "pdf_digest"), ("previous", "0" * 64, "previous"), ("seal", "0" * 64, "(seal)"),
        ("number", "PV-2031-0007", "number"), ("place", 99, "place"), ("sealed_by", "Autre", "sealed_by"),
        ("sealed_at", "2026-01-15T16:30:01Z", "sealed_at"),
    ],
)  # fmt: skip
def test_each_column_of_minutes_is_told(cohort: Cohort, four: list[str], column: str, value: Any, what: str) -> None:
    with unguarded():
        write("minutes", four[1], column, value)
    number = value if column == "number" else four[1]
    found = told()
    assert list(found) == [("minutes", number)]
    assert what in found["minutes", number]


def test_another_deliberation_or_cohort_is_told(cohort: Cohort, four: list[str]) -> None:
    spare = held(cohort, cohort.participants[3])
    for column, value in (("deliberation_id", spare), ("cohort_id", make_cohort("TIERS-2025", 1).id)):
        kept = read("minutes", four[2], column)
        with unguarded():
            write("minutes", four[2], column, value)
        found = told()
        assert list(found) == [("minutes", four[2])], column
        assert column in found["minutes", four[2]]
        with unguarded():
            write("minutes", four[2], column, kept)
    assert verification.verify().broken == []


@pytest.mark.parametrize("column", COLUMNS["journal_entry"])
def test_each_column_of_the_journal_is_told(cohort: Cohort, four: list[str], column: str) -> None:
    key, draw = entry_of(cohort), random.Random(column)
    filled = Filled([cohort.id, cohort.id + 1], [])
    value = other(draw, filled, column, read("journal_entry", key, column), 10**6)
    with unguarded():
        write("journal_entry", key, column, value)
    found = told()
    assert list(found) == [("journal_entry", value if column == "id" else key)]


def test_minutes_that_are_gone_are_named_by_the_journal_and_by_those_that_followed(
    cohort: Cohort, four: list[str]
) -> None:
    with unguarded():
        db.execute("DELETE FROM minutes WHERE number = ?", four[1])
    found = told()
    assert list(found) == [("minutes", four[2]), ("minutes", four[1])]
    assert "qui le précédait manque" in found["minutes", four[2]]
    assert "dit qu'il a été scellé" in found["minutes", four[1]]


def test_the_last_minutes_taken_away_are_missed_too(cohort: Cohort, four: list[str]) -> None:
    with unguarded():
        db.execute("DELETE FROM minutes WHERE number = ?", four[3])
    assert list(told()) == [("minutes", four[3])]


def forged(number: str, place: int, deliberation: int, cohort_id: int, previous: str, data: str) -> None:
    """Insert minutes whose digests and seal are right."""
    values = [place, number, deliberation, cohort_id, chain.digest(data), chain.digest(b"%PDF"), "Tests", SEALED_AT]
    Minutes.insert(
        dict(zip(minutes.SEALED, values, strict=True))
        | {"data": data, "pdf": b"%PDF", "previous": previous, "seal": chain.seal(previous, values)}
    ).execute()


def test_minutes_put_behind_the_last_by_hand_are_in_no_journal(cohort: Cohort, four: list[str]) -> None:
    last, spare = Minutes.get_by_id(four[3]), held(cohort, cohort.participants[3])
    data = minutes.text(four[3]).replace(four[3], "PV-2026-0005")
    forged("PV-2026-0005", 5, spare, cohort.id, last.seal, data)
    assert told() == {("minutes", "PV-2026-0005"): "Aucune entrée du journal ne dit que ce procès-verbal a été scellé."}


def test_two_minutes_that_change_places_are_both_told(cohort: Cohort, four: list[str]) -> None:
    with unguarded():
        for number, place in ((four[1], 99), (four[2], 2), (four[1], 3)):
            write("minutes", number, "place", place)
    assert set(told()) == {("minutes", four[1]), ("minutes", four[2])}


def test_what_a_deliberation_corrects_is_held_against_what_was_sealed(cohort: Cohort, four: list[str]) -> None:
    third = Minutes.get_by_id(four[2]).deliberation_id
    Deliberation.update(supersedes=third).where(Deliberation.supersedes.is_null(False)).execute()
    assert told() == {
        ("minutes", four[3]): f"La délibération enregistrée dit qu'il remplace {four[2]}, les données scellées disent "
        f"{four[0]}."
    }


@pytest.mark.parametrize("gone", [1, 3])
def test_entries_that_are_gone_are_told_by_the_one_behind(cohort: Cohort, four: list[str], gone: int) -> None:
    key = entry_of(cohort)
    with unguarded():
        db.execute("DELETE FROM journal_entry WHERE cohort_id = ? AND id >= ? AND id < ?", cohort.id, key, key + gone)
    found, place = told(), ("journal_entry", entry_of(cohort))
    assert list(found) == [place]
    assert f"des entrées manquent entre {entry_of(cohort, 4)} et elle" in found[place]


def test_a_journal_cut_at_its_end_is_missed(cohort: Cohort) -> None:
    last = JournalEntry.select().where(JournalEntry.cohort_id == cohort.id).order_by(JournalEntry.id.desc()).get()
    with unguarded():
        db.execute("DELETE FROM journal_entry WHERE id = ?", last.id)
    found = told()
    assert list(found) == [("cohort", cohort.id)]
    assert "la fin du journal a été coupée" in found["cohort", cohort.id]
    CohortRow.update(journal_seal="").execute()
    assert list(told()) == [("cohort", cohort.id)]


def test_a_journal_emptied_whole_is_missed(cohort: Cohort) -> None:
    with unguarded():
        db.execute("DELETE FROM journal_entry")
    assert named() == [("cohort", cohort.id)]


def test_two_entries_that_change_places_are_both_told(cohort: Cohort) -> None:
    one, two = entry_of(cohort, 3), entry_of(cohort, 9)
    with unguarded():
        for key, new in ((one, 10**6), (two, one), (10**6, two)):
            write("journal_entry", key, "id", new)
    assert set(named()) == {("journal_entry", one), ("journal_entry", two)}


@pytest.mark.parametrize("place", [7, -1])
def test_an_entry_added_with_the_right_seal_is_told(cohort: Cohort, place: int) -> None:
    """Between two others, those behind it moved by one; then behind the last."""
    entries = db.rows(f"SELECT {verification.ENTRIES} FROM journal_entry ORDER BY id")  # noqa: S608
    key, before = (entries[-1][0] + 1, entries[-1][-1]) if place < 0 else (entries[place][0], entries[place - 1][-1])
    with unguarded():
        if place > 0:
            db.execute("UPDATE journal_entry SET id = id + 1000000 WHERE id >= ?", key)
        at = "2026-01-01 00:00:00.000000"
        values = [key, at, "page", None, "Faux", cohort.id, "mark", "P", "S", "", "A", ""]
        row = [*values, chain.seal(before, values)]
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO journal_entry ({verification.ENTRIES}) VALUES ({marks})", *row)  # noqa: S608
    if place < 0:
        assert named() == [("journal_entry", key)]
    else:
        assert ("journal_entry", entries[place][0] + 1000000) in named()


def test_rows_added_before_all_others_under_the_smallest_number_are_told(cohort: Cohort, four: list[str]) -> None:
    least = -(2**31) if db.is_postgresql() else -(2**63)
    values = [least, "2026-01-01 00:00:00.000000", "page", None, "Faux", cohort.id, "mark", "P", "S", "", "A", ""]
    row = [*values, chain.seal("", values)]
    db.execute(
        f"INSERT INTO journal_entry ({verification.ENTRIES}) VALUES ({', '.join('?' * len(row))})", *row  # noqa: S608
    )
    assert ("journal_entry", least) in named()
    spare = held(cohort, cohort.participants[3])
    forged("PV-2026-0005", least, spare, cohort.id, "", minutes.text(four[3]).replace(four[3], "PV-2026-0005"))
    assert ("minutes", "PV-2026-0005") in named()


def test_an_entry_of_a_cohort_that_is_not_there_is_told(cohort: Cohort) -> None:
    at = "2026-01-01 00:00:00.000000"
    values = [10**6, at, "page", None, "Faux", 999, "mark", "P", "S", "", "A", ""]
    row = [*values, chain.seal("", values)]
    db.execute(
        f"INSERT INTO journal_entry ({verification.ENTRIES}) VALUES ({', '.join('?' * len(row))})", *row  # noqa: S608
    )
    found, place = told(), ("journal_entry", 10**6)
    assert list(found) == [place]
    assert "promotion qui n'existe pas" in found[place]


def test_a_journal_written_anew_whole_is_contradicted_by_the_minutes_that_saw_it(
    cohort: Cohort, four: list[str]
) -> None:
    """Whoever holds the database can make every seal again: what minutes keep of the journal then says so."""
    head, rows_of = "", db.rows(f"SELECT {verification.ENTRIES} FROM journal_entry WHERE cohort_id = ? ORDER BY id",  # noqa: S608
                                cohort.id)  # fmt: skip
    with unguarded():
        for place, (key, at, *values, _seal) in enumerate(rows_of):
            if place == 3:
                values[2] = "Quelqu'un d'autre"
                write("journal_entry", key, "author", values[2])
            moment = at if isinstance(at, str) else at.isoformat(" ", "microseconds")
            head = chain.seal(head, [key, moment, *values])
            write("journal_entry", key, "seal", head)
    CohortRow.update(journal_seal=head).where(CohortRow.id == cohort.id).execute()
    found = told()
    assert list(found) == [("minutes", four[place]) for place in (0, 2, 3)]
    assert all("il a été réécrit depuis" in what for what in found.values())


def test_entries_of_no_cohort_cut_at_their_end_are_missed_by_later_minutes(cohort: Cohort) -> None:
    journal.record(AUTHOR, None, "account", "1", "role", "", "admin")
    number = sealed(cohort)
    with unguarded():
        db.execute("DELETE FROM journal_entry WHERE cohort_id IS NULL")
    assert list(told()) == [("minutes", number)]


def test_guards_that_are_missing_are_told(cohort: Cohort) -> None:
    if db.is_postgresql():
        db.execute("ALTER TABLE minutes DISABLE TRIGGER minutes_row")
        db.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        found = told()
        db.execute("ALTER TABLE minutes ENABLE TRIGGER minutes_row")
        db.execute("ALTER TABLE journal_entry ENABLE TRIGGER ALL")
        wanted = [
            ("journal_entry", "journal_entry_row"), ("journal_entry", "journal_entry_all"), ("minutes", "minutes_row"),
        ]  # fmt: skip
    else:
        db.execute("DROP TRIGGER minutes_update")
        db.execute("DROP TRIGGER journal_entry_delete")
        db.execute("CREATE TRIGGER journal_entry_delete BEFORE DELETE ON journal_entry BEGIN SELECT 1; END")
        found = told()
        wanted = [("journal_entry", "journal_entry_delete"), ("minutes", "minutes_update")]
    assert list(found) == wanted
    assert all("garde-fou" in what for what in found.values())


_SILENT = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING MESSAGE = 'a row of ' || TG_TABLE_NAME || ' is never changed';
    EXCEPTION WHEN OTHERS THEN RETURN NEW; END $$
"""


# On SQLite a guard is held against every word of the migration.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_guard_of_postgresql_that_lets_some_changes_through_is_told(cohort: Cohort) -> None:
    with db.database.atomic() as transaction:
        db.execute("DROP TRIGGER minutes_row ON minutes")
        db.execute(
            "CREATE TRIGGER minutes_row BEFORE UPDATE OF sealed_by OR DELETE ON minutes "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        narrow = guards.missing()
        db.execute(_SILENT)
        silent = guards.missing()
        transaction.rollback()
    assert narrow == [("minutes", "minutes_row")]
    assert len(silent) == 4
    assert guards.missing() == []


# PostgreSQL keeps no text that is none.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bytes_that_are_no_text_and_values_of_another_kind_are_told(cohort: Cohort, four: list[str]) -> None:
    one, two = entry_of(cohort, 3), entry_of(cohort, 9)
    with unguarded():
        db.execute("UPDATE journal_entry SET author = CAST(x'ff' AS TEXT) WHERE id = ?", one)
        db.execute("UPDATE journal_entry SET author = CAST(author AS BLOB) WHERE id = ?", two)
        db.execute("UPDATE minutes SET data = CAST(data AS BLOB) WHERE number = ?", four[0])
        db.execute("UPDATE minutes SET pdf = CAST(pdf AS TEXT) WHERE number = ?", four[1])
        db.execute("UPDATE minutes SET sealed_by = x'ff' WHERE number = ?", four[2])
    found = told()
    assert set(found) == {("journal_entry", one), ("journal_entry", two), *(("minutes", key) for key in four[:3])}
    assert "ni un texte ni un nombre" in found["journal_entry", one]


def test_a_store_is_verified_while_others_write(cohort: Cohort) -> None:
    graded(cohort)
    for who in cohort.participants:
        jury.change(AUTHOR, who, {"grade-RSV206": "9"})
        assert verification.verify().broken == []


def test_journals_written_at_once_are_whole(cohort: Cohort) -> None:
    make_cohort("AUTRE-2025", 1)

    def many(number: int) -> None:
        with db.connection():
            for turn in range(8):
                with db.database.atomic():
                    for of in (cohort.id, None)[: 1 + turn % 2]:
                        journal.record(AUTHOR, of, "mark", f"w{number}", "x", "", str(turn))
                        journal.record(AUTHOR, of, "mark", f"w{number}", "y", "", str(turn))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, range(8)))
    found = verification.verify()
    assert found.broken == []
    assert JournalEntry.select().where(JournalEntry.object_id.startswith("w")).count() == 8 * (16 + 8)
