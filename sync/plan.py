"""Decide what each side must change, from the last agreement and what both sides hold now.

Pure: imports nothing of ours, reads no clock, touches nothing. Values are canonical texts, '' is
blank. The clock never decides: where both sides moved to different values, it is a conflict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Row = Mapping[str, str]
Table = Mapping[str, Row]

#: Who wins a cell that both sides moved: nobody (a person chooses), or one side, declared.
BOTH, COMPUTED, SHEET_WINS, INTRANET_WINS = "both", "computed", "sheet wins", "intranet wins"
#: More rows than this missing at once is an accident of the sheet, not a wish.
MISSING_FLOOR, MISSING_SHARE = 3, 0.10
#: Complete reads in which a row must be missing before it counts as deleted.
READS_BEFORE_DELETION = 2


@dataclass(frozen=True)
class Cell:
    """What a sheet cell holds: its canonical text, or why it has none."""

    value: str
    #: Why the rules refuse it, in French; '' when they do not.
    refusal: str = ""
    #: A formula is read, never overwritten.
    formula: bool = False
    #: As typed, for the list of refusals.
    typed: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One row of a tab: where it is today, the id it carries, and its mapped cells."""

    index: int
    id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Columns:
    """How a tab's fields merge: the policy of each, which are required, which recognise a row."""

    policies: Mapping[str, str]
    required: frozenset[str] = frozenset()
    #: Fields that together recognise a row that lost its id.
    keys: tuple[str, ...] = ()
    #: Whether rows are born and deleted in this tab, or only follow another tab's.
    owns_rows: bool = False


@dataclass(frozen=True)
class Push:
    """Write one cell of the sheet: the value, and what the cell held when it was read."""

    row: str
    index: int
    field: str
    value: str
    seen: str
    #: The person's value that is put back by this write, when the column belongs to the intranet.
    put_back: bool = False


@dataclass(frozen=True)
class Clash:
    """A cell that both sides moved to different values."""

    row: str
    index: int
    field: str
    base: str
    local: str
    remote: str


@dataclass(frozen=True)
class Turned:
    """A value of the sheet that the rules refuse, or that may not be changed there."""

    row: str
    index: int
    field: str
    typed: str
    reason: str


@dataclass
class Plan:
    """Everything one cycle has to do in one tab."""

    pulls: dict[str, dict[str, str]] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)
    agreed: dict[str, dict[str, str]] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    refused: list[Turned] = field(default_factory=list)
    #: Records that the sheet has never had.
    appends: list[str] = field(default_factory=list)
    #: Ids to write in rows that lost theirs: {row index: id}.
    ids: dict[int, str] = field(default_factory=dict)
    #: Rows typed in the sheet, ready to become records.
    births: list[SheetRow] = field(default_factory=list)
    #: Rows typed in the sheet that are not complete yet, or wait for a second identical read.
    waiting: list[SheetRow] = field(default_factory=list)
    #: Whether the next read alone would let a row be born or deleted.
    ripening: bool = False
    #: Rows agreed on that the sheet no longer has: {id: complete reads without it}.
    missing: dict[str, int] = field(default_factory=dict)
    deletions: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    #: Why the whole tab waits for a person; nothing else is planned then.
    paused: str = ""
    #: Where each known row is: {id: index}.
    where: dict[str, int] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Tell whether the sheet has to change."""
        return bool(self.pushes or self.appends or self.ids)


@dataclass(frozen=True)
class Side:
    """What the intranet knows of one tab."""

    local: Table
    base: Table
    #: Rows withdrawn: not expected in the sheet, brought back by an edit there.
    removed: frozenset[str] = frozenset()
    #: Complete reads in which each row was already missing.
    missing: Mapping[str, int] = field(default_factory=dict)
    #: Contents of the rows without id that the last read saw.
    waiting: Iterable[Row] = ()


def merge(columns: Columns, side: Side, rows: Iterable[SheetRow]) -> Plan:
    """Plan one tab from the base, the intranet's rows and the sheet's rows."""
    plan = Plan()
    known, strangers = _recognise(columns, side, list(rows), plan)
    _notice_missing(columns, side, known, plan)
    if plan.paused:
        return plan
    for key, row in known.items():
        if key in side.removed:
            if columns.owns_rows:
                _restore(side, key, row, plan)
        elif key in side.local:
            _merge_row(columns, key, row, side, plan)
    _plan_births(columns, side, strangers, plan)
    plan.appends += [key for key in side.local if key not in known and key not in plan.missing]
    return plan


def _recognise(
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
    for recognise in (_whole, _by(columns.keys)):
        contents: dict[object, list[str]] = {}
        for key, row in lost.items():
            contents.setdefault(recognise(row), []).append(key)
        candidates: dict[object, list[SheetRow]] = {}
        for row in strangers:
            candidates.setdefault(recognise(_texts(row)), []).append(row)
        for content, keys in contents.items():
            found = candidates.get(content, [])
            if content and len(keys) == len(found) == 1:
                known[keys[0]] = found[0]
                plan.ids[found[0].index] = keys[0]
                strangers = [row for row in strangers if row is not found[0]]
                del lost[keys[0]]
    return strangers


def _texts(row: SheetRow) -> dict[str, str]:
    return {name: cell.value for name, cell in row.cells.items()}


def _whole(row: Row) -> object:
    return frozenset((name, value) for name, value in row.items() if value)


def _by(keys: tuple[str, ...]):
    def content(row: Row) -> object:
        values = tuple(row.get(key, "").casefold() for key in keys)
        return values if all(values) else ()

    return content


def _notice_missing(columns: Columns, side: Side, known: Mapping[str, SheetRow], plan: Plan) -> None:
    """Count the rows agreed on that the sheet lost; many at once pause the tab."""
    expected = [key for key in side.local if key in side.base]
    gone = [key for key in expected if key not in known]
    if len(gone) > max(MISSING_FLOOR, MISSING_SHARE * len(expected)):
        plan.paused = (
            f"{len(gone)} lignes sur {len(expected)} ont disparu d'un coup : rien n'est supprimé. "
            "Rétablissez-les dans la feuille (Fichier, Historique des versions), ou confirmez."
        )
        return
    for key in gone:
        plan.missing[key] = side.missing.get(key, 0) + 1
        if plan.missing[key] < READS_BEFORE_DELETION:
            plan.ripening = True
            continue
        edited = side.local[key] != {**side.local[key], **side.base[key]}
        if columns.owns_rows and not edited:
            plan.deletions.append(key)
        else:
            # An edit beats a deletion, and a tab that only follows another does not delete.
            del plan.missing[key]


def _restore(side: Side, key: str, row: SheetRow, plan: Plan) -> None:
    """Bring back a withdrawn row that the sheet shows again, or that a person edited there."""
    base = side.base.get(key)
    back = side.missing.get(key, 0) > 0
    if back or base is None or any(
        name in base and cell.value != base[name] and not cell.refusal for name, cell in row.cells.items()
    ):
        plan.restored.append(key)


def _merge_row(columns: Columns, key: str, row: SheetRow, side: Side, plan: Plan) -> None:
    base, local = side.base.get(key), side.local[key]
    for name, cell in row.cells.items():
        if name not in local:
            continue
        # A row never agreed on (its id was put there by hand, or the first cycle was cut short)
        # has no base: a blank side takes the other's value, two different values are a conflict.
        before = base.get(name) if base else None
        _merge_cell(columns.policies.get(name, BOTH), (key, row.index, name), before, local[name], cell, plan)


def _merge_cell(
    policy: str, place: tuple[str, int, str], base: str | None, local: str, cell: Cell, plan: Plan
) -> None:
    """Plan one cell: the whole of three-way merging is here."""
    key, index, name = place
    remote = cell.value
    if not cell.refusal and local == remote:
        if base != remote:
            plan.agreed.setdefault(key, {})[name] = remote
    elif cell.refusal and policy != COMPUTED:
        plan.refused.append(Turned(key, index, name, cell.typed, cell.refusal))
    elif policy == COMPUTED:
        _merge_computed(place, base, local, cell, plan)
    elif base is None and not (local and remote):
        _travel(place, local, cell, plan, outward=bool(local))
    elif remote == base:
        _travel(place, local, cell, plan, outward=True)
    elif local == base:
        _travel(place, local, cell, plan, outward=False)
    elif policy in (SHEET_WINS, INTRANET_WINS):
        _travel(place, local, cell, plan, outward=policy == INTRANET_WINS)
    else:
        plan.clashes.append(Clash(key, index, name, base or "", local, remote))


def _travel(place: tuple[str, int, str], local: str, cell: Cell, plan: Plan, outward: bool) -> None:
    key, index, name = place
    if not outward:
        plan.pulls.setdefault(key, {})[name] = cell.value
    elif cell.formula:
        reason = "Cette cellule contient une formule : elle n'est jamais remplacée."
        plan.refused.append(Turned(key, index, name, cell.typed, reason))
    else:
        plan.pushes.append(Push(key, index, name, local, cell.value))


def _merge_computed(place: tuple[str, int, str], base: str | None, local: str, cell: Cell, plan: Plan) -> None:
    """Put the intranet's value back in a column that belongs to it alone."""
    key, index, name = place
    if cell.formula:
        reason = "Cette colonne est calculée par l'intranet : la formule qui l'occupe l'empêche d'écrire."
        plan.refused.append(Turned(key, index, name, cell.typed, reason))
        return
    edited = base is not None and cell.value != base
    plan.pushes.append(Push(key, index, name, local, cell.value, put_back=edited))


def _plan_births(columns: Columns, side: Side, strangers: list[SheetRow], plan: Plan) -> None:
    """Let a row typed without id become a record: complete, valid, and the same in two reads."""
    seen = [dict(row) for row in side.waiting]
    for row in strangers:
        texts = _texts(row)
        if not any(cell.value or cell.refusal for cell in row.cells.values()):
            continue
        wrong = [(name, cell) for name, cell in row.cells.items() if cell.refusal]
        key = f"ligne {row.index + 1}"
        plan.refused += [Turned(key, row.index, name, cell.typed, cell.refusal) for name, cell in wrong]
        if not columns.owns_rows:
            plan.refused.append(Turned(key, row.index, "", "", _FOLLOWS))
        elif wrong or any(not texts.get(name) for name in columns.required):
            plan.waiting.append(row)
        elif texts in seen:
            plan.births.append(row)
        else:
            plan.waiting.append(row)
            plan.ripening = True


_FOLLOWS = (
    "Cette ligne n'a pas d'identifiant connu : ajoutez d'abord la personne dans l'onglet Participants, "
    "sa ligne viendra ici d'elle-même."
)
