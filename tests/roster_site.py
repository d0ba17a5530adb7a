"""A cohort of thirty served to browsers: what the browser tests of rosters share."""

from playwright.sync_api import Page

from store import db, people, rosters
from store.journal import Author
from tests.served import Site
from tests.sync_bench import PAGE, Cohort, make_cohort
from tests.unguarded import unguarded

COUNT = 30
COLLEAGUE = Author("Nour Collègue", "page")


def thirty() -> Cohort:
    """Make a cohort of thirty."""
    cohort = make_cohort()
    for number in range(COUNT - len(cohort.participants)):
        names = {"last_name": f"Martin{number:02}", "first_name": "Alix"}
        cohort.participants.append(people.create(PAGE, cohort.id, names))
    return cohort


def cells(site: Site, number: int = 0) -> dict[str, str]:
    """Return {participant: cell} of one half-day as the store has it."""
    half_day = site.cohort.half_days[number]
    with db.connection():
        return {who: row[half_day] for who, row in rosters.snapshot(site.cohort.id).items()}


def clear(site: Site) -> None:
    """Close every window, and take every mark and roll away."""
    site.delay = 0.0
    with db.connection():
        with unguarded():
            for table in ("mark", "roll", "journal_entry"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        db.execute("UPDATE cohort SET version = version + 1")
    site.close_windows()


def order(page: Page) -> list[str]:
    """List the participants of a roster from top to bottom."""
    return page.eval_on_selector_all(".roster .line", "lines => lines.map(line => line.dataset.participant)")


def line(who: str) -> str:
    """Return the selector of somebody's line."""
    return f'.line[data-participant="{who}"]'


def focused(page: Page) -> str:
    """Return whose line has the focus, '' when none has."""
    return page.evaluate("document.activeElement.closest('.line')?.dataset.participant || ''")


def settled(page: Page) -> None:
    """Wait until no line is on its way."""
    page.wait_for_function("() => !document.querySelector('.line.saving, .line.unsent')")


def colleague(site: Site, who: str, cell: str, number: int = 0) -> None:
    """Record a mark as somebody else."""
    with db.connection():
        rosters.change(COLLEAGUE, who, {site.cohort.half_days[number]: cell})
