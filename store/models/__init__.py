"""Tables by topic, without behaviour."""

from store.models.accounts import Invitation, LoginAttempt, SignIn, User
from store.models.adoption import Adoption
from store.models.agreement import AgreedRow, Book, Channel, Conflict, Intent, Outcome, Quota, Refusal, Tab
from store.models.calendar import Feed, HalfDay, Module
from store.models.journal import JournalEntry, SubmittedForm
from store.models.jury import (
    Candidacy,
    CandidateNumber,
    Decision,
    Deliberation,
    FailedCheck,
    Fulfilment,
    Grade,
    JuryMember,
    Marking,
    Minutes,
    UnitReport,
)
from store.models.people import Cohort, Enrolment, Participant, Programme
from store.models.rosters import Certificate, Mark, Roll, Signature, SignInSheet
from store.models.tutoring import (
    DayNote,
    Exchange,
    Exclusion,
    Paper,
    PaperFile,
    PlagiarismReport,
    Step,
    Tutor,
    Tutorship,
)

#: Every table, parents first.
TABLES = [
    User, SignIn, Invitation, LoginAttempt,
    Programme, Cohort, Participant, Enrolment,
    Module, HalfDay, Feed, Mark, Roll, SignInSheet, Signature, Certificate,
    Tutor, Tutorship, Paper, Exclusion, Step, Exchange, DayNote, PaperFile, PlagiarismReport,
    Grade, Marking, UnitReport, CandidateNumber,
    Deliberation, JuryMember, Candidacy, Decision, Minutes, Fulfilment, FailedCheck,
    JournalEntry, SubmittedForm,
    Book, Tab, AgreedRow, Conflict, Refusal, Outcome, Intent, Quota, Channel,
    Adoption,
]  # fmt: skip

__all__ = [table.__name__ for table in TABLES] + ["TABLES"]
