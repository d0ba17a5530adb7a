"""Who changed what, when, through which door; and the forms already received."""

from peewee import AutoField, CharField, DateTimeField, IntegerField, TextField

from store.models.base import Table, now


class JournalEntry(Table):
    """One change of one value: by whom, when, through which door; sealed in its cohort's chain."""

    id = AutoField()
    at = DateTimeField(default=now)
    door = CharField()
    user_id = IntegerField(null=True)
    author = CharField()
    cohort_id = IntegerField(null=True, index=True)
    kind = CharField()
    object_id = CharField()
    field = CharField(default="")
    before = TextField(default="")
    after = TextField(default="")
    #: Why, where whoever changed it said so.
    reason = TextField(default="")
    #: Covers this row and the seal of the one before it in its cohort: see rules/chain.py.
    seal = CharField(default="")

    class Meta:
        indexes = ((("kind", "object_id", "field"), False),)


class SubmittedForm(Table):
    """The idempotency key of a form that was carried out: the same form sent again does nothing."""

    key = CharField(primary_key=True)
    user_id = IntegerField(null=True)
    at = DateTimeField(default=now)
