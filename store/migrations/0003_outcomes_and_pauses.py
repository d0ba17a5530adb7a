"""Keep what the cycles did that is worth telling, and what each pause is."""

from peewee import AutoField, BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator, db):
    class Cohort(Model):
        id = AutoField()

        class Meta:
            database = db
            table_name = "cohort"

    class Book(Model):
        id = CharField(primary_key=True)

        class Meta:
            database = db
            table_name = "book"

    class Outcome(Model):
        at = DateTimeField(index=True)
        book = ForeignKeyField(Book, on_delete="CASCADE")
        cohort = ForeignKeyField(Cohort)
        kind = CharField()
        title = TextField()
        pulled = IntegerField(default=0)
        pushed = IntegerField(default=0)
        created = IntegerField(default=0)
        removed = IntegerField(default=0)
        restored = IntegerField(default=0)
        opened = IntegerField(default=0)
        closed = IntegerField(default=0)
        put_back = IntegerField(default=0)
        paused = TextField(default="")
        resumed = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "outcome"

    db.create_tables([Outcome])
    migrator.migrate(migrator.add_column("tab", "pause", TextField(default="")))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("tab", "pause"), migrator.drop_table("outcome"))
