"""The proof is proved: each bug planted on purpose is caught by the test that should catch it."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.planted import BUGS
from tests.planting import SWITCH, Bug

#: What must be wrong somewhere among the bugs, by the module that holds it.
PARTS = ("sync.plan", "sync.guard", "sync.sending", "sync.applying", "store.leases", "store.agreement", "store.quota",
         "store.journal", "store.minutes", "store.verification", "store.verified_minutes", "rules.chain")  # fmt: skip
#: Seconds that all of them may take together.
BUDGET = 600


@pytest.mark.parametrize("bug", BUGS.values(), ids=list(BUGS))
def test_a_bug_has_its_place_in_the_source_and_is_still_python(bug: Bug) -> None:
    planted = bug.planted()
    assert planted != bug.path.read_text(encoding="utf-8")
    ast.parse(planted)


def test_there_are_enough_bugs_and_of_every_kind() -> None:
    assert len(BUGS) >= 25
    assert len({bug.mistake for bug in BUGS.values()}) == len(BUGS)
    for part in PARTS:
        assert any(bug.module.startswith(part) for bug in BUGS.values()), part


class _Attempts:
    """Every bug tried in turn by another process, which tells as each is done."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", SWITCH))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.planted"], stdout=subprocess.PIPE, text=True, env=environment
        )
        self.told: dict[str, dict[str, Any]] = {}

    def of(self, name: str) -> dict[str, Any]:
        """Wait for what became of a bug."""
        while name not in self.told:
            line = self.process.stdout.readline() if self.process.stdout else ""
            assert line, f"no answer about {name}"
            told = json.loads(line)
            self.told[told["name"]] = told
        return self.told[name]


@pytest.fixture(scope="module")
def attempts() -> Iterator[_Attempts]:
    """Try every bug, and stop whatever is left of it at the end."""
    found = _Attempts()
    yield found
    found.process.kill()
    found.process.wait()
    if found.process.stdout:
        found.process.stdout.close()


@pytest.mark.timeout(BUDGET)
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught_by_its_test(attempts: _Attempts, name: str) -> None:
    told = attempts.of(name)
    assert told["caught"], f"{BUGS[name].mistake}\n{BUGS[name].caught_by}\n{told['why']}"


def test_a_test_that_finds_nothing_wrong_catches_no_bug() -> None:
    """A bug that a test cannot see is told so: a test that fails whatever happens would prove nothing."""
    script = (
        "from dataclasses import replace; from tests.planted import BUGS; from tests.planting import attempts;"
        "bug = BUGS['bucket-overflows'];"
        "blind = replace(bug, caught_by='tests/test_plan_cells.py::test_a_formula_is_read_but_never_overwritten');"
        "lost = replace(bug, name='lost', caught_by='tests/test_plan_cells.py::test_that_nobody_wrote');"
        "print([told['caught'] for told in attempts([blind, lost])])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout.split("\n")[-2] == "[False, False]"
