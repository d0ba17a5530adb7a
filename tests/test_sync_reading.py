"""From the cells of an answer to rows of canonical texts: blanks, formulas, errors, ragged rows, values met before."""

import json

import pytest

from rules.values import TYPES, choice
from sync import answers, layout, reading
from sync.cells import extended
from sync.layout import ID
from sync.plan import Cell, Sheet
from sync.worksheets import Column

COLUMNS = [
    Column("name", "Nom", TYPES["name"]),
    Column("agreed", "Accord", TYPES["yes_no"]),
    Column("pages", "Pages", TYPES["integer"]),
    Column("paid_on", "Réglé le", TYPES["date"]),
    Column("funding", "Financement", choice({"cpf": "CPF", "opco": "OPCO"})),
]
HEADERS = ["ID", "Nom", "Accord", "Pages", "Réglé le", "Financement"]


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    reading.forget()


def cell(value: object) -> dict:
    """Make a cell of an answer; a pair is a formula and what it comes to."""
    if value is None:
        return {}
    if isinstance(value, tuple):
        formula, shown = value
        return {"userEnteredValue": {"formulaValue": formula}, "effectiveValue": shown}
    kind = {bool: "boolValue", str: "stringValue"}.get(type(value), "numberValue")
    return {"userEnteredValue": {kind: value}, "effectiveValue": {kind: value}}


def read(*lines: list, headers: list[str] | None = None) -> Sheet:
    rows = [{"values": [cell(value) for value in line]} for line in (headers or HEADERS, *lines)]
    grid = {"rowCount": 100, "columnCount": 26}
    sheet = {"properties": {"sheetId": 1, "title": "T", "gridProperties": grid}, "data": [{"rowData": rows}]}
    tab = layout.tabs(json.dumps({"sheets": [sheet]}).encode())[1]
    layout.locate(tab, COLUMNS, set())
    assert tab.trouble == ""
    return reading.rows(tab, COLUMNS, ID)


def test_each_row_is_read_in_the_order_of_the_fields() -> None:
    sheet = read(["P-1", "Dupont", "oui", 12, 45677, "CPF"], ["P-2", "Martin", None, None, None, "opco"])
    assert sheet.fields == ("name", "agreed", "pages", "paid_on", "funding")
    assert (sheet.indexes, sheet.ids) == ([1, 2], ["P-1", "P-2"])
    assert sheet.texts == [("Dupont", "oui", "12", "2025-01-20", "cpf"), ("Martin", "", "", "", "opco")]
    assert sheet.odd == {}


def test_columns_are_found_wherever_they_stand_and_rows_may_be_ragged() -> None:
    sheet = read([None, "x", "P-1"], ["Dupont"], headers=["Nom", "Remarques", "ID"])
    assert (sheet.fields, sheet.ids, sheet.texts) == (("name",), ["P-1", ""], [("",), ("Dupont",)])


def test_blank_rows_and_rows_of_staff_s_own_columns_are_left_out() -> None:
    headers = [*HEADERS, "Remarques"]
    sheet = read(["P-1", "Dupont"], [], [None] * 6 + ["à rappeler"], ["P-2"], headers=headers)
    assert (sheet.indexes, sheet.ids) == ([1, 4], ["P-1", "P-2"])


@pytest.mark.parametrize("ticked", [0, 1])
def test_a_ticked_box_is_never_taken_for_the_number_one_nor_the_reverse(ticked: int) -> None:
    values: list[object] = [1, 1]
    values[ticked] = True
    sheet = read(*(["P-1", "Dupont", None, value] for value in values))
    assert set(sheet.odd) == {ticked + 1}
    assert sheet.texts[1 - ticked][2] == "1"


def test_what_the_rules_refuse_is_kept_as_typed_with_the_reason() -> None:
    sheet = read(["P-1", "Dupont", None, "douze"])
    odd = sheet.odd[1]["pages"]
    assert (odd.value, odd.typed, odd.formula) == ("douze", "douze", False)
    assert "douze" in odd.refusal
    assert sheet.row(0).cells["pages"] is odd
    assert sheet.row(0).cells["name"] == Cell("Dupont")


def test_a_refused_value_is_refused_again_each_time_it_is_met() -> None:
    sheet = read(["P-1", "A", None, "douze"], ["P-2", "B", None, "douze"])
    assert set(sheet.odd) == {1, 2}
    assert set(read(["P-1", "A", None, "douze"]).odd) == {1}


def test_a_formula_gives_its_value_and_is_told_from_the_same_value_typed() -> None:
    lines = (["P-1", "A", None, 12], ["P-2", "B", None, ("=6*2", {"numberValue": 12})])
    for given in (lines, lines[::-1]):
        sheet = read(*given)
        assert [row[2] for row in sheet.texts] == ["12", "12"]
        [index] = sheet.odd
        assert sheet.ids[index - 1] == "P-2"
        assert sheet.odd[index]["pages"] == Cell("12", formula=True)


def test_a_formula_in_error_is_refused_by_the_name_of_its_error() -> None:
    sheet = read(["P-1", "A", None, ("=1/0", {"errorValue": {"type": "DIVIDE_BY_ZERO", "message": "x"}})])
    odd = sheet.odd[1]["pages"]
    assert (odd.typed, odd.formula) == ("#DIV/0!", True)
    assert "erreur" in odd.refusal


def test_a_formula_that_gives_an_empty_text_is_blank_and_still_a_formula() -> None:
    sheet = read(["P-1", ('=""', {"stringValue": ""})])
    assert sheet.texts[0][0] == ""
    assert sheet.odd[1]["name"].formula


def test_equal_texts_of_two_reads_are_one_object() -> None:
    [first], [second] = (read(["P-1", "Élodie", None, 12]).texts for _ in range(2))
    assert all(a is b for a, b in zip(first, second, strict=True))


def test_choices_of_two_cohorts_are_never_mixed_up() -> None:
    one = [Column("funding", "Financement", choice({"cpf": "CPF"}))]
    other = [Column("funding", "Financement", choice({"CPF": "CPF"}))]
    rows = [{"values": [cell(v) for v in line]} for line in (["ID", "Financement"], ["P-1", "CPF"])]
    sheet = {"properties": {"sheetId": 1, "title": "T"}, "data": [{"rowData": rows}]}
    found = []
    for columns in (one, other, one):
        tab = layout.tabs(answers.book({"sheets": [sheet]}))[1]
        layout.locate(tab, columns, set())
        found.append(reading.rows(tab, columns, ID).texts)
    assert found == [[("cpf",)], [("CPF",)], [("cpf",)]]


def test_values_met_before_are_forgotten_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "KEPT", 2)
    for _ in range(2):
        sheet = read(*([f"P-{n}", f"Nom {chr(65 + n)}"] for n in range(6)))
        assert [row[0] for row in sheet.texts] == [f"Nom {chr(65 + n)}" for n in range(6)]


@pytest.mark.parametrize("text", ["=1+1", "=IMPORTXML(A1)", "+33 1 23", "-5", "@moi", "\t=1", "'=1", "012345678"])
def test_a_text_is_sent_as_a_text_whatever_it_begins_with(text: str) -> None:
    assert extended(text) == {"stringValue": text}
