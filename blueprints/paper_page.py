"""The page of one paper: its lines, each drawn alone or in the whole page, and what was turned down in its place."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints import access, htmx, wording
from blueprints.cells import Problem
from documents.papers_read import MOST_BYTES
from rules.attendance import BY_CODE
from rules.exchanges import display_length
from rules.following import DATED, RANK, deadline
from rules.papers import MILESTONES, page_difference
from rules.values import display_date
from store import following, following_exchanges, following_facts, following_files, following_reports, tutoring
from store.following import DONE, REACHED, REMARK
from store.following_exchanges import Noted
from store.following_facts import Followed, Look

#: Lines of the page beside its milestones and its half-days: fields of the paper itself.
SUBJECT, DEPOSIT = "sujet", "depot"
FIELDS_OF = {
    SUBJECT: ("title", "problem", "milestone"),
    DEPOSIT: ("deposited_on", "pages", "link", "report_link", "similarity"),
}
#: The form of a new exchange, that of the file, that of a report of plagiarism.
NEW, FILE, REPORT = "echange", "fichier", "plagiat"


@dataclass(frozen=True)
class Trouble:
    """What was turned down, so as to say it in its place: the line or the form, why, and what was typed."""

    place: str = ""
    message: str = ""
    field: str = ""
    typed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    problems: Mapping[str, Problem] = dataclasses.field(default_factory=dict)
    status: int = 200
    saved: bool = False


@dataclass(frozen=True)
class Frame:
    """All that the lines of one page share."""

    cohort: access.Cohort
    paper: Followed
    look: Look
    values: Mapping[str, str]
    notes: Mapping[str, str]
    editable: bool
    root: str

    def draw(self, template: str, key: str, trouble: Trouble, **context: Any) -> str:
        """Return the HTML of one line, with what is wrong when its last try was turned down."""
        mine = trouble if trouble.place == key else Trouble()
        version = htmx.digest((sorted(context.items(), key=str), self.editable, htmx.language()))
        return htmx.fragment(
            template, key=key, editable=self.editable, root=self.root, version=version, problems=mine.problems,
            trouble=mine, code=self.cohort.code, paper_id=self.paper.id, **context,
        )  # fmt: skip


def frame(cohort: access.Cohort, paper_id: str) -> Frame:
    """Return what the lines of a paper share, or stop with 404."""
    look = following_facts.look(cohort.id, htmx.today())
    paper = look.paper(paper_id)
    if paper is None:
        abort(404)
    editable = current_user.role in access.OFFICE or current_user.role == "tutor" and current_user.id in paper.users
    return Frame(
        cohort, paper, look, tutoring.held([paper_id])[paper_id], following.held([paper_id]).get(paper_id, {}),
        editable, root(cohort.code, paper_id),
    )  # fmt: skip


def root(code: str, paper_id: str) -> str:
    """Return the address of the page of a paper."""
    return url_for("paper.index", code=code, paper_id=paper_id)


def line(on: Frame, key: str, trouble: Trouble) -> str:
    """Return the HTML of one line of the page, or stop with 404."""
    if key in FIELDS_OF:
        return (_subject if key == SUBJECT else _deposit)(on, trouble)
    if key in MILESTONES and key:
        return _step(on, key, trouble)
    slot = next((slot for slot in on.look.slots if slot["id"] == key), None)
    if slot is None:
        abort(404)
    return _slot(on, slot, trouble)


def fields_of(key: str) -> tuple[str, ...]:
    """Return the fields of one line of the page."""
    if key in FIELDS_OF:
        return FIELDS_OF[key]
    if key in DATED:
        return REACHED + key, REMARK + key
    return (REMARK + key,) if key in MILESTONES else (DONE + key,)


def _subject(on: Frame, trouble: Trouble) -> str:
    shown = {name: on.values[name] for name in FIELDS_OF[SUBJECT]}
    labels = [(code, _(label)) for code, label in MILESTONES.items()]
    return on.draw("following/_subject.html", SUBJECT, trouble, values=shown, milestones=labels,
                   milestone=_(MILESTONES.get(shown["milestone"], "")))  # fmt: skip


def _step(on: Frame, code: str, trouble: Trouble) -> str:
    due = on.look.asked.due if code == "deposited" else on.look.asked.expected.get(code)
    rank = on.paper.facts.rank
    day = on.values["deposited_on"] if code == "deposited" else on.notes.get(REACHED + code, "")
    return on.draw(
        "following/_step.html", code, trouble, label=_(MILESTONES[code]), day=display_date(day), read=day,
        remark=on.notes.get(REMARK + code, ""), expected=due, done=rank >= RANK[code], here=rank == RANK[code],
        late=bool(due and due < htmx.today() and rank < RANK[code]), dated=code in DATED,
    )  # fmt: skip


def _slot(on: Frame, slot: Mapping[str, Any], trouble: Trouble) -> str:
    status = next((day.status for day in on.paper.facts.days if day.id == slot["id"]), "")
    return on.draw(
        "following/_slot.html", slot["id"], trouble, slot=slot, done=on.notes.get(DONE + slot["id"], ""), status=status,
        mark=_(BY_CODE[status].label) if status else "", enrolment=on.paper.enrolment,
        past=bool(slot["day"] and slot["day"] <= htmx.today()),
    )  # fmt: skip


def _deposit(on: Frame, trouble: Trouble) -> str:
    asked, facts = on.look.asked, on.paper.facts
    said = deadline(facts.deposited_on, asked.due, htmx.today()) if asked.due else ""
    difference = page_difference(facts.pages, *asked.pages)
    over = facts.similarity is not None and asked.similarity_max is not None and facts.similarity > asked.similarity_max
    return on.draw(
        "following/_deposit.html", DEPOSIT, trouble, values={name: on.values[name] for name in FIELDS_OF[DEPOSIT]},
        deposited_on=display_date(on.values["deposited_on"]), deadline=htmx.say(said),
        late=bool(asked.due and (facts.deposited_on or htmx.today()) > asked.due and
                  (facts.deposited_on or not facts.deposited)),
        difference=htmx.say(difference or ""), pages=asked.pages, over=over, most=asked.similarity_max,
        similarity=_(wording.field("similarity")),
    )  # fmt: skip


def exchange(on: Frame, noted: Noted, trouble: Trouble) -> str:
    """Return the HTML of one exchange."""
    return on.draw(
        "following/_exchange.html", noted.id, trouble, noted=noted, at=htmx.moment(noted.at),
        shown={"day": display_date(noted.day.isoformat()), "minutes": display_length(str(noted.minutes or "")),
               "summary": noted.summary, "links": noted.links},
        read={"day": noted.day.isoformat(), "minutes": str(noted.minutes or ""), "summary": noted.summary,
              "links": noted.links},
    )  # fmt: skip


def show(cohort: access.Cohort, paper_id: str, trouble: Trouble | None = None, told: str = "") -> Response:
    """Render the page of a paper, or its live part when htmx asks."""
    on, trouble = frame(cohort, paper_id), trouble or Trouble()
    exchanges = following_exchanges.exchanges(paper_id)
    jury = current_user.role in access.JURY
    reports = following_reports.reports(paper_id) if jury else []
    return htmx.render(
        "following/paper.html", "following/_paper.html", trouble.status,
        cohort=cohort, on=on, paper=on.paper, trouble=trouble, told=told, root=on.root, editable=on.editable,
        lacks=[htmx.say(lack.message) for lack in on.paper.lacks], workshop=on.values["workshop"],
        subject=_subject(on, trouble), deposit=_deposit(on, trouble),
        steps=[_step(on, code, trouble) for code in MILESTONES if code],
        slots=[_slot(on, slot, trouble) for slot in on.look.slots],
        exchanges=[exchange(on, noted, trouble) for noted in exchanges if noted.withdrawn is None],
        withdrawn=[(noted, htmx.moment(noted.withdrawn)) for noted in exchanges if noted.withdrawn is not None],
        new=_new(trouble, exchanges), kept=following_files.kept(paper_id), megabytes=MOST_BYTES // 1_000_000,
        keepable=on.editable, may_read=access.may("paper_files.download"), jury=jury,
        reports=[(one, htmx.moment(one.at), htmx.moment(one.withdrawn_at)) for one in reports],
        digest=htmx.digest, moment=htmx.moment, address=on.root,
        places=(NEW, FILE, REPORT),
    )  # fmt: skip


def _new(trouble: Trouble, exchanges: list[Noted]) -> dict[str, Any]:
    """Return what the form of a new exchange holds; it is another one once an exchange was noted."""
    typed = dict(trouble.typed) if trouble.place == NEW else {}
    values = {"day": display_date(htmx.today().isoformat()), "minutes": "", "summary": "", "links": ""} | typed
    wrong = trouble.message if trouble.place == NEW else ""
    version = htmx.digest((sorted(one.id for one in exchanges), typed, wrong, htmx.language()))
    return {"values": values, "message": wrong, "field": trouble.field if wrong else "", "version": version}
