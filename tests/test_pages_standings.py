"""Assiduité and règlement: where people stand, how the rule counts, and who changes it with which reason."""

import re
from html import unescape

import pytest
from flask import Flask

from store import people, rosters, rule_sets
from tests.pages import AUTHOR, csrf, make_app, sign_in
from tests.papers import plain
from tests.sync_bench import Cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


def page(app: Flask, cohort: Cohort, part: str, role: str = "coordinator") -> str:
    return sign_in(app, role).get(f"/promotions/{cohort.code}/{part}").text


def line(html: str, enrolment: str) -> str:
    found = re.search(rf'<tr id="ligne-{enrolment}".*?</tr>', html, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[0]) if found else ""


def test_each_line_shows_hours_absent_allowed_and_left(app: Flask, cohort: Cohort, count_queries) -> None:
    first, second = cohort.participants[:2]
    rosters.change(AUTHOR, first, {cohort.half_days[0]: "A"})
    rosters.change(AUTHOR, second, {cohort.half_days[0]: "R 10"})
    client = sign_in(app, "coordinator")
    with count_queries(10):
        html = client.get(f"/promotions/{cohort.code}/assiduite/").text
    # 3 h of 14 h is more than the fifth.
    assert "défaillant·e" in line(html, first)
    assert "3 h" in line(html, first)
    assert "2 h 48" in line(html, first)
    assert "dans la règle" in line(html, second)
    assert html.index(f"ligne-{first}") < html.index(f"ligne-{second}")
    assert "Source : 003" in html


def test_full_participation_lists_every_half_day_missed(app: Flask, cohort: Cohort) -> None:
    rule_sets.change(AUTHOR, cohort.id, {"kind": "full"}, {}, "Programme", {}, rosters.now().date())
    rosters.change(AUTHOR, cohort.participants[0], dict.fromkeys(cohort.half_days, "A"))
    found = line(page(app, cohort, "assiduite/"), cohort.participants[0])
    assert "ne peut plus satisfaire" in found
    assert found.count("20/01") == 2
    assert found.count("14/02") == 2


def test_an_open_page_is_told_that_nothing_moved(app: Flask, cohort: Cohort) -> None:
    client, url = sign_in(app, "reader"), f"/promotions/{cohort.code}/assiduite/"
    version = people.version(cohort.id)
    assert client.get(f"{url}?v={version}", headers={"HX-Request": "true"}).status_code == 204
    rosters.change(AUTHOR, cohort.participants[0], {cohort.half_days[0]: "A"})
    answer = client.get(f"{url}?v={version}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<section")


def test_the_three_examples_are_worked_out(app: Flask, cohort: Cohort) -> None:
    text = re.sub(r"<[^>]+>", " ", page(app, cohort, "assiduite/exemples/", "reader"))
    for words in ("18 h", "20 h 30", "16 h", "20,0 %", "22,8 %", "17,8 %", "19,2 %", "23,1 %"):
        assert words in text
    assert text.count("non défaillant·e") == 2
    assert "4 × 4 h 30 + 1 × 2 h 30" in plain(text)
    rule_sets.change(AUTHOR, cohort.id, {"share_percent": "15"}, {}, "Essai", {}, rosters.now().date())
    text = re.sub(r"<[^>]+>", " ", page(app, cohort, "assiduite/exemples/", "reader"))
    assert "non défaillant·e" not in text
    assert "15 %" in text


class Rules:
    """The page of the rule set as one person sees it, and its form sent as a browser would."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client, self.url = sign_in(app, role), f"/promotions/{cohort.code}/reglement/"
        self.html = self.client.get(self.url).text

    def send(self, **changed: str):
        part = self.html[self.html.index('<form class="settings"') :]
        part = part[: part.index("</form>")]
        data = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', part))
        # A browser sends the lines of a text, and of what it had been, with two characters at their ends.
        data |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n([^<]*)</textarea>', part))
        data = {name: unescape(text).replace("\n", "\r\n") for name, text in data.items()}
        for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', part, re.S):
            data[name] = re.search(r'value="([^"]*)" selected', options)[1]
        return self.client.post(self.url, data=data | changed)


def test_a_setting_is_changed_with_its_reason_and_listed(app: Flask, cohort: Cohort) -> None:
    answer = Rules(app, cohort).send(late_counts="oui", thresholds="60, 90", reason="Réunion du 3 mars")
    assert answer.status_code == 303
    rule = people.rule_set(cohort.id).attendance
    assert (rule.late_counts, rule.thresholds, rule.source) == (True, (60, 90), "003")
    html = Rules(app, cohort).html
    assert html.count("Réunion du 3 mars") == 2
    assert "Le règlement est enregistré" not in html


def test_without_a_reason_nothing_changes_and_what_was_typed_stays(app: Flask, cohort: Cohort) -> None:
    answer = Rules(app, cohort).send(lock_days="3")
    assert answer.status_code == 422
    assert "donnez le motif" in answer.text
    assert re.search(r'name="lock_days" value="3"', answer.text)
    assert people.rule_set(cohort.id).lock_days == 14


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("share_percent", "beaucoup", "Absences permises, en pourcentage des heures : « beaucoup »"),
        ("pages_min", "-4", "Pages, au moins : « -4 » n'est pas un nombre entier de 0 à"),
        ("thresholds", "0", "Seuils d'alerte, en pourcentage des heures permises : Un seuil"),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field(
    app: Flask, cohort: Cohort, name: str, typed: str, told: str
) -> None:
    answer = Rules(app, cohort).send(reason="Essai", **{name: typed})
    assert answer.status_code == 422
    assert told in plain(unescape(answer.text))
    assert re.search(rf'name="{name}" value="{typed}"[^>]*aria-invalid="true"', answer.text)


def test_mentions_are_typed_one_a_line_and_listed_in_words(app: Flask, cohort: Cohort) -> None:
    for typed in ("Bien ; beaucoup", "Bien ; 14x", "Bien ; ABS", " ; 12"):
        answer = Rules(app, cohort).send(honours=typed, reason="Essai")
        assert answer.status_code == 422
        assert f"« {typed.strip()} » n'est pas de la forme" in plain(unescape(answer.text))
        assert re.search(rf'<textarea name="honours"[^>]*>\n{typed}</textarea>', answer.text)
    typed = "Bien ; 14,5\r\nFélicitations du jury"
    assert Rules(app, cohort).send(honours=typed, tutor_member="step_out", reason="Conseil").status_code == 303
    assert [(one.label, str(one.least)) for one in people.rule_set(cohort.id).honours] == [
        ("Bien", "14.5"), ("Félicitations du jury", "None")
    ]  # fmt: skip
    html = Rules(app, cohort).html
    assert "<del>le signaler</del>" in html
    assert "<ins>le membre se retire</ins>" in html
    journal = plain(unescape(sign_in(app, "coordinator").get(f"/journal/?promotion={cohort.code}").text))
    assert "le membre se retire" in journal
    assert "step_out" not in journal


def test_two_people_at_once_are_told(app: Flask, cohort: Cohort) -> None:
    form = Rules(app, cohort)
    Rules(app, cohort).send(lock_days="3", reason="Premier")
    answer = form.send(lock_days="7", reason="Second")
    assert answer.status_code == 409
    assert people.rule_set(cohort.id).lock_days == 3


@pytest.mark.parametrize("role", ["reader", "tutor", "juror"])
def test_only_the_office_changes_it(app: Flask, cohort: Cohort, role: str) -> None:
    form = Rules(app, cohort, role)
    assert "<button>Enregistrer" not in form.html
    answer = form.client.post(form.url, data={"csrf_token": csrf(form.html), "lock_days": "3", "reason": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("part", ["assiduite/", "assiduite/exemples/", "reglement/"])
def test_an_unknown_promotion_is_not_found(app: Flask, cohort: Cohort, part: str) -> None:
    assert sign_in(app, "coordinator").get(f"/promotions/INCONNUE/{part}").status_code == 404
