"""One table of rights: every route is in it, and every role meets exactly what it says."""

from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask

from blueprints.rights import EVERYONE, PUBLIC, RIGHTS
from store import (
    adoptions,
    agreement,
    calendar,
    certificates,
    following_exchanges,
    following_files,
    following_reports,
    minutes,
    results,
    rosters,
    tutoring,
)
from store.accounts import ROLES
from store.models import JuryMember, Minutes
from tests.deliberated import sealed
from tests.pages import AUTHOR, HTMX, csrf, make_app, sign_in
from tests.sync_bench import Cohort

#: Routes whose way of telling is their own: health, files, signing in or out, and what Google calls.
APART = {
    "static", "home.healthz", "home.readyz", "accounts.sign_in", "accounts.invitation", "accounts.language",
    "google.ask", "google.back",
    "hooks.drive", "hooks.sheet",
    "feeds.calendar", "minutes.check",
}  # fmt: skip


TODAY = date(2025, 6, 1)


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """List (endpoint, method, rule) of every route that a role may or may not use."""
    return [
        (rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods & {"GET", "POST"})
        if rule.endpoint not in APART
    ]


def certificate(cohort: Cohort) -> str:
    """Return the number of a certificate of the second participant; the first has hours, and none yet."""
    for who in cohort.participants[:2]:
        rosters.change(AUTHOR, who, dict.fromkeys(cohort.half_days, "P"))
    line = next(line for line in certificates.lines(cohort.id, TODAY) if line.enrolment == cohort.participants[1])
    if line.in_force:
        return line.in_force.number
    return certificates.issue(AUTHOR, cohort.id, [line.enrolment], {}, TODAY, accepted=True)[0]


def followed(cohort: Cohort) -> dict[str, str]:
    """Return the first paper, with an exchange, a report and a file; the first half-day is one of tutoring."""
    key = next(iter(tutoring.snapshot(cohort.id)))
    if not following_exchanges.exchanges(key):
        following_exchanges.add(AUTHOR, key, {"day": "2025-01-21"})
        following_reports.report(AUTHOR, key, "E. Bucolo", "Trois pages")
    calendar.change(AUTHOR, next(iter(calendar.snapshot(cohort.id))), {"kind": "group_tutoring"})
    if not following_files.kept(key):
        following_files.store(AUTHOR, key, "note.pdf", b"%PDF")
    return {
        "paper_id": key, "exchange_id": following_exchanges.exchanges(key)[0].id,
        "int:report_id": str(following_reports.reports(key)[0].id),
    }  # fmt: skip


def published(cohort: Cohort) -> str:
    """Return a deliberation whose published minutes admit the first participant."""
    found = Minutes.get_or_none(Minutes.cohort == cohort.id)
    if found is None:
        found = Minutes.get_by_id(sealed(cohort, cohort.participants[0]))
        results.publish(AUTHOR, cohort.id, found.deliberation_id)
    return str(found.deliberation_id)


def named(cohort: Cohort) -> dict[str, str]:
    """Return what each part of an address is called, made where there is none yet."""
    return {
        "code": cohort.code,
        "half_day_id": next(iter(calendar.snapshot(cohort.id))),
        "enrolment_id": cohort.participants[0],
        "other_id": cohort.participants[1],
        "ending": "csv",
        "day": next(iter(calendar.snapshot(cohort.id).values()))["day"],
        "int:adoption_id": str(adoptions.ask(AUTHOR, cohort.id, "1BxiMVs0XRA5nFMdKvBdBZ", "staff")),
        "int:tutor_id": str(tutoring.tutors(cohort.id)[0][0]),
        "int:module_id": str(calendar.modules(cohort.id)[0][0]),
        "path:number": "1",
        "reference": certificate(cohort),
        "name": "participants",
        "extension": "xlsx",
        "kind": "enrolment",
        "row": cohort.participants[0],
        "key": cohort.participants[0],
        "work": "RSV206",
        **followed(cohort),
        "int:deliberation_id": published(cohort),
        "int:member_id": str(JuryMember.select(JuryMember.id).limit(1).scalar() or 1),
        "minutes_number": minutes.listed(cohort.id)[0].number,
    }


def address(rule: str, cohort: Cohort, **chosen: str) -> str:
    """Return the address of a route in a cohort."""
    return filled(rule, named(cohort) | chosen)


def filled(rule: str, values: Mapping[str, str]) -> str:
    """Put values in an address; fail on a part that none is for."""
    for name, value in values.items():
        rule = rule.replace(f"<{name}>", value)
    for converter in ("<int:conflict_id>", "<conflict_id>", "<book_id>", "<int:user_id>"):
        rule = rule.replace(converter, "999999")
    assert "<" not in rule, rule
    return rule


def test_every_route_is_in_the_table_and_nothing_else(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(RIGHTS)
    assert all(allowed is PUBLIC or allowed <= EVERYONE for allowed in RIGHTS.values())


@pytest.mark.parametrize("role", ROLES)
def test_each_role_meets_what_the_table_says(app: Flask, cohort: Cohort, role: str) -> None:
    client = sign_in(app, role)
    token = csrf(client.get("/").text)
    if role == "tutor":
        _follow_first_paper(cohort)
    agreement.bind("999999", cohort.id, "staff", "Classeur", 1, {})
    for endpoint, method, rule in routes(app):
        if endpoint == "accounts.sign_out":
            continue
        data = {"csrf_token": token} if method == "POST" else None
        answer = client.open(address(rule, cohort), method=method, data=data)
        allowed = role in RIGHTS[endpoint]
        if allowed and method == "GET":
            wanted = 302 if endpoint == "sign_in_sheets.short" else 200
            assert answer.status_code == wanted, (endpoint, answer.status_code)
        elif allowed:
            # An empty form may be refused, or its object be another tutor's: never for want of a page.
            assert answer.status_code in (200, 303, 400, 403, 404, 422), (endpoint, answer.status_code)
        else:
            assert answer.status_code == 403, (endpoint, answer.status_code)


def _follow_first_paper(cohort: Cohort) -> None:
    """Give the tutor the paper that addresses name: another's would be refused them."""
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", None, "tutor@exemple.fr")
    tutoring.assign(AUTHOR, next(iter(tutoring.snapshot(cohort.id))), "Tania Tutrice")


def test_nobody_signed_out_reaches_anything(app: Flask, cohort: Cohort) -> None:
    client = app.test_client()
    token = csrf(client.get("/connexion").text)
    for endpoint, method, rule in routes(app):
        data = {"csrf_token": token} if method == "POST" else None
        url = address(rule, cohort)
        plain = client.open(url, method=method, data=data)
        assert plain.status_code == 303, endpoint
        assert "/connexion" in plain.location, endpoint
        assert client.open(url, method=method, data=data, headers=HTMX).status_code == 401, endpoint


def test_every_change_asks_for_its_token(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "admin")
    for endpoint, method, rule in routes(app):
        if method == "POST":
            assert client.post(address(rule, cohort)).status_code == 400, endpoint


def test_every_answer_carries_the_headers_that_protect_it(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "admin")
    for answer in (client.get("/"), client.get("/nowhere"), client.get("/connexion")):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_sign_out_ends_the_sign_in_even_for_a_copied_cookie(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "reader")
    copied = app.test_client()
    copied.set_cookie("passerelle", client.get_cookie("passerelle").value)
    assert copied.get("/").status_code == 200
    client.post("/deconnexion", data={"csrf_token": csrf(client.get("/").text)})
    assert copied.get("/").status_code == 303
