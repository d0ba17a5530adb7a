"""Forty small scenarios of the sync, each named after what it is about, for the exhaustive proof.

A scenario is a list of steps as in `simulated_scripts`, with cycles without any disturbance: `test_exhaustive` adds
every fault at every call, and a crash after every lasting effect.
"""

from tests.simulated_scripts import Step
from tests.simulated_world import Shape

PEOPLE = Shape(3, 2, ("participants",))
DAYS = Shape(2, 3, ("half_days", "attendance"))
MARKS = Shape(4, 2, ("participants", "attendance"))
PAPERS = Shape(3, 1, ("participants", "papers"))
JURY = Shape(2, 2, ("participants", "attendance", "jury"))

#: The columns of a tab in alphabetical order of their fields, as steps number them.
EMAIL, EMPLOYER, FEES, FIRST, FUNDING, LAST, PHONE = range(7)
CYCLE: Step = ["cycle", 0, 0, [], 0]


def staff(act: str, kind: str = "participants", row: int = 0, name: int = PHONE, number: int = 1) -> Step:
    """Return what a person does in the spreadsheet."""
    return ["staff", act, kind, row, name, number]


def page(act: str, kind: str = "participants", row: int = 0, name: int = PHONE, number: int = 2) -> Step:
    """Return what a person does on a page."""
    return ["page", act, kind, row, name, number]


def around(moment: str, *steps: Step) -> Step:
    """Return a cycle with something that happens around its first call of that kind."""
    return ["cycle", 0, 0, [[moment, 0, step] for step in steps], 0]


def between(*steps: Step) -> Step:
    """Return a cycle with something that happens in the half second between its read and its write."""
    return around("before_write", *steps)


#: Each scenario by name: its world, and what happens in it.
SCENARIOS: dict[str, tuple[Shape, list[Step]]] = {
    "a click travels": (PEOPLE, [page("change"), CYCLE]),
    "a typed cell travels": (PEOPLE, [staff("type_in"), CYCLE]),
    "several cells of several rows both ways": (
        PEOPLE, [page("change", row=0), page("change", row=1), page("blank", row=2, name=EMPLOYER),
                 staff("type_in", row=0, name=EMAIL), staff("clear", row=1, name=EMAIL), CYCLE]),
    "the same cell on both sides": (PEOPLE, [["both", "participants", 0, PHONE, 2, 4], CYCLE]),
    "both typed the same": (PEOPLE, [["both", "participants", 0, PHONE, 2, 0], CYCLE]),
    "a conflict settled for the intranet": (
        PEOPLE, [["both", "participants", 0, PHONE, 2, 4], CYCLE, page("settle", number=0), CYCLE]),
    "a conflict settled for the sheet": (
        PEOPLE, [["both", "participants", 0, PHONE, 2, 4], CYCLE, page("settle", number=1), CYCLE]),
    "a conflict settled by a third value": (
        PEOPLE, [["both", "participants", 0, PHONE, 2, 4], CYCLE, page("settle_with", number=6), CYCLE]),
    "typed over between read and write": (PEOPLE, [page("change"), between(staff("type_in")), CYCLE]),
    "cleared between read and write": (PEOPLE, [page("change"), between(staff("clear")), CYCLE]),
    "sorted between read and write": (
        MARKS, [page("change", row=0), page("change", row=2), page("change", "attendance", 1, 0),
                between(staff("sort", name=LAST, number=1), staff("sort", "attendance", name=3, number=1)), CYCLE]),
    "a row inserted between read and write": (PEOPLE, [page("change", row=1), between(staff("insert_rows")), CYCLE]),
    "a row deleted between read and write": (
        PEOPLE, [page("change", row=0), page("change", row=2), between(staff("delete_row", row=1)), CYCLE, CYCLE]),
    "a row moved between read and write": (
        PEOPLE, [page("change", row=0), page("change", row=1), between(staff("move_row", row=2, number=0)), CYCLE]),
    "a column inserted between read and write": (
        PEOPLE, [page("change", row=0), between(staff("insert_column", name=EMAIL, number=1)), CYCLE]),
    "a column inserted before the ids between read and write": (
        PEOPLE, [page("change", row=0), between(staff("insert_column", number=0)), CYCLE]),
    "a title written above between read and write": (
        PEOPLE, [page("change", row=0), between(staff("insert_above")), CYCLE]),
    "typed over, then sorted, between read and write": (
        PEOPLE, [page("change", row=0), page("change", row=1),
                 between(staff("type_in", row=0), staff("sort", name=LAST, number=1)), CYCLE]),
    "a click while the write travels": (
        PEOPLE, [page("change"), around("after_write", page("change", number=4)), CYCLE]),
    "a click between read and plan": (
        PEOPLE, [staff("type_in"), around("after_read", page("change", number=4)), CYCLE]),
    "typed while the read travels": (PEOPLE, [page("change"), around("after_read", staff("type_in", number=4)), CYCLE]),
    "a row typed in the sheet": (PEOPLE, [staff("add_row", name=1, number=2), CYCLE, CYCLE]),
    "two rows typed in the sheet": (
        PEOPLE, [staff("add_row", name=1, number=2), staff("add_row", name=1, number=4), CYCLE, CYCLE]),
    "a row only begun, then finished": (
        PEOPLE, [staff("add_row", name=0, number=2), CYCLE, staff("finish_row", number=4), CYCLE, CYCLE]),
    "somebody enrolled": (MARKS, [page("enrol"), CYCLE]),
    "somebody enrolled while rows come": (
        MARKS, [page("enrol"), between(staff("add_row", name=1, number=4)), CYCLE, CYCLE]),
    "somebody enrolled in a sheet that is sorted": (
        PAPERS, [page("enrol"), between(staff("sort", name=LAST, number=1)), CYCLE]),
    "a row deleted in the sheet": (PEOPLE, [staff("delete_row", row=1), CYCLE, CYCLE]),
    "a row deleted in the sheet, edited in the intranet": (
        PEOPLE, [staff("delete_row", row=1), page("change", row=1), CYCLE, CYCLE]),
    "withdrawn in the intranet, edited in the sheet": (
        PEOPLE, [page("withdraw", row=0), staff("type_in", row=0), staff("type_in", row=1), CYCLE, CYCLE]),
    "an id cleared": (PAPERS, [staff("clear_id", "papers", 1), page("change", "papers", 0, 0), CYCLE]),
    "an id edited by hand": (PAPERS, [staff("edit_id", "papers", 1, number=2), CYCLE]),
    "a row copied with its id, then renamed": (PEOPLE, [staff("copy_row", number=1), CYCLE, CYCLE]),
    "a half-day planned in the intranet": (DAYS, [page("plan", "half_days"), CYCLE]),
    "a half-day planned while columns move": (
        DAYS, [page("plan", "half_days"), page("change", "attendance", 0, 0),
               between(staff("insert_column", "attendance", name=1, number=1)), CYCLE]),
    "a half-day moved to another day": (DAYS, [page("change", "half_days", 0, 0, 2), CYCLE]),
    "a value that the rules refuse": (PEOPLE, [staff("mistype"), page("change", row=1), CYCLE]),
    "a formula in a cell of the sync": (
        PEOPLE, [staff("formula", name=EMPLOYER), page("change", name=EMPLOYER), CYCLE]),
    "a computed column edited": (MARKS, [staff("type_in", "attendance", 0, 3), CYCLE]),
    "grades in the book of the jury": (
        JURY, [page("change", "jury", 0, 1), staff("type_in", "jury", 1, 2, 3), CYCLE, ["cycle", 1, 0, [], 0]]),
    "signed decisions edited in the sheet": (
        JURY, [page("change", "jury", 0, 0), CYCLE, ["cycle", 1, 0, [], 0], page("sign", "jury"),
               staff("type_in", "jury", 0, 2, 3), CYCLE, ["cycle", 1, 0, [], 0]]),
    "many rows deleted at once": (MARKS, [staff("delete_many", number=0), CYCLE, page("confirm"), CYCLE]),
    "an older version restored": (PEOPLE, [page("change"), CYCLE, staff("restore_version", number=0), CYCLE]),
    "the hidden tab deleted": (PEOPLE, [page("change"), staff("delete_tab", number=1), CYCLE]),
    "a second worker takes over in a slow call": (
        PEOPLE, [page("change"), staff("type_in", row=1),
                 between(["wait", 150], ["worker", 0, 0, [], 0]), CYCLE]),
    "a second worker finds the book taken": (PEOPLE, [page("change"), around("after_read", ["worker", 0, 0, [], 0])]),
}  # fmt: skip
