"""How staff call fields, values and kinds of things that the store names by a code."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext

from rules import announced_totals
from rules.announced_totals import PREFIX
from rules.attendance import BY_CODE, mark_of
from rules.calendar import KINDS, MODALITIES
from rules.durations import DURATION
from rules.exchanges import LENGTH
from rules.grades import GRADE, JOINT, MARKERS, MARKINGS, PAPER, RESIT, RESIT_ON, parted
from rules.jury import DECISIONS
from rules.papers import MILESTONES
from rules.rule_set import SETTINGS, RuleSet, Unit, display_setting
from rules.rule_texts import ALL as SETTING_FIELDS
from rules.rule_texts import SOURCE
from rules.value_times import MONTHS, WEEKDAYS
from rules.values import TYPES, Type, choice
from store.accounts import ROLES
from store.administration import CLOSED, MADE, OPEN, WAITING
from store.candidate_numbers import DRAWN, UNCOVERED
from store.journal import ROW
from store.people import FUNDINGS
from store.release import CONDITION
from store.rule_sets import REASON, SETTING
from store.unit_reports import REPORT

#: Kinds of the journal: what was changed.
THINGS = {
    "account": "compte",
    "cohort": "promotion",
    "enrolment": "participant·e",
    "half_day": "demi-journée",
    "module": "module",
    "mark": "présence",
    "roll": "appel",
    "paper": "note de validation",
    "following": "suivi de la note",
    "exchange": "échange",
    "plagiarism": "signalement de plagiat",
    "tutorship": "tutorat",
    "dossier": "dossier de jury",
    "deliberation": "délibération",
    "jury_member": "membre du jury",
    "minutes": "procès-verbal",
    "book": "classeur",
    "tab": "onglet",
    "jury_tab": "onglet du jury",
    "sign_in_sheet": "feuille d'émargement",
    "signature": "signature",
    "certificate": "certificat de réalisation",
    "feed": "calendrier à abonner",
    "release": "délivrance",
}
FIELDS = {
    "last_name": "Nom", "first_name": "Prénom", "email": "Courriel", "phone": "Téléphone", "employer": "Structure",
    "funding": "Financement", "fees_paid_on": "Frais réglés le", "tariff": "Tarif",
    "arrived_on": "Dossier reçu le", "acknowledged_on": "Accusé de réception le", "agreement_on": "Convention le",
    "committed_on": "Engagement le",
    "begins_on": "Suit la formation à partir du", "waiting": "Liste d'attente", "merged": "Fusion avec",
    "module": "Module", "period": "Période",
    "day": "Date", "start": "Début", "end": "Fin", "kind": "Type", "modality": "Modalité", "place": "Lieu",
    "teachers": "Intervenant·es", "title": "Titre", "problem": "Problématique", "tutor": "Tuteur ou tutrice",
    "workshop": "Atelier", "milestone": "Étape", "deposited_on": "Déposée le", "pages": "Pages", "link": "Lien",
    "cotutor": "Co-tuteur ou co-tutrice", "wishes": "Vœux", "report_link": "Rapport antiplagiat",
    "similarity": "Similitude, en %", "capacity": "Capacité", "themes": "Thèmes suivis", "exclusion": "Écart",
    "account": "Compte",
    "result": "Résultat", "results_published": "Publication des résultats", "transmitted_on": "Transmission",
    "rectified_on": "Rectification",
    "decision": "Décision", "sealed": "Scellé", "binding": "Liaison", "state": "État",
    "role": "Rôle", "password": "Mot de passe", "google": "Compte Google",
    "invitation": "Lien pour choisir un mot de passe",
    "name": "Nom complet", "active": "Accès", "hours_absent": "Heures d'absence", "proposal": "Proposition",
    "programme": "Formation", "taken_rules": "Règlement repris de",
    "deletions": "Suppressions", "sync": "Synchronisation", "number": "Numéro", "bloc": "Bloc",
    "optional": "Facultatif", "expected_minutes": "Heures annoncées", "position": "Rang", "first_day": "Premier jour",
    "last_day": "Dernier jour", "published": "Publication du calendrier", "reason": "Motif", REASON: "Motif",
    "printed": "Imprimée", "returned": "Rentrée",
    "teacher_signed": "Signée par l'intervenant·e", "scan": "Numérisation", "issued": "Émis",
    "address": "Adresse secrète", "total-source": "Document des totaux",
    "minutes": "Durée", "summary": "Résumé", "links": "Liens", "file": "Fichier gardé",
    "report": "Plagiat signalé par", "reached-pre_note": "Pré-note, le", "reached-problem": "Problématique, le",
    "reached-plan": "Plan, le", "reached-draft": "Rédaction, le", "reached-oral": "Oral, le",
    "remark-pre_note": "Pré-note, remarque", "remark-problem": "Problématique, remarque",
    "remark-plan": "Plan, remarque", "remark-draft": "Rédaction, remarque", "remark-oral": "Oral, remarque",
    "remark-deposited": "Dépôt, remarque",
    DRAWN: "Numéros de candidats tirés", UNCOVERED: "Anonymat levé",
    "honours": "Mention", "remark": "Remarque", "confirmed": "Décision confirmée", "stepped_out": "Retrait de",
    "signed": "Procès-verbal scellé", "order_number": "Arrêté n°", "order_date": "Arrêté du",
    "held_on": "Jour de la délibération", "quality": "Qualité", "president": "Préside", "convened_on": "Convoqué·e le",
    "present": "Présent·e", ROW: "Ligne de la feuille",
}  # fmt: skip
STATES = {
    # Of a roll, of an exchange, then of a line.
    "closed": "terminé", "reopened": "rouvert",
    "noted": "échange noté", "taken_back": "échange retiré",
    "enrolled": "inscrit·e", "withdrawn": "retiré·e", "planned": "au calendrier", "removed": "retirée du calendrier",
    # What people decided about a tab, or about a column of it.
    "prepared": "préparée", "open": "ouverte", "abandoned": "abandonnée",
    "synced": "synchronisé", "left_out": "laissé de côté", "let_go": "plus synchronisé", "confirmed": "confirmé",
}  # fmt: skip
#: What was read of a line of a sheet to sign.
SIGNATURES = {"": "pas regardé", "oui": "signé", "non": "pas signé"}
#: What became of a row of the sheet that belongs to the intranet alone.
SHEET_ROWS = {"deleted": "supprimée", "put_back": "remise en place"}
ADDRESSES = {"made": "créée", "renewed": "renouvelée", "stopped": "supprimée"}
ACCESSES = {OPEN: "ouvert", CLOSED: "fermé"}
LINKS = {WAITING: "lien pas encore utilisé", MADE: "nouveau lien"}
BINDINGS = {"bound": "relié", "rebound": "relié autrement", "unbound": "plus relié"}
_DATE, _TIME = TYPES["date"], TYPES["time"]
_SHOWN: Mapping[str, Type] = {
    "funding": choice(FUNDINGS), "kind": choice(KINDS), "modality": choice(MODALITIES),
    "milestone": choice({code: label for code, label in MILESTONES.items() if code}), "decision": choice(DECISIONS),
    "fees_paid_on": _DATE, "arrived_on": _DATE, "acknowledged_on": _DATE, "agreement_on": _DATE, "committed_on": _DATE,
    "begins_on": _DATE,
    "waiting": choice({"oui": "oui"}), "day": _DATE, "deposited_on": _DATE, "start": _TIME, "end": _TIME,
    ROW: choice(SHEET_ROWS), "state": choice(STATES),
    "binding": choice(BINDINGS), "address": choice(ADDRESSES), "role": choice(ROLES),
    "password": choice({"changed": "choisi"}), "google": choice({"linked": "lié"}),
    "active": choice(ACCESSES), "invitation": choice(LINKS),
    "first_day": _DATE, "last_day": _DATE, "published": _DATE,
    "expected_minutes": DURATION, "minutes": LENGTH, "confirmed": choice(DECISIONS), "order_date": _DATE,
    "held_on": _DATE, "convened_on": _DATE, "transmitted_on": _DATE, "rectified_on": _DATE,
}  # fmt: skip


def field(name: str) -> str:
    """Return the French label of a field; a graded work keeps its own code."""
    if parted(name)[0] or name.startswith(REPORT):
        return _of_work(name)
    if name.startswith(PREFIX) and name not in FIELDS:
        return gettext("total annoncé, %(what)s", what=total(name))
    if name.startswith(CONDITION):
        return name.removeprefix(CONDITION)
    if name.startswith(SETTING):
        return setting_label(name.removeprefix(SETTING))
    return FIELDS.get(name, name)


#: What a field of a dossier is of a work, that of the paper or that of a unit.
OF_WORK = {
    RESIT: "%(work)s (rattrapage)", RESIT_ON: "%(work)s, rattrapage le",
    MARKERS[0]: "%(work)s, 1er correcteur", MARKERS[1]: "%(work)s, 2e correcteur",
    MARKINGS[0]: "%(work)s, note du 1er correcteur", MARKINGS[1]: "%(work)s, note du 2e correcteur",
    REPORT: "%(work)s, plagiat signalé par",
}  # fmt: skip


def _of_work(name: str) -> str:
    what, work = parted(name) if not name.startswith(REPORT) else (REPORT, name.removeprefix(REPORT))
    if what == GRADE:
        return "Note de l'écrit" if work == PAPER else work.replace(JOINT, " ")
    called = gettext("Note de l'écrit") if work == PAPER else work.replace(JOINT, " ")
    return gettext(OF_WORK[what]) % {"work": called}


def setting_label(name: str) -> str:
    """Return how a field of the rule set is called in this visitor's language: a setting, or where it comes from."""
    if not name.startswith(SOURCE):
        return gettext(SETTING_FIELDS[name][0]) if name in SETTING_FIELDS else name
    setting = name.removeprefix(SOURCE)
    return gettext("source : %(label)s", label=gettext(SETTINGS.get(setting, setting)))


def setting_value(name: str, text: str) -> str:
    """Return what a field of the rule set held, in this visitor's language: one chosen in a list by its label."""
    choices = SETTING_FIELDS[name][1] if name in SETTING_FIELDS else None
    return gettext(choices[text]) if choices and text in choices else text


def total(name: str) -> str:
    """Return what a total announced is of, in this visitor's language; a bloc keeps its own name."""
    return gettext(announced_totals.label(name))


def value(name: str, canonical: str) -> str:
    """Return what a page shows of a canonical value of a field, in this visitor's language; '' is said « vide »."""
    if not canonical:
        return gettext("vide")
    what, _work = parted(name)
    if what in (GRADE, RESIT, *MARKINGS):
        return TYPES["grade"].display(canonical)
    if what == RESIT_ON:
        return _DATE.display(canonical)
    if name.startswith(PREFIX):
        return announced_totals.display(name, canonical)
    if name.startswith(("reached-", CONDITION)):
        return _DATE.display(canonical)
    if name.startswith(SETTING):
        return setting_value(name.removeprefix(SETTING), canonical)
    if name in _SHOWN:
        return gettext(_SHOWN[name].display(canonical))
    return canonical


def cell(kind: str, name: str, canonical: str) -> str:
    """Return what a page shows of a cell of a tab, or of a value of a record, of this kind."""
    if kind == "signature":
        return signature(canonical)
    if kind in ("attendance", "mark") and name not in FIELDS:
        return mark(canonical)
    return value(name, canonical)


def mark(cell: str) -> str:
    """Return what a page shows of a canonical mark, in this visitor's language: « en retard, 15 min »."""
    status, minutes = mark_of(cell)
    label = gettext(BY_CODE[status].label)
    return f"{label}, {minutes} min" if minutes else label


def signature(cell: str) -> str:
    """Return what a page shows of whether a line of a sheet is signed, in this visitor's language."""
    return gettext(SIGNATURES[cell])


def setting(rules: RuleSet, name: str) -> str:
    """Return the value of a setting in this visitor's language; '' where it limits nothing."""
    if name == "units":
        return ", ".join(map(_unit, rules.units))
    if name == "attendance" and rules.attendance.kind == "share":
        share = rules.attendance.share_percent
        return gettext("défaillant·e au-delà de %(share)s %% des heures", share=share)
    text = display_setting(rules, name)
    return gettext(text) if text else ""


def _unit(unit: Unit) -> str:
    if not unit.assessments:
        return gettext("%(code)s (%(n)s crédits)", code=unit.code, n=unit.credits)
    parts = ", ".join(f"{one.code} ×{one.weight}" for one in unit.assessments)
    return gettext("%(code)s (%(n)s crédits : %(parts)s)", code=unit.code, n=unit.credits, parts=parts)


def long_date(day: date) -> str:
    """Return a date in full in this visitor's language: lundi 20 janvier 2025."""
    number = gettext("1er") if day.day == 1 else str(day.day)
    return f"{gettext(WEEKDAYS[day.weekday()])} {number} {gettext(MONTHS[day.month - 1])} {day.year}"
