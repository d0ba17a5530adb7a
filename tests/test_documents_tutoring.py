"""Papers of those who follow the written work, read back as words and as pictures."""

from dataclasses import replace
from datetime import date

import pytest

from documents.tutoring import Asked, Group, Heading, day_sheet, record, tutor_lists
from rules.follow_up import Exchanged, Met, Reached, Record, by_tutor, course
from tests.papers import Read, plain

HEADING = Heading(
    "Conservatoire national des arts et métiers (Cnam)", "Certificat Innovations sociales (CS26)", "CS26, 2025",
    "CS26-2025", date(2025, 4, 2),
)  # fmt: skip
HALF_DAY = {
    "id": "S-2", "day": date(2025, 4, 15), "period": "", "start": "14:00", "end": "17:30",
    "kind": "individual_tutoring", "place": "21.2.32", "teachers": "Claire Fontaine",
}  # fmt: skip
PAPER = Record(
    "N-1", "P-1", "Richez-Battesti", "Nadine", "nadine@exemple.fr", "06 12 34 56 78", "Gouvernance d'un lieu culturel",
    "Comment décider à plusieurs ?", "Claire Fontaine", "Denis Morel", "Denis Morel; tiers-lieux", "Atelier 2", "plan",
    date(2025, 6, 16), 23, "https://exemple.fr/note.pdf", "https://exemple.fr/RAPPORT", 77, 1, 2,
    steps=(
        Reached("pre_note", date(2025, 1, 20), "Sujet trop large"), Reached("deposited", None, "Reçue par courriel"),
    ),
    met=(
        Met("S-1", date(2025, 3, 19), "", "09:00", "group_tutoring", "present", None, "Problématique resserrée"),
        Met("S-2", date(2025, 4, 15), "", "14:00", "individual_tutoring", "late", 15, ""),
        Met("S-3", None, "semaine 3", "", "workshop", "", None, ""),
    ),
    exchanges=(
        Exchanged(date(2025, 2, 1), 30, "Relecture du plan", "https://exemple.fr/a\nhttps://exemple.fr/b", "Claire"),
        Exchanged(date(2025, 3, 1), 60, "", "", "Denis"),
    ),
)  # fmt: skip
LAST = replace(
    PAPER, id="N-2", last_name="Zola", first_name="Émile", title="", milestone="", cotutor="", cotutor_user=None,
    steps=(), met=(), exchanges=(), deposited_on=None, pages=None, link="",
)  # fmt: skip
ORPHAN = replace(LAST, id="N-3", last_name="Abel", tutor="", tutor_user=None)


def words(read: Read) -> str:
    # A long address breaks after its signs, by a space without width.
    return plain(" ".join(read.texts()).replace("\u200b", ""))


def test_papers_are_grouped_by_tutor_and_a_shared_one_is_under_both() -> None:
    found = by_tutor([ORPHAN, PAPER, LAST], ["Denis Morel", "Sans rien", "Claire Fontaine"])
    assert {name: [one.id for one in papers] for name, papers in found.items()} == {
        "Denis Morel": ["N-1"], "Claire Fontaine": ["N-1", "N-2"], "": ["N-3"],
    }  # fmt: skip
    assert list(found)[-1] == "", "nobody comes last"
    assert list(by_tutor([ORPHAN, PAPER, LAST], ["Denis Morel", "Claire Fontaine"], account=2)) == ["Denis Morel"]


def test_the_course_of_a_paper_names_every_milestone_and_its_own_day_of_deposit() -> None:
    found = course(PAPER)
    assert [step.milestone for step in found] == ["pre_note", "problem", "plan", "draft", "oral", "deposited"]
    assert found[-1] == Reached("deposited", date(2025, 6, 16), "Reçue par courriel")


def test_each_tutor_has_a_page_with_their_load_and_their_papers() -> None:
    groups = [Group("Claire Fontaine", "claire@exemple.fr", 1, [PAPER, LAST]), Group("", "", None, [ORPHAN])]
    read = Read(tutor_lists(HEADING, groups))
    assert len(read) == 2
    first, second = read.texts()
    for text in ("Claire Fontaine", "2 notes sur 1 possible, au-delà de la capacité", "claire@exemple.fr", "plan",
                 "Richez-Battesti Nadine", "avec Denis Morel", "Comment décider à plusieurs ?", "16 juin 2025",
                 "06 12 34 56 78", "Zola Émile", "sans titre", "pas encore", "au 2 avril 2025"):  # fmt: skip
        assert plain(text) in plain(first.replace("\u200b", "")), text
    assert "Sans tuteur ni tutrice" in second
    assert "Abel" in second
    assert "Abel" not in first


def test_a_day_has_a_box_to_tick_until_the_presence_is_known_and_room_to_write() -> None:
    groups = [Group("Claire Fontaine", "", None, [PAPER, LAST])]
    read = Read(day_sheet(HEADING, HALF_DAY, groups))
    text = words(read)
    for said in ("Tutorat individuel – mardi 15 avril 2025", "14h00 – 17h30", "Site Saint-Martin", "Claire Fontaine",
                 "en retard, 15 min", "étape : plan", "aucune étape", "Ce qui a été fait"):  # fmt: skip
        assert said in text, said
    _width, _height, boxes = read.bounds()
    squares = [box for box in boxes if 11 < box[2] - box[0] < 14 and 11 < box[3] - box[1] < 14]
    assert len(squares) == 1, "one of the two is known to have been there"


def test_fifty_papers_fill_pages_without_leaving_them() -> None:
    many = [replace(LAST, id=f"N-{n}", last_name=f"Nom{n:02d}") for n in range(50)]
    for body in (
        day_sheet(HEADING, HALF_DAY, [Group("Claire Fontaine", "", None, many)]),
        tutor_lists(HEADING, [Group("Claire Fontaine", "", None, many)]),
    ):
        read = Read(body)
        assert len(read) > 1
        assert all(f"Nom{n:02d}" in words(read) for n in range(50))
        for page in range(len(read)):
            width, height, boxes = read.bounds(page)
            assert all(0 <= left <= right <= width and 0 <= low <= high <= height for left, low, right, high in boxes)
            assert "Participant" in read.text(page), "the head of the table is on every page"


def test_the_record_of_a_paper_tells_everything_but_the_search_for_plagiarism() -> None:
    text = words(Read(record(HEADING, PAPER, Asked(15, 20, date(2025, 6, 13)))))
    for said in (
        "Fiche de suivi – Richez-Battesti Nadine", "Claire Fontaine et Denis Morel", "Denis Morel, tiers-lieux",
        "Atelier 2", "20 janvier 2025", "Sujet trop large", "plan (en cours)", "Reçue par courriel",
        "19 mars 2025, 9h00", "présent·e", "Problématique resserrée", "en retard, 15 min", "semaine 3",
        "2 échanges, 1 h 30", "Relecture du plan", "https://exemple.fr/b", "16 juin 2025",
        "attendue le 13 juin 2025 au plus tard : 3 jours de retard", "23 pages : 20 au plus sont attendues",
        "https://exemple.fr/note.pdf", "page 1/1",
    ):  # fmt: skip
        assert said in text, said
    assert "RAPPORT" not in text
    assert "77" not in text


def test_what_has_no_space_to_break_at_stays_on_the_paper() -> None:
    link = "https://drive.exemple.fr/file/d/" + "1o9uUxRbjxm7AD5kTst047dras7WfWToLbVPHVxQQN9U" * 3
    said = (Exchanged(date(2025, 2, 1), 30, "é" * 3000, link, "Camille Coordination"),)
    odd = replace(PAPER, title="t" * 120, problem="p" * 300, email="m" * 60 + "@exemple.fr", link=link, exchanges=said,
                  steps=(Reached("plan", None, "r" * 200),))  # fmt: skip
    groups = [Group("Claire Fontaine", "", None, [replace(odd, met=(replace(PAPER.met[1], done="d" * 200),))])]
    for body in (record(HEADING, odd, Asked()), tutor_lists(HEADING, groups), day_sheet(HEADING, HALF_DAY, groups)):
        read = Read(body)
        for page in range(len(read)):
            width, _height, boxes = read.bounds(page)
            assert max(right for _left, _low, right, _high in boxes) <= width - 20


def test_the_record_of_a_paper_just_begun_says_what_is_not_there_yet() -> None:
    text = words(Read(record(HEADING, ORPHAN, Asked())))
    for said in ("sans titre", "Suivie par personne", "Aucun échange n'est noté.", "pas encore"):
        assert said in text, said
    assert "Journées de tutorat" not in text


@pytest.mark.parametrize("name", ["lists", "none", "day", "record"])
def test_every_paper_is_tagged_titled_french_and_the_same_twice(name: str) -> None:
    groups = [Group("Claire Fontaine", "", None, [PAPER])]
    make = {
        "lists": lambda: tutor_lists(HEADING, groups), "none": lambda: tutor_lists(HEADING, []),
        "day": lambda: day_sheet(HEADING, HALF_DAY, groups), "record": lambda: record(HEADING, PAPER, Asked()),
    }[name]  # fmt: skip
    read = Read(make())
    assert read.tagged
    assert read.title
    assert b"/Lang(fr-FR)" in read.body
    assert b"pdfuaid" in read.body
    assert read.body == make()


def test_what_people_typed_never_becomes_markup() -> None:
    odd = replace(PAPER, title='#pagebreak() *gras* "x" \\ $a$', last_name="=1+1")
    read = Read(record(HEADING, odd, Asked()))
    assert len(read) == 1
    assert '#pagebreak() *gras* "x" \\ $a$' in words(read)
