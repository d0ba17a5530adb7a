"""The laws of SHEETS.md that a plan alone can keep or break: what becomes of rows."""

from collections import Counter
from collections.abc import Callable

from sync.plan import BOTH
from tests.plan_laws import CELL_LAWS, Broken, Case
from tests.plan_world import TOP, Texts

#: More rows than this at once are an accident: the larger of a number and of a share.
FEW, SHARE = 3, 0.10
READS, EMPTIED = 2, 2


def _absent(case: Case) -> list[str]:
    """Return the records once agreed on that the sheet no longer has, unless their deletion was carried out."""
    world, known = case.world, case.plan.known
    return [k for k in world.local if k in world.base and k not in known and world.missing.get(k, 0) < READS]


def _most(case: Case) -> float:
    return max(FEW, SHARE * len(case.world.base.keys() & case.world.local.keys()))


# -- which record each row is -------------------------------------------------------------------


def an_id_is_believed_wherever_its_row_is(case: Case) -> None:
    """A row is the record whose id it carries; of those copied with it, the one most like the agreement.

    What the last read saw to be another row stays so, as long as nobody changes it; a row given another name
    is the copy.
    """
    world, known = case.world, case.plan.known
    if len({*known.values()}) < len(known):
        raise Broken("rows", "each of one record", known)
    if len(known) == len(world.ids) and list(map(known.get, world.ids)) == list(range(len(known))):
        return
    for place, key in enumerate(world.ids):
        if key not in world.local and key not in world.removed:
            continue
        holder = known.get(key, -1)
        if holder == place:
            continue
        if holder < 0 or world.ids[holder] != key:
            raise Broken(f"id {key}", f"row {place + TOP}", f"row {holder + TOP}")
        claims = [claim(case, key, place) for place in (place, holder)]
        if claims[0] > claims[1]:
            raise Broken(f"id {key}", f"kept by row {place + TOP}, which has more claim", f"kept by row {holder + TOP}")


def claim(case: Case, key: str, place: int) -> tuple[bool, bool, int]:
    """Return how good a row's claim to the id that it bears is.

    It is new to us under its name, it is new to us, it is like the agreement.
    """
    world, texts = case.world, case.world.texts[place]
    names = [_named(case, row) for row in (world.base.get(key), world.local.get(key)) if row]
    called = not _named(case, texts) or _named(case, texts) in names
    alike = sum(text == before for text, before in zip(texts, world.base.get(key, ()), strict=False))
    here = sum(borne == key and held == texts for borne, held in zip(world.ids, world.texts, strict=True))
    unseen = here > world.apart.count((key, texts))
    return called and unseen, unseen, alike


def an_id_is_given_back_only_without_doubt(case: Case) -> None:
    """A row gets the id of a record that lost its row, is like it, and alone is."""
    plan, world = case.plan, case.world
    for index, key in plan.ids.items():
        place = index - TOP
        if plan.known.get(key) != place or key in world.ids or key not in world.local:
            raise Broken(f"row {index}", "not given this id", key)
        was = tuple(text or "" for text in world.base.get(key) or world.local[key])
        texts = world.texts[place]
        if texts == was:
            continue
        named = _named(case, texts)
        rivals = [p for p in case.strangers if _named(case, world.texts[p]) == named]
        if not named or _named(case, was) != named or rivals:
            raise Broken(f"row {index}", f"not given the id of {was}", key)


def _named(case: Case, texts: Texts) -> list[str]:
    names = [(texts[place] or "").casefold() for place in case.world.schema.keys]
    return names if names and all(names) else []


# -- which rows are gone ------------------------------------------------------------------------


def deletions_are_bounded_and_never_on_a_first_read(case: Case) -> None:
    """Two complete reads without it, few at once, its row owned here, unedited, unsigned: only then is one deleted."""
    plan, world = case.plan, case.world
    if not plan.deletions:
        return
    absent = set(_absent(case))
    for key in plan.deletions:
        seen_missing = world.missing.get(key, 0) + 1 >= READS or world.confirmed
        if key not in absent or not seen_missing or not world.schema.columns.owns_rows:
            raise Broken(key, "not deleted", "deleted")
        if _edited(case, key) or key in world.signed:
            raise Broken(key, "an edit or a signature to beat the deletion", "deleted")
    if len(set(plan.deletions)) < len(plan.deletions):
        raise Broken("deletions", "each once", plan.deletions)
    if not world.confirmed and len(plan.deletions) > _most(case):
        raise Broken("deletions", f"at most {_most(case)}", plan.deletions)


def _edited(case: Case, key: str) -> bool:
    """Tell whether the intranet changed a record since the agreement."""
    pairs = zip(case.world.local[key], case.world.base[key], strict=True)
    return any(ours != before for ours, before in pairs if ours is not None and before is not None)


def a_missing_row_is_counted_deleted_or_written_again(case: Case) -> None:
    """Absence is not deletion: a first read counts it; then it goes, or comes back. No record is forgotten."""
    plan, world = case.plan, case.world
    if plan.paused:
        return
    for key in world.local:
        if key in plan.known:
            continue
        expected = key in world.base and world.missing.get(key, 0) < READS
        first = expected and not world.confirmed and world.missing.get(key, 0) + 1 < READS
        goes = expected and not first and world.schema.columns.owns_rows
        goes = goes and not _edited(case, key) and key not in world.signed
        wanted = "counted" if first else "deleted" if goes else "written again"
        found = "deleted" if key in plan.deletions else "written again" if key in plan.appends else "counted"
        if wanted != found or (wanted == "counted" and plan.missing.get(key) != 1):
            raise Broken(key, wanted, found if key in plan.missing or found != "counted" else "forgotten")


def an_accident_pauses_and_a_wish_does_not(case: Case) -> None:
    """More than max(3, 10 %) of the rows gone, or all, or as many emptied: the tab waits, unless confirmed."""
    world, known, paused = case.world, case.plan.known, bool(case.plan.paused)
    emptied = _emptied(case) if len(known) > FEW else 0
    gone = len(_absent(case)) if len(known) < len(world.local) or world.removed else 0
    accident = False
    if gone or emptied:
        expected = len(world.base.keys() & world.local.keys())
        accident = gone > _most(case) or 0 < gone == expected or emptied > _most(case)
    if paused != (accident and not world.confirmed):
        raise Broken("tab", "paused" if not paused else "not paused", case.plan.paused)


def _emptied(case: Case) -> int:
    """Count the rows that lost all they had, two values or more, with nothing refused."""
    world = case.world
    count, shared = 0, [place for place, policy in enumerate(world.schema.policies) if policy == BOTH]
    for key, place in case.plan.known.items():
        base, texts = world.base.get(key), world.texts[place]
        if not base or texts == base or key not in world.local:
            continue
        now = [texts[field] for field in shared if base[field]]
        if len(now) >= EMPTIED and not any(now):
            count += not any(cell.refusal for cell in (world.odds[place] or {}).values())
    return count


def a_pause_changes_nothing(case: Case) -> None:
    """A tab that waits for a person is left alone, both sides of it."""
    plan = case.plan
    if plan.paused:
        done = (plan.pulls, plan.pushes, plan.agreed, plan.clashes, plan.appends, plan.ids, plan.births,
                plan.deletions, plan.restored, plan.missing)  # fmt: skip
        if any(done):
            raise Broken("paused tab", "nothing done", [part for part in done if part])


# -- which rows are new -------------------------------------------------------------------------


def each_record_is_at_most_once_on_each_side(case: Case) -> None:
    """A record is written only where it has no row, a row is born only if it is no record's: each once."""
    plan, world = case.plan, case.world
    if plan.appends:
        odd = [key for key in plan.appends if key in plan.known or key not in world.local]
        if odd or len(set(plan.appends)) < len(plan.appends):
            raise Broken("rows written again", "each record once, where it is not", plan.appends)
    if plan.births:
        places = [row.index - TOP for row in plan.births]
        if len(set(places)) < len(places) or not set(places) <= set(case.strangers):
            raise Broken("births", "each from one row that is no record's", places)


def a_birth_is_complete_valid_and_read_twice(case: Case) -> None:
    """A half-typed row waits: it is born once nothing is refused, nothing lacks, and the last read saw it so."""
    plan, world = case.plan, case.world
    if not plan.births:
        return
    seen = Counter(world.waiting)
    for row in plan.births:
        place = row.index - TOP
        texts = world.texts[place]
        seen[texts] -= 1
        refused = [name for name, cell in (world.odds[place] or {}).items() if cell.refusal]
        lacks = [field for field in world.schema.required if not texts[field]]
        if refused or lacks or seen[texts] < 0 or not world.schema.columns.owns_rows:
            raise Broken(f"row {row.index}", "not born", f"born: {texts}")
        if tuple(cell.value for cell in row.cells.values()) != texts:
            raise Broken(f"row {row.index}", texts, row.cells)


def a_row_that_is_no_records_is_born_waits_or_is_refused(case: Case) -> None:
    """Nothing that anybody typed in a row is passed over in silence."""
    if not case.strangers or case.plan.paused:
        return
    plan, world = case.plan, case.world
    told = Counter(row.index for row in (*plan.births, *plan.waiting))
    refused = {turned.index for turned in plan.refused if turned.row not in plan.known}
    for place in case.strangers:
        index = place + TOP
        held = any(world.texts[place]) or any(cell.refusal for cell in (world.odds[place] or {}).values())
        if bool(held) != bool(told[index] or index in refused) or told[index] > 1:
            raise Broken(f"row {index}", "born, waiting or refused, once" if held else "nothing", told[index])
    listed = sum(turned.row not in plan.known for turned in plan.refused)
    if not set(told) | refused <= {place + TOP for place in case.strangers}:
        raise Broken("rows that are some record's", "neither born nor waiting", f"{sorted(told)}, {listed} refused")


def a_withdrawn_row_comes_back_only_by_a_wish(case: Case) -> None:
    """A withdrawn record is restored iff its row, gone before, is shown again, or was edited in the sheet."""
    plan, world = case.plan, case.world
    if not world.removed and not plan.restored:
        return
    wanted = [key for key in world.removed if key in plan.known and _wished(case, key)]
    if plan.paused or not world.schema.columns.owns_rows:
        wanted = []
    if sorted(plan.restored) != sorted(wanted):
        raise Broken("restored", sorted(wanted), sorted(plan.restored))


def _wished(case: Case, key: str) -> bool:
    world = case.world
    if world.missing.get(key, 0) > 0:
        return True
    place = case.plan.known[key]
    odd = world.odds[place] or {}
    pairs = zip(world.schema.fields, world.base.get(key) or (), world.texts[place], strict=False)
    return any(
        before is not None and text != before and not (name in odd and odd[name].refusal)
        for name, before, text in pairs
    )


ROW_LAWS: tuple[Callable[[Case], None], ...] = (
    an_id_is_believed_wherever_its_row_is,
    an_id_is_given_back_only_without_doubt,
    an_accident_pauses_and_a_wish_does_not,
    a_pause_changes_nothing,
    deletions_are_bounded_and_never_on_a_first_read,
    a_missing_row_is_counted_deleted_or_written_again,
    each_record_is_at_most_once_on_each_side,
    a_birth_is_complete_valid_and_read_twice,
    a_row_that_is_no_records_is_born_waits_or_is_refused,
    a_withdrawn_row_comes_back_only_by_a_wish,
)


def judge(case: Case) -> None:
    """Hold a plan to every law; where no cell differs and nothing is done to any, those of cells have no object."""
    for law in ROW_LAWS:
        law(case)
    if case.cells or case.done:
        for law in CELL_LAWS:
            law(case)
