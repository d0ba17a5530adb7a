"""Grades, proposals and decisions of the jury."""

from collections.abc import Iterable, Mapping
from datetime import date

from rules.grades import GRADE, PAPER, computed, parted, unit_of
from rules.jury import DECISIONS, Proposal
from rules.message import Message
from rules.rule_set import RuleSet
from rules.values import TYPES, Type
from store import candidate_numbers, decisions, grades, people, signed
from store.changes import Values, journal, locked, moved, parse, refused
from store.db import database, rows
from store.dossiers import Line, hours, hours_of, hours_of_all, line, lines, read_marks
from store.errors import Unknown
from store.journal import Author
from store.models import Enrolment

__all__ = ["PAPER", "Line", "hours", "hours_of", "hours_of_all", "line", "lines", "read_marks"]


def works(cohort_id: int) -> list[str]:
    """List what a dossier says of the works of a cohort: each unit, then the paper; the paper alone under numbers."""
    rules = people.rule_set(cohort_id)
    units = () if candidate_numbers.covered(cohort_id, rules) else rules.units
    return [unit.code for unit in units] + [PAPER]


def paper_shown(cohort_id: int, rules: RuleSet) -> bool:
    """Tell whether pages have a column for the grade of the paper: asked for, graded already, or alone to be graded."""
    if rules.paper_required or not rules.units:
        return True
    return bool(rows(
        "SELECT 1 FROM grade g JOIN enrolment e ON e.id = g.enrolment_id WHERE e.cohort_id = ? AND g.work = ? "
        "UNION SELECT 1 FROM marking m JOIN enrolment e ON e.id = m.enrolment_id WHERE e.cohort_id = ? AND m.work = ?",
        cohort_id, PAPER, cohort_id, PAPER,
    ))  # fmt: skip


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of a dossier, those of units left out as long as names are covered."""
    rules = people.rule_set(cohort_id)
    return _types(rules, candidate_numbers.covered(cohort_id, rules))


def entered_types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field that people enter: the grade of a unit with assessments is no such field."""
    rules = people.rule_set(cohort_id)
    worked_out = {f"{GRADE}{unit}" for unit in computed(rules)}
    known = _types(rules, candidate_numbers.covered(cohort_id, rules))
    return {name: kind for name, kind in known.items() if name not in worked_out}


def _types(rules: RuleSet, covered: bool = False) -> dict[str, Type]:
    return grades.types(rules, covered) | decisions.types(rules)


def headers(cohort_id: int) -> dict[str, str]:
    """Return {field: header} of what the jury enters."""
    rules = people.rule_set(cohort_id)
    return grades.headers(rules, candidate_numbers.covered(cohort_id, rules)) | {"decision": "Décision"}


def resit_headers(cohort_id: int) -> dict[str, str]:
    """Return {field: header} of the grades of resits."""
    rules = people.rule_set(cohort_id)
    return grades.resit_headers(rules, candidate_numbers.covered(cohort_id, rules))


def snapshot(cohort_id: int, today: date | None = None) -> dict[str, dict[str, str]]:
    """Return every dossier as {enrolment: {field: canonical text}}, the proposal in French included."""
    graded = [(name, *parted(name)) for name in (*headers(cohort_id), *resit_headers(cohort_id)) if parted(name)[0]]
    found = {}
    for one in lines(cohort_id, today or date.today()):
        row = {name: (one.grades if what == GRADE else one.resits).get(work, "") for name, what, work in graded}
        row |= {"decision": one.decision, "proposal": sentence(one.proposal)}
        row["hours_absent"] = TYPES["decimal"].parse(round(one.hours.absent / 60, 2))
        found[one.id] = row
    return found


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the grades and what was decided of these candidates as {enrolment: {field: canonical text}}."""
    keys = list(enrolments)
    found = grades.held(keys)
    for key, decided in decisions.held(keys).items():
        found.setdefault(key, {}).update(decided)
    return found


def shown(cohort_id: int, enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what people entered of these dossiers and may read beside a name: nothing computed, nothing covered."""
    kept = entered_types(cohort_id)
    return {
        key: {name: value for name, value in values.items() if name in kept}
        for key, values in held(enrolments).items()
    }


def hidden(cohort_id: int, enrolment_id: str) -> bool:
    """Tell whether somebody has grades that are under a number as long as names are covered."""
    if not candidate_numbers.covered(cohort_id, people.rule_set(cohort_id)):
        return False
    return any(unit_of(parted(name)[1]) for name in held([enrolment_id]).get(enrolment_id, {}))


def sentence(advice: Proposal) -> str:
    """Return a proposal and its reasons as one French line."""
    label = DECISIONS.get(advice.decision or "", "en attente")
    reasons = " ".join(str(reason.message) for reason in advice.reasons)
    return f"{label} — {reasons}" if reasons else label


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None, reason: str = ""
) -> dict[str, str]:
    """Record grades and the decision of one candidate; return what changed.

    reason: why a decision that was recorded changes, which an open deliberation asks for.
    Refuses what is of a unit as long as units are graded under a number: `change_numbered` is for those.
    """
    with database.atomic():
        enrolment = keep(enrolment_id)
        rules = people.rule_set(enrolment.cohort_id)
        if candidate_numbers.covered(enrolment.cohort_id, rules):
            _refuse_covered(raw, rules)
        return _change(author, enrolment, rules, raw, expected, reason)


def change_numbered(
    author: Author, cohort_id: int, number: int, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Record grades of units of whoever bears a number in a cohort, as `change` does."""
    with database.atomic():
        enrolment = keep(candidate_numbers.bearer(cohort_id, number))
        for field in raw:
            if not unit_of(parted(field)[1]):
                raise refused(field, Message("Sous un numéro, seules les notes des unités se saisissent."))
        return _change(author, enrolment, people.rule_set(cohort_id), raw, expected)


def _change(
    author: Author, enrolment: Enrolment, rules: RuleSet, raw: Mapping[str, object], expected: Values | None,
    reason: str = "",
) -> dict[str, str]:  # fmt: skip
    values = parse(_types(rules), raw, lambda name: False)
    current = dict.fromkeys((*values, *decisions.FIELDS), "") | held([enrolment.id]).get(enrolment.id, {})
    changes = moved(current, values, expected)
    signed.refuse_signed(enrolment.id, changes)
    derived = grades.write(author.name, enrolment.id, rules, current, changes)
    changes = _decide(author, enrolment, rules, current, changes, reason)
    journal(author, enrolment.cohort_id, "dossier", enrolment.id, current, {**changes, **derived}, reason)
    return changes


def _refuse_covered(raw: Mapping[str, object], rules: RuleSet) -> None:
    for field in raw:
        if unit_of(parted(field)[1]) and field in grades.types(rules):
            raise refused(field, Message(
                "Les notes des unités se saisissent sous un numéro jusqu'à la levée de l'anonymat."
            ))


def work_out(author: Author, cohort_id: int) -> None:
    """Work out anew what the units of a cohort are worth, once its rule set changed; what was signed stays.

    To be called in a transaction that keeps every dossier of the cohort.
    """
    rules, sealed = people.rule_set(cohort_id), signed.dossiers(cohort_id)
    everybody = [row[0] for row in rows("SELECT id FROM enrolment WHERE cohort_id = ? ORDER BY id", cohort_id)]
    for key, values in grades.held(everybody).items():
        if key not in sealed:
            journal(author, cohort_id, "dossier", key, values, grades.derive(key, rules, values))


def keep(enrolment_id: str) -> Enrolment:
    """Keep one dossier to this transaction; raise Unknown when there is none."""
    enrolment = locked(Enrolment.select().where(Enrolment.id == enrolment_id)).first()
    if enrolment is None:
        raise Unknown(enrolment_id)
    return enrolment


def _decide(
    author: Author, enrolment: Enrolment, rules: RuleSet, current: Values, changes: dict[str, str], reason: str
) -> dict[str, str]:  # fmt: skip
    """Keep what these changes say of the decision; return them with what follows from them."""
    if not changes.keys() & set(decisions.FIELDS):
        return changes
    changes = decisions.checked(enrolment.id, current, changes, reason, rules)
    decisions.write(author, enrolment.id, current, changes, proposed(enrolment), reason)
    return changes


def proposed(enrolment: Enrolment) -> Proposal:
    """Return what the rules propose for one candidate at this moment."""
    found = line(enrolment.cohort_id, enrolment.id, date.today())
    if found is None:
        raise Unknown(enrolment.id)
    return found.proposal
