"""Drafts of the attestations of those to whom the certificate may be released, one page each, in one PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from documents.french import spaced_all
from documents.typesetting import pdf
from rules.value_times import long_date

#: What every page bears: nothing of it is to be taken for the attestation itself.
MARK = "PROJET"


@dataclass(frozen=True)
class Attestation:
    """What one attestation says. minutes: their number; honours: '' for none; credits: 0 for none."""

    first_name: str
    last_name: str
    programme: str
    cohort: str
    held_on: date | None
    minutes: str
    honours: str
    credits: int
    units: tuple[str, ...]


def document(provider: Mapping[str, str], attestations: Sequence[Attestation], made_on: date) -> bytes:
    """Return the PDF of drafts of attestations; the same values give the same bytes."""
    title = f"{MARK} d'attestation" if len(attestations) == 1 else f"{MARK}S d'attestations"
    values = {
        "title": title, "mark": MARK, "provider": provider.get("name", ""), "address": provider.get("address", ""),
        "town": provider.get("town", ""), "signatory": provider.get("signatory", ""), "made": _day(made_on),
        "attestations": [_attestation(one) for one in attestations],
    }  # fmt: skip
    return pdf("attestations.typ", spaced_all(values))


def _attestation(one: Attestation) -> dict[str, object]:
    return {
        "name": f"{one.first_name} {one.last_name}", "programme": one.programme, "cohort": one.cohort,
        "held": _day(one.held_on) if one.held_on else "", "minutes": one.minutes, "honours": one.honours,
        "credits": str(one.credits) if one.credits else "", "units": list(one.units),
    }  # fmt: skip


def _day(day: date) -> str:
    """Write a date without its day of the week: 20 janvier 2025."""
    return long_date(day.isoformat()).partition(" ")[2]
