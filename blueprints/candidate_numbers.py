"""Numbers of the candidates of a cohort graded anonymously: drawn once, handed out, and the act that uncovers names."""

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, candidates, htmx
from blueprints.forms import once
from store import candidate_numbers, grade_grid, people
from store.errors import Refused

bp = Blueprint("candidate_numbers", __name__, url_prefix="/promotions/<code>/jury/numeros")


@bp.app_template_global("numbers_in_use")
def in_use(cohort: Any) -> bool:
    """Tell whether the pages of a jury lead to the numbers of its candidates."""
    return candidate_numbers.in_use(cohort.id)


@bp.get("/")
def index(code: str) -> Response:
    """Show the state of anonymity; names beside numbers are for the office, which hands them out, until uncovered."""
    return _page(access.cohort(code))


def _page(cohort: Any, problem: str = "", status: int = 200) -> Response:
    covered = candidates.covered(cohort)
    uncovered = candidate_numbers.uncovered(cohort.id)
    listed = not covered or access.role() in access.OFFICE
    numbers = candidate_numbers.numbers(cohort.id)
    names = {who.key: who.name for who in grade_grid.named(cohort.id)} if listed else {}
    return htmx.render(
        "candidate_numbers/index.html", "candidate_numbers/_numbers.html", status, cohort=cohort, covered=covered,
        asked=people.rule_set(cohort.id).anonymous, lacking=candidate_numbers.lacking(cohort.id), problem=problem,
        lines=[(name, numbers[key]) for key, name in names.items() if key in numbers], drawn=len(numbers),
        uncovered=(htmx.moment(uncovered[0]), uncovered[1]) if uncovered else None,
    )  # fmt: skip


@bp.post("/tirage")
def draw(code: str) -> Response:
    """Draw a number for whoever has none."""
    cohort = access.cohort(code)
    with once() as first:
        count = candidate_numbers.draw(access.author(), cohort.id) if first else 0
    drawn = ngettext("%(num)d numéro tiré.", "%(num)d numéros tirés.", count)
    return htmx.done(url_for("candidate_numbers.index", code=code), drawn if count else _("Chacun a déjà son numéro."))


@bp.post("/levee")
def uncover(code: str) -> Response:
    """Uncover the names: an act of its own, journalled, that nobody takes back."""
    cohort = access.cohort(code)
    try:
        with once() as first:
            if first:
                candidate_numbers.uncover(access.author(), cohort.id)
    except Refused as error:
        return _page(cohort, htmx.say(error.message), 422)
    return htmx.done(url_for("candidate_numbers.index", code=code), _("L'anonymat est levé."))
