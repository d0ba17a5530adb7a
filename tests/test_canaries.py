"""Nothing that a jury has not published reaches anybody else: pages, fragments, files, logs, errors, other books.

What is walked is read from the site itself: a new route, or a new tab of a book, is walked without being listed here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints import rights
from blueprints.rights import EVERYONE, JURY
from rules.jury import DECISIONS
from store import accounts, jury, minutes, people, results, tutoring
from store.models import Decision
from sync import worksheets
from sync.dress import create_book
from tests.canaries import ALL, DECISION, GRADES, HONOURS, NEVER, ONCE_PUBLISHED, Hidden, hide, logged, seen, walk
from tests.deliberated import PROVIDER, SEALED_AT, held, printed
from tests.pages import AUTHOR, make_app, new_app, sign_in
from tests.sync_bench import PAGE, Bench, Cohort
from tests.test_store_results import settle

#: Every role but those of the jury, and nobody: somebody who is not signed in.
OTHERS = (*sorted(EVERYONE - JURY), "")
#: Addresses where a published result may be read, and no other.
MEANT = "/resultats/"


@pytest.fixture(autouse=True)
def _called_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call one decision by a word that nothing else of the site uses."""
    monkeypatch.setitem(DECISIONS, "adjourned", DECISION)


@pytest.fixture
def hidden(cohort: Cohort) -> Hidden:
    return hide(cohort)


def client_of(app: Flask, role: str, cohort: Cohort) -> FlaskClient:
    """Sign somebody in; a tutor follows the papers of those whose dossiers hold canaries."""
    if not role:
        return app.test_client()
    client = sign_in(app, role)
    if role == "tutor":
        tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 9, "tutor@exemple.fr")
        for paper in list(tutoring.snapshot(cohort.id))[:4]:
            tutoring.change(AUTHOR, paper, {"tutor": "Tania Tutrice"})
    return client


def test_the_roles_that_are_walked_are_all_but_the_jury_s() -> None:
    assert set(OTHERS) == {"tutor", "reader", ""}
    assert set(OTHERS) - {""} | JURY == set(accounts.ROLES)


@pytest.mark.parametrize("role", OTHERS)
def test_nothing_is_read_before_publication(database_url: str, hidden: Hidden, role: str) -> None:
    app = make_app(database_url)
    client, count = client_of(app, role, hidden.cohort), 0
    with logged() as lines:
        for place, text in walk(app, client, hidden):
            count += 1
            assert not seen(text), (place, seen(text))
    assert count > 400, "the whole site was walked"
    assert not seen("\n".join(lines))


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("role", OTHERS)
def test_only_what_is_meant_is_read_after_publication(
    database_url: str, hidden: Hidden, role: str, named: bool
) -> None:
    settle(hidden.cohort, display_names=named)
    results.publish(AUTHOR, hidden.cohort.id, hidden.deliberation)
    app = make_app(database_url)
    client, told = client_of(app, role, hidden.cohort), set()
    with logged() as lines:
        for place, text in walk(app, client, hidden):
            assert not seen(text, NEVER), (place, seen(text, NEVER))
            found = seen(text, ONCE_PUBLISHED)
            assert not found or MEANT in place, (place, found)
            told |= set(found)
    if role:
        # Nobody has a number there: without names the decisions are only counted.
        assert told == ({DECISION, HONOURS} if named else {DECISION})
    assert not seen("\n".join(lines))


@pytest.mark.parametrize("role", sorted(JURY))
def test_the_same_walk_finds_them_where_the_jury_reads_them(database_url: str, hidden: Hidden, role: str) -> None:
    app = make_app(database_url)
    client = sign_in(app, role)
    found: set[str] = set()
    for url in (
        "/conflits/", "/refus/", f"/promotions/{hidden.cohort.code}/jury/",
        f"/promotions/{hidden.cohort.code}/jury/pv/{hidden.number}/",
        f"/promotions/{hidden.cohort.code}/jury/pv/{hidden.number}.json",
    ):
        found |= set(seen(client.get(url).text))
    for what in (*GRADES.values(),):
        assert {what, what.replace(".", ",")} & found or what == GRADES["marking"], what
    assert {DECISION, HONOURS, "Serin remarque", "Serin motif", "adjourned"} <= found


# -- books that are not the jury's ------------------------------------------------------------------


class Bodies:
    """Every body sent to a book, by book; one being created has no name yet, and is kept under ''."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bench, self.created = bench, []
        create = bench.sheets.create

        def kept(body: Mapping[str, Any]) -> Mapping[str, Any]:
            self.created.append(json.dumps(body, ensure_ascii=False))
            return create(body)

        monkeypatch.setattr(bench.sheets, "create", kept)

    def sent(self, but: str = "") -> Iterator[str]:
        """Give what was sent to every book but one."""
        yield from self.created
        for book, batch in self.bench.sheets.batches:
            if book != but:
                yield json.dumps(batch, ensure_ascii=False)


def deliberate(bench: Bench) -> tuple[str, int]:
    """Grade and decide through the book of the jury and on the page, then seal; return the book and the session."""
    cohort, book = bench.cohort, bench.jury
    first, second, third, *_rest = cohort.participants
    bench.type("Jury", first, "RSV206", GRADES["grade-RSV206"], book)
    bench.type("Jury", second, "RSV207", GRADES["typed"] + "9", book)
    jury.change(PAGE, second, {"grade-RSV206": GRADES["grade-RSV207"], "decision": "adjourned"})
    jury.change(PAGE, third, {"grade-RSV206": GRADES["grade-paper"]})
    bench.calm(book)
    # Both sides of one cell, to be settled.
    jury.change(PAGE, third, {"grade-RSV206": GRADES["resit"]})
    bench.type("Jury", third, "RSV206", GRADES["marking"], book)
    bench.calm(book)
    deliberation = held(cohort, first, second, decision="adjourned")
    Decision.update(honours=HONOURS, remark="Serin remarque", reason="Serin motif").where(
        Decision.enrolment << [first, second]
    ).execute()
    minutes.seal(AUTHOR, deliberation, PROVIDER, printed, SEALED_AT)
    bench.calm(book)
    return book, deliberation


def busy(bench: Bench) -> None:
    """Make every tab of the staff's book move, and read it until it is calm."""
    first, second, *_rest = bench.cohort.participants
    people.change(PAGE, first, {"employer": "Scop Épi"})
    bench.type("Participants", second, "Structure", "Ville")
    bench.type("Présences", first, bench.headers("Présences")[3], "A")
    tutoring.change(PAGE, next(iter(tutoring.snapshot(bench.cohort.id))), {"title": "Une note"})
    bench.calm()


def test_no_body_sent_to_another_book_holds_anything_unpublished(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = Bodies(bench, monkeypatch)
    with logged() as lines:
        book, _deliberation = deliberate(bench)
        busy(bench)
        bodies.created.clear()
        create_book(bench.sheets, bench.cohort.id, bench.cohort.code, "staff")
    sent = list(bodies.sent(but=book))
    assert len(sent) > 3
    for body in sent:
        assert not seen(body), seen(body)
    of_jury = " ".join(json.dumps(batch, ensure_ascii=False) for to, batch in bench.sheets.batches if to == book)
    assert seen(of_jury), "the book of the jury does receive them"
    assert not seen("\n".join(lines))


def test_only_the_result_reaches_another_book_after_publication(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = Bodies(bench, monkeypatch)
    book, deliberation = deliberate(bench)
    bodies.created.clear()
    results.publish(AUTHOR, bench.cohort.id, deliberation)
    busy(bench)
    found: set[str] = set()
    for body in bodies.sent(but=book):
        assert not seen(body, NEVER), seen(body, NEVER)
        found |= set(seen(body, ONCE_PUBLISHED))
    assert found == {DECISION, HONOURS}
    first = bench.cohort.participants[0]
    assert bench.cell("Participants", first, "Résultat") == f"{DECISION}, {HONOURS}"


# -- planted leaks --------------------------------------------------------------------------------------


def leaks(database_url: str, app: Flask, hidden: Hidden, role: str) -> None:
    """Walk as in the tests above; raise when something leaked."""
    with logged() as lines:
        for place, text in walk(app, client_of(app, role, hidden.cohort), hidden):
            assert not seen(text), place
    assert not seen("\n".join(lines))


def test_a_new_route_that_leaks_is_found_whatever_it_leaks(
    database_url: str, hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = new_app(database_url)
    monkeypatch.setitem(rights.RIGHTS, "leak", EVERYONE)
    app.add_url_rule("/promotions/<code>/fuite/", "leak", lambda code: f"<p>{' / '.join(ALL)}</p>")
    found = [(place, seen(text)) for place, text in walk(app, client_of(app, "reader", hidden.cohort), hidden)]
    assert {place.split("/fuite/")[0] for place, canaries in found if canaries} == {f"/promotions/{hidden.cohort.code}"}
    assert [canaries for place, canaries in found if "/fuite/ {}" in place] == [list(ALL)]


def test_a_leak_in_an_old_page_a_file_or_a_log_is_found(
    database_url: str, hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, plain = make_app(database_url), people.participants

    def told(cohort_id: int, withdrawn: bool = False) -> list[tuple]:
        return [(*row[:5], GRADES["grade-paper"], *row[6:]) for row in plain(cohort_id, withdrawn)]

    monkeypatch.setattr(people, "participants", told)
    with pytest.raises(AssertionError, match="participants"):
        leaks(database_url, app, hidden, "tutor")
    monkeypatch.undo()
    monkeypatch.setitem(DECISIONS, "adjourned", DECISION)
    monkeypatch.setitem(rights.RIGHTS, "leak", EVERYONE)
    app = new_app(database_url)

    def logs(code: str) -> str:
        app.logger.warning("decided: %s", jury.snapshot(hidden.cohort.id))
        return "rien"

    app.add_url_rule("/promotions/<code>/fuite/", "leak", logs)
    with pytest.raises(AssertionError):
        leaks(database_url, app, hidden, "reader")


def test_a_column_of_the_staff_s_book_that_leaks_is_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = Bodies(bench, monkeypatch)
    book, _deliberation = deliberate(bench)
    plain = worksheets.WORKSHEETS["papers"].snapshot

    def told(cohort_id: int) -> dict[str, dict[str, str]]:
        return {key: row | {"title": GRADES["grade-RSV206"]} for key, row in plain(cohort_id).items()}

    # A tab is frozen: its snapshot is put in the way that a mistake would.
    object.__setattr__(worksheets.WORKSHEETS["papers"], "snapshot", told)
    try:
        bench.calm()
    finally:
        object.__setattr__(worksheets.WORKSHEETS["papers"], "snapshot", plain)
    assert any(seen(body, ALL) for body in bodies.sent(but=book))
