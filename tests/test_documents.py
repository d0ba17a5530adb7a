"""PDFs read back as pictures and as words; xlsx and ods read back cell by cell."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from documents import certificates, sign_in_sheets
from documents.french import spaced
from documents.registers import DAY, FORMATS, HOURS, NUMBER, Column, Table
from documents.sign_in_sheets import Heading
from rules.sign_in_sheets import Person, Slot, sheets
from tests.papers import Read, plain

HEADING = Heading(
    "Conservatoire national des arts et métiers (Cnam)", "292 rue Saint-Martin, 75003 Paris",
    "Certificat de spécialisation Innovations sociales (CS26)", "CS26, 2025", "CS26-2025", "https://p.exemple.fr/e/",
)  # fmt: skip
MORNING = Slot(
    "S-7GKQ2MXA", "2025-01-21", "", "09:00", "12:31", 211, "course", "on_site", "2", "Économie sociale", "21.2.32",
    "Nadine Richez-Battesti",
)  # fmt: skip
AFTERNOON = Slot(
    "S-9TRWX2BC", "2025-01-21", "", "14:30", "18:00", 210, "visit", "remote", "3", "Unité et diversité",
    "Opale, 21 rue des Malmaisons", "Luc de Larminat, Jean-Michel Lucas",
)  # fmt: skip
#: As much as half a page of mentions can be.
HEAVY = replace(
    AFTERNOON, title="Unité et diversité des composantes : associations, coopératives, mutuelles, fondations, " * 2,
    place="Espace de la formation continue, bâtiment des arts et métiers, escalier du fond, " * 2,
    teachers="Marie-Antoinette Bruggen-Kerkhoff, Jean-Baptiste Desmoulins-Larminat, Wilhelmine Etcheverry",
)  # fmt: skip


def people(count: int) -> list[Person]:
    return [Person(f"P-{number}", f"NOM{number:02d}", "Prénom") for number in range(1, count + 1)]


def printed(slots: list[Slot], count: int) -> Read:
    return Read(sign_in_sheets.document(HEADING, sheets(slots, people(count))))


def test_a_sheet_carries_every_mention() -> None:
    read = printed([MORNING, AFTERNOON], 30)
    assert len(read) == 1
    for words in (
        "Feuille d'émargement – mardi 21 janvier 2025", HEADING.provider, HEADING.provider_details, HEADING.programme,
        HEADING.cohort, "9h00 – 12h31", "3 h 31", "14h30 – 18h00", "3 h 30", "2 · Économie sociale",
        "3 · Unité et diversité", "visite", "à distance", "21.2.32 – Site Saint-Martin, 292 rue Saint-Martin, Paris 3e",
        "Opale, 21 rue des Malmaisons", "Luc de Larminat", "Jean-Michel Lucas", "Signature – matin",
        "Signature – après-midi", "page 1/1",
    ):  # fmt: skip
        assert words in read.text(), words
    for person in people(30):
        assert read.text().count(person.name) == 1
    # Once as the teacher of a half-day, once beside the cell that they sign.
    assert read.text().count("Intervenant·e Nadine Richez-Battesti") == 1
    assert read.text().count("Jean-Michel Lucas") == 2


def test_a_sheet_is_tagged_titled_and_speaks_french() -> None:
    read = printed([MORNING], 3)
    assert read.tagged
    assert plain(read.title) == "Feuille d'émargement, mardi 21 janvier 2025"
    assert b"/Lang(fr-FR)" in read.body
    assert b"pdfuaid" in read.body


def test_its_codes_open_the_half_days_from_a_picture_of_the_paper() -> None:
    assert printed([MORNING, AFTERNOON], 30).codes() == [
        "https://p.exemple.fr/e/S-7GKQ2MXA", "https://p.exemple.fr/e/S-9TRWX2BC"
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (14, 1), (15, 1), (30, 1), (31, 2), (40, 2), (61, 3)])
@pytest.mark.parametrize("slots", [[MORNING], [MORNING, AFTERNOON], [MORNING, HEAVY]])
def test_nothing_leaves_its_page_however_many_names(count: int, pages: int, slots: list[Slot]) -> None:
    read = printed(slots, count)
    assert len(read) == pages
    for page in range(pages):
        width, height, boxes = read.bounds(page)
        assert round(width) == 595
        assert round(height) == 842
        assert all(box[0] >= 20 and box[1] >= 20 and box[2] <= width - 20 for box in boxes), boxes
        assert f"page {page + 1}/{pages}" in read.text(page)
        # Pages part from one another: each says all that the first does.
        assert HEADING.programme in read.text(page)
        assert "9h00 – 12h31" in read.text(page)


def test_forty_names_are_numbered_through_over_two_pages() -> None:
    read = printed([MORNING], 40)
    assert "20 NOM20 Prénom" in read.text(0)
    assert "21 NOM21 Prénom" in read.text(1)
    assert "NOM21" not in read.text(0)


def test_blank_lines_are_left_for_late_registrations() -> None:
    assert printed([MORNING], 30).text().count("+") == 3
    assert [printed([MORNING], 40).text(page).count("+") for page in (0, 1)] == [0, 3]


def test_what_the_calendar_does_not_say_is_left_to_be_written() -> None:
    read = printed([Slot("S-A", "", "Semaine 3 / décembre 2020", "", "", 180)], 2)
    assert "Semaine 3 / décembre 2020" in read.text()
    assert "Date : …" in read.text()
    assert "de ……… à ………" in read.text()
    assert "3 h" in read.text()


def test_half_days_without_hours_are_told_apart_by_their_rank() -> None:
    undated = [Slot(f"S-{at}", "", "Semaine 3", "", "", 180) for at in "AB"]
    text = printed(undated, 2).text()
    assert "Signature – 1re demi-journée" in text
    assert "Signature – 2e demi-journée" in text


def test_texts_of_any_kind_stay_texts() -> None:
    odd = "#panic() *x* _y_ $z$ [a] <b> \\ ` @c // d"
    slot = Slot("S-A", "2025-01-21", "", "09:00", "12:00", 180, "course", "on_site", "1", odd, odd, odd)
    read = Read(sign_in_sheets.document(HEADING, sheets([slot], [Person("P", odd, "#let x = 1")])))
    assert odd in read.text()
    assert "#let x = 1" in read.text()


def test_a_very_long_name_stays_on_its_line() -> None:
    long = Person("P", "W" * 100, "M" * 100)
    read = Read(sign_in_sheets.document(HEADING, sheets([MORNING], [long, *people(29)])))
    assert len(read) == 1
    width, _, boxes = read.bounds()
    assert all(box[2] <= width - 20 for box in boxes)


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert printed([MORNING], 30).body == printed([MORNING], 30).body


CERTIFICATE = {
    "number": "CR-2026-0002", "replaces": "CR-2026-0001", "issued_on": "2026-11-30",
    "provider": {"name": HEADING.provider, "address": "292 rue Saint-Martin", "activity_number": "11 75 P0001 75",
                 "signatory": "Odile Responsable", "town": "Paris"},
    "first_name": "Jeanne", "last_name": "DUPONT", "employer": "Les Passeurs", "funding": "OPCO",
    "programme": HEADING.programme, "cohort": "CS26, 2025", "nature": "action de formation", "period": "",
    "first_day": "2025-01-20", "last_day": "2025-05-21", "attended": 72 * 60, "planned": 90 * 60, "remote": 210,
}  # fmt: skip


def test_a_certificate_says_what_was_attended_and_what_it_replaces() -> None:
    read = Read(certificates.document([CERTIFICATE]))
    assert len(read) == 1
    assert read.tagged
    for words in (
        "Certificat de réalisation", "n° CR-2026-0002 – annule et remplace le certificat n° CR-2026-0001",
        "Jeanne DUPONT", "Les Passeurs", HEADING.programme, "du 20 janvier 2025 au 21 mai 2025",
        "72 h sur 90 h prévues", "dont à distance 3 h 30", "OPCO", "action de formation", "Odile Responsable",
        "11 75 P0001 75", "Fait à Paris, le 30 novembre 2026", "trois ans",
    ):  # fmt: skip
        assert words in read.text(), words


def test_a_batch_holds_a_page_for_each_certificate() -> None:
    many = [CERTIFICATE | {"number": f"CR-2026-{number:04d}", "replaces": ""} for number in range(1, 31)]
    read = Read(certificates.document(many))
    assert len(read) == 30
    assert [f"n° CR-2026-{number:04d}" in read.text(number - 1) for number in range(1, 31)] == [True] * 30
    assert "remplace" not in read.text()


def test_a_certificate_issued_before_the_end_says_that_the_training_goes_on() -> None:
    read = Read(certificates.document([CERTIFICATE | {"last_day": "2025-02-01", "ends": "2025-05-21"}]))
    assert "du 20 janvier 2025 au 1er février 2025 (formation en cours, prévue jusqu'au 21 mai 2025)" in read.text()


def test_a_certificate_of_a_calendar_without_dates_says_its_period() -> None:
    read = Read(certificates.document([CERTIFICATE | {"first_day": "", "last_day": "", "period": "2020 – 2021"}]))
    assert "période : 2020 – 2021" in read.text()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Attention !", "Attention\u202f!"), ("« ici »", "«\u202fici\u202f»"), ("Date : lundi", "Date\u00a0: lundi"),
        ("20 % des heures", "20\u202f% des heures"), ("3 h 30", "3\u202fh\u202f30"), ("45 min", "45\u202fmin"),
        ("n° 12", "n°\u00a012"), ("le 21 mai 2025", "le 21\u00a0mai 2025"), ("1er juin", "1er\u00a0juin"),
        ("https://a.fr/b?c=1", "https://a.fr/b?c=1"), ("9h30", "9h30"), ("DUPONT Jeanne", "DUPONT Jeanne"),
    ],
)  # fmt: skip
def test_french_spaces_are_narrow_and_never_break(text: str, wanted: str) -> None:
    assert spaced(text) == wanted
    assert plain(spaced(text)) == text


#: What people type that a spreadsheet would take for something else.
TRAPS = (
    "=1+1", "+33612345678", "@x", "-2", '=HYPERLINK("http://a")', "0612345678", "2025-01-02", "TRUE", "\t=1", "1e5",
)  # fmt: skip


@pytest.mark.parametrize("extension", FORMATS)
def test_registers_keep_texts_as_texts_and_numbers_as_numbers(extension: str) -> None:
    columns = [Column("Nom"), Column("Heures", HOURS), Column("Jour", DAY), Column("Nombre", NUMBER)]
    rows = [(trap, 4320 + 5, date(2025, 1, 20), 3) for trap in TRAPS]
    body = FORMATS[extension][0]([Table("Un titre: long [2025] de plus de trente et un signes", columns, rows)])
    book = CalamineWorkbook.from_filelike(BytesIO(body))
    assert len(book.sheet_names[0]) <= 31
    head, *lines = book.get_sheet_by_index(0).to_python()
    assert head == ["Nom", "Heures", "Jour", "Nombre"]
    assert [line[0].strip() for line in lines] == [trap.strip() for trap in TRAPS]
    assert all(isinstance(line[0], str) for line in lines)
    assert all(abs(line[1] - 72.08333) < 0.001 and line[2] == date(2025, 1, 20) and line[3] == 3 for line in lines)


@pytest.mark.parametrize("extension", FORMATS)
def test_a_register_without_a_line_still_opens(extension: str) -> None:
    body = FORMATS[extension][0]([Table("Vide", [Column("Nom")], [])])
    assert CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python() == [["Nom"]]
