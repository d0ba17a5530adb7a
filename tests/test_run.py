"""`make run` from a fresh clone: ready within 90 s, one Ctrl-C stops all, and quicker the second time."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIRST, SECOND, STOP = 90, 15, 40


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what git tracks, as it stands: a commit is not needed to try it."""
    folder = tmp_path_factory.mktemp("clone") / "passerelle"
    folder.mkdir()
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in files.decode().rstrip("\0").split("\0"):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


def answer(url: str) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


@contextmanager
def running(folder: Path, within: float) -> Iterator[tuple[str, str, float]]:
    port, sheets_port = free_ports()
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("VIRTUAL_ENV", "DATABASE_URL", "FLASK_"))}
    environ |= {"PORT": str(port), "SHEETS_PORT": str(sheets_port)}
    log = folder / "run.log"
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"], cwd=folder, env=environ, stdout=log.open("w"), stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    web, sheets = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sheets_port}"
    try:
        while not (answer(f"{web}/healthz") and answer(sheets)):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() - started < within, log.read_text()
            time.sleep(0.1)
        yield web, sheets, time.monotonic() - started
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(STOP)
        assert answer(f"{web}/healthz") is None, "the web process outlived Ctrl-C"
        assert answer(sheets) is None, "localsheets outlived Ctrl-C"


@pytest.mark.timeout(300)
def test_make_run_is_ready_within_90_seconds_then_sooner(clone: Path) -> None:
    with running(clone, FIRST) as (web, sheets, seconds):
        assert seconds < FIRST
        deadline = time.monotonic() + 30
        while (ready := json.loads(answer(f"{web}/readyz")))["never_synced"]:
            assert time.monotonic() < deadline, ready
            time.sleep(0.5)
        assert ready["status"] == "ok"
        assert ready["books"] == 10
        books = answer(sheets)
        for code in ("CULT-2020", "CULT-2026", "CS26-2025", "CS26-UE-2025", "MOVSC-2021"):
            assert code in books
        assert "coordination@passerelle.example" in answer(f"{web}/connexion")
        assert (clone / "var").is_dir()
    with running(clone, SECOND) as (_web, _sheets, seconds):
        assert seconds < SECOND
