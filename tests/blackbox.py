"""The whole product as a platform runs it: the Procfile's processes, their own PostgreSQL, localsheets."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from honcho.environ import parse_procfile

from bench.processes import ROOT, free_port, wait_for

SECRET = "a-secret-key-for-tests-that-is-long-enough"
#: What a call to Google takes here: long enough for things to happen meanwhile.
LATENCY_MS = 150
#: A platform runs as many of the Procfile's lines as it is told: one web, two workers.
SCALE = {"web": "web", "worker-1": "worker", "worker-2": "worker"}


def eventually(question: Callable[[], Any], within: float, what: str) -> Any:
    """Ask until the answer is true and return it; fail after so many seconds, saying what was waited for."""
    deadline = time.monotonic() + within
    while not (answer := question()):
        assert time.monotonic() < deadline, f"{what}: not within {within} s"
        time.sleep(0.1)
    return answer


class Cluster:
    """A PostgreSQL of this test alone, so that it may be restarted."""

    def __init__(self) -> None:
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        # Not in the folder of the test: PostgreSQL's own user must be able to reach it.
        self.folder = Path(tempfile.mkdtemp(prefix="passerelle-cluster-"))
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "postgres")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.user, str(self.bin / program), *arguments]
        with (self.folder.parent / f"{self.folder.name}.log").open("a") as log:
            subprocess.run(command, cwd="/", check=True, stdout=log, stderr=log)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", *arguments)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._control("-l", str(self.folder / "log"), "-o", options, "start")

    def restart(self, mode: str) -> None:
        """Stop the server, `fast` as for an upgrade or `immediate` as when it dies, then start it."""
        self._control("-m", mode, "stop")
        self.start()

    def ask(self, query: str, *values: object) -> list[tuple]:
        """Run one statement in a connection of its own, beside the product's."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Stop the server and forget all it held."""
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self.folder)
        (self.folder.parent / f"{self.folder.name}.log").unlink()


class Product:
    """The processes, each in a group of its own so that a signal reaches all of it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.sheets_data = folder, folder / "sheets.sqlite"
        self.port, self.sheets_port = free_port(), free_port()
        self.web_url, self.sheets_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.sheets_port}"
        self.lines = parse_procfile((ROOT / "Procfile").read_text()).processes
        self.processes: dict[str, subprocess.Popen] = {}
        unwanted = ("PYTEST", "TEST_", "FLASK_", "GUNICORN")
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)} | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SHEETS_API_ROOT": self.sheets_url,
            "DRIVE_API_ROOT": f"{self.sheets_url}/drive",
        }

    def start_sheets(self) -> str:
        """Start localsheets; return the service account, which is then the product's too."""
        options = f"--port {self.sheets_port} --data {self.sheets_data} --latency {LATENCY_MS}"
        self._launch("sheets", f"{sys.executable} -m localsheets {options}")
        wait_for(self.sheets_url)
        account = json.dumps(self.control("/service-account.json"))
        self.environ["GOOGLE_SERVICE_ACCOUNT_JSON"] = account
        return account

    def release(self) -> None:
        """Run the Procfile's release line, as a platform does before the processes start."""
        self.command(self.lines["release"])

    def command(self, line: str) -> str:
        """Run a command line of the product to its end and return what it printed."""
        done = subprocess.run(
            line, shell=True, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        """Start one process exactly as its line of the Procfile says."""
        self._launch(name, self.lines[SCALE[name]])
        if name == "web":
            wait_for(f"{self.web_url}/healthz")

    def _launch(self, name: str, line: str) -> None:
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                line, shell=True, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process and its children."""
        os.killpg(self.processes[name].pid, number)

    def kill(self, name: str) -> None:
        """Kill a process and its children at once: nothing of it runs any more."""
        self.signal(name, signal.SIGKILL)
        self.processes.pop(name).wait(10)

    def pids(self, name: str) -> set[int]:
        """Return the ids of a process and its children."""
        group = self.processes[name].pid
        found = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[2]) == group:
                found.add(int(stat.parent.name))
        return found

    def log(self, name: str) -> str:
        """Return what a process said so far."""
        return (self.folder / f"{name}.log").read_text()

    def control(self, path: str, body: Any = None, method: str = "") -> Any:
        """Ask localsheets outside Google's API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.sheets_url + path, data, {"Content-Type": "application/json"}, method=method or None
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            # An action that staff could not do says why: that is an answer too.
            assert error.code == 409, error.read().decode()
            return json.load(error)

    def stop(self, *names: str) -> None:
        """End processes as a platform does: SIGTERM, then time to finish."""
        for name in names or tuple(self.processes):
            self.signal(name, signal.SIGCONT)
            self.signal(name, signal.SIGTERM)
            self.processes.pop(name).wait(40)
