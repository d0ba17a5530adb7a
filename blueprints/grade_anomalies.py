"""What looks wrong in the grades before the jury sits: listed by kind, each beside the page where it is mended."""

from functools import lru_cache
from itertools import groupby

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from blueprints import access, candidates, htmx
from blueprints.grade_views import PAPER_ALONE
from rules.grade_anomalies import KINDS, Anomaly
from rules.grades import PAPER
from store import grade_anomalies

bp = Blueprint("grade_anomalies", __name__, url_prefix="/promotions/<code>/jury/anomalies")


@bp.get("/")
def index(code: str) -> Response:
    """Show the anomalies of a cohort, by kind."""
    cohort = access.jury(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    groups = _groups(cohort, htmx.language())
    return htmx.render(
        "grade_anomalies/index.html", "grade_anomalies/_anomalies.html", cohort=cohort, groups=groups,
        total=sum(len(lines) for _kind, _label, lines in groups),
        address=url_for("grade_anomalies.index", code=cohort.code),
    )  # fmt: skip


# The version of a cohort grows with any change to it: two requests of one version show the same.
@lru_cache(maxsize=8)
def _groups(cohort: access.Cohort, language: str) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """List the anomalies of a cohort as (kind, its label, its lines)."""
    found, names = grade_anomalies.found(cohort.id)
    apart = PAPER_ALONE if candidates.covered(cohort) else None
    return [
        (kind, _(KINDS[kind]), [_line(cohort.code, one, names, apart) for one in group])
        for kind, group in groupby(sorted(found, key=_order), key=lambda one: one.kind)
    ]


def _order(one: Anomaly) -> int:
    return list(KINDS).index(one.kind)


def _line(code: str, one: Anomaly, names: dict[str, str], apart: str | None) -> tuple[str, str, str]:
    """Return who an anomaly is about, what it says, and where it is mended."""
    return names.get(one.key, ""), htmx.say(one.message), _where(code, one, apart)


def _where(code: str, one: Anomaly, apart: str | None) -> str:
    """`apart`: the table of the paper, where it has one of its own."""
    if one.kind == "resit":
        return f"{url_for('resits.index', code=code)}#ligne-{one.key}-{one.work}"
    if one.kind == "plagiarism":
        return url_for("unit_reports.index", code=code)
    if one.kind in ("gap", "marking"):
        return f"{url_for('grades.markings', code=code, travail=one.work)}#ligne-{one.key}"
    if one.kind == "tutor":
        return url_for("tutoring.index", code=code, sans="tuteur")
    table = url_for("grades.index", code=code, vue=apart if one.work == PAPER else None)
    return table + (f"#ligne-{one.key}" if one.key else "")
