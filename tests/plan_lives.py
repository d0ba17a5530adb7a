"""The life of one table: agreed on, moved by people, planned and judged, carried out, moved again until all rest."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sync.plan import Columns, Plan, Sheet, Side
from sync.plan import merge as the_planner
from tests import plan_moves as moves
from tests.plan_draws import DRAWS, ENDS, Scene, agreed, bytes_of
from tests.plan_laws import Case
from tests.plan_life_laws import (
    busy,
    in_doubt,
    order_and_a_spoilt_row_change_nothing,
    reordered,
    two_clean_cycles_converge,
    what_was_carried_out_does_not_come_back,
)
from tests.plan_moves import FULL, UNREMEMBERED, UNSENT, Move
from tests.plan_row_laws import judge
from tests.plan_world import SCHEMAS, Texts, World

Planner = Callable[[Columns, Side, Sheet], Plan]
#: Told of each plan: the case, and whether it was in doubt which row is which record's.
Witness = Callable[[Case, bool], None]

#: Whole cycles after the last move; the plan of one more has nothing left to do.
CLEAN = 2
#: Where in the bytes of a seed the moves begin.
_FIRST_MOVE = 14


class Life:
    """Play one life. `planned` counts the plans made and judged: two of a tab that is planned in both orders."""

    __slots__ = ("scene", "planner", "witness", "turn", "planned", "last", "how", "clean")

    def __init__(self, world: World, planner: Planner, witness: Witness, turn: int = 0) -> None:
        self.scene = Scene(world)
        self.planner, self.witness, self.turn = planner, witness, turn
        self.planned = 0
        #: The plan of the cycle just before, unless somebody has moved since, and how that cycle ended.
        self.last: Plan | None = None
        self.how = FULL
        self.clean = 0

    def moved(self) -> None:
        """Note that somebody has moved since the last cycle."""
        self.last, self.clean = None, 0

    def cycle(self, how: str) -> Plan:
        """Plan, judge, carry out; plan the same tab in another order too, which must come to the same."""
        world, planner = self.scene.world, self.planner
        self.scene.done.append((moves.cycle, how))
        columns, side = world.schema.columns, world.side()
        plan = planner(columns, side, world.sheet())
        case = Case(world, plan)
        judge(case)
        doubt = in_doubt(case)
        if not doubt:
            sheet, spoilt = reordered(world, self.turn)
            order_and_a_spoilt_row_change_nothing(case, planner(columns, side, sheet), spoilt)
        self.planned += 1 if doubt else 2
        if self.last is not None:
            what_was_carried_out_does_not_come_back(self.last, self.how, plan, _alike(world))
        if self.clean >= CLEAN:
            two_clean_cycles_converge(plan)
        self.witness(case, doubt)
        world.carry_out(plan, sent=how != UNSENT, remembered=how != UNREMEMBERED)
        self.last, self.how = plan, how
        self.clean = self.clean + 1 if how == FULL and not plan.paused else 0
        return plan

    def rest(self) -> Plan:
        """Run cycles until nothing is left to do, or a person must confirm."""
        while True:
            plan = self.cycle(FULL)
            if plan.paused or not busy(plan):
                return plan


def _alike(world: World) -> set[str]:
    """Return the ids that several rows bear, the same text in all their cells."""
    if len({*world.ids}) == len(world.ids):
        return set()
    rows = Counter(zip(world.ids, world.texts, strict=True))
    return {key for (key, _), count in rows.items() if count > 1}


def live(seed: int, planner: Planner = the_planner, witness: Witness = lambda case, doubt: None) -> Life:
    """Return the life drawn from a seed, at its beginning; `draw` lives it."""
    data = bytes_of(seed)
    schema, rows = agreed(data)
    return Life(World(schema, rows), planner, witness, data[8])


def draw(life: Life, seed: int) -> None:
    """Live the whole life of a seed: moves, a cycle, mostly moves and a cycle again, then rest."""
    data, scene = bytes_of(seed), life.scene
    at = _FIRST_MOVE
    for count, end in ((1 + (data[9] & 3), data[11]), (data[10] & 3, data[12])):
        if not count:
            break
        for _ in range(count):
            DRAWS[data[at]](scene, data[at + 1], data[at + 2], data[at + 3])
            at += 4
        life.moved()
        life.cycle(ENDS[end & 15])
    if life.rest().paused and data[13] & 1:
        scene.do(moves.confirm)
        life.moved()
        life.rest()


# -- a life written down ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Script:
    """A life that can be played again: its schema, the rows agreed on, and every move, cycles among them."""

    schema: str
    agreed: dict[str, Texts]
    moves: tuple[Move, ...]
    turn: int = 0


def play(script: Script, planner: Planner = the_planner) -> Life:
    """Play a life again; raise Broken where it breaks a law."""
    life = Life(World(SCHEMAS[script.schema], dict(script.agreed)), planner, lambda case, doubt: None, script.turn)
    for move, *told in script.moves:
        if move is moves.cycle:
            life.cycle(*told)
        else:
            life.scene.do(move, *told)
            life.moved()
    return life


def written_down(life: Life, seed: int) -> Script:
    """Return the script of a life as far as it was lived."""
    schema, rows = agreed(bytes_of(seed))
    return Script(schema.name, rows, tuple(life.scene.done), life.turn)
