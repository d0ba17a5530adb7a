"""Papers, who follows each, how far each is, and what was said, handed in or reported of it."""

from peewee import (
    AutoField,
    BlobField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from store.models.accounts import User
from store.models.base import Table, now
from store.models.calendar import HalfDay
from store.models.people import Cohort, Enrolment


class Tutor(Table):
    """A person who follows papers, in any cohort."""

    id = AutoField()
    name = CharField(unique=True)
    user = ForeignKeyField(User, null=True, backref="tutors")
    #: Where to write to somebody who has no account.
    email = CharField(default="")


class Tutorship(Table):
    """Who may tutor in a cohort, for how many papers (none: no limit was set), and the themes that they follow."""

    id = AutoField()
    cohort = ForeignKeyField(Cohort, backref="tutorships")
    tutor = ForeignKeyField(Tutor, backref="tutorships")
    capacity = IntegerField(null=True)
    #: As staff list them, « ; » between two.
    themes = TextField(default="")

    class Meta:
        indexes = ((("cohort", "tutor"), True),)


class Paper(Table):
    """The written work of one participant in one cohort."""

    id = CharField(primary_key=True)
    enrolment = ForeignKeyField(Enrolment, unique=True, backref="papers")
    title = TextField(default="")
    problem = TextField(default="")
    tutor = ForeignKeyField(Tutor, null=True, backref="papers")
    cotutor = ForeignKeyField(Tutor, null=True, backref="copapers")
    #: Tutors or themes in the order of preference, « ; » between two.
    wishes = TextField(default="")
    workshop = CharField(default="")
    milestone = CharField(default="")
    deposited_on = DateField(null=True)
    pages = IntegerField(null=True)
    link = TextField(default="")
    #: Where the report of a search for plagiarism is, and the similarity that it found, in percent.
    report_link = TextField(default="")
    similarity = IntegerField(null=True)


class Exclusion(Table):
    """Somebody who may not follow one paper, and why."""

    paper = ForeignKeyField(Paper, backref="exclusions")
    tutor = ForeignKeyField(Tutor, backref="exclusions")
    reason = TextField(default="")
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("paper", "tutor")


class Step(Table):
    """When one paper reached one milestone, and what was remarked; the day of a deposit is the paper's own."""

    paper = ForeignKeyField(Paper, backref="steps")
    milestone = CharField()
    reached_on = DateField(null=True)
    remark = TextField(default="")
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("paper", "milestone")


class Exchange(Table):
    """One exchange between a participant and a tutor: its day, length, summary, documents passed on as links."""

    id = CharField(primary_key=True)
    paper = ForeignKeyField(Paper, backref="exchanges")
    day = DateField()
    minutes = IntegerField(null=True)
    summary = TextField(default="")
    #: One address a line.
    links = TextField(default="")
    by = CharField()
    at = DateTimeField(default=now)
    deleted_at = DateTimeField(null=True)


class DayNote(Table):
    """What was done of one paper in one half-day of tutoring."""

    paper = ForeignKeyField(Paper, backref="day_notes")
    half_day = ForeignKeyField(HalfDay, backref="day_notes")
    done = TextField()
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("half_day", "paper")
        indexes = ((("paper",), False),)


class PaperFile(Table):
    """The paper itself, for staff who chose to keep it."""

    paper = ForeignKeyField(Paper, primary_key=True, backref="files")
    name = CharField()
    content = BlobField()
    by = CharField()
    at = DateTimeField(default=now)


class Report(Table):
    """What a named person reported of some work, and why; one taken back stays, with who did and why."""

    id = AutoField()
    #: Who found it: a teacher, who seldom is who typed it.
    reporter = CharField()
    reason = TextField()
    by = CharField()
    at = DateTimeField(default=now)
    withdrawn_by = CharField(default="")
    withdrawn_at = DateTimeField(null=True)
    withdrawn_reason = TextField(default="")


class PlagiarismReport(Report):
    """Plagiarism that was reported of a paper."""

    paper = ForeignKeyField(Paper, backref="plagiarism_reports")
