"""The text that tells people that a half-day moved: staff send it themselves, nothing is sent from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from rules.value_times import display_time, long_date

#: Values of a half-day that those who come to it must hear of.
TOLD = ("day", "start", "end", "place", "teachers")
#: Longer than this, some mail programs open nothing: the addresses are then to be copied.
LONGEST_LINK = 1900


def moves(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Tell whether a change is a move: something that people may have noted is not so any more."""
    return any(before.get(name) and before[name] != after.get(name, before[name]) for name in TOLD)


def subject(before: Mapping[str, str], cohort: str) -> str:
    """Return the subject of the message."""
    return f"{cohort} : changement pour la séance du {_when(before)}"


def text(before: Mapping[str, str], after: Mapping[str, str], cohort: str, module: str) -> str:
    """Return the message in French: what changes, with what it was."""
    what = f"La séance « {module} » du {_when(before)}" if module else f"La séance du {_when(before)}"
    lines = [f"- {label} : {_shown(now)} (au lieu de : {_shown(was)})" for label, was, now in _changes(before, after)]
    return "\n".join(["Bonjour,", "", f"{what} ({cohort}) change :", *lines, "", "Merci d'en prendre note."])


def mail_link(to: Sequence[str], hidden: Sequence[str], about: str, body: str) -> str:
    """Return a mailto: address, those in `hidden` in blind copy; '' when it would be too long to open."""
    found = (f"mailto:{','.join(map(_address, to))}?bcc={','.join(map(_address, hidden))}"
             f"&subject={quote(about)}&body={quote(body)}")
    return found if len(found) <= LONGEST_LINK else ""


def _address(email: str) -> str:
    return quote(email, safe="@")


def _when(values: Mapping[str, str]) -> str:
    day = long_date(values["day"]) if values.get("day") else values.get("period", "")
    return f"{day}, {_hours(values)}" if values.get("start") else day


def _hours(values: Mapping[str, str]) -> str:
    return f"{display_time(values.get('start', ''))}-{display_time(values.get('end', ''))}".strip("-")


def _shown(value: str) -> str:
    return value or "à préciser"


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    after = {**before, **after}
    found = [
        ("date", *(long_date(one["day"]) if one.get("day") else "" for one in (before, after))),
        ("horaires", _hours(before), _hours(after)),
        ("lieu", before.get("place", ""), after.get("place", "")),
        ("intervenant·es", before.get("teachers", ""), after.get("teachers", "")),
    ]
    return [(label, was, now) for label, was, now in found if was != now]
