"""Runs of text format inside a cell: each holds from its start to the next one."""

from typing import Any

from localsheets.books.colors import with_styles
from localsheets.books.model import Cell
from localsheets.errors import invalid

Json = dict[str, Any]
Runs = list[Json]


def shown_runs(cell: Cell) -> Runs | None:
    """Return the runs of a cell, unless another text was entered since they were given."""
    if cell.runs is None or (cell.entered or {}).get("stringValue") != cell.runs["text"]:
        return None
    runs: Runs = cell.runs["runs"]
    return runs


def text_runs(given: Runs | None, entered: Json | None) -> Json | None:
    """Return runs as they are kept, in order, beside their text; only a text that was typed has any."""
    if not given:
        return None
    text = (entered or {}).get("stringValue")
    if text is None:
        raise invalid("textFormatRuns can only be set on cells with a string value.")
    runs = sorted(given, key=lambda run: run.get("startIndex", 0))
    starts = [run.get("startIndex", 0) for run in runs]
    if len(set(starts)) != len(starts):
        raise invalid("textFormatRuns must have different start indexes.")
    # Google counts in UTF-16 units.
    length = len(text.encode("utf-16-le")) // 2
    if starts[0] < 0 or starts[-1] >= length:
        raise invalid(f"textFormatRuns must start within the text: {starts[-1]} is not in [0, {length}).")
    return {"text": text, "runs": [_kept(run) for run in runs]}


def _kept(run: Json) -> Json:
    start = {"startIndex": run["startIndex"]} if run.get("startIndex") else {}
    return start | {"format": with_styles(run.get("format") or {})}
