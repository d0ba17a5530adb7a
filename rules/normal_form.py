"""The one spelling of a text that is compared, stored and written."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Spaces that a word processor or a spreadsheet puts in place of the plain one.
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2002, 0x200B), 0x202F, 0x205F, 0x3000], " ")


# A book is read again every few seconds with nearly the same texts: their forms are kept.
@lru_cache(maxsize=32_768)
def norm(text: str) -> str:
    """Give the normal form of a text: NFC, plain spaces, plain line ends, trimmed.

    Inner line ends and runs of spaces are kept. Control characters and lone surrogates are
    dropped: nobody types them and PostgreSQL stores neither. `norm(norm(x)) == norm(x)`.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).translate(_SPACES).strip()


@lru_cache(maxsize=32_768)
def fold(text: str) -> str:
    """Give the form under which two spellings are the same word: no accent, no case, single spaces."""
    bare = (c for c in unicodedata.normalize("NFD", norm(text)) if not unicodedata.combining(c))
    return " ".join("".join(bare).replace("’", "'").casefold().split())
