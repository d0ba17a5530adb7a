"""Time a large jury: 300 candidates, six units; its pages against a bare route, its minutes against the PDF engine.

    python bench/jury.py [--rounds N]

Pages alternate with a bare Flask route of the same server: each at most 8 times it, and 14 queries. The list of every
dossier is a megabyte, and one dossier joins all that is known of somebody: both have a time of their own.
Sealing is all that closing a session does: checks, data, the PDF, digests, rows. Its floor is typst making a plain
table of the same texts.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import typst

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import create_app  # noqa: E402 - the repository must be importable first
from bench.pages import Report  # noqa: E402 - the same
from bench.processes import Stack  # noqa: E402 - the same
from bench.year import count_queries, time_pages  # noqa: E402 - the same
from bench.year_store import insert  # noqa: E402 - the same
from documents.minutes import minutes as print_minutes  # noqa: E402 - the same
from rules.jury import DECISIONS  # noqa: E402 - the same
from rules.rule_set import RuleSet, Unit, as_dict, from_dict  # noqa: E402 - the same
from settings import Settings  # noqa: E402 - the same
from store import db, deliberations, jury_members, minutes  # noqa: E402 - the same
from store.journal import Author  # noqa: E402 - the same
from store.models import Cohort, Decision, Enrolment, Grade, HalfDay, Mark, Paper, Participant  # noqa: E402 - the same
from store.models.base import now  # noqa: E402 - the same

CODE, PEOPLE, UNITS, HALF_DAYS = "JURY-300", 300, 6, 12
EMAIL = "jury@passerelle.example"
#: Pages with a limit of their own.
LONG = {"list of dossiers": 30, "one dossier": 16}
#: Sealing against the engine alone.
TIMES_FLOOR = 4
AUTHOR, ORDER = Author("Mesure", "command"), {"order_number": "1", "order_date": "2026-01-05", "held_on": "2026-01-15"}
PROVIDER = {"name": "Cnam", "address": "292 rue Saint-Martin", "town": "Paris"}


def fill(today: date) -> int:
    """Fill a cohort of three hundred, graded and decided, with a session that is open; return the session."""
    with db.connection():
        with db.database.atomic():
            cohort = _cohort()
            _people(cohort, today)
        session = deliberations.prepare(AUTHOR, cohort, ORDER)
        for name, president in (("Anne Roux", "oui"), ("Marc Petit", ""), ("Léa Blanc", "")):
            jury_members.add(AUTHOR, session, {"name": name, "president": president, "present": "oui"})
        deliberations.open_session(AUTHOR, session)
    return session


def _cohort() -> int:
    like = Cohort.select().order_by(Cohort.id).dicts().first()
    rules = from_dict(json.loads(like["rule_set"]))
    units = tuple(Unit(f"UE{number}", f"Unité {number}", 4) for number in range(1, UNITS + 1))
    text = json.dumps(as_dict(RuleSet(rules.attendance, units)))
    return Cohort.create(
        programme=like["programme"], code=CODE, title="Trois cents", period="2026", rule_set=text,
        expected_totals=like["expected_totals"], notes="",
    ).id  # fmt: skip


def _people(cohort: int, today: date) -> None:
    draw = Random(1)
    insert(Participant, ({"last_name": f"Nom{at:04}", "first_name": "Prénom"} for at in range(PEOPLE)))
    known = Participant.select(Participant.id).order_by(Participant.id.desc()).limit(PEOPLE).tuples()
    keys = [f"P-J-{at}" for at in range(PEOPLE)]
    insert(Enrolment, (
        {"id": key, "cohort": cohort, "participant": row[0], "position": at}
        for at, (key, row) in enumerate(zip(keys, reversed(list(known)), strict=True))
    ))  # fmt: skip
    insert(HalfDay, (
        {"id": f"S-J-{at}", "cohort": cohort, "position": at, "day": date(today.year - 1, at + 1, 10), "start": "09:30",
         "end": "12:30", "minutes": 180, "kind": "course"} for at in range(HALF_DAYS)
    ))  # fmt: skip
    insert(Mark, (
        {"enrolment": key, "half_day": f"S-J-{at}", "status": draw.choice(["present", "present", "present", "absent"]),
         "by": "Essai", "at": now()} for key in keys for at in range(HALF_DAYS)
    ))  # fmt: skip
    insert(Paper, ({"id": f"N-J-{at}", "enrolment": key, "deposited_on": today} for at, key in enumerate(keys)))
    works = [f"UE{number}" for number in range(1, UNITS + 1)] + ["paper"]
    insert(Grade, (
        {"enrolment": key, "work": work, "value": f"{draw.randint(700, 1900) / 100:g}"}
        for key in keys for work in works
    ))  # fmt: skip
    insert(Decision, (
        {"enrolment": key, "decision": draw.choice(list(DECISIONS)), "by": "Essai", "at": now()} for key in keys
    ))  # fmt: skip


def addresses(session: int) -> dict[str, str]:
    """Return the pages measured, by name."""
    root = f"/promotions/{CODE}/jury"
    return {
        "grid of grades": f"{root}/notes/",
        "list of dossiers": f"{root}/",
        "one dossier": f"{root}/dossiers/P-J-7/",
        "one candidate before the jury": f"{root}/deliberations/{session}/seance/P-J-7/",
    }


def seal(session: int, report: Report) -> None:
    """Time the closing of the session against the engine making a plain table of the same texts."""
    with db.connection():
        took, number = _timed(lambda: deliberations.close(AUTHOR, session, PROVIDER, print_minutes))
        data = minutes.contents(number)
        pages = len(minutes.pdf(number))
        print(f"{len(data['candidates'])} candidates sealed in {took:.0f} ms, {pages / 1000:.0f} kB of PDF")
        printing = min(_timed(lambda: print_minutes(data))[0] for _ in range(3))
    floor = min(_timed(lambda: _plain(data))[0] for _ in range(3))
    print(f"printing {printing:.0f} ms, the engine alone {floor:.0f} ms")
    report.line("printing the minutes / the PDF engine", printing / floor, TIMES_FLOOR, "x")
    report.line("all of the sealing / printing", took / printing, 2, "x")


def _timed(act: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    found = act()
    return (time.perf_counter() - started) * 1000, found


def _plain(data: dict) -> bytes:
    """Make a tagged PDF of one table of the texts of the candidates, and nothing else."""
    rows = [
        [one["last_name"], one["first_name"], *(work["grade"] for work in one["grades"].values()), one["decision"],
         " ".join(text for _code, text, _source in one["reasons"])]
        for one in data["candidates"]
    ]  # fmt: skip
    markup = """
        #set document(title: "Table")
        #set text(lang: "fr")
        #let rows = json(bytes(sys.inputs.rows))
        #table(columns: rows.at(0).len(), ..rows.flatten())
    """
    compiler = typst.Compiler(markup.encode(), sys_inputs={"rows": json.dumps(rows)})
    return compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)


def main() -> int:
    """Run the whole measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    rounds, report = parser.parse_args().rounds, Report()
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), 0, "bench.served:application") as stack:
        settings = Settings.from_environ(stack.environ)
        create_app(settings)
        session = fill(date.today())
        pages = addresses(session)
        count_queries(settings, pages, report, EMAIL)
        time_pages(stack, EMAIL, pages, rounds, report, LONG)
        seal(session, report)
    return 1 if report.over else 0


if __name__ == "__main__":
    sys.exit(main())
