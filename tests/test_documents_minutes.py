"""Minutes on paper, read back as words and as pictures: everything that is sealed, the same bytes each time."""

import copy
import re
from typing import Any

import pytest

from documents.glyphs import known
from documents.minutes import minutes, period
from documents.minutes_lists import admitted, displayed, extracts
from rules import chain
from rules.minutes import counts
from tests.papers import Read, plain

ADDRESS = "https://passerelle.exemple.fr/pv/verifier/"
RULES = [
    ["note minimale", "10", "003, « Validation »"], ["assiduité", "défaillant·e au-delà de 20 % des heures", "003"],
]  # fmt: skip


def candidate(rank: int, last: str, first: str, decision: str = "admitted", **more: Any) -> dict[str, Any]:
    grade = {"grade": "12.5", "resit": "", "markings": []}
    return {
        "id": f"P-{rank:08d}", "last_name": last, "first_name": first,
        "hours": {"absent": 180, "allowed": 1080, "total": 5400, "attended": 5220},
        "grades": {"RSV206": grade, "RSV207": grade, "paper": grade}, "credits": 12, "proposed": decision,
        "reasons": [], "decision": decision, "honours": "", "remark": "", "reason": "", "by": "Camille",
        "at": "2026-01-15T15:00:00Z", "tutors": [], "stepped_out": [], **more,
    }  # fmt: skip


def sealed(*candidates: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the data of minutes as they are sealed."""
    member = {"quality": "", "president": False, "convened_on": "2026-01-02", "present": True}
    return {
        "format": 1, "number": "PV-2026-0007",
        "cohort": {"id": 1, "code": "CS26-2025", "title": "CS26, 2025", "programme": "Certificat CS26",
                   "period": "2024-2025"},
        "provider": {"name": "Cnam", "address": "292 rue Saint-Martin", "town": "Paris"},
        "deliberation": {
            "order_number": "2026-07", "order_date": "2026-01-05", "held_on": "2026-01-15", "place": "salle 21.2.32",
            "opened_at": "2026-01-15T13:00:00Z", "opened_by": "Camille", "closed_at": "2026-01-15T16:30:00Z",
            "closed_by": "Camille",
        },
        "supersedes": None, "rules": RULES, "rule_set": {"display_names": True},
        "members": [
            {**member, "name": "Anne Bellot", "quality": "professeure", "president": True},
            {**member, "name": "Claire Fontaine", "quality": "maîtresse de conférences"},
            {**member, "name": "Denis Morel", "present": False, "convened_on": ""},
        ],
        "works": [["RSV206", "RSV206", "Économie sociale", 8], ["RSV206:E1", "E1", "Écrit", None],
                  ["RSV207", "RSV207", "Enquête", 4], ["paper", "Note de validation", "", None]],
        "candidates": list(candidates), "counts": counts(candidates), "journal": {"entry": 1, "seal": "x"}, **more,
    }  # fmt: skip


ZOE = candidate(
    1, "Étienne", "Zoé", "adjourned", proposed="resit", reason="Oral faible", remark="À reprendre ; courage !",
    reasons=[["below", "RSV207 : 9,5, au-dessous de 10.", "003, « Validation »"]], tutors=["Claire Fontaine"],
    stepped_out=["Claire Fontaine"], credits=8,
    grades={
        "RSV206": {"grade": "13", "resit": "", "markings": [["Jean", "12"], ["Léa", "14.5"]]},
        "RSV206:E1": {"grade": "11.25", "resit": "", "markings": []},
        "RSV207": {"grade": "ABS", "resit": "9.5", "markings": []},
        "paper": {"grade": "PLAG", "resit": "", "markings": []},
    },
)  # fmt: skip
HUGO = candidate(2, "Fabre", "Hugo", honours="Bien")
#: Names that no word of a form contains.
MANY = [
    candidate(rank, f"Nom{rank:03d}", "Prénom", remark="Travail soutenu." if rank % 3 else "") for rank in range(300)
]


def digest(data: dict[str, Any]) -> str:
    return chain.digest(chain.canonical(data))


def words(body: bytes) -> str:
    return plain(" ".join(Read(body).texts()).replace("\u200b", ""))


def test_minutes_say_who_sat_under_which_rules_and_what_was_decided_of_each() -> None:
    found = words(minutes(sealed(ZOE, HUGO), ADDRESS))
    for text in (
        "Cnam", "292 rue Saint-Martin", "n° PV-2026-0007", "Certificat CS26", "CS26, 2025", "2024-2025",
        "nommé par l'arrêté n° 2026-07 du 5 janvier 2026", "réuni le jeudi 15 janvier 2026, de 14 h à 17 h 30",
        "salle 21.2.32", "présidé par Anne Bellot", "Anne Bellot professeure présidence 2 janvier 2026 présent·e",
        "Claire Fontaine maîtresse de conférences membre 2 janvier 2026 présent·e",
        "Denis Morel membre non convoqué·e absent·e", "2 candidat·es",
        "Admis·e Ajourné·e Défaillant·e Rattrapage 1 1 0 0",
        "RSV206 : Économie sociale (8 crédits)", "PLAG : plagiat signalé", "ABS : absent·e au contrôle",
        "Étienne Zoé 3 h sur 18 h 13", "12 / 14,5", "E1 11,25", "ABS → 9,5", "ajourné·e", "admis·e, Bien",
        "Motifs : RSV207 : 9,5, au-dessous de 10. (003, « Validation »)", "Proposition du règlement : rattrapage",
        "Motif de la décision : Oral faible", "Appréciation : À reprendre ; courage !",
        "Membre du jury qui a suivi la note : Claire Fontaine", "Membre du jury qui s'est retiré : Claire Fontaine",
        "note minimale 10 003, « Validation »", "Fait à Paris, le 15 janvier 2026.",
    ):  # fmt: skip
        assert plain(text) in found, text
    assert "EXC" not in found
    assert "remplace le procès-verbal" not in found


def test_an_assessment_keeps_its_first_grade_its_resit_and_both_marks_in_the_minutes() -> None:
    one = copy.deepcopy(ZOE)
    one["grades"]["RSV206:E1"] = {"grade": "EXC", "resit": "13.5", "markings": [["Jean", "13"], ["Léa", "14"]]}
    found = words(minutes(sealed(one)))
    assert "E1 EXC → 13,5 (13 / 14)" in found
    assert "RSV206 : Économie sociale (8 crédits), E1 : Écrit ;" in found, "the code of an assessment is explained"
    assert "EXC : absence justifiée" in found


def test_a_session_that_was_not_opened_and_closed_on_its_day_says_which_days() -> None:
    data = sealed(HUGO)
    data["deliberation"] |= {"opened_at": "2026-01-15T22:30:00Z", "closed_at": "2026-01-17T16:00:00Z"}
    found = words(minutes(data))
    assert (
        "réuni le jeudi 15 janvier 2026 (séance ouverte le 15 janvier 2026 à 23 h 30, close le 17 janvier 2026 "
        "à 17 h), salle 21.2.32, présidé par Anne Bellot"
    ) in found
    assert "Fait à Paris, le 17 janvier 2026." in found


def test_a_correction_says_what_it_replaces_and_why() -> None:
    found = words(minutes(sealed(HUGO, supersedes={"number": "PV-2026-0001", "reason": "Note mal reportée"})))
    assert "remplace le procès-verbal n° PV-2026-0001, qui reste conservé. Motif : Note mal reportée" in found


def test_only_members_who_were_there_sign() -> None:
    signatures = words(minutes(sealed(HUGO))).split("Signatures", 1)[1]
    assert "Anne Bellot professeure, présidence" in signatures
    assert "Claire Fontaine maîtresse de conférences" in signatures
    assert "Denis Morel" not in signatures


def test_every_page_has_its_number_and_the_digest_of_the_data() -> None:
    data = sealed(*MANY)
    read = Read(minutes(data, ADDRESS))
    for page, text in enumerate(read.texts(), 1):
        assert f"page {page}/{len(read)}" in text
        assert "Procès-verbal PV-2026-0007" in text
        assert digest(data) in text.replace(" ", ""), page
    assert read.tagged
    assert read.title == "Procès-verbal PV-2026-0007"
    assert read.codes(len(read) - 1) == [f"{ADDRESS}?numero=PV-2026-0007"]


def test_three_hundred_candidates_print_each_once_under_a_header_that_comes_again() -> None:
    read = Read(minutes(sealed(*MANY)))
    texts = read.texts()
    assert len(read) < 20
    assert re.findall(r"Nom\d{3}", " ".join(texts)) == [one["last_name"] for one in MANY]
    for text in texts:
        lines = re.findall(r"Nom\d{3}", text)
        # What is said of a candidate stays on the page of their line.
        assert text.count("Travail soutenu.") == sum(int(name[3:]) % 3 > 0 for name in lines)
        if lines:
            assert "Candidat·e Heures d'absence RSV206 RSV207 Note de validation Crédits Décision" in text
    for page in range(len(read)):
        width, height, boxes = read.bounds(page)
        assert all(left >= -1 and right <= width + 1 and low >= -1 and top <= height + 1
                   for left, low, right, top in boxes)  # fmt: skip


def test_ten_units_leave_names_in_one_piece_and_every_heading_in_its_column() -> None:
    codes = [f"RSV2{place:02d}" for place in range(10)]
    grade = {"grade": "12.25", "resit": "14.75", "markings": [["Jean", "12.75"], ["Léa", "14.25"]]}
    works = [[code, code, "Économie sociale", 8] for code in codes] + [["paper", "Note de validation", "", None]]
    one = candidate(1, "De la Rochefoucauld-Montmorency", "Marie", grades=dict.fromkeys([*codes, "paper"], grade))
    read = Read(minutes(sealed(*[one] * 20, works=works)))
    assert words(minutes(sealed(one, works=works))).count("Montmorency") == 1
    page = read.pdf[0].get_textpage()
    places = {}
    for word in (*codes, "validation", "Crédits", "Décision"):
        found = page.search(word, match_whole_word=True)
        # The last place is the heading of the table: what stands above explains it.
        *_, places[word] = iter(found.get_next, None)
    edges = []
    for start, count in places.values():
        boxes = [page.get_charbox(at) for at in range(start, start + count)]
        edges.append((min(box[0] for box in boxes), max(box[2] for box in boxes)))
    assert all(right < left for (_left, right), (left, _right) in zip(edges, edges[1:], strict=False)), edges


def test_no_page_ends_with_a_heading_alone_nor_begins_with_signatures_without_theirs() -> None:
    for count in range(1, 40):
        for text in Read(minutes(sealed(*MANY[:count]), ADDRESS)).texts():
            body = text.split("Procès-verbal PV-2026-0007 ·")[0].strip()
            for heading in ("Signatures", "Règlement en vigueur", "Composition du jury et présence"):
                assert not body.endswith(heading), (count, heading)
            assert not body.endswith("Crédits Décision"), count
            assert ("Signatures" in body) == ("Fait à Paris" in body), count


def test_the_same_data_give_the_same_bytes_and_other_data_others() -> None:
    data = sealed(ZOE, HUGO)
    first = minutes(data, ADDRESS)
    assert first == minutes(copy.deepcopy(data), ADDRESS)
    assert first != minutes(sealed(ZOE, {**HUGO, "honours": "Très bien"}), ADDRESS)


@pytest.mark.parametrize("text", ["x" * 300, "# *gras* $x$ #panic() @ref <label> \\", "mot " * 1200, "‮🎓 ﷽ \t fin"])
def test_whatever_was_typed_is_printed_as_it_is_and_stays_on_the_paper(text: str) -> None:
    read = Read(minutes(sealed({**ZOE, "remark": text, "last_name": text[:120]}, HUGO), ADDRESS))
    for page in range(len(read)):
        width, _height, boxes = read.bounds(page)
        assert all(left >= -1 and right <= width + 1 for left, _low, right, _top in boxes)
    if "#" in text:
        assert "*gras* $x$ #panic() @ref <label>" in plain(" ".join(read.texts()))


def test_what_the_font_cannot_draw_is_a_box_and_what_it_can_is_drawn() -> None:
    found = words(minutes(sealed({**HUGO, "remark": "Bravo 🎓, 王芳 (\u202eﷺ)\x07\x00 \\u0007"})))
    assert "Bravo □, □□ (□) \\u0007" in found
    letters = "".join(chr(point) for point in sorted(known()) if point > 32)
    assert Read(minutes(sealed({**HUGO, "remark": letters, "last_name": letters}))).tagged


def test_a_jury_without_an_order_units_or_an_address_prints_too() -> None:
    bare = {**sealed(candidate(1, "Abel", "Ada", grades={})), "works": [["paper", "Mémoire", "", None]]}
    bare["deliberation"] |= {"order_number": "", "order_date": "", "place": "", "opened_at": ""}
    found = words(minutes(bare))
    assert "Le jury réuni le jeudi 15 janvier 2026, présidé par Anne Bellot" in found
    assert "Crédits" not in found
    assert "Vérifier ce document" not in found


def test_an_extract_is_one_page_about_one_person_without_what_is_the_jurys_own() -> None:
    data = sealed(ZOE, HUGO)
    read = Read(extracts(data, [HUGO["id"], ZOE["id"]], ADDRESS))
    assert len(read) == 2
    zoe, hugo = read.texts()
    for text in ("Zoé Étienne", "Décision du jury : ajourné·e", "RSV206 – Économie sociale 13", "E1 – Écrit 11,25",
                 "RSV207 – Enquête ABS 9,5", "Crédits obtenus : 8", "Appréciation : À reprendre", "P-00000001",
                 "Motifs : RSV207", "Motif de la décision : Oral faible",
                 "arrête la décision suivante"):  # fmt: skip
        assert text in zoe, text
    for secret in ("Fabre", "Claire Fontaine", "12 / 14,5", "Jean"):
        assert secret not in zoe, secret
    assert "Décision du jury : admis·e, Bien" in hugo
    assert "Étienne" not in hugo
    assert digest(data) in hugo.replace(" ", "")
    assert len(Read(extracts(data, [HUGO["id"]]))) == 1
    assert len(Read(extracts(sealed(*MANY), [one["id"] for one in MANY]))) == 300


def test_an_extract_explains_no_code_of_somebody_else() -> None:
    zoe, hugo = Read(extracts(sealed(ZOE, HUGO), [HUGO["id"], ZOE["id"]])).texts()
    assert "PLAG : plagiat signalé" in zoe
    assert "PLAG" not in hugo
    assert "ABS" not in hugo


def test_what_later_minutes_decide_of_again_is_marked_on_every_paper_made_of_the_former() -> None:
    data, later = sealed(ZOE, HUGO), {HUGO["id"]: "PV-2026-0009"}
    zoe, hugo = Read(extracts(data, [HUGO["id"], ZOE["id"]], ADDRESS, later)).texts()
    assert "Décision remplacée. Le procès-verbal n° PV-2026-0009 la remplace : cet extrait ne vaut plus." in hugo
    assert "remplacée" not in zoe
    mark = "(décision remplacée : voir le procès-verbal PV-2026-0009)"
    assert f"Fabre Hugo {mark}" in words(admitted(data, ADDRESS, later))
    assert f"Fabre Hugo {mark}" in words(displayed(data, {}, ADDRESS, later))
    data["rule_set"] = {"display_names": False}
    assert f"1007 {mark}" in words(displayed(data, {HUGO["id"]: 1007}, ADDRESS, later))


def test_the_list_of_the_admitted_names_them_alone() -> None:
    found = words(admitted(sealed(ZOE, HUGO), ADDRESS))
    assert "Liste des admis·es" in found
    assert "Fabre Hugo P-00000002 Bien" in found
    assert "Étienne" not in found
    assert "1 candidat·e" in found


def test_the_list_to_display_has_no_name_where_the_rule_set_asks_for_none() -> None:
    data = sealed(ZOE, HUGO)
    assert "Étienne Zoé ajourné·e Fabre Hugo admis·e Bien" in words(displayed(data, {}))
    data["rule_set"] = {"display_names": False}
    found = words(displayed(data, {ZOE["id"]: 1042, HUGO["id"]: 1007}))
    assert "1007 admis·e Bien 1042 ajourné·e" in found
    bare = words(displayed(data, {}))
    assert "P-00000001 ajourné·e P-00000002 admis·e" in bare
    for name in ("Étienne", "Zoé", "Fabre", "Hugo"):
        assert name not in found + bare


@pytest.mark.parametrize(("title", "dates", "told"), [
    ("CS26, 2025", "2025", ""), ("CS2600A, 2024-2025", "2024 – 2025", ""), ("Culture", "2026", "2026"),
    ("CS26, 2025", "mars à mai 2025", "mars à mai 2025"), ("CS2025", "2025", "2025"), ("Culture", "", ""),
])  # fmt: skip
def test_a_period_that_the_title_says_is_not_said_again(title: str, dates: str, told: str) -> None:
    assert period({"title": title, "period": dates}) == told
