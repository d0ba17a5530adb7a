"""Secret addresses of calendars: made, renewed, ended; and what each of them gives."""

import threading

import pytest

from rules.message import Refused
from store import calendar, db, feeds, journal
from store.db import execute
from store.models import Feed
from store.models.base import now
from tests.pages import AUTHOR
from tests.sync_bench import Cohort, make_cohort
from tests.unguarded import unguarded


def teach(cohort: Cohort, number: int, teachers: str) -> str:
    """Write who teaches one half-day and return it."""
    calendar.change(AUTHOR, cohort.half_days[number], {"teachers": teachers})
    return cohort.half_days[number]


def given(token: str) -> list[str]:
    """List the half-days that an address gives."""
    return [one.id for one in feeds.held(feeds.of_token(token))[0]]


def test_an_address_is_made_once_and_is_long(cohort: Cohort) -> None:
    token = feeds.feed(AUTHOR, cohort.id)
    assert feeds.feed(AUTHOR, cohort.id) == token
    assert len(token) >= 43
    assert feeds.of_token(token).name == "TEST-2025 · Promotion d'essai"
    assert feeds.of_cohort(cohort.id).token == token


def test_a_renewed_address_is_another_and_the_former_is_nobody_s(cohort: Cohort) -> None:
    former = feeds.feed(AUTHOR, cohort.id)
    token = feeds.renew(AUTHOR, cohort.id)
    assert token != former
    assert feeds.of_token(former) is None
    assert feeds.of_token(token).cohort_id == cohort.id


def test_an_ended_address_is_nobody_s_and_ending_it_twice_is_once(cohort: Cohort) -> None:
    token = feeds.feed(AUTHOR, cohort.id)
    feeds.stop(AUTHOR, cohort.id)
    feeds.stop(AUTHOR, cohort.id)
    assert feeds.of_token(token) is None
    assert [entry[7] for entry in journal.entries(cohort.id) if entry[3] == "feed"] == ["stopped", "made"]


def test_the_journal_tells_everything_but_the_secret(cohort: Cohort) -> None:
    tokens = [feeds.feed(AUTHOR, cohort.id), feeds.renew(AUTHOR, cohort.id), feeds.feed(AUTHOR, teacher="Inès Faye")]
    feeds.stop(AUTHOR, teacher="ines faye")
    told = [entry for entry in journal.entries() if entry[3] == "feed"]
    assert [(entry[4], entry[6], entry[7]) for entry in told] == [
        ("Inès Faye", "made", "stopped"), ("Inès Faye", "", "made"),
        ("TEST-2025", "made", "renewed"), ("TEST-2025", "", "made"),
    ]  # fmt: skip
    assert not [token for token in tokens if token in str(journal.entries())]


def test_a_teacher_is_one_person_however_their_name_is_written(cohort: Cohort) -> None:
    token = feeds.feed(AUTHOR, teacher="Inès Faye")
    assert feeds.feed(AUTHOR, teacher="INES  FAYE") == token
    feeds.renew(AUTHOR, teacher="ines faye")
    assert [one.teacher for one in feeds.of_teachers().values()] == ["Inès Faye"]


def test_two_addresses_that_one_teacher_was_given_under_two_spellings_end_together(cohort: Cohort) -> None:
    feeds.feed(AUTHOR, teacher="Inès Faye")
    Feed.insert(token="other", cohort=None, teacher="FAYE Inès", by="X", at=now()).execute()
    fresh = feeds.renew(AUTHOR, teacher="faye ines")
    assert [row.token for row in Feed.select()] == [fresh]
    feeds.stop(AUTHOR, teacher="Inès Faye")
    assert not Feed.select().count()


@pytest.mark.parametrize("name", ["", "   ", "x" * 256])
def test_nobody_and_a_name_too_long_have_no_address(cohort: Cohort, name: str) -> None:
    with pytest.raises(Refused):
        feeds.feed(AUTHOR, teacher=name)
    assert not Feed.select().count()


def test_two_at_once_make_one_address_of_a_teacher(cohort: Cohort) -> None:
    tokens, start = [], threading.Barrier(4)

    def make() -> None:
        with db.connection():
            start.wait()
            tokens.append(feeds.feed(AUTHOR, teacher="Inès Faye"))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 4
    assert len(set(tokens)) == 1
    assert Feed.select().count() == 1


def test_a_cohort_s_address_gives_its_dated_half_days_in_order(cohort: Cohort) -> None:
    make_cohort("AUTRE-2025")
    token = feeds.feed(AUTHOR, cohort.id)
    assert given(token) == cohort.half_days
    calendar.change(AUTHOR, cohort.half_days[0], {"day": "", "period": "Semaine 3"})
    calendar.remove(AUTHOR, cohort.half_days[1])
    calendar.change(AUTHOR, cohort.half_days[3], {"day": "2025-02-01"})
    assert given(token) == [cohort.half_days[3], cohort.half_days[2]]


def test_a_teacher_s_address_gives_their_half_days_of_every_cohort(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    mine = {teach(cohort, 0, "Claire Fontaine, Inès Faye"), teach(other, 1, "INES FAYE & Denis Morel")}
    for number, name in ((1, "Inès Fayet"), (2, "Faye"), (3, "Claire Fontaine")):
        teach(cohort, number, name)
    token = feeds.feed(AUTHOR, teacher="Inès Faye")
    assert set(given(token)) == mine
    assert {one.cohort for one in feeds.held(feeds.of_token(token))[0]} == {"TEST-2025", "AUTRE-2025"}


def test_what_changes_grows_its_revisions_and_its_moment(cohort: Cohort) -> None:
    address = feeds.of_token(feeds.feed(AUTHOR, cohort.id))
    with unguarded():
        execute("UPDATE journal_entry SET at = ?", "2025-01-01 10:00:00")
    before, _ = feeds.held(address)
    calendar.change(AUTHOR, cohort.half_days[0], {"place": "Opale", "start": "10:00"})
    after, last = feeds.held(address)
    assert after[0].revisions == before[0].revisions + 2
    assert after[0].changed > before[0].changed
    assert after[0].changed == last
    assert after[1:] == before[1:]


def test_a_half_day_taken_out_is_a_change_of_the_whole(cohort: Cohort) -> None:
    address = feeds.of_token(feeds.feed(AUTHOR, cohort.id))
    with unguarded():
        execute("UPDATE journal_entry SET at = ?", "2025-01-01 10:00:00")
    calendar.remove(AUTHOR, cohort.half_days[0])
    assert feeds.held(address)[1] > address.at


def test_each_who_teaches_is_listed_once(cohort: Cohort) -> None:
    teach(cohort, 0, "Inès Faye, Denis Morel")
    teach(cohort, 1, "MOREL Denis; Claire Fontaine")
    assert feeds.teachers(cohort.id) == ["Claire Fontaine", "Denis Morel", "Inès Faye"]
    calendar.remove(AUTHOR, cohort.half_days[1])
    assert feeds.teachers(cohort.id) == ["Denis Morel", "Inès Faye"]


def test_three_queries_give_any_address(cohort: Cohort, count_queries) -> None:
    for number in range(4):
        teach(cohort, number, "Inès Faye")
    tokens = feeds.feed(AUTHOR, cohort.id), feeds.feed(AUTHOR, teacher="Inès Faye")
    for token in tokens:
        with count_queries(3):
            assert len(given(token)) == 4
