"""Lists written and read back: xlsx, ods and csv; formulas neutralised; unreadable files refused in French."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from documents import lists, tables_read
from rules.message import Refused

HEADER = ["Nom", "Téléphone", "Structure"]
LINES = [["Étienne", "0612345678", "=1+1"], ["O'Neil", "+33 6 12 34 56 78", "@SUM(1)"], ["-3", "", "a;b \"c\""]]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_gives_back_the_very_texts(kind: str) -> None:
    rows = tables_read.read(f"liste.{kind}", lists.written(kind, "Participants", HEADER, LINES))
    assert rows == [HEADER, *LINES]


def test_a_csv_runs_nothing_and_keeps_phones() -> None:
    content = lists.written("csv", "Participants", HEADER, LINES)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = tables_read.read("liste.csv", content)
    assert rows[1:] == [["Étienne", "0612345678", "'=1+1"], ["O'Neil", "+33 6 12 34 56 78", "'@SUM(1)"],
                        ["-3", "", "a;b \"c\""]]  # fmt: skip


@pytest.mark.parametrize(("text", "encoding"), [
    ("Nom;Prénom\nÉtienne;Zoé\n", "utf-8"), ("Nom;Prénom\r\nÉtienne;Zoé\r\n", "cp1252"),
    ("Nom\tPrénom\nÉtienne\tZoé\n", "utf-16"), ("Nom,Prénom\nÉtienne,Zoé\n", "utf-8-sig"),
])  # fmt: skip
def test_a_csv_is_read_whatever_wrote_it(text: str, encoding: str) -> None:
    assert tables_read.read("liste.csv", text.encode(encoding)) == [["Nom", "Prénom"], ["Étienne", "Zoé"]]


def test_dates_numbers_and_formulas_of_a_workbook_are_read_as_values() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Nom", "Réglé le", "Téléphone"])
        sheet.write_string(1, 0, "Zola")
        sheet.write_datetime(1, 1, datetime(2025, 1, 6), day)
        sheet.write_formula(1, 2, "=600000000+12345678", None, 612345678)
    assert tables_read.read("l.xlsx", file.getvalue())[1] == ["Zola", "2025-01-06", 612345678.0]


def _unfolding() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as folded:
        folded.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return file.getvalue()


@pytest.mark.parametrize(("name", "content", "said"), [
    ("l.csv", b"", "vide"), ("l.csv", b"\n\n", "aucune ligne"), ("l.xlsx", b"PK\x03\x04 nothing", "pas pu"),
    ("l.xls", b"\xd0\xcf\x11\xe0", "ni xlsx"), ("l.pdf", b"%PDF-1.7", "ni xlsx"),
    ("l.csv", b"a;b\n" * 3_000, "3000 lignes"), ("l.csv", b"a" * 600_000, "600 ko"),
    ("l.xlsx", _unfolding(), "trop gros"),
])  # fmt: skip
def test_what_cannot_be_read_is_said_in_french(name: str, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        tables_read.read(name, content)
