"""The comparison with Google, tried against a second stand-in that plays Google."""

import json

import pytest
import requests

from localsheets.contract import __main__ as contract
from tests.localsheets_client import Plain


@pytest.fixture
def key(sheets_server, tmp_path):
    path = tmp_path / "account.json"
    path.write_text(requests.get(f"{sheets_server.url}/service-account.json", timeout=5).text)
    return path


def arguments(key, url, book):
    return ["--key", str(key), "--book", book, "--root", url, "--pause", "0"]


def test_two_stand_ins_agree_on_every_probe_and_nothing_is_left_behind(sheets_server, key, capsys):
    google = Plain(sheets_server.url)
    google.create()
    assert contract.main(arguments(key, sheets_server.url, google.book)) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n= ") + printed.startswith("= ") == len(contract.PROBES)
    book = google.get()
    assert len(book["sheets"]) == 1
    assert not {"namedRanges", "developerMetadata"} & book.keys()


def test_a_difference_is_printed_with_both_values_and_the_exit_status_says_so(sheets_server, key, capsys, monkeypatch):
    google = Plain(sheets_server.url)
    google.create()
    probe = next(probe for probe in contract.PROBES if "findReplace counts" in probe.name)
    monkeypatch.setattr(contract, "PROBES", [probe])
    honest = contract.Side.about

    def doctored(side, method, path, body=None):
        status, answer = honest(side, method, path, body)
        if side.root == sheets_server.url and "findReplace" in json.dumps(body):
            answer["replies"][0]["findReplace"]["occurrencesChanged"] = 99
        return status, answer

    monkeypatch.setattr(contract.Side, "about", doctored)
    assert contract.main(arguments(key, sheets_server.url, google.book)) == 1
    assert "occurrencesChanged : Google 99, ici 4" in capsys.readouterr().out


@pytest.mark.parametrize("problem", ["no key", "no book"])
def test_what_cannot_be_compared_is_said_in_french(sheets_server, key, capsys, problem):
    path = key.parent / "rien.json" if problem == "no key" else key
    assert contract.main(arguments(path, sheets_server.url, "inconnu")) == 2
    said = capsys.readouterr().err
    assert ("illisible" if problem == "no key" else "impossible d’ajouter un onglet (404") in said


@pytest.mark.parametrize(
    ("google", "local", "found"),
    [
        pytest.param({"a": 1}, {"a": 1}, 0, id="equal"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, 1, id="one too many"),
        pytest.param({"a": [1, 2]}, {"a": [1]}, 1, id="a shorter list"),
        pytest.param({"a": True}, {"a": 1}, 1, id="a boolean is no number"),
        pytest.param({"spreadsheetUrl": "x"}, {"spreadsheetUrl": "y"}, 0, id="addresses are not looked at"),
    ],
)
def test_differences(google, local, found):
    assert len(list(contract.differences(google, local))) == found
