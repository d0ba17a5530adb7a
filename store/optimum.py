"""Ask for the best answer to the problem of tutors, in a process that ends with it."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

from rules.message import Message
from rules.proposal import Answer, Problem
from rules.proposal_aims import broken
from rules.proposal_model import Model, answer_of, hints, model, proved, stages
from store.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "store.solving"]
log = logging.getLogger("passerelle")
#: How long a page waits; the process is given a little longer to say so itself.
SECONDS, GRACE = 15, 5
TOO_LONG = Message(
    "Le calcul n'a pas abouti en %(seconds)s secondes : rien n'est proposé. Placez d'abord quelques notes dans "
    "des ateliers ou chez un tuteur, puis recommencez.", {"seconds": SECONDS},
)  # fmt: skip
FAILED = Message("Le calcul a échoué : rien n'est proposé. L'erreur est au journal du serveur.")


def settled(asked: Problem, find: Callable[[Problem], Answer] | None = None) -> tuple[Problem, Answer]:
    """Return the best answer with the problem that it answers.

    There, papers that nobody could be given stay with whoever follows them today, whose room they take: all that
    is proposed can be accepted.
    """
    while True:
        best = (find or answer)(asked)
        staying = {paper.id for paper in asked.free if paper.id not in best and paper.tutor in asked.by_id}
        if not staying:
            return asked, best
        asked = replace(asked, stays=asked.stays | staying)


def answer(asked: Problem) -> dict[str, int]:
    """Return the best answer as {paper: tutor}, verified in whole numbers.

    Raises Refused: it took too long, or the process failed.
    """
    if not asked.free or not asked.tutors:
        return {}
    made = model(asked)
    found = solved(plain(made) | hints(made, asked))
    if "unsolved" in found:
        log.warning("proposal unsolved: %s", found["unsolved"])
        message = TOO_LONG if found["unsolved"] == "too_long" else FAILED
        raise Refused(message)
    best = answer_of(made, found["values"])
    wrong = broken(asked, best)
    if wrong or (made.flow and not proved(made, found["values"], found["prices"])):
        log.error("proposal refused: %s", wrong or "not proved the best")
        raise Refused(FAILED)
    return best


def solved(given: dict[str, Any]) -> dict[str, Any]:
    """Solve a problem in a process that ends with it."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            COMMAND, input=json.dumps(given), capture_output=True, text=True, cwd=ROOT, timeout=SECONDS + GRACE
        )
    except subprocess.TimeoutExpired as slow:
        raise Refused(TOO_LONG) from slow
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        log.error("proposal failed, status %s: %s", done.returncode, done.stderr[-2000:])
        raise Refused(FAILED) from error


def plain(made: Model) -> dict[str, Any]:
    """Return the model as the lists that `store/solving` reads: entries by column."""
    whole_stages, flow_stages = stages(made)
    entries = list(chain.from_iterable(made.entries))
    return {
        "seconds": SECONDS, "low": made.low, "high": made.high, "upper": made.upper, "whole": made.whole,
        "starts": [0, *accumulate(map(len, made.entries))],
        "rows": [row for row, _ in entries], "values": [value for _, value in entries],
        "whole_stages": whole_stages, "flow_stages": flow_stages,
    }  # fmt: skip
