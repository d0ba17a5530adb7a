"""Let a book say its service account and what was hinted of it; let Google's 429 and its channels be remembered."""

from peewee import CharField, DateTimeField, DoubleField, IntegerField, Model


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("book", "account", CharField(default="")),
        migrator.add_column("book", "began_at", DateTimeField(null=True)),
        migrator.add_column("book", "hinted_at", DateTimeField(null=True)),
        migrator.add_column("quota", "strikes", IntegerField(default=0)),
        migrator.add_column("quota", "struck_at", DoubleField(default=0)),
    )

    class Channel(Model):
        id = CharField(primary_key=True)
        book = CharField(index=True)
        account = CharField(default="")
        resource = CharField(default="")
        token = CharField()
        until = DoubleField()

        class Meta:
            database = db
            table_name = "channel"

    db.create_tables([Channel])


def down(migrator, db):
    migrator.migrate(
        migrator.drop_table("channel"),
        migrator.drop_column("quota", "struck_at"),
        migrator.drop_column("quota", "strikes"),
        migrator.drop_column("book", "hinted_at"),
        migrator.drop_column("book", "began_at"),
        migrator.drop_column("book", "account"),
    )
