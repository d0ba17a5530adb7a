"""The paper handed in as a PDF: its pages are counted; the file is forgotten, unless staff choose to keep it."""

import io

from flask import Blueprint, Response, abort, request, send_file
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import access, htmx, paper_page
from blueprints.forms import once
from blueprints.paper_page import FILE, Trouble
from documents import papers_read
from store import following, following_files
from store.errors import Refused

bp = Blueprint("paper_files", __name__, url_prefix="/promotions/<code>/notes/<paper_id>/fichier")


@bp.post("")
def upload(code: str, paper_id: str) -> Response:
    """Count the pages of the file sent, and keep it only when the form says so."""
    cohort, sent = access.paper(code, paper_id), request.files.get("file")
    body, kept = sent.stream.read() if sent else b"", request.form.get("keep") == "oui"
    try:
        pages = papers_read.pages(body)
        with once() as first:
            if first:
                following.deposit(access.author(), paper_id, {"pages": str(pages)})
            if first and kept:
                following_files.store(access.author(), paper_id, sent.filename or "" if sent else "", body)
    except Refused as error:
        return paper_page.show(cohort, paper_id, Trouble(FILE, htmx.say(error.message), status=422))
    told = ngettext("%(num)d page comptée et notée.", "%(num)d pages comptées et notées.", pages)
    ending = _("Le fichier est gardé.") if kept else _("Le fichier n'est pas gardé.")
    return htmx.done(f"{paper_page.root(code, paper_id)}#depot", f"{told} {ending}")


@bp.get("")
def download(code: str, paper_id: str) -> Response:
    """Send the file that was kept."""
    access.paper(code, paper_id)
    found = following_files.content(paper_id)
    if found is None:
        abort(404)
    name, body = found
    # Never shown in place of a page of ours, whatever it holds.
    return send_file(io.BytesIO(body), "application/pdf", as_attachment=True, download_name=name)


@bp.post("/supprimer")
def delete(code: str, paper_id: str) -> Response:
    """Delete the file that was kept, for good."""
    access.paper(code, paper_id)
    with once() as first:
        if first:
            following_files.delete(access.author(), paper_id)
    return htmx.done(f"{paper_page.root(code, paper_id)}#depot", _("Fichier supprimé."))
