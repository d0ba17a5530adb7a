"""Time the balanced proposal end to end: 200 papers and 40 tutors, the process that solves it included.

    python bench/tutoring.py [--rounds N] [--papers N] [--tutors N]

Three kinds: without workshops (a flow), workshops that exist and go together, workshops to be made
within their size. Each is drawn anew from a seed, timed from the problem to the verified answer and its
sentences, and set beside what nothing that asks a solver in a process of its own could avoid: starting
that process, loading the solver and solving one bare linear program of the same columns and rows, once,
without stages, proofs or sentences. Rounds alternate, so that a machine that slows down slows both.
Limit: the median under 2 s.
"""

import argparse
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rules.proposal import Paper, Problem, Tutor, problem  # noqa: E402 - the repository must be importable first
from rules.proposal_aims import Aims, aims  # noqa: E402 - the same
from rules.proposal_gaps import gaps  # noqa: E402 - the same
from rules.proposal_model import model  # noqa: E402 - the same
from rules.proposal_words import Reasons  # noqa: E402 - the same
from rules.proposal_workshops import placed  # noqa: E402 - the same
from store import optimum  # noqa: E402 - the same

#: Seconds that a page may take to propose.
LIMIT = 2.0
KINDS = {
    "plain": "without workshops", "named": "workshops of 6 that go together", "sized": "workshops of 5 to 6 to be made",
}  # fmt: skip


def drawn(kind: str, papers: int, tutors: int, seed: int) -> Problem:
    """Draw a cohort: three wishes of tutors or themes for four in five, a tenth cotutored, some exclusions."""
    chance = random.Random(seed)
    themes = [f"thème {number}" for number in range(12)]
    room = papers // tutors
    people = [
        Tutor(number, f"Tutrice {number}", chance.randint(room, room + 4) + 2, tuple(chance.sample(themes, 2)))
        for number in range(1, tutors + 1)
    ]
    wishes = [person.name for person in people] + themes
    written = [
        Paper(
            f"N-{number:04}", f"Personne {number}", None,
            chance.randint(1, tutors) if chance.random() < 0.1 else None,
            tuple(chance.sample(wishes, 3)) if chance.random() < 0.8 else (),
            f"Atelier {number // 6 + 1}" if kind == "named" else "",
            frozenset(chance.sample(range(1, tutors + 1), chance.choice([0, 0, 1]))),
        )
        for number in range(papers)
    ]  # fmt: skip
    return problem(people, written, (None, None) if kind == "plain" else (5, 6))


def proposed(asked: Problem) -> Aims:
    """Do all that the page does between its queries and its template."""
    asked, answer = optimum.settled(asked)
    reasons = Reasons(asked, answer)
    for paper in asked.free:
        if paper.id in answer:
            reasons.why(paper)
    gaps(asked, answer)
    placed(asked, answer)
    return aims(asked, answer)


def bare(given: dict[str, object]) -> None:
    """Solve the same columns and rows once as a bare linear program, in a process of its own."""
    found = optimum.solved(given)
    assert "values" in found, found


def relaxed(asked: Problem) -> dict[str, object]:
    """Return the bare linear program of a problem: a flow of the same size, one stage."""
    plain = problem(asked.tutors, [replaced(paper) for paper in asked.papers])
    made = model(plain)
    given = optimum.plain(made)
    return given | {"flow_stages": given["flow_stages"][:1], "floors": [], "known": []}


def replaced(paper: Paper) -> Paper:
    """Return a paper without its workshop."""
    return Paper(paper.id, paper.person, paper.tutor, paper.cotutor, paper.wishes, "", paper.excluded)


def measure(kind: str, papers: int, tutors: int, rounds: int) -> bool:
    """Print one kind; tell whether it is within the limit."""
    ours, floors, worth = [], [], None
    for seed in range(rounds):
        asked = drawn(kind, papers, tutors, seed)
        given = relaxed(asked)
        for times, work in ((floors, lambda given=given: bare(given)), (ours, lambda asked=asked: proposed(asked))):
            started = time.perf_counter()
            worth = work() or worth
            times.append(time.perf_counter() - started)
    middle, floor = statistics.median(ours), statistics.median(floors)
    good = middle <= LIMIT
    print(
        f"{KINDS[kind]:<34}{middle:>7.2f} s, worst {max(ours):.2f}   bare program {floor:.2f} s   "
        f"{middle / floor:.1f} x   limit {LIMIT:g} s{'' if good else '   OVER'}"
    )
    print(f"    of the last: {worth}")
    return good


def main() -> int:
    """Time every kind and return 1 when one is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--tutors", type=int, default=40)
    given = parser.parse_args()
    print(f"{given.papers} papers, {given.tutors} tutors, {given.rounds} rounds")
    good = [measure(kind, given.papers, given.tutors, given.rounds) for kind in KINDS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
