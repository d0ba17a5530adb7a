"""Sign in with Google: out to the provider, back from it, and the link between both accounts."""

import logging

from flask import Blueprint, Response, abort, current_app, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

import identity
from blueprints import access, htmx
from blueprints.accounts import form, open_session, safe_target
from identity import Provider
from store import accounts
from store.errors import Refused, Unknown

bp = Blueprint("google", __name__)
log = logging.getLogger("passerelle.pages")
#: Where the session keeps the page to go to, and where the application keeps the provider.
TARGET, PROVIDER = "google_target", "passerelle.google"
#: An address to go to that is longer than this would leave no room in the session, which is a cookie.
LONGEST_TARGET = 1_000


# A link, not a form: browsers hold a form's redirections to `form-action`, which is this site alone.
@bp.get("/connexion/google")
def ask() -> Response:
    """Send the browser to the provider, where people say who they are."""
    provider, target = _provider(), safe_target(request.args.get("suite"))
    if current_user.is_authenticated:
        return htmx.done(target)
    # The answer to a question asked before is not waited for any more: a session holds but a few of them.
    _forget_questions()
    try:
        answer = provider.ask(url_for("google.back", _external=True))
    except identity.Unreachable as error:
        return _away(target, error)
    session[TARGET] = target if len(target) <= LONGEST_TARGET else url_for("home.index")
    return answer


@bp.get("/connexion/google/retour")
def back() -> Response:
    """Sign in whoever the provider says has come back."""
    provider, target = _provider(), safe_target(session.pop(TARGET, None))
    if not request.args:
        # The language was changed on the page that says why nobody came in.
        return htmx.done(url_for("accounts.sign_in"))
    try:
        # What answers no question of this browser is neither sent on nor logged. Somebody who gives up may come
        # without the state: not every provider sends it back then.
        if identity.ASKED + request.args.get("state", "") not in session:
            given_up = request.args.get("error") == "access_denied"
            return form(target, trouble=_why("given_up" if given_up else "unasked"), status=403)
        found = provider.identity()
        person = accounts.sign_in_with_google(found.subject, found.email, request.remote_addr or "")
    except identity.Unreachable as error:
        return _away(target, error)
    except identity.Refused as error:
        return form(target, trouble=_why(error.why), status=403)
    except Refused as error:
        return form(target, trouble=htmx.say(error.message), status=403)
    finally:
        _forget_questions()
    open_session(person)
    return htmx.done(target)


@bp.post("/comptes/<int:user_id>/delier-google")
def unlink(user_id: int) -> Response:
    """Let an account be linked to another Google account at its next sign-in."""
    try:
        accounts.unlink_google(access.author(), user_id)
    except Unknown:
        abort(404)
    text = _("Le compte Google est délié : le prochain qui se présentera avec cette adresse sera lié.")
    return htmx.done(url_for("accounts.index"), text)


def _forget_questions() -> None:
    """Wait for no answer any more in this browser."""
    for name in [name for name in session if name.startswith(identity.ASKED)]:
        del session[name]


def _provider() -> Provider:
    """Return the provider of the settings; without one there is no such page."""
    settings = current_app.config["SETTINGS"]
    if not settings.google_sign_in:
        abort(404)
    known = current_app.extensions.get(PROVIDER)
    if known is None or known[0] != settings:
        known = current_app.extensions[PROVIDER] = (settings, Provider(settings))
    return known[1]


def _away(target: str, error: Exception) -> Response:
    """Say that the provider is away; what it said of itself may be wrong too, and is asked anew next time."""
    if not isinstance(error, identity.Busy):
        current_app.extensions.pop(PROVIDER, None)
    # Anybody may have come back with this text: it stays on its line.
    log.warning("google sign-in: %r", str(error))
    text = _("Google ne répond pas comme il faut en ce moment : réessayez, ou connectez-vous avec votre mot de passe.")
    return form(target, trouble=text, status=503)


def _why(why: str) -> str:
    domain = current_app.config["SETTINGS"].oidc_domain
    return {
        "given_up": _("La connexion avec Google a été abandonnée."),
        "unasked": _("Cette réponse de Google a déjà servi, ou vient d'une autre fenêtre : recommencez."),
        "unproved": _("Google ne garantit pas que cette adresse est la vôtre : prenez un autre compte."),
        "elsewhere": _("Seuls les comptes Google de %(domain)s peuvent se connecter ici.", domain=domain),
    }[why]
