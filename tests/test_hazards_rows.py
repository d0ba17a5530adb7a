"""Hazards 1 to 7: rows that move, are copied, lose their id, are born, while the sync works."""

from collections.abc import Callable

import pytest

from store import between, people, rosters, tutoring
from store.models import Enrolment
from tests.sync_bench import PAGE, Bench, differences, sheet_side

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MOMENTS = ("after_read", "before_write", "after_write")
GERMAIN = {"Nom": "Germain", "Prénom": "Sophie", "Téléphone": "0644444444"}


def enrolled(bench: Bench) -> dict[str, dict[str, str]]:
    return people.snapshot(bench.cohort.id)


def busy(bench: Bench) -> dict[str, str]:
    """Leave something of every kind to write: cells, ids, new rows, in two tabs. Return the phones by id."""
    bench.append("Participants", GERMAIN)
    bench.cycle()
    phones = {key: f"070000000{number}" for number, key in enumerate(bench.cohort.participants)}
    for number, key in enumerate(bench.cohort.participants):
        people.change(PAGE, key, {"phone": phones[key]})
        rosters.mark(PAGE, key, bench.cohort.half_days[number % 4], "absent", None)
    people.create(PAGE, bench.cohort.id, {"last_name": "Noether", "first_name": "Emmy", "phone": "0799999999"})
    return phones


def at_peace(bench: Bench, phones: dict[str, str]) -> None:
    """Both sides agree, everyone is there once, each with their own phone and mark."""
    bench.calm()
    assert differences(bench) == []
    rows = {key: row for key, row in sheet_side(bench).items() if not key.startswith("sans id")}
    assert {key: rows[key]["Téléphone"] for key in phones} == phones
    names = sorted(row["Nom"] for row in rows.values())
    assert names == ["Arnaud", "Bernard", "Chevalier", "Dupont", "Fabre", "Germain", "Noether", "Étienne"]
    assert len(enrolled(bench)) == len(rows) == len(bench.ids("Présences")) == 8
    for number, key in enumerate(bench.cohort.participants):
        marks = rosters.snapshot(bench.cohort.id)[key]
        assert [marks[day] for day in bench.cohort.half_days] == ["A" if n == number % 4 else "" for n in range(4)]
    assert between.conflicts() == between.refusals() == []


def insert(bench: Bench) -> None:
    bench.staff_do({"do": "insert_rows", "tab": "Participants", "row": 3},
                   {"do": "insert_rows", "tab": "Participants", "row": 2, "count": 60},
                   {"do": "edit", "tab": "Participants", "cell": "I2", "value": "à remplir"},
                   {"do": "insert_rows", "tab": "Présences", "row": 5, "count": 2})  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_hazard_01_a_row_inserted_between_read_and_write(bench: Bench, moment: str) -> None:
    """Sixty lines, more than the copy reaches below the last row: what landed beside is taken back at once."""
    phones = busy(bench)
    setattr(bench.sheets, moment, lambda book: insert(bench))
    at_peace(bench, phones)
    tab = bench.tabs()["Participants"]
    inserted = [row for row in range(tab.last_row) if not tab.text(row, 1)]
    assert len(inserted) == 61
    assert [tab.text(row, column) for row in inserted for column in range(9) if tab.text(row, column)] == ["à remplir"]


def sort_all(bench: Bench) -> None:
    bench.staff_do({"do": "sort", "tab": "Participants", "column": "Prénom", "descending": True},
                   {"do": "sort", "tab": "Présences", "column": "Prénom"})  # fmt: skip


def sort_without_ids(bench: Bench) -> None:
    """Sort the columns of the contents alone: each id stays where it was, beside another's cells."""
    specs = [{"dimensionIndex": 2, "sortOrder": "ASCENDING"}]
    areas = [
        {"sheetId": bench.tabs()[title].sheet_id, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 1,
         "endColumnIndex": 8} for title in ("Participants", "Présences")
    ]  # fmt: skip
    bench.staff_do(
        {"do": "requests", "requests": [{"sortRange": {"range": area, "sortSpecs": specs}} for area in areas]}
    )


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("repeated", [False, True], ids=["once", "at each call"])
def test_hazard_02_a_sort_during_a_cycle(bench: Bench, moment: str, repeated: bool) -> None:
    """Whichever call the sort falls on, even on each of them until the book rests."""
    phones, turns = busy(bench), iter(range(4))

    def sort(book: str) -> None:
        sort_all(bench)
        if repeated and next(turns, None) is not None:
            setattr(bench.sheets, moment, sort)

    setattr(bench.sheets, moment, sort)
    bench.calm(most=12)
    at_peace(bench, phones)
    # A sort that leaves the ids out gives nobody's marks to another: the ids go where the contents went.
    sort_without_ids(bench)
    report = bench.cycle()
    assert (report.pulled, report.writes, report.conflicts) == (0, 1, 0)
    at_peace(bench, phones)
    first = next(key for key, row in sheet_side(bench).items() if row["Prénom"] == "Hugo")
    assert enrolled(bench)[first]["first_name"] == "Hugo"


def test_hazard_02_a_sort_without_ids_of_rows_edited_meanwhile(bench: Bench) -> None:
    """A row edited as well as moved is known by its name; its edit is kept."""
    bench.calm()
    bench.type("Participants", bench.cohort.participants[3], "Téléphone", "0788888888")
    people.change(PAGE, bench.cohort.participants[1], {"employer": "Scop"})
    sort_without_ids(bench)
    bench.calm()
    rows = enrolled(bench)
    assert differences(bench) == []
    assert [rows[key]["last_name"] for key in bench.cohort.participants[:4]] == [
        "Arnaud", "Bernard", "Chevalier", "Dupont"
    ]  # fmt: skip
    assert rows[bench.cohort.participants[3]]["phone"] == "0788888888"
    assert sheet_side(bench)[bench.cohort.participants[1]]["Structure"] == "Scop"


@pytest.mark.parametrize("moment", ["after_read", "before_write"])
def test_hazard_02_a_sort_without_ids_between_read_and_write(bench: Bench, moment: str) -> None:
    """What was on its way to a person lands beside another's name: it is taken back, then sent where it belongs."""
    bench.calm()
    for number in (0, 3, 5):
        people.change(PAGE, bench.cohort.participants[number], {"employer": f"Scop {number}"})
        rosters.mark(PAGE, bench.cohort.participants[number], bench.cohort.half_days[1], "absent", None)
    before, marks = enrolled(bench), rosters.snapshot(bench.cohort.id)
    setattr(bench.sheets, moment, lambda book: sort_without_ids(bench))
    bench.calm()
    assert (enrolled(bench), rosters.snapshot(bench.cohort.id)) == (before, marks)
    assert (differences(bench), between.conflicts()) == ([], [])
    assert sheet_side(bench)[bench.cohort.participants[0]]["Prénom"] == "Inès"


def test_hazard_03_a_row_copied_with_its_id(bench: Bench) -> None:
    """The row equal to the base keeps the id wherever it stands; the copy made another person gets a new one."""
    first, second = bench.cohort.participants[:2]
    bench.staff_do({"do": "copy_row", "tab": "Participants", "row_where": {"ID": first}, "to": "below"},
                   {"do": "edit", "tab": "Participants", "cell": "B2", "value": "Germain"},
                   {"do": "edit", "tab": "Participants", "cell": "C2", "value": "Sophie"},
                   {"do": "copy_row", "tab": "Participants", "row_where": {"ID": second}, "to": "end"})  # fmt: skip
    people.change(PAGE, first, {"employer": "Scop"})
    bench.cycle()
    # Both rows that bear an id are told of, each with its address.
    told = {(row[8], row[10]) for row in between.refusals()}
    assert told == {("A2", first), ("A9", second)}
    assert all("identifiant" in row[11] and "ligne" in row[11] for row in between.refusals())
    bench.calm()
    rows = enrolled(bench)
    assert (rows[first]["last_name"], rows[first]["employer"]) == ("Arnaud", "Scop")
    [born] = set(rows) - set(bench.cohort.participants)
    assert (rows[born]["last_name"], bench.ids("Participants").index(born)) == ("Germain", 0)
    assert bench.ids("Participants").count(first) == 1
    # A copy in everything alike is nobody new until it is changed: it says which row keeps the id.
    [left] = between.refusals()
    assert (left[8], "ligne 4" in left[11]) == ("A9", True)
    bench.put(1000, 8, 1, [["Hopper", "Grace"]])
    bench.calm()
    assert (len(enrolled(bench)), between.refusals()) == (8, [])
    assert len(set(bench.ids("Participants"))) == 8


def test_hazard_04_an_id_cleared(bench: Bench) -> None:
    """Matched by what was agreed of it, by its name when it was edited too; in every tab, even several at once."""
    before = {title: bench.ids(title) for title in ("Participants", "Séances", "Présences", "Notes")}
    rosters.mark(PAGE, bench.cohort.participants[0], bench.cohort.half_days[0], "absent", None)
    bench.calm()
    for title, ids in before.items():
        for key in (ids[0], ids[2]):
            bench.type(title, key, "ID", "")
    bench.put(1000, 1, 4, [["0700000000"]])
    people.change(PAGE, bench.cohort.participants[2], {"employer": "Scop"})
    bench.sheets.before_write = lambda book: bench.staff_do(
        {"do": "sort", "tab": "Participants", "column": "Nom", "descending": True}
    )
    bench.calm()
    assert {title: sorted(bench.ids(title)) for title in before} == {t: sorted(ids) for t, ids in before.items()}
    assert enrolled(bench)[bench.cohort.participants[0]]["phone"] == "0700000000"
    assert rosters.snapshot(bench.cohort.id)[bench.cohort.participants[0]][bench.cohort.half_days[0]] == "A"
    assert (differences(bench), len(enrolled(bench)), Enrolment.select().count()) == ([], 6, 6)


@pytest.mark.parametrize("ids", [("", "P-AAAAAAAA", "12"), (1, 0, 2), (1, 2, 0), (0, 0, 2), (3, 1, 3)], ids=str)
def test_hazard_05_an_id_edited_by_hand(bench: Bench, ids: tuple) -> None:
    """Unknown, exchanged in two rows or three, doubled, another's: each row gets its own back, nobody moves."""
    before, snapshot = bench.ids("Participants"), enrolled(bench)
    typed = [before[one] if isinstance(one, int) else one for one in ids]
    bench.put(1000, 1, 0, [[text] for text in typed])
    people.change(PAGE, before[1], {"employer": "Scop"})
    bench.calm()
    assert bench.ids("Participants") == before
    assert enrolled(bench) == snapshot | {before[1]: snapshot[before[1]] | {"employer": "Scop"}}
    assert (differences(bench), between.conflicts(), between.refusals()) == ([], [], [])


@pytest.mark.parametrize("moment", MOMENTS)
def test_hazard_06_a_new_row_without_id(bench: Bench, moment: str) -> None:
    """Born once, in every tab, whatever moves while its id travels; a second row alike is somebody else."""
    bench.append("Participants", GERMAIN)
    bench.cycle()

    def meanwhile(book: str) -> None:
        bench.staff_do({"do": "sort", "tab": "Participants", "column": "Nom", "descending": True},
                       {"do": "insert_rows", "tab": "Participants", "row": 2})  # fmt: skip

    setattr(bench.sheets, moment, meanwhile)
    assert bench.cycle().created == 1
    bench.calm()
    bench.append("Participants", GERMAIN)
    bench.calm()
    born = [key for key, row in enrolled(bench).items() if row["last_name"] == "Germain"]
    assert (len(born), Enrolment.select().count(), differences(bench)) == (2, 8, [])
    for title in ("Participants", "Présences"):
        assert [bench.ids(title).count(key) for key in born] == [1, 1]
    assert len(set(tutoring.owners(bench.cohort.id).values())) == 8


def keep_typing(bench: Bench, row: int) -> Callable[[str], None]:
    """Type one more letter before each read."""
    letters = iter("Sophie")

    def typing(book: str) -> None:
        letter = next(letters, "")
        text = bench.tabs()["Participants"].text(row, 2)
        bench.put(1000, row, 2, [[text + letter]])

    return typing


def test_hazard_07_a_half_typed_row_waits(bench: Bench) -> None:
    """It is no record while it changes, is incomplete or wrong, and costs no call in a hurry while it is only begun."""
    row = bench.append("Participants", {"Nom": "Germain", "Téléphone": "0644"})
    reports = [bench.cycle() for _ in range(3)]
    assert [(report.created, report.writes, report.again) for report in reports] == [(0, 0, False)] * 3
    typing = keep_typing(bench, row)
    for _ in "Sophie":
        typing("")
        assert bench.cycle().created == 0
    bench.put(1000, row, 3, [["sophie.germain"]])
    assert [bench.cycle().created for _ in range(3)] == [0, 0, 0]
    assert [(found[8], found[10]) for found in between.refusals()] == [("D8", "sophie.germain")]
    bench.put(1000, row, 3, [["sophie@exemple.fr"]])
    assert [bench.cycle().created for _ in range(3)] == [0, 1, 0]
    [born] = [row for row in enrolled(bench).values() if row["last_name"] == "Germain"]
    assert (born["first_name"], born["email"], between.refusals()) == ("Sophie", "sophie@exemple.fr", [])
