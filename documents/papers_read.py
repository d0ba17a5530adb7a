"""A paper handed in as a PDF: its pages are counted, nothing else is read of it and nothing is kept."""

import json
import subprocess
import sys
from pathlib import Path

from rules.message import Message, Refused

#: What one file may weigh; the form says so.
MOST_BYTES = 25_000_000
#: Seconds after which a file is given up, whatever it does.
PATIENCE = 20
ROOT = Path(__file__).resolve().parent.parent
_NOT_READ = Message("Ce PDF n'a pas pu être lu : ouvrez-le, enregistrez-le de nouveau en PDF, puis recommencez.")


def pages(content: bytes) -> int:
    """Return how many pages a PDF has; raise Refused, in French, for anything else."""
    if not content:
        raise Refused("Choisissez un fichier PDF qui n'est pas vide.")
    if len(content) > MOST_BYTES:
        raise Refused("Ce fichier pèse %(size)s Mo ; %(most)s Mo au plus sont possibles.",
                      size=-(-len(content) // 1_000_000), most=MOST_BYTES // 1_000_000)  # fmt: skip
    # Some programs write a few bytes before the header, which readers allow within the first kilobyte.
    if b"%PDF-" not in content[:1024]:
        raise Refused("Ce fichier n'est pas un PDF : exportez la note en PDF, puis recommencez.")
    found = _counted(content)
    if found.get("why") == "encrypted":
        raise Refused("Ce PDF est protégé par un mot de passe : enregistrez-le sans, puis recommencez.")
    if not isinstance(found.get("pages"), int) or not found["pages"]:
        raise Refused(_NOT_READ)
    return found["pages"]


def _counted(content: bytes) -> dict:
    """Count in a process of its own, stopped at its limits: pypdf is never loaded by the web process."""
    command = [sys.executable, "-m", "documents.pdf_pages"]
    try:
        done = subprocess.run(  # noqa: S603 - a module of ours, the file on its standard input
            command, input=content, capture_output=True, timeout=PATIENCE, cwd=ROOT, check=True
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise Refused(_NOT_READ) from None
