"""Certificats de réalisation: what was certified, kept as it was issued."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from rules import certificates as rules
from rules.attendance import hours_text
from rules.certificates import Span
from rules.message import Message
from store import calendar, people
from store.certificate_lines import WHOLE, Line, lines
from store.changes import canonical, refused
from store.db import execute, is_postgresql, joined, rows
from store.errors import Changed, Unknown
from store.journal import Author, record
from store.models import Cohort, Programme
from store.models.base import now

#: The provider as its certificates name it, given by the settings: plain texts.
PROVIDER = ("name", "address", "activity_number", "signatory", "town")


def contents(cohort_id: int, numbers: Iterable[str]) -> list[dict]:
    """Return what certificates of this very cohort certify, as issued; raise Unknown for any other number."""
    wanted = list(numbers)
    marks = ", ".join("?" * len(wanted))
    query = f"""
        SELECT c.number, c.content FROM certificate c JOIN enrolment e ON e.id = c.enrolment_id
        WHERE e.cohort_id = ? AND c.number IN ({marks})
    """  # noqa: S608 - only as many marks as there are numbers
    found = dict(rows(query, cohort_id, *wanted)) if wanted else {}
    for number in wanted:
        if number not in found:
            raise Unknown(number)
    return [json.loads(found[number]) for number in wanted]


def issue(
    author: Author, cohort_id: int, enrolments: Iterable[str], provider: Mapping[str, str], today: date,
    accepted: bool = False, expected: Mapping[str, int] | None = None, span: Span = WHOLE,
) -> list[str]:  # fmt: skip
    """Issue a certificate to each of these people, all or none, of some days or of the training; return their numbers.

    Refuses when past half-days are not recorded, unless `accepted`: those hours are then not certified.
    `expected` holds the minutes that its author had read: raises Changed when somebody's are no longer those.
    """
    wanted = set(enrolments)
    with joined():
        _lock_numbers()
        chosen = _chosen(cohort_id, wanted, today, span)
        _compare(chosen, expected or {})
        for line in chosen:
            if line.in_force:
                values = {"name": line.name, "number": line.in_force.number}
                raise refused("enrolment", Message(
                    "%(name)s a déjà le certificat %(number)s : remplacez-le en donnant un motif.", values
                ))  # fmt: skip
        _check(chosen, accepted)
        return [_write(author, cohort_id, line, provider, today) for line in chosen]


def _chosen(cohort_id: int, wanted: set[str], today: date, span: Span) -> list[Line]:
    if not wanted:
        raise refused("enrolment", Message("Choisissez au moins une personne."))
    known = {line.enrolment: line for line in lines(cohort_id, today, span)}
    for enrolment in wanted:
        if enrolment not in known:
            raise Unknown(enrolment)
    return [line for line in known.values() if line.enrolment in wanted]


def _compare(chosen: Iterable[Line], expected: Mapping[str, int]) -> None:
    for line in chosen:
        read = expected.get(line.enrolment, line.hours.attended)
        if read != line.hours.attended:
            raise Changed(f"{line.name} : {hours_text(read)}", hours_text(line.hours.attended))


def preview(
    cohort_id: int, enrolments: Iterable[str], provider: Mapping[str, str], today: date, span: Span = WHOLE
) -> list[dict]:
    """Return what the certificates of these people would certify today; nothing is issued nor numbered."""
    chosen = _chosen(cohort_id, set(enrolments), today, span)
    blank = {"number": PREVIEW, "replaces": ""}
    return [_content(cohort_id, line, provider, today) | blank for line in chosen]


#: Stands for the number of a certificate that was not issued.
PREVIEW = "(aperçu, sans valeur)"


def _check(chosen: Iterable[Line], accepted: bool) -> None:
    chosen = list(chosen)
    empty = [line.name for line in chosen if not line.hours.attended]
    if empty:
        raise refused("enrolment", Message("Aucune heure suivie n'est relevée pour %(names)s : il n'y a rien à "
                                           "certifier.", {"names": ", ".join(empty)}))  # fmt: skip
    message = rules.unrecorded((line.name, line.hours) for line in chosen)
    if message and not accepted:
        raise refused("accepted", message)


def reissue(
    author: Author, cohort_id: int, number: str, reason: str, provider: Mapping[str, str], today: date,
    accepted: bool = False,
) -> str:  # fmt: skip
    """Replace a certificate by one of the same days with the hours of now, under its own number; return that number."""
    reason = " ".join(reason.split())
    with joined():
        _lock_numbers()
        line = _line_of(cohort_id, number, today)
        former = next(one for one in line.issued if one.number == number)
        if former.replaced_by:
            raise refused("reason", Message("Ce certificat est déjà remplacé par %(number)s.",
                                            {"number": former.replaced_by}))  # fmt: skip
        if not reason:
            raise refused("reason", Message("Donnez le motif du remplacement de %(number)s.", {"number": number}))
        if len(reason) > LONGEST_REASON:
            values = {"length": len(reason), "most": LONGEST_REASON}
            text = "Ce texte est trop long : %(length)s caractères, %(most)s au plus."
            raise refused("reason", Message(text, values))
        _check([line], accepted)
        return _write(author, cohort_id, line, provider, today, number, reason)


LONGEST_REASON = 500


def _line_of(cohort_id: int, number: str, today: date) -> Line:
    everyone = lines(cohort_id, today)
    span = next((one.span for line in everyone for one in line.issued if one.number == number), None)
    if span is None:
        raise Unknown(number)
    if span != WHOLE:
        everyone = lines(cohort_id, today, span)
    return next(line for line in everyone if any(one.number == number for one in line.issued))


def _lock_numbers() -> None:
    """Keep numbering to this transaction, so that no number is taken twice nor left out."""
    if is_postgresql():
        execute("LOCK TABLE certificate IN SHARE ROW EXCLUSIVE MODE")


def _next(year: int) -> str:
    prefix = rules.number(year, 0)[:-4]
    query = "SELECT MAX(CAST(SUBSTR(number, ?) AS INTEGER)) FROM certificate WHERE number LIKE ?"
    return rules.number(year, (rows(query, len(prefix) + 1, f"{prefix}%")[0][0] or 0) + 1)


def _write(
    author: Author, cohort_id: int, line: Line, provider: Mapping[str, str], today: date, replaces: str = "",
    reason: str = "",
) -> str:  # fmt: skip
    number = _next(today.year)
    content = _content(cohort_id, line, provider, today) | {"number": number, "replaces": replaces}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    execute(
        """
        INSERT INTO certificate
            (number, enrolment_id, content, funding, minutes, issued_by, issued_at, replaces, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        number, line.enrolment, text, line.funding, line.hours.attended, author.name, now(), replaces, reason,
    )  # fmt: skip
    days = f", {line.span.first} – {line.span.last}" if line.span.first else ""
    told = f"{number}, {line.hours.attended} min{days}" + (f", {reason}" if reason else "")
    record(author, cohort_id, "certificate", line.enrolment, "issued", replaces, told)
    return number


def _content(cohort_id: int, line: Line, provider: Mapping[str, str], today: date) -> dict:
    """Return all that a certificate prints, so that nothing changed later changes it."""
    found = rows(
        Cohort.select(Programme.title, Cohort.title, Cohort.code, Cohort.period, Cohort.first_day, Cohort.last_day)
        .join(Programme)
        .where(Cohort.id == cohort_id)
    )[0]
    first, last, ends = _days(line, *_period(cohort_id, found[4], found[5]), today.isoformat())
    return {
        "provider": {name: provider.get(name, "") for name in PROVIDER}, "issued_on": today.isoformat(),
        "last_name": line.last_name, "first_name": line.first_name, "employer": line.employer,
        "funding": people.FUNDINGS.get(line.funding, ""), "programme": found[0], "cohort": found[1], "code": found[2],
        "period": found[3], "first_day": first, "last_day": last, "ends": ends,
        "chosen_first": line.span.first, "chosen_last": line.span.last, "nature": rules.NATURE,
        "attended": line.hours.attended, "planned": line.hours.planned, "remote": line.hours.remote,
    }  # fmt: skip


def _days(line: Line, first: str, last: str, today: str) -> tuple[str, str, str]:
    """Return the days that a certificate prints, and the day on which a training that is not over ends.

    Those chosen, or those of the training, up to today when it goes on; never before the day from which somebody takes
    part, nor beyond the day they were withdrawn.
    """
    first, last = (line.span.first, line.span.last) if line.span.first else (first, last)
    first = max(first, min(canonical(line.begins), last)) if first else ""
    left = line.left.isoformat() if line.left else ""
    if first and left and left < last:
        return first, max(first, left), ""
    return (first, today, last) if last > today else (first, last, "")


def goes_on(cohort_id: int, today: date) -> str:
    """Return the ISO day on which a training that is not over ends; '' when it is over, or dates nothing."""
    first, last = rows(Cohort.select(Cohort.first_day, Cohort.last_day).where(Cohort.id == cohort_id))[0]
    ends = _period(cohort_id, first, last)[1]
    return ends if ends > today.isoformat() else ""


def _period(cohort_id: int, first: date | None, last: date | None) -> tuple[str, str]:
    """Return the days between which the cohort was taught: as set, or else those of its calendar; '' when unknown."""
    half_days = (dict(zip(calendar.COLUMNS, row, strict=True)) for row in calendar.half_days(cohort_id))
    days = sorted(row["day"] for row in half_days if row["day"] and not row["optional"])
    begins, ends = first or (days[0] if days else None), last or (days[-1] if days else None)
    return (canonical(begins), canonical(ends)) if begins and ends else ("", "")
