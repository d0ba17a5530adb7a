"""What is synced: for each tab its columns, their types and policies, and the verbs of the store behind it.

To add a synced column: its field in `store/`, its line here, its header in the demonstration's dress.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.values import TYPES, Type
from store import calendar, former_modules, jury, people, results, rosters, signed, tutoring
from store.journal import Author
from sync.plan import BOTH, COMPUTED, Columns

#: Name of the pseudo-row that holds the headers of a matrix, merged like any other cell.
HEADER = "#"


@dataclass(frozen=True)
class Column:
    """One mapped column: its field, the header staff see, and who may change it."""

    field: str
    header: str
    type: Type
    policy: str = BOTH
    required: bool = False
    #: Its values may be given another name in the intranet: its type reads a former one as the one of now.
    renamed: bool = False
    #: Tells whether a cell shows a name that was ours once, where staff may write others that mean the same; without
    #: it, any cell that does not show the name of now is written anew.
    former: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Worksheet:
    """One kind of tab: how to read what the intranet holds, and the verbs that change it."""

    kind: str
    title: str
    audience: str
    columns: Callable[[int], list[Column]]
    snapshot: Callable[[int], dict[str, dict[str, str]]]
    change: Callable[..., Mapping[str, str]]
    keys: tuple[str, ...] = ()
    removed: Callable[[int], set[str]] | None = None
    create: Callable[..., str] | None = None
    remove: Callable[..., None] | None = None
    restore: Callable[..., None] | None = None
    #: Rows that were signed, which the sheet cannot change any more.
    signed: Callable[[int], set[str]] | None = None
    #: Rows that a deletion in the sheet does not withdraw.
    kept: Callable[[int], set[str]] | None = None
    #: Columns of a matrix that were taken out: staff may still type under them.
    withdrawn: Callable[[int], set[str]] | None = None
    #: How the journal names what a row is.
    journal_kind: str = ""
    #: Whether some columns are records too, one for each half-day.
    matrix: bool = False

    @property
    def owns_rows(self) -> bool:
        """Tell whether rows are born and deleted in this tab."""
        return self.create is not None

    def merging(self, columns: list[Column]) -> Columns:
        """Return how this tab's fields merge."""
        return Columns(
            policies={column.field: column.policy for column in columns},
            required=frozenset(column.field for column in columns if column.required),
            keys=self.keys,
            owns_rows=self.owns_rows,
        )


_NAME_HEADERS = {"last_name": "Nom", "first_name": "Prénom"}


def _names() -> list[Column]:
    return [Column(field, header, TYPES["name"], COMPUTED) for field, header in _NAME_HEADERS.items()]


def _typed(types: Mapping[str, Type], headers: Mapping[str, str], required: tuple[str, ...] = ()) -> list[Column]:
    return [Column(field, header, types[field], required=field in required) for field, header in headers.items()]


def participant_columns(cohort_id: int) -> list[Column]:
    """Return the columns of the tab Participants."""
    headers = _NAME_HEADERS | {
        "email": "Courriel",
        "phone": "Téléphone",
        "employer": "Structure",
        "funding": "Financement",
        "fees_paid_on": "Frais réglés le",
        "tariff": "Tarif",
        "arrived_on": "Dossier reçu le",
        "acknowledged_on": "Accusé de réception le",
        "agreement_on": "Convention le",
        "committed_on": "Engagement le",
        "waiting": "Liste d'attente",
    }
    typed = _typed(people.types(cohort_id), headers, ("last_name", "first_name"))
    return [*typed, Column("result", "Résultat", TYPES["text"], COMPUTED)]


def _participants(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return the rows of the tab Participants; the result of the jury is blank until it is published."""
    said = results.texts(cohort_id)
    return {key: row | {"result": said.get(key, "")} for key, row in people.snapshot(cohort_id).items()}


def half_day_columns(cohort_id: int) -> list[Column]:
    """Return the columns of the tab Séances."""
    headers = {
        "module": "Module",
        "period": "Période",
        "day": "Date",
        "start": "Début",
        "end": "Fin",
        "kind": "Type",
        "modality": "Modalité",
        "place": "Lieu",
        "teachers": "Intervenants",
    }
    former = former_modules.labels_once(cohort_id)
    return [
        replace(column, renamed=True, former=former) if column.field == "module" else column
        for column in _typed(calendar.types(cohort_id), headers, ("kind", "start", "end"))
    ]


def attendance_columns(cohort_id: int) -> list[Column]:
    """Return the columns of the tab Présences: names, then one column for each half-day."""
    headers = calendar.headers(cohort_id)
    return _names() + [Column(key, header, TYPES["attendance"]) for key, header in headers.items()]


def paper_columns(cohort_id: int) -> list[Column]:
    """Return the columns of the tab Notes."""
    headers = {
        "title": "Titre",
        "problem": "Problématique",
        "tutor": "Tuteur",
        "workshop": "Atelier",
        "milestone": "Étape",
        "deposited_on": "Déposée le",
        "pages": "Pages",
        "link": "Lien",
        "cotutor": "Co-tuteur",
        "wishes": "Vœux",
        "report_link": "Rapport antiplagiat",
        "similarity": "Similitude (%)",
    }
    typed = _typed(tutoring.types(cohort_id), headers)
    return _names() + [replace(column, renamed=column.field in tutoring.FOLLOWING) for column in typed]


def jury_columns(cohort_id: int) -> list[Column]:
    """Return the columns of the tab Jury, in the book restricted to the jury."""
    return [
        *_names(),
        Column("hours_absent", "Heures d'absence", TYPES["decimal"], COMPUTED),
        *_typed(jury.types(cohort_id), jury.headers(cohort_id)),
        Column("proposal", "Proposition", TYPES["text"], COMPUTED),
        *_typed(jury.types(cohort_id), jury.resit_headers(cohort_id)),
    ]


def _with_names(snapshot: Callable[[int], dict[str, dict[str, str]]], owners: Callable[[int], Any] | None = None):
    """Add the names of the enrolled to the rows of a tab that follows the tab Participants."""

    def named(cohort_id: int) -> dict[str, dict[str, str]]:
        names = {key: {f: row[f] for f in _NAME_HEADERS} for key, row in people.snapshot(cohort_id).items()}
        of = owners(cohort_id) if owners else {}
        return {key: names[of.get(key, key)] | row for key, row in snapshot(cohort_id).items()}

    return named


WORKSHEETS = {
    sheet.kind: sheet
    for sheet in (
        Worksheet(
            "participants", "Participants", "staff", participant_columns, _participants, people.change,
            keys=("last_name", "first_name"), removed=people.removed, create=people.create,
            remove=people.remove, restore=people.restore, kept=signed.held, journal_kind="enrolment",
        ),
        Worksheet(
            "half_days", "Séances", "staff", half_day_columns, calendar.snapshot, calendar.change,
            keys=("day", "start"), removed=calendar.removed, create=calendar.create,
            remove=calendar.remove, restore=calendar.restore, journal_kind="half_day",
        ),
        Worksheet(
            "attendance", "Présences", "staff", attendance_columns, _with_names(rosters.snapshot), rosters.change,
            keys=("last_name", "first_name"), removed=people.apart, withdrawn=calendar.removed, matrix=True,
            journal_kind="enrolment",
        ),
        Worksheet(
            "papers", "Notes", "staff", paper_columns, _with_names(tutoring.snapshot, tutoring.owners),
            tutoring.change, keys=("last_name", "first_name"), removed=tutoring.removed, journal_kind="paper",
        ),
        Worksheet(
            "jury", "Jury", "jury", jury_columns, _with_names(jury.snapshot), jury.change,
            keys=("last_name", "first_name"), removed=people.apart, signed=signed.dossiers, journal_kind="dossier",
        ),
    )
}  # fmt: skip


#: Who is written in the journal when what belongs to the intranet alone (a computed column, a signed record)
#: was edited in the sheet and is put back.
PUT_BACK = Author("Feuille (valeur de l'intranet, remise en place)", "sheet")


def author() -> Author:
    """Return who changes things when they come from a spreadsheet: Google does not say which person typed."""
    return Author("Feuille", "sheet")


def of_audience(audience: str) -> list[Worksheet]:
    """List the tabs of a book, those that own rows first: the others follow them."""
    found = [sheet for sheet in WORKSHEETS.values() if sheet.audience == audience]
    return sorted(found, key=lambda sheet: not sheet.owns_rows)
