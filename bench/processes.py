"""Start the product's own processes for a measurement, and look at what they weigh."""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port that nothing listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, within: float = 90.0) -> float:
    """Wait until an address answers; return the seconds it took."""
    started = time.perf_counter()
    while time.perf_counter() - started < within:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - an address of this machine
                return time.perf_counter() - started
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.005)
    raise TimeoutError(url)


class Stack:
    """localsheets, the web process and the worker, on free ports, with the demonstration loaded."""

    def __init__(self, folder: Path, latency_ms: int = 0, application: str = "app:create_app()") -> None:
        self.folder, self.latency_ms, self.application = folder, latency_ms, application
        self.lines = parse_procfile((ROOT / "Procfile").read_text()).processes
        self.port, self.sheets_port = free_port(), free_port()
        self.web_url, self.sheets_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.sheets_port}"
        self.environ = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / 'passerelle.sqlite'}",
            "SECRET_KEY": "a-secret-key-for-measurements-only-long-enough",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SHEETS_API_ROOT": self.sheets_url,
            "DRIVE_API_ROOT": f"{self.sheets_url}/drive",
            "PYTHONPATH": str(ROOT),
        }
        self.processes: dict[str, subprocess.Popen] = {}
        self.web_ready = 0.0

    def __enter__(self) -> "Stack":
        self.start_sheets(self.latency_ms)
        with urllib.request.urlopen(f"{self.sheets_url}/service-account.json") as answer:  # noqa: S310
            self.environ["GOOGLE_SERVICE_ACCOUNT_JSON"] = json.dumps(json.load(answer))
        self.flask("db", "upgrade")
        self.flask("demo")
        started = time.perf_counter()
        self._start("web", self.lines["web"].replace("app:create_app()", self.application))
        wait_for(f"{self.web_url}/healthz")
        self.web_ready = time.perf_counter() - started
        return self

    def start_sheets(self, latency_ms: int) -> None:
        """Start the spreadsheet server, again if it runs, each of its calls taking this long."""
        if running := self.processes.pop("sheets", None):
            running.terminate()
            running.wait(15)
        data = str(self.folder / "sheets.sqlite")
        # Google is on another machine: what stands in for it gives way to what is measured.
        arguments = f"--port {self.sheets_port} --data {shlex.quote(data)} --latency {latency_ms}"
        self._start("sheets", f"nice -n 15 {shlex.quote(sys.executable)} -m localsheets {arguments}")
        wait_for(self.sheets_url)

    def start_worker(self) -> None:
        """Start the sync worker."""
        self._start("worker", self.lines["worker"])

    def flask(self, *arguments: str) -> str:
        """Run one `flask …` command to its end and return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=ROOT, env=self.environ, check=True, capture_output=True, text=True
        )
        return done.stdout

    def _start(self, name: str, line: str) -> None:
        """Start a process as its line of the Procfile says."""
        log = (self.folder / f"{name}.log").open("w")
        self.processes[name] = subprocess.Popen(  # noqa: S603 - our own command
            shlex.split(line), cwd=ROOT, env=self.environ, stdout=log, stderr=log
        )

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            process.wait(15)

    def weight(self, name: str) -> float:
        """Return the proportional memory of a process and its children, in MB."""
        return sum(_pss(pid) for pid in _family(self.processes[name].pid)) / 1024


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grandchild for child in children for grandchild in _family(int(child)))]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
