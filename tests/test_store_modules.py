"""Modules: added, changed, put in order, taken out; and what their half-days and the sheet make of it."""

import pytest

from store import calendar, modules
from store.errors import Changed, Refused, Unknown
from store.models import JournalEntry
from tests.pages import AUTHOR
from tests.sync_bench import Bench, Cohort, make_cohort


def numbers(cohort: Cohort) -> list[str]:
    return [row[1] for row in calendar.modules(cohort.id)]


def journalled(module_id: int) -> dict[str, tuple[str, str]]:
    query = JournalEntry.select().where((JournalEntry.kind == "module") & (JournalEntry.object_id == str(module_id)))
    return {entry.field: (entry.before, entry.after) for entry in query.order_by(JournalEntry.id)}


def test_a_module_is_added_last_with_its_announced_hours(cohort: Cohort) -> None:
    given = {"number": "3", "title": " Gestion  de projet ", "bloc": "Bloc 2", "optional": "oui",
             "expected_minutes": "7h"}  # fmt: skip
    key = modules.add(AUTHOR, cohort.id, given)
    assert modules.listed(cohort.id)[-1] == (key, "3", "Gestion de projet", "Bloc 2", True, 420, 0, 0)
    assert journalled(key)["expected_minutes"] == ("", "420")
    assert journalled(key)["optional"] == ("", "oui")


def test_what_is_placed_is_counted_without_the_jury(cohort: Cohort) -> None:
    assert modules.listed(cohort.id)[0][6:] == (180 + 180 + 210 + 270, 4)
    calendar.create(
        AUTHOR, cohort.id, {"module": "1", "day": "2025-06-02", "start": "9h", "end": "12h", "kind": "jury"}
    )
    calendar.remove(AUTHOR, cohort.half_days[0])
    assert modules.listed(cohort.id)[0][6:] == (180 + 210 + 270, 4)


@pytest.mark.parametrize(
    ("raw", "field", "told"),
    [
        ({"title": "Sans numéro"}, "number", "obligatoire"),
        ({"number": "3"}, "title", "obligatoire"),
        ({"number": "2", "title": "Doublon"}, "number", "déjà un module 2"),
        ({"number": " 2 ", "title": "Doublon"}, "number", "déjà un module 2"),
        ({"number": "3 · 4", "title": "Point"}, "number", "sans « · »"),
        ({"number": "1234567890123", "title": "Long"}, "number", "12 caractères"),
        ({"number": "..", "title": "Points"}, "number", "une lettre ou un chiffre"),
        ({"number": "3", "title": "X", "expected_minutes": "beaucoup"}, "expected_minutes", "durée"),
        ({"number": "3", "title": "X", "optional": "peut-être"}, "optional", "oui ou non"),
        ({"number": "3", "title": "X", "bloc": "x" * 300}, "bloc", "trop long"),
    ],
)
def test_a_module_that_cannot_be_is_refused_with_its_field(cohort: Cohort, raw: dict, field: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        modules.add(AUTHOR, cohort.id, raw)
    assert refused.value.field == field
    assert numbers(cohort) == ["1", "2"]


def test_a_change_is_journalled_and_compared_with_what_was_read(cohort: Cohort) -> None:
    key = calendar.modules(cohort.id)[0][0]
    assert modules.change(AUTHOR, key, {"title": "Histoire", "expected_minutes": "14"}, {"expected_minutes": ""}) == {
        "expected_minutes": "840"
    }
    with pytest.raises(Changed):
        modules.change(AUTHOR, key, {"expected_minutes": "15"}, {"expected_minutes": ""})
    with pytest.raises(Refused, match="déjà un module 2"):
        modules.change(AUTHOR, key, {"number": "2"})
    assert modules.values(key) == {
        "number": "1", "title": "Histoire", "bloc": "", "optional": "", "expected_minutes": "840",
    }  # fmt: skip
    assert modules.change(AUTHOR, key, {"optional": "oui"}) == {"optional": "oui"}
    assert modules.change(AUTHOR, key, {"optional": "non"}) == {"optional": ""}


def test_modules_are_put_in_order_one_place_at_a_time(cohort: Cohort) -> None:
    third = modules.add(AUTHOR, cohort.id, {"number": "3", "title": "Gestion"})
    assert modules.place(AUTHOR, third, up=True)
    assert numbers(cohort) == ["1", "3", "2"]
    assert modules.place(AUTHOR, third, up=True)
    assert not modules.place(AUTHOR, third, up=True)
    assert numbers(cohort) == ["3", "1", "2"]
    assert modules.place(AUTHOR, third, up=False)
    assert numbers(cohort) == ["1", "3", "2"]
    assert journalled(third)["position"] == ("1", "2")


def test_a_module_that_half_days_belong_to_stays_even_when_they_are_withdrawn(cohort: Cohort) -> None:
    first, second = (row[0] for row in calendar.modules(cohort.id))
    for half_day in cohort.half_days:
        calendar.remove(AUTHOR, half_day)
    with pytest.raises(Refused, match="4 demi-journées sont de ce module, dont 4 retirées"):
        modules.remove(AUTHOR, first)
    modules.remove(AUTHOR, second)
    assert numbers(cohort) == ["1"]
    assert journalled(second)["title"] == ("Droit", "")
    with pytest.raises(Unknown):
        modules.remove(AUTHOR, second)


def test_a_module_is_of_its_cohort(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    key = calendar.modules(other.id)[0][0]
    assert modules.of_cohort(other.id, key)
    assert not modules.of_cohort(cohort.id, key)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8", "8"), ("8 · Histoire ancienne", "8"), ("7 · Histoire", "8"), ("1 · Histoire", "8"),
        ("1 · HISTOIRE ancienne", "8"), ("2 · N'importe", "2"), ("2 · DROIT", "2"),
    ],
)  # fmt: skip
def test_a_cell_with_a_former_title_or_number_still_names_its_module(cohort: Cohort, typed: str, read: str) -> None:
    for raw in ({"title": "Histoire ancienne"}, {"number": "7"}, {"number": "8"}):
        modules.change(AUTHOR, calendar.modules(cohort.id)[0][0], raw)
    assert calendar.types(cohort.id)["module"].parse(typed) == read


@pytest.mark.parametrize("typed", ["9", "9 · Droit", "1 · Droit", "Droit civil", "· ", "1"])
def test_a_cell_that_names_no_module_is_refused(cohort: Cohort, typed: str) -> None:
    modules.change(AUTHOR, calendar.modules(cohort.id)[0][0], {"number": "7"})
    with pytest.raises(Refused, match="dans la liste"):
        calendar.types(cohort.id)["module"].parse(typed)


def test_renaming_or_renumbering_a_module_refuses_no_cell_of_the_sheet(bench: Bench) -> None:
    first, second = (row[0] for row in calendar.modules(bench.cohort.id))
    modules.change(AUTHOR, first, {"title": "Histoire ancienne"})
    report = bench.cycle()
    assert (report.refused, report.conflicts) == (0, 0)
    modules.change(AUTHOR, first, {"number": "7"})
    bench.calm()
    assert bench.reports[-1].refused == 0
    assert calendar.half_day(bench.cohort.id, bench.cohort.half_days[0])["module"] == "7"
    bench.type("Séances", bench.cohort.half_days[0], "Module", "2")
    bench.calm()
    assert calendar.half_day(bench.cohort.id, bench.cohort.half_days[0])["module"] == "2"
