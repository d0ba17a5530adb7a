"""What Google and the script of a spreadsheet say: hints that nobody can forge and no flood turns into work."""

import hmac
import json
import logging
import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.hooks import secret_of
from store import agreement, channels, db, quota, schedule
from store.models import Book, Channel, Quota
from store.models.base import now
from sync import pace
from tests.pages import make_app, sign_in
from tests.sync_bench import Cohort

STAFF, JURY = "book-staff", "book-jury"
PUBLIC = "https://passerelle.exemple.fr"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url, public_url=PUBLIC)


@pytest.fixture
def books(cohort: Cohort) -> Cohort:
    for book, audience in ((STAFF, "staff"), (JURY, "jury")):
        agreement.bind(book, cohort.id, audience, f"Classeur {audience}", 9, {"participants": (1, "P")})
    return cohort


@pytest.fixture
def channel(books: Cohort) -> channels.Promise:
    """Open a channel for the staff's book."""
    promise = channels.claim(STAFF)
    assert promise is not None
    channels.opened(promise.id, "ressource", 3600)
    return channels.Promise(promise.id, STAFF, "", "ressource", promise.token)


def told(promise: channels.Promise, **changed: str) -> dict[str, str]:
    """Return the headers of a notification."""
    headers = {
        "X-Goog-Channel-ID": promise.id, "X-Goog-Resource-ID": promise.resource, "X-Goog-Channel-Token": promise.token,
        "X-Goog-Resource-State": "update", "X-Goog-Message-Number": "2",
    }  # fmt: skip
    return {name: value for name, value in (headers | changed).items() if value}


def hinted(book: str = STAFF) -> bool:
    return any(schedule.signals(book))


# -- Drive ------------------------------------------------------------------------------------------


def test_a_notification_is_a_hint_and_makes_its_book_hot(app: Flask, channel: channels.Promise) -> None:
    answer = app.test_client().post("/crochets/drive", headers=told(channel))
    assert (answer.status_code, answer.data) == (204, b"")
    assert hinted()
    assert not hinted(JURY)
    moment, facts = schedule.facts()
    fact = next(fact for fact in facts if fact["book"] == STAFF)
    look = pace.Look(STAFF, hinted_at=fact["hinted_at"])
    assert (pace.heat(look, moment, 2), look.hinted) == (2, True)


FORGED = [
    {"X-Goog-Channel-ID": "autre"}, {"X-Goog-Channel-ID": ""}, {"X-Goog-Resource-ID": "autre"},
    {"X-Goog-Resource-ID": ""}, {"X-Goog-Channel-Token": "autre"}, {"X-Goog-Channel-Token": ""},
    {"X-Goog-Channel-Token": "é" * 5000}, {"X-Goog-Resource-State": "sync"},
]  # fmt: skip


@pytest.mark.parametrize("name", ["CHANNEL_ID", "RESOURCE_ID", "CHANNEL_TOKEN", "RESOURCE_STATE"])
@pytest.mark.parametrize("raw", ["\xff\xfe", "\xed\xa0\x80", "\x80" * 300])
def test_bytes_that_are_no_text_in_a_header_are_answered_the_same(
    app: Flask, channel: channels.Promise, name: str, raw: str
) -> None:
    answer = app.test_client().post(
        "/crochets/drive", headers=told(channel), environ_overrides={f"HTTP_X_GOOG_{name}": raw}
    )
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize("changed", FORGED)
def test_whatever_else_comes_is_answered_the_same_and_hints_at_nothing(
    app: Flask, channel: channels.Promise, changed: dict[str, str]
) -> None:
    answer = app.test_client().post("/crochets/drive", headers=told(channel, **changed))
    assert (answer.status_code, answer.data) == (204, b"")
    assert not hinted()


def test_all_three_secrets_are_compared_whatever_the_first_says(
    app: Flask, channel: channels.Promise, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    plain = hmac.compare_digest

    def counting(given: bytes, ours: bytes) -> bool:
        compared.append(len(ours))
        return plain(given, ours)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    for headers in (told(channel), *(told(channel, **changed) for changed in FORGED)):
        compared.clear()
        names = ("Channel-ID", "Resource-ID", "Channel-Token")
        channels.book_of(*(headers.get(f"X-Goog-{name}", "") for name in names))
        assert len(compared) == 3


def test_a_channel_that_google_has_not_answered_for_yet_is_nobody(app: Flask, books: Cohort) -> None:
    promise = channels.claim(STAFF)
    assert promise is not None
    app.test_client().post("/crochets/drive", headers=told(promise))
    app.test_client().post("/crochets/drive", headers={**told(promise), "X-Goog-Resource-ID": ""})
    assert not hinted()


def test_only_a_post_is_taken(app: Flask, books: Cohort) -> None:
    for url in ("/crochets/drive", "/crochets/feuille"):
        assert app.test_client().get(url).status_code == 405


# -- the script -------------------------------------------------------------------------------------


def say(client: FlaskClient, body: object, **more: str):
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/crochets/feuille", data=data, content_type=more.get("type", "application/json"))


def known(app: Flask, book: str = STAFF) -> dict[str, str]:
    with app.app_context():
        return {"book": book, "secret": secret_of(book)}


def test_a_script_that_knows_its_secret_gives_a_hint(app: Flask, books: Cohort) -> None:
    answer = say(app.test_client(), known(app))
    assert (answer.status_code, answer.data) == (204, b"")
    assert hinted()
    assert not hinted(JURY)


@pytest.mark.parametrize("content", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_its_body_is_called_matters_not(app: Flask, books: Cohort, content: str) -> None:
    assert say(app.test_client(), known(app), type=content).status_code in (204, 400)


def test_a_secret_is_of_one_book_and_of_one_installation(app: Flask, books: Cohort, database_url: str) -> None:
    mixed = known(app) | {"book": JURY}
    assert say(app.test_client(), mixed).status_code == 404
    elsewhere = make_app(database_url)
    elsewhere.config["SETTINGS"] = type(app.config["SETTINGS"])(secret_key="another" * 9)
    assert say(app.test_client(), known(elsewhere)).status_code == 404
    assert not hinted()
    assert not hinted(JURY)


def test_an_unknown_book_and_a_wrong_secret_look_the_same(app: Flask, books: Cohort) -> None:
    client = app.test_client()
    wrong, unknown = say(client, known(app) | {"secret": "0" * 64}), say(client, known(app, "inconnu"))
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.data == unknown.data
    assert "copiez de nouveau" in wrong.get_json()["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400), ("{", 400), ("[]", 400), ("null", 400), ({"book": STAFF}, 400), ({"book": 3, "secret": "x"}, 400),
        ({"book": "a\0b", "secret": "x"}, 400), (b"\xff\xfe", 400), ({"book": STAFF, "secret": "x" * 2000}, 413),
        ({"book": "é😀", "secret": "é"}, 404), ({"book": "\ud800", "secret": "\ud800"}, 404),
        ({"book": STAFF, "secret": "\udfff"}, 404), ("[" * 1000, 400), ('{"book":' * 125, 400),
    ],
)  # fmt: skip
def test_a_bad_body_is_said_in_words(app: Flask, books: Cohort, body: object, status: int) -> None:
    assert say(app.test_client(), body).status_code == status
    assert not hinted()


# -- floods -----------------------------------------------------------------------------------------


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List what is written to the store."""
    seen: list[str] = []
    log = logging.getLogger("peewee")

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            sql = record.msg[0] if isinstance(record.msg, tuple) else str(record.msg)
            if re.match(r"\s*(INSERT|UPDATE|DELETE|BEGIN)", sql, re.IGNORECASE):
                seen.append(sql)

    handler, level = Listener(), log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    monkeypatch.setattr(log, "propagate", False)
    yield seen
    log.removeHandler(handler)
    log.setLevel(level)


def test_ten_thousand_calls_are_a_handful_of_writes_and_no_call_to_google(
    app: Flask, channel: channels.Promise, writes: list[str]
) -> None:
    client, body = app.test_client(), known(app)
    began = now()
    # Each kind of call costs the same statements on both databases: the whole ten thousand on the quicker one.
    for number in range(500 if db.is_postgresql() else 5_000):
        client.post("/crochets/drive", headers=told(channel) if number % 3 else told(channel, **FORGED[number % 7]))
        say(client, body if number % 3 else body | {"secret": "0"})
    seconds = (now() - began).total_seconds()
    assert len(writes) <= 1 + seconds / schedule.HINT_EVERY.total_seconds()
    assert len(writes) >= 1
    assert Quota.select().count() == 0, "nothing was taken from the quota"


def test_hints_without_end_never_read_faster_than_the_pace_nor_forget_the_others() -> None:
    """Two books hinted at all day among ten: calls stay within the quota, the eight others keep their turns."""
    looks = [pace.Look(str(n), began_at=0.0) for n in range(10)]
    held: quota.Held | None = None
    reads: list[tuple[float, str]] = []
    for tick in range(5 * 900):
        at = tick / 5
        looks[0].hinted_at = looks[1].hinted_at = at - at % schedule.HINT_EVERY.total_seconds()
        room = pace.Room(quota.level(held, quota.ACCOUNT, at), 3, 3)
        for look in pace.choose(looks, at, room, quota.ACCOUNT.rate, True):
            held = (quota.taken({"a": held}, {"a": quota.ACCOUNT}, at) or {})["a"]
            look.began_at = at
            reads.append((at, look.book))
    assert len(reads) <= quota.ACCOUNT.burst + 900 * quota.ACCOUNT.rate
    for number in range(2, 10):
        times = [0.0, *(at for at, book in reads if book == str(number)), 900.0]
        assert max(b - a for a, b in zip(times, times[1:], strict=False)) < 1.3 * 10 / quota.ACCOUNT.rate


def test_a_hint_from_a_clock_ahead_does_not_silence_those_that_follow(books: Cohort) -> None:
    Book.update(hinted_at=now() + timedelta(hours=2)).where(Book.id == STAFF).execute()
    assert schedule.hint(STAFF)
    assert not schedule.hint(STAFF)
    assert not schedule.hint("inconnu")


# -- channels ---------------------------------------------------------------------------------------


def test_one_worker_opens_a_channel_and_renews_it_before_its_end(books: Cohort) -> None:
    assert channels.due() == [JURY, STAFF]
    first = channels.claim(STAFF)
    assert first is not None
    assert channels.claim(STAFF) is None
    assert channels.due() == [JURY]
    channels.opened(first.id, "ressource", channels.RENEW + 60)
    assert channels.due() == [JURY]
    channels.opened(first.id, "ressource", channels.RENEW - 60)
    second = channels.claim(STAFF)
    assert second is not None
    channels.opened(second.id, "ressource", 86_400)
    assert channels.book_of(first.id, "ressource", first.token) == STAFF
    channels.opened(first.id, "ressource", -1)
    channels.forget_ended()
    assert channels.book_of(first.id, "ressource", first.token) == ""
    assert channels.book_of(second.id, "ressource", second.token) == STAFF


def test_a_refused_channel_is_put_off_and_an_unbound_book_leaves_an_orphan(
    books: Cohort, channel: channels.Promise
) -> None:
    other = channels.claim(JURY)
    assert other is not None
    channels.put_off(other.id, 3600)
    assert channels.due() == []
    assert channels.orphans() == []
    Book.update(account="un@exemple.fr").where(Book.id == JURY).execute()
    Book.delete().where(Book.id == STAFF).execute()
    assert {one.id for one in channels.orphans()} == {channel.id, other.id}
    assert channels.forget(channel.id)
    assert not channels.forget(channel.id)
    assert Channel.select().count() == 1


# -- the page of the script -------------------------------------------------------------------------


def script_of(html: str) -> str:
    found = re.search(r'<textarea id="script-text"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found
    return found[1].replace("&#34;", '"').replace("&#39;", "'").replace("&gt;", ">").replace("&amp;", "&")


def test_the_page_gives_a_script_ready_to_paste(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    answer = client.get(f"/synchronisation/{STAFF}/script")
    assert answer.status_code == 200
    script = script_of(answer.text)
    assert f'"{PUBLIC}/crochets/feuille"' in script
    assert known(app)["secret"] in script
    assert "getValue" not in script
    assert "range" not in script
    assert "Aucun signal reçu" in answer.text
    say(client, known(app))
    assert "Dernier signal reçu" in client.get(f"/synchronisation/{STAFF}/script").text
    assert f'href="/synchronisation/{STAFF}/script"' in client.get("/synchronisation/").text


def test_a_push_of_drive_is_not_a_script_at_work(app: Flask, channel: channels.Promise) -> None:
    client, page = sign_in(app, "coordinator"), f"/synchronisation/{STAFF}/script"
    client.post("/crochets/drive", headers=told(channel))
    html = client.get(page).text
    assert "Aucun signal reçu" in html
    assert "En service" not in html
    assert "Google Drive, de son côté, a signalé un changement : il y a moins" in html
    Book.update(hinted_at=now() - timedelta(minutes=3)).execute()
    say(client, known(app))
    html = client.get(page).text
    assert "En service" in html
    assert "Google Drive, de son côté" not in html
    Book.update(hinted_at=now() - timedelta(minutes=5), script_at=now() - timedelta(minutes=7)).execute()
    client.post("/crochets/drive", headers=told(channel))
    html = client.get(page).text
    assert "Dernier signal reçu : il y a 7 minutes." in html
    assert "a signalé un changement : il y a moins" in html


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_who_may_not_ask_for_a_cycle_sees_no_secret(app: Flask, books: Cohort, role: str) -> None:
    client = sign_in(app, role)
    for book in (STAFF, JURY):
        assert client.get(f"/synchronisation/{book}/script").status_code == 403
    assert "/script\"" not in client.get("/synchronisation/").text


def test_the_script_of_an_unknown_book_is_not_found(app: Flask, books: Cohort) -> None:
    assert sign_in(app, "admin").get("/synchronisation/inconnu/script").status_code == 404


def test_signed_out_the_page_asks_to_sign_in(app: Flask, books: Cohort) -> None:
    assert app.test_client().get(f"/synchronisation/{STAFF}/script").status_code == 303


def test_without_a_public_address_the_page_says_what_to_set(database_url: str, books: Cohort) -> None:
    html = sign_in(make_app(database_url), "coordinator").get(f"/synchronisation/{STAFF}/script").text
    assert "PUBLIC_URL" in html
    assert "<textarea" not in html


def test_each_book_says_with_whom_it_is_shared_where_there_are_several_accounts(
    database_url: str, books: Cohort
) -> None:
    accounts = [
        {"client_email": f"{name}@exemple.fr", "token_uri": "https://oauth2.test/token",
         "private_key": "-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----"}
        for name in ("un", "deux")
    ]  # fmt: skip
    Book.update(account="deux@exemple.fr").where(Book.id == JURY).execute()
    many = sign_in(make_app(database_url, service_account_json=json.dumps(accounts)), "coordinator")
    cards = many.get("/synchronisation/").text.split('class="book"')[1:]
    assert ["un@exemple.fr" in card for card in cards] == ["Classeur staff" in card for card in cards]
    assert ["deux@exemple.fr" in card for card in cards] == ["Classeur jury" in card for card in cards]
    one = sign_in(make_app(database_url, service_account_json=json.dumps(accounts[0])), "coordinator")
    assert "partagé avec" not in one.get("/synchronisation/").text


# -- the script, run --------------------------------------------------------------------------------

#: What Apps Script gives a script, written down; `happen` is called with each thing that the test does.
SERVICES = """
const calls = [], kept = {}, triggers = [];
let answer = 204, now = 0, locked = false;
const trigger = (name) => ({ getHandlerFunction: () => name });
const building = (name) => ({ forSpreadsheet: () => ({
  onEdit: () => ({ create: () => triggers.push(trigger(name)) }),
  onChange: () => ({ create: () => triggers.push(trigger(name)) }) }) });
const ScriptApp = { newTrigger: building, getProjectTriggers: () => [...triggers],
  deleteTrigger: (one) => triggers.splice(triggers.indexOf(one), 1) };
const SpreadsheetApp = { getActive: () => ({}) };
const CacheService = { getScriptCache: () => ({
  get: (name) => (kept[name] > now ? "oui" : null), put: (name, value, seconds) => { kept[name] = now + seconds; } }) };
const LockService = { getScriptLock: () => ({ tryLock: () => !locked, releaseLock: () => {} }) };
const UrlFetchApp = { fetch: (address, options) => {
  if (answer === null) throw new Error("Address unavailable");
  calls.push({ address, ...options });
  return { getResponseCode: () => answer }; } };
console.warn = () => {};
"""


def run_script(script: str, steps: str) -> dict:
    node = shutil.which("node")
    assert node, "node runs the script of the page: install it (tests/prepare.sh)"
    source = f"{SERVICES}\n{script}\n{steps}\nconsole.log(JSON.stringify({{calls, triggers: triggers.length}}));"
    done = subprocess.run([node, "-e", source], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_script_installs_itself_once_and_what_it_sends_is_a_hint(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    script = script_of(client.get(f"/synchronisation/{STAFF}/script").text)
    found = run_script(script, "installer(); installer();")
    assert found["triggers"] == 2
    [call, _] = found["calls"]
    assert (call["address"], call["method"], call["muteHttpExceptions"]) == (f"{PUBLIC}/crochets/feuille", "post", True)
    assert json.loads(call["payload"]) == known(app), "no value of a cell leaves the spreadsheet"
    assert say(client, call["payload"], type=call["contentType"]).status_code == 204
    assert hinted()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_script_sends_one_hint_for_many_edits_and_survives_our_absence(app: Flask, books: Cohort) -> None:
    script = script_of(sign_in(app, "coordinator").get(f"/synchronisation/{STAFF}/script").text)
    many = "for (now = 0; now < 20; now += 0.1) prevenir();"
    assert len(run_script(script, many)["calls"]) in (4, 5)
    assert run_script(script, "locked = true; prevenir();")["calls"] == []
    assert run_script(script, "answer = null; prevenir();")["calls"] == []
    refused = "answer = 404; try { installer(); calls.length = 0; } catch (error) { calls.push(String(error)); }"
    assert "copiez de nouveau" in run_script(script, refused)["calls"][-1]
    assert run_script(script, "installer(); desinstaller();")["triggers"] == 0
