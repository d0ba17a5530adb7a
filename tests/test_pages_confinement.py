"""A tutor reads of papers those that they follow, and of the jury nothing: whatever page, fragment or file is asked."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import unescape
from io import BytesIO
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store import agreement, between, calendar, jury, tutoring
from store.models import DayNote, Exchange, Exclusion, PaperFile, PlagiarismReport, Step, Tutor
from store.records import RECORDS
from tests import papers as read
from tests.books import STAFF, bind_both, tab_of
from tests.pages import AUTHOR, HTMX, add_account, make_app, plain, sign_in
from tests.sync_bench import TUTORS, Cohort
from tests.test_pages_rights import APART, filled, named, routes

OWN = "Tania Tutrice"
#: What nothing answered to a tutor may hold. A number of pages and a day are as telling as words.
CANARY, PAGES, DAY = "Canari", "1847", "17/10/2031"
#: Grades, and reports of plagiarism, even of the papers that they follow.
OF_JURY = ("17,77", "17.77", "Mouchard")
#: What each part of an address may be asked as, beside the plain address.
ASKED = (f"?tuteur={TUTORS[0]}", "?sans=tuteur", f"?q={CANARY}", "?champ=title", "?jours=30&v=0", "?grouper=tuteur")


@dataclass
class Site:
    """A cohort where a tutor follows one paper and shares another; the rest is other people's."""

    app: Flask
    cohort: Cohort
    own: list[str]
    others: list[str]


@pytest.fixture
def site(database_url: str, cohort: Cohort) -> Site:
    bind_both(cohort)
    tutoring.add_tutor(AUTHOR, cohort.id, OWN, 3, add_account("tutor"))
    other, own, shared, orphan, *rest = (row[0] for row in tutoring.papers(cohort.id))
    tutoring.change(AUTHOR, own, {"tutor": OWN, "title": "Une note à elle", "problem": "Une question à elle"})
    tutoring.change(AUTHOR, shared, {"tutor": TUTORS[0], "cotutor": OWN, "title": "Une note partagée"})
    tutoring.change(AUTHOR, other, {"tutor": TUTORS[0], "cotutor": TUTORS[1]}, reason=f"{CANARY} raison")
    for paper in (other, orphan):
        _fill(cohort, paper)
    _list(cohort, own, other)
    for who, paper in zip(cohort.participants, (other, own, shared), strict=False):
        jury.change(AUTHOR, who, {"grade-RSV206": "17,77"})
        PlagiarismReport.insert(paper=paper, reporter="Mouchard", reason="Mouchard dit", by="Mouchard").execute()
    return Site(make_app(database_url), cohort, [own, shared], [other, orphan, *rest])


def _fill(cohort: Cohort, paper: str) -> None:
    """Put a canary in everything that a paper holds, by the verbs and by the tables that no verb fills yet."""
    texts = {name: f"{CANARY} {name}" for name in ("title", "problem", "workshop", "wishes")}
    links = {name: f"https://exemple.fr/{CANARY}-{name}" for name in ("link", "report_link")}
    tutoring.change(AUTHOR, paper, {**texts, **links, "pages": PAGES, "deposited_on": DAY, "milestone": "plan"})
    half_day = cohort.half_days[0]
    calendar.change(AUTHOR, half_day, {"kind": "group_tutoring"})
    by = {"by": f"{CANARY} auteur"}
    Exclusion.insert(paper=paper, tutor=Tutor.get(Tutor.name == TUTORS[1]), reason=f"{CANARY} exclu", **by).execute()
    Step.insert(paper=paper, milestone="plan", remark=f"{CANARY} remarque", **by).execute()
    Exchange.insert(id=f"X-{paper[2:]}", paper=paper, day=date(2025, 2, 1), summary=f"{CANARY} échange",
                    links=f"https://exemple.fr/{CANARY}", **by).execute()  # fmt: skip
    DayNote.insert(paper=paper, half_day=half_day, done=f"{CANARY} fait", **by).execute()
    PaperFile.insert(paper=paper, name=f"{CANARY}.pdf", content=CANARY.encode(), **by).execute()


def _list(cohort: Cohort, own: str, other: str) -> None:
    """List a conflict and a refusal of both papers, and a refusal of a line that is nobody's yet."""
    agreement.bind("book-papers", cohort.id, "staff", "Classeur des notes", 9, {"papers": (13, "Notes")})
    tab = tab_of("book-papers")
    places = [
        {"row": row, "field": "title", "address": f"D{at}", "label": f"{said} · Titre"}
        for at, (row, said) in enumerate(((own, "Sienne"), (other, "Autrui"), ("ligne 12", "Ligne")), start=3)
    ]
    texts = ["Une valeur à elle", f"{CANARY} tapé", f"{CANARY} ligne"]
    typed = list(zip(places, texts, strict=True))
    both = [place | {"base": "", "local": text, "remote": f"{text} bis"} for place, text in typed[:2]]
    between.list_conflicts(tab, both)
    between.list_refusals(tab, [place | {"typed": text, "reason": text} for place, text in typed])


def addresses(site: Site) -> Iterator[str]:
    """Give every address that one may open, of every paper and of every record, with what may be asked of it."""
    papers, cohort, known = site.own + site.others, site.cohort, named(site.cohort)
    rows = [*cohort.participants[:4], *cohort.half_days[:1], *papers]
    for endpoint, method, rule in routes(site.app):
        if method != "GET" or endpoint in APART:
            continue
        if "<kind>" in rule:
            found = {filled(rule, known | {"kind": kind, "row": row}) for kind, row in product(RECORDS, rows)}
        elif "<paper_id>" in rule:
            found = {filled(rule, known | {"paper_id": paper}) for paper in papers}
        else:
            found = {filled(rule, known | {"extension": ending, "ending": ending}) for ending in ("xlsx", "ods", "csv")}
        for url in sorted(found):
            yield from (url, *(url + asked for asked in ASKED if "<kind>" not in rule or "champ" in asked))


@lru_cache(500)
def words(body: bytes) -> str:
    """Return all that an answer says, a page, a spreadsheet or a PDF; most files are the same whatever is asked."""
    if body.startswith(b"%PDF-"):
        return " ".join(read.Read(body).texts())
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as file:
            return " ".join(file.read(name).decode(errors="replace") for name in file.namelist())
    return plain(unescape(body.decode(errors="replace")))


def walk(site: Site, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Open every address as a page and as a fragment; give (address, what was answered)."""
    for url in addresses(site):
        for headers in ({}, HTMX):
            answer = client.get(url, headers=headers)
            assert answer.status_code < 500, url
            yield f"{url} {headers} {answer.status_code}", words(answer.data)


def test_no_answer_to_a_tutor_holds_anything_of_another_s_paper_or_of_the_jury(site: Site) -> None:
    client, told = sign_in(site.app, "tutor"), set()
    for url, text in walk(site, client):
        # What one asks for is said again in its own address.
        text = text.replace(f"q={CANARY}", "").replace(f'value="{CANARY}"', "")
        for forbidden in (CANARY, PAGES, DAY, *OF_JURY):
            assert forbidden not in text, (url, text[max(0, text.find(forbidden) - 200) :][:400])
        told |= {own for own in ("Une note à elle", "Une note partagée", "Une valeur à elle") if own in text}
    assert len(told) == 3, f"they do read their own: {told}"


def test_the_same_walk_finds_everything_where_it_may_be_read(site: Site) -> None:
    client = sign_in(site.app, "coordinator")
    found = " ".join(text for url, text in walk(site, client) if "champ" not in url and "?q" not in url)
    texts = ("title", "problem", "workshop", "wishes", "tapé", "ligne")
    names = (*texts, "raison", "remarque", "échange", "fait", "exclu")
    missing = [name for name in names if f"{CANARY} {name}" not in found]
    others = (PAGES, DAY, f"{CANARY}-link", f"{CANARY}-report_link", "17,77", "Mouchard", f"{CANARY}.pdf")
    missing += [text for text in others if text not in found]
    assert not missing


def test_another_s_paper_has_no_history_and_takes_no_change(site: Site) -> None:
    client = sign_in(site.app, "tutor")
    root = f"/promotions/{site.cohort.code}"
    for paper in site.others:
        assert client.get(f"{root}/historique/paper/{paper}/").status_code == 403
    for paper in site.own:
        assert client.get(f"{root}/historique/paper/{paper}/").status_code == 200
    assert client.get(f"{root}/historique/paper/N-INCONNU/").status_code == 404


def test_what_waits_is_counted_as_it_is_listed(site: Site) -> None:
    """The counts of the home page, of the books and of the daily account are those of the lists behind them."""
    client = sign_in(site.app, "tutor")
    # One conflict and one refusal of a participant's line, one of each of their own paper.
    assert client.get("/conflits/").text.count("data-conflict=") == 2
    assert client.get("/synchronisation/").text.count("1 conflit") == 2, "one in each book"
    for url in ("/", "/synchronisation/journal-du-jour/"):
        html = client.get(url).text
        assert "2 conflits" in html, url
        assert "2 valeurs refusées" in html, url
    assert "sans tuteur" not in client.get("/").text


@pytest.mark.parametrize("role", ["coordinator", "juror", "reader"])
def test_others_read_every_paper(site: Site, role: str) -> None:
    client = sign_in(site.app, role)
    assert f"{CANARY} title" in client.get(f"/promotions/{site.cohort.code}/notes/").text
    assert client.get(f"/promotions/{site.cohort.code}/historique/paper/{site.others[0]}/").status_code == 200
    assert f"{CANARY} tapé" in client.get("/conflits/").text


@pytest.mark.parametrize("role", ["tutor", "reader"])
def test_who_has_paid_is_in_no_list_of_those_who_may_not_know(site: Site, role: str) -> None:
    place = {"row": site.cohort.participants[1], "field": "fees_paid_on", "address": "H4", "label": "Bernard · Frais"}
    tab = tab_of(STAFF)
    between.list_conflicts(tab, [place | {"base": "", "local": "2025-01-06", "remote": "2025-01-07"}])
    between.list_refusals(tab, [place | {"typed": "réglé mardi", "reason": "« réglé mardi » n'est pas une date."}])
    office, client = sign_in(site.app, "coordinator"), sign_in(site.app, role)
    for url, said in (("/conflits/", "07/01/2025"), ("/refus/", "réglé mardi")):
        assert said in office.get(url).text
        assert said not in client.get(url).text
    # Of the other book: their own paper's for a tutor; everybody's for a reader, and the line that is nobody's yet.
    conflicts, refusals = {"tutor": ("1 conflit", "1 valeur"), "reader": ("2 conflits", "3 valeurs")}[role]
    home = client.get("/").text
    assert f"{conflicts} à trancher" in home
    assert f"{refusals} refusée" in home
