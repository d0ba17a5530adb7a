"""What is missing by tutor and by tutoring day, each with a text and addresses: nothing is sent from here."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from blueprints import access, htmx, wording
from rules import reminders
from rules.following import Lack, brief, by_day, by_tutor
from rules.move_notices import mail_link
from store import following_facts
from store.following_facts import Followed

bp = Blueprint("reminders", __name__, url_prefix="/promotions/<code>/notes/rappels")


class Letter(NamedTuple):
    """A text ready to be sent: to whom, about what; without an address, whom to look for."""

    key: str
    label: str
    subject: str
    text: str
    link: str
    addresses: str
    unknown: str


class Block(NamedTuple):
    """What is missing for one tutor, or on one day, and what to write about it."""

    title: str
    lines: list[tuple[str, str, list[str]]]
    letters: list[Letter]


@bp.get("/")
def index(code: str) -> Response:
    """Show what is missing, by tutor and by day, with the texts to send."""
    cohort = access.cohort(code)
    only = current_user.id if current_user.role == "tutor" else None
    papers = following_facts.papers(cohort.id, htmx.today(), only)
    post = _Post(cohort, papers)
    return htmx.render(
        "following/reminders.html", "following/_reminders.html",
        cohort=cohort, tutors=post.by_tutor(), days=post.by_day(), total=len(papers),
        late=sum(1 for paper in papers if paper.lacks),
    )  # fmt: skip


class _Post:
    """What is missing of some papers, and where to write about it."""

    def __init__(self, cohort: access.Cohort, papers: list[Followed]) -> None:
        self.cohort, self.papers = cohort, {paper.id: paper for paper in papers}
        self.tutors, self.participants = following_facts.addresses(cohort.id)
        self.lacks = {paper.id: paper.lacks for paper in papers}

    def by_tutor(self) -> list[Block]:
        """Return a block for each tutor whose papers lack something; those of nobody come first."""
        found = by_tutor({key: paper.tutors for key, paper in self.papers.items()}, self.lacks)
        return [self._tutor(number, name, found[name]) for number, name in enumerate(sorted(found, key=str.casefold))]

    def _tutor(self, number: int, name: str, lacking: dict[str, Sequence[Lack]]) -> Block:
        own = [(self.papers[key].name, lacks) for key, lacks in lacking.items()]
        subject = reminders.to_tutor(self.cohort.title, own) if name else \
            reminders.to_nobody(self.cohort.title, [who for who, _lacks in own])  # fmt: skip
        everyone = [name] if name else sorted(self.tutors)
        letters = [self._letter(f"tuteur-{number}", _("À %(name)s", name=name) if name else _("Aux tuteurs"), subject,
                                [(who, self.tutors.get(who, "")) for who in everyone], hidden=not name)]  # fmt: skip
        late = [key for key, lacks in lacking.items() if any(lack.code in reminders.OWN for lack in lacks)]
        if late:
            about = reminders.to_participants(self.cohort.title, name)
            letters.append(self._letter(f"participants-{number}", _to_participants(len(late)), about, self._of(late)))
        lines = [(key, self.papers[key].name, [htmx.say(message) for message in brief(lacks)])
                 for key, lacks in lacking.items()]  # fmt: skip
        return Block(name or _("Sans tuteur"), lines, letters)

    def by_day(self) -> list[Block]:
        """Return a block for each tutoring day gone by with something to note, or somebody absent."""
        undone, absent = by_day(self.lacks), self._absent()
        return [self._day(day, undone.get(day, []), absent.get(day, [])) for day in sorted(undone | absent)]

    def _absent(self) -> dict[date, list[str]]:
        """Return who was absent for the whole of each tutoring day and has not handed their paper in."""
        found: dict[date, list[str]] = {}
        for key, paper in self.papers.items():
            days: dict[date, set[str]] = {}
            for slot in paper.facts.days:
                if slot.day and slot.day < htmx.today():
                    days.setdefault(slot.day, set()).add(slot.status)
            for day, statuses in days.items():
                if statuses <= {"absent", "justified"} and not paper.facts.deposited:
                    found.setdefault(day, []).append(key)
        return found

    def _day(self, day: date, undone: list[str], absent: list[str]) -> Block:
        letters, stamp = [], day.isoformat()
        names = sorted({name for key in undone for name in self.papers[key].tutors})
        if undone:
            about = reminders.to_tutors_of_day(self.cohort.title, day, [self.papers[key].name for key in undone])
            letters.append(self._letter(f"tuteurs-{stamp}", _("Aux tuteurs"), about,
                                        [(name, self.tutors.get(name, "")) for name in names]))  # fmt: skip
        if absent:
            about = reminders.to_absent(self.cohort.title, day)
            letters.append(self._letter(f"absents-{stamp}", _("Aux absent·es"), about, self._of(absent)))
        lines = [(key, self.papers[key].name, [_("rien n'est noté")]) for key in undone]
        lines += [(key, self.papers[key].name, [_("absent·e toute la journée")]) for key in absent]
        return Block(wording.long_date(day), lines, letters)

    def _of(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        chosen = [self.papers[key] for key in keys]
        return [(paper.name, self.participants.get(paper.enrolment, "")) for paper in chosen]

    def _letter(
        self, key: str, label: str, about: tuple[str, str], to: list[tuple[str, str]], hidden: bool = True
    ) -> Letter:
        """Return a text with its addresses, in blind copy unless it is to one person."""
        subject, text = about
        known = [email for _name, email in to if email]
        places: tuple[list[str], list[str]] = ([], known) if hidden else (known, [])
        # Some mail programs open nothing that long: the text is then copied by hand.
        link = (mail_link(*places, subject, text) or mail_link(*places, subject, "")) if known else ""
        unknown = ", ".join(name for name, email in to if not email)
        return Letter(key, label, subject, text, link, ", ".join(known), unknown)


def _to_participants(count: int) -> str:
    return ngettext("À %(num)d participant·e", "À %(num)d participant·es", count)
