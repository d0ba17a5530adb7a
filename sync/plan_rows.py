"""Tell which record each row is, which rows are gone, and which are new."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import compress, islice
from operator import itemgetter, ne, or_
from typing import Any

from sync.plan_shapes import BOTH, Columns, Plan, Row, Sheet, SheetRow, Side, Turned

#: More rows than this missing at once is an accident of the sheet, not a wish.
MISSING_FLOOR, MISSING_SHARE = 3, 0.10
#: Complete reads in which a row must be missing before it counts as deleted.
READS_BEFORE_DELETION = 2
#: The position of a row that the sheet does not have: after its last one.
NOWHERE = -1
#: So many rows are fetched at a time: their first bytes fit in the nearest memory.
BLOCK = 256
#: A row that lost this many values at once, all it had, counts as emptied.
EMPTIED_VALUES = 2

FOLLOWS = (
    "Cette ligne n'a pas d'identifiant connu : ajoutez d'abord la personne dans l'onglet Participants, "
    "sa ligne viendra ici d'elle-même."
)
COPIED = (
    "Une autre ligne porte déjà cet identifiant : supprimez cette copie, ou changez-la pour qu'elle devienne "
    "une nouvelle ligne."
)


# -- which record each row is -------------------------------------------------------------------


def recognise(columns: Columns, side: Side, sheet: Sheet, plan: Plan) -> tuple[dict[str, int], list[int]]:
    """Tell which record each row is: by its id, else by what was last agreed of a missing record.

    Returns the position of the row of each record, in the order of the intranet and NOWHERE for those that have
    none, and the positions of the rows that are nobody's.
    """
    places = dict.fromkeys(side.local, NOWHERE)
    places.update(zip(sheet.ids, range(len(sheet.ids)), strict=True))
    found = len(places) - list(places.values()).count(NOWHERE)
    if len(places) == len(side.local) and found == len(sheet.ids):
        return places, []
    known, strangers = _claimed(columns, side, sheet)
    strangers = _match_by_content(columns, side, sheet, known, strangers, plan)
    return dict.fromkeys(side.local, NOWHERE) | known, sorted(strangers)


def _claimed(columns: Columns, side: Side, sheet: Sheet) -> tuple[dict[str, int], list[int]]:
    """Give each id to one row: of those copied with their id, the one most like the agreement keeps it.

    Those that the last read told apart from it stay so, as long as nobody changes them; of two alike, the one that
    is then given another name is the copy.
    """
    known: dict[str, int] = {}
    strangers, copied = [], {}
    for position, key in enumerate(sheet.ids):
        if key not in side.local and key not in side.removed:
            strangers.append(position)
        elif known.setdefault(key, position) != position:
            copied.setdefault(key, [known[key]]).append(position)
    # Each row that the last read told apart accounts for one row of this read.
    seen = Counter(side.apart)
    for key, claimants in copied.items():
        here = Counter(sheet.texts[position] for position in claimants)
        unseen = [at for at in claimants if here[sheet.texts[at]] > seen[key, sheet.texts[at]]]
        owner = known[key] = _owner(columns, key, unseen, claimants, side, sheet)
        strangers += [position for position in claimants if position != owner]
    return known, strangers


def _owner(columns: Columns, key: str, unseen: list[int], claimants: list[int], side: Side, sheet: Sheet) -> int:
    base, named = side.base.get(key, ()), _named(columns, sheet)
    names = {named(row) for row in (base, side.local.get(key, ())) if row}
    called = [at for at in unseen if not named(sheet.texts[at]) or named(sheet.texts[at]) in names]

    def likeness(position: int) -> tuple[int, int]:
        alike = sum(text == before for text, before in zip(sheet.texts[position], base, strict=False))
        return alike, -sheet.indexes[position]

    return max(called or unseen or claimants, key=likeness)


def _match_by_content(
    columns: Columns, side: Side, sheet: Sheet, known: dict[str, int], strangers: list[int], plan: Plan
) -> list[int]:
    """Give rows without id back to the records the sheet seems to have lost, when there is no doubt."""
    lost = {key: side.base.get(key) or row for key, row in side.local.items() if key not in known}
    if not (lost and strangers):
        return strangers
    for content_of, alike in ((_whole, True), (_named(columns, sheet), False)):
        candidates = _grouped((content_of(sheet.texts[position]), position) for position in strangers)
        for content, keys in _grouped((content_of(row), key) for key, row in lost.items()).items():
            found = candidates.get(content, [])
            # Rows that are alike in everything may be given back in any order.
            if not content or not (alike or len(keys) == len(found) == 1):
                continue
            for key, position in zip(keys, found, strict=False):
                known[key] = position
                plan.ids[sheet.indexes[position]] = key
                del lost[key]
        strangers = [position for position in strangers if sheet.indexes[position] not in plan.ids]
    return strangers


def _grouped(items: Iterable[tuple[object, Any]]) -> dict[object, list[Any]]:
    groups: dict[object, list[Any]] = {}
    for content, item in items:
        groups.setdefault(content, []).append(item)
    return groups


def _whole(row: Row) -> Row:
    """Return everything a row holds, () when it is blank."""
    return tuple(text or "" for text in row) if any(row) else ()


def _named(columns: Columns, sheet: Sheet) -> Callable[[Row], tuple[str, ...]]:
    """Return what gives the fields by which a row is known, whatever their case; () when one is blank."""
    places = [sheet.fields.index(key) for key in columns.keys if key in sheet.fields]

    def content(row: Row) -> tuple[str, ...]:
        values = tuple((row[place] or "").casefold() for place in places)
        return values if len(places) == len(columns.keys) and all(values) else ()

    return content


def unsettled(side: Side, sheet: Sheet, places: dict[str, int]) -> tuple[list[str], list[str]]:
    """List the records whose row is not the same on both sides and in the base, and those that have no row.

    The first are in the order of the sheet, the others in that of the intranet; these are taken out of `places`.
    Written for the thousands of rows that are the same: each costs a few steps of the interpreter's own loops.
    """
    ours, bases = side.local.values(), map(side.base.get, side.local)
    moved = list(compress(side.local, map(or_, list(map(ne, ours, bases)), _not_ours(ours, sheet, places.values()))))
    absent = [key for key in moved if places[key] == NOWHERE]
    for key in absent:
        del places[key]
    looked_at = {key for key in moved if key in places}
    if sheet.odd:
        # A refused value is listed again at each read, whatever the agreement holds.
        looked_at.update(key for key, at in places.items() if sheet.indexes[at] in sheet.odd)
    return sorted(looked_at, key=places.__getitem__), absent


def _not_ours(ours: Iterable[Row], sheet: Sheet, places: Iterable[int]) -> Iterator[bool]:
    """Tell of each row whether the sheet has another.

    Rows that staff have sorted lie anywhere in memory. Fetched many at a time, in one loop that does nothing else,
    the processor waits for several of them at once; compared one by one, for each of them.
    """
    rows, ours, places = [*sheet.texts, None], iter(ours), iter(places)
    while block := list(islice(places, BLOCK)):
        yield from map(ne, itemgetter(*block, NOWHERE)(rows), islice(ours, len(block)))


# -- which rows are gone ------------------------------------------------------------------------


def notice_missing(
    columns: Columns, side: Side, sheet: Sheet, absent: list[str], moved: list[str], plan: Plan
) -> None:
    """Count the rows agreed on that the sheet lost; many at once pause the tab until a person confirms."""
    # A row whose deletion was carried out already, and that is here again, was brought back in the intranet.
    gone = [key for key in absent if key in side.base and side.missing.get(key, 0) < READS_BEFORE_DELETION]
    emptied = [
        key
        for key in moved
        if key in side.base and key in side.local and _emptied(columns, side.base[key], sheet, plan.known[key])
    ]
    if (gone or emptied) and not side.confirmed:
        plan.paused = _accident(gone, emptied, side)
    if plan.paused:
        return
    for key in gone:
        _count_missing(columns, side, key, plan)
    for key in side.removed:
        if key in side.base and key not in plan.known:
            plan.missing[key] = READS_BEFORE_DELETION


def _count_missing(columns: Columns, side: Side, key: str, plan: Plan) -> None:
    count = READS_BEFORE_DELETION if side.confirmed else side.missing.get(key, 0) + 1
    if count < READS_BEFORE_DELETION:
        plan.missing[key] = count
        plan.ripening = True
        return
    edited = any(
        ours is not None and before is not None and ours != before
        for ours, before in zip(side.local[key], side.base[key], strict=True)
    )
    # An edit beats a deletion, what was signed stays, and a tab that only follows another does not delete.
    if key in side.signed:
        plan.put_back.append(key)
    elif columns.owns_rows and not edited:
        plan.missing[key] = count
        plan.deletions.append(key)


def _accident(gone: list[str], emptied: list[str], side: Side) -> str:
    """Say why so much missing at once is not believed; '' when it is."""
    both = filter(side.local.__contains__, side.base)
    if max(len(gone), len(emptied)) <= MISSING_FLOOR == len(list(islice(both, MISSING_FLOOR))) and next(both, None):
        # A few of more than a few: there is no need to count the others.
        return ""
    expected = sum(map(side.local.__contains__, side.base))
    most = max(MISSING_FLOOR, MISSING_SHARE * expected)
    if len(gone) > most or (gone and len(gone) == expected):
        return (
            f"{len(gone)} lignes sur {expected} ont disparu d'un coup : rien n'est supprimé. "
            "Rétablissez-les dans la feuille (Fichier, Historique des versions), ou confirmez."
        )
    if len(emptied) > most:
        return (
            f"{len(emptied)} lignes sur {expected} ont été vidées d'un coup : rien n'est effacé. "
            "Rétablissez-les dans la feuille (Fichier, Historique des versions), ou confirmez."
        )
    return ""


def _emptied(columns: Columns, base: Row, sheet: Sheet, position: int) -> bool:
    lost = 0
    for name, text, before in zip(sheet.fields, sheet.texts[position], base, strict=True):
        if before and columns.policies.get(name, BOTH) == BOTH:
            if text:
                return False
            lost += 1
    return lost >= EMPTIED_VALUES and not any(
        cell.refusal for cell in sheet.odd.get(sheet.indexes[position], {}).values()
    )


# -- which rows are new -------------------------------------------------------------------------


def plan_births(
    columns: Columns, sheet: Sheet, side: Side, known: Mapping[str, int], strangers: list[int], plan: Plan
) -> None:
    """Let a row typed without id become a record: complete, valid, and the same in two reads."""
    # Each row of the last read vouches for one row of this read.
    seen, copies = Counter(side.waiting), set(side.copies)
    for position in strangers:
        texts, index, bears = sheet.texts[position], sheet.indexes[position], sheet.ids[position]
        wrong = [(name, cell) for name, cell in sheet.odd.get(index, {}).items() if cell.refusal]
        if not (wrong or any(texts)):
            continue
        key = f"ligne {index + 1}"
        plan.refused += [Turned(key, index, name, cell.typed, cell.refusal) for name, cell in wrong]
        if not columns.owns_rows:
            plan.refused.append(Turned(key, index, "", bears, FOLLOWS))
        elif bears in known and ((bears, texts) in copies or _same_record(columns, sheet, position, known[bears])):
            plan.refused.append(Turned(key, index, "", bears, COPIED))
        elif not _ripe(columns, sheet.row(position), texts, seen, plan, ready=not wrong):
            continue
        if bears in known:
            # A copy stays one until somebody changes it, whatever becomes of the row that it was made from.
            plan.copies.append(sheet.row(position))


def tell_apart(sheet: Sheet, strangers: list[int], plan: Plan) -> None:
    """List the rows that bear the id of another row and differ from it, or will once it is written to."""
    pushed = {push.row for push in plan.pushes}
    # Those that are given an id of their own too: should it not be written, they still bear the other's.
    for position in (*strangers, *(plan.known[key] for key in plan.ids.values())):
        bears = sheet.ids[position]
        if bears in plan.known and (
            bears in pushed or sheet.texts[position] != sheet.texts[plan.known[bears]]
        ):
            plan.apart.append(sheet.row(position))


def _same_record(columns: Columns, sheet: Sheet, copy: int, position: int) -> bool:
    """Tell whether a row that bears another's id is a copy of it, rather than a new row made from one."""
    mine, its = sheet.texts[copy], sheet.texts[position]
    named = _named(columns, sheet)
    return mine == its or bool(named(mine) and named(mine) == named(its))


def _ripe(columns: Columns, row: SheetRow, texts: Row, seen: Counter[Row], plan: Plan, ready: bool) -> bool:
    """Let a row be born, or wait; tell whether it is born."""
    if not ready or any(name not in row.cells or not row.cells[name].value for name in columns.required):
        plan.waiting.append(row)
        return False
    if seen[texts] > 0:
        seen[texts] -= 1
        plan.births.append(row)
        return True
    plan.waiting.append(row)
    plan.ripening = True
    return False
