"""Keep who asked about papers that are not authentic, so that an address that is wrong too often waits."""

from peewee import AutoField, CharField, DateTimeField, Model


def up(migrator, db):
    class FailedCheck(Model):
        id = AutoField()
        address = CharField(index=True)
        at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "failed_check"

    db.create_tables([FailedCheck])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("failed_check"))
