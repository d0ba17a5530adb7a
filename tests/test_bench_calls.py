"""bench/calls.py on a tiny promotion, with the tools that the tests have: it must measure what it says."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.calls import OURS, SCENARIOS, Stage, good, in_its_own_process, shown
from store import db

TINY = replace(SCENARIOS[1], people=3, half_days=3, changes={"participants": 2, "papers": 1, "jury": 1})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("calls"), TINY)
    yield stage
    stage.stop()
    db.database.close()


def test_ours_reads_and_writes_once_a_book_and_keeps_everything(stage: Stage) -> None:
    result = stage.measure(OURS)
    assert (result.tally.reads, result.tally.writes) == (2, 2)
    assert (result.kept.delivered, result.typed) == ((4, 4), (9, 9))
    assert good(result, TINY), "\n".join(shown([result]))
    # The changed cell that staff typed in too waits for a person, in each of the three tabs.
    assert stage.conflicts() == 3


def test_a_tool_that_writes_blindly_loses_what_was_typed(stage: Stage) -> None:
    result = stage.measure("pygsheets_cells")
    assert result.stopped == ""
    # A read to open the book and one a tab; a write a cell.
    assert (result.tally.reads, result.tally.writes, result.tally.cells) == (4, 4, 4)
    assert (result.kept.delivered, result.kept.altered, result.typed) == ((4, 4), 0, (6, 9))
    assert not good(result, TINY)
    assert "pygsheets" in list(shown([result]))[1]


def test_what_a_tool_says_when_it_stops_is_told() -> None:
    _, said = in_its_own_process("job_of_nobody", {})
    assert "job_of_nobody" in said
