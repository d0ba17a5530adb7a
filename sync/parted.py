"""Ids that stand beside another's cells: a sort that left their column out, an exchange by hand, a copied row.

Believing a parted id would give one person's marks to another. Where several rows hold, to the letter,
what was last agreed of one another, the contents are believed and the ids follow. Pure: takes a sheet
as it was read, gives it back with its ids in their places.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace

from sync.plan import Plan, Row, Sheet, Table, Turned
from sync.plan_rows import COPIED

#: One row may well have been typed over with another's values; that several were is no chance.
ROWS = 2
#: A content with fewer values than this could be anybody's.
VALUES = 2
#: What is said of a row copied with its id, which keeps it as long as it is like the other, or gets one of its own.
_ALIKE = "{} La ligne {} le garde."
_NEW = "Cette ligne porte l'identifiant de la ligne {}, qui le garde : elle en recevra un nouveau au prochain passage."


def put_together(sheet: Sheet, base: Table, keys: tuple[str, ...]) -> tuple[Sheet, dict[int, str]]:
    """Return the sheet with each id beside its content, and the ids to write: {row index: id}.

    `keys` names the fields by which a row is known when it was edited as well as moved. A row whose id
    went to another, and whose own content tells nothing, is left without.
    """
    moved = [at for at, before in enumerate(map(base.get, sheet.ids)) if before and sheet.texts[at] != before]
    if len(moved) < ROWS:
        return sheet, {}
    theirs = {sheet.ids[at]: base[sheet.ids[at]] for at in moved}
    found = _owners(sheet, theirs, moved, _whole)
    if len(found) < ROWS:
        return sheet, {}
    # The others of them were edited as well as moved.
    rest = [at for at in moved if at not in found]
    left = {key: row for key, row in theirs.items() if key not in set(found.values())}
    found |= _owners(sheet, left, rest, _naming(keys, sheet.fields))
    taken, ids = set(found.values()), list(sheet.ids)
    for at in moved:
        ids[at] = found.get(at) or ("" if ids[at] in taken else ids[at])
    return replace(sheet, ids=ids), {sheet.indexes[at]: key for at, key in found.items()}


def _owners(sheet: Sheet, base: Table, moved: Iterable[int], content_of: Callable[[Row], Hashable]) -> dict[int, str]:
    """Return whose content each row holds, {position: id}, where it is another's and there is no doubt."""
    owners = _unique({key: content_of(row) for key, row in base.items()})
    holders = _unique({at: content_of(sheet.texts[at]) for at in moved})
    return {
        at: owners[content]
        for content, at in holders.items()
        if content in owners and owners[content] != sheet.ids[at]
    }


def _unique(contents: Mapping[Hashable, Hashable]) -> dict:
    """Turn {holder: content} round, blank contents and those of several holders left out."""
    counts = Counter(contents.values())
    return {content: holder for holder, content in contents.items() if content and counts[content] == 1}


def _whole(row: Row) -> Row:
    texts = tuple(text or "" for text in row)
    return texts if sum(map(bool, texts)) >= VALUES else ()


def _naming(keys: tuple[str, ...], fields: tuple[str, ...]) -> Callable[[Row], tuple[str, ...]]:
    places = [fields.index(key) for key in keys if key in fields]

    def content(row: Row) -> tuple[str, ...]:
        values = tuple((row[place] or "").casefold() for place in places)
        return values if len(places) == len(keys) and all(values) else ()

    return content


def tell_copies(plan: Plan) -> None:
    """Say of each row that was copied with its id which row keeps it."""
    for place, turned in enumerate(plan.refused):
        if turned.reason == COPIED and turned.typed in plan.known:
            reason = _ALIKE.format(turned.reason, plan.where(turned.typed) + 1)
            plan.refused[place] = turned._replace(reason=reason)
    for row in plan.waiting:
        if row.id in plan.known:
            reason = _NEW.format(plan.where(row.id) + 1)
            plan.refused.append(Turned(f"ligne {row.index + 1}", row.index, "", row.id, reason))
