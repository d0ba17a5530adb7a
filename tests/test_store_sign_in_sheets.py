"""The life of a sheet to sign: what is kept of a print, what somebody says of the paper, what differs."""

import json
from datetime import date, datetime

import pytest

from store import calendar, people, rosters, sheet_states, sign_in_sheets, signatures
from store.errors import Changed, Refused, Unknown
from store.models import JournalEntry, SignInSheet
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort

TODAY = date(2025, 2, 1)


def state(cohort: Cohort, place: int = 0, today: date = TODAY) -> sheet_states.State:
    return next(one for one in sheet_states.state(cohort.id, today) if one.slot.id == cohort.half_days[place])


def told(cohort: Cohort, place: int = 0) -> list[str]:
    return [str(message) for message in state(cohort, place).differences]


def journal(kind: str) -> list[tuple]:
    query = JournalEntry.select(
        JournalEntry.object_id, JournalEntry.field, JournalEntry.before, JournalEntry.after
    ).where(JournalEntry.kind == kind)
    return list(query.order_by(JournalEntry.id).tuples())


def test_a_print_keeps_what_it_printed_and_who_did(cohort: Cohort) -> None:
    first, second = cohort.half_days[:2]
    assert sign_in_sheets.printed(AUTHOR, cohort.id, [first, second]) == [first, second]
    row = SignInSheet.get_by_id(first)
    kept = json.loads(row.printed)
    assert (row.printed_by, kept["day"], kept["start"], kept["end"], kept["minutes"], kept["place"]) == (
        AUTHOR.name, "2025-01-20", "09:30", "12:30", 180, "21.2.32"
    )  # fmt: skip
    assert set(kept["names"]) == set(cohort.participants)
    assert (first, "printed", "", "20/01/2025, 09:30–12:30, 6") in journal("sign_in_sheet")


def test_a_half_day_that_took_place_waits_for_each_step_in_turn(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    assert state(cohort).missing == ("printed", "returned", "teacher_signed", "scan")
    assert state(cohort, 2).missing == ()
    sign_in_sheets.printed(AUTHOR, cohort.id, [half_day])
    assert state(cohort).missing == ("returned", "teacher_signed", "scan")
    sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui", "teacher_signed": "oui"})
    assert state(cohort).missing == ("scan",)
    assert sign_in_sheets.change(AUTHOR, half_day, {"scan": "https://exemple.fr/a.pdf"}) == {
        "scan": "https://exemple.fr/a.pdf"
    }
    assert state(cohort).missing == ()
    assert not state(cohort).to_do
    assert state(cohort).facts.returned_by == AUTHOR.name


def test_what_was_said_is_taken_back_and_journalled(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui"})
    assert sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui"}) == {}
    assert sign_in_sheets.change(AUTHOR, half_day, {"returned": "non"}) == {"returned": ""}
    assert sign_in_sheets.facts(half_day).returned_at is None
    assert [row[1:] for row in journal("sign_in_sheet")] == [("returned", "", "oui"), ("returned", "oui", "")]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://a/b", "un classeur", "https://a b"])
def test_only_the_address_of_a_page_is_a_scan(cohort: Cohort, link: str) -> None:
    with pytest.raises(Refused) as refused:
        sign_in_sheets.change(AUTHOR, cohort.half_days[0], {"scan": link, "returned": "oui"})
    assert refused.value.field == "scan"
    assert sign_in_sheets.facts(cohort.half_days[0]).returned_at is None


def test_a_scan_that_somebody_linked_meanwhile_stays(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    sign_in_sheets.change(AUTHOR, half_day, {"scan": "https://exemple.fr/1"})
    with pytest.raises(Changed):
        sign_in_sheets.change(AUTHOR, half_day, {"scan": "https://exemple.fr/2"}, {"scan": ""})
    assert sign_in_sheets.facts(half_day).scan == "https://exemple.fr/1"


def test_a_sheet_printed_before_the_calendar_moved_says_so(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    sign_in_sheets.printed(AUTHOR, cohort.id, [half_day])
    assert told(cohort) == []
    calendar.change(AUTHOR, half_day, {"start": "9h31", "place": "21.2.33"})
    assert told(cohort) == [
        "horaires : « 9h30–12h30 » sur la feuille, « 9h31–12h30 » au calendrier",
        "lieu : « 21.2.32 » sur la feuille, « 21.2.33 » au calendrier",
    ]
    sign_in_sheets.printed(AUTHOR, cohort.id, [half_day])
    assert told(cohort) == []


def test_a_paper_that_came_back_keeps_what_it_was_printed_with(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    sign_in_sheets.printed(AUTHOR, cohort.id, [half_day])
    sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui"})
    calendar.change(AUTHOR, half_day, {"end": "12h45"})
    assert sign_in_sheets.printed(AUTHOR, cohort.id, cohort.half_days) == cohort.half_days[1:]
    assert "12h45" in told(cohort)[0]


def test_who_came_and_left_since_the_print_of_a_half_day_to_come_is_named(cohort: Cohort) -> None:
    sign_in_sheets.printed(AUTHOR, cohort.id, cohort.half_days)
    people.create(AUTHOR, cohort.id, {"last_name": "Zola", "first_name": "Émile"})
    people.remove(AUTHOR, cohort.participants[0])
    assert told(cohort, 2) == [
        "pas sur la feuille imprimée : Zola Émile", "sur la feuille, mais plus dans la promotion : Arnaud Inès"
    ]  # fmt: skip


def test_a_half_day_that_took_place_is_not_asked_for_who_came_or_left_since(cohort: Cohort) -> None:
    sign_in_sheets.printed(AUTHOR, cohort.id, cohort.half_days)
    people.create(AUTHOR, cohort.id, {"last_name": "Zola", "first_name": "Émile"})
    people.remove(AUTHOR, cohort.participants[0])
    assert told(cohort) == []


def test_somebody_in_the_room_whom_the_sheet_does_not_name_signs_on_a_blank_line(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    sign_in_sheets.printed(AUTHOR, cohort.id, cohort.half_days)
    late = people.create(AUTHOR, cohort.id, {"last_name": "Zola", "first_name": "Émile"})
    rosters.change(AUTHOR, late, {half_day: "P"})
    assert told(cohort) == ["pas sur la feuille imprimée : Zola Émile"]
    signatures.sign(AUTHOR, half_day, late, "oui")
    assert told(cohort) == []


def test_a_sheet_that_came_back_early_is_settled_as_well(cohort: Cohort) -> None:
    half_day = cohort.half_days[2]
    sign_in_sheets.printed(AUTHOR, cohort.id, [half_day])
    sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui"})
    people.create(AUTHOR, cohort.id, {"last_name": "Zola", "first_name": "Émile"})
    assert told(cohort, 2) == []


def test_who_left_since_stays_on_the_sheet_of_a_half_day_they_were_in(cohort: Cohort) -> None:
    half_day, left, gone, *_ = cohort.half_days[0], *cohort.participants
    rosters.change(AUTHOR, left, {half_day: "P"})
    sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui"})
    people.remove(AUTHOR, left)
    long_ago = datetime(2025, 1, 2)
    people.Enrolment.update(deleted_at=long_ago).where(people.Enrolment.id == gone).execute()
    lines = {line[0]: line for line in signatures.signatures(cohort.id, half_day)}
    assert (lines[left][3], lines[left][8]) == ("present", True)
    assert gone not in lines
    assert not any(line[8] for key, line in lines.items() if key != left)
    assert state(cohort).unread == 1
    signatures.sign(AUTHOR, half_day, left, "non")
    assert (state(cohort).unread, told(cohort)) == (0, ["relevé·e présent·e, sans signature : Arnaud Inès"])


def test_the_waiting_list_signs_nothing(cohort: Cohort) -> None:
    people.Enrolment.update(waiting=True).where(people.Enrolment.id == cohort.participants[0]).execute()
    assert [person.last_name for person in sign_in_sheets.people(cohort.id)] == [
        "Bernard", "Chevalier", "Dupont", "Étienne", "Fabre"
    ]  # fmt: skip


def test_signatures_are_held_against_the_roll(cohort: Cohort) -> None:
    half_day, (first, second, third, *_) = cohort.half_days[0], cohort.participants
    rosters.change(AUTHOR, first, {half_day: "P"})
    rosters.change(AUTHOR, second, {half_day: "A"})
    rosters.change(AUTHOR, third, {half_day: "R 15"})
    sign_in_sheets.change(AUTHOR, half_day, {"returned": "oui"})
    assert state(cohort).unread == 2
    signatures.sign(AUTHOR, half_day, first, "non")
    signatures.sign(AUTHOR, half_day, second, "oui")
    signatures.sign(AUTHOR, half_day, third, "oui")
    assert state(cohort).unread == 0
    assert told(cohort) == [
        "relevé·e présent·e, sans signature : Arnaud Inès", "signature, mais relevé·e absent·e : Bernard Théo"
    ]  # fmt: skip
    signatures.sign(AUTHOR, half_day, first, "")
    assert state(cohort).unread == 1
    assert (first, half_day, "non", "") in journal("signature")


def test_all_signed_touches_only_those_in_the_room_that_nobody_looked_at(cohort: Cohort) -> None:
    half_day, (first, second, third, *_) = cohort.half_days[0], cohort.participants
    for who, cell in ((first, "P"), (second, "P"), (third, "A")):
        rosters.change(AUTHOR, who, {half_day: cell})
    signatures.sign(AUTHOR, half_day, first, "non")
    assert signatures.sign_rest(AUTHOR, half_day) == 1
    found = {line[0]: line[5] for line in signatures.signatures(cohort.id, half_day)}
    assert [found[who] for who in cohort.participants] == [False, True, None, None, None, None]


def test_a_line_that_somebody_read_otherwise_meanwhile_stays(cohort: Cohort) -> None:
    half_day, who = cohort.half_days[0], cohort.participants[0]
    signatures.sign(AUTHOR, half_day, who, "oui")
    with pytest.raises(Changed):
        signatures.sign(AUTHOR, half_day, who, "non", "")
    with pytest.raises(Refused):
        signatures.sign(AUTHOR, half_day, who, "peut-être")


def test_strangers_and_unknown_half_days_are_unknown(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)
    with pytest.raises(Unknown):
        signatures.sign(AUTHOR, cohort.half_days[0], other.participants[0], "oui")
    with pytest.raises(Unknown):
        sign_in_sheets.change(AUTHOR, "S-NONE", {"returned": "oui"})
    with pytest.raises(Unknown):
        sign_in_sheets.printed(AUTHOR, cohort.id, ["S-NONE"])


def test_a_half_day_without_a_date_took_place_once_somebody_was_marked(cohort: Cohort) -> None:
    key = calendar.create(AUTHOR, cohort.id, {"period": "Semaine 9", "kind": "course"}, 180)
    cohort.half_days.append(key)
    assert state(cohort, -1).missing == ()
    rosters.change(AUTHOR, cohort.participants[0], {key: "A"})
    assert "returned" in state(cohort, -1).missing


def test_a_jury_is_signed_by_nobody_unless_a_sheet_was_printed_for_it(cohort: Cohort) -> None:
    half_day = cohort.half_days[0]
    calendar.change(AUTHOR, half_day, {"kind": "jury"})
    assert state(cohort).missing == ()
    sign_in_sheets.printed(AUTHOR, cohort.id, [half_day])
    assert "returned" in state(cohort).missing


def test_sheets_that_did_not_come_back_are_counted_by_cohort(cohort: Cohort) -> None:
    assert sheet_states.waiting(date(2025, 2, 20)) == [(cohort.code, 4)]
    assert sheet_states.waiting(date(2025, 2, 20), days=10) == [(cohort.code, 2)]
    sign_in_sheets.change(AUTHOR, cohort.half_days[0], {"returned": "oui"})
    assert sheet_states.waiting(TODAY) == [(cohort.code, 1)]


def test_where_the_sheets_stand_costs_few_queries(cohort: Cohort, count_queries) -> None:
    sign_in_sheets.printed(AUTHOR, cohort.id, cohort.half_days)
    with count_queries(5):
        assert len(sheet_states.state(cohort.id, TODAY)) == 4
