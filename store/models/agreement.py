"""What both sides last agreed on, and what is still between them."""

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


class Book(Table):
    """A bound spreadsheet, its lease and how its last cycles went."""

    id = CharField(primary_key=True)
    #: The cohort it was first bound to; each of its tabs says its own.
    cohort = ForeignKeyField(Cohort, backref="books")
    #: "staff" for the book everybody uses, "jury" for the one restricted to the jury.
    audience = CharField()
    title = TextField()
    #: sheetId of the hidden tab that holds the pre-image of the last write.
    scratch_id = IntegerField(null=True)
    lease_owner = CharField(default="")
    #: Seconds of the shared clock; double precision, since PostgreSQL's single one keeps but two minutes of them.
    lease_until = DoubleField(default=0)
    epoch = IntegerField(default=0)
    #: Not read any more (each tab keeps its own); it goes once no process that reads it can run.
    seen_version = IntegerField(default=-1)
    asked_at = DateTimeField(null=True)
    last_success = DateTimeField(null=True)
    last_cycle = DateTimeField(null=True)
    last_change = DateTimeField(null=True)
    failures = IntegerField(default=0)
    retry_at = DoubleField(default=0)
    #: Why the last cycle failed, in French; empty when it did not.
    trouble = TextField(default="")
    #: Address of the service account it is shared with; empty for the first of the settings.
    account = CharField(default="")
    #: When its last cycle began: what is asked or hinted at later has not been looked at.
    began_at = DateTimeField(null=True)
    #: When Google, or the script in the spreadsheet, last said that something moved.
    hinted_at = DateTimeField(null=True)
    #: When the script was the one that said it.
    script_at = DateTimeField(null=True)
    #: Whether the store was put back from a copy since its last cycle: what was agreed on is then older than the sheet.
    restored = BooleanField(default=False)


class Tab(Table):
    """A tab of a bound book: what it holds, of which cohort, and how staff call its columns."""

    id = AutoField()
    book = ForeignKeyField(Book, backref="tabs", on_delete="CASCADE")
    cohort = ForeignKeyField(Cohort, backref="tabs")
    kind = CharField()
    sheet_id = IntegerField()
    title = TextField()
    #: Why this tab alone is not synced, in French; empty when it is.
    paused = TextField(default="")
    #: What that is, as JSON: {"cause": one of store.pauses, "fields": the columns lost}; '' when it is synced.
    pause = TextField(default="")
    #: Rows without id seen in the last read, as JSON: a new row must be the same in two reads.
    waiting = TextField(default="[]")
    #: How the columns of a spreadsheet that staff made are called, as JSON; '' for one that we dressed.
    mapping = TextField(default="")
    #: Version of its cohort that the last finished cycle had seen.
    seen_version = IntegerField(default=-1)

    class Meta:
        indexes = ((("book", "cohort", "kind"), True), (("book", "sheet_id"), True))


class AgreedRow(Table):
    """The base of three-way merging for one row: JSON of field to canonical value."""

    id = AutoField()
    tab = ForeignKeyField(Tab, backref="rows", on_delete="CASCADE")
    row = CharField()
    cells = TextField()
    #: Complete reads in a row in which the sheet did not have it.
    missing = IntegerField(default=0)

    class Meta:
        indexes = ((("tab", "row"), True),)


class Conflict(Table):
    """A cell that both sides moved to different values: neither is altered until a person chooses."""

    id = AutoField()
    tab = ForeignKeyField(Tab, backref="conflicts", on_delete="CASCADE")
    row = CharField()
    field = CharField()
    address = CharField()
    #: None where both sides never agreed on anything.
    base = TextField(null=True)
    local = TextField()
    remote = TextField()
    label = TextField(default="")
    since = DateTimeField(default=now)

    class Meta:
        indexes = ((("tab", "row", "field"), True),)


class Refusal(Table):
    """A value typed in the sheet that the rules refuse: it stays there, our last good value stays here."""

    id = AutoField()
    tab = ForeignKeyField(Tab, backref="refusals", on_delete="CASCADE")
    row = CharField()
    field = CharField()
    address = CharField()
    typed = TextField()
    reason = TextField()
    label = TextField(default="")
    since = DateTimeField(default=now)

    class Meta:
        indexes = ((("tab", "row", "field"), True),)


class Outcome(Table):
    """Something that a cycle did in one tab and that is worth telling: a fact that only adds up, kept a while."""

    id = AutoField()
    at = DateTimeField(default=now, index=True)
    #: Which book, and for whom it was: what its cycles did is told even once it is bound no more.
    book = CharField(column_name="book_id", index=True)
    audience = CharField(null=True)
    cohort = ForeignKeyField(Cohort, backref="outcomes")
    kind = CharField()
    title = TextField()
    pulled = IntegerField(default=0)
    pushed = IntegerField(default=0)
    created = IntegerField(default=0)
    removed = IntegerField(default=0)
    restored = IntegerField(default=0)
    #: Conflicts that began, and those that ended because both sides came to agree.
    opened = IntegerField(default=0)
    closed = IntegerField(default=0)
    #: Values that belong to the intranet alone, put back where somebody had changed them.
    put_back = IntegerField(default=0)
    #: Why the tab was paused then, in French; '' when it was not.
    paused = TextField(default="")
    resumed = BooleanField(default=False)


class Intent(Table):
    """A guarded write about to be sent, kept until its outcome is known."""

    id = AutoField()
    book = ForeignKeyField(Book, backref="intents", on_delete="CASCADE")
    nonce = CharField(unique=True)
    epoch = IntegerField()
    #: JSON of what the write covers: enough to verify it from the hidden tab after a crash.
    body = TextField()
    at = DateTimeField(default=now)
    settled = BooleanField(default=False)


class Quota(Table):
    """Token buckets shared by all workers: one row per account, or project, and kind of call."""

    name = CharField(primary_key=True)
    tokens = DoubleField()
    at = DoubleField()
    #: How many times in a row Google asked to slow down, and when it last did.
    strikes = IntegerField(default=0)
    struck_at = DoubleField(default=0)


class Channel(Table):
    """A promise of Google's to tell us when a book moves. It outlives the book, so as to be stopped."""

    id = CharField(primary_key=True)
    #: Not a foreign key: a channel whose book is no longer bound is one to stop.
    book = CharField(index=True)
    account = CharField(default="")
    resource = CharField(default="")
    token = CharField()
    #: Seconds of the shared clock after which Google forgets it.
    until = DoubleField()
