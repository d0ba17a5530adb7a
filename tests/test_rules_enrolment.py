"""Places of a promotion, ranks of the waiting list, searches: tables of cases."""

import pytest

from rules.enrolment import found_by, full, in_state, papers_in, places, ranks

BLANK = dict.fromkeys(
    ("email", "fees_paid_on", "arrived_on", "acknowledged_on", "agreement_on", "committed_on", "waiting"), ""
)


@pytest.mark.parametrize(("enrolled", "waiting", "least", "most", "said"), [
    (20, 0, 12, 30, []),
    (11, 0, 12, 30, ["Effectif minimal : 12. Il manque 1 inscription(s)."]),
    (12, 0, 12, 30, []),
    (30, 4, 12, 30, []),
    (31, 4, 12, 30, ["Effectif maximal : 30. Il y a 1 inscription(s) de trop."]),
    (28, 4, 12, 30, ["2 place(s) libre(s) pour les personnes en attente."]),
    (8, 1, 12, 30, ["Effectif minimal : 12. Il manque 4 inscription(s).",
                    "22 place(s) libre(s) pour les personnes en attente."]),
    (8, 0, None, None, []),
    (8, 2, None, None, ["Aucun maximum n'est fixé : les personnes en attente peuvent être inscrites."]),
])  # fmt: skip
def test_what_is_missing_or_over_is_said(enrolled: int, waiting: int, least: int | None, most: int | None,
                                         said: list[str]) -> None:  # fmt: skip
    assert [str(message) for message in places(enrolled, waiting, least, most)] == said


@pytest.mark.parametrize(("enrolled", "most", "expected"), [(29, 30, False), (30, 30, True), (31, 30, True),
                                                            (500, None, False), (0, 0, True)])  # fmt: skip
def test_a_promotion_is_full_at_its_maximum(enrolled: int, most: int | None, expected: bool) -> None:
    assert full(enrolled, most) is expected


@pytest.mark.parametrize(("query", "expected"), [
    ("", True), ("zoe", True), ("ETIENNE zoé", True), ("zoe etienne", True), ("exemple.fr", True),
    ("coop", True), ("zoé martin", False), ("etiene", False), ("l'ile", True), ("l’île", True),
])  # fmt: skip
def test_a_search_minds_neither_accents_nor_order(query: str, expected: bool) -> None:
    assert found_by(query, ("Étienne", "Zoé", "z@exemple.fr", "Coopérative de l'Île")) is expected


@pytest.mark.parametrize(("held", "state", "expected"), [
    ({}, "", True), ({}, "inconnu", True), ({}, "attente", False), ({"waiting": "oui"}, "attente", True),
    ({}, "convention", True), ({"agreement_on": "2025-01-06"}, "convention", False),
    ({"waiting": "oui"}, "convention", False), ({"waiting": "oui"}, "accuse", True),
    ({}, "frais", True), ({"fees_paid_on": "2025-01-06"}, "frais", False), ({"waiting": "oui"}, "frais", False),
    ({"email": "a@b.fr"}, "courriel", False),
])  # fmt: skip
def test_a_state_keeps_who_is_in_it(held: dict, state: str, expected: bool) -> None:
    assert in_state(BLANK | held, state) is expected


def test_the_papers_that_came_are_counted() -> None:
    assert papers_in(BLANK) == 0
    assert papers_in(BLANK | {"arrived_on": "x", "agreement_on": "x", "fees_paid_on": "x"}) == 2


def test_who_waits_is_ranked_by_the_day_their_application_came() -> None:
    lines = [("a", "", 1), ("b", "2025-02-02", 2), ("c", "2025-01-01", 9), ("d", "2025-02-02", 1), ("e", "", 0)]
    assert ranks(lines) == {"c": 1, "d": 2, "b": 3, "e": 4, "a": 5}
