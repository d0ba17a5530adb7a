"""Why each paper is proposed to its tutor, in sentences that hold by themselves.

A dearer wish is not followed because it may not be, or because something that counts more would
suffer: that is found by giving this one paper to the wished tutor and measuring the answer again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rules.message import Message
from rules.normal_form import fold
from rules.proposal import Answer, Paper, Problem
from rules.proposal_aims import loads
from rules.proposal_workshops import missing

#: A sentence is read in one breath: of more obstacles than this, the first.
MOST_OBSTACLES = 3


class Reasons:
    """What is asked about each paper of one answer."""

    def __init__(self, asked: Problem, answer: Answer) -> None:
        self.asked, self.answer = asked, answer
        self.held, self.given = loads(asked, answer), Counter(answer.values())
        self.lacking = self._lacking(answer)

    def why(self, paper: Paper) -> tuple[Message, ...]:
        """Say why a paper goes where the answer sends it."""
        asked, tutor = self.asked, self.answer[paper.id]
        if paper.workshop:
            return self._together(paper, tutor)
        if not paper.wishes:
            return (self._unwished(paper, tutor),)
        rank = asked.rank(paper, tutor)
        dearer = paper.wishes if rank is None else paper.wishes[:rank]
        obstacles: list[Message] = []
        for wish in dearer:
            obstacles += [found for found in self._obstacles(paper, wish) if found not in obstacles]
        return (self._wish(paper, tutor), *obstacles[:MOST_OBSTACLES])

    def staying(self, paper: Paper) -> tuple[Message, ...]:
        """Say why a paper whose tutor stays joins a workshop."""
        said = {"tutor": self._name(paper.tutor or 0)}
        return (Message("%(tutor)s garde cette note, qui n'est encore dans aucun atelier.", said),)

    def _name(self, tutor: int) -> str:
        return self.asked.by_id[tutor].name

    def _together(self, paper: Paper, tutor: int) -> tuple[Message, ...]:
        key = fold(paper.workshop)
        said = {"workshop": paper.workshop, "tutor": self._name(tutor), "count": len(self.asked.workshops[key])}
        sharers = self.asked.sharers.get(key, ())
        if len(sharers) > 1:
            first = Message("Son atelier, « %(workshop)s », est déjà en partie chez %(tutor)s.", said)
        elif sharers:
            first = Message("Son atelier, « %(workshop)s », est déjà chez %(tutor)s.", said)
        else:
            first = Message("L'atelier « %(workshop)s » va tout entier chez %(tutor)s (membres : %(count)s).", said)
        return (first, self._wish(paper, tutor)) if paper.wishes else (first,)

    def _wish(self, paper: Paper, tutor: int) -> Message:
        """Say which wish a tutor meets, if any."""
        rank = self.asked.rank(paper, tutor)
        if rank is None:
            return Message("Aucun de ses vœux n'a pu être suivi.")
        wish, name = paper.wishes[rank], self._name(tutor)
        if fold(wish) == fold(name):
            return Message("Vœu n° %(rank)s : %(tutor)s.", {"rank": rank + 1, "tutor": name})
        said = {"rank": rank + 1, "wish": wish, "tutor": name}
        return Message("Vœu n° %(rank)s : « %(wish)s », un thème que suit %(tutor)s.", said)

    def _unwished(self, paper: Paper, tutor: int) -> Message:
        name = self._name(tutor)
        if paper.tutor == tutor:
            return Message("Sans vœu : la note reste chez %(tutor)s.", {"tutor": name})
        others = [other.id for other in self.asked.tutors if other.id != tutor and self._could(paper, other.id)]
        if not others:
            return Message("Sans vœu : seul·e %(tutor)s peut encore suivre cette note.", {"tutor": name})
        said = {"tutor": name, "load": self.held[tutor], "least": min(self.held[other] for other in others)}
        if said["load"] <= said["least"] + 1:
            return Message(
                "Sans vœu, pour l'équilibre : la charge de %(tutor)s serait de %(load)s, celle des autres d'au moins "
                "%(least)s.", said,
            )  # fmt: skip
        return Message("Sans vœu, pour la taille des ateliers : la charge de %(tutor)s serait de %(load)s.", said)

    def _could(self, paper: Paper, tutor: int) -> bool:
        """Tell whether somebody may follow a paper and has room left."""
        barred = tutor in paper.excluded or tutor == paper.cotutor
        return not barred and self.given[tutor] < self.asked.room[tutor]

    def _obstacles(self, paper: Paper, wish: str) -> Iterator[Message]:
        wished = self.asked.meant(wish)
        if not wished:
            yield Message("« %(wish)s » n'est ni un tuteur ni un thème de la promotion.", {"wish": wish})
        for tutor in wished:
            yield self.obstacle(paper, tutor)

    def obstacle(self, paper: Paper, wished: int) -> Message:
        """Say what prevents one paper, all else staying, from going to a tutor whom its author would prefer."""
        said = {"tutor": self._name(wished)}
        if wished in paper.excluded:
            return Message("%(tutor)s est écarté·e de cette note.", said)
        if wished == paper.cotutor:
            return Message("%(tutor)s co-tutore déjà cette note.", said)
        if not self._could(paper, wished):
            return Message("%(tutor)s n'a plus de place.", said)
        return self._worse(paper, wished)

    def _worse(self, paper: Paper, wished: int) -> Message:
        own, name = self.answer[paper.id], self._name(wished)
        more = self._lacking({**self.answer, paper.id: wished}) - self.lacking
        if more > 0:
            said = {"tutor": name, "count": more}
            return Message("Avec %(tutor)s, il manquerait des membres à des ateliers (%(count)s de plus).", said)
        held, gives = self.held[wished], self.held[own]
        said = {
            "tutor": name, "more": held + 1, "other": self._name(own), "less": gives - 1, "held": held, "own": gives,
        }  # fmt: skip
        return Message(
            "Avec %(tutor)s, les charges s'éloigneraient : %(more)s, et %(less)s pour %(other)s, au lieu de %(held)s "
            "et %(own)s.", said,
        )  # fmt: skip

    def _lacking(self, answer: Answer) -> int:
        return sum(missing(self.asked, answer).values())
