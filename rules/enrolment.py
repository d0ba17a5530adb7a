"""Places of a promotion: how many are taken, who waits, which papers are missing, who a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.message import Message
from rules.normal_form import fold

#: Papers of an enrolment, each a date once it has come, in the order in which they do.
PAPERS = ("arrived_on", "acknowledged_on", "agreement_on", "committed_on")
#: What a list may be narrowed to: the word of the address, and how staff read it.
STATES = {
    "attente": "en liste d'attente",
    "dossier": "sans dossier reçu",
    "accuse": "sans accusé de réception",
    "convention": "sans convention",
    "engagement": "sans engagement",
    "frais": "frais non réglés",
    "courriel": "sans courriel",
    "retires": "retiré·es",
}
_MISSING = {
    "dossier": "arrived_on", "accuse": "acknowledged_on", "convention": "agreement_on", "engagement": "committed_on",
    "frais": "fees_paid_on", "courriel": "email",
}  # fmt: skip


def places(enrolled: int, waiting: int, least: int | None, most: int | None) -> list[Message]:
    """Say in words what is missing or over, and who could be given a place; nothing when all is well."""
    found = []
    if least is not None and enrolled < least:
        values = {"least": least, "missing": least - enrolled}
        found.append(Message("Effectif minimal : %(least)s. Il manque %(missing)s inscription(s).", values))
    if most is not None and enrolled > most:
        values = {"most": most, "over": enrolled - most}
        found.append(Message("Effectif maximal : %(most)s. Il y a %(over)s inscription(s) de trop.", values))
    if waiting and (most is None or enrolled < most):
        if most is None:
            found.append(Message("Aucun maximum n'est fixé : les personnes en attente peuvent être inscrites.", {}))
        else:
            free = most - enrolled
            found.append(Message("%(free)s place(s) libre(s) pour les personnes en attente.", {"free": free}))
    return found


def full(enrolled: int, most: int | None) -> bool:
    """Tell whether no place is left."""
    return most is not None and enrolled >= most


def papers_in(values: Mapping[str, object]) -> int:
    """Count the papers of an enrolment that have come."""
    return sum(bool(values[name]) for name in PAPERS)


def found_by(query: str, texts: Iterable[str]) -> bool:
    """Tell whether every word of a search is in these texts, whatever its accents and case."""
    searched = fold(" ".join(texts))
    return all(word in searched for word in fold(query).split())


def in_state(values: Mapping[str, object], state: str) -> bool:
    """Tell whether somebody is in one of STATES; who waits is asked for no paper of a place."""
    if state == "attente":
        return bool(values["waiting"])
    if state in _MISSING:
        return not values[_MISSING[state]] and (not values["waiting"] or state in ("dossier", "accuse", "courriel"))
    return True


def ranks(lines: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Return {key: rank} of those who wait: by the day their application came, then in the order of the list.

    Each line is (key, ISO date or '', position); an application without a date comes after those that have one.
    """
    ordered = sorted(lines, key=lambda line: (not line[1], line[1], line[2]))
    return {line[0]: rank for rank, line in enumerate(ordered, start=1)}
