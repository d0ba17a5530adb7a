"""Sheets to sign, as one PDF: every mention on every page, a cell to sign for each half-day and person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno

from documents.french import spaced_all
from documents.typesetting import pdf
from rules import teachers
from rules.attendance import hours_text
from rules.calendar import KINDS, MODALITIES
from rules.places import describe
from rules.sign_in_sheets import Sheet, Slot, slot_title
from rules.value_times import long_date

#: A name of more letters may be wider than its cell: it is then measured.
LONG_NAME = 28


@dataclass(frozen=True)
class Heading:
    """What every sheet of a file says of whom and what it is for; `address` is what the codes of half-days follow."""

    provider: str
    provider_details: str
    programme: str
    cohort: str
    code: str
    address: str


def document(heading: Heading, sheets: Sequence[Sheet]) -> bytes:
    """Return the PDF of these sheets, one page each."""
    values = {
        "title": f"Feuilles d'émargement {heading.code}" if len(sheets) != 1 else _title(sheets[0]),
        "provider": heading.provider, "details": heading.provider_details, "programme": heading.programme,
        "cohort": heading.cohort, "code": heading.code,
        "sheets": [_sheet(heading, sheet) for sheet in sheets],
    }  # fmt: skip
    addressed = {slot.id: _code(heading.address + slot.id) for sheet in sheets for slot in sheet.slots}
    return pdf("sign_in_sheets.typ", {**spaced_all(values), "codes": addressed})


def _title(sheet: Sheet) -> str:
    return f"Feuille d'émargement, {_day(sheet.slots[0])}"


def _day(slot: Slot) -> str:
    return long_date(slot.day) if slot.day else slot.period or "date à préciser"


def _sheet(heading: Heading, sheet: Sheet) -> dict[str, Any]:
    signing = list(dict.fromkeys(name for slot in sheet.slots for name in teachers.names(slot.teachers)))
    here = [[name in teachers.names(slot.teachers) for slot in sheet.slots] for name in signing]
    return {
        "day": _day(sheet.slots[0]), "dated": bool(sheet.slots[0].day), "first": sheet.first,
        "page": f"{sheet.page}/{sheet.pages}", "blank": sheet.blank,
        "people": [
            {"last": person.last_name, "first": person.first_name, "long": len(person.name) > LONG_NAME}
            for person in sheet.people
        ],
        "slots": [_slot(slot) | {"half": _half(slot, at, len(sheet.slots))} for at, slot in enumerate(sheet.slots)],
        "teachers": signing or [""], "signs": here or [[True] * len(sheet.slots)],
    }  # fmt: skip


def _slot(slot: Slot) -> dict[str, str]:
    return {
        "id": slot.id, "hours": _hours(slot), "length": hours_text(slot.minutes),
        "title": slot_title(slot), "kind": KINDS.get(slot.kind, slot.kind),
        "modality": MODALITIES.get(slot.modality, slot.modality), "place": _place(slot.place),
        "teachers": ", ".join(teachers.names(slot.teachers)),
    }  # fmt: skip


def _half(slot: Slot, at: int, of: int) -> str:
    """Name a half-day among those of its sheet: by its hour, or its rank where it has none."""
    if not slot.start:
        return "" if of == 1 else f"{at + 1}{'re' if at == 0 else 'e'} demi-journée"
    return "Matin" if slot.start < "12:00" else "Après-midi" if slot.start < "18:00" else "Soir"


def _hours(slot: Slot) -> str:
    """Write the hours to the minute, as the calendar has them; '' where they are written by hand."""
    return f"{_clock(slot.start)} – {_clock(slot.end)}" if slot.start else ""


def _clock(canonical: str) -> str:
    return f"{int(canonical[:2])}h{canonical[3:]}"


def _place(place: str) -> str:
    """Write a room with the address of its site: a sheet is read by people who do not know our codes."""
    found = describe(place)
    return f"{place} – {found.site}, {found.address}" if found.site else place


def _code(address: str) -> list[str]:
    """Return the modules of a QR code, a line of 0 and 1 for each row."""
    return ["".join(str(int(cell)) for cell in row) for row in segno.make(address, micro=False, error="m").matrix]
