"""Let a book say that the store was put back from a copy since it was last synced."""

from peewee import BooleanField


def up(migrator, db):
    migrator.migrate(migrator.add_column("book", "restored", BooleanField(default=False)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("book", "restored"))
