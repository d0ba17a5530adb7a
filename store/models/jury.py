"""Grades, deliberations, decisions and minutes. The units themselves are settings of the cohort's rule set."""

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
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
from store.models.people import Cohort, Enrolment
from store.models.tutoring import Report, Tutor


class Grade(Table):
    """A grade as entered (decimal text) or what stands in its place: ABS, EXC, PLAG, ATT."""

    id = AutoField()
    enrolment = ForeignKeyField(Enrolment, backref="grades")
    #: Code of the unit, or "paper"; of an assessment of a unit, both codes with a colon between.
    work = CharField()
    value = CharField()
    #: The grade of the resit, which counts once it is there: the first one stays beside it. And its day.
    resit = CharField(default="")
    resit_on = DateField(null=True)

    class Meta:
        indexes = ((("enrolment", "work"), True),)


class Marking(Table):
    """What one of two markers gave; the grade agreed on is the Grade of the work."""

    id = AutoField()
    enrolment = ForeignKeyField(Enrolment, backref="markings")
    work = CharField()
    #: 1 or 2.
    place = IntegerField()
    marker = CharField()
    value = CharField()
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        indexes = ((("enrolment", "work", "place"), True),)


class UnitReport(Report):
    """Plagiarism that was reported in the work of a unit."""

    enrolment = ForeignKeyField(Enrolment, backref="unit_reports")
    work = CharField()


class CandidateNumber(Table):
    """The number under which somebody's work is graded where grading is anonymous."""

    enrolment = ForeignKeyField(Enrolment, primary_key=True, backref="candidate_numbers")
    number = IntegerField()


class Deliberation(Table):
    """One session of a jury: the order that names it, who sits, what it decides; closing it makes its minutes."""

    id = AutoField()
    cohort = ForeignKeyField(Cohort, backref="deliberations")
    #: The order naming the jury: its number and its date.
    order_number = CharField(default="")
    order_date = DateField(null=True)
    held_on = DateField(null=True)
    place = CharField(default="")
    #: prepared, open, closed; or abandoned, without minutes.
    state = CharField(default="prepared")
    opened_by = CharField(default="")
    opened_at = DateTimeField(null=True)
    closed_by = CharField(default="")
    closed_at = DateTimeField(null=True)
    #: The candidate that the deliberation stands at: where it is taken up again.
    at_enrolment = CharField(default="")
    #: The deliberation that this one corrects, and why.
    supersedes = ForeignKeyField("self", null=True, backref="superseded_by")
    reason = TextField(default="")
    published_by = CharField(default="")
    published_at = DateTimeField(null=True)


class JuryMember(Table):
    """Somebody named to a jury: their quality, when they were convened, whether they were there."""

    id = AutoField()
    deliberation = ForeignKeyField(Deliberation, backref="members")
    name = CharField()
    quality = CharField(default="")
    president = BooleanField(default=False)
    convened_on = DateField(null=True)
    #: None as long as nobody said.
    present = BooleanField(null=True)
    user = ForeignKeyField(User, null=True, backref="juries")
    #: Who they are among the tutors, so that those whose paper they follow are told.
    tutor = ForeignKeyField(Tutor, null=True, backref="juries")

    class Meta:
        indexes = ((("deliberation", "name"), True),)


class Candidacy(Table):
    """One candidate that a deliberation is about, and the members who stepped out for them."""

    deliberation = ForeignKeyField(Deliberation, backref="candidacies")
    enrolment = ForeignKeyField(Enrolment, backref="candidacies")
    position = IntegerField()
    #: Names, « ; » between two.
    stepped_out = TextField(default="")

    class Meta:
        primary_key = CompositeKey("deliberation", "enrolment")


class Decision(Table):
    """What the jury decided, with the reasons and the proposal of that moment, then of its session's closing."""

    enrolment = ForeignKeyField(Enrolment, primary_key=True, backref="decisions")
    decision = CharField()
    proposed = CharField(default="")
    reasons = TextField(default="[]")
    #: Honours that the rule set names, what the jury remarked, and why: asked where the decision changed, else offered.
    honours = CharField(default="")
    remark = TextField(default="")
    reason = TextField(default="")
    by = CharField()
    at = DateTimeField(default=now)
    #: When the minutes that hold it were signed: nothing of the dossier changes any more.
    signed_at = DateTimeField(null=True)
    #: The deliberation that took it, none for one that was only prepared.
    deliberation = ForeignKeyField(Deliberation, null=True, backref="decisions")


class Minutes(Table):
    """The minutes of a deliberation as they were sealed; the database refuses that a row changes or goes.

    data: canonical JSON, all that was decided and known. seal: covers the digests and the seal before.
    """

    number = CharField(primary_key=True)
    #: Its place in the one chain of all minutes, from 1.
    place = IntegerField(unique=True)
    deliberation = ForeignKeyField(Deliberation, unique=True, backref="minutes")
    cohort = ForeignKeyField(Cohort, backref="minutes")
    data = TextField()
    pdf = BlobField()
    data_digest = CharField()
    pdf_digest = CharField()
    previous = CharField()
    seal = CharField()
    sealed_by = CharField()
    #: An instant as text, so that the seal covers every letter of it.
    sealed_at = CharField()


class Fulfilment(Table):
    """A condition of the rule set for the release of a certificate that somebody met, and when."""

    enrolment = ForeignKeyField(Enrolment, backref="fulfilments")
    condition = CharField()
    met_on = DateField()
    by = CharField()
    at = DateTimeField(default=now)

    class Meta:
        primary_key = CompositeKey("enrolment", "condition")


class FailedCheck(Table):
    """A paper that somebody asked about and that is not authentic: an address that is wrong too often waits."""

    id = AutoField()
    address = CharField(index=True)
    at = DateTimeField(default=now, index=True)
