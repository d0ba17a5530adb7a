"""The cells that both sides moved: who put what where, and the choice between both, one by one or many at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, readable, wording
from blueprints.forms import once
from rules.message import Message
from store import between
from store.between import ListedConflict
from store.errors import Changed, Refused, Unknown

bp = Blueprint("conflicts", __name__, url_prefix="/conflits")
#: More than any page shows; a longer list of boxes was not made by one of our pages.
MOST_AT_ONCE = 2000


@dataclass(frozen=True)
class Problem:
    """Say why the last choice about a conflict was not carried out, and what was typed."""

    message: str = ""
    typed: str = ""


NONE = Problem()


@bp.get("/")
def index() -> Response:
    """List the open conflicts by cohort and tab; `?cocher=` ticks the boxes of one tab, or `tout`."""
    found = readable.conflicts()
    # Of what is shown rather than of its HTML: an open page asks every few seconds.
    version = int(htmx.digest((found, access.role(), htmx.language(), htmx.today())), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    return _page(list(_rows(found, {}, request.args.get("cocher", ""))), found, version)


def _page(rows: list[str], found: list[ListedConflict], version: int = 0, told: str = "", wrong: str = "",
          status: int = 200) -> Response:  # fmt: skip
    return htmx.render(
        "conflicts/index.html", "conflicts/_conflicts.html", status,
        rows=rows, total=len(found), version=version, told=told, wrong=wrong,
        editable=any(_editable(row.kind) for row in found),
    )  # fmt: skip


def _rows(found: Iterable[ListedConflict], problems: Mapping[int, Problem], ticked: str = "") -> Iterator[str]:
    """Give the HTML of every conflict, those of each tab under its own heading."""
    language = htmx.language()
    for (cohort, book, sheet_id, tab), group in groupby(found, key=lambda row: row[1:5]):
        key = f"{book}-{sheet_id}"
        lines = list(group)
        editable = _editable(lines[0].kind)
        yield htmx.fragment(
            "conflicts/_heading.html", key=key, cohort=cohort, tab=tab, total=len(lines), editable=editable,
            version=htmx.digest((tab, len(lines))),
        )  # fmt: skip
        for row in lines:
            at = tuple(htmx.moment(moment) for moment in (row.since, row.at))
            yield _line(row, editable, ticked in (key, "tout"), at, language, problems.get(row.id, NONE))


def _editable(kind: str) -> bool:
    return access.role() in (access.JURY if kind == "jury" else access.OFFICE)


@lru_cache(maxsize=1024)
def _line(
    row: ListedConflict, editable: bool, ticked: bool, at: tuple[str, str], language: str, problem: Problem
) -> str:
    """Return the HTML of one conflict; the same values give the same HTML, so it is kept."""
    base, local, remote = (wording.cell(row.kind, row.field, text or "") for text in (row.base, row.local, row.remote))
    return htmx.fragment(
        "conflicts/_conflict.html",
        row=row, base=base, local=local, remote=remote, since=at[0], at=at[1], editable=editable, ticked=ticked,
        link=htmx.settings().book_address(row.book, row.sheet_id, row.address), problem=problem, seen=_seen(row),
        version=htmx.digest((row, editable)),
    )  # fmt: skip


def _seen(row: ListedConflict) -> str:
    return htmx.digest((row.local, row.remote))


# -- one by one -----------------------------------------------------------------------------------


@bp.post("/<int:conflict_id>")
def settle(conflict_id: int) -> Response:
    """Choose a side of a conflict or type a third value; answer with what was chosen, or go back to the list."""
    side, typed = request.form.get("side", ""), request.form.get("third", "")
    if side not in (*between.SIDES, "third"):
        abort(400)
    try:
        with once() as first:
            if first:
                _settle(conflict_id, side, typed)
    except Refused as error:
        return _turned_down(conflict_id, Problem(htmx.say(error.message), typed), 422)
    except (Changed, Unknown):
        return _turned_down(conflict_id, Problem(_overtaken(), typed), 409)
    except Closed:
        return _closed(conflict_id)
    text = _told(side)
    if htmx.wanted():
        return htmx.finish(htmx.fragment("conflicts/_settled.html", id=conflict_id, text=text))
    return htmx.done(url_for("conflicts.index"), text)


class Closed(Exception):
    """The conflict was on the page of whoever chooses, and is open no more."""


def _settle(conflict_id: int, side: str, typed: str) -> None:
    # Only a page that showed a conflict knows what was seen of it: one that never was is simply not found.
    seen_once = bool(request.form.get("seen"))
    if seen_once and not any(row.id == conflict_id for row in readable.conflicts()):
        raise Closed
    row = access.conflict(conflict_id)
    read, found = request.form.get("seen", ""), _seen(row)
    if read != found:
        raise Changed(read, found)
    if side == "third":
        if not typed.strip():
            raise Refused(Message("Tapez la valeur à mettre des deux côtés, ou gardez l'un des deux."))
        between.settle_with(access.author(), conflict_id, typed, (row.local, row.remote))
    else:
        between.settle(access.author(), conflict_id, side, (row.local, row.remote))


def _told(side: str) -> str:
    if side == "third":
        return _("Choix enregistré : votre valeur ira des deux côtés.")
    if side == "intranet":
        return _("Choix enregistré : l'intranet l'emporte.")
    return _("Choix enregistré : la feuille l'emporte.")


def _overtaken() -> str:
    return _("Les valeurs ont changé depuis l'affichage : relisez-les, puis choisissez.")


def _closed(conflict_id: int) -> Response:
    """Say that a conflict was settled meanwhile: nothing was chosen."""
    text = _("Ce conflit est déjà tranché, ou s'est refermé de lui-même : votre choix n'a pas été enregistré.")
    if htmx.wanted():
        return htmx.finish(htmx.fragment("conflicts/_settled.html", id=conflict_id, text=text, late=True), 409)
    return _after({}, wrong=text, status=409)


def _turned_down(conflict_id: int, problem: Problem, status: int) -> Response:
    """Show a conflict again with what is wrong and what was typed: nothing was chosen."""
    row = access.conflict(conflict_id)
    if htmx.wanted():
        at = (htmx.moment(row.since), htmx.moment(row.at))
        return htmx.finish(_line(row, True, False, at, htmx.language(), problem), status)
    found = readable.conflicts()
    return _page(list(_rows(found, {conflict_id: problem})), found, status=status)


# -- many at once ---------------------------------------------------------------------------------


@bp.post("/")
def settle_many() -> Response:
    """Keep one side of every conflict that was ticked; those that moved since they were read are left and said."""
    side, chosen = request.form.get("side", ""), request.form.getlist("chosen", type=int)
    if side not in between.SIDES or len(chosen) > MOST_AT_ONCE:
        abort(400)
    if not chosen:
        return _after({}, wrong=_("Cochez d'abord un ou plusieurs conflits."), status=422)
    left: set[int] = set()
    with once() as first:
        if first:
            left = _settle_many(chosen, side)
    done = len(set(chosen)) - len(left)
    told = _counted(done, side) if done else ""
    if left:
        return _after(dict.fromkeys(left, Problem(_overtaken())), told, _left(len(left)), 409)
    return _after({}, told) if htmx.wanted() else htmx.done(url_for("conflicts.index"), told)


def _settle_many(chosen: list[int], side: str) -> set[int]:
    """Settle what is as it was read; return the conflicts left alone."""
    open_now = {row.id: row for row in readable.conflicts()}
    if any(not _editable(open_now[key].kind) for key in chosen if key in open_now):
        abort(403)
    as_read = [key for key in chosen if key in open_now and request.form.get(f"seen-{key}") == _seen(open_now[key])]
    seen = {key: (open_now[key].local, open_now[key].remote) for key in as_read}
    return (set(chosen) - set(as_read)) | between.settle_all(access.author(), side, seen)


def _counted(number: int, side: str) -> str:
    if side == "intranet":
        return ngettext("%(num)d conflit tranché : l'intranet l'emporte.",
                        "%(num)d conflits tranchés : l'intranet l'emporte.", number)  # fmt: skip
    return ngettext("%(num)d conflit tranché : la feuille l'emporte.",
                    "%(num)d conflits tranchés : la feuille l'emporte.", number)  # fmt: skip


def _left(number: int) -> str:
    return ngettext(
        "%(num)d conflit laissé de côté : il a changé ou a été tranché entre-temps.",
        "%(num)d conflits laissés de côté : ils ont changé ou ont été tranchés entre-temps.", number,
    )  # fmt: skip


def _after(problems: Mapping[int, Problem], told: str = "", wrong: str = "", status: int = 200) -> Response:
    found = readable.conflicts()
    return _page(list(_rows(found, problems)), found, told=told, wrong=wrong, status=status)
