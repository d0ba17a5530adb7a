"""Papers: milestones, page ranges, and what each tutor follows."""

import pytest

from rules.message import Refused
from rules.papers import (
    Load,
    listed,
    load,
    page_difference,
    parse_list,
)


def test_each_tutor_is_counted_against_a_capacity():
    papers = {1: "Anne", 2: "Anne", 3: "Anne", 4: "Bruno", 5: None, 6: "Chloé"}
    found = load(papers, ["Anne", "Bruno", "Denis"], {"Anne": 2, "Bruno": 1, "Denis": None})
    assert found == {
        "Anne": Load(3, 2, True),
        "Bruno": Load(1, 1, False),
        "Denis": Load(0, None, False),
        "Chloé": Load(1, None, False),
    }


def test_pages_are_compared_with_the_range():
    assert page_difference(None, 15, 20) is None
    assert [page_difference(pages, 15, 20) for pages in (15, 18, 20)] == [None] * 3
    assert str(page_difference(14, 15, 20)) == "14 pages : 15 au moins sont attendues."
    assert str(page_difference(21, 15, 20)) == "21 pages : 20 au plus sont attendues."
    assert page_difference(200, None, None) is None


@pytest.mark.parametrize(("typed", "kept"), [
    ("", ""),
    ("Claire Fontaine", "Claire Fontaine"),
    ("  Claire   Fontaine ;Denis Morel;", "Claire Fontaine; Denis Morel"),
    ("culture\r\ntiers-lieux\n\nCulture", "culture; tiers-lieux"),
])  # fmt: skip
def test_a_list_keeps_its_order_and_each_item_once(typed: str, kept: str) -> None:
    assert parse_list(typed) == kept
    assert parse_list(kept) == kept
    assert "; ".join(listed(kept)) == kept


def test_a_list_that_is_no_list_of_wishes_is_refused() -> None:
    with pytest.raises(Refused, match="11 noms ou thèmes"):
        parse_list(";".join(f"thème {n}" for n in range(11)))
    with pytest.raises(Refused, match="trop long"):
        parse_list("a" * 121)
