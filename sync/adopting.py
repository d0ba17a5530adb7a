"""Serve what people ask of the page « Connecter un classeur »: look, bind, unbind. One step at a time."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from peewee import InterfaceError, OperationalError

from settings import ServiceAccountError
from store import adoptions, agreement, bindings, leases
from store.adoptions import ACCEPTED, ASKED, UNDOING, Step
from store.bindings import Binding
from store.db import connection
from sync.adopt_look import Looked, Sheets, look
from sync.adoption.marks import binding, placed, unbinding
from sync.adoption.survey import survey
from sync.book import BookTrouble, OutcomeUnknown, Rejected, Throttled, Unreachable
from sync.report import Report
from sync.sending import send, settle

log = logging.getLogger("passerelle.sync")

#: A book that moves while its ids are taken away is read again, at most this many times.
ATTEMPTS = 3
#: Troubles that pass by themselves: the step is served again.
PASSING = (Unreachable, Throttled, OutcomeUnknown)
UNFORESEEN = "Erreur imprévue ({}) : rien n'a été relié. Signalez-la avec les journaux du serveur."
MOVED = (
    "Le classeur a changé pendant qu'on le reliait : rien n'a été gardé. Relancez la lecture quand personne n'en "
    "déplace les colonnes."
)
CHANGED = "Le classeur ou l'intranet a changé depuis l'aperçu : voici le nouveau, rien n'a encore été relié."
RESTLESS = "Le classeur change sans cesse : réessayez quand personne n'en déplace les colonnes."


Connect = Callable[[], Sequence[Sheets]]


class Busy(Exception):
    """A cycle holds the book: the step waits for its end."""


@dataclass(frozen=True)
class _Served:
    """One step and what it is served with."""

    step: Step
    sheets: Sheets
    #: How this worker is called in the leases.
    owner: str
    #: The service account of the connection, '' for the first of the settings.
    account: str


def serve(connect: Connect, owner: str) -> bool:
    """Serve the oldest step that waits; tell whether there was one.

    `connect` opens the connections to Google, one for each service account, in the order of the settings.
    """
    with connection():
        step = next((found for key in adoptions.waiting() if (found := adoptions.claim(key))), None)
    if step is None:
        return False
    serve_step(step, connect, owner)
    return True


def serve_step(step: Step, connect: Connect, owner: str) -> None:
    """Do one step that was claimed, and note down what came of it."""
    try:
        connections = connect()
        sheets = shared_with(step.book, connections)
        _DO[step.state](_Served(step, sheets, owner, "" if sheets is connections[0] else sheets.account))
    except Busy:
        with connection():
            adoptions.postponed(step)
    except PASSING as error:
        log.warning("adoption %d: %s: %s", step.id, type(error).__name__, error)
        with connection():
            adoptions.postponed(step, str(error))
    except (BookTrouble, ServiceAccountError) as error:
        log.warning("adoption %d: %s: %s", step.id, type(error).__name__, error)
        with connection():
            adoptions.troubled(step, str(error))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one book that cannot be understood must not stop the others
        log.exception("adoption %d: unforeseen error", step.id)
        with connection():
            adoptions.troubled(step, UNFORESEEN.format(type(error).__name__))


def shared_with(book_id: str, connections: Sequence[Sheets]) -> Sheets:
    """Return the connection of the account that a book is shared with; the first when none of several may edit it."""
    with connection():
        bound = bindings.account(book_id)
    if bound is not None:
        return next((sheets for sheets in connections if sheets.account == bound), connections[0])
    if len(connections) == 1:
        return connections[0]
    return next((sheets for sheets in connections if _may_edit(sheets, book_id)), connections[0])


def _may_edit(sheets: Sheets, book_id: str) -> bool:
    try:
        return bool(sheets.about(book_id).get("capabilities", {}).get("canEdit"))
    except Rejected:
        return False


def propose(served: _Served) -> None:
    """Read the book, propose a mapping or preview the one that staff chose."""
    step, sheets = served.step, served.sheets
    _keep(step, look(sheets, step.book, step.cohort_id, step.audience, step.mapping, step.proposal))


def _keep(step: Step, found: Looked, note: str = "") -> None:
    preview = {**found.preview, "note": note}
    with connection():
        adoptions.proposed(step, found.survey.title, found.proposal, found.mapping, preview)


# -- binding ------------------------------------------------------------------------------------


def bind(served: _Served) -> None:
    """Bind what was accepted, provided that it would still change what its preview said."""
    step, sheets = served.step, served.sheets
    with _Lease(step.book, served.owner):
        found = look(sheets, step.book, step.cohort_id, step.audience, step.mapping, step.proposal)
        marked = bool(found.targets) and all(placed(found.survey.tabs.get(t.sheet_id), t) for t in found.targets)
        marked = marked and not any(found.survey.marks.get(sheet) for sheet in found.dropped)
        if not marked:
            if found.preview["problems"] or found.preview["digest"] != step.preview.get("digest"):
                _keep(step, found, CHANGED)
                return
            _mark(step, sheets, found)
        with connection():
            _remember(served, found)


def _mark(step: Step, sheets: Sheets, found: Looked) -> None:
    seen = found.survey
    marks = binding(found.targets, seen.tabs, seen.scratch_id, seen.filters)
    sheets.write(step.book, marks + unbinding(found.dropped, seen.marks, None))
    after = survey(sheets.survey(step.book))
    if all(placed(after.tabs.get(target.sheet_id), target) for target in found.targets):
        return
    # Somebody moved columns in the half second before the marks arrived: they go away again.
    new = None if seen.scratch_id in seen.tabs else seen.scratch_id
    wrong = {target.sheet_id: target.id_added for target in found.targets}
    sheets.write(step.book, unbinding(wrong, after.marks, new))
    raise Rejected(MOVED)


def _remember(served: _Served, found: Looked) -> None:
    step = served.step
    tabs = [Binding(target.kind, target.sheet_id, target.title, target.mapping) for target in found.targets]
    seen = found.survey
    bindings.bind(step.book, step.cohort_id, step.audience, seen.title, seen.scratch_id, tabs, served.account)
    adoptions.bound(step)


# -- unbinding ----------------------------------------------------------------------------------


def undo(served: _Served) -> None:
    """Take away what binding wrote in the book, then forget the binding; the intranet keeps all it holds."""
    step = served.step
    with _Lease(step.book, served.owner) as epoch:
        try:
            _take_away(step, served.sheets, epoch)
        except Rejected as error:
            # Deleted, or no longer shared: nothing of ours can be taken away there.
            log.warning("adoption %d: unbound without the book: %s", step.id, error)
        with connection():
            bindings.unbind(step.book, step.cohort_id)
            adoptions.undone(step)


def _take_away(step: Step, sheets: Sheets, epoch: int) -> None:
    for _ in range(ATTEMPTS):
        seen = survey(sheets.survey(step.book))
        if _settled(step.book, sheets, seen.tabs, epoch):
            continue
        with connection():
            mine = bindings.adopted(step.book, step.cohort_id)
            left = len(agreement.tabs(step.book)) > len(mine)
            scratch = bindings.scratch_id(step.book)
        sheets_of = {tab.sheet_id: bool(tab.mapping.get("id_added")) for tab in mine if tab.sheet_id in seen.tabs}
        batch = unbinding(sheets_of, seen.marks, scratch if not left and scratch in seen.tabs else None)
        if not batch:
            return
        try:
            sheets.write(step.book, batch)
        except Rejected as error:
            log.info("adoption %d: read again: %s", step.id, error)
            continue
        return
    raise BookTrouble(RESTLESS)


def _settled(book_id: str, sheets: Sheets, tabs: dict, epoch: int) -> bool:
    """Settle a write of the sync whose outcome is unknown; tell whether the book has to be read again."""
    if not epoch:
        return False
    report = Report(book_id, epoch=epoch)
    repairs = settle(book_id, tabs, report)
    if repairs is None:
        return False
    send(book_id, sheets, repairs, tabs, report)
    return True


class _Lease:
    """Keep the cycles of a book away, if it is bound at all."""

    def __init__(self, book_id: str, owner: str) -> None:
        self.book_id, self.owner, self.epoch = book_id, owner, 0

    def __enter__(self) -> int:
        with connection():
            if bindings.scratch_id(self.book_id) is not None:
                epoch = leases.take_lease(self.book_id, self.owner)
                if epoch is None:
                    raise Busy
                self.epoch = epoch
        return self.epoch

    def __exit__(self, *_: object) -> None:
        if self.epoch:
            leases.give_back(self.book_id, self.epoch)


_DO: dict[str, Callable[[_Served], None]] = {ASKED: propose, ACCEPTED: bind, UNDOING: undo}
