"""Release of certificates to those whom published minutes admit: what holds it, what was met, what was transmitted.

A date of payment, typed here or in the sheet, ends the hold for want of fees. No decision is ever touched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules import after_jury
from rules.message import Refused
from rules.release import Hold, holds
from rules.rule_set import RuleSet
from rules.values import TYPES, Type
from store import minutes, people
from store.alphabet import name_key
from store.changes import Values, canonical, journal, locked, moved, parse
from store.db import as_date, database, rows
from store.errors import Unknown
from store.journal import Author
from store.models import Enrolment, Fulfilment
from store.models.base import now

#: What the journal calls a release, and the field of a condition before its name.
KIND, CONDITION = "release", "condition-"
FEES = "fees_paid_on"
#: Kept as a condition that no rule set can name: when a holder was transmitted to the Caisse des dépôts, and by whom.
TRANSMITTED, TRANSMISSION = "\ttransmission", "transmitted_on"
#: Kept likewise: when what was transmitted of somebody admitted no more was rectified there, and by whom.
RECTIFIED, RECTIFICATION = "\trectification", "rectified_on"


@dataclass(frozen=True)
class Holder:
    """Somebody whom published minutes admit.

    met: condition of the rule set -> (the day it was met, who said so). transmitted_on is None until they were.
    """

    enrolment: str
    last_name: str
    first_name: str
    email: str
    funding: str
    number: str
    held_on: date | None
    honours: str
    credits: int
    fees_paid_on: date | None
    met: Mapping[str, tuple[date, str]]
    holds: tuple[Hold, ...]
    due: date | None
    transmitted_on: date | None

    @property
    def released(self) -> bool:
        """Tell whether nothing holds the release."""
        return not self.holds

    def standing(self, today: date) -> str:
        """Tell how the transmission stands, as a key of after_jury.STANDINGS; '' without a day of the jury."""
        return after_jury.standing(self.due, self.transmitted_on, today) if self.due else ""


_KNOWN = """
    SELECT e.id, p.email, e.funding, e.fees_paid_on FROM enrolment e JOIN participant p ON p.id = e.participant_id
    WHERE e.cohort_id = ?
"""
_MET = """
    SELECT f.enrolment_id, f.condition, f.met_on, f."by" FROM fulfilment f JOIN enrolment e ON e.id = f.enrolment_id
    WHERE e.cohort_id = ?
"""


def holders(cohort_id: int, today: date) -> list[Holder]:
    """List everybody whom the published minutes of a cohort admit, by name, with what holds their release on a day."""
    sealed = {key: one for key, one in minutes.results(cohort_id).items() if one.decision == "admitted"}
    if not sealed:
        return []
    rules, met = people.rule_set(cohort_id), all_met(cohort_id)
    known = {row[0]: row[1:] for row in rows(_KNOWN, cohort_id)}
    found = [_holder(one, known[key], met.get(key, {}), rules, today) for key, one in sealed.items() if key in known]
    return sorted(found, key=lambda one: (name_key(one.last_name, one.first_name), one.enrolment))


def all_met(cohort_id: int) -> dict[str, dict[str, tuple[date, str]]]:
    """Return {enrolment: {condition: (the day it was met, who said so)}} of a cohort."""
    found: dict[str, dict[str, tuple[date, str]]] = {}
    for key, condition, day, by in rows(_MET, cohort_id):
        found.setdefault(key, {})[condition] = (as_date(day), by)  # type: ignore[assignment]
    return found


def _holder(
    one: minutes.Sealed, known: tuple, met: Mapping[str, tuple[date, str]], rules: RuleSet, today: date
) -> Holder:  # fmt: skip
    email, funding, fees = known
    held_on, paid_on = as_date(one.held_on or None), as_date(fees)
    # What was rectified since is transmitted no more: whoever is admitted anew is to be transmitted anew.
    sent = None if RECTIFIED in met else met.get(TRANSMITTED)
    return Holder(
        enrolment=one.line["id"], last_name=one.line["last_name"], first_name=one.line["first_name"], email=email or "",
        funding=funding or "", number=one.number, held_on=held_on, honours=one.line["honours"],
        credits=one.line["credits"], fees_paid_on=paid_on,
        met={name: met[name] for name in rules.release_conditions if name in met},
        holds=holds(rules, paid_on, {name: day for name, (day, _by) in met.items()}, today),
        due=after_jury.months_after(held_on, rules.transmission_months) if held_on else None,
        transmitted_on=sent[0] if sent else None,
    )  # fmt: skip


# -- what is met --------------------------------------------------------------------------------------


def types(cohort_id: int) -> dict[str, Type]:
    """Return the type of what is typed for one release: the fees where they are asked for, then each condition."""
    rules = people.rule_set(cohort_id)
    fees = {FEES: TYPES["date"]} if rules.fees_required else {}
    return fees | {f"{CONDITION}{name}": TYPES["date"] for name in rules.release_conditions}


def condition_types(cohort_id: int) -> dict[str, Type]:
    """Return the type of each condition of the rule set: the fees have their history with the line of the person."""
    return {name: kind for name, kind in types(cohort_id).items() if name != FEES}


def held(enrolments: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the day on which these people met each condition, {enrolment: {field: canonical text}}."""
    return {key: found for key in enrolments if (found := days_of(key))}


def change(
    author: Author, enrolment_id: str, raw: Mapping[str, object], expected: Values | None = None
) -> dict[str, str]:
    """Record when fees were paid and conditions met; a blank day takes it back. The decision stays as it is.

    Return what changed of the conditions.
    """
    with database.atomic():
        cohort_id, _held_on = _admitted([enrolment_id])
        wanted = parse(types(cohort_id), raw, lambda name: False)
        if FEES in wanted:
            read = {FEES: expected[FEES]} if expected and FEES in expected else None
            people.change(author, enrolment_id, {FEES: wanted.pop(FEES)}, read)
        current = dict.fromkeys(wanted, "") | days_of(enrolment_id)
        changes = moved(current, wanted, expected)
        for name, value in changes.items():
            keep_day(author, enrolment_id, name.removeprefix(CONDITION), value)
        journal(author, cohort_id, KIND, enrolment_id, current, changes)
    return changes


def _admitted(enrolments: Iterable[str]) -> tuple[int, date | None]:
    """Keep the lines of people admitted to this transaction; refuse anybody else.

    Return their cohort, and the last day on which a jury admitted one of them.
    All are locked before the journal locks their cohort: every verb of a dossier takes them in this order.
    """
    wanted = sorted(enrolments)
    query = Enrolment.select(Enrolment.id, Enrolment.cohort).where(Enrolment.id << wanted).order_by(Enrolment.id)
    kept = {row.id: row.cohort_id for row in locked(query)}
    if len(kept) != len(wanted) or len(set(kept.values())) != 1:
        raise Unknown(", ".join(wanted))
    cohort_id = kept[wanted[0]]
    sealed = minutes.results(cohort_id)
    if any(key not in sealed or sealed[key].decision != "admitted" for key in wanted):
        raise Refused("Cette personne n'est admise par aucun procès-verbal publié : il n'y a rien à lui délivrer.")
    return cohort_id, max((as_date(sealed[key].held_on) for key in wanted if sealed[key].held_on), default=None)


def days_of(enrolment_id: str) -> dict[str, str]:
    """Return the day on which somebody met each condition, {field: canonical text}."""
    query = "SELECT condition, met_on FROM fulfilment WHERE enrolment_id = ?"
    return {f"{CONDITION}{name}": canonical(as_date(day)) for name, day in rows(query, enrolment_id)}


def keep_day(author: Author, enrolment_id: str, condition: str, day: str) -> None:
    """Write the day on which a condition was met over the one that was there; '' takes it out."""
    Fulfilment.delete().where(
        (Fulfilment.enrolment == enrolment_id) & (Fulfilment.condition == condition)
    ).execute()
    if day:
        Fulfilment.insert(
            enrolment=enrolment_id, condition=condition, met_on=date.fromisoformat(day), by=author.name, at=now()
        ).execute()


# -- transmission to the Caisse des dépôts ------------------------------------------------------------


def transmit(
    author: Author, cohort_id: int, enrolments: Iterable[str], raw: str, today: date,
    expected: Values | None = None,
) -> int:  # fmt: skip
    """Record the day on which holders were transmitted, all or none; a blank day takes it back. Return how many.

    `expected` holds the day, '' for none, that its author had read of each: raises Changed when it is another now.
    """
    day = parse({TRANSMISSION: TYPES["date"]}, {TRANSMISSION: raw}, lambda name: False)[TRANSMISSION]
    wanted = sorted(set(enrolments))
    if not wanted:
        raise Refused("Cochez au moins une personne.")
    if day and date.fromisoformat(day) > today:
        raise Refused("La date de transmission est à venir : elle se note une fois la transmission faite.")
    with database.atomic():
        theirs, held_on = _admitted(wanted)
        if theirs != cohort_id:
            raise Unknown(", ".join(wanted))
        if day and held_on and date.fromisoformat(day) < held_on:
            raise Refused("Cette date précède la délibération : il n'y avait encore rien à transmettre.")
        for enrolment_id in wanted:
            read = {TRANSMISSION: expected[enrolment_id]} if expected and enrolment_id in expected else None
            _transmit(author, cohort_id, enrolment_id, day, read)
    return len(wanted)


def _transmit(author: Author, cohort_id: int, enrolment_id: str, day: str, read: Values | None) -> None:
    known = days_of(enrolment_id)
    rectified = known.get(f"{CONDITION}{RECTIFIED}", "")
    before = {TRANSMISSION: "" if rectified else known.get(f"{CONDITION}{TRANSMITTED}", ""), RECTIFICATION: rectified}
    changes = moved(before, {TRANSMISSION: day}, read)
    if changes:
        keep_day(author, enrolment_id, TRANSMITTED, day)
        keep_day(author, enrolment_id, RECTIFIED, "")
        journal(author, cohort_id, KIND, enrolment_id, before, changes | ({RECTIFICATION: ""} if rectified else {}))


# -- surveys ------------------------------------------------------------------------------------------


def surveys(cohort_id: int, today: date) -> list[tuple[date, int, Holder]]:
    """List every survey to come or past as (day, months after the jury, holder), by day then by name."""
    months = people.rule_set(cohort_id).survey_months
    found = [
        (day, number, one)
        for one in holders(cohort_id, today)
        if one.held_on
        for number, day in after_jury.surveys(one.held_on, months)
    ]
    return sorted(found, key=lambda line: line[:2])
