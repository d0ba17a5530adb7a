"""The board of papers as pages show it: the view of an address, lines and headings, load, and what was just done."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints import access, cells, htmx, paper_lines, readable
from blueprints.cells import Problem
from blueprints.paper_lines import NONE, Frame, fields, kept_row, row
from rules import board as rules
from rules.board import Line, View
from rules.papers import MILESTONES
from store import board, people

#: Columns with what they are sorted by.
COLUMNS = (
    ("nom", "Participant·e"), ("titre", "Titre"), ("", "Problématique"), ("tuteur", "Tuteur"), ("", "Co-tuteur"),
    ("atelier", "Atelier"), ("etape", "Étape"), ("echange", "Dernier échange"), ("depot", "Déposée le"), ("", "Pages"),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What was just done on this page, what was left aside and why, and the entries of the journal that undo it."""

    text: str = ""
    left: tuple[str, ...] = ()
    entries: tuple[int, int] | None = None
    #: Grows with each answer, so that the form of several papers never comes back with a key carried out already.
    token: str = field(default_factory=lambda: secrets.token_urlsafe(6))


@dataclass(frozen=True)
class Board:
    """Everything a request needs: the cohort, its papers as this person may see them, who may tutor, its rule set."""

    cohort: Any
    lines: list[Line]
    tutors: list[board.Tutor]
    rules: Any
    frame: Frame


def of(cohort: Any) -> Board:
    """Gather the board of a cohort: a tutor sees the papers that they follow, and nobody else's load."""
    lines, tutors, rule_set = board.lines(cohort.id), board.tutors(cohort.id), people.rule_set(cohort.id)
    frame = _frame(cohort, tutors, rule_set)
    if readable.confined():
        lines = [line for line in lines if current_user.id in line.users]
        tutors = [tutor for tutor in tutors if tutor.user == current_user.id]
    return Board(cohort, lines, tutors, rule_set, frame)


def _frame(cohort: Any, tutors: list[board.Tutor], rule_set: Any) -> Frame:
    return Frame(
        target=url_for("tutoring.change", code=cohort.code, paper_id="-")[:-1],
        tutors=tuple(tutor.name for tutor in tutors),
        themes=tuple(dict.fromkeys(theme for tutor in tutors for theme in tutor.themes)),
        workshops=bool(rule_set.workshop_max or rule_set.workshop_min),
        pages=(rule_set.pages_min, rule_set.pages_max),
        due=rule_set.paper_due, today=htmx.today(),
        office=current_user.role in access.OFFICE, language=htmx.language(),
    )  # fmt: skip


def page(cohort: Any) -> Response:
    """Answer with the board as the address asks, kept for as long as nothing of the cohort changes."""
    asked, undo = rules.view(request.args), _asked_undo()
    if undo or "cocher" in request.args:
        return show(of(cohort), undo)
    who = current_user.id if readable.confined() else 0
    parts = _kept_section(cohort, asked, current_user.role, who, htmx.language(), htmx.today())
    return htmx.finish_around("" if htmx.wanted() else _around(cohort, htmx.HERE), parts)


# The version of a cohort grows with any change to it: two requests of one version show the same.
@lru_cache(maxsize=8)
def _kept_section(cohort: Any, asked: View, role: str, who: int, language: str, today: date) -> list[list[bytes]]:
    return htmx.cut(_section(of(cohort), asked))


def _around(cohort: Any, section: str) -> str:
    return render_template("tutoring/index.html", cohort=cohort, board=section)


def show(found: Board, told: Told | None = None, wrong: str = "", problems: Mapping[str, Problem] | None = None,
         status: int = 0) -> Response:  # fmt: skip
    """Answer with the board and what was just done; `wrong` is the paper whose last change met these problems."""
    problems = problems or {}
    section = _section(found, rules.view(request.args), told, wrong, problems)
    html = section if htmx.wanted() else _around(found.cohort, section)
    return htmx.finish(html, status or cells.status(problems))


def _section(
    found: Board, asked: View, told: Told | None = None, wrong: str = "", problems: Mapping[str, Problem] = NONE,
) -> str:  # fmt: skip
    lines = rules.shown(found.lines, asked, found.frame.due, found.frame.today)
    held = panel(found, asked)
    return render_template(
        "tutoring/_papers.html",
        cohort=found.cohort, address=address(found.cohort.code, asked), told=told, query=query(asked),
        rows=_ticked(_rows(found, lines, asked, wrong, problems)), count=len(lines), editable=found.frame.office,
        read_only=not any(fields(line) for line in lines), milestones=_milestones(), groupings=rules.GROUPINGS,
        columns=_columns(found, asked), version=_version(found, held, told), **held,
    )  # fmt: skip


def _asked_undo() -> Told | None:
    """Return what the address says was just done here, to be undone: « fait=12-15 », without JavaScript."""
    first, _dash, last = request.args.get("fait", "").partition("-")
    if not all(text.isdecimal() and len(text) < 18 for text in (first, last)):
        return None
    return Told(entries=(int(first), int(last)))


def _ticked(rows: list[str]) -> list[str]:
    """Tick every line when the address asks for it, which needs no JavaScript."""
    if request.args.get("cocher") != "tout":
        return rows
    return [html.replace(' name="chosen"', ' name="chosen" checked') for html in rows]


def _version(found: Board, held: Mapping[str, Any], told: Told | None) -> str:
    """Return what changes with the choices of the form of several papers, and with each answer to it."""
    places = [name for name, *_more in held["sizes"]]
    return htmx.digest((found.frame.tutors, places, found.frame.language)) + (told.token if told else "")


def query(asked: View) -> str:
    """Return what the address of a view says after its path, '' for the whole board."""
    said = urlencode(rules.arguments(asked))
    return f"?{said}" if said else ""


def address(code: str, asked: View) -> str:
    """Return the address of the board under a view."""
    return url_for("tutoring.index", code=code) + query(asked)


def panel(found: Board, asked: View) -> dict[str, Any]:
    """Return what the panel shows: each tutor's papers and capacity, each workshop's size, what waits for either."""
    code, rule_set = found.cohort.code, found.rules
    capacities = {tutor.name: tutor.capacity for tutor in found.tutors}
    loads = rules.loads(found.lines, capacities)
    sizes = rules.workshops(found.lines, rule_set.workshop_min, rule_set.workshop_max)
    if readable.confined():
        # What others follow, and who else is in a workshop, is not theirs to count.
        loads = {name: held for name, held in loads.items() if name in capacities}
        sizes = {}
    shared = Counter(line.cotutor for line in found.lines)

    def link(**to: Any) -> str:
        return address(code, replace(asked, **{"tutor": "", "workshop": "", "without": ""} | to))

    return {
        "loads": [(name, link(tutor=name), held, shared[name]) for name, held in loads.items()],
        "sizes": [(name, link(workshop=name), count, htmx.say(words or "")) for name, (count, words) in sizes.items()],
        "orphans": sum(not line.tutor for line in found.lines), "total": len(found.lines), "everything": link(),
        "unfiltered": address(code, View(by=asked.by, sort=asked.sort)),
        "without_tutor": link(without="tuteur"), "without_workshop": link(without="atelier"),
        "homeless": sum(not line.workshop for line in found.lines), "workshops": found.frame.workshops,
        "tutors": tuple(capacities), "confined": readable.confined(),
        "new_workshop": rules.next_workshop(sizes), "asked": asked,
        "late": sum(rules.is_late(line, found.frame.due, found.frame.today) for line in found.lines),
    }  # fmt: skip


def _columns(found: Board, asked: View) -> list[tuple[str, str, str, str]]:
    """List the columns as (class, label, address that sorts by it, which way it is sorted now)."""
    shown = [column for column in COLUMNS if column[1] != "Atelier" or found.frame.workshops]
    return [
        (f"h-{place}", _(label), _sorting(found.cohort.code, asked, sort) if sort else "", _way(asked, sort))
        for place, (sort, label) in enumerate(shown)
    ]


def _sorting(code: str, asked: View, sort: str) -> str:
    return address(code, replace(asked, sort=f"-{sort}" if asked.sort == sort else sort))


def _way(asked: View, sort: str) -> str:
    return {sort: "up", f"-{sort}": "down"}.get(asked.sort, "") if sort else ""


def _milestones() -> list[tuple[str, str]]:
    return [(code or rules.NO_MILESTONE, _(label)) for code, label in MILESTONES.items()]


def _rows(
    found: Board, lines: list[Line], asked: View, wrong: str, problems: Mapping[str, Problem]
) -> list[str]:
    """Render lines, under their headings where they are grouped."""

    def html(line: Line) -> str:
        if line.id == wrong:
            return row(found.frame, fields(line), line, problems)
        return kept_row(found.frame, fields(line), line)

    if not asked.by:
        return [html(line) for line in lines]
    everyone = () if asked.filtered or asked.by != "tuteur" else tuple(tutor.name for tutor in found.tutors)
    loads = rules.loads(found.lines, {tutor.name: tutor.capacity for tutor in found.tutors})
    limits = (None, None) if readable.confined() else (found.rules.workshop_min, found.rules.workshop_max)
    sizes = rules.workshops(found.lines, *limits)
    rows: list[str] = []
    for group in rules.grouped(lines, asked.by, everyone):
        size = htmx.say(sizes.get(group.name, (0, None))[1] or "") if asked.by == "atelier" else ""
        held = loads.get(group.name) if asked.by == "tuteur" else None
        said = (asked.by, group.name, len(group.lines), held, size)
        rows.append(paper_lines.heading(*said, found.frame.office, htmx.language()))
        rows += map(html, group.lines)
    return rows
