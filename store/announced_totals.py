"""What the calendar of a cohort must add up to, changed by a person with the document that says so."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from rules import announced_totals
from rules.announced_totals import SOURCE
from rules.message import Message
from rules.values import Type
from store import modules, people
from store.changes import Values, journal, locked, moved, parse, refused
from store.db import database
from store.journal import Author
from store.models import Cohort


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each total: those of a whole calendar, of each kind, of each bloc named or announced."""
    known = people.expected_totals(cohort_id).by_bloc
    return announced_totals.types(dict.fromkeys([*known, *(row[3] for row in modules.listed(cohort_id) if row[3])]))


def values(cohort_id: int) -> dict[str, str]:
    """Return the totals announced as {field: canonical text}; a blank one is not checked."""
    return announced_totals.texts(people.expected_totals(cohort_id), types(cohort_id))


def change(author: Author, cohort_id: int, raw: Mapping[str, object], expected: Values | None = None) -> Values:
    """Change totals announced; return what changed. Raises Refused when no document is named."""
    with database.atomic():
        row = locked(Cohort.select().where(Cohort.id == cohort_id)).get()
        given = parse(types(cohort_id), raw, lambda _name: False)
        current = values(cohort_id)
        changes = moved(current, given, expected)
        after = current | changes
        if changes and not after[SOURCE]:
            raise refused(SOURCE, Message("Dites quel document annonce ces totaux."))
        if changes:
            kept = json.dumps(asdict(announced_totals.expected(after)))
            Cohort.update(expected_totals=kept).where(Cohort.id == cohort_id).execute()
            journal(author, cohort_id, "cohort", row.code, current, changes)
    return changes
