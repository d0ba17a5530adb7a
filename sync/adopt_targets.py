"""What is to be bound of a spreadsheet, and what stands in the way of it or has to be known before."""

from collections.abc import Iterable, Mapping
from typing import Any

from store import mappings
from store.mappings import Choices, Problem
from sync.adoption.marks import Target
from sync.adoption.survey import Survey
from sync.cells import Tab
from sync.layout import ID
from sync.rehearsal import Rehearsal

PROTECTED_TAB = (
    "Onglet « {tab} » : il est protégé. Dans Données, Protéger des feuilles et des plages, autorisez {account} à le "
    "modifier, puis relancez la lecture."
)
PROTECTED_COLUMN = (
    "Onglet « {tab} » : la colonne « {header} » est protégée ; ce que l'intranet y changerait serait refusé. Dans "
    "Données, Protéger des feuilles et des plages, autorisez {account} à la modifier."
)
PARTLY_FILTERED = (
    "Onglet « {tab} » : son filtre ne couvre pas toutes les colonnes. Trier avec lui séparerait chaque ligne de son "
    "identifiant : étendez-le à tout le tableau, ou retirez-le."
)
DROPPED = (
    "Onglet « {tab} » : il ne sera plus synchronisé, et la colonne « ID » que Passerelle y a ajoutée sera supprimée."
)
TO_CHOOSE = (
    "Onglet « {tab} » : {count} à vous, ni lue{s} ni écrite{s} tant que vous ne choisissez pas ce qu'elle{s} "
    "contien{verb} : {headers}."
)
NO_CALENDAR = (
    "La promotion n'a pas encore de calendrier : reliez d'abord l'onglet des séances ; une fois les séances reçues, "
    "relancez la lecture pour reconnaître les colonnes de présence."
)
#: Headers named at most in one sentence.
MOST_HEADERS = 12


def targets(
    seen: Survey, proposal: Mapping[str, Any], mapping: Choices, added: Mapping[int, bool]
) -> Iterable[Target]:
    """Give each tab to bind, with its columns."""
    for tab in proposal["tabs"]:
        choice = mapping[str(tab["sheet_id"])]
        if choice["kind"]:
            yield _target(seen, proposal, tab, choice, added)


def _target(
    seen: Survey, proposal: Mapping[str, Any], tab: Mapping[str, Any], choice: Mapping[str, Any],
    added: Mapping[int, bool],
) -> Target:  # fmt: skip
    sheet, kind = tab["sheet_id"], choice["kind"]
    reading = tab["readings"][kind]
    texts = {str(guess["column"]): guess["text"] for guess in reading["columns"]}
    columns = {name: (int(column), texts[column]) for column, name in choice["columns"].items() if column in texts}
    left = seen.marks[sheet].get(ID)
    shown = {str(g["column"]): g["header"] for g in reading["columns"] if g["header"] != g["text"]}
    called = {name: shown[column] for column, name in choice["columns"].items() if column in shown}
    # « AM » alone would not say of which day a conflict is.
    more: dict[str, Any] = {"called": called} if called else {}
    if mappings.FULL_NAME in columns:
        more["name_order"] = choice["name_order"]
    # An earlier proposal, kept as it was, may say nothing of ticks.
    if any(guess.get("ticks") and str(guess["column"]) in choice["columns"] for guess in reading["columns"]):
        more["ticks"] = True
    if proposal["kinds"][kind]["matrix"] and not choice["add_columns"]:
        more["without"] = [key for key, _ in proposal["half_days"] if key not in columns]
    return Target(
        sheet, kind, tab["title"], reading["header_row"], reading["header_lines"], columns,
        id_column=left.column if left else _after_last(seen, sheet),
        id_added=added.get(sheet, left is None), more=more,
    )  # fmt: skip


def _after_last(seen: Survey, sheet_id: int) -> int:
    """Return the column after the last one that holds anything, merged cells included."""
    grid = next(grid for grid in seen.grids if grid.sheet_id == sheet_id)
    return max([grid.width, *(right for _, _, _, right in grid.merges)])


def spelled(target: Target, rehearsal: Rehearsal) -> Target:
    """Return a tab to bind with the spellings of names that it has."""
    names = rehearsal.mappings.get(target.sheet_id, {}).get("spellings")
    if not names:
        return target
    return Target(**{**vars(target), "more": {**target.more, "spellings": names}})


def undecided(proposal: Mapping[str, Any], mapping: Choices) -> Iterable[str]:
    """Say which columns may be something of ours and are left to nobody's choice: accepting leaves them out."""
    for tab in proposal["tabs"]:
        choice = mapping[str(tab["sheet_id"])]
        guesses = tab["readings"][choice["kind"]]["columns"] if choice["kind"] else ()
        left = [g["header"] for g in guesses if g["others"] and str(g["column"]) not in choice["columns"]]
        if left:
            several = len(left) > 1
            count = f"{len(left)} colonnes restent" if several else "1 colonne reste"
            shown = ", ".join(f"« {header} »" for header in left[:MOST_HEADERS])
            headers = shown + (f" et {len(left) - MOST_HEADERS} autres" if len(left) > MOST_HEADERS else "")
            yield TO_CHOOSE.format(tab=tab["title"], count=count, s="s" if several else "",
                                   verb="nent" if several else "t", headers=headers)  # fmt: skip


# -- what is wrong ------------------------------------------------------------------------------


def closed(seen: Survey, targets: list[Target], account: str) -> Iterable[Problem]:
    """Say of which tabs nothing could be written."""
    for target in targets:
        tab, place = seen.tabs[target.sheet_id], target.id_column
        no_ids = tab.forbids(target.header_row, place) or tab.forbids_insertion("COLUMNS", place)
        if no_ids or all(_protected(tab, target, column) for column, _ in target.columns.values()):
            text = PROTECTED_TAB.format(tab=target.title, account=account)
            yield Problem(text, str(target.sheet_id))


def _protected(tab: Tab, target: Target, column: int) -> bool:
    return any(tab.forbids(row, column) for row in range(target.header_row + 1, tab.last_row + 1))


def warnings(seen: Survey, proposal: Mapping[str, Any], targets: list[Target], account: str) -> Iterable[str]:
    """Say what has to be known before: protected columns, filters that leave some out, no calendar yet."""
    for target in targets:
        tab = seen.tabs[target.sheet_id]
        for column, header in target.columns.values():
            if _protected(tab, target, column):
                yield PROTECTED_COLUMN.format(tab=target.title, header=header, account=account)
        for view in seen.filters:
            area = view.get("range", {})
            if area.get("sheetId", 0) == target.sheet_id and area.get("endColumnIndex", 10**6) < target.id_column:
                yield PARTLY_FILTERED.format(tab=target.title)
    if not proposal["half_days"] and "attendance" in proposal["kinds"]:
        yield NO_CALENDAR
