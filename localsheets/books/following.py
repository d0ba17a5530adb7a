"""What is attached to a tab follows its lines: ranges, filters, merges, groups, metadata."""

from typing import Any

from localsheets.books.changes import Change
from localsheets.books.groups import regrouped

Json = dict[str, Any]
ENDS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
FILTERS = ("basicFilter", "filterViews")
GROUPS = ("rowGroups", "columnGroups")


def follow(value: Any, axis: str, change: Change) -> Any:
    """Return stored JSON with every range in it moved; a range that is gone takes its owner along."""
    if isinstance(value, list):
        followed = [follow(item, axis, change) for item in value]
        return [item for item in followed if item is not None]
    if not isinstance(value, dict):
        return value
    if "dimension" in value and "startIndex" in value:
        mine = value["dimension"] == axis
        return follow_ends(value, ("startIndex", "endIndex"), change) if mine else value
    if is_grid_range(value):
        return follow_ends(value, ENDS[axis], change)
    result = {}
    for name, inner in value.items():
        followed = follow(inner, axis, change)
        if followed is None or (name == "ranges" and inner and not followed):
            return None
        result[name] = followed
    return result


def is_grid_range(value: Json) -> bool:
    """Tell whether JSON is a GridRange with at least one end."""
    return not value.keys().isdisjoint(("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"))


def follow_ends(given: Json, names: tuple[str, str], change: Change) -> Json | None:
    """Return a range with one pair of ends moved; None when nothing of it is left."""
    start, end = names
    if end not in given:
        if not given.get(start):
            return given
        moved = change.span(given[start], 10**8)
        return None if moved is None else given | {start: moved[0]}
    span = change.span(given.get(start, 0), given[end])
    return None if span is None else given | {start: span[0], end: span[1]}


def follow_annotations(annotations: Json, axis: str, change: Change) -> Json:
    """Return what is attached to a tab as it stands after a change of its lines."""
    result = {}
    for name, value in annotations.items():
        followed = follow(value, axis, change)
        if name in FILTERS and axis == "COLUMNS" and followed:
            followed = _follow_filters(followed, change)
        elif name == "merges":
            followed = [merge for merge in followed if _is_merge(merge)]
        elif name in GROUPS:
            followed = regrouped(followed)
        if followed not in (None, []):
            result[name] = followed
    return result


def _is_merge(area: Json) -> bool:
    height, width = area["endRowIndex"] - area["startRowIndex"], area["endColumnIndex"] - area["startColumnIndex"]
    return height > 1 or width > 1


def _follow_filters(value: Any, change: Change) -> Any:
    if isinstance(value, list):
        return [_follow_filter(given, change) for given in value]
    return _follow_filter(value, change)


def _follow_filter(given: Json, change: Change) -> Json:
    """Move the columns that a filter names by their number; what names a lost one goes."""
    result = dict(given)
    if "criteria" in given:
        moved = {change.point(int(column)): wanted for column, wanted in given["criteria"].items()}
        result["criteria"] = {str(column): wanted for column, wanted in moved.items() if column is not None}
    for name, field in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if name in given:
            places = [(change.point(spec.get(field, 0)), spec) for spec in given[name]]
            result[name] = [spec | {field: place} for place, spec in places if place is not None]
    return {name: value for name, value in result.items() if value not in ({}, [])}


def follow_metadata(entries: list[Json], axis: str, change: Change) -> list[Json]:
    """Return developer metadata after a change; what was on a lost line is gone."""
    kept = []
    for entry in entries:
        span = entry["location"].get("dimensionRange")
        if span is None or span["dimension"] != axis:
            kept.append(entry)
            continue
        moved = change.span(span["startIndex"], span["endIndex"])
        if moved is not None:
            place = span | {"startIndex": moved[0], "endIndex": moved[1]}
            kept.append(entry | {"location": entry["location"] | {"dimensionRange": place}})
    return kept
