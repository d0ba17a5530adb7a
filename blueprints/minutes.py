"""Sealed minutes: their list, all that each holds and its files; and the page where anyone checks a paper."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from blueprints import access, errors, htmx
from blueprints.sign_in_sheets import send
from documents import minutes as documents
from documents import minutes_lists
from rules.attendance import hours_text
from rules.jury import DECISIONS
from rules.message import Refused
from rules.minutes import NOTES, read_digest, read_number, works
from rules.value_numbers import GRADE_LABELS
from store import candidate_numbers, checking, minutes, results
from store.minutes import Listed

bp = Blueprint("minutes", __name__)
ROOT = "/promotions/<code>/jury/pv/"


@bp.get(ROOT)
def index(code: str) -> Response:
    """List the minutes of a cohort, the newest first; those that were corrected stay."""
    cohort = access.cohort(code)
    listed = minutes.listed(cohort.id)
    return htmx.finish(render_template(
        "minutes/index.html", cohort=cohort, listed=listed, at=_at, day=_day, emptied=results.emptied(cohort.id)
    ))  # fmt: skip


@bp.get(ROOT + "<minutes_number>/")
def show(code: str, minutes_number: str) -> Response:
    """Show all that minutes hold, as it was sealed."""
    cohort, one = _kept(code, minutes_number)
    data, replaced = minutes.contents(minutes_number), minutes.replaced(cohort.id, minutes_number, published=False)
    graded = [work for work in works(data) if work[3] is not None or ":" not in work[0]]
    return htmx.finish(render_template(
        "minutes/show.html", cohort=cohort, one=one, data=data, at=_at, day=_day, works=graded,
        lines=[_line(data, graded, candidate) for candidate in data["candidates"]], replaced=replaced,
        decisions=DECISIONS,
        codes=[(word, label) for word, label in GRADE_LABELS.items() if word in documents.codes(data["candidates"])],
        credited=any(work[3] is not None for work in graded), digest=documents.grouped(one.digest),
        check=_check_address(),
    ))  # fmt: skip


def _kept(code: str, minutes_number: str) -> tuple[access.Cohort, Listed]:
    """Return minutes of this very cohort, or stop with 404."""
    cohort = access.cohort(code)
    found = next((one for one in minutes.listed(cohort.id) if one.number == minutes_number), None)
    if found is None:
        abort(404)
    return cohort, found


def _line(data: dict[str, Any], graded: list[list[Any]], one: dict[str, Any]) -> dict[str, Any]:
    allowed = one["hours"]["allowed"]
    return one | {
        "cells": [documents.cell(data, work[0], one) for work in graded], "absent": hours_text(one["hours"]["absent"]),
        "allowed": "" if allowed is None else hours_text(allowed),
        "notes": [_note(note) for note in documents.notes(one)],
    }  # fmt: skip


def _note(note: dict[str, str]) -> dict[str, str]:
    """Say what the rules proposed in the visitor's language; what people wrote stays as it was sealed."""
    text = note["text"]
    return note | {"text": _(text), "translated": "yes"} if note["label"] == NOTES["proposed"] else note


def _at(instant: str) -> str:
    """Write an instant of sealed data in the time of Paris."""
    return datetime.fromisoformat(instant).astimezone(htmx.PARIS).strftime("%d/%m/%Y %H:%M") if instant else ""


def _day(text: str) -> str:
    return date.fromisoformat(text).strftime("%d/%m/%Y") if text else ""


def printed(data: dict[str, Any]) -> bytes:
    """Print minutes that are being sealed, with the address where their paper is checked."""
    return documents.minutes(data, _check_address())


def _check_address() -> str:
    return (htmx.settings().public_address or request.host_url.rstrip("/")) + url_for("minutes.check")


@bp.get(ROOT + "<minutes_number>.pdf")
def pdf(code: str, minutes_number: str) -> Response:
    """Give the minutes as they were printed and sealed."""
    _kept(code, minutes_number)
    return send(minutes.pdf(minutes_number), "application/pdf", f"{minutes_number}.pdf")


@bp.get(ROOT + "<minutes_number>.json")
def data(code: str, minutes_number: str) -> Response:
    """Give the data of the minutes, letter for letter as they were sealed: their SHA-256 is the digest."""
    _kept(code, minutes_number)
    return send(minutes.text(minutes_number).encode(), "application/json", f"{minutes_number}.json", inline=False)


def _replaced(cohort: access.Cohort, one: Listed) -> dict[str, str]:
    """Return what replaces decisions of these minutes: papers of published ones tell of published ones alone."""
    return minutes.replaced(cohort.id, one.number, published=one.published_at is not None)


@bp.get(ROOT + "<minutes_number>/extraits.pdf")
def extracts(code: str, minutes_number: str) -> Response:
    """Give an extract for each candidate, or for the one that `?inscription=` names."""
    cohort, one = _kept(code, minutes_number)
    data, wanted = minutes.contents(minutes_number), request.args.get("inscription", "")
    chosen = [one["id"] for one in data["candidates"] if wanted in ("", one["id"])]
    if not chosen:
        return errors.answer(404, _("Cette personne n'est pas dans ce procès-verbal."))
    body = minutes_lists.extracts(data, chosen, _check_address(), _replaced(cohort, one))
    return send(body, "application/pdf", f"{minutes_number}-extrait{'s' if not wanted else '-' + wanted}.pdf")


@bp.get(ROOT + "<minutes_number>/admis.pdf")
def admitted(code: str, minutes_number: str) -> Response:
    """Give the list of those whom these minutes admit."""
    cohort, one = _kept(code, minutes_number)
    body = minutes_lists.admitted(minutes.contents(minutes_number), _check_address(), _replaced(cohort, one))
    return send(body, "application/pdf", f"{minutes_number}-admis.pdf")


@bp.get(ROOT + "<minutes_number>/affichage.pdf")
def displayed(code: str, minutes_number: str) -> Response:
    """Give the results to display: without names where the rule set asks for none."""
    cohort, one = _kept(code, minutes_number)
    data, numbers = minutes.contents(minutes_number), candidate_numbers.numbers(cohort.id)
    body = minutes_lists.displayed(data, numbers, _check_address(), _replaced(cohort, one))
    return send(body, "application/pdf", f"{minutes_number}-affichage.pdf")


@dataclass(frozen=True)
class Typed:
    """What somebody typed from a paper, and what is wrong with it, by field."""

    number: str
    digest: str
    wrong: dict[str, str]


@bp.get("/pv/verifier/")
def check() -> Response:
    """Tell anyone who holds a paper whether it is authentic and what supersedes it; nothing else is told."""
    number, digest = request.args.get("numero", "")[:200], request.args.get("empreinte", "")[:500]
    # A code read from the paper gives the number alone: the digest is still to be typed.
    if not digest and not (number and "empreinte" in request.args):
        return _checked(Typed(number, digest, {}))
    typed, read = _read(number, digest)
    if typed.wrong:
        return _checked(typed, status=422)
    try:
        return _checked(typed, checking.check(*read, request.remote_addr or ""), read[0])
    except checking.TooOften as error:
        answer = _checked(typed, status=429, problem=htmx.say(error.message))
        answer.headers["Retry-After"] = str(error.seconds)
        return answer


def _checked(
    typed: Typed, answer: checking.Checked | None = None, number: str = "", status: int = 200, problem: str = ""
) -> Response:
    html = render_template("minutes/check.html", typed=typed, answer=answer, number=number, problem=problem)
    return htmx.finish(html, status)


def _read(number: str, digest: str) -> tuple[Typed, tuple[str, str]]:
    found, wrong = [], {}
    for field, text, read in (("numero", number, read_number), ("empreinte", digest, read_digest)):
        try:
            found.append(read(text))
        except Refused as error:
            wrong[field] = htmx.say(error.message)
    return Typed(number, digest, wrong), (found[0], found[1]) if not wrong else ("", "")
