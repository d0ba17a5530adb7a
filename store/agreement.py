"""What both sides last agreed on, and how each book is doing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peewee import chunked

from store.db import as_datetime, database, execute, rows
from store.leases import as_moment, clock, moment
from store.models import AgreedRow, Book, Tab

#: Rows inserted with one query.
TOGETHER = 200
#: Kinds of tabs whose rows follow those of another: one deleted there comes back.
FOLLOWING = frozenset({"attendance", "papers", "jury"})
#: What stands in place of the reason of a pause once a person has confirmed, until the next cycle.
CONFIRMED = "confirmé"
@dataclass(frozen=True)
class BoundTab:
    """A tab of a bound book: its kind and where Google keeps it."""

    id: int
    book_id: str
    cohort_id: int
    kind: str
    sheet_id: int
    title: str
    paused: str
    waiting: list[dict[str, str]]
    #: How staff call its columns; empty for a spreadsheet that we dressed.
    mapping: dict
    #: What it is paused for: {"cause": one of store.pauses, "fields": columns lost}; empty when it is not.
    pause: dict

    @property
    def confirmed(self) -> bool:
        """Tell whether a person confirmed what this tab was paused for."""
        return self.paused == CONFIRMED


@dataclass(frozen=True)
class Base:
    """The base of one tab: what was agreed of each row, and the reads that missed each."""

    rows: dict[str, dict[str, str]]
    missing: dict[str, int]


# -- books and tabs -----------------------------------------------------------------------------


def bind(book_id: str, cohort_id: int, audience: str, title: str, scratch_id: int,
         tabs: Mapping[str, tuple[int, str]]) -> None:  # fmt: skip
    """Bind a spreadsheet to a cohort; `tabs` is {kind: (sheetId, title)}."""
    with database.atomic():
        Book.insert(
            id=book_id, cohort=cohort_id, audience=audience, title=title, scratch_id=scratch_id
        ).execute()
        for kind, (sheet_id, name) in tabs.items():
            bind_tab(book_id, cohort_id, kind, sheet_id, name)


def bind_tab(
    book_id: str, cohort_id: int, kind: str, sheet_id: int, title: str, mapping: Mapping[str, object] | None = None
) -> int:
    """Bind one more tab of a bound spreadsheet, maybe to another cohort; return its id.

    `mapping` says how staff call its columns: {"headers": {field: header}, "name_order": …}.
    """
    text = json.dumps(mapping, ensure_ascii=False) if mapping else ""
    return Tab.insert(
        book=book_id, cohort=cohort_id, kind=kind, sheet_id=sheet_id, title=title, mapping=text
    ).execute()


def book(book_id: str) -> Book:
    """Return a bound book; raise DoesNotExist for another."""
    return Book.get_by_id(book_id)


def audience(tab_id: int) -> str:
    """Tell whom the book of a tab is for: "staff" or "jury"."""
    return Tab.select(Book.audience).join(Book).where(Tab.id == tab_id).scalar()


def exists(book_id: str) -> bool:
    """Tell whether a spreadsheet is bound."""
    return bool(rows("SELECT 1 FROM book WHERE id = ?", book_id))


def tabs(book_id: str) -> list[BoundTab]:
    """List the bound tabs of a book."""
    query = """
        SELECT id, book_id, cohort_id, kind, sheet_id, title, paused, waiting, mapping, pause
        FROM tab WHERE book_id = ? ORDER BY id
    """
    return [BoundTab(*row[:7], *(json.loads(text or "{}") for text in row[7:])) for row in rows(query, book_id)]


def restored(book_id: str) -> bool:
    """Tell whether the store was put back from a copy since the last cycle of a book."""
    return bool(rows("SELECT 1 FROM book WHERE id = ? AND restored = ?", book_id, True))


def caught_up(book_id: str) -> None:
    """Note that what a copy did not know of a book has been set aside."""
    execute("UPDATE book SET restored = ? WHERE id = ?", False, book_id)


# -- the base -----------------------------------------------------------------------------------


def base(tab_id: int) -> Base:
    """Return the base of a tab."""
    found = rows('SELECT "row", cells, missing FROM agreed_row WHERE tab_id = ?', tab_id)
    return Base({row: json.loads(cells) for row, cells, _ in found}, {row: n for row, _, n in found if n})


def agree(tab_id: int, agreed: Mapping[str, Mapping[str, str]]) -> None:
    """Move the base of some cells, {row: {field: value}}, once both sides were seen to hold them."""
    if not agreed:
        return
    marks = ", ".join("?" * len(agreed))
    query = f'SELECT "row", cells FROM agreed_row WHERE tab_id = ? AND "row" IN ({marks})'  # noqa: S608 - marks only
    known = {row: json.loads(cells) for row, cells in rows(query, tab_id, *agreed)}
    texts = {row: json.dumps({**known.get(row, {}), **cells}, ensure_ascii=False) for row, cells in agreed.items()}
    for row in known:
        execute('UPDATE agreed_row SET cells = ?, missing = 0 WHERE tab_id = ? AND "row" = ?', texts[row], tab_id, row)
    new = [(tab_id, row, text) for row, text in texts.items() if row not in known]
    for some in chunked(new, TOGETHER):
        AgreedRow.insert_many(some, (AgreedRow.tab, AgreedRow.row, AgreedRow.cells)).execute()


def forget_cells(tab_id: int, cells: Mapping[str, Iterable[str]]) -> None:
    """Forget what was agreed on of some cells, {row: fields}: two different values are then a conflict."""
    known = base(tab_id).rows
    for row, fields in cells.items():
        kept = {name: value for name, value in known[row].items() if name not in set(fields)}
        text = json.dumps(kept, ensure_ascii=False)
        execute('UPDATE agreed_row SET cells = ? WHERE tab_id = ? AND "row" = ?', text, tab_id, row)


def note_missing(tab_id: int, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Keep how many complete reads in a row did not have each row; one that is back counts none."""
    for row in before.keys() | after.keys():
        if before.get(row, 0) != after.get(row, 0):
            AgreedRow.update(missing=after.get(row, 0)).where(
                (AgreedRow.tab == tab_id) & (AgreedRow.row == row)
            ).execute()


def note_tab(
    tab: BoundTab, title: str, paused: str, waiting: list[dict[str, str]], pause: Mapping[str, object] | None = None
) -> bool:
    """Keep what the last read saw of a tab, and what it is paused for; True when something changed."""
    pause = dict(pause or {})
    if (title, paused, waiting, pause) == (tab.title, tab.paused, tab.waiting, tab.pause):
        return False
    Tab.update(
        title=title, paused=paused, waiting=json.dumps(waiting), pause=json.dumps(pause) if pause else ""
    ).where(Tab.id == tab.id).execute()
    return True


# -- state of the books -------------------------------------------------------------------------


def confirm(tab_id: int) -> None:
    """Let the next cycle carry out what a tab was paused for: many rows that disappeared or were emptied at once.

    A tab paused because a column or the tab itself is missing pauses again: only the sheet can mend that.
    """
    with database.atomic():
        if not Tab.update(paused=CONFIRMED).where((Tab.id == tab_id) & (Tab.paused != "")).execute():
            return
        ask(Tab.select(Tab.book).where(Tab.id == tab_id).scalar())


def succeeded(book_id: str, versions: Mapping[int, int], changed: bool) -> None:
    """Note that a cycle ended well, having seen these versions of its cohorts.

    What was asked for while it ran is still to be done.
    """
    at = moment()
    execute(
        """
        UPDATE book SET last_success = ?, last_cycle = ?, failures = 0, retry_at = 0, trouble = '',
            asked_at = CASE WHEN asked_at > began_at THEN asked_at END
        WHERE id = ?
        """,
        at, at, book_id,
    )  # fmt: skip
    if changed:
        execute("UPDATE book SET last_change = ? WHERE id = ?", at, book_id)
    for cohort_id, version in versions.items():
        execute("UPDATE tab SET seen_version = ? WHERE book_id = ? AND cohort_id = ?", version, book_id, cohort_id)


def failed(book_id: str, trouble: str, retry_in: float, lasted: float = 0.0) -> None:
    """Note why a cycle failed, in French, how many seconds after it had begun, and in how many to try again.

    Without the settings that Google asks for a cycle fails before it takes its lease: it was tried all the same.
    """
    seconds = clock()
    Book.update(
        trouble=trouble, last_cycle=as_moment(seconds), began_at=as_moment(seconds - lasted),
        failures=Book.failures + 1, retry_at=seconds + retry_in,
    ).where(Book.id == book_id).execute()  # fmt: skip


def ask(book_id: str) -> None:
    """Ask for a cycle as soon as possible: what the button « Synchroniser maintenant » does."""
    Book.update(asked_at=moment()).where(Book.id == book_id).execute()


def _tabs_of_books() -> dict[str, dict]:
    """Return what the tabs of each book tell of it: its cohorts, pauses, who looked, what has changed since."""
    query = """
        SELECT b.id, t.title, t.paused, c.id, c.code, c.version > t.seen_version,
               CASE WHEN b.audience = 'jury' THEN c.jury_viewed_at ELSE c.viewed_at END
        FROM book b LEFT JOIN tab t ON t.book_id = b.id JOIN cohort c ON c.id = COALESCE(t.cohort_id, b.cohort_id)
        ORDER BY t.id
    """
    found: dict[str, dict] = {}
    for book_id, title, why, cohort_id, code, moved, viewed in rows(query):
        told = found.setdefault(
            book_id, {"cohorts": {}, "paused": [], "paused_tabs": [], "viewed_at": None, "pending": False}
        )
        told["cohorts"][cohort_id] = code
        told["pending"] = told["pending"] or bool(moved)
        told["viewed_at"] = max(filter(None, (told["viewed_at"], as_datetime(viewed))), default=None)
        if why and why != CONFIRMED:
            told["paused"].append(f"{title} : {why}")
            told["paused_tabs"].append(title)
    return found


def _open_choices() -> dict[str, dict[str, int]]:
    """Count the conflicts and the refusals of each book."""
    query = """
        SELECT t.book_id, 'conflicts', COUNT(*) FROM conflict w JOIN tab t ON t.id = w.tab_id GROUP BY t.book_id
        UNION SELECT t.book_id, 'refusals', COUNT(*) FROM refusal w JOIN tab t ON t.id = w.tab_id GROUP BY t.book_id
    """
    found: dict[str, dict[str, int]] = {}
    for book_id, name, count in rows(query):
        found.setdefault(book_id, {})[name] = count
    return found


def states(audiences: Iterable[str] = ("staff", "jury")) -> list[dict]:
    """Return the state of each book, for the synchronisation page, the worker and `sync status`.

    `cohort` is the code of the cohort it was first bound to; `cohorts` is {id: code} of all it serves.
    """
    wanted = list(audiences)
    query = f"""
        SELECT b.id, c.code, c.id, b.audience, b.title, b.last_success, b.last_cycle, b.last_change, b.trouble,
               b.failures, b.retry_at, b.asked_at, b.epoch, b.account
        FROM book b JOIN cohort c ON c.id = b.cohort_id WHERE b.audience IN ({", ".join("?" * len(wanted))})
        ORDER BY c.code, b.audience DESC, b.id
    """  # noqa: S608 - only question marks are put in
    names = (
        "book", "cohort", "cohort_id", "audience", "title", "last_success", "last_cycle", "last_change",
        "trouble", "failures", "retry_at", "asked_at", "epoch", "account",
    )  # fmt: skip
    found = [dict(zip(names, row, strict=True)) for row in rows(query, *wanted)]
    tabs, choices = _tabs_of_books(), _open_choices()
    for state in found:
        state |= {name: as_datetime(state[name]) for name in ("last_success", "last_cycle", "last_change", "asked_at")}
        state |= tabs[state["book"]]
        state |= {"conflicts": 0, "refusals": 0} | choices.get(state["book"], {})
    return found
