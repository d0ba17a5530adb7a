"""Serve what people ask of the page « Connecter un classeur »: look, bind, unbind. One step at a time."""

import logging
from collections.abc import Callable

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


class Busy(Exception):
    """A cycle holds the book: the step waits for its end."""


def serve(connect: Callable[[], Sheets], owner: str) -> bool:
    """Serve the oldest step that waits; tell whether there was one. `connect` opens the connection to Google."""
    with connection():
        step = next((found for key in adoptions.waiting() if (found := adoptions.claim(key))), None)
    if step is None:
        return False
    serve_step(step, connect, owner)
    return True


def serve_step(step: Step, connect: Callable[[], Sheets], owner: str) -> None:
    """Do one step that was claimed, and note down what came of it."""
    try:
        _DO[step.state](step, connect(), owner)
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


def propose(step: Step, sheets: Sheets, owner: str) -> None:
    """Read the book, propose a mapping or preview the one that staff chose."""
    _keep(step, look(sheets, step.book, step.cohort_id, step.audience, step.mapping, step.proposal))


def _keep(step: Step, found: Looked, note: str = "") -> None:
    preview = {**found.preview, "note": note}
    with connection():
        adoptions.proposed(step, found.survey.title, found.proposal, found.mapping, preview)


# -- binding ------------------------------------------------------------------------------------


def bind(step: Step, sheets: Sheets, owner: str) -> None:
    """Bind what was accepted, provided that it would still change what its preview said."""
    with _Lease(step.book, owner):
        found = look(sheets, step.book, step.cohort_id, step.audience, step.mapping, step.proposal)
        marked = bool(found.targets) and all(placed(found.survey.tabs.get(t.sheet_id), t) for t in found.targets)
        if not marked:
            if found.preview["problems"] or found.preview["digest"] != step.preview.get("digest"):
                _keep(step, found, CHANGED)
                return
            _mark(step, sheets, found)
        with connection():
            _remember(step, found)


def _mark(step: Step, sheets: Sheets, found: Looked) -> None:
    seen = found.survey
    sheets.write(step.book, binding(found.targets, seen.tabs, seen.scratch_id, seen.filters))
    after = survey(sheets.survey(step.book))
    if all(placed(after.tabs.get(target.sheet_id), target) for target in found.targets):
        return
    # Somebody moved columns in the half second before the marks arrived: they go away again.
    new = None if seen.scratch_id in seen.tabs else seen.scratch_id
    wrong = {target.sheet_id: target.id_added for target in found.targets}
    sheets.write(step.book, unbinding(wrong, after.marks, new))
    raise Rejected(MOVED)


def _remember(step: Step, found: Looked) -> None:
    tabs = [Binding(target.kind, target.sheet_id, target.title, target.mapping) for target in found.targets]
    seen = found.survey
    bindings.bind(step.book, step.cohort_id, step.audience, seen.title, seen.scratch_id, tabs)
    adoptions.bound(step)


# -- unbinding ----------------------------------------------------------------------------------


def undo(step: Step, sheets: Sheets, owner: str) -> None:
    """Take away what binding wrote in the book, then forget the binding; the intranet keeps all it holds."""
    with _Lease(step.book, owner) as epoch:
        try:
            _take_away(step, sheets, epoch)
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
            with connection():
                leases.release(self.book_id, self.epoch)


_DO: dict[str, Callable[[Step, Sheets, str], None]] = {ASKED: propose, ACCEPTED: bind, UNDOING: undo}
