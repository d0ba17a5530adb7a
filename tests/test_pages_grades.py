"""The table of grades and the pages beside it: two markers, resits, reports, anomalies, and units under a number."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rules.rule_set import Assessment, Unit
from store import candidate_numbers, deliberations, jury, people, rosters, rule_sets, tutoring, unit_reports
from store.models import JournalEntry
from tests import deliberated
from tests.jury_sessions import closed
from tests.line_forms import line_form
from tests.pages import AUTHOR, HTMX, csrf, make_app, plain, sign_in
from tests.signing import sign
from tests.sync_bench import NAMES, Bench, Cohort, make_cohort
from tests.test_pages_jury import readable
from tests.test_store_grades import ruled

PARTS = (Assessment("E1", "Écrit", 2), Assessment("O1", "Oral", 1))
CANARY = "13,37"


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def parts(cohort: Cohort) -> Cohort:
    ruled(cohort, units=(Unit("RSV206", "Économie sociale", 8, PARTS), Unit("RSV207", "Enquête", 4)))
    return cohort


@pytest.fixture
def anonymous(cohort: Cohort) -> Cohort:
    ruled(cohort, anonymous=True)
    candidate_numbers.draw(AUTHOR, cohort.id)
    return cohort


class Grid:
    """The table of grades as one person sees it."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "juror", page: str = "") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.url = cohort, f"/promotions/{cohort.code}/jury/notes/{page}"
        self.again()

    def again(self) -> str:
        self.html = self.client.get(self.url).text
        return self.html

    def cells(self, html: str = "") -> dict[str, str]:
        """Return what the fields of the table hold, by name, as a browser would send them."""
        part = re.search(r"<table.*</table>", html or self.html, re.S)[0]
        found = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', part)
        return {unescape(name): unescape(value) for name, value in found}

    def send(self, cells: dict[str, str], htmx: bool = True, whole: bool = False, **more: str):
        """Send some cells with what was read of their lines; `whole`, the whole table as without JavaScript."""
        held = self.cells()
        keys = {name.removeprefix("keep-").partition("@")[2] for name in cells}
        seen = {f"seen@{key}": held[f"seen@{key}"] for key in keys if f"seen@{key}" in held}
        form = {"csrf_token": csrf(self.html), "form_key": self.key(), **(held if whole else seen), **cells, **more}
        return self.client.post(self.url, data=form, headers=HTMX if htmx else {})

    def key(self) -> str:
        return re.search(r'name="form_key" value="([^"]+)"', self.html)[1]

    def held(self, place: int = 0) -> dict[str, str]:
        who = self.cohort.participants[place]
        return jury.held([who]).get(who, {})

    def name(self, field: str, place: int = 0) -> str:
        return f"{field}@{self.cohort.participants[place]}"


@pytest.fixture
def grid(app: Flask, parts: Cohort) -> Grid:
    return Grid(app, parts)


def error_of(html: str, who: str, field: str) -> str:
    found = re.search(rf'<p class="error" id="err-{who}-{field}">(.*?)</p>', html, re.S)
    return plain(unescape(found[1])) if found else ""


# -- absences that were justified on the day of a control --------------------------------------------------


def dated(cohort: Cohort, **more: object) -> None:
    """Hold the control of the first unit on the day of the first half-days, that of the second on another."""
    day, other = date(2025, 1, 20), date(2025, 2, 14)
    parts = (Assessment("E1", "Écrit", 2, other), Assessment("O1", "Oral", 1))
    ruled(cohort, units=(Unit("RSV206", "Économie", 8, held_on=day), Unit("RSV207", "", 4, parts)), **more)


def cell_text(html: str, field: str, who: str) -> str:
    found = re.search(f'<td data-cell="{field}@{who}".*?</td>', html, re.S)[0]
    return " ".join(re.sub("<[^>]+>", " ", plain(unescape(found))).split())


def test_a_justified_absence_on_the_day_of_a_control_is_told_beside_the_grade_and_changes_nothing(
    app: Flask, cohort: Cohort, count_queries
) -> None:
    dated(cohort)
    first, second, third = cohort.participants[:3]
    rosters.change(AUTHOR, first, {cohort.half_days[1]: "AJ", cohort.half_days[2]: "A"})
    rosters.change(AUTHOR, second, {cohort.half_days[0]: "AJ", cohort.half_days[3]: "AJ"})
    jury.change(AUTHOR, second, {"grade-RSV206": "12", "grade-RSV207:E1": "EXC"})
    grid = Grid(app, cohort)
    said = "absence justifiée le 20/01/2025, jour de l'épreuve"
    assert cell_text(grid.html, "grade-RSV206", first) == f"{said} : EXC ?"
    assert cell_text(grid.html, "grade-RSV206", second) == said
    assert "absence" not in cell_text(grid.html, "grade-RSV206", third)
    # An absence that nobody justified, a grade that says so already, a control without a day.
    for field, who in (("grade-RSV207:E1", first), ("grade-RSV207:E1", second), ("grade-RSV207:O1", second)):
        assert "absence" not in cell_text(grid.html, field, who), (field, who)
    assert "20/01/2025" in "".join(headings(grid.html)[0])
    assert (grid.held(0), grid.held(1)["grade-RSV206"]) == ({}, "12")
    jury.change(AUTHOR, first, {"grade-paper": "12"})
    with count_queries(12):
        grid.again()
    # The day of a resit is looked at too.
    jury.change(AUTHOR, second, {"resit_on-RSV207:E1": "2025-02-14"})
    assert "absence justifiée au rattrapage du 14/02/2025" in cell_text(grid.again(), "grade-RSV207:E1", second)


def test_the_dossier_tells_it_and_a_number_never_does(app: Flask, cohort: Cohort, count_queries) -> None:
    dated(cohort)
    first = cohort.participants[0]
    rosters.change(AUTHOR, first, {cohort.half_days[0]: "AJ"})
    client, page = sign_in(app, "juror"), f"/promotions/{cohort.code}/jury/dossiers/{first}/"
    html = plain(unescape(client.get(page).text))
    assert "absence justifiée le 20/01/2025, jour de l'épreuve : EXC ?" in html
    assert "épreuve du 20/01/2025" in html
    with count_queries(14):
        client.get(page)
    dated(cohort, anonymous=True)
    candidate_numbers.draw(AUTHOR, cohort.id)
    for covered in (page, f"/promotions/{cohort.code}/jury/notes/"):
        assert "absence justifiée le" not in plain(unescape(client.get(covered).text)), covered


# -- what minutes hold ---------------------------------------------------------------------------------------


def test_a_sealed_line_is_text_that_says_so_and_the_way_out(app: Flask, cohort: Cohort, count_queries) -> None:
    first = cohort.participants[0]
    jury.change(AUTHOR, first, {"grade-RSV206": "12.5"})
    deliberated.sealed(cohort, first)
    grid = Grid(app, cohort)
    assert [name for name in grid.cells() if name.endswith(f"@{first}")] == [f"seen@{first}"]
    line = re.search(f'<tr id="ligne-{first}".*?</tr>', grid.html, re.S)[0]
    assert (plain(line).count(">scellé<"), plain(line).count("<span>12,5</span>")) == (1, 1)
    note = re.search('<p id="sealed-note".*?</p>', grid.html, re.S)[0]
    assert "1 dossier est dans un procès-verbal" in plain(note)
    assert f'href="/promotions/{cohort.code}/jury/deliberations/"' in note
    with count_queries(12):
        grid.again()


@pytest.mark.parametrize("htmx", [True, False])
def test_what_a_page_left_open_sends_to_a_sealed_line_is_refused_and_kept_in_sight(
    app: Flask, cohort: Cohort, htmx: bool
) -> None:
    first, second = cohort.participants[:2]
    grid = Grid(app, cohort)
    deliberated.sealed(cohort, first)
    typed = {f"grade-RSV206@{first}": "17", f"grade-RSV207@{first}": "abc", f"grade-RSV206@{second}": "11"}
    answer = grid.send(typed, htmx=htmx, whole=not htmx)
    assert answer.status_code == 422
    assert f'name="grade-RSV206@{first}"' not in answer.text
    said = error_of(answer.text, first, "grade-RSV206")
    assert "scellé par un procès-verbal" in said
    assert "« 17 » n'est pas enregistré" in said
    assert "« abc » n'est pas enregistré" in error_of(answer.text, first, "grade-RSV207")
    assert (grid.held(0).get("grade-RSV206", ""), grid.held(1)["grade-RSV206"]) == ("", "11")


def test_a_correction_gives_the_fields_of_a_line_back(app: Flask, cohort: Cohort) -> None:
    key = closed(cohort)
    grid = Grid(app, cohort)
    assert not [name for name in grid.cells() if name.startswith("grade-")]
    later = deliberations.supersede(AUTHOR, key, "Note mal recopiée.", cohort.participants[:1])
    deliberations.change(AUTHOR, later, {"held_on": "2025-07-01"})
    deliberations.open_session(AUTHOR, later)
    grid.again()
    assert {name.partition("@")[2] for name in grid.cells() if name.startswith("grade-")} == {cohort.participants[0]}


def test_a_sealed_line_of_two_markers_is_text_too(app: Flask, cohort: Cohort) -> None:
    ruled(cohort, double_marking=True)
    first = cohort.participants[0]
    jury.change(AUTHOR, first, {"marker1-paper": "Anne Aubry", "marking1-paper": "8,5"})
    deliberated.sealed(cohort, first)
    grid = Grid(app, cohort, page="corrections/?travail=paper")
    assert [name for name in grid.cells() if name.endswith(f"@{first}")] == [f"seen@{first}"]
    assert "Anne Aubry" in grid.html


# -- the table --------------------------------------------------------------------------------------------


def test_every_work_is_a_column_and_every_candidate_a_line(app: Flask, grid: Grid, count_queries) -> None:
    who = grid.cohort.participants[0]
    assert len(re.findall("<tr id=", grid.html)) == 6
    cells = [name for name in grid.cells() if name.endswith(f"@{who}") and not name.startswith("seen")]
    assert cells == [f"{name}@{who}" for name in (
        "grade-RSV206:E1", "grade-RSV206:O1", "grade-RSV207", "grade-paper",
    )]  # fmt: skip
    assert "E1 ×2" in grid.html
    jury.change(AUTHOR, who, {"grade-RSV207": "12"})
    with count_queries(12):
        grid.again()
    with count_queries(6):
        assert grid.again().count("<h1>") == 1


def headings(html: str) -> list[list[str]]:
    """Return the words of each row of headings."""
    head = re.search("<thead>.*?</thead>", html, re.S)[0]
    found = [re.findall("<th[^>]*>(.*?)</th>", row) for row in head.split("<tr>")[1:]]
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in row] for row in found]


def test_a_unit_is_named_once_in_the_headings(app: Flask, cohort: Cohort) -> None:
    page = f"/promotions/{cohort.code}/jury/notes/"
    client = sign_in(app, "juror")
    paper = people.rule_set(cohort.id).paper_kind.capitalize()
    ruled(cohort, units=(Unit("RSV206", "", 8), Unit("RSV207", "Enquête", 4)))
    assert headings(client.get(page).text) == [["Candidat·e", "RSV206", "RSV207 Enquête", paper]]
    ruled(cohort, units=(Unit("RSV206", "", 8, PARTS), Unit("RSV207", "Enquête", 4)))
    assert headings(client.get(page).text) == [
        ["Candidat·e", "RSV206", "RSV207 Enquête", paper], ["E1 ×2", "O1 ×1", "Note"],
    ]  # fmt: skip
    assert len(headings(client.get(f"{page}corrections/?travail=paper").text)) == 1


@pytest.mark.parametrize("role", ["admin", "coordinator", "juror"])
def test_cells_are_saved_and_the_line_comes_back(app: Flask, parts: Cohort, role: str) -> None:
    grid = Grid(app, parts, role)
    answer = grid.send({grid.name("grade-RSV206:E1"): "12", grid.name("grade-RSV206:O1"): "15,5"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.count("<tr id=") == 1
    assert "<span>13,17</span>" in answer.text
    assert grid.held() == {"grade-RSV206:E1": "12", "grade-RSV206:O1": "15.5", "grade-RSV206": "13.17"}
    assert grid.cells(answer.text)[f"seen@{parts.participants[0]}"].split("\t") == ["12", "15.5", "", ""]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("14,50", "14.5"), ("14.5", "14.5"), (" 9,99 ", "9.99"), ("abs", "ABS"), ("Excusé", "EXC"), ("att", "ATT"),
     ("20", "20"), ("0", "0")],
)  # fmt: skip
def test_grades_are_typed_as_people_do(grid: Grid, typed: str, kept: str) -> None:
    assert grid.send({grid.name("grade-RSV207"): typed}).status_code == 200
    assert grid.held()["grade-RSV207"] == kept


@pytest.mark.parametrize("typed", ["-1", "20,5", "abc", "١٢", "14,555", "=1+1", '"><script>', "PLAG"])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_refused_cell_keeps_what_was_typed_beside_why_and_holds_no_other_back(
    grid: Grid, typed: str, htmx: bool
) -> None:
    who = grid.cohort.participants[0]
    cells = {grid.name("grade-RSV207"): typed, grid.name("grade-RSV207", 1): "11"}
    answer = grid.send(cells, htmx, whole=not htmx)
    assert answer.status_code == 422
    assert error_of(answer.text, who, "grade-RSV207")
    assert answer.text.count('id="err-') == 1
    assert grid.cells(answer.text)[grid.name("grade-RSV207")] == typed
    assert "<script>\"" not in answer.text
    assert (grid.held(), grid.held(1)) == ({}, {"grade-RSV207": "11"})
    grid.send({grid.name("grade-RSV207"): "12"})
    assert grid.held()["grade-RSV207"] == "12"


def test_without_javascript_the_whole_table_is_saved_with_one_button(grid: Grid) -> None:
    jury.change(AUTHOR, grid.cohort.participants[2], {"grade-RSV207": "8"})
    cells = {grid.name("grade-RSV207", place): str(10 + place) for place in (0, 1)}
    answer = grid.send(cells, htmx=False, whole=True)
    assert (answer.status_code, answer.location) == (303, grid.url)
    assert "2 cellules enregistrées" in grid.again()
    assert [grid.held(place)["grade-RSV207"] for place in range(3)] == ["10", "11", "8"]
    entries = JournalEntry.select().where(JournalEntry.kind == "dossier")
    assert entries.count() == 3


def test_the_second_of_two_on_one_cell_is_told_and_may_keep_theirs(app: Flask, grid: Grid) -> None:
    other = Grid(app, grid.cohort, "coordinator")
    who, name = grid.cohort.participants[0], grid.name("grade-RSV207")
    grid.send({name: "14,5"})
    answer = other.send({name: "8", other.name("grade-paper"): "12"})
    assert answer.status_code == 409
    assert "« 14,5 »" in error_of(answer.text, who, "grade-RSV207")
    assert "« 8 »" in error_of(answer.text, who, "grade-RSV207")
    assert (grid.held()["grade-RSV207"], grid.held()["grade-paper"]) == ("14.5", "12")
    other.again()
    assert other.send({f"keep-{name}": "8"}).status_code == 200
    assert grid.held()["grade-RSV207"] == "8"


def test_a_request_sent_twice_changes_things_once(grid: Grid) -> None:
    name = grid.name("grade-RSV207")
    grid.send({name: "12"}, form_key="one")
    jury.change(AUTHOR, grid.cohort.participants[0], {"grade-RSV207": "13"})
    assert grid.send({name: "12"}, form_key="one").status_code == 200
    assert grid.held()["grade-RSV207"] == "13"


def test_what_is_no_candidate_nor_no_work_is_not_found(app: Flask, grid: Grid) -> None:
    other = make_cohort("AUTRE-2025")
    for key in (other.participants[0], "P-NOWHERE"):
        assert grid.send({f"grade-RSV207@{key}": "12", f"seen@{key}": "\t\t\t"}).status_code == 404
    # Neither a grade that is worked out nor a decision is a field of the table.
    assert grid.send({grid.name("grade-RSV206"): "12"}).status_code == 200
    assert grid.send({grid.name("decision"): "admitted"}).status_code == 200
    assert grid.send({grid.name("grade-RSV207"): "12", f"seen@{grid.cohort.participants[0]}": ""}).status_code == 400
    assert grid.held() == {}
    assert grid.client.get("/promotions/INCONNUE/jury/notes/").status_code == 404


def test_an_open_page_hears_of_changes_only_when_there_are_some(grid: Grid) -> None:
    version = people.version(grid.cohort.id)
    assert grid.client.get(f"{grid.url}?v={version}", headers=HTMX).status_code == 204
    jury.change(AUTHOR, grid.cohort.participants[0], {"grade-RSV207": "17,25"})
    answer = grid.client.get(f"{grid.url}?v={version}", headers=HTMX)
    assert "17,25" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("role", ["tutor", "reader"])
@pytest.mark.parametrize(
    "page", ["notes/", "notes/corrections/", "rattrapages/", "plagiats/", "anomalies/", "numeros/"]
)
def test_others_cannot_open_any_of_these_pages(app: Flask, cohort: Cohort, role: str, page: str) -> None:
    assert sign_in(app, role).get(f"/promotions/{cohort.code}/jury/{page}").status_code == 403


def test_a_worked_out_unit_is_read_and_refused_on_the_page_of_dossiers(app: Flask, parts: Cohort) -> None:
    client, who = sign_in(app, "juror"), parts.participants[0]
    jury.change(AUTHOR, who, {"grade-RSV206:E1": "12", "grade-RSV206:O1": "15"})
    url = f"/promotions/{parts.code}/jury/"
    html = client.get(url).text
    assert "<b>13</b>" in html
    form = line_form(html, "data-dossier", who)
    assert "grade-RSV206" not in form
    answer = client.post(url + who, data={**form, "grade-RSV206": "12"}, headers=HTMX)
    assert answer.status_code == 422
    assert jury.held([who])[who]["grade-RSV206"] == "13"


# -- two markers ------------------------------------------------------------------------------------------------


def test_two_markings_show_their_gap_and_the_grade_stays_to_be_agreed_on(app: Flask, cohort: Cohort) -> None:
    ruled(cohort, double_marking=True)
    grid = Grid(app, cohort, page="corrections/?travail=RSV207")
    url = f"/promotions/{cohort.code}/jury/notes/corrections/noms?travail=RSV207"
    data = {"csrf_token": csrf(grid.html), "place": "1"}
    assert grid.client.post(url, data={**data, "name": " "}).status_code == 422
    assert grid.client.post(url, data={**data, "name": "E. Bucolo", "form_key": "a"}).status_code == 303
    assert grid.client.post(url, data={**data, "place": "2", "name": "C. Fontaine", "form_key": "b"}).status_code == 303
    assert "6 lignes ont reçu ce nom" in grid.again()
    answer = grid.send({grid.name("marking1-RSV207"): "11", grid.name("marking2-RSV207"): "15,5"})
    assert "moyenne 13,25 · écart à regarder" in answer.text
    assert grid.held() == {
        "marker1-RSV207": "E. Bucolo", "marking1-RSV207": "11", "marker2-RSV207": "C. Fontaine",
        "marking2-RSV207": "15.5",
    }  # fmt: skip
    grid.again()
    assert grid.send({grid.name("grade-RSV207"): "13"}).status_code == 200
    assert "11 | 15,5" in Grid(app, cohort).html
    assert grid.client.get(f"/promotions/{cohort.code}/jury/notes/corrections/?travail=NSY").status_code == 404


def test_a_marker_is_named_for_everybody_but_who_is_in_signed_minutes(app: Flask, cohort: Cohort) -> None:
    ruled(cohort, double_marking=True)
    signed, *others = cohort.participants
    jury.change(AUTHOR, signed, {"decision": "adjourned"})
    sign(AUTHOR, cohort.id)
    client, url = sign_in(app, "juror"), f"/promotions/{cohort.code}/jury/notes/corrections/"
    html = client.get(f"{url}?travail=RSV207").text
    data = {"csrf_token": csrf(html), "form_key": "one", "place": "2", "name": "E. Bucolo"}
    assert client.post(f"{url}noms?travail=RSV207", data=data).status_code == 303
    held = jury.held(cohort.participants)
    assert {key for key in held if "marker2-RSV207" in held[key]} == set(others)


def test_a_marking_without_its_marker_is_refused(app: Flask, cohort: Cohort) -> None:
    ruled(cohort, double_marking=True)
    grid = Grid(app, cohort, page="corrections/?travail=RSV207")
    answer = grid.send({grid.name("marking1-RSV207"): "11"})
    assert answer.status_code == 422
    assert "qui a corrigé" in error_of(answer.text, cohort.participants[0], "marking1-RSV207")


# -- resits ---------------------------------------------------------------------------------------------------------


def test_the_queue_of_resits_holds_the_excused_until_they_are_graded(app: Flask, cohort: Cohort) -> None:
    client, (first, second, third) = sign_in(app, "juror"), cohort.participants[:3]
    jury.change(AUTHOR, first, {"grade-RSV206": "EXC"})
    jury.change(AUTHOR, second, {"grade-RSV207": "ABS"})
    jury.change(AUTHOR, third, {"grade-RSV207": "8", "decision": "resit"})
    url = f"/promotions/{cohort.code}/jury/rattrapages/"
    html = client.get(url).text
    assert re.findall('data-resit="([^"]+)"', html) == [f"{first}-RSV206", f"{third}-RSV207"]
    form = line_form(html, "data-resit", f"{first}-RSV206")
    assert set(form) == {
        "csrf_token", "form_key", "resit_on-RSV206", "seen-resit_on-RSV206", "resit-RSV206", "seen-resit-RSV206",
    }  # fmt: skip
    target = f"{url}{first}/RSV206"
    for wrong, told in ({"resit-RSV206": "21"}, "hors de l'échelle"), ({"resit_on-RSV206": "demain"}, "date"):
        answer = client.post(target, data={**form, **wrong}, headers=HTMX)
        assert answer.status_code == 422
        assert told in plain(unescape(answer.text))
        assert list(wrong.values())[0] in answer.text
    good = {"resit_on-RSV206": "12/05/2025", "resit-RSV206": "13,5"}
    answer = client.post(target, data={**form, **good}, headers=HTMX)
    assert answer.status_code == 200
    assert "EXC" in answer.text
    assert 'value="13,5"' in answer.text
    assert jury.held([first])[first]["resit-RSV206"] == "13.5"
    html = client.get(url).text
    assert re.findall('data-resit="([^"]+)"', html) == [f"{third}-RSV207", f"{first}-RSV206"]
    assert "rattr. 13,5" in client.get(f"/promotions/{cohort.code}/jury/notes/").text
    assert "rattr. 13,5" in client.get(f"/promotions/{cohort.code}/jury/").text


def test_a_resit_without_javascript_of_nobody_or_of_no_work(app: Flask, cohort: Cohort) -> None:
    client, who = sign_in(app, "juror"), cohort.participants[0]
    jury.change(AUTHOR, who, {"grade-RSV206": "EXC"})
    url = f"/promotions/{cohort.code}/jury/rattrapages/"
    form = line_form(client.get(url).text, "data-resit", f"{who}-RSV206")
    answer = client.post(f"{url}{who}/RSV206", data={**form, "resit-RSV206": "ATT"})
    assert answer.status_code == 422
    assert "<h1>" in answer.text
    answer = client.post(f"{url}{who}/RSV206", data={**form, "resit-RSV206": "12"})
    assert (answer.status_code, answer.location) == (303, f"{url}#ligne-{who}-RSV206")
    other = make_cohort("AUTRE-2025").participants[0]
    for target in (f"{other}/RSV206", "P-NOWHERE/RSV206", f"{who}/NSY"):
        assert client.post(url + target, data=form).status_code == 404
    version = people.version(cohort.id)
    assert client.get(f"{url}?v={version}", headers=HTMX).status_code == 204


def test_a_resit_of_a_sealed_line_is_text_that_says_so_and_the_way_out(app: Flask, cohort: Cohort) -> None:
    client, (first, second) = sign_in(app, "juror"), cohort.participants[:2]
    jury.change(AUTHOR, first, {"grade-RSV206": "8", "resit-RSV206": "13,5", "resit_on-RSV206": "12/05/2025"})
    jury.change(AUTHOR, second, {"grade-RSV207": "EXC"})
    url = f"/promotions/{cohort.code}/jury/rattrapages/"
    form = line_form(client.get(url).text, "data-resit", f"{first}-RSV206")
    assert "dans un procès-verbal" not in client.get(url).text
    deliberated.sealed(cohort, first)
    html = client.get(url).text
    assert line_form(html, "data-resit", f"{first}-RSV206") == {}
    line = plain(unescape(re.search(f'<li id="ligne-{first}-RSV206".*?</li>', html, re.S)[0]))
    assert all(text in line for text in ("8", "13,5", "12/05/2025", "scellé"))
    note = re.search('<p id="sealed-note".*?</p>', html, re.S)[0]
    assert "1 dossier est dans un procès-verbal" in plain(unescape(note))
    assert f"/promotions/{cohort.code}/jury/deliberations/" in note
    assert line_form(html, "data-resit", f"{second}-RSV207"), "the others go on"
    # A page left open sends what it had.
    answer = client.post(f"{url}{first}/RSV206", data={**form, "resit-RSV206": "15"}, headers=HTMX)
    told = plain(unescape(answer.text))
    assert answer.status_code == 422
    assert "scellé par un procès-verbal" in told
    assert "« 15 » n'est pas enregistré." in told
    assert jury.held([first])[first]["resit-RSV206"] == "13.5"


def test_a_resit_that_sealed_minutes_decided_waits_for_a_new_deliberation(app: Flask, cohort: Cohort) -> None:
    client, first = sign_in(app, "juror"), cohort.participants[0]
    jury.change(AUTHOR, first, {"grade-RSV206": "8"})
    deliberated.sealed(cohort, first, decision="resit")
    html = client.get(f"/promotions/{cohort.code}/jury/rattrapages/").text
    assert "à noter" in plain(unescape(re.search(f'<li id="ligne-{first}-RSV206".*?</li>', html, re.S)[0]))
    assert "se note dans une nouvelle délibération" in plain(unescape(html))


# -- plagiarism ----------------------------------------------------------------------------------------------------


def test_plagiarism_in_a_unit_is_reported_graded_and_taken_back(app: Flask, cohort: Cohort) -> None:
    client, who = sign_in(app, "juror"), cohort.participants[0]
    url = f"/promotions/{cohort.code}/jury/plagiats/"
    data = {"csrf_token": csrf(client.get(url).text), "who": who, "work": "RSV206"}
    answer = client.post(url, data={**data, "reporter": "E. Bucolo", "reason": " "})
    assert answer.status_code == 422
    assert 'value="E. Bucolo"' in answer.text
    assert client.post(url, data={**data, "work": "paper", "reporter": "E", "reason": "x"}).status_code == 422
    assert client.post(url, data={**data, "who": "P-NOWHERE", "reporter": "E", "reason": "x"}).status_code == 404
    good = {**data, "reporter": "E. Bucolo", "reason": "Deux pages reprises", "grade": "oui"}
    assert client.post(url, data=good).status_code == 303
    assert jury.held([who])[who]["grade-RSV206"] == "PLAG"
    assert "Deux pages reprises" in client.get(url).text
    (listed,) = unit_reports.reports(cohort.id)
    target = f"{url}{listed.report.id}"
    answer = client.post(target, data={**data, "reason": "Erreur"})
    assert answer.status_code == 422
    assert "changez-la d'abord" in plain(unescape(answer.text))
    jury.change(AUTHOR, who, {"grade-RSV206": "9"})
    assert client.post(target, data={**data, "reason": ""}).status_code == 422
    assert client.post(target, data={**data, "reason": "Erreur"}).status_code == 303
    assert "Erreur" in client.get(url).text
    assert client.post(f"{url}999999", data={**data, "reason": "Erreur"}).status_code == 404


# -- anomalies -----------------------------------------------------------------------------------------------------


def test_anomalies_are_listed_and_counted_for_the_jury_alone(app: Flask, cohort: Cohort) -> None:
    client, url = sign_in(app, "juror"), f"/promotions/{cohort.code}/jury/anomalies/"
    assert "Rien à signaler" in client.get(url).text
    for place, who in enumerate(cohort.participants):
        tutoring.assign(AUTHOR, tutoring.beside(who)[1], "Claire Fontaine")
        grade = str(10 + place)
        jury.change(AUTHOR, who, {"grade-RSV206": grade, "grade-RSV207": "12", "grade-paper": grade})
    jury.change(AUTHOR, cohort.participants[1], {"grade-RSV206": "EXC"})
    jury.change(AUTHOR, cohort.participants[2], {"grade-paper": ""})
    html = client.get(url).text
    assert re.findall('data-anomaly="([^"]+)"', html) == ["resit", "missing", "equal"]
    assert f"rattrapages/#ligne-{cohort.participants[1]}-RSV206" in html
    assert "RSV207 : 6 notes, toutes à 12." in plain(unescape(html))
    assert "<b>3</b> anomalies des notes" in client.get(f"/promotions/{cohort.code}/jury/").text
    for role, shown in {"juror": True, "coordinator": True, "tutor": False, "reader": False}.items():
        assert ("3 anomalies" in sign_in(app, role).get("/").text) is shown
    version = people.version(cohort.id)
    assert client.get(f"{url}?v={version}", headers=HTMX).status_code == 204
    for who in cohort.participants[1:3]:
        jury.change(AUTHOR, who, {"decision": "adjourned"})
    sign(AUTHOR, cohort.id)
    assert re.findall('data-anomaly="([^"]+)"', client.get(url).text) == ["equal"]


def test_an_anomaly_of_the_paper_leads_to_its_table_while_units_are_under_numbers(
    app: Flask, anonymous: Cohort
) -> None:
    jury.change(AUTHOR, anonymous.participants[0], {"grade-paper": "12"})
    html = unescape(sign_in(app, "juror").get(f"/promotions/{anonymous.code}/jury/anomalies/").text)
    ways = re.findall('data-anomaly="missing"><a href="([^"]+)"', html)
    table = f"/promotions/{anonymous.code}/jury/notes/?vue=ecrit"
    assert sorted(ways) == sorted(f"{table}#ligne-{who}" for who in anonymous.participants[1:])


# -- under a number -------------------------------------------------------------------------------------------------


def names_in(html: str) -> list[str]:
    return [name for name in (*(last for last, _first in NAMES), *(first for _last, first in NAMES)) if name in html]


def addresses(app: Flask, cohort: Cohort, **known: str) -> list[str]:
    """List every address that can be asked for, filled with objects of a cohort."""
    values = {"code": cohort.code, "enrolment_id": cohort.participants[0], **known}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            with app.test_request_context():
                found.append(app.url_for(rule.endpoint, **{name: values.get(name, "1") for name in rule.arguments}))
    return found


def test_the_table_under_numbers_says_nothing_of_who_they_are(app: Flask, anonymous: Cohort) -> None:
    grid = Grid(app, anonymous)
    numbers = candidate_numbers.numbers(anonymous.id)
    assert re.findall('<tr id="ligne-([^"]+)"', grid.html) == sorted(map(str, numbers.values()))
    assert names_in(grid.html) == []
    assert [key for key in anonymous.participants if key in grid.html] == []
    assert "grade-paper" not in grid.html
    first = numbers[anonymous.participants[0]]
    answer = grid.send({f"grade-RSV206@{first}": CANARY})
    assert answer.status_code == 200
    assert [key for key in anonymous.participants if key in answer.text] == []
    assert grid.held() == {"grade-RSV206": "13.37"}
    assert grid.send({"grade-RSV206@7": "12", "seen@7": "\t"}).status_code == 404
    paper = Grid(app, anonymous, page="?vue=ecrit")
    assert names_in(paper.html)
    assert CANARY not in paper.html
    assert "grade-RSV206@" not in paper.html
    assert paper.send({paper.name("grade-paper"): "14"}).status_code == 200


def test_no_page_shows_a_grade_of_a_unit_beside_a_name_until_names_are_uncovered(app: Flask, anonymous: Cohort) -> None:
    who = anonymous.participants[0]
    number = candidate_numbers.numbers(anonymous.id)[who]
    jury.change_numbered(AUTHOR, anonymous.id, number, {"grade-RSV206": CANARY, "grade-RSV207": "EXC"})
    jury.change(AUTHOR, who, {"grade-paper": "12"})
    client, root = sign_in(app, "admin"), f"/promotions/{anonymous.code}"
    known = {"half_day_id": anonymous.half_days[0], "other_id": anonymous.participants[1],
             "paper_id": tutoring.beside(who)[1]}  # fmt: skip
    apart = (f"{root}/jury/notes/", f"{root}/jury/notes/corrections/")
    for address in addresses(app, anonymous, kind="dossier", row=who, **known):
        for headers in ({}, HTMX):
            shown = readable(client.get(address, headers=headers))
            assert address in apart or CANARY not in shown, address
            assert address not in apart or not names_in(re.search("<main.*</main>|<section.*", shown, re.S)[0]), address
    pages = [f"{root}/jury/", f"{root}/jury/notes/?vue=ecrit", f"{root}/historique/dossier/{who}/", "/journal/",
             f"/journal/?promotion={anonymous.code}", f"{root}/participants/", "/"]  # fmt: skip
    for page in pages:
        assert CANARY not in client.get(page).text, page
    for page in ("rattrapages/", "plagiats/", "anomalies/"):
        html = client.get(f"{root}/jury/{page}").text
        listed = re.search("<main.*</main>", html, re.S)[0]
        assert not re.search(r"(Arnaud|Inès)[^\n]*RSV20[67]", listed), page
    assert f'data-resit="{number}-RSV207"' in client.get(f"{root}/jury/rattrapages/").text
    token = csrf(client.get(f"{root}/jury/").text)
    for target in (f"{root}/jury/{who}", f"{root}/jury/rattrapages/{who}/RSV207"):
        data = {"csrf_token": token, "grade-RSV206": "2", "seen-grade-RSV206": "1", "resit-RSV207": "2"}
        answer = client.post(target, data=data, headers=HTMX)
        # What is of a unit is no field of these pages as long as names are covered: it is left alone.
        assert answer.status_code in (200, 404), target
        assert CANARY not in answer.text
        assert jury.held([who])[who] == {"grade-RSV206": "13.37", "grade-RSV207": "EXC", "grade-paper": "12"}
    assert client.post(
        f"{root}/jury/rattrapages/{number}/RSV207", data={"csrf_token": token, "resit-RSV207": "12"}
    ).status_code == 303  # fmt: skip
    assert client.post(f"{root}/jury/numeros/levee", data={"csrf_token": token}).status_code == 303
    for page in pages[:1] + pages[2:5]:
        assert CANARY in client.get(page).text, page
    assert CANARY in client.get(f"{root}/jury/notes/").text
    assert "Anonymat levé le" in client.get(f"{root}/jury/numeros/").text
    assert client.post(f"{root}/jury/numeros/levee", data={"csrf_token": token, "form_key": "x"}).status_code == 422


def test_the_history_of_a_covered_grade_gives_nothing_back(app: Flask, anonymous: Cohort) -> None:
    who = anonymous.participants[0]
    jury.change_numbered(AUTHOR, anonymous.id, candidate_numbers.numbers(anonymous.id)[who], {"grade-RSV206": CANARY})
    entry = JournalEntry.select().where(JournalEntry.field == "grade-RSV206").get().id
    client, url = sign_in(app, "admin"), f"/promotions/{anonymous.code}/historique/dossier/{who}/"
    data = {"csrf_token": csrf(client.get(url).text), "entry": str(entry), "seen-grade-RSV206": "x"}
    answer = client.post(url, data=data, headers=HTMX)
    assert answer.status_code == 403
    assert CANARY not in answer.text
    assert jury.held([who])[who] == {"grade-RSV206": "13.37"}


def test_what_waits_between_both_sides_of_a_unit_waits_for_the_names(app: Flask, bench: Bench) -> None:
    (first, second), book = bench.cohort.participants[:2], bench.jury
    jury.change(AUTHOR, first, {"grade-RSV206": "14", "grade-RSV207": "12"})
    bench.calm(book)
    jury.change(AUTHOR, first, {"grade-RSV206": "15"})
    bench.type("Jury", first, "RSV206", CANARY, book)
    bench.type("Jury", second, "RSV206", "beaucoup", book)
    bench.type("Jury", second, "Note de validation", "assez", book)
    bench.cycle(book)
    client = sign_in(app, "juror")
    assert CANARY in client.get("/conflits/").text
    assert "beaucoup" in client.get("/refus/").text
    ruled(bench.cohort, anonymous=True)
    assert CANARY not in client.get("/conflits/").text
    html = client.get("/refus/").text
    assert "beaucoup" not in html
    assert "assez" in html
    candidate_numbers.uncover(AUTHOR, bench.cohort.id)
    assert CANARY in client.get("/conflits/").text
    assert "beaucoup" in client.get("/refus/").text


def test_numbers_are_drawn_by_the_office_which_alone_reads_who_bears_them(app: Flask, cohort: Cohort) -> None:
    ruled(cohort, anonymous=True)
    office, juror, url = sign_in(app, "coordinator"), sign_in(app, "juror"), f"/promotions/{cohort.code}/jury/numeros/"
    assert "6 personnes n" in juror.get(f"/promotions/{cohort.code}/jury/notes/").text
    token = csrf(juror.get(url).text)
    assert juror.post(f"{url}tirage", data={"csrf_token": token}).status_code == 403
    token = csrf(office.get(url).text)
    assert office.post(f"{url}tirage", data={"csrf_token": token}).status_code == 303
    html = office.get(url).text
    assert "6 numéros tirés" in html
    assert all(str(number) in html for number in candidate_numbers.numbers(cohort.id).values())
    assert names_in(html)
    assert names_in(juror.get(url).text) == []


def test_the_way_to_numbers_is_shown_where_they_are_asked_for_or_were_drawn(app: Flask, cohort: Cohort) -> None:
    client, root = sign_in(app, "juror"), f"/promotions/{cohort.code}/jury"
    way = f'href="{root}/numeros/"'
    assert all(way not in client.get(f"{root}/{page}").text for page in ("", "notes/", "numeros/"))
    ruled(cohort, anonymous=True)
    assert all(way in client.get(f"{root}/{page}").text for page in ("", "notes/"))
    candidate_numbers.draw(AUTHOR, cohort.id)
    ruled(cohort, anonymous=False)
    assert way in client.get(f"{root}/").text


def test_what_was_changed_reads_in_french_in_the_history_and_is_given_back(app: Flask, parts: Cohort) -> None:
    who = parts.participants[0]
    jury.change(AUTHOR, who, {"grade-RSV206:E1": "EXC", "grade-RSV207": "12", "marker1-RSV207": "E. Bucolo"})
    jury.change(AUTHOR, who, {"resit-RSV206:E1": "12", "resit_on-RSV206:E1": "12/05/2025", "marking1-RSV207": "11"})
    unit_reports.report(AUTHOR, who, "RSV207", "E. Bucolo", "Deux pages")
    client, url = sign_in(app, "juror"), f"/promotions/{parts.code}/historique/dossier/{who}/"
    html = plain(unescape(client.get(url).text))
    for words in (
        "RSV206 E1", "RSV206 E1 (rattrapage)", "RSV206 E1, rattrapage le", "12/05/2025",
        "RSV207, note du 1er correcteur", "RSV207, 1er correcteur", "RSV207, plagiat signalé par",
    ):  # fmt: skip
        assert words in html
    assert "resit" not in re.sub(r"(name|value|href|id)=\"[^\"]*\"", "", html)
    entry = JournalEntry.select().where(JournalEntry.field == "resit-RSV206:E1").get().id
    data = {"csrf_token": csrf(html), "entry": str(entry), "seen-resit-RSV206:E1": "12"}
    assert client.post(url, data=data, headers=HTMX).status_code == 200
    assert "resit-RSV206:E1" not in jury.held([who])[who]
    worked_out = JournalEntry.select().where(JournalEntry.field == "grade-RSV206").get().id
    assert f'value="{worked_out}"' not in client.get(url).text


def test_units_with_assessments_are_typed_on_the_page_of_the_rules(app: Flask, cohort: Cohort) -> None:
    client, url = sign_in(app, "coordinator"), f"/promotions/{cohort.code}/reglement/"
    lines = "RSV206 ; Économie sociale ; 8\r\n- E1 ; Écrit ; 2\r\n- O1 ; Oral ; 1\r\nRSV207 ; Enquête ; 4"
    data = {"csrf_token": csrf(client.get(url).text), "units": lines, "reason": "Épreuves fixées"}
    assert client.post(url, data=data).status_code == 303
    assert people.rule_set(cohort.id).units[0].assessments == PARTS
    assert "- E1 ; Écrit ; 2" in client.get(url).text
    wrong = client.post(url, data={**data, "units": lines.replace("; 2", "; 0"), "form_key": "2"})
    assert wrong.status_code == 422
    assert rule_sets.begun(cohort.id, jury.date.today())
