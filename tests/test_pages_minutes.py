"""Pages of sealed minutes, their files, and the page where anyone checks a paper."""

import json
import re
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints import minutes as blueprint
from rules import chain
from store import checking, jury, minutes, people
from store.models import CandidateNumber, Decision, Deliberation, FailedCheck, Minutes
from store.models.base import now
from tests.deliberated import PROVIDER, SEALED_AT, graded, held, printed
from tests.pages import AUTHOR, csrf, make_app, plain, sign_in
from tests.papers import Read
from tests.sync_bench import Cohort, make_cohort

CHECK = "/pv/verifier/"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url, public_url="https://passerelle.exemple.fr")


@pytest.fixture
def two(app: Flask, cohort: Cohort) -> tuple[str, str]:
    """Seal minutes about everybody, then others that correct them for the first."""
    with app.test_request_context():
        one = held(graded(cohort))
        former = minutes.seal(AUTHOR, one, PROVIDER, blueprint.printed, SEALED_AT)
        again = held(
            cohort, cohort.participants[0], decision="adjourned", supersedes=one, reason="Note mal reportée", year=2027
        )
        return former, minutes.seal(AUTHOR, again, PROVIDER, blueprint.printed, SEALED_AT)


def text(html: str) -> str:
    return plain(" ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()))


def digest(number: str) -> str:
    return Minutes.get_by_id(number).data_digest


def root(cohort: Cohort) -> str:
    return f"/promotions/{cohort.code}/jury/pv/"


def test_the_list_shows_both_what_was_corrected_and_what_corrects_it(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    found = text(sign_in(app, "juror").get(root(cohort)).text)
    assert f"{later} 15/01/2027 1 15/01/2026 17:30 Tests non publié {former} Note mal reportée {digest(later)}" in found
    assert f"{former} remplacé par {later} 15/01/2026 6 " in found
    assert digest(former) in found
    assert "Aucun procès-verbal" in text(sign_in(app, "juror").get(root(make_cohort("AUTRE-2025", 1))).text)
    assert root(cohort) in sign_in(app, "juror").get(f"/promotions/{cohort.code}/jury/").text


def test_a_page_shows_all_that_was_sealed_whatever_is_decided_since(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    Decision.update(decision="resit").execute()
    client = sign_in(app, "coordinator")
    found = text(client.get(f"{root(cohort)}{former}/").text)
    for words in (
        f"Procès-verbal {former}", "Promotion d'essai", "Salle 21.2.32", "2026-07, 05/01/2026",
        "Anne Présidente présidence",
        "Denis Absent professionnel 02/01/2026 absent·e", "Arnaud Inès", "12,5", "admis·e 6", "rattrapage 0",
        "note minimale 10", f"Remplacé, pour les personnes qu'il nomme, par {later}",
    ):  # fmt: skip
        assert words in found, words
    assert digest(former) in found.replace(" ", "")
    corrected = text(client.get(f"{root(cohort)}{later}/").text)
    assert f"remplace {former} . Motif : Note mal reportée" in corrected
    assert "Bernard" not in corrected


def test_a_page_in_english_says_what_the_rules_proposed_and_leaves_what_people_wrote(
    app: Flask, cohort: Cohort
) -> None:
    one = held(cohort)
    Decision.update(proposed="resit", remark="admis·e").where(Decision.enrolment == cohort.participants[0]).execute()
    number = minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)
    client = sign_in(app, "juror")
    client.post("/langue", data={"csrf_token": csrf(client.get("/").text), "lang": "en", "suite": "/"})
    found = text(client.get(f"{root(cohort)}{number}/").text)
    assert "Proposal of the rules : resit" in found
    assert "Remark : admis·e" in found
    assert "First and last name" in found


def test_the_files_are_what_was_sealed(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    client = sign_in(app, "juror")
    data = client.get(f"{root(cohort)}{former}.json")
    assert (data.mimetype, chain.digest(data.data)) == ("application/json", digest(former))
    assert json.loads(data.data)["number"] == former
    pdf = client.get(f"{root(cohort)}{former}.pdf").data
    assert pdf == minutes.pdf(former)
    read = Read(pdf)
    assert digest(former) in read.text().replace(" ", "")
    assert read.codes(len(read) - 1) == [f"https://passerelle.exemple.fr{CHECK}?numero={former}"]
    assert len(Read(client.get(f"{root(cohort)}{former}/extraits.pdf").data)) == 6
    one = Read(client.get(f"{root(cohort)}{former}/extraits.pdf?inscription={cohort.participants[1]}").data)
    assert (len(one), "Théo Bernard" in one.text(), "Arnaud" in one.text()) == (1, True, False)
    admitted = Read(client.get(f"{root(cohort)}{later}/admis.pdf").data).text()
    assert "Arnaud" not in admitted
    assert client.get(f"{root(cohort)}{later}/extraits.pdf?inscription={cohort.participants[1]}").status_code == 404


def test_papers_of_what_was_corrected_since_say_so_and_tell_nothing_that_is_not_published(
    app: Flask, cohort: Cohort, two
) -> None:
    former, later = two
    client, first = sign_in(app, "juror"), cohort.participants[0]
    paths = (f"extraits.pdf?inscription={first}", "admis.pdf", "affichage.pdf")

    def told(number: str) -> list[bool]:
        papers = [Read(client.get(f"{root(cohort)}{number}/{path}").data).text() for path in paths]
        return [later in paper for paper in papers]

    show = client.get(f"{root(cohort)}{former}/").text
    assert [line.count(f"remplacé par {later}") for line in map(text, show.split("<tr>")) if "Arnaud" in line] == [1]
    assert text(show).count(f"remplacé par {later}") == 1
    assert told(former) == [True] * 3
    Deliberation.update(published_at=datetime(2026, 1, 16)).where(Deliberation.supersedes.is_null()).execute()
    assert told(former) == [False] * 3
    Deliberation.update(published_at=datetime(2027, 1, 16)).execute()
    assert told(former) == [True] * 3
    assert "remplacé par" not in text(client.get(f"{root(cohort)}{later}/").text)
    other = client.get(f"{root(cohort)}{former}/extraits.pdf?inscription={cohort.participants[1]}")
    assert later not in Read(other.data).text()


def test_the_list_to_display_follows_the_rule_set_that_was_sealed(app: Flask, cohort: Cohort) -> None:
    rules = json.loads(people.Cohort.get_by_id(cohort.id).rule_set)
    people.Cohort.update(rule_set=json.dumps(rules | {"display_names": False})).execute()
    for place, key in enumerate(cohort.participants):
        CandidateNumber.create(enrolment=key, number=1000 + place)
    number = minutes.seal(AUTHOR, held(cohort), PROVIDER, printed, SEALED_AT)
    client = sign_in(app, "juror")
    found = Read(client.get(f"{root(cohort)}{number}/affichage.pdf").data).text()
    assert "1000 admis·e 1001 admis·e" in found
    assert "Arnaud" not in found
    assert "(sans noms)" in client.get(f"{root(cohort)}{number}/").text


@pytest.mark.parametrize("part", ["{}/", "{}.pdf", "{}.json", "{}/extraits.pdf", "{}/admis.pdf", "{}/affichage.pdf"])
def test_another_cohorts_minutes_unknown_ones_and_other_roles_are_turned_away(
    app: Flask, cohort: Cohort, two, part: str
) -> None:
    address = part.format(two[0])
    other = make_cohort("AUTRE-2025", 1)
    client = sign_in(app, "juror")
    assert client.get(root(other) + address).status_code == 404
    assert client.get(root(cohort) + part.format("PV-2026-0099")).status_code == 404
    assert client.get(f"/promotions/NULLE-PART/jury/pv/{address}").status_code == 404
    for role in ("reader", "tutor"):
        assert sign_in(app, role).get(root(cohort) + address).status_code == 403
    assert app.test_client().get(root(cohort) + address).status_code == 303
    assert client.post(root(cohort) + address, data={"csrf_token": csrf(client.get("/").text)}).status_code == 405


def asked(client: FlaskClient, number: str, typed: str, status: int = 200) -> str:
    answer = client.get(CHECK, query_string={"numero": number, "empreinte": typed})
    assert answer.status_code == status
    return text(answer.text)


def published() -> None:
    Deliberation.update(published_at=datetime(2027, 1, 16)).execute()


def test_anyone_checks_a_paper_by_number_and_digest_and_learns_nothing_else(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    published()
    client = app.test_client()
    good = digest(former)
    spread = " ".join(good[at : at + 8] for at in range(0, 64, 8)).upper()
    file = Minutes.get_by_id(former).pdf_digest
    for number, typed in ((former, good), (f" {former.lower()} ", spread), (former, file)):
        found = asked(client, number, typed)
        assert "Authentique." in found
        assert "Remplacé. Il a été corrigé depuis, pour une partie des personnes qu'il nomme" in found
        assert f"nomme : {later} , en vigueur" in found
    found = asked(client, later, digest(later))
    assert "Authentique." in found
    assert "Aucune correction publiée à ce jour ne le remplace." in found
    for secret in ("Arnaud", "Présidente", cohort.code, "admis", "Note mal", "essai"):
        assert secret not in found, secret


def test_what_is_not_authentic_gets_one_answer_whatever_is_wrong(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    client = app.test_client()
    answers = {
        asked(client, former, digest(later)).replace(digest(later), "x").replace(former, "n"),
        asked(client, "PV-2031-0001", digest(later)).replace(digest(later), "x").replace("PV-2031-0001", "n"),
        asked(client, former, "0" * 64).replace("0" * 64, "x").replace(former, "n"),
        asked(client, "PV-2031-0001", "0" * 64).replace("0" * 64, "x").replace("PV-2031-0001", "n"),
    }  # fmt: skip
    assert len(answers) == 1
    assert "Non authentique." in answers.pop()


@pytest.mark.parametrize(
    ("number", "typed", "told"),
    [
        ("PV-2026-1", "0" * 64, "s'écrit comme PV-2026-0001"), ("", "0" * 64, "s'écrit comme PV-2026-0001"),
        ("PV-²026-0001", "0" * 64, "s'écrit comme PV-2026-0001"), ("PV-2026-0001", "0" * 63, "63 sont donnés"),
        ("PV-2026-0001", "", "0 sont donnés"), ("PV-2026-0001", "0" * 63 + "o", "« o » n'en est pas"),
        ("PV-2026-0001", "<script>", "« < » n'en est pas"), ("PV-2026-0001", "١" * 64, "« ١ » n'en est pas"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_number_or_a_digest_is_refused_beside_the_field_and_kept(
    app: Flask, cohort: Cohort, number: str, typed: str, told: str
) -> None:
    answer = app.test_client().get(CHECK, query_string={"numero": number, "empreinte": typed})
    assert answer.status_code == 422
    assert told in text(answer.text)
    assert "<script>" not in answer.text.replace("<script src", "")
    if typed.isalnum():
        assert typed in answer.text


def test_a_code_read_from_a_paper_fills_in_the_number_and_waits_for_the_digest(app: Flask, cohort: Cohort) -> None:
    answer = app.test_client().get(f"{CHECK}?numero=PV-2026-0001")
    assert answer.status_code == 200
    assert 'value="PV-2026-0001"' in answer.text
    assert "error" not in answer.text.split("<form method=\"get\"")[1].split("</form>")[0]


def test_the_page_to_check_speaks_english_too(app: Flask, cohort: Cohort, two) -> None:
    published()
    client = app.test_client()
    client.post("/langue", data={"csrf_token": csrf(client.get(CHECK).text), "lang": "en", "suite": CHECK})
    found = asked(client, two[0], digest(two[0]))
    assert "Authentic." in found
    assert f"for some of the people whom they name: {two[1]} , in force" in found
    assert "Not authentic." in asked(client, two[0], "0" * 64)


def corrected(cohort: Cohort, former: str, *who: str) -> str:
    """Seal minutes that correct these for some of their people, and publish nothing."""
    one = held(cohort, *who, decision="resit", supersedes=Minutes.get_by_id(former).deliberation_id, year=2027)
    return minutes.seal(AUTHOR, one, PROVIDER, printed, SEALED_AT)


def test_the_whole_chain_is_named_up_to_what_is_in_force(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    last = corrected(cohort, later, cohort.participants[0])
    published()
    found = asked(app.test_client(), former, digest(former))
    assert f"pour une partie des personnes qu'il nomme : {later} , corrigé à son tour {last} , en vigueur" in found
    found = asked(app.test_client(), later, digest(later))
    assert f"pour toutes les personnes qu'il nomme : {last} , en vigueur" in found
    rest = corrected(cohort, former, *cohort.participants[1:])
    published()
    found = asked(app.test_client(), former, digest(former))
    assert "pour toutes les personnes qu'il nomme" in found
    assert f"nomme : {later} , corrigé à son tour {last} , en vigueur {rest} , en vigueur" in found


def test_a_correction_is_named_once_published_and_nothing_tells_of_it_before(app: Flask, cohort: Cohort, two) -> None:
    former, later = two
    client, alone = app.test_client(), Deliberation.supersedes.is_null()
    assert "Pas encore publié." in asked(client, former, digest(former))
    Deliberation.update(published_at=datetime(2026, 1, 16)).where(alone).execute()
    found = asked(client, former, digest(former))
    assert later not in found
    assert "Aucune correction publiée à ce jour ne le remplace." in found
    assert "Cette page ne nomme que les corrections publiées" in found
    assert "Pas encore publié" not in found
    last = corrected(cohort, later, cohort.participants[0])
    Deliberation.update(published_at=datetime(2027, 2, 1)).where(
        Deliberation.id == Minutes.get_by_id(last).deliberation_id
    ).execute()
    found = asked(client, former, digest(former))
    assert (later in found, f"{last} , en vigueur" in found) == (False, True)
    own = asked(client, later, digest(later))
    assert "Pas encore publié. Ses résultats ne sont pas publiés" in own
    assert f"{last} , en vigueur" in own


@pytest.mark.parametrize("dash", ["-", "–", "\u2011", "−", " - ", "\u202f", "", "\u00ad-"])
def test_what_is_copied_from_elsewhere_is_read(app: Flask, cohort: Cohort, two, dash: str) -> None:
    former = two[0]
    good = digest(former)
    copied = "\u200b" + dash.join(former.split("-")).lower() + "\u00a0"
    broken = "\r\n".join(good[at : at + 16] + "\u00ad" for at in range(0, 64, 16)).upper()
    assert "Authentique." in asked(app.test_client(), copied, broken)
    assert "Authentique." in asked(app.test_client(), copied, f"{good[:30]}\u2010\n{good[30:]}")


def test_an_address_that_is_wrong_too_often_waits_and_no_other(app: Flask, cohort: Cohort, two) -> None:
    former, client = two[0], app.test_client()
    asked(client, former, "0" * 64)
    FailedCheck.insert_many([{"address": "127.0.0.1"}] * (checking.LIMIT - 2)).execute()
    assert "Authentique." in asked(client, former, digest(former))
    assert "Non authentique." in asked(client, former, "0" * 64)
    for typed in (digest(former), "0" * 64):
        answer = client.get(CHECK, query_string={"numero": former, "empreinte": typed})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= checking.WINDOW.total_seconds()
        assert "Trop de vérifications sans succès depuis cette connexion : réessayez dans 15 min." in text(answer.text)
        assert "uthentique." not in text(answer.text)
        assert typed in answer.text
    assert client.get(CHECK).status_code == 200
    assert "12 sont donnés" in asked(client, former, "0" * 12, 422)
    other = client.get(CHECK, query_string={"numero": former, "empreinte": digest(former)},
                       environ_overrides={"REMOTE_ADDR": "192.0.2.7"})  # fmt: skip
    assert "Authentique." in text(other.text)
    FailedCheck.update(at=now() - checking.WINDOW).execute()
    assert "Authentique." in asked(client, former, digest(former))
    assert "Non authentique." in asked(client, former, "0" * 64)
    assert FailedCheck.select().count() == 1


def without_paper(cohort: Cohort) -> None:
    rules = json.loads(people.Cohort.get_by_id(cohort.id).rule_set)
    people.Cohort.update(rule_set=json.dumps(rules | {"paper_required": False}), title="Essai 2026", period="2026",
                         version=people.Cohort.version + 1).execute()  # fmt: skip


@pytest.mark.parametrize("paper", ["", "14"])
def test_a_paper_that_nobody_is_asked_for_has_no_column_unless_somebody_was_graded(
    app: Flask, cohort: Cohort, paper: str
) -> None:
    without_paper(cohort)
    for who in cohort.participants:
        jury.change(AUTHOR, who, {"grade-RSV206": "12", "grade-RSV207": "10"})
    jury.change(AUTHOR, cohort.participants[0], {"grade-paper": paper})
    with app.test_request_context():
        number = minutes.seal(AUTHOR, held(cohort), PROVIDER, blueprint.printed, SEALED_AT)
    client = sign_in(app, "juror")
    pages = [client.get(path).text for path in (f"{root(cohort)}{number}/", f"/promotions/{cohort.code}/jury/notes/",
                                                f"/promotions/{cohort.code}/jury/")]  # fmt: skip
    tables = [text(page.split(f'<table class="{name}"')[1].split("</thead>")[0])
              for page, name in zip(pages, ("decisions", "marks-grid"), strict=False)]  # fmt: skip
    papers = [Read(client.get(f"{root(cohort)}{number}{path}").data).text() for path in (".pdf", "/extraits.pdf")]
    assert [("Note de validation" in plain(found)) for found in (*tables, *papers)] == [bool(paper)] * 4
    assert ('class="cap">Note de validation' in plain(pages[2])) == bool(paper)
    for found in papers:
        assert "Essai 2026" in found
        assert "Essai 2026 · 2026" not in found
