"""What to write to those whose papers are late, in French: staff send it themselves, nothing is sent from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rules.following import Lack, brief
from rules.value_times import long_date

#: What a participant can mend; the rest is for those who follow the paper.
OWN = frozenset({
    "milestone", "no_deposit", "pages", "no_pages", "no_link", "no_report", "silence",
})  # fmt: skip


def to_tutor(cohort: str, papers: Iterable[tuple[str, Sequence[Lack]]]) -> tuple[str, str]:
    """Return the subject and the text for somebody who follows papers: each, and what it lacks."""
    lines = []
    for name, lacks in papers:
        lines.append(f"- {name} :")
        lines += [f"    · {message}" for message in brief(lacks)]
    return (
        f"{cohort} : ce qui manque aux notes que vous suivez",
        "\n".join(["Bonjour,", "", f"Voici ce qui est en retard ou manque aux notes que vous suivez ({cohort}) :", "",
                   *lines, "", "Merci de le compléter, ou de nous dire où cela en est."]),
    )  # fmt: skip


def to_nobody(cohort: str, names: Sequence[str]) -> tuple[str, str]:
    """Return the subject and the text about papers that nobody follows."""
    return (
        f"{cohort} : notes sans tuteur",
        "\n".join(["Bonjour,", "", f"Personne ne suit encore ces notes ({cohort}) :", "",
                   *(f"- {name}" for name in names), "", "Pouvez-vous en suivre une ?"]),
    )  # fmt: skip


def to_participants(cohort: str, tutor: str) -> tuple[str, str]:
    """Return the subject and the text for participants whose papers are late: nothing in it is about one of them."""
    follows = f", {tutor}," if tutor else ""
    return (
        f"{cohort} : votre note",
        "\n".join(["Bonjour,", "",
                   f"Une étape ou une pièce de votre note est attendue depuis quelque temps ({cohort}).",
                   f"Merci d'en parler avec la personne qui vous suit{follows} et de lui dire où vous en êtes, "
                   "ou de nous répondre si quelque chose vous arrête."]),
    )  # fmt: skip


def to_tutors_of_day(cohort: str, day: date, names: Sequence[str]) -> tuple[str, str]:
    """Return the subject and the text for those who noted nothing of some papers on a tutoring day."""
    when = long_date(day.isoformat())
    return (
        f"{cohort} : tutorat du {when}",
        "\n".join(["Bonjour,", "", f"Rien n'est encore noté du tutorat du {when} ({cohort}) pour :", "",
                   *(f"- {name}" for name in names), "", "Merci d'écrire en une phrase ce qui a été fait."]),
    )  # fmt: skip


def to_absent(cohort: str, day: date) -> tuple[str, str]:
    """Return the subject and the text for those who were absent on a tutoring day."""
    when = long_date(day.isoformat())
    return (
        f"{cohort} : tutorat du {when}",
        "\n".join(["Bonjour,", "", f"Vous n'étiez pas au tutorat du {when} ({cohort}).",
                   "Merci de convenir d'un échange avec la personne qui suit votre note."]),
    )  # fmt: skip
