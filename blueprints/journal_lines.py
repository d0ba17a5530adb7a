"""Entries of the journal in words: who, through which door, what, and what it was before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from blueprints import htmx, wording
from rules.deliberations import STATES
from rules.grades import parted, unit_of
from store import (
    candidate_numbers,
    deliberations,
    following_exchanges,
    following_reports,
    jury_members,
    names,
    release,
)
from store.following import DONE, KIND
from store.journal import DOORS
from store.pauses import OF_AUDIENCE
from store.unit_reports import REPORT

#: What belongs to the jury alone.
JURY_KINDS = frozenset({
    "dossier", "minutes", deliberations.KIND, jury_members.KIND, following_reports.KIND, release.KIND,
    OF_AUDIENCE["jury"],
})
#: Kinds whose rows are numbered from one.
_NUMBERED = {
    names.of_accounts: "account", names.of_tutors: "tutorship", names.of_modules: "module",
    names.of_deliberations: deliberations.KIND, names.of_jury_members: jury_members.KIND,
}  # fmt: skip
#: Kinds whose field is a half-day, and whose object is a person.
BY_HALF_DAY = ("mark", "signature")
ABOUT_PERSON = ("enrolment", *BY_HALF_DAY, "dossier", "certificate", release.KIND)
ABOUT_PAPER = ("paper", KIND, following_reports.KIND)


@dataclass(frozen=True)
class Line:
    """One entry as staff read it."""

    at: str
    author: str
    door: str
    thing: str
    about: str
    field: str
    before: str
    after: str


def readable(entries: Iterable[tuple], jury: bool) -> list[Line]:
    """Return entries in words, newest first; without `jury`, what belongs to the jury is left out."""
    kept = [entry for entry in entries if jury or entry[3] not in JURY_KINDS]
    if any(entry[3] == "dossier" for entry in kept):
        covered = candidate_numbers.behind_numbers()
        kept = [entry for entry in kept if not (entry[4] in covered and of_unit(entry[3], entry[5]))]
    names_of = called((kind, key, field) for _at, _author, _door, kind, key, field, _before, _after in kept)
    return [_line(entry, names_of) for entry in kept]


def of_unit(kind: str, field: str) -> bool:
    """Tell whether an entry is about the work of a unit: beside a name, it waits until names are uncovered."""
    if kind != "dossier":
        return False
    work = field.removeprefix(REPORT) if field.startswith(REPORT) else parted(field)[1]
    return bool(work) and unit_of(work) != ""


def called(places: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return {id: name} of what these (kind, id, field) are about, in one query for each kind."""
    keys: dict[str, set[str]] = {}
    for kind, key, field in places:
        keys.setdefault(kind, set()).add(key)
        if kind in BY_HALF_DAY or kind in OF_AUDIENCE.values():
            keys.setdefault("half_day", set()).add(field)
        if field.startswith(DONE):
            keys.setdefault("half_day", set()).add(field.removeprefix(DONE))
    enrolments = set().union(*(keys.get(kind, set()) for kind in ABOUT_PERSON))
    half_days = set().union(*(keys.get(kind, set()) for kind in ("half_day", "roll", "sign_in_sheet")))
    papers = set().union(*(keys.get(kind, set()) for kind in ABOUT_PAPER))
    found: dict[str, str] = {}
    for question, wanted in (
        (names.of_enrolments, enrolments), (names.of_papers, papers),
        (names.of_exchanges, keys.get(following_exchanges.KIND)), (names.of_half_days, half_days),
        (names.of_accounts, keys.get("account")),
        (names.of_tutors, keys.get("tutorship")), (names.of_books, keys.get("book")),
        (names.of_modules, keys.get("module")),
        (names.of_deliberations, keys.get(deliberations.KIND)),
        (names.of_jury_members, keys.get(jury_members.KIND)),
    ):  # fmt: skip
        if wanted:
            # Accounts, tutors, modules and sessions of a jury are all numbered from one: their kind tells them apart.
            prefix = _NUMBERED.get(question, "")
            found |= {prefix + key: name for key, name in question(wanted).items()}
    return found


def _line(entry: tuple, names_of: dict[str, str]) -> Line:
    at, author, door, kind, key, field, before, after = entry
    prefix = kind if kind in _NUMBERED.values() else ""
    about = names_of.get(prefix + key, key)
    named = label(kind, field, names_of)
    if kind in BY_HALF_DAY:
        texts = [(wording.mark if kind == "mark" else wording.signature)(text) for text in (before, after)]
    elif kind in OF_AUDIENCE.values():
        named = names_of.get(field, named)
        texts = [wording.value("state", text) for text in (before, after)]
    elif (kind, field) == (deliberations.KIND, "state"):
        # A session is closed otherwise than a roll.
        texts = [_(STATES[text]) if text in STATES else wording.value(field, text) for text in (before, after)]
    else:
        texts = [wording.value(field, text) for text in (before, after)]
    return Line(
        htmx.moment(at), author, _(DOORS.get(door, door)), _(wording.THINGS.get(kind, kind)), about, named, *texts
    )


def label(kind: str, field: str, names_of: Mapping[str, str]) -> str:
    """Return how staff call a field: the day and hour of a half-day, without its cohort, or its label."""
    if kind in BY_HALF_DAY:
        # The person named beside it says of which cohort already.
        return names_of.get(field, field).rpartition(" · ")[0] or field
    if field.startswith(DONE):
        half_day = field.removeprefix(DONE)
        return _("Tutorat du %(when)s", when=names_of.get(half_day, half_day).rpartition(" · ")[0] or half_day)
    return _(wording.field(field))
