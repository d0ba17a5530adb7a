"""Papers of those who follow the written work: lists by tutor, the sheet of one half-day, the record of one paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from documents.french import spaced_all
from documents.typesetting import pdf
from rules.attendance import BY_CODE, hours_text
from rules.calendar import KINDS
from rules.follow_up import Met, Record, course
from rules.papers import MILESTONES, listed, page_difference
from rules.places import describe
from rules.value_times import long_date

NOBODY = "Sans tuteur ni tutrice"


@dataclass(frozen=True)
class Heading:
    """What every paper says of whom it is for, and of the day on which it was true."""

    provider: str
    programme: str
    cohort: str
    code: str
    made_on: date


@dataclass(frozen=True)
class Group:
    """The papers of one tutor ('' for nobody), with where to write to them and how many they may follow."""

    tutor: str
    email: str
    capacity: int | None
    papers: Sequence[Record]


@dataclass(frozen=True)
class Asked:
    """What the rule set asks of a paper: its pages, and the last day to hand it in."""

    pages_min: int | None = None
    pages_max: int | None = None
    due: date | None = None


def tutor_lists(heading: Heading, groups: Sequence[Group]) -> bytes:
    """Return the PDF of what each tutor follows, one tutor a page."""
    title = f"Notes suivies par {groups[0].tutor}" if len(groups) == 1 and groups[0].tutor else "Notes par tuteur"
    values = _headed(heading, f"{title}, {heading.code}") | {"groups": [_group(group) for group in groups]}
    return pdf("tutor_lists.typ", spaced_all(values))


def day_sheet(heading: Heading, half_day: Mapping[str, Any], groups: Sequence[Group]) -> bytes:
    """Return the PDF of one half-day of tutoring: who is expected with whom, and room for what is done."""
    when = long_date(half_day["day"].isoformat()) if half_day["day"] else half_day["period"] or "date à préciser"
    hours = f"{_clock(half_day['start'])} – {_clock(half_day['end'])}" if half_day["start"] else ""
    values = _headed(heading, f"Journée de tutorat, {when}") | {
        "when": when, "hours": hours, "kind": KINDS[half_day["kind"]], "place": _place(half_day["place"]),
        "teachers": half_day["teachers"],
        "groups": [
            {"tutor": group.tutor or NOBODY,
             "papers": [_line(paper) | _here(paper, half_day["id"]) for paper in group.papers]}
            for group in groups
        ],
    }  # fmt: skip
    return pdf("tutoring_day.typ", spaced_all(values))


def record(heading: Heading, paper: Record, asked: Asked) -> bytes:
    """Return the PDF of all that is known of one paper while it is followed; what the jury knows is not in it."""
    values = _headed(heading, f"Fiche de suivi, {paper.name}") | _line(paper) | {
        "wishes": listed(paper.wishes), "workshop": paper.workshop, "tutors": [name for name, _user in paper.followers],
        "steps": [
            {"label": MILESTONES[step.milestone], "day": _short(step.day), "remark": step.remark,
             "here": step.milestone == paper.milestone, "last": step.milestone == "deposited"}
            for step in course(paper)
        ],
        "met": [
            {"day": _when(met), "kind": KINDS[met.kind], "status": _status(met), "done": met.done} for met in paper.met
        ],
        "exchanges": [
            {"day": _short(one.day), "length": _length(one.minutes), "summary": one.summary,
             "links": one.links.split(), "by": one.by}
            for one in paper.exchanges
        ],
        "said": _total(paper),
        "deposit": _deposit(paper, asked),
    }  # fmt: skip
    return pdf("paper_record.typ", spaced_all(values))


def _headed(heading: Heading, title: str) -> dict[str, Any]:
    return {
        "title": title, "provider": heading.provider, "programme": heading.programme, "cohort": heading.cohort,
        "code": heading.code, "made": _short(heading.made_on),
    }  # fmt: skip


def _group(group: Group) -> dict[str, Any]:
    count = len(group.papers)
    load = f"{count} note{'s' if count > 1 else ''}"
    if group.capacity is not None and group.tutor:
        load += f" sur {group.capacity} possible{'s' if group.capacity > 1 else ''}"
        load += ", au-delà de la capacité" if count > group.capacity else ""
    return {
        "tutor": group.tutor or NOBODY, "email": group.email, "load": load,
        "papers": [_line(paper) | {"beside": _beside(paper, group.tutor)} for paper in group.papers],
    }  # fmt: skip


def _line(paper: Record) -> dict[str, str]:
    """Return what every paper says of one written work."""
    return {
        "last": paper.last_name, "first": paper.first_name, "email": paper.email, "phone": paper.phone,
        "work": paper.title, "problem": paper.problem, "milestone": MILESTONES[paper.milestone],
        "deposited": _short(paper.deposited_on),
    }  # fmt: skip


def _beside(paper: Record, tutor: str) -> str:
    return ", ".join(name for name, _user in paper.followers if name != tutor)


def _here(paper: Record, half_day: str) -> dict[str, str]:
    """Return what is known already of one half-day: a sheet printed afterwards says it."""
    met = next((met for met in paper.met if met.half_day == half_day), None)
    return {"status": _status(met) if met else "", "done": met.done if met else ""}


def _status(met: Met) -> str:
    if not met.status:
        return ""
    minutes = f", {met.minutes} min" if met.minutes else ""
    return BY_CODE[met.status].label + minutes


def _when(met: Met) -> str:
    day = _short(met.day) if met.day else met.period or "date à préciser"
    return f"{day}, {_clock(met.start)}" if met.start else day


def _deposit(paper: Record, asked: Asked) -> list[tuple[str, str]]:
    """List what is known of a paper handed in, against what the rule set asks."""
    handed = _short(paper.deposited_on) or "pas encore"
    if asked.due is not None:
        late = (paper.deposited_on - asked.due).days if paper.deposited_on else 0
        handed += f" (attendue le {_short(asked.due)} au plus tard"
        handed += f" : {late} jour{'s' if late > 1 else ''} de retard)" if late > 0 else ")"
    difference = page_difference(paper.pages, asked.pages_min, asked.pages_max)
    pages = str(paper.pages) if paper.pages is not None else "–"
    return [
        ("Déposée le", handed),
        ("Pages", str(difference) if difference else pages),
        ("Lien", paper.link or "–"),
    ]


def _total(paper: Record) -> str:
    """Say how many exchanges there were, and how long they lasted as far as that was noted."""
    count, minutes = len(paper.exchanges), sum(one.minutes or 0 for one in paper.exchanges)
    said = f"{count} échange{'s' if count > 1 else ''}"
    return f"{said}, {_length(minutes)}" if minutes else said


def _length(minutes: int | None) -> str:
    if not minutes:
        return ""
    return f"{minutes} min" if minutes < 60 else hours_text(minutes)


def _short(day: date | None) -> str:
    """Write a date without its day of the week: 20 janvier 2025."""
    return long_date(day.isoformat()).partition(" ")[2] if day else ""


def _clock(canonical: str) -> str:
    return f"{int(canonical[:2])}h{canonical[3:]}" if canonical else ""


def _place(place: str) -> str:
    found = describe(place)
    return f"{place} – {found.site}, {found.address}" if found.site else place
