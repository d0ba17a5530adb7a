"""Propose what each tab of a book is, and what each of its columns holds; what is doubtful is said."""

from collections.abc import Mapping, Sequence

from rules.value_texts import as_text
from sync.adoption import evidence, vocabulary
from sync.adoption.columns import FULL_NAME, NAMES, Known, guesses
from sync.adoption.grid import Grid
from sync.adoption.headers import Layout, layouts
from sync.adoption.likeness import best
from sync.adoption.name_order import name_order
from sync.adoption.shapes import ENOUGH, Guess, Proposal, Reading, TabGuess

#: A title that says the kind is worth this many fields; so do people whom the intranet knows.
TITLE, PEOPLE = 1.5, 2.0
#: A second tab or kind that reaches this part of the first one's score is as likely.
AS_LIKELY = 0.85
#: A tab that reaches less than this is of no kind.
LEAST = 2.5


def propose(
    title: str, grids: Sequence[Grid], kinds: Mapping[str, Known], forbidden: Mapping[str, Known],
    taken: Mapping[int, str] | None = None,
) -> Proposal:  # fmt: skip
    """Propose a reading of every tab; `forbidden` kinds are recognised to be named, never proposed.

    A book that is not restricted to the jury forbids the kind jury, and the other way round. `taken`
    says, by sheetId, to what a tab is bound already: it is left alone.
    """
    left = taken or {}
    tabs = [
        TabGuess(grid.sheet_id, grid.title, reason=left[grid.sheet_id], taken=True)
        if grid.sheet_id in left
        else _tab(grid, kinds, forbidden)
        for grid in grids
    ]
    _settle_kinds(tabs)
    return Proposal(title, tabs)


def _tab(grid: Grid, kinds: Mapping[str, Known], forbidden: Mapping[str, Known]) -> TabGuess:
    found = TabGuess(grid.sheet_id, grid.title)
    found.readings = {kind: reading(grid, known) for kind, known in kinds.items()}
    able = {kind: one.score for kind, one in found.readings.items() if not one.trouble and one.score >= LEAST}
    _name_forbidden(found, grid, able, forbidden)
    if not able:
        found.reason = "" if found.doubts else _why_not(grid, found)
        return found
    kind = max(able, key=able.__getitem__)
    found.kind, found.reason = kind, _why(found.readings[kind], grid.title)
    rivals = [other for other in able if other != kind and able[other] >= AS_LIKELY * able[kind]]
    if rivals:
        listed = " ou ".join(f"« {vocabulary.KINDS[one]} »" for one in (kind, *rivals))
        found.doubts.append(f"Cet onglet peut être {listed} : vérifiez ce qui est choisi.")
    return found


def _name_forbidden(found: TabGuess, grid: Grid, able: Mapping[str, float], forbidden: Mapping[str, Known]) -> None:
    best_able = max(able.values(), default=0.0)
    for kind, known in forbidden.items():
        one = reading(grid, known)
        if not one.trouble and one.score >= LEAST and one.score > best_able:
            found.doubts.append(_FORBIDDEN["jury" if kind == "jury" else "staff"])
            return


_FORBIDDEN = {
    "jury": "Cet onglet ressemble à celui d'un jury. Des notes et des décisions non publiées ne sont synchronisées "
            "qu'avec un classeur réservé au jury : mettez-le dans un classeur à part, et reliez ce classeur-là en "
            "cochant « réservé au jury ».",
    "staff": "Cet onglet n'est pas celui d'un jury : dans un classeur réservé au jury, seul l'onglet du jury est "
             "synchronisé.",
}  # fmt: skip


def _why(one: Reading, title: str) -> str:
    chosen = [guess for guess in one.columns if guess.field]
    parts = [f"en-têtes à la ligne {one.header_row + 1}" + (" (sur deux lignes)" if one.header_lines > 1 else "")]
    days = sum(guess.matrix for guess in chosen)
    fields = len(chosen) - days
    parts.append(f"{fields} colonne{'s' if fields > 1 else ''} reconnue{'s' if fields > 1 else ''}")
    if days:
        parts.append(f"{days} demi-journée{'s' if days > 1 else ''}")
    if _title_score(title, one.kind) >= ENOUGH:
        parts.append(f"le titre « {title} »")
    return ", ".join(parts)


def _why_not(grid: Grid, found: TabGuess) -> str:
    if not any(as_text(value) for line in grid.values for value in line):
        return "Onglet vide."
    nearest = max(found.readings.values(), key=lambda one: one.score, default=None)
    if nearest is not None and nearest.score >= LEAST and nearest.trouble:
        return f"Ressemble à « {vocabulary.KINDS[nearest.kind]} », mais : {nearest.trouble}"
    return "Aucune ligne d'en-têtes n'y est reconnue."


# -- one tab as one kind --------------------------------------------------------------------------


def reading(grid: Grid, known: Known) -> Reading:
    """Read a tab as one kind: the header that says most, and what each column holds."""
    layout = max(layouts(grid), key=lambda one: _heading(one, known), default=None)
    if layout is None:
        return Reading(known.kind, -1, 1, 0.0, [], trouble="aucune ligne d'en-têtes.")
    one = Reading(known.kind, layout.row, layout.lines, 0.0, guesses(grid, layout, known))
    one.trouble = _missing(known.kind, one.columns)
    one.score = _score(grid, one, known)
    both = next((guess for guess in one.columns if guess.field == FULL_NAME), None)
    if both:
        rows = evidence.body(grid, layout.row)
        texts = [as_text(value) for value in evidence.values(grid, rows, both.column)]
        order = name_order(both.header, texts, known.people)
        one.name_order, one.order_reason = order.order, order.reason
    return one


def _heading(layout: Layout, known: Known) -> tuple[float, int, int]:
    """Return how much a row is the header: its fields and half-days; of two as good, the first, and one line."""
    wanted = [header for header in layout.headers if not known.matrix or not header.written.says_when]
    found: set[str] = set()
    for header in wanted:
        text = as_text(header.value)
        likely = [(best(text, vocabulary.spellings(known.kind, column))[0], column.field) for column in known.fields]
        score, name = max(likely, default=(0.0, ""))
        if score >= ENOUGH and score >= best(text, vocabulary.THEIRS)[0]:
            found.add(name)
    days = len(layout.headers) - len(wanted)
    # A row of dates without any name beside it is the upper line of a header, or a calendar of its own.
    return (len(found) + (days if found else days / 2), -layout.lines, -layout.row)


def _missing(kind: str, columns: list[Guess]) -> str:
    fields = {guess.field for guess in columns if guess.field}
    if not any(set(keys) <= fields for keys in vocabulary.KEYS[kind]):
        return _MISSING["half_days" if kind == "half_days" else "names"]
    if kind == "attendance" and not any(guess.matrix for guess in columns):
        return "aucune colonne n'est une demi-journée."
    return ""


_MISSING = {
    "half_days": "il y faut une colonne pour la date et une pour l'heure de début.",
    "names": "il y faut une colonne pour le nom et une pour le prénom, ou une seule pour les deux.",
}


def _score(grid: Grid, one: Reading, known: Known) -> float:
    chosen = [guess for guess in one.columns if guess.field]
    fields = sum(guess.score / 100 for guess in chosen if not guess.matrix)
    days = sum(guess.score / 100 for guess in chosen if guess.matrix)
    own = days or any(guess.field not in (*NAMES, FULL_NAME) for guess in chosen)
    title = TITLE * _title_score(grid.title, one.kind) / 100
    if not own and title < TITLE * ENOUGH / 100:
        # Names alone are on every tab.
        return 0.0
    return fields + days + title + PEOPLE * _known_share(grid, one, known)


def _title_score(title: str, kind: str) -> float:
    return best(title, vocabulary.TITLES[kind])[0]


def _known_share(grid: Grid, one: Reading, known: Known) -> float:
    """Return the part of the first column of names that the intranet knows."""
    place = next((g.column for g in one.columns if g.field in ("last_name", FULL_NAME)), None)
    if place is None or not known.people:
        return 0.0
    words = {word for last, first in known.people for word in (evidence.folded(last), evidence.folded(first))}
    texts = [as_text(value) for value in evidence.values(grid, evidence.body(grid, one.header_row), place)]
    hits = sum(any(evidence.folded(part) in words for part in (text, *text.split())) for text in texts)
    return hits / len(texts) if texts else 0.0


# -- tabs beside each other -----------------------------------------------------------------------


def _settle_kinds(tabs: list[TabGuess]) -> None:
    """Keep one tab of each kind; of two as likely, neither is chosen."""
    for kind in vocabulary.KINDS:
        claimants = sorted((t for t in tabs if t.kind == kind), key=lambda t: -t.readings[kind].score)
        if len(claimants) < 2:
            continue
        first, second = (tab.readings[kind].score for tab in claimants[:2])
        doubtful = second >= AS_LIKELY * first
        for tab in claimants if doubtful else claimants[1:]:
            others = " et ".join(f"« {one.title} »" for one in claimants if one is not tab)
            label = vocabulary.KINDS[kind]
            tab.kind = ""
            tab.reason = f"ressemble à « {label} »"
            tab.doubts.append(
                f"{others} ressemble{'nt' if len(claimants) > 2 else ''} autant à « {label} » : choisissez lequel."
                if doubtful
                else f"{others} ressemble{'nt' if len(claimants) > 2 else ''} davantage à « {label} »."
            )
