"""Two names in one cell: where one ends and the other begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.full_names import FIRST_LAST, LAST_COMMA_FIRST, LAST_FIRST, ORDERS, join, split
from rules.message import Refused
from rules.normal_form import norm

CASES = [
    ("Dupont Jeanne", LAST_FIRST, ("Dupont", "Jeanne")),
    ("DUPONT Jeanne", LAST_FIRST, ("DUPONT", "Jeanne")),
    ("DUPONT MARTIN Jeanne Marie", LAST_FIRST, ("DUPONT MARTIN", "Jeanne Marie")),
    ("de la Tour Inès", LAST_FIRST, ("de la Tour", "Inès")),
    ("LE GOFF Yann", LAST_FIRST, ("LE GOFF", "Yann")),
    ("Le Goff Yann", LAST_FIRST, ("Le Goff", "Yann")),
    ("ÉTIENNE Zoé", LAST_FIRST, ("ÉTIENNE", "Zoé")),
    ("DUPONT JEANNE", LAST_FIRST, ("DUPONT", "JEANNE")),
    ("Jeanne Dupont", FIRST_LAST, ("Dupont", "Jeanne")),
    ("Jeanne DUPONT MARTIN", FIRST_LAST, ("DUPONT MARTIN", "Jeanne")),
    ("Anne Marie de la Tour", FIRST_LAST, ("de la Tour", "Anne Marie")),
    ("Yann Le Goff", FIRST_LAST, ("Le Goff", "Yann")),
    ("Dupont, Jeanne", LAST_COMMA_FIRST, ("Dupont", "Jeanne")),
    ("Le Goff, Yann", LAST_COMMA_FIRST, ("Le Goff", "Yann")),
]


@pytest.mark.parametrize(("text", "order", "parts"), CASES)
def test_where_one_name_ends_and_the_other_begins(text: str, order: str, parts: tuple[str, str]) -> None:
    assert split(text, order) == parts
    assert join(*parts, order) == text


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("text", ["Dupont", "", "Dupont,", ", Jeanne"])
def test_one_word_is_not_two_names(text: str, order: str) -> None:
    with pytest.raises(Refused, match="un nom et un prénom"):
        split(text, order)


WORDS = st.text("abcdeéèLMNDÉ'-", min_size=1, max_size=8)


@given(st.lists(WORDS, min_size=2, max_size=5), st.sampled_from([LAST_FIRST, FIRST_LAST]))
def test_nothing_of_a_name_is_lost_by_splitting_it(words: list[str], order: str) -> None:
    text = norm(" ".join(words))
    last, first = split(text, order)
    assert last
    assert first
    assert join(last, first, order) == text
