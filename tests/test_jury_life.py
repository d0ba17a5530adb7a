"""The whole life of juries, act after act, on both engines and with the sheets that staff type in."""

import os
from collections import Counter

import pytest

from sync import dress, freshness
from sync.book import Sheets
from tests.jury_life import JuryLife
from tests.sync_bench import Bench, Cohort, Watched

#: SCENARIOS=1000 pytest tests/test_jury_life.py plays a thousand lives; FIRST=… others than those from 1.
LIVES, FIRST = int(os.environ.get("SCENARIOS", "0")), int(os.environ.get("FIRST", "1"))
ALL = {"closed", "corrected", "published", "abandoned", "put back", "refused", "tampering"}


def test_nothing_forbidden_is_ever_reached(database_url: str) -> None:
    told: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + (LIVES or 8)):
        told += JuryLife(seed).live(80).told
    assert told.keys() == ALL, told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_forbidden_is_reached_with_edits_from_the_sheets(
    database_url: str, _sheets_hub: tuple[object, Sheets], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, sheets = _sheets_hub
    monkeypatch.setattr(dress, "ROWS", 30)
    monkeypatch.setattr(freshness, "PATIENCE", 0.0)

    def bind(cohort: Cohort) -> Bench:
        bench = Bench(server.url, cohort, Watched(sheets)).bind()
        assert bench.jury
        return bench

    told: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + (LIVES or 4)):
        told += JuryLife(seed, bind).live(60).told
    assert {"closed", "corrected", "refused"} <= told.keys(), told
