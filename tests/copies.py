"""Copies of a store, taken in memory, put back elsewhere, and made wrong on purpose."""

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store import backup, backup_reading, db, intents, leases, restore
from store.accounts import add, open_sign_in
from store.models import Channel, PaperFile, User
from tests.books import STAFF, bind_both
from tests.conftest import postgresql_database
from tests.deliberated import graded, sealed
from tests.pages import AUTHOR
from tests.sync_bench import Cohort

#: Every byte, and texts that are easily spoilt.
BYTES = bytes(range(256)) * 40
ODD = "É\u00a0« œ » \u202f😀 e\u0301 \"guillemets\"\\ \t deux\nlignes"


def lived_in(cohort: Cohort) -> Cohort:
    """Fill a store with what is hard to copy: sealed minutes, files, leases, writes on their way, odd texts."""
    add(AUTHOR, "admin@exemple.fr", ODD, "admin")
    open_sign_in(User.get(User.email == "admin@exemple.fr").id)
    bind_both(cohort)
    intents.intend(STAFF, leases.take_lease(STAFF, "a worker") or 0, "nonce", {"odd": ODD})
    paper = db.rows("SELECT id FROM paper ORDER BY id")[0][0]
    PaperFile.create(paper=paper, name=ODD, content=BYTES, by="Tests")
    Channel.create(id="c", book=STAFF, token="t", until=1_732_987_654.123456)
    sealed(graded(cohort))
    return cohort


def copied() -> bytes:
    """Return a copy of the store."""
    out = io.BytesIO()
    backup.write(out)
    return out.getvalue()


def put_back(copy: bytes, replace: bool = False) -> list[str]:
    """Put a copy back into the store."""
    return restore.restore(backup_reading.verified(io.BytesIO(copy)), replace)


@contextmanager
def another(engine: str, folder: Path, name: str) -> Iterator[str]:
    """Bind the models to a new, empty store of this engine for a block, then to the one before."""
    before = db.database.obj
    with postgresql_database(name) if engine == "postgresql" else _file(folder) as url:
        # `connect` closes the store that it leaves.
        db.database.initialize(None)
        db.connect(url)
        try:
            yield url
        finally:
            if db.is_postgresql():
                db.database.close_all()
            elif not db.database.is_closed():
                db.database.close()
            db.database.initialize(before)


@contextmanager
def _file(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'another.sqlite'}"


def rewritten(copy: bytes, change: Callable[[list[Any]], None]) -> bytes:
    """Return a copy whose lines were changed, with the digests that they then have: a whole copy, of something else."""
    lines = [json.loads(line) for line in gzip.decompress(copy).splitlines()][:-1]
    change(lines)
    return made_of(lines)


def made_of(lines: list[Any]) -> bytes:
    """Return the copy made of these lines, without the last one, which is worked out."""
    texts = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines]
    told: dict[str, list[Any]] = {}
    digest = name = None
    for line, text in zip(lines[1:], texts[1:], strict=True):
        if isinstance(line, dict):
            name, digest = line["table"], hashlib.sha256()
            told[name] = [-1, ""]
        digest.update(text)
        told[name] = [told[name][0] + 1, digest.hexdigest()]
    end = {"end": told, "head": hashlib.sha256(texts[0]).hexdigest()}
    return gzip.compress(b"".join(texts) + json.dumps(end).encode() + b"\n")
