"""What sealed minutes hold of a candidate, while a later session corrects it: unsealed, put back."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rules.grades import GRADE, MARKERS, MARKINGS, RESIT, RESIT_ON, computed, parted, resit_open
from rules.message import Message
from rules.rule_set import RuleSet
from store import decisions, grades, minutes, people
from store.changes import journal, moved, refused
from store.db import rows
from store.errors import Refused
from store.journal import Author, record
from store.minutes import Sealed
from store.models import Candidacy, Decision, Deliberation, Minutes

NEWER = Message(
    "Un dossier de cette correction figure dans un procès-verbal plus récent : abandonnez-la, et corrigez le plus "
    "récent."
)


def may_correct(cohort_id: int, deliberation_id: int) -> list[Mapping[str, Any]]:
    """List what the minutes of a session hold of the candidates whom no later minutes hold."""
    found = minutes.results(cohort_id, published=False).values()
    return [sealed.line for sealed in found if sealed.deliberation == deliberation_id]


def chosen(before: Deliberation, enrolments: Iterable[str]) -> list[str]:
    """Return these candidates in the order of the minutes; refuse when one may not be corrected from there."""
    wanted, possible = set(enrolments), [line["id"] for line in may_correct(before.cohort_id, before.id)]
    if not wanted:
        raise refused("enrolments", Message("Choisissez au moins un dossier à corriger."))
    if wanted - set(possible):
        raise refused("enrolments", Message("Un de ces dossiers n'est pas dans ce procès-verbal, ou figure dans un "
                                            "procès-verbal plus récent : corrigez le plus récent."))  # fmt: skip
    return [key for key in possible if key in wanted]


def _candidates(session: Deliberation) -> list[str]:
    query = Candidacy.select(Candidacy.enrolment).where(Candidacy.deliberation == session.id)
    return sorted(row[0] for row in rows(query))


def unseal(author: Author, session: Deliberation) -> None:
    """Take the seal off what a session corrects; refuse when later minutes hold it meanwhile."""
    sealed, enrolments = minutes.results(session.cohort_id, published=False), _candidates(session)
    if any(sealed[key].deliberation != session.supersedes_id for key in enrolments):
        raise Refused(NEWER)
    minutes.hold(session.id)
    for key in enrolments:
        Decision.update(signed_at=None).where(Decision.enrolment == key).execute()
        record(author, session.cohort_id, "dossier", key, "signed", sealed[key].number, "", session.reason)


def put_back(author: Author, session: Deliberation) -> None:
    """Give the candidates of an abandoned correction back what their sealed minutes hold, and its seal."""
    minutes.hold(session.id)
    sealed = minutes.results(session.cohort_id, published=False)
    rules = people.rule_set(session.cohort_id)
    for key in _candidates(session):
        _put_back_grades(author, session.cohort_id, key, sealed[key].line, rules)
        _put_back_decision(author, session.cohort_id, key, sealed[key])
        record(author, session.cohort_id, "dossier", key, "signed", "", sealed[key].number)


def _put_back_grades(author: Author, cohort_id: int, key: str, line: Mapping[str, Any], rules: RuleSet) -> None:
    current = grades.held([key]).get(key, {})
    kept = {name: text for work, one in line["grades"].items() for name, text in _cells(work, one).items()}
    # The day of a resit is in no minutes: it goes with a resit that is not due any more.
    wanted = {name: "" for name in current if parted(name)[0] != RESIT_ON} | {
        name: "" for name in current
        if parted(name)[0] == RESIT_ON and not resit_open(kept.get(GRADE + parted(name)[1], ""), rules.pass_mark)
    } | kept  # fmt: skip
    # The grade of a unit that is made of its assessments' follows them.
    made = computed(rules)
    entered = {name: text for name, text in wanted.items() if parted(name)[1] not in made}
    changes = moved(dict.fromkeys(entered, "") | current, entered, None)
    derived = grades.write(author.name, key, rules, current, changes)
    journal(author, cohort_id, "dossier", key, current, {**changes, **derived})


def _cells(work: str, kept: Mapping[str, Any]) -> dict[str, str]:
    """Return what minutes hold of one work by the fields of a dossier."""
    found = {GRADE + work: kept["grade"], RESIT + work: kept["resit"]}
    for place, (marker, value) in enumerate(kept["markings"]):
        found |= {MARKERS[place] + work: marker, MARKINGS[place] + work: value}
    return found


def _put_back_decision(author: Author, cohort_id: int, key: str, sealed: Sealed) -> None:
    kept = sealed.line
    recorded = decisions.recorded(key)
    current = dict.fromkeys(decisions.FIELDS, "") | decisions.held([key]).get(key, {})
    current["reason"] = recorded.reason if recorded else ""
    wanted = {name: kept[name] for name in (*decisions.FIELDS, "reason")}
    journal(author, cohort_id, "dossier", key, current, moved(current, wanted, None))
    sealed_at = rows(Minutes.select(Minutes.sealed_at).where(Minutes.number == sealed.number))[0][0]
    values = {name: kept[name] for name in ("decision", "honours", "remark", "reason", "proposed", "by")} | {
        "reasons": json.dumps(kept["reasons"]), "at": _moment(kept["at"]), "signed_at": _moment(sealed_at),
        "deliberation": sealed.deliberation,
    }  # fmt: skip
    if not Decision.update(values).where(Decision.enrolment == key).execute():
        Decision.insert(enrolment=key, **values).execute()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
