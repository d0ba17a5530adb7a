"""What the person of this request may read of what not everybody does: papers of others, who has paid, the jury's."""

from collections import Counter

from flask_login import current_user

from blueprints.rights import JURY, RESTRICTED
from rules.grades import parted, unit_of
from store import agreement, between, candidate_numbers, outcomes, tutoring
from store.between import ListedConflict, ListedRefusal


def audiences() -> tuple[str, ...]:
    """Return which books' values this person may read."""
    return ("staff", "jury") if current_user.role in JURY else ("staff",)


def confined() -> bool:
    """Tell whether this person sees no paper but those that they follow."""
    return current_user.role == "tutor"


def follower() -> int | None:
    """Return the account whose papers alone this person sees, None for somebody who sees every paper."""
    return current_user.id if confined() else None


def conflicts() -> list[ListedConflict]:
    """List the open conflicts that this person may read."""
    return _seen(between.conflicts(audiences=audiences()))


def refusals() -> list[ListedRefusal]:
    """List the refused values that this person may read."""
    return _seen(between.refusals(audiences=audiences()))


def _seen(listed: list) -> list:
    """Leave out who has paid, and, for a tutor, what stands in the lines of papers that are not theirs."""
    if current_user.role in JURY:
        return _uncovered(listed)
    found = [row for row in listed if row.field != RESTRICTED]
    if not confined() or not any(row.kind == "papers" for row in found):
        return found
    own = tutoring.followed(current_user.id)
    return [row for row in found if row.kind != "papers" or row.row in own]


def _uncovered(listed: list) -> list:
    """Leave out what is of a unit graded under a number: it would stand beside a name."""
    if not any(row.kind == "jury" for row in listed):
        return listed
    covered = candidate_numbers.behind_numbers()
    return [
        row for row in listed if row.kind != "jury" or row.row not in covered or not unit_of(parted(row.field)[1])
    ]


def states() -> list[dict]:
    """Return the state of each book that this person may see, counting the choices and refusals that they may read."""
    found = agreement.states(audiences())
    if current_user.role in JURY:
        return found
    counts = {name: Counter(row.book for row in rows) for name, rows in _between().items()}
    return [state | {name: by_book[state["book"]] for name, by_book in counts.items()} for state in found]


def waiting() -> list[tuple[str, int, int]]:
    """List the cohorts with conflicts or refusals that this person may read as (code, conflicts, refusals)."""
    if current_user.role in JURY:
        return outcomes.waiting(audiences())
    conflicts, refusals = (Counter(row.cohort for row in rows) for rows in _between().values())
    return [(code, conflicts[code], refusals[code]) for code in sorted(conflicts | refusals)]


def _between() -> dict[str, list]:
    return {"conflicts": conflicts(), "refusals": refusals()}
