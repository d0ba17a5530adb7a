"""The module of a half-day in the tab Séances: one that is renamed reaches the sheet, what staff wrote stays theirs."""

import pytest

from store import agreement, between, calendar, modules
from tests.sync_bench import PAGE, Bench, differences
from tests.test_hazards_values import plain_format

TAB = "Séances"


@pytest.fixture
def days(bench: Bench) -> list[str]:
    """Give the half-days of the cohort, all of module 1, « Histoire », on both sides."""
    bench.calm()
    return bench.cohort.half_days


def rename(bench: Bench, known: str = "1", **values: str) -> None:
    key = next(row[0] for row in calendar.modules(bench.cohort.id) if row[1] == known)
    modules.change(PAGE, key, values)


def shown(bench: Bench, half_day: str) -> str:
    return bench.cell(TAB, half_day, "Module")


def settled(bench: Bench) -> None:
    """Hold that both sides say the same, that nothing waits, and that a cycle more writes nothing."""
    assert differences(bench) == []
    assert (between.refusals(), between.conflicts()) == ([], [])
    assert not agreement.states()[0]["paused"]
    assert bench.cycle().writes == 0


@pytest.mark.parametrize(
    ("values", "label"),
    [({"title": "Histoire sociale"}, "1 · Histoire sociale"), ({"number": "4"}, "4 · Histoire"),
     ({"number": "4", "title": "Histoire sociale"}, "4 · Histoire sociale")],
)  # fmt: skip
def test_a_module_renamed_reaches_every_cell_at_the_next_cycle(
    bench: Bench, days: list[str], values: dict[str, str], label: str
) -> None:
    rename(bench, **values)
    bench.cycle()
    assert {shown(bench, key) for key in days} == {label}
    settled(bench)


def test_modules_that_exchange_their_numbers_stay_with_their_half_days(bench: Bench, days: list[str]) -> None:
    calendar.change(PAGE, days[3], {"module": "2"})
    bench.calm()
    for before, after in (("1", "9"), ("2", "1"), ("9", "2")):
        rename(bench, before, number=after)
    bench.calm()
    assert [shown(bench, key) for key in days] == ["2 · Histoire"] * 3 + ["1 · Droit"]
    assert [calendar.snapshot(bench.cohort.id)[key]["module"] for key in days] == ["2"] * 3 + ["1"]
    settled(bench)


def test_a_half_day_given_another_module_in_the_sheet_meanwhile_is_given_it(bench: Bench, days: list[str]) -> None:
    rename(bench, title="Histoire sociale")
    bench.type(TAB, days[0], "Module", "2 · Droit")
    bench.calm()
    assert (shown(bench, days[0]), shown(bench, days[1])) == ("2 · Droit", "1 · Histoire sociale")
    assert calendar.snapshot(bench.cohort.id)[days[0]]["module"] == "2"
    settled(bench)


@pytest.mark.parametrize("theirs", ["1", "1 · Histoire (salle du fond)", "1 · histoire sociale"])
def test_what_staff_wrote_themselves_stays_as_they_wrote_it(bench: Bench, days: list[str], theirs: str) -> None:
    bench.type(TAB, days[0], "Module", theirs)
    bench.calm()
    assert shown(bench, days[0]) == theirs
    rename(bench, title="Histoire sociale")
    bench.calm()
    assert (shown(bench, days[0]), shown(bench, days[1])) == (theirs, "1 · Histoire sociale")
    settled(bench)


def test_a_formula_is_never_replaced_by_a_label(bench: Bench, days: list[str]) -> None:
    plain_format(bench)
    bench.type(TAB, days[0], "Module", '="1 · "&"Histoire"')
    bench.calm()
    rename(bench, title="Histoire sociale")
    bench.calm()
    assert shown(bench, days[1]) == "1 · Histoire sociale"
    assert shown(bench, days[0]) == "1 · Histoire"
