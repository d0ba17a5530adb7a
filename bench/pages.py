"""Time the hot pages against a bare Flask route of the same server, in the same run.

    python bench/pages.py [--rounds N]

Requests alternate, so that a machine that slows down slows both. Limits: each page at most 8 times
the bare route and 12 queries, its p95 at most twice its median also during a sync, saving a mark at
most 4 times; web and worker under 160 MB, web ready in under 1 s, a page under 40 kB compressed.
"""

import argparse
import gzip
import http.client
import re
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.processes import Stack  # noqa: E402 - the repository must be importable first

CODE = "CS26-2025"


class Browser:
    """One kept connection, signed in."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = ""

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Ask for an address and read the whole answer."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> tuple[int, bytes]:
        """Send a form and read the whole answer."""
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask("POST", path, urlencode(fields), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        if self.cookie:
            headers["Cookie"] = self.cookie
        self.connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        answer = self.connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.read()

    def sign_in(self, email: str) -> None:
        """Sign in to the demonstration."""
        token = csrf(self.get("/connexion")[1])
        status, _ = self.post("/connexion", {"csrf_token": token, "email": email, "password": "demonstration"})
        assert status == 303, status


def csrf(page: bytes) -> str:
    """Return the CSRF token of a page."""
    return re.search(rb'name="csrf_token" value="([^"]+)"', page)[1].decode()


def timed(ask, *arguments) -> float:
    """Return the milliseconds of one request; a wrong answer stops the measurement."""
    started = time.perf_counter()
    status, _ = ask(*arguments)
    assert status in (200, 204), status
    return (time.perf_counter() - started) * 1000


def alternate(browser: Browser, ask, rounds: int) -> tuple[list[float], list[float]]:
    """Time a request and the bare route in turn."""
    page, bare = [], []
    for _ in range(rounds):
        bare.append(timed(browser.get, "/bare/"))
        page.append(ask())
    return page, bare


def p95(times: list[float]) -> float:
    """Return the time that 95 % of the requests stay under."""
    return statistics.quantiles(times, n=20)[-1]


class Report:
    """Print each figure beside its limit, and remember whether one is over."""

    def __init__(self) -> None:
        self.over = 0

    def line(self, name: str, value: float, limit: float, unit: str) -> None:
        """Print one figure."""
        good = value <= limit
        self.over += not good
        print(f"{name:<52}{value:>9.2f} {unit:<9} limit {limit:g}{'' if good else '   OVER'}")


def measure(browser: Browser, report: Report, pages: dict[str, str], rounds: int, when: str) -> None:
    """Time every page against the bare route."""
    for name, path in pages.items():
        browser.get(path)
        page, bare = alternate(browser, lambda path=path: timed(browser.get, path), rounds)
        if not when:
            report.line(f"{name}: median / bare", statistics.median(page) / statistics.median(bare), 8, "x")
        report.line(f"{name}: p95 / median{when}", p95(page) / statistics.median(page), 2, "x")


def save(browser: Browser, path: str, rounds: int) -> tuple[list[float], list[float]]:
    """Time saving one mark, alternating between two statuses, against the bare route."""
    page = browser.get(path)[1].decode()
    found = re.search(r'data-participant="([^"]+)".*?action="([^"]+)"', page, re.S)
    token, target, count = csrf(page.encode()), found[2], iter(range(10**9))

    def once() -> float:
        number = next(count)
        status = ("present", "absent")[number % 2]
        fields = {"csrf_token": token, "form_key": f"bench-{time.time_ns()}", "status": status, "minutes": ""}
        started = time.perf_counter()
        code, _ = browser.post(target, fields, HX_Request="true")
        assert code == 200, code
        return (time.perf_counter() - started) * 1000

    return alternate(browser, once, rounds)


def main() -> int:
    """Run the whole measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    report = Report()
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), 380, "bench.served:application") as stack:
        browser = Browser(stack.port)
        browser.sign_in("coordination@passerelle.example")
        grid = browser.get(f"/promotions/{CODE}/presences/")[1].decode()
        half_day = re.search(r"seances/(S-[A-Z0-9]+)/", grid)[1]
        pages = {
            "attendance 30 x 26": f"/promotions/{CODE}/presences/",
            "roster": f"/promotions/{CODE}/seances/{half_day}/",
            "jury": "/promotions/CS26-UE-2025/jury/",
            "notes": f"/promotions/{CODE}/notes/",
        }
        measure(browser, report, pages, rounds, "")
        for name, path in pages.items():
            report.line(f"{name}: compressed", len(gzip.compress(browser.get(path)[1], 6)) / 1000, 40, "kB")
        times, bare = save(browser, pages["roster"], rounds)
        report.line("saving a mark: median / bare", statistics.median(times) / statistics.median(bare), 4, "x")
        stack.start_worker()
        stop = threading.Event()
        busy = threading.Thread(target=keep_changing, args=(stack.port, pages["roster"], stop))
        busy.start()
        time.sleep(3)
        measure(browser, report, pages, rounds, ", during a sync")
        times, _ = save(browser, pages["roster"], rounds)
        report.line("saving a mark: p95 / median, during a sync", p95(times) / statistics.median(times), 2, "x")
        stop.set()
        busy.join()
        web, worker = stack.weight("web"), stack.weight("worker")
        print(f"web {web:.0f} MB, worker {worker:.0f} MB")
        report.line("web + worker: memory", web + worker, 160, "MB")
        report.line("web: ready after", stack.web_ready, 1, "s")
    return 1 if report.over else 0


def keep_changing(port: int, path: str, stop: threading.Event) -> None:
    """Change a mark a second, so that the worker always has something to carry."""
    browser = Browser(port)
    browser.sign_in("admin@passerelle.example")
    while not stop.is_set():
        save(browser, path, 1)
        stop.wait(1)


if __name__ == "__main__":
    sys.exit(main())
