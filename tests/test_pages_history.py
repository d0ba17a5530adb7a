"""History: what became of each value, and giving one back what it was, as an edit like any other."""

import re

import pytest
from flask import Flask

from store import calendar, jury, people, rolls, rosters, sign_in_sheets, signatures, tutoring
from store.journal import Author, entries, keep_covered
from store.models import JournalEntry
from tests.pages import AUTHOR, HTMX, add_account, csrf, make_app, sign_in
from tests.sync_bench import PAGE, Cohort, make_cohort

SHEET = Author("Feuille", "sheet")


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def path(cohort: Cohort, kind: str, row: str) -> str:
    return f"/promotions/{cohort.code}/historique/{kind}/{row}/"


def back(client, url: str, label: str, headers: dict | None = None, **more: str):
    """Click the button whose text holds a label."""
    html = client.get(url).text
    part = next(part for part in html.split("<tr ")[1:] if label in part)
    form = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', part))
    form["entry"] = re.search(rf'name="entry" value="([\d,]+)">[^<]*{label}', part)[1]
    return client.post(url, data=form | more, headers=headers or {})


def test_a_value_that_a_write_covered_is_given_back(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    keep_covered(cohort.id, "enrolment", row, "phone", "0722222222", "0612345670")
    client, url = sign_in(app, "coordinator"), path(cohort, "enrolment", row)
    html = client.get(url).text
    assert "valeur couverte par une écriture" in html
    assert "écriture de la synchronisation" in html
    assert back(client, url, "0722222222").status_code == 303
    assert people.snapshot(cohort.id)[row]["phone"] == "0722222222"


def test_every_kind_of_record_has_its_history(app: Flask, cohort: Cohort) -> None:
    row, half_day = cohort.participants[0], cohort.half_days[0]
    paper = tutoring.beside(row)[1]
    people.change(SHEET, row, {"funding": "cpf"})
    calendar.change(PAGE, half_day, {"place": "21.2.33"})
    rosters.mark(PAGE, row, half_day, "late", "15")
    tutoring.change(PAGE, paper, {"title": "Un titre"})
    jury.change(PAGE, row, {"grade-RSV206": "12,5"})
    client = sign_in(app, "coordinator")
    for kind, key, words in (
        ("enrolment", row, ("Feuille", "feuille", "CPF", "Arnaud")),
        ("half_day", half_day, ("Camille Coordination", "21.2.33", "20/01/2025 9h30")),
        ("mark", row, ("en retard, 15 min", "20/01/2025 9h30")), ("paper", paper, ("Un titre", "Arnaud")),
        ("dossier", row, ("12,5", "RSV206")),
    ):  # fmt: skip
        html = client.get(path(cohort, kind, key)).text
        for word in words:
            assert word in html, (kind, word)
        fragment = client.get(path(cohort, kind, key), headers=HTMX).text
        assert fragment.startswith('<section id="history"')


def test_each_page_leads_to_the_histories_of_its_rows(app: Flask, cohort: Cohort) -> None:
    row, half_day = cohort.participants[0], cohort.half_days[0]
    client, root = sign_in(app, "coordinator"), f"/promotions/{cohort.code}"
    for page, kind, key in (
        ("participants/", "enrolment", row), ("seances/", "half_day", half_day),
        (f"seances/{half_day}/", "mark", row), ("notes/", "paper", tutoring.beside(row)[1]), ("jury/", "dossier", row),
    ):  # fmt: skip
        html = client.get(f"{root}/{page}").text
        links = re.findall(rf'href="({root}/historique/{kind}/{key}/[^"]*)"', html)
        assert [client.get(link).status_code for link in links] in ([200], [200, 200]), page
    assert f"../historique/mark/{row}/" in client.get(f"{root}/presences/").text


def test_what_was_said_of_a_sheet_to_sign_is_taken_back(app: Flask, cohort: Cohort) -> None:
    half_day, client = cohort.half_days[0], sign_in(app, "coordinator")
    sign_in_sheets.change(PAGE, half_day, {"returned": "oui", "scan": "https://exemple.fr/a.pdf"})
    sign_in_sheets.change(PAGE, half_day, {"scan": "https://exemple.fr/b.pdf"})
    url = path(cohort, "sign_in_sheet", half_day)
    assert f'href="{url}"' in client.get(f"/promotions/{cohort.code}/emargement/").text
    html = client.get(url).text
    for word in ("20/01/2025 9h30", "Rentrée", "Numérisation", "https://exemple.fr/b.pdf", "Camille Coordination"):
        assert word in html, word
    assert back(client, url, "https://exemple.fr/a.pdf").status_code == 303
    assert sign_in_sheets.facts(half_day).values == {
        "returned": "oui", "scan": "https://exemple.fr/a.pdf", "teacher_signed": "",
    }  # fmt: skip


def test_what_was_read_of_a_line_of_a_sheet_is_taken_back(app: Flask, cohort: Cohort) -> None:
    row, half_day = cohort.participants[0], cohort.half_days[0]
    signatures.sign(PAGE, half_day, row, "oui")
    signatures.sign(PAGE, half_day, row, "non")
    client, url = sign_in(app, "coordinator"), path(cohort, "signature", row)
    assert f'href="{url}?champ={half_day}"' in client.get(f"/promotions/{cohort.code}/emargement/{half_day}/").text
    html = client.get(url).text
    assert "20/01/2025 9h30" in html
    assert "pas regardé" in html
    assert back(client, url, "signé").status_code == 303
    assert signatures.held([row]) == {row: {half_day: "oui"}}
    assert back(client, url, "pas regardé").status_code == 303
    assert signatures.held([row]) == {}
    other = make_cohort("AUTRE-2025")
    assert client.get(path(other, "signature", row)).status_code == 404
    assert "rétablir" not in sign_in(app, "reader").get(url).text


def test_the_histories_of_a_person_lead_to_each_other(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    paper = tutoring.beside(row)[1]
    links = {path(cohort, kind, row) for kind in ("enrolment", "mark", "dossier")} | {path(cohort, "paper", paper)}
    html = sign_in(app, "juror").get(path(cohort, "paper", paper)).text
    assert links <= set(re.findall(r'href="([^"]+)"', html))
    html = sign_in(app, "reader").get(path(cohort, "paper", paper)).text
    assert path(cohort, "dossier", row) not in html


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_restoring_is_an_edit_like_any_other(app: Flask, cohort: Cohort, headers: dict) -> None:
    row = cohort.participants[0]
    people.change(AUTHOR, row, {"funding": "opco"})
    people.change(SHEET, row, {"funding": "cpf"})
    client = sign_in(app, "coordinator")
    answer = back(client, path(cohort, "enrolment", row), "« OPCO »", headers)
    assert answer.status_code == (200 if headers else 303)
    page = answer if headers else client.get(answer.location)
    assert "Valeur rétablie" in page.text
    assert people.snapshot(cohort.id)[row]["funding"] == "opco"
    assert entries(cohort.id, 1)[0][1:] == ("Coordinator", "page", "enrolment", row, "funding", "cpf", "opco")


def test_a_value_that_moved_since_it_was_read_is_not_restored(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    people.change(AUTHOR, row, {"funding": "opco"})
    people.change(SHEET, row, {"funding": "cpf"})
    client = sign_in(app, "coordinator")
    for headers in (HTMX, {}):
        answer = back(client, path(cohort, "enrolment", row), "« OPCO »", headers, **{"seen-funding": "employer"})
        assert answer.status_code == 409
        assert "est devenue « CPF »" in answer.text
    assert people.snapshot(cohort.id)[row]["funding"] == "cpf"


def test_a_value_that_the_rules_refuse_today_is_said(app: Flask, cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    calendar.change(AUTHOR, half_day, {"start": "13:30", "end": "16:00"})
    client = sign_in(app, "coordinator")
    answer = back(client, path(cohort, "half_day", half_day), "« 12h30 »")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert calendar.snapshot(cohort.id)[half_day]["end"] == "16:00"
    # Both together make sense again.
    assert back(client, path(cohort, "half_day", half_day), "ces 2 valeurs").status_code == 303
    assert calendar.snapshot(cohort.id)[half_day]["start"] == "09:30"
    assert calendar.snapshot(cohort.id)[half_day]["end"] == "12:30"


def test_a_mark_goes_back_to_not_recorded(app: Flask, cohort: Cohort) -> None:
    row, half_day = cohort.participants[0], cohort.half_days[0]
    rosters.mark(PAGE, row, half_day, "absent", "")
    answer = back(sign_in(app, "coordinator"), f"{path(cohort, 'mark', row)}?champ={half_day}", "rétablir")
    assert answer.status_code == 303
    assert rosters.snapshot(cohort.id)[row][half_day] == ""


def test_one_value_alone_is_shown_and_a_long_history_goes_on(app: Flask, cohort: Cohort, count_queries) -> None:
    row = cohort.participants[0]
    for number in range(205):
        people.change(PAGE, row, {"phone": f"06{number:08}"})
    people.change(PAGE, row, {"funding": "opco"})
    client, url = sign_in(app, "coordinator"), path(cohort, "enrolment", row)
    html = client.get(f"{url}?champ=funding").text
    assert "OPCO" in html
    assert "0600000204" not in html
    with count_queries(12):
        html = client.get(url).text
    assert "0600000204" in html
    assert "0600000003" not in html
    older = re.search(r'href="([^"]+avant=\d+)"', html)[1]
    assert "0600000003" in client.get(older.replace("&amp;", "&")).text


def test_what_came_with_a_new_row_offers_nothing_to_restore(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    html = sign_in(app, "coordinator").get(path(cohort, "enrolment", row)).text
    assert "0612345670" in html
    assert 'name="entry"' not in html


def test_unknown_rows_and_those_of_another_cohort_are_not_found(app: Flask, cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)
    people.change(PAGE, other.participants[0], {"funding": "opco"})
    client = sign_in(app, "coordinator")
    token = {"csrf_token": csrf(client.get("/").text), "entry": "1"}
    for kind, row in (
        ("enrolment", "P-UNKNOWN1"), ("nothing", cohort.participants[0]), ("enrolment", other.participants[0]),
        ("half_day", other.half_days[0]), ("paper", tutoring.beside(other.participants[0])[1]),
    ):  # fmt: skip
        assert client.get(path(cohort, kind, row)).status_code == 404, (kind, row)
        assert client.post(path(cohort, kind, row), data=token).status_code == 404, (kind, row)


def test_an_entry_that_cannot_be_is_ignored(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    people.change(SHEET, row, {"funding": "cpf"})
    page = sign_in(app, "coordinator").get(path(cohort, "enrolment", row) + f"?avant={10**20}")
    assert (page.status_code, "CPF" in page.text) == (200, True)


def test_an_entry_of_another_record_restores_nothing(app: Flask, cohort: Cohort) -> None:
    first, second = cohort.participants[:2]
    people.change(AUTHOR, first, {"funding": "opco"})
    people.change(AUTHOR, second, {"funding": "cpf"})
    client = sign_in(app, "coordinator")
    html = client.get(path(cohort, "enrolment", second)).text
    entry = re.search(r'name="entry" value="(\d+)"', html)[1]
    token = csrf(html)
    for text, status in ((entry, 404), ("999999", 404), (f"{entry},999999", 404), ("x", 400), ("", 400)):
        answer = client.post(path(cohort, "enrolment", first), data={"csrf_token": token, "entry": text})
        assert answer.status_code == status, text
    assert people.snapshot(cohort.id)[first]["funding"] == "opco"


def test_what_belongs_to_the_jury_is_for_the_jury(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    jury.change(PAGE, row, {"grade-RSV206": "17,77"})
    people.change(AUTHOR, row, {"fees_paid_on": "2025-02-03"})
    for role in ("tutor", "reader"):
        client = sign_in(app, role)
        assert client.get(path(cohort, "dossier", row)).status_code == 403
        html = client.get(path(cohort, "enrolment", row)).text
        assert "03/02/2025" not in html
        assert 'name="entry"' not in html
    juror = sign_in(app, "juror")
    assert back(juror, path(cohort, "dossier", row), "rétablir").status_code == 303
    assert jury.held([row]) == {}
    assert 'name="entry"' not in juror.get(path(cohort, "enrolment", row)).text
    assert "03/02/2025" in juror.get(path(cohort, "enrolment", row)).text


def test_somebody_who_may_not_change_a_record_may_not_restore_it(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    people.change(AUTHOR, row, {"funding": "opco"})
    html = sign_in(app, "coordinator").get(path(cohort, "enrolment", row)).text
    entry = re.search(r'name="entry" value="(\d+)"', html)[1]
    for role in ("tutor", "juror", "reader"):
        client = sign_in(app, role)
        data = {"csrf_token": csrf(client.get("/").text), "entry": entry}
        assert client.post(path(cohort, "enrolment", row), data=data).status_code == 403, role
    assert people.snapshot(cohort.id)[row]["funding"] == "opco"


def test_a_tutor_restores_what_they_may_change_of_their_own_papers(app: Flask, cohort: Cohort) -> None:
    mine, other = (tutoring.beside(row)[1] for row in cohort.participants[:2])
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", 5, add_account("tutor"))
    tutoring.change(AUTHOR, mine, {"tutor": "Tania Tutrice", "title": "Ancien"})
    for paper in (mine, other):
        tutoring.change(AUTHOR, paper, {"title": "Nouveau"})
    client = sign_in(app, "tutor")
    html = client.get(path(cohort, "paper", mine)).text
    assert "« Ancien »" in html
    assert "Tania Tutrice" in html
    assert html.count('name="entry"') == 1 + 1, "both titles, and not the tutor"
    assert back(client, path(cohort, "paper", mine), "« Ancien »").status_code == 303
    assert tutoring.snapshot(cohort.id)[mine]["title"] == "Ancien"
    assert 'name="entry"' not in client.get(path(cohort, "paper", other)).text


def test_a_withdrawn_row_shows_its_history_and_takes_no_change(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    people.change(AUTHOR, row, {"funding": "opco"})
    client, url = sign_in(app, "coordinator"), path(cohort, "enrolment", row)
    entry = re.search(r'name="entry" value="(\d+)"', client.get(url).text)[1]
    people.remove(SHEET, row)
    html = client.get(url).text
    assert "rien n'est perdu" in html.replace("&#39;", "'")
    assert "retiré·e" in html
    assert 'name="entry"' not in html
    assert client.post(url, data={"csrf_token": csrf(html), "entry": entry}).status_code == 403


def test_an_open_history_is_told_only_of_what_moved(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    client, url = sign_in(app, "reader"), path(cohort, "enrolment", row)
    version = re.search(r'data-version="([0-9]+)"', client.get(url).text)[1]
    assert client.get(f"{url}?v={version}", headers=HTMX).status_code == 204
    people.change(AUTHOR, row, {"funding": "opco"})
    assert client.get(f"{url}?v={version}", headers=HTMX).status_code == 200


def test_the_same_form_twice_restores_once(app: Flask, cohort: Cohort) -> None:
    row = cohort.participants[0]
    people.change(AUTHOR, row, {"funding": "opco"})
    people.change(SHEET, row, {"funding": "cpf"})
    client, url = sign_in(app, "coordinator"), path(cohort, "enrolment", row)
    for _ in range(2):
        assert back(client, url, "« OPCO »", form_key="the same").status_code == 303
        people.change(AUTHOR, row, {"funding": "cpf"})
    assert people.snapshot(cohort.id)[row]["funding"] == "cpf"


def test_a_roll_tells_who_closed_and_opened_it_again_and_why(app: Flask, cohort: Cohort) -> None:
    key = cohort.half_days[0]
    rolls.close(PAGE, key, 6)
    rolls.reopen(SHEET, key, "Feuille retrouvée")
    client = sign_in(app, "coordinator")
    url = path(cohort, "roll", key)
    assert f'href="{url}"' in client.get(f"/promotions/{cohort.code}/seances/{key}/").text
    html = client.get(url).text
    for words in ("20/01/2025 9h30", "terminé", "rouvert", "Feuille retrouvée", "Camille Coordination", "Appel ouvert"):
        assert words in html, words
    # Opening it again was a mistake: it is closed as it was, the lines not recorded being known.
    assert html.count('name="entry"') == 1
    assert back(client, url, "rétablir « terminé »").status_code == 303
    assert rolls.states(cohort.id, [key])[key].closed_by == "Coordinator"
    # To open one again asks for a reason, which only its page takes.
    assert 'name="entry"' not in client.get(url).text


def test_a_roll_is_not_opened_again_by_a_forged_history(app: Flask, cohort: Cohort) -> None:
    key = cohort.half_days[0]
    rolls.close(PAGE, key, 6)
    client, url = sign_in(app, "coordinator"), path(cohort, "roll", key)
    entry = JournalEntry.get(JournalEntry.kind == "roll").id
    answer = client.post(url, data={"csrf_token": csrf(client.get(url).text), "form_key": "k", "entry": str(entry)})
    assert answer.status_code == 422
    assert "se rouvre sur sa page" in answer.text
    assert rolls.states(cohort.id, [key])[key].closed_at is not None


def test_a_roll_closed_meanwhile_by_somebody_else_is_told(app: Flask, cohort: Cohort) -> None:
    key = cohort.half_days[0]
    rolls.close(PAGE, key, 6)
    rolls.reopen(PAGE, key, "Feuille retrouvée")
    client, url = sign_in(app, "coordinator"), path(cohort, "roll", key)
    seen = {"seen-state": "closed"}
    assert back(client, url, "rétablir « terminé »", **seen).status_code == 409


def test_who_only_reads_gives_nothing_of_a_roll_back(app: Flask, cohort: Cohort) -> None:
    key = cohort.half_days[0]
    rolls.close(PAGE, key, 6)
    rolls.reopen(PAGE, key, "Feuille retrouvée")
    html = sign_in(app, "reader").get(path(cohort, "roll", key)).text
    assert "Feuille retrouvée" in html
    assert 'name="entry"' not in html


def test_the_histories_of_a_half_day_lead_to_one_another(app: Flask, cohort: Cohort) -> None:
    key, client = cohort.half_days[0], sign_in(app, "coordinator")
    for kind in ("half_day", "roll", "sign_in_sheet"):
        html = client.get(path(cohort, kind, key)).text
        assert [path(cohort, one, key) in html for one in ("half_day", "roll", "sign_in_sheet")] == [True] * 3
    calendar.remove(PAGE, key)
    assert "Retiré·e de l" in client.get(path(cohort, "roll", key)).text
