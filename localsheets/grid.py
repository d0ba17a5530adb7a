"""The pages a person opens, and the private API that the grid page talks to."""

import threading
from collections import defaultdict
from typing import Any

from flask import Flask, Response, render_template, request

from localsheets.answers_http import json_answer
from localsheets.errors import ApiError
from localsheets.grid_actions import Impossible, apply
from localsheets.grid_history import History, Step
from localsheets.grid_refusals import in_french
from localsheets.grid_state import state
from localsheets.model import Book
from localsheets.shelf import Shelf

Json = dict[str, Any]
ACTOR = "grille"
UNKNOWN = "Ce classeur n’existe pas ou a été supprimé."
ROOT = "/spreadsheets/d/<book_id>"


def register(app: Flask, shelf: Shelf) -> None:
    """Add the pages and the private API to the server."""
    pages = Grid(shelf)
    app.add_url_rule("/", view_func=pages.index)
    app.add_url_rule(f"{ROOT}/edit", view_func=pages.edit)
    app.add_url_rule(f"{ROOT}/state", view_func=pages.state)
    app.add_url_rule(f"{ROOT}/actions", view_func=pages.actions, methods=["POST"])
    app.add_url_rule(f"{ROOT}/undo", view_func=pages.undo, methods=["POST"])
    app.add_url_rule(f"{ROOT}/redo", view_func=pages.redo, methods=["POST"])


class Grid:
    """Answer the grid page, and remember what a person may undo."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.lock = threading.Lock()
        self.histories: dict[str, History] = defaultdict(History)

    def index(self) -> str:
        """List the books."""
        books = [book for book in self.shelf.all() if not book.drive.get("trashed")]
        return render_template("index.html", books=books)

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
        try:
            return self.shelf.get(book_id)
        except ApiError:
            return None

    def actions(self, book_id: str) -> Response:
        """Apply actions as one step that can be undone."""
        body = request.get_json(silent=True)
        actions = body.get("actions") if isinstance(body, dict) else None

        def act(draft: Book, before: Book, history: History) -> None:
            lines = apply(draft, actions)
            history.add(Step(before, draft, lines))

        return self._change(book_id, "actions", body, 400, act)

    def undo(self, book_id: str) -> Response:
        """Take back the page's last step."""

        def act(draft: Book, _: Book, history: History) -> None:
            history.undone.append(history.undo(draft))
            history.done.pop()

        return self._change(book_id, "undo", {}, 409, act)

    def redo(self, book_id: str) -> Response:
        """Do again the page's step that was last taken back."""

        def act(draft: Book, _: Book, history: History) -> None:
            history.done.append(history.redo(draft))
            history.undone.pop()

        return self._change(book_id, "redo", {}, 409, act)

    def _change(self, book_id: str, kind: str, body: Any, refusal: int, act: Any) -> Response:
        if self._known(book_id) is None:
            return json_answer({"error": UNKNOWN}, 404)
        try:
            with self.shelf.change(book_id, ACTOR, kind, body) as draft:
                act(draft, self.shelf.get(book_id), self.histories[book_id])
        except Impossible as impossible:
            return json_answer({"error": str(impossible)}, refusal)
        except ApiError as refused:
            return json_answer({"error": in_french(refused.message)}, refusal)
        return json_answer({"revision": draft.revision})
