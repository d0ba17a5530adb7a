"""Gather what staff read, bring the English catalogue up to date, and compile both.

French is the source: every msgid is the French sentence. `en/…/messages.po` is translated by hand;
`fr/…/messages.po` is written whole from here and only holds plurals, which French counts its own way.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from blueprints import exchanges, imports, paper_board, participant, wording
from rules.after_jury import STANDINGS as TRANSMISSIONS
from rules.attendance import RULE_KINDS, STANDINGS, STATUSES
from rules.board import GROUPINGS
from rules.calendar import KINDS, MODALITIES
from rules.calendar_checks import FAULTS
from rules.calendar_comparison import DIFFERENCES
from rules.deliberations import STATES as DELIBERATION_STATES
from rules.enrolment import STATES as ENROLMENT_STATES
from rules.grade_anomalies import KINDS as ANOMALIES
from rules.jury import DECISIONS
from rules.minutes import NOTES
from rules.papers import MILESTONES
from rules.rule_set import BODIES, ENROLMENT_ORDERS, PAPER_KINDS, SETTINGS, TUTOR_MEMBERS
from rules.rule_texts import ALL as RULE_FIELDS
from rules.sign_in_sheets import CONTRADICTIONS, PRINTED, STEPS
from rules.value_times import MONTHS, WEEKDAYS
from rules.values import GRADE_LABELS
from store.accounts import ROLES
from store.journal import DOORS
from store.mappings import ORDERS
from store.people import FUNDINGS
from store.registers import UNKNOWN

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("blueprints", "documents", "rules", "store", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
#: A template that cannot be read stops the extraction rather than lose its sentences.
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
#: Calls whose first argument is a sentence that staff read; the two of `ngettext` are its forms.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "gettext": None, "ngettext": (1, 2), "Message": None, "Refused": None, "Forbidden": None,
}  # fmt: skip
#: Labels that a page translates by the value of a variable: no call names them.
LABELS: tuple[Iterable[str], ...] = tuple(
    labels.values() if isinstance(labels, Mapping) else labels
    for labels in (
        KINDS, MODALITIES, DECISIONS, MILESTONES, BODIES, ENROLMENT_ORDERS, PAPER_KINDS, TUTOR_MEMBERS, SETTINGS,
        RULE_KINDS, GRADE_LABELS, ROLES, DOORS, FUNDINGS, MONTHS, WEEKDAYS, wording.THINGS, wording.FIELDS,
        wording.OF_WORK, wording.STATES, wording.SHEET_ROWS, wording.BINDINGS, wording.SIGNATURES, wording.ADDRESSES,
        wording.ACCESSES, wording.LINKS,
        ORDERS, FAULTS, DIFFERENCES, STEPS, ANOMALIES, NOTES, PRINTED,
        CONTRADICTIONS, [UNKNOWN], GROUPINGS, [label for _sort, label in paper_board.COLUMNS],
        [status.label for status in STATUSES], STANDINGS, [label for label, _ in RULE_FIELDS.values()],
        ENROLMENT_STATES, DELIBERATION_STATES, imports.OUTCOMES, participant.DONE,
        [label for label, _ in participant.GROUPS], exchanges.DONE, TRANSMISSIONS,
        # What the control totals count, the answers of a setting, and words given to `choice` in place.
        ["demi-journées", "jours", "total", "oui", "non", "choisi", "lié", "Note de l'écrit"],
        # What a tab of an adopted spreadsheet may be, and a column that holds both names.
        ["Participants", "Séances", "Présences", "Notes de validation", "Jury", "Nom et prénom"],
    )
)  # fmt: skip


def calls() -> Iterator[str | tuple[str, ...]]:
    """Give the sentences written in the code and in the templates, a plural as both its forms."""
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS, options_map=OPTIONS)
        for _file, _line, message, _comments, _context in found:
            yield message


def template() -> Catalog:
    """Return a catalogue of everything staff read, untranslated."""
    catalog = Catalog(project="Passerelle")
    for message in sorted(set(chain(calls(), *LABELS)) - {""}, key=str):
        catalog.add(message)
    return catalog


def path(language: str, kind: str = "po") -> Path:
    """Return where the catalogue of a language is kept: `po` to read and translate, `mo` to run."""
    return ROOT / "translations" / language / "LC_MESSAGES" / f"messages.{kind}"


def english() -> Catalog:
    """Return the English catalogue as it is kept."""
    with path("en").open("rb") as file:
        return read_po(file, locale="en", domain="messages")


def french(source: Catalog) -> Catalog:
    """Return the French catalogue: its plurals, each form as the code has it."""
    catalog = Catalog(
        locale="fr", project="Passerelle", version="1", last_translator="Passerelle",
        language_team="French", fuzzy=False, header_comment="# French plurals of Passerelle, written by extract.py.",
    )  # fmt: skip
    catalog.msgid_bugs_address = ""
    for message in source:
        if message.id and message.pluralizable:
            catalog.add(message.id, string=message.id)
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue in the form that the pages read."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def save(language: str, catalog: Catalog) -> None:
    """Write both files of a language, with nothing in them that changes from one run to the next."""
    with path(language).open("wb") as file:
        write_po(file, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    path(language, "mo").write_bytes(compiled(catalog))


def main() -> int:
    """Bring both languages up to date; return 1 and name them while sentences wait for their English."""
    source, catalog = template(), english()
    source.creation_date = catalog.creation_date
    catalog.update(source, no_fuzzy_matching=True)
    save("en", catalog)
    plurals = french(source)
    plurals.creation_date = plurals.revision_date = catalog.creation_date
    save("fr", plurals)
    waiting = [message.id for message in catalog if message.id and not all(_forms(message.string))]
    for sentence in waiting:
        sys.stderr.write(f"no English yet: {sentence}\n")
    return 1 if waiting else 0


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    raise SystemExit(main())
