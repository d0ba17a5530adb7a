"""What became of the values of one record: who, when, through which door; and giving one back what it was before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, journal_lines, readable, wording
from blueprints.forms import once, row_id
from blueprints.rights import RESTRICTED
from blueprints.tutoring import TUTOR_FIELDS
from store import candidate_numbers, history, rolls, tutoring
from store.errors import Changed, Refused, Unknown
from store.history import Entry
from store.journal import DOORS
from store.models.base import now
from store.records import OF_JURY, OF_PAPER, RECORDS, paper_of

bp = Blueprint("history", __name__, url_prefix="/promotions/<code>/historique/<kind>/<row>")
#: Entries of a page; the older ones are one link away.
SHOWN = 200
#: Values that one form changed are written within this time.
TOGETHER = timedelta(seconds=1)
#: What the journal calls the histories of one half-day, and those of one person.
OF_HALF_DAY = ("half_day", "roll", "sign_in_sheet")
OF_PERSON = ("enrolment", "mark", "paper", "following", "dossier", "release")


@dataclass(frozen=True)
class Line:
    """One value in one change; `back` is the entry to give back what it was, 0 where that makes no sense.

    `before` is '' for what was entered with a new row: it was nothing.
    """

    field: str
    label: str
    before: str
    after: str
    back: int
    seen: str
    reason: str


@dataclass(frozen=True)
class Change:
    """What one person changed at once."""

    id: int
    at: str
    author: str
    door: str
    lines: tuple[Line, ...]

    @property
    def back(self) -> list[int]:
        """List the entries to give every value of this change back what it was."""
        return [line.back for line in self.lines if line.back]


@dataclass(frozen=True)
class Shown:
    """The record of an address: its cohort, and what the person of this request may change of it."""

    cohort: access.Cohort
    kind: str
    row: str
    withdrawn: str
    #: Fields to change, None for all of them.
    fields: tuple[str, ...] | None
    hidden: frozenset[str]
    #: Whether what is of a unit stays under a number.
    covered: bool = False

    def hides(self, field: str) -> bool:
        """Tell whether a value is not for this person to read."""
        return field in self.hidden or (self.covered and journal_lines.of_unit(self.kind, field))

    def may_change(self, field: str) -> bool:
        """Tell whether this person may give this value back what it was."""
        return not self.withdrawn and (self.fields is None or field in self.fields)


def _record(code: str, kind: str, row: str) -> Shown:
    cohort, withdrawn = access.record(code, kind, row)
    hidden = frozenset() if "jury" in readable.audiences() else frozenset({RESTRICTED})
    covered = kind == "dossier" and row in candidate_numbers.behind_numbers()
    return Shown(cohort, kind, row, htmx.moment(withdrawn), _changeable(code, kind, row), hidden, covered)


def _changeable(code: str, kind: str, row: str) -> tuple[str, ...] | None:
    """Return what this person may change of a record: everything, some fields, or nothing."""
    if access.role() in access.OFFICE or (kind == "dossier" and access.role() in access.JURY):
        return None
    if kind not in OF_PAPER or access.role() != "tutor":
        return ()
    # Whoever does not follow the paper was stopped already.
    return TUTOR_FIELDS if kind == "paper" else None


@bp.get("/")
def index(code: str, kind: str, row: str) -> Response:
    """Show what became of a record; `?champ=` keeps one value, `?avant=` goes on from an entry."""
    shown = _record(code, kind, row)
    if htmx.unchanged(shown.cohort.version):
        return htmx.nothing_new()
    return _page(shown)


def _page(shown: Shown, wrong: str = "", told: str = "", status: int = 200) -> Response:
    field, before = request.values.get("champ", ""), request.values.get("avant", type=row_id)
    found = history.entries(shown.kind, shown.row, field, before, SHOWN + 1)
    changes = list(_changes(shown, found[:SHOWN]))
    return htmx.render(
        "history/index.html", "history/_history.html", status,
        cohort=shown.cohort, kind=shown.kind, row=shown.row, changes=changes, wrong=wrong, told=told, champ=field,
        oldest=found[SHOWN - 1].id if len(found) > SHOWN else 0, withdrawn=shown.withdrawn,
        address=request.full_path.rstrip("?"), digest=htmx.digest,
        restorable=bool(shown.withdrawn and RECORDS[shown.kind].restore and access.may("deletions.restore")),
        name=_name(shown), things=_things(shown), roll=_roll(shown),
    )  # fmt: skip


def _roll(shown: Shown) -> dict[str, Any] | None:
    """Return where the roll of this history stands, None for another history."""
    if shown.kind != "roll":
        return None
    roll = rolls.states(shown.cohort.id, [shown.row])[shown.row]
    page = url_for("rosters.roster", code=shown.cohort.code, half_day_id=shown.row)
    return {"state": roll, "locked": roll.locked(now()), "page": "" if shown.withdrawn else page}


def _name(shown: Shown) -> str:
    """Return how staff call the record: a person, or the day and hour of a half-day."""
    called = journal_lines.called([(shown.kind, shown.row, "")])
    return called.get(shown.row, shown.row).rpartition(" · ")[0] or shown.row


def _things(shown: Shown) -> list[tuple[str, str, bool]]:
    """List the histories of one person, or of one half-day, as (address, label, whether it is this one)."""
    if shown.kind in OF_HALF_DAY:
        code, labels = shown.cohort.code, (_("Demi-journée"), _("Appel"), _("Émargement"))
        return [
            (url_for("history.index", code=code, kind=kind, row=shown.row), label, kind == shown.kind)
            for kind, label in zip(OF_HALF_DAY, labels, strict=True)
        ]
    about = paper_of(shown.kind, shown.row)
    beside = tutoring.beside(about) if shown.kind in (*OF_PERSON, *OF_PAPER) else None
    if beside is None:
        return []
    labels = (_("Fiche"), _("Présences"), _("Note de validation"), _("Suivi de la note"), _("Dossier de jury"),
              _("Délivrance"))  # fmt: skip
    return [
        (url_for("history.index", code=shown.cohort.code, kind=kind, row=beside[kind in OF_PAPER]), label,
         kind == shown.kind)
        for kind, label in zip(OF_PERSON, labels, strict=True)
        if (kind not in OF_JURY or access.role() in access.JURY)
        and (kind not in OF_PAPER or access.may_follow(shown.cohort.id, beside[1]))
    ]  # fmt: skip


def _changes(shown: Shown, found: list[Entry]) -> Iterator[Change]:
    """Give the changes, each with the values that its author changed at once."""
    found = [entry for entry in found if not shown.hides(entry.field)]
    held = RECORDS[shown.kind].held([shown.row]).get(shown.row, {})
    types = RECORDS[shown.kind].types(shown.cohort.id)
    named = shown.kind in (*journal_lines.BY_HALF_DAY, "following")
    marks = journal_lines.called([(shown.kind, "", entry.field) for entry in found] if named else [])
    for _key, group in groupby(zip(_together(found), found, strict=True), key=lambda pair: pair[0]):
        entries = [entry for _number, entry in group][::-1]
        born = any(entry.field in RECORDS[shown.kind].required and not entry.before for entry in entries)
        lines = tuple(_line(shown, entry, types, held, marks, born) for entry in entries)
        first = entries[0]
        yield Change(first.id, htmx.moment(first.at), first.author, _(DOORS.get(first.door, first.door)), lines)


def _together(found: list[Entry]) -> Iterator[int]:
    """Number the entries by the change that they belong to: one author and door, at once, each value once."""
    number, fields, newer = 0, set(), None
    for entry in found:
        same = newer and (newer.author, newer.door) == (entry.author, entry.door) and newer.at - entry.at < TOGETHER
        if not same or entry.field in fields:
            number, fields = number + 1, set()
        newer = entry
        fields.add(entry.field)
        yield number


def _line(
    shown: Shown, entry: Entry, types: Mapping[str, Any], held: Mapping[str, str], marks: Mapping[str, str], born: bool
) -> Line:
    seen = held.get(entry.field, "")
    back = entry.field in types and entry.before != seen and not born and shown.may_change(entry.field)
    back = back and bool(entry.before or RECORDS[shown.kind].blank)
    label = journal_lines.label(shown.kind, entry.field, marks)
    before, after = (wording.cell(shown.kind, entry.field, text) for text in (entry.before, entry.after))
    return Line(entry.field, label, "" if born else before, after, entry.id if back else 0, seen, entry.reason)


@bp.post("/")
def restore(code: str, kind: str, row: str) -> Response:
    """Give values back what they were before some changes; answer with the history, or go back to its page."""
    shown = _record(code, kind, row)
    keys = _asked()
    fields = set(history.fields(kind, row, keys).values())
    if not all(shown.may_change(field) and not shown.hides(field) for field in fields):
        abort(403)
    expected = {name: request.form[f"seen-{name}"] for name in fields if f"seen-{name}" in request.form}
    try:
        with once() as first:
            if first:
                history.restore(access.author(), kind, row, keys, expected)
    except Unknown:
        abort(404)
    except Refused as error:
        return _page(_record(code, kind, row), htmx.say(error.message), status=422)
    except Changed as error:
        return _page(_record(code, kind, row), _overtaken(kind, error, expected), status=409)
    told = ngettext("Valeur rétablie.", "%(num)d valeurs rétablies.", len(keys))
    if htmx.wanted():
        return _page(_record(code, kind, row), told=told)
    return htmx.done(request.full_path.rstrip("?"), told)


def _asked() -> set[int]:
    """Return the entries that the button of the form names, or stop with 400."""
    texts = request.form.get("entry", "").split(",")
    if not all(text.isdecimal() and len(text) < 19 for text in texts):
        abort(400)
    return {int(text) for text in texts}


def _overtaken(kind: str, error: Changed, expected: Mapping[str, str]) -> str:
    name = next((name for name, text in expected.items() if text == error.expected), "")
    return _("Entre-temps, cette valeur est devenue « %(now)s » : rien n'a été rétabli. Relisez, puis recommencez.",
             now=wording.cell(kind, name, error.current))  # fmt: skip
