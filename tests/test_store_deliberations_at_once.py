"""Several screens, a sheet and a closing at once: everybody waits for their turn, nobody for one another."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from peewee import DatabaseError

from store import candidates, db, deliberations, jury, jury_members, minutes
from store.errors import Changed, Refused
from store.models import Decision
from tests.jury_sessions import AUTHOR, PROVIDER, TODAY, everybody_there, opened, passing
from tests.sync_bench import PAGE, Cohort

ROUNDS = 12


def at_once(*acts: Callable[[int], object]) -> list[str]:
    """Do each act several times, all of them at once; return what went otherwise than a rule of ours says."""

    def several(act: Callable[[int], object]) -> list[str]:
        found = []
        with db.connection():
            for turn in range(ROUNDS):
                try:
                    act(turn)
                except (Refused, Changed):
                    pass
                except DatabaseError as error:
                    found.append(f"{type(error).__name__}: {error}")
        return found

    with ThreadPoolExecutor(len(acts)) as pool:
        return [text for found in pool.map(several, acts) for text in found]


def test_screens_that_decide_and_move_at_once_never_wait_for_one_another(cohort: Cohort) -> None:
    passing(cohort)
    key, who = opened(cohort), cohort.participants

    def decide(turn: int) -> None:
        with db.database.atomic():
            one = who[turn % 3]
            candidates.decide(AUTHOR, key, one, {"decision": ("admitted", "resit")[turn % 2]}, "Relu.")
            candidates.stand_at(key, one)

    def move(turn: int) -> None:
        candidates.stand_at(key, who[turn % len(who)])

    def sheet(turn: int) -> None:
        jury.change(PAGE, who[3 + turn % 3], {"decision": "adjourned", "grade-RSV206": str(10 + turn % 5)})

    def presence(turn: int) -> None:
        member = jury_members.named(key)[turn % 2]
        jury_members.change(AUTHOR, key, member.id, {"present": ("oui", "non")[turn % 2]})

    assert at_once(decide, move, sheet, presence) == []
    assert deliberations.session(cohort.id, key).decided == 6


def test_an_act_holds_its_deliberation_before_its_dossier(cohort: Cohort) -> None:
    passing(cohort)
    key, (first, second, third, *_others) = opened(cohort), cohort.participants
    decided = Event()

    def move(turn: int) -> None:
        assert decided.wait(10)
        candidates.stand_at(key, second)

    def act(turn: int) -> None:
        if turn:
            return
        with db.database.atomic():
            candidates.decide(AUTHOR, key, first, {"decision": "admitted"})
            decided.set()
            # Long enough for the other screen to be on its way: with the locks the other way round, each waits.
            time.sleep(0.5)
            candidates.stand_at(key, third)

    assert at_once(act, move) == []


def test_what_comes_while_a_session_closes_is_in_its_minutes_or_refused(cohort: Cohort) -> None:
    passing(cohort)
    key, who = opened(cohort), cohort.participants
    everybody_there(key)
    for one in who:
        candidates.decide(AUTHOR, key, one, {"decision": "admitted"})

    def close(turn: int) -> None:
        if turn == ROUNDS // 3:
            deliberations.close(AUTHOR, key, PROVIDER, lambda data: b"%PDF")

    def decide(turn: int) -> None:
        with db.database.atomic():
            candidates.decide(AUTHOR, key, who[0], {"decision": ("resit", "admitted")[turn % 2]}, "Relu.")
            candidates.stand_at(key, who[1])

    def sheet(turn: int) -> None:
        jury.change(PAGE, who[1], {"grade-RSV206": str(10 + turn % 5)})

    assert at_once(close, decide, sheet) == []
    held = minutes.contents(deliberations.session(cohort.id, key).number)
    recorded = jury.held(who)
    for line in held["candidates"]:
        assert line["decision"] == recorded[line["id"]]["decision"]
        assert line["grades"]["RSV206"]["grade"] == recorded[line["id"]]["grade-RSV206"]
    assert Decision.select().where(Decision.signed_at.is_null()).count() == 0
    assert all(line.dossier.decision for line in candidates.lines(cohort.id, key, TODAY))


def test_one_of_two_sessions_opened_at_once_waits_and_is_refused(cohort: Cohort) -> None:
    keys = []
    for order in ("1", "2"):
        key = deliberations.prepare(AUTHOR, cohort.id, {
            "order_number": order, "order_date": "2025-06-02", "held_on": "2025-06-20",
        })  # fmt: skip
        for name, president in (("Anne Aubry", "oui"), ("Bruno Blanc", "non")):
            jury_members.add(AUTHOR, key, {"name": name, "president": president})
        keys.append(key)
    assert at_once(*(lambda turn, key=key: deliberations.open_session(AUTHOR, key) for key in keys)) == []
    assert sorted(one.state for one in deliberations.listed(cohort.id)) == ["open", "prepared"]
