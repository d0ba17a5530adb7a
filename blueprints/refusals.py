"""The values typed in a sheet that the rules refuse: what, where, why, and what stays in force meanwhile."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from flask import Blueprint, Response
from flask_babel import gettext as _

from blueprints import htmx, readable, wording
from store import records
from store.between import ListedRefusal

bp = Blueprint("refusals", __name__, url_prefix="/refus")
#: How the sync names a row of the sheet that is not a record yet.
NEW_ROW = "ligne "
#: And the row of the headers of a matrix.
HEADERS = "#"
#: Fields that the intranet computes in the tabs that only follow another.
COMPUTED = frozenset({"last_name", "first_name", "hours_absent", "proposal"})


@bp.get("/")
def index() -> Response:
    """List the refused values by cohort and tab."""
    found = readable.refusals()
    held = records.held((records.OF_TAB[row.kind], row.row) for row in found)
    kept = [_in_force(row, held.get((records.OF_TAB[row.kind], row.row), {})) for row in found]
    version = int(htmx.digest((found, kept, htmx.today())), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    rows = list(_rows(zip(found, kept, strict=True)))
    return htmx.render("refusals/index.html", "refusals/_refusals.html", rows=rows, total=len(found), version=version)


def _rows(found: Iterable[tuple[ListedRefusal, str]]) -> Iterator[str]:
    """Give the HTML of every refusal with what stays in force, those of each tab under its own heading."""
    language = htmx.language()
    for (cohort, book, sheet_id, tab), group in groupby(found, key=lambda pair: pair[0][1:5]):
        lines = list(group)
        yield htmx.fragment(
            "refusals/_heading.html", key=f"{book}-{sheet_id}", cohort=cohort, tab=tab, total=len(lines),
            version=htmx.digest((tab, len(lines))),
        )  # fmt: skip
        for row, kept in lines:
            yield _line(row, kept, htmx.moment(row.since), language)


def _in_force(row: ListedRefusal, held: Mapping[str, str]) -> str:
    """Say what the intranet keeps while the sheet holds a value that it refuses."""
    if row.row.startswith(NEW_ROW):
        return _("rien : cette ligne n'est pas encore dans l'intranet")
    if row.row == HEADERS:
        return _("les en-têtes que l'intranet connaît")
    if not row.field:
        return _("la ligne telle que l'intranet la connaît")
    if row.kind != "participants" and row.field in COMPUTED:
        return _("la valeur que calcule l'intranet")
    return wording.cell(row.kind, row.field, held.get(row.field, ""))


@lru_cache(maxsize=1024)
def _line(row: ListedRefusal, kept: str, since: str, language: str) -> str:
    """Return the HTML of one refusal; the same values give the same HTML, so it is kept."""
    return htmx.fragment(
        "refusals/_refusal.html",
        row=row, kept=kept, since=since, version=htmx.digest((row, kept)),
        link=htmx.settings().book_address(row.book, row.sheet_id, row.address),
    )  # fmt: skip
