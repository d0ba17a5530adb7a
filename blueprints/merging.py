"""People entered twice: who they may be, both lines side by side, and one of them kept."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from blueprints import access, htmx, journal_lines, wording
from blueprints.forms import once
from rules.message import Message
from store import merging, people
from store import names as called
from store.errors import Refused, Unknown
from store.people import FIELDS

bp = Blueprint("merging", __name__, url_prefix="/promotions/<code>/participants/doublons")
#: Whose values are proposed first: those of the line kept.
KEPT, OTHER = "garde", "autre"


@bp.get("/")
def index(code: str) -> Response:
    """List the lines that may be one person's."""
    cohort = access.cohort(code)
    return htmx.render(
        "people/duplicates.html", "people/_duplicates.html", cohort=cohort, pairs=merging.likely(cohort.id)
    )


@bp.get("/<enrolment_id>/<other_id>/")
def show(code: str, enrolment_id: str, other_id: str) -> Response:
    """Show both lines side by side, what differs, and what contradicts."""
    return _page(code, enrolment_id, other_id)


@bp.post("/<enrolment_id>/<other_id>/")
def merge(code: str, enrolment_id: str, other_id: str) -> Response:
    """Keep the first line, with the value chosen for each field that differs."""
    cohort, _there, held = _both(code, enrolment_id, other_id)
    chosen = {
        name: held[other_id][name]
        for name in _differing(held, enrolment_id, other_id)
        if request.form.get(f"de-{name}") == OTHER
    }
    try:
        with once() as first:
            if first:
                merging.merge(access.author(), enrolment_id, other_id, chosen)
    except Refused as error:
        return _page(code, enrolment_id, other_id, error.message, 422)
    except Unknown:
        abort(404)
    text = _("C'est fusionné. L'autre ligne est gardée dans les suppressions : la rétablir défait la fusion.")
    if cohort.id != _there:
        text = _("C'est fusionné : les deux promotions montrent la même personne.")
    return htmx.done(url_for("participant.index", code=code, enrolment_id=enrolment_id), text)


def _both(code: str, enrolment_id: str, other_id: str) -> tuple[access.Cohort, int, dict[str, dict[str, str]]]:
    """Return the cohort of the line kept, that of the other, and what both hold; or stop with 404."""
    cohort, places = access.cohort(code), merging.places((enrolment_id, other_id))
    if enrolment_id == other_id or len(places) < 2 or places[enrolment_id][0] != cohort.id:
        abort(404)
    return cohort, places[other_id][0], people.held((enrolment_id, other_id))


def _differing(held: dict[str, dict[str, str]], keep: str, other: str) -> list[str]:
    return [name for name in FIELDS if held[keep][name] != held[other][name] and name != "waiting"]


def _page(code: str, keep: str, other: str, message: Message | str = "", status: int = 200) -> Response:
    cohort, there, held = _both(code, keep, other)
    here = cohort.id == there
    fields = [name for name in FIELDS if here and name != "waiting" or name in merging.OF_PERSON]
    differing = set(_differing(held, keep, other))
    lines = [
        (name, _(wording.field(name)), wording.value(name, held[keep][name]), wording.value(name, held[other][name]),
         name in differing, not held[keep][name])
        for name in fields
    ]  # fmt: skip
    return htmx.render(
        "people/merge.html", "people/_merge.html", status,
        cohort=cohort, keep=keep, other=other, lines=lines, here=here, message=htmx.say(message),
        titles=called.of_enrolments((keep, other)), clashes=_clashes(keep, other) if here else [],
        address=url_for("merging.show", code=code, enrolment_id=keep, other_id=other),
        swapped=url_for("merging.show", code=code, enrolment_id=other, other_id=keep) if here else "",
    )  # fmt: skip


def _clashes(keep: str, other: str) -> list[tuple[str, str, str]]:
    """Return what contradicts in the words of a page: a half-day, a work or a field, and both values."""
    found = merging.contradictions(keep, other)
    days = journal_lines.called((clash.kind, "", clash.field) for clash in found)

    def what(clash: merging.Contradiction) -> str:
        return journal_lines.label(clash.kind, clash.field, days)

    return [
        (what(clash), *(wording.cell(clash.kind, clash.field, value) for value in (clash.kept, clash.other)))
        for clash in found
    ]
