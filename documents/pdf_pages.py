"""Count the pages of the PDF on standard input, in a process of its own: run by `papers_read`, never imported.

A file made to exhaust its reader exhausts this process alone, which stops at its limits.
"""

import io
import json
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

#: What pypdf raises over a file that is not well made, or that makes it work for ever.
UNREADABLE = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, AssertionError,
    NotImplementedError, OSError, ZeroDivisionError, OverflowError, MemoryError,
)  # fmt: skip
#: Seconds of work and bytes of memory that no paper needs.
SECONDS, MEMORY = 8, 600_000_000


def counted(content: bytes) -> dict[str, int | str]:
    """Return {"pages": how many}, or {"why": "encrypted" or "unreadable"}."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not _opened(reader):
            return {"why": "encrypted"}
        return {"pages": len(reader.pages)}
    except UNREADABLE:
        return {"why": "unreadable"}


def _opened(reader: PdfReader) -> bool:
    """Open a file that anybody may read but not change: its password is empty."""
    try:
        return bool(reader.decrypt(""))
    except (DependencyError, *UNREADABLE):
        # A cipher that is not ours to know: the file asks for something to be opened.
        return False


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.write(json.dumps(counted(sys.stdin.buffer.read())))
