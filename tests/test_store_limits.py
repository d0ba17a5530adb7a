"""Values larger than a table can hold: refused in words on both engines, from a page or a sheet alike."""

import pytest

from store import accounts, calendar, people, tutoring
from store.errors import Refused
from tests.pages import AUTHOR
from tests.sync_bench import Bench, Cohort


@pytest.mark.parametrize("pages", ["9999999999", "2147483648", "-3", "0", "2001"])
def test_a_page_count_out_of_reason_is_refused(cohort: Cohort, pages: str) -> None:
    paper = next(iter(tutoring.snapshot(cohort.id)))
    with pytest.raises(Refused, match="hors des limites|n'est pas"):
        tutoring.change(AUTHOR, paper, {"pages": pages})
    assert tutoring.snapshot(cohort.id)[paper]["pages"] == ""


def test_a_text_longer_than_its_column_is_refused_with_its_field(cohort: Cohort) -> None:
    with pytest.raises(Refused, match="trop long") as refused:
        calendar.change(AUTHOR, cohort.half_days[0], {"period": "x" * 300})
    assert refused.value.field == "period"
    with pytest.raises(Refused, match="trop long|au plus"):
        people.create(AUTHOR, cohort.id, {"last_name": "x" * 300, "first_name": "Y"})


def test_an_account_name_too_long_is_refused(database_url: str) -> None:
    with pytest.raises(Refused, match="caractères au plus"):
        accounts.add(AUTHOR, "a@exemple.fr", "x" * 300, "reader")


def test_a_huge_number_in_the_sheet_is_one_refusal_and_stops_nothing(bench: Bench) -> None:
    bench.calm()
    paper = bench.ids("Notes")[0]
    bench.type("Notes", paper, "Pages", "9999999999")
    bench.type("Notes", paper, "Titre", "Un titre")
    report = bench.cycle()
    assert (report.pulled, report.refused) == (1, 1)
    row = tutoring.snapshot(bench.cohort.id)[paper]
    assert (row["title"], row["pages"]) == ("Un titre", "")


def test_a_half_day_without_module_has_a_readable_header(cohort: Cohort) -> None:
    key = calendar.create(
        AUTHOR, cohort.id, {"period": "Semaine 99", "start": "9h", "end": "12h", "kind": "course"}
    )
    assert calendar.headers(cohort.id)[key] == "Semaine 99 matin"


def test_what_a_tab_waited_for_is_still_counted_while_it_is_paused(bench: Bench) -> None:
    bench.calm()
    paper = bench.ids("Notes")[0]
    bench.type("Notes", paper, "Pages", "beaucoup")
    assert bench.cycle().refused == 1
    sheet_id, row, column = bench.place("Notes", paper, "Titre")
    bench.act({"type": "deleteColumns", "sheetId": sheet_id, "at": column, "count": 1})
    report = bench.cycle()
    assert len(report.paused) == 1
    assert report.refused == 1
