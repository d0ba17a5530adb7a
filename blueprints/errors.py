"""What people read when something is wrong: in French, in place, and nothing is lost."""

import logging
import math

from flask import Flask, Response, render_template, request
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException

from blueprints import access, htmx
from store.errors import Unknown

log = logging.getLogger("passerelle.pages")
#: What is read of something too big before its answer: a connection cut halfway would show the browser's own error.
LONGEST_READ = 32_000_000


def set_up(app: Flask) -> None:
    """Answer every error with a page, or with a short fragment that htmx puts in the line concerned."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Unknown, _unknown)
    for trouble in (OperationalError, InterfaceError, MaxConnectionsExceeded):
        app.register_error_handler(trouble, _store)
    app.register_error_handler(Exception, _bug)


def sentence(code: int) -> str:
    """Return what an HTTP status means for the person who meets it."""
    known = {
        400: _("La demande est incomplète ou illisible. Rien n'a été modifié."),
        403: _("Votre rôle ne permet pas de faire cela. Rien n'a été modifié."),
        404: _("Cette page ou cet élément n'existe pas, ou n'existe plus."),
        405: _("Cette adresse ne s'utilise pas de cette façon."),
        409: _("Quelqu'un d'autre a modifié cette ligne entre-temps."),
        413: _("L'envoi est trop gros."),
        500: _("Une erreur imprévue s'est produite. Elle est notée ; ce qui était enregistré le reste."),
        503: _("La base de données redémarre : réessayez dans quelques secondes. Rien n'est perdu."),
    }
    return known.get(code, known[400 if code < 500 else 500])


def answer(code: int, text: str) -> Response:
    """Return an error as a page, or as one line of text for htmx."""
    template = "errors/_error.html" if htmx.wanted() else "errors/error.html"
    return htmx.finish(render_template(template, code=code, text=text), code)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response
    if error.code == 413:
        return _too_big()
    return answer(error.code or 500, sentence(error.code or 500))


def _too_big() -> Response:
    """Say how big what was sent is and what is possible; read to its end, that the browser may read the answer."""
    size, most = request.content_length or 0, request.max_content_length or 0
    left = min(size, LONGEST_READ)
    while left > 0 and (read := len(request.environ["wsgi.input"].read(min(left, 65_536)))):
        left -= read
    if size <= most:
        return answer(413, sentence(413))
    text = _("L'envoi est trop gros : %(size)s Mo, pour %(most)s Mo au plus. Rien n'a été modifié : revenez en "
             "arrière et choisissez un fichier plus petit.",
             size=format_decimal(math.ceil(size / 100_000) / 10), most=format_decimal(most / 1_000_000))  # fmt: skip
    return answer(413, text)


def _csrf(error: CSRFError) -> Response:
    text = _("Cette page était ouverte depuis trop longtemps, ou vous vous êtes reconnecté·e : rechargez-la. "
             "Rien n'a été modifié.")  # fmt: skip
    return answer(400, text)


def _unknown(error: Unknown) -> Response:
    return answer(404, sentence(404))


def _store(error: Exception) -> Response:
    if "syntax error" in str(error) or "no such" in str(error):
        # SQLite gives the same class to a query that is wrong: that one is a bug of ours.
        return _bug(error)
    log.error("store unavailable: %s", error)
    # Nobody can be known while it is away: asking again who this is would fail in the very page that says so.
    access.nobody()
    response = answer(503, sentence(503))
    response.headers["Retry-After"] = "5"
    return response


def _bug(error: Exception) -> Response:
    log.exception("unexpected error")
    return answer(500, sentence(500))
