"""What is drawn from sealed minutes: an extract for each candidate, the list of the admitted, the list to display."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.french import spaced_all
from documents.minutes import Data, cell, checked, codes, counted, day, framed, notes, sentence
from documents.typesetting import pdf
from rules.attendance import hours_text
from rules.jury import DECISIONS
from rules.minutes import works

#: What is said of a candidate that is the jury's own: it stands in the minutes, and in no extract. What the rules
#: proposed is left out too: the reasons are there, and why the jury decided otherwise where it said so.
OF_THE_JURY = frozenset({"tutors", "stepped_out"})


#: Of candidates whom later minutes decide of again: the number of these minutes.
Replaced = Mapping[str, str]
NOT_REPLACED: Replaced = {}


def extracts(data: Data, chosen: Sequence[str], address: str = "", replaced: Replaced = NOT_REPLACED) -> bytes:
    """Return a page for each chosen candidate, in the order of the minutes: what was decided of them alone."""
    wanted = [one for one in data["candidates"] if one["id"] in chosen]
    values = {
        **framed(data, f"Extrait du procès-verbal {data['number']}"), "supersedes": data["supersedes"],
        "sentence": sentence(data, "arrête la décision suivante."),
        "credited": any(work[3] is not None for work in data["works"]),
        "extracts": [{**_extract(data, one), "replaced": replaced.get(one["id"], "")} for one in wanted],
    }  # fmt: skip
    return pdf("minutes_extract.typ", {**spaced_all(values), **checked(data, address)})


def _extract(data: Data, one: Data) -> dict[str, Any]:
    allowed = one["hours"]["allowed"]
    return {
        "id": one["id"], "last": one["last_name"], "first": one["first_name"], "decision": DECISIONS[one["decision"]],
        "honours": one["honours"], "credits": str(one["credits"]), "absent": hours_text(one["hours"]["absent"]),
        "allowed": "" if allowed is None else hours_text(allowed),
        "grades": [_grade(data, work, one) for work in works(data)], "codes": codes([one]),
        "notes": notes({**one, **dict.fromkeys(OF_THE_JURY, ""), "proposed": one["decision"]}),
    }  # fmt: skip


def _grade(data: Data, work: Sequence[Any], one: Data) -> dict[str, Any]:
    key, label, title, credit = work
    found = cell(data, key, one)
    part = ":" in key
    return {
        "label": f"{label} – {title}" if part and title else label, "title": title, "part": part,
        "grade": found["grade"], "resit": found["resit"], "credits": "" if credit is None else str(credit),
    }  # fmt: skip


def _who(name: str, replaced: Replaced, key: str) -> str:
    return f"{name} (décision remplacée : voir le procès-verbal {replaced[key]})" if key in replaced else name


def admitted(data: Data, address: str = "", replaced: Replaced = NOT_REPLACED) -> bytes:
    """Return the list of the admitted, by name, with their honours."""
    rows = [
        [_who(f"{one['last_name']} {one['first_name']}", replaced, one["id"]), one["id"], one["honours"]]
        for one in data["candidates"] if one["decision"] == "admitted"
    ]  # fmt: skip
    return _list(data, "Liste des admis·es", ["Nom", "Dossier", "Mention"], [3, 2, 2], rows, address)


def displayed(
    data: Data, numbers: Mapping[str, int], address: str = "", replaced: Replaced = NOT_REPLACED
) -> bytes:
    """Return the list of decisions to display: under names, or under numbers where the rule set asks for none.

    A number is that of the candidate, else of their dossier. Numbers have an order of their own: that of the minutes
    would tell the names.
    """
    if data["rule_set"].get("display_names", True):
        rows = [
            [_who(f"{one['last_name']} {one['first_name']}", replaced, one["id"]), DECISIONS[one["decision"]],
             one["honours"]] for one in data["candidates"]
        ]  # fmt: skip
        return _list(data, "Résultats", ["Nom", "Décision", "Mention"], [3, 2, 2], rows, address)
    ordered = sorted(data["candidates"], key=lambda one: (numbers.get(one["id"], 0), one["id"]))
    rows = [
        [_who(str(numbers.get(one["id"]) or one["id"]), replaced, one["id"]), DECISIONS[one["decision"]],
         one["honours"]] for one in ordered
    ]  # fmt: skip
    return _list(data, "Résultats", ["Numéro", "Décision", "Mention"], [3, 2, 2], rows, address)


def _list(
    data: Data, heading: str, header: list[str], widths: list[int], rows: list[list[str]], address: str
) -> bytes:
    values = {
        **framed(data, f"{heading}, procès-verbal {data['number']}"), "supersedes": data["supersedes"],
        "heading": heading, "held": day(data["deliberation"]["held_on"]), "total": counted(len(rows)),
        "header": header, "widths": widths, "rows": rows,
    }  # fmt: skip
    return pdf("minutes_lists.typ", {**spaced_all(values), **checked(data, address)})
