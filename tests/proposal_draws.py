"""What the tests of the proposal share: small problems drawn at random, and their answer."""

import random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from rules.proposal import Paper, Problem, Tutor, problem
from rules.proposal_model import answer_of, hints, model, proved
from store import optimum, solving

#: A problem takes longer to solve than hypothesis expects of a test's first run.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
#: Two tutors, two themes that somebody may follow, one that nobody does.
WISHES = ("T1", "t2", "eau", "énergie", "astronomie")


def solved(asked: Problem) -> dict[str, int]:
    """Solve a problem in this process: what the child does, without starting one."""
    if not asked.free or not asked.tutors:
        return {}
    made = model(asked)
    found = solving.solve(optimum.plain(made) | hints(made, asked))
    assert not made.flow or proved(made, found["values"], found["prices"])
    return answer_of(made, found["values"])


@st.composite
def problems(draw: st.DrawFn, kinds: st.SearchStrategy) -> Problem:
    """Draw a problem small enough to look at every answer."""
    count = draw(st.integers(1, 3))
    tutors = [
        Tutor(number, f"T{number}", draw(st.sampled_from([None, 0, 1, 2, 3, 5])),
              tuple(draw(st.lists(st.sampled_from(["Eau", "energie"]), unique=True, max_size=2))))
        for number in range(1, count + 1)
    ]  # fmt: skip
    some = st.integers(1, count)
    named, sizes = draw(kinds)
    papers = [
        Paper(
            f"N{number}", f"P{number}", draw(st.one_of(st.none(), st.none(), some)),
            draw(st.one_of(st.none(), st.none(), st.none(), some)),
            tuple(draw(st.lists(st.sampled_from(WISHES), unique=True, max_size=3))),
            draw(st.sampled_from(named)), frozenset(draw(st.sets(some, max_size=1))),
        )
        for number in range(draw(st.integers(1, 6)))
    ]  # fmt: skip
    return problem(tutors, papers, sizes, draw(st.booleans()))


def plain() -> st.SearchStrategy:
    """Give problems without workshops."""
    return st.just((("",), (None, None)))


def workshops(sized: bool = False) -> st.SearchStrategy:
    """Give problems with workshops, of a size or of any."""
    sizes = [(2, 3), (None, 2), (2, None), (3, 3)]
    return st.tuples(st.sampled_from([("", "A"), ("", "A", "B"), ("",)]),
                     st.sampled_from(sizes if sized else [*sizes, (None, None)]))  # fmt: skip


def draw_problem(chance: random.Random, papers: int, tutors: int, most: int = 9, workshop: str = "") -> Problem:
    """Draw a larger problem; workshop: `named` puts six by six together, `sized` leaves them to be made."""
    themes = [f"thème {number}" for number in range(12)]
    people = [
        Tutor(number, f"Tutrice {number}", chance.randint(5, most), tuple(chance.sample(themes, 2)))
        for number in range(1, tutors + 1)
    ]
    wishes = [person.name for person in people] + themes
    written = [
        Paper(
            f"N{number:03}", f"Personne {number}", None, chance.randint(1, tutors) if chance.random() < 0.1 else None,
            tuple(chance.sample(wishes, 3)) if chance.random() < 0.8 else (),
            f"Atelier {number // 6 + 1}" if workshop == "named" else "",
            frozenset(chance.sample(range(1, tutors + 1), chance.choice([0, 0, 1]))),
        )
        for number in range(papers)
    ]  # fmt: skip
    return problem(people, written, (5, 6) if workshop else (None, None))
