"""Choose the field of each column of a tab read as one kind: header first, then what the values say."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.half_day_matching import Choice, Slot, match
from rules.value_texts import as_text
from rules.values import TICKED, TYPES
from sync.adoption import evidence, ticks, vocabulary
from sync.adoption.grid import Grid, Value
from sync.adoption.headers import Header, Layout
from sync.adoption.likeness import best
from sync.adoption.shapes import CLOSE, ENOUGH, Guess
from sync.plan import COMPUTED
from sync.worksheets import Column

#: A header that resembles a field this little is not even named.
FAINT = 70
#: How much the values weigh beside the header, when they can prove anything.
WEIGHT = 0.3
#: Values that contradict the header this much undo it.
CONTRADICTED = 0.5
#: This part of the values tells what a column is when its header does not.
TOLD = 0.8
#: Both names in one cell: this part of the values has several words.
SEVERAL_WORDS = 0.7
YOURS, UNKNOWN = "reste à vous : ni lue ni écrite", "ne ressemble à rien de ce qui est synchronisé"
FULL_NAME, NAMES = "full_name", ("last_name", "first_name")


@dataclass(frozen=True)
class Known:
    """What the intranet knows of the kind of tab that is looked for."""

    kind: str
    columns: Sequence[Column]
    calendar: Sequence[Slot] = ()
    people: Sequence[tuple[str, str]] = ()

    @property
    def fields(self) -> list[Column]:
        """List the columns looked for one by one: those of a matrix are matched with the calendar."""
        both = Column(FULL_NAME, vocabulary.FULL_NAME_HEADER, TYPES["name"])
        plain = [column for column in self.columns if column.type.name != "attendance" and _asked(column)]
        return [both, *plain] if any(column.field in NAMES for column in plain) else plain

    @property
    def matrix(self) -> bool:
        """Tell whether some columns are half-days."""
        return any(column.type.name == "attendance" for column in self.columns)


def _asked(column: Column) -> bool:
    # What the intranet computes is written over whatever a column holds: nobody is proposed that.
    return column.policy != COMPUTED or column.field in NAMES


@dataclass(frozen=True)
class _Claim:
    """How much one column is one field, and why."""

    column: int
    field: str
    score: float
    reason: str


def guesses(grid: Grid, layout: Layout, known: Known) -> list[Guess]:
    """Choose a field for each column that has a header or values; no field is chosen twice."""
    rows = evidence.body(grid, layout.row)
    held = {column: evidence.values(grid, rows, column) for column in range(grid.width)}
    found = {
        header.column: Guess(header.column, header.shown, header.text, samples=evidence.samples(held[header.column]))
        for header in layout.headers
    }
    days = _half_days(layout, held, known)
    signs = ticks.signs(grid.title, {found[column].header: held[column] for column in days}, len(rows))
    _give_half_days(found, days, held, signs)
    plain = [header for header in layout.headers if not found[header.column].matrix]
    claims = [claim for header in plain for claim in _claims(header, held[header.column], known)]
    _give(found, claims, known)
    _leave_to_staff(found)
    return list(found.values())


# -- half-days ----------------------------------------------------------------------------------


def _half_days(layout: Layout, held: dict[int, list[Value]], known: Known) -> dict[int, Choice]:
    if not known.matrix:
        return {}
    wanted = [header for header in layout.headers if _may_be_half_day(header, held[header.column], known)]
    chosen = match([header.value for header in wanted], known.calendar)
    return {header.column: choice for header, choice in zip(wanted, chosen, strict=True) if choice.looks}


_ABOUT_A_HALF_DAY = ("seance", "presence", "presences", "cours", "du", "le", "emargement")


def _may_be_half_day(header: Header, held: list[Value], known: Known) -> bool:
    """Tell whether a header may be a half-day's: what it says of a date is not « inscrit le 20/01 »."""
    strange = [word for word in header.written.rest.split() if word not in _ABOUT_A_HALF_DAY]
    labelled = any(as_text(header.value) == slot.label for slot in known.calendar)
    return labelled or not strange


def _give_half_days(
    found: dict[int, Guess], days: dict[int, Choice], held: dict[int, list[Value]], signs: tuple[str, ...]
) -> None:
    kind = TICKED if signs else TYPES["attendance"]
    for column, choice in days.items():
        guess, marks = found[column], evidence.proof(held[column], kind)
        guess.matrix = True
        guess.reason, guess.others = choice.reason, choice.others
        if not choice.key:
            continue
        said = evidence.told(marks, kind)
        if marks.counts and marks.share < CONTRADICTED:
            guess.reason = f"{choice.reason}, mais {said} seulement"
            guess.others = (choice.key,)
        else:
            guess.field, guess.score = choice.key, choice.score
            guess.reason = " ; ".join(filter(None, (choice.reason, said, ticks.told(signs))))
            guess.ticks = bool(signs)


# -- fields -------------------------------------------------------------------------------------


def _claims(header: Header, held: list[Value], known: Known) -> list[_Claim]:
    """Say how much a column may be each field."""
    text = as_text(header.value)
    theirs, _ = best(text, vocabulary.THEIRS)
    found = []
    for column in known.fields:
        likeness, spelling = best(text, vocabulary.spellings(known.kind, column))
        claim = _claim(header, column, likeness if likeness >= theirs else 0.0, spelling, held)
        if claim and claim.score >= FAINT:
            found.append(claim)
    return _both_names(header, held, found)


def _claim(header: Header, column: Column, likeness: float, spelling: str, held: list[Value]) -> _Claim | None:
    if likeness < FAINT and column.type.name not in evidence.TELLING:
        return None
    proof = evidence.proof(held, column.type)
    said = evidence.told(proof, column.type)
    if likeness < FAINT:
        sure = proof.counts and proof.share >= TOLD
        why = f"{said}, malgré l'en-tête « {header.shown} »"
        return _Claim(header.column, column.field, ENOUGH + 5 * proof.share, why) if sure else None
    score, reason = likeness, _alike(header.shown, column.header, spelling, likeness)
    if said and proof.counts:
        score = (1 - WEIGHT) * likeness + WEIGHT * 100 * proof.share
        if proof.share < CONTRADICTED:
            return _Claim(header.column, column.field, min(score, ENOUGH - 1), f"{reason}, mais {said} seulement")
    return _Claim(header.column, column.field, score, f"{reason} ; {said}" if said else reason)


def _alike(shown: str, header: str, spelling: str, likeness: float) -> str:
    if shown.strip() == header:
        return f"s'appelle « {header} », comme dans l'intranet"
    if likeness == 100 and spelling == header:
        return f"« {shown} » est « {header} », à l'écriture près"
    return f"« {shown} » veut dire « {header} »" if likeness > 98 else f"« {shown} » ressemble à « {header} »"


def _both_names(header: Header, held: list[Value], claims: list[_Claim]) -> list[_Claim]:
    """Turn « Nom » into both names when its values are of several words."""
    last = next((claim for claim in claims if claim.field == "last_name" and claim.score >= ENOUGH), None)
    several = sum(len(as_text(value).split()) > 1 for value in held)
    if last is None or len(held) < evidence.FEWEST or several < SEVERAL_WORDS * len(held):
        return claims
    why = f"« {header.shown} » tient le nom et le prénom : {several} valeurs sur {len(held)} ont plusieurs mots"
    return [*(c for c in claims if c.field != FULL_NAME), _Claim(last.column, FULL_NAME, last.score - 1, why)]


def _give(found: dict[int, Guess], claims: list[_Claim], known: Known) -> None:
    """Give each field to the column that is it most, unless two are it as much."""
    left = sorted(_settled_names(claims), key=lambda claim: -claim.score)
    taken: dict[str, _Claim] = {}
    for claim in left:
        guess = found[claim.column]
        if guess.field or not known.fields:
            continue
        rivals = [c for c in left if c.field == claim.field and c.column != claim.column]
        if claim.field in taken:
            first = found[taken[claim.field].column].header
            _name(guess, claim, f"{claim.reason}, mais « {first} » y ressemble davantage")
        elif claim.score < ENOUGH:
            _name(guess, claim, claim.reason)
        elif any(abs(rival.score - claim.score) < CLOSE and not found[rival.column].field for rival in rivals):
            listed = " et ".join(f"« {found[c.column].header} »" for c in [claim, *rivals][:3])
            _name(guess, claim, f"{listed} se ressemblent : laquelle est-ce ?")
        else:
            guess.field, guess.score, guess.reason = claim.field, round(claim.score), claim.reason
            guess.others = ()
            taken[claim.field] = claim


def _name(guess: Guess, claim: _Claim, reason: str) -> None:
    """Name a possibility that is not chosen."""
    if claim.field not in guess.others:
        guess.others = (*guess.others, claim.field)
    guess.reason = guess.reason or reason


def _settled_names(claims: list[_Claim]) -> list[_Claim]:
    """Keep either both names in one column or one column for each, never both ways."""
    whole = max((c.score for c in claims if c.field == FULL_NAME), default=0.0)
    first = max((c.score for c in claims if c.field == "first_name"), default=0.0)
    last_alone = max((c.score for c in claims if c.field == "last_name"), default=0.0)
    parted = first >= ENOUGH and last_alone >= ENOUGH and _two_columns(claims)
    dropped = (FULL_NAME,) if parted or whole < ENOUGH else NAMES
    return [claim for claim in claims if claim.field not in dropped]


def _two_columns(claims: list[_Claim]) -> bool:
    last = {c.column for c in claims if c.field == "last_name" and c.score >= ENOUGH}
    first = {c.column for c in claims if c.field == "first_name" and c.score >= ENOUGH}
    return any(one != other for one in last for other in first)


def _leave_to_staff(found: dict[int, Guess]) -> None:
    for guess in found.values():
        if not guess.reason:
            known = best(guess.header, vocabulary.THEIRS)[0] >= ENOUGH
            guess.reason = YOURS if known else UNKNOWN
