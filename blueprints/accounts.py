"""Sign-in, sign-out, invitations, accounts, and the journal."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from blueprints import access, htmx, journal_lines, readable
from blueprints.access import SignedIn
from blueprints.forms import once
from store import accounts, administration, journal, people
from store.accounts import Person
from store.demonstration import accounts as demonstration
from store.errors import Refused, Unknown
from store.journal import Author

bp = Blueprint("accounts", __name__)


def safe_target(target: str | None) -> str:
    """Return where to go after signing in: a page of this site only, else the home page.

    Browsers read a backslash as a slash and drop tabs and line breaks, so both are refused.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return url_for("home.index")
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(mark in target for mark in "\\\t\r\n"):
        return url_for("home.index")
    return target


@bp.route("/connexion", methods=["GET", "POST"])
def sign_in() -> Response:
    """Show the sign-in form, or sign in."""
    target = safe_target(request.values.get("suite"))
    if request.method == "GET":
        if current_user.is_authenticated:
            return htmx.done(target)
        return form(target)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        person = accounts.sign_in(email, password, request.remote_addr or "")
    except Refused as error:
        return form(target, email, htmx.say(error.message), 422)
    open_session(person)
    return htmx.done(target)


def form(target: str, email: str = "", error: str = "", status: int = 200, trouble: str = "") -> Response:
    """Show the sign-in form, with what was wrong in it, or what kept somebody from signing in another way."""
    name = "accounts/sign_in.html"
    domain = demonstration.DOMAIN
    shown = [(f"{key}@{domain}", accounts.ROLES[role]) for key, (_n, role) in demonstration.ACCOUNTS.items()]
    if not accounts.exists(f"admin@{domain}"):
        shown = []
    with_google = current_app.config["SETTINGS"].google_sign_in
    return htmx.render(
        name, name, status, target=target, email=email, error=error, shown=shown, trouble=trouble, google=with_google
    )


def open_session(person: Person) -> None:
    """Sign somebody in, in this browser."""
    # A new session at each sign-in: nothing prepared before it survives.
    lang = session.get("lang")
    session.clear()
    if lang:
        session["lang"] = lang
    login_user(SignedIn(person))


@bp.post("/deconnexion")
def sign_out() -> Response:
    """End this sign-in."""
    accounts.sign_out(current_user.token)
    logout_user()
    session.clear()
    return htmx.done(url_for("accounts.sign_in"), _("Vous êtes déconnecté·e."))


@bp.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> Response:
    """Let an invited person choose their password."""
    page, error = "accounts/invitation.html", ""
    try:
        email = accounts.invited(token)
        if request.method == "POST":
            open_session(accounts.accept(token, request.form.get("password", "")))
            return htmx.done(url_for("home.index"), _("Votre compte est prêt."))
    except Unknown:
        text = _("Ce lien a déjà servi ou n'est plus valable : demandez-en un autre à l'administration.")
        return htmx.render(page, page, 404, email="", error=text)
    except Refused as refusal:
        error = htmx.say(refusal.message)
    return htmx.render(page, page, 422 if error else 200, email=email, error=error)


@bp.post("/langue")
def language() -> Response:
    """Choose French or English for this browser."""
    lang = request.form.get("lang", "")
    if lang not in ("fr", "en"):
        abort(400)
    session["lang"] = lang
    return htmx.done(safe_target(request.form.get("suite")))


@bp.get("/comptes/")
def index() -> Response:
    """List the accounts."""
    return _accounts()


def _accounts(status: int = 200, **more: object) -> Response:
    context: dict[str, object] = {"typed": {}, "error": "", "link": "", "invited": "", "about": None} | more
    return htmx.render(
        "accounts/index.html", "accounts/index.html", status,
        accounts=accounts.accounts(), roles=accounts.ROLES, linked=accounts.linked_to_google(),
        me=access.author().user_id, **context,
    )  # fmt: skip


@bp.post("/comptes/ajouter")
def add() -> Response:
    """Create an account and show its invitation link once."""
    typed = {name: request.form.get(name, "") for name in ("email", "name", "role")}
    try:
        with once() as first:
            token = accounts.add(access.author(), typed["email"], typed["name"], typed["role"]) if first else ""
    except Refused as error:
        return _accounts(422, typed=typed, error=htmx.say(error.message))
    if not token:
        # The same form again, by a second click or a reload: its link was shown once and is not kept.
        return htmx.done(url_for("accounts.index"), _("Ce compte est déjà créé."))
    link = url_for("accounts.invitation", token=token, _external=True)
    return _accounts(link=link, invited=typed["email"].strip(), made=True)


@bp.post("/comptes/<int:user_id>/fermer")
def close(user_id: int) -> Response:
    """End an account's sign-ins and links, until it is opened again."""
    return _once(user_id, administration.close, _("Le compte est fermé."))


@bp.post("/comptes/<int:user_id>/rouvrir")
def reopen(user_id: int) -> Response:
    """Let a closed account sign in again."""
    return _once(user_id, administration.reopen, _("Le compte est rouvert, avec le mot de passe qu'il avait."))


@bp.post("/comptes/<int:user_id>/role")
def change_role(user_id: int) -> Response:
    """Give an account another role."""
    role = request.form.get("role", "")
    text = _("Le rôle est enregistré.")
    return _once(user_id, lambda author, user: administration.change_role(author, user, role), text, role)


@bp.post("/comptes/<int:user_id>/lien")
def renew_link(user_id: int) -> Response:
    """Make a new link by which an account chooses its password, and show it once."""
    try:
        with once() as first:
            token = administration.renew_link(access.author(), user_id) if first else ""
    except Refused as error:
        return _accounts(422, about=user_id, error=htmx.say(error.message))
    if not token:
        return htmx.done(_line(user_id), _("Ce lien a déjà été créé : il n'est affiché qu'une fois."))
    link = url_for("accounts.invitation", token=token, _external=True)
    return _accounts(link=link, invited=accounts.invited(token))


def _once(user_id: int, verb: Callable[[Author, int], None], text: str, role: str = "") -> Response:
    """Carry out a form about one account, once; show why not in its line."""
    try:
        with once() as first:
            if first:
                verb(access.author(), user_id)
    except Refused as error:
        return _accounts(422, about=user_id, error=htmx.say(error.message), typed={"role": role})
    return htmx.done(_line(user_id), text)


def _line(user_id: int) -> str:
    return f"{url_for('accounts.index')}#compte-{user_id}"


@bp.get("/journal/")
def journal_page() -> Response:
    """Show who changed what, when, through which door; `?promotion=` keeps one cohort."""
    code = request.args.get("promotion", "")
    cohort_id = access.cohort(code).id if code else None
    lines = journal_lines.readable(journal.entries(cohort_id), "jury" in readable.audiences())
    return htmx.render(
        "accounts/journal.html", "accounts/_journal.html",
        lines=lines, code=code, codes=[row[1] for row in people.cohorts()],
    )  # fmt: skip
