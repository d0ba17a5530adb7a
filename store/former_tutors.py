"""Tutors under the names they had: a sheet may still hold that of one who was renamed since."""

from collections.abc import Mapping

from rules.value_texts import Raw, as_text
from rules.values import Type, choice, fold
from store.db import rows
from store.errors import Refused


def choice_of(cohort_id: int, names: Mapping[str, str]) -> Type:
    """Return the choice among the tutors of a cohort; a name that is nobody's now is read by who bore it once."""
    exact = choice(names)

    def read(raw: Raw) -> str:
        try:
            return exact.parse(raw)
        except Refused:
            found = _bearer(cohort_id, as_text(raw))
            if found is None:
                raise
            return found

    return Type(exact.name, read, exact.show, exact.display)


def _bearer(cohort_id: int, name: str) -> str | None:
    """Return the name of the only tutor of a cohort who had this one at one time or another."""
    found = rows(
        """
        SELECT DISTINCT t.id, t.name, j."before" FROM tutorship s JOIN tutor t ON t.id = s.tutor_id
        JOIN journal_entry j ON j.kind = 'tutorship' AND j.field = 'name' AND j.object_id = CAST(t.id AS VARCHAR(20))
        WHERE s.cohort_id = ? AND j."before" <> ''
        """,
        cohort_id,
    )
    bearers = {(key, called) for key, called, before in found if fold(before) == fold(name)}
    return next(iter(bearers))[1] if len(bearers) == 1 else None
