"""The page of one paper: its lines, exchanges, deposit, file, reports of plagiarism; the ladder of roles."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask

from documents.papers_read import MOST_BYTES
from rules.rule_texts import as_texts
from store import (
    calendar,
    following,
    following_exchanges,
    following_files,
    following_reports,
    jury,
    people,
    rosters,
    rule_sets,
    tutoring,
)
from store.models import Tutor
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort
from tests.test_documents_papers import pdf

TODAY = date.today()


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def give(cohort: Cohort, paper: str, role: str = "tutor") -> None:
    """Let the account of this role follow a paper."""
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 3, f"{role}@exemple.fr")
    tutoring.assign(AUTHOR, paper, "Tania Tutrice")


class Page:
    """The page of the first paper as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.key = tutoring.papers(cohort.id)[0][0]
        self.who = tutoring.papers(cohort.id)[0][1]
        self.url = f"/promotions/{cohort.code}/notes/{self.key}/"
        self.sent = 0

    @property
    def html(self) -> str:
        answer = self.client.get(self.url)
        assert answer.status_code == 200, answer.text
        return plain(unescape(answer.text))

    def post(self, path: str, htmx: bool = True, **values: object):
        self.sent += 1
        data = {"csrf_token": csrf(self.client.get("/").text), "form_key": f"k{self.sent}", **values}
        return self.client.post(self.url + path, data=data, headers=HTMX if htmx else {})

    def line(self, key: str, path: str = "etapes", htmx: bool = True, **values: str):
        form = line_form(self.client.get(self.url).text, "id", f"ligne-{key}")
        # Of the other form of the line, which withdraws an exchange.
        form.pop("action", None)
        self.sent += 1
        return self.client.post(
            self.url + path, data=form | values | {"form_key": f"l{self.sent}"}, headers=HTMX if htmx else {}
        )


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Page:
    for half_day in cohort.half_days[2:]:
        calendar.change(AUTHOR, half_day, {"kind": "group_tutoring"})
    return Page(app, cohort)


def ask(cohort_id: int, **settings: object) -> None:
    """Change the rule set of a cohort."""
    before = people.rule_set(cohort_id)
    texts = as_texts(replace(before, **settings))
    moved = {name: text for name, text in texts.items() if as_texts(before).get(name) != text}
    rule_sets.change(AUTHOR, cohort_id, moved, {}, "Essai", {}, TODAY)


def test_everything_about_a_paper_stands_on_one_page(page: Page, count_queries) -> None:
    ask(page.cohort.id, pages_min=15, pages_max=20, paper_due=date(2025, 6, 30))
    tutoring.change(AUTHOR, page.key, {"title": "Une friche", "tutor": "Claire Fontaine", "cotutor": "Denis Morel"})
    following.change(AUTHOR, page.key, {"reached-plan": "2025-02-14", f"done-{page.cohort.half_days[2]}": "Plan vu"})
    following.deposit(AUTHOR, page.key, {"deposited_on": "2025-07-03", "pages": "12", "link": "https://n.fr/x"})
    following_exchanges.add(AUTHOR, page.key, {"day": "2025-03-01", "minutes": "90", "links": "https://doc.fr/a"})
    rosters.mark(AUTHOR, page.who, page.cohort.half_days[2], "late", "15")
    with count_queries(26):
        html = page.html
    for text in (
        "Arnaud Inès", "Claire Fontaine, Denis Morel", "Une friche", "attendue le 14/02/2025", "14/02/2025 9h",
        "en retard", "Plan vu", "1 h 30", "https://doc.fr/a", "Déposée 3 jours après la date limite du 30/06/2025.",
        "12 pages : 15 au moins sont attendues.", "ouvrir la note", "garder le fichier", "Signaler un plagiat",
    ):  # fmt: skip
        assert text in html, text
    assert page.client.get(f"{page.url}?v={_version(html)}", headers=HTMX).status_code == 204


def _version(html: str) -> str:
    return re.search(r'data-version="(\d+)"', html)[1]


def test_lines_are_saved_alone_and_the_milestone_follows(page: Page) -> None:
    answer = page.line("plan", **{"reached-plan": "14 février 2025", "remark-plan": "Trop long"})
    assert answer.status_code == 200
    assert 'value="14/02/2025"' in answer.text
    assert "enregistré" in answer.text
    assert tutoring.held([page.key])[page.key]["milestone"] == "plan"
    slot = page.cohort.half_days[3]
    assert page.line(slot, **{f"done-{slot}": "Sujet resserré"}).status_code == 200
    assert page.line("sujet", "depot", title="Une friche", problem="Qui décide ?").status_code == 200
    assert page.line("depot", "depot", deposited_on="30/05/2025", pages="18", similarity="7").status_code == 200
    held = tutoring.held([page.key])[page.key]
    assert (held["title"], held["milestone"], held["pages"]) == ("Une friche", "deposited", "18")
    assert held["similarity"] == "7"
    assert following.held([page.key])[page.key][f"done-{slot}"] == "Sujet resserré"


@pytest.mark.parametrize(("typed", "kept"), [("12 %", "12"), ("12%", "12"), ("0", "0"), ("100 %", "100")])
def test_a_percentage_is_typed_as_the_report_writes_it(page: Page, typed: str, kept: str) -> None:
    assert page.line("depot", "depot", similarity=typed).status_code == 200
    assert tutoring.held([page.key])[page.key]["similarity"] == kept


@pytest.mark.parametrize("typed", ["12,5", "%", "beaucoup", "0,12"])
def test_another_percentage_is_refused_with_what_was_typed(page: Page, typed: str) -> None:
    answer = page.line("depot", "depot", similarity=typed)
    assert answer.status_code == 422
    assert f"« {typed} » n'est pas un pourcentage entier ; exemple : 12." in plain(unescape(answer.text))


def test_a_refused_cell_holds_no_other_back(page: Page) -> None:
    later = (TODAY + timedelta(days=40)).strftime("%d/%m/%Y")
    answer = page.line("plan", **{"reached-plan": later, "remark-plan": "Gardée"})
    assert answer.status_code == 422
    assert "est à venir" in plain(answer.text)
    assert f'value="{later}"' in answer.text
    assert following.held([page.key])[page.key]["remark-plan"] == "Gardée"
    refused = page.line("depot", "depot", htmx=False, pages="beaucoup")
    assert refused.status_code == 422
    assert "<!doctype html>" in refused.text
    assert 'value="beaucoup"' in refused.text


def test_two_colleagues_on_one_line_see_each_other(page: Page) -> None:
    form = line_form(page.client.get(page.url).text, "id", "ligne-plan")
    following.change(AUTHOR, page.key, {"remark-plan": "La leur"})
    answer = page.client.post(f"{page.url}etapes", data=form | {"remark-plan": "La mienne"}, headers=HTMX)
    assert answer.status_code == 409
    assert "quelqu'un a mis « La leur »" in plain(unescape(answer.text))
    keep = form | {"keep-remark-plan": "La mienne", "seen-remark-plan": "La leur", "form_key": "again"}
    assert page.client.post(f"{page.url}etapes", data=keep, headers=HTMX).status_code == 200
    assert following.held([page.key])[page.key]["remark-plan"] == "La mienne"


def test_without_javascript_each_form_comes_back_to_its_page(page: Page) -> None:
    answer = page.line("problem", htmx=False, **{"reached-problem": "20/01/2025"})
    assert (answer.status_code, answer.location) == (303, f"{page.url}#ligne-problem")
    answer = page.post("echanges", htmx=False, day="14/02/2025", minutes="45", summary="Vu", links="")
    assert (answer.status_code, answer.location) == (303, f"{page.url}#echanges")
    (noted,) = following_exchanges.exchanges(page.key)
    answer = page.line(noted.id, f"echanges/{noted.id}", htmx=False, minutes="1h")
    assert (answer.status_code, answer.location) == (303, f"{page.url}#ligne-{noted.id}")
    assert following_exchanges.exchanges(page.key)[0].minutes == 60
    answer = page.post(f"echanges/{noted.id}", htmx=False, action="retirer")
    assert answer.status_code == 303
    assert "1 échange retiré" in page.html
    refused = page.post("echanges", htmx=False, day="14/02/2025", minutes="1,5", summary="Deux façons")
    assert refused.status_code == 422
    assert "Deux façons" in refused.text


# -- Exchanges -------------------------------------------------------------------------------------


def test_an_exchange_is_noted_in_a_moment(page: Page) -> None:
    assert f'name="day" value="{TODAY.strftime("%d/%m/%Y")}"' in page.html
    answer = page.post("echanges", day=TODAY.strftime("%d/%m/%Y"), minutes="45", summary="Plan revu",
                       links="https://a.fr/1\r\nhttps://a.fr/2")  # fmt: skip
    assert answer.status_code == 200
    assert "data-live" in answer.text
    assert "Échange noté." in answer.text
    (noted,) = following_exchanges.exchanges(page.key)
    assert (noted.day, noted.minutes, noted.links) == (TODAY, 45, "https://a.fr/1\nhttps://a.fr/2")
    # Sent again by an impatient thumb, it is noted once.
    page.sent -= 1
    page.post("echanges", day=TODAY.strftime("%d/%m/%Y"), minutes="45", summary="Plan revu", links="")
    assert len(following_exchanges.exchanges(page.key)) == 1


def test_an_exchange_refused_keeps_what_was_typed(page: Page) -> None:
    answer = page.post("echanges", day="32/01/2025", minutes="45", summary="À ne pas perdre", links="https://a.fr")
    assert answer.status_code == 422
    html = plain(unescape(answer.text))
    assert "n'est pas une date" in html or "n'existe pas" in html
    assert "À ne pas perdre" in html
    assert re.search(r'name="day" value="32/01/2025"[^>]*aria-invalid="true"', html)
    assert following_exchanges.exchanges(page.key) == []


def test_an_exchange_that_a_colleague_changed_is_told_with_what_was_typed(page: Page) -> None:
    key = following_exchanges.add(AUTHOR, page.key, {"day": "14/02/2025", "minutes": "30", "summary": "Un"})
    form = line_form(page.client.get(page.url).text, "id", f"ligne-{key}")
    following_exchanges.change(AUTHOR, key, {"summary": "Deux"})
    form |= {"minutes": "45", "summary": "Trois"}
    form.pop("action", None)
    answer = page.client.post(f"{page.url}echanges/{key}", data=form, headers=HTMX)
    assert answer.status_code == 409
    html = plain(unescape(answer.text))
    assert "quelqu'un a changé cet échange" in html
    assert "Trois</textarea>" in html
    assert 'name="seen-summary" value="Deux"' in html
    again = form | {"seen-summary": "Deux", "form_key": "again"}
    assert page.client.post(f"{page.url}echanges/{key}", data=again, headers=HTMX).status_code == 200
    (noted,) = following_exchanges.exchanges(page.key)
    assert (noted.minutes, noted.summary) == (45, "Trois")


def test_an_exchange_is_withdrawn_and_brought_back(page: Page) -> None:
    key = following_exchanges.add(AUTHOR, page.key, {"day": "14/02/2025"})
    assert "Échange retiré" in page.post(f"echanges/{key}", action="retirer").text
    assert following_exchanges.exchanges(page.key)[0].withdrawn is not None
    assert "Échange rétabli" in page.post(f"echanges/{key}", action="retablir").text
    assert following_exchanges.exchanges(page.key)[0].withdrawn is None
    assert page.post(f"echanges/{key}", action="autre").status_code == 422
    other = tutoring.papers(page.cohort.id)[1][0]
    assert page.client.post(f"/promotions/{page.cohort.code}/notes/{other}/echanges/{key}",
                            data={"csrf_token": csrf(page.html), "action": "retirer"}).status_code == 404  # fmt: skip
    history = page.client.get(f"/promotions/{page.cohort.code}/historique/exchange/{key}/")
    assert history.status_code == 200
    assert "échange retiré" in history.text


# -- The deposit and its file ----------------------------------------------------------------------


def test_pages_are_counted_and_the_file_forgotten(page: Page) -> None:
    answer = page.post("fichier", htmx=False, file=(io.BytesIO(pdf(17)), "note.pdf"))
    assert answer.status_code == 303
    assert "17 pages comptées et notées. Le fichier n'est pas gardé." in page.html
    assert tutoring.held([page.key])[page.key]["pages"] == "17"
    assert following_files.kept(page.key) is None
    assert page.client.get(f"{page.url}fichier").status_code == 404


def test_a_file_is_kept_only_when_it_is_asked(page: Page) -> None:
    body = pdf(2)
    answer = page.post("fichier", htmx=False, file=(io.BytesIO(body), "ma note.pdf"), keep="oui")
    assert answer.status_code == 303
    html = page.html
    assert "Le fichier est gardé." in html
    assert "ma note.pdf" in html
    sent = page.client.get(f"{page.url}fichier")
    assert sent.data == body
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert page.post("fichier/supprimer", htmx=False).status_code == 303
    assert following_files.kept(page.key) is None
    assert page.post("fichier/supprimer", htmx=False).status_code == 404


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "n'est pas vide"), (b"PK\x03\x04 docx", "n'est pas un PDF"), (b"%PDF-1.7 rien", "n'a pas pu être lu"),
        (pdf(password="secret"), "protégé par un mot de passe"),
    ],
    ids=["empty", "docx", "damaged", "encrypted"],
)  # fmt: skip
def test_a_file_that_is_no_readable_pdf_is_refused_in_its_place(page: Page, body: bytes, told: str) -> None:
    answer = page.post("fichier", htmx=False, file=(io.BytesIO(body), "note.pdf"), keep="oui")
    assert answer.status_code == 422
    assert told in plain(unescape(answer.text))
    assert tutoring.held([page.key])[page.key]["pages"] == ""
    assert following_files.kept(page.key) is None


def test_a_file_too_big_is_told_with_what_is_possible(page: Page) -> None:
    answer = page.post("fichier", htmx=False, file=(io.BytesIO(b"%PDF-" + b"x" * MOST_BYTES), "note.pdf"))
    assert answer.status_code == 413
    assert "25 Mo au plus" in plain(unescape(answer.text))
    # Every other form keeps its own limit.
    answer = page.post("echanges", htmx=False, day="14/02/2025", summary="x" * 1_100_000)
    assert answer.status_code == 413


# -- Plagiarism ------------------------------------------------------------------------------------


def test_plagiarism_is_reported_graded_and_taken_back(page: Page) -> None:
    board = f"/promotions/{page.cohort.code}/jury/{page.who}"
    data = {"csrf_token": csrf(page.html), "form_key": "g1", "grade-paper": "PLAG", "seen-grade-paper": ""}
    refused = page.client.post(board, data=data, headers=HTMX)
    assert refused.status_code == 422
    assert "indiquez d'abord qui l'a constaté et pourquoi" in plain(unescape(refused.text))
    assert page.post("plagiat", htmx=False, reporter="E. Bucolo", reason="").status_code == 422
    assert page.post("plagiat", htmx=False, reporter="E. Bucolo", reason="Trois pages").status_code == 303
    assert "plagiat signalé par E. Bucolo : Trois pages" in re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.html))
    assert page.client.post(board, data=data | {"form_key": "g2"}, headers=HTMX).status_code == 200
    (report,) = following_reports.reports(page.key)
    held = page.post(f"plagiat/{report.id}", htmx=False, reason="Erreur")
    assert held.status_code == 422
    assert "changez-la d'abord au jury" in plain(unescape(held.text))
    assert 'value="Erreur"' in held.text
    jury.change(AUTHOR, page.who, {"grade-paper": "12"})
    assert page.post(f"plagiat/{report.id}", htmx=False, reason="Erreur").status_code == 303
    assert "signalement retiré" in page.html
    assert page.post("plagiat/999999", htmx=False, reason="x").status_code == 404


def test_a_report_may_grade_at_once(page: Page) -> None:
    assert page.post("plagiat", htmx=False, reporter="E. Bucolo", reason="Trois pages", grade="oui").status_code == 303
    assert jury.held([page.who])[page.who]["grade-paper"] == "PLAG"


# -- Who may -----------------------------------------------------------------------------------------


def test_a_tutor_works_on_their_own_papers_and_sees_no_other(app: Flask, page: Page) -> None:
    following_reports.report(AUTHOR, page.key, "E. Bucolo", "Trois pages d'un mémoire")
    own = Page(app, page.cohort, "tutor")
    assert own.client.get(own.url).status_code == 403
    give(page.cohort, page.key)
    assert "E. Bucolo" not in own.html
    assert "Plagiat" not in own.html
    assert own.line("plan", **{"remark-plan": "De la tutrice"}).status_code == 200
    assert own.post("echanges", day="14/02/2025", minutes="45").status_code == 200
    assert own.post("fichier", htmx=False, file=(io.BytesIO(pdf(3)), "n.pdf"), keep="oui").status_code == 303
    assert own.client.get(f"{own.url}fichier").status_code == 200
    assert own.post("plagiat", htmx=False, reporter="X", reason="Y").status_code == 403
    (noted,) = following_exchanges.exchanges(page.key)
    tutoring.assign(AUTHOR, page.key, "Claire Fontaine")
    code = page.cohort.code
    for address in (own.url, f"{own.url}fichier", f"/promotions/{code}/historique/following/{page.key}/",
                    f"/promotions/{code}/historique/exchange/{noted.id}/"):  # fmt: skip
        assert own.client.get(address).status_code == 403, address
    for path in ("etapes", "depot", "echanges", f"echanges/{noted.id}", "fichier", "fichier/supprimer"):
        assert own.post(path, htmx=False).status_code == 403, path
    assert following_exchanges.held([noted.id])[noted.id]["minutes"] == "45"


def test_a_tutor_gives_a_value_of_their_own_papers_back_what_it_was(app: Flask, page: Page) -> None:
    own = Page(app, page.cohort, "tutor")
    give(page.cohort, page.key)
    own.line("plan", **{"remark-plan": "Un"})
    own.line("plan", **{"remark-plan": "Deux"})
    address = f"/promotions/{page.cohort.code}/historique/following/{page.key}/"
    html = unescape(own.client.get(address).text)
    assert "Plan, remarque" in html
    entry = re.search(r'name="entry" value="(\d+)"', html)[1]
    data = {"csrf_token": csrf(html), "entry": entry, "seen-remark-plan": "Deux"}
    assert own.client.post(address, data=data).status_code == 303
    assert following.held([page.key])[page.key]["remark-plan"] == "Un"
    user = Tutor.get(Tutor.name == "Tania Tutrice").user_id
    assert user is not None


@pytest.mark.parametrize("role", ["reader", "juror"])
def test_others_read_without_any_field(app: Flask, page: Page, role: str) -> None:
    following_exchanges.add(AUTHOR, page.key, {"day": "14/02/2025", "summary": "Plan revu"})
    following_reports.report(AUTHOR, page.key, "E. Bucolo", "Trois pages")
    seen = Page(app, page.cohort, role)
    html = seen.html
    assert "Plan revu" in html
    assert ("E. Bucolo" in html) is (role == "juror")
    assert 'name="remark-plan"' not in html
    assert "Noter l'échange" not in html
    assert seen.post("etapes", line="plan").status_code == 403
    assert seen.post("echanges", day="14/02/2025").status_code == 403


def test_what_does_not_exist_or_is_of_another_cohort_is_not_found(page: Page) -> None:
    other = tutoring.papers(make_cohort("AUTRE-2025").id)[0][0]
    base = f"/promotions/{page.cohort.code}/notes/"
    for key in (other, "N-NOBODY22"):
        assert page.client.get(f"{base}{key}/").status_code == 404
        data = {"csrf_token": csrf(page.html), "line": "plan", "remark-plan": "x"}
        assert page.client.post(f"{base}{key}/etapes", data=data).status_code == 404
    assert page.post("etapes", line="nowhere").status_code == 404
    assert page.post("etapes", line="").status_code == 404
    assert page.post("depot", line="plan").status_code == 404
    people.remove(AUTHOR, page.who)
    assert page.client.get(page.url).status_code == 404
