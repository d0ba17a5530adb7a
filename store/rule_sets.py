"""The rule set of a cohort changed by a person: each setting journalled, with the reason once teaching has begun."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from rules.grades import JOINT, computed, entered
from rules.message import Message
from rules.rule_set import RuleSet, as_dict
from rules.rule_texts import as_texts, check_change, revised
from store import candidate_numbers, grades, jury, people
from store.changes import locked, refused
from store.db import as_datetime, database, rows
from store.errors import Changed
from store.journal import Author, record
from store.models import Cohort, Enrolment

#: Fields of the journal: why settings were changed, written just before them; and each of them.
REASON, SETTING = "rule_reason", "rule-"


def begun(cohort_id: int, today: date) -> bool:
    """Tell whether teaching has begun: a dated half-day has come, or a mark was recorded."""
    query = """
        SELECT EXISTS (SELECT 1 FROM half_day WHERE cohort_id = ? AND deleted_at IS NULL AND day <= ?)
            OR EXISTS (SELECT 1 FROM mark m JOIN enrolment e ON e.id = m.enrolment_id WHERE e.cohort_id = ?)
    """
    return bool(rows(query, cohort_id, today, cohort_id)[0][0])


def change(
    author: Author, cohort_id: int, texts: Mapping[str, str], sources: Mapping[str, str], reason: str,
    seen: Mapping[str, str], today: date,
) -> int:  # fmt: skip
    """Change settings typed as texts; return how many really changed.

    `seen` is what the author had read of each setting. Raises Refused, naming the field, on a value that cannot
    be, on a unit with grades that would go or be put under numbers, or without a reason once teaching has begun;
    Changed when somebody changed one of them meanwhile.
    """
    with database.atomic():
        if "units" in texts:
            # Whoever enters a grade keeps the dossier first, then the cohort: in that order here too.
            rows(locked(Enrolment.select(Enrolment.id).where(Enrolment.cohort == cohort_id).order_by(Enrolment.id)))
        locked(Cohort.select().where(Cohort.id == cohort_id)).first()
        before = people.rule_set(cohort_id)
        now = as_texts(before)
        for name in texts:
            if name in seen and name in now and seen[name] != now[name] and texts[name] != now[name]:
                raise Changed(seen[name], now[name])
        after = revised(before, texts, sources)
        _refuse_graded(cohort_id, before, after)
        _refuse_uncovering(cohort_id, before, after)
        _refuse_covering(cohort_id, before, after)
        listed = check_change(before, after, begun(cohort_id, today), reason)
        if listed:
            code = rows("SELECT code FROM cohort WHERE id = ?", cohort_id)[0][0]
            record(author, cohort_id, "cohort", code, REASON, "", reason.strip())
            for name, (old, new) in listed.items():
                record(author, cohort_id, "cohort", code, SETTING + name, old, new)
            Cohort.update(rule_set=json.dumps(as_dict(after))).where(Cohort.id == cohort_id).execute()
            if "units" in listed:
                jury.work_out(author, cohort_id)
    return len(listed)


def _refuse_graded(cohort_id: int, before: RuleSet, after: RuleSet) -> None:
    """Refuse that what has grades goes, or takes another code: they would be lost to the jury."""
    gone = {unit.code for unit in before.units} - {unit.code for unit in after.units}
    if held := _counted(cohort_id, gone):
        raise refused("units", Message(
            "Une unité qui a des notes ne se retire pas et garde son code. Notes déjà saisies, personnes retirées "
            "comprises : %(held)s.", {"held": held}
        ))
    parts = [{one.work for one in entered(rules) if JOINT in one.work} for rules in (before, after)]
    if held := _counted(cohort_id, parts[0] - parts[1]):
        raise refused("units", Message(
            "Une épreuve qui a des notes ne se retire pas et garde son code. Notes déjà saisies, personnes retirées "
            "comprises : %(held)s.", {"held": held}
        ))
    if held := _counted(cohort_id, computed(after) - computed(before)):
        raise refused("units", Message(
            "Une unité dont la note a été saisie telle quelle ne se partage pas en épreuves. Notes déjà saisies, "
            "personnes retirées comprises : %(held)s.", {"held": held}
        ))


def _counted(cohort_id: int, works: Iterable[str]) -> str:
    """Say how many grades these works have; '' for none."""
    counted = grades.graded_works(cohort_id, sorted(works))
    return ", ".join(f"{work.replace(JOINT, ' ')} ({count})" for work, count in counted.items())


def _refuse_uncovering(cohort_id: int, before: RuleSet, after: RuleSet) -> None:
    """Refuse that names are uncovered by a setting: it is an act of its own, on the page of the jury."""
    if candidate_numbers.covered(cohort_id, before) and not after.anonymous and candidate_numbers.numbers(cohort_id):
        raise refused("anonymous", Message(
            "Les numéros sont tirés : levez d'abord l'anonymat, à la page des numéros du jury."
        ))


def _refuse_covering(cohort_id: int, before: RuleSet, after: RuleSet) -> None:
    """Refuse numbers once units are graded beside names: people and the book of the jury have read them there."""
    if before.anonymous or not candidate_numbers.covered(cohort_id, after):
        return
    units = computed(before) | {one.work for one in entered(before) if one.unit}
    if held := _counted(cohort_id, units):
        raise refused("anonymous", Message(
            "Des notes d'unités sont déjà saisies à côté des noms : elles ne passent plus sous un numéro. Notes déjà "
            "saisies, personnes retirées comprises : %(held)s.", {"held": held}
        ))


def history(cohort_id: int) -> list[tuple[datetime, str, str, str, str, str]]:
    """List what was changed in the rule set as (at, author, setting, before, after, reason), the newest first."""
    entries = rows(
        """
        SELECT at, author, field, "before", "after" FROM journal_entry
        WHERE cohort_id = ? AND kind = 'cohort' AND field LIKE ? ORDER BY id
        """,
        cohort_id, "rule%",
    )  # fmt: skip
    found, reason = [], ""
    for at, author, field, before, after in entries:
        if field == REASON:
            reason = after
        else:
            found.append((as_datetime(at), author, field.removeprefix(SETTING), before, after, reason))
    return found[::-1]
