"""Look at a spreadsheet that staff made: what it is, what is proposed for it, what binding it would change."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rules.book_links import EXCEL, FOLDER
from rules.half_day_matching import Slot
from store import bindings, calendar, mappings, people
from store.agreement import BoundTab
from store.db import connection
from store.mappings import Choices, Problem
from sync import answers
from sync.adopt_targets import DROPPED, closed, spelled, targets, undecided, warnings
from sync.adoption import vocabulary
from sync.adoption.columns import Known
from sync.adoption.marks import Target
from sync.adoption.proposal import propose
from sync.adoption.survey import Survey, survey
from sync.book import BookTrouble, Rejected
from sync.layout import ID, address
from sync.rehearsal import MOST_LINES, Rehearsal, doubles, protected_once, rehearse
from sync.worksheets import WORKSHEETS

SPREADSHEET, DRIVE_FOLDER = "application/vnd.google-apps.spreadsheet", "application/vnd.google-apps.folder"
#: What Google says of a file of Excel that is asked for as a spreadsheet.
NOT_FOR_THIS = "not supported for this document"
TRASHED = "Ce classeur est dans la corbeille de Drive : restaurez-le, puis relancez la lecture."
VIEWER = (
    "Ce classeur n'est partagé qu'en lecture avec {} : ouvrez « Partager » dans Google Sheets et donnez à cette "
    "adresse le droit « Éditeur », puis relancez la lecture."
)
EMPTY = "Ce classeur est vide : il n'y a rien à relier."


class Sheets(Protocol):
    """What adoption needs of the connection to Google."""

    @property
    def account(self) -> str:
        """Return the address with which spreadsheets are shared."""

    def about(self, book_id: str) -> dict[str, Any]:
        """Return what Drive says of a file."""

    def survey(self, book_id: str) -> answers.Book:
        """Return a book with its merges, filters and marks."""

    def write(self, book_id: str, batch: list, ranges: list[str] | None = None) -> Any:
        """Apply a batch, all or nothing."""


@dataclass
class Looked:
    """What was seen of a spreadsheet, what is proposed for it, and what binding it would change."""

    survey: Survey
    proposal: dict[str, Any]
    mapping: Choices
    preview: dict[str, Any]
    targets: list[Target] = field(default_factory=list)
    #: Tabs bound until now that are not to be any more: {sheetId: whether their column of ids goes too}.
    dropped: dict[int, bool] = field(default_factory=dict)


def read(sheets: Sheets, book_id: str) -> Survey:
    """Read a spreadsheet; raise BookTrouble, in words that say what to do, when it cannot be adopted."""
    try:
        about = sheets.about(book_id)
    except Rejected:
        # Drive may be closed to the account where Sheets is not: the reading itself will tell.
        about = {}
    _check(about, sheets.account)
    try:
        return survey(sheets.survey(book_id))
    except Rejected as error:
        if NOT_FOR_THIS in str(error):
            raise Rejected(str(EXCEL)) from error
        raise


def _check(about: Mapping[str, Any], account: str) -> None:
    kind = about.get("mimeType", SPREADSHEET)
    if kind != SPREADSHEET:
        raise Rejected(str(FOLDER if kind == DRIVE_FOLDER else EXCEL))
    if about.get("trashed"):
        raise Rejected(TRASHED)
    if not about.get("capabilities", {}).get("canEdit", True):
        raise Rejected(VIEWER.format(account))


def look(
    sheets: Sheets, book_id: str, cohort_id: int, audience: str,
    mapping: Mapping[str, Any] | None = None, before: Mapping[str, Any] | None = None,
) -> Looked:  # fmt: skip
    """Read a spreadsheet, propose a mapping or take the one given, and rehearse what it would change.

    `before` is the proposal that the given mapping corrected: a tab whose headers have changed since is
    proposed anew.
    """
    seen = read(sheets, book_id)
    with connection():
        proposal = _proposal(seen, book_id, cohort_id, audience)
        bound = bindings.adopted(book_id, cohort_id)
        scratch = bindings.scratch_id(book_id)
    seen.scratch_id = scratch or seen.scratch_id
    chosen, notes = _chosen(proposal, mapping or {}, before or {}, _added(seen, bound))
    problems = mappings.problems(proposal, chosen)
    if not any(grid.height for grid in seen.grids):
        problems = [Problem(EMPTY)]
    found = Looked(seen, proposal, chosen, {})
    if not problems:
        added = {tab.sheet_id: bool(tab.mapping.get("id_added", True)) for tab in bound}
        found.targets = list(targets(seen, proposal, chosen, added))
        kept = {target.sheet_id for target in found.targets}
        found.dropped = {sheet: ours for sheet, ours in added.items() if sheet not in kept and sheet in seen.tabs}
        problems = list(closed(seen, found.targets, sheets.account))
    rehearsal = Rehearsal() if problems else rehearse(book_id, cohort_id, audience, found.targets, seen.tabs)
    rehearsal.lines["refused"] = protected_once(rehearsal.lines["refused"], sheets.account)
    problems += [Problem(why, str(sheet)) for sheet, why in rehearsal.paused.items()]
    found.targets = [spelled(target, rehearsal) for target in found.targets]
    notes += [DROPPED.format(tab=seen.tabs[sheet].title) for sheet in found.dropped]
    notes += undecided(proposal, chosen)
    told = [*notes, *warnings(seen, proposal, found.targets, sheets.account), *doubles(rehearsal)]
    found.preview = _preview(problems, told, rehearsal, chosen)
    return found


# -- the proposal -------------------------------------------------------------------------------


def _proposal(seen: Survey, book_id: str, cohort_id: int, audience: str) -> dict[str, Any]:
    known = _known(cohort_id)
    mine = {kind: one for kind, one in known.items() if WORKSHEETS[kind].audience == audience}
    others = {kind: one for kind, one in known.items() if kind not in mine}
    taken = {
        sheet: f"déjà relié à la promotion {code} ({vocabulary.KINDS[kind]})"
        for sheet, (code, kind) in bindings.others(book_id, cohort_id).items()
    }
    found = propose(seen.title, seen.grids, mine, others, taken).as_dict()
    for tab in found["tabs"]:
        for reading in tab["readings"].values():
            for guess in reading["columns"]:
                guess["letter"] = address(guess["column"], 0).rstrip("1")
    found["kinds"] = {kind: _kind(one) for kind, one in mine.items()}
    found["half_days"] = [[slot.key, slot.label] for slot in next(iter(known.values())).calendar]
    return found


def _known(cohort_id: int) -> dict[str, Known]:
    headers = calendar.headers(cohort_id)
    rows = {row[0]: row for row in calendar.half_days(cohort_id)}
    slots = [Slot(key, rows[key][6].isoformat() if rows[key][6] else "", rows[key][7], headers[key]) for key in headers]
    names = [(row["last_name"], row["first_name"]) for row in people.snapshot(cohort_id).values()]
    return {kind: Known(kind, sheet.columns(cohort_id), slots, names) for kind, sheet in WORKSHEETS.items()}


def _kind(known: Known) -> dict[str, Any]:
    """Return how a kind is called, what its columns may be, and which of them recognise a row."""
    return {
        "label": vocabulary.KINDS[known.kind],
        "fields": [[column.field, column.header] for column in known.fields],
        "keys": [list(keys) for keys in vocabulary.KEYS[known.kind]],
        "matrix": known.matrix,
    }


def _added(seen: Survey, bound: Iterable[BoundTab]) -> dict[tuple[int, str], dict[int, str]]:
    """Return {(sheetId, kind): {column: field}} of what the sync added beside the columns that were bound."""
    return {
        (tab.sheet_id, tab.kind): {
            mark.column: name
            for name, mark in seen.marks.get(tab.sheet_id, {}).items()
            if name != ID and name not in tab.mapping.get("headers", {})
        }
        for tab in bound
    }


def _chosen(
    proposal: Mapping[str, Any], mapping: Mapping[str, Any], before: Mapping[str, Any],
    added: Mapping[tuple[int, str], Mapping[int, str]],
) -> tuple[Choices, list[str]]:  # fmt: skip
    """Return the mapping to go on with, and what people have to know of it."""
    chosen, notes = mappings.proposed(proposal), []
    earlier = {str(tab["sheet_id"]): tab for tab in before.get("tabs", [])}
    for tab in proposal["tabs"]:
        sheet = str(tab["sheet_id"])
        if sheet not in mapping or tab["taken"]:
            continue
        new = added.get((tab["sheet_id"], mapping[sheet]["kind"]), {})
        kept = _kept(mapping[sheet], tab, earlier.get(sheet, {"readings": {}}), new)
        if kept is None:
            notes.append(f"Onglet « {tab['title']} » : ses en-têtes ont changé, vérifiez ses colonnes de nouveau.")
        else:
            chosen[sheet] = kept
    return chosen, notes


def _kept(
    choice: Mapping[str, Any], tab: Mapping[str, Any], earlier: Mapping[str, Any], added: Mapping[int, str]
) -> dict[str, Any] | None:
    """Return what was chosen for a tab as its columns stand now, None when the staff changed its headers.

    Columns that the sync added since push those on their right along: that is no change of the staff's.
    """
    now, known = _headers(tab, choice["kind"]), _headers(earlier, choice["kind"])
    if not choice["kind"] or now == known:
        return dict(choice)
    places = {column - sum(new < column for new in added): column for column in now if column not in added}
    if {place: now[column] for place, column in places.items()} != known:
        return None
    columns = {str(places[int(old)]): name for old, name in choice["columns"].items() if int(old) in places}
    # A half-day that was given another column meanwhile leaves the one that was added for it.
    more = {str(column): name for column, name in added.items() if name not in columns.values()}
    return {**choice, "columns": {**columns, **more}}


def _headers(tab: Mapping[str, Any], kind: str) -> dict[int, str]:
    reading = tab["readings"].get(kind)
    return {guess["column"]: guess["header"] for guess in reading["columns"]} if reading else {}


# -- the preview --------------------------------------------------------------------------------


def _preview(
    problems: list[Problem], told: list[str], rehearsal: Rehearsal, mapping: Choices
) -> dict[str, Any]:
    """Return the preview as plain values; its digest tells whether two of them say the same."""
    counts = {name: len(lines) for name, lines in rehearsal.lines.items()}
    body = {"lines": rehearsal.lines, "agreed": rehearsal.agreed, "ids": rehearsal.ids, "mapping": mapping}
    said = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return {
        "problems": [vars(problem) | {"text": str(problem.text)} for problem in problems],
        "warnings": list(dict.fromkeys(told)),
        "counts": counts,
        "lines": {name: lines[:MOST_LINES] for name, lines in rehearsal.lines.items()},
        "agreed": rehearsal.agreed,
        "ids": rehearsal.ids,
        "digest": hashlib.sha256(said.encode()).hexdigest()[:16],
    }


__all__ = ["BookTrouble", "Looked", "Sheets", "look", "read"]
