"""The addresses of the token exchange, and of the account this server hands out."""

from flask import Flask, Response, request

from localsheets.serving.answers_http import json_answer
from localsheets.serving.token import Refused, Tokens


def register(app: Flask, tokens: Tokens) -> None:
    """Add `/token`, `/revoke`, `/tokeninfo` and `/service-account.json`."""
    app.register_error_handler(Refused, lambda error: json_answer(error.body, 400))

    def token() -> Response:
        form = request.form
        own = [request.base_url, request.host_url + "token"]
        return json_answer(tokens.exchange(form.get("grant_type"), form.get("assertion"), own))

    def revoke() -> Response:
        return json_answer(tokens.revoke(request.values.get("token")))

    def info() -> Response:
        return json_answer(tokens.info(request.values.get("access_token")))

    def account() -> Response:
        return json_answer(tokens.account(request.host_url.rstrip("/")))

    app.add_url_rule("/token", view_func=token, methods=["POST"])
    app.add_url_rule("/revoke", view_func=revoke, methods=["POST"])
    app.add_url_rule("/tokeninfo", view_func=info, methods=["GET", "POST"])
    app.add_url_rule("/service-account.json", view_func=account)
