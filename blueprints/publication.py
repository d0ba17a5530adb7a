"""What does not hold together in a calendar, its control totals, its days, and its publication."""

from collections.abc import Mapping

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from blueprints import access, edits, htmx, wording
from blueprints.edits import Outcome
from blueprints.forms import once
from rules.announced_totals import SOURCE
from rules.calendar import KINDS, differences
from rules.calendar_checks import FAULTS, Fault
from rules.value_times import WEEKDAYS
from rules.values import display_date
from store import announced_totals, calendar, people, planning, totals
from store.errors import Refused

bp = Blueprint("publication", __name__, url_prefix="/promotions/<code>/seances")


@bp.get("/controles/")
def index(code: str) -> Response:
    """Show the faults of a calendar, each with its place, its control totals, and how it stands."""
    cohort = access.cohort(code)
    if htmx.unchanged(cohort.version):
        return htmx.nothing_new()
    return _page(cohort, Outcome())


def _page(cohort: access.Cohort, outcome: Outcome) -> Response:
    half_days = calendar.half_days(cohort.id)
    found, expected = totals.of_calendar(half_days), people.expected_totals(cohort.id)
    state = planning.state(cohort.id)
    shown = {name: display_date(text) for name, text in planning.days(cohort.id).items()}
    announced = _announced(cohort.id)
    return htmx.render(
        "planning/checks.html", "planning/_checks.html", outcome.status,
        cohort=cohort, faults=[_line(cohort.code, fault) for fault in planning.faults(cohort.id, half_days)],
        found=found, expected=expected, gaps=differences(found, expected), kinds=KINDS, labels=FAULTS, state=state,
        outcome=outcome, seen=shown, announced=announced, shown=shown | announced | dict(outcome.typed), source=SOURCE,
        label_of=wording.total, editable=access.may("publication.publish"),
    )  # fmt: skip


def _announced(cohort_id: int) -> dict[str, str]:
    """Return the text of each total announced as a form shows it."""
    types = announced_totals.types(cohort_id)
    return {name: types[name].display(text) for name, text in announced_totals.values(cohort_id).items()}


def _line(code: str, fault: Fault) -> Mapping[str, object]:
    """Return a fault as the page shows it, with the address of its half-day or of its module, and of the other."""
    page = url_for("calendar.index", code=code)
    target = f"{page}#ligne-{fault.half_day}" if fault.half_day else url_for("modules.index", code=code)
    other = f"{url_for('calendar.index', code=fault.other_cohort or code)}#ligne-{fault.other}" if fault.other else ""
    weekday = _(WEEKDAYS[fault.day.weekday()])[:3] if fault.day else ""
    return {"fault": fault, "target": target, "other": other, "weekday": weekday}


@bp.post("/publier")
def publish(code: str) -> Response:
    """Publish the calendar; a wrong control total prevents it, and the difference is shown."""
    cohort = access.cohort(code)
    try:
        with once() as first:
            if first:
                planning.publish(access.author(), cohort.id)
    except Refused as error:
        return _page(cohort, Outcome(422, _("Ce calendrier n'est pas publié : %(why)s", why=htmx.say(error.message))))
    return htmx.done(url_for("publication.index", code=code), _("Le calendrier est publié."))


@bp.post("/dates")
def days(code: str) -> Response:
    """Set the first and the last day of the promotion."""
    cohort = access.cohort(code)
    outcome = edits.edit(
        planning.types(),
        lambda wanted, read: planning.set_days(access.author(), cohort.id, wanted, read),
        lambda: planning.days(cohort.id),
    )
    if outcome.message:
        return _page(cohort, outcome)
    return htmx.done(url_for("publication.index", code=code), _("Les dates de la promotion sont enregistrées."))


@bp.post("/totaux")
def announce(code: str) -> Response:
    """Change what the calendar must add up to, with the document that announces it."""
    cohort = access.cohort(code)
    outcome = edits.edit(
        announced_totals.types(cohort.id),
        lambda wanted, read: announced_totals.change(access.author(), cohort.id, wanted, read),
        lambda: announced_totals.values(cohort.id),
    )
    if outcome.message:
        return _page(cohort, outcome)
    return htmx.done(url_for("publication.index", code=code), _("Les totaux annoncés sont enregistrés."))
