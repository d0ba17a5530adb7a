"""What random and exhaustive suites went through, added up for `make proof`: a line of JSON in the file of TALLIES."""

import json
import os
from collections import Counter
from pathlib import Path


def tally(**counts: int) -> None:
    """Note what a test went through; nothing is kept when nobody adds it up."""
    if "TALLIES" in os.environ:
        with Path(os.environ["TALLIES"]).open("a") as file:
            file.write(json.dumps(counts) + "\n")


def added_up(path: Path) -> str:
    """Return everything noted in a file as one line."""
    total: Counter[str] = Counter()
    for line in path.read_text().splitlines():
        total.update(json.loads(line))
    return ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in total.items())
