"""Make room for cotutors, wishes, exclusions, steps, exchanges, files and reports of papers, and for reasons."""

from peewee import (
    AutoField,
    BlobField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def _tables(db):
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class HalfDay(Frozen):
        id = CharField(primary_key=True)

    class Tutor(Frozen):
        pass

    class Paper(Frozen):
        id = CharField(primary_key=True)

    class Exclusion(Frozen):
        paper = ForeignKeyField(Paper)
        tutor = ForeignKeyField(Tutor)
        reason = TextField(default="")
        by = CharField()
        at = DateTimeField()

        class Meta:
            primary_key = CompositeKey("paper", "tutor")

    class Step(Frozen):
        paper = ForeignKeyField(Paper)
        milestone = CharField()
        reached_on = DateField(null=True)
        remark = TextField(default="")
        by = CharField()
        at = DateTimeField()

        class Meta:
            primary_key = CompositeKey("paper", "milestone")

    class Exchange(Frozen):
        id = CharField(primary_key=True)
        paper = ForeignKeyField(Paper)
        day = DateField()
        minutes = IntegerField(null=True)
        summary = TextField(default="")
        links = TextField(default="")
        by = CharField()
        at = DateTimeField()
        deleted_at = DateTimeField(null=True)

    class DayNote(Frozen):
        paper = ForeignKeyField(Paper)
        half_day = ForeignKeyField(HalfDay)
        done = TextField()
        by = CharField()
        at = DateTimeField()

        class Meta:
            primary_key = CompositeKey("half_day", "paper")
            indexes = ((("paper",), False),)

    class PaperFile(Frozen):
        paper = ForeignKeyField(Paper, primary_key=True)
        name = CharField()
        content = BlobField()
        by = CharField()
        at = DateTimeField()

    class PlagiarismReport(Frozen):
        id = AutoField()
        paper = ForeignKeyField(Paper)
        reporter = CharField()
        reason = TextField()
        by = CharField()
        at = DateTimeField()
        withdrawn_by = CharField(default="")
        withdrawn_at = DateTimeField(null=True)
        withdrawn_reason = TextField(default="")

    return Tutor, [Exclusion, Step, Exchange, DayNote, PaperFile, PlagiarismReport]


def _columns(tutor):
    return {
        "tutor": {"email": CharField(default="")},
        "tutorship": {"themes": TextField(default="")},
        "paper": {
            "cotutor_id": ForeignKeyField(tutor, field=tutor.id, null=True),
            "wishes": TextField(default=""),
            "report_link": TextField(default=""),
            "similarity": IntegerField(null=True),
        },
        "journal_entry": {"reason": TextField(default="")},
    }


def up(migrator, db):
    tutor, tables = _tables(db)
    for table, columns in _columns(tutor).items():
        migrator.migrate(*(migrator.add_column(table, name, field) for name, field in columns.items()))
    db.create_tables(tables)


def down(migrator, db):
    tutor, tables = _tables(db)
    db.drop_tables(list(reversed(tables)))
    for table, columns in _columns(tutor).items():
        migrator.migrate(*(migrator.drop_column(table, name) for name in columns))
