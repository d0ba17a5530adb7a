"""A tutor's own page: their papers of every promotion, their next day, what is late, an exchange noted at once."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints import access, htmx, readable, wording
from blueprints.exchanges import said
from blueprints.forms import once
from rules.calendar import KINDS
from rules.papers import MILESTONES
from rules.values import display_date
from store import following_exchanges, own
from store.errors import Refused
from store.following_facts import Followed
from store.own import Follower

bp = Blueprint("own", __name__, url_prefix="/suivi")
#: Lengths of an exchange that one tap chooses, in minutes; another one is typed.
LENGTHS = (15, 30, 45, 60)
FIELDS = ("day", "minutes", "other", "summary")


@dataclass(frozen=True)
class Trouble:
    """Say what is wrong with the exchange last sent, of which paper, and what was typed; or that it was noted."""

    paper: str = ""
    message: str = ""
    field: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    saved: bool = False


NONE = Trouble()


@bp.get("/")
def index() -> Response:
    """Show what one tutor follows: to a tutor, their own; to the office, that of `?tuteur=`."""
    follower, names = _asked()
    cohorts = own.cohorts(follower)
    version = int(htmx.digest((cohorts, names, htmx.today(), follower.name)), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    return _page(follower, names, cohorts, version)


def _asked() -> tuple[Follower, list[str]]:
    """Return whose papers are asked for, and whose the office may ask for; stop with 404 for nobody known."""
    if readable.confined():
        return Follower(current_user.id, current_user.name), []
    names = own.names()
    name = request.values.get("tuteur", "")
    if name and name not in names:
        abort(404)
    return Follower(None, name or (names[0] if names else "")), names


def _page(
    follower: Follower, names: list[str], cohorts: list[tuple], version: int, trouble: Trouble = NONE
) -> Response:
    today = htmx.today()
    found = [(code, title, own.papers(key, follower, today)) for key, code, title, _version in cohorts]
    counts = {code: len(papers) for code, _title, papers in found}
    return htmx.render(
        "own/index.html", "own/_own.html", 422 if trouble.message else 200,
        follower=follower, names=names, version=version, address=_address(follower),
        groups=[
            (code, title, [_line(follower, code, paper, today, trouble) for paper in papers])
            for code, title, papers in found
        ],
        late=[(code, paper, htmx.say(paper.lacks[0].message), len(paper.lacks) - 1)
              for code, _title, papers in found for paper in papers if paper.lacks],
        next=_next(cohorts, counts, today), total=sum(counts.values()),
    )  # fmt: skip


def _address(follower: Follower) -> str:
    return url_for("own.index", tuteur=None if readable.confined() else follower.name or None)


def _next(cohorts: list[tuple], counts: dict[str, int], today: date) -> dict[str, object]:
    """Return what is said of the next day of tutoring: when, and each half-day with its list to print."""
    found = own.next_days([row[0] for row in cohorts], today)
    if not found:
        return {}
    lines = [
        {"code": code, "id": key, "start": start, "end": end, "kind": _(KINDS[kind]), "place": place,
         "papers": counts[code]}
        for code, key, _day, start, end, kind, place in found
    ]  # fmt: skip
    day = found[0][2]
    return {"day": wording.long_date(day), "days": (day - today).days, "lines": lines}


def _line(follower: Follower, code: str, paper: Followed, today: date, trouble: Trouble) -> str:
    """Return the HTML of one paper, with the form that notes an exchange about it."""
    facts, trouble = paper.facts, trouble if trouble.paper == paper.id else NONE
    others = [name for name in paper.tutors if name != follower.name] if len(paper.tutors) > 1 else []
    lacks = [htmx.say(lack.message) for lack in paper.lacks]
    seen = (paper, lacks, others, today, htmx.language())
    return htmx.fragment(
        "own/_paper.html", code=code, paper=paper, facts=facts, lacks=lacks, others=others,
        milestone=_(MILESTONES[facts.milestone]), last=_day(facts.last_exchange), deposited=_day(facts.deposited_on),
        today=_day(today), lengths=LENGTHS, trouble=trouble, typed=dict(trouble.typed), tuteur=_named(follower),
        action=url_for("own.note", code=code, paper_id=paper.id), version=htmx.digest(seen),
    )  # fmt: skip


def _named(follower: Follower) -> str:
    return "" if readable.confined() else follower.name


def _day(day: date | None) -> str:
    return display_date(day.isoformat()) if day else ""


@bp.post("/<code>/<paper_id>")
def note(code: str, paper_id: str) -> Response:
    """Note an exchange about a paper; answer with its line, or go back to the page."""
    access.paper(code, paper_id)
    form = request.form
    typed = {name: form.get(name, "").strip() for name in FIELDS}
    values = {"day": typed["day"], "minutes": typed["other"] or typed["minutes"], "summary": typed["summary"]}
    trouble = Trouble(paper_id, saved=True)
    try:
        with once() as first:
            if first:
                following_exchanges.add(access.author(), paper_id, values)
    except Refused as error:
        trouble = Trouble(paper_id, said(error), getattr(error, "field", ""), tuple(typed.items()))
    return _answer(code, paper_id, trouble)


def _answer(code: str, paper_id: str, trouble: Trouble) -> Response:
    follower, names = _asked()
    cohorts = own.cohorts(follower)
    if htmx.wanted():
        key = next((row[0] for row in cohorts if row[1] == code), 0)
        paper = next((one for one in own.papers(key, follower, htmx.today()) if one.id == paper_id), None)
        if paper is None:
            abort(404)
        line = _line(follower, code, paper, htmx.today(), trouble)
        return htmx.finish(line, 422 if trouble.message else 200)
    if trouble.message:
        return _page(follower, names, cohorts, 0, trouble)
    return htmx.done(f"{_address(follower)}#ligne-{paper_id}", _("Échange noté."))
