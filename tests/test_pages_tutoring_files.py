"""Papers and files of those who follow the written work: what is in each, and for whom."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from store import calendar, rosters, tutoring
from store.models import DayNote, Exchange, PlagiarismReport, Step
from tests.pages import AUTHOR, add_account, make_app, sign_in
from tests.papers import Read
from tests.sync_bench import TUTORS, Cohort, make_cohort

OWN = "Tania Tutrice"
FORMULA = '=HYPERLINK("https://exemple.fr";"clic")'


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def papers(cohort: Cohort) -> list[str]:
    """Fill a cohort: the first paper is Tania's, shared with Claire; the second is Claire's; nobody's follow."""
    tutoring.add_tutor(AUTHOR, cohort.id, OWN, 3, add_account("tutor"))
    found = [row[0] for row in tutoring.papers(cohort.id)]
    tutoring.change(AUTHOR, found[0], {"tutor": OWN, "cotutor": TUTORS[0], "title": FORMULA, "milestone": "plan",
                                       "problem": "Qui décide ?", "similarity": "12"})  # fmt: skip
    tutoring.change(AUTHOR, found[1], {"tutor": TUTORS[0], "title": "Une autre note"})
    calendar.change(AUTHOR, cohort.half_days[2], {"kind": "group_tutoring"})
    rosters.mark(AUTHOR, cohort.participants[0], cohort.half_days[2], "late", "15")
    by = {"by": "Tania"}
    DayNote.insert(paper=found[0], half_day=cohort.half_days[2], done="Plan relu", **by).execute()
    Step.insert(paper=found[0], milestone="problem", reached_on=date(2025, 2, 1), remark="Resserrée", **by).execute()
    for key, summary, gone in (("X-1", "+33 : rappeler", None), ("X-2", "Repris", date(2025, 2, 3))):
        Exchange.insert(id=key, paper=found[0], day=date(2025, 2, 2), minutes=45, summary=summary,
                        links="https://exemple.fr/a", deleted_at=gone, **by).execute()  # fmt: skip
    PlagiarismReport.insert(paper=found[0], reporter="Mouchard", reason="Mouchard", by="Mouchard").execute()
    return found


def url(cohort: Cohort, name: str) -> str:
    return f"/promotions/{cohort.code}/notes/{name}"


def test_the_lists_hold_each_tutor_s_papers(app: Flask, cohort: Cohort, papers: list[str], count_queries) -> None:
    client = sign_in(app, "coordinator")
    with count_queries(16):
        answer = client.get(url(cohort, "tuteurs.pdf"))
    assert answer.mimetype == "application/pdf"
    read = Read(answer.data)
    assert len(read) == 3
    claire, tania, nobody = read.texts()
    assert TUTORS[0] in claire
    assert "Une autre note" in claire
    assert "2 notes sur 5 possibles" in claire, "a shared paper counts for both"
    assert OWN in tania
    assert "tutor@exemple.fr" in tania
    assert "avec Claire Fontaine" in tania
    assert "Sans tuteur ni tutrice" in nobody


def test_a_tutor_s_list_is_their_page_alone(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    read = Read(sign_in(app, "tutor").get(url(cohort, "tuteurs.pdf")).data)
    assert len(read) == 1
    assert OWN in read.text()
    assert "Une autre note" not in read.text()


def test_the_sheet_of_a_day_knows_its_roll_and_what_was_done(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    page = url(cohort, f"journees/{cohort.half_days[2]}.pdf")
    text = " ".join(Read(sign_in(app, "coordinator").get(page).data).texts())
    for said in ("Tutorat collectif – vendredi 14 février 2025", "9h00 – 12h30", "en retard, 15 min", "Plan relu",
                 "Une autre note", "Sans tuteur ni tutrice"):  # fmt: skip
        assert said in text, said
    text = Read(sign_in(app, "tutor").get(page).data).text()
    assert "Plan relu" in text
    assert "Une autre note" not in text
    assert "Sans tuteur ni tutrice" not in text


def test_the_record_of_a_paper_is_for_those_who_follow_it(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    tutor = sign_in(app, "tutor")
    text = Read(tutor.get(url(cohort, f"{papers[0]}/fiche.pdf")).data).text()
    for said in ("Arnaud Inès", "Plan relu", "Resserrée", "1 échange, 45 min", "+33", "plan (en cours)"):
        assert said in text, said
    assert "Repris" not in text, "what was taken back is not told"
    assert "Mouchard" not in text
    assert tutor.get(url(cohort, f"{papers[1]}/fiche.pdf")).status_code == 403
    assert sign_in(app, "reader").get(url(cohort, f"{papers[1]}/fiche.pdf")).status_code == 200


def test_what_is_of_another_cohort_or_of_nothing_is_not_found(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    other = make_cohort("AUTRE")
    client = sign_in(app, "coordinator")
    for name in (f"{papers[0]}/fiche.pdf", f"journees/{cohort.half_days[2]}.pdf"):
        assert client.get(url(cohort, name)).status_code == 200
        assert client.get(url(other, name)).status_code == 404
    for name in ("N-RIEN/fiche.pdf", "journees/S-RIEN.pdf", "notes.doc"):
        assert client.get(url(cohort, name)).status_code == 404
    assert client.get("/promotions/RIEN/notes/tuteurs.pdf").status_code == 404


def test_the_papers_are_in_french_whatever_the_language_of_who_prints(
    app: Flask, cohort: Cohort, papers: list[str]
) -> None:
    client = sign_in(app, "coordinator")
    with client.session_transaction() as session:
        session["lang"] = "en"
    assert "Sans tuteur ni tutrice" in Read(client.get(url(cohort, "tuteurs.pdf")).data).texts()[-1]
    assert "Tutors" in sheets(client.get(url(cohort, "notes.xlsx")).data)


def sheets(body: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(BytesIO(body))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_a_spreadsheet_holds_everything(
    app: Flask, cohort: Cohort, papers: list[str], extension: str, count_queries
) -> None:
    client = sign_in(app, "coordinator")
    with count_queries(16):
        answer = client.get(url(cohort, f"notes.{extension}"))
    assert f"notes-{cohort.code}.{extension}" in answer.headers["Content-Disposition"]
    found = sheets(answer.data)
    assert list(found) == ["Notes", "Étapes", "Journées de tutorat", "Échanges", "Tuteurs"]
    lines = {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name, rows in found.items()}
    assert len(lines["Notes"]) == 6
    first = lines["Notes"][0]
    assert first["Titre"] == FORMULA, "kept as a text"
    assert (first["Tuteur"], first["Co-tuteur"], first["Similitude (%)"]) == (OWN, TUTORS[0], 12)
    assert first["Dernier échange"] == date(2025, 2, 2)
    assert lines["Étapes"] == [
        {"Nom": "Arnaud", "Prénom": "Inès", "Étape": "problématique", "Atteinte le": date(2025, 2, 1),
         "Remarque": "Resserrée"}
    ]  # fmt: skip
    assert lines["Journées de tutorat"][0]["Ce qui a été fait"] == "Plan relu"
    assert lines["Journées de tutorat"][0]["Début"] == "9h", "two half-days of one day are told apart"
    assert [(row["Durée (min)"], row["Résumé"]) for row in lines["Échanges"]] == [(45, "+33 : rappeler")]
    loads = {
        row["Tuteur"]: (row["Notes suivies"], row["dont en co-tutorat"], row["Capacité"]) for row in lines["Tuteurs"]
    }
    assert loads == {TUTORS[0]: (2, 1, 5), TUTORS[1]: (0, 0, 5), OWN: (1, 1, 3), "Sans tuteur ni tutrice": (4, 0, "")}
    assert b"Mouchard" not in answer.data


def test_nothing_typed_becomes_a_formula(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    """Read back as bytes: a reader of values would show the last result of a formula."""
    with zipfile.ZipFile(BytesIO(sign_in(app, "coordinator").get(url(cohort, "notes.xlsx")).data)) as file:
        for name in file.namelist():
            assert b"<f>" not in file.read(name), name
    with zipfile.ZipFile(BytesIO(sign_in(app, "coordinator").get(url(cohort, "notes.ods")).data)) as file:
        assert b"table:formula" not in file.read("content.xml")


def test_a_tutor_s_spreadsheet_holds_their_lines_alone(app: Flask, cohort: Cohort, papers: list[str]) -> None:
    found = sheets(sign_in(app, "tutor").get(url(cohort, "notes.xlsx")).data)
    assert [row[0] for row in found["Notes"]] == ["Nom", "Arnaud"]
    assert [row[0] for row in found["Tuteurs"]] == ["Tuteur", OWN]
