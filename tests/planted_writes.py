"""Mistakes around the write: what it is made of, how it is guarded, what becomes of a silence."""

from tests.planting import Bug

#: The guarded write on plain data, which needs no database.
GUARD = "--noconftest -p tests.planted -p tests.side_by_side tests/test_sync_guard.py"

WRITE_BUGS = (
    # -- the guarded write ----------------------------------------------------------------------------
    Bug(
        "blind-write",
        "What was written is believed to have landed, without a look at what it covered.",
        "sync.guard",
        "if not _moved(write, scratch, touch) and text_of(held) in (touch.seen, text_of(touch.value)):",
        "if text_of(held) is not None:",
        f"{GUARD}::test_what_a_person_typed_in_the_cell_meanwhile_is_put_back",
    ),
    Bug(
        "row-number-of-the-read",
        "The row to write to is where it was when it was read, whoever stands there now.",
        "sync.guard",
        "text_of(_held(write, scratch, touch.sheet_id, touch.row, int(column))) != text",
        "text is None",
        f"{GUARD}::test_lines_that_moved_are_left_as_they_were_but_for_what_landed_right",
    ),
    Bug(
        "column-letter-of-the-read",
        "The column to write to is where it was when it was read, whatever its header is now.",
        "sync.guard_places",
        "return not expected or any(",
        "return not expected or True or any(",
        f"{GUARD}::test_lines_that_moved_are_left_as_they_were_but_for_what_landed_right",
    ),
    Bug(
        "covered-and-not-put-back",
        "What a write covered is known, and left covered.",
        "sync.guard_put_back",
        "cells = _uncovered(write, outcome, tabs, reply)\n",
        "cells: dict[Place, Touch] = {}\n",
        f"{GUARD}::test_what_a_person_typed_in_the_cell_meanwhile_is_put_back",
    ),
    Bug(
        "put-back-over-newer",
        "What a write covered is put back over what somebody typed since.",
        "sync.guard_put_back",
        "return None if row is None or tab.text(row, column) != written else (row, column, id_column)",
        "return None if row is None else (row, column, id_column)",
        f"{GUARD}::test_after_a_crash_a_cell_typed_since_is_left_alone",
    ),
    Bug(
        "given-up-without-a-trace",
        "A covered value that cannot be put back is left nowhere.",
        "sync.sending",
        "        covered.keep(book_id, guard.given_up(write, outcome, tabs, reply))\n",
        "",
        "tests/test_sync_covered.py::test_what_was_covered_in_a_row_whose_id_went_is_kept[sqlite]",
    ),
    Bug(
        "other-column-by-place",
        "What a write covered in another column than its own is looked for where that column was.",
        "sync.guard_put_back",
        "    header = [] if reply else top_text(scratch, write.copies[place])\n",
        "    header = []\n",
        "tests/test_sync_covered.py::test_what_a_repair_covered_in_another_column_is_put_back_in_its_own[sqlite]",
    ),
    Bug(
        "given-up-unread",
        "A write without an answer for too long is given up before the hidden tab was looked at.",
        "sync.sending",
        "        write = guard.Write.from_dict(body)\n",
        "        if nonce in old:\n            _forget(nonce, landed=False)\n            continue\n"
        "        write = guard.Write.from_dict(body)\n",
        "tests/test_sync_covered.py::test_what_an_old_write_covered_is_still_put_back[sqlite]",
    ),
    Bug(
        "header-left-astray",
        "The header of a new column that landed off the header row stays there, and another column is added.",
        "sync.composing",
        "        strayed = _strayed_headers(work)\n",
        "        strayed = {}\n",
        "tests/test_hazards_structure.py"
        "::test_hazard_12_a_new_header_that_landed_on_another_row[lines0-after_read-sqlite]",
    ),
    Bug(
        "filter-forgotten",
        "The lines of the copy are taken for the rows of the tab, though a filter left some out.",
        "sync.guard_copies",
        "if all(row in rewritten or text == copied[row] for row, text in enumerate(then)):",
        "if copied:",
        f"{GUARD}::test_a_copy_that_skipped_rows_is_laid_beside_its_rows_by_their_ids",
    ),
    Bug(
        "any-copy-believed",
        "The copy that another write left is taken for this write's own.",
        "sync.guard",
        "if scratch is None or scratch.text(0, write.origin) != write.nonce:",
        "if scratch is None:",
        f"{GUARD}::test_a_copy_that_is_not_this_write_s_own_tells_nothing",
    ),
    Bug(
        "repair-forgotten",
        "A repair that never left is not tried again.",
        "sync.guard_put_back",
        "    if write.repair:\n        cells |= _unlanded(write, outcome, tabs, cells, reply)\n",
        "",
        f"{GUARD}::test_a_repair_never_sent_is_still_to_be_done_wherever_its_row_is",
    ),
    Bug(
        "found-by-letter-after-a-crash",
        "What a crash left covered is looked for where the column was, though somebody moved it since.",
        "sync.guard_places",
        "    if reply:\n        return then\n",
        "    return then\n",
        "tests/test_sync_faults.py"
        "::test_what_a_crash_left_covered_is_put_back_though_columns_moved_since[sqlite-after-write]",
    ),
    Bug(
        "lands-twice",
        "A write that the network delivers twice has its effect twice.",
        "sync.guard_requests",
        "        *_once(write),\n",
        "",
        "tests/test_sync_faults.py::test_a_write_delivered_twice_has_its_effect_once[sqlite]",
    ),
    Bug(
        "lands-after-the-next",
        "A write that seemed lost may still land once the next one has been sent.",
        "sync.composing",
        "    write.cancels, write.served = intents.marks(book_id)\n",
        "",
        "tests/test_sync_faults.py::test_a_write_that_seemed_lost_does_not_land_once_another_was_sent[sqlite]",
    ),
    Bug(
        "written-below-the-last-row",
        "New rows are written where the last row ended, over what somebody has typed there since.",
        "sync.guard_requests",
        'yield from _insertion(sheet_id, "ROWS", rows[0].row, len(rows), write.sizes[str(sheet_id)][0])',
        "yield from ()",
        f"{GUARD}::test_a_new_row_covers_nothing_of_what_was_typed_there_meanwhile",
    ),
    Bug(
        "new-columns-not-counted",
        "Columns inserted by the same write are forgotten when it looks for what it wrote.",
        "sync.guard_shapes",
        "return column + len(added)",
        "return column",
        f"{GUARD}::test_several_new_columns_keep_their_order_and_move_no_cell_of_the_same_write",
    ),
    # -- what is written ----------------------------------------------------------------------------------
    Bug(
        "formula-injected",
        "A text that begins with = is sent as a formula.",
        "sync.cells",
        '    return {"stringValue": value}\n\n\ndef address',
        '    return {"formulaValue" if value.startswith("=") else "stringValue": value}\n\n\ndef address',
        "tests/test_sync_reading.py::test_a_text_is_sent_as_a_text_whatever_it_begins_with",
    ),
    Bug(
        "whole-row-write",
        "One cell changed, its whole row is written, over what others hold there.",
        "sync.composing",
        "    write.touches += [_touch(work, push) for push in plan.pushes]\n",
        "    whole = [push._replace(field=name, value=value) for push in plan.pushes\n"
        "             for name, value in work.local[push.row].items() if name in work.tab.columns]\n"
        "    write.touches += [_touch(work, cell) for cell in whole]\n",
        "tests/test_sync_cycle.py::test_both_sides_may_change_different_cells_of_one_row[sqlite]",
    ),
    # -- sending ------------------------------------------------------------------------------------------
    Bug(
        "retry-without-look-up",
        "A write without an answer is sent again, blindly.",
        "sync.sending",
        "    except OutcomeUnknown:\n        raise\n",
        "    except OutcomeUnknown:\n"
        "        reply = sheets.write(book_id, _batch(write, tabs), guard.ranges(write, _titles(write, tabs)))\n",
        "tests/test_sync_faults.py::test_an_unknown_outcome_is_settled_by_reading[sqlite-before_write]",
    ),
    Bug(
        "forgotten-without-answer",
        "A write without an answer is taken for one that never happened.",
        "sync.sending",
        "    except OutcomeUnknown:\n        raise\n",
        "    except OutcomeUnknown:\n        _forget(write.nonce, landed=False)\n        raise\n",
        "tests/test_sync_faults.py::test_a_write_that_lands_late_is_noticed_and_what_it_covered_put_back[sqlite]",
    ),
    Bug(
        "old-state-believed",
        "A read of a moment before our last write is believed: it looks as if somebody had put the old values back.",
        "sync.cycle",
        "    freshness.check(book_id, tabs)\n",
        "",
        "tests/test_sync_freshness.py::test_a_read_of_before_our_last_write_is_left_alone[sqlite]",
    ),
    Bug(
        "silence-never-settled",
        "What became of a write without an answer is never looked up.",
        "sync.sending",
        "        waiting, old = intents.unsettled(book_id), intents.old(book_id)\n",
        "        waiting, old = [], set()\n",
        "tests/test_simulation.py::test_whatever_happens_the_invariants_hold[1]",
    ),
    Bug(
        "base-before-effect",
        "The agreement moves when the write is planned, before it has had any effect.",
        "sync.applying",
        "    agreed = {row: dict(cells) for row, cells in plan.agreed.items()}\n",
        "    agreed = {row: dict(cells) for row, cells in plan.agreed.items()}\n"
        "    for push in plan.pushes:\n        agreed.setdefault(push.row, {})[push.field] = push.value\n",
        "tests/test_sync_faults.py::test_a_crash_around_each_call_changes_nothing_in_the_end[sqlite-before_write]",
    ),
    Bug(
        "one-bad-cell-refuses-its-row",
        "A cell that the rules refuse holds back the others of its row.",
        "sync.applying",
        "        if len(values) == 1:\n",
        "        if values:\n",
        "tests/test_sync_cycle.py::test_a_cell_that_only_the_store_refuses_does_not_stop_the_rest_of_its_row[sqlite]",
    ),
)
