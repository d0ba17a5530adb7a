"""Imports only go down: the house of CONTRIBUTING.md, held by reading every file."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "app", "settings", "commands", "backup_commands", "minutes_commands", "run", "identity", "blueprints", "store",
    "rules", "sync", "documents", "localsheets",
)  # fmt: skip
THIRD_PARTY_OF = {
    "flask": ("app", "blueprints", "commands", "backup_commands", "minutes_commands", "sync.commands", "localsheets"),
    "gspread": ("sync.book",),
    "holidays": ("store.public_holidays",), "highspy": ("store.solving",), "numpy": ("store.solving",),
}  # fmt: skip
CYCLE_PARTS = (
    "plan", "guard", "answers", "cells", "layout", "reading", "worksheets", "mapping", "book", "report", "tab_work",
    "closed", "parted", "renamed", "near_names", "applying", "composing", "covered", "sending", "freshness",
    "restored",
)  # fmt: skip
#: How a book is read: its answers, the cells of a tab, where things stand.
GROUND = ("sync.answers", "sync.cells", "sync.layout")
#: The pure plan, and the guarded write, are one layer each in a few files.
FAMILIES = ("sync.plan", "sync.guard")
#: For each layer, what it may import of ours. The longest name that matches a module wins.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "app": ("blueprints", "settings", "store"),
    "commands": ("settings", "store", "rules", "sync", "backup_commands", "minutes_commands"),
    "backup_commands": ("store",),
    "minutes_commands": ("store",),
    "run": (),
    "settings": (),
    "blueprints": ("blueprints", "identity", "settings", "store", "rules", "documents"),
    "identity": ("settings",),
    "store": ("store", "rules"),
    "rules": ("rules",),
    "documents": ("documents", "rules"),
    "localsheets": ("localsheets",),
    "sync": (),
    "sync.plan": ("sync.plan",),
    "sync.report": (),
    "sync.answers": (),
    "sync.cells": ("sync.answers",),
    "sync.worksheets": ("rules", "store", "sync.plan"),
    "sync.mapping": ("rules", "store", "sync.plan", "sync.cells", "sync.worksheets"),
    "sync.layout": ("rules", "sync.answers", "sync.cells", "sync.worksheets"),
    "sync.reading": ("rules", "sync.plan", "sync.answers", "sync.cells", "sync.worksheets"),
    "sync.guard": ("sync.guard", "sync.answers", "sync.cells", "sync.layout"),
    "sync.book": ("sync.answers",),
    "sync.metered": ("store", "sync.answers", "sync.back_off", "sync.book"),
    "sync.parted": ("sync.plan",),
    "sync.closed": ("sync.plan", *GROUND),
    "sync.renamed": ("rules", "sync.plan", "sync.worksheets", *GROUND),
    "sync.near_names": ("sync.plan", "sync.mapping", "sync.adoption", *GROUND),
    "sync.tab_work": (
        "store", "rules", "sync.plan", *GROUND, "sync.reading", "sync.mapping", "sync.worksheets", "sync.closed",
        "sync.parted", "sync.renamed", "sync.near_names",
    ),
    "sync.applying": ("store", "sync.plan", *GROUND, "sync.report", "sync.tab_work", "sync.worksheets"),
    "sync.composing": ("store", "sync.plan", "sync.guard", *GROUND, "sync.tab_work", "sync.worksheets"),
    "sync.covered": ("rules", "store", "sync.guard", *GROUND),
    "sync.sending": ("store", "sync.covered", "sync.guard", *GROUND, "sync.book", "sync.report"),
    "sync.restored": ("store", "sync.plan", "sync.tab_work", "sync.worksheets"),
    "sync.freshness": ("store", "sync.book", "sync.cells"),
    "sync.cycle": ("store", "rules", *(f"sync.{part}" for part in CYCLE_PARTS)),
    "sync.dress": ("store", "rules", "sync.guard", *GROUND, "sync.worksheets", "sync.book"),
    "sync.pace": (),
    "sync.back_off": (),
    "sync.accounts": ("store", "settings", "sync.book", "sync.metered"),
    "sync.watching": ("store", "settings", "sync.book", "sync.metered"),
    "sync.adoption": ("rules", "sync.adoption", "sync.plan", "sync.worksheets", "sync.guard", *GROUND),
    "sync.rehearsal": (
        "sync.closed",
        "store", "rules", "sync.adoption", "sync.plan", "sync.guard", *GROUND, "sync.reading", "sync.mapping",
        "sync.worksheets", "sync.tab_work", "sync.applying", "sync.composing", "sync.report", "sync.book",
    ),
    "sync.adopt_targets": ("store", "sync.adoption", *GROUND, "sync.rehearsal"),
    "sync.adopt_look": (
        "store", "rules", "sync.adoption", "sync.adopt_targets", *GROUND, "sync.worksheets", "sync.book",
        "sync.rehearsal",
    ),
    "sync.adopting": (
        "store", "settings", "sync.adoption", "sync.adopt_look", "sync.book", "sync.report", "sync.sending",
    ),
    "sync.bind_command": (
        "store", "settings", "rules", "sync.accounts", "sync.adopt_look", "sync.adopting", "sync.book", "sync.worker",
    ),
    "sync.worker": (
        "store", "settings", "sync.adopting", "sync.cycle", "sync.book", "sync.metered", "sync.accounts", "sync.pace",
        "sync.back_off", "sync.watching",
    ),
    "sync.commands": ("store", "settings", "sync.bind_command", "sync.cycle", "sync.accounts", "sync.worker"),
}


@cache
def modules() -> list[tuple[str, Path]]:
    """List every module of ours with its file."""
    # Folder by folder: the root also holds an environment of tens of thousands of files.
    paths = [path for name in OURS for path in (ROOT / f"{name}.py", *sorted((ROOT / name).rglob("*.py")))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return [(name, path) for name, path in zip(names, paths, strict=True) if path.exists()]


def layer_of(module: str) -> str:
    parts = _family(module).split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next(name for name in names if name in MAY_IMPORT)


def _family(module: str) -> str:
    return next((family for family in FAMILIES if module.startswith(f"{family}_")), module)


@cache
def imported(path: Path) -> list[tuple[str, int, bool]]:
    """Return (module, line, whether it stands inside a function) of each import."""
    return list(_imported(path))


def _imported(path: Path) -> Iterator[tuple[str, int, bool]]:
    tree = ast.parse(path.read_text())
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                is_module = (ROOT / Path(*full.split("."))).with_suffix(".py").exists()
                is_package = (ROOT / Path(*full.split(".")) / "__init__.py").exists()
                yield full if is_module or is_package else str(node.module), node.lineno, id(node) in inside


def allowed(module: str, target: str) -> bool:
    if target.split(".")[0] not in OURS:
        return True
    names = MAY_IMPORT[layer_of(module)]
    target = _family(target)
    return any(target == name or target.startswith(f"{name}.") for name in names)


@pytest.mark.parametrize(("module", "path"), [pytest.param(*item, id=item[0]) for item in modules()])
def test_a_module_imports_only_what_is_below_it(module: str, path: Path) -> None:
    wrong = [f"line {line}: {target}" for target, line, _ in imported(path) if not allowed(module, target)]
    assert not wrong, f"{module} imports upward: {wrong}"


@pytest.mark.parametrize(("module", "path"), [pytest.param(*item, id=item[0]) for item in modules()])
def test_no_import_hides_in_a_function(module: str, path: Path) -> None:
    hidden = [f"line {line}: {target}" for target, line, inside in imported(path) if inside]
    assert not hidden, f"{module} hides imports: {hidden}"


def test_only_one_module_imports_gspread_and_only_the_doors_import_flask() -> None:
    for module, path in modules():
        for target, line, _ in imported(path):
            users = THIRD_PARTY_OF.get(target.split(".")[0])
            if users is not None:
                assert any(module == user or module.startswith(f"{user}.") for user in users), f"{module}:{line}"


def test_rules_and_the_plan_use_the_standard_library_only() -> None:
    third_party = {"flask", "peewee", "gspread", "playhouse", "werkzeug", "msgspec", "faker", "psycopg"}
    for module, path in modules():
        if module.startswith("rules") or module.startswith("sync.plan"):
            assert not {target.split(".")[0] for target, _, _ in imported(path)} & third_party, module


def test_nobody_imports_the_solver_which_runs_in_a_process_of_its_own() -> None:
    for module, path in modules():
        assert "store.solving" not in {target for target, _, _ in imported(path)}, module


def test_nobody_imports_localsheets() -> None:
    for module, path in modules():
        if not module.startswith("localsheets"):
            assert not [target for target, _, _ in imported(path) if target.startswith("localsheets")], module


def test_the_layer_test_reads_every_module() -> None:
    found = {name for name, _ in modules()}
    assert found >= {"app", "settings", "blueprints", "store.models.people", "sync.plan_rows", "localsheets.server"}
    assert {name.partition(".")[0] for name in found} == set(OURS)


def test_the_layer_test_sees_a_wrong_import() -> None:
    assert not allowed("store.people", "blueprints.people")
    assert not allowed("sync.plan", "rules.values")
    assert not allowed("blueprints.sheets", "sync.cycle")
    assert allowed("sync.cycle", "sync.plan")
    assert layer_of("sync.plan") == "sync.plan"
    assert layer_of("store.models.people") == "store"
