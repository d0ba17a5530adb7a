"""The page « Connecter un classeur »: what is asked, chosen, accepted and undone, by whom."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from store import adoptions, agreement, bindings, mappings
from store.models import Adoption
from store.models.base import now
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.sync_bench import Cohort, make_cohort

BOOK = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
PAGE = "/synchronisation/connecter/"
ACCOUNT = {
    "client_email": "passerelle@projet.example", "token_uri": "https://oauth2.test/token",
    "private_key": "-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----",
}  # fmt: skip


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url, service_account_json=json.dumps(ACCOUNT))


def guess(column: int, header: str, field: str = "", **more: Any) -> dict[str, Any]:
    return {"column": column, "letter": "ABCDEFGH"[column], "header": header, "text": header, "field": field,
            "score": 90, "reason": f"« {header} » ressemble", "others": [], "samples": ["Martin"],
            "matrix": False} | more  # fmt: skip


def proposal(cohort: Cohort) -> dict[str, Any]:
    """Return what a worker may propose for a book of three tabs."""
    people = {"kind": "participants", "header_row": 3, "header_lines": 1, "score": 5, "name_order": "",
              "order_reason": "", "trouble": "", "columns": [
                  guess(0, "NOM", "last_name"), guess(1, "Prénon", "first_name"), guess(2, "Mail", "email"),
                  guess(3, "Mail 2", others=["email"]), guess(4, "Remarques")]}  # fmt: skip
    marks = {"kind": "attendance", "header_row": 0, "header_lines": 1, "score": 5, "name_order": "last_first",
             "order_reason": "le nom d'abord", "trouble": "", "columns": [
                 guess(0, "Stagiaire", "full_name"), guess(1, "20/01 AM", cohort.half_days[0], matrix=True),
                 guess(2, "14/02", others=cohort.half_days[2:4], matrix=True)]}  # fmt: skip
    names = [["full_name", "Nom et prénom"], ["last_name", "Nom"], ["first_name", "Prénom"]]
    keys = [["last_name", "first_name"], ["full_name"]]
    kinds = {
        "participants": {"label": "Participants", "fields": [*names, ["email", "Courriel"]], "keys": keys,
                         "matrix": False},
        "attendance": {"label": "Présences", "fields": names, "keys": keys, "matrix": True},
    }
    tab = {"reason": "en-têtes à la ligne 4", "doubts": [], "taken": False}
    return {
        "title": "Promo 2025", "kinds": kinds, "half_days": [[key, f"jour {key}"] for key in cohort.half_days],
        "tabs": [
            tab | {"sheet_id": 1, "title": "Liste", "kind": "participants", "doubts": ["Deux mails."],
                   "readings": {"participants": people, "attendance": marks}},
            tab | {"sheet_id": 2, "title": "Appel", "kind": "attendance", "readings": {"attendance": marks}},
            tab | {"sheet_id": 3, "title": "Divers", "kind": "", "readings": {"participants": people}},
        ],
    }  # fmt: skip


def preview(**more: Any) -> dict[str, Any]:
    line = {"tab": "Liste", "address": "B5", "label": "Germain Sophie"}
    lines = {
        "created": [line | {"text": "Germain · Sophie"} for _ in range(12)],
        "changed": [line | {"before": "", "after": "0611"}], "conflicts": [line | {"local": "06", "remote": "07"}],
        "refused": [line | {"typed": "?", "reason": "Ce n'est pas une présence."}],
    }  # fmt: skip
    counts = {"created": 340, "changed": 1, "conflicts": 1, "refused": 1, "rows": 0}
    return {"problems": [], "warnings": ["Le filtre ne couvre pas tout."], "counts": counts, "lines": lines,
            "agreed": 23, "ids": 6, "digest": "x", "note": ""} | more  # fmt: skip


def worker_proposes(cohort: Cohort, **more: Any) -> adoptions.Step:
    """Play the worker that read the book."""
    [key] = adoptions.waiting()
    found, offer = adoptions.claim(key), proposal(cohort)
    adoptions.proposed(found, "Promo 2025", offer, found.mapping or mappings.proposed(offer), preview(**more))
    return adoptions.step(key)


def ask(client: Any, cohort: Cohort, link: str = BOOK, **more: str) -> Any:
    data = {"csrf_token": csrf(client.get(PAGE).text), "link": link, "cohort": cohort.code} | more
    return client.post(PAGE, data=data)


def form(client: Any, step: adoptions.Step, **more: str) -> dict[str, str]:
    """Return the form of the page as a browser would send it back, some of its fields changed."""
    html = client.get(f"{PAGE}{step.id}").text
    part = html[html.index('<form method="post"') :]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', part[: part.index("</form>")]))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', part, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', options)[1]
    return fields | more


@pytest.fixture
def client(app: Flask) -> Any:
    return sign_in(app, "coordinator")


@pytest.fixture
def step(client: Any, cohort: Cohort) -> adoptions.Step:
    """Give an adoption that waits for the office's choices."""
    ask(client, cohort)
    return worker_proposes(cohort)


# -- asking -------------------------------------------------------------------------------------


def test_the_page_says_with_which_address_to_share(client: Any, cohort: Cohort) -> None:
    html = client.get(PAGE).text
    assert "passerelle@projet.example" in html
    assert f'<option value="{cohort.code}"' in html
    assert PAGE in client.get("/synchronisation/").text


def test_a_link_is_asked_for_and_only_its_id_is_kept(client: Any, cohort: Cohort) -> None:
    answer = ask(client, cohort, f"https://docs.google.com/spreadsheets/d/{BOOK}/edit?usp=sharing#gid=7")
    [row] = adoptions.listed()
    assert (answer.status_code, answer.location) == (303, f"{PAGE}{row[0]}")
    assert (row[2], row[3], row[4], row[6]) == (BOOK, "staff", "asked", "Coordinator")
    html = client.get(answer.location).text
    assert "Lecture du classeur" in html
    assert 'hx-trigger="every 1s"' in html
    assert "Actualiser" in html
    assert "usp=sharing" not in html


def test_the_same_form_sent_twice_asks_once(client: Any, cohort: Cohort) -> None:
    ask(client, cohort, form_key="a-key")
    again = ask(client, cohort, form_key="a-key")
    assert (again.status_code, again.location) == (303, PAGE)
    assert len(adoptions.listed()) == 1


@pytest.mark.parametrize(
    ("link", "told"), [("", "Collez le lien"), ("https://drive.google.com/drive/folders/abc", "dossier de Drive")]
)
def test_a_wrong_link_is_shown_again_with_what_it_is(client: Any, cohort: Cohort, link: str, told: str) -> None:
    answer = ask(client, cohort, link, jury="1")
    assert answer.status_code == 422
    assert told in answer.text
    assert f'name="link" value="{link}"' in answer.text
    assert 'name="jury" value="1" checked' in answer.text
    assert adoptions.listed() == []


def test_an_unknown_promotion_is_not_found(client: Any, cohort: Cohort) -> None:
    data = {"csrf_token": csrf(client.get(PAGE).text), "link": BOOK, "cohort": "NULLE-PART"}
    assert client.post(PAGE, data=data).status_code == 404


# -- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["tutor", "juror", "reader"])
def test_only_the_office_connects_books(app: Flask, step: adoptions.Step, role: str) -> None:
    other = sign_in(app, role)
    data = {"csrf_token": csrf(other.get("/").text)}
    assert other.get(PAGE).status_code == 403
    assert other.get(f"{PAGE}{step.id}").status_code == 403
    for address in (PAGE, f"{PAGE}{step.id}", f"{PAGE}{step.id}/retirer"):
        assert other.post(address, data=data).status_code == 403
    assert PAGE not in other.get("/synchronisation/").text


def test_an_adoption_that_does_not_exist_is_not_found(client: Any, cohort: Cohort) -> None:
    data = {"csrf_token": csrf(client.get(PAGE).text), "do": "accept"}
    assert client.get(f"{PAGE}999").status_code == 404
    # No database holds a number this big.
    assert client.get(f"{PAGE}{10**20}").status_code == 404
    assert client.post(f"{PAGE}{10**20}", data=data).status_code == 404
    assert client.post(f"/conflits/{10**20}", data=data | {"side": "sheet"}).status_code == 404
    assert client.post(f"{PAGE}999", data=data).status_code == 404
    assert client.post(f"{PAGE}999/retirer", data=data).status_code == 404


# -- choosing -----------------------------------------------------------------------------------


def test_the_proposal_says_its_reasons_and_what_would_change(client: Any, step: adoptions.Step, count_queries) -> None:
    with count_queries(8):
        html = client.get(f"{PAGE}{step.id}").text
    for words in (
        "Promo 2025", "« Prénon » ressemble", "Deux mails.", "à choisir :", "1 autre colonne reste à vous",
        "340 créations", "1 valeur reçue", "1 conflit", "23 cases", "Le filtre ne couvre pas tout.",
        "et 332 autres", "Germain Sophie", "Ce n&#39;est pas une présence.", "Accepter et relier",
        f"/spreadsheets/d/{BOOK}/edit#gid=1&amp;range=B5",
    ):  # fmt: skip
        assert words in html, words


def test_a_book_whose_tabs_are_all_bound_says_to_what(client: Any, cohort: Cohort, step: adoptions.Step) -> None:
    other = make_cohort("AUTRE-2025", 1)
    agreement.bind(BOOK, other.id, "staff", "Promo 2025", 9, {"participants": (1, "Liste"), "attendance": (2, "Appel")})
    html = client.get(f"{PAGE}{step.id}").text
    assert "Voir ce que ces choix changeraient" in html, "one is left"
    agreement.bind_tab(BOOK, other.id, "papers", 3, "Divers")
    html = client.get(f"{PAGE}{step.id}").text
    assert 'déjà reliés à <a href="/promotions/AUTRE-2025/">AUTRE-2025</a>.' in html
    assert "Relire le classeur" in html
    assert "Aucun onglet" not in html
    assert "Voir ce que ces choix changeraient" not in html


def test_choices_are_kept_and_previewed_again(client: Any, cohort: Cohort, step: adoptions.Step) -> None:
    data = form(client, step, **{"kind-2": "", "col-1-2": "", "col-1-3": "email", "do": "preview"})
    answer = client.post(f"{PAGE}{step.id}", data=data)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}{step.id}")
    after = adoptions.step(step.id)
    assert (after.state, after.preview) == ("asked", {})
    assert after.mapping["1"]["columns"] == {"0": "last_name", "1": "first_name", "3": "email"}
    assert after.mapping["2"]["kind"] == ""
    assert worker_proposes(cohort).mapping == after.mapping


def test_a_tab_said_to_be_something_else_takes_what_is_proposed_for_that(client: Any, step: adoptions.Step) -> None:
    data = form(client, step, **{"kind-1": "", "kind-3": "participants", "do": "preview"})
    client.post(f"{PAGE}{step.id}", data=data)
    assert adoptions.step(step.id).mapping["3"]["columns"] == {"0": "last_name", "1": "first_name", "2": "email"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"col-1-3": "email"}, "« Mail », « Mail 2 » ne peuvent être plusieurs colonnes de « Courriel »"),
        ({"col-1-1": ""}, "pour reconnaître les lignes"),
        ({"kind-3": "participants"}, "« Liste », « Divers » : plusieurs onglets sont choisis comme « Participants »"),
        ({"kind-1": "", "kind-2": ""}, "Aucun onglet n&#39;est choisi"),
        ({"order-2": ""}, "dites si le nom vient avant le prénom"),
        ({"col-2-1": ""}, "aucune colonne n&#39;est une demi-journée"),
        ({"col-1-4": "full_name"}, "ne va pas avec « Nom »"),
    ],
)
def test_choices_that_do_not_go_together_are_said_and_shown_again(
    client: Any, step: adoptions.Step, more: dict[str, str], told: str
) -> None:
    answer = client.post(f"{PAGE}{step.id}", data=form(client, step, do="preview", **more))
    assert answer.status_code == 422
    assert told in plain(answer.text)
    for name, value in more.items():
        if value:
            select = answer.text[answer.text.index(f'name="{name}"') :]
            assert f'<option value="{value}" selected' in select[: select.index("</select>")]
    assert adoptions.step(step.id) == step


@pytest.mark.parametrize("more", [{"kind-1": "jury"}, {"col-1-2": "grade-paper"}, {"order-2": "x"}, {"do": "x"}])
def test_what_the_page_does_not_offer_is_refused(client: Any, step: adoptions.Step, more: dict[str, str]) -> None:
    data = form(client, step, do="preview") | more
    assert client.post(f"{PAGE}{step.id}", data=data).status_code == 400
    assert adoptions.step(step.id) == step


# -- deciding -----------------------------------------------------------------------------------


def test_accepting_asks_the_worker_and_says_who_did(client: Any, step: adoptions.Step) -> None:
    answer = client.post(f"{PAGE}{step.id}", data=form(client, step, do="accept"))
    assert answer.status_code == 303
    after = adoptions.step(step.id)
    assert (after.state, after.accepted_by, after.accepted_door) == ("accepted", "Coordinator", "page")
    assert "Liaison du classeur" in client.get(answer.location).text
    adoptions.bound(adoptions.claim(step.id))
    html = client.get(answer.location).text
    assert "est relié, par Coordinator" in html
    assert "Ne plus relier ce classeur" in html
    journal = client.get("/journal/").text
    assert all(words in journal for words in ("Promo 2025", "Liaison", "relié"))


def test_accepting_choices_that_were_not_previewed_previews_them_instead(client: Any, step: adoptions.Step) -> None:
    client.post(f"{PAGE}{step.id}", data=form(client, step, **{"kind-2": "", "do": "accept"}))
    after = adoptions.step(step.id)
    assert (after.state, after.accepted_by) == ("asked", "")


def test_what_has_problems_cannot_be_accepted(client: Any, cohort: Cohort) -> None:
    ask(client, cohort)
    step = worker_proposes(cohort, problems=[{"text": "Onglet protégé.", "sheet": "1", "column": ""}])
    html = client.get(f"{PAGE}{step.id}").text
    assert "Onglet protégé." in html
    assert "Accepter et relier" not in html
    answer = client.post(f"{PAGE}{step.id}", data=form(client, step, do="accept"))
    assert answer.status_code == 422
    assert "Corrigez d&#39;abord" in answer.text
    assert adoptions.step(step.id).state == "proposed"


def test_a_page_read_before_somebody_elses_choice_decides_nothing(client: Any, step: adoptions.Step) -> None:
    data = form(client, step, do="accept")
    adoptions.choose(step.id, step.revision, {**step.mapping, "2": mappings.of_reading(step.proposal["tabs"][1], "")})
    answer = client.post(f"{PAGE}{step.id}", data=data)
    assert answer.status_code == 409
    assert "relisez-la" in answer.text
    after = adoptions.step(step.id)
    assert (after.state, after.accepted_by, after.mapping["2"]["kind"]) == ("asked", "", "")


def test_trouble_is_said_and_the_book_read_again(client: Any, cohort: Cohort) -> None:
    ask(client, cohort)
    [key] = adoptions.waiting()
    adoptions.troubled(adoptions.claim(key), "Ce classeur n'est partagé qu'en lecture.")
    html = client.get(f"{PAGE}{key}").text
    assert "partagé qu&#39;en lecture." in html
    assert "passerelle@projet.example" in html
    data = form(client, adoptions.step(key), do="again")
    assert client.post(f"{PAGE}{key}", data=data).status_code == 303
    assert adoptions.step(key).state == "asked"


# -- the open page ------------------------------------------------------------------------------


def test_the_open_page_is_told_only_of_what_moved(client: Any, cohort: Cohort) -> None:
    answer = ask(client, cohort)
    html = client.get(answer.location).text
    address = re.search(r'hx-get="([^"]+)"', html)[1]
    assert client.get(address, headers=HTMX).status_code == 204
    worker_proposes(cohort)
    fragment = client.get(address, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.lstrip().startswith('<section id="adoption"')
    assert "hx-get" not in fragment.text, "nothing to wait for any more"


def test_a_worker_that_does_not_answer_is_said(client: Any, cohort: Cohort) -> None:
    answer = ask(client, cohort)
    Adoption.update(asked_at=now() - timedelta(minutes=5)).execute()
    assert "flask sync run" in client.get(answer.location).text


def test_google_in_trouble_is_said_while_the_page_waits(client: Any, cohort: Cohort) -> None:
    answer = ask(client, cohort)
    [key] = adoptions.waiting()
    adoptions.postponed(adoptions.claim(key), "Google ne répond pas.")
    html = client.get(answer.location).text
    assert "Google ne répond pas." in html
    assert "Lecture du classeur" in html


# -- giving up ----------------------------------------------------------------------------------


def test_what_was_not_bound_is_given_up_at_once(client: Any, step: adoptions.Step) -> None:
    data = {"csrf_token": csrf(client.get(PAGE).text), "revision": str(step.revision)}
    answer = client.post(f"{PAGE}{step.id}/retirer", data=data)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert adoptions.step(step.id).state == "undone"
    assert "rien n&#39;a été écrit" in client.get(PAGE).text


def test_a_bound_book_is_unbound_only_when_it_is_meant(client: Any, step: adoptions.Step) -> None:
    adoptions.accept(AUTHOR, step.id, step.revision)
    adoptions.bound(adoptions.claim(step.id))
    step = adoptions.step(step.id)
    data = {"csrf_token": csrf(client.get(PAGE).text), "revision": str(step.revision)}
    refused = client.post(f"{PAGE}{step.id}/retirer", data=data)
    assert refused.status_code == 422
    assert "les lignes et les colonnes que l'intranet y a ajoutées et les cases qu'il a changées" in refused.text
    assert "Cochez la case" in refused.text
    assert client.post(f"{PAGE}{step.id}/retirer", data=data | {"sure": "1"}).status_code == 303
    after = adoptions.step(step.id)
    assert (after.state, after.accepted_by) == ("undoing", "Coordinator")
    assert client.post(f"{PAGE}{step.id}/retirer", data=data | {"sure": "1"}).status_code == 409
    assert "retire du classeur ses identifiants et ses repères" in client.get(f"{PAGE}{step.id}").text
    adoptions.undone(adoptions.claim(step.id))
    assert "le classeur garde les valeurs, les lignes et les colonnes" in client.get(f"{PAGE}{step.id}").text


def test_other_promotions_and_the_jurys_books_are_listed_apart(client: Any, cohort: Cohort) -> None:
    other = make_cohort("TEST-2026", 0)
    ask(client, cohort)
    ask(client, other, jury="1")
    html = client.get(PAGE).text
    assert (cohort.code in html, other.code in html, "réservé au jury</span>" in html) == (True, True, True)
    assert len(adoptions.listed(("staff",))) == 1


def test_of_several_accounts_the_one_with_fewest_books_is_to_be_shared_with(database_url: str, cohort: Cohort) -> None:
    two = [ACCOUNT, ACCOUNT | {"client_email": "seconde@projet.example"}]
    client = sign_in(make_app(database_url, service_account_json=json.dumps(two)), "coordinator")
    assert "passerelle@projet.example" in client.get(PAGE).text
    bindings.bind(BOOK, cohort.id, "staff", "Promo", 9, [])
    assert "seconde@projet.example" in client.get(PAGE).text


def test_a_correction_that_is_not_wanted_leaves_the_binding(client: Any, cohort: Cohort, step: adoptions.Step) -> None:
    adoptions.accept(AUTHOR, step.id, step.revision)
    adoptions.bound(adoptions.claim(step.id))
    data = form(client, adoptions.step(step.id), **{"kind-2": "", "do": "preview"})
    assert client.post(f"{PAGE}{step.id}", data=data).status_code == 303
    changed = worker_proposes(cohort)
    assert "reste relié comme avant" in client.get(f"{PAGE}{step.id}").text
    answer = client.post(f"{PAGE}{step.id}", data=form(client, changed, do="keep"))
    assert answer.status_code == 303
    after = adoptions.step(step.id)
    assert (after.state, after.mapping) == ("bound", step.mapping)
