"""What anyone who holds a paper learns of it, and how often they may be wrong before they wait."""

from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from math import ceil

from rules.message import Message
from store import minutes
from store.db import as_datetime, rows
from store.errors import Refused
from store.models import FailedCheck
from store.models.base import now

#: Papers that are not authentic which one address may ask about within this time.
LIMIT, WINDOW = 30, timedelta(minutes=15)


class TooOften(Refused):
    """An address was wrong too often: it may ask again in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(Message(
            "Trop de vérifications sans succès depuis cette connexion : réessayez dans %(minutes)s min.",
            {"minutes": ceil(seconds / 60)},
        ))  # fmt: skip
        self.seconds = seconds


@dataclass(frozen=True)
class Checked:
    """What a paper that holds a number and a digest is.

    published: the results of these minutes are. later: the published minutes that decide again of somebody whom these
    name, the oldest first, each with whether one of their decisions is in force. whole: none of these is any more.
    """

    authentic: bool
    published: bool = False
    later: tuple[tuple[str, bool], ...] = ()
    whole: bool = False


def check(number: str, digest: str, address: str) -> Checked:
    """Tell whether minutes of this number have this digest, of their data or of their file, and what replaces them.

    An unknown number and another digest get the same answer in the same time. Raises TooOften where an address was
    wrong too often.
    """
    _refuse_too_often(address)
    found = rows("SELECT data_digest, pdf_digest, cohort_id FROM minutes WHERE number = ?", number)
    data, file, cohort_id = found[0] if found else ("0" * 64, "0" * 64, None)
    same = [compare_digest(one.encode(), digest.encode()) for one in (data, file)]
    if not found or not any(same):
        _keep_failure(address)
        return Checked(False)
    return _what_is_in_force(cohort_id, number)


def _what_is_in_force(cohort_id: int, number: str) -> Checked:
    """Follow the people of minutes through those published since; nothing tells of one that is not published yet."""
    own = {one["id"] for one in minutes.contents(number)["candidates"]}
    later = [(one, own.intersection(keys)) for one, keys in minutes.later(cohort_id, number)]
    replaced = {key: one for one, keys in later for key in keys}
    published = any(one.number == number and one.published_at for one in minutes.listed(cohort_id))
    force = set(replaced.values())
    return Checked(True, published, tuple((one, one in force) for one, keys in later if keys), own <= replaced.keys())


def _refuse_too_often(address: str) -> None:
    since = now() - WINDOW
    theirs = (FailedCheck.address == address) & (FailedCheck.at > since)
    recent = rows(FailedCheck.select(FailedCheck.at).where(theirs).order_by(FailedCheck.at.desc()).limit(LIMIT))
    if len(recent) == LIMIT:
        raise TooOften(max(1, ceil((as_datetime(recent[-1][0]) + WINDOW - now()).total_seconds())))


def _keep_failure(address: str) -> None:
    FailedCheck.delete().where(FailedCheck.at <= now() - WINDOW).execute()
    FailedCheck.insert(address=address, at=now()).execute()
