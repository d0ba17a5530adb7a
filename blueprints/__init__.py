"""HTTP: read the request, call one verb or one question, render. No SQL, no network."""

from flask import Flask, current_app
from flask_babel import Babel
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from blueprints import (
    access,
    accounts,
    adoption,
    assigning,
    calendar,
    candidate_numbers,
    certificates,
    closing,
    comparisons,
    conflicts,
    copying,
    deletions,
    deliberating,
    deliberations,
    digest,
    dossier,
    errors,
    exchanges,
    exports,
    feeds,
    forms,
    google,
    grade_anomalies,
    grades,
    history,
    home,
    hooks,
    htmx,
    imports,
    jury,
    jury_members,
    merging,
    minutes,
    modules,
    months,
    moves,
    openings,
    own,
    paper,
    paper_files,
    participant,
    pauses,
    people,
    phrases,
    plagiarism,
    planning,
    presence,
    proposals,
    publication,
    refusals,
    registers,
    release,
    reminders,
    resits,
    results,
    rolls,
    rosters,
    rule_sets,
    security,
    sheets,
    sign_in_sheets,
    signatures,
    standings,
    statistics,
    tutoring,
    tutoring_days,
    tutoring_files,
    tutors,
    unit_reports,
)
from settings import ROOT, Settings

#: Larger than any form of ours, small enough to refuse a flood.
MAX_FORM = 1_000_000
LANGUAGES = ("fr", "en")
#: The site map.
PARTS = (
    home, accounts, google, openings, people, participant, imports, exports, merging,
    calendar, months, moves, planning, modules, publication, copying,
    feeds, comparisons,
    rosters, rolls, presence, standings, rule_sets, tutoring, assigning, tutors, tutoring_files, own,
    paper, exchanges, paper_files, plagiarism, tutoring_days, reminders, jury,
    dossier, deliberations, jury_members, deliberating, closing, minutes, results, statistics, release,
    grades, resits, unit_reports, candidate_numbers, grade_anomalies,
    proposals,
    sign_in_sheets, signatures, certificates, registers,
    sheets, pauses, adoption, conflicts, refusals, history, deletions, digest, hooks,
)  # fmt: skip


def configuration(settings: Settings) -> dict[str, object]:
    """Return Flask's configuration for these settings."""
    prefix = "__Host-" if settings.secure else ""
    return {
        "SECRET_KEY": settings.key(),
        "MAX_CONTENT_LENGTH": MAX_FORM,
        "MAX_FORM_MEMORY_SIZE": MAX_FORM,
        "TRUSTED_HOSTS": settings.hosts or None,
        "SESSION_COOKIE_NAME": prefix + "passerelle",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def register(app: Flask) -> None:
    """Add everything people reach over HTTP: the site map is PARTS."""
    app.config.from_mapping(configuration(app.config["SETTINGS"]))
    Htmx(app)
    Babel(app, locale_selector=htmx.language)
    # In this order: the store, then who is asking, then whether the form is ours.
    security.set_up(app)
    access.set_up(app)
    forgery = CSRFProtect(app)
    errors.set_up(app)
    htmx.set_up(app)
    phrases.set_up(app)
    app.url_map.converters["int"] = forms.IdConverter
    for part in PARTS:
        app.register_blueprint(part.bp)
    for view in hooks.FROM_OUTSIDE:
        forgery.exempt(view)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=ROOT / "static", prefix="static/", max_age=3600)  # type: ignore[method-assign]
    if app.config["SETTINGS"].secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]


def settings() -> Settings:
    """Return the settings of the running application."""
    return current_app.config["SETTINGS"]
