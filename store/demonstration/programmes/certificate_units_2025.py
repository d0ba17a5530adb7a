"""The same certificate as its welcome handbook of 2024-25 rules it: CS2600A, two units."""

from decimal import Decimal

from rules.attendance import AttendanceRule
from rules.rule_set import RuleSet, Unit
from store.demonstration.programmes.certificate_2025 import EXPECTED, HALF_DAYS, MODULES
from store.demonstration.programmes.shape import ProgrammeData, sources

DOCUMENT = "Livret d'accueil CS2600A 2024-25"

RULE_SET = RuleSet(
    attendance=AttendanceRule("share", 20, f"{DOCUMENT}, § 4.4"),
    units=(
        Unit("RSV206", "Économie sociale et solidaire : théories, pratiques et innovations sociales", 8),
        Unit("RSV207", "Méthodologie de projet en économie sociale et solidaire", 4),
    ),
    pass_mark=Decimal(10),
    paper_required=False,
    fees_required=True,
    sources=sources(
        DOCUMENT,
        units="§ 5.1",
        pass_mark="§ 4.4",
        fees_required="§ 4.4",
        paper_required="§ 4.4 : aucun écrit n'est parmi les conditions",
    ),
)

PROGRAMME = ProgrammeData(
    code="CS26-UE-2025",
    programme_title="Certificat de spécialisation Innovations sociales, "
    "économie sociale et solidaire (CS2600A)",
    cohort_title="CS2600A, 2024-2025",
    starts="2024",
    ends="2025",
    rule_set=RULE_SET,
    modules=MODULES,
    half_days=HALF_DAYS,
    teachers=(),
    participants_count=18,
    expected=EXPECTED,
    notes=(
        "Le livret ne donne pas de calendrier : celui du programme CS26 de 2025, même certificat "
        "la même année, est repris.",
        "« Absents pour plus de 20 % des heures de cours » est lu en heures, strictement, "
        "absences justifiées comprises.",
        "Le livret ne rattache pas les modules aux unités : chaque unité a sa propre note.",
    ),
)
