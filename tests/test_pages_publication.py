"""Checks and publication: each fault with its place and a link, totals with their difference, days, who published."""

import pytest
from flask import Flask

from rules.calendar import Expected
from store import calendar, modules, people, planning
from store.models import Cohort as CohortTable
from tests.build_pages import Builder, told, values_of
from tests.pages import AUTHOR, HTMX, make_app
from tests.sync_bench import Cohort, make_cohort


@pytest.fixture
def app(database_url: str) -> Flask:
    return make_app(database_url)


@pytest.fixture
def page(app: Flask, cohort: Cohort) -> Builder:
    return Builder(app, cohort)


def test_each_fault_is_named_with_its_place_and_a_link(page: Builder, count_queries) -> None:
    other = make_cohort("AUTRE-2025")
    first, second, third, _fourth = page.cohort.half_days
    calendar.change(AUTHOR, first, {"day": "08/05/2025"})
    calendar.change(AUTHOR, third, {"place": ""})
    modules.change(AUTHOR, calendar.modules(page.cohort.id)[0][0], {"expected_minutes": "15h"})
    page.get("controles/")
    with count_queries(14):
        html = page.get("controles/")
    assert "Défauts <span class=\"tag bad\">4</span>" in html
    assert f'<a href="{page.root}#ligne-{first}">jeu. 08/05/2025</a>' in html
    assert "Fête de la Victoire" in html
    assert "La salle 21.2.32 est aussi prise par AUTRE-2025 : 14h-17h, 1 Histoire." in html
    assert f'href="/promotions/AUTRE-2025/seances/#ligne-{other.half_days[1]}"' in html
    assert f'<a href="{page.root}#ligne-{second}">' in html
    assert "1 Histoire : 14 h au calendrier, 15 h annoncées (-1 h)." in html
    assert f'<a href="{page.root}modules/">' in html


def test_a_calendar_without_fault_says_so(page: Builder) -> None:
    assert "Aucun défaut" in page.get("controles/")


def test_a_wrong_total_blocks_publication_and_shows_the_difference(page: Builder) -> None:
    CohortTable.update(
        expected_totals='{"minutes": 900, "by_kind": {"course": 840, "visit": 60}, "by_bloc": {"Bloc 1": 840}}'
    ).execute()
    html = page.refused("publier")
    assert "n'est pas publié : heures, total : 14 h au calendrier, 15 h annoncées (-1 h)." in told(html)
    # A kind or a bloc announced and absent from the calendar has its line too.
    for words in ("visite", "Bloc 1", "-14 h", "pas encore publié"):
        assert words in html
    assert planning.state(page.cohort.id).published_at is None


def test_a_calendar_is_published_and_later_changes_are_told(page: Builder) -> None:
    assert "pas encore publié" in page.get("")
    assert page.post("publier").status_code == 303
    html = page.get("controles/")
    assert "Le calendrier est publié." in html
    assert "par Coordinator" in html
    assert "modifié depuis" not in html
    calendar.change(AUTHOR, page.cohort.half_days[0], {"teachers": "Claire Fontaine"})
    for path in ("", "controles/"):
        html = page.get(path)
        assert "modifié depuis la publication" in html
        assert "(1 changement, par Tests" in html
    assert page.post("publier").status_code == 303
    assert "modifié depuis" not in page.get("")


def test_the_days_of_the_promotion_are_set_and_refused_in_words(page: Builder) -> None:
    assert page.post("dates", first_day="20/01/2025", last_day="31/01/2025").status_code == 303
    html = page.get("controles/")
    assert values_of(html, "first_day") == ["20/01/2025"]
    assert "La promotion finit le 31/01/2025." in html
    for values, says in (
        ({"first_day": "hier"}, "n'est pas une date"), ({"last_day": "01/01/2025"}, "après le premier"),
    ):  # fmt: skip
        html = page.refused("dates", **values)
        assert says in told(html)
        assert next(iter(values.values())) in html
    answer = page.post("dates", **{"first_day": "21/01/2025", "seen-first_day": "19/01/2025"})
    assert answer.status_code == 409
    assert planning.days(page.cohort.id)["first_day"] == "2025-01-20"


def test_everybody_reads_and_the_office_publishes(app: Flask, page: Builder) -> None:
    for role in ("tutor", "juror", "reader"):
        seen = Builder(app, page.cohort, role)
        html = seen.get("controles/")
        assert "Publier" not in html
        assert 'name="first_day"' not in html
        assert seen.post("publier").status_code == 403
        assert seen.post("dates", first_day="20/01/2025").status_code == 403
    assert planning.state(page.cohort.id).published_at is None
    assert page.client.get("/promotions/NOWHERE/seances/controles/").status_code == 404
    assert "<!doctype" not in page.client.get(page.root + "controles/", headers=HTMX).text


def test_the_totals_announced_are_changed_with_the_document_that_says_so(page: Builder) -> None:
    CohortTable.update(expected_totals='{"minutes": 900, "by_bloc": {"Bloc 1": 840}}').execute()
    assert "n'est pas publié" in told(page.refused("publier"))
    html = page.get("controles/")
    assert values_of(html, "total-minutes") == ["15 h"]
    assert values_of(html, "total-bloc-Bloc 1") == ["14 h"]
    wanted = {"total-minutes": "14h", "total-bloc-Bloc 1": "", "total-half_days": "4", "total-kind-course": "14"}
    assert "Dites quel document" in told(page.refused("totaux", **wanted))
    assert page.post("totaux", **wanted, **{"total-source": "Programme 2026, page 3"}).status_code == 303
    html = page.get("controles/")
    for words in ("Totaux de contrôle conformes", "Programme 2026, page 3", 'value="14 h"'):
        assert words in html
    assert people.expected_totals(page.cohort.id) == Expected(
        half_days=4, minutes=840, by_kind={"course": 840}, source="Programme 2026, page 3"
    )
    assert page.post("publier").status_code == 303
    journal = page.client.get("/journal/").text
    assert "total annoncé, cours" in journal
    assert "total annoncé, Bloc 1" in journal


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("total-minutes", "beaucoup", "« beaucoup » n'est pas une durée"),
        ("total-minutes", "-3", "« -3 » n'est pas une durée"),
        ("total-half_days", "deux", "« deux »"),
        ("total-days", "99999999", "hors des limites"),
        ("total-kind-course", "9" * 5000, "n'est pas une durée"),
    ],
)
def test_a_total_that_cannot_be_is_refused_beside_what_was_typed(
    page: Builder, field: str, typed: str, says: str
) -> None:
    before = people.expected_totals(page.cohort.id)
    html = page.refused("totaux", **{field: typed, "total-source": "Programme"})
    assert says in told(html)
    assert typed in html
    assert people.expected_totals(page.cohort.id) == before


def test_totals_that_somebody_changed_meanwhile_are_not_overwritten(page: Builder) -> None:
    CohortTable.update(expected_totals='{"minutes": 900}').execute()
    answer = page.post("totaux", **{"total-minutes": "14h", "seen-total-minutes": "16 h", "total-source": "Programme"})
    assert answer.status_code == 409
    assert people.expected_totals(page.cohort.id).minutes == 900
    for role in ("tutor", "juror", "reader"):
        seen = Builder(page.client.application, page.cohort, role)
        assert "total-minutes" not in seen.get("controles/")
        assert seen.post("totaux", **{"total-minutes": "14h", "total-source": "x"}).status_code == 403
