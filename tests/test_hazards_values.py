"""Hazards 28 to 36: values that are wrong, computed, dangerous, or spelt in another way."""

import json
import unicodedata

import pytest

from store import between, calendar, jury, people, rosters, tutoring
from sync.dress import create_book
from sync.tab_work import bound_sheets
from tests.sync_bench import PAGE, Bench, differences, sheet_side

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def enrolled(bench: Bench, number: int = 0) -> dict[str, str]:
    return people.snapshot(bench.cohort.id)[bench.cohort.participants[number]]


def settled(bench: Bench, book: str = "") -> None:
    """Hold both sides to agree, and the next cycle to plan nothing."""
    bench.calm(book)
    assert differences(bench, book) == []
    report = bench.cycle(book)
    assert (report.reads, report.writes, report.pulled, report.conflicts, report.refused) == (1, 0, 0, 0, 0)


# -- 28 ------------------------------------------------------------------------------------------

#: What no column takes, some columns take, or a careless store would choke on.
WRONG = (
    "bientôt", "-3", "1e300", "99999999999999999999", "3000000000", "31/02/2025", "25:61", "R 500", "VRAI", "'=1/0",
    "x" * 3000, "😀 é\u0301", "#N/A", "0,00000001", "31/12/9999",
)  # fmt: skip
#: Two right values for the last column of each tab.
GOOD = {"teachers": ("Mme Roy", "M. Diallo"), "decision": ("admis", "ajourné"), "link": ("https://a.fr", "https://b.fr"),
        "waiting": ("oui", "non"), "similarity": ("3", "12")}  # fmt: skip


@pytest.mark.parametrize("audience", ["staff", "jury"])
def test_hazard_28_an_invalid_value(bench: Bench, audience: str) -> None:
    """Typed in every column of a row, it stops nothing: it stays as typed, and is listed with its address and why."""
    book = bench.staff if audience == "staff" else bench.jury
    for bound, sheet in bound_sheets(book):
        columns = [column for column in sheet.columns(bound.cohort_id) if column.policy == "both"]
        tab = bench.tabs(book)[bound.title]
        before = sheet.snapshot(bound.cohort_id)
        first, second = [tab.text(row, 0) for row in (1, 2)]
        places = [bench.headers(bound.title, book).index(column.header) for column in columns]
        revision = bench.revision(book)
        for number, text in enumerate(WRONG):
            typing = {"type": "set", "sheetId": bound.sheet_id, "row": 1, "values": [[text]]}
            bench.act(*({**typing, "column": place} for place in places), book=book)
            good = next((column for column in reversed(columns) if column.field in GOOD), columns[-1])
            typed = GOOD.get(good.field, ("V", "AJ"))[number % 2]
            bench.put(bound.sheet_id, 2, places[columns.index(good)], [[typed]], book)
            report = bench.cycle(book)
            assert (report.paused, report.conflicts) == ([], 0), text
            now = sheet.snapshot(bound.cohort_id)
            assert now[second][good.field] == good.type.parse(typed)
            told = {(row[7], row[10]): row for row in between.refusals() if row[6] == first and row[5] == bound.kind}
            apart = {name for kind, key, name, *_ in differences(bench, book) if (kind, key) == (bound.kind, first)}
            assert apart == {name for name, _ in told}, text
            assert all(row[8].endswith("2") and len(row[11]) > 15 for row in told.values())
            changed = {key for key in before if now[key] != before[key]} - {first, second}
            assert changed == set()
        bench.staff_do({"do": "restore", "revision": revision}, book=book)
        bench.calm(book)
        assert between.refusals() == [] == between.conflicts()
        assert sheet.snapshot(bound.cohort_id) == before



# -- 29 ------------------------------------------------------------------------------------------


def plain_format(bench: Bench, book: str = "") -> None:
    """Take off the format of texts, under which what begins with = is no formula."""
    for tab in bench.tabs(book).values():
        look = {"range": {"sheetId": tab.sheet_id}, "cell": {}, "fields": "userEnteredFormat.numberFormat"}
        bench.staff_do({"do": "requests", "requests": [{"repeatCell": look}]}, book=book or bench.staff)


@SQLITE
def test_hazard_29_a_formula_in_a_mapped_cell(bench: Bench) -> None:
    """Its value is read and follows; it is never overwritten; in error it is refused; a computed column says so."""
    first, second, third = bench.cohort.participants[:3]
    papers = {owner: paper for paper, owner in tutoring.owners(bench.cohort.id).items()}
    plain_format(bench)
    bench.type("Notes", papers[first], "Pages", "=10+8")
    bench.type("Participants", first, "Structure", '="Scop "&B2')
    bench.type("Participants", second, "Structure", "=1/0")
    bench.type("Participants", third, "Structure", "=#REF!")
    bench.type("Présences", first, "Nom", '="Autre"')
    bench.type("Jury", first, "RSV206", "=12+2,5", bench.jury)
    bench.cycle(bench.jury)
    report = bench.cycle()
    assert (report.pulled, report.refused, report.writes) == (2, 3, 0)
    assert (enrolled(bench)["employer"], enrolled(bench, 1)["employer"]) == ("Scop Arnaud", "")
    assert jury.snapshot(bench.cohort.id)[first]["grade-RSV206"] == "14.5"
    told = {row[8]: (row[10], row[11]) for row in between.refusals()}
    assert told["F3"][0] == "#DIV/0!"
    assert told["F4"][0] == "#REF!"
    assert all("erreur" in told[place][1] for place in ("F3", "F4"))
    assert "calculée par l'intranet" in told["B2"][1]
    # What it comes to changes with the cells it reads, here because the intranet renames the person.
    people.change(PAGE, first, {"last_name": "Arnaud-Petit", "phone": "0711111111"})
    bench.calm()
    assert enrolled(bench)["employer"] == "Scop Arnaud-Petit"
    # The intranet's own value never takes its place: it is listed, with what stands there.
    people.change(PAGE, first, {"employer": "Emmaüs"})
    tutoring.change(PAGE, papers[first], {"pages": "20"})
    report = bench.cycle()
    assert report.writes == 0
    kept = [bench.tabs()[title].cell(1, column).userEnteredValue.formulaValue
            for title, column in (("Participants", 5), ("Notes", bench.headers("Notes").index("Pages")))]  # fmt: skip
    assert kept == ['="Scop "&B2', "=10+8"]
    assert sum("jamais remplacée" in row[11] for row in between.refusals()) == 2


@SQLITE
def test_hazard_29_a_formula_typed_in_the_very_half_second_of_a_write(bench: Bench) -> None:
    """The pre-image holds values: the formula comes back as its value, and both values are listed for a choice."""
    first = bench.cohort.participants[0]
    plain_format(bench)
    people.change(PAGE, first, {"employer": "Emmaüs"})
    bench.sheets.before_write = lambda book: bench.type("Participants", first, "Structure", '="Scop "&B2')
    bench.cycle()
    assert bench.cell("Participants", first, "Structure") == "Scop Arnaud"
    bench.calm()
    [conflict] = between.conflicts()
    assert (conflict.local, conflict.remote, conflict.address) == ("Emmaüs", "Scop Arnaud", "F2")


# -- 30 ------------------------------------------------------------------------------------------

INJECTIONS = ("=1+1", "+32471234567", "@SOMME(A1)", "-1", '=IMPORTXML("http://x";"//a")', "\t=1+1", "'=1", "{=A1}")


@SQLITE
def test_hazard_30_formula_injection_from_the_app(bench: Bench) -> None:
    """What people type on the pages arrives as the text it is, in cells, in new rows and in headers, and stays so."""
    papers = {owner: paper for paper, owner in tutoring.owners(bench.cohort.id).items()}
    for number, text in enumerate(INJECTIONS):
        key = bench.cohort.participants[number % 6]
        people.change(PAGE, key, {"employer": text})
        tutoring.change(PAGE, papers[key], {"title": text, "problem": text})
        people.create(PAGE, bench.cohort.id, {"last_name": f"{text} Ada", "first_name": f"{text} x", "employer": text})
        calendar.create(PAGE, bench.cohort.id, {"period": text, "start": "09:00", "end": "12:00", "kind": "course",
                                                "teachers": text})  # fmt: skip
    people.change(PAGE, bench.cohort.participants[0], {"phone": "+32471234567"})
    bench.calm(bench.jury)
    settled(bench)
    sent = json.dumps(bench.sheets.batches)
    assert "formulaValue" not in sent
    for tab in bench.tabs().values():
        own = {bench.headers(tab.title).index("Absences")} if tab.title == "Présences" else set()
        cells = [cell for line in tab.grid for place, cell in enumerate(line) if place not in own]
        assert not [cell for cell in cells if cell.userEnteredValue.formulaValue]
    assert bench.cell("Participants", bench.cohort.participants[0], "Téléphone") == "+32471234567"
    assert {row.get("Structure") for row in sheet_side(bench).values()} >= {text.strip() for text in INJECTIONS}


# -- 31 to 35 -------------------------------------------------------------------------------------


@SQLITE
def test_hazard_31_leading_zeros_and_phones(bench: Bench) -> None:
    """A phone is a text, from both sides, however it is written, in a column that staff formatted as numbers too."""
    spelt = ("0123456789", "+33 6 12 34 56 78", "00000", "(0)1.23-45/67", "06 12 34 56 78")
    for key, text in zip(bench.cohort.participants, spelt, strict=False):
        bench.type("Participants", key, "Téléphone", text)
    settled(bench)
    # A French number is one value however it is spelt, and its spelling in the sheet is left alone.
    read = ("0123456789", "0612345678", "00000", "(0)1.23-45/67", "0612345678")
    assert [enrolled(bench, n)["phone"] for n in range(5)] == list(read)
    assert [bench.cell("Participants", key, "Téléphone") for key in bench.cohort.participants[:5]] == list(spelt)
    numbers = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0"}}}
    area = {"sheetId": 1000, "startRowIndex": 1, "startColumnIndex": 3, "endColumnIndex": 6}
    fields = "userEnteredFormat.numberFormat"
    bench.staff_do(
        {"do": "requests", "requests": [{"repeatCell": {"range": area, "cell": numbers, "fields": fields}}]}
    )
    for number, key in enumerate(bench.cohort.participants):
        people.change(PAGE, key, {"phone": f"00{number}000", "employer": f"007{number}"})
    settled(bench)
    assert [bench.cell("Participants", key, "Téléphone") for key in bench.cohort.participants[:2]] == [
        "000000", "001000"
    ]  # fmt: skip
    assert bench.cell("Participants", bench.cohort.participants[1], "Structure") == "0071"


@SQLITE
def test_hazard_32_a_number_and_its_other_spellings(bench: Bench) -> None:
    """2.0, 2, « 2,00 » and the text 2 are one value: nothing travels, the sheet keeps what was typed."""
    first, second, third, fourth = bench.cohort.participants[:4]
    for key in (first, second, third, fourth):
        jury.change(PAGE, key, {"grade-RSV206": "2"})
    settled(bench, bench.jury)
    plain_format(bench, bench.jury)
    typed = {first: "2,0", second: "'2", third: "'2,00", fourth: "=4/2"}
    for key, text in typed.items():
        bench.type("Jury", key, "RSV206", text, bench.jury)
    settled(bench, bench.jury)
    assert [bench.cell("Jury", key, "RSV206", bench.jury) for key in typed] == [2, "2", "2,00", 2]
    jury.change(PAGE, second, {"grade-RSV206": "14.30"})
    bench.type("Jury", third, "RSV206", "=14+0,3", bench.jury)
    settled(bench, bench.jury)
    grades = jury.snapshot(bench.cohort.id)
    assert [grades[key]["grade-RSV206"] for key in typed] == ["2", "14.3", "14.3", "2"]


@SQLITE
def test_hazard_33_a_date_typed_as_text(bench: Bench) -> None:
    """Every spelling of one day is that day, and is left as typed; one that contradicts itself is refused."""
    people.change(PAGE, bench.cohort.participants[0], {"fees_paid_on": "2025-01-20"})
    bench.calm()
    spelt = ("'20/01/2025", "'20.1.25", "'lundi 20 janvier 2025", "'2025-01-20", "'lun. 20 janv. 2025", "20/1/25")
    for key, text in zip(bench.cohort.participants, spelt, strict=True):
        bench.type("Participants", key, "Frais réglés le", text)
    settled(bench)
    assert {row["fees_paid_on"] for row in people.snapshot(bench.cohort.id).values()} == {"2025-01-20"}
    shown = [bench.cell("Participants", key, "Frais réglés le") for key in bench.cohort.participants]
    assert shown == [*(text[1:] for text in spelt[:-1]), 45677]
    bench.type("Participants", bench.cohort.participants[0], "Frais réglés le", "'mardi 20 janvier 2025")
    bench.cycle()
    [told] = between.refusals()
    assert (told[8], "lundi" in told[11], enrolled(bench)["fees_paid_on"]) == ("H2", True, "2025-01-20")


@SQLITE
def test_hazard_34_the_locale_of_the_book_changed(bench: Bench) -> None:
    """Values are typed, so no locale changes them; what is typed next is read as its locale shows it."""
    first, second, third = bench.cohort.participants[:3]
    people.change(PAGE, first, {"fees_paid_on": "2025-02-03"})
    for book in (bench.staff, bench.jury):
        jury.change(PAGE, first, {"grade-RSV206": "14.5"})
        bench.calm(book)
        bench.staff_do({"do": "locale", "to": "en_US"}, book=book)
        settled(bench, book)
    plain_format(bench, bench.jury)
    plain_format(bench)
    bench.type("Jury", second, "RSV206", "9.75", bench.jury)
    bench.type("Jury", third, "RSV206", "'9,75", bench.jury)
    bench.type("Participants", second, "Frais réglés le", "2/3/2025")
    bench.type("Participants", third, "Frais réglés le", "28/02/2025")
    jury.change(PAGE, first, {"grade-RSV207": "0.5"})
    people.change(PAGE, first, {"fees_paid_on": "2025-03-02"})
    settled(bench, bench.jury)
    settled(bench)
    grades = jury.snapshot(bench.cohort.id)
    assert [grades[key]["grade-RSV206"] for key in (first, second, third)] == ["14.5", "9.75", "9.75"]
    assert bench.cell("Jury", first, "RSV207", bench.jury) == 0.5
    assert [row["fees_paid_on"] for row in people.snapshot(bench.cohort.id).values()][:3] == [
        "2025-03-02", "2025-02-03", "2025-02-28"
    ]  # fmt: skip
    bench.staff_do({"do": "locale", "to": "fr_FR"})
    settled(bench)


@SQLITE
def test_hazard_35_composed_letters_and_odd_spaces(bench: Bench) -> None:
    """Zoé in one letter or two, no-break and trailing spaces: no difference, no echo, the cell stays as typed."""
    first = bench.cohort.participants[0]
    people.change(PAGE, first, {"employer": "Économie à Évry"})
    bench.calm()
    odd = unicodedata.normalize("NFD", "  Économie\u00a0à\u202fÉvry \u00a0")
    bench.type("Participants", first, "Structure", odd)
    bench.type("Participants", first, "Nom", " Arnaud ")
    key = bench.cohort.participants[4]
    bench.type("Participants", key, "Prénom", unicodedata.normalize("NFD", "Zoé"))
    settled(bench)
    assert bench.cell("Participants", first, "Structure") == odd
    assert enrolled(bench)["employer"] == "Économie à Évry"
    # Typed anew with such spaces it is pulled once, in its one spelling.
    bench.type("Participants", key, "Structure", unicodedata.normalize("NFD", " Scop\u00a0Épi "))
    assert bench.cycle().pulled == 1
    settled(bench)
    assert enrolled(bench, 4)["employer"] == unicodedata.normalize("NFC", "Scop Épi")


@SQLITE
def test_hazard_36_echo_loops(bench: Bench) -> None:
    """A second cycle plans nothing, whatever the first carried, with two books of one cohort as with one."""
    second = create_book(bench.sheets, bench.cohort.id, bench.cohort.code, "staff")
    bench.calm(second)
    first, day = bench.cohort.participants[0], bench.cohort.half_days[0]
    for round_ in range(3):
        bench.type("Participants", first, "Téléphone", f" 06\u00a0{round_}0 00 00 00 ")
        bench.type("Séances", day, "Début", f"9h{round_}5", book=second)
        bench.type("Séances", day, "Date", "20 janvier 2025")
        bench.type("Présences", first, bench.headers("Présences")[4], f"r {round_ + 10}")
        rosters.mark(PAGE, bench.cohort.participants[1], day, "late", str(round_ + 5))
        people.change(PAGE, first, {"employer": f"Scop {round_}", "fees_paid_on": f"2025-02-0{round_ + 1}"})
        written = []
        for _ in range(4):
            reports = [bench.cycle(), bench.cycle(second)]
            written.append(sum(report.writes + report.pulled for report in reports))
        assert written[2:] == [0, 0], written
        assert differences(bench) == differences(bench, second) == []
    assert between.conflicts() == between.refusals() == []


@SQLITE
def test_a_page_pasted_in_the_cell_of_teachers_is_refused_and_left_there(bench: Bench) -> None:
    first = bench.cohort.half_days[0]
    bench.type("Séances", first, "Intervenants", "M" * 5000)
    bench.cycle()
    [told] = between.refusals()
    assert "5000 caractères, 500 au plus" in told[11]
    assert calendar.snapshot(bench.cohort.id)[first]["teachers"] == ""
    assert bench.cell("Séances", first, "Intervenants") == "M" * 5000
