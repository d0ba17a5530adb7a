"""The modules of a programme: their number, title, bloc, announced hours, and their order."""

from collections.abc import Mapping

from peewee import fn

from rules.durations import DURATION
from rules.message import Message
from rules.values import TYPES, Type, choice, fold
from store import calendar
from store.changes import Values, canonical, journal, locked, moved, parse, refused, stored
from store.db import database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import HalfDay, Module

FIELDS = ("number", "title", "bloc", "optional", "expected_minutes")
REQUIRED = {"number", "title"}
LONGEST_NUMBER = 12
_TYPES = {
    "number": TYPES["text"],
    "title": TYPES["text"],
    "bloc": TYPES["text"],
    "optional": TYPES["yes_no"],
    "expected_minutes": DURATION,
}


def types() -> dict[str, Type]:
    """Return the type of each field of a module."""
    return _TYPES


def listed(cohort_id: int) -> list[tuple]:
    """List the modules in order as (id, number, title, bloc, optional, expected minutes, minutes placed, half-days).

    A jury counts in no module.
    """
    found = rows(
        """
        SELECT m.id, m.number, m.title, m.bloc, m.optional, m.expected_minutes,
               COALESCE(SUM(CASE WHEN h.kind = 'jury' THEN 0 ELSE h.minutes END), 0), COUNT(h.id)
        FROM module m LEFT JOIN half_day h ON h.module_id = m.id AND h.deleted_at IS NULL
        WHERE m.cohort_id = ?
        GROUP BY m.id, m.number, m.title, m.bloc, m.optional, m.expected_minutes, m.position
        ORDER BY m.position, m.id
        """,
        cohort_id,
    )
    return [(*row[:4], bool(row[4]), row[5], int(row[6]), row[7]) for row in found]


def of_cohort(cohort_id: int, module_id: int) -> bool:
    """Tell whether a module is of this very cohort."""
    return Module.select().where((Module.id == module_id) & (Module.cohort == cohort_id)).exists()


def values(module_id: int) -> dict[str, str]:
    """Return what a module holds as {field: canonical text}."""
    return _current(module_id)[1]


def _current(module_id: int) -> tuple[Module, dict[str, str]]:
    module = locked(Module.select().where(Module.id == module_id)).first()
    if module is None:
        raise Unknown(str(module_id))
    current = {name: canonical(getattr(module, name)) for name in FIELDS if name != "optional"}
    return module, current | {"optional": "oui" if module.optional else ""}


def add(author: Author, cohort_id: int, raw: Mapping[str, object]) -> int:
    """Add a module after the others; return its id."""
    given = _parsed({"number": "", "title": ""} | dict(raw))
    with database.atomic():
        last = Module.select(fn.MAX(Module.position)).where(Module.cohort == cohort_id).scalar()
        position = 0 if last is None else last + 1
        module_id = Module.insert(cohort=cohort_id, position=position, **_columns(given)).execute()
        _check_names(cohort_id)
        journal(author, cohort_id, "module", str(module_id), {}, {name: text for name, text in given.items() if text})
    return module_id


def change(
    author: Author, module_id: int, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change values of a module; return what changed."""
    given = _parsed(raw)
    with database.atomic():
        module, current = _current(module_id)
        changes = moved(current, given, expected)
        if changes:
            Module.update(_columns(changes)).where(Module.id == module_id).execute()
            _check_names(module.cohort_id)
            journal(author, module.cohort_id, "module", str(module_id), current, changes)
    return changes


def _parsed(raw: Mapping[str, object]) -> dict[str, str]:
    given = parse(_TYPES, raw, REQUIRED.__contains__)
    for name in ("number", "title", "bloc"):
        if name in given:
            given[name] = " ".join(given[name].split())
    if given.get("optional") == "non":
        given["optional"] = ""
    number = given.get("number", "")
    if "·" in number or len(number) > LONGEST_NUMBER:
        raise refused("number", Message("Un numéro de module compte %(most)s caractères au plus, sans « · ».",
                                        {"most": LONGEST_NUMBER}))  # fmt: skip
    if number and not any(letter.isalnum() for letter in number):
        # Such as « .. », which would lead elsewhere in the address of its page.
        raise refused("number", Message("Un numéro de module contient au moins une lettre ou un chiffre."))
    return given


def _columns(given: Values) -> dict[str, object]:
    columns = {name: stored(Module, name, text) for name, text in given.items() if name != "optional"}
    return columns | ({"optional": given["optional"] == "oui"} if "optional" in given else {})


def _check_names(cohort_id: int) -> None:
    """Refuse two modules that a cell of the sheet could not tell apart."""
    numbers = [fold(row[1]) for row in calendar.modules(cohort_id)]
    twice = next((number for number in numbers if numbers.count(number) > 1), "")
    if twice:
        raise refused("number", Message("Il y a déjà un module %(number)s.", {"number": twice}))
    try:
        choice(calendar.module_labels(cohort_id))
    except ValueError:
        raise refused("title", Message("Ce module se confondrait avec un autre.")) from None


def place(author: Author, module_id: int, up: bool) -> bool:
    """Move a module up or down by one place; False at the end of the list."""
    with database.atomic():
        module, _current_values = _current(module_id)
        order = [row[0] for row in calendar.modules(module.cohort_id)]
        was = order.index(module_id)
        will = was - 1 if up else was + 1
        if not 0 <= will < len(order):
            return False
        order[was], order[will] = order[will], order[was]
        for position, key in enumerate(order):
            Module.update(position=position).where((Module.id == key) & (Module.position != position)).execute()
        record(author, module.cohort_id, "module", str(module_id), "position", str(was + 1), str(will + 1))
    return True


def remove(author: Author, module_id: int) -> None:
    """Take a module out; one that half-days belong to, even withdrawn, is refused."""
    with database.atomic():
        module, current = _current(module_id)
        query = HalfDay.select(fn.COUNT(HalfDay.id), fn.COUNT(HalfDay.deleted_at)).where(HalfDay.module == module_id)
        held, withdrawn = rows(query)[0]
        if held:
            raise Refused(Message(
                "%(held)s demi-journées sont de ce module, dont %(withdrawn)s retirées du calendrier : "
                "donnez-leur un autre module d'abord.", {"held": held, "withdrawn": withdrawn},
            ))  # fmt: skip
        Module.delete().where(Module.id == module_id).execute()
        gone = {name: text for name, text in current.items() if text}
        journal(author, module.cohort_id, "module", str(module_id), gone, dict.fromkeys(gone, ""))
