"""Groups of rows or columns: Google keeps a depth for each line, groups are read off from it."""

from typing import Any

Json = dict[str, Any]
DEEPEST = 8


def depths(groups: list[Json]) -> dict[int, int]:
    """Return the depth of each grouped line."""
    found: dict[int, int] = {}
    for group in groups:
        for index in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            found[index] = max(found.get(index, 0), group.get("depth", 1))
    return found


def groups_of(known: dict[int, int], span: Json, collapsed: set[tuple[int, int, int]]) -> list[Json]:
    """Return the groups of lines with these depths, from the first line, outer ones before inner ones.

    `span` says the tab and the dimension; `collapsed` the (start, end, depth) of groups that are folded.
    """
    found = []
    for depth in range(1, max(known.values(), default=0) + 1):
        for start, end in _runs(sorted(index for index, deep in known.items() if deep >= depth)):
            group = {"range": span | {"startIndex": start, "endIndex": end}, "depth": depth}
            found.append(group | ({"collapsed": True} if (start, end, depth) in collapsed else {}))
    return sorted(found, key=lambda group: (group["range"]["startIndex"], group["depth"]))


def _runs(indexes: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def folded(groups: list[Json]) -> set[tuple[int, int, int]]:
    """Return the (start, end, depth) of the groups that are collapsed."""
    return {(*ends(group), group["depth"]) for group in groups if group.get("collapsed")}


def ends(group: Json) -> tuple[int, int]:
    """Return the half-open span of a group."""
    return group["range"]["startIndex"], group["range"]["endIndex"]


def regrouped(groups: list[Json]) -> list[Json]:
    """Join groups of the same depth that touch since their lines moved."""
    if not groups:
        return []
    span = {name: groups[0]["range"][name] for name in ("sheetId", "dimension")}
    return groups_of(depths(groups), span, folded(groups))
