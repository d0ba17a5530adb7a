"""Sessions of a jury for tests: two members, a cohort whose dossiers differ."""

import dataclasses
import json
from datetime import date

from rules.rule_set import as_dict
from store import candidates, deliberations, jury, jury_members, people
from store.journal import Author
from store.models import Cohort as CohortRow
from tests.sync_bench import Cohort

AUTHOR = Author("Sylvie Secrétaire", "page")
ORDER = {"order_number": "2025-12", "order_date": "2025-06-02", "held_on": "2025-06-20", "place": "21.2.32"}
PROVIDER = {"name": "Cnam", "address": "292 rue Saint-Martin", "town": "Paris"}
CHAIR, OTHER = "Anne Aubry", "Bruno Blanc"
PASSED = {"grade-RSV206": "12", "grade-RSV207": "10", "grade-paper": "14,5"}
TODAY = date(2025, 6, 20)


def prepared(cohort: Cohort, *more: str) -> int:
    """Prepare a session with a president, another member, and these."""
    key = deliberations.prepare(AUTHOR, cohort.id, ORDER)
    jury_members.add(AUTHOR, key, {"name": CHAIR, "quality": "professeure", "president": "oui"})
    for name in (OTHER, *more):
        jury_members.add(AUTHOR, key, {"name": name})
    return key


def opened(cohort: Cohort, *more: str) -> int:
    """Open such a session."""
    key = prepared(cohort, *more)
    deliberations.open_session(AUTHOR, key)
    return key


def everybody_there(key: int) -> None:
    """Record that every member was present."""
    for member in jury_members.named(key):
        jury_members.change(AUTHOR, key, member.id, {"present": "oui"})


def passing(cohort: Cohort) -> None:
    """Give every candidate grades that admit them."""
    for who in cohort.participants:
        jury.change(AUTHOR, who, PASSED)


def printed(data: dict) -> bytes:
    return f"%PDF {data['number']}".encode()


def closed(cohort: Cohort, *more: str) -> int:
    """Close a session that admits everybody but the last candidate, who has another try."""
    passing(cohort)
    key = opened(cohort, *more)
    everybody_there(key)
    for who in cohort.participants[:-1]:
        candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    candidates.decide(AUTHOR, key, cohort.participants[-1], {"decision": "resit"})
    assert deliberations.close(AUTHOR, key, PROVIDER, printed).startswith("PV-2025-")
    return key


def set_rules(cohort: Cohort, **changed: object) -> None:
    """Change settings of a rule set as if they had always been so."""
    rules = dataclasses.replace(people.rule_set(cohort.id), **changed)
    CohortRow.update(rule_set=json.dumps(as_dict(rules))).where(CohortRow.id == cohort.id).execute()
