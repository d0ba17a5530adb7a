"""Certificates: from attended hours, numbered without a gap, kept as issued; and the registers beside them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from rules.certificates import Span
from store import calendar, certificate_lines, certificates, db, people, registers, rosters
from store.errors import Changed, Refused, Unknown
from store.models import Certificate, JournalEntry
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort

TODAY = date(2025, 6, 1)
PROVIDER = {"name": "Cnam", "address": "292 rue Saint-Martin", "activity_number": "", "signatory": "", "town": "Paris"}


@pytest.fixture
def recorded(cohort: Cohort) -> Cohort:
    """Everybody was there, but for the first: late by fifteen minutes once, absent once."""
    for who in cohort.participants:
        rosters.change(AUTHOR, who, dict.fromkeys(cohort.half_days, "P"))
    rosters.change(AUTHOR, cohort.participants[0], {cohort.half_days[0]: "R 15", cohort.half_days[1]: "A"})
    return cohort


def issue(cohort: Cohort, *who: str, **more: object) -> list[str]:
    return certificates.issue(AUTHOR, cohort.id, who or cohort.participants, PROVIDER, TODAY, **more)  # type: ignore[arg-type]


def line(cohort: Cohort, place: int = 0) -> certificate_lines.Line:
    return next(one for one in certificate_lines.lines(cohort.id, TODAY) if one.enrolment == cohort.participants[place])


def test_a_batch_is_numbered_in_the_order_of_names_from_attended_hours(recorded: Cohort) -> None:
    assert issue(recorded) == [f"CR-2025-{rank:04d}" for rank in range(1, 7)]
    content = certificates.contents(recorded.id, ["CR-2025-0001"])[0]
    assert (content["last_name"], content["attended"], content["planned"]) == ("Arnaud", 840 - 180 - 15, 840)
    assert (content["first_day"], content["last_day"]) == ("2025-01-20", "2025-02-14")
    assert Certificate.get_by_id("CR-2025-0001").minutes == 840 - 195
    entry = JournalEntry.get(JournalEntry.kind == "certificate", JournalEntry.object_id == recorded.participants[0])
    assert entry.after.startswith("CR-2025-0001")


def test_a_training_that_goes_on_is_certified_up_to_today(recorded: Cohort) -> None:
    # Everybody is marked on all four half-days: the two of February have not taken place yet.
    numbers = certificates.issue(AUTHOR, recorded.id, recorded.participants[1:2], PROVIDER, date(2025, 2, 1))
    content = certificates.contents(recorded.id, numbers)[0]
    assert (content["attended"], content["planned"]) == (360, 840)
    assert (content["first_day"], content["last_day"], content["ends"]) == ("2025-01-20", "2025-02-01", "2025-02-14")
    assert line(recorded, 1).differs
    certificates.reissue(AUTHOR, recorded.id, numbers[0], "fin de la formation", PROVIDER, TODAY)
    content = certificates.contents(recorded.id, ["CR-2025-0002"])[0]
    assert (content["attended"], content["last_day"], content["ends"]) == (840, "2025-02-14", "")


def test_eighteen_hours_absent_of_ninety_certify_seventy_two(database_url: str) -> None:
    cohort = make_cohort("GRANDE-2025", 1)
    for number in range(27):
        calendar.create(
            AUTHOR, cohort.id,
            {"module": "1", "day": f"2025-03-{number + 1:02d}", "start": "9h", "end": "12h", "kind": "course"},
        )
    # 14 h came with the cohort: 81 h are added, 5 taken out, so as to reach 90.
    keys = list(calendar.snapshot(cohort.id))
    for key in keys[4:5]:
        calendar.change(AUTHOR, key, {"end": "10h"})
    calendar.remove(AUTHOR, keys[5])
    keys.remove(keys[5])
    rosters.change(AUTHOR, cohort.participants[0], dict.fromkeys(keys, "P") | dict.fromkeys(keys[6:12], "A"))
    found = certificate_lines.lines(cohort.id, TODAY)[0].hours
    assert (found.planned, found.absent, found.attended) == (90 * 60, 18 * 60, 72 * 60)


def test_half_days_not_recorded_refuse_the_whole_batch_and_are_named(recorded: Cohort) -> None:
    rosters.change(AUTHOR, recorded.participants[2], {recorded.half_days[3]: ""})
    with pytest.raises(Refused, match=r"14/02/2025 14h \(Chevalier Noé\)") as refused:
        issue(recorded)
    assert refused.value.field == "accepted"
    assert Certificate.select().count() == 0
    assert len(issue(recorded, accepted=True)) == 6
    assert line(recorded, 2).in_force.minutes == 840 - 270


def test_a_half_day_to_come_is_asked_of_nobody(recorded: Cohort) -> None:
    calendar.create(AUTHOR, recorded.id, {"day": "2025-06-02", "start": "9h", "end": "12h", "kind": "course"})
    assert len(issue(recorded)) == 6


def test_nobody_gets_a_certificate_of_nothing(cohort: Cohort) -> None:
    rosters.change(AUTHOR, cohort.participants[0], dict.fromkeys(cohort.half_days, "A"))
    with pytest.raises(Refused, match="Aucune heure suivie.*Arnaud Inès"):
        issue(cohort, cohort.participants[0])


def test_a_second_certificate_is_a_replacement_with_a_reason(recorded: Cohort) -> None:
    issue(recorded, recorded.participants[0])
    with pytest.raises(Refused, match="a déjà le certificat CR-2025-0001"):
        issue(recorded)
    before = certificates.contents(recorded.id, ["CR-2025-0001"])
    rosters.change(AUTHOR, recorded.participants[0], {recorded.half_days[1]: "P"})
    people.change(AUTHOR, recorded.participants[0], {"last_name": "Arnault"})
    assert line(recorded).differs
    for reason in ("", "   "):
        with pytest.raises(Refused, match="motif"):
            certificates.reissue(AUTHOR, recorded.id, "CR-2025-0001", reason, PROVIDER, TODAY)
    new = certificates.reissue(AUTHOR, recorded.id, "CR-2025-0001", "absence levée", PROVIDER, TODAY)
    assert new == "CR-2025-0002"
    assert certificates.contents(recorded.id, ["CR-2025-0001"]) == before
    content = certificates.contents(recorded.id, [new])[0]
    assert (content["replaces"], content["last_name"], content["attended"]) == ("CR-2025-0001", "Arnault", 825)
    found = line(recorded)
    assert [one.number for one in found.issued] == [new, "CR-2025-0001"]
    assert (found.in_force.number, found.in_force.reason, found.differs) == (new, "absence levée", False)
    with pytest.raises(Refused, match="déjà remplacé par CR-2025-0002"):
        certificates.reissue(AUTHOR, recorded.id, "CR-2025-0001", "encore", PROVIDER, TODAY)


def test_hours_that_moved_since_they_were_read_issue_nothing(recorded: Cohort) -> None:
    seen = {recorded.participants[0]: 840}
    with pytest.raises(Changed) as changed:
        issue(recorded, expected=seen)
    assert (changed.value.expected, changed.value.current) == ("Arnaud Inès : 14 h", "10 h 45")
    assert Certificate.select().count() == 0
    assert issue(recorded, recorded.participants[0], expected={recorded.participants[0]: 645}) == ["CR-2025-0001"]


def test_numbers_have_no_gap_after_a_batch_that_failed_and_begin_again_each_year(recorded: Cohort) -> None:
    first, second, third, *_ = recorded.participants
    issue(recorded, first)
    with pytest.raises(ZeroDivisionError), db.database.atomic():
        issue(recorded, second)
        raise ZeroDivisionError
    assert issue(recorded, third) == ["CR-2025-0002"]
    assert certificates.issue(AUTHOR, recorded.id, [second], PROVIDER, date(2026, 1, 2)) == ["CR-2026-0001"]


def test_numbers_go_on_beyond_four_digits(recorded: Cohort) -> None:
    issue(recorded, recorded.participants[0])
    Certificate.update(number="CR-2025-9999").execute()
    assert issue(recorded, *recorded.participants[1:3]) == ["CR-2025-10000", "CR-2025-10001"]
    assert issue(recorded, recorded.participants[3]) == ["CR-2025-10002"]


def test_two_batches_at_once_take_different_numbers(recorded: Cohort) -> None:
    def one(who: str) -> list[str]:
        with db.connection():
            return issue(recorded, who)

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for found in pool.map(one, recorded.participants) for number in found]
    assert sorted(numbers) == [f"CR-2025-{rank:04d}" for rank in range(1, 7)]


def test_somebody_withdrawn_is_certified_for_what_they_attended(recorded: Cohort) -> None:
    who = recorded.participants[1]
    rosters.change(AUTHOR, who, {recorded.half_days[3]: ""})
    people.remove(AUTHOR, who)
    gone = line(recorded, 1)
    assert (gone.withdrawn, gone.hours.attended) == (True, 840 - 270)
    people.Enrolment.update(deleted_at="2025-01-31 10:00:00").where(people.Enrolment.id == who).execute()
    assert issue(recorded, who) == ["CR-2025-0001"]
    content = certificates.contents(recorded.id, ["CR-2025-0001"])[0]
    # Its dates are their own: the training went on without them.
    assert (content["first_day"], content["last_day"], content["ends"]) == ("2025-01-20", "2025-01-31", "")


JANUARY, FEBRUARY = Span("2025-01-01", "2025-01-31"), Span("2025-02-01", "2025-02-28")


def test_days_chosen_are_certified_alone_and_each_has_its_number(recorded: Cohort) -> None:
    who = recorded.participants[0]
    assert issue(recorded, who, span=JANUARY) == ["CR-2025-0001"]
    assert issue(recorded, who, span=FEBRUARY) == ["CR-2025-0002"]
    assert issue(recorded, who) == ["CR-2025-0003"]
    found = certificates.contents(recorded.id, [f"CR-2025-000{rank}" for rank in (1, 2, 3)])
    assert [(one["attended"], one["planned"], one["first_day"], one["last_day"]) for one in found] == [
        (165, 360, "2025-01-01", "2025-01-31"), (480, 480, "2025-02-01", "2025-02-28"),
        (645, 840, "2025-01-20", "2025-02-14"),
    ]  # fmt: skip
    assert [one.span for one in line(recorded).issued] == [Span(), FEBRUARY, JANUARY]
    assert line(recorded).in_force.number == "CR-2025-0003"
    told = [entry.after for entry in JournalEntry.select().where(JournalEntry.kind == "certificate")]
    assert "CR-2025-0001, 165 min, 2025-01-01 – 2025-01-31" in told


def test_the_same_days_are_certified_again_by_a_replacement_alone(recorded: Cohort) -> None:
    who = recorded.participants[0]
    issue(recorded, who, span=JANUARY)
    with pytest.raises(Refused, match="a déjà le certificat CR-2025-0001"):
        issue(recorded, who, span=JANUARY)
    rosters.change(AUTHOR, who, {recorded.half_days[1]: "P"})
    new = certificates.reissue(AUTHOR, recorded.id, "CR-2025-0001", "absence levée", PROVIDER, TODAY)
    content = certificates.contents(recorded.id, [new])[0]
    assert (content["attended"], content["first_day"], content["last_day"], content["replaces"]) == (
        345, "2025-01-01", "2025-01-31", "CR-2025-0001"
    )  # fmt: skip
    (january,) = [one for one in certificate_lines.lines(recorded.id, TODAY, JANUARY) if one.enrolment == who]
    assert (january.in_force.number, january.differs) == (new, False)


def test_what_is_not_recorded_outside_of_the_days_chosen_stops_nothing(recorded: Cohort) -> None:
    rosters.change(AUTHOR, recorded.participants[2], {recorded.half_days[3]: ""})
    assert len(issue(recorded, span=JANUARY)) == 6
    with pytest.raises(Refused, match="14/02/2025"):
        issue(recorded, span=FEBRUARY)


def test_somebody_withdrawn_within_the_days_chosen_is_certified_up_to_that_day(recorded: Cohort) -> None:
    who = recorded.participants[1]
    people.remove(AUTHOR, who)
    people.Enrolment.update(deleted_at="2025-01-25 10:00:00").where(people.Enrolment.id == who).execute()
    issue(recorded, who, span=JANUARY)
    content = certificates.contents(recorded.id, ["CR-2025-0001"])[0]
    assert (content["first_day"], content["last_day"]) == ("2025-01-01", "2025-01-25")


def test_another_cohorts_people_and_numbers_are_unknown(recorded: Cohort) -> None:
    other = make_cohort("AUTRE-2025", 1)
    issue(recorded, recorded.participants[0])
    with pytest.raises(Unknown):
        issue(recorded, other.participants[0])
    with pytest.raises(Unknown):
        certificates.contents(other.id, ["CR-2025-0001"])
    with pytest.raises(Unknown):
        certificates.reissue(AUTHOR, other.id, "CR-2025-0001", "motif", PROVIDER, TODAY)
    with pytest.raises(Refused, match="Choisissez"):
        certificates.issue(AUTHOR, recorded.id, [], PROVIDER, TODAY)


def test_hours_are_added_up_by_participant_and_funder(recorded: Cohort) -> None:
    people.change(AUTHOR, recorded.participants[0], {"funding": "cpf", "employer": "Les Passeurs"})
    issue(recorded, recorded.participants[0])
    first = registers.participants(recorded.id, TODAY)[0]
    assert first == ("Arnaud", "Inès", "Les Passeurs", "CPF", 840, 645, 0, 180, 0, 15, 0, "CR-2025-0001")
    assert registers.funders(recorded.id, TODAY) == [
        ("CPF", 1, 840, 645, 180), (registers.UNKNOWN, 5, 4200, 4200, 0)
    ]  # fmt: skip


def test_hours_are_added_up_by_teacher_whole_for_each(recorded: Cohort) -> None:
    calendar.change(AUTHOR, recorded.half_days[0], {"teachers": "Anne Un, Bob Deux"})
    calendar.change(AUTHOR, recorded.half_days[2], {"teachers": "Anne Un"})
    assert registers.teachers(recorded.id, date(2025, 2, 1)) == [
        ("Anne Un", 2, 390, 180), ("Bob Deux", 1, 180, 180), (registers.UNKNOWN, 2, 450, 180)
    ]  # fmt: skip
    assert registers.taught(recorded.id, TODAY)[0][:5] == ("Anne Un", date(2025, 1, 20), "09:30", "12:30", 180)


def test_every_mark_is_in_the_register(recorded: Cohort) -> None:
    headers, lines = registers.marks(recorded.id)
    assert headers[0] == "20/01/2025 9h30"
    assert lines[0] == ("Arnaud", "Inès", "R 15", "A", "P", "P")
