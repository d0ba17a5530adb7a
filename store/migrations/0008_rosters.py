"""Make room for the rolls, the papers of attendance, the calendars to subscribe to and the states of an enrolment."""

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

COLUMNS = {
    "cohort": {
        "first_day": DateField(null=True),
        "last_day": DateField(null=True),
        "published_at": DateTimeField(null=True),
        "published_by": CharField(default=""),
    },
    "enrolment": {
        "tariff": CharField(default=""),
        "arrived_on": DateField(null=True),
        "acknowledged_on": DateField(null=True),
        "agreement_on": DateField(null=True),
        "committed_on": DateField(null=True),
        "waiting": BooleanField(default=False),
    },
    "module": {"expected_minutes": IntegerField(null=True)},
}


def _tables(db):
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Cohort(Frozen):
        pass

    class Enrolment(Frozen):
        id = CharField(primary_key=True)

    class HalfDay(Frozen):
        id = CharField(primary_key=True)

    class Feed(Frozen):
        token = CharField(primary_key=True)
        cohort = ForeignKeyField(Cohort, null=True, on_delete="CASCADE")
        teacher = CharField(default="")
        by = CharField()
        at = DateTimeField()

        class Meta:
            indexes = ((("cohort", "teacher"), True),)

    class Roll(Frozen):
        half_day = ForeignKeyField(HalfDay, primary_key=True)
        closed_by = CharField(default="")
        closed_at = DateTimeField(null=True)
        reopened_by = CharField(default="")
        reopened_at = DateTimeField(null=True)
        reason = TextField(default="")

    class SignInSheet(Frozen):
        half_day = ForeignKeyField(HalfDay, primary_key=True)
        printed_by = CharField(default="")
        printed_at = DateTimeField(null=True)
        printed = TextField(default="")
        returned_by = CharField(default="")
        returned_at = DateTimeField(null=True)
        teacher_signed_by = CharField(default="")
        teacher_signed_at = DateTimeField(null=True)
        scan = TextField(default="")

    class Signature(Frozen):
        half_day = ForeignKeyField(HalfDay)
        enrolment = ForeignKeyField(Enrolment)
        signed = BooleanField()
        by = CharField()
        at = DateTimeField()

        class Meta:
            primary_key = CompositeKey("half_day", "enrolment")
            indexes = ((("enrolment",), False),)

    class Certificate(Frozen):
        number = CharField(primary_key=True)
        enrolment = ForeignKeyField(Enrolment)
        content = TextField()
        funding = CharField(default="")
        minutes = IntegerField()
        issued_by = CharField()
        issued_at = DateTimeField()
        replaces = CharField(default="")
        reason = TextField(default="")

    return [Feed, Roll, SignInSheet, Signature, Certificate]


def up(migrator, db):
    for table, columns in COLUMNS.items():
        migrator.migrate(*(migrator.add_column(table, name, field) for name, field in columns.items()))
    db.create_tables(_tables(db))


def down(migrator, db):
    db.drop_tables(list(reversed(_tables(db))))
    for table, columns in COLUMNS.items():
        migrator.migrate(*(migrator.drop_column(table, name) for name in columns))
