"""Modules and half-days."""

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from store.models.base import Table, now
from store.models.people import Cohort


class Module(Table):
    """One module of a cohort's programme."""

    id = AutoField()
    cohort = ForeignKeyField(Cohort, backref="modules")
    position = IntegerField()
    number = CharField()
    title = TextField()
    bloc = CharField(default="")
    optional = BooleanField(default=False)
    #: How long the programme says that it lasts, where it says so.
    expected_minutes = IntegerField(null=True)


class HalfDay(Table):
    """Half a day of a calendar: dated or not, with its own hours where the programme prints them."""

    id = CharField(primary_key=True)
    cohort = ForeignKeyField(Cohort, backref="half_days")
    module = ForeignKeyField(Module, null=True, backref="half_days")
    position = IntegerField()
    day = DateField(null=True)
    period = CharField(default="")
    start = CharField(default="")
    end = CharField(default="")
    minutes = IntegerField()
    kind = CharField()
    modality = CharField(default="on_site")
    place = TextField(default="")
    teachers = TextField(default="")
    deleted_at = DateTimeField(null=True)


class Feed(Table):
    """A secret address that gives a calendar: of a cohort, or of a teacher whatever the cohort."""

    token = CharField(primary_key=True)
    cohort = ForeignKeyField(Cohort, null=True, backref="feeds", on_delete="CASCADE")
    teacher = CharField(default="")
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        indexes = ((("cohort", "teacher"), True),)
