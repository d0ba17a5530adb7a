"""Let a conflict say that both sides never agreed on anything: an unknown agreement is not a blank one."""


def up(migrator, db):
    migrator.migrate(migrator.drop_not_null("conflict", "base"))


def down(migrator, db):
    db.execute_sql("UPDATE conflict SET base = '' WHERE base IS NULL")
    migrator.migrate(migrator.add_not_null("conflict", "base"))
