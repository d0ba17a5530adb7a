"""What staff choose for each tab of a spreadsheet they made, as plain values: what it is, and its columns.

A mapping is {sheetId: {"kind", "name_order", "add_columns", "columns": {column: field}}}, with texts for
keys since it is kept as JSON. The proposal that it corrects says which kinds and fields there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.message import Message

Choices = dict[str, dict[str, Any]]
Proposal = Mapping[str, Any]
FULL_NAME = "full_name"
ORDERS = {"last_first": "Nom Prénom", "first_last": "Prénom Nom", "last_comma_first": "Nom, Prénom"}


@dataclass(frozen=True)
class Problem:
    """Why a mapping cannot be accepted, and where: a tab, a column of it, or the whole."""

    text: Message | str
    sheet: str = ""
    column: str = ""


def proposed(proposal: Proposal) -> Choices:
    """Return the mapping that a proposal makes by itself."""
    return {str(tab["sheet_id"]): of_reading(tab, tab["kind"]) for tab in proposal["tabs"]}


def of_reading(tab: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return what is proposed for a tab once it is said to be of a kind; '' leaves it alone."""
    reading = tab["readings"].get(kind)
    if not reading:
        return {"kind": "", "name_order": "", "add_columns": True, "columns": {}}
    columns = {str(guess["column"]): guess["field"] for guess in reading["columns"] if guess["field"]}
    return {"kind": kind, "name_order": reading["name_order"], "add_columns": True, "columns": columns}


def chosen(proposal: Proposal, mapping: Mapping[str, Any], form: Mapping[str, str]) -> Choices:
    """Return the mapping that a form asks for: fields `kind-SHEET`, `order-SHEET`, `add-SHEET`, `col-SHEET-COLUMN`.

    A tab whose kind changes takes what is proposed for the new one. What the form does not name stays.
    Raises KeyError on a kind, an order or a field that the proposal does not have.
    """
    found = {}
    for tab in proposal["tabs"]:
        sheet = str(tab["sheet_id"])
        before = mapping.get(sheet) or of_reading(tab, "")
        kind = form.get(f"kind-{sheet}", before["kind"])
        if kind and kind not in tab["readings"]:
            raise KeyError(kind)
        found[sheet] = of_reading(tab, kind) if kind != before["kind"] else _corrected(proposal, tab, before, form)
    return found


def _corrected(
    proposal: Proposal, tab: Mapping[str, Any], before: Mapping[str, Any], form: Mapping[str, str]
) -> dict[str, Any]:
    sheet, kind = str(tab["sheet_id"]), before["kind"]
    if not kind:
        return dict(before)
    order = form.get(f"order-{sheet}", before["name_order"])
    if order and order not in ORDERS:
        raise KeyError(order)
    known, columns = known_fields(proposal, kind), {}
    for guess in tab["readings"][kind]["columns"]:
        column = str(guess["column"])
        name = form.get(f"col-{sheet}-{column}", before["columns"].get(column, ""))
        if name and name not in known:
            raise KeyError(name)
        if name:
            columns[column] = name
    add = form.get(f"add-{sheet}", "1" if before["add_columns"] else "") == "1"
    return {"kind": kind, "name_order": order, "add_columns": add, "columns": columns}


def known_fields(proposal: Proposal, kind: str) -> dict[str, str]:
    """Return {field: label} of everything that a column of a kind of tab may be, half-days included."""
    one = proposal["kinds"][kind]
    return dict(one["fields"]) | (dict(proposal["half_days"]) if one["matrix"] else {})


# -- what is wrong ------------------------------------------------------------------------------


def problems(proposal: Proposal, mapping: Mapping[str, Any]) -> list[Problem]:
    """List what keeps a mapping from being accepted, whatever the cells hold."""
    tabs = {str(tab["sheet_id"]): tab for tab in proposal["tabs"]}
    used = {sheet: choice for sheet, choice in mapping.items() if choice["kind"] and sheet in tabs}
    if not used:
        return [Problem(Message("Aucun onglet n'est choisi : dites de l'un d'eux ce qu'il contient."))]
    found = list(_same_kind(proposal, tabs, used))
    for sheet, choice in used.items():
        found += _of_tab(proposal, tabs[sheet], choice)
    return found


def _same_kind(proposal: Proposal, tabs: Mapping[str, Any], used: Mapping[str, Any]) -> Iterable[Problem]:
    by_kind: dict[str, list[str]] = {}
    for sheet, choice in used.items():
        by_kind.setdefault(choice["kind"], []).append(sheet)
    for kind, sheets in by_kind.items():
        if len(sheets) > 1:
            listed = ", ".join(f"« {tabs[sheet]['title']} »" for sheet in sheets)
            values = {"tabs": listed, "label": proposal["kinds"][kind]["label"]}
            text = Message("%(tabs)s : plusieurs onglets sont choisis comme « %(label)s », gardez-en un seul.", values)
            yield Problem(text, sheets[-1])


def _of_tab(proposal: Proposal, tab: Mapping[str, Any], choice: Mapping[str, Any]) -> Iterable[Problem]:
    sheet, kind = str(tab["sheet_id"]), choice["kind"]
    guesses = {str(guess["column"]): guess for guess in tab["readings"][kind]["columns"]}
    labels, by_field = known_fields(proposal, kind), {}
    for column, name in choice["columns"].items():
        by_field.setdefault(name, []).append(column)
    for name, columns in by_field.items():
        if len(columns) > 1:
            listed = ", ".join(f"« {guesses[column]['header']} »" for column in columns if column in guesses)
            values = {"tab": tab["title"], "columns": listed, "label": labels.get(name, name)}
            text = Message(
                "Onglet « %(tab)s » : %(columns)s ne peuvent être plusieurs colonnes de « %(label)s ».", values
            )
            yield Problem(text, sheet, columns[-1])
    for text in _missing(proposal["kinds"][kind], choice, set(by_field)):
        yield Problem(Message(text.text, {"tab": tab["title"], **text.values}), sheet)


def _missing(one: Mapping[str, Any], choice: Mapping[str, Any], fields: set[str]) -> Iterable[Message]:
    if not any(set(keys) <= fields for keys in one["keys"]):
        labels = dict(one["fields"])
        wanted = " / ".join(" + ".join(f"« {labels[name]} »" for name in keys) for keys in one["keys"])
        yield Message("Onglet « %(tab)s » : il y faut %(columns)s pour reconnaître les lignes.", {"columns": wanted})
    if FULL_NAME in fields and fields & {"last_name", "first_name"}:
        yield Message("Onglet « %(tab)s » : « Nom et prénom » ne va pas avec « Nom » ou « Prénom ».")
    if FULL_NAME in fields and not choice["name_order"]:
        yield Message("Onglet « %(tab)s » : dites si le nom vient avant le prénom.")
    if one["matrix"] and not fields - set(dict(one["fields"])):
        yield Message("Onglet « %(tab)s » : aucune colonne n'est une demi-journée.")
