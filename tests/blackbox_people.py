"""Somebody at the pages and somebody at the spreadsheets, both busy at random from a seed.

Every value is written once in its cell, so that either ledger tells whose it was and what became of it.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.blackbox import Product
from tests.line_forms import line_form
from tests.pages import HTMX, PASSWORD, csrf

Json = dict[str, Any]
#: How each value is written, by field: its author's letter, its number, the digit of its author.
WRITTEN: dict[str, Callable[[str, int, int], str]] = {
    "phone": lambda by, number, digit: f"06{digit}{number:07}",
    "email": lambda by, number, digit: f"{by}{number}@exemple.fr",
    "employer": lambda by, number, digit: f"Structure {by}{number}",
    "place": lambda by, number, digit: f"Salle {by}{number}",
    "teachers": lambda by, number, digit: f"Mme {by}{number}",
    "title": lambda by, number, digit: f"Titre {by}{number}",
    "problem": lambda by, number, digit: f"Question {by}{number}",
    "mark": lambda by, number, digit: f"{'RRD'[digit - 1]} {2 * number + digit % 2}",
    "grade-RSV206": lambda by, number, digit: f"{9 + digit}.{number % 99 + 1:02}".rstrip("0"),
    "grade-RSV207": lambda by, number, digit: f"{12 + digit}.{number % 99 + 1:02}".rstrip("0"),
}
DIGITS = {"page": 1, "staff": 2, "planned": 3}
#: Where each kind of record is changed on the pages: the page, the mark of its line, the address of its form.
PAGES = {
    "enrolment": ("participants/", ("data-participant", "{key}"), "participants/{key}"),
    "half_day": ("seances/?modifier={key}", ("id", "ligne-{key}"), "seances/{key}/modifier"),
    "mark": ("seances/{field}/", ("data-participant", "{key}"), "seances/{field}/presences/{key}"),
    "paper": ("notes/", ("data-paper", "{key}"), "notes/{key}"),
    "dossier": ("jury/", ("data-dossier", "{key}"), "jury/{key}"),
}
#: What the rules refuse, by field, in each tab.
NONSENSE = {"mark": "peut-être", "grade-RSV206": "bien", "phone": "bientôt", "email": "sans arobase"}


@dataclass(frozen=True)
class Target:
    """One value that both sides may change, as the journal and as the spreadsheets name it."""

    kind: str
    key: str
    field: str
    book: str
    tab: str
    header: str

    @property
    def written(self) -> str:
        """Return how its values are written."""
        return "mark" if self.kind == "mark" else self.field


def value(target: Target, by: str, number: int) -> str:
    """Return the canonical text of the nth value that somebody puts in a cell."""
    return WRITTEN[target.written](by[0], number, DIGITS[by])


def typed(target: Target, text: str) -> str:
    """Return how a French person types a canonical text."""
    return text.replace(".", ",") if target.kind == "dossier" else text


@dataclass
class Click:
    """One form sent, and how it was answered: None when it was not."""

    kind: str
    key: str
    field: str
    value: str
    seen: str
    status: int | None


@dataclass
class Pages:
    """Somebody signed in, who clicks as a browser does and writes down what was answered."""

    product: Product
    code: str
    email: str
    clicks: list[Click] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> None:
        """Send the sign-in form."""
        address = f"{self.product.web_url}/connexion"
        token = csrf(self.session.get(address, timeout=20).text)
        given = {"csrf_token": token, "email": self.email, "password": PASSWORD}
        answer = self.session.post(address, given, timeout=20, allow_redirects=False)
        assert answer.status_code == 303, answer.text

    def page(self, path: str) -> str | None:
        """Return a page, None when the web process or its database is away."""
        try:
            answer = self.session.get(self._address(path), timeout=20)
        except requests.RequestException:
            return None
        assert answer.status_code in (200, 503), (path, answer.status_code, answer.text[:2000])
        return answer.text if answer.status_code == 200 else None

    def _address(self, path: str) -> str:
        return self.product.web_url + (path if path.startswith("/") else f"/promotions/{self.code}/{path}")

    def change(self, target: Target, text: str, tries: int = 1, htmx: bool = False) -> None:
        """Change one value; a form without an answer is sent again, the same, so many times at most."""
        names = {"key": target.key, "field": target.field}
        where, (attribute, mark), action = PAGES[target.kind]
        html = self.page(where.format(**names))
        if html is None:
            return
        form = line_form(html, attribute, mark.format(**names))
        if target.kind == "mark":
            seen = form["seen"]
            form |= {"status": {"R": "late", "D": "left_early"}[text[0]], "minutes": text[2:]}
        else:
            seen = form[f"seen-{target.field}"]
            form |= {target.field: typed(target, text)}
        status = self.send(action.format(**names), form, tries, htmx)
        self.clicks.append(Click(target.kind, target.key, target.field, text, seen, status))

    def enrol(self, last_name: str, tries: int = 3) -> None:
        """Enrol somebody new."""
        html = self.page("participants/")
        if html is None:
            return
        form = line_form(html, "id", "add-participant")
        form = {name: form[name] for name in ("csrf_token", "form_key")} | {"last_name": last_name, "first_name": "Ève"}
        status = self.send("participants/ajouter", form, tries, htmx=False)
        self.clicks.append(Click("birth", "", "last_name", last_name, "", status))

    def ask_for_cycle(self, book: str) -> None:
        """Press « Synchroniser maintenant »."""
        html = self.page("/synchronisation/")
        if html is not None:
            self.send(f"/synchronisation/{book}", {"csrf_token": csrf(html)}, 1, htmx=False)

    def _post(self, path: str, form: Json, htmx: bool) -> requests.Response:
        headers = HTMX if htmx else {}
        return self.session.post(self._address(path), form, headers=headers, timeout=20, allow_redirects=False)

    def send(self, path: str, form: Json, tries: int, htmx: bool) -> int | None:
        """Send a form until it is answered, so many times at most; return the status, None without an answer."""
        for attempt in range(tries):
            time.sleep(attempt)
            try:
                answer = self._post(path, form, htmx)
                if asked := re.search('name="confirmed" value="([^"]+)"', answer.text):
                    # A half-day that moves says first who is affected.
                    answer = self._post(path, form | {"confirmed": asked[1]}, htmx)
            except requests.RequestException:
                continue
            assert answer.status_code in (200, 303, 409, 422, 503), (path, answer.status_code, answer.text[:2000])
            if answer.status_code != 503:
                # A plain form that was turned down comes back as its page, 200 only when it is htmx's line.
                return answer.status_code
        return None


@dataclass
class Hand:
    """What one author does, drawn from a seed: cells to change, each value of its own."""

    by: str
    draw: random.Random
    targets: list[Target]
    number: int = 0

    def next(self) -> tuple[Target, str]:
        """Choose a cell and a value that was never there."""
        self.number += 1
        target = self.draw.choice(self.targets)
        return target, value(target, self.by, self.number)

    def edit(self) -> Json:
        """Return the action of typing in a cell."""
        target, text = self.next()
        return _edit(target, typed(target, text))

    def nonsense(self) -> Json:
        """Return the action of typing what the rules refuse."""
        target = self.draw.choice([target for target in self.targets if target.written in NONSENSE])
        self.number += 1
        return _edit(target, f"{NONSENSE[target.written]} {self.by}{self.number}")


def _edit(target: Target, text: str) -> Json:
    where = {"tab": target.tab, "row_where": {"ID": target.key}, "column": target.header}
    return {"book": target.book, "do": "edit", **where, "value": text}


def on_pages(pages: dict[str, Pages], hand: Hand, steps: int) -> Iterator[Callable[[], None]]:
    """Give the steps of the person at the pages: mostly values, now and then somebody new."""
    for number in range(steps):
        pause = hand.draw.uniform(0.05, 0.5)
        yield lambda pause=pause: time.sleep(pause)
        if hand.draw.random() < 0.06:
            yield lambda number=number: pages["coordinator"].enrol(f"Arrivée{number}")
            continue
        if hand.draw.random() < 0.1:
            yield lambda book=hand.draw.choice(hand.targets).book: pages["coordinator"].ask_for_cycle(book)
            continue
        target, text = hand.next()
        who = pages["juror" if target.kind == "dossier" else "coordinator"]
        tries, htmx = hand.draw.choice((1, 1, 3)), hand.draw.random() < 0.5
        yield lambda who=who, target=target, text=text, tries=tries, htmx=htmx: who.change(target, text, tries, htmx)


def in_sheets(
    product: Product, hand: Hand, books: dict[str, str], steps: int, leaver: str
) -> Iterator[Callable[[], None]]:
    """Give the steps of staff at the spreadsheets: typing, sorting, moving rows, colours, remarks, new people."""
    leaves = hand.draw.randrange(steps // 2, steps)
    for number in range(steps):
        pause = hand.draw.uniform(0.1, 0.8)
        yield lambda pause=pause: time.sleep(pause)
        if number == leaves:
            action = {"do": "delete_rows", "tab": "Participants", "row_where": {"ID": leaver}}
        else:
            action = _something(hand, number)
        book = action.pop("book", books["staff"])
        yield lambda action=action, book=book: product.control(
            "/_control/staff", {"by": "secrétariat", "book": book, "do": [action]}
        )


def _something(hand: Hand, number: int) -> Json:
    chance, tab = hand.draw.random(), hand.draw.choice(("Participants", "Séances", "Présences", "Notes"))
    if chance < 0.60:
        return hand.edit()
    if chance < 0.66:
        return hand.nonsense()
    target = hand.draw.choice(hand.targets)
    where = {"book": target.book, "tab": target.tab, "row_where": {"ID": target.key}}
    if chance < 0.76:
        return {"do": "edit", **where, "column": "Remarques", "value": f"remarque {number}"}
    if chance < 0.80:
        return {"do": "colour", **where, "colour": "#ffe0e0"}
    if chance < 0.84:
        return {"do": "note", **where, "column": target.header, "text": f"note {number}"}
    if chance < 0.88:
        return {"do": "paste", "tab": "Participants", "end": True, "values": [[None, f"Venue{number}", "Luc"]]}
    if chance < 0.92:
        return {"do": "insert_rows", "tab": tab, "row": hand.draw.randint(2, 6)}
    if chance < 0.96:
        return {"do": "move_rows", "tab": tab, "row": hand.draw.randint(2, 4), "before": hand.draw.randint(6, 8)}
    column = "Date" if tab == "Séances" else "Nom"
    return {"do": "sort", "tab": tab, "column": column, "descending": hand.draw.random() < 0.5}


def planned(hand: Hand, count: int) -> list[Json]:
    """Give what staff do in the very moments between a read and its answer, and between a call and its effect."""
    found = []
    for _ in range(count):
        target, text = hand.next()
        action = _edit(target, typed(target, text))
        book = action.pop("book")
        actions = [action]
        if hand.draw.random() < 0.3:
            actions.append({"do": "sort", "tab": target.tab, "column": "ID", "descending": hand.draw.random() < 0.5})
        kind = hand.draw.choice(("reads", "writes", "writes"))
        at = "after_read" if kind == "reads" else "before_write"
        when = {"kind": kind, "book": book, "nth": hand.draw.randint(1, 6)}
        found.append({"by": "collègue", "at": at, "when": when, "do": actions})
    return found
