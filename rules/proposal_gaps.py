"""What an answer could not satisfy, each thing named in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rules.board import natural
from rules.message import Message
from rules.normal_form import fold
from rules.proposal import Answer, Paper, Problem, Unit
from rules.proposal_aims import loads
from rules.proposal_workshops import placed


def after(asked: Problem, answer: Answer) -> dict[int, int]:
    """Return what each tutor would follow: what nobody else gets stays with who follows it today."""
    held = Counter(loads(asked, answer))
    held.update(paper.tutor for paper in asked.free if paper.id not in answer and paper.tutor in asked.by_id)
    return {tutor.id: held[tutor.id] for tutor in asked.tutors}


def gaps(asked: Problem, answer: Answer) -> list[Message]:
    """List everything that the answer leaves unsatisfied, what matters most first."""
    return [
        *_left(asked, answer), *_staying(asked), *_over(asked, answer), *_excluded(asked), *_parted(asked),
        *_sizes(asked, answer), *_spread(asked, answer), *_unmet(asked, answer), *_unknown(asked),
    ]  # fmt: skip


def _left(asked: Problem, answer: Answer) -> Iterator[Message]:
    left = [unit for unit in asked.units if unit.papers[0].id not in answer]
    if not left:
        return
    if not asked.tutors:
        yield Message("Personne n'est encore déclaré comme tuteur dans cette promotion.")
        return
    room = sum(min(room, len(asked.free)) for room in asked.room.values())
    if room < len(asked.free):
        yield Message("Notes à confier : %(papers)s ; places : %(room)s.", {"papers": len(asked.free), "room": room})
    alone: list[Paper] = []
    for unit in left:
        if message := _own_reason(asked, unit) or _squeezed(asked, answer, unit):
            yield message
        else:
            alone += unit.papers
    if alone:
        people = _people(alone)
        yield Message("Restent comme aujourd'hui, les tuteurs possibles n'ayant plus de place : %(people)s.", people)


def _own_reason(asked: Problem, unit: Unit) -> Message | None:
    """Say why a unit could be given to nobody, whatever becomes of the others."""
    said = {**_people(unit.papers), "workshop": unit.papers[0].workshop, "count": unit.size}
    if not unit.tutors:
        return _nobody(asked, unit, said)
    said["most"] = max(asked.room[tutor] for tutor in unit.tutors)
    if not unit.workshop or said["most"] >= unit.size:
        return None
    if unit.workshop in asked.sharers:
        said["tutors"] = _names(asked, unit.tutors)
        return Message("%(people)s : pas assez de place chez qui suit déjà l'atelier « %(workshop)s » (%(tutors)s).",
                       said)  # fmt: skip
    return Message(
        "L'atelier « %(workshop)s » ne tient chez personne : notes à confier ensemble, %(count)s ; places chez un "
        "même tuteur possible, %(most)s au plus.", said,
    )  # fmt: skip


def _nobody(asked: Problem, unit: Unit, said: dict[str, object]) -> Message:
    if unit.workshop in asked.sharers:
        said["tutors"] = _names(asked, asked.sharers[unit.workshop])
        return Message("%(people)s : qui suit l'atelier « %(workshop)s » (%(tutors)s) en est écarté ou co-tuteur.",
                       said)  # fmt: skip
    if unit.workshop:
        return Message("L'atelier « %(workshop)s » : chaque tuteur est écarté d'une de ses notes ou co-tuteur "
                       "(%(people)s).", said)  # fmt: skip
    return Message("%(people)s : aucun tuteur possible, tous sont écartés de cette note ou co-tuteurs.", said)


def _squeezed(asked: Problem, answer: Answer, unit: Unit) -> Message | None:
    """Say that a workshop fits nowhere once the others have their place."""
    if not unit.workshop:
        return None
    given = Counter(answer.values())
    said = {
        "workshop": unit.papers[0].workshop, **_people(unit.papers), "count": unit.size,
        "most": max(asked.room[tutor] - given[tutor] for tutor in unit.tutors),
    }  # fmt: skip
    return Message("L'atelier « %(workshop)s » ne tient plus tout entier chez personne, les autres placés : notes à "
                   "confier ensemble, %(count)s ; places restantes chez un même tuteur possible, %(most)s au plus "
                   "(%(people)s).", said)  # fmt: skip


def _names(asked: Problem, tutors: Iterable[int]) -> str:
    return ", ".join(sorted((asked.by_id[tutor].name for tutor in tutors), key=fold))


def _staying(asked: Problem) -> Iterator[Message]:
    staying = [paper for paper in asked.kept if paper.id in asked.stays]
    if staying:
        said = _people(staying)
        yield Message("N'ont pu être replacées et restent chez leur tuteur d'aujourd'hui : %(people)s.", said)


def _people(papers: Iterable[Paper]) -> dict[str, str]:
    return {"people": ", ".join(sorted((paper.person for paper in papers), key=fold))}


def _over(asked: Problem, answer: Answer) -> Iterator[Message]:
    held = after(asked, answer)
    for tutor in asked.tutors:
        if tutor.capacity is not None and held[tutor.id] > tutor.capacity:
            said = {"tutor": tutor.name, "count": held[tutor.id], "capacity": tutor.capacity}
            yield Message("%(tutor)s aurait une charge de %(count)s pour une capacité de %(capacity)s.", said)


def _excluded(asked: Problem) -> Iterator[Message]:
    for paper in asked.kept:
        if paper.tutor in paper.excluded and paper.tutor in asked.by_id:
            said = {"person": paper.person, "tutor": asked.by_id[paper.tutor].name}
            yield Message("%(person)s garde %(tutor)s, qui est pourtant écarté·e de cette note.", said)


def _parted(asked: Problem) -> Iterator[Message]:
    for name in sorted(asked.sharers, key=natural):
        if len(asked.sharers[name]) > 1:
            said = {"workshop": asked.workshops[name][0].workshop, "tutors": _names(asked, asked.sharers[name])}
            yield Message("L'atelier « %(workshop)s » est partagé entre plusieurs tuteurs : %(tutors)s.", said)


def _sizes(asked: Problem, answer: Answer) -> Iterator[Message]:
    for name, size in sizes(asked, placed(asked, answer)).items():
        if asked.least and size < asked.least:
            said = {"workshop": name, "count": size, "least": asked.least}
            yield Message("L'atelier « %(workshop)s » manquerait de membres : %(count)s pour %(least)s au moins.", said)
        if asked.most and size > asked.most:
            said = {"workshop": name, "count": size, "most": asked.most}
            yield Message("L'atelier « %(workshop)s » aurait trop de membres : %(count)s pour %(most)s au plus.", said)


def sizes(asked: Problem, joined: Mapping[str, str]) -> dict[str, int]:
    """Return how many members each workshop would have, by the name that it bears."""
    spelt: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for paper in asked.papers:
        if name := paper.workshop or joined.get(paper.id, ""):
            counted[spelt.setdefault(fold(name), name)] += 1
    return dict(sorted(counted.items(), key=lambda item: natural(item[0])))


def _spread(asked: Problem, answer: Answer) -> Iterator[Message]:
    """Say how far loads lie apart, and what keeps them so."""
    held, given = after(asked, answer), Counter(answer.values())
    low, high = min(held.values(), default=0), max(held.values(), default=0)
    if high - low < 2:
        return
    yield Message("Les charges iraient de %(low)s à %(high)s.", {"low": low, "high": high})
    full = [t for t in asked.tutors if held[t.id] < high - 1 and given[t.id] >= asked.room[t.id]]
    if full:
        yield Message("N'ont plus de place : %(tutors)s.", {"tutors": ", ".join(tutor.name for tutor in full)})
    heavy = [t for t in asked.tutors if held[t.id] > low + 1 and not given[t.id]]
    if heavy:
        yield Message("Ne reçoivent rien de plus : %(tutors)s.", {"tutors": ", ".join(tutor.name for tutor in heavy)})
    if not full and not heavy:
        yield Message("Les exclusions, les ateliers ou les co-tutorats ne permettent pas de les rapprocher.")


def _unmet(asked: Problem, answer: Answer) -> Iterator[Message]:
    unmet = [
        paper for paper in asked.free
        if paper.wishes and paper.id in answer and asked.rank(paper, answer[paper.id]) is None
    ]  # fmt: skip
    if unmet:
        yield Message("Aucun de leurs vœux n'a pu être suivi : %(people)s.", _people(unmet))


def _unknown(asked: Problem) -> Iterator[Message]:
    said: dict[str, tuple[str, list[Paper]]] = {}
    for paper in asked.free:
        for wish in paper.wishes:
            if not asked.meant(wish):
                said.setdefault(fold(wish), (wish, []))[1].append(paper)
    for wish, papers in said.values():
        yield Message(
            "Vœu qui n'est ni un tuteur ni un thème de la promotion : « %(wish)s » (%(people)s).",
            {"wish": wish, **_people(papers)},
        )
