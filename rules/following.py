"""What is late or missing of a paper that somebody writes, from plain facts: the clock is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from rules.message import Message
from rules.papers import MILESTONES, page_difference

#: Kinds of half-days on which papers are followed.
TUTORING = ("group_tutoring", "individual_tutoring", "workshop")
#: Milestones with a day of their own; that of « déposée » is the day of the deposit.
DATED = tuple(code for code in MILESTONES if code and code != "deposited")
RANK = {code: rank for rank, code in enumerate(MILESTONES)}
#: Nothing heard for longer is pointed out.
SILENCE = timedelta(days=42)
#: Milestone expected on the n-th tutoring day, for few days. Document 002: the problem is refined on the first, the
#: progress of each paper looked at on the second, the paper presented on the third.
_FEW = {
    0: (),
    1: (("problem", 1),),
    2: (("problem", 1), ("plan", 2)),
    3: (("problem", 1), ("plan", 2), ("draft", 3), ("oral", 3)),
}


@dataclass(frozen=True)
class Day:
    """One half-day of tutoring as a paper sees it.

    status: a code of rules.attendance, '' while not recorded. done: what was noted of the paper on that day.
    """

    id: str
    day: date | None
    status: str = ""
    done: str = ""


@dataclass(frozen=True)
class Asked:
    """What a promotion asks of its papers.

    expected: milestone -> day on which it should be reached. begins, ends: the first and last day of the calendar.
    """

    pages: tuple[int | None, int | None] = (None, None)
    due: date | None = None
    similarity_max: int | None = None
    expected: Mapping[str, date] = field(default_factory=dict)
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one paper. last_exchange: the day of the newest exchange noted."""

    tutor: str = ""
    milestone: str = ""
    deposited_on: date | None = None
    pages: int | None = None
    link: str = ""
    report_link: str = ""
    similarity: int | None = None
    last_exchange: date | None = None
    days: tuple[Day, ...] = ()

    @property
    def deposited(self) -> bool:
        """Tell whether the paper was handed in, dated or not."""
        return self.deposited_on is not None or self.milestone == "deposited"

    @property
    def rank(self) -> int:
        """Give how far the paper is: the rank of its milestone."""
        return RANK["deposited"] if self.deposited else RANK.get(self.milestone, 0)


@dataclass(frozen=True)
class Lack:
    """One thing late or missing: a code, the sentence, and the milestone or the day (ISO) that it is about."""

    code: str
    message: Message
    about: str = ""


def expected(begins: date | None, days: Iterable[date]) -> dict[str, date]:
    """Give the day on which each milestone should be reached, from the first day and those of tutoring.

    The pre-note is presented on the first day; the others follow the tutoring days, spread over them where there
    are more than three.
    """
    found = {"pre_note": begins} if begins else {}
    known = sorted(set(days))
    return found | {code: known[place - 1] for code, place in _places(len(known))}


def _places(count: int) -> Sequence[tuple[str, int]]:
    if count in _FEW:
        return _FEW[count]
    spread = ("problem", "plan", "draft", "oral")
    return [(code, -(-part * count // len(spread))) for part, code in enumerate(spread, start=1)]


def lacks(facts: Facts, asked: Asked, today: date) -> list[Lack]:
    """List what is late or missing of one paper, the most pressing first."""
    return [
        *_nobody(facts), *_milestones(facts, asked, today), *_days(facts, today),
        *_deposit(facts, asked, today), *_handed_in(facts, asked, today), *_silence(facts, asked, today),
    ]  # fmt: skip


def _nobody(facts: Facts) -> list[Lack]:
    return [] if facts.tutor else [Lack("no_tutor", Message("Personne ne suit cette note."))]


def _milestones(facts: Facts, asked: Asked, today: date) -> list[Lack]:
    return [
        Lack("milestone", Message("Étape « %(label)s » attendue le %(day)s.",
                                  {"label": MILESTONES[code], "day": _said(day)}), code)
        for code, day in asked.expected.items()
        if day < today and facts.rank < RANK[code]
    ]


def _days(facts: Facts, today: date) -> list[Lack]:
    if facts.deposited:
        return []
    return [
        Lack("day", Message("Tutorat du %(day)s : rien n'est noté.", {"day": _said(day)}), day.isoformat())
        for day in undone(facts.days, today)
    ]


def undone(days: Iterable[Day], today: date) -> list[date]:
    """List the tutoring days gone by of which nothing was noted; of an absence there is nothing to note.

    A note of the morning stands for the whole day.
    """
    there: dict[date, bool] = {}
    for slot in days:
        if slot.day and slot.day < today and (slot.done or slot.status not in ("absent", "justified")):
            there[slot.day] = there.get(slot.day, False) or bool(slot.done)
    return [day for day, done in there.items() if not done]


def _deposit(facts: Facts, asked: Asked, today: date) -> list[Lack]:
    if asked.due is None:
        return []
    if not facts.deposited:
        late = (today - asked.due).days
        return [Lack("no_deposit", Message("Pas déposée : elle était attendue le %(day)s.",
                                           {"day": _said(asked.due)}))] if late > 0 else []
    if facts.deposited_on is None:
        return [Lack("no_day", Message("Déposée sans sa date."))]
    late = (facts.deposited_on - asked.due).days
    return [Lack("late_deposit", deadline(facts.deposited_on, asked.due, today))] if late > 0 else []


def deadline(deposited_on: date | None, due: date, today: date) -> Message:
    """Say a deposit, or the time left for it, against the last day to hand the paper in."""
    gap = ((deposited_on or today) - due).days
    values = {"day": _said(due), "count": abs(gap)}
    if deposited_on is not None:
        if gap > 1:
            return Message("Déposée %(count)s jours après la date limite du %(day)s.", values)
        if gap == 1:
            return Message("Déposée un jour après la date limite du %(day)s.", values)
        return Message("Dans les temps : la date limite était le %(day)s.", values)
    if gap > 0:
        return Message("Pas déposée : elle était attendue le %(day)s.", values)
    if gap == 0:
        return Message("Attendue aujourd'hui, dernier jour.", values)
    if gap == -1:
        return Message("Attendue demain, %(day)s, au plus tard.", values)
    return Message("Attendue le %(day)s au plus tard : encore %(count)s jours.", values)


def _handed_in(facts: Facts, asked: Asked, today: date) -> list[Lack]:
    """List what a paper handed in lacks, and what its report says."""
    found = []
    if facts.deposited_on and facts.deposited_on > today:
        found.append(Lack("deposit_to_come", Message("Le jour du dépôt, %(day)s, est à venir.",
                                                     {"day": _said(facts.deposited_on)})))
    difference = page_difference(facts.pages, *asked.pages)
    if difference:
        found.append(Lack("pages", difference))
    if facts.deposited:
        if facts.pages is None and asked.pages != (None, None):
            found.append(Lack("no_pages", Message("Déposée sans son nombre de pages.")))
        if not facts.link:
            found.append(Lack("no_link", Message("Déposée sans lien vers la note.")))
        if not facts.report_link and asked.similarity_max is not None:
            found.append(Lack("no_report", Message("Déposée sans rapport antiplagiat.")))
    if facts.similarity is not None and asked.similarity_max is not None and facts.similarity > asked.similarity_max:
        found.append(Lack("similarity", Message(
            "Similitude de %(similarity)s %% : au-delà de %(most)s %%, le rapport est à regarder.",
            {"similarity": facts.similarity, "most": asked.similarity_max})))
    return found


def _silence(facts: Facts, asked: Asked, today: date) -> list[Lack]:
    """Point out a paper of which nothing was heard for long, while there is still something to say of it."""
    closes = asked.due or asked.ends
    if facts.deposited or not facts.tutor or asked.begins is None or closes is None or today > closes:
        return []
    last = max((day for day in (asked.begins, facts.last_exchange, *_met(facts, today)) if day), default=today)
    if today - last <= SILENCE:
        return []
    if facts.last_exchange is None:
        return [Lack("silence", Message("Aucun échange noté."))]
    return [Lack("silence", Message("Aucun échange depuis le %(day)s.", {"day": _said(facts.last_exchange)}))]


def _met(facts: Facts, today: date) -> list[date]:
    """List the tutoring days on which the paper was talked of."""
    return [slot.day for slot in facts.days if slot.day and slot.day <= today and slot.done]


def brief(found: Iterable[Lack]) -> list[Message]:
    """Say in few words what a paper lacks: milestones together, tutoring days together, the rest as it is."""
    found = list(found)
    steps = [MILESTONES[lack.about] for lack in found if lack.code == "milestone"]
    days = [_said(date.fromisoformat(lack.about)) for lack in found if lack.code == "day"]
    together = []
    if steps:
        together.append(Message("En retard : %(labels)s.", {"labels": ", ".join(steps)}))
    if days:
        together.append(Message("Rien de noté au tutorat : %(days)s.", {"days": ", ".join(days)}))
    return together + [lack.message for lack in found if lack.code not in ("milestone", "day")]


def by_day(found: Mapping[str, Iterable[Lack]]) -> dict[date, list[str]]:
    """Give, for each tutoring day gone by, the papers of which nothing was noted."""
    days: dict[date, list[str]] = {}
    for paper, lacking in found.items():
        for lack in lacking:
            if lack.code == "day":
                days.setdefault(date.fromisoformat(lack.about), []).append(paper)
    return dict(sorted(days.items()))


def by_tutor(
    followed: Mapping[str, Iterable[str]], found: Mapping[str, Sequence[Lack]]
) -> dict[str, dict[str, Sequence[Lack]]]:
    """Give what each tutor's papers lack: {tutor: {paper: lacks}}; '' is nobody, papers without a lack are left out.

    followed: paper -> who follows it, tutor and cotutor.
    """
    tutors: dict[str, dict[str, Sequence[Lack]]] = {}
    for paper, names in followed.items():
        if found.get(paper):
            for name in [name for name in names if name] or [""]:
                tutors.setdefault(name, {})[paper] = found[paper]
    return tutors


def _said(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
