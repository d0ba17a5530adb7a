"""The life of a jury between people, its sheet and its database: acts drawn one after the other, allowed or not.

What may never happen is judged after every act: a sealed byte that changes, a sealed value that moves, a decision
that changes but by the hand of somebody, a session that opens without a president or closes without presences, a
result that anybody reads before it is published, a grade in a book that is not the jury's.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from random import Random

from peewee import DatabaseError

from store import (
    candidates,
    corrections,
    deliberations,
    jury,
    jury_members,
    minutes,
    people,
    results,
    rosters,
    verification,
)
from store.db import database, rows
from store.errors import Changed, Refused
from store.journal import Author
from sync.worksheets import author as from_the_sheet
from tests.sync_bench import PAGE, Bench, Cohort, make_cohort

TODAY = date(2025, 6, 1)
WORKS = ("RSV206", "RSV207", "paper")
#: Grades that nothing else holds, the words that stand in their place, and what is no grade.
GRADES = ("13.37", "3.33", "17.77", "9.99", "10", "ABS", "EXC", "ATT", "")
WRONG = ("20,01", "-1", "abc", "١٢")
CANARIES = ("13.37", "13,37", "3.33", "3,33", "17.77", "17,77")
LABELS = {"admitted": "admis·e", "adjourned": "ajourné·e", "defaulted": "défaillant·e", "resit": "rattrapage"}
PROVIDER = {"name": "Cnam", "address": "", "town": "Paris"}
ORDER = {"order_number": "2025-12", "order_date": "02/06/2025", "held_on": "16/06/2025", "place": "Paris"}
TAMPERING = (
    "UPDATE minutes SET data = data || ' '", "DELETE FROM minutes", "UPDATE journal_entry SET author = 'x'",
    "DELETE FROM journal_entry",
)  # fmt: skip
#: Each act: the states of sessions of which it needs one, None for none, and how often it is drawn. By chance alone
#: hardly any session would have all that it takes to open and then to close: three acts bring one there.
ACTS = (
    ("grade", None, 4), ("grade_that_is_none", None, 1), ("mark", None, 1), ("pay", None, 1),
    ("decide_from_the_list", None, 3), ("tamper", None, 1), ("type_in_the_sheet", None, 4), ("cycle", None, 3),
    ("prepare", None, 1), ("open_one_that_is_ready", None, 2),
    ("say_of_a_member", {"prepared", "open"}, 2), ("open", {"prepared"}, 2), ("publish_too_early", {"prepared"}, 1),
    ("abandon", {"prepared", "open"}, 1), ("decide_in_session", {"open"}, 5), ("close", {"open"}, 2),
    ("decide_of_everybody_and_close", {"open"}, 2), ("publish", {"closed"}, 2), ("supersede", {"closed"}, 1),
    ("sit_again", {"closed"}, 2),
)  # fmt: skip
UNLESS_OPEN, WITH_BOOKS = ("open_one_that_is_ready", "sit_again"), ("type_in_the_sheet", "cycle")
#: Codes of the cohorts of one run: each life has its own, in one chain of minutes.
_CODES = count(1)
_MINUTES = "SELECT number, data, pdf, data_digest, pdf_digest, previous, seal, sealed_by, sealed_at FROM minutes"


class JuryLife:
    """One cohort of three, its jury, and, where a bench is given, its two books."""

    def __init__(self, seed: int, bind: Callable[[Cohort], Bench | None] = lambda cohort: None) -> None:
        self.rng, self.seed = Random(seed), seed
        self.cohort = make_cohort(f"VIE-{next(_CODES)}", 3)
        self.bench = bind(self.cohort)
        #: What happened: a life in which nothing does proves nothing.
        self.told: Counter[str] = Counter()
        #: Bytes of every row of minutes, as sealed; what each sealed dossier holds; what is published of whom.
        self.sealed = {row[0]: tuple(row) for row in rows(_MINUTES)}
        self.held: dict[str, dict[str, str]] = {}
        self.published: dict[str, str] = {}
        #: Candidates in whose row something was typed that no cycle has read.
        self.typed: set[str] = set()

    def live(self, acts: int) -> "JuryLife":
        """Carry out that many acts, and judge after each; say the seed and the last acts where something is wrong."""
        done: list[str] = []
        try:
            for _ in range(acts):
                done.append(self.rng.choice(self._possible()))
                getattr(self, done[-1])()
                self._judge()
            self._end()
        except BaseException as error:
            error.add_note(f"seed {self.seed}, after {len(done)} acts: {', '.join(done[-12:])}")
            raise
        return self

    def _possible(self) -> list[str]:
        states = {one.state for one in deliberations.listed(self.cohort.id)}
        return [
            name for name, needed, often in ACTS for _ in range(often)
            if (needed is None or states & needed) and not ("open" in states and name in UNLESS_OPEN)
            and (self.bench or name not in WITH_BOOKS)
        ]  # fmt: skip

    # -- what anybody does at any moment -------------------------------------------------------------------

    def grade(self) -> None:
        key = self._somebody()
        field, value = f"grade-{self.rng.choice(WORKS)}", self.rng.choice(GRADES)
        moves = jury.held([key]).get(key, {}).get(field, "") != value
        with self._allowing(set(), forbidden=moves and key in self.held):
            jury.change(self._door(), key, {field: value})

    def grade_that_is_none(self) -> None:
        key = self._somebody()
        before = jury.held([key])
        with self._allowing(set(), forbidden=True):
            jury.change(self._door(), key, {f"grade-{self.rng.choice(WORKS)}": self.rng.choice(WRONG)})
        assert jury.held([key]) == before

    def mark(self) -> None:
        half_day, status = self.rng.choice(self.cohort.half_days), self.rng.choice(["absent", "present"])
        with self._allowing(set()):
            rosters.mark(PAGE, self._somebody(), half_day, status, None)

    def pay(self) -> None:
        with self._allowing(set()):
            people.change(PAGE, self._somebody(), {"fees_paid_on": self.rng.choice(["06/01/2025", ""])})

    def decide_from_the_list(self) -> None:
        key, door = self._somebody(), self._door()
        decision, reason = self._decision(), self.rng.choice(["", "relu"]) if door is PAGE else ""
        before = self._decisions().get(key, "")
        unreasoned = self._sits(key) and bool(before) and not reason
        with self._allowing({key}, forbidden=before != decision and (unreasoned or key in self.held)):
            jury.change(door, key, {"decision": decision}, None, reason)

    # -- the session ---------------------------------------------------------------------------------------

    def prepare(self) -> None:
        ordered, president = self.rng.choice([ORDER, {"held_on": ORDER["held_on"]}]), self.rng.choice(["oui", ""])
        key = deliberations.prepare(PAGE, self.cohort.id, ordered)
        jury_members.add(PAGE, key, {"name": "Anne Roux", "president": president})
        jury_members.add(PAGE, key, {"name": "Marc Petit", "quality": "professionnel"})

    def say_of_a_member(self) -> None:
        session = self._session("prepared", "open")
        member = self.rng.choice(jury_members.named(session.id))
        president, present = self.rng.choice(["oui", ""]), self.rng.choice(["oui", "non", ""])
        with self._allowing(set(), forbidden=None):
            jury_members.change(PAGE, session.id, member.id, {"president": president, "present": present})

    def open(self) -> None:
        self._open(self._session("prepared"))

    def _open(self, session: deliberations.Session) -> None:
        lacks = deliberations.lacks_to_open(self.cohort.id, session.id)
        presidents = sum(member.president for member in jury_members.named(session.id))
        assert lacks or (presidents == 1 and not self._in("open")), "a session may open without all that it takes"
        # A correction of what newer minutes hold is refused as well.
        with self._allowing(set(), forbidden=True if lacks else None if session.supersedes else False):
            deliberations.open_session(PAGE, session.id)
            if session.supersedes:
                for key in self._candidates(session.id):
                    self.held.pop(key)

    def open_one_that_is_ready(self) -> None:
        if not self._in("prepared"):
            self.prepare()
        session = self._session("prepared")
        deliberations.change(PAGE, session.id, ORDER)
        self._seat(session.id, "")
        self._open(session)

    def _seat(self, session: int, present: str) -> None:
        for place, member in enumerate(jury_members.named(session)):
            changes = {"president": "oui" if place == 0 else "", "present": present}
            jury_members.change(PAGE, session, member.id, changes)

    def decide_in_session(self) -> None:
        session = self._session("open")
        key, decision = self.rng.choice(self._candidates(session.id)), self._decision()
        reason, before = self.rng.choice(["", "erreur de saisie"]), self._decisions().get(key, "")
        with self._allowing({key}, forbidden=bool(before) and before != decision and not reason):
            candidates.decide(PAGE, session.id, key, {"decision": decision}, reason)

    def decide_of_everybody_and_close(self) -> None:
        session = self._session("open")
        self._seat(session.id, "oui")
        for key in self._candidates(session.id):
            if not self._decisions().get(key):
                candidates.decide(PAGE, session.id, key, {"decision": "admitted"})
        self.close()

    def close(self) -> None:
        session, number = self._session("open"), ""
        lacks = deliberations.lacks_to_close(self.cohort.id, session.id, TODAY)
        said = [member.present for member in jury_members.named(session.id)]
        decided = all(self._decisions().get(key) for key in self._candidates(session.id))
        assert lacks or (decided and None not in said), "a session may close too early"
        with self._allowing(set(), forbidden=bool(lacks)):
            number = deliberations.close(PAGE, session.id, PROVIDER, _printed)
        if number:
            self._remember(number)
            self.told["corrected" if session.supersedes else "closed"] += 1

    def _remember(self, number: str) -> None:
        self.sealed[number] = next(tuple(row) for row in rows(_MINUTES) if row[0] == number)
        lines = {line["id"]: line for line in minutes.contents(number)["candidates"]}
        kept = jury.held(lines)
        for key, line in lines.items():
            assert kept[key]["decision"] == line["decision"]
            self.held[key] = kept[key]

    def publish(self) -> None:
        session = self._session("closed")
        forbidden = session.published_at is not None or results.corrected(session.id) is not None
        # One that published nothing while everything in it was decided again has nothing to publish any more.
        forbidden = forbidden or not any(
            one.deliberation == session.id for one in minutes.results(self.cohort.id, published=False).values()
        )
        with self._allowing(set(), forbidden=forbidden):
            results.publish(PAGE, self.cohort.id, session.id)
            self.published = {key: one.decision for key, one in minutes.results(self.cohort.id).items()}
            self.told["published"] += 1

    def publish_too_early(self) -> None:
        with self._allowing(set(), forbidden=True):
            results.publish(PAGE, self.cohort.id, self._session("prepared", "open").id)

    def supersede(self) -> None:
        session, reason = self._session("closed"), self.rng.choice(["", "erreur matérielle"])
        keys = self.rng.sample(self.cohort.participants, self.rng.randint(0, 3))
        possible = {line["id"] for line in corrections.may_correct(self.cohort.id, session.id)}
        with self._allowing(set(), forbidden=not reason or not keys or not possible >= set(keys)):
            deliberations.supersede(PAGE, session.id, reason, keys)

    def sit_again(self) -> None:
        session = self._session("closed")
        possible = [line["id"] for line in corrections.may_correct(self.cohort.id, session.id)]
        if possible:
            keys = self.rng.sample(possible, self.rng.randint(1, len(possible)))
            key = deliberations.supersede(PAGE, session.id, "erreur matérielle", keys)
            deliberations.change(PAGE, key, ORDER)
            self._seat(key, "")
            self._open(deliberations.session(self.cohort.id, key))

    def abandon(self) -> None:
        session = self._session("prepared", "open")
        named = self._candidates(session.id) if session.state == "open" and session.supersedes else []
        with self._allowing(set(named)):
            deliberations.abandon(PAGE, session.id)
        self.told["put back" if named else "abandoned"] += 1
        kept, sealed = jury.held(named), minutes.results(self.cohort.id, published=False)
        for key in named:
            self.held[key] = kept[key]
            grades = {f"grade-{work}": one["grade"] for work, one in sealed[key].line["grades"].items() if one["grade"]}
            assert kept[key].items() >= (grades | {"decision": sealed[key].decision}).items()

    # -- the sheet -----------------------------------------------------------------------------------------

    def type_in_the_sheet(self) -> None:
        key, header = self._somebody(), self.rng.choice(["RSV206", "RSV207", "Décision"])
        grade, label = self.rng.choice(GRADES[:5]), self.rng.choice(list(LABELS.values()))
        text = label if header == "Décision" else grade.replace(".", ",")
        self.bench.type("Jury", key, header, text, self.bench.jury)
        self.typed.add(key)

    def cycle(self) -> None:
        before, sitting = self._decisions(), {key for key in self.cohort.participants if self._sits(key)}
        with self._allowing(self.typed - self.held.keys()):
            self.bench.calm(self.bench.jury)
            self.bench.calm()
        for key in sitting & before.keys():
            assert self._decisions().get(key) == before[key], "changed in the sheet without a reason"
        shown = {key: self.bench.cell("Jury", key, "Décision", self.bench.jury) for key in self.cohort.participants}
        for key, values in self.held.items():
            assert shown[key] == LABELS[values["decision"]], "not put back"
        # What was refused or is in conflict stands in the sheet until it may be read, or somebody chooses.
        self.typed = {key for key in self.typed if shown[key] != LABELS.get(self._decisions().get(key, ""))}

    # -- whoever holds the database ------------------------------------------------------------------------

    def tamper(self) -> None:
        statement = self.rng.choice(TAMPERING)
        if "minutes" in statement and not self.sealed:
            return
        try:
            with database.atomic():
                database.execute_sql(statement)
        except DatabaseError:
            self.told["tampering"] += 1
            return
        raise AssertionError(f"{statement} was carried out")

    # -- what always holds ---------------------------------------------------------------------------------

    def _judge(self) -> None:
        assert {row[0]: tuple(row) for row in rows(_MINUTES)} == self.sealed, "sealed bytes changed"
        kept = jury.held(self.held)
        assert all(kept[key] == values for key, values in self.held.items()), "sealed values moved"
        assert len(self._in("open")) <= 1
        for session in self._in("closed"):
            named = jury_members.named(session.id)
            assert all(member.present is not None for member in named)
            assert [member.present for member in named if member.president] == [True]
        found = {key: one.decision for key, one in minutes.results(self.cohort.id).items()}
        assert found == self.published, "read before it was published"
        assert {one.enrolment for one in results.published(self.cohort.id)} == self.published.keys()

    def _end(self) -> None:
        assert not verification.verify().broken
        if self.bench:
            told = json.dumps(self.bench.whole(), ensure_ascii=False)
            assert not [canary for canary in CANARIES if canary in told]

    # -- what acts share -----------------------------------------------------------------------------------

    def _somebody(self) -> str:
        return self.rng.choice(self.cohort.participants)

    def _decision(self) -> str:
        return self.rng.choice(["", *LABELS])

    def _door(self) -> Author:
        return self.rng.choice([PAGE, from_the_sheet()])

    def _in(self, *states: str) -> list[deliberations.Session]:
        return [one for one in deliberations.listed(self.cohort.id) if one.state in states]

    def _session(self, *states: str) -> deliberations.Session:
        return self.rng.choice(self._in(*states))

    def _candidates(self, session: int) -> list[str]:
        query = "SELECT enrolment_id FROM candidacy WHERE deliberation_id = ? ORDER BY position"
        return [row[0] for row in rows(query, session)]

    def _sits(self, key: str) -> bool:
        return any(key in self._candidates(session.id) for session in self._in("open"))

    def _decisions(self) -> dict[str, str]:
        held = jury.held(self.cohort.participants)
        return {key: values["decision"] for key, values in held.items() if values.get("decision")}

    @contextmanager
    def _allowing(self, decided: set[str], forbidden: bool | None = False) -> Iterator[None]:
        """Hold an act to what it may do: change the decisions of these candidates, and be refused or not.

        forbidden: it must be refused; None where both are right.
        """
        before = self._decisions()
        try:
            yield
        except (Refused, Changed) as error:
            assert forbidden is not False, f"refused without a reason: {error}"
            assert self._decisions() == before
            self.told["refused"] += 1
        else:
            assert not forbidden, "what is forbidden was carried out"
            after = self._decisions()
            moved = {key for key in {*before, *after} if before.get(key) != after.get(key)}
            assert moved <= decided, "a decision changed by itself"


def _printed(data: dict) -> bytes:
    """Stand for the PDF, which has tests of its own."""
    return f"PV {data['number']}".encode()
