"""Sessions of a jury on pages: prepared, opened, deliberated, closed, corrected; and who must never see them."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints.htmx import today as today_in_paris
from rules.rule_set import Honours
from store import (
    candidates,
    decisions,
    deliberations,
    jury,
    jury_members,
    minutes,
    people,
    rosters,
    tutoring,
    tutors,
)
from store.errors import Refused, Unknown
from store.models import Deliberation, JournalEntry, JuryMember
from tests import jury_sessions
from tests.jury_sessions import (
    AUTHOR,
    CHAIR,
    ORDER,
    OTHER,
    PASSED,
    TODAY,
    everybody_there,
    opened,
    passing,
    prepared,
    set_rules,
)
from tests.line_forms import line_form
from tests.pages import HTMX, csrf, make_app, sign_in
from tests.pages import plain as tied
from tests.papers import Read
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort

KEY = re.compile(r'name="form_key" value="([^"]+)"')


def plain(html: str) -> str:
    """Return what a page says, with plain spaces and signs."""
    return tied(unescape(html))


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


class Office:
    """Somebody at the pages of the sessions of a cohort."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.root = cohort, f"/promotions/{cohort.code}/jury/deliberations/"

    def get(self, path: str = "", **options: object) -> str:
        answer = self.client.get(self.root + path, **options)
        assert answer.status_code == 200, answer.text
        return plain(answer.text)

    def post(self, path: str, htmx: bool = False, page: str = "", **values: object) -> TestResponse:
        """Send a form of a page with its token; dashes of field names are written with two underscores."""
        html = self.client.get(self.root + page).text
        form = {name.replace("__", "-"): value for name, value in values.items()}
        return self.client.post(self.root + path, data={"csrf_token": csrf(html), **form}, headers=HTMX if htmx else {})


@pytest.fixture
def office(app: Flask, cohort: Cohort) -> Office:
    return Office(app, cohort)


# -- preparing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["admin", "coordinator", "juror"])
def test_a_session_is_prepared_named_and_opened(app: Flask, cohort: Cohort, role: str) -> None:
    office = Office(app, cohort, role)
    assert "6 dossiers ne sont dans aucun procès-verbal" in office.get()
    answer = office.post("", order_number="2025-12", order_date="02/06/2025", held_on="20/06/2025", place="21.2.32")
    key = Deliberation.get().id
    assert (answer.status_code, answer.location) == (303, f"{office.root}{key}/")
    assert "Personne ne préside le jury." in office.get(f"{key}/")
    refused = office.post(f"{key}/ouvrir")
    assert (refused.status_code, "préside" in refused.text) == (422, True)
    for name, president in ((CHAIR, "oui"), (OTHER, "non")):
        answer = office.post(f"{key}/membres/", name=name, quality="professeure", president=president)
        assert answer.status_code == 303
    assert "Rien ne manque : 6 dossiers seront appelés." in office.get(f"{key}/")
    answer = office.post(f"{key}/ouvrir", day_confirmed="2025-06-20")
    assert answer.location == f"{office.root}{key}/seance/"
    assert "Arnaud Inès" in office.get(f"{key}/seance/")
    listed = office.get()
    assert "ouverte" in listed
    assert f"{office.root}{key}/seance/" in listed


def test_a_bad_date_is_refused_and_what_was_typed_is_kept(office: Office) -> None:
    answer = office.post("", order_number="2025-12", order_date="le 2 juin", held_on="", place="Salle <b>")
    assert answer.status_code == 422
    assert 'value="le 2 juin"' in answer.text
    assert "Salle &lt;b&gt;" in answer.text
    assert 'aria-describedby="err-new-order_date"' in answer.text
    assert Deliberation.select().count() == 0


def faults(html: str, form: str) -> dict[str, str]:
    """Return what is said beside each field of a form."""
    found = re.findall(rf'<p class="error" id="err-{form}-(\w+)" role="alert">(.*?)</p>', html)
    return {name: unescape(why) for name, why in found}


def test_everything_that_is_wrong_of_a_session_is_told_at_once_beside_its_field(office: Office) -> None:
    typed = {"order_number": "7" * 300, "order_date": "le 2 juin", "held_on": "31/02/2025", "place": "Amphi"}
    answer = office.post("", **typed)
    said = faults(answer.text, "new")
    assert (answer.status_code, set(said)) == (422, {"order_number", "order_date", "held_on"})
    assert "le 2 juin" in said["order_date"]
    for name in said:
        assert re.search(rf'name="{name}" [^>]*aria-describedby="err-new-{name}"', answer.text), name
    for text in typed.values():
        assert f'value="{text}"' in answer.text
    key = prepared(office.cohort)
    seen = {f"seen__{name}": "" for name in typed}
    answer = office.post(f"{key}/modifier", **typed, **seen)
    assert (answer.status_code, set(faults(answer.text, "session"))) == (422, set(said))
    for text in typed.values():
        assert f'value="{text}"' in answer.text
    assert deliberations.session(office.cohort.id, key).place == "21.2.32"


def test_everything_that_is_wrong_of_a_member_is_told_at_once_beside_its_field(office: Office) -> None:
    key = prepared(office.cohort)
    typed = {"name": "Chloé Caron", "president": "oui", "convened_on": "hier", "account": "personne"}
    answer = office.post(f"{key}/membres/", **typed)
    assert (answer.status_code, set(faults(answer.text, "new"))) == (422, {"convened_on", "account"})
    assert re.search('id="nommer".*<option value="oui" selected>', answer.text, re.S)
    assert 'value="hier"' in answer.text
    member = jury_members.named(key)[0].id
    answer = office.post(f"{key}/membres/{member}/modifier", convened_on="hier", account="personne")
    assert (answer.status_code, set(faults(answer.text, str(member)))) == (422, {"convened_on", "account"})


def test_a_session_dated_far_from_the_day_it_opens_is_confirmed_first(office: Office) -> None:
    passing(office.cohort)
    key = prepared(office.cohort)
    html = office.get(f"{key}/")
    today = today_in_paris()
    said = f"Cette délibération est datée du 20/06/2025. Nous sommes le {today:%d/%m/%Y}, {(today - TODAY).days} jours"
    assert said in html
    for typed in ({}, {"day_confirmed": "2025-06-21"}, {"day_confirmed": "oui"}):
        answer = office.post(f"{key}/ouvrir", htmx=False, **typed)
        [why] = faults(answer.text, "open").values()
        assert (answer.status_code, "datée du 20/06/2025" in why, f"{today:%d/%m/%Y}" in why) == (422, True, True)
    assert deliberations.session(office.cohort.id, key).state == "prepared"
    assert office.post(f"{key}/ouvrir", htmx=False, day_confirmed="2025-06-20").status_code == 303
    assert deliberations.session(office.cohort.id, key).state == "open"


@pytest.mark.parametrize("days", [0, -1, 3, -3])
def test_a_session_of_these_days_opens_without_a_question(office: Office, days: int) -> None:
    day = today_in_paris() + timedelta(days=days)
    key = prepared(office.cohort)
    deliberations.change(AUTHOR, key, {"held_on": day.isoformat()})
    assert "day_confirmed" not in office.get(f"{key}/")
    assert office.post(f"{key}/ouvrir").status_code == 303


def test_the_order_and_the_day_are_changed_and_two_people_are_told(office: Office) -> None:
    key = prepared(office.cohort)
    seen = {"seen__place": "21.2.32", "seen__held_on": "20/06/2025"}
    assert office.post(f"{key}/modifier", place="Amphi", held_on="20/06/2025", **seen).status_code == 303
    assert deliberations.session(office.cohort.id, key).place == "Amphi"
    late = office.post(f"{key}/modifier", place="Salle 4", held_on="20/06/2025", **seen)
    assert late.status_code == 409
    assert "Amphi" in late.text
    assert 'value="Salle 4"' in late.text
    bad = office.post(f"{key}/modifier", held_on="32/06/2025", **seen)
    assert (bad.status_code, 'value="32/06/2025"' in bad.text) == (422, True)


def test_members_are_changed_recorded_as_present_and_taken_out(office: Office) -> None:
    key = prepared(office.cohort, TUTORS[0])
    html = office.get(f"{key}/")
    assert html.count('id="membre-') == 3
    assert f'<option value="{TUTORS[0]}" selected>' in html
    member = next(one for one in jury_members.named(key) if one.name == OTHER)
    path = f"{key}/membres/{member.id}/"
    assert office.post(f"{path}modifier", present="oui", seen__present="").status_code == 303
    assert jury_members.values(key, member.id)["present"] == "oui"
    overtaken = office.post(f"{path}modifier", present="non", seen__present="")
    assert overtaken.status_code == 409
    wrong = office.post(f"{path}modifier", account="personne@exemple.fr", seen__account="")
    assert (wrong.status_code, "Personne ne se connecte" in wrong.text) == (422, True)
    twice = office.post(f"{key}/membres/", name=CHAIR.upper())
    assert (twice.status_code, "siège déjà" in twice.text) == (422, True)
    assert office.post(f"{path}retirer").status_code == 303
    assert JuryMember.select().count() == 2


def test_everybody_is_convened_and_there_at_once_but_whom_something_else_was_said_of(office: Office) -> None:
    key = prepared(office.cohort, "Chloé Caron")
    first = jury_members.named(key)[0].id
    jury_members.change(AUTHOR, key, first, {"present": "non", "convened_on": "2025-06-01"})
    wrong = office.post(f"{key}/membres/tous", convened_on="demain")
    assert (wrong.status_code, 'value="demain"' in wrong.text) == (422, True)
    assert office.post(f"{key}/membres/tous", convened_on="10/06/2025").status_code == 303
    assert "Noté pour 2 membres." in office.get(f"{key}/")
    assert office.post(f"{key}/membres/tous", convened_on="", present="oui").status_code == 303
    found = [(one.present, str(one.convened_on)) for one in jury_members.named(key)]
    assert found == [(False, "2025-06-01"), (True, "2025-06-10"), (True, "2025-06-10")]


def test_a_form_sent_twice_names_somebody_once(office: Office) -> None:
    key = prepared(office.cohort)
    form_key = KEY.search(office.client.get(f"{office.root}{key}/").text)[1]
    for _ in range(2):
        assert office.post(f"{key}/membres/", name="Chloé Caron", form_key=form_key).status_code == 303
    assert [one.name for one in jury_members.named(key)] == [CHAIR, OTHER, "Chloé Caron"]


# -- whose it is -----------------------------------------------------------------------------------------


def test_what_is_of_another_cohort_is_not_found(app: Flask, cohort: Cohort) -> None:
    office, elsewhere = Office(app, cohort), make_cohort("AUTRE-2025")
    key = opened(elsewhere)
    member = jury_members.named(key)[0].id
    for path in ("", "seance/", f"seance/{elsewhere.participants[0]}/", "cloture/", "correction/"):
        assert office.client.get(f"{office.root}{key}/{path}").status_code == 404, path
    for path in ("modifier", "ouvrir", "abandonner", "membres/", "membres/tous", f"membres/{member}/modifier",
                 f"membres/{member}/retirer", f"seance/{elsewhere.participants[0]}/", "cloture/",
                 "correction/"):  # fmt: skip
        assert office.post(f"{key}/{path}").status_code == 404, path
    mine = opened(cohort)
    assert office.client.get(f"{office.root}{mine}/seance/{elsewhere.participants[0]}/").status_code == 404
    assert office.post(f"{mine}/seance/{elsewhere.participants[0]}/", decision="resit").status_code == 404
    assert office.post(f"{mine}/membres/{member}/modifier", name="X", seen__name="Y").status_code == 404
    assert office.post(f"{mine}/membres/{member}/retirer").status_code == 404
    assert office.client.get(f"{office.root}999999/").status_code == 404


@pytest.mark.parametrize("role", ["reader", "tutor"])
def test_nothing_of_a_session_reaches_who_is_not_of_the_jury(app: Flask, cohort: Cohort, role: str) -> None:
    passing(cohort)
    key = opened(cohort)
    candidates.decide(AUTHOR, key, cohort.participants[0], {"decision": "admitted", "remark": "CANARI-REMARQUE"})
    client = sign_in(app, role)
    root = f"/promotions/{cohort.code}/jury/"
    for path in (f"deliberations/{key}/", f"deliberations/{key}/seance/", f"deliberations/{key}/cloture/",
                 f"dossiers/{cohort.participants[0]}/", "deliberations/"):  # fmt: skip
        assert client.get(root + path).status_code == 403, path
    for page in ("/", f"/promotions/{cohort.code}/", f"/promotions/{cohort.code}/participants/",
                 f"/promotions/{cohort.code}/historique/enrolment/{cohort.participants[0]}/"):  # fmt: skip
        html = client.get(page).text
        assert "CANARI" not in html, page
        assert "/jury/deliberations/" not in html, page


# -- the jury at work, as plain forms --------------------------------------------------------------------


def seance(office: Office, key: int, place: int = 0) -> str:
    return f"{key}/seance/{office.cohort.participants[place]}/"


def test_decisions_are_taken_one_after_the_other(office: Office) -> None:
    passing(office.cohort)
    key = opened(office.cohort)
    first, second = office.cohort.participants[:2]
    answer = office.post(seance(office, key), decision="admitted", seen__decision="", remark="Bien.", seen__remark="",
                         go=second)  # fmt: skip
    assert answer.location == f"{office.root}{key}/seance/{second}/"
    assert deliberations.session(office.cohort.id, key).at_enrolment == second
    assert "Arnaud Inès : admis·e, enregistré. 5 à décider." in plain(office.client.get(answer.location).text)
    line = candidates.lines(office.cohort.id, key, TODAY)[0]
    assert (line.id, line.decision, line.remark) == (first, "admitted", "Bien.")


def test_a_change_asks_its_reason_in_the_page_and_keeps_what_was_typed(office: Office) -> None:
    key = opened(office.cohort)
    candidates.decide(AUTHOR, key, office.cohort.participants[0], {"decision": "admitted"})
    sent = {"seen__decision": "admitted", "seen__remark": "", "remark": "En cours"}
    for htmx in (False, True):
        asked = office.post(seance(office, key), htmx, decision="resit", **sent)
        assert asked.status_code == 422
        assert "De « admis·e » à « rattrapage » : indiquez le motif." in plain(asked.text)
        assert 'name="wanted" value="resit"' in asked.text
        assert "En cours</textarea>" in asked.text
    kept = office.post(seance(office, key), act="cancel", wanted="resit", **sent)
    assert kept.status_code == 303
    assert jury.held(office.cohort.participants[:1])[office.cohort.participants[0]]["decision"] == "admitted"
    assert office.post(seance(office, key), wanted="resit", reason="Erreur.", **sent).status_code == 303
    line = candidates.lines(office.cohort.id, key, TODAY)[0]
    assert (line.decision, line.reason, line.remark) == ("resit", "Erreur.", "En cours")
    back = office.post(seance(office, key), decision="none", reason="À revoir.", seen__decision="resit")
    assert back.status_code == 303
    assert candidates.lines(office.cohort.id, key, TODAY)[0].decision == ""


def test_a_decision_taken_meanwhile_by_another_screen_is_said(office: Office) -> None:
    key = opened(office.cohort)
    candidates.decide(AUTHOR, key, office.cohort.participants[0], {"decision": "admitted"})
    late = office.post(seance(office, key), True, decision="resit", reason="Motif.", seen__decision="")
    assert late.status_code == 409
    assert "un autre écran a mis « admis·e »" in plain(late.text)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"decision": "peut-être"}, "n'est pas dans la liste"),
     ({"remark": "Sans décision", "seen__remark": ""}, "Prenez"),
     ({"honours": "très bien", "seen__honours": ""}, "n'est pas dans la liste")],
)  # fmt: skip
def test_what_is_wrong_of_an_act_is_said_beside_it(office: Office, values: dict, field: str) -> None:
    key = opened(office.cohort)
    answer = office.post(seance(office, key), seen__decision="", **values)
    assert answer.status_code == 422
    assert field in plain(answer.text)
    assert 'role="alert"' in answer.text


def test_a_mention_that_the_rule_set_names_no_more_stays_until_the_jury_takes_it_off(office: Office) -> None:
    set_rules(office.cohort, honours=(Honours("bien", Decimal(14)),))
    passing(office.cohort)
    key, who = opened(office.cohort), office.cohort.participants[0]
    candidates.decide(AUTHOR, key, who, {"decision": "admitted", "honours": "bien"})
    set_rules(office.cohort, honours=(Honours("assez bien", Decimal(12)),))
    assert '<option value="bien" selected>' in office.get(seance(office, key))
    seen = {"seen__decision": "admitted", "seen__honours": "bien", "seen__remark": ""}
    assert office.post(seance(office, key), honours="bien", remark="Vu.", **seen).status_code == 303
    assert jury.held([who])[who]["honours"] == "bien"
    seen["seen__remark"] = "Vu."
    assert office.post(seance(office, key), honours="", remark="Vu.", **seen).status_code == 303
    assert jury.held([who])[who]["honours"] == ""
    assert "bien</option>" not in office.get(seance(office, key)).replace("assez bien", "")


def test_an_open_page_learns_what_moved_and_only_then(office: Office) -> None:
    key = opened(office.cohort)
    path = seance(office, key)
    html = office.get(path)
    version = re.search(r'data-version="(\d+)"', html)[1]
    assert office.client.get(f"{office.root}{path}?v={version}", headers=HTMX).status_code == 204
    candidates.stand_at(key, office.cohort.participants[2])
    answer = office.client.get(f"{office.root}{path}?v={version}", headers=HTMX)
    assert answer.status_code == 200
    assert f'data-at="{office.cohort.participants[2]}"' in answer.text
    assert "<html" not in answer.text


def test_a_member_who_followed_is_marked_and_steps_out(office: Office) -> None:
    tutoring.change(PAGE, tutoring.beside(office.cohort.participants[0])[1], {"tutor": TUTORS[0]})
    key = opened(office.cohort, TUTORS[0])
    assert f"A suivi cette note et siège au jury : {TUTORS[0]}." in office.get(seance(office, key))
    assert "siège au jury" not in office.get(seance(office, key, 1))
    assert f"Siège au jury et suit cette note : {TUTORS[0]}." in plain(
        office.client.get(f"/promotions/{office.cohort.code}/jury/dossiers/{office.cohort.participants[0]}/").text
    )
    assert office.post(seance(office, key), out=TUTORS[0]).status_code == 303
    assert "Retrait noté : Claire Fontaine." in office.get(seance(office, key))
    assert office.post(seance(office, key), out="Inconnue").status_code == 404


def test_somebody_who_leaves_while_the_jury_stands_at_them_stops_nobody(office: Office) -> None:
    key = opened(office.cohort)
    people.remove(PAGE, office.cohort.participants[0])
    assert "Bernard Théo" in office.get(f"{key}/seance/")


# -- closing and correcting ------------------------------------------------------------------------------


def test_a_session_is_closed_once_nothing_prevents_it(office: Office) -> None:
    passing(office.cohort)
    key = opened(office.cohort)
    html = office.get(f"{key}/cloture/")
    assert "8 points empêchent de clore" in html
    assert "La présence de Anne Aubry n'est pas relevée." in html
    refused = office.post(f"{key}/cloture/")
    assert refused.status_code == 422
    everybody_there(key)
    jury_of = office.cohort.participants
    for who in jury_of[:-1]:
        candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    rosters.change(PAGE, jury_of[0], dict.fromkeys(office.cohort.half_days, "A"))
    candidates.decide(AUTHOR, key, jury_of[-1], {"decision": "resit"})
    html = office.get(f"{key}/cloture/")
    assert "Rien n'empêche de clore." in html
    assert "1 décision ne suit plus sa proposition, qui a changé depuis : Arnaud Inès." in html
    answer = office.post(f"{key}/cloture/")
    assert answer.location == f"/promotions/{office.cohort.code}/jury/pv/PV-2025-0001/"
    assert office.client.get(answer.location).status_code == 200
    assert minutes.contents("PV-2025-0001")["counts"]["resit"] == 1
    for path in ("", "cloture/", "seance/"):
        assert "PV-2025-0001" in office.get(f"{key}/{path}") or "n'est pas ouverte" in office.get(f"{key}/{path}")
    assert office.post(f"{key}/modifier", place="X", seen__place="21.2.32").status_code == 422
    assert office.post(seance(office, key), decision="resit", reason="X", seen__decision="admitted").status_code == 422


def test_a_mention_that_was_proposed_and_not_given_is_seen_before_closing(office: Office) -> None:
    set_rules(office.cohort, honours=(Honours("bien", Decimal(14)),))
    passing(office.cohort)
    key, (first, second) = opened(office.cohort), office.cohort.participants[:2]
    candidates.decide(AUTHOR, key, first, {"decision": "admitted"})
    candidates.decide(AUTHOR, key, second, {"decision": "admitted", "honours": "bien"})
    assert office.get(f"{key}/cloture/").count("mention proposée : bien") == 1


def test_two_candidates_of_the_same_name_are_each_one_step_away(office: Office) -> None:
    first = office.cohort.participants[0]
    second = people.create(PAGE, office.cohort.id, {"last_name": "Arnaud", "first_name": "Inès"})
    key = opened(office.cohort)
    html = office.get(f"{key}/cloture/")
    for who in (first, second):
        assert f'<li><a href="{office.root}{key}/seance/{who}/">' in html


def closed(office: Office) -> int:
    passing(office.cohort)
    key = opened(office.cohort)
    everybody_there(key)
    for who in office.cohort.participants:
        candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    office.post(f"{key}/cloture/")
    return key


def test_sealed_minutes_are_corrected_by_another_session(office: Office) -> None:
    key, who = closed(office), office.cohort.participants[1]
    html = office.get(f"{key}/correction/")
    assert html.count('name="enrolment"') == 6
    for values, said in (({"reason": "Note mal recopiée."}, "Choisissez"), ({"enrolment": who}, "motif est demandé")):
        answer = office.post(f"{key}/correction/", **values)
        assert (answer.status_code, said in plain(answer.text)) == (422, True)
    assert f'value="{who}" checked' in answer.text
    answer = office.post(f"{key}/correction/", enrolment=[who], reason="Note mal recopiée.")
    later = Deliberation.select().order_by(Deliberation.id.desc()).get()
    assert (answer.location, later.supersedes_id) == (f"{office.root}{later.id}/", key)
    html = office.get(f"{later.id}/")
    assert "Cette délibération corrige PV-2025-0001" in html
    assert "Le jour de la délibération n'est pas indiqué." in html
    office.post(f"{later.id}/modifier", held_on="01/07/2025", seen__held_on="")
    office.post(f"{later.id}/ouvrir", day_confirmed="2025-07-01")
    assert "décision du procès-verbal corrigé : à confirmer" in office.get(f"{later.id}/seance/{who}/")
    assert "1 décision du procès-verbal corrigé sera reprise telle quelle" in office.get(f"{later.id}/cloture/")
    jury.change(PAGE, who, {"grade-paper": "8"})
    dossier = plain(office.client.get(f"/promotions/{office.cohort.code}/jury/dossiers/{who}/").text)
    assert "Une correction est ouverte" in dossier
    assert "PV-2025-0001" in dossier
    assert "La proposition a changé depuis la décision" in dossier
    # Taken again, it is the decision that is recorded now that is held against the proposal.
    candidates.decide(AUTHOR, later.id, who, {"decision": "adjourned"}, "La note est 8.")
    dossier = plain(office.client.get(f"/promotions/{office.cohort.code}/jury/dossiers/{who}/").text)
    assert "La proposition a changé depuis la décision" not in dossier
    assert office.post(f"{later.id}/abandonner").status_code == 303
    assert jury.held([who])[who]["grade-paper"] == "14.5"
    assert "Abandonnée" in office.get(f"{later.id}/")
    assert office.client.get(f"{office.root}{later.id}/correction/").status_code == 404


def test_the_line_of_a_candidate_does_not_change_a_decision_while_the_jury_sits(office: Office) -> None:
    who = office.cohort.participants[0]
    key = opened(office.cohort)
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    page = f"/promotions/{office.cohort.code}/jury/"
    html = office.client.get(page).text
    assert "Reprendre la séance" in html
    form = {"csrf_token": csrf(html), "decision": "resit", "seen-decision": "admitted"}
    answer = office.client.post(page + who, data=form, headers=HTMX)
    assert (answer.status_code, "demande un motif" in answer.text) == (422, True)


def test_a_tutor_entered_while_the_jury_sits_is_marked_on_the_line_at_once(office: Office) -> None:
    key, who = opened(office.cohort, "Nadia Tardive"), office.cohort.participants[0]
    page, dossier = f"{key}/seance/{who}/", f"/promotions/{office.cohort.code}/jury/dossiers/{who}/"
    said = "A suivi cette note et siège au jury : Nadia Tardive."
    assert said not in plain(office.get(page))
    tutors.add(PAGE, office.cohort.id, {"name": "Tardive Nadia"})
    tutoring.change(PAGE, tutoring.beside(who)[1], {"tutor": "Tardive Nadia"})
    assert said in plain(office.get(page))
    assert "Siège au jury et suit cette note : Nadia Tardive." in plain(office.client.get(dossier).text)


# -- what waits for a jury -------------------------------------------------------------------------------


def test_lines_of_a_jury_say_which_are_sealed_and_stop_while_they_are_corrected(office: Office) -> None:
    key, who = closed(office), office.cohort.participants[0]
    address, said = f"/promotions/{office.cohort.code}/jury/", '· <b class="tag sealed">scellé</b>'
    html = office.client.get(address).text
    assert plain(html).count(said) == 6
    form = {"csrf_token": csrf(html), "grade-paper": "8", "seen-grade-paper": "14.5"}
    refused = office.client.post(f"{address}{who}", data=form, headers=HTMX)
    assert (refused.status_code, plain(refused.text).count(said)) == (422, 1)
    assert "« 8 » n'est pas enregistré" in plain(refused.text)
    assert line_form(html, "data-dossier", who) == {}
    assert "6 dossiers sont dans un procès-verbal" in plain(html)
    later = deliberations.supersede(AUTHOR, key, "Note mal recopiée.", [who])
    deliberations.change(AUTHOR, later, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, later)
    html = office.client.get(address).text
    assert plain(html).count(said) == 5
    assert line_form(html, "data-dossier", who)["grade-paper"] == "14,5"


def test_what_waits_for_the_jury_is_on_its_home_page(app: Flask, cohort: Cohort) -> None:
    client = sign_in(app, "juror")
    assert "Jurys" not in client.get("/").text
    passing(cohort)
    key = opened(cohort)
    candidates.decide(AUTHOR, key, cohort.participants[0], {"decision": "admitted"})
    html = client.get("/").text
    assert f"/promotions/{cohort.code}/jury/deliberations/{key}/seance/" in html
    assert "1 décidé·es sur 6" in html
    jury.change(PAGE, cohort.participants[0], {"grade-paper": "8"})
    assert "1 décision que sa proposition ne suit plus" in client.get("/").text
    jury.change(PAGE, cohort.participants[0], {"grade-paper": PASSED["grade-paper"]})
    assert "que sa proposition ne suit plus" not in client.get("/").text
    assert "délibération ouverte" not in sign_in(app, "reader").get("/").text


def test_the_journal_tells_a_session_in_words(app: Flask, cohort: Cohort) -> None:
    key = opened(cohort)
    deliberations.change(AUTHOR, key, {"place": "Amphi"})
    html = plain(sign_in(app, "admin").get("/journal/").text)
    assert "2025-12, 20/06/2025 · TEST-2025" in html
    assert f"{CHAIR} · TEST-2025" in html
    assert JournalEntry.select().where(JournalEntry.kind == "deliberation").count() >= 3
    assert ORDER["place"] in html


def test_the_journal_says_that_a_session_is_closed_in_the_words_of_sessions(office: Office) -> None:
    closed(office)
    found = plain(re.sub(r"<[^>]+>", " ", office.client.get("/journal/").text))
    assert re.search(r"État :\s+ouverte\s+→\s+close\b", found)
    assert "terminé" not in found


@pytest.mark.parametrize(
    ("path", "told"),
    [("modifier", "elle ne change plus"), ("membres/", "ne change plus"), ("membres/tous", "ne change plus"),
     ("membres/{member}/modifier", "ne change plus"), ("membres/{member}/retirer", "ne change plus"),
     ("ouvrir", "déjà été ouverte"), ("abandonner", "déjà terminée"), ("cloture/", "est close")],
)  # fmt: skip
def test_whatever_is_sent_to_a_closed_session_is_refused_with_why(office: Office, path: str, told: str) -> None:
    key = closed(office)
    before = minutes.text(minutes.listed(office.cohort.id)[0].number)
    member = JuryMember.select(JuryMember.id).where(JuryMember.deliberation == key).limit(1).scalar()
    values = {"held_on": "01/01/2020", "name": "Quelqu'un", "quality": "", "president": "non", "present": "oui"}
    answer = office.post(f"{key}/{path.format(member=member)}", **values)
    assert answer.status_code == 422
    assert re.search(rf'class="(?:error|warning)"[^>]*>[^<]*{told}', plain(answer.text))
    assert minutes.text(minutes.listed(office.cohort.id)[0].number) == before


def test_no_candidate_waiting_is_said_in_words(app: Flask, cohort: Cohort) -> None:
    client, url = sign_in(app, "coordinator"), f"/promotions/{cohort.code}/jury/deliberations/"
    assert "6 dossiers ne sont dans aucun procès-verbal" in plain(client.get(url).text)
    jury_sessions.closed(cohort)
    found = plain(client.get(url).text)
    assert "Aucun dossier n'attend de procès-verbal" in found.replace("&#39;", "'")
    assert "0 dossier" not in found


# -- why a decision departs from its proposal -------------------------------------------------------------


def sit(office: Office) -> tuple[str, str]:
    """Open a session whose first candidate is proposed to be admitted; return its page and their enrolment."""
    passing(office.cohort)
    key, first = opened(office.cohort), office.cohort.participants[0]
    everybody_there(key)
    return f"{key}/seance/{first}/", first


def test_a_first_decision_that_departs_offers_a_reason_and_asks_for_none(office: Office) -> None:
    page, first = sit(office)
    assert 'name="why"' not in office.get(page)
    office.post(page, decision="admitted", seen__decision="")
    assert 'name="why"' not in office.get(page)
    second = f"{page.partition('seance/')[0]}seance/{office.cohort.participants[1]}/"
    answer = office.post(second, htmx=True, decision="adjourned", seen__decision="")
    assert answer.status_code == 200, "nothing is asked"
    assert "Elle s'écarte de la proposition : le motif peut être noté, touche E." in plain(answer.text)
    assert 'name="why"' in office.get(second)
    closing = page.partition("seance/")[0] + "cloture/"
    said = "1 décision s'écarte de sa proposition sans motif noté, ce qui est permis : Bernard Théo."
    assert said in office.get(closing)
    answer = office.post(second, act="save", why="Deux absences\r\nà l'oral", seen__why="", seen__decision="adjourned")
    assert answer.status_code == 303
    kept = decisions.recorded(office.cohort.participants[1])
    assert (kept.decision, kept.reason) == ("adjourned", "Deux absences\nà l'oral")
    entry = JournalEntry.select().where(JournalEntry.field == "reason").get()
    assert (entry.kind, entry.object_id, entry.after) == ("dossier", office.cohort.participants[1], kept.reason)
    assert "sans motif noté" not in office.get(closing)
    dossier = office.client.get(f"/promotions/{office.cohort.code}/jury/dossiers/{office.cohort.participants[1]}/").text
    assert "Motif de la décision : Deux absences" in plain(dossier)


def test_a_reason_that_was_offered_is_taken_back_and_one_that_was_asked_for_is_not(office: Office) -> None:
    page, first = sit(office)
    office.post(page, decision="adjourned", seen__decision="")
    office.post(page, act="save", why="Une erreur", seen__why="")
    overtaken = office.post(page, htmx=True, act="save", why="Autre", seen__why="")
    assert overtaken.status_code == 409
    assert "Une erreur" in plain(overtaken.text)
    assert ">\nAutre</textarea>" in overtaken.text
    assert office.post(page, act="save", why="", seen__why="Une erreur").status_code == 303
    assert decisions.recorded(first).reason == ""
    office.post(page, decision="resit", seen__decision="adjourned", reason="Une épreuve manque")
    assert decisions.recorded(first).reason == "Une épreuve manque"
    refused = office.post(page, htmx=True, act="save", why=" ", seen__why="Une épreuve manque")
    assert refused.status_code == 422
    assert "son motif se réécrit, sans s'effacer" in plain(refused.text)
    office.post(page, act="save", why="L'épreuve orale manque", seen__why="Une épreuve manque")
    assert decisions.recorded(first).reason == "L'épreuve orale manque"
    typed = office.post(page, htmx=True, decision="admitted", seen__decision="resit", why="Retrouvée",
                        seen__why="L'épreuve orale manque")  # fmt: skip
    assert typed.status_code == 422, "a change still asks"
    assert 'name="reason" value="Retrouvée"' in typed.text


@pytest.mark.parametrize(("why", "status"), [("x" * 100_000, 422), ("<b>", 303)])
def test_a_reason_is_a_text_like_another(office: Office, why: str, status: int) -> None:
    page, first = sit(office)
    office.post(page, decision="adjourned", seen__decision="")
    answer = office.post(page, act="save", why=why, seen__why="")
    assert answer.status_code == status
    assert decisions.recorded(first).reason == ("" if status != 303 else why)
    html = office.client.get(office.root + page).text
    assert (status == 303) == ("&lt;b&gt;</textarea>" in html)
    assert "\n<b></textarea>" not in html


def test_a_reason_without_a_decision_or_out_of_session_is_refused(office: Office) -> None:
    page, first = sit(office)
    refused = office.post(page, htmx=True, act="save", why="Trop tôt", seen__why="")
    assert refused.status_code == 422
    assert "Prenez d'abord la décision" in plain(refused.text)
    key = int(page.partition("/")[0])
    with pytest.raises(Unknown):
        candidates.explain(AUTHOR, key, "P-INCONNU", "Pourquoi")
    deliberations.abandon(AUTHOR, key)
    with pytest.raises(Refused):
        candidates.explain(AUTHOR, key, first, "Trop tard")


def test_a_reason_is_printed_in_the_minutes_and_the_extract(office: Office) -> None:
    page, first = sit(office)
    key = int(page.partition("/")[0])
    for who in office.cohort.participants:
        candidates.decide(AUTHOR, key, who, {"decision": "adjourned" if who == first else "admitted"})
    candidates.explain(AUTHOR, key, first, "Écrit rendu hors délai")
    number = office.post(f"{key}/cloture/").location.rstrip("/").rpartition("/")[2]
    pv = f"/promotions/{office.cohort.code}/jury/pv/{number}"
    assert "Écrit rendu hors délai" in plain(office.client.get(f"{pv}/").text)
    for path in (".pdf", f"/extraits.pdf?inscription={first}"):
        assert "Motif de la décision : Écrit rendu hors délai" in plain(Read(office.client.get(pv + path).data).text())
    other = office.client.get(f"{pv}/extraits.pdf?inscription={office.cohort.participants[1]}").data
    assert "hors délai" not in Read(other).text()
    client = office.client
    client.post("/langue", data={"csrf_token": csrf(client.get("/").text), "lang": "en", "suite": "/"})
    found = plain(client.get(f"{pv}/").text)
    assert "as sealed, in French" in found
    assert '<span lang="fr">Écrit rendu hors délai</span>' in found
