"""One line of the board of papers, and the headings above several: kept as long as they say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask_babel import gettext as _
from flask_login import current_user

from blueprints import access, htmx
from blueprints.cells import Problem
from rules import board as rules
from rules.board import Line
from rules.papers import MILESTONES, Load
from store import tutoring

#: What a tutor changes of the papers that they follow.
TUTOR_FIELDS = ("title", "problem", "milestone", "deposited_on", "pages", "link", "report_link", "similarity")
#: What is wrong with a line that was not just changed.
NONE: Mapping[str, Problem] = {}


@dataclass(frozen=True)
class Frame:
    """All that the lines of one page share; pages: the fewest and the most that the rule set asks for."""

    target: str
    tutors: tuple[str, ...]
    themes: tuple[str, ...]
    workshops: bool
    pages: tuple[int | None, int | None]
    due: date | None
    today: date
    office: bool
    language: str


def fields(line: Line) -> tuple[str, ...]:
    """Return what the person of this request may change of one paper."""
    if current_user.role in access.OFFICE:
        return tutoring.FIELDS
    return TUTOR_FIELDS if current_user.role == "tutor" and current_user.id in line.users else ()


@lru_cache(maxsize=512)
def heading(by: str, name: str, count: int, held: Load | None, size: str, editable: bool, language: str) -> str:
    """Render the heading of the lines of one tutor or workshop."""
    said = (by, name, count, held, size, editable, language)
    return htmx.fragment(
        "tutoring/_heading.html", by=by, title=name, count=count, held=held, size=size, editable=editable,
        key=htmx.digest((by, name)), version=htmx.digest(said),
    )  # fmt: skip


def row(
    frame: Frame, may_change: tuple[str, ...], line: Line,
    problems: Mapping[str, Problem] | None = None, saved: bool = False,
) -> str:  # fmt: skip
    """Render one line of the board."""
    marks = rules.marks(line, frame.tutors, frame.themes, frame.due, frame.pages, frame.office)
    return htmx.fragment(
        "tutoring/_row.html", paper=line, fields=may_change, problems=problems or {}, saved=saved, frame=frame,
        version=htmx.digest((frame, may_change, line)), action=f"{frame.target}{line.id}",
        tutors=[("", _("sans tuteur")), *((name, name) for name in _choices(frame, line))],
        milestones=[(code, _(label)) for code, label in MILESTONES.items()],
        milestone=_(MILESTONES.get(line.milestone, "")), marks=[htmx.say(mark) for mark in marks],
        late=rules.is_late(line, frame.due, frame.today),
    )  # fmt: skip


def _choices(frame: Frame, line: Line) -> tuple[str, ...]:
    """Return who may be chosen; whoever follows the paper and left the list is still said."""
    return frame.tutors if not line.tutor or line.tutor in frame.tutors else (*frame.tutors, line.tutor)


#: The same line for the same rights gives the same HTML, so it is kept.
kept_row = lru_cache(maxsize=4096)(row)
