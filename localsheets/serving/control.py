"""Control addresses: the quotas and the notifications of a running server."""

from typing import Any

from flask import Flask, Response, request

from localsheets.drive.push import Pusher
from localsheets.serving.answers_http import json_answer
from localsheets.serving.quotas import Quotas


def register(app: Flask, quotas: Quotas, pusher: Pusher) -> None:
    """Add `/_control/quota` and `/_control/push`; GET shows, POST changes."""

    def quota() -> Response:
        if request.method == "POST":
            try:
                quotas.set(_body())
            except ValueError as wrong:
                return json_answer({"error": str(wrong)}, 400)
        return json_answer(quotas.shown())

    def push() -> Response:
        if request.method == "POST":
            body = _json()
            delay = body.get("delay") if isinstance(body, dict) and body.keys() == {"delay"} else None
            if isinstance(delay, bool) or not isinstance(delay, (int, float)) or not 0 <= delay <= 3600:
                return json_answer({"error": "delay doit être un nombre de secondes, de 0 à 3600."}, 400)
            pusher.delay = float(delay)
        return json_answer(pusher.shown())

    app.add_url_rule("/_control/quota", view_func=quota, methods=["GET", "POST"])
    app.add_url_rule("/_control/push", view_func=push, methods=["GET", "POST"])


def _json() -> Any:
    return request.get_json(force=True, silent=True)


def _body() -> dict[str, Any]:
    body = _json()
    if not isinstance(body, dict):
        raise ValueError("Le corps doit être un objet JSON : perAccount, perProject, drivePerProject.")
    return body
