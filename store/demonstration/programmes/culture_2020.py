"""The culture certificate, November 2020 to June 2021: fifteen days placed by week only."""

from rules.attendance import AttendanceRule
from rules.calendar import Expected
from rules.rule_set import RuleSet
from store.demonstration.programmes.shape import HalfDayData, ProgrammeData, numbered, sources, two_half_days

DOCUMENT = "Programme du certificat, spécialité culture, 2020-2021"
CNAM = "Cnam, 292 rue Saint-Martin ou 2 rue Conté, 75003 Paris"
FIELD = "Visite de terrain, Île-de-France"

MODULES = [
    *numbered(
        [
            "Initiatives citoyennes d'intérêt général dans l'art et la culture",
            "Économie culturelle solidaire",
            "Droits culturels, droits humains et communs",
            "Structuration interne et gestion : modèle économique, financements solidaires",
            "Gouvernance collective des initiatives culturelles d'économie solidaire",
            "Évolution du paysage professionnel et des métiers",
            "Coopération : enjeux et pratiques",
            "De l'utilité sociale aux démarches de progrès autour des droits culturels",
            "Des expériences de l'Économie solidaire",
            "Transitions territoriales et politiques publiques : un continuum du local à l'Europe",
            "Coconstruction entre acteurs d'un territoire et innovation sociale",
            "Coconstruction avec les collectivités publiques",
        ]
    ),
    *numbered(["Tutorat collectif"] * 3, prefix="T"),
]

# (period, module), one day each, in the order of the document.
DAYS = [
    ("Semaine 1 / novembre 2020", "1"),
    ("Semaine 1 / novembre 2020", "2"),
    ("Semaine 2 / novembre 2020", "3"),
    ("Semaine 3 / décembre 2020", "4"),
    ("Semaine 3 / décembre 2020", "5"),
    ("Semaine 4 / décembre 2020", "T1"),
    ("Semaine 5 / janvier 2021", "6"),
    ("Semaine 5 / janvier 2021", "7"),
    ("Semaine 6 / février 2021", "T2"),
    ("Semaine 6 / février 2021", "8"),
    ("Semaine 7 / mars 2021", "9"),
    ("Semaine 7 / mars 2021", "10"),
    ("Semaine 8 / avril 2021", "11"),
    ("Semaine 8 / avril 2021", "12"),
    ("Semaine 9 / mai 2021", "T3"),
]
VISITS = ("7", "8", "9")


def _day(period: str, module: str) -> list[HalfDayData]:
    if module in VISITS:
        return two_half_days(module, None, period, "visit", FIELD)
    return two_half_days(module, None, period, "group_tutoring" if module.startswith("T") else "course", CNAM)


RULE_SET = RuleSet(
    attendance=AttendanceRule("none", source=f"{DOCUMENT} : aucune règle d'assiduité"),
    paper_kind="mémoire",
    size_min=13,
    size_max=30,
    enrolment_order="arrival",
    sources=sources(
        DOCUMENT,
        paper_required="« Évaluation et validation »",
        paper_kind="« Évaluation et validation »",
        size_min="« Public »",
        size_max="« Public »",
        validation_body="« Évaluation et validation »",
        enrolment_order="« Candidatures et modalités d'inscription »",
    ),
)

PROGRAMME = ProgrammeData(
    code="CULT-2020",
    programme_title="Certificat de spécialisation Innovations sociales : économie sociale et solidaire, "
    "économie plurielle et société de services, spécialité culture",
    cohort_title="Spécialité culture, 2020-2021",
    starts="novembre 2020",
    ends="juin 2021",
    rule_set=RULE_SET,
    modules=MODULES,
    half_days=[half_day for period, module in DAYS for half_day in _day(period, module)],
    teachers=(
        "Jean-Louis Laville",
        "Philippe Henry",
        "Laura Aufrère",
        "Philippe Eynaud",
        "Cécile Offroy",
        "Elisabetta Bucolo",
        "Patricia Coler",
        "Luc de Larminat",
        "Lucile Rivera-Bailacq",
        "Bruno Lasnier",
        "Chloé Sécher",
    ),
    participants_count=16,
    expected=Expected(30, 90 * 60, 15, {"course": 54 * 60, "visit": 18 * 60, "group_tutoring": 18 * 60}),
    notes=(
        "Le document ne donne que des semaines ; le calendrier précis devait suivre en septembre.",
        "Les trois visites sont placées aux modules 7, 8 et 9 (« Les expériences innovantes ») par "
        "déduction : l'édition 2026 en fait cette même section.",
        "« Juin 2121 », au déroulement, est lu « juin 2021 », comme en couverture.",
        "Jury annoncé en juin 2021, hors des 90 heures.",
    ),
)
