"""What a promotion asks, setting by setting, and the document that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from rules.attendance import RULE_KINDS, AttendanceRule
from rules.message import Refused
from rules.value_times import display_date

PAPER_KINDS = ("note de validation", "mémoire")
BODIES = {"jury": "jury", "commission": "commission"}
ENROLMENT_ORDERS = {"arrival": "ordre d'arrivée", "commission": "commission pédagogique"}

#: French label of each setting, in the order of the page.
SETTINGS = {
    "attendance": "assiduité",
    "units": "unités d'enseignement",
    "pass_mark": "note minimale",
    "paper_required": "écrit exigé",
    "paper_kind": "nature de l'écrit",
    "paper_graded": "écrit noté",
    "pages_min": "pages, au moins",
    "pages_max": "pages, au plus",
    "paper_due": "dépôt de l'écrit, au plus tard le",
    "similarity_max": "similitude signalée au-delà de, en pourcentage",
    "size_min": "effectif minimal",
    "size_max": "effectif maximal",
    "workshop_min": "atelier, au moins",
    "workshop_max": "atelier, au plus",
    "fees_required": "frais acquittés avant délivrance",
    "validation_body": "instance de validation",
    "enrolment_order": "ordre des inscriptions",
    "lock_days": "appel verrouillé après, en jours",
}


@dataclass(frozen=True)
class Unit:
    """A unit of teaching, and the credits it gives at the pass mark."""

    code: str
    title: str
    credits: int


@dataclass(frozen=True)
class RuleSet:
    """The rules of one promotion.

    A page range, a size or a workshop size is None where nothing limits it. sources: name of the
    setting -> document and section, in French; the attendance rule also carries its own.
    """

    attendance: AttendanceRule
    units: tuple[Unit, ...] = ()
    pass_mark: Decimal = Decimal(10)
    paper_required: bool = True
    paper_kind: str = "note de validation"
    paper_graded: bool = True
    pages_min: int | None = None
    pages_max: int | None = None
    #: Last day to hand the paper in; percent of similarity beyond which a report is pointed out.
    paper_due: date | None = None
    similarity_max: int | None = None
    size_min: int | None = None
    size_max: int | None = None
    workshop_min: int | None = None
    workshop_max: int | None = None
    fees_required: bool = False
    validation_body: str = "jury"
    enrolment_order: str = "arrival"
    #: Days after a roll was closed from which it is locked; None where it never is.
    lock_days: int | None = 14
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, setting: str) -> str:
        """Give the document and section that a setting comes from, '' when none is known."""
        if setting == "attendance":
            return self.attendance.source or self.sources.get(setting, "")
        return self.sources.get(setting, "")


#: What a promotion opens with when nobody said what it asks: nothing is invented, so nothing is required.
PLAIN = RuleSet(AttendanceRule("none"), paper_required=False)


def as_dict(rule_set: RuleSet) -> dict[str, Any]:
    """Give the rule set as plain JSON values; `from_dict` gives it back equal."""
    plain = asdict(replace(rule_set, sources=dict(rule_set.sources)))
    plain["pass_mark"] = str(rule_set.pass_mark)
    plain["paper_due"] = rule_set.paper_due.isoformat() if rule_set.paper_due else None
    plain["units"] = [asdict(unit) for unit in rule_set.units]
    return plain


def from_dict(plain: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from plain JSON values; raise Refused on one that cannot be."""
    unknown = set(plain) - {f.name for f in fields(RuleSet)}
    if unknown:
        raise Refused("Réglage inconnu : %(names)s.", names=", ".join(sorted(unknown)))
    values = dict(plain)
    try:
        values["attendance"] = AttendanceRule(**plain["attendance"])
        values["units"] = tuple(Unit(**unit) for unit in plain.get("units", ()))
        values["pass_mark"] = Decimal(str(plain.get("pass_mark", "10")))
        due = plain.get("paper_due")
        values["paper_due"] = date.fromisoformat(due) if due else None
    except (KeyError, TypeError, ValueError, InvalidOperation) as wrong:
        raise Refused("Le règlement enregistré ne se lit pas : %(why)s.", why=str(wrong)) from wrong
    return checked(RuleSet(**values))


def checked(rule_set: RuleSet) -> RuleSet:
    """Give the rule set back, or refuse one that contradicts itself."""
    if not 0 <= rule_set.pass_mark <= 20:
        raise Refused("La note minimale est entre 0 et 20.")
    if rule_set.paper_kind not in PAPER_KINDS:
        raise Refused("La nature de l'écrit est : %(kinds)s.", kinds=" ou ".join(PAPER_KINDS))
    if rule_set.validation_body not in BODIES or rule_set.enrolment_order not in ENROLMENT_ORDERS:
        raise Refused("L'instance de validation ou l'ordre des inscriptions n'est pas connu.")
    for name in ("pages", "size", "workshop"):
        least, most = getattr(rule_set, f"{name}_min"), getattr(rule_set, f"{name}_max")
        _check_range(least, most, SETTINGS[f"{name}_min"])
    if rule_set.lock_days is not None and rule_set.lock_days < 0:
        raise Refused("Le délai de verrouillage de l'appel est un nombre de jours positif.")
    if rule_set.similarity_max is not None and not 0 <= rule_set.similarity_max <= 100:
        raise Refused("La part de similitude est un pourcentage entre 0 et 100.")
    codes = [unit.code for unit in rule_set.units]
    if len(codes) != len(set(codes)) or any(unit.credits < 0 for unit in rule_set.units):
        raise Refused("Chaque unité a son propre code, et des crédits positifs.")
    return rule_set


def _check_range(least: int | None, most: int | None, label: str) -> None:
    if (least is not None and least < 0) or (least is not None and most is not None and least > most):
        raise Refused("« %(label)s » : le minimum ne peut dépasser le maximum.", label=label)


def display_setting(rule_set: RuleSet, setting: str) -> str:
    """Write the value of a setting for a page."""
    value = getattr(rule_set, setting)
    if setting == "attendance":
        return _attendance_text(value)
    if setting == "units":
        return ", ".join(f"{unit.code} ({unit.credits} crédits)" for unit in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return display_date(value.isoformat())
    if setting == "pass_mark":
        return str(value).replace(".", ",")
    labels = {"validation_body": BODIES, "enrolment_order": ENROLMENT_ORDERS}.get(setting, {})
    return "" if value is None else labels.get(value, str(value))


def _attendance_text(rule: AttendanceRule) -> str:
    if rule.kind != "share":
        return RULE_KINDS[rule.kind]
    return f"défaillant·e au-delà de {rule.share_percent} % des heures"
