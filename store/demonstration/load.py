"""Load the five programmes with invented participants, through the same verbs as everybody."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from rules.message import Message
from rules.values import parse_date
from store import accounts, calendar, deliberations, jury, jury_members, people, planning, rosters, tutoring
from store.db import database
from store.demonstration import papers
from store.demonstration.accounts import ACCOUNTS, DOMAIN, PASSWORD
from store.demonstration.programmes import PROGRAMMES, ProgrammeData
from store.errors import Refused
from store.journal import Author
from store.models import Cohort, User

if TYPE_CHECKING:
    from faker import Faker

SEED = 292
AUTHOR = Author("Démonstration", "command")
#: Attendance is recorded up to this many half-days where the calendar has no dates.
UNDATED_RECORDED = {"CULT-2020": 30, "MOVSC-2021": 60}

EMPLOYERS = (
    "Association Les Passeurs", "Scop Grand Large", "Mutuelle des Deux Rives", "Centre social Belleville",
    "Ville de Montreuil", "Théâtre de la Lanterne", "Emmaüs Alternatives", "Régie de quartier Nord",
    "Fédération des foyers ruraux", "", "Coopérative La Ruche", "Compagnie du Pont",
)  # fmt: skip
FUNDING_CYCLE = ("employer", "opco", "individual", "cpf", "employer", "france_travail")
TARIFFS = ("3 450 €", "3 450 €", "1 725 €", "1 725 €", "3 450 €", "1 725 €")


def loaded() -> bool:
    """Tell whether the demonstration is here; raise Refused when anything else is."""
    codes = {row.code for row in Cohort.select(Cohort.code)}
    wanted = {programme.code for programme in PROGRAMMES}
    emails = {row.email for row in User.select(User.email)}
    if codes == wanted and f"admin@{DOMAIN}" in emails:
        return True
    if codes or emails:
        raise Refused(
            Message(
                "Cette base contient déjà des données : la démonstration ne se charge que dans une base vide.", {}
            )
        )
    return False


def load() -> None:
    """Create accounts, cohorts, calendars, participants, marks, papers and grades, all or nothing."""
    # Loaded for the demonstration alone: every other command, the worker first, would carry it for nothing.
    invent = import_module("faker").Faker("fr_FR")
    invent.seed_instance(SEED)
    chance = random.Random(SEED)
    with database.atomic():
        for name, (full_name, role) in ACCOUNTS.items():
            accounts.add(AUTHOR, f"{name}@{DOMAIN}", full_name, role, PASSWORD)
        for programme in PROGRAMMES:
            _load_cohort(programme, invent, chance)


def _load_cohort(data: ProgrammeData, invent: "Faker", chance: random.Random) -> None:
    period = f"{data.starts} – {data.ends}"
    cohort_id = people.add_cohort(
        AUTHOR, data.programme_title, data.code, data.cohort_title, period, data.rule_set,
        data.expected, "\n".join(data.notes),
    )  # fmt: skip
    planning.set_days(AUTHOR, cohort_id, {"first_day": _exact(data.starts), "last_day": _exact(data.ends)})
    for position, module in enumerate(data.modules):
        calendar.add_module(cohort_id, position, module.number, module.title, module.bloc, module.optional)
    half_days = [_add_half_day(cohort_id, day) for day in data.half_days]
    enrolled = [_enrol(cohort_id, number, invent) for number in range(data.participants_count)]
    papers.add(AUTHOR, cohort_id, data, half_days, invent, chance)
    _add_marks(data, half_days, enrolled, chance)
    _add_grades(cohort_id, data, enrolled, chance)
    if data.code == "CS26-UE-2025":
        _prepare_jury(cohort_id)


def _prepare_jury(cohort_id: int) -> None:
    """Prepare a session of the jury, with somebody in it who follows papers where anybody does."""
    order = {"order_number": "2025-118", "order_date": "2025-06-02", "held_on": "2025-06-27", "place": "21.2.32"}
    session = deliberations.prepare(AUTHOR, cohort_id, order)
    named = [("Hélène Marchand", "professeure du Cnam", "oui"), ("Karim Benali", "professionnel du secteur", "")]
    named += [(tutor[1], "enseignant·e", "") for tutor in tutoring.tutors(cohort_id)[:1]]
    for name, quality, president in named:
        values = {"name": name, "quality": quality, "president": president, "convened_on": "2025-06-10"}
        jury_members.add(AUTHOR, session, values)


def _exact(printed: str) -> str:
    """Return a day as it is printed, '' for what names no day: « novembre 2020 »."""
    try:
        return parse_date(printed)
    except Refused:
        return ""


def _add_half_day(cohort_id: int, day: object) -> str:
    values = {
        "module": day.module, "period": day.period, "day": day.date, "start": day.start, "end": day.end,
        "kind": day.kind, "modality": day.modality, "place": day.place, "teachers": ", ".join(day.teachers),
    }  # fmt: skip
    return calendar.create(AUTHOR, cohort_id, values, day.minutes)


def _enrol(cohort_id: int, number: int, invent: "Faker") -> str:
    first, last = invent.first_name(), invent.last_name()
    return people.create(
        AUTHOR,
        cohort_id,
        {
            "last_name": last,
            "first_name": first,
            "email": f"{_slug(first)}.{_slug(last)}{number or ''}@exemple.fr",
            "phone": "0" + "".join(str(invent.random_digit()) for _ in range(9)),
            "employer": EMPLOYERS[number % len(EMPLOYERS)],
            "funding": FUNDING_CYCLE[number % len(FUNDING_CYCLE)],
            "fees_paid_on": (date(2025, 1, 6) + timedelta(days=number)).isoformat() if number % 4 else "",
            **_papers_in(number),
        },
    )


def _papers_in(number: int) -> dict[str, str]:
    """Give the papers of an enrolment as they come, one after the other: some are still missing."""
    first = date(2024, 10, 7) + timedelta(days=number * 2)
    came = {
        "arrived_on": 0, "acknowledged_on": 3, "agreement_on": 21 if number % 5 else None,
        "committed_on": 30 if number % 5 and number % 7 else None,
    }  # fmt: skip
    dated = {name: (first + timedelta(days=after)).isoformat() for name, after in came.items() if after is not None}
    return {"tariff": TARIFFS[number % len(TARIFFS)], **dated}


def _slug(name: str) -> str:
    plain = name.casefold().translate(str.maketrans("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc"))
    return "".join(letter for letter in plain if letter.isalpha() or letter == "-")


def _add_marks(data: ProgrammeData, half_days: list[str], enrolled: list[str], chance: random.Random) -> None:
    today = date.today().isoformat()
    limit = UNDATED_RECORDED.get(data.code, len(half_days))
    past = [
        key
        for key, day in zip(half_days[:limit], data.half_days, strict=False)
        if day.date is None or day.date <= today
    ]
    shown = _shown_absences(data, half_days) if data.rule_set.attendance.kind == "share" else iter(())
    for participant in enrolled:
        absences = next(shown, None)
        cells = dict(zip(past, _invented_marks(len(past), chance), strict=True))
        if absences is not None:
            cells = {key: "A" if key in absences else "P" for key in past}
        rosters.change(AUTHOR, participant, cells)


def _shown_absences(data: ProgrammeData, half_days: list[str]) -> Iterator[set[str]]:
    """Give the three cases that show how the rule counts: 18.0 h, 20.5 h, and 16.0 h in six half-days."""
    by_length: dict[int, list[str]] = {}
    for key, day in zip(half_days, data.half_days, strict=True):
        by_length.setdefault(day.minutes, []).append(key)
    yield set(by_length[270])
    yield {*by_length[270], by_length[150][0]}
    yield {*by_length[150], *by_length[180][:2]}


def _invented_marks(count: int, chance: random.Random) -> list[str]:
    cells = ["P"] * count
    for place in chance.sample(range(count), k=min(count, chance.choice((0, 1, 1, 2, 3)))):
        cells[place] = chance.choice(("A", "AJ", "AJ", "R 15", "R 20", "D 30", "V"))
    return cells


def _add_grades(cohort_id: int, data: ProgrammeData, enrolled: list[str], chance: random.Random) -> None:
    """Grade the cohorts that reached their jury; the first lines show the cases that the rules tell apart."""
    shown = [("14.5", "12"), ("13", "12.5"), ("9.5", "15"), ("ABS", "13.25"), ("EXC", "11"), ("ATT", "16")]
    for number, participant in enumerate(enrolled):
        values: dict[str, str] = {}
        for unit, first in zip(data.rule_set.units, shown[number] if number < len(shown) else ("", ""), strict=False):
            values[f"grade-{unit.code}"] = first or _grade(chance)
        if data.code == "CULT-2020" and number % 5:
            values["grade-paper"] = _grade(chance)
        if values:
            jury.change(AUTHOR, participant, values)
    if data.code == "CULT-2020":
        for line in jury.lines(cohort_id, date.today())[:6]:
            if line.proposal.decision:
                jury.change(AUTHOR, line.id, {"decision": line.proposal.decision})


def _grade(chance: random.Random) -> str:
    return str(chance.choice((11, 12, 12.5, 13, 14, 14.5, 15, 16, 17.25)))
