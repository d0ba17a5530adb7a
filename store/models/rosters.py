"""Attendance marks. No row means not recorded, which is a fact of its own."""

from peewee import CharField, CompositeKey, DateTimeField, ForeignKeyField, IntegerField

from store.models.base import Table, now
from store.models.calendar import HalfDay
from store.models.people import Enrolment


class Mark(Table):
    enrolment = ForeignKeyField(Enrolment, backref="marks")
    half_day = ForeignKeyField(HalfDay, backref="marks")
    status = CharField()
    minutes = IntegerField(null=True)
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("half_day", "enrolment")
        indexes = ((("enrolment",), False),)
