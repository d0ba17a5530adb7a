"""The routes under /_control: load a schedule, act as the staff, read what happened."""

from typing import Any

from flask import Flask, Response, request

from localsheets.books.shelf import Shelf
from localsheets.faults.desk import Faults
from localsheets.faults.reading import BadSchedule, Given
from localsheets.faults.schedule import EMPTY, Schedule, read_actions, read_schedule
from localsheets.serving.answers_http import json_answer
from localsheets.serving.token import Tokens
from localsheets.staff.actions import perform

Json = dict[str, Any]


def register(app: Flask, shelf: Shelf, tokens: Tokens, schedule: Schedule | None = None) -> Faults:
    """Put faults around an application, and add the routes that drive and show them."""
    faults = Faults(app.wsgi_app, shelf, tokens, schedule or EMPTY)
    app.wsgi_app = faults  # type: ignore[method-assign]
    control = Control(faults)
    app.add_url_rule("/_control/faults", "_control_faults", control.faults, methods=["GET", "POST", "DELETE"])
    app.add_url_rule("/_control/staff", "_control_staff", control.staff, methods=["POST"])
    app.add_url_rule("/_control/requests", "_control_requests", control.requests)
    app.add_url_rule("/_control/log", "_control_log", control.log)
    return faults


class Control:
    """Answer those who drive a test of a client, and those who judge it."""

    def __init__(self, around: Faults) -> None:
        self.around = around

    def faults(self) -> Response:
        """Show the schedule with what it did so far, replace it, or clear it."""
        if request.method == "POST":
            try:
                self.around.load(read_schedule(_posted()))
            except BadSchedule as bad:
                return json_answer({"error": str(bad)}, 400)
        if request.method == "DELETE":
            self.around.load(EMPTY)
        return json_answer(self.around.status())

    def staff(self) -> Response:
        """Do actions at once under a name; 409 when one of them could not be done."""
        try:
            given = Given(_posted())
            given.object(("by", "book", "do", "comment"))
            by, book = given.inner("by").text(), given.inner("book").text()
            actions = read_actions(given.inner("do"))
        except BadSchedule as bad:
            return json_answer({"error": str(bad)}, 400)
        done = perform(self.around.shelf, by, book, actions)
        return json_answer({"done": done}, 409 if any("refused" in one for one in done) else 200)

    def requests(self) -> Response:
        """List what became of each request, after a serial number and of one book when asked."""
        since = request.args.get("since", 0, type=int)
        return json_answer({"requests": self.around.journal.since(since, request.args.get("book", ""))})

    def log(self) -> Response:
        """List the mutations of a book, after a revision when asked; those of a deleted book too."""
        if unknown := request.args.keys() - {"book", "since"}:
            return json_answer({"error": f"Paramètre inconnu : {', '.join(sorted(unknown))}."}, 400)
        book, since = request.args.get("book", ""), request.args.get("since", 0, type=int)
        return json_answer(self.around.shelf.store.log(book, since))


def _posted() -> Any:
    given = request.get_json(force=True, silent=True)
    if given is None:
        raise BadSchedule("le corps de la requête n’est pas du JSON.")
    return given
