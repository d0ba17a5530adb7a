"""Spreadsheets that staff made, on their way to being bound."""

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DateTimeField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from store.models.base import Table, now
from store.models.people import Cohort


class Adoption(Table):
    """One spreadsheet being bound to one cohort: what was proposed, what staff made of it, what it would do."""

    id = AutoField()
    cohort = ForeignKeyField(Cohort, backref="adoptions")
    #: The spreadsheet's id, all that is kept of the link; it is no row of `book` before it is bound.
    book_id = CharField(index=True)
    #: "jury" when staff declared that only the jury can open it.
    audience = CharField(default="staff")
    #: See `store.adoptions.STATES`.
    state = CharField()
    #: Grows with every change: what was read on a page is compared with it.
    revision = IntegerField(default=0)
    #: Whether its tabs are bound now, whatever is being corrected.
    live = BooleanField(default=False)
    title = TextField(default="")
    #: JSON: what was proposed; what staff made of it; what it would change on both sides. '' before.
    proposal = TextField(default="")
    mapping = TextField(default="")
    preview = TextField(default="")
    #: Why it cannot go on, in French; '' when it can.
    trouble = TextField(default="")
    asked_by = CharField()
    asked_at = DateTimeField(default=now)
    #: Who accepted what the preview said, as the journal names people.
    accepted_by = CharField(default="")
    accepted_door = CharField(default="page")
    accepted_user = IntegerField(null=True)
    accepted_at = DateTimeField(null=True)
    #: Which worker serves it, and until when by the shared clock.
    served_until = DoubleField(default=0)

    class Meta:
        indexes = ((("state",), False),)
