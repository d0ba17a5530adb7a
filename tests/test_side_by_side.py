"""The tests in two processes: long files first, and nobody inside a test beside one that measures time."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMED = """
import json, os, pathlib, time
import pytest

@pytest.mark.parametrize("n", range(5))
{mark}def test_timed(n):
    began = time.monotonic()
    time.sleep({seconds})
    moment = {{"file": "{name}", "alone": {alone}, "began": began, "ended": time.monotonic(), "process": os.getpid()}}
    pathlib.Path("{name}-" + str(n) + ".json").write_text(json.dumps(moment))
"""


def pytest_in(folder: Path, *arguments: str) -> str:
    """Run pytest in a folder, told nothing of the run side by side that this test may be part of."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.side_by_side", "-p", "no:cacheprovider", *arguments],
        cwd=folder, env=environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(folder: Path, *files: tuple[str, bool], seconds: float = 0.05) -> list[dict]:
    """Run files of five tests in two processes; return when each began and ended, and where."""
    for name, alone in files:
        mark = "@pytest.mark.alone\n" if alone else ""
        (folder / f"{name}.py").write_text(TIMED.format(name=name, mark=mark, alone=alone, seconds=seconds))
    pytest_in(folder, "--strict-markers", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    return sorted((json.loads(path.read_text()) for path in folder.glob("*.json")), key=lambda moment: moment["began"])


def overlapping(moments: list[dict]) -> list[tuple[dict, dict]]:
    return [
        (one, other)
        for at, one in enumerate(moments)
        for other in moments[at + 1 :]
        if one["process"] != other["process"] and other["began"] < one["ended"]
    ]


def test_what_measures_time_runs_alone_and_the_rest_together(tmp_path: Path) -> None:
    moments = run(tmp_path, ("test_a", False), ("test_b", True), ("test_c", False))
    assert len(moments) == 15
    assert len({moment["process"] for moment in moments}) == 2
    assert not [pair for pair in overlapping(moments) if pair[0]["alone"] or pair[1]["alone"]]


def test_others_run_together(tmp_path: Path) -> None:
    assert overlapping(run(tmp_path, ("test_a", False), ("test_b", False), seconds=0.3))


def test_long_files_begin_first(tmp_path: Path) -> None:
    for name in ("test_a", "test_browser_z", "test_b"):
        (tmp_path / f"{name}.py").write_text("def test_nothing():\n    pass\n")
    collected = pytest_in(tmp_path, "--collect-only").split()
    files = [line.partition("::")[0] for line in collected if "::" in line]
    assert files == ["test_browser_z.py", "test_a.py", "test_b.py"]
