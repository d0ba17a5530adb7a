"""Functions compute as Google documents them, with its messages where they cannot."""

from typing import Any

import pytest

from localsheets.books.model import Book, Cell, Sheet
from localsheets.errors import ApiError
from localsheets.formulas.calculator import calculator
from localsheets.formulas.entry import stored
from localsheets.formulas.names import FRENCH, GOOGLE
from localsheets.formulas.registry import FUNCTIONS
from localsheets.formulas.results import effective
from localsheets.texts.locales import ENGLISH
from localsheets.texts.locales import FRENCH as FRENCH_LOCALE

TABLE = [["P", 10, 45702], ["P 3", 12.5, 45703], ["A", None, 45800], [None, "x", 46000], ["R 15", True], ["p", 0]]
DATE = {"type": "DATE", "pattern": "yyyy-mm-dd"}


def computed(formula: str, locale: str = "en_US") -> Any:
    """Compute a formula beside the table, whose third column holds dates from 14 February 2025."""
    book = Book("functions", {"title": "t", "locale": locale, "timeZone": "Etc/GMT"}, {})
    sheet = Sheet(0, "Notes")
    for row, line in enumerate(TABLE):
        for column, value in enumerate(line):
            kind = "boolValue" if value is True else "stringValue" if isinstance(value, str) else "numberValue"
            if value is not None:
                sheet.put(row, column, Cell({kind: value}, {"numberFormat": DATE} if column == 2 else None))
    known = FRENCH_LOCALE if locale == "fr_FR" else ENGLISH
    sheet.put(50, 20, Cell({"formulaValue": stored(formula, known)}))
    book.add(sheet)
    found = calculator(book)
    return found.value(sheet, 50, 20), found.text(sheet, 50, 20)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=2^3^2", 64),
        ("=-2^2", 4),
        ("=50%*B1", 5),
        ('="5"+2', 7),
        ('=--"5"', 5),
        ("=1.5E+2", 150),
        ('="a"<"B"', True),
        ("=A9=0", True),
        ('=A9=""', True),
        ('=1="1"', False),
        ("=A9", None),
        ('=""', ""),
        ("=SUM({1,2;3,4})", 10),
        ("=SUM(B1:B6)", 22.5),
        ("=SUM(B2:B)", 12.5),
        ('=SUM("5",2)', 7),
        ("=SUM(0.1,0.2,0.3)", 0.6),
        ("=PRODUCT(2,3)", 6),
        ("=COUNT(A1:C6)", 7),
        ("=COUNTA(A1:C6)", 14),
        ("=COUNTBLANK(A1:C10)", 16),
        ("=COUNTUNIQUE(A1:A6)", 5),
        ('=COUNTIF(A1:A6,"p")', 2),
        ('=COUNTIF(A1:A6,"<>")', 5),
        ('=COUNTIF(C1:C6,">"&DATE(2025,2,14))', 3),
        ('=COUNTIFS(A1:A6,"P*",B1:B6,">5")', 2),
        ('=SUMIF(A1:A6,"P*",B1:B6)', 22.5),
        ('=SUMIFS(B1:B6,A1:A6,"P*",B1:B6,">10")', 12.5),
        ('=AVERAGEIF(A1:A6,"P*",B1:B6)', 7.5),
        ('=MAXIFS(B1:B6,A1:A6,"P*")', 12.5),
        ("=SUMPRODUCT(B1:B2,B1:B2)", 256.25),
        ('=SUMPRODUCT((A1:A2="P")*(B1:B2))', 10),
        ("=MEDIAN(B1:B6)", 10),
        ("=LARGE(B1:B6,2)", 10),
        ("=SMALL(B1:B6,1)", 0),
        ("=RANK(10,B1:B6)", 2),
        ("=ROUND(STDEV(1,2,3,4),4)", 1.291),
        ("=PERCENTILE(B1:B2,0.5)", 11.25),
        ('=IF(B1>5,"oui","non")', "oui"),
        ('=IFS(B1>20,"a",B1>5,"b")', "b"),
        ('=SWITCH(A1,"X",1,"P",2,3)', 2),
        ('=IFERROR(1/0,"e")', "e"),
        ("=IFERROR(1/0)", None),
        ('=IFNA(VLOOKUP("z",A1:B3,2,0),"none")', "none"),
        ("=ISBLANK(IF(,,))", True),
        ("=ISNUMBER(B1)", True),
        ("=ISTEXT(A1)", True),
        ("=ISERROR(B1/0)", True),
        ("=ISNA(NA())", True),
        ("=AND(TRUE,B1>5)", True),
        ("=OR(B1:B2)", True),
        ("=NOT(0)", True),
        ('=CHOOSE(2,"a","b")', "b"),
        ("=N(A1)", 0),
        ('=VLOOKUP("p 3",A1:B3,2,FALSE)', 12.5),
        ('=VLOOKUP("P*",A1:B3,2,0)', 10),
        ('=VLOOKUP("A",A1:B3,2,FALSE)', None),
        ("=VLOOKUP(45750,C1:C4,1)", 45703),
        ('=HLOOKUP("P",A1:C2,2,0)', "P 3"),
        ("=INDEX(A1:C6,2,2)", 12.5),
        ("=INDEX({1,2;3,4},2,1)", 3),
        ('=MATCH("P 3",A:A,0)', 2),
        ("=MATCH(11,B1:B2)", 1),
        ('=INDEX(B1:B3,MATCH("P 3",A1:A3,0))', 12.5),
        ('=XLOOKUP("A",A1:A6,C1:C6,"none")', 45800),
        ('=XLOOKUP("z",A1:A6,C1:C6,"none")', "none"),
        ("=ROW()", 51),
        ("=COLUMN(C1)", 3),
        ("=ROWS(A1:B3)", 3),
        ("=COLUMNS(A1:B3)", 2),
        ('=CONCATENATE("a",B1,C1)', "a102025-02-14"),
        ('="x"&DATE(2025,2,14)', "x2/14/2025"),
        ('=TEXT(1234.5,"#,##0.00")', "1,234.50"),
        ('=TEXT(C1,"dddd d mmmm")', "Friday 14 February"),
        ('=VALUE("1,234.5")', 1234.5),
        ('=LEFT("abc",2)&RIGHT("abc")&MID("abcdef",2,3)', "abcbcd"),
        ('=FIND("c","abc")', 3),
        ('=SEARCH("C","abc")', 3),
        ('=SUBSTITUTE("a-b-c","-","+",2)', "a-b+c"),
        ('=REPLACE("abcdef",2,3,"X")', "aXef"),
        ('=PROPER("jean-paul o\'neil")', "Jean-Paul O'Neil"),
        ('=TEXTJOIN(", ",TRUE,A1:A6)', "P, P 3, A, R 15, p"),
        ('=JOIN("-",A1:A3)', "P-P 3-A"),
        ('=LEN(TRIM("  a  b "))', 3),
        ('=EXACT("a","A")', False),
        ('=REGEXREPLACE("abc","(b)","[$1]")', "a[b]c"),
        ('=HYPERLINK("https://x.fr","clic")', "clic"),
        ("=ROUND(1.005,2)", 1.01),
        ("=ROUND(-2.5)", -3),
        ("=ROUNDUP(2.341,2)", 2.35),
        ("=ROUNDDOWN(-2.349,2)", -2.34),
        ("=INT(-1.5)", -2),
        ("=MOD(-3,2)", 1),
        ("=QUOTIENT(7,2)", 3),
        ("=POWER(2,10)", 1024),
        ("=CEILING(7,5)", 10),
        ("=DATE(2025,14,1)", 46054),
        ("=YEAR(C1)*10000+MONTH(C1)*100+DAY(C1)", 20250214),
        ("=WEEKDAY(C1,2)", 5),
        ("=WEEKNUM(C1)", 7),
        ("=HOUR(0.5)+MINUTE(TIME(9,30,0))", 42),
        ('=DATEDIF(DATE(2024,1,31),DATE(2025,3,1),"M")', 13),
        ('=DATEDIF(DATE(2000,2,14),C1,"Y")', 25),
        ("=EDATE(DATE(2024,1,31),1)", 45351),
        ("=EOMONTH(C1,0)", 45716),
        ("=NETWORKDAYS(DATE(2025,2,1),DATE(2025,2,28))", 20),
        ("=NETWORKDAYS(DATE(2025,2,1),DATE(2025,2,28),C1)", 19),
        ("=WORKDAY(C1,1)", 45705),
        ('=DATEVALUE("2/14/2025")', 45702),
        ("=DAYS(C3,C1)", 98),
    ],
)
def test_functions(formula: str, value: Any) -> None:
    assert computed(formula)[0] == value


@pytest.mark.parametrize(
    ("formula", "code", "message"),
    [
        ("=1/0", "#DIV/0!", "Function DIVIDE parameter 2 cannot be zero."),
        ("=AVERAGE(D1:D3)", "#DIV/0!", "Evaluation of function AVERAGE caused a divide by zero error."),
        ("=NOPE(1)", "#NAME?", "Unknown function: 'NOPE'."),
        ("=nope", "#NAME?", "Unknown range name: 'NOPE'."),
        (
            "=A1+1",
            "#VALUE!",
            "Function ADD parameter 1 expects number values. But 'P' is a text and cannot be coerced to a number.",
        ),
        ("=Ailleurs!A1", "#REF!", "Unresolved sheet name 'Ailleurs'."),
        ("=ZZZ1", "#REF!", "Reference does not exist."),
        ("=#REF!+1", "#REF!", "Reference does not exist."),
        (
            "=U51",
            "#REF!",
            "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
        ),
        ("=(1", "#ERROR!", "Formula parse error."),
        ("=A1:B1 C1", "#ERROR!", "Formula parse error."),
        ("=+33 6 12", "#ERROR!", "Formula parse error."),
        (
            "=VLOOKUP(1,A1:B2)",
            "#N/A",
            "Wrong number of arguments to VLOOKUP. Expected between 3 and 4 arguments, but got 2 arguments.",
        ),
        ('=VLOOKUP("z",A1:B3,2,FALSE)', "#N/A", "Did not find value 'z' in VLOOKUP evaluation."),
        ('=VLOOKUP("P",A1:B3,3,FALSE)', "#REF!", "VLOOKUP evaluates to an out of bounds range."),
        ('=MATCH("z",A1:A3,0)', "#N/A", "Did not find value 'z' in MATCH evaluation."),
        (
            "=INDEX(A1:A3,4)",
            "#NUM!",
            "Function INDEX parameter 2 value is 4. Valid values are between 0 and 3 inclusive.",
        ),
        ("=SQRT(-1)", "#NUM!", "Function SQRT parameter 1 value is negative. It should be positive or zero."),
        ("=NA()", "#N/A", ""),
        ("=IFS(FALSE,1)", "#N/A", "No match."),
        ('=VALUE("abc")', "#VALUE!", "VALUE parameter 'abc' cannot be parsed to number."),
        ('=FIND("z","abc")', "#VALUE!", "In FIND evaluation, cannot find 'z' within 'abc'."),
        ("=A1:A3", "#VALUE!", "An array value could not be found."),
        ('=FILTER(A1:A6,A1:A6="zz")', "#N/A", "No matches are found in FILTER evaluation."),
        (
            "={1,2;3}",
            "#REF!",
            "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.",
        ),
        (
            "=1E308*10",
            "#NUM!",
            "Numeric value is greater than 1.79769E+308 and cannot be displayed properly.",
        ),
    ],
)
def test_errors_say_what_google_says(formula: str, code: str, message: str) -> None:
    found, shown = computed(formula)
    assert (found, shown) == (code, code)
    assert effective(found)["errorValue"].get("message", "") == message


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("=C1", "2025-02-14"),
        ("=C1+1", "2025-02-15"),
        ("=C2-C1", "1"),
        ("=MAX(C1:C4)", "2025-12-09"),
        ("=DATE(2023,3,19)", "3/19/2023"),
        ("=EDATE(C1,1)", "3/14/2025"),
        ("=TIME(9,30,0)", "9:30:00 AM"),
        ("=IF(TRUE,C1,0)", "2025-02-14"),
        ('=VLOOKUP("P",A1:C3,3,FALSE)', "2025-02-14"),
        ("=INDEX(C1:C3,2)", "2025-02-15"),
        ("=IFERROR(C1,0)", "2025-02-14"),
        ("=COUNT(C1:C3)", "3"),
        ("=C1*2", "91404"),
        ("=YEAR(C1)", "2025"),
        ("=1/3", "0.3333333333"),
    ],
)
def test_formulas_are_shown_as_what_they_read(formula: str, text: str) -> None:
    assert computed(formula)[1] == text


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SOMME(B1:B2;1,5)", 24),
        ('=SI(B1>5;"oui";"non")', "oui"),
        ('=RECHERCHEV("P 3";A1:B3;2;FAUX)', 12.5),
        ('=NB.SI(A1:A6;"P*")', 3),
        ('=SIERREUR(1/0;"e")', "e"),
        ("=ARRONDI(2,345;2)", 2.35),
        ("=MOYENNE({1\\2;3\\4})", 2.5),
        ('=TEXTE(1234,5;"0,00")', "1234,50"),
        ('=TEXTE(C1;"dd/mm/yyyy")', "14/02/2025"),
        ('="12,5"+1', 13.5),
        ("=1,5&VRAI", "1,5VRAI"),
        ("=SUM(B1,B2)", "#ERROR!"),
    ],
)
def test_formulas_typed_in_french(formula: str, value: Any) -> None:
    assert computed(formula, "fr_FR")[0] == value


@pytest.mark.parametrize(
    ("typed", "locale", "kept"),
    [
        ("=sum(a1:b2)", ENGLISH, "=SUM(A1:B2)"),
        ('=SUM(1;2)&"a;b"', ENGLISH, '=SUM(1,2)&"a;b"'),
        ("=SUM({1;2};3)", ENGLISH, "=SUM({1;2},3)"),
        ("=VLOOKUP(1,B1:B1,1)", ENGLISH, "=VLOOKUP(1,B1,1)"),
        ("=notAFunction(A1)", ENGLISH, "=notAFunction(A1)"),
        ("=somme(a1:a3)", FRENCH_LOCALE, "=SUM(A1:A3)"),
        ("=NB.SI('Mon onglet'!a1:a3;\"somme(a1)\")", FRENCH_LOCALE, "=COUNTIF('Mon onglet'!A1:A3;\"somme(a1)\")"),
        ("=SOMME(A1)", ENGLISH, "=SOMME(A1)"),
    ],
)
def test_formulas_are_stored_in_google_s_form(typed: str, locale: Any, kept: str) -> None:
    assert stored(typed, locale) == kept


@pytest.mark.parametrize("formula", ["=IMPORTRANGE(A1,B1)", '=A1&"x"&query(A:B)', "=GOOGLEFINANCE(A1)"])
def test_functions_that_are_missing_here_are_refused(formula: str) -> None:
    with pytest.raises(ApiError, match="does not implement the function"):
        stored(formula)


def test_every_function_here_is_one_of_google_s() -> None:
    assert FUNCTIONS.keys() <= GOOGLE
    assert set(FRENCH.values()) <= GOOGLE
