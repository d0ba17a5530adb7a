"""Attendance marks (no row means not recorded, a fact of its own), rolls, and the papers of attendance."""

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from store.models.base import Table, now
from store.models.calendar import HalfDay
from store.models.people import Enrolment


class Mark(Table):
    """What was recorded of one participant in one half-day; no row means not recorded."""

    enrolment = ForeignKeyField(Enrolment, backref="marks")
    half_day = ForeignKeyField(HalfDay, backref="marks")
    status = CharField()
    minutes = IntegerField(null=True)
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("half_day", "enrolment")
        indexes = ((("enrolment",), False),)


class Roll(Table):
    """The roll of one half-day once it was called: closed by whom, and opened again with which reason."""

    half_day = ForeignKeyField(HalfDay, primary_key=True, backref="rolls")
    closed_by = CharField(default="")
    closed_at = DateTimeField(null=True)
    reopened_by = CharField(default="")
    reopened_at = DateTimeField(null=True)
    reason = TextField(default="")


class SignInSheet(Table):
    """The paper that was signed in a half-day: printed, come back, signed by the teacher, scanned."""

    half_day = ForeignKeyField(HalfDay, primary_key=True, backref="sign_in_sheets")
    printed_by = CharField(default="")
    printed_at = DateTimeField(null=True)
    #: What it must agree with, to the minute: day, hours, place, teachers and names as they were printed (JSON).
    printed = TextField(default="")
    returned_by = CharField(default="")
    returned_at = DateTimeField(null=True)
    teacher_signed_by = CharField(default="")
    teacher_signed_at = DateTimeField(null=True)
    scan = TextField(default="")


class Signature(Table):
    """Whether one line of a sheet that came back was signed, as somebody read it. No row means not looked at."""

    half_day = ForeignKeyField(HalfDay, backref="signatures")
    enrolment = ForeignKeyField(Enrolment, backref="signatures")
    signed = BooleanField()
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("half_day", "enrolment")
        indexes = ((("enrolment",), False),)


class Certificate(Table):
    """A certificat de réalisation as it was issued; one issued again has a number of its own."""

    number = CharField(primary_key=True)
    enrolment = ForeignKeyField(Enrolment, backref="certificates")
    #: What it certifies, as printed (JSON): names, programme, period, funder, minutes attended and planned.
    content = TextField()
    funding = CharField(default="")
    minutes = IntegerField()
    issued_by = CharField()
    issued_at = DateTimeField(default=now)
    #: The number that it replaces, and why.
    replaces = CharField(default="")
    reason = TextField(default="")
