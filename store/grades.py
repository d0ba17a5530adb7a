"""Grades of a dossier: what is entered of each work, and what is worked out of it in the same transaction."""

from collections.abc import Iterable, Mapping
from datetime import date

from rules.grades import (
    GRADE,
    MARKERS,
    MARKINGS,
    PAPER,
    PLAGIARISM,
    RESIT,
    RESIT_ON,
    Graded,
    check_resit,
    computed,
    entered,
    parted,
    resit_open,
    unit_grade,
)
from rules.message import Message
from rules.rule_set import RuleSet
from rules.values import TYPES, Type
from store.changes import Values, refused
from store.db import as_date, rows
from store.models import Grade, Marking, Paper, PlagiarismReport, UnitReport
from store.models.base import now


def types(rules: RuleSet, covered: bool = False) -> dict[str, Type]:
    """Return the type of each field of a dossier about what is graded; while units are covered, of the paper alone."""
    found: dict[str, Type] = {}
    for one in entered(rules):
        if one.unit and covered:
            continue
        found |= {f"{GRADE}{one.work}": TYPES["grade"], f"{RESIT}{one.work}": TYPES["grade"]}
        found[f"{RESIT_ON}{one.work}"] = TYPES["date"]
        found |= {f"{marker}{one.work}": TYPES["name"] for marker in MARKERS}
        found |= {f"{marking}{one.work}": TYPES["grade"] for marking in MARKINGS}
    if not covered:
        found |= {f"{GRADE}{unit}": TYPES["grade"] for unit in computed(rules)}
    return found


def headers(rules: RuleSet, covered: bool = False) -> dict[str, str]:
    """Return {field: header} of the grades: assessments stand before their unit, the paper last."""
    found: dict[str, str] = {}
    for unit in () if covered else rules.units:
        for one in unit.assessments:
            found[f"{GRADE}{unit.code}:{one.code}"] = f"{unit.code} {one.code}"
        found[f"{GRADE}{unit.code}"] = unit.code
    return found | {f"{GRADE}{PAPER}": rules.paper_kind.capitalize()}


def resit_headers(rules: RuleSet, covered: bool = False) -> dict[str, str]:
    """Return {field: header} of the grades of resits."""
    wanted = [one for one in entered(rules) if not (one.unit and covered)]
    return {f"{RESIT}{one.work}": f"{one.label} (rattrapage)" for one in wanted}


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what is graded of these candidates as {enrolment: {field: canonical text}}, nothing blank."""
    keys = list(enrolments)
    found: dict[str, dict[str, str]] = {}
    query = Grade.select(Grade.enrolment, Grade.work, Grade.value, Grade.resit, Grade.resit_on)
    for key, work, *cells in rows(query.where(Grade.enrolment << keys)):
        _fill(found, key, work, (GRADE, RESIT, RESIT_ON), cells)
    query = Marking.select(Marking.enrolment, Marking.work, Marking.place, Marking.marker, Marking.value)
    for key, work, place, *cells in rows(query.where(Marking.enrolment << keys)):
        _fill(found, key, work, (MARKERS[place - 1], MARKINGS[place - 1]), cells)
    return found


def _fill(found: dict[str, dict[str, str]], key: str, work: str, names: tuple[str, ...], cells: list) -> None:
    texts = (cell.isoformat() if isinstance(cell, date) else cell for cell in cells)
    held_of = found.setdefault(key, {})
    held_of |= {f"{name}{work}": text for name, text in zip(names, texts, strict=True) if text}


# -- the verb's half: called by `store.jury`, which holds the dossier and writes the journal ----------------


def write(author: str, enrolment_id: str, rules: RuleSet, current: Values, changes: Values) -> dict[str, str]:
    """Write what changes of the works of a candidate; return the grades of units that it makes other.

    `current` is all that is held of the candidate. Raises Refused naming the field.
    """
    after = {**current, **changes}
    touched = {work: None for name, work in map(parted, changes) if name}
    for field in changes:
        _check(enrolment_id, field, after, rules)
    for one in entered(rules):
        if one.work in touched:
            _check_resit(one, changes, after, rules)
            _keep_grade(enrolment_id, one.work, after)
            _keep_markings(author, enrolment_id, one.work, changes, after)
    return derive(enrolment_id, rules, after)


def _check(enrolment_id: str, field: str, after: Values, rules: RuleSet) -> None:
    name, work = parted(field)
    if name == GRADE and work in computed(rules):
        raise refused(field, Message(
            "La note de %(unit)s se calcule de ses épreuves : saisissez la note de chaque épreuve.", {"unit": work}
        ))
    if name in (GRADE, RESIT) and after[field] == PLAGIARISM:
        _refuse_unreported(enrolment_id, field, work)
    if name in MARKINGS and after[field] and not after.get(f"{MARKERS[MARKINGS.index(name)]}{work}"):
        raise refused(field, Message("Indiquez d'abord qui a corrigé.", {}))
    if name in MARKERS and not after[field] and after.get(f"{MARKINGS[MARKERS.index(name)]}{work}"):
        raise refused(field, Message("Cette correction a une note : son correcteur reste nommé.", {}))


def _refuse_unreported(enrolment_id: str, field: str, work: str) -> None:
    """Refuse plagiarism as the grade of a work in which nobody reported any."""
    if work == PAPER:
        standing = PlagiarismReport.select().join(Paper).where(
            (Paper.enrolment == enrolment_id) & PlagiarismReport.withdrawn_at.is_null()
        )
        missing = Message("Plagiat non signalé : sur la page de cette note, à « Plagiat », indiquez d'abord qui l'a "
                          "constaté et pourquoi. PLAG sera alors accepté.", {})  # fmt: skip
    else:
        standing = UnitReport.select().where(
            (UnitReport.enrolment == enrolment_id) & (UnitReport.work == work) & UnitReport.withdrawn_at.is_null()
        )
        missing = Message("Plagiat non signalé : à la page « Plagiats » du jury, indiquez d'abord qui l'a constaté et "
                          "pourquoi. PLAG sera alors accepté.", {})  # fmt: skip
    if not standing.exists():
        raise refused(field, missing)


def _check_resit(one: Graded, changes: Values, after: Values, rules: RuleSet) -> None:
    grade, resit, day = (f"{name}{one.work}" for name in (GRADE, RESIT, RESIT_ON))
    first = after.get(grade, "")
    wrong = check_resit(first, after.get(resit, ""), rules.pass_mark)
    if wrong is None and (not after.get(day) or resit_open(first, rules.pass_mark)):
        return
    if grade in changes and not {resit, day} & set(changes):
        raise refused(grade, Message("Un rattrapage est noté ou fixé à côté de cette note : retirez-le d'abord, à la "
                                     "page « Rattrapages ».", {}))  # fmt: skip
    closed = check_resit(first, "0", rules.pass_mark)
    raise refused(resit if resit in changes else day, wrong or closed)


def _keep_grade(enrolment_id: str, work: str, after: Values) -> None:
    key = (Grade.enrolment == enrolment_id) & (Grade.work == work)
    values = {"value": after.get(f"{GRADE}{work}", ""), "resit": after.get(f"{RESIT}{work}", ""),
              "resit_on": as_date(after.get(f"{RESIT_ON}{work}") or None)}  # fmt: skip
    if not values["value"]:
        Grade.delete().where(key).execute()
    elif not Grade.update(values).where(key).execute():
        Grade.insert(enrolment=enrolment_id, work=work, **values).execute()


def _keep_markings(author: str, enrolment_id: str, work: str, changes: Values, after: Values) -> None:
    for place, names in enumerate(zip(MARKERS, MARKINGS, strict=True), start=1):
        marker, value = (f"{name}{work}" for name in names)
        if not {marker, value} & set(changes):
            continue
        key = (Marking.enrolment == enrolment_id) & (Marking.work == work) & (Marking.place == place)
        kept = {"marker": after.get(marker, ""), "value": after.get(value, ""), "by": author, "at": now()}
        if not kept["marker"]:
            Marking.delete().where(key).execute()
        elif not Marking.update(kept).where(key).execute():
            Marking.insert(enrolment=enrolment_id, work=work, place=place, **kept).execute()


def derive(enrolment_id: str, rules: RuleSet, after: Values) -> dict[str, str]:
    """Keep what the units of a candidate are worth by their assessments; return those that it makes other."""
    found = {}
    for unit in rules.units:
        if not unit.assessments:
            continue
        works = [(f"{unit.code}:{one.code}", one.weight) for one in unit.assessments]
        counting = [(after.get(f"{RESIT}{work}") or after.get(f"{GRADE}{work}", ""), weight) for work, weight in works]
        field, value = f"{GRADE}{unit.code}", unit_grade(counting)
        if value != after.get(field, ""):
            _keep_grade(enrolment_id, unit.code, {field: value})
            found[field] = value
    return found


def graded_works(cohort_id: int, works: Iterable[str]) -> Mapping[str, int]:
    """Count the grades that these works have in a cohort, those of people who were withdrawn included."""
    wanted = list(works)
    marks = ", ".join("?" * len(wanted))
    query = f"""
        SELECT g.work, COUNT(*) FROM (
            SELECT work, enrolment_id FROM grade UNION SELECT work, enrolment_id FROM marking
        ) g JOIN enrolment e ON e.id = g.enrolment_id
        WHERE e.cohort_id = ? AND g.work IN ({marks}) GROUP BY g.work ORDER BY g.work
        """  # noqa: S608 - only question marks are put in
    return dict(rows(query, cohort_id, *wanted)) if wanted else {}
