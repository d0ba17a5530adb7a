"""A day's work on the grid page: what others do meanwhile, what is refused, what formulas and rules draw."""

import pytest
from playwright.sync_api import expect

from tests.grid_bench import bench_at


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with bench_at(tmp_path_factory.mktemp("daily")) as running:
        yield running


@pytest.fixture
def grid(bench):
    opened = bench.open()
    yield opened
    assert opened.failures == []


def message(grid):
    return grid.page.locator("#message")


def test_an_undo_leaves_and_names_the_cell_that_someone_wrote_since(grid):
    grid.click("B2")
    grid.paste("un\tdeux\ntrois\tquatre")
    grid.saved()
    grid.api.write(grid.book, "B3", [["d’ailleurs"]])
    grid.shows("B3", "d’ailleurs")
    grid.press("Control+z")
    grid.shows("B2", "Martin")
    assert grid.values("B2:C3") == [["Martin", "12"], ["d’ailleurs", "7"]]
    expect(message(grid)).to_have_text(
        "Modifié depuis par quelqu’un d’autre, donc laissé tel quel : B3 (Participants)."
    )


def test_a_refused_step_quotes_what_was_typed(grid):
    def gone_meanwhile(route):
        place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}
        grid.api.batch(grid.book, {"deleteDimension": {"range": place}})
        route.continue_()

    grid.page.route("**/actions", gone_meanwhile, times=1)
    grid.click("B3")
    grid.type("une longue remarque")
    grid.press("Enter")
    expect(message(grid)).to_contain_text("supprimée entre-temps")
    expect(message(grid)).to_contain_text("Vous aviez écrit : « une longue remarque »")
