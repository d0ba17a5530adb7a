"""The sentences of the proposal: one for each pick, each true of the answer that it speaks of."""

import re
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.message import Message
from rules.normal_form import fold
from rules.proposal import Answer, Paper, Problem, Tutor, problem
from rules.proposal_aims import aims, broken, loads
from rules.proposal_gaps import after, gaps
from rules.proposal_words import Reasons
from rules.proposal_workshops import missing, placed
from store import optimum
from tests.proposal_draws import CALM, plain, problems, solved, workshops

ANY = st.one_of(plain(), workshops())


def tutor_of(asked: Problem, message: Message) -> int:
    return next(tutor.id for tutor in asked.tutors if tutor.name == message.values["tutor"])


def room_left(asked: Problem, answer: Answer, tutor: int) -> bool:
    return list(answer.values()).count(tutor) < asked.room[tutor]


def holds(asked: Problem, answer: Answer, paper: Paper, message: Message) -> bool:
    """Tell whether what a sentence says of one paper is so."""
    said, text, own = message.values, message.text, answer[paper.id]
    held = loads(asked, answer)
    if text.startswith("Vœu n° %(rank)s"):
        wish = paper.wishes[said["rank"] - 1]
        meant = asked.meant(wish)
        earlier = {tutor for other in paper.wishes[: said["rank"] - 1] for tutor in asked.meant(other)}
        named = tutor_of(asked, message) == own and said.get("wish", wish) == wish
        return named and own in meant and own not in earlier
    if text.startswith("Aucun de ses vœux"):
        return bool(paper.wishes) and own not in {tutor for wish in paper.wishes for tutor in asked.meant(wish)}
    if text.startswith("« %(wish)s » n'est ni"):
        return said["wish"] in paper.wishes and not any(
            fold(said["wish"]) in {fold(tutor.name), *map(fold, tutor.themes)} for tutor in asked.tutors
        )
    other = tutor_of(asked, message)
    if "est écarté·e" in text:
        return other in paper.excluded
    if "co-tutore déjà" in text:
        return other == paper.cotutor
    if "n'a plus de place" in text:
        return not room_left(asked, answer, other)
    if text.startswith("Avec "):
        return worse(asked, answer, paper, message, other)
    if text.startswith("Sans vœu"):
        return not paper.wishes and other == own and unwished(asked, answer, paper, message, held)
    if text.startswith("Son atelier"):
        return asked.homes[fold(paper.workshop)] == own == other and said["workshop"] == paper.workshop
    members = asked.workshops[fold(paper.workshop)]
    assert text.startswith("L'atelier")
    return {answer[member.id] for member in members} == {own} == {other} and said["count"] == len(members)


def worse(asked: Problem, answer: Answer, paper: Paper, message: Message, other: int) -> bool:
    """Tell whether giving this one paper to the wished tutor would be as the sentence says, and worth less."""
    moved, said, own = {**answer, paper.id: other}, message.values, answer[paper.id]
    if broken(asked, moved) or aims(asked, moved) < aims(asked, answer):
        return False
    if "il manquerait" in message.text:
        lacking = [sum(missing(asked, one).values()) for one in (moved, answer)]
        return said["count"] == lacking[0] - lacking[1] > 0
    now, then = loads(asked, answer), loads(asked, moved)
    told = (said["more"], said["less"], said["held"], said["own"])
    further = abs(then[other] - then[own]) > abs(now[other] - now[own])
    return told == (then[other], then[own], now[other], now[own]) and further


def unwished(asked: Problem, answer: Answer, paper: Paper, message: Message, held: dict[int, int]) -> bool:
    own = answer[paper.id]
    others = [
        tutor.id for tutor in asked.tutors
        if tutor.id not in {own, paper.cotutor, *paper.excluded} and room_left(asked, answer, tutor.id)
    ]  # fmt: skip
    if "reste chez" in message.text:
        return paper.tutor == own
    if "seul·e" in message.text:
        return not others
    if "équilibre" in message.text:
        least = min(held[other] for other in others)
        return (message.values["load"], message.values["least"]) == (held[own], least) and held[own] <= least + 1
    return asked.sized and message.values["load"] == held[own]


@settings(CALM, max_examples=100)
@given(problems(ANY))
def test_each_pick_is_explained_and_each_sentence_is_true(asked: Problem) -> None:
    answer = solved(asked)
    reasons = Reasons(asked, answer)
    for paper in asked.free:
        if paper.id in answer:
            why = reasons.why(paper)
            assert why
            for message in why:
                assert "%" not in str(message)
                assert holds(asked, answer, paper, message), str(message)


def everything_wrong(asked: Problem, answer: Answer) -> list[str]:
    """Name, from the problem alone, what the sentences must speak of."""
    found = [f"{p.person} is left" for p in asked.free if p.id not in answer and asked.tutors]
    found += [f"{p.person} stays" for p in asked.papers if p.id in asked.stays]
    then = after(asked, answer)
    found += [f"{t.name} is over" for t in asked.tutors if t.capacity is not None and then[t.id] > t.capacity]
    found += [f"{p.person} keeps {p.tutor}" for p in asked.kept if p.tutor in p.excluded]
    for paper in asked.free:
        if paper.id in answer and paper.wishes and asked.rank(paper, answer[paper.id]) is None:
            found.append(f"{paper.person} is unmet")
    sizes = Counter(fold(p.workshop or placed(asked, answer).get(p.id, "")) for p in asked.papers)
    for name, size in sizes.items():
        if name and (size < (asked.least or 0) or size > (asked.most or 99)):
            found.append(f"workshop {name}: {size}")
    held = then.values()
    if held and max(held) - min(held) > 1:
        found.append(f"from {min(held)} to {max(held)}")
    return found


LEFT = ("aucun tuteur possible", "Restent comme", "ne tient plus", "pas assez de place", "chaque tuteur est écarté",
        "en est écarté ou co-tuteur")  # fmt: skip


def told(asked: Problem, answer: Answer) -> list[str]:
    """Name what the sentences speak of, read back from them."""
    found = []
    for message in gaps(asked, answer):
        said, text = message.values, message.text
        people = said.get("people", "").split(", ")
        if "ne tient plus" in text:
            assert said["count"] == len(people) > said["most"] >= 0
        if any(words in text for words in LEFT):
            found += [f"{person} is left" for person in people]
        elif "ne tient chez personne" in text:
            members = [p for p in asked.workshops[fold(said["workshop"])] if p in asked.free]
            assert said["count"] == len(members) > said["most"]
            found += [f"{p.person} is left" for p in members]
        elif "pour une capacité de" in text:
            found.append(f"{said['tutor']} is over")
        elif text.startswith("N'ont pu être replacées"):
            found += [f"{person} stays" for person in people]
        elif "qui est pourtant écarté·e" in text:
            found.append(f"{said['person']} keeps {said['tutor'].removeprefix('T')}")
        elif text.startswith("Aucun de leurs vœux"):
            found += [f"{person} is unmet" for person in people]
        elif "de membres : " in text:
            found.append(f"workshop {fold(said['workshop'])}: {said['count']}")
        elif text.startswith("Les charges iraient"):
            found.append(f"from {said['low']} to {said['high']}")
    return found


@settings(CALM, max_examples=100)
@given(problems(ANY))
def test_all_that_cannot_be_satisfied_is_named_and_nothing_else(asked: Problem) -> None:
    asked, answer = optimum.settled(asked, solved)
    assert sorted(told(asked, answer)) == sorted(everything_wrong(asked, answer))


@settings(CALM, max_examples=60)
@given(problems(ANY))
def test_what_keeps_loads_apart_is_so(asked: Problem) -> None:
    answer = solved(asked)
    given, held = Counter(answer.values()), after(asked, answer)
    for message in gaps(asked, answer):
        names = str(message.values.get("tutors", "")).split(", ")
        tutors = [tutor for tutor in asked.tutors if tutor.name in names]
        if message.text.startswith("N'ont plus de place"):
            assert tutors and all(given[tutor.id] == asked.room[tutor.id] for tutor in tutors)
        if message.text.startswith("Ne reçoivent rien"):
            assert tutors and all(not given[tutor.id] and held[tutor.id] > min(held.values()) + 1 for tutor in tutors)


def test_the_sentences_as_staff_read_them() -> None:
    tutors = [Tutor(1, "Zoé Roux", 1, ("eau",)), Tutor(2, "Hugo Petit", None, ("énergie",))]
    papers = [
        Paper("A", "Ada Aubert", wishes=("Zoé Roux",)), Paper("B", "Bob Blin", wishes=("Eau", "Énergie")),
        Paper("C", "Cid Cros", wishes=("Astronomie",)), Paper("D", "Dan Dol"),
    ]  # fmt: skip
    asked = problem(tutors, papers)
    answer = solved(asked)
    reasons = Reasons(asked, answer)
    assert [" ".join(map(str, reasons.why(paper))) for paper in asked.papers] == [
        "Vœu n° 1 : Zoé Roux.",
        "Vœu n° 2 : « Énergie », un thème que suit Hugo Petit. Zoé Roux n'a plus de place.",
        "Aucun de ses vœux n'a pu être suivi. « Astronomie » n'est ni un tuteur ni un thème de la promotion.",
        "Sans vœu : seul·e Hugo Petit peut encore suivre cette note.",
    ]
    assert [str(message) for message in gaps(asked, answer)] == [
        "Les charges iraient de 1 à 3.",
        "N'ont plus de place : Zoé Roux.",
        "Aucun de leurs vœux n'a pu être suivi : Cid Cros.",
        "Vœu qui n'est ni un tuteur ni un thème de la promotion : « Astronomie » (Cid Cros).",
    ]


def test_what_keeps_a_workshop_from_its_tutors_is_said_in_full() -> None:
    tutors = [Tutor(1, "Zoé Roux", 3), Tutor(2, "Hugo Petit", 1)]
    papers = [Paper("A", "Ada", 2, workshop="A"), Paper("B", "Bob", workshop="A")]
    others = zip(("Cid", "Dan", "Eva", "Fay"), "BBCC", strict=True)
    papers += [Paper(who[0], who, workshop=name) for who, name in others]
    asked = problem(tutors, papers)
    assert [str(message) for message in gaps(asked, solved(asked))][1:3] == [
        "Bob : pas assez de place chez qui suit déjà l'atelier « A » (Hugo Petit).",
        "L'atelier « B » ne tient plus tout entier chez personne, les autres placés : notes à confier ensemble, 2 ; "
        "places restantes chez un même tuteur possible, 1 au plus (Cid, Dan).",
    ]
    kept = problem(tutors, [*papers[:1], replace(papers[1], excluded=frozenset({2}))])
    assert str(gaps(kept, {})[0]) == "Bob : qui suit l'atelier « A » (Hugo Petit) en est écarté ou co-tuteur."
    barred = problem(tutors[:1], [replace(papers[2], excluded=frozenset({1})), papers[3], Paper("G", "Guy", None, 1)])
    assert [str(message) for message in gaps(barred, {})][1:3] == [
        "L'atelier « B » : chaque tuteur est écarté d'une de ses notes ou co-tuteur (Cid, Dan).",
        "Guy : aucun tuteur possible, tous sont écartés de cette note ou co-tuteurs.",
    ]


def test_every_sentence_has_its_values() -> None:
    """What a page translates names its values as the French does."""
    asked = problem([Tutor(1, "Zoé", 1)], [Paper("A", "Ada", workshop="A"), Paper("B", "Bob", workshop="A")], (3, 4))
    for message in gaps(asked, solved(asked)):
        assert set(re.findall(r"%\((\w+)\)s", message.text)) <= set(message.values)
