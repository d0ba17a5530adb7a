"""What the tests of the pages that build a calendar share: somebody on a page, who fills in its forms."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store import calendar
from tests.pages import csrf, plain, sign_in
from tests.sync_bench import Cohort


class Builder:
    """Somebody of a role who builds the calendar of a cohort, without JavaScript."""

    def __init__(self, app: Flask, cohort: Cohort, role: str = "coordinator") -> None:
        self.client: FlaskClient = sign_in(app, role)
        self.cohort, self.root = cohort, f"/promotions/{cohort.code}/seances/"

    def get(self, path: str) -> str:
        """Return a page, by its address below the calendar's."""
        answer = self.client.get(self.root + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(unescape(answer.text))

    def post(self, path: str, key: str = "", **values: str | list[str]) -> TestResponse:
        """Send a form with these fields; `key` is its idempotency key."""
        token = csrf(self.client.get(self.root).text)
        return self.client.post(self.root + path, data={"csrf_token": token, "form_key": key, **values})

    def refused(self, path: str, **values: str | list[str]) -> str:
        """Send a form that is turned down and return the page that says why, with what was typed."""
        before = calendar.snapshot(self.cohort.id)
        answer = self.post(path, **values)
        assert answer.status_code == 422, (answer.status_code, answer.text[-500:])
        assert calendar.snapshot(self.cohort.id) == before
        return plain(unescape(answer.text))

    def ids(self) -> list[str]:
        """List the half-days of the calendar."""
        return list(calendar.snapshot(self.cohort.id))


def told(html: str) -> str:
    """Return what the errors of a page say."""
    return " ".join(" ".join(re.findall(r'class="error"[^>]*>(.*?)</p>', plain(html), re.DOTALL)).split())


def values_of(html: str, name: str) -> list[str]:
    """Return the values of the fields of this name."""
    return re.findall(rf'name="{name}"[^>]*?value="([^"]*)"', html)
