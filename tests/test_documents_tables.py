"""Files that staff send: which encoding, which separator, which sheet holds what is looked for."""

from io import BytesIO

import pytest
import xlsxwriter

from documents import tables_read
from rules.message import Refused
from rules.participant_import import names_people

TABLE = [["Nom", "Prénom", "Structure"], ["Éluard", "Zoë", "Médan, Île-de-France"]]


def read(content: bytes, name: str = "liste.csv") -> list[list]:
    return tables_read.read(name, content, names_people)


def written(separator: str, above: str = "", end: str = "\n") -> str:
    return above + end.join(separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in TABLE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_list_is_read_whatever_wrote_it(encoding: str, separator: str) -> None:
    assert read(written(separator, end="\r\n").encode(encoding)) == TABLE


def test_a_list_that_was_opened_in_the_wrong_encoding_and_saved_is_read() -> None:
    assert read(written(";").encode().decode("cp1252").encode()) == TABLE


@pytest.mark.parametrize("above", [
    "Inscrits au 1er décembre, à jour\n", "Promotion ; liste ; fin\n\n", "sep=;\n", "a,b,c,d,e,f\n", "a|b\tc\n",
])  # fmt: skip
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_what_stands_above_the_headers_does_not_choose_the_separator(above: str, separator: str) -> None:
    assert read(written(separator, above).encode())[-2:] == TABLE


def book(*sheets: list[list]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as made:
        for rows in sheets:
            sheet = made.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def test_the_sheet_that_names_people_is_read_wherever_it_stands() -> None:
    assert read(book([["Consignes"], ["Une ligne par personne"]], [], TABLE, [["Total"], [1]]), "l.xlsx") == TABLE


def test_without_what_is_looked_for_the_first_sheet_that_holds_anything_is_given() -> None:
    assert read(book([], [["Consignes"]], [["Total"]]), "l.xlsx") == [["Consignes"]]
    assert tables_read.read("l.xlsx", book([["Consignes"]], TABLE)) == [["Consignes"]]


@pytest.mark.parametrize("content", ["\n\n", "  \n \t\n", ";;\n ; ;\n"])
def test_blank_lines_are_no_list(content: str) -> None:
    with pytest.raises(Refused, match="aucune ligne"):
        read(content.encode())


def test_a_quote_that_is_never_closed_hides_nothing() -> None:
    assert read(b'Nom;Pr\xc3\xa9nom\nL"Heureux;Zo\xc3\xab\n') == [["Nom", "Prénom"], ['L"Heureux', "Zoë"]]
