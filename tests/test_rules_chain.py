"""Chains of seals, by tables of cases: what is changed, moved, added or gone, and which rows are then named."""

from collections.abc import Callable

import pytest

from rules.chain import START, Walk, canonical, digest, seal, settled

Row = tuple[int, list[object], str]


def chain(*values: str, head: str = START) -> list[Row]:
    """Return rows that follow one another, under the keys 1, 2, 3."""
    rows = []
    for key, value in enumerate(values, 1):
        head = seal(head, [key, value])
        rows.append((key, [key, value], head))
    return rows


def named(*chains: list[Row]) -> list[int]:
    walks = [Walk(place) for place in range(len(chains))]
    for walk, rows in zip(walks, chains, strict=True):
        for row in rows:
            walk.step(*row)
    return [link.key for link in settled(walks)]


def put(rows: list[Row], place: int, **changes: object) -> list[Row]:
    key, values, stored = rows[place]
    return [*rows[:place], (changes.get("key", key), changes.get("values", values), changes.get("seal", stored)),
            *rows[place + 1 :]]  # type: ignore[list-item]


WHOLE = chain("a", "b", "c", "d", "e", "f")
FORGED = seal(WHOLE[2][2], [99, "forged"])
CASES: dict[str, tuple[Callable[[], list[Row]], list[int]]] = {
    "nothing": (lambda: WHOLE, []),
    "a value": (lambda: put(WHOLE, 2, values=[3, "x"]), [3]),
    "the first value": (lambda: put(WHOLE, 0, values=[1, "x"]), [1]),
    "the last value": (lambda: put(WHOLE, 5, values=[6, "x"]), [6]),
    "a seal": (lambda: put(WHOLE, 2, seal="0" * 64), [3]),
    "a seal that is no text": (lambda: put(WHOLE, 2, seal="\udcff"), [3]),
    "the last seal": (lambda: put(WHOLE, 5, seal="0" * 64), [6]),
    "a value that is none": (lambda: put(WHOLE, 2, values=[3, b"c"]), [3]),
    "a text that is none": (lambda: put(WHOLE, 2, values=[3, "\udcff"]), [3]),
    "two seals in a row": (lambda: put(put(WHOLE, 2, seal="0" * 64), 3, seal="1" * 64), [3, 4]),
    "a seal, then a value": (lambda: put(put(WHOLE, 2, seal="0" * 64), 3, values=[4, "x"]), [3, 4]),
    "a value, then a seal": (lambda: put(put(WHOLE, 2, values=[3, "x"]), 3, seal="1" * 64), [3, 4]),
    "a row gone": (lambda: [*WHOLE[:2], *WHOLE[3:]], [4]),
    "the first gone": (lambda: WHOLE[1:], [2]),
    "a row added with its seal": (lambda: [*WHOLE[:3], (99, [99, "forged"], FORGED), *WHOLE[3:]], [99]),
    "a row added without": (lambda: [*WHOLE[:3], (99, [99, "forged"], "0" * 64), *WHOLE[3:]], [99]),
    # Their keys tell their places: each now says that it is where the other was.
    "two rows that change places": (
        lambda: put(put(WHOLE, 1, values=[2, "e"], seal=WHOLE[4][2]), 4, values=[5, "b"], seal=WHOLE[1][2]), [2, 5]
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_rows_that_changed_are_named_and_no_other(case: str) -> None:
    rows, wanted = CASES[case]
    assert named(rows()) == wanted


def test_a_row_moved_into_another_chain_is_named_there_alone() -> None:
    others = chain("A", "B", "C")
    assert named([*WHOLE[:2], *WHOLE[3:]], [*others[:1], WHOLE[2], *others[1:]]) == [3]


def test_a_chain_ends_where_its_head_says() -> None:
    def ended(rows: list[Row], head: str) -> tuple[bool, list[int]]:
        walk = Walk()
        for row in rows:
            walk.step(*row)
        return walk.ends(head), [link.key for link in settled([walk])]

    head = WHOLE[-1][2]
    assert ended(WHOLE, head) == (True, [])
    assert ended(WHOLE[:-1], head) == (False, [])
    assert ended(WHOLE, "") == (False, [])
    assert ended([], "") == (True, [])
    assert ended([], head) == (False, [])
    assert ended(put(WHOLE, 5, seal="0" * 64), head) == (True, [6])
    assert ended([*WHOLE, (7, [7, "more"], seal(head, [7, "more"]))], head) == (True, [7])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "é"}, '{"a":"é","b":1}'), ([None, True, 1, "1", 1.5], '[null,true,1,"1",1.5]'),
        ("a\nb", '"a\\nb"'), ([], "[]"),
        ({"a": {"c": 1, "b": [{"z": 0, "y": 0}]}}, '{"a":{"b":[{"y":0,"z":0}],"c":1}}'),
    ],
)  # fmt: skip
def test_plain_values_have_one_text(value: object, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1, 2}, object()])
def test_what_is_no_plain_value_has_none(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical(value)


def test_values_that_differ_never_share_a_seal() -> None:
    lists = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [1], ["1"], [None], [""], [["a"]], ["a"]]
    assert len({seal(START, values) for values in lists}) == len(lists)
    assert seal("a", ["b"]) != seal("ab", [])
    assert digest("é") == digest("é".encode())
