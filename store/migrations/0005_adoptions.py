"""Make the table of the spreadsheets that are being adopted."""

from peewee import (
    BooleanField,
    CharField,
    DateTimeField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class Cohort(Model):
        class Meta:
            database = db
            table_name = "cohort"

    class Adoption(Model):
        cohort = ForeignKeyField(Cohort)
        book_id = CharField(index=True)
        audience = CharField(default="staff")
        state = CharField(index=True)
        revision = IntegerField(default=0)
        live = BooleanField(default=False)
        title = TextField(default="")
        proposal = TextField(default="")
        mapping = TextField(default="")
        preview = TextField(default="")
        trouble = TextField(default="")
        asked_by = CharField()
        asked_at = DateTimeField()
        accepted_by = CharField(default="")
        accepted_door = CharField(default="page")
        accepted_user = IntegerField(null=True)
        accepted_at = DateTimeField(null=True)
        served_until = DoubleField(default=0)

        class Meta:
            database = db
            table_name = "adoption"

    db.create_tables([Adoption])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("adoption"))
