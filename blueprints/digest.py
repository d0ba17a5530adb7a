"""What the sync did of late, in sentences: what came from the sheets, what went there, what waits for somebody."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import htmx, journal_lines, readable, wording
from store import outcomes
from store.models.base import now
from store.outcomes import Event, Tally

bp = Blueprint("digest", __name__)
#: How many days back one may look: what is told is kept as long.
DAYS = (1, 7, outcomes.LIFE.days)


@dataclass(frozen=True)
class Told:
    """What happened in one cohort, in sentences; `waits` are those that ask somebody to act."""

    cohort: str
    lines: tuple[str, ...]
    waits: tuple[tuple[str, str], ...]


@bp.get("/synchronisation/journal-du-jour/")
def index() -> Response:
    """Tell what the sync did in the last day; `?jours=` looks further back."""
    days = request.args.get("jours", 1, type=int)
    days = days if days in DAYS else 1
    since = start(now(), days)
    told = of_cohorts(since)
    version = int(htmx.digest((told, since)), 16)
    if htmx.unchanged(version):
        return htmx.nothing_new()
    return htmx.render(
        "digest/index.html", "digest/_digest.html",
        told=told, version=version, since=_since(since, days), days=days, choices=DAYS,
        address=request.full_path.rstrip("?"), today=wording.long_date(htmx.today()),
    )  # fmt: skip


def start(moment: datetime, days: int = 1) -> datetime:
    """Return the beginning of the time that is told: the last full hour, some days ago."""
    return moment.replace(minute=0, second=0, microsecond=0) - timedelta(days=days)


def _since(since: datetime, days: int) -> str:
    at = htmx.in_paris(since)
    if days == 1:
        return _("Depuis hier %(hour)s h", hour=at.hour)
    return _("Depuis le %(day)s", day=wording.long_date(at.date()))


def summary() -> str:
    """Tell the last day of the sync in one sentence, for the page of the books."""
    since, audiences = start(now()), readable.audiences()
    tallies = outcomes.tallies(since, audiences)
    whole = _sum("", tallies)
    rows = [_sum("participants", [tally for tally in tallies if tally.kind != "half_days"]),
            _sum("half_days", [tally for tally in tallies if tally.kind == "half_days"])]  # fmt: skip
    refused = sum(number for _code, number in outcomes.refused(since, audiences))
    paused = sum(bool(began and began >= since) for _code, _title, began in outcomes.paused_since(audiences))
    counted = (
        (whole.pulled, ngettext("%(num)d valeur reçue", "%(num)d valeurs reçues", whole.pulled)),
        (whole.pushed, ngettext("%(num)d valeur envoyée", "%(num)d valeurs envoyées", whole.pushed)),
        *((1, text) for tally in rows for text in _rows(tally)),
        (whole.opened, ngettext("%(num)d conflit ouvert", "%(num)d conflits ouverts", whole.opened)),
        (refused, ngettext("%(num)d valeur refusée", "%(num)d valeurs refusées", refused)),
        (paused, ngettext("%(num)d onglet en pause", "%(num)d onglets en pause", paused)),
    )
    parts = [text for number, text in counted if number]
    return _("%(since)s : %(what)s.", since=_since(since, 1), what=", ".join(parts) or _("rien n'a bougé"))


def _sum(kind: str, tallies: list[Tally]) -> Tally:
    """Add tallies up into one, as if of one kind of tab."""
    return Tally("", kind, *(sum(getattr(tally, name) for tally in tallies) for name in outcomes.COUNTS))


def of_cohorts(since: datetime) -> tuple[Told, ...]:
    """Return what happened since a moment in each cohort where something did, or that waits for somebody."""
    audiences = readable.audiences()
    choices, lines = outcomes.choices(since, audiences), defaultdict(list)
    settled = [choice for choice in choices if not choice[2]]
    tallies = outcomes.tallies(since, audiences)
    for code in sorted({tally.cohort for tally in tallies} | {choice[0] for choice in settled}):
        mine = [tally for tally in tallies if tally.cohort == code]
        lines[code] += _of_tallies(mine, [(who, number) for cohort, who, *_rest, number in settled if cohort == code])
    for code, number in outcomes.refused(since, audiences):
        lines[code].append(ngettext("%(num)d nouvelle valeur refusée dans la feuille.",
                                    "%(num)d nouvelles valeurs refusées dans la feuille.", number))  # fmt: skip
    kept = ((code, _of_covered(number)) for code, number in outcomes.covered(since, audiences))
    bound = ((code, _of_binding(*rest)) for code, *rest in outcomes.bindings(since, audiences))
    for code, line in (*kept, *_decisions(choices), *bound, *((event.cohort, _of_event(event)) for event in
                                               outcomes.events(since, audiences))):  # fmt: skip
        lines[code].append(line)
    waits = _waits(audiences)
    codes = sorted(lines.keys() | waits.keys())
    return tuple(Told(code, tuple(lines[code]), tuple(waits.get(code, ()))) for code in codes)


# -- what happened --------------------------------------------------------------------------------

#: How a number of values is told, by kind of tab.
_VALUES: dict[str, Callable[[int], str]] = {
    "participants": lambda n: ngettext("%(num)d valeur de participant·e", "%(num)d valeurs de participant·es", n),
    "half_days": lambda n: ngettext("%(num)d valeur du calendrier", "%(num)d valeurs du calendrier", n),
    "attendance": lambda n: ngettext("%(num)d présence", "%(num)d présences", n),
    "papers": lambda n: ngettext("%(num)d valeur de note de validation", "%(num)d valeurs de notes de validation", n),
    "jury": lambda n: ngettext("%(num)d valeur du jury", "%(num)d valeurs du jury", n),
}


def _rows(tally: Tally) -> Iterator[str]:
    """Tell the rows that the sheet added, withdrew and brought back."""
    if tally.kind == "half_days":
        added = ngettext("%(num)d demi-journée ajoutée", "%(num)d demi-journées ajoutées", tally.created)
        gone = ngettext("%(num)d demi-journée retirée", "%(num)d demi-journées retirées", tally.removed)
        back = ngettext("%(num)d demi-journée rétablie", "%(num)d demi-journées rétablies", tally.restored)
    else:
        added = ngettext("%(num)d personne ajoutée", "%(num)d personnes ajoutées", tally.created)
        gone = ngettext("%(num)d personne retirée", "%(num)d personnes retirées", tally.removed)
        back = ngettext("%(num)d personne rétablie", "%(num)d personnes rétablies", tally.restored)
    for number, text in ((tally.created, added), (tally.removed, gone), (tally.restored, back)):
        if number:
            yield text


def _of_tallies(tallies: list[Tally], settled: list[tuple[str, int]]) -> Iterator[str]:
    """Tell what one cohort's tabs received, were sent and had put back, and what became of conflicts."""
    received = [_VALUES[tally.kind](tally.pulled) for tally in tallies if tally.pulled]
    received += [text for tally in tallies for text in _rows(tally)]
    sent = [_VALUES[tally.kind](tally.pushed) for tally in tallies if tally.pushed]
    back = sum(tally.put_back for tally in tallies)
    conflicts = _of_conflicts(sum(tally.opened for tally in tallies), sum(tally.closed for tally in tallies), settled)
    if received:
        yield _("Reçu de la feuille : %(what)s.", what=", ".join(received))
    if sent:
        yield _("Envoyé à la feuille : %(what)s.", what=", ".join(sent))
    if back:
        yield ngettext(
            "%(num)d valeur de l'intranet remise en place dans la feuille, où quelqu'un l'avait changée.",
            "%(num)d valeurs de l'intranet remises en place dans la feuille, où quelqu'un les avait changées.", back,
        )  # fmt: skip
    if conflicts:
        yield _("Conflits : %(what)s.", what=", ".join(conflicts))


def _of_covered(number: int) -> str:
    return ngettext(
        "%(num)d valeur tapée dans la feuille, qu'une écriture a couverte, est gardée dans l'historique de sa fiche, "
        "d'où elle peut être rétablie.",
        "%(num)d valeurs tapées dans la feuille, que des écritures ont couvertes, sont gardées dans l'historique de "
        "leurs fiches, d'où elles peuvent être rétablies.", number,
    )  # fmt: skip


def _of_conflicts(opened: int, closed: int, settled: list[tuple[str, int]]) -> list[str]:
    found = [ngettext("%(num)d ouvert", "%(num)d ouverts", opened)] if opened else []
    found += [ngettext("%(num)d tranché par %(who)s", "%(num)d tranchés par %(who)s", number, who=who)
              for who, number in settled]  # fmt: skip
    if closed:
        found.append(ngettext("%(num)d refermé, les deux côtés s'étant accordés",
                              "%(num)d refermés, les deux côtés s'étant accordés", closed))  # fmt: skip
    return found


def _decisions(choices: list[tuple]) -> Iterator[tuple[str, str]]:
    """Give (cohort, sentence) of what people decided about paused tabs."""
    columns = journal_lines.called(("tab", "", choice[3]) for choice in choices if choice[2])
    for code, who, title, field, after, _number in choices:
        column = columns.get(field, "").rpartition(" · ")[0] or _(wording.field(field))
        if title:
            yield code, _of_choice(who, title, column, after)


def _of_choice(author: str, title: str, column: str, after: str) -> str:
    if after == "confirmed":
        return _("%(who)s a confirmé ce qui manquait dans l'onglet « %(tab)s ».", who=author, tab=title)
    if after == "let_go":
        return _("%(who)s a cessé de synchroniser l'onglet « %(tab)s ».", who=author, tab=title)
    return _("%(who)s a repris l'onglet « %(tab)s » sans la colonne « %(column)s ».",
             who=author, tab=title, column=column)  # fmt: skip


def _of_binding(author: str, title: str, after: str) -> str:
    if after == "unbound":
        return _("%(who)s a cessé de synchroniser le classeur « %(book)s ».", who=author, book=title)
    if after == "rebound":
        return _("%(who)s a relié autrement le classeur « %(book)s ».", who=author, book=title)
    return _("%(who)s a relié le classeur « %(book)s ».", who=author, book=title)


def _of_event(event: Event) -> str:
    at = htmx.moment(event.at)
    if event.why:
        return _("%(at)s : l'onglet « %(tab)s » mis en pause. %(why)s", at=at, tab=event.title, why=event.why)
    return _("%(at)s : l'onglet « %(tab)s » a repris.", at=at, tab=event.title)


# -- what waits for somebody ----------------------------------------------------------------------


def _waits(audiences: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    """Return {cohort: (sentence, address)} of what waits for somebody now."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, conflicts, refusals in readable.waiting():
        if conflicts:
            text = ngettext("%(num)d conflit à trancher", "%(num)d conflits à trancher", conflicts)
            found.setdefault(code, []).append((text, "/conflits/"))
        if refusals:
            text = ngettext("%(num)d valeur refusée", "%(num)d valeurs refusées", refusals)
            found.setdefault(code, []).append((text, "/refus/"))
    for code, title, since in outcomes.paused_since(audiences):
        text = _("l'onglet « %(tab)s » en pause depuis %(at)s", tab=title, at=htmx.moment(since)) if since else _(
            "l'onglet « %(tab)s » en pause", tab=title)  # fmt: skip
        found.setdefault(code, []).append((text, "/synchronisation/"))
    return found
