"""Conflicts: what is said of each, who chooses, one by one, many at once, or a third value."""

import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from store import agreement, between, journal, jury, people, rosters, tutoring
from store.journal import SETTLED
from store.models import Conflict
from tests.books import STAFF, bind_both, conflict, tab_of
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, sign_in
from tests.sync_bench import PAGE, Cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def books(cohort: Cohort) -> Cohort:
    return bind_both(cohort)


def choose(client, kind: str, side: str, htmx: bool = True, **more: str):
    key = conflict(kind)
    form = line_form(client.get("/conflits/").text, "data-conflict", str(key)) | {"side": side} | more
    return client.post(f"/conflits/{key}", data=form, headers=HTMX if htmx else {})


def test_a_conflict_shows_both_sides_and_its_very_cell(app: Flask, books: Cohort, count_queries) -> None:
    client = sign_in(app, "coordinator")
    with count_queries(12):
        html = client.get("/conflits/").text
    for words in ("Inès · Financement", "<b>OPCO</b>", "<b>CPF</b>", "«\u00a0vide\u00a0»", "2 conflits à trancher"):
        assert words in html, words
    assert f'href="https://docs.google.com/spreadsheets/d/{STAFF}/edit#gid=11&amp;range=G3"' in html


@pytest.mark.parametrize(("language", "said"), [("fr", "jamais d'accord"), ("en", "never agreed")])
def test_a_conflict_that_both_sides_never_agreed_on_says_so(
    app: Flask, books: Cohort, language: str, said: str
) -> None:
    client = sign_in(app, "coordinator")
    client.post("/langue", data={"lang": language, "csrf_token": csrf(client.get("/").text), "suite": "/"})
    assert said not in client.get("/conflits/").text, "a blank agreement is one"
    place = {"row": books.participants[0], "field": "funding", "address": "G3", "label": "Arnaud Inès · Financement"}
    between.list_conflicts(tab_of(STAFF), [place | {"base": None, "local": "opco", "remote": "cpf"}])
    html = client.get("/conflits/").text
    assert html.count(said) == 1
    assert "«\u00a0vide\u00a0»" not in html


@pytest.mark.parametrize(("side", "superseded"), [("intranet", "cpf"), ("sheet", "opco")])
def test_choosing_a_side_makes_the_other_the_old_value(
    app: Flask, books: Cohort, side: str, superseded: str
) -> None:
    answer = choose(sign_in(app, "coordinator"), "participants", side)
    assert answer.status_code == 200
    assert "Choix enregistré" in answer.text
    assert conflict("participants") is None
    agreed = agreement.base(agreement.tabs(STAFF)[0].id).rows[books.participants[0]]
    assert agreed == {"funding": superseded}


def test_choosing_twice_with_one_form_chooses_once(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    key = conflict("participants")
    form = line_form(client.get("/conflits/").text, "data-conflict", str(key)) | {"side": "sheet"}
    for _ in range(2):
        assert client.post(f"/conflits/{key}", data=form, headers=HTMX).status_code == 200
    for number, headers in enumerate((HTMX, {})):
        answer = client.post(f"/conflits/{key}", data=form | {"form_key": f"other-{number}"}, headers=headers)
        assert answer.status_code == 409
        assert "Ce conflit est déjà tranché" in answer.text
    assert "1 conflit à trancher" in answer.text, "without JavaScript, with the list of those that are left"


def test_values_that_moved_meanwhile_are_read_again(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    key = conflict("participants")
    form = line_form(client.get("/conflits/").text, "data-conflict", str(key)) | {"side": "sheet"}
    Conflict.update(remote="employer").where(Conflict.id == key).execute()
    for headers in (HTMX, {}):
        answer = client.post(f"/conflits/{key}", data=form, headers=headers)
        assert answer.status_code == 409
        assert "relisez-les" in answer.text
        assert "employeur" in answer.text
    assert conflict("participants") == key


def test_choosing_without_javascript_goes_back_to_the_list(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    answer = choose(client, "participants", "sheet", htmx=False)
    assert (answer.status_code, answer.location) == (303, "/conflits/")
    assert "la feuille l&#39;emporte" in client.get("/conflits/").text


def test_a_side_that_does_not_exist_is_refused(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    assert choose(client, "participants", "nobody").status_code == 400
    data = {"csrf_token": csrf(client.get("/").text), "side": "sheet"}
    assert client.post("/conflits/999999", data=data).status_code == 404
    assert conflict("participants") is not None


def test_the_jury_chooses_for_its_book_and_not_for_the_others(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "juror")
    assert choose(client, "participants", "sheet").status_code == 403
    assert conflict("participants") is not None
    assert choose(client, "jury", "sheet").status_code == 200
    assert conflict("jury") is None


@pytest.mark.parametrize("role", ["tutor", "reader"])
def test_others_cannot_choose(app: Flask, books: Cohort, role: str) -> None:
    client = sign_in(app, role)
    assert "Garder" not in client.get("/conflits/").text
    assert choose(client, "participants", "sheet", csrf_token=csrf(client.get("/").text)).status_code == 403
    assert conflict("participants") is not None




# -- who, and where --------------------------------------------------------------------------------


def test_a_conflict_says_who_put_the_value_of_the_intranet(app: Flask, books: Cohort) -> None:
    people.change(PAGE, books.participants[0], {"funding": "opco"})
    html = sign_in(app, "reader").get("/conflits/").text
    assert "Camille Coordination" in html
    people.change(AUTHOR, books.participants[0], {"funding": "employer"})
    html = sign_in(app, "reader").get("/conflits/").text
    assert "Camille Coordination" in html, "the value in conflict is still the one of Camille"


def many(cohort: Cohort, count: int) -> None:
    """List conflicts on every phone and courriel of a cohort."""
    tab = tab_of(STAFF)
    places = [(row, field) for field in ("phone", "email", "employer") for row in cohort.participants][:count]
    between.list_conflicts(tab, [
        {"row": row, "field": field, "address": f"B{n}", "label": f"{row} · {field}", "base": "", "local": f"ici {n}",
         "remote": f"là {n}"} for n, (row, field) in enumerate(places)
    ])  # fmt: skip


def test_a_long_list_asks_no_more_than_a_short_one(app: Flask, books: Cohort, count_queries) -> None:
    client = sign_in(app, "coordinator")
    many(books, 18)
    with count_queries(6):
        html = client.get("/conflits/").text
    assert "19 conflits à trancher" in html
    assert html.count(f"{books.code} · Participants <span") == 1
    assert html.index(f"{books.code} · Jury <span") < html.index(f"{books.code} · Participants <span")


# -- a third value ---------------------------------------------------------------------------------


def third(client, typed: str, htmx: bool = True, **more: str):
    return choose(client, "participants", "third", htmx, third=typed, **more)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_third_value_is_an_edit_of_the_intranet_and_travels(app: Flask, books: Cohort, htmx: bool) -> None:
    row = books.participants[0]
    people.change(PAGE, row, {"funding": "opco"})
    answer = third(sign_in(app, "coordinator"), "France Travail", htmx)
    assert answer.status_code == (200 if htmx else 303)
    assert conflict("participants") is None
    assert people.snapshot(books.id)[row]["funding"] == "france_travail"
    # What the sheet holds is now the old value: the intranet's travels there.
    assert agreement.base(tab_of(STAFF)).rows[row] == {"funding": "cpf"}
    told = [(e[1], e[2], e[6], e[7]) for e in journal.entries(books.id, 2)]
    written = "france_travail"
    assert told == [("Coordinator", SETTLED, "cpf", written), ("Coordinator", "page", "opco", written)]


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_third_value_that_the_rules_refuse_is_shown_again(app: Flask, books: Cohort, headers: dict) -> None:
    people.change(PAGE, books.participants[0], {"funding": "opco"})
    client = sign_in(app, "coordinator")
    answer = third(client, "mécénat", bool(headers))
    assert answer.status_code == 422
    assert 'name="third" value="mécénat"' in answer.text
    assert "pas dans la liste" in answer.text
    assert conflict("participants") is not None
    assert people.snapshot(books.id)[books.participants[0]]["funding"] == "opco"
    assert third(client, "employeur").status_code == 200


def test_a_third_value_over_one_that_moved_is_not_written(app: Flask, books: Cohort) -> None:
    # The intranet holds something else than what the conflict says: somebody changed it a moment ago.
    people.change(PAGE, books.participants[0], {"funding": "employer"})
    answer = third(sign_in(app, "coordinator"), "CPF")
    assert answer.status_code == 409
    assert "relisez-les" in answer.text
    assert people.snapshot(books.id)[books.participants[0]]["funding"] == "employer"
    assert conflict("participants") is not None


def test_the_jury_types_a_third_grade(app: Flask, books: Cohort) -> None:
    jury.change(PAGE, books.participants[0], {"grade-paper": "17,77"})
    client = sign_in(app, "juror")
    assert choose(client, "jury", "third", third="21").status_code == 422
    assert choose(client, "jury", "third", third="14,5").status_code == 200
    assert jury.held(books.participants[:1])[books.participants[0]] == {"grade-paper": "14.5"}


# -- many at once ----------------------------------------------------------------------------------


def ticked(html: str, *keys: int) -> MultiDict:
    """Return the form of many with these boxes ticked, as a browser sends it."""
    form = MultiDict({"csrf_token": csrf(html), "form_key": re.search(r'name="form_key" value="([^"]+many)"', html)[1]})
    for key, seen in re.findall(r'name="seen-(\d+)" value="(\w+)" form="many"', html):
        form[f"seen-{key}"] = seen
    form.setlist("chosen", list(keys))
    return form


def keys_of(html: str) -> list[int]:
    return [int(key) for key in re.findall(r'name="chosen" value="(\d+)"', html)]


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(("side", "superseded"), [("intranet", "là"), ("sheet", "ici")])
def test_many_are_settled_at_once(
    app: Flask, books: Cohort, side: str, superseded: str, headers: dict
) -> None:
    many(books, 12)
    client = sign_in(app, "coordinator")
    html = client.get("/conflits/").text
    keys = [key for key in keys_of(html) if key != conflict("jury")]
    form = ticked(html, *keys[:9])
    form["side"] = side
    answer = client.post("/conflits/", data=form, headers=headers)
    page = answer if headers else client.get(answer.location)
    assert answer.status_code == (200 if headers else 303)
    assert "9 conflits tranchés" in page.text
    assert sorted(keys_of(page.text)) == sorted([*keys[9:], conflict("jury")])
    agreed = agreement.base(tab_of(STAFF)).rows
    assert sum(value.startswith(superseded) for cells in agreed.values() for value in cells.values()) == 9
    # The same form again changes nothing more.
    again = client.post("/conflits/", data=form, headers=HTMX)
    assert again.status_code == 200
    assert len(keys_of(again.text)) == 4


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_those_that_moved_since_are_left_and_said(app: Flask, books: Cohort, headers: dict) -> None:
    many(books, 4)
    client = sign_in(app, "coordinator")
    html = client.get("/conflits/").text
    keys = [key for key in keys_of(html) if key != conflict("jury")]
    Conflict.update(remote="autre chose").where(Conflict.id == keys[0]).execute()
    Conflict.delete().where(Conflict.id == keys[1]).execute()
    form = ticked(html, *keys)
    form["side"] = "sheet"
    answer = client.post("/conflits/", data=form, headers=headers)
    assert answer.status_code == 409
    assert "2 conflits tranchés" in answer.text
    assert "2 conflits laissés de côté" in answer.text
    assert "relisez-les" in answer.text
    assert Conflict.get_by_id(keys[0]).remote == "autre chose"
    assert sorted(keys_of(answer.text)) == sorted([keys[0], conflict("jury")])


def test_nothing_ticked_or_a_side_unknown_changes_nothing(app: Flask, books: Cohort) -> None:
    client = sign_in(app, "coordinator")
    html = client.get("/conflits/").text
    for headers in (HTMX, {}):
        answer = client.post("/conflits/", data=ticked(html) | {"side": "sheet"}, headers=headers)
        assert answer.status_code == 422
        assert "Cochez d" in answer.text
    form = ticked(html, *keys_of(html))
    form["side"] = "third"
    assert client.post("/conflits/", data=form).status_code == 400
    assert conflict("participants") is not None


def test_many_holds_to_the_rights_of_each_tab(app: Flask, books: Cohort) -> None:
    juror = sign_in(app, "juror")
    html = juror.get("/conflits/").text
    assert keys_of(html) == [conflict("jury")]
    form = ticked(html, conflict("participants"), conflict("jury"))
    form["side"] = "sheet"
    assert juror.post("/conflits/", data=form).status_code == 403
    assert conflict("jury") is not None


def test_boxes_are_ticked_by_the_address_without_javascript(app: Flask, books: Cohort) -> None:
    many(books, 3)
    client = sign_in(app, "coordinator")
    assert client.get("/conflits/").text.count("checked") == 0
    assert client.get("/conflits/?cocher=tout").text.count("checked") == 4
    tab = re.search(rf'\?cocher=({STAFF}-11)#', client.get("/conflits/").text)[1]
    assert client.get(f"/conflits/?cocher={tab}").text.count("checked") == 3


# -- what is refused -------------------------------------------------------------------------------


def test_a_refusal_says_what_stays_in_force(app: Flask, books: Cohort, count_queries) -> None:
    row = books.participants[0]
    people.change(PAGE, row, {"funding": "opco"})
    rosters.mark(PAGE, row, books.half_days[0], "late", "15")
    agreement.bind("book-more", books.id, "staff", "Classeur", 9, {
        "attendance": (21, "Présences"), "papers": (22, "Notes"), "half_days": (23, "Séances")})  # fmt: skip
    tabs = {tab.kind: tab.id for tab in agreement.tabs("book-more")}
    paper = next(iter(tutoring.snapshot(books.id)))
    for kind, key, field in (
        ("attendance", row, books.half_days[0]), ("papers", paper, "last_name"), ("half_days", "ligne 9", "day"),
    ):  # fmt: skip
        place = {"row": key, "field": field, "address": "C3", "label": field, "typed": "?", "reason": "Illisible."}
        between.list_refusals(tabs[kind], [place])
    client = sign_in(app, "reader")
    with count_queries(8):
        html = client.get("/refus/").text
    for words in ("OPCO", "en retard, 15 min", "la valeur que calcule", "rien : cette ligne"):
        assert f"<b>{words}" in html, words
    assert "17.77" not in html
    assert "4 valeurs refusées" in html


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("typed", ["", "   "])
def test_a_third_value_left_blank_erases_nothing(app: Flask, books: Cohort, typed: str, headers: dict) -> None:
    answer = third(sign_in(app, "coordinator"), typed, bool(headers))
    assert answer.status_code == 422
    assert "Tapez la valeur" in answer.text
    assert conflict("participants")
