"""One address gives the page or its fragment: this is the only reader of HX-* headers."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from rules.attendance import hours_text
from rules.message import Message
from rules.rule_set import RuleSet
from rules.values import display_date, display_time
from settings import Settings

#: Stand in for the CSRF token and the idempotency key while a fragment is made: it can then be kept
#: for everybody, and the two values are put in at the end, by one replacement. Nobody can guess them.
CSRF_MARK, KEY_MARK = (f"@{secrets.token_hex(8)}@" for _ in range(2))
#: Stands in a page for a long fragment that is put in at the end.
HERE = f"@{secrets.token_hex(8)}@"
PARIS = ZoneInfo("Europe/Paris")
#: Places of the rules' messages that a label of ours fills, or several joined by commas.
LABELS = frozenset({"label", "labels", "close", "work", "weekday"})
#: Spaces of a French sentence where no line may end; English puts none there.
TIED = re.compile(r"(?<=«) | (?=[:;?!»])")


def set_up(app: Flask) -> None:
    """Give templates the few functions that they use."""
    app.jinja_env.globals.update(
        hidden_fields=hidden_fields, say=say, moment=moment, rights=_rights, attendance_rule=attendance_rule
    )
    app.jinja_env.filters.update(
        day=_day, hour=display_time, hours=hours_text, tied=tied, breakable=breakable
    )
    app.context_processor(lambda: {"lang": language()})
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def wanted() -> bool:
    """Tell whether htmx asks for a fragment rather than a whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def language() -> str:
    """Return the language of this visitor: French unless they chose English."""
    return "en" if session.get("lang") == "en" else "fr"


def render(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Render the page, or only its fragment when htmx asks; the same names serve both."""
    html = render_template(fragment if wanted() else page, **context)
    return finish(html, status)


def finish(html: str, status: int = 200) -> Response:
    """Put the visitor's own values in a finished page or fragment."""
    # Bytes are searched twice as fast as a text with accents.
    body = html.encode()
    if CSRF_MARK in html:
        body = body.replace(CSRF_MARK.encode(), generate_csrf().encode())
        body = body.replace(KEY_MARK.encode(), secrets.token_urlsafe(12).encode())
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def cut(html: str) -> list[list[bytes]]:
    """Cut a long fragment where the visitor's own values go, to be kept: joining is much quicker than replacing."""
    return [part.encode().split(KEY_MARK.encode()) for part in html.split(CSRF_MARK)]


def finish_around(page: str, parts: list[list[bytes]]) -> Response:
    """Finish a page around a long fragment that was cut, where it has HERE; '' answers with the fragment alone."""
    key = secrets.token_urlsafe(12).encode()
    inner = generate_csrf().encode().join(key.join(part) for part in parts)
    response = finish(page or HERE)
    before, _here, after = response.get_data().partition(HERE.encode())
    response.set_data(b"".join((before, inner, after)))
    return response


def unchanged(version: int) -> bool:
    """Tell whether the open page that asks has seen this version already."""
    return wanted() and request.args.get("v", type=int) == version


def nothing_new() -> Response:
    """Answer 204: htmx then leaves the page as it is."""
    response = make_response("", 204)
    response.vary.add("HX-Request")
    return response


def done(target: str, text: str = "") -> Response:
    """Send a plain form back to its page once it is carried out."""
    if text:
        flash(text)
    return redirect(target, 303)


def hidden_fields(suffix: str = "") -> Markup:
    """Return the hidden inputs of a form: the CSRF token and its idempotency key."""
    return Markup(
        f'<input type="hidden" name="csrf_token" value="{CSRF_MARK}">'
        f'<input type="hidden" name="form_key" value="{KEY_MARK}{suffix}">'
    )


def say(message: Message | str) -> str:
    """Return a message of the rules in the language of this visitor."""
    if isinstance(message, str):
        return tied(gettext(message)) if message else ""
    return tied(gettext(message.text)) % {key: _word(key, value) for key, value in message.values.items()}


def tied(text: str) -> str:
    """Return a French sentence none of whose lines begins with a sign: narrow no-break spaces, wider before a colon."""
    return TIED.sub(lambda space: "\u202f" if text[space.end()] in ";?!" else "\u00a0", text)


def breakable(text: str) -> Markup:
    """Return a text whose addresses may go on after their @ on another line."""
    return Markup(str(escape(text)).replace("@", "@<wbr>"))  # noqa: S704 - escaped just before


def _word(key: str, value: object) -> object:
    """Translate what fills a message when it is one of our labels: what a person typed stays as it is."""
    if not isinstance(value, str) or not value or key not in LABELS:
        return value
    return ", ".join(gettext(label) for label in value.split(", ") if label)


def in_paris(at: datetime) -> datetime:
    """Return a stored instant in the time of Paris."""
    return at.replace(tzinfo=UTC).astimezone(PARIS)


def moment(at: datetime | None) -> str:
    """Return an instant as staff read it, in the time of Paris: today's without its date."""
    if at is None:
        return ""
    local = in_paris(at)
    today = datetime.now(PARIS).date()
    return local.strftime("%H:%M" if local.date() == today else "%d/%m/%Y %H:%M")


def today() -> date:
    """Return the day it is in Paris."""
    return datetime.now(PARIS).date()


def hour() -> str:
    """Return the hour it is in Paris, as 09:30."""
    return datetime.now(PARIS).strftime("%H:%M")


def attendance_rule(rules: RuleSet) -> str:
    """Return the attendance rule of a cohort as one sentence."""
    rule = rules.attendance
    if rule.kind == "share":
        return gettext("Défaillant·e au-delà de %(share)s %% des heures d'absence.", share=rule.share_percent)
    if rule.kind == "full":
        return gettext("La participation à l'intégralité des modules est demandée.")
    return gettext("Aucune règle d'assiduité n'est fixée.")


def _day(value: date | None) -> str:
    return display_date(value.isoformat()) if value else ""


def _rights() -> str:
    user = current_user._get_current_object()  # looked up once: a page asks twenty times
    return user.role if user.is_authenticated else ""


@lru_cache(maxsize=256)
def _fragment(app: Flask, name: str) -> Callable[..., str]:
    return app.jinja_env.get_template(name).render


def fragment(name: str, **context: Any) -> str:
    """Render a small template without Flask's context processors: for rows made by the hundred."""
    return _fragment(current_app._get_current_object(), name)(**context)  # type: ignore[attr-defined]


def settings() -> Settings:
    """Return the settings of the running application."""
    return current_app.config["SETTINGS"]


def digest(values: object) -> str:
    """Return a short text that changes with the values of a line: open pages compare it."""
    return f"{crc32(repr(values).encode()):08x}"
