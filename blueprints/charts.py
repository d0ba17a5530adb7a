"""Bar charts drawn by the server as SVG, each with its numbers as a table under it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

#: Sizes in the units of the drawing: a line, the bar in it, what labels and bars may take.
LINE, THICK, LABELS, LENGTH = 22, 14, 150, 260


@dataclass(frozen=True)
class Bar:
    """One bar: what it counts, how many, the class that colours it, and the whole it is a part of, 0 for none."""

    label: str
    number: int
    tone: str = ""
    whole: int = 0


@dataclass(frozen=True)
class Drawn:
    """One bar as it is drawn; top and length are in the units of the drawing."""

    bar: Bar
    top: int
    length: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart ready to draw: `of` is the header of what its bars count."""

    id: str
    title: str
    of: str
    bars: tuple[Drawn, ...]
    height: int
    summary: str


def chart(name: str, title: str, of: str, bars: Sequence[Bar]) -> Chart:
    """Lay bars out, the longest over the whole length; the summary says in words what is drawn."""
    longest = max([*(max(bar.number, bar.whole) for bar in bars), 1])
    drawn = tuple(
        Drawn(bar, place * LINE, round(LENGTH * bar.number / longest, 1), _text(bar)) for place, bar in enumerate(bars)
    )
    summary = ", ".join(_("%(label)s : %(number)s", label=one.bar.label, number=one.text) for one in drawn)
    return Chart(name, title, of, drawn, LINE * len(bars), summary)


def _text(bar: Bar) -> str:
    return _("%(number)s sur %(whole)s", number=bar.number, whole=bar.whole) if bar.whole else str(bar.number)
