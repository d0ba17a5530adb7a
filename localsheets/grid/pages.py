"""The pages a person opens, and the private API that the grid page talks to."""

from typing import Any

from flask import Flask, Response, render_template, request

from localsheets.books.model import Book
from localsheets.books.shelf import Shelf
from localsheets.drive.sharing import is_spreadsheet
from localsheets.errors import ApiError
from localsheets.grid import index, versions
from localsheets.grid.actions import Impossible, apply
from localsheets.grid.history import Place, Step, sorts
from localsheets.grid.live import Live
from localsheets.grid.past import Past, person_of
from localsheets.grid.people import actor_of, clean_name
from localsheets.grid.rebase import others_moved, rebased
from localsheets.grid.refusals import in_french
from localsheets.grid.sentences import cell_name
from localsheets.grid.state import state
from localsheets.serving.answers_http import json_answer

Json = dict[str, Any]
STOPPING = "Le tableur s’arrête."
FORGOTTEN = "Cet état du classeur n’est plus gardé."
UNKNOWN = "Ce classeur n’existe pas ou a été supprimé."
MOST_LISTED = 8
ROOT = "/spreadsheets/d/<book_id>"


def register(app: Flask, shelf: Shelf) -> None:
    """Add the pages and the private API to the server."""
    pages = Grid(shelf)
    app.add_url_rule(f"{ROOT}/edit", view_func=pages.edit)
    app.add_url_rule(f"{ROOT}/state", view_func=pages.state)
    app.add_url_rule(f"{ROOT}/state/changes", view_func=pages.changes)
    app.add_url_rule(f"{ROOT}/state/lines", view_func=pages.lines)
    app.add_url_rule(f"{ROOT}/people", view_func=pages.people, methods=["POST"])
    app.add_url_rule(f"{ROOT}/actions", view_func=pages.actions, methods=["POST"])
    app.add_url_rule(f"{ROOT}/undo", view_func=pages.undo, methods=["POST"])
    app.add_url_rule(f"{ROOT}/redo", view_func=pages.redo, methods=["POST"])
    versions.register(app, shelf, pages.live)
    index.register(app, shelf)
    app.extensions["stopping"] = pages.live.stop


class Grid:
    """Answer the grid page."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.live = Live(shelf)
        self.past = Past(shelf)

    def edit(self, book_id: str) -> Response:
        """Show the grid of a book."""
        book = self._known(book_id)
        if book is None:
            return Response(render_template("unknown.html", message=UNKNOWN), 404)
        return Response(render_template("grid.html", book_id=book_id, title=book.title))

    def state(self, book_id: str) -> Response:
        """Answer what changed in a book since a revision; 204 when nothing did."""
        book = self._known(book_id)
        if book is None:
            return json_answer({"error": UNKNOWN}, 404)
        given = state(book, request.args.get("since", type=int))
        return Response(status=204) if given is None else json_answer(given)

    def _known(self, book_id: str) -> Book | None:
        book = self.shelf.known.get(book_id)
        return book if book is not None and is_spreadsheet(book) else None

    def changes(self, book_id: str) -> Response:
        """Wait for what a page lacks of the book or of its people, and answer it."""
        given = request.args
        since, version = given.get("since", type=int), given.get("people", 0, type=int)
        if self._known(book_id) is None:
            return json_answer({"error": UNKNOWN}, 404)
        me = self.live.arrive(book_id, given.get("who", ""), clean_name(given.get("name", "")))
        if since is not None:
            self.live.wait(book_id, since, version, given.get("wait", 0.0, type=float))
        book = self._known(book_id)
        if book is None:
            return json_answer({"error": UNKNOWN}, 404)
        if self.live.stopping:
            return json_answer({"error": STOPPING}, 503)
        place = given.get("sheet", type=int), given.get("row", 0, type=int)
        return json_answer(self.live.answer(book, me, (since, version), place))

    def lines(self, book_id: str) -> Response:
        """Answer some lines of a tab as it was in a state that a page has; 410 once it is forgotten."""
        given = request.args
        book = self.live.state(book_id, given.get("revision", 0, type=int))
        if book is None:
            return json_answer({"error": FORGOTTEN}, 410)
        sheet_id, start, end = (given.get(name, 0, type=int) for name in ("sheet", "start", "end"))
        return json_answer({"start": start, "lines": self.live.lines(book, sheet_id, start, end)})

    def people(self, book_id: str) -> Response:
        """Note what a person has selected, or that a page closes."""
        body = request.get_json(silent=True, force=True)
        if not isinstance(body, dict) or not isinstance(body.get("who"), str) or self._known(book_id) is None:
            return json_answer({"error": UNKNOWN}, 404)
        self.live.place(book_id, body["who"], clean_name(body.get("name")), body.get("place"))
        return Response(status=204)

    def actions(self, book_id: str) -> Response:
        """Apply actions as one step that can be undone."""

        def act(draft: Book, before: Book, body: Json) -> Step:
            actions = self._rebased(before, body)
            return Step(before, draft, apply(draft, actions), sorts(actions))

        return self._change(book_id, "actions", 400, act)

    def _rebased(self, now: Book, body: Json) -> Any:
        """Return the actions of a step, those on a state that is not the last one brought up to it."""
        actions, base = body.get("actions"), body.get("base")
        if not isinstance(actions, list) or not isinstance(base, int) or not 0 < base < now.revision:
            return actions
        if not others_moved(self.shelf.store.log(now.book_id, base), str(body.get("who") or "")):
            return actions
        body["actions"] = rebased(self.live.state(now.book_id, base) or self.shelf.at(now.book_id, base), now, actions)
        return body["actions"]

    def undo(self, book_id: str) -> Response:
        """Take back the last step of the person who asks."""

        def act(draft: Book, _: Book, body: Json) -> None:
            body["of"], left = self.past.undo(draft, self._person(body))
            _tell_left(draft, body, left)

        return self._change(book_id, "undo", 409, act)

    def redo(self, book_id: str) -> Response:
        """Do again the step that the person who asks last took back."""

        def act(draft: Book, _: Book, body: Json) -> None:
            body["of"], left = self.past.redo(draft, self._person(body))
            _tell_left(draft, body, left)

        return self._change(book_id, "redo", 409, act)

    def _person(self, body: Json) -> str:
        return person_of({"request": body, "actor": actor_of(body)})

    def _change(self, book_id: str, kind: str, refusal: int, act: Any) -> Response:
        if self._known(book_id) is None:
            return json_answer({"error": UNKNOWN}, 404)
        given = request.get_json(silent=True)
        body = given if isinstance(given, dict) else {}
        try:
            with self.shelf.locks[book_id]:
                if (done := self._already(book_id, kind, body)) is not None:
                    return json_answer({"revision": done})
                with self.shelf.change(book_id, actor_of(body), kind, body) as draft:
                    step = act(draft, self.shelf.get(book_id), body)
                if step is not None:
                    self.past.keep(book_id, draft.revision, step)
        except Impossible as impossible:
            return json_answer({"error": str(impossible)}, refusal)
        except ApiError as refused:
            return json_answer({"error": in_french(refused.message)}, refusal)
        said = {"said": body["left"]} if "left" in body else {}
        return json_answer({"revision": draft.revision} | said)

    def _already(self, book_id: str, kind: str, body: Json) -> int | None:
        """Return the revision of a step sent again because its answer was lost, None when it was never done."""
        again = body.pop("again", False)
        if not again or not body.get("step"):
            return None
        entries = self.shelf.store.steps(book_id, [kind])
        same = (entry for entry in entries if (entry["request"] or {}).get("step") == body["step"])
        return next((entry["revision"] for entry in same), None)


def _tell_left(book: Book, body: Json, left: list[Place]) -> None:
    """Say in a step's own body, hence in the log, which cells it left as someone else wrote them."""
    body.pop("left", None)
    if left:
        names = [f"{cell_name(row, column)} ({book.sheets[sheet_id].title})" for sheet_id, row, column in left]
        listed = ", ".join(names[:MOST_LISTED]) + ("…" if len(names) > MOST_LISTED else "")
        body["left"] = f"Modifié depuis par quelqu’un d’autre, donc laissé tel quel : {listed}."
