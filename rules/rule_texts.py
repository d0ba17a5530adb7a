"""A rule set as the fields of a form: each setting as a text, and a rule set made anew from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from rules.attendance import RULE_KINDS
from rules.message import Message, Refused
from rules.rule_set import BODIES, ENROLMENT_ORDERS, PAPER_KINDS, SETTINGS, TUTOR_MEMBERS, Honours, RuleSet, checked
from rules.unit_texts import read_units, text_of
from rules.values import TYPES, display_date

YES, NO = "oui", "non"
#: Of a setting typed one item a line.
MOST_LINES, LONGEST_LINE = 20, 120
YES_NO = {YES: YES, NO: NO}

#: Fields of the attendance rule, then of the rule set itself: label, and the choices of those that have some.
ATTENDANCE_FIELDS: Mapping[str, tuple[str, Mapping[str, str] | None]] = {
    "kind": ("règle d'assiduité", RULE_KINDS),
    "share_percent": ("absences permises, en pourcentage des heures", None),
    "justified_counts": ("une absence justifiée compte", YES_NO),
    "late_counts": ("les retards et les départs anticipés comptent", YES_NO),
    "thresholds": ("seuils d'alerte, en pourcentage des heures permises", None),
}
FIELDS: Mapping[str, tuple[str, Mapping[str, str] | None]] = {
    "units": (SETTINGS["units"], None),
    "lock_days": ("appel verrouillé après, en jours", None),
    "size_min": ("effectif minimal", None),
    "size_max": ("effectif maximal", None),
    "enrolment_order": ("ordre des inscriptions", ENROLMENT_ORDERS),
    "pass_mark": ("note minimale", None),
    "paper_required": ("écrit exigé", YES_NO),
    "paper_kind": ("nature de l'écrit", {kind: kind for kind in PAPER_KINDS}),
    "paper_graded": ("écrit noté", YES_NO),
    "pages_min": ("pages, au moins", None),
    "pages_max": ("pages, au plus", None),
    "paper_due": ("dépôt de l'écrit, au plus tard le", None),
    "similarity_max": ("similitude signalée au-delà de, en pourcentage", None),
    "workshop_min": ("atelier, au moins", None),
    "workshop_max": ("atelier, au plus", None),
    "fees_required": ("frais acquittés avant délivrance", YES_NO),
    "validation_body": ("instance de validation", BODIES),
    "double_marking": (SETTINGS["double_marking"], YES_NO),
    "marking_gap": (SETTINGS["marking_gap"], None),
    "anonymous": (SETTINGS["anonymous"], YES_NO),
    "tutor_member": (SETTINGS["tutor_member"], TUTOR_MEMBERS),
    "honours": (SETTINGS["honours"], None),
    "release_conditions": (SETTINGS["release_conditions"], None),
    "display_names": (SETTINGS["display_names"], YES_NO),
    "transmission_months": (SETTINGS["transmission_months"], None),
    "survey_months": (SETTINGS["survey_months"], None),
}
#: Settings typed one item a line.
LINES = ("units", "honours", "release_conditions")
ALL = ATTENDANCE_FIELDS | FIELDS
#: Where a setting comes from is a field too.
SOURCE = "source-"
#: Numbers that may be left blank, where nothing limits.
_OPTIONAL = ("lock_days", "size_min", "size_max", "pages_min", "pages_max", "paper_due",
             "similarity_max", "workshop_min", "workshop_max")


def as_texts(rules: RuleSet) -> dict[str, str]:
    """Give every setting as the text of its field."""
    found = {name: _text(getattr(rules.attendance, name)) for name in ATTENDANCE_FIELDS}
    lines = {
        "units": text_of(rules.units), "release_conditions": "\n".join(rules.release_conditions),
        "honours": "\n".join(map(_honours_text, rules.honours)),
    }  # fmt: skip
    return found | {name: _text(getattr(rules, name)) for name in FIELDS} | lines


def _honours_text(one: Honours) -> str:
    return one.label if one.least is None else f"{one.label} ; {_text(one.least)}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return display_date(value.isoformat())
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).replace(".", ",")


def revised(rules: RuleSet, texts: Mapping[str, str], sources: Mapping[str, str]) -> RuleSet:
    """Give a rule set with some settings typed anew and the documents that say so; Refused names the field.

    sources: setting of the rule set -> document; the whole attendance rule has one.
    """
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            # Lines are told by their number: those left blank above them count.
            values[name] = _value(name, text if name in LINES else text.strip())
        except Refused as error:
            raise _about(name, error.message) from error
    attendance = {name: values.pop(name) for name in ATTENDANCE_FIELDS if name in values}
    if attendance.get("kind", rules.attendance.kind) != "share":
        # The one that stood there goes with its rule; one that somebody types is not thrown away in silence.
        if attendance.get("share_percent") not in (None, rules.attendance.share_percent):
            raise _about("share_percent", Message("Un pourcentage ne sert qu'avec la règle « part des heures ».", {}))
        attendance["share_percent"] = None
    said = {name: source.strip() for name, source in sources.items()}
    source = said.pop("attendance", rules.attendance.source)
    try:
        values["attendance"] = replace(rules.attendance, **attendance, source=source)
    except ValueError as error:
        raise _about("share_percent", Message("La part des heures est un nombre entier entre 0 et 100.", {})) from error
    kept = {name: text for name, text in (dict(rules.sources) | said).items() if text}
    return checked(replace(rules, **values, sources=kept))


def _value(name: str, text: str) -> Any:
    if name not in ALL:
        raise Refused("Réglage inconnu : %(names)s.", names=name)
    choices = ALL[name][1]
    if choices is YES_NO:
        if text not in choices:
            raise Refused("Répondez par oui ou par non.")
        return text == YES
    if choices is not None:
        if text not in choices:
            raise Refused("« %(typed)s » n'est pas un choix proposé.", typed=text)
        return text
    if name == "pass_mark":
        return Decimal(TYPES["decimal"].parse(text) or "10")
    if name == "marking_gap":
        return Decimal(TYPES["decimal"].parse(text) or "3")
    if name == "units":
        return read_units(text)
    if name == "honours":
        return tuple(_honours(line) for line in _lines(text))
    if name == "release_conditions":
        return _lines(text)
    if name == "survey_months":
        return tuple(sorted({_whole(part.strip()) for part in text.split(",") if part.strip()}))
    if name == "thresholds":
        return _thresholds(text)
    if not text and (name in _OPTIONAL or name == "share_percent"):
        return None
    if name == "paper_due":
        return date.fromisoformat(TYPES["date"].parse(text))
    return _whole(text)


def _lines(text: str) -> tuple[str, ...]:
    found = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
    if len(found) > MOST_LINES or any(len(line) > LONGEST_LINE for line in found):
        raise Refused(
            "%(most)s lignes au plus, de %(length)s caractères au plus.", most=MOST_LINES, length=LONGEST_LINE
        )
    return found


def _honours(line: str) -> Honours:
    """Read « Bien ; 14 », or « Félicitations du jury » alone: never proposed, given by the jury."""
    label, _separator, least = (part.strip() for part in line.partition(";"))
    wrong = Refused("« %(typed)s » n'est pas de la forme « mention ; à partir de ».", typed=line)
    try:
        grade = TYPES["grade"].parse(least)
    except Refused as error:
        raise wrong from error
    if not label or grade and not grade[:1].isdigit():
        raise wrong
    return Honours(label, Decimal(grade) if grade else None)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Refused("« %(typed)s » n'est pas un nombre entier de 0 à 999999.", typed=text)
    return int(text)


def _thresholds(text: str) -> tuple[int, ...]:
    found = tuple(sorted({_whole(part.strip().removesuffix("%").strip()) for part in text.split(",") if part.strip()}))
    if not all(0 < percent <= 100 for percent in found):
        raise Refused("Un seuil est un pourcentage entre 1 et 100.")
    return found


def changes(before: RuleSet, after: RuleSet) -> dict[str, tuple[str, str]]:
    """List what differs between two rule sets as {field: (text before, text after)}, their sources included."""
    texts = [as_texts(rules) | _sources(rules) for rules in (before, after)]
    names = dict.fromkeys([*texts[0], *texts[1]])
    found = {name: (texts[0].get(name, ""), texts[1].get(name, "")) for name in names}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _sources(rules: RuleSet) -> dict[str, str]:
    said = dict(rules.sources) | {"attendance": rules.attendance.source}
    return {f"{SOURCE}{name}": text for name, text in said.items() if text}


def check_change(
    before: RuleSet, after: RuleSet, begun: bool, reason: str
) -> dict[str, tuple[str, str]]:
    """Give the changes to list, or refuse them: once teaching has begun they ask for a reason."""
    found = changes(checked(before), checked(after))
    if found and begun and not reason.strip():
        raise _about("reason", Message("Les séances ont commencé : donnez le motif de ce changement de règlement.", {}))
    return found


def _about(field: str, message: Message) -> Refused:
    error = Refused(message)
    error.field = field  # type: ignore[attr-defined]
    return error
