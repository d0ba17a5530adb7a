"""The list of participants to download, as it is narrowed on the page."""

from flask import Blueprint, Response, abort, make_response
from flask_babel import gettext as _

from blueprints import access, wording
from blueprints.people import FIELDS, asked, narrowed, shown_fields
from documents import lists
from store import people

bp = Blueprint("exports", __name__, url_prefix="/promotions/<code>")


@bp.get("/participants.<ending>")
def participants(code: str, ending: str) -> Response:
    """Give the list as xlsx, ods or csv, narrowed by `?q=` and `?etat=`; who has paid, to those who may know."""
    cohort = access.cohort(code)
    if ending not in lists.TYPES:
        abort(404)
    query, state = asked()
    lines = narrowed(people.participants(cohort.id, withdrawn=state == "retires"), query, state)
    fields, held = shown_fields(FIELDS), people.held(line[0] for line in lines)
    types = people.types(cohort.id)

    def shown(name: str, canonical: str) -> str:
        text = types[name].display(canonical)
        return _(text) if name == "funding" and text else text

    found = [[line[0], *(shown(name, held[line[0]][name]) for name in fields)] for line in lines]
    header = ["ID", *(_(wording.field(name)) for name in fields)]
    response = make_response(lists.written(ending, "Participants", header, found))
    response.headers["Content-Type"] = lists.TYPES[ending]
    response.headers.set("Content-Disposition", "attachment", filename=f"participants-{cohort.code}.{ending}")
    return response
