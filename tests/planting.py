"""How a bug is planted, and how it is seen whether the test that should catch it does.

No file is changed: the source of one module is rewritten as it is imported, so the switch must be thrown before
anything of ours is imported. Each bug is tried in a process of its own.
"""

import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

SWITCH = "PLANTED"
#: The one plugin that our tests ask for, instead of a search of everything installed.
PLUGINS = ("-p", "no:cacheprovider", "-p", "pytest_timeout")
ROOT = Path(__file__).resolve().parent.parent
#: Imported once, before the process is divided: each of the divided ones then begins at once.
HEAVY = (
    "pytest", "pytest_timeout", "hypothesis", "peewee", "playhouse.migrations", "psycopg", "flask", "gspread",
    "msgspec", "rapidfuzz", "faker", "holidays", "dateutil.parser", "tenacity", "requests", "localsheets.server",
    "axe_core_python.sync_playwright", "playwright.sync_api",
)  # fmt: skip
#: How many bugs are tried side by side, and the seconds that each may take.
SIDE_BY_SIDE, PATIENCE = 2, 120.0


@dataclass(frozen=True)
class Bug:
    """One mistake that somebody could have made, and the test that should catch it."""

    name: str
    #: What a person would have done wrong.
    mistake: str
    module: str
    #: The text of the module to replace, which it holds once, and what takes its place.
    find: str
    put: str
    #: What pytest is to be given.
    caught_by: str

    @property
    def path(self) -> Path:
        """Return the file of the module."""
        return ROOT.joinpath(*self.module.split(".")).with_suffix(".py")

    def planted(self) -> str:
        """Return the source of the module with the bug in; raise ValueError where there is no place for it."""
        source = self.path.read_text(encoding="utf-8")
        if source.count(self.find) != 1:
            raise ValueError(f"{self.name}: {self.module} holds {source.count(self.find)} times: {self.find!r}")
        return source.replace(self.find, self.put)


# -- planting ---------------------------------------------------------------------------------------


class _Loader(importlib.machinery.SourceFileLoader):
    """Load a module from its source with a bug in."""

    bug: Bug

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.bug.planted(), self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Find the one module that is not to be loaded as it is."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.bug.module:
            return None
        loader = _Loader(fullname, str(self.bug.path))
        loader.bug = self.bug
        return importlib.util.spec_from_file_location(fullname, self.bug.path, loader=loader)


def plant(bug: Bug) -> None:
    """Have a module imported with a bug in; raise ValueError when it is too late."""
    if bug.module in sys.modules:
        raise ValueError(f"{bug.module} is imported already")
    sys.meta_path.insert(0, _Finder(bug))


# -- trying each bug --------------------------------------------------------------------------------


class _Recorder:
    """Keep what pytest says of each test."""

    def __init__(self) -> None:
        self.passed = 0
        #: Why tests failed; and what else went wrong, which proves nothing.
        self.failed: list[str] = []
        self.broken: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count a test that passed."""
        self.passed += report.when == "call" and report.passed

    def pytest_exception_interact(self, call: Any, report: Any) -> None:
        """Tell a test whose assertion failed from a fixture, a collection or a test that could not go on."""
        told = "\n".join(str(report.longrepr).splitlines()[-12:])
        expected = (AssertionError, importlib.import_module("pytest").fail.Exception)
        # A suite may have a failure of its own, which tells more.
        said = isinstance(call.excinfo.value, expected) or type(call.excinfo.value).__module__.startswith("tests.")
        asserted = getattr(report, "when", "") == "call" and said
        (self.failed if asserted else self.broken).append(told)


def attempt(bug: Bug) -> dict[str, Any]:
    """Throw the switch in this process, run the test that should catch the bug, and return what happened."""
    pytest = importlib.import_module("pytest")
    recorder, began = _Recorder(), time.monotonic()
    os.environ |= {SWITCH: bug.name, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    code = int(pytest.main(["-x", "-q", *PLUGINS, *bug.caught_by.split()], plugins=[recorder]))
    planted = bug.module in sys.modules and isinstance(sys.modules[bug.module].__loader__, _Loader)
    caught = planted and code == 1 and bool(recorder.failed) and not recorder.broken
    why = recorder.failed or recorder.broken or [f"{recorder.passed} tests passed (exit code {code})"]
    return {"name": bug.name, "caught": caught, "seconds": round(time.monotonic() - began, 2), "why": why[0]}


def attempts(bugs: Sequence[Bug]) -> Iterator[dict[str, Any]]:
    """Try each bug in a process of its own, some side by side; give what happened as each ends."""
    for name in HEAVY:
        importlib.import_module(name)
    # What stands here is nobody's garbage: each of the divided ones would look through all of it several times.
    gc.freeze()
    early = sorted({bug.module for bug in bugs} & set(sys.modules))
    if early:
        raise ValueError(f"imported already, so no bug can be planted: {', '.join(early)}")
    waiting, running = list(bugs), {}
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < SIDE_BY_SIDE:
                bug = waiting.pop(0)
                running[_divide(bug, Path(folder))] = bug, time.monotonic()
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process:
                bug, _ = running.pop(process)
                yield _told(bug, Path(folder))
                continue
            for process, (_, began) in running.items():
                if time.monotonic() - began > PATIENCE:
                    os.kill(process, 9)
            time.sleep(0.02)


def _divide(bug: Bug, folder: Path) -> int:
    """Try a bug in a copy of this process; return its number."""
    process = os.fork()
    if process:
        return process
    with (folder / f"{bug.name}.log").open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        with contextlib.suppress(BaseException):
            (folder / f"{bug.name}.json").write_text(json.dumps(attempt(bug)))
        log.flush()
    os._exit(0)


def _told(bug: Bug, folder: Path) -> dict[str, Any]:
    told = folder / f"{bug.name}.json"
    if told.exists():
        return json.loads(told.read_text())
    log = (folder / f"{bug.name}.log").read_text(errors="replace")
    return {"name": bug.name, "caught": False, "seconds": PATIENCE, "why": f"no answer: {log[-2000:]}"}
