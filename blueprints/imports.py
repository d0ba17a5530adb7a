"""Lists of participants that staff send, looked at line by line before anything is written."""

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeTimedSerializer

from blueprints import access, htmx, wording
from blueprints.forms import once
from documents import tables_read
from rules.message import Message
from rules.participant_import import CHANGED, CREATED, REFUSED, SAME, Line, Listing, names_people, plan
from store import people, totals
from store.errors import Refused

bp = Blueprint("imports", __name__, url_prefix="/promotions/<code>/participants/importer")
#: A preview may be confirmed for this long.
LIFE = 3600
OUTCOMES = {CREATED: "à inscrire", CHANGED: "à changer", REFUSED: "refusée", SAME: "déjà là"}
Rows = tables_read.Rows


@bp.get("/")
def index(code: str) -> Response:
    """Ask for the file."""
    return _page(access.cohort(code))


@bp.post("/")
def preview(code: str) -> Response:
    """Read the file sent and show what each line would do; nothing is written, nor is the file kept."""
    cohort = access.cohort(code)
    sent = request.files.get("file")
    try:
        name, content = (sent.filename or "", sent.stream.read()) if sent else ("", b"")
        rows = tables_read.read(name, content, names_people)
        listing = _planned(cohort.id, rows, beyond=False)
    except Refused as error:
        return _page(cohort, error.message, 422)
    return _page(cohort, listing=listing, rows=rows)


@bp.post("/valider")
def carry_out(code: str) -> Response:
    """Write what was previewed; when something moved meanwhile, show the lines again instead."""
    cohort = access.cohort(code)
    try:
        rows = _serializer(cohort.id).loads(request.form.get("rows", ""), max_age=LIFE)
    except BadData:
        return _page(cohort, Message("Cet aperçu n'est plus valable : choisissez de nouveau le fichier.", {}), 422)
    beyond = request.form.get("beyond") == "oui"
    with once() as first:
        if not first:
            return htmx.done(url_for("people.participants", code=code))
        people.version(cohort.id, lock=True)
        listing = _planned(cohort.id, rows, beyond=False)
        if request.form.get("seen") != _digest(listing):
            return _page(cohort, Message(
                "Entre-temps, la promotion a changé : voici ce que la liste ferait maintenant.",
                {},
            ), 409, listing, rows)
        for line in listing.lines:
            _write(cohort.id, line, beyond)
    return htmx.done(url_for("people.participants", code=code), _told(listing))


def _write(cohort_id: int, line: Line, beyond: bool) -> None:
    if line.outcome == CREATED:
        waits = {"waiting": "oui"} if line.waits and not beyond else {}
        people.create(access.author(), cohort_id, line.values | waits)
    elif line.outcome == CHANGED:
        people.change(access.author(), line.key, {name: after for name, (_before, after) in line.changes.items()})


def _planned(cohort_id: int, rows: Rows, beyond: bool) -> Listing:
    most = people.rule_set(cohort_id).size_max
    free = None if most is None or beyond else max(0, most - totals.enrolled(cohort_id))
    withdrawn = people.held(people.removed(cohort_id))
    return plan(rows, people.types(cohort_id), people.snapshot(cohort_id), free, withdrawn)


def _digest(listing: Listing) -> str:
    return htmx.digest([(line.number, line.outcome, line.key, line.changes, line.waits) for line in listing.lines])


def _serializer(cohort_id: int) -> URLSafeTimedSerializer:
    """Sign the rows of a preview for one promotion: the file itself is kept nowhere."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"import-{cohort_id}")


def _told(listing: Listing) -> str:
    created, changed = listing.counted(CREATED), listing.counted(CHANGED)
    texts = (
        ngettext("%(num)d personne ajoutée", "%(num)d personnes ajoutées", created),
        ngettext("%(num)d ligne changée", "%(num)d lignes changées", changed),
    )
    return " · ".join(texts)


def _page(
    cohort: access.Cohort, message: Message | str = "", status: int = 200, listing: Listing | None = None,
    rows: Rows | None = None,
) -> Response:  # fmt: skip
    context: dict[str, object] = {"listing": listing}
    if listing is not None:
        context |= {
            "signed": _serializer(cohort.id).dumps(rows), "seen": _digest(listing),
            "counts": [(_(label), listing.counted(outcome)) for outcome, label in OUTCOMES.items()],
            "lines": [_shown(line) for line in listing.lines], "left": listing.left,
            "waits": sum(line.waits for line in listing.lines),
            "to_do": listing.counted(CREATED) + listing.counted(CHANGED),
        }  # fmt: skip
    return htmx.render(
        "people/import.html", "people/_import.html", status,
        cohort=cohort, message=htmx.say(message), most=tables_read.MOST_BYTES // 1000, **context,
    )  # fmt: skip


def _shown(line: Line) -> dict[str, object]:
    """Return one line of the preview in the words of a page."""
    changes = [
        (_(wording.field(name)), wording.value(name, before), wording.value(name, after))
        for name, (before, after) in line.changes.items()
    ]
    problems = [(found.column, found.typed, htmx.say(found.message)) for found in line.problems]
    values = [wording.value(name, value) for name, value in line.values.items() if not name.endswith("_name")]
    return {
        "number": line.number, "name": line.name, "outcome": line.outcome, "label": _(OUTCOMES[line.outcome]),
        "changes": changes, "problems": problems, "values": values, "waits": line.waits,
    }  # fmt: skip
