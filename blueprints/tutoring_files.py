"""Papers and files of those who follow the written work; a tutor gets only the lines that they follow."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from blueprints import access, htmx, readable
from blueprints.sign_in_sheets import send
from documents import tutoring as documents
from documents.registers import DAY, FORMATS, NUMBER, Column, Table
from documents.tutoring import Asked, Group, Heading
from rules.attendance import BY_CODE
from rules.calendar import KINDS
from rules.follow_up import Record, by_tutor, course
from rules.papers import MILESTONES
from rules.value_times import display_time
from store import follow_up, people, tutors
from store.tutors import Settings

bp = Blueprint("tutoring_files", __name__, url_prefix="/promotions/<code>/notes")
PDF = "application/pdf"


def records(cohort: access.Cohort) -> list[Record]:
    """Return all that is known of the papers of a cohort that this person may see."""
    return follow_up.records(cohort.id, readable.follower())


@bp.get("/tuteurs.pdf")
def lists(code: str) -> Response:
    """Give what each tutor follows, one tutor a page; to a tutor, their own page."""
    cohort = access.cohort(code)
    body = documents.tutor_lists(_heading(cohort), _groups(cohort))
    return send(body, PDF, f"tuteurs-{cohort.code}.pdf")


@bp.get("/journees/<half_day_id>.pdf")
def day(code: str, half_day_id: str) -> Response:
    """Give the sheet of one half-day of tutoring: who is expected with whom, and room for what is done."""
    cohort, half_day = access.half_day(code, half_day_id)
    body = documents.day_sheet(_heading(cohort), half_day, _groups(cohort))
    return send(body, PDF, f"tutorat-{cohort.code}-{half_day['day'] or half_day_id}.pdf")


@bp.get("/<paper_id>/fiche.pdf")
def record(code: str, paper_id: str) -> Response:
    """Give all that is known of one paper while it is followed; nothing of the jury is in it."""
    cohort = access.paper(code, paper_id)
    rules = people.rule_set(cohort.id)
    asked = Asked(rules.pages_min, rules.pages_max, rules.paper_due)
    found = next(one for one in records(cohort) if one.id == paper_id)
    return send(documents.record(_heading(cohort), found, asked), PDF, f"suivi-{cohort.code}-{paper_id}.pdf")


@bp.get("/notes.<extension>")
def tables(code: str, extension: str) -> Response:
    """Give papers, milestones, exchanges and tutors as one spreadsheet."""
    cohort = access.cohort(code)
    if extension not in FORMATS:
        abort(404)
    make, kind = FORMATS[extension]
    found = records(cohort)
    body = make([_papers(found), _steps(found), _days(found), _exchanges(found), _tutors(cohort, found)])
    return send(body, kind, f"notes-{cohort.code}.{extension}", inline=False)


def _heading(cohort: access.Cohort) -> Heading:
    provider = htmx.settings().provider["name"]
    return Heading(provider, cohort.programme, cohort.title, cohort.code, htmx.today())


def _groups(cohort: access.Cohort) -> list[Group]:
    """Return the papers that this person may see, by tutor."""
    known = _known(cohort)
    found = by_tutor(records(cohort), known, readable.follower())
    return [Group(name, *_place(known.get(name)), papers) for name, papers in found.items()]


def _known(cohort: access.Cohort) -> dict[str, Settings]:
    return {tutor.name: tutor for tutor in tutors.of_cohort(cohort.id)}


def _place(tutor: Settings | None) -> tuple[str, int | None]:
    """Return where to write to a tutor, and how many papers they may follow."""
    if tutor is None:
        return "", None
    return tutor.email or tutor.account, int(tutor.capacity) if tutor.capacity else None


# -- tables ---------------------------------------------------------------------------------------


def _named(*more: Column) -> tuple[Column, ...]:
    return (Column(_("Nom"), width=22), Column(_("Prénom"), width=18), *more)


def _papers(found: Sequence[Record]) -> Table:
    columns = _named(
        Column(_("Titre"), width=40), Column(_("Problématique"), width=44), Column(_("Tuteur"), width=22),
        Column(_("Co-tuteur"), width=22), Column(_("Atelier"), width=16), Column(_("Étape"), width=16),
        Column(_("Déposée le"), DAY), Column(_("Pages"), NUMBER, 8), Column(_("Lien"), width=32),
        Column(_("Rapport antiplagiat"), width=32), Column(_("Similitude (%)"), NUMBER), Column(_("Vœux"), width=32),
        Column(_("Dernier échange"), DAY), Column(_("Échanges"), NUMBER), Column(_("Courriel"), width=30),
        Column(_("Téléphone"), width=16),
    )  # fmt: skip
    rows = [
        (one.last_name, one.first_name, one.title, one.problem, one.tutor, one.cotutor, one.workshop,
         _(MILESTONES[one.milestone]), one.deposited_on, one.pages, one.link, one.report_link, one.similarity,
         one.wishes, one.exchanges[-1].day if one.exchanges else None, len(one.exchanges), one.email, one.phone)
        for one in found
    ]  # fmt: skip
    return Table(_("Notes"), columns, rows)


def _steps(found: Sequence[Record]) -> Table:
    columns = _named(Column(_("Étape"), width=16), Column(_("Atteinte le"), DAY), Column(_("Remarque"), width=60))
    rows = [
        (one.last_name, one.first_name, _(MILESTONES[step.milestone]), step.day, step.remark)
        for one in found
        for step in course(one)
        if step.day or step.remark
    ]
    return Table(_("Étapes"), columns, rows)


def _days(found: Sequence[Record]) -> Table:
    columns = _named(
        Column(_("Date"), DAY, 18), Column(_("Début"), width=9), Column(_("Type"), width=20),
        Column(_("Présence"), width=18),
        Column(_("Ce qui a été fait"), width=60),
    )  # fmt: skip
    rows = [
        (one.last_name, one.first_name, met.day or met.period, display_time(met.start), _(KINDS[met.kind]),
         _(BY_CODE[met.status].label) if met.status else "", met.done)
        for one in found
        for met in one.met
        if met.status or met.done
    ]  # fmt: skip
    return Table(_("Journées de tutorat"), columns, rows)


def _exchanges(found: Sequence[Record]) -> Table:
    columns = _named(
        Column(_("Date"), DAY), Column(_("Durée (min)"), NUMBER), Column(_("Résumé"), width=60),
        Column(_("Documents"), width=40), Column(_("Noté par"), width=22),
    )  # fmt: skip
    rows = [
        (one.last_name, one.first_name, said.day, said.minutes, said.summary, said.links, said.by)
        for one in found
        for said in one.exchanges
    ]
    return Table(_("Échanges"), columns, rows)


def _tutors(cohort: access.Cohort, found: Sequence[Record]) -> Table:
    """List the tutors with their loads, those who follow nothing included; to a tutor, their own line."""
    columns = (
        Column(_("Tuteur"), width=26), Column(_("Notes suivies"), NUMBER), Column(_("dont en co-tutorat"), NUMBER),
        Column(_("Capacité"), NUMBER), Column(_("Courriel"), width=30), Column(_("Thèmes"), width=44),
    )  # fmt: skip
    known, account = _known(cohort), readable.follower()
    follows = by_tutor(found, known, account)
    rows = [
        (name or _("Sans tuteur ni tutrice"), len(papers := follows.get(name, [])),
         sum(bool(one.cotutor) for one in papers), *reversed(_place(known.get(name))),
         known[name].themes if name in known else "")
        for name in dict.fromkeys([*(known if account is None else ()), *follows])
    ]  # fmt: skip
    return Table(_("Tuteurs"), columns, rows)
