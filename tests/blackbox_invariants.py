"""The invariants of a round, read from both ledgers; each says every place where it does not hold."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from localsheets.books.model import Cell
from store import between, people, tutoring
from store.journal import COVERED, SETTLED
from sync.guard_shapes import SCRATCH_TITLE
from sync.worksheets import WORKSHEETS
from tests.blackbox_ledgers import KINDS, Entry, Mapped, Place, Put, State, Step, canonical, entered
from tests.blackbox_people import Click

Journal = Mapping[Place, list[Entry]]
Histories = Mapping[Place, list[Put]]
ANSWERED = (200, 303)


def no_answered_click_is_lost(clicks: list[Click], journal: Journal) -> Iterator[str]:
    """An answered click is in the journal once; one turned down never; one without an answer once at most."""
    for click in clicks:
        if click.kind == "birth":
            continue
        lines = journal.get((click.kind, click.key, click.field), [])
        found = [line for line in lines if line.after == click.value and line.door == "page"]
        wanted = {True: (1,), False: (0,)}.get(click.status in ANSWERED if click.status else None, (0, 1))
        if len(found) not in wanted:
            yield f"{click}: {len(found)} times in the journal"
        elif found and found[0].before != click.seen:
            yield f"{click}: covered {found[0].before!r}, which its author had not read"


def the_journal_has_no_gap(journal: Journal) -> Iterator[str]:
    """Each line of the journal starts from what the one before it left."""
    for place, lines in journal.items():
        lines = [line for line in lines if line.door not in (SETTLED, COVERED)]
        for one, other in zip(lines, lines[1:], strict=False):
            if other.before != one.after:
                yield f"{place}: {one.after!r} became {other.before!r} unseen"


def whoever_types_over_a_value_had_read_it(journal: Journal, past: Histories) -> Iterator[str]:
    """What came from a sheet replaced a value that this very cell had shown before."""
    for place, lines in journal.items():
        puts = past.get(place, [])
        for line in lines:
            if line.door != "sheet" or line.before == "" or not puts:
                continue
            came = [at for at, put in enumerate(puts) if put.text == line.after]
            if not came:
                yield f"{place}: {line.after!r} came from a sheet that never held it"
            elif line.before not in {put.text for put in puts[: came[-1]]}:
                yield f"{place}: {line.after!r} from the sheet covered {line.before!r}, never shown there"


def no_typed_edit_is_lost(
    past: Histories, journal: Journal, account: str, held: Mapping[Place, str], listed: Mapping[Place, str]
) -> Iterator[str]:
    """What staff typed is there, or covered by people, or taken into the store, or kept in its journal, or listed."""
    for place, puts in past.items():
        for at, put in enumerate(puts):
            if put.actor in (account, ""):
                continue
            again = [later for later, other in enumerate(puts) if later > at and other.text == put.text]
            follows = puts[(again or [at])[-1] + 1 :]
            taken = any(
                (line.door == "sheet" and line.after == put.text) or (line.door == COVERED and line.before == put.text)
                for line in journal.get(place, [])
            )
            if follows and follows[0].actor == account and not taken:
                yield f"{place}: {put.text!r} typed at {put.revision} was covered by {follows[0]}, and never taken"
            if not follows and put.text not in (held.get(place), listed.get(place)):
                yield f"{place}: {put.text!r} stands in the sheet, {held.get(place)!r} in the store, nothing is listed"


def between_both_sides() -> dict[Place, str]:
    """Return what is listed for people: {place: what the sheet holds}."""
    kinds = {kind: KINDS[sheet.title] for kind, sheet in WORKSHEETS.items()}
    found = {(kinds[row.kind], row.row, row.field): row.remote for row in between.conflicts()}
    return found | {(kinds[row.kind], row.row, row.field): f"refused: {row.typed}" for row in between.refusals()}


def in_the_store(cohort_id: int) -> dict[Place, str]:
    """Return every synced value that the store holds."""
    return {
        (KINDS[sheet.title], key, name): text
        for sheet in WORKSHEETS.values()
        for key, row in sheet.snapshot(cohort_id).items()
        for name, text in row.items()
    }


def both_sides_say_the_same(
    last: Mapping[str, State], synced: Mapping[str, Mapping[str, Mapped]], cohort_id: int, listed: Mapping[Place, str]
) -> Iterator[str]:
    """Each cell of each synced row says what the store holds, but for what is listed."""
    held = in_the_store(cohort_id)
    for title, state in last.items():
        for key, cells in state.rows.items():
            for header, mapped in synced.get(title, {}).items():
                place = KINDS[title], key, mapped.field
                cell = cells.get(header, Cell())
                if place not in held or cell.formula is not None:
                    continue
                text = canonical(mapped, cell)
                if text not in (held[place], listed.get(place)):
                    yield f"{title} {key} {header}: {text!r} in the sheet, {held[place]!r} in the store"


def each_record_is_there_once(last: Mapping[str, State], cohort_id: int, clicks: list[Click]) -> Iterator[str]:
    """Every record has one row in its tab, every row is of a record, and nobody arrived twice."""
    gone = people.removed(cohort_id) | tutoring.removed(cohort_id)
    for sheet in WORKSHEETS.values():
        if sheet.title not in last:
            continue
        state, records = last[sheet.title], set(sheet.snapshot(cohort_id))
        yield from (f"{sheet.title}: {key} stands twice" for key in state.twice)
        yield from (f"{sheet.title}: a row without id says {_says(cells)}" for cells in state.nameless)
        yield from (f"{sheet.title}: no row for {key}" for key in records - state.rows.keys())
        yield from (f"{sheet.title}: {key} is no record" for key in state.rows.keys() - records - gone)
    names = Counter(row["last_name"] for row in people.snapshot(cohort_id).values())
    yield from (f"{name} is there {count} times" for name, count in names.items() if count > 1)
    for click in clicks:
        if click.kind == "birth" and click.status in ANSWERED and click.value not in names:
            yield f"{click}: nobody of this name"


def _says(cells: Mapping[str, Cell]) -> dict[str, Any]:
    return {header: entered(cell) for header, cell in cells.items() if entered(cell) is not None}


def who_was_typed_is_there(steps: list[Step], cohort_id: int) -> Iterator[str]:
    """Everybody whom staff typed as a new row is a participant."""
    names = {row["last_name"] for row in people.snapshot(cohort_id).values()}
    for step in steps:
        for cells in step.tabs["Participants"].nameless:
            name = entered(cells.get("Nom", Cell()))
            if name is not None and name not in names:
                names.add(name)
                yield f"{name}, typed by staff, is nobody"


def what_is_not_ours_is_untouched(
    steps: list[Step], synced: Mapping[str, Mapping[str, Mapped]], account: str
) -> Iterator[str]:
    """A change of ours alters the values of owned cells alone: no format, no note, no other column, no other tab."""
    for before, after in zip(steps, steps[1:], strict=False):
        if after.actor != account:
            continue
        if before.tabs.keys() - {SCRATCH_TITLE} != after.tabs.keys() - {SCRATCH_TITLE}:
            yield f"at {after.revision}: the tabs {sorted(before.tabs)} became {sorted(after.tabs)}"
        for title, state in before.tabs.items():
            if title == SCRATCH_TITLE or title not in after.tabs:
                continue
            for key, cells in state.rows.items():
                ours, where = synced.get(title, {}), f"at {after.revision}: {title} {key}"
                later = after.tabs[title].rows.get(key)
                if later is not None:
                    yield from _touched(cells, later, ours, where)
                elif not _still_there(cells, after.tabs[title], ours):
                    yield f"{where} is gone"


def _still_there(cells: Mapping[str, Cell], after: State, ours: Mapping[str, Mapped]) -> bool:
    """Tell whether a row that lost its id stands there all the same.

    An id that reached a row which people had just moved up is taken back by the next call: that every record has
    its row at the end is asked elsewhere.
    """
    values = [(header, entered(cell)) for header, cell in cells.items() if entered(cell) is not None]
    return any(
        2 * sum(entered(row.get(header, Cell())) == value for header, value in values) > len(values)
        and not any(_touched(cells, row, ours, ""))
        for row in [*after.nameless, *after.rows.values()]
    )


def _touched(
    cells: Mapping[str, Cell], later: Mapping[str, Cell], synced: Mapping[str, Mapped], where: str
) -> Iterator[str]:
    for header in cells.keys() | later.keys():
        old, new = cells.get(header, Cell()), later.get(header, Cell())
        if old == new or _same_formula(old, new):
            continue
        if header not in synced:
            yield f"{where} {header}: {old} became {new}, and it is not ours"
        elif old.holding(None) != new.holding(None):
            yield f"{where} {header}: its dress changed, {old} became {new}"
        elif new.formula is not None or old.formula is not None:
            yield f"{where} {header}: a formula was written or covered, {old} became {new}"


def _same_formula(old: Cell, new: Cell) -> bool:
    """Tell whether a formula only followed its row, which a row inserted above pushed down."""
    if old.formula is None or new.formula is None or old.holding(None) != new.holding(None):
        return False
    return re.sub(r"(?<=[A-Z])\d+", "", old.formula) == re.sub(r"(?<=[A-Z])\d+", "", new.formula)


def the_formula_stands(last: Mapping[str, State], formula: str) -> Iterator[str]:
    """The formula that staff typed in a cell of ours is still one."""
    if not any(cells.get("Pages", Cell()).formula == formula for cells in last["Notes"].rows.values()):
        yield f"no cell of Notes holds {formula} any more"


def nothing_of_the_jury_left(steps: list[Step], secrets: set[str]) -> Iterator[str]:
    """No state of a book that is not the jury's ever held one of its values."""
    for step in steps:
        for title, state in step.tabs.items():
            for cells in [*state.rows.values(), *state.nameless]:
                for header, cell in cells.items():
                    if str(entered(cell)) in secrets:
                        yield f"at {step.revision}: {title} {header} holds {entered(cell)!r}"

