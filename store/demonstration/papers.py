"""Papers of the demonstration: who follows them, how far each is, what was said, noted and handed in."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rules.following import DATED, RANK, TUTORING, expected
from rules.papers import BETWEEN
from rules.values import fold
from store import exclusions, following, following_exchanges, tutoring, tutors
from store.demonstration.accounts import ACCOUNTS, DOMAIN
from store.demonstration.programmes import ProgrammeData
from store.journal import Author

if TYPE_CHECKING:
    from faker import Faker

#: Title, problem, theme.
SUBJECTS = (
    ("Gouvernance partagée d'un lieu culturel", "Comment décider à plusieurs sans épuiser les bénévoles ?",
     "gouvernance"),
    ("Modèle économique d'une friche", "Quelles ressources non marchandes soutiennent le projet ?",
     "modèle économique"),
    ("Droits culturels en centre social", "De quoi parle-t-on quand on parle de participation ?", "droits culturels"),
    ("Passer d'association en SCIC", "Que change le statut pour les salariés ?", "gouvernance"),
    ("Monnaie locale et circuits courts", "La confiance se mesure-t-elle ?", "modèle économique"),
    ("Utilité sociale d'une recyclerie", "Comment la faire reconnaître par la commune ?", "utilité sociale"),
    ("Bénévolat et salariat", "Où passe la frontière dans une petite équipe ?", "travail et bénévolat"),
    ("Coconstruction avec une collectivité", "Que reste-t-il d'une convention après les élections ?",
     "action publique"),
    ("Insertion par la culture", "Quels parcours pour les personnes accueillies ?", "droits culturels"),
    ("Épicerie solidaire en milieu rural", "Comment durer au-delà du premier financement ?", "modèle économique"),
)  # fmt: skip
#: What each of the four tutors follows. Nobody states « action publique ».
THEMES = (
    ("gouvernance", "droits culturels"), ("modèle économique",), ("utilité sociale", "modèle économique"),
    ("travail et bénévolat", "gouvernance"),
)  # fmt: skip
MILESTONE_CYCLE = ("pre_note", "problem", "plan", "draft", "oral", "deposited", "problem", "plan")
#: When the papers of a cohort were handed in; those of one where that is still to come are being written.
HANDED_IN = {
    "CULT-2020": "2021-06-14", "CULT-2026": "2026-11-23", "CS26-2025": "2025-06-16", "CS26-UE-2025": "2025-06-16",
    "MOVSC-2021": "2022-11-14",
}  # fmt: skip
SIMILARITIES = ("4", "9", "6", "27", "11")
REMARKS = {
    "pre_note": ("Sujet présenté au groupe, terrain déjà choisi.", "Sujet encore large : deux pistes gardées."),
    "problem": ("Question resserrée sur un seul établissement.", ""),
    "plan": ("Plan en trois parties, la deuxième à rééquilibrer.", "Plan validé."),
    "draft": ("Première partie relue.", ""),
    "oral": ("Présentation claire, conclusion à préciser.", ""),
}  # fmt: skip
DONE = (
    "Problématique reformulée à voix haute, trois lectures conseillées.", "Point sur les entretiens : quatre menés.",
    "Relecture de l'introduction.", "Répétition de l'oral, retours du groupe.", "Bibliographie vérifiée.",
)  # fmt: skip
SAID = (
    "Appel : terrain confirmé, calendrier des entretiens.", "Relecture du plan, partie 2 à reprendre.", "",
    "Retour sur l'introduction ; sources à citer.", "Point d'étape avant la journée de tutorat.",
)  # fmt: skip
LENGTHS = ("30", "45", "15", "60", "30")
#: Paper and tutor by their place, and why that one may not follow this one.
EXCLUDED = ((1, 2, "Membre du même conseil d'administration"), (5, 1, "Ancien employeur"))


@dataclass(frozen=True)
class _Calendar:
    """When the papers of a cohort are followed: its half-days of tutoring gone by, and what is expected when."""

    past: tuple[tuple[str, date], ...]
    milestones: dict[str, date]
    today: date


def add(author: Author, cohort_id: int, data: ProgrammeData, half_days: list[str], invent: "Faker",
        chance: random.Random) -> None:  # fmt: skip
    """Give every paper of a cohort its tutor, and what became of it so far."""
    names = _add_tutors(author, cohort_id, invent)
    papers = [row[0] for row in tutoring.papers(cohort_id)]
    calendar = _calendar(data, half_days)
    for number, paper in enumerate(papers):
        values = _values(number, cohort_id, data, names, chance)
        tutoring.change(author, paper, values)
        noted = dict(_noted(number, values["milestone"], calendar))
        if noted:
            following.change(author, paper, noted)
        for exchange in _exchanges(number, calendar) if "tutor" in values else ():
            following_exchanges.add(replace(author, name=str(values["tutor"])), paper, exchange)
    known = {tutor.name: tutor.id for tutor in tutors.of_cohort(cohort_id)}
    for paper, tutor, why in EXCLUDED:
        exclusions.exclude(author, cohort_id, known[names[tutor]], papers[paper], why)


def _add_tutors(author: Author, cohort_id: int, invent: "Faker") -> list[str]:
    names = [ACCOUNTS["tutrice"][0], *(f"{invent.first_name()} {invent.last_name()}" for _ in range(3))]
    for number, name in enumerate(names):
        account = f"tutrice@{DOMAIN}" if number == 0 else ""
        tutor = tutoring.add_tutor(author, cohort_id, name, capacity=6 + number, email=account)
        email = "" if account else f"{fold(name).replace(' ', '.')}@exemple.fr"
        tutors.change(author, cohort_id, tutor, {"themes": BETWEEN.join(THEMES[number]), "email": email})
    return names


def _calendar(data: ProgrammeData, half_days: list[str]) -> _Calendar:
    today = date.today()
    dated = [(key, date.fromisoformat(day.date), day.kind)
             for key, day in zip(half_days, data.half_days, strict=True) if day.date]  # fmt: skip
    tutored = [(key, day) for key, day, kind in dated if kind in TUTORING]
    first = min((day for _key, day, _kind in dated), default=None)
    return _Calendar(
        tuple((key, day) for key, day in tutored if day <= today), expected(first, (day for _key, day in tutored)),
        today,
    )  # fmt: skip


def _values(
    number: int, cohort_id: int, data: ProgrammeData, names: list[str], chance: random.Random
) -> dict[str, str | int]:
    """Give what the tab Notes holds of a paper."""
    title, problem, theme = SUBJECTS[(number * 3 + cohort_id) % len(SUBJECTS)]
    milestone, handed_in = MILESTONE_CYCLE[number % len(MILESTONE_CYCLE)], HANDED_IN[data.code]
    if milestone == "deposited" and handed_in > date.today().isoformat():
        milestone = "draft"
    values: dict[str, str | int] = {
        "title": title, "problem": problem if milestone != "pre_note" else "", "milestone": milestone,
        "wishes": ("", theme, BETWEEN.join((theme, names[(number + 1) % len(names)])))[number % 3],
    }  # fmt: skip
    if number % 7 != 6:
        values["tutor"] = names[number % len(names)]
        if number % 8 == 3:
            values["cotutor"] = names[(number + 1) % len(names)]
    if data.rule_set.workshop_max:
        values["workshop"] = f"Atelier {number * 4 // data.participants_count + 1}"
    if milestone == "deposited":
        least, most = data.rule_set.pages_min or 15, data.rule_set.pages_max or 20
        kept = f"https://exemple.fr/{data.code.casefold()}"
        values |= {
            "deposited_on": handed_in, "pages": chance.randint(least, most + 1), "link": f"{kept}/notes/{number}.pdf",
            "report_link": f"{kept}/rapports/{number}", "similarity": SIMILARITIES[number % len(SIMILARITIES)],
        }  # fmt: skip
    return values


def _noted(number: int, milestone: str, calendar: _Calendar) -> Iterator[tuple[str, str]]:
    """Give the days of the milestones that a paper went through, with remarks, and what was done on tutoring days."""
    for code in DATED:
        day = calendar.milestones.get(code)
        # Of some papers a day was not noted.
        if day and day <= calendar.today and RANK[code] <= RANK[milestone] and (number + RANK[code]) % 6:
            yield f"{following.REACHED}{code}", day.isoformat()
            yield f"{following.REMARK}{code}", REMARKS[code][number % 2]
    for place, (half_day, _day) in enumerate(calendar.past):
        if place % 2 == 0 and (number + place) % 5:
            yield f"{following.DONE}{half_day}", DONE[(number + place) % len(DONE)]


def _exchanges(number: int, calendar: _Calendar) -> Iterator[dict[str, str]]:
    """Give one exchange between two tutoring days, and one more for some papers."""
    days = sorted({day for _key, day in calendar.past})
    for place, day in enumerate(days[: 1 + number % 2]):
        when, turn = day + timedelta(days=9 + number % 8), number + place
        if when <= calendar.today and number % 6 != 5:
            yield {
                "day": when.isoformat(), "minutes": LENGTHS[turn % len(LENGTHS)], "summary": SAID[turn % len(SAID)],
                "links": "https://exemple.fr/guide-de-la-note" if turn % 4 == 0 else "",
            }  # fmt: skip
