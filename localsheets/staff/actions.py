"""Actions of the people who share a book: checked when they are read, then done under a name."""

from collections.abc import Callable
from typing import Any

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.errors import ApiError
from localsheets.faults.reading import Given
from localsheets.staff import book as whole_book
from localsheets.staff import cells, tabs
from localsheets.staff.places import Undone

Json = dict[str, Any]
TAB = ("tab", "tab_id")
ROW = ("row", "row_where", "header_row")
COLUMN = ("column", "header_row")
CELL = ("cell", *ROW, *COLUMN)
AREA = ("range", "count", *CELL)
Doing = Callable[[Book, Json], None]
# Each action: what does it, the keys it must have, those it may have.
ACTIONS: dict[str, tuple[Doing, tuple[str, ...], tuple[str, ...]]] = {
    "edit": (cells.edit, ("value",), (*TAB, *CELL)),
    "paste": (cells.paste, (), (*TAB, *CELL, "end", "values", "rows", "line", "first")),
    "clear": (cells.clear, (), (*TAB, *AREA)),
    "empty_tab": (cells.empty_tab, (), (*TAB, "header_rows")),
    "rename_header": (cells.rename_header, ("column", "to"), (*TAB, "header_row")),
    "copy_row": (cells.copy_row, (), (*TAB, *ROW, "to")),
    "sort": (cells.sort, ("column",), (*TAB, "descending", "header_rows", "header_row")),
    "note": (cells.note, ("text",), (*TAB, *AREA)),
    "colour": (cells.colour, ("colour",), (*TAB, *AREA)),
    "insert_rows": (tabs.insert_rows, (), (*TAB, *ROW, "count", "after")),
    "insert_columns": (tabs.insert_columns, ("column",), (*TAB, "header_row", "count", "after")),
    "delete_rows": (tabs.delete_rows, (), (*TAB, *ROW, "count")),
    "delete_columns": (tabs.delete_columns, ("column",), (*TAB, "header_row", "count")),
    "move_rows": (tabs.move_rows, (), (*TAB, *ROW, "count", "before")),
    "move_columns": (tabs.move_columns, ("column",), (*TAB, "header_row", "count", "before")),
    "hide_rows": (tabs.hide_rows, (), (*TAB, *ROW, "count")),
    "show_rows": (tabs.show_rows, (), (*TAB, *ROW, "count")),
    "hide_columns": (tabs.hide_columns, ("column",), (*TAB, "header_row", "count")),
    "show_columns": (tabs.show_columns, ("column",), (*TAB, "header_row", "count")),
    "filter": (tabs.set_filter, (), (*TAB, "range", "hide", *COLUMN)),
    "clear_filter": (tabs.clear_filter, (), TAB),
    "merge": (tabs.merge, (), (*TAB, *AREA)),
    "unmerge": (tabs.unmerge, (), (*TAB, *AREA)),
    "protect": (tabs.protect, (), (*TAB, *AREA, "editors", "warning_only", "text")),
    "unprotect": (tabs.unprotect, (), (*TAB, *AREA)),
    "rename_tab": (tabs.rename_tab, ("to",), TAB),
    "add_tab": (tabs.add_tab, ("to",), ()),
    "delete_tab": (tabs.delete_tab, (), TAB),
    "duplicate_tab": (tabs.duplicate_tab, (), (*TAB, "to")),
    "locale": (tabs.change_locale, ("to",), ()),
    "requests": (tabs.run_requests, ("requests",), ()),
    "trash": (whole_book.trash, (), ()),
    "untrash": (whole_book.untrash, (), ()),
    "unshare": (whole_book.unshare, ("account",), ()),
    "reshare": (whole_book.reshare, ("account",), ("role",)),
}
# Who a book is shared with is no content: these changes are logged as Drive's own.
LOGGED = {"unshare": "permissions.delete", "reshare": "permissions.create"}
RESTORE = "restore"
RESTORE_KEYS = ("revision", "back")
ROLES = ("writer", "commenter", "reader")


def _texts(given: Given) -> None:
    for item in given.items():
        item.text()


def _typed(given: Given) -> None:
    value = given.value
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return
    raise given.refuse('la valeur s’écrit comme une personne la taperait, par exemple "12,5" ou "VRAI".')


def _block(given: Given) -> None:
    for line in given.items():
        for item in line.items():
            if item.value is not None:
                _typed(item)


def _where(given: Given) -> None:
    if not isinstance(given.value, dict) or not given.value:
        raise given.refuse('un objet {"colonne": "valeur"} est attendu.')
    for name in given.value:
        _typed(given.inner(name))


def _requests(given: Given) -> None:
    for item in given.items():
        if not isinstance(item.value, dict):
            raise item.refuse("une requête de batchUpdate est un objet.")


CHECKS: dict[str, Callable[[Given], Any]] = {
    **dict.fromkeys(("tab", "cell", "range", "column", "to", "account", "colour"), Given.text),
    **dict.fromkeys(("row", "count", "header_row", "rows", "revision", "back"), lambda given: given.whole(1)),
    **dict.fromkeys(("tab_id", "header_rows", "first"), Given.whole),
    **dict.fromkeys(("descending", "after", "end", "warning_only"), Given.flag),
    **dict.fromkeys(("hide", "editors", "line"), _texts),
    "row_where": _where,
    "value": _typed,
    "values": _block,
    "requests": _requests,
    "role": lambda given: given.choice(ROLES),
    "text": lambda given: None if given.value == "" else given.text(),
}


def check_action(given: Given) -> Json:
    """Check one action of a person; refuses in French an unknown one, a wrong key or a wrong value."""
    if not given.has("do"):
        raise given.refuse("il manque « do », l’action.")
    name = given.inner("do").choice((*ACTIONS, RESTORE))
    _, needed, allowed = ACTIONS.get(name, (None, (), RESTORE_KEYS))
    action = given.object(("do", "comment", *needed, *allowed))
    for key in needed:
        if key not in action:
            raise given.refuse(f"il manque « {key} ».")
    for key in action.keys() - {"do", "comment"}:
        if key == "before":
            given.inner(key).text() if name == "move_columns" else given.inner(key).whole(1)
        else:
            CHECKS[key](given.inner(key))
    _check_place(given, name, needed, allowed)
    return action


def _check_place(given: Given, name: str, needed: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    if name == "copy_row" and given.has("to"):
        given.inner("to").choice(("below", "end"))
    if name == "paste" and given.has("values") == given.has("line"):
        raise given.refuse("« paste » demande « values », ou « line » et « rows », l’un des deux.")
    rows = "row_where" in allowed and not {"row", "row_where"} & given.value.keys()
    if rows and "cell" not in allowed:
        raise given.refuse("il manque « row » ou « row_where ».")
    if name in ("edit", "paste") and rows and not given.has("cell") and not given.value.get("end"):
        raise given.refuse("il manque « cell », ou « row_where » et « column ».")


def perform(shelf: Shelf, by: str, book: str, actions: tuple[Json, ...]) -> list[Json]:
    """Do actions one after the other in a book, given by its id or its title.

    Returns what became of each: its revision, or why it was refused.
    """
    return [_one(shelf, by, book, action) for action in actions]


def _one(shelf: Shelf, by: str, book: str, action: Json) -> Json:
    done: Json = {"do": action["do"], "by": by}
    try:
        book_id = find_book(shelf, book)
        done["book"] = book_id
        if action["do"] == RESTORE:
            return done | {"revision": whole_book.restore(shelf, by, book_id, action).revision}
        with shelf.change(book_id, by, LOGGED.get(action["do"], f"staff.{action['do']}"), action) as draft:
            ACTIONS[action["do"]][0](draft, action)
    except Undone as undone:
        return done | {"refused": str(undone)}
    except ApiError as refused:
        return done | {"refused": refused.message}
    return done | {"revision": draft.revision}


def find_book(shelf: Shelf, book: str) -> str:
    """Return the id of a book given by its id or its title."""
    if book in shelf.known:
        return book
    found = [known.book_id for known in shelf.all() if known.title == book]
    if not found:
        raise Undone(f"Le classeur « {book} » n’existe pas." if book else "L’action ne dit pas dans quel classeur.")
    if len(found) > 1:
        raise Undone(f"Plusieurs classeurs s’appellent « {book} » : dire lequel par son identifiant.")
    return found[0]
