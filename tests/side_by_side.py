"""How the tests run in several processes at once: the long files begin first, and a stopwatch runs alone.

`make test` gives each file to one of three processes. A test marked `alone` measures how long the
product takes: while it runs, no other process of the run is inside a test.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

#: How the names of the files that take longest begin, longest first: begun last, one of them would leave the other
#: process idle.
LONG = (
    "test_planted", "test_browser_both_sides", "test_blackbox_round", "test_browser_site_map", "test_canaries",
    "test_pages_confinement", "test_browser_roster", "test_browser_grid", "test_browser", "test_run",
    "test_localsheets_grid",
)  # fmt: skip
SHARED, ALONE = fcntl.LOCK_SH, fcntl.LOCK_EX


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "alone: measures time, so no other process of the run is inside a test")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, everything else as it was."""
    items.sort(key=lambda item: next((n for n, name in enumerate(LONG) if item.path.stem.startswith(name)), len(LONG)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let tests of several processes run together, but for those that run alone."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    # The folder of this process stands in the folder of the run.
    with _turn(item.config._tmp_path_factory.getbasetemp().parent, item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _turn(folder: Path, alone: bool) -> Iterator[None]:
    """Hold the run, alone or with others, for one test.

    Everybody passes the door one at a time, so that those who want to be alone are not overtaken for ever.
    """
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        fcntl.flock(door, ALONE)
        fcntl.flock(room, ALONE if alone else SHARED)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
