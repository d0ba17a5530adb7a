"""Grades and decisions. The units themselves are settings of the cohort's rule set."""

from peewee import AutoField, CharField, DateTimeField, ForeignKeyField, TextField

from store.models.base import Table, now
from store.models.people import Enrolment


class Grade(Table):
    """A grade as entered (decimal text) or what stands in its place: ABS, EXC, PLAG, ATT."""

    id = AutoField()
    enrolment = ForeignKeyField(Enrolment, backref="grades")
    #: Code of the unit, or "paper".
    work = CharField()
    value = CharField()

    class Meta:
        indexes = ((("enrolment", "work"), True),)


class Decision(Table):
    """What the jury decided, with the reasons and the proposal of that moment: never recomputed."""

    enrolment = ForeignKeyField(Enrolment, primary_key=True, backref="decisions")
    decision = CharField()
    proposed = CharField(default="")
    reasons = TextField(default="[]")
    by = CharField()
    at = DateTimeField(default=now)
    #: When the minutes that hold it were signed: nothing of the dossier changes any more.
    signed_at = DateTimeField(null=True)
