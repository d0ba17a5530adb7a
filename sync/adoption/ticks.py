"""Tell whether a tab ticks who was there: 1, x, ✓ or oui, where the intranet has P."""

from collections.abc import Collection, Mapping, Sequence

from rules.marks import ticked
from rules.value_texts import as_text
from rules.values import TICKED
from sync.adoption.evidence import FEWEST, proof
from sync.adoption.grid import Value
from sync.adoption.likeness import plain

#: In a list of absences a tick says that somebody was not there.
_CONTRARY = "absen"


def signs(title: str, held: Mapping[str, Sequence[Value]], rows: int) -> tuple[str, ...]:
    """Return the signs by which a tab ticks who was there, () when it does not or when anything contradicts it.

    `held` has what stands under each header of a half-day, `rows` counts the rows of people. A number that is no
    tick is a count of minutes or of hours; and people are there more often than not, so that few ticks among many
    blanks are those of a list of absences.
    """
    columns = [values for values in held.values() if values]
    values = [value for column in columns for value in column]
    found = [sign for value in values if ticked(sign := as_text(value))]
    there = sum(ticked(sign) == "P" for sign in found)
    odd = any(not ticked(text) for value in values if (text := as_text(value))[0].isdigit())
    said = any(_CONTRARY in plain(text) for text in (title, *held))
    marked = there + sum(proof([value], TICKED).good and not ticked(as_text(value)) for value in values)
    if there < FEWEST or odd or said or 2 * marked <= rows * len(columns):
        return ()
    return tuple(sorted({sign.casefold() for sign in found}))


def told(found: Collection[str]) -> str:
    """Say how ticks are read, in French; '' when there are none."""
    if not found:
        return ""
    listed = {code: [f"« {sign} »" for sign in found if ticked(sign) == code] for code in "PA"}
    here, away = (" et ".join(listed[code]) for code in "PA")
    return f"{here} = présent·e" + (f", {away} = absent·e" if away else "")
