"""Tell which record each row is, which rows are gone, and which are new."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sync.plan_shapes import BOTH, Columns, Plan, Row, SheetRow, Side, Turned

#: More rows than this missing at once is an accident of the sheet, not a wish.
MISSING_FLOOR, MISSING_SHARE = 3, 0.10
#: Complete reads in which a row must be missing before it counts as deleted.
READS_BEFORE_DELETION = 2
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


def recognise(
    columns: Columns, side: Side, rows: list[SheetRow], plan: Plan
) -> tuple[dict[str, SheetRow], list[SheetRow]]:
    """Tell which record each row is: by its id, else by what was last agreed of a missing record."""
    claims: dict[str, list[SheetRow]] = {}
    strangers = []
    for row in rows:
        if row.id in side.local or row.id in side.removed:
            claims.setdefault(row.id, []).append(row)
        else:
            strangers.append(row)
    known = {}
    for key, claimants in claims.items():
        owner = _owner(claimants, side.base.get(key, {}))
        known[key] = owner
        # A row copied with its id is another row: the one equal to the agreement keeps it.
        strangers += [row for row in claimants if row is not owner]
    strangers = _match_by_content(columns, side, known, strangers, plan)
    plan.where = {key: row.index for key, row in known.items()}
    return known, sorted(strangers, key=lambda row: row.index)


def _owner(claimants: list[SheetRow], base: Row) -> SheetRow:
    return max(claimants, key=lambda row: (_likeness(row, base), -row.index))


def _likeness(row: SheetRow, base: Row) -> int:
    return sum(name in row.cells and row.cells[name].value == value for name, value in base.items())


def _match_by_content(
    columns: Columns, side: Side, known: dict[str, SheetRow], strangers: list[SheetRow], plan: Plan
) -> list[SheetRow]:
    """Give rows without id back to the records the sheet seems to have lost, when there is no doubt."""
    lost = {key: side.base.get(key) or side.local[key] for key in side.local if key not in known}
    for content_of, alike in ((_whole, True), (_by(columns.keys), False)):
        candidates = _grouped((content_of(texts_of(row)), row) for row in strangers)
        for content, keys in _grouped((content_of(lost[key]), key) for key in list(lost)).items():
            found = candidates.get(content, [])
            # Rows that are alike in everything may be given back in any order.
            if not content or not (alike or len(keys) == len(found) == 1):
                continue
            for key, row in zip(keys, found, strict=False):
                known[key] = row
                plan.ids[row.index] = key
                del lost[key]
        strangers = [row for row in strangers if row.index not in plan.ids]
    return strangers


def _grouped(items: Iterable[tuple[object, Any]]) -> dict[object, list[Any]]:
    groups: dict[object, list[Any]] = {}
    for content, item in items:
        groups.setdefault(content, []).append(item)
    return groups


def texts_of(row: SheetRow) -> dict[str, str]:
    """Return the canonical text of every mapped cell of a row."""
    return {name: cell.value for name, cell in row.cells.items()}


def _whole(row: Row) -> object:
    return frozenset((name, value) for name, value in row.items() if value)


def _by(keys: tuple[str, ...]) -> Callable[[Row], object]:
    def content(row: Row) -> object:
        values = tuple(row.get(key, "").casefold() for key in keys)
        return values if all(values) else ()

    return content


# -- which rows are gone ------------------------------------------------------------------------


def notice_missing(columns: Columns, side: Side, known: Mapping[str, SheetRow], plan: Plan) -> None:
    """Count the rows agreed on that the sheet lost; many at once pause the tab until a person confirms."""
    expected = [key for key in side.local if key in side.base]
    # A row whose deletion was carried out already, and that is here again, was brought back in the intranet.
    gone = [key for key in expected if key not in known and side.missing.get(key, 0) < READS_BEFORE_DELETION]
    emptied = [key for key in expected if key in known and _emptied(columns, side.base[key], known[key])]
    if not side.confirmed:
        plan.paused = _accident(gone, emptied, expected)
    if plan.paused:
        return
    for key in gone:
        _count_missing(columns, side, key, plan)
    for key in side.removed:
        if key in side.base and key not in known:
            plan.missing[key] = READS_BEFORE_DELETION


def _count_missing(columns: Columns, side: Side, key: str, plan: Plan) -> None:
    count = READS_BEFORE_DELETION if side.confirmed else side.missing.get(key, 0) + 1
    if count < READS_BEFORE_DELETION:
        plan.missing[key] = count
        plan.ripening = True
        return
    edited = any(side.local[key].get(name, value) != value for name, value in side.base[key].items())
    # An edit beats a deletion, and a tab that only follows another does not delete: the row comes back.
    if columns.owns_rows and not edited:
        plan.missing[key] = count
        plan.deletions.append(key)


def _accident(gone: list[str], emptied: list[str], expected: list[str]) -> str:
    """Say why so much missing at once is not believed; '' when it is."""
    most = max(MISSING_FLOOR, MISSING_SHARE * len(expected))
    if len(gone) > most or (gone and len(gone) == len(expected)):
        return (
            f"{len(gone)} lignes sur {len(expected)} ont disparu d'un coup : rien n'est supprimé. "
            "Rétablissez-les dans la feuille (Fichier, Historique des versions), ou confirmez."
        )
    if len(emptied) > most:
        return (
            f"{len(emptied)} lignes sur {len(expected)} ont été vidées d'un coup : rien n'est effacé. "
            "Rétablissez-les dans la feuille (Fichier, Historique des versions), ou confirmez."
        )
    return ""


def _emptied(columns: Columns, base: Row, row: SheetRow) -> bool:
    had = [name for name in row.cells if base.get(name) and columns.policies.get(name, BOTH) == BOTH]
    return len(had) >= EMPTIED_VALUES and not any(row.cells[name].value or row.cells[name].refusal for name in had)


# -- which rows are new -------------------------------------------------------------------------


def plan_births(
    columns: Columns, side: Side, known: Mapping[str, SheetRow], strangers: list[SheetRow], plan: Plan
) -> None:
    """Let a row typed without id become a record: complete, valid, and the same in two reads."""
    seen = [dict(row) for row in side.waiting]
    for row in strangers:
        if not any(cell.value or cell.refusal for cell in row.cells.values()):
            continue
        wrong = [(name, cell) for name, cell in row.cells.items() if cell.refusal]
        key = f"ligne {row.index + 1}"
        plan.refused += [Turned(key, row.index, name, cell.typed, cell.refusal) for name, cell in wrong]
        if not columns.owns_rows:
            plan.refused.append(Turned(key, row.index, "", row.id, FOLLOWS))
        elif row.id in known and _same_record(columns, row, known[row.id]):
            plan.refused.append(Turned(key, row.index, "", row.id, COPIED))
        else:
            _ripen(columns, row, seen, plan, ready=not wrong)


def _same_record(columns: Columns, row: SheetRow, owner: SheetRow) -> bool:
    """Tell whether a row that bears another's id is a copy of it, rather than a new row made from one."""
    mine, its = texts_of(row), texts_of(owner)
    named = _by(columns.keys)
    return mine == its or bool(named(mine) and named(mine) == named(its))


def _ripen(columns: Columns, row: SheetRow, seen: list[dict[str, str]], plan: Plan, ready: bool) -> None:
    texts = texts_of(row)
    if not ready or any(not texts.get(name) for name in columns.required):
        plan.waiting.append(row)
    elif texts in seen:
        # Each row of the last read vouches for one row of this read.
        seen.remove(texts)
        plan.births.append(row)
    else:
        plan.waiting.append(row)
        plan.ripening = True
