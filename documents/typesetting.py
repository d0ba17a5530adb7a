"""The one module that calls typst: a template of ours, plain values, a tagged PDF (PDF/UA-1)."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from documents import engines, glyphs

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _fonts() -> object:
    """Load our own fonts once: the same document then looks the same on every machine."""
    fonts = engines.typst().Fonts
    return fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])


def pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template; the same values give the same bytes.

    typst works outside Python's lock, so that other pages are served meanwhile.
    """
    compiler = engines.typst().Compiler(
        (HERE / "templates" / template).read_bytes(), root=str(HERE), font_paths=_fonts(),
        ignore_system_fonts=True, sys_inputs={"values": glyphs.drawable(values)},
    )  # fmt: skip
    # Without a moment of its own a file would bear the moment it was made, and never be the same twice.
    return compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0)  # type: ignore[return-value]
