"""Mistakes in the planner: cells, rows, deletions, births."""

from tests.planting import Bug

#: Tests that many bugs are for.
LIVES = (
    "--noconftest -p tests.planted -p tests.side_by_side tests/test_plan_proof.py::test_the_first_lives_break_no_law"
)

PLAN_BUGS = (
    # -- the merge of a cell --------------------------------------------------------------------------
    Bug(
        "winner-by-clock",
        "Where both sides moved, the last who comes wins, and the other's edit is gone.",
        "sync.plan_cells",
        'plan.clashes.append(Clash(key, index, name, base, local, remote))',
        "_travel(place, local, cell, plan, outward=id(cell) % 32 == 0)",
        LIVES,
    ),
    Bug(
        "blank-is-nothing-typed",
        "A cell that somebody cleared in the sheet is taken for one that nobody touched.",
        "sync.plan_cells",
        "elif remote == base:",
        "elif remote == base or not remote:",
        LIVES,
    ),
    Bug(
        "refused-value-carried",
        "What the rules refuse is pulled as it is typed.",
        "sync.plan_cells",
        "elif cell.refusal and policy != COMPUTED:",
        "elif cell.refusal and policy != COMPUTED and local != base:",
        LIVES,
    ),
    Bug(
        "formula-written-over",
        "A value of the intranet is written over a formula.",
        "sync.plan_cells",
        "    elif cell.formula:\n        plan.refused",
        "    elif cell.formula and cell.refusal:\n        plan.refused",
        LIVES,
    ),
    Bug(
        "signed-row-pulled",
        "What was signed still changes from the sheet.",
        "sync.plan_cells",
        "COMPUTED if key in side.signed else columns",
        "columns",
        LIVES,
    ),
    Bug(
        "agreed-though-different",
        "The base moves to the sheet's value while the intranet holds another.",
        "sync.plan_cells",
        "plan.refused.append(Turned(key, index, name, cell.typed, cell.refusal))",
        "plan.agreed.setdefault(key, {})[name] = remote",
        LIVES,
    ),
    # -- which row is which -----------------------------------------------------------------------------
    Bug(
        "row-index-instead-of-id",
        "A row is known by where it stood, not by its id.",
        "sync.plan_rows",
        "places.update(zip(sheet.ids, range(len(sheet.ids)), strict=True))",
        "places.update(zip(side.local, range(len(sheet.ids)), strict=False))",
        LIVES,
    ),
    Bug(
        "last-copy-takes-the-id",
        "Of two rows that bear one id, the lower one is believed.",
        "sync.plan_rows",
        "return max(called or unseen or claimants, key=likeness)",
        "return claimants[-1]",
        LIVES,
    ),
    Bug(
        "namesakes-guessed",
        "A row without id is given to the first record of that name, though there are two.",
        "sync.plan_rows",
        "if not content or not (alike or len(keys) == len(found) == 1):",
        "if not content:",
        LIVES,
    ),
    Bug(
        "copies-forgotten",
        "A copy is taken for a new row once what it was made from is renamed.",
        "sync.plan_rows",
        "(bears, texts) in copies or _same_record",
        "_same_record",
        LIVES,
    ),
    # -- deletions and births -----------------------------------------------------------------------------
    Bug(
        "delete-on-first-absence",
        "A row is deleted the first time that a read does not have it.",
        "sync.plan_rows",
        "READS_BEFORE_DELETION = 2",
        "READS_BEFORE_DELETION = 1",
        LIVES,
    ),
    Bug(
        "deletions-unbounded",
        "However many rows are gone at once, they are deleted.",
        "sync.plan_rows",
        "if len(gone) > most or (gone and len(gone) == expected):",
        "if gone and len(gone) > expected:",
        LIVES,
    ),
    Bug(
        "deletion-beats-edit",
        "A row deleted in the sheet is withdrawn though somebody had just changed it on the intranet.",
        "sync.plan_rows",
        "elif columns.owns_rows and not edited:",
        "elif columns.owns_rows:",
        LIVES,
    ),
    Bug(
        "born-half-typed",
        "A row becomes a record at the first read that sees it.",
        "sync.plan_rows",
        "if seen[texts] > 0:",
        "if seen[texts] >= 0:",
        LIVES,
    ),
    Bug(
        "one-bad-row-stops-the-others",
        "A row that the rules refuse holds back what others bring.",
        "sync.plan",
        "    plan.appends += [key for key in absent if key not in plan.missing]\n",
        "    plan.appends += [key for key in absent if key not in plan.missing]\n"
        "    if any(turned.row not in plan.known for turned in plan.refused):\n        plan.pulls.clear()\n",
        LIVES,
    ),
    Bug(
        "withdrawn-for-ever",
        "A withdrawn row edited in the sheet does not come back.",
        "sync.plan",
        "before is not None and text != before and not (name in odd and odd[name].refusal)",
        "before is None",
        LIVES,
    ),
)
