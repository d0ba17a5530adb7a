"""What is reported of a crash to a service outside holds nothing of a jury: no local variable, no form."""

from collections.abc import Iterator

import pytest
import sentry_sdk
from flask import request
from flask.testing import FlaskClient

from blueprints import rights
from blueprints.rights import EVERYONE
from rules.jury import DECISIONS
from store import jury, minutes
from tests.canaries import DECISION, Hidden, hide, seen
from tests.pages import csrf, new_app, sign_in
from tests.sync_bench import Cohort


@pytest.fixture
def hidden(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> Hidden:
    monkeypatch.setitem(DECISIONS, "adjourned", DECISION)
    return hide(cohort)


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Gather what would leave for the service that an address names, and let nothing leave."""
    sent: list[str] = []
    init = sentry_sdk.init

    def watched(*args: object, **options: object) -> None:
        init(*args, **options)
        transport = sentry_sdk.get_client().transport
        transport.capture_envelope = lambda envelope: sent.append(envelope.serialize().decode())

    monkeypatch.setattr(sentry_sdk, "init", watched)
    yield sent
    init()


def crashing(database_url: str, hidden: Hidden) -> FlaskClient:
    """Make a site where a page crashes while it holds all that a jury knows, and what was typed in its form."""
    app = new_app(database_url, sentry_dsn="http://key@127.0.0.1:9/1")

    def crash(code: str) -> str:
        held, typed, sealed = jury.snapshot(hidden.cohort.id), dict(request.form), minutes.contents(hidden.number)
        raise ZeroDivisionError(f"{len(held)} {len(typed)} {len(sealed)}")

    app.add_url_rule("/promotions/<code>/panne/", "crash", crash, methods=["GET", "POST"])
    return sign_in(app, "coordinator")


def test_a_crash_is_reported_without_what_it_held_nor_what_was_typed(
    database_url: str, hidden: Hidden, reports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rights.RIGHTS, "crash", EVERYONE)
    client = crashing(database_url, hidden)
    token = csrf(client.get(f"/promotions/{hidden.cohort.code}/jury/").text)
    form = {"csrf_token": token, "grade-RSV206": "17.77", "remark": "Serin remarque"}
    assert client.post(f"/promotions/{hidden.cohort.code}/panne/", data=form).status_code == 500
    sentry_sdk.flush()
    told = "\n".join(reports)
    assert "ZeroDivisionError" in told, "the crash is reported"
    assert not seen(told), seen(told)
