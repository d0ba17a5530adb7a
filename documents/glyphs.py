"""Which letters our font can draw: PDF/UA refuses a whole paper for one that it cannot."""

import json
import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FONT = Path(__file__).with_name("fonts") / "SourceSans3_400Regular.ttf"
#: What is printed for a letter that the font cannot draw.
UNKNOWN = "□"
#: A control character as JSON escapes it, told from a backslash that somebody typed.
_CONTROL = re.compile(r"(\\\\)|\\u00[01][0-9a-f]")


@lru_cache(maxsize=1)
def known() -> frozenset[int]:
    """Return the code points of the font, from its `cmap` table (OpenType, format 12 or 4)."""
    font = FONT.read_bytes()
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
              for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)}  # fmt: skip
    cmap, found = tables[b"cmap"], set()
    for place in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        offset = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * place)[0]
        read = {4: _segments, 12: _groups}.get(struct.unpack_from(">H", font, offset)[0])
        if read:
            found |= read(font, offset)
    # A mark of the order of bytes is no letter: PDF/UA has none.
    return frozenset(found - {0xFEFF})


def _groups(font: bytes, offset: int) -> set[int]:
    count = struct.unpack_from(">I", font, offset + 12)[0]
    groups = (struct.unpack_from(">II", font, offset + 16 + 12 * place) for place in range(count))
    return {point for first, last in groups for point in range(first, last + 1)}


def _segments(font: bytes, offset: int) -> set[int]:
    double = struct.unpack_from(">H", font, offset + 6)[0]
    lasts = struct.unpack_from(f">{double // 2}H", font, offset + 14)
    firsts = struct.unpack_from(f">{double // 2}H", font, offset + 16 + double)
    return {point for first, last in zip(firsts, lasts, strict=True) for point in range(first, last + 1)} - {0xFFFF}


def drawable(values: object) -> str:
    """Write plain values as JSON in which every letter can be drawn; one that cannot stands as a box."""
    text = unicodedata.normalize("NFC", json.dumps(values, ensure_ascii=False))
    text = _CONTROL.sub(lambda found: found[1] or "", text)
    strange = {ord(letter) for letter in set(text)} - known()
    return text.translate({point: _instead(chr(point)) for point in strange}) if strange else text


def _instead(letter: str) -> str:
    # Marks of direction, joiners and the like are never drawn: nothing is lost with them.
    return "" if unicodedata.category(letter) in ("Cf", "Cc", "Cs") else UNKNOWN
