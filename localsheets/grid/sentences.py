"""Says in French what an entry of the log did to a book."""

from collections.abc import Iterator
from typing import Any

from localsheets.books.a1 import letters
from localsheets.books.model import EMPTY, Cell
from localsheets.formulas.entry import worded
from localsheets.texts.locales import Locale
from localsheets.texts.rendering import shown

Json = dict[str, Any]
Change = tuple[int, int, int, list[Any], list[Any]]
MOST_CELLS = 6
MOST_LISTED = 60
LONGEST_TEXT = 80
GONE_TAB = "un onglet supprimé"
ANNOTATIONS = {
    "merges": "les cellules fusionnées",
    "protectedRanges": "les plages protégées",
    "basicFilter": "le filtre",
    "filterViews": "les vues filtrées",
    "conditionalFormats": "la mise en forme conditionnelle",
    "bandedRanges": "les couleurs en alternance",
    "rowGroups": "les groupes de lignes",
    "columnGroups": "les groupes de colonnes",
    "borders": "les bordures",
}
DONE = {"undo": "a annulé : ", "redo": "a rétabli : "}


def raw_changes(before: Json, after: Json) -> Iterator[Change]:
    """Yield (sheetId, row, column, old cell, new cell), as the log keeps cells, of what was rewritten in place.

    Tabs whose lines or columns came, went or moved say nothing here.
    """
    for text, other in (after.get("sheets") or {}).items():
        half = before["sheets"][text]
        if half is None or other is None or reshaped(half, other):
            continue
        olds, news = half.get("lines") or {}, other.get("lines") or {}
        for row in sorted({*olds, *news}, key=int):
            old, new = olds.get(row) or {}, news.get(row) or {}
            for column in sorted({*old, *new}, key=int):
                pair = old.get(column) or [], new.get(column) or []
                if pair[0] != pair[1]:
                    yield int(text), int(row), int(column), *pair


def reshaped(before: Json, after: Json) -> bool:
    """Tell whether the lines or columns of a tab came, went or moved."""
    return bool(after.get("moved")) or "row_count" in after or "column_count" in after


def written(cell: list[Any], locale: Locale) -> str:
    """Return what a cell of the log holds, as it would be typed; cut when it is long."""
    kept = Cell(*cell) if cell else EMPTY
    entered = kept.entered or {}
    if "formulaValue" in entered:
        text = worded(str(entered["formulaValue"]), locale)
    elif "errorValue" in entered:
        text = str(entered["errorValue"].get("type", ""))
    else:
        text = shown(next(iter(entered.values()), None), (kept.format or {}).get("numberFormat"), locale)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def cell_name(row: int, column: int) -> str:
    """Return the address of a cell, such as B3."""
    return f"{letters(column)}{row + 1}"


def counted(count: int, noun: str) -> str:
    """Write a count and a noun: 1 ligne, 3 lignes."""
    return f"{count} {noun}{'s' if count > 1 else ''}"


def _listed(parts: list[str], total: int) -> str:
    more = total - len(parts)
    return ", ".join(parts) + (f" et {more} autre{'s' if more > 1 else ''}" if more else "")


class Teller:
    """Tell the entries of one book's log; `titles` maps the ids of its tabs to their titles."""

    def __init__(self, titles: dict[int, str], locale: Locale, moments: dict[int, str]) -> None:
        self.titles = titles
        self.locale = locale
        self.moments = moments

    def tell(self, entry: Json) -> Json:
        """Return an entry for the history panel: its sentence, and old and new values of some cells."""
        told = {name: entry[name] for name in ("revision", "at", "actor", "kind")}
        if entry["before"] is None:
            return told | {"text": "a changé le classeur (le détail n’a pas été gardé)", "cells": []}
        changes = list(raw_changes(entry["before"], entry["after"]))
        parts = self._parts(entry, changes)
        text = DONE.get(entry["kind"], "") + (", ".join(parts) or "n’a rien changé")
        return told | {"text": text, "cells": [self._cell(change) for change in changes[:MOST_LISTED]]}

    def _cell(self, change: Change) -> Json:
        sheet_id, row, column, old, new = change
        texts = written(old, self.locale), written(new, self.locale)
        return {"sheetId": sheet_id, "cell": cell_name(row, column), "old": texts[0], "new": texts[1]}

    def _parts(self, entry: Json, changes: list[Change]) -> list[str]:
        kind, before, after = entry["kind"], entry["before"], entry["after"]
        if kind == "create":
            return ["a créé le classeur"]
        if kind == "delete":
            return ["a supprimé le classeur pour toujours"]
        if kind == "restore":
            return [f"a restauré la version {self._version(entry['request']['revision'])}"]
        parts = []
        for text in after.get("sheets") or {}:
            sheet_id = int(text)
            mine = [change for change in changes if change[0] == sheet_id]
            parts += self._tab(sheet_id, before["sheets"][text], after["sheets"][text], mine, entry["request"])
        return parts + _of_book(before, after)

    def _version(self, revision: int) -> str:
        moment = self.moments.get(revision)
        return f"n° {revision}" + (f" du {moment}" if moment else "")

    def _title(self, sheet_id: int, *halves: Json | None) -> str:
        named = [half["title"] for half in halves if half and "title" in half]
        title = named[0] if named else self.titles.get(sheet_id)
        return f"« {title} »" if title else GONE_TAB

    def _tab(
        self, sheet_id: int, before: Json | None, after: Json | None, mine: list[Change], request: Any
    ) -> list[str]:
        if before is None or after is None:
            verb = "ajouté" if before is None else "supprimé"
            return [f"a {verb} l’onglet {self._title(sheet_id, after, before)}"]
        title = self._title(sheet_id, after)
        parts = []
        if "title" in after:
            parts.append(f"a renommé l’onglet « {before['title']} » en « {after['title']} »")
        if reshaped(before, after):
            parts += _lines_parts(before, after, title, request, sheet_id)
        parts += _cells_parts(mine, title)
        return parts + _attributes_parts(before, after, title)


def _lines_parts(before: Json, after: Json, title: str, request: Any, sheet_id: int) -> list[str]:
    parts = []
    for name, noun, feminine in (("row_count", "ligne", "ROWS"), ("column_count", "colonne", "COLUMNS")):
        grown = after.get(name, 0) - before.get(name, 0)
        if grown:
            where = _where(request, feminine, grown > 0, sheet_id)
            verb = "inséré" if grown > 0 else "supprimé"
            parts.append(f"a {verb} {counted(abs(grown), noun)}{where} dans {title}")
    if not parts:
        verb = "trié" if _sorted(request) else "déplacé"
        count = sum(run[2] for run in after.get("moved") or [])
        parts.append(f"a {verb} {counted(count, 'ligne')} dans {title}")
    return parts


def _asked(request: Any) -> list[Json]:
    """List what a request asks: actions of the grid page, and the kinds of a batchUpdate."""
    given = request if isinstance(request, dict) else {}
    found: list[Json] = []
    for action in given.get("actions") or []:
        found += (action.get("requests") or []) if action.get("type") == "requests" else [action]
    return found + [asked for asked in given.get("requests") or [] if isinstance(asked, dict)]


def _sorted(request: Any) -> bool:
    return any(asked.get("type") == "sort" or "sortRange" in asked for asked in _asked(request))


def _where(request: Any, axis: str, inserted: bool, sheet_id: int) -> str:
    """Return which lines a request inserted or deleted, when it says so once."""
    noun = "Rows" if axis == "ROWS" else "Columns"
    kind, api_kind = (f"insert{noun}", "insertDimension") if inserted else (f"delete{noun}", "deleteDimension")
    spans = []
    for asked in _asked(request):
        given = (asked.get(api_kind) or {}).get("range") or {}
        if asked.get("type") == kind and asked.get("sheetId") == sheet_id:
            spans.append((asked["at"], asked["at"] + asked["count"]))
        elif given.get("dimension") == axis and given.get("sheetId", 0) == sheet_id:
            spans.append((given.get("startIndex", 0), given.get("endIndex", 0)))
    if len(spans) != 1:
        return ""
    start, end = spans[0]
    names = [str(at + 1) if axis == "ROWS" else letters(at) for at in (start, end - 1)]
    return f" ({names[0]})" if end - start == 1 else f" ({names[0]} à {names[1]})"


def _cells_parts(mine: list[Change], title: str) -> list[str]:
    typed = [change for change in mine if _field(change[3], 0) != _field(change[4], 0)]
    emptied = [change for change in typed if not _field(change[4], 0)]
    filled = [change for change in typed if _field(change[4], 0)]
    rest = [change for change in mine if _field(change[3], 0) == _field(change[4], 0)]
    noted = [change for change in rest if _field(change[3], 2) != _field(change[4], 2)]
    looks = [change for change in rest if change not in noted] if len(rest) < MOST_LISTED else rest
    groups = (("a écrit", filled), ("a vidé", emptied), ("a annoté", noted), ("a mis en forme", looks))
    return [_group(verb, group, title) for verb, group in groups if group]


def _field(cell: list[Any], at: int) -> Any:
    return cell[at] if len(cell) > at else None


def _group(verb: str, group: list[Change], title: str) -> str:
    names = [cell_name(row, column) for _, row, column, _, _ in group[:MOST_CELLS]]
    return f"{verb} {counted(len(group), 'cellule')} dans {title} : {_listed(names, len(group))}"


def _attributes_parts(before: Json, after: Json, title: str) -> list[str]:
    parts = []
    if "annotations" in after:
        old, new = before["annotations"], after["annotations"]
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                parts.append(f"a changé {ANNOTATIONS.get(name, name)} de {title}")
    if "grid" in after:
        parts.append(f"a changé les lignes et colonnes figées de {title}")
    if "sizes" in after and not reshaped(before, after):
        parts.append(f"a changé la taille ou l’affichage de lignes ou de colonnes de {title}")
    if "properties" in after:
        hidden = [bool(half["properties"].get("hidden")) for half in (before, after)]
        verb = "changé l’aspect de" if hidden[0] == hidden[1] else "masqué" if hidden[1] else "affiché"
        parts.append(f"a {verb} l’onglet {title}")
    if "metadata" in after and not reshaped(before, after):
        parts.append(f"a changé les métadonnées de {title}")
    return parts


def _of_book(before: Json, after: Json) -> list[str]:
    parts = []
    if "properties" in after:
        old, new = (half["properties"].get("title") for half in (before, after))
        named = f"a renommé le classeur « {old} » en « {new} »"
        parts.append(named if old != new else "a changé les réglages du classeur")
    if "drive" in after:
        trashed = [bool((half["drive"] or {}).get("trashed")) for half in (before, after)]
        moved = "a mis le classeur à la corbeille" if trashed[1] else "a sorti le classeur de la corbeille"
        parts.append(moved if trashed[0] != trashed[1] else "a changé le partage du classeur")
    if "named_ranges" in after and not after.get("sheets"):
        parts.append("a changé les plages nommées")
    if "order" in after and not after.get("sheets"):
        parts.append("a changé l’ordre des onglets")
    if "metadata" in after:
        parts.append("a changé les métadonnées du classeur")
    return parts
