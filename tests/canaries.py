"""Canaries: values of a jury that nobody else may read, one of each kind, and every way out where one might be seen."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product

from flask import Flask
from flask.testing import FlaskClient

from store import agreement, between, feeds, jury, minutes, tutoring
from store.models import (
    Candidacy,
    Decision,
    Deliberation,
    Grade,
    JuryMember,
    Marking,
    PlagiarismReport,
    UnitReport,
)
from store.records import RECORDS
from tests import site_map
from tests.books import tab_of
from tests.deliberated import PROVIDER, SEALED_AT, held, printed
from tests.pages import AUTHOR, HTMX, csrf
from tests.sync_bench import Cohort
from tests.test_pages_confinement import words
from tests.test_pages_rights import certificate, filled, followed, named, routes

#: How the decision taken is called while a test runs: its usual words are those of labels too.
DECISION = "serin·décidé"
#: What each grade is, whatever spells it.
GRADES = {
    "grade-RSV206": "17.77", "grade-RSV207": "16.61", "grade-paper": "15.51", "resit": "14.41", "marking": "13.31",
    "typed": "19.91",
}  # fmt: skip
#: Words that the jury wrote: never for others, published or not.
WORDS = ("Serin remarque", "Serin motif", "Serin signale", "Serin correcteur", "Serin correction", "Serin membre")
#: What publication lets others read.
HONOURS = "Serin mention"
#: What may never be read outside the jury, and what may once it is published.
NEVER = (*(text for grade in GRADES.values() for text in (grade, grade.replace(".", ","))), *WORDS)
ONCE_PUBLISHED = (HONOURS, DECISION, "adjourned")
ALL = (*NEVER, *ONCE_PUBLISHED)
#: What may be asked of each address.
ASKED = ("", "?v=0", "?q=Arnaud", "?champ=decision", "?champ=result", "?jours=30")


@dataclass
class Hidden:
    """A cohort with canaries, and the minutes that hold some of them; `digest` is that of their data."""

    cohort: Cohort
    deliberation: int
    number: str
    digest: str
    feed: str


def hide(cohort: Cohort) -> Hidden:
    """Put a canary in everything that a jury knows: of two candidates in sealed minutes, of others before that."""
    # What addresses name is made first: a dossier that is sealed takes no more of it.
    certificate(cohort)
    followed(cohort)
    first, second, third, fourth, *_rest = cohort.participants
    for who in (first, second, third):
        grades = {name: text for name, text in GRADES.items() if name.startswith("grade-")}
        if who == first:
            # Plagiarism was reported there: its grade stays what the report made of it.
            del grades["grade-paper"]
        jury.change(AUTHOR, who, grades)
    Grade.update(resit=GRADES["resit"]).where(Grade.enrolment == second, Grade.work == "RSV207").execute()
    for who in (first, third):
        Marking.create(
            enrolment=who, work="RSV206", place=1, marker="Serin correcteur", value=GRADES["marking"], by="Serin membre"
        )
    reported = {"reporter": "Serin signale", "reason": "Serin signale", "by": "Serin membre"}
    UnitReport.create(enrolment=third, work="RSV206", **reported)
    paper = next(key for key, who in tutoring.owners(cohort.id).items() if who == third)
    PlagiarismReport.create(paper=paper, **reported)
    number, deliberation = _seal(cohort, first, second)
    _open(cohort, deliberation, third, fourth)
    _between(cohort)
    feed = f"/calendriers/{feeds.feed(AUTHOR, cohort.id)}.ics"
    return Hidden(cohort, deliberation, number, minutes.listed(cohort.id)[0].digest, feed)


def _seal(cohort: Cohort, *who: str) -> tuple[str, int]:
    deliberation = held(cohort, *who, decision="adjourned")
    _write(who)
    return minutes.seal(AUTHOR, deliberation, PROVIDER, printed, SEALED_AT), deliberation


def _write(who: Iterable[str]) -> None:
    texts = {"honours": HONOURS, "remark": "Serin remarque", "reason": "Serin motif", "by": "Serin membre"}
    Decision.update(texts).where(Decision.enrolment << list(who)).execute()


def _open(cohort: Cohort, sealed: int, third: str, fourth: str) -> None:
    """Open a session that corrects the sealed one, and one more decision prepared outside any session."""
    opened = Deliberation.create(cohort=cohort.id, state="prepared", supersedes=sealed, reason="Serin correction")
    JuryMember.create(deliberation=opened, name="Serin membre", quality="Serin membre")
    Candidacy.create(deliberation=opened, enrolment=third, position=0)
    for who in (third, fourth):
        Decision.create(enrolment=who, decision="adjourned", by="Serin membre", reasons='[["x", "Serin motif", ""]]')
    _write((third, fourth))


def _between(cohort: Cohort) -> None:
    """Bind a restricted book where one value is to be settled and another was refused."""
    agreement.bind("book-canaries", cohort.id, "jury", "Serin membre", 9, {"jury": (12, "Jury")})
    place = {"row": cohort.participants[2], "field": "grade-paper", "address": "G3", "label": "Serin signale"}
    both = {"base": "", "local": GRADES["grade-RSV206"], "remote": GRADES["grade-RSV207"]}
    between.list_conflicts(tab_of("book-canaries"), [place | both])
    between.list_refusals(tab_of("book-canaries"), [place | {"typed": GRADES["typed"], "reason": "Serin motif"}])


# -- every way out ------------------------------------------------------------------------------------


def addresses(app: Flask, hidden: Hidden) -> list[str]:
    """List every address of the site: each route of it, each record of the cohort, each page of the map."""
    cohort, found = hidden.cohort, {}
    known = named(cohort)
    papers = list(tutoring.snapshot(cohort.id))
    rows = [*cohort.participants, *cohort.half_days[:1], *papers[:4]]
    for endpoint, method, rule in routes(app):
        if method != "GET":
            continue
        if "<kind>" in rule:
            found |= dict.fromkeys(
                filled(rule, known | {"kind": kind, "row": row}) for kind, row in product(RECORDS, rows)
            )
        elif "<enrolment_id>" in rule:
            found |= dict.fromkeys(filled(rule, known | {"enrolment_id": who}) for who in cohort.participants)
        elif "<paper_id>" in rule:
            found |= dict.fromkeys(filled(rule, known | {"paper_id": paper}) for paper in papers)
        else:
            found |= dict.fromkeys(
                filled(rule, known | {"extension": end, "ending": end}) for end in ("xlsx", "ods", "csv")
            )
    outside = (
        f"/pv/verifier/?numero={hidden.number}&empreinte={hidden.digest}", hidden.feed, "/healthz", "/readyz",
        "/connexion", "/nulle-part/",
    )  # fmt: skip
    found |= dict.fromkeys((*site_map.everybody(), *site_map.of_cohort(cohort.id, cohort.code), *outside))
    return list(found)


def walk(app: Flask, client: FlaskClient, hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Open every address as a page and as a fragment, send every form empty; give (what was asked, what was read)."""
    for url in addresses(app, hidden):
        for asked, headers in product(ASKED, ({}, HTMX)):
            if asked and ("?" in url or url.endswith((".pdf", ".xlsx", ".ods", ".json"))):
                continue
            answer = client.get(url + asked, headers=headers)
            told = " ".join(f"{name}: {value}" for name, value in answer.headers)
            yield f"{url}{asked} {headers} {answer.status_code}", f"{told} {words(answer.data)}"
    yield from _forms(app, client, hidden)


def _forms(app: Flask, client: FlaskClient, hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Send each form with nothing in it, and with values that are none, for the error that comes back."""
    page = client.get("/", follow_redirects=True).text
    token = csrf(page)
    known = named(hidden.cohort)
    wrong = {"decision": "peut-être", "grade-RSV206": "99", "status": "x", "reason": "", "title": "x" * 3000}
    for endpoint, method, rule in routes(app):
        if method != "POST" or endpoint == "accounts.sign_out":
            continue
        url = filled(rule, known)
        for data, headers in product(({}, wrong), ({}, HTMX)):
            answer = client.post(url, data={"csrf_token": token} | data, headers=headers)
            assert answer.status_code < 500, (endpoint, answer.status_code)
            yield f"POST {endpoint} {headers} {answer.status_code}", words(answer.data)


def seen(text: str, canaries: Iterable[str] = ALL) -> list[str]:
    """List the canaries that a text holds."""
    # Most texts hold none, which a plain search says far sooner.
    there = [canary for canary in canaries if canary in text]
    return [canary for canary in there if re.search(rf"(?<![\d.,]){re.escape(canary)}(?!\d)", text)]


@contextmanager
def logged() -> Iterator[list[str]]:
    """Gather every line that is logged meanwhile, its traceback included."""
    lines: list[str] = []
    handler, format_of = logging.Handler(), logging.Formatter("%(name)s %(message)s")
    handler.emit = lambda record: lines.append(format_of.format(record))  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in (None, "passerelle")]
    for log in loggers:
        log.addHandler(handler)
    try:
        yield lines
    finally:
        for log in loggers:
            log.removeHandler(handler)

