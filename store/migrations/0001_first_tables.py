"""Make the first tables."""

from store.models import TABLES


def up(migrator, db):
    db.create_tables(TABLES, safe=True)


def down(migrator, db):
    db.drop_tables(list(reversed(TABLES)))
