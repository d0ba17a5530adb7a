"""Minutes of a deliberation as a PDF, from the data that are sealed: the same data give the same bytes."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import segno

from documents.french import spaced_all
from documents.typesetting import pdf
from rules import chain
from rules.attendance import hours_text
from rules.grades import JOINT
from rules.jury import DECISIONS
from rules.minutes import NOTES, works
from rules.rolls import PARIS
from rules.value_numbers import GRADE_LABELS, display_decimal
from rules.value_times import long_date

Data = Mapping[str, Any]
#: What is said of a candidate in more letters than these may go over a page.
LONG = 1_500


def minutes(data: Data, address: str = "") -> bytes:
    """Return the minutes, with the digest of their data on every page; `address` is where a paper is checked."""
    graded = [work for work in works(data) if work[3] is not None or ":" not in work[0]]
    values = {
        **framed(data, f"Procès-verbal {data['number']}"), "sentence": sentence(data),
        "supersedes": data["supersedes"], "members": [_member(one) for one in data["members"]],
        "signing": [_member(one) for one in data["members"] if one["present"]],
        "total": counted(len(data["candidates"])), "rules": data["rules"],
        "counts": [
            {"label": DECISIONS[code].capitalize(), "number": str(data["counts"].get(code, 0))} for code in DECISIONS
        ],
        "works": [{"label": work[1], "legend": _legend(data, *work)} for work in graded],
        "codes": codes(data["candidates"]), "credited": any(work[3] is not None for work in graded),
        "candidates": [_candidate(data, graded, rank, one) for rank, one in enumerate(data["candidates"], 1)],
        "closed": _closed(data["deliberation"]),
    }  # fmt: skip
    return pdf("minutes.typ", {**spaced_all(values), **checked(data, address)})


def framed(data: Data, title: str) -> dict[str, Any]:
    """Return what every paper made from minutes says at its head."""
    cohort = {**data["cohort"], "period": period(data["cohort"])}
    return {"title": title, "number": data["number"], "provider": data["provider"], "cohort": cohort}


def period(cohort: Data) -> str:
    """Return the period of a cohort, '' where its title says it already."""
    told = set(re.findall(r"\w+", cohort["title"]))
    return cohort["period"] if set(re.findall(r"\w+", cohort["period"])) - told else ""


def checked(data: Data, address: str) -> dict[str, Any]:
    """Return the digest of the data, and where a paper is checked as an address and as a code."""
    target = f"{address}?numero={data['number']}" if address else ""
    matrix = segno.make(target, micro=False, error="m").matrix if target else ()
    return {
        "digest": grouped(chain.digest(chain.canonical(data))), "address": address,
        "code": ["".join(str(int(cell)) for cell in row) for row in matrix],
    }  # fmt: skip


def grouped(digest: str) -> str:
    """Write a digest as it is printed: by eight, so that it can be typed again."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def counted(number: int) -> str:
    """Write a number of candidates."""
    return f"{number} candidat·es" if number > 1 else f"{number} candidat·e"


def day(canonical: str) -> str:
    """Write a date without its day of the week: 15 janvier 2026."""
    return long_date(canonical).partition(" ")[2]


def hour(instant: str) -> str:
    """Write the hour of an instant in the time of Paris: 17 h 30."""
    local = datetime.fromisoformat(instant).astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h"


def _closed(session: Data) -> str:
    return day(_date(session["closed_at"]))


def _date(instant: str) -> str:
    """Return the date of an instant in Paris."""
    return datetime.fromisoformat(instant).astimezone(PARIS).date().isoformat()


def _hours(session: Data) -> str:
    """Say from when to when the session sat: with their days when it was opened or closed on another than its own."""
    opened, closed = session["opened_at"], session["closed_at"]
    if not opened:
        return ""
    if _date(opened) == _date(closed) == session["held_on"]:
        return f", de {hour(opened)} à {hour(closed)}"
    first, last = (f"le {day(_date(at))} à {hour(at)}" for at in (opened, closed))
    return f" (séance ouverte {first}, close {last})"


def sentence(data: Data, decides: str = "arrête les décisions suivantes.") -> str:
    """Say which jury met, named by what, when, where and under whom, and what it does."""
    session = data["deliberation"]
    president = next(one["name"] for one in data["members"] if one["president"])
    order = f" n° {session['order_number']}" if session["order_number"] else ""
    dated = f" du {day(session['order_date'])}" if session["order_date"] else ""
    named = f" nommé par l'arrêté{order}{dated}," if order or dated else ""
    place = f", {session['place']}" if session["place"] else ""
    return (
        f"Le jury{named} réuni le {long_date(session['held_on'])}{_hours(session)}{place}, présidé par {president}, "
        f"après en avoir délibéré, {decides}"
    )


def _member(one: Data) -> dict[str, str]:
    role = "présidence" if one["president"] else "membre"
    return {
        "name": one["name"], "quality": one["quality"], "role": role,
        "convened": day(one["convened_on"]) if one["convened_on"] else "non convoqué·e",
        "presence": "présent·e" if one["present"] else "absent·e",
        "signs": ", ".join(part for part in (one["quality"], role if one["president"] else "") if part),
    }  # fmt: skip


def _legend(data: Data, work: str, label: str, title: str, credit: int | None) -> str:
    """Explain the code of a work, then those of its assessments."""
    named = f"{label} : {title}" if title else label
    if credit is not None:
        named = f"{named} ({credit} crédit{'s' if credit > 1 else ''})"
    parts = [f"{code} : {said}" for _key, code, said in _parts(data, work) if said]
    return ", ".join([named, *parts])


def _parts(data: Data, work: str) -> list[tuple[str, str, str]]:
    """List the assessments of a unit as (work, code, title)."""
    return [(key, code, title) for key, code, title, _credits in data["works"] if key.startswith(f"{work}{JOINT}")]


def codes(candidates: Sequence[Data]) -> str:
    """Explain the codes that stand in place of a grade, those that are used alone."""
    used = {cell for one in candidates for grade in one["grades"].values()
            for cell in (grade["grade"], grade["resit"])}  # fmt: skip
    return " ; ".join(f"{code} : {label}" for code, label in GRADE_LABELS.items() if code in used)


def cell(data: Data, work: str, one: Data) -> dict[str, Any]:
    """Return the grade of one work: the first, that of the resit, and beside them the markers' and the assessments'."""
    found = one["grades"].get(work, {"grade": "", "resit": "", "markings": []})
    parts = [_part(code, one["grades"][key]) for key, code, _title in _parts(data, work) if key in one["grades"]]
    return {
        "grade": shown(found["grade"]) or "—", "resit": shown(found["resit"]),
        "beside": [text for text in (_marks(found), " · ".join(parts)) if text],
    }  # fmt: skip


def _marks(found: Data) -> str:
    return " / ".join(shown(value) for _marker, value in found["markings"])


def _part(code: str, found: Data) -> str:
    """Write an assessment beside its unit: its first grade, that of the resit, what its markers gave."""
    grade, marks = f"{code} {shown(found['grade']) or '—'}", _marks(found)
    resit = f" → {shown(found['resit'])}" if found["resit"] else ""
    return f"{grade}{resit} ({marks})" if marks else f"{grade}{resit}"


def shown(value: str) -> str:
    """Write a grade cell: 12,5, or the code that stands in its place."""
    return display_decimal(value)


def _candidate(data: Data, graded: Sequence[Sequence[Any]], rank: int, one: Data) -> dict[str, Any]:
    told = notes(one)
    return {
        "rank": str(rank), "last": one["last_name"], "first": one["first_name"],
        "absent": hours_text(one["hours"]["absent"]),
        "allowed": "" if one["hours"]["allowed"] is None else hours_text(one["hours"]["allowed"]),
        "grades": [cell(data, work[0], one) for work in graded], "credits": str(one["credits"]),
        "decision": DECISIONS[one["decision"]], "honours": one["honours"], "notes": told,
        "long": sum(len(note["text"]) for note in told) > LONG,
    }  # fmt: skip


def notes(one: Data) -> list[dict[str, str]]:
    """List what is said of a candidate beside the grades, as (label, text)."""
    proposed = DECISIONS.get(one["proposed"], "aucune")
    found = {
        "reasons": " ".join(text + (f" ({source})" if source else "") for _code, text, source in one["reasons"]),
        "proposed": proposed if one["proposed"] != one["decision"] else "", "reason": one["reason"],
        "remark": one["remark"], "tutors": ", ".join(one["tutors"]), "stepped_out": ", ".join(one["stepped_out"]),
    }  # fmt: skip
    return [{"label": NOTES[name], "text": text} for name, text in found.items() if text]
