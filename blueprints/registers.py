"""Registers of a cohort to download as xlsx or ods: hours by participant, teacher and funder, and every mark."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from blueprints import access, htmx
from blueprints.sign_in_sheets import send
from documents.registers import DAY, FORMATS, HOURS, NUMBER, Column, Table
from rules.values import display_time
from store import registers

bp = Blueprint("registers", __name__, url_prefix="/promotions/<code>/registres")


@bp.get("/<name>.<extension>")
def download(code: str, name: str, extension: str) -> Response:
    """Give one register of a cohort as a file."""
    cohort = access.cohort(code)
    if name not in REGISTERS or extension not in FORMATS:
        abort(404)
    make, kind = FORMATS[extension]
    body = make(REGISTERS[name](cohort.id, htmx.today()))
    return send(body, kind, f"{name}-{cohort.code}.{extension}", inline=False)


def _sum(rows: list[tuple], place: int) -> int:
    return sum(row[place] for row in rows)


def _participants(cohort_id: int, today: date) -> list[Table]:
    rows = registers.participants(cohort_id, today)
    columns = (
        Column(_("Nom"), width=22), Column(_("Prénom"), width=18), Column(_("Structure"), width=28),
        Column(_("Financement"), width=16), Column(_("Heures prévues"), HOURS), Column(_("Heures suivies"), HOURS),
        Column(_("dont à distance"), HOURS), Column(_("Heures d'absence"), HOURS), Column(_("dont justifiées"), HOURS),
        Column(_("Retards et départs anticipés (h)"), HOURS), Column(_("Demi-journées non relevées"), NUMBER),
        Column(_("Certificat"), width=16),
    )  # fmt: skip
    total = (_("Total"), "", "", "", *(_sum(rows, place) for place in range(4, 11)), "")
    return [Table(_("Heures par participant·e"), columns, rows, total)]


def _teachers(cohort_id: int, today: date) -> list[Table]:
    rows, taught = registers.teachers(cohort_id, today), registers.taught(cohort_id, today)
    sums = (
        Column(_("Intervenant·e"), width=28), Column(_("Demi-journées"), NUMBER), Column(_("Heures prévues"), HOURS),
        Column(_("Heures effectuées"), HOURS),
    )  # fmt: skip
    columns = (
        Column(_("Intervenant·e"), width=28), Column(_("Date"), DAY, 18), Column(_("Début")), Column(_("Fin")),
        Column(_("Heures"), HOURS), Column(_("Type"), width=18), Column(_("Module"), width=44),
        Column(_("Lieu"), width=30), Column(_("A eu lieu")),
    )  # fmt: skip
    lines = [
        (*row[:2], display_time(row[2]), display_time(row[3]), row[4], _(row[5]), *row[6:8],
         _("oui") if row[8] else _("non"))
        for row in taught
    ]  # fmt: skip
    return [Table(_("Heures par intervenant·e"), sums, rows), Table(_("Détail"), columns, lines)]


def _funders(cohort_id: int, today: date) -> list[Table]:
    rows = [(_(row[0]), *row[1:]) for row in registers.funders(cohort_id, today)]
    columns = (
        Column(_("Financement"), width=22), Column(_("Participant·es"), NUMBER), Column(_("Heures prévues"), HOURS),
        Column(_("Heures suivies"), HOURS), Column(_("Heures d'absence"), HOURS),
    )  # fmt: skip
    total = (_("Total"), *(_sum(rows, place) for place in range(1, 5)))
    return [Table(_("Heures par financement"), columns, rows, total)]


def _marks(cohort_id: int, today: date) -> list[Table]:
    headers, rows = registers.marks(cohort_id)
    named = (Column(_("Nom"), width=22), Column(_("Prénom"), width=18))
    return [Table(_("Présences relevées"), (*named, *(Column(header, width=10) for header in headers)), rows)]


REGISTERS: Mapping[str, Callable[[int, date], list[Table]]] = {
    "participants": _participants, "intervenants": _teachers, "financeurs": _funders, "presences": _marks,
}  # fmt: skip
