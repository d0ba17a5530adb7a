"""What was worked out of each cohort, kept until the cohort changes: its version grows with anything in it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Generic, TypeVar

from store.db import rows

Value = TypeVar("Value")
#: Cohorts kept at most: beyond, everything is forgotten and worked out anew.
MOST = 2_000


def versions() -> dict[int, int]:
    """Return {cohort: version} of every cohort."""
    return dict(rows("SELECT id, version FROM cohort ORDER BY code"))


class ByVersion(Generic[Value]):
    """Keep what one question says of each cohort on a day; ask it again only of those that changed.

    `compute` takes the cohorts to look into and the day, and returns what it found of some of them; of the others
    there is nothing to say. It must depend on nothing else, and on no cohort but its own.
    """

    def __init__(self, compute: Callable[[Collection[int], date], Mapping[int, Value]]) -> None:
        self._compute = compute
        self._kept: dict[tuple[int, int, date], Value | None] = {}

    def of(self, cohorts: Mapping[int, int], today: date) -> dict[int, Value]:
        """Return what is to be said of each of these cohorts, {cohort: version}, in their order."""
        stale = [cohort for cohort, version in cohorts.items() if (cohort, version, today) not in self._kept]
        if stale:
            if len(self._kept) + len(stale) > MOST:
                self._kept.clear()
                stale = list(cohorts)
            found = self._compute(stale, today)
            self._kept.update({(cohort, cohorts[cohort], today): found.get(cohort) for cohort in stale})
        said = {cohort: self._kept.get((cohort, version, today)) for cohort, version in cohorts.items()}
        return {cohort: value for cohort, value in said.items() if value is not None}
