"""Minutes of a deliberation: how they are numbered, and what must be there before they are sealed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from rules.grades import PAPER
from rules.jury import DECISIONS
from rules.message import Message, Refused

#: What is said of a candidate beside the grades, as minutes and their page call it.
NOTES = {
    "reasons": "Motifs", "proposed": "Proposition du règlement", "reason": "Motif de la décision",
    "remark": "Appréciation", "tutors": "Membre du jury qui a suivi la note",
    "stepped_out": "Membre du jury qui s'est retiré",
}  # fmt: skip
#: The version of the data that minutes hold.
FORMAT = 1


def number(year: int, rank: int) -> str:
    """Write the number of minutes: PV-2026-0001."""
    return f"PV-{year}-{rank:04d}"


def rank(text: str) -> tuple[int, int]:
    """Return the year and the rank of a number of minutes; raise ValueError for anything else."""
    kind, year, place = text.split("-")
    found = int(year), int(place)
    if number(*found) != text or kind != "PV":
        raise ValueError(text)
    return found


def absent(numbers: Iterable[str]) -> list[str]:
    """List the numbers that miss among those of each year, up to its last one; what is no number counts for nothing."""
    ranks: dict[int, set[int]] = {}
    for text in numbers:
        try:
            year, place = rank(text)
        except ValueError:
            continue
        ranks.setdefault(year, set()).add(place)
    return [
        number(year, place) for year, there in sorted(ranks.items())
        for place in islice((one for one in range(1, max(there)) if one not in there), MOST_ABSENT)
    ]  # fmt: skip


#: Numbers named as missing in one year.
MOST_ABSENT = 100


def missing(data: Mapping[str, Any]) -> Message | None:
    """Say what prevents these data from being sealed, None when nothing does."""
    return _of_session(data["deliberation"]) or _of_jury(data["members"]) or _of_candidates(data["candidates"])


def _of_session(deliberation: Mapping[str, str]) -> Message | None:
    if not deliberation["held_on"]:
        return Message("Indiquez le jour de la délibération : le procès-verbal porte son année.")
    if not deliberation["closed_at"] or not deliberation["closed_by"]:
        return Message("La délibération n'est pas close : son procès-verbal ne peut pas être scellé.")
    return None


def _of_jury(members: Sequence[Mapping[str, Any]]) -> Message | None:
    presidents = [member for member in members if member["president"]]
    if len(presidents) != 1:
        return Message("Un jury a une présidente ou un président, et un seul.")
    unsaid = [member["name"] for member in members if member["present"] is None]
    if unsaid:
        return Message("Présence non relevée : %(names)s.", {"names": ", ".join(unsaid)})
    if not presidents[0]["present"]:
        return Message("%(name)s préside le jury et n'était pas là : nommez qui a présidé.",
                       {"name": presidents[0]["name"]})  # fmt: skip
    return None


def _of_candidates(candidates: Sequence[Mapping[str, Any]]) -> Message | None:
    if not candidates:
        return Message("Cette délibération ne porte sur personne.")
    undecided = [f"{one['last_name']} {one['first_name']}" for one in candidates if one["decision"] not in DECISIONS]
    if undecided:
        named = ", ".join(undecided[:NAMED]) + (f" + {len(undecided) - NAMED}" if len(undecided) > NAMED else "")
        return Message("Sans décision : %(names)s.", {"names": named})
    return None


#: Candidates named in a refusal; the others are counted.
NAMED = 6


def counts(candidates: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Count the candidates by decision, those that nobody got included."""
    return {code: sum(one["decision"] == code for one in candidates) for code in DECISIONS}


def works(data: Mapping[str, Any]) -> list[Sequence[Any]]:
    """List the works of minutes that are worth showing, as [work, label, title, credits].

    A paper that the rule set asks of nobody is one where somebody has a grade for it, or where nothing else is graded.
    """
    found = data["works"]
    if data["rule_set"].get("paper_required", True) or len(found) < 2:  # noqa: PLR2004 - the paper alone
        return list(found)
    graded = {work for one in data["candidates"] for work, cell in one["grades"].items()
              if cell["grade"] or cell["resit"] or cell["markings"]}  # fmt: skip
    return [work for work in found if work[0] != PAPER or PAPER in graded]


#: Letters of a digest, as it is printed and typed again.
DIGEST = 64


#: A number of minutes, whatever stands between its parts.
_NUMBER = re.compile(r"PV-*([0-9]{4})-*([0-9]{4,})")


def _copied(typed: str) -> str:
    """Return what was copied without its spaces nor what nobody sees, every dash a hyphen."""
    seen = (letter for letter in typed if not letter.isspace() and unicodedata.category(letter) != "Cf")
    return "".join("-" if unicodedata.category(one) == "Pd" or one == "\N{MINUS SIGN}" else one for one in seen)


def read_number(typed: str) -> str:
    """Read a number of minutes as somebody typed it or copied it: PV-2026-0001; refuse what cannot be one."""
    found = _NUMBER.sub(r"PV-\1-\2", _copied(typed).upper())
    try:
        rank(found)
    except ValueError as wrong:
        raise Refused("Un numéro de procès-verbal s'écrit comme PV-2026-0001.") from wrong
    return found


def read_digest(typed: str) -> str:
    """Read a digest as somebody typed it or copied it: spaces, dashes and case forgiven; refuse what cannot be one."""
    found = _copied(typed).replace("-", "").lower()
    strange = sorted(set(found) - set("0123456789abcdef"))
    if strange:
        raise Refused("Une empreinte n'a que des chiffres et des lettres de a à f : « %(letter)s » n'en est pas.",
                      letter=strange[0])  # fmt: skip
    if len(found) != DIGEST:
        raise Refused("Une empreinte a %(wanted)s chiffres et lettres : %(count)s sont donnés.",
                      wanted=DIGEST, count=len(found))  # fmt: skip
    return found
