"""Make room for markings, resits, deliberations and sealed minutes; chain the journal, and let nobody change either."""

from datetime import datetime

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

from rules.chain import START, seal

#: Tables whose rows stay as they were written, and the columns of which each names one row alone; rowid is the number
#: that SQLite gives every row, under which one may be put over another too.
KEPT = {"journal_entry": ("id",), "minutes": ("number", "place", "deliberation_id", "rowid")}
_PLPGSQL = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING MESSAGE = 'a row of ' || TG_TABLE_NAME || ' is never changed'; END $$
"""


def _tables(db):
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Frozen):
        pass

    class Cohort(Frozen):
        pass

    class Tutor(Frozen):
        pass

    class Enrolment(Frozen):
        id = CharField(primary_key=True)

    class Marking(Frozen):
        id = AutoField()
        enrolment = ForeignKeyField(Enrolment)
        work = CharField()
        place = IntegerField()
        marker = CharField()
        value = CharField()
        by = CharField()
        at = DateTimeField()

        class Meta:
            indexes = ((("enrolment", "work", "place"), True),)

    class UnitReport(Frozen):
        id = AutoField()
        enrolment = ForeignKeyField(Enrolment)
        work = CharField()
        reporter = CharField()
        reason = TextField()
        by = CharField()
        at = DateTimeField()
        withdrawn_by = CharField(default="")
        withdrawn_at = DateTimeField(null=True)
        withdrawn_reason = TextField(default="")

    class CandidateNumber(Frozen):
        enrolment = ForeignKeyField(Enrolment, primary_key=True)
        number = IntegerField()

    class Deliberation(Frozen):
        id = AutoField()
        cohort = ForeignKeyField(Cohort)
        order_number = CharField(default="")
        order_date = DateField(null=True)
        held_on = DateField(null=True)
        place = CharField(default="")
        state = CharField(default="prepared")
        opened_by = CharField(default="")
        opened_at = DateTimeField(null=True)
        closed_by = CharField(default="")
        closed_at = DateTimeField(null=True)
        at_enrolment = CharField(default="")
        supersedes = ForeignKeyField("self", null=True)
        reason = TextField(default="")
        published_by = CharField(default="")
        published_at = DateTimeField(null=True)

    class JuryMember(Frozen):
        id = AutoField()
        deliberation = ForeignKeyField(Deliberation)
        name = CharField()
        quality = CharField(default="")
        president = BooleanField(default=False)
        convened_on = DateField(null=True)
        present = BooleanField(null=True)
        user = ForeignKeyField(User, null=True)
        tutor = ForeignKeyField(Tutor, null=True)

        class Meta:
            indexes = ((("deliberation", "name"), True),)

    class Candidacy(Frozen):
        deliberation = ForeignKeyField(Deliberation)
        enrolment = ForeignKeyField(Enrolment)
        position = IntegerField()
        stepped_out = TextField(default="")

        class Meta:
            primary_key = CompositeKey("deliberation", "enrolment")

    class Minutes(Frozen):
        number = CharField(primary_key=True)
        place = IntegerField(unique=True)
        deliberation = ForeignKeyField(Deliberation, unique=True)
        cohort = ForeignKeyField(Cohort)
        data = TextField()
        pdf = BlobField()
        data_digest = CharField()
        pdf_digest = CharField()
        previous = CharField()
        seal = CharField()
        sealed_by = CharField()
        sealed_at = CharField()

    class Fulfilment(Frozen):
        enrolment = ForeignKeyField(Enrolment)
        condition = CharField()
        met_on = DateField()
        by = CharField()
        at = DateTimeField()

        class Meta:
            primary_key = CompositeKey("enrolment", "condition")

    tables = [Marking, UnitReport, CandidateNumber, Deliberation, JuryMember, Candidacy, Minutes, Fulfilment]
    return Deliberation, tables


def _columns(deliberation):
    return {
        "grade": {"resit": CharField(default=""), "resit_on": DateField(null=True)},
        "decision": {
            "honours": CharField(default=""), "remark": TextField(default=""), "reason": TextField(default=""),
            "deliberation_id": ForeignKeyField(deliberation, field=deliberation.id, null=True),
        },
        "journal_entry": {"seal": CharField(default="")},
        "cohort": {
            "journal_seal": CharField(default=""), "uncovered_at": DateTimeField(null=True),
            "uncovered_by": CharField(default=""),
        },
    }  # fmt: skip


def up(migrator, db):
    deliberation, tables = _tables(db)
    db.create_tables(tables)
    for table, columns in _columns(deliberation).items():
        migrator.migrate(*(migrator.add_column(table, name, field) for name, field in columns.items()))
    _chain_the_journal(db)
    _keep(db)


def _chain_the_journal(db):
    """Seal the entries written before there was a chain, as store.journal does."""
    mark = "?" if isinstance(db, SqliteDatabase) else "%s"
    entries = db.execute_sql(
        'SELECT id, at, door, user_id, author, cohort_id, kind, object_id, field, "before", "after", reason '
        "FROM journal_entry ORDER BY id"
    ).fetchall()
    heads = {}
    for entry, at, *values in entries:
        written = at if isinstance(at, str) else at.isoformat(" ", "microseconds")
        if isinstance(at, str) and len(at) != len("2025-01-01 00:00:00.000000"):
            written = datetime.fromisoformat(at).isoformat(" ", "microseconds")
            db.execute_sql(f"UPDATE journal_entry SET at = {mark} WHERE id = {mark}", (written, entry))  # noqa: S608
        cohort = values[3]
        heads[cohort] = seal(heads.get(cohort, START), [entry, written, *values])
        db.execute_sql(f"UPDATE journal_entry SET seal = {mark} WHERE id = {mark}", (heads[cohort], entry))  # noqa: S608
    for cohort, head in heads.items():
        if cohort is not None:
            db.execute_sql(f"UPDATE cohort SET journal_seal = {mark} WHERE id = {mark}", (head, cohort))  # noqa: S608


def _keep(db):
    """Have the database itself refuse that a row of these tables changes, goes or is put over another."""
    if not isinstance(db, SqliteDatabase):
        db.execute_sql(_PLPGSQL)
    for table, keys in KEPT.items():
        if isinstance(db, SqliteDatabase):
            refuse = f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed'); END"
            for verb in ("UPDATE", "DELETE"):
                db.execute_sql(f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} {refuse}")
            # INSERT OR REPLACE deletes without a word whatever has one of the keys.
            same = " OR ".join(f"{key} = NEW.{key}" for key in keys)
            known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours
            db.execute_sql(f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} {known} {refuse}")
        else:
            db.execute_sql(
                f"CREATE TRIGGER {table}_row BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            db.execute_sql(
                f"CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"
            )


def _release(db):
    for table in KEPT:
        if isinstance(db, SqliteDatabase):
            for verb in ("update", "delete", "insert"):
                db.execute_sql(f"DROP TRIGGER {table}_{verb}")
        else:
            db.execute_sql(f"DROP TRIGGER {table}_row ON {table}")
            db.execute_sql(f"DROP TRIGGER {table}_all ON {table}")
    if not isinstance(db, SqliteDatabase):
        db.execute_sql("DROP FUNCTION refuse_change()")


def down(migrator, db):
    deliberation, tables = _tables(db)
    _release(db)
    for table, columns in _columns(deliberation).items():
        migrator.migrate(*(migrator.drop_column(table, name) for name in columns))
    db.drop_tables(list(reversed(tables)))
