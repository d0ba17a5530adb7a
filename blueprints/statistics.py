"""The session of a jury in numbers, for the jury: grades are never published."""

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx
from blueprints.charts import Bar, Chart, chart
from blueprints.results import TONES
from rules.grades import JOINT
from rules.jury import DECISIONS
from rules.session_statistics import SHARES, Distribution
from rules.values import GRADE_LABELS, display_decimal
from store import people, results, session_statistics
from store.results import Session
from store.session_statistics import Statistics

bp = Blueprint("statistics", __name__, url_prefix="/promotions/<code>/resultats/statistiques")


@bp.get("/")
def index(code: str) -> Response:
    """Draw the last session whose minutes are sealed and correct no others; `?pv=` asks for other minutes."""
    cohort = access.cohort(code)
    sessions = results.sessions(cohort.id)
    session = _asked(sessions)
    counted = session_statistics.of_minutes(cohort.id, session.number) if session else None
    return htmx.render(
        "results/statistics.html", "results/_statistics.html",
        cohort=cohort, sessions=sessions, session=session, candidates=counted.candidates if counted else 0,
        charts=_charts(cohort.id, counted) if counted else [], corrected=counted.corrected if counted else [],
    )  # fmt: skip


def _asked(sessions: list[Session]) -> Session | None:
    number = request.args.get("pv", "")
    if not number:
        return next((one for one in sessions if not one.supersedes), None)
    found = next((one for one in sessions if one.number == number), None)
    if found is None:
        abort(404)
    return found


def _charts(cohort_id: int, counted: Statistics) -> list[tuple[Chart, str]]:
    """Return each chart with what is said under it."""
    decided = [Bar(_(DECISIONS[code]), number, TONES[code]) for code, number in counted.decisions]
    pass_mark = people.rule_set(cohort_id).pass_mark
    found = [(chart("decisions", _("Décisions"), _("Décision"), decided), "")]
    for place, (work, label, title, distribution) in enumerate(counted.grades, start=1):
        # Several units may call an assessment the same.
        called = work.replace(JOINT, " ") if JOINT in work else label
        heading = _("Notes : %(work)s", work=f"{called} · {title}" if title else _(called))
        bars = [*_grades(distribution, float(pass_mark)), *_apart(distribution)]
        found.append((chart(f"grades-{place}", heading, _("Note"), bars), _middle(distribution)))
    hours = [Bar(_share(place), number, _tone(percent)) for place, (percent, number) in enumerate(counted.hours)]
    found.append((chart("hours", _("Heures d'absence, en part des heures prévues"), _("Absence"), hours), ""))
    fundings = [Bar(_(name), admitted, "good", everybody) for name, admitted, everybody in counted.fundings]
    found.append((chart("fundings", _("Admis·es par financement"), _("Financement"), fundings), ""))
    return found


def _grades(found: Distribution, pass_mark: float) -> list[Bar]:
    last = found.bars[-1][0]
    return [
        Bar(_("%(low)s à %(high)s", low=low, high=high) if low == last
            else _("%(low)s à moins de %(high)s", low=low, high=high), number, "good" if low >= pass_mark else "wait")
        for low, high, number in found.bars
    ]  # fmt: skip


def _apart(found: Distribution) -> list[Bar]:
    return [Bar(_(GRADE_LABELS[code]) if code else _("sans note"), number, "bad") for code, number in found.apart]


def _middle(found: Distribution) -> str:
    if found.mean is None or found.median is None:
        return _("Aucune note.")
    return ngettext(
        "%(num)d note, moyenne %(mean)s, médiane %(median)s.", "%(num)d notes, moyenne %(mean)s, médiane %(median)s.",
        found.graded, mean=display_decimal(str(found.mean)), median=display_decimal(str(found.median)),
    )  # fmt: skip


def _share(place: int) -> str:
    if place == 0:
        return _("aucune")
    if place == len(SHARES):
        return _("plus de %(percent)s %%", percent=SHARES[-1])
    return _("%(percent)s %% au plus", percent=SHARES[place])


def _tone(percent: int) -> str:
    return "bad" if percent < 0 else "wait" if percent else "good"
