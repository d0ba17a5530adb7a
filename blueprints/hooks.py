"""Where Google says that a spreadsheet moved: hints to look, never data, and harmless by the ten thousand."""

import hmac

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_babel import gettext as _

from blueprints import htmx, readable
from blueprints.sheets import age
from store import agreement, channels, schedule
from store.models.base import now

bp = Blueprint("hooks", __name__)
#: How Drive says of which channel it speaks; and what it says when it opens one, which is no news.
CHANNEL, RESOURCE, TOKEN = "X-Goog-Channel-ID", "X-Goog-Resource-ID", "X-Goog-Channel-Token"
STATE, HELLO = "X-Goog-Resource-State", "sync"
#: Nothing that comes here is longer, in characters of a header and in bytes of a body.
LONGEST_HEADER, LONGEST_BODY = 200, 1_000


@bp.post("/crochets/drive")
def drive() -> Response:
    """Take a notification of Drive for a hint; answer 204 whatever it was.

    A stranger learns nothing from the answer; Google, which sends again what is answered with an
    error of the server and gives up on nothing else, has no use for another.
    """
    told = [request.headers.get(name, "")[:LONGEST_HEADER].replace("\0", "") for name in (CHANNEL, RESOURCE, TOKEN)]
    book_id = channels.book_of(*told)
    if book_id and request.headers.get(STATE) != HELLO:
        schedule.hint(book_id)
    return Response(status=204)


@bp.post("/crochets/feuille")
def sheet() -> Response:
    """Take what the script of a spreadsheet says for a hint; say in words what it got wrong."""
    if (request.content_length or 0) > LONGEST_BODY:
        abort(413)
    given = _json()
    book_id, secret = (given.get(name) for name in ("book", "secret")) if isinstance(given, dict) else (None, None)
    if not isinstance(book_id, str) or not isinstance(secret, str) or "\0" in book_id:
        return _told(400, _("Il faut un objet JSON qui ait « book » et « secret ». Rien n'a été modifié."))
    known = hmac.compare_digest(secret_of(book_id).encode(), secret.encode(errors="surrogatepass"))
    if not known or not agreement.exists(book_id):
        return _told(404, _("Ce classeur n'est pas relié, ou le secret n'est pas le sien : copiez de nouveau le "
                            "script depuis la page Synchronisation."))  # fmt: skip
    schedule.hint(book_id, script=True)
    return Response(status=204)


def _json() -> object:
    """Return the body as JSON, None when it is none or is nested deeper than can be read."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None


def _told(status: int, text: str) -> Response:
    response = jsonify(message=text)
    response.status_code = status
    return response


def secret_of(book_id: str) -> str:
    """Return the secret by which the script of a spreadsheet is known; nothing has to be kept for it."""
    key = htmx.settings().key().encode()
    # What a stranger sends for an id may hold half a character, which JSON allows: it is the id of nothing.
    return hmac.new(key, f"crochet de feuille {book_id}".encode(errors="surrogatepass"), "sha256").hexdigest()


@bp.get("/synchronisation/<book_id>/script")
def script(book_id: str) -> Response:
    """Show the script that a spreadsheet needs to say at once that it moved, and how to install it."""
    state = next((one for one in readable.states() if one["book"] == book_id), None)
    if state is None:
        abort(404)
    settings = htmx.settings()
    address = settings.public_address
    text = render_template(
        "hooks/script.gs", address=f"{address}/crochets/feuille", book=book_id, secret=secret_of(book_id)
    ) if address else ""  # fmt: skip
    script_at, drive_at = schedule.signals(book_id)
    return htmx.render(
        "hooks/script.html", "hooks/_script.html",
        state=state, url=settings.book_address(book_id), script=text, lines=text.count("\n") + 1,
        hinted=age(script_at, now()) if script_at else "", pushed=age(drive_at, now()) if drive_at else "",
    )  # fmt: skip


#: Routes that Google calls: they carry no cookie, so no form of ours can be forged through them.
FROM_OUTSIDE = (drive, sheet)
