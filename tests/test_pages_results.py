"""Pages after the jury: publication, results by role, releases, drafts, transmission, surveys, statistics."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rules.rule_set import Assessment
from store import jury, people, rectifications, release, results, rosters
from store.models import CandidateNumber, Decision, Deliberation, Enrolment
from tests.deliberated import graded, sealed
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, fields, make_app, plain, sign_in
from tests.papers import Read
from tests.sync_bench import Cohort, make_cohort
from tests.test_store_results import of, publish, settle

ROLES = ("admin", "coordinator", "juror", "tutor", "reader")


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def root(cohort: Cohort) -> str:
    return f"/promotions/{cohort.code}"


def form(html: str, mark: str = 'action=""') -> dict[str, str]:
    return fields(html, mark)


# -- publication ------------------------------------------------------------------------------------


def test_publishing_is_confirmed_on_a_page_that_says_what_becomes_visible(app: Flask, cohort: Cohort) -> None:
    number = sealed(cohort)
    client, url = sign_in(app, "coordinator"), f"{root(cohort)}/resultats/{of(number)}/publier/"
    assert url in client.get(f"{root(cohort)}/resultats/").text
    for path in ("/", f"{root(cohort)}/jury/pv/", f"{root(cohort)}/jury/deliberations/",
                 f"{root(cohort)}/jury/deliberations/{of(number)}/"):  # fmt: skip
        assert url in client.get(path).text, path
        assert url not in sign_in(app, "juror").get(path).text, path
    html = client.get(url).text
    for words in (number, "avec les noms", "colonne « Résultat »", "les notes, les motifs", "Arnaud"):
        assert words in plain(html), words
    assert results.published(cohort.id) == (), "looking publishes nothing"
    answer = client.post(url, data=form(html))
    assert (answer.status_code, answer.location) == (303, f"{root(cohort)}/resultats/")
    assert len(results.published(cohort.id)) == 6
    assert url not in client.get("/").text
    again = client.post(url, data=form(html))
    assert again.status_code == 303, "the very form sent twice publishes once"
    assert "Déjà publié" in client.get(url).text
    refused = client.post(url, data={"csrf_token": csrf(html)})
    assert refused.status_code == 422
    assert f"{number} sont déjà publiés" in plain(refused.text)


def test_a_correction_shows_what_changes(app: Flask, cohort: Cohort) -> None:
    number, first = sealed(cohort), cohort.participants[0]
    publish(cohort, number)
    correction = sealed(cohort, first, decision="adjourned", supersedes=of(number), reason="Erreur de report")
    client = sign_in(app, "coordinator")
    html = client.get(f"{root(cohort)}/resultats/{of(correction)}/publier/").text
    assert f"Il corrige {number}" in plain(html)
    assert re.search(r"admis·e</td><td><b class=\"changed\">ajourné·e", html)
    assert "Bernard" not in html, "only those that it is about"


def test_what_is_corrected_cannot_be_published_first(app: Flask, cohort: Cohort) -> None:
    number = sealed(cohort)
    correction = sealed(cohort, cohort.participants[0], supersedes=of(number), reason="Erreur")
    client, url = sign_in(app, "coordinator"), f"{root(cohort)}/resultats/{of(number)}/publier/"
    html = client.get(url).text
    assert f"{correction} corrige celui-ci" in plain(html)
    assert "Publier ces résultats" not in html
    assert client.post(url, data={"csrf_token": csrf(html)}).status_code == 422
    assert results.published(cohort.id) == ()


def test_what_was_corrected_as_a_whole_leads_to_what_is_in_force_and_is_offered_nowhere(
    app: Flask, cohort: Cohort
) -> None:
    number = sealed(cohort)
    correction = sealed(cohort, *cohort.participants, decision="resit", supersedes=of(number), reason="Erreur")
    client, url = sign_in(app, "coordinator"), f"{root(cohort)}/resultats/{of(number)}/publier/"
    for _time in range(2):
        html = client.get(url).text
        assert f"{number} a été corrigée : il n'a plus rien à publier." in plain(unescape(html))
        assert f"En tiennent lieu : {correction}." in plain(html)
        assert f'href="{root(cohort)}/jury/pv/{correction}/"' in html
        assert "Publier ces résultats" not in html
        refused = client.post(url, data={"csrf_token": csrf(html)})
        assert refused.status_code == 422
        assert f'href="{root(cohort)}/jury/pv/{correction}/"' in refused.text
        for path in ("/", f"{root(cohort)}/jury/pv/", f"{root(cohort)}/jury/deliberations/",
                     f"{root(cohort)}/resultats/", f"{root(cohort)}/jury/deliberations/{of(number)}/"):  # fmt: skip
            assert url not in client.get(path).text, path
        if correction not in {one.number for one in results.published(cohort.id)}:
            publish(cohort, correction)
    assert "corrigé en entier, pas publié" in client.get(f"{root(cohort)}/jury/pv/").text


def test_one_that_is_not_closed_or_of_another_cohort_has_no_page(app: Flask, cohort: Cohort) -> None:
    client, other = sign_in(app, "coordinator"), make_cohort("AUTRE-2025")
    opened = Deliberation.create(cohort=cohort.id, state="open").id
    for deliberation in (opened, of(sealed(other)), 999_999):
        assert client.get(f"{root(cohort)}/resultats/{deliberation}/publier/").status_code == 404
    token = csrf(client.get("/").text)
    answer = client.post(f"{root(cohort)}/resultats/{opened}/publier/", data={"csrf_token": token})
    assert answer.status_code == 404
    assert Deliberation.get_by_id(opened).published_at is None


# -- what each role reads -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_results_reach_every_role_once_published(app: Flask, cohort: Cohort, role: str) -> None:
    number = sealed(graded(cohort))
    client, url = sign_in(app, role), f"{root(cohort)}/resultats/"
    html = client.get(url).text
    assert "Aucun résultat n'est publié" in html.replace("&#39;", "'")
    assert (number in html) == (role in ("admin", "coordinator", "juror"))
    publish(cohort, number)
    html = client.get(url).text
    assert html.count('<span class="tag good">admis·e</span>') == 6
    assert all(name in html for name in ("Arnaud", "Étienne", number))
    for never in ("12,5", "12.5", "14"):
        assert never not in re.sub(r'"[^"]*"|\d\d/\d\d/\d{4}( \d\d:\d\d)?|\d\d:\d\d', "", html), never
    assert ("pas publié" in html) is False


@pytest.mark.parametrize("role", ROLES)
def test_without_names_only_the_jury_reads_them(app: Flask, cohort: Cohort, role: str) -> None:
    settle(cohort, display_names=False)
    for number, who in enumerate(cohort.participants[:4], start=41):
        CandidateNumber.create(enrolment=who, number=number)
    publish(cohort, sealed(cohort))
    html = sign_in(app, role).get(f"{root(cohort)}/resultats/").text
    named = role in ("admin", "coordinator", "juror")
    assert ("Arnaud" in html) == named
    assert ("Candidat·e n° 41" in plain(html)) == (not named)
    assert ("2 candidat·es sans numéro" in plain(html)) == (not named)
    assert all((who in html) is False for who in cohort.participants) or named


@pytest.mark.parametrize("role", ["tutor", "reader"])
def test_the_rest_is_for_those_who_decide(app: Flask, cohort: Cohort, role: str) -> None:
    number = sealed(cohort)
    publish(cohort, number)
    client = sign_in(app, role)
    first = cohort.participants[0]
    for path in (
        f"resultats/{of(number)}/publier/", "resultats/statistiques/", "delivrance/", "delivrance/projets.pdf",
        f"delivrance/{first}/projet.pdf", "delivrance/titulaires.csv", "delivrance/enquetes.csv",
    ):
        assert client.get(f"{root(cohort)}/{path}").status_code == 403, path
    html = client.get(f"{root(cohort)}/resultats/").text
    assert "delivrance/" not in html
    assert "statistiques/" not in html


def test_a_juror_reads_releases_and_changes_none(app: Flask, cohort: Cohort) -> None:
    settle(cohort, fees_required=True)
    publish(cohort, sealed(cohort))
    client, first = sign_in(app, "juror"), cohort.participants[0]
    html = client.get(f"{root(cohort)}/delivrance/").text
    assert "lecture seule" in html
    assert "<input" not in html[html.index('id="release"') : html.index("</section>")]
    data = {"csrf_token": csrf(html), "fees_paid_on": "1/2/2026"}
    answer = client.post(f"{root(cohort)}/delivrance/{first}", data=data)
    assert answer.status_code == 403
    assert client.get(f"{root(cohort)}/delivrance/{first}/projet.pdf").status_code == 403


# -- releases -----------------------------------------------------------------------------------------


class Release:
    """The page of releases as the office sees it."""

    def __init__(self, app: Flask, cohort: Cohort) -> None:
        settle(cohort, fees_required=True, release_conditions=("charte signée",))
        publish(cohort, sealed(graded(cohort), year=2025))
        self.client: FlaskClient = sign_in(app, "coordinator")
        self.cohort, self.url, self.who = cohort, f"{root(cohort)}/delivrance/", cohort.participants[0]

    def html(self, more: str = "") -> str:
        return self.client.get(self.url + more).text

    def send(self, values: dict[str, str], htmx: bool = True):
        data = line_form(self.html(), "data-participant", self.who) | values
        return self.client.post(self.url + self.who, data=data, headers=HTMX if htmx else {})


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Release:
    return Release(app, cohort)


def counts(html: str) -> list[str]:
    return re.findall(r"(Admis·es|Admis, frais dus|Délivrances retenues|À délivrer) <b>(\d+)</b>", html)


def test_a_line_saved_in_a_filtered_list_leaves_the_filter_as_it_is(page: Release) -> None:
    listed = page.html("?filtre=dus")
    target = re.search(rf'action="([^"]*{page.who}[^"]*)"', listed)[1]
    data = line_form(listed, "data-participant", page.who) | {"fees_paid_on": "3/2/2025"}
    answer = page.client.post(target, data=data, headers=HTMX).text
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', answer) == [f"{page.url}?filtre=dus"]
    assert f'action="{target}"' in answer
    data = line_form(page.html("?filtre=retenues"), "data-participant", page.who) | {"condition-charte signée": ""}
    answer = page.client.post(target, data=data)
    assert (answer.status_code, answer.location) == (303, f"{page.url}?filtre=dus#ligne-{page.who}")


def test_the_list_of_fees_due_is_emptied_by_a_day_of_payment(page: Release) -> None:
    assert counts(page.html()) == [
        ("Admis·es", "6"), ("Admis, frais dus", "6"), ("Délivrances retenues", "6"), ("À délivrer", "0"),
    ]  # fmt: skip
    before = [(row.enrolment_id, row.decision, row.at) for row in Decision.select().order_by(Decision.enrolment)]
    answer = page.send({"fees_paid_on": "3/2/2025"})
    assert answer.status_code == 200
    assert "✓ enregistré" in answer.text
    assert counts(answer.text)[1:] == [
        ("Admis, frais dus", "5"), ("Délivrances retenues", "6"), ("À délivrer", "0"),
    ]  # fmt: skip
    assert f"ligne-{page.who}" not in page.html("?filtre=dus")
    assert f"ligne-{page.who}" in page.html("?filtre=retenues")
    answer = page.send({"condition-charte signée": "04/02/2025"})
    assert counts(answer.text)[1:] == [
        ("Admis, frais dus", "5"), ("Délivrances retenues", "5"), ("À délivrer", "1"),
    ]  # fmt: skip
    assert page.html("?filtre=a-delivrer").count("data-participant=") == 1
    assert "charte signée : noté par Coordinator" in plain(answer.text)
    assert Enrolment.get_by_id(page.who).fees_paid_on == date(2025, 2, 3)
    after = [(row.enrolment_id, row.decision, row.at) for row in Decision.select().order_by(Decision.enrolment)]
    assert after == before


def test_a_plain_form_goes_back_to_the_line(page: Release) -> None:
    answer = page.send({"fees_paid_on": "3/2/2025"}, htmx=False)
    assert (answer.status_code, answer.location) == (303, f"{page.url}#ligne-{page.who}")


@pytest.mark.parametrize("htmx", [True, False])
def test_a_day_that_is_none_is_refused_beside_its_field(page: Release, htmx: bool) -> None:
    answer = page.send({"fees_paid_on": "30/02/2026", "condition-charte signée": "3/2/2025"}, htmx)
    assert answer.status_code == 422
    assert 'value="30/02/2026"' in answer.text
    assert "n&#39;existe pas au calendrier" in answer.text
    assert 'aria-invalid="true"' in answer.text
    one = next(one for one in release.holders(page.cohort.id, date.today()) if one.enrolment == page.who)
    assert [hold.code for hold in one.holds] == ["fees"], "the good cell is saved"


def test_somebody_else_s_day_is_told(page: Release) -> None:
    data = line_form(page.html(), "data-participant", page.who)
    people.change(AUTHOR, page.who, {"fees_paid_on": "2025-02-05"})
    answer = page.client.post(page.url + page.who, data=data | {"fees_paid_on": "3/2/2025"}, headers=HTMX)
    assert answer.status_code == 409
    assert "05/02/2025" in answer.text
    assert "Garder ma saisie" in answer.text


def test_nobody_but_those_admitted_has_a_line(page: Release) -> None:
    token = csrf(page.html())
    other = make_cohort("AUTRE-2025").participants[0]
    waiting = people.create(AUTHOR, page.cohort.id, {"last_name": "Venue", "first_name": "Après"})
    for who in (other, waiting, "P-INCONNU"):
        answer = page.client.post(page.url + who, data={"csrf_token": token, "fees_paid_on": "3/2/2025"})
        assert answer.status_code == 404, who
        assert page.client.get(f"{page.url}{who}/projet.pdf").status_code == 404, who


# -- drafts -------------------------------------------------------------------------------------------


def test_drafts_are_for_those_whom_nothing_holds(page: Release) -> None:
    assert page.client.get(f"{page.url}projets.pdf").status_code == 404
    refused = page.client.get(f"{page.url}{page.who}/projet.pdf")
    assert refused.status_code == 409
    assert "Délivrance retenue" in refused.text
    assert "Frais dus." in refused.text
    assert "charte signée" in refused.text
    page.send({"fees_paid_on": "3/2/2025", "condition-charte signée": "04/02/2025"})
    for path in (f"{page.who}/projet.pdf", "projets.pdf"):
        answer = page.client.get(page.url + path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        read = Read(answer.data)
        assert len(read) == 1
        assert "Inès Arnaud" in read.text()
        assert "il ne vaut pas attestation" in read.text()
        assert "RSV206 · Économie sociale (8 crédits)" in read.text()


def test_a_draft_names_the_units_obtained_alone(app: Flask, cohort: Cohort) -> None:
    settle(cohort, fees_required=False)
    first = cohort.participants[0]
    jury.change(AUTHOR, first, {"grade-RSV206": "9,5", "grade-RSV207": "15"})
    publish(cohort, sealed(cohort, first, year=2025))
    read = Read(sign_in(app, "coordinator").get(f"{root(cohort)}/delivrance/{first}/projet.pdf").data).text()
    assert "RSV207" in read
    assert "RSV206" not in read
    assert re.search(r"Crédits obtenus\s*4\b", read)


# -- transmission and surveys -------------------------------------------------------------------------


def test_holders_are_ticked_once_transmitted(page: Release) -> None:
    html = page.html()
    assert html.count("15/04/2025") == 6
    two = page.cohort.participants[:2]
    data = fields(html, 'id="transmit"') | {"transmitted_on": "1/2/2025", "inscription": two}
    answer = page.client.post(f"{page.url}transmission", data=data, follow_redirects=True)
    assert "Transmission notée pour 2 personnes." in answer.text
    assert answer.text.count('<span class="tag good">transmis</span> 01/02/2025') == 2
    late = page.client.post(f"{page.url}transmission", data=data | {"form_key": "autre", "transmitted_on": "2/2/2025"})
    assert late.status_code == 409, "what was read is not what is there any more"
    assert "« 01/02/2025 »" in plain(late.text)
    assert 'value="2/2/2025"' in late.text
    refused = page.client.post(
        f"{page.url}transmission", data={"csrf_token": csrf(html), "transmitted_on": "32/1", "inscription": two[:1]}
    )
    assert refused.status_code == 422
    assert 'value="32/1"' in refused.text
    assert re.search(rf'value="{two[0]}" checked', refused.text)
    nobody = page.client.post(f"{page.url}transmission", data={"csrf_token": csrf(html), "transmitted_on": "1/2/2025"})
    assert nobody.status_code == 422


def test_who_was_transmitted_and_is_admitted_no_more_is_named(page: Release) -> None:
    data = fields(page.html(), 'id="transmit"') | {"transmitted_on": "1/2/2025", "inscription": [page.who]}
    page.client.post(f"{page.url}transmission", data=data)
    corrected = sealed(page.cohort, page.who, decision="adjourned", year=2025)
    assert 'id="rectifier"' not in page.html(), "nothing of a correction before it is published"
    publish(page.cohort, corrected)
    html = page.html()
    told = plain(html[html.index('id="rectifier"') : html.index("</ul>")])
    assert f"transmis le 01/02/2025, procès-verbal {corrected}</small>" in told
    assert "<b>Arnaud Inès</b>" in told
    assert counts(html)[0] == ("Admis·es", "5")


@pytest.fixture
def wrongly(page: Release) -> Release:
    """Transmit somebody whom a published correction then admits no more."""
    data = fields(page.html(), 'id="transmit"') | {"transmitted_on": "1/2/2025", "inscription": [page.who]}
    page.client.post(f"{page.url}transmission", data=data)
    publish(page.cohort, sealed(page.cohort, page.who, decision="adjourned", year=2025))
    return page


def test_a_rectification_is_dated_named_kept_in_the_history_and_undone(wrongly: Release) -> None:
    url, action = f"{wrongly.url}{wrongly.who}/rectification", f'action="{wrongly.url}{wrongly.who}/rectification"'
    data = fields(wrongly.html(), action) | {"rectified_on": "20/2/2025"}
    waiting = "1 transmission à faire rectifier"
    assert waiting in plain(wrongly.client.get("/").text)
    assert waiting not in plain(sign_in(wrongly.client.application, "reader").get("/").text)
    answer = wrongly.client.post(url, data=data, follow_redirects=True)
    assert "Rectification notée." in answer.text
    assert '<span class="tag good">rectifié</span> 20/02/2025 <small>noté par Coordinator</small>' in answer.text
    assert waiting not in plain(wrongly.client.get("/").text)
    assert wrongly.client.post(url, data=data).status_code == 303, "the very form sent twice is one act"
    history = wrongly.client.get(f"{root(wrongly.cohort)}/historique/release/{wrongly.who}/").text
    assert plain(history).count("20/02/2025") == 1
    assert "Rectification" in history
    undo = fields(wrongly.html(), action) | {"undo": "1"}
    answer = wrongly.client.post(url, data=undo, follow_redirects=True)
    assert "La rectification est de nouveau à faire." in answer.text
    assert "à rectifier</span>" in answer.text
    late = wrongly.client.post(url, data=undo | {"form_key": "autre"})
    assert late.status_code == 303, "nothing is left to undo"


@pytest.mark.parametrize(("day", "told"), [
    ("", "Indiquez le jour"), ("32/1", "32/1"),
    (f"1/1/{date.today().year + 1}", "à venir"), ("1/1/2025", "précède la délibération"),
])  # fmt: skip
def test_a_day_that_no_rectification_had_is_refused_and_kept(wrongly: Release, day: str, told: str) -> None:
    data = {"csrf_token": csrf(wrongly.html()), "rectified_on": day}
    answer = wrongly.client.post(f"{wrongly.url}{wrongly.who}/rectification", data=data)
    assert answer.status_code == 422
    part = plain(answer.text[answer.text.index('id="rectifier"') :])
    assert told in part
    assert f'value="{day}" autocomplete="off" aria-invalid="true"' in part


def test_a_rectification_of_nobody_who_waits_for_one_is_refused(wrongly: Release) -> None:
    token, other = csrf(wrongly.html()), make_cohort("AUTRE-2025").participants[0]
    for who, status in ((wrongly.cohort.participants[1], 422), (other, 404), ("P-INCONNU", 404)):
        data = {"csrf_token": token, "rectified_on": "20/2/2025"}
        assert wrongly.client.post(f"{wrongly.url}{who}/rectification", data=data).status_code == status, who
    rectifications.rectify(AUTHOR, wrongly.cohort.id, wrongly.who, "2025-02-19", date.today())
    data = {"csrf_token": token, "rectified_on": "20/2/2025", "seen": ""}
    answer = wrongly.client.post(f"{wrongly.url}{wrongly.who}/rectification", data=data)
    assert answer.status_code == 409
    assert "« 19/02/2025 »" in plain(answer.text)


# -- history ------------------------------------------------------------------------------------------


def test_conditions_have_their_history_and_are_given_back(page: Release) -> None:
    page.send({"condition-charte signée": "4/2/2025"})
    page.send({"condition-charte signée": "5/2/2025"})
    url = f"{root(page.cohort)}/historique/release/{page.who}/"
    assert url in page.html()
    html = page.client.get(url).text
    for words in ("charte signée", "04/02/2025", "05/02/2025", "Coordinator", "Arnaud"):
        assert words in html, words
    assert url in page.client.get(f"{root(page.cohort)}/historique/enrolment/{page.who}/").text
    entry = re.findall(r'name="entry" value="(\d+)"', html)
    token = {"csrf_token": csrf(html), "entry": entry[0]}
    assert page.client.post(url, data=token).status_code == 303
    one = next(one for one in release.holders(page.cohort.id, date.today()) if one.enrolment == page.who)
    assert one.met["charte signée"][0] == date(2025, 2, 4)
    for role, status in (("juror", 200), ("reader", 403), ("tutor", 403)):
        assert sign_in(page.client.application, role).get(url).status_code == status, role
    assert sign_in(page.client.application, "juror").post(url, data=token).status_code in (400, 403)
    assert page.client.get(f"{root(page.cohort)}/historique/release/P-INCONNU/").status_code == 404


def test_holders_and_surveys_are_downloaded(page: Release) -> None:
    settle(page.cohort, survey_months=(6, 18))
    lines = page.client.get(f"{page.url}titulaires.csv").text.splitlines()
    assert len(lines) == 7
    assert "15/04/2025" in lines[1]
    assert "retenue" in lines[1]
    lines = page.client.get(f"{page.url}enquetes.csv").text.splitlines()
    assert len(lines) == 13
    assert lines[1].startswith("15/07/2025;6;")
    for name in ("titulaires", "enquetes"):
        for ending, start in (("xlsx", b"PK"), ("ods", b"PK")):
            assert page.client.get(f"{page.url}{name}.{ending}").data.startswith(start)
        assert page.client.get(f"{page.url}{name}.exe").status_code == 404


def test_what_is_due_is_on_the_first_page(app: Flask, cohort: Cohort) -> None:
    publish(cohort, sealed(cohort, year=2025))
    for role, told in (("coordinator", True), ("juror", False), ("reader", False)):
        html = plain(sign_in(app, role).get("/").text)
        assert ("6 titulaires à transmettre à la Caisse des dépôts" in html) == told, role
        assert ("en retard" in html) == told, role


# -- statistics ---------------------------------------------------------------------------------------


def test_a_session_is_drawn_with_its_numbers_beside(app: Flask, cohort: Cohort) -> None:
    people.change(AUTHOR, cohort.participants[0], {"funding": "CPF"})
    rosters.change(AUTHOR, cohort.participants[0], {cohort.half_days[0]: "A"})
    number = sealed(graded(cohort), *cohort.participants[:3])
    other = sealed(cohort, *cohort.participants[3:], decision="adjourned")
    client, url = sign_in(app, "juror"), f"{root(cohort)}/resultats/statistiques/"
    html = client.get(f"{url}?pv={number}").text
    assert "résultats pas publiés" in html
    figures = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    # Decisions, two units and the paper, hours, fundings.
    assert len(figures) == 6
    for figure in figures:
        assert 'role="img"' in figure
        assert "<title" in figure
        assert "<table>" in figure
    assert "<td class=\"num\">3</td>" in figures[0]
    assert "moyenne 12,50, médiane 12,50" in plain(figures[1])
    assert re.search(r"12 à moins de 14</th><td class=\"num\">3</td>", figures[1])
    assert re.search(r"CPF</th><td class=\"num\">1 sur 1</td>", figures[5])
    assert "6 candidat" not in client.get(url).text
    assert f"{other} · 15/01/2026 · 3 candidat·es" in plain(client.get(url).text)
    assert client.get(f"{url}?pv=PV-1999-0001").status_code == 404


def test_a_session_is_counted_as_it_stands_with_what_was_corrected_since(app: Flask, cohort: Cohort) -> None:
    first = sealed(graded(cohort))
    second = sealed(cohort, cohort.participants[0], decision="adjourned", supersedes=of(first), reason="Erreur")
    client, url = sign_in(app, "juror"), f"{root(cohort)}/resultats/statistiques/"
    for asked in ("", f"?pv={first}"):
        html = client.get(url + asked).text
        told = plain(unescape(html))
        assert f"{first} · 15/01/2026 · 6 candidat·es · avec ce que {second} a corrigé" in told, asked
        decisions = re.findall(r'<td class="num">(\d+)</td>', re.findall(r"<figure.*?</figure>", html, re.DOTALL)[0])
        assert decisions == ["5", "1", "0", "0"], asked
    told = plain(unescape(client.get(f"{url}?pv={second}").text))
    assert f"{second} · 15/01/2026 · 1 candidat·e" in told
    assert "a corrigé" not in told


def test_a_paper_that_nobody_was_asked_for_is_not_drawn_and_an_assessment_says_its_unit(
    app: Flask, cohort: Cohort
) -> None:
    parts = (Assessment("E1", "Écrit", 1), Assessment("E2", "Oral", 2))
    units = tuple(replace(unit, assessments=parts) for unit in people.rule_set(cohort.id).units)
    settle(cohort, units=units, paper_required=False)
    first, second, *_rest = cohort.participants
    client, url = sign_in(app, "juror"), f"{root(cohort)}/resultats/statistiques/"
    sealed(cohort, first)
    captions = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", client.get(url).text)
    assert captions[1:-2] == [
        "Notes : RSV206 · Économie sociale", "Notes : RSV206 E1 · Écrit", "Notes : RSV206 E2 · Oral",
        "Notes : RSV207 · Enquête", "Notes : RSV207 E1 · Écrit", "Notes : RSV207 E2 · Oral",
    ]  # fmt: skip
    jury.change(AUTHOR, second, {"grade-paper": "14"})
    sealed(cohort, second)
    assert "Notes : Note de validation" in client.get(url).text


def test_without_minutes_there_is_nothing_to_draw(app: Flask, cohort: Cohort) -> None:
    html = sign_in(app, "juror").get(f"{root(cohort)}/resultats/statistiques/").text
    assert "Aucun procès-verbal" in html
    assert "<svg" not in html
