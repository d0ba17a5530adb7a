"""Keep from which day somebody who came after the beginning takes part."""

from peewee import DateField


def up(migrator, db):
    migrator.migrate(migrator.add_column("enrolment", "begins_on", DateField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("enrolment", "begins_on"))
