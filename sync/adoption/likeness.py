"""How much a header looks like one of ours: accents, case and misspellings aside. The one place of fuzzy matching."""

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from rules.values import fold

#: A spelling found whole among the words of a longer header, less for each word that it leaves over.
WITHIN, EACH_WORD = 93.0, 4.0
#: A word of a header is this close to a word of a spelling to be the same one.
SAME_WORD = 84.0
#: Spellings shorter than this are taken whole or not at all: « nom » is within « nom du chien ».
SHORTEST_WITHIN = 5
#: Shorter words than this are never misspelt ones: « le » is not « de ».
SHORTEST_MISSPELT = 4
_POINTS = re.compile(r"[^a-z0-9@°/&]+")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a header without accents, case, points or middle dots: « Tél. » is « tel »."""
    return _POINTS.sub(" ", fold(text)).strip()


@lru_cache(maxsize=16384)
def likeness(header: str, spelling: str) -> float:
    """Return how much a header is this spelling, of 100."""
    mine, its = plain(header), plain(spelling)
    if not mine or not its:
        return 0.0
    if mine == its:
        return 100.0
    if min(len(mine), len(its)) < SHORTEST_MISSPELT:
        return 0.0
    alike = max(fuzz.ratio(mine, its), fuzz.token_sort_ratio(mine, its) - 1)
    return max(alike, _within(mine.split(), its.split()))


def _within(header: list[str], spelling: list[str]) -> float:
    if sum(map(len, spelling)) < SHORTEST_WITHIN or len(header) <= len(spelling):
        return 0.0
    for word in spelling:
        found = process.extractOne(word, header, scorer=fuzz.ratio)
        if found is None or found[1] < (SAME_WORD if len(word) >= SHORTEST_MISSPELT else 100):
            return 0.0
    return WITHIN - EACH_WORD * (len(header) - len(spelling))


@lru_cache(maxsize=16384)
def best(header: str, spellings: tuple[str, ...]) -> tuple[float, str]:
    """Return how much a header looks like the closest of some spellings, and that spelling."""
    scores = [likeness(header, spelling) for spelling in spellings]
    most = max(scores, default=0.0)
    return (most, spellings[scores.index(most)]) if scores else (0.0, "")


#: Two names this close may be one person's.
SAME_NAME = 88.0


#: Names this much further than the nearest are not meant.
CLOSE_NAMES = 5.0
#: Of several as near, no more than this many are named.
MOST_NAMES = 3


def closest(name: str, others: tuple[str, ...]) -> str:
    """Return the name that is most like another, '' when none is enough to be the same one misspelt."""
    return next(iter(nearest(name, others)), "")


# What a row that is nobody's says is compared again at each read of its tab.
@lru_cache(maxsize=4096)
def nearest(name: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names most like another, the nearest first: those as near as the first, none when all are far."""
    found = process.extract(name, others, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_NAME, limit=MOST_NAMES)
    return tuple(other for other, score, _ in found if score > found[0][1] - CLOSE_NAMES)
