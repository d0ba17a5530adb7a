"""Both sides of one tab in memory: what the planner is told of them, and a way to carry its plan out.

Small and plain, since the proof makes tens of thousands a second: rows are tuples in the order of the
schema's fields, as the planner has them.
"""

from dataclasses import dataclass

from sync.plan import BOTH, COMPUTED, INTRANET_WINS, SHEET_WINS, Cell, Columns, Plan, Sheet, Side

#: The first row below the header, which stands first in the lists: a place in them is not a row of the tab.
TOP = 3
NOBODY: frozenset[str] = frozenset()

Texts = tuple[str | None, ...]


@dataclass(frozen=True)
class Schema:
    """How one kind of tab is laid out: its fields, in order, and how they merge."""

    name: str
    columns: Columns

    def __post_init__(self) -> None:
        fields = tuple(self.columns.policies)
        keep = {
            "fields": fields,
            "width": len(fields),
            "at": {name: place for place, name in enumerate(fields)},
            "policies": tuple(self.columns.policies.values()),
            "required": [fields.index(name) for name in sorted(self.columns.required)],
            "keys": [fields.index(name) for name in self.columns.keys],
            "blank": ("",) * len(fields),
        }
        vars(self).update(keep)


def _schema(name: str, policies: dict[str, str], required: str, keys: str, owns_rows: bool) -> Schema:
    columns = Columns(policies, frozenset(required.split()), tuple(keys.split()), owns_rows)
    return Schema(name, columns)


SCHEMAS = {
    schema.name: schema
    for schema in (
        _schema("people", {"name": BOTH, "note": BOTH, "phone": BOTH}, "name", "name", True),
        _schema("half_days", {"day": BOTH, "hour": BOTH, "place": BOTH, "sum": COMPUTED}, "day", "day hour", True),
        _schema(
            "mixed",
            {"name": BOTH, "note": BOTH, "sum": COMPUTED, "theirs": SHEET_WINS, "ours": INTRANET_WINS},
            "name", "name", True,
        ),
        _schema("papers", {"name": COMPUTED, "title": BOTH, "pages": BOTH}, "", "name", False),
        _schema("jury", {"name": COMPUTED, "grade": BOTH, "remark": SHEET_WINS, "hours": COMPUTED}, "", "name", False),
    )
}  # fmt: skip


class World:
    """One tab as both sides hold it now."""

    __slots__ = ("schema", "local", "base", "removed", "missing", "waiting", "copies", "apart", "signed", "confirmed",
                 "ids", "texts", "odds", "minted", "paused")  # fmt: skip

    def __init__(self, schema: Schema, agreed: dict[str, Texts]) -> None:
        self.schema = schema
        self.local: dict[str, Texts] = dict(agreed)
        self.base: dict[str, Texts] = dict(agreed)
        #: Withdrawn rows, as they were.
        self.removed: dict[str, Texts] = {}
        self.missing: dict[str, int] = {}
        self.waiting: list[Texts] = []
        #: The copies that the last read saw, whose id another row bears.
        self.copies: list[tuple[str, Texts]] = []
        #: The rows that the last read told apart from the one whose id they bear.
        self.apart: list[tuple[str, Texts]] = []
        self.signed: set[str] = set()
        self.confirmed = False
        #: The rows of the sheet, side by side: the id that each carries, its texts, its odd cells.
        self.ids: list[str] = list(agreed)
        self.texts: list[Texts] = list(agreed.values())
        self.odds: list[dict[str, Cell] | None] = [None] * len(agreed)
        self.minted = 0
        self.paused = ""

    # -- what the planner is told -----------------------------------------------------------------

    def side(self) -> Side:
        """Return what the intranet knows."""
        removed = frozenset(self.removed) if self.removed else NOBODY
        signed = frozenset(self.signed) if self.signed else NOBODY
        return Side(
            self.local, self.base, removed, self.missing, self.waiting, self.copies, self.apart, self.confirmed,
            signed,
        )  # fmt: skip

    def sheet(self) -> Sheet:
        """Return the sheet as it is read: a row that holds nothing, neither id nor text, is not there."""
        odd = {at + TOP: cells for at, cells in enumerate(self.odds) if cells} if any(self.odds) else {}
        return Sheet(self.schema.fields, range(TOP, TOP + len(self.ids)), self.ids, self.texts, odd)

    # -- the sheet, row by row --------------------------------------------------------------------

    def insert(self, place: int, key: str, texts: Texts, odd: dict[str, Cell] | None = None) -> None:
        """Insert a row of the sheet; those below it move down."""
        self.ids.insert(place, key)
        self.texts.insert(place, texts)
        self.odds.insert(place, odd)

    def delete(self, place: int) -> None:
        """Delete a row of the sheet; those below it move up."""
        del self.ids[place], self.texts[place], self.odds[place]

    def put(self, place: int, name: str, text: str, cell: Cell | None = None) -> None:
        """Write one cell of the sheet; `cell` when it is more than its text."""
        field = self.schema.at[name]
        texts = self.texts[place]
        self.texts[place] = (*texts[:field], text, *texts[field + 1 :])
        odd = self.odds[place]
        if cell is not None:
            self.odds[place] = {**(odd or {}), name: cell}
        elif odd and name in odd:
            self.odds[place] = {kept: odd[kept] for kept in odd if kept != name} or None

    def order(self, places: list[int]) -> None:
        """Put the rows of the sheet in another order."""
        self.ids = [self.ids[place] for place in places]
        self.texts = [self.texts[place] for place in places]
        self.odds = [self.odds[place] for place in places]

    # -- carrying a plan out ----------------------------------------------------------------------

    def carry_out(self, plan: Plan, sent: bool = True, remembered: bool = True) -> None:
        """Do on both sides what a plan says, as a cycle does.

        Not `sent`: the cycle died once the intranet had changed, before its write. Not `remembered`: it
        died after its write, before the agreement moved.
        """
        self.confirmed, self.paused = False, plan.paused
        if plan.paused:
            self.waiting, self.apart = [], [row for row in self.apart if row in self.copies]
            return
        for key in plan.restored:
            self.local[key] = self.removed.pop(key)
        for cells in (plan.pulls, plan.agreed):
            if cells:
                self._agree(cells)
        if plan.pulls:
            self._pull(plan)
        minted = self._bear(plan) if plan.births else {}
        for key in plan.deletions:
            self.removed[key] = self.local.pop(key)
        self._count_missing(plan)
        self.waiting = [self.texts[row.index - TOP] for row in plan.waiting]
        self.copies = [(row.id, self.texts[row.index - TOP]) for row in plan.copies]
        self.apart = [(row.id, self.texts[row.index - TOP]) for row in plan.apart]
        if sent:
            self._write(plan, minted, remembered)

    def _pull(self, plan: Plan) -> None:
        for key, cells in plan.pulls.items():
            row = list(self.local[key])
            for name, text in cells.items():
                row[self.schema.at[name]] = text
            self.local[key] = tuple(row)

    def _agree(self, found: dict[str, dict[str, str]]) -> None:
        for key, cells in found.items():
            row = list(self.base.get(key) or (None,) * self.schema.width)
            for name, text in cells.items():
                row[self.schema.at[name]] = text
            self.base[key] = tuple(row)

    def _bear(self, plan: Plan) -> dict[int, str]:
        minted = {}
        for row in plan.births:
            self.minted += 1
            key = minted[row.index] = f"B-{self.minted}"
            self.local[key] = self.base[key] = self.texts[row.index - TOP]
        return minted

    def _count_missing(self, plan: Plan) -> None:
        """Keep counting rows withdrawn because they disappeared, as the cycle does."""
        if not (self.missing or plan.missing):
            return
        kept = {k: n for k, n in self.missing.items() if k not in plan.known and k not in plan.missing}
        self.missing = {k: n for k, n in (kept | plan.missing).items() if k in self.base}

    def _write(self, plan: Plan, minted: dict[int, str], remembered: bool) -> None:
        for index, key in (*plan.ids.items(), *minted.items()):
            self.ids[index - TOP] = key
        for push in plan.pushes:
            self.put(push.index - TOP, push.field, push.value)
            if remembered:
                self._agree({push.row: {push.field: push.value}})
        for key in plan.appends:
            self.insert(len(self.ids), key, tuple(text or "" for text in self.local[key]))
            if remembered:
                self.base[key] = self.local[key]
                self.missing.pop(key, None)
