"""What was withdrawn in the last thirty days, to be brought back in one click."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx, journal_lines, wording
from blueprints.forms import once
from blueprints.people import waits_again
from store import people, removals
from store.journal import DOORS
from store.records import RECORDS
from store.removals import Removal

bp = Blueprint("deletions", __name__, url_prefix="/suppressions")


@bp.get("/")
def index() -> Response:
    """List what was withdrawn, the newest first; `?promotion=` keeps one cohort."""
    code = request.args.get("promotion", "")
    if code:
        access.cohort(code)
    found = removals.withdrawn(code=code)
    called = journal_lines.called([(row.kind, row.row, "") for row in found])
    rows = [_row(row, called.get(row.row, row.row)) for row in found]
    version = int(htmx.digest(rows), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    return htmx.render(
        "deletions/index.html", "deletions/_deletions.html",
        rows=rows, version=version, code=code, codes=[row[1] for row in people.cohorts()],
        address=request.full_path.rstrip("?"), days=removals.LIFE.days,
    )  # fmt: skip


def _row(row: Removal, name: str) -> str:
    return htmx.fragment(
        "deletions/_row.html",
        row=row, called=name.rpartition(" · ")[0] or name, thing=_(wording.THINGS[row.kind]), at=htmx.moment(row.at),
        door=_(DOORS.get(row.door, row.door)) if row.door else "", editable=access.may("deletions.restore"),
        from_sheet=row.door == "sheet",
        version=htmx.digest((row, name)),
    )  # fmt: skip


@bp.post("/<kind>/<row>")
def restore(kind: str, row: str) -> Response:
    """Bring a row back; answer with what was done, or go back to the page that the form was on."""
    text, status = _("C'est rétabli : la feuille retrouvera cette ligne au prochain passage."), 200
    with once() as first:
        before = removals.brought_back(kind, row) if first else None
        if before:
            status, text = 409, _("Cette ligne est déjà rétablie, par %(who)s.", who=before)
        elif first and _restore(kind, row):
            text = waits_again()
    if htmx.wanted():
        return htmx.finish(htmx.fragment("deletions/_restored.html", row=row, text=text), status)
    code = request.form.get("promotion", "")
    return htmx.done(url_for("deletions.index", promotion=code or None), text)


def _restore(kind: str, row: str) -> bool:
    """Bring a row back; tell whether it is on the waiting list for want of a place."""
    if not any((found.kind, found.row) == (kind, row) for found in removals.withdrawn()):
        abort(404)
    return bool(RECORDS[kind].restore(access.author(), row))  # type: ignore[misc]
