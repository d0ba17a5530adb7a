"""Time the pages of attendance in a store that holds a year: 2,000 participants in 40 promotions.

    python bench/year.py [--rounds N]

Beside a bare Flask route of the same server, in turn, so that a machine that slows down slows both. Limits: each page
of attendance at most 8 times the bare route, every page 14 queries; the lists of all promotions are only told.
"""

import argparse
import logging
import statistics
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import create_app  # noqa: E402 - the repository must be importable first
from bench.pages import Browser, Report, alternate, csrf, timed  # noqa: E402 - the same
from bench.processes import Stack  # noqa: E402 - the same
from bench.year_store import fill  # noqa: E402 - the same
from settings import Settings  # noqa: E402 - the same

EMAIL, PASSWORD = "coordination@passerelle.example", "demonstration"
TIMES_BARE, QUERIES = 8, 14
#: Pages of all forty promotions at once, with a limit of their own.
TOLD = {"to do today": 16, "promotions": 16}


def addresses(code: str, half_day: str, enrolment: str, today: date) -> dict[str, str]:
    """Return the pages measured, by name."""
    root = f"/promotions/{code}"
    return {
        "to do today": "/",
        "promotions": "/promotions/",
        "roster of 50": f"{root}/seances/{half_day}/",
        "whole day": f"{root}/seances/jour/{today.isoformat()}/",
        "calendar": f"{root}/seances/",
        "month": f"{root}/seances/mois/?mois={today:%Y-%m}",
        "attendance 50 x 26": f"{root}/presences/",
        "attendance rule": f"{root}/assiduite/",
        "participants": f"{root}/participants/",
        "one participant": f"{root}/participants/{enrolment}/presences/",
        "one mark open": f"{root}/participants/{enrolment}/presences/?marque={enrolment}.{half_day}",
        "one module": f"{root}/modules/1/presences/",
    }


def count_queries(
    settings: Settings, pages: dict[str, str], report: Report, email: str = EMAIL, most: int = QUERIES
) -> None:
    """Count the queries of each page, asked a second time in one process."""
    client, seen = create_app(settings, serving=True).test_client(), []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(record)  # type: ignore[method-assign]
    log = logging.getLogger("peewee")
    token = csrf(client.get("/connexion").data)
    client.post("/connexion", data={"csrf_token": token, "email": email, "password": PASSWORD})
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    for name, path in pages.items():
        client.get(path)
        seen.clear()
        assert client.get(path).status_code == 200, path
        report.line(f"{name}: queries", len(seen), most, "")
    log.setLevel(logging.WARNING)


def time_pages(
    stack: Stack, email: str, pages: dict[str, str], rounds: int, report: Report, told: dict[str, int]
) -> None:
    """Time each page against the bare route, as this person; told: the limits of those that have their own."""
    browser = Browser(stack.port)
    browser.sign_in(email)
    for name, path in pages.items():
        browser.get(path)
        page, bare = alternate(browser, lambda path=path: timed(browser.get, path), rounds)
        ratio = statistics.median(page) / statistics.median(bare)
        report.line(f"{name}: median / bare", ratio, told.get(name, TIMES_BARE), "x")


def main() -> int:
    """Run the whole measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    report, today = Report(), date.today()
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), 0, "bench.served:application") as stack:
        settings = Settings.from_environ(stack.environ)
        create_app(settings)
        pages = addresses(*fill(today), today)
        count_queries(settings, pages, report)
        time_pages(stack, EMAIL, pages, rounds, report, TOLD)
    return 1 if report.over else 0


if __name__ == "__main__":
    sys.exit(main())
