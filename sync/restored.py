"""Go on with a book after the store was put back from a copy, which may be older than the spreadsheet.

What both sides agreed on then still tells a value typed in the sheet since: it is taken. But where the intranet had
moved and the sheet not yet, that change may have been sent after the copy, and the sheet have come back to the old
value since: sending it again would put it over what somebody typed. Nothing is then known to be agreed on, so that two
different values are a conflict, which a person settles.
"""

from collections.abc import Mapping

from store import agreement, intents, leases
from store.db import connection, database
from sync.plan import COMPUTED
from sync.tab_work import bound_sheets
from sync.worksheets import Worksheet


def disbelieve(book_id: str, epoch: int) -> None:
    """Before the first cycle of a book after a restore, set aside what the copy cannot know; else do nothing.

    A write of unknown outcome is kept: the hidden tab tells what became of it, and what it covered.
    """
    with connection():
        if not agreement.restored(book_id):
            return
        with database.atomic():
            leases.check_lease(book_id, epoch)
            for bound, sheet in bound_sheets(book_id):
                agreement.forget_cells(bound.id, _on_their_way(sheet, bound.cohort_id, agreement.base(bound.id).rows))
            intents.disbelieve(book_id)
            agreement.caught_up(book_id)


def _on_their_way(
    sheet: Worksheet, cohort_id: int, agreed: Mapping[str, Mapping[str, str]]
) -> dict[str, list[str]]:
    """Return the cells that the intranet had changed since both sides agreed on them, {row: fields}.

    What belongs to the intranet alone is left out: the sheet never has a say there.
    """
    local = sheet.snapshot(cohort_id)
    signed = set(sheet.signed(cohort_id)) if sheet.signed else set()
    shared = {column.field for column in sheet.columns(cohort_id) if column.policy != COMPUTED}
    found = {}
    for row in agreed.keys() & local.keys() - signed:
        before, ours = agreed[row], local[row]
        moved = [name for name in shared & before.keys() & ours.keys() if before[name] != ours[name]]
        if moved:
            found[row] = moved
    return found
