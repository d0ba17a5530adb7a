"""Let a tab say which cohort it is of and how its columns are called; let a decision be signed."""

from peewee import DateTimeField, IntegerField, TextField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("tab", "cohort_id", IntegerField(null=True)),
        migrator.add_column("tab", "mapping", TextField(default="")),
        migrator.add_column("tab", "seen_version", IntegerField(default=-1)),
        migrator.add_column("decision", "signed_at", DateTimeField(null=True)),
        migrator.drop_index("tab", "tab_book_id_kind"),
    )
    db.execute_sql("UPDATE tab SET cohort_id = (SELECT cohort_id FROM book WHERE book.id = tab.book_id)")
    db.execute_sql("UPDATE tab SET seen_version = (SELECT seen_version FROM book WHERE book.id = tab.book_id)")
    migrator.migrate(
        migrator.add_index("tab", ("book_id", "cohort_id", "kind"), True),
        migrator.add_index("tab", ("book_id", "sheet_id"), True),
        migrator.add_index("tab", ("cohort_id",), False),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_index("tab", "tab_cohort_id"),
        migrator.drop_index("tab", "tab_book_id_sheet_id"),
        migrator.drop_index("tab", "tab_book_id_cohort_id_kind"),
        migrator.drop_column("decision", "signed_at"),
        migrator.drop_column("tab", "seen_version"),
        migrator.drop_column("tab", "mapping"),
        migrator.drop_column("tab", "cohort_id"),
        migrator.add_index("tab", ("book_id", "kind"), True),
    )
