"""Certificats de réalisation as they were issued, one page each, in one PDF."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from documents.french import spaced_all
from documents.typesetting import pdf
from rules.attendance import hours_text
from rules.value_times import long_date


def document(contents: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the PDF of certificates, from what was kept of each when it was issued.

    The same contents give the same bytes: an old number is printed again as it was.
    """
    numbers = [content["number"] for content in contents]
    title = f"Certificat de réalisation {numbers[0]}" if len(numbers) == 1 else "Certificats de réalisation"
    values = {"title": title, "certificates": [_certificate(content) for content in contents]}
    return pdf("certificates.typ", spaced_all(values))


def _certificate(content: Mapping[str, Any]) -> dict[str, Any]:
    provider = content["provider"]
    return {
        "number": content["number"], "replaces": content["replaces"], "provider": provider["name"],
        "address": provider["address"], "activity": provider["activity_number"], "signatory": provider["signatory"],
        "town": provider["town"], "name": f"{content['first_name']} {content['last_name']}",
        "employer": content["employer"], "funding": content["funding"], "programme": content["programme"],
        "cohort": content["cohort"], "nature": content["nature"], "period": _period(content),
        "attended": hours_text(content["attended"]), "planned": hours_text(content["planned"]),
        "remote": hours_text(content["remote"]) if content["remote"] else "",
        "issued": _short(content["issued_on"]),
    }  # fmt: skip


def _period(content: Mapping[str, Any]) -> str:
    """Write when the training took place: between two dates, or as the programme says where it dates nothing."""
    first, last = content["first_day"], content["last_day"]
    if not first:
        return f"période : {content['period']}" if content["period"] else "période : à préciser"
    # What was issued before this was said has no such key.
    goes_on = content.get("ends", "")
    told = f" (formation en cours, prévue jusqu'au {_short(goes_on)})" if goes_on else ""
    return f"du {_short(first)} au {_short(last)}{told}"


def _short(canonical: str) -> str:
    """Write a date without its day of the week: 20 janvier 2025."""
    return long_date(date.fromisoformat(canonical).isoformat()).partition(" ")[2]
