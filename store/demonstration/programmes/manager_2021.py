"""The manager diploma, February 2021 to December 2022: fourteen weeks and three remote days."""

from collections.abc import Iterator

from rules.attendance import AttendanceRule
from rules.calendar import Expected
from rules.rule_set import RuleSet
from store.demonstration.programmes.shape import HalfDayData, ModuleData, ProgrammeData, numbered, sources

DOCUMENT = "Plaquette du diplôme de manager d'organismes à vocation sociale et culturelle, 2021-2022"
CONTE = "Cnam, 2 rue Conté, 75003 Paris"
HALF_DAY = 210
GATHERINGS, REMOTE_DAYS = 14, 3
# 22 half-days of workshop, one at each gathering at least: the first eight have two.
TWO_WORKSHOPS = 8

BLOC_1 = "Bloc 1 : Pilotage stratégique d'un organisme à vocation sociale ou culturelle en ESS"
BLOC_2 = "Bloc 2 : Gestion administrative, financière et logistique"
BLOC_3 = (
    "Bloc 3 : Coordination de l'activité d'une équipe RH dans un organisme à vocation sociale et culturelle"
)
BLOC_4 = "Bloc 4 : Construction de l'innovation sociale et de la conduite de projet en ESS"

STRATEGY = numbered(
    [
        "L'économie sociale et solidaire : fondement et enjeux actuels",
        "L'intervention sociale et les politiques publiques",
        "Le cadre juridique du secteur sanitaire et social",
        "L'insertion par l'économique",
        "La qualité : préoccupations, outils et processus",
        "Les politiques culturelles",
        "L'approche socio historique de l'éducation populaire",
        "Les problématiques contemporaines de l'animation",
        "Le développement territorial",
        "Le droit des associations : régime juridique",
        "La gouvernance associative",
    ],
    "1.",
    BLOC_1,
)
MANAGEMENT = numbered(
    [
        "La gestion économique financière et comptable",
        "Négocier et gérer les relations contractuelles entre pouvoirs publics et associations",
        "Le droit des associations : régime fiscal",
        "Le financement de projets",
        "Les nouvelles modalités de partenariats",
        "Analyser les comptes annuels",
        "Rédiger le budget prévisionnel",
    ],
    "2.",
    BLOC_2,
)
TEAM = numbered(
    [
        "L'éthique et la responsabilité du manager",
        "Le droit du travail",
        "Animer, mobiliser et valoriser une équipe de travail dans une démarche participative",
        "Accompagner le changement au-delà des résistances",
        "Comprendre les dynamiques de groupe dans une structure d'ESS",
        "Manager par les compétences",
    ],
    "3.",
    BLOC_3,
)
INNOVATION = numbered(
    [
        "La méthodologie de la recherche action",
        "La théorie et pratique de l'autobiographie raisonnée",
        "La découverte de projets remarquables",
        "La méthodologie du projet : concevoir, outiller, évaluer",
        "Comprendre les politiques publiques et l'action publique pour se situer en tant qu'acteur social "
        "et culturel",
        "La posture de l'acteur-chercheur au cœur de l'innovation en ESS",
    ],
    "4.",
    BLOC_4,
)
WORKSHOP = ModuleData("4.A", "Atelier mémoire et recherche-action", BLOC_4)
COOPERATIVES = numbered(
    [
        "L'Approche juridique et fiscale des sociétés coopératives",
        "Les spécificités de la gestion et du modèle économique des coopératives",
        "Management coopératif",
        "Transformation d'une association en SCIC",
    ],
    "C.",
    optional=True,
)


def _spread(modules: list[ModuleData], count: int) -> Iterator[str]:
    """Give each module its share of `count` half-days, in order; the first ones take what is over."""
    share, over = divmod(count, len(modules))
    for rank, module in enumerate(modules):
        yield from [module.number] * (share + (rank < over))


def _gathering(number: int, subjects: Iterator[str]) -> Iterator[HalfDayData]:
    """Make the ten half-days of one week; its workshops close the week, and the third day if two."""
    workshops = (5, 9) if number <= TWO_WORKSHOPS else (9,)
    for rank in range(10):
        period = f"Regroupement {number} / jour {rank // 2 + 1}"
        module, kind = (WORKSHOP.number, "workshop") if rank in workshops else (next(subjects), "seminar")
        yield HalfDayData(module, None, period, None, None, HALF_DAY, kind, place=CONTE)


def _half_days() -> Iterator[HalfDayData]:
    # 161, 70, 56 and 224 h less 77 h of workshops, by half-days of 3.5 h.
    shares = ((STRATEGY, 46), (MANAGEMENT, 20), (TEAM, 16), (INNOVATION, 42))
    subjects = iter([number for modules, count in shares for number in _spread(modules, count)])
    for number in range(1, GATHERINGS + 1):
        yield from _gathering(number, subjects)
    for rank, module in enumerate(subjects):
        yield HalfDayData(
            module, None, f"Journée à distance {rank // 2 + 1}", None, None, HALF_DAY, "seminar", "remote"
        )
    for rank, module in enumerate(_spread(COOPERATIVES, 10)):
        period = f"Module complémentaire / jour {rank // 2 + 1}"
        yield HalfDayData(module, None, period, None, None, HALF_DAY, "seminar", place=CONTE)


RULE_SET = RuleSet(
    attendance=AttendanceRule("none", source=f"{DOCUMENT} : aucune règle d'assiduité"),
    paper_kind="mémoire",
    size_max=30,
    workshop_min=5,
    workshop_max=6,
    enrolment_order="commission",
    sources=sources(
        DOCUMENT,
        paper_required="« Validation de la formation »",
        paper_kind="« Le mémoire »",
        size_max="« Effectifs » : « une trentaine d'auditeurs »",
        workshop_min="« L'organisation de la formation »",
        workshop_max="« L'organisation de la formation »",
        enrolment_order="« À noter » : candidature examinée par la commission pédagogique",
    ),
)

PROGRAMME = ProgrammeData(
    code="MOVSC-2021",
    programme_title="Diplôme de manager d'organismes à vocation sociale et culturelle en ESS (RNCP 35080)",
    cohort_title="Manager d'organismes, 2021-2022",
    starts="01 février 2021",
    ends="09 décembre 2022",
    rule_set=RULE_SET,
    modules=[*STRATEGY, *MANAGEMENT, *TEAM, *INNOVATION, WORKSHOP, *COOPERATIVES],
    half_days=list(_half_days()),
    teachers=(
        "Jean-François Draperi",
        "Sophie Auizerate",
        "Laurent Barbe",
        "Elisabetta Bucolo",
        "Yves Cariou",
        "Patrick Delemme",
        "Catherine Draperi",
        "Olivier Dulucq",
        "Martine Dutoit",
        "Laurent Fleury",
        "Yvan Grimaldi",
        "Laurent Gros",
        "Cédric Hervé",
        "Sophia Lakhdar",
        "Laëtitia Lethielleux",
        "Laurent Loyer",
        "Alix Margado",
        "Virginie Poujol",
        "Stéphane Veyer",
    ),
    participants_count=22,
    expected=Expected(
        146,
        511 * 60,
        73,
        {"seminar": 434 * 60, "workshop": 77 * 60},
        {BLOC_1: 161 * 60, BLOC_2: 70 * 60, BLOC_3: 56 * 60, BLOC_4: 224 * 60},
    ),
    notes=(
        "Le document donne quatorze semaines et trois jours à distance, sans dates ni horaires : "
        "les matières de chaque bloc sont réparties dans l'ordre, à titre provisoire.",
        "Les ateliers (77 h) sont comptés au bloc 4 (recherche-action) : ainsi les quatre blocs font 511 h.",
        "Le document place un atelier à chaque regroupement : deux aux huit premiers, "
        "un aux six autres (22 demi-journées).",
        "Le module complémentaire de 35 h, non certifiant, ne compte dans aucun total.",
        "Le document ne nomme pas l'instance de validation ; la commission pédagogique "
        "examine les candidatures.",
    ),
)
