"""What minutes hold of a deliberation: all that was decided and known when it was closed, as plain values."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.minutes import FORMAT, counts
from rules.papers import listed
from rules.rule_set import SETTINGS, RuleSet, as_dict, display_setting
from store import jury, people
from store.changes import canonical
from store.db import as_datetime, rows
from store.jury import Line

#: The provider as minutes name it.
PROVIDER = ("name", "address", "town")


def gather(deliberation_id: int, number: str, provider: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return the data of the minutes of a deliberation, to be sealed under this number."""
    session, cohort = _session(deliberation_id)
    rules = people.rule_set(cohort["id"])
    candidates = _candidates(deliberation_id, cohort["id"], today)
    return {
        "format": FORMAT, "number": number, "cohort": cohort,
        "provider": {name: provider.get(name, "") for name in PROVIDER}, "deliberation": session,
        "supersedes": _superseded(deliberation_id), "members": _members(deliberation_id),
        "rules": _rules(rules), "rule_set": as_dict(rules), "works": _works(rules), "candidates": candidates,
        "counts": counts(candidates), "journal": _journal(cohort["id"]),
    }  # fmt: skip


def instant(value: object) -> str:
    """Write an instant of the store as ISO UTC; '' when there is none."""
    found = as_datetime(value)
    return f"{found.isoformat(timespec='seconds')}Z" if found else ""


def _session(deliberation_id: int) -> tuple[dict[str, str], dict[str, Any]]:
    order, ordered_on, held, place, opened, opener, closed, closer, *cohort = rows(
        """
        SELECT d.order_number, d.order_date, d.held_on, d.place, d.opened_at, d.opened_by, d.closed_at, d.closed_by,
               c.id, c.code, c.title, p.title, c.period
        FROM deliberation d JOIN cohort c ON c.id = d.cohort_id JOIN programme p ON p.id = c.programme_id
        WHERE d.id = ?
        """,
        deliberation_id,
    )[0]
    session = {
        "order_number": order, "order_date": canonical(ordered_on), "held_on": canonical(held), "place": place,
        "opened_at": instant(opened), "opened_by": opener, "closed_at": instant(closed), "closed_by": closer,
    }  # fmt: skip
    return session, dict(zip(("id", "code", "title", "programme", "period"), cohort, strict=True))


def _superseded(deliberation_id: int) -> dict[str, str] | None:
    """Return the number of the minutes that this deliberation corrects, and why."""
    found = rows(
        "SELECT m.number, d.reason FROM deliberation d JOIN minutes m ON m.deliberation_id = d.supersedes_id "
        "WHERE d.id = ?",
        deliberation_id,
    )
    return {"number": found[0][0], "reason": found[0][1]} if found else None


def _members(deliberation_id: int) -> list[dict[str, Any]]:
    """List the jury, its president first."""
    found = rows(
        "SELECT name, quality, president, convened_on, present FROM jury_member WHERE deliberation_id = ? ORDER BY id",
        deliberation_id,
    )
    members = [
        {
            "name": name, "quality": quality, "president": bool(president), "convened_on": canonical(convened),
            "present": None if present is None else bool(present),
        }
        for name, quality, president, convened, present in found
    ]  # fmt: skip
    return sorted(members, key=lambda member: not member["president"])


def _rules(rules: RuleSet) -> list[list[str]]:
    """List the rule set in force as [label, value, source]; settings that limit nothing are left out."""
    found = [[label, display_setting(rules, name), rules.source(name)] for name, label in SETTINGS.items()]
    return [setting for setting in found if setting[1]]


def _works(rules: RuleSet) -> list[list[Any]]:
    """List what is graded as [work, label, title, credits]; an assessment has no credits of its own."""
    found: list[list[Any]] = []
    for unit in rules.units:
        found.append([unit.code, unit.code, unit.title, unit.credits])
        found += [[f"{unit.code}:{one.code}", one.code, one.title, None] for one in unit.assessments]
    return [*found, [jury.PAPER, rules.paper_kind.capitalize(), "", None]]


def _candidates(deliberation_id: int, cohort_id: int, today: date) -> list[dict[str, Any]]:
    """List the candidates in their order, each with the facts of this moment and the decision recorded."""
    lines = {line.id: line for line in jury.lines(cohort_id, today)}
    grades, tutors = _grades(cohort_id), _tutors(deliberation_id)
    return [
        _candidate(lines[row[0]], row, grades.get(row[0], {}), tutors.get(row[0], []))
        for row in rows(_DECIDED, deliberation_id)
    ]


_DECIDED = """
    SELECT k.enrolment_id, k.stepped_out, d.decision, d.proposed, d.reasons, d.honours, d.remark, d.reason, d."by",
           d."at"
    FROM candidacy k LEFT JOIN decision d ON d.enrolment_id = k.enrolment_id
    WHERE k.deliberation_id = ? ORDER BY k.position, k.enrolment_id
"""


def _candidate(
    line: Line, row: tuple, grades: dict[str, dict[str, Any]], tutors: list[str]
) -> dict[str, Any]:
    _key, out, decision, proposed, reasons, honours, remark, reason, by, at = row
    # The grade of a unit that is made of its assessments' is nowhere but in the line.
    for work, grade in line.grades.items():
        grades.setdefault(work, {"grade": grade, "resit": "", "markings": []})
    return {
        "id": line.id, "last_name": line.last_name, "first_name": line.first_name,
        "hours": {
            "absent": line.hours.absent, "allowed": line.hours.allowed, "total": line.hours.total,
            "attended": line.hours.attended,
        },
        "grades": grades, "credits": line.proposal.credits, "proposed": proposed or "",
        "reasons": json.loads(reasons or "[]"), "decision": decision or "", "honours": honours or "",
        "remark": remark or "", "reason": reason or "", "by": by or "", "at": instant(at), "tutors": tutors,
        "stepped_out": listed(out),
    }  # fmt: skip


def _grades(cohort_id: int) -> dict[str, dict[str, dict[str, Any]]]:
    """Return {enrolment: {work: grade, resit, markings}} of a cohort."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    entered = "SELECT g.enrolment_id, g.work, g.value, g.resit FROM grade g JOIN enrolment e ON e.id = g.enrolment_id"
    for key, work, value, resit in rows(f"{entered} WHERE e.cohort_id = ?", cohort_id):
        found.setdefault(key, {})[work] = {"grade": value, "resit": resit, "markings": []}
    marked = (
        "SELECT m.enrolment_id, m.work, m.marker, m.value FROM marking m JOIN enrolment e ON e.id = m.enrolment_id "
        "WHERE e.cohort_id = ? ORDER BY m.place"
    )
    for key, work, marker, value in rows(marked, cohort_id):
        works = found.setdefault(key, {})
        works.setdefault(work, {"grade": "", "resit": "", "markings": []})["markings"].append([marker, value])
    return found


def _tutors(deliberation_id: int) -> dict[str, list[str]]:
    """Return {enrolment: members of the jury who followed their paper}."""
    query = """
        SELECT k.enrolment_id, m.name FROM candidacy k
        JOIN paper n ON n.enrolment_id = k.enrolment_id
        JOIN jury_member m ON m.deliberation_id = k.deliberation_id AND m.tutor_id IN (n.tutor_id, n.cotutor_id)
        WHERE k.deliberation_id = ? ORDER BY m.id
    """
    found: dict[str, list[str]] = {}
    for key, name in rows(query, deliberation_id):
        found.setdefault(key, []).append(name)
    return found


def _journal(cohort_id: int) -> dict[str, Any]:
    """Return the last entry of the cohort's journal and its seal, and the same of the entries of no cohort.

    What was written before cannot change any more without contradicting these minutes.
    """
    return {**_head("cohort_id = ?", cohort_id), "general": _head("cohort_id IS NULL")}


def _head(which: str, *values: int) -> dict[str, Any]:
    found = rows(f"SELECT id, seal FROM journal_entry WHERE {which} ORDER BY id DESC LIMIT 1", *values)  # noqa: S608
    return {"entry": found[0][0], "seal": found[0][1]} if found else {"entry": None, "seal": ""}
