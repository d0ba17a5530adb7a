"""The culture certificate, March to November 2026: fifteen dated days."""

from rules.attendance import AttendanceRule
from rules.calendar import Expected
from rules.rule_set import RuleSet
from store.demonstration.programmes.shape import (
    HalfDayData,
    ModuleData,
    ProgrammeData,
    numbered,
    sources,
    two_half_days,
)

DOCUMENT = "Programme du certificat, spécialité culture, 2026"
ON_SITE = "Cnam (292 rue Saint-Martin ou 2 rue Conté) ou Opale, 21 rue des Malmaisons, 75013 Paris"
FIELD = "Visite de terrain, Île-de-France"

THEMES = numbered(
    [
        "Les liens entre culture et ESS : panorama des acteurs, grands enjeux et historique",
        "Économie solidaire",
        "Droits culturels, droits humains et communs",
        "Analyse institutionnelle",
        "Analyse organisationnelle",
        "Analyse économique",
        "Co-construire l'action publique : de la co-construction à l'interpellation ou de "
        "l'interpellation à la co-construction",
        "Gouvernance collective des initiatives culturelles d'économie solidaire",
        "Prospective et scénarios du changement",
    ]
)
VISITS = numbered(["Visite apprenante"] * 3, prefix="V")
TUTORING = numbered(["Tutorat collectif"] * 3, prefix="T")
MODULES = [*THEMES, *VISITS, *TUTORING]

DATES = [
    "2026-03-16",
    "2026-03-17",
    "2026-03-18",
    "2026-05-04",
    "2026-05-05",
    "2026-06-15",
    "2026-06-16",
    "2026-06-17",
    "2026-09-14",
    "2026-09-15",
    "2026-10-12",
    "2026-10-13",
    "2026-10-14",
    "2026-11-16",
    "2026-11-17",
]


def _day(date: str, module: ModuleData) -> list[HalfDayData]:
    if module in VISITS:
        return two_half_days(module.number, date, "", "visit", FIELD)
    return two_half_days(
        module.number, date, "", "group_tutoring" if module in TUTORING else "course", ON_SITE
    )


RULE_SET = RuleSet(
    attendance=AttendanceRule("none", source=f"{DOCUMENT} : aucune règle d'assiduité"),
    paper_kind="note de validation",
    pages_min=15,
    pages_max=20,
    size_min=12,
    size_max=30,
    enrolment_order="arrival",
    sources=sources(
        DOCUMENT,
        paper_required="« Modalités d'évaluation et de validation »",
        paper_kind="« Modalités d'évaluation et de validation »",
        pages_min="« Modalités d'évaluation et de validation »",
        pages_max="« Modalités d'évaluation et de validation »",
        size_min="« Public »",
        size_max="« Public »",
        validation_body="« Calendrier »",
        enrolment_order="« Candidatures et modalités d'inscription »",
    ),
)

PROGRAMME = ProgrammeData(
    code="CULT-2026",
    programme_title="Certificat de spécialisation Innovations sociales, économie sociale et solidaire, "
    "économie plurielle, société de services, spécialité culture",
    cohort_title="Spécialité culture, 2026",
    starts="mars 2026",
    ends="novembre 2026",
    rule_set=RULE_SET,
    modules=MODULES,
    half_days=[
        half_day for date, module in zip(DATES, MODULES, strict=True) for half_day in _day(date, module)
    ],
    teachers=("Jean-Louis Laville",),
    participants_count=14,
    expected=Expected(30, 90 * 60, 15, {"course": 54 * 60, "visit": 18 * 60, "group_tutoring": 18 * 60}),
    notes=(
        "Le document donne quinze dates et quinze journées, sans dire laquelle tombe quand : elles sont "
        "placées dans l'ordre du programme, à titre provisoire.",
        "Le calendrier est annoncé « susceptible de modifications » ; il porte la mention « 2025 », mais "
        "ses jours de semaine sont ceux de 2026.",
        "L'écrit est une « note de validation », dite « mémoire » au calendrier ; rédaction "
        "de juin à décembre.",
        "Jury annoncé en janvier 2027, hors des 90 heures.",
    ),
)
