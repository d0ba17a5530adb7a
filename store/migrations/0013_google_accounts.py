"""Remember which Google account each person signs in with."""

from peewee import CharField


def up(migrator, db):
    migrator.migrate(migrator.add_column("user", "google_subject", CharField(null=True)))
    migrator.migrate(migrator.add_index("user", ("google_subject",), True))


def down(migrator, db):
    migrator.migrate(migrator.drop_index("user", "user_google_subject"))
    migrator.migrate(migrator.drop_column("user", "google_subject"))
