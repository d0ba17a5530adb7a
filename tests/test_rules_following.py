"""What is late or missing of a paper: tables of cases, the clock in hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.exchanges import display_length, parse_length, parse_links, parse_summary
from rules.following import Asked, Day, Facts, Lack, brief, by_day, by_tutor, deadline, expected, lacks, undone
from rules.message import Refused

BEGINS, ENDS = date(2025, 1, 20), date(2025, 6, 17)
#: The three tutoring days of document 002.
FIRST, SECOND, THIRD = date(2025, 3, 19), date(2025, 4, 15), date(2025, 5, 20)
DUE = date(2025, 6, 30)
ASKED = Asked((15, 20), DUE, 20, expected(BEGINS, (FIRST, SECOND, THIRD)), BEGINS, ENDS)
#: Nothing to say of it, the day before the third tutoring day.
FINE = Facts(
    tutor="Claire", milestone="plan", last_exchange=date(2025, 5, 1),
    days=(Day("a", FIRST, "present", "Sujet resserré"), Day("b", SECOND, "present", "Plan vu"), Day("c", THIRD)),
)  # fmt: skip
HANDED_IN = replace(
    FINE, milestone="deposited", deposited_on=DUE, pages=18, link="https://x.fr/n", report_link="https://x.fr/r",
    similarity=20,
)  # fmt: skip
EVE = THIRD - timedelta(days=1)


def codes(facts: Facts, today: date = EVE, asked: Asked = ASKED) -> list[str]:
    return [lack.code for lack in lacks(facts, asked, today)]


def test_a_paper_on_its_way_or_handed_in_well_lacks_nothing() -> None:
    assert codes(FINE) == []
    assert codes(HANDED_IN, date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("changed", "today", "told"),
    [
        ({"tutor": ""}, EVE, ["no_tutor"]),
        ({"milestone": ""}, BEGINS, []),
        ({"milestone": "", "days": ()}, BEGINS + timedelta(days=1), ["milestone"]),
        ({"milestone": "pre_note"}, FIRST, []),
        ({"milestone": "pre_note"}, FIRST + timedelta(days=1), ["milestone"]),
        ({"milestone": "pre_note"}, SECOND + timedelta(days=1), ["milestone", "milestone"]),
        ({"milestone": "problem"}, EVE, ["milestone"]),
        ({"milestone": "draft", "days": ()}, THIRD + timedelta(days=1), ["milestone"]),
        ({"milestone": "oral", "days": ()}, THIRD + timedelta(days=1), []),
        # What was noted in the morning stands for the day; nothing is noted of an absence.
        ({"days": (Day("a", FIRST),)}, FIRST, []),
        ({"days": (Day("a", FIRST),)}, FIRST + timedelta(days=1), ["day"]),
        ({"days": (Day("a", FIRST, "late"),)}, EVE, ["day"]),
        ({"days": (Day("a", FIRST, "absent"), Day("a2", FIRST, "justified"))}, EVE, []),
        ({"days": (Day("a", FIRST, "absent"), Day("a2", FIRST, "present"))}, EVE, ["day"]),
        ({"days": (Day("a", FIRST, "present", "Vu"), Day("a2", FIRST, "present"))}, EVE, []),
        ({"days": (Day("a", None),)}, EVE, []),
        # The deposit.
        ({"milestone": "oral", "days": (), "last_exchange": date(2025, 6, 2)}, DUE, []),
        ({"milestone": "oral", "days": ()}, DUE + timedelta(days=1), ["no_deposit"]),
        ({"pages": 12}, EVE, ["pages"]),
        ({"pages": 21}, EVE, ["pages"]),
        ({"similarity": 20}, EVE, []),
        ({"similarity": 21}, EVE, ["similarity"]),
        # Silence, while there is something left to say.
        ({"last_exchange": None, "days": (Day("b", SECOND, "present", "Vu"),)}, EVE, []),
        ({"last_exchange": None, "days": ()}, EVE, ["silence"]),
        ({"last_exchange": EVE - timedelta(days=42)}, EVE, []),
        ({"last_exchange": EVE - timedelta(days=43), "days": ()}, EVE, ["silence"]),
        ({"last_exchange": None, "tutor": "", "days": ()}, EVE, ["no_tutor"]),
        ({"last_exchange": None, "milestone": "oral", "days": ()}, DUE, ["silence"]),
        ({"last_exchange": None, "milestone": "oral", "days": ()}, DUE + timedelta(days=1), ["no_deposit"]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_paper_that_is_written(changed: dict, today: date, told: list[str]) -> None:
    assert codes(replace(FINE, **changed), today) == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"deposited_on": DUE + timedelta(days=1)}, ["late_deposit"]),
        ({"deposited_on": None}, ["no_day"]),
        ({"deposited_on": date(2025, 9, 2)}, ["late_deposit", "deposit_to_come"]),
        ({"pages": None}, ["no_pages"]),
        ({"link": ""}, ["no_link"]),
        ({"report_link": ""}, ["no_report"]),
        ({"days": (Day("a", FIRST),)}, []),
        ({"pages": None, "link": "", "report_link": "", "similarity": 45},
         ["no_pages", "no_link", "no_report", "similarity"]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_paper_handed_in(changed: dict, told: list[str]) -> None:
    assert codes(replace(HANDED_IN, **changed), date(2025, 9, 1)) == told


def test_what_a_promotion_does_not_ask_is_never_missing() -> None:
    bare = Facts(tutor="Claire", milestone="deposited", deposited_on=DUE, similarity=99, pages=300)
    assert [lack.code for lack in lacks(bare, Asked(), date(2026, 1, 1))] == ["no_link"]
    assert lacks(Facts(tutor="Claire"), Asked(), date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (0, {}),
        (1, {"problem": 1}),
        (2, {"problem": 1, "plan": 2}),
        (3, {"problem": 1, "plan": 2, "draft": 3, "oral": 3}),
        (4, {"problem": 1, "plan": 2, "draft": 3, "oral": 4}),
        (11, {"problem": 3, "plan": 6, "draft": 9, "oral": 11}),
    ],
)
def test_milestones_follow_the_tutoring_days(count: int, places: dict[str, int]) -> None:
    days = [FIRST + timedelta(days=7 * number) for number in range(count)]
    # A day has two half-days, in any order.
    found = expected(None, [*reversed(days), *days])
    assert found == {code: days[place - 1] for code, place in places.items()}
    assert expected(BEGINS, [])["pre_note"] == BEGINS


@pytest.mark.parametrize(
    ("deposited", "today", "told"),
    [
        (None, DUE - timedelta(days=10), "Attendue le 30/06/2025 au plus tard : encore 10 jours."),
        (None, DUE - timedelta(days=1), "Attendue demain, 30/06/2025, au plus tard."),
        (None, DUE, "Attendue aujourd'hui, dernier jour."),
        (None, DUE + timedelta(days=1), "Pas déposée : elle était attendue le 30/06/2025."),
        (DUE, DUE, "Dans les temps : la date limite était le 30/06/2025."),
        (DUE + timedelta(days=1), DUE, "Déposée un jour après la date limite du 30/06/2025."),
        (DUE + timedelta(days=3), DUE, "Déposée 3 jours après la date limite du 30/06/2025."),
    ],
)
def test_a_deposit_is_said_against_its_deadline(deposited: date | None, today: date, told: str) -> None:
    assert str(deadline(deposited, DUE, today)) == told


def test_the_sentences_name_what_they_are_about() -> None:
    found = lacks(replace(FINE, milestone="", similarity=33, pages=3, days=(Day("a", FIRST),)), ASKED, EVE)
    assert [str(lack.message) for lack in found] == [
        "Étape « pré-note » attendue le 20/01/2025.", "Étape « problématique » attendue le 19/03/2025.",
        "Étape « plan » attendue le 15/04/2025.", "Tutorat du 19/03/2025 : rien n'est noté.",
        "3 pages : 15 au moins sont attendues.",
        "Similitude de 33 % : au-delà de 20 %, le rapport est à regarder.",
    ]  # fmt: skip


def test_what_lacks_is_said_in_few_words() -> None:
    found = lacks(replace(FINE, milestone="", pages=3, days=(Day("a", FIRST), Day("b", SECOND))), ASKED, EVE)
    assert [str(message) for message in brief(found)] == [
        "En retard : pré-note, problématique, plan.", "Rien de noté au tutorat : 19/03/2025, 15/04/2025.",
        "3 pages : 15 au moins sont attendues.",
    ]  # fmt: skip
    assert brief([]) == []


def test_what_lacks_is_gathered_by_day_and_by_tutor() -> None:
    lack = lacks(replace(FINE, days=(Day("a", FIRST), Day("b", SECOND))), ASKED, EVE)
    other = lacks(replace(FINE, days=(Day("a", FIRST),)), ASKED, EVE)
    found: dict[str, list[Lack]] = {"n1": lack, "n2": other, "n3": []}
    assert by_day(found) == {FIRST: ["n1", "n2"], SECOND: ["n1"]}
    followed = {"n1": ("Claire", "Denis"), "n2": ("", ""), "n3": ("Claire", "")}
    assert by_tutor(followed, found) == {"Claire": {"n1": lack}, "Denis": {"n1": lack}, "": {"n2": other}}
    assert undone([], EVE) == []


@pytest.mark.parametrize(
    ("typed", "minutes", "shown"),
    [
        ("45", "45", "45 min"), ("1h30", "90", "1 h 30"), ("1 h", "60", "1 h"), ("90 min", "90", "1 h 30"),
        ("1,5 h", "90", "1 h 30"), ("", "", ""), (45, "45", "45 min"), ("720", "720", "12 h"), (" 5 mn ", "5", "5 min"),
    ],
)  # fmt: skip
def test_a_length_as_people_write_it(typed: object, minutes: str, shown: str) -> None:
    assert parse_length(typed) == minutes
    assert display_length(minutes) == shown


@pytest.mark.parametrize("typed", ["1,5", "0.75", "0", "721", "13h", "longtemps", "-5", "45 45", "99999"])
def test_a_length_that_is_none_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_length(typed)
    assert f"« {typed} »" in str(refused.value)


def test_links_are_checked_one_by_one() -> None:
    assert parse_links(" https://a.fr/1 \r\n\r\nhttps://b.fr\nhttps://a.fr/1") == "https://a.fr/1\nhttps://b.fr"
    assert parse_links("") == ""
    with pytest.raises(Refused, match="Lien 2 : « javascript:1 »"):
        parse_links("https://a.fr\njavascript:1")
    with pytest.raises(Refused, match="21 liens"):
        parse_links("\n".join(f"https://a.fr/{number}" for number in range(21)))
    with pytest.raises(Refused, match="5001 caractères"):
        parse_summary("x" * 5001)
