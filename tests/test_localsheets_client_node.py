"""An unmodified google-spreadsheet, the npm package, does its tour of the stand-in."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from localsheets.server import serve

NODE = Path(__file__).parent / "node"
BIN = Path(sys.executable).parent
EXPECTED: dict[str, Any] = {
    "book": ["Promotion 2026", "Europe/Paris", 1],
    "tabs": ["Relevé", 1000, ["Sheet1", "Relevé"]],
    "rows": [[2, "Ada", "15"], [3, "Grace", "16"], [4, "Alan", "9.5"]],
    "rows left": [{"Nom": "Grace", "Note": "#REF!"}, {"Nom": "Alan", "Note": "10"}],
    "cells": [["Rang", "Rang", None, "Calculé"], [20, "20", "=B3*2", ""], [0.25, "25%", None, ""]],
    "looks": {"bold": True},
    "values": [["Nom", "Note", "Rang"], ["Grace", "#REF!", "20"], ["Alan", "10", "25%"]],
    "sorted": ["Alan", "Grace"],
    "replaced": ["Alan", "Grâce"],
    "named": [["Alan"], ["Grâce"]],
    "downloaded": [
        ["Nom,Note,Rang", "Alan,10,25%", "Grâce,#REF!,0"],
        ["Nom\tNote\tRang", "Alan\t10\t25%", "Grâce\t#REF!\t0"],
    ],
    "workbook": "PK",
    "cleared": [40, 0],
    "copied": ["Sheet1", "Copy of Relevé"],
    "shared": [
        ["anyone", "reader", None],
        ["user", "owner", "passerelle@localsheets.example"],
        ["user", "writer", "ada@example.org"],
    ],
    "unshared": False,
    "refused": [
        [404, "Google API error - [404] Requested entity was not found."],
        [
            400,
            "Google API error - [400] Invalid requests[0].addSheet: A sheet with the name "
            '"Relevé" already exists. Please enter another name.',
        ],
    ],
    "deleted": [404, "Google API error - [404] Requested entity was not found."],
}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the tour once, in a node of its own, and return what each step found."""
    subprocess.run([NODE / "prepare.sh", BIN], check=True, timeout=120)
    server = serve(port=0, data=tmp_path_factory.mktemp("node") / "books.db")
    account = requests.get(f"{server.url}/service-account.json", timeout=5).text
    environ = {**os.environ, "LOCALSHEETS_URL": server.url, "SERVICE_ACCOUNT": account}
    command = [BIN / "node", "--import", "./redirect.mjs", "tour.mjs"]
    done = subprocess.run(command, cwd=NODE, env=environ, capture_output=True, text=True, timeout=60)
    server.stop()
    found = dict(json.loads(line) for line in done.stdout.splitlines())
    return found | ({"stopped": done.stderr} if done.returncode else {})


@pytest.mark.parametrize("step", EXPECTED)
def test_a_step_of_the_tour(steps: dict[str, Any], step: str) -> None:
    assert step in steps, steps.get("stopped")
    assert steps[step] == EXPECTED[step]


def test_the_tour_comes_to_its_end(steps: dict[str, Any]) -> None:
    assert list(steps) == list(EXPECTED), steps.get("stopped")
