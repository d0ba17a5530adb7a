"""The proof is proved: mistakes that somebody could have made, each with the test that should catch it.

    PLANTED=blind-write .venv/bin/python -m pytest tests/test_sync_guard.py
    .venv/bin/python -m tests.planted [name …]

The first runs any test with a bug in; `tests/conftest.py` imports this module before anything of ours, so that the
switch is heeded in time. The second tries each bug in turn and prints a line of JSON for each.
"""

import json
import os
import sys
from collections.abc import Sequence

from tests.planted_deliberations import DELIBERATION_BUGS
from tests.planted_grades import GRADE_BUGS
from tests.planted_minutes import MINUTES_BUGS
from tests.planted_plan import PLAN_BUGS
from tests.planted_store import STORE_BUGS
from tests.planted_writes import WRITE_BUGS
from tests.planting import SWITCH, attempts, plant

_TABLE = (*PLAN_BUGS, *WRITE_BUGS, *STORE_BUGS, *DELIBERATION_BUGS, *MINUTES_BUGS, *GRADE_BUGS)
BUGS = {bug.name: bug for bug in _TABLE}


def main(names: Sequence[str]) -> int:
    """Try the bugs named, all of them when none is; print one JSON object for each."""
    missed = 0
    for told in attempts([BUGS[name] for name in names] or list(BUGS.values())):
        missed += not told["caught"]
        print(json.dumps(told, ensure_ascii=False), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
elif os.environ.get(SWITCH):
    plant(BUGS[os.environ[SWITCH]])
