"""Sheets to sign, certificates and registers: the ladder of every page, and what their files hold."""

import re
from datetime import date, datetime
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from store import calendar, certificate_lines, people, rosters, sign_in_sheets, signatures
from store.models import Certificate, Enrolment, JournalEntry, Mark, Signature, SignInSheet
from tests.pages import AUTHOR, HTMX, csrf, fields, make_app, sign_in
from tests.papers import Read, plain
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url, public_url="https://p.exemple.fr/", provider_signatory="Odile Responsable")


class Papers:
    """The papers of one cohort as one person sees them."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.cohort = sign_in(app, role), cohort
        self.root = f"/promotions/{cohort.code}/"
        self.sheets, self.certificates = f"{self.root}emargement/", f"{self.root}attestations/"
        self.half_day, self.who = cohort.half_days[0], cohort.participants[0]
        self.token = {"csrf_token": csrf(self.client.get("/").text)}

    def get(self, path: str = "", **query: str):
        return self.client.get(self.root + path, query_string=query)

    def row(self, half_day: str = "", **query: str) -> str:
        html = self.client.get(self.sheets, query_string=query).text
        at = html.find(f'<tr id="ligne-{half_day or self.half_day}"')
        return html[at : html.index("</tr>", at)] if at >= 0 else ""

    def post(self, path: str, htmx: bool = False, **data: object):
        return self.client.post(self.root + path, data=self.token | data, headers=HTMX if htmx else {})

    def say(self, htmx: bool = True, half_day: str = "", **data: str):
        key = half_day or self.half_day
        seen = {f"seen-{name}": text for name, text in sign_in_sheets.facts(key).values.items()}
        return self.post(f"emargement/{key}", htmx, **seen | data)

    def record(self, *but: str) -> None:
        for who in self.cohort.participants:
            rosters.change(AUTHOR, who, dict.fromkeys(set(self.cohort.half_days) - set(but), "P"))


@pytest.fixture
def papers(app: Flask, cohort: Cohort) -> Papers:
    calendar.change(AUTHOR, cohort.half_days[0], {"teachers": "Nadine Richez-Battesti"})
    return Papers(app, cohort)


# -- Sheets to sign -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "pages", "words", "absent"),
    [
        ({}, 2, ["lundi 20 janvier 2025", "9h30 – 12h30", "14h00 – 17h00"], []),
        ({"jour": "2025-02-14"}, 1, ["vendredi 14 février 2025", "9h00 – 12h30", "14h00 – 18h30"], ["20 janvier"]),
        ({"jour": "14/02/2025"}, 1, ["vendredi 14 février 2025"], []),
        ({"module": "1"}, 2, ["1 · Histoire"], []),
        ({"seance": ""}, 2, [], []),
    ],
)
def test_sheets_are_given_for_a_half_day_a_day_a_module_or_everything(
    papers: Papers, query: dict, pages: int, words: list[str], absent: list[str]
) -> None:
    answer = papers.get("emargement.pdf", **query)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    read = Read(answer.data)
    assert len(read) == pages
    assert all(word in read.text() for word in words)
    assert not any(word in text for word in absent for text in read.texts())
    assert SignInSheet.select().count() == 0


def test_one_half_day_has_one_column_and_a_code_that_opens_its_roster(papers: Papers) -> None:
    read = Read(papers.get("emargement.pdf", seance=papers.half_day).data)
    for words in ("Certificat d'essai", "Promotion d'essai", "Nadine Richez-Battesti", "21.2.32", "Arnaud Inès"):
        assert words in read.text()
    assert "14h00" not in read.text()
    [code] = read.codes()
    assert code == f"https://p.exemple.fr/e/{papers.half_day}"
    answer = papers.client.get(code.removeprefix("https://p.exemple.fr"))
    assert (answer.status_code, answer.location) == (302, f"{papers.root}seances/{papers.half_day}/")
    assert papers.client.get(f"/e/{papers.half_day.lower()}").status_code == 302
    assert papers.client.get("/e/S-NONE").status_code == 404


def test_every_half_day_is_printed_to_the_minute_of_the_calendar(papers: Papers) -> None:
    calendar.change(AUTHOR, papers.half_day, {"start": "9h07", "end": "12h58"})
    text = " ".join(Read(papers.get("emargement.pdf").data).texts())
    for row in calendar.half_days(papers.cohort.id):
        start, end = (f"{int(at[:2])}h{at[3:]}" for at in row[7:9])
        assert f"{start} – {end}" in text
    assert "3 h 51" in text


def test_printing_is_noted_once_with_what_was_printed(papers: Papers) -> None:
    form = {"feuilles": "jour:2025-01-20", "form_key": "one"}
    for _ in range(2):
        answer = papers.post("emargement/imprimer", **form)
        assert len(Read(answer.data)) == 1
    assert {row.half_day_id for row in SignInSheet.select()} == set(papers.cohort.half_days[:2])
    assert JournalEntry.select().where(JournalEntry.kind == "sign_in_sheet").count() == 2
    assert "réimprimer" in papers.row()
    calendar.change(AUTHOR, papers.half_day, {"end": "12h45"})
    row = papers.row(filtre="ecarts")
    assert "9h30–12h30" in row
    assert "9h30–12h45" in row
    assert papers.row(papers.cohort.half_days[1], filtre="ecarts") == ""


@pytest.mark.parametrize("form", [{}, {"feuilles": ""}, {"feuilles": "module:1"}, {"seance": "S"}])
def test_what_may_be_printed_at_once(papers: Papers, form: dict) -> None:
    wanted = {name: papers.half_day if value == "S" else value for name, value in form.items()}
    assert papers.post("emargement/imprimer", **wanted).mimetype == "application/pdf"
    assert SignInSheet.select().count() == (1 if "seance" in form else 4)


@pytest.mark.parametrize(
    ("query", "status"),
    [({"jour": "32/13/2025"}, 422), ({"jour": "2031-01-01"}, 404), ({"module": "99"}, 404), ({"seance": "S-X"}, 404)],
)
def test_sheets_of_nothing_are_refused_in_words(papers: Papers, query: dict, status: int) -> None:
    for answer in (papers.get("emargement.pdf", **query), papers.post("emargement/imprimer", **query)):
        assert answer.status_code == status
        assert "error" in answer.text
    assert SignInSheet.select().count() == 0


def test_a_calendar_without_a_half_day_has_nothing_to_print(papers: Papers) -> None:
    for key in papers.cohort.half_days:
        calendar.remove(AUTHOR, key)
    assert papers.get("emargement.pdf").status_code == 422
    assert "Aucune feuille" in papers.get("emargement/").text


def test_what_becomes_of_a_sheet_is_said_on_its_line(papers: Papers) -> None:
    assert "wait" in papers.row()
    answer = papers.say(returned="oui")
    assert answer.status_code == 200
    assert answer.text.count("<tr ") == 1
    assert 'aria-pressed="true"' in answer.text
    answer = papers.say(teacher_signed="oui", scan="https://exemple.fr/scan.pdf")
    assert 'href="https://exemple.fr/scan.pdf"' in answer.text
    assert sign_in_sheets.facts(papers.half_day).done == dict.fromkeys(("returned", "teacher_signed", "scan"), True) | {
        "printed": False
    }
    assert papers.row(filtre="a-faire") == ""


def test_without_javascript_the_form_goes_back_to_its_line(papers: Papers) -> None:
    answer = papers.say(htmx=False, returned="oui")
    assert answer.status_code == 303
    assert answer.location.endswith(f"#ligne-{papers.half_day}")
    assert 'aria-pressed="true"' in papers.row()
    papers.say(htmx=False, returned="non")
    assert sign_in_sheets.facts(papers.half_day).returned_at is None


@pytest.mark.parametrize("htmx", [True, False])
def test_a_link_that_is_none_is_refused_in_place_and_kept_as_typed(papers: Papers, htmx: bool) -> None:
    answer = papers.say(htmx, scan="javascript:alert(1)")
    assert answer.status_code == 422
    assert 'value="javascript:alert(1)"' in answer.text
    assert 'role="alert"' in answer.text
    assert 'href="javascript' not in answer.text
    assert sign_in_sheets.facts(papers.half_day).scan == ""


def test_a_link_that_somebody_gave_meanwhile_is_told(papers: Papers) -> None:
    form = {"seen-scan": "", "scan": "https://exemple.fr/mine"}
    sign_in_sheets.change(AUTHOR, papers.half_day, {"scan": "https://exemple.fr/theirs"})
    answer = papers.post(f"emargement/{papers.half_day}", True, **form)
    assert answer.status_code == 409
    assert "https://exemple.fr/theirs" in answer.text


def test_lines_of_a_sheet_are_read_one_by_one(papers: Papers) -> None:
    rosters.change(AUTHOR, papers.who, {papers.half_day: "P"})
    page = f"emargement/{papers.half_day}/"
    form = fields(papers.get(page).text, f'data-participant="{papers.who}"')
    form.pop("signed", None)
    answer = papers.client.post(f"{papers.root}{page}{papers.who}", data={**form, "signed": "non"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.count("<li ") == 1
    assert "ne concorde pas" in answer.text
    assert "sans signature : Arnaud Inès" in plain(papers.row())
    stale = papers.post(f"{page}{papers.who}", True, seen="", signed="oui")
    assert stale.status_code == 409
    assert "pas signé" in stale.text
    assert papers.post(f"{page}{papers.who}", True, signed="peut-être").status_code == 422
    assert papers.post(f"{page}{papers.who}", False, signed="").status_code == 303
    assert Signature.select().count() == 0
    assert papers.post(f"{page}{papers.who}", True).status_code == 400


def test_the_line_of_somebody_who_left_since_is_read_too(papers: Papers) -> None:
    rosters.change(AUTHOR, papers.who, {papers.half_day: "P"})
    people.remove(AUTHOR, papers.who)
    page = f"emargement/{papers.half_day}/"
    assert "retiré·e" in plain(papers.get(page).text)
    answer = papers.post(f"{page}{papers.who}", True, signed="oui")
    assert (answer.status_code, answer.text.count("<li ")) == (200, 1)
    assert Signature.select().count() == 1
    long_ago = datetime(2024, 1, 2)
    Signature.delete().execute()
    Mark.delete().execute()
    Enrolment.update(deleted_at=long_ago).where(Enrolment.id == papers.who).execute()
    assert papers.post(f"{page}{papers.who}", True, signed="oui").status_code == 404


def test_everything_is_signed_says_how_many(papers: Papers) -> None:
    rosters.change(AUTHOR, papers.who, {papers.half_day: "P"})
    answer = papers.post(f"emargement/{papers.half_day}/", form_key="k")
    assert answer.status_code == 303
    assert "1 ligne notée signée" in papers.client.get(answer.location).text
    assert signatures.signatures(papers.cohort.id, papers.half_day)[0][5] is True


def test_another_cohorts_sheets_are_not_found(app: Flask, papers: Papers) -> None:
    other = make_cohort("AUTRE-2025", 1)
    elsewhere, stranger = other.half_days[0], other.participants[0]
    assert papers.get("emargement.pdf", seance=elsewhere).status_code == 404
    assert papers.get(f"emargement/{elsewhere}/").status_code == 404
    assert papers.post(f"emargement/{elsewhere}", returned="oui").status_code == 404
    assert papers.post(f"emargement/{papers.half_day}/{stranger}", signed="oui").status_code == 404
    assert papers.client.get("/promotions/RIEN/emargement/").status_code == 404
    assert SignInSheet.select().count() + Signature.select().count() == 0


@pytest.mark.parametrize("role", ["reader", "juror", "tutor"])
def test_others_look_at_sheets_and_change_nothing(app: Flask, cohort: Cohort, role: str) -> None:
    papers = Papers(app, cohort, role)
    html = papers.get("emargement/").text
    assert "<form" not in html[html.index('id="sheets"') :].split("</section>")[0]
    assert "attestations/" not in html
    assert papers.get("emargement.pdf").status_code == 200
    assert papers.say(returned="oui").status_code == 403
    assert papers.post("emargement/imprimer").status_code == 403
    assert papers.post(f"emargement/{papers.half_day}/{papers.who}", signed="oui").status_code == 403
    for path in ("attestations/", "attestations.pdf", "registres/participants.xlsx"):
        assert papers.get(path).status_code == 403


def test_an_open_page_hears_nothing_until_something_moves(papers: Papers) -> None:
    for path in (papers.sheets, f"{papers.sheets}{papers.half_day}/"):
        html = papers.client.get(path).text
        version = re.search(r'data-version="(\d+)"', html)[1]
        assert papers.client.get(f"{path}?v={version}", headers=HTMX).status_code == 204
        rosters.change(AUTHOR, papers.who, {papers.half_day: "A" if path == papers.sheets else "P"})
        assert papers.client.get(f"{path}?v={version}", headers=HTMX).status_code == 200


def test_pages_cost_few_queries(papers: Papers, count_queries) -> None:
    papers.record()
    for path in (papers.sheets, f"{papers.sheets}{papers.half_day}/", papers.certificates):
        papers.client.get(path)
        with count_queries(13):
            assert papers.client.get(path).status_code == 200


# -- Certificates -------------------------------------------------------------------------------------


def test_certificates_are_issued_together_and_printed_as_issued(papers: Papers) -> None:
    papers.record()
    html = papers.get("attestations/").text
    assert html.count('name="inscription"') == html.count("checked") == 6
    answer = papers.post("attestations/emettre", inscription=papers.cohort.participants, form_key="k")
    assert answer.status_code == 303
    assert papers.post("attestations/emettre", inscription=papers.cohort.participants, form_key="k").status_code == 303
    numbers = [row.number for row in Certificate.select().order_by(Certificate.number)]
    assert len(numbers) == 6
    page = papers.client.get(answer.location).text
    assert f"6 certificats émis : {numbers[0]} – {numbers[-1]}" in page
    before = papers.get(f"attestations/{numbers[0]}.pdf").data
    read = Read(before)
    for words in ("Inès Arnaud", "14 h sur 14 h prévues", numbers[0], "Odile Responsable", "Certificat d'essai"):
        assert words in read.text()
    assert len(Read(papers.get("attestations.pdf").data)) == 6
    people.change(AUTHOR, papers.who, {"last_name": "Autre"})
    rosters.change(AUTHOR, papers.who, {papers.half_day: "A"})
    assert papers.get(f"attestations/{numbers[0]}.pdf").data == before
    assert "14 h certifiées, 11 h" in papers.get("attestations/").text


def test_issuing_before_the_end_of_the_training_is_told(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    papers.record()
    assert "La formation se poursuit" not in papers.get("attestations/").text
    monkeypatch.setattr("blueprints.htmx.today", lambda: date(2025, 2, 1))
    assert "La formation se poursuit jusqu'au 14/02/2025" in papers.get("attestations/").text


def test_days_chosen_are_shown_certified_and_come_back_to(papers: Papers) -> None:
    papers.record()
    days = {"du": "2025-02-01", "au": "2025-02-28"}
    html = papers.get("attestations/", **days).text
    assert f'data-participant="{papers.who}"' in html
    assert '<td class="num" data-label="Suivi">8 h</td>' in html
    assert 'name="du" value="2025-02-01"' in html
    read = Read(papers.get("attestations/apercu.pdf", **days).data)
    assert (len(read), "8 h sur 8 h prévues" in read.text()) == (6, True)
    answer = papers.post("attestations/emettre", inscription=[papers.who], **days)
    assert (answer.status_code, answer.location) == (303, f"{papers.certificates}?du=2025-02-01&au=2025-02-28")
    number = Certificate.get().number
    assert "du 1er février 2025 au 28 février 2025" in Read(papers.get(f"attestations/{number}.pdf").data).text()
    page = papers.get("attestations/").text
    # The training is still to be certified, and the days of the other are told beside its number.
    assert page.count('name="inscription"') == 6
    assert "du 01/02/2025 au 28/02/2025" in plain(page)
    assert len(Read(papers.get("attestations.pdf", **days).data)) == 1
    assert papers.get("attestations.pdf").status_code == 404


@pytest.mark.parametrize(
    ("first", "last"), [("2025-02-01", ""), ("2025-03-01", "2025-02-01"), ("2025-02-01", "2999-01-01"), ("x", "y")]
)
def test_days_that_are_no_period_are_said_and_kept_as_typed(papers: Papers, first: str, last: str) -> None:
    papers.record()
    answer = papers.get("attestations/", du=first, au=last)
    assert answer.status_code == 422
    assert f'name="au" value="{last}" aria-invalid="true"' in answer.text
    assert papers.post("attestations/emettre", inscription=[papers.who], du=first, au=last).status_code == 422
    assert papers.get("attestations/apercu.pdf", du=first, au=last).status_code == 404
    assert Certificate.select().count() == 0


def test_an_open_page_of_certificates_follows_what_moves(papers: Papers) -> None:
    version = people.version(papers.cohort.id)
    html = papers.get("attestations/", du="2025-02-01", au="2025-02-28").text
    assert 'hx-get="/promotions/TEST-2025/attestations/?du=2025-02-01&amp;au=2025-02-28"' in html
    assert papers.client.get(f"{papers.certificates}?v={version}", headers=HTMX).status_code == 204
    rosters.change(AUTHOR, papers.who, {papers.half_day: "P"})
    fresh = papers.client.get(f"{papers.certificates}?v={version}", headers=HTMX)
    assert fresh.status_code == 200
    assert "<html" not in fresh.text


def test_a_preview_issues_nothing_and_bears_no_number(papers: Papers) -> None:
    assert papers.get("attestations/apercu.pdf").status_code == 404
    papers.record()
    read = Read(papers.get("attestations/apercu.pdf").data)
    assert len(read) == 6
    assert "aperçu, sans valeur" in read.text()
    assert "CR-" not in read.text()
    assert Certificate.select().count() == 0


def test_half_days_not_recorded_are_named_and_may_be_accepted(papers: Papers) -> None:
    papers.record(papers.half_day)
    html = papers.get("attestations/").text
    assert "checked" not in html
    answer = papers.post("attestations/emettre", inscription=[papers.who])
    assert answer.status_code == 422
    assert "20/01/2025 9h30 (Arnaud Inès)" in answer.text
    assert answer.text.count("checked") == 1
    assert Certificate.select().count() == 0
    assert papers.post("attestations/emettre", inscription=[papers.who], accepted="oui").status_code == 303
    assert Certificate.select().count() == 1


def test_hours_that_moved_since_the_page_was_read_issue_nothing(papers: Papers) -> None:
    papers.record()
    seen = {f"seen-{papers.who}": "840"}
    rosters.change(AUTHOR, papers.who, {papers.half_day: "A"})
    answer = papers.post("attestations/emettre", inscription=[papers.who], **seen)
    assert answer.status_code == 409
    assert "Arnaud Inès : 14 h, maintenant 11 h" in answer.text
    assert Certificate.select().count() == 0


def test_nobody_chosen_is_refused_in_words(papers: Papers) -> None:
    answer = papers.post("attestations/emettre")
    assert answer.status_code == 422
    assert "Choisissez au moins une personne" in answer.text


def test_a_replacement_asks_for_its_reason_and_names_what_it_replaces(papers: Papers) -> None:
    papers.record()
    papers.post("attestations/emettre", inscription=[papers.who])
    number = Certificate.get().number
    refused = papers.post(f"attestations/{number}/remplacer", reason=" ")
    assert refused.status_code == 422
    assert "Donnez le motif" in refused.text
    assert papers.post(f"attestations/{number}/remplacer", reason="x" * 501).status_code == 422
    answer = papers.post(f"attestations/{number}/remplacer", reason="nom corrigé")
    page = papers.client.get(answer.location).text
    new = certificate_lines.lines(papers.cohort.id, date(2025, 6, 1))[0].in_force.number
    assert f"{new} remplace {number}" in page
    assert f"remplace {number} : nom corrigé" in page
    assert f"annule et remplace le certificat n° {number}" in Read(papers.get(f"attestations/{new}.pdf").data).text()
    again = papers.post(f"attestations/{number}/remplacer", reason="encore")
    assert again.status_code == 422
    assert f"déjà remplacé par {new}" in again.text
    assert len(Read(papers.get("attestations.pdf").data)) == 1


def test_certificates_are_kept_by_funder(papers: Papers) -> None:
    papers.record()
    people.change(AUTHOR, papers.who, {"funding": "cpf"})
    html = papers.get("attestations/", financement="cpf").text
    assert html.count("data-participant") == 1
    assert papers.get("attestations/", financement="rien").status_code == 404
    papers.post("attestations/emettre", inscription=papers.cohort.participants)
    assert len(Read(papers.get("attestations.pdf", financement="cpf").data)) == 1
    assert papers.get("attestations.pdf", financement="opco").status_code == 404


def test_another_cohorts_certificates_are_not_found(papers: Papers) -> None:
    papers.record()
    papers.post("attestations/emettre", inscription=[papers.who])
    number = Certificate.get().number
    make_cohort("AUTRE-2025", 1)
    for path in (f"AUTRE-2025/attestations/{number}.pdf", "TEST-2025/attestations/CR-1999-0001.pdf"):
        assert papers.client.get(f"/promotions/{path}").status_code == 404
    target = f"/promotions/AUTRE-2025/attestations/{number}/remplacer"
    assert papers.client.post(target, data=papers.token | {"reason": "motif"}).status_code == 404
    stranger = papers.client.post("/promotions/AUTRE-2025/attestations/emettre",
                                  data=papers.token | {"inscription": papers.who})  # fmt: skip
    assert stranger.status_code == 404


# -- Registers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
@pytest.mark.parametrize("name", ["participants", "intervenants", "financeurs", "presences"])
def test_registers_open_with_what_was_typed_as_text(papers: Papers, name: str, extension: str) -> None:
    papers.record()
    people.change(AUTHOR, papers.who, {"employer": "=1+1", "last_name": "-DUPONT", "first_name": "@Inès"})
    calendar.change(AUTHOR, papers.half_day, {"teachers": "=Nadine"})
    answer = papers.get(f"registres/{name}.{extension}")
    assert answer.status_code == 200
    assert f"{name}-TEST-2025.{extension}" in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    rows = book.get_sheet_by_index(0).to_python()
    if name == "participants":
        line = next(row for row in rows if row[0] == "-DUPONT")
        assert (line[1], line[2], line[4], line[5]) == ("@Inès", "=1+1", 14.0, 14.0)
        assert rows[-1][:1] == ["Total"]
        assert rows[-1][5] == 84.0
    if name == "intervenants":
        assert ["=Nadine", 1.0, 3.0, 3.0] in rows
    if name == "financeurs":
        assert ["non renseigné", 6.0, 84.0, 84.0, 0.0] in rows
    if name == "presences":
        assert rows[1][2:] == ["P", "P", "P", "P"]


@pytest.mark.parametrize("path", ["registres/autre.xlsx", "registres/participants.csv", "registres/participants"])
def test_an_unknown_register_is_not_found(papers: Papers, path: str) -> None:
    assert papers.get(path).status_code == 404
