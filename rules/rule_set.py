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
#: What a member of the jury who tutored a candidate does: they are named on the line, or they step out.
TUTOR_MEMBERS = {"warn": "le signaler", "step_out": "le membre se retire"}

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
    "double_marking": "double correction",
    "marking_gap": "écart signalé entre deux correcteurs, en points",
    "anonymous": "notes des unités saisies sous un numéro",
    "tutor_member": "membre du jury qui a suivi la note",
    "honours": "mentions",
    "release_conditions": "autres conditions de délivrance",
    "display_names": "affichage des résultats avec les noms",
    "transmission_months": "transmission à la Caisse des dépôts sous, en mois",
    "survey_months": "enquêtes d'insertion après, en mois",
}


@dataclass(frozen=True)
class Assessment:
    """One assessment of a unit: its weight in the grade of the unit is a whole number."""

    code: str
    title: str
    weight: int
    #: The day on which it is held, where that is known.
    held_on: date | None = None


@dataclass(frozen=True)
class Unit:
    """A unit of teaching, and the credits it gives at the pass mark.

    With assessments, its grade is made of theirs; without, it is entered as it is.
    """

    code: str
    title: str
    credits: int
    assessments: tuple[Assessment, ...] = ()
    #: The day of its one control, where it has no assessments and that is known.
    held_on: date | None = None


@dataclass(frozen=True)
class Honours:
    """A mention that the jury may give, proposed from this grade on; None: never proposed."""

    label: str
    least: Decimal | None = None


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
    #: Two markers a work, and the points between them from which it is pointed out.
    double_marking: bool = False
    marking_gap: Decimal = Decimal(3)
    #: Units are graded under a number until the names are uncovered.
    anonymous: bool = False
    tutor_member: str = "warn"
    honours: tuple[Honours, ...] = ()
    release_conditions: tuple[str, ...] = ()
    display_names: bool = True
    transmission_months: int = 3
    survey_months: tuple[int, ...] = ()
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
    plain["units"] = [_dated(unit) | {"assessments": [_dated(one) for one in unit["assessments"]]}
                      for unit in plain["units"]]  # fmt: skip
    plain["pass_mark"] = str(rule_set.pass_mark)
    plain["paper_due"] = rule_set.paper_due.isoformat() if rule_set.paper_due else None
    plain["marking_gap"] = str(rule_set.marking_gap)
    plain["honours"] = [
        {"label": one.label, "least": None if one.least is None else str(one.least)} for one in rule_set.honours
    ]
    return plain


def _dated(held: dict[str, Any]) -> dict[str, Any]:
    """Write the day of a control as text; one that is not known is not written, as before days were."""
    day = held.pop("held_on")
    return held | ({"held_on": day.isoformat()} if day else {})


def from_dict(plain: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from plain JSON values; raise Refused on one that cannot be."""
    unknown = set(plain) - {f.name for f in fields(RuleSet)}
    if unknown:
        raise Refused("Réglage inconnu : %(names)s.", names=", ".join(sorted(unknown)))
    values = dict(plain)
    try:
        values["attendance"] = AttendanceRule(**plain["attendance"])
        values["units"] = tuple(_unit(unit) for unit in plain.get("units", ()))
        values["marking_gap"] = Decimal(str(plain.get("marking_gap", "3")))
        values["honours"] = tuple(
            Honours(one["label"], None if one["least"] is None else Decimal(one["least"]))
            for one in plain.get("honours", ())
        )
        for name in ("release_conditions", "survey_months"):
            values[name] = tuple(plain.get(name, ()))
        values["pass_mark"] = Decimal(str(plain.get("pass_mark", "10")))
        due = plain.get("paper_due")
        values["paper_due"] = date.fromisoformat(due) if due else None
    except (KeyError, TypeError, ValueError, InvalidOperation) as wrong:
        raise Refused("Le règlement enregistré ne se lit pas : %(why)s.", why=str(wrong)) from wrong
    return checked(RuleSet(**values))


def _unit(plain: Mapping[str, Any]) -> Unit:
    assessments = tuple(Assessment(**_day(one)) for one in plain.get("assessments", ()))
    return Unit(**(_day(plain) | {"assessments": assessments}))


def _day(plain: Mapping[str, Any]) -> dict[str, Any]:
    day = plain.get("held_on")
    return dict(plain) | {"held_on": date.fromisoformat(day) if day else None}


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
    if rule_set.tutor_member not in TUTOR_MEMBERS:
        raise Refused("Ce que fait un membre du jury qui a suivi la note n'est pas connu.")
    _check_jury(rule_set)
    codes = [unit.code for unit in rule_set.units]
    if len(codes) != len(set(codes)) or any(unit.credits < 0 for unit in rule_set.units):
        raise Refused("Chaque unité a son propre code, et des crédits positifs.")
    return rule_set


def _check_jury(rule_set: RuleSet) -> None:
    if rule_set.marking_gap <= 0:
        raise Refused("L'écart signalé entre deux correcteurs est un nombre de points positif.")
    if not 1 <= rule_set.transmission_months <= 24 or not all(1 <= months <= 60 for months in rule_set.survey_months):
        raise Refused("Un délai est un nombre de mois : de 1 à 24 pour la transmission, de 1 à 60 pour une enquête.")
    for unit in rule_set.units:
        names = [one.code for one in unit.assessments]
        if len(names) != len(set(names)) or any(one.weight < 1 for one in unit.assessments):
            raise Refused("%(code)s : chaque épreuve a son propre code, et un coefficient positif.", code=unit.code)
    labels = [one.label for one in rule_set.honours]
    if len(labels) != len(set(labels)) or len(rule_set.release_conditions) != len(set(rule_set.release_conditions)):
        raise Refused("Chaque mention et chaque condition de délivrance a son propre nom.")


def _check_range(least: int | None, most: int | None, label: str) -> None:
    if (least is not None and least < 0) or (least is not None and most is not None and least > most):
        raise Refused("« %(label)s » : le minimum ne peut dépasser le maximum.", label=label)


def display_setting(rule_set: RuleSet, setting: str) -> str:
    """Write the value of a setting for a page."""
    value = getattr(rule_set, setting)
    if setting == "attendance":
        return _attendance_text(value)
    if setting == "units":
        return ", ".join(map(_unit_text, value))
    if setting == "honours":
        return ", ".join(_honours_text(one) for one in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, date):
        return display_date(value.isoformat())
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    labels = {
        "validation_body": BODIES, "enrolment_order": ENROLMENT_ORDERS, "tutor_member": TUTOR_MEMBERS,
    }.get(setting, {})  # fmt: skip
    return "" if value is None else labels.get(value, str(value))


def _unit_text(unit: Unit) -> str:
    parts = ", ".join(f"{one.code} ×{one.weight}" for one in unit.assessments)
    return f"{unit.code} ({unit.credits} crédits{' : ' + parts if parts else ''})"


def _honours_text(one: Honours) -> str:
    return one.label if one.least is None else f"{one.label} (dès {str(one.least).replace('.', ',')})"


def _attendance_text(rule: AttendanceRule) -> str:
    if rule.kind != "share":
        return RULE_KINDS[rule.kind]
    counted = [
        text for text, said in (
            ("absences justifiées non comptées", not rule.justified_counts),
            ("retards et départs anticipés comptés", rule.late_counts),
        ) if said
    ]  # fmt: skip
    apart = f" ({', '.join(counted)})" if counted else ""
    return f"défaillant·e au-delà de {rule.share_percent} % des heures{apart}"
