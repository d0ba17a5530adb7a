"""Modules and half-days."""

from collections.abc import Iterable, Mapping
from datetime import date

from peewee import JOIN, fn

from rules.calendar import KINDS, MODALITIES, check_half_day
from rules.places import parse_place
from rules.teachers import parse_teachers
from rules.values import TYPES, Type, choice, display_date, display_time, show_text
from store import former_modules
from store.changes import Values, canonical, journal, locked, moved, parse, stored
from store.db import as_date, database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import HalfDay, Module
from store.models.base import free_id, now

FIELDS = ("module", "period", "day", "start", "end", "kind", "modality", "place", "teachers")
REQUIRED = {"kind", "modality"}
_TYPES = {
    "period": TYPES["text"],
    "day": TYPES["date"],
    "start": TYPES["time"],
    "end": TYPES["time"],
    "kind": choice(KINDS),
    "modality": choice(MODALITIES),
    "place": Type("place", parse_place, show_text, str),
    "teachers": Type("text", parse_teachers, show_text, str),
}


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each field of a half-day; a module is chosen among the cohort's."""
    return {"module": former_modules.choice_of(cohort_id, module_labels(cohort_id)), **_TYPES}


def modules(cohort_id: int) -> list[tuple]:
    """List the modules as (id, number, title, bloc, optional), in order."""
    query = "SELECT id, number, title, bloc, optional FROM module WHERE cohort_id = ? ORDER BY position"
    return [(*row[:4], bool(row[4])) for row in rows(query, cohort_id)]


def module_labels(cohort_id: int) -> dict[str, str]:
    """Return {number: label as printed in the sheet} of a cohort's modules."""
    return {number: module_label(number, title) for _, number, title, _, _ in modules(cohort_id)}


def module_label(number: str, title: str) -> str:
    """Return how a module is named in the sheet and on the pages."""
    return f"{number} · {title}"


def half_days(cohort_id: int) -> list[tuple]:
    """List the half-days in order.

    Each is (id, module number, module title, bloc, optional, period, day, start, end, minutes,
    kind, modality, place, teachers).
    """
    # Without a date the programme's own order counts: sorting by hour would list every morning first.
    found = rows(
        """
        SELECT h.id, m.number, m.title, m.bloc, m.optional, h.period, h.day, h.start, h."end", h.minutes, h.kind,
               h.modality, h.place, h.teachers
        FROM half_day h LEFT JOIN module m ON m.id = h.module_id
        WHERE h.cohort_id = ? AND h.deleted_at IS NULL
        ORDER BY h.day IS NULL, h.day, CASE WHEN h.day IS NULL THEN '' ELSE h.start END, h.position
        """,
        cohort_id,
    )
    return [(*row[:4], row[4] and bool(row[4]), row[5], as_date(row[6]), *row[7:]) for row in found]


def neighbours(cohort_id: int, half_day_id: str) -> tuple[str, str]:
    """Return the half-days before and after one, '' at the ends of the calendar."""
    keys = [row[0] for row in half_days(cohort_id)]
    place = keys.index(half_day_id)
    return (keys[place - 1] if place else "", keys[place + 1] if place + 1 < len(keys) else "")


def on_day(day: date) -> list[tuple]:
    """List the half-days of a date as (cohort code, id, start, end, module title, place), whatever the cohort."""
    return rows(
        """
        SELECT c.code, h.id, h.start, h."end", m.title, h.place
        FROM half_day h JOIN cohort c ON c.id = h.cohort_id LEFT JOIN module m ON m.id = h.module_id
        WHERE h.day = ? AND h.deleted_at IS NULL ORDER BY h.start, c.code
        """,
        day,
    )


#: Names of what `half_days` lists.
COLUMNS = (
    "id", "module", "title", "bloc", "optional", "period", "day", "start", "end", "minutes", "kind", "modality",
    "place", "teachers",
)  # fmt: skip


def half_day(cohort_id: int, half_day_id: str) -> dict | None:
    """Return one half-day of this very cohort as {name: value}, or None."""
    found = rows(
        """
        SELECT h.id, m.number, m.title, m.bloc, m.optional, h.period, h.day, h.start, h."end", h.minutes, h.kind,
               h.modality, h.place, h.teachers
        FROM half_day h LEFT JOIN module m ON m.id = h.module_id
        WHERE h.id = ? AND h.cohort_id = ? AND h.deleted_at IS NULL
        """,
        half_day_id, cohort_id,
    )  # fmt: skip
    if not found:
        return None
    return dict(zip(COLUMNS, found[0], strict=True)) | {"day": as_date(found[0][6])}


def headers(cohort_id: int) -> dict[str, str]:
    """Return {half-day: header of its column in the attendance matrix}, in order, each header unique."""
    found: dict[str, str] = {}
    for row in half_days(cohort_id):
        key, number, _, _, _, period, day, start = row[:8]
        when = f"{display_date(day.isoformat())} {display_time(start)}" if day and start else ""
        found[key] = _unique(when or f"{number or ''} {period} {_slot(start)}".strip(), found)
    return found


def _slot(start: str) -> str:
    return "" if not start else "matin" if start < "13:00" else "après-midi"


def _unique(label: str, taken: Mapping[str, str]) -> str:
    base = label or "demi-journée"
    seen = set(taken.values())
    number, label = 2, base
    while label in seen:
        number, label = number + 1, f"{base} ({number})"
    return label


def snapshot(cohort_id: int) -> dict[str, dict[str, str]]:
    """Return every half-day as {id: {field: canonical text}}, in order."""
    found = {}
    for row in half_days(cohort_id):
        key, number, _, _, _, period, day, start, end, _, kind, modality, place, teachers = row
        values = (number, period, day, start, end, kind, modality, place, teachers)
        found[key] = dict(zip(FIELDS, map(canonical, values), strict=True))
    return found


def held(half_days: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what these half-days hold, those taken out included, as {id: {field: canonical text}}."""
    columns = [getattr(HalfDay, name) for name in FIELDS[1:]]
    query = HalfDay.select(HalfDay.id, Module.number, *columns).join(Module, JOIN.LEFT_OUTER)
    found = rows(query.where(HalfDay.id.in_(list(half_days))))
    return {row[0]: dict(zip(FIELDS, map(canonical, row[1:]), strict=True)) for row in found}


def removed(cohort_id: int) -> set[str]:
    """Return the ids of the half-days taken out of the calendar."""
    query = "SELECT id FROM half_day WHERE cohort_id = ? AND deleted_at IS NOT NULL"
    return {row[0] for row in rows(query, cohort_id)}


def _current(half_day_id: str) -> tuple[HalfDay, dict[str, str]]:
    half_day = locked(HalfDay.select().where(HalfDay.id == half_day_id)).first()
    if half_day is None:
        raise Unknown(half_day_id)
    current = {name: canonical(getattr(half_day, name)) for name in FIELDS if name != "module"}
    number = Module.select(Module.number).where(Module.id == half_day.module_id).scalar()
    return half_day, {"module": number or "", **current}


def change(
    author: Author, half_day_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Change values of a half-day; the journal keeps the old date of a moved one. Return what changed."""
    with database.atomic():
        half_day, current = _current(half_day_id)
        values = parse(types(half_day.cohort_id), raw, REQUIRED.__contains__)
        changes = moved(current, values, expected)
        if changes:
            update = _columns(half_day.cohort_id, changes)
            update["minutes"] = _length({**current, **changes}, half_day.minutes)
            HalfDay.update(update).where(HalfDay.id == half_day_id).execute()
            journal(author, half_day.cohort_id, "half_day", half_day_id, current, changes)
    return changes


def _columns(cohort_id: int, values: Values) -> dict[str, object]:
    columns = {name: stored(HalfDay, name, value) for name, value in values.items() if name != "module"}
    if "module" in values:
        columns["module"] = (
            Module.select(Module.id)
            .where((Module.cohort == cohort_id) & (Module.number == values["module"]))
            .scalar()
        )
    return columns


def _length(values: Values, minutes: int | None) -> int:
    """Check a whole half-day and return its minutes: by the clock, or as given where no hours are printed."""
    get = values.get
    try:
        return check_half_day(
            get("day", ""), get("start", ""), get("end", ""), period=get("period", ""), minutes=minutes,
            kind=get("kind", ""), modality=get("modality", "on_site"),
        )  # fmt: skip
    except Refused as error:
        placed = get("day") or get("period", "").strip()
        error.field = ("end" if get("end") else "start") if placed else "day"  # type: ignore[attr-defined]
        raise


def create(
    author: Author, cohort_id: int, raw: Mapping[str, object], minutes: int | None = None, wanted: str = ""
) -> str:
    """Add a half-day; `minutes` is its length where no hours are printed. Return its id: the one wanted, when free."""
    complete = {"kind": "", "modality": "on_site"} | {k: v for k, v in raw.items() if v not in ("", None)}
    with database.atomic():
        values = parse(types(cohort_id), complete, REQUIRED.__contains__)
        length = _length(values, minutes)
        half_day_id = free_id("S", HalfDay, wanted)
        HalfDay.insert(
            id=half_day_id, cohort=cohort_id, position=_next(cohort_id), minutes=length, **_columns(cohort_id, values)
        ).execute()
        journal(author, cohort_id, "half_day", half_day_id, {}, {k: v for k, v in values.items() if v})
    return half_day_id


def _next(cohort_id: int) -> int:
    last = HalfDay.select(fn.MAX(HalfDay.position)).where(HalfDay.cohort == cohort_id).scalar()
    return (last or 0) + 1


def remove(author: Author, half_day_id: str) -> None:
    """Take a half-day out of the calendar; its marks stay and can be restored."""
    _set_deleted(author, half_day_id, gone=True)


def restore(author: Author, half_day_id: str) -> None:
    """Put a half-day back in the calendar."""
    _set_deleted(author, half_day_id, gone=False)


def _set_deleted(author: Author, half_day_id: str, gone: bool) -> None:
    with database.atomic():
        half_day, _ = _current(half_day_id)
        if (half_day.deleted_at is not None) == gone:
            return
        HalfDay.update(deleted_at=now() if gone else None).where(HalfDay.id == half_day_id).execute()
        was, will = ("planned", "removed") if gone else ("removed", "planned")
        record(author, half_day.cohort_id, "half_day", half_day_id, "state", was, will)


def add_module(cohort_id: int, position: int, number: str, title: str, bloc: str, optional: bool) -> None:
    """Add a module to a cohort."""
    Module.insert(
        cohort=cohort_id, position=position, number=number, title=title, bloc=bloc, optional=optional
    ).execute()
