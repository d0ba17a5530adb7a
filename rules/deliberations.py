"""What a session of a jury may do: when it opens, when it closes, and what each of the two still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.message import Message

STATES = {"prepared": "préparée", "open": "ouverte", "closed": "close", "abandoned": "abandonnée"}
#: Nothing of it changes any more.
OVER = ("closed", "abandoned")
#: A jury is a president and somebody else at least.
FEWEST_MEMBERS = 2
#: A session dated further than so many days from the one on which it is opened is asked about.
NEAR = 3
NOBODY = Message("Aucun dossier n'est à délibérer.")
COVERED = Message("Les unités sont encore notées sous un numéro : levez d'abord l'anonymat.")


@dataclass(frozen=True)
class Member:
    """Somebody named to the jury; present is None as long as nobody said."""

    name: str
    president: bool = False
    present: bool | None = None


@dataclass(frozen=True)
class Candidate:
    """One candidate before the jury.

    taken: the decision was taken by this session, where one that was only prepared is not. tutors: the members who
    followed their paper and are not absent; stepped_out: those who left for the time of this candidate.
    """

    name: str
    decision: str = ""
    taken: bool = False
    tutors: tuple[str, ...] = ()
    stepped_out: tuple[str, ...] = ()
    #: What tells them from somebody of the same name.
    key: str = ""


@dataclass(frozen=True)
class Obstacle:
    """One thing that is missing: a code, the sentence, and the key of the candidate or the name of the member."""

    code: str
    message: Message
    about: str = ""


def prevents_opening(
    order_number: str, order_date: date | None, held_on: date | None, members: Sequence[Member], candidates: int,
    another_open: bool = False, covered: bool = False, corrected_on: date | None = None,
) -> list[Obstacle]:  # fmt: skip
    """List what a session lacks to be opened.

    covered: units are still graded under a number; corrected_on: the day of the deliberation that it corrects.
    """
    late = bool(order_date and held_on and order_date > held_on)
    lacks = (
        (not order_number, "order_number", Message("Le numéro de l'arrêté qui nomme le jury n'est pas indiqué.")),
        (order_date is None, "order_date", Message("La date de l'arrêté qui nomme le jury n'est pas indiquée.")),
        (held_on is None, "held_on", Message("Le jour de la délibération n'est pas indiqué.")),
        (not candidates, "candidates", NOBODY),
        (another_open, "another", Message("Une autre délibération de cette promotion est déjà ouverte.")),
        (covered, "covered", COVERED),
        (late, "order_date", Message("L'arrêté qui nomme le jury est daté d'après la délibération.")),
        (bool(corrected_on and held_on and held_on < corrected_on), "held_on",
         Message("Cette délibération est datée d'avant celle qu'elle corrige.")),
    )
    return [*_president(members), *_members(members),
            *(Obstacle(code, message) for missing, code, message in lacks if missing)]


def days_away(held_on: date | None, today: date) -> int:
    """Return by how many days a session is dated before (negative) or after today; 0 when near enough, or unknown."""
    days = (held_on - today).days if held_on else 0
    return days if abs(days) > NEAR else 0


def _president(members: Sequence[Member]) -> list[Obstacle]:
    presidents = [member.name for member in members if member.president]
    if not presidents:
        return [Obstacle("president", Message("Personne ne préside le jury."))]
    if len(presidents) > 1:
        names = {"names": ", ".join(presidents)}
        return [Obstacle("presidents", Message("Plusieurs personnes président le jury : %(names)s.", names))]
    return []


def _members(members: Sequence[Member]) -> list[Obstacle]:
    if len(members) >= FEWEST_MEMBERS:
        return []
    values = {"count": len(members), "least": FEWEST_MEMBERS}
    return [Obstacle("members", Message("Le jury compte %(count)s membre(s) : %(least)s au moins.", values))]


def prevents_closing(
    members: Sequence[Member], candidates: Iterable[Candidate], tutor_member: str = "warn", covered: bool = False
) -> list[Obstacle]:
    """List what a session lacks to be closed; `tutor_member` is the setting of the rule set."""
    found, called = [*_president(members), *_members(members), *_presence(members)], list(candidates)
    if not called:
        found.append(Obstacle("candidates", NOBODY))
    if covered:
        found.append(Obstacle("covered", COVERED))
    for candidate in called:
        found += _undecided(candidate, tutor_member)
    return found


def _presence(members: Sequence[Member]) -> list[Obstacle]:
    found = [
        Obstacle("presence", Message("La présence de %(name)s n'est pas relevée.", {"name": member.name}), member.name)
        for member in members if member.present is None
    ]  # fmt: skip
    away = next((member for member in members if member.president and member.present is False), None)
    if away:
        found.append(Obstacle("president_away", Message(
            "%(name)s préside le jury et n'était pas là : nommez qui a présidé.", {"name": away.name}
        ), away.name))
    if sum(member.present is not False for member in members) < FEWEST_MEMBERS:
        found.append(Obstacle("quorum", Message("Moins de %(least)s membres étaient là.", {"least": FEWEST_MEMBERS})))
    return found


def _undecided(candidate: Candidate, tutor_member: str) -> list[Obstacle]:
    values = {"name": candidate.name}
    if not candidate.decision:
        return [Obstacle("undecided", Message("%(name)s : rien n'est décidé.", values), candidate.key)]
    waited = must_step_out(candidate, tutor_member)
    if waited:
        values["members"] = ", ".join(waited)
        return [Obstacle("stepped_out", Message(
            "%(name)s : %(members)s a suivi la note et n'est pas noté·e comme s'étant retiré·e.", values
        ), candidate.key)]
    if tutor_member == "step_out" and candidate.tutors and not candidate.taken:
        return [Obstacle("prepared", Message(
            "%(name)s : la décision a été préparée avant le retrait de qui a suivi la note, confirmez-la.", values
        ), candidate.key)]
    return []


def must_step_out(candidate: Candidate, tutor_member: str) -> tuple[str, ...]:
    """Name the members who followed this candidate's paper and must leave before anything is decided."""
    if tutor_member != "step_out":
        return ()
    return tuple(name for name in candidate.tutors if name not in candidate.stepped_out)


def asks_reason(before: str, after: str) -> bool:
    """Tell whether a session must say why: it changes, or takes back, a decision that was recorded."""
    return bool(before) and before != after
