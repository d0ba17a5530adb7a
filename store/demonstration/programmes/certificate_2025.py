"""The CS26 certificate of 2025: fourteen modules with exact dates and unequal half-days."""

from rules.attendance import AttendanceRule
from rules.calendar import Expected, half_day_minutes
from rules.rule_set import RuleSet
from store.demonstration.programmes.shape import HalfDayData, ProgrammeData, numbered, sources

DOCUMENT = "Programme de formation CS26, 2025"

MODULES = numbered(
    [
        "Présentation de la formation",
        "Économie sociale et solidaire, capitalisme et démocratie",
        "Unité et diversité des composantes : associations, coopératives, mutuelles",
        "Analyse institutionnelle dans l'économie sociale et solidaire",
        "Analyse organisationnelle dans l'économie sociale et solidaire",
        "Analyse économique dans l'économie sociale et solidaire",
        "Synthèse de l'analyse d'une structure de l'ESS",
        "Prospective et scénarios du changement",
        "Première journée de tutorat",
        "Gouvernance dans l'ESS",
        "Deuxième journée de tutorat",
        "Gestion dans l'ESS",
        "Troisième journée de tutorat",
        "Bilan de la formation",
    ]
)

# (module, date, kind, start and end of each half-day), as printed.
DAYS: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    ("1", "2025-01-20", "presentation", [("14:00", "17:00")]),
    ("2", "2025-01-21", "course", [("09:00", "12:30"), ("14:30", "18:00")]),
    ("3", "2025-01-22", "course", [("08:30", "12:30"), ("13:30", "16:30")]),
    ("4", "2025-02-24", "course", [("10:00", "12:30"), ("14:00", "18:30")]),
    ("5", "2025-02-25", "course", [("09:00", "12:30"), ("14:00", "17:30")]),
    ("6", "2025-02-26", "course", [("08:30", "12:30"), ("13:30", "16:30")]),
    ("7", "2025-03-17", "course", [("10:00", "12:30"), ("14:00", "18:30")]),
    ("8", "2025-03-18", "course", [("09:00", "12:30"), ("14:00", "17:30")]),
    ("9", "2025-03-19", "group_tutoring", [("08:30", "12:30"), ("13:30", "16:30")]),
    ("10", "2025-04-14", "course", [("10:00", "12:30"), ("14:00", "18:30")]),
    ("11", "2025-04-15", "group_tutoring", [("08:30", "12:30"), ("13:30", "16:30")]),
    ("12", "2025-05-19", "course", [("10:00", "12:30"), ("14:00", "18:30")]),
    ("13", "2025-05-20", "group_tutoring", [("09:00", "12:30"), ("14:00", "17:30")]),
    ("14", "2025-05-21", "review", [("09:00", "12:00")]),
]

HALF_DAYS = [
    HalfDayData(module, date, "", start, end, half_day_minutes(start, end), kind)
    for module, date, kind, times in DAYS
    for start, end in times
]

EXPECTED = Expected(
    26, 90 * 60, 14, {"presentation": 180, "course": 63 * 60, "group_tutoring": 21 * 60, "review": 180}
)

RULE_SET = RuleSet(
    attendance=AttendanceRule("full", source=f"{DOCUMENT}, « Modalités de suivi et de travail personnel »"),
    paper_kind="note de validation",
    paper_graded=False,
    pages_max=20,
    sources=sources(
        DOCUMENT,
        paper_required="« Modalités de suivi et de travail personnel »",
        paper_kind="« Modalités de suivi et de travail personnel » : « cette note »",
        paper_graded="« Modalités de suivi et de travail personnel » : la production de la note est "
        "demandée, aucun seuil n'est donné",
        pages_max="« Modalités de suivi et de travail personnel » : « 20 pages », lu comme un maximum",
    ),
)

PROGRAMME = ProgrammeData(
    code="CS26-2025",
    programme_title="Certificat de spécialisation Innovations sociales – "
    "Économie sociale et solidaire (CS26)",
    cohort_title="CS26, 2025",
    starts="20 janvier 2025",
    ends="21 mai 2025",
    rule_set=RULE_SET,
    modules=MODULES,
    half_days=HALF_DAYS,
    teachers=(),
    participants_count=30,
    expected=EXPECTED,
    notes=(
        "Les trois journées de tutorat (19 mars, 15 avril, 20 mai) sont parmi les douze "
        "journées de 7 heures.",
        "Un texte d'une ou deux pages est demandé avant le début et présenté à la demi-journée d'ouverture.",
        "Le document ne nomme ni les intervenant·es, ni les lieux, ni l'instance de validation.",
    ),
)
