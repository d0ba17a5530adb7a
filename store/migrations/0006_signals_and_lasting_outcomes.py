"""Tell the script's signals from Drive's; keep what a book's cycles did once the book is unbound."""

from peewee import CharField, DateTimeField
from playhouse.migrate import SqliteMigrator


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("book", "script_at", DateTimeField(null=True)),
        migrator.add_column("outcome", "audience", CharField(null=True)),
    )
    db.execute_sql("UPDATE outcome SET audience = (SELECT b.audience FROM book b WHERE b.id = outcome.book_id)")
    if isinstance(migrator, SqliteMigrator):
        # SQLite lets go of what a column refers to with the column alone.
        migrator.migrate(migrator.add_column("outcome", "of_book", CharField(default="")))
        db.execute_sql("UPDATE outcome SET of_book = book_id")
        migrator.migrate(
            migrator.drop_column("outcome", "book_id", legacy=True),
            migrator.rename_column("outcome", "of_book", "book_id"),
            migrator.add_index("outcome", ("book_id",)),
        )
    else:
        migrator.migrate(migrator.drop_foreign_key_constraint("outcome", "book_id"))


def down(migrator, db):
    db.execute_sql("DELETE FROM outcome WHERE book_id NOT IN (SELECT id FROM book)")
    if not isinstance(migrator, SqliteMigrator):
        # On SQLite what outlives a book is left aside by the reader, who joins both tables.
        migrator.migrate(
            migrator.add_foreign_key_constraint("outcome", "book_id", "book", "id", on_delete="CASCADE")
        )
    migrator.migrate(migrator.drop_column("outcome", "audience"), migrator.drop_column("book", "script_at"))
