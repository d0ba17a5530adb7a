"""Papers and who follows them."""

from peewee import AutoField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from store.models.accounts import User
from store.models.base import Table
from store.models.people import Cohort, Enrolment


class Tutor(Table):
    id = AutoField()
    name = CharField(unique=True)
    user = ForeignKeyField(User, null=True, backref="tutors")


class Tutorship(Table):
    """Who may tutor in a cohort, and for how many papers (none: no limit was set)."""

    id = AutoField()
    cohort = ForeignKeyField(Cohort, backref="tutorships")
    tutor = ForeignKeyField(Tutor, backref="tutorships")
    capacity = IntegerField(null=True)

    class Meta:
        indexes = ((("cohort", "tutor"), True),)


class Paper(Table):
    id = CharField(primary_key=True)
    enrolment = ForeignKeyField(Enrolment, unique=True, backref="papers")
    title = TextField(default="")
    problem = TextField(default="")
    tutor = ForeignKeyField(Tutor, null=True, backref="papers")
    workshop = CharField(default="")
    milestone = CharField(default="")
    deposited_on = DateField(null=True)
    pages = IntegerField(null=True)
    link = TextField(default="")
