"""Programmes, their cohorts, and who is enrolled."""

import secrets

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

from store.models.base import Table


class Programme(Table):
    """A certificate that the Cnam gives, whatever the year."""

    id = AutoField()
    title = TextField(unique=True)


class Cohort(Table):
    """A promotion: one run of a programme, with its own rule set."""

    id = AutoField()
    programme = ForeignKeyField(Programme, backref="cohorts")
    code = CharField(unique=True)
    title = TextField()
    period = TextField(default="")
    rule_set = TextField()
    #: What the calendar must add up to, as JSON; and where its data come from, in French.
    expected_totals = TextField(default="{}")
    notes = TextField(default="")
    #: First and last day of the promotion, when they are known: its half-days are between both.
    first_day = DateField(null=True)
    last_day = DateField(null=True)
    #: When its calendar was last published, and by whom; a wrong total prevents it.
    published_at = DateTimeField(null=True)
    published_by = CharField(default="")
    #: Grows with every change to anything of the cohort: what pages and the sync poll. It starts
    #: anywhere, so that what a process kept of another store is never taken for this one's.
    version = IntegerField(default=lambda: secrets.randbelow(10**9))
    #: The seal of its last journal entry: a journal cut at its end is then missed too.
    journal_seal = CharField(default="")
    #: When somebody was last noted looking at its pages, and at its jury's: its books are then read often.
    viewed_at = DateTimeField(null=True)
    jury_viewed_at = DateTimeField(null=True)
    #: When the names of candidates graded under a number were uncovered, and by whom.
    uncovered_at = DateTimeField(null=True)
    uncovered_by = CharField(default="")


class Participant(Table):
    """A person, whatever the cohorts they are enrolled in."""

    id = AutoField()
    last_name = CharField()
    first_name = CharField()
    email = CharField(default="")
    phone = CharField(default="")


class Enrolment(Table):
    """One participant in one cohort; its id is the one staff see in the sheets."""

    id = CharField(primary_key=True)
    cohort = ForeignKeyField(Cohort, backref="enrolments")
    participant = ForeignKeyField(Participant, backref="enrolments")
    position = IntegerField()
    employer = TextField(default="")
    funding = CharField(default="")
    #: What the place costs, as the contract prints it; when each paper of the enrolment came.
    tariff = CharField(default="")
    arrived_on = DateField(null=True)
    acknowledged_on = DateField(null=True)
    agreement_on = DateField(null=True)
    committed_on = DateField(null=True)
    fees_paid_on = DateField(null=True)
    #: From which day somebody who came after the beginning takes part; None for who was there from the first.
    begins_on = DateField(null=True)
    #: On the waiting list: in the order of arrival like the others, and in no roster.
    waiting = BooleanField(default=False)
    deleted_at = DateTimeField(null=True)
