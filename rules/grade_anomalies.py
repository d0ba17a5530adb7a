"""What looks wrong in the grades of a promotion before its jury sits: pointed out, never corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.grades import AWAITED, EXCUSED, PAPER, PLAGIARISM, Graded, entered, far_apart, is_number, resit_due
from rules.jury import Work
from rules.message import Message
from rules.rule_set import RuleSet

#: Each kind of anomaly, in the order of the page, and how staff call it.
KINDS = {
    "plagiarism": "PLAG sans signalement",
    "resit": "rattrapages dus",
    "gap": "correcteurs éloignés",
    "marking": "corrections manquantes",
    "assessment": "épreuves manquantes",
    "missing": "notes manquantes",
    "empty": "travaux sans aucune note",
    "equal": "notes toutes égales",
    "tutor": "notes sans tuteur ni tutrice",
}
#: Grades of a work that are all the same are pointed out from this many on.
FEW = 3


@dataclass(frozen=True)
class Candidate:
    """What is known of one candidate; works: {work: cells}, markings: {work: what each marker gave}."""

    key: str
    works: Mapping[str, Work] = field(default_factory=dict)
    markings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tutored: bool = True
    decision: str = ""


@dataclass(frozen=True)
class Anomaly:
    """One thing to look at: of a candidate, or of a whole work when the key is blank."""

    kind: str
    key: str
    work: str
    message: Message


def anomalies(
    candidates: Sequence[Candidate], rules: RuleSet, units: bool = True, paper: bool = True
) -> list[Anomaly]:
    """List what looks wrong, by kind in the order of KINDS; nothing does before any grade is entered.

    Without `units` or without `paper` the others are looked at alone: where units are under a number, they are apart.
    """
    paper_graded = paper and rules.paper_required and rules.paper_graded
    works = [one for one in entered(rules) if (paper_graded if one.work == PAPER else units)]
    if not any(_cell(who, one) for who in candidates for one in works):
        return []
    found = [anomaly for one in works for anomaly in _of_work(one, candidates, rules)]
    found += _tutors(candidates, rules) if paper else ()
    order = list(KINDS)
    return sorted(found, key=lambda anomaly: order.index(anomaly.kind))


def _cell(who: Candidate, one: Graded) -> str:
    return who.works.get(one.work, Work()).grade


def _of_work(one: Graded, candidates: Sequence[Candidate], rules: RuleSet) -> Iterable[Anomaly]:
    cells = [_cell(who, one) for who in candidates]
    named: dict[str, object] = {"work": one.label}
    if not any(cells):
        yield Anomaly("empty", "", one.work, Message("%(work)s : aucune note n'est saisie.", named))
        return
    numbers = [cell for cell in cells if is_number(cell)]
    if len(numbers) >= FEW and len(set(numbers)) == 1:
        named |= {"count": len(numbers), "grade": numbers[0].replace(".", ",")}
        yield Anomaly("equal", "", one.work, Message("%(work)s : %(count)s notes, toutes à %(grade)s.", named))
    for who in candidates:
        yield from _of_candidate(one, who, rules)


def _of_candidate(one: Graded, who: Candidate, rules: RuleSet) -> Iterable[Anomaly]:
    work, named = who.works.get(one.work, Work()), {"work": one.label}
    if work.counting in ("", AWAITED):
        yield _missing(one, who, rules)
    if PLAGIARISM in (work.grade, work.resit) and not work.reported_by:
        yield Anomaly("plagiarism", who.key, one.work, Message("%(work)s : PLAG sans signalement.", named))
    if resit_due(work, who.decision, rules.pass_mark):
        excused = Message("%(work)s : absence justifiée, rattrapage à noter.", named)
        decided = Message("%(work)s : rattrapage décidé, à noter.", named)
        yield Anomaly("resit", who.key, one.work, excused if work.grade == EXCUSED else decided)
    yield from _of_markers(one, who, rules)


def _of_markers(one: Graded, who: Candidate, rules: RuleSet) -> Iterable[Anomaly]:
    given, named = [cell for cell in who.markings.get(one.work, ()) if cell], {"work": one.label}
    if far_apart(given, rules.marking_gap):
        first, second = (cell.replace(".", ",") for cell in given)
        message = Message("%(work)s : les deux correcteurs ont mis %(first)s et %(second)s.",
                          {**named, "first": first, "second": second})  # fmt: skip
        yield Anomaly("gap", who.key, one.work, message)
    if rules.double_marking and len(given) < 2 and is_number(_cell(who, one)):
        single = Message("%(work)s : une seule correction, deux sont demandées.", named)
        neither = Message("%(work)s : aucune correction, deux sont demandées.", named)
        yield Anomaly("marking", who.key, one.work, single if given else neither)


def _missing(one: Graded, who: Candidate, rules: RuleSet) -> Anomaly:
    """Tell a grade that is missing from an assessment that keeps the grade of its unit from being known."""
    beside = [work for work in who.works if work != one.work and work.startswith(f"{one.unit}:")]
    if one.work != one.unit and any(who.works[work].counting for work in beside):
        named: dict[str, object] = {"work": one.label, "unit": one.unit}
        message = Message("%(work)s : épreuve sans note, la note de %(unit)s attend.", named)
        return Anomaly("assessment", who.key, one.work, message)
    return Anomaly("missing", who.key, one.work, Message("%(work)s : pas de note.", {"work": one.label}))


def _tutors(candidates: Sequence[Candidate], rules: RuleSet) -> Iterable[Anomaly]:
    if not rules.paper_required:
        return
    for who in candidates:
        if not who.tutored:
            message = Message("%(work)s : ni tuteur ni tutrice.", {"work": rules.paper_kind.capitalize()})
            yield Anomaly("tutor", who.key, PAPER, message)
