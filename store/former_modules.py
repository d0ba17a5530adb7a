"""Modules under the names they had: a sheet may still hold the label of one that was renamed since."""

from collections.abc import Callable, Mapping
from functools import cache

from rules.value_texts import Raw, as_text
from rules.values import Type, choice, fold
from store.db import rows
from store.errors import Refused


def choice_of(cohort_id: int, labels: Mapping[str, str]) -> Type:
    """Return the choice among the modules of a cohort, given as {number: label}.

    A cell that holds no label of now is read by its number, else by what the journal says that a module was
    called. A number that another module took meanwhile is safe: the merge sees the cell as it was agreed on.
    """
    exact = choice(labels)
    by_number = {fold(code): code for code in labels}

    def read(raw: Raw) -> str:
        try:
            return exact.parse(raw)
        except Refused:
            number, dot, title = map(fold, as_text(raw).partition("·"))
            found = (by_number.get(number) or _once(cohort_id, number, title)) if dot and title else None
            if found is None:
                raise
            return found

    return Type(exact.name, read, exact.show, exact.display)


def labels_once(cohort_id: int) -> Callable[[str], bool]:
    """Return what tells whether a text is the label that some module of a cohort had, at one time or another.

    The journal is read at the first question alone: hardly any cell asks one.
    """
    known = cache(lambda: _names(cohort_id))

    def had(text: str) -> bool:
        number, dot, title = map(fold, text.partition("·"))
        numbers, titles = known() if dot and title else ({}, {})
        return any(number in numbers[key] and title in titles[key] for key in numbers)

    return had


def _once(cohort_id: int, number: str, title: str) -> str | None:
    """Return the number of the only module that had this number and this title, at one time or another."""
    numbers, titles = _names(cohort_id)
    found = [key for key in numbers if number in numbers[key] and title in titles[key]]
    current = rows("SELECT number FROM module WHERE id = ?", int(found[0])) if len(found) == 1 else []
    return current[0][0] if current else None


def _names(cohort_id: int) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return {module: every number}, {module: every title}, of those that are there, folded."""
    now = rows("SELECT id, number, title FROM module WHERE cohort_id = ?", cohort_id)
    numbers = {str(key): {fold(number)} for key, number, _title in now}
    titles = {str(key): {fold(title)} for key, _number, title in now}
    before = rows(
        """
        SELECT object_id, field, "before" FROM journal_entry
        WHERE cohort_id = ? AND kind = 'module' AND field IN ('number', 'title') AND "before" <> ''
        """,
        cohort_id,
    )
    for key, field, text in before:
        if key in numbers:
            (numbers if field == "number" else titles)[key].add(fold(text))
    return numbers, titles
