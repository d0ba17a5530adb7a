"""Places: room codes of the Cnam and free texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.message import Refused
from rules.places import describe, parse_place


@pytest.mark.parametrize(
    "typed, place",
    [
        (None, ""),
        ("21.2.32", "21.2.32"),
        (" 21.1.12 ", "21.1.12"),
        ("salle 21.2.32", "21.2.32"),
        ("05.0.03", "5.0.03"),
        ("11.2.15b", "11.2.15B"),
        ("11b.2.15", "11.2.15B"),
        ("ens.1.4", "ENS.1.4"),
        ("30.-1.5", "30.-1.5"),
        ("Opale,  21 rue des Malmaisons, 75013 Paris", "Opale, 21 rue des Malmaisons, 75013 Paris"),
        ("1.2", "1.2"),
    ],
)
def test_places_are_read_in_one_spelling(typed, place):
    assert parse_place(typed) == place


@pytest.mark.parametrize(
    "typed",
    ["45.1.1", "0.1.1", "42.1.1", "60.1.1", "62.2.2", "21.99.1", "20.01.2025", "11b.2.15c", "a" * 201],
)
def test_rooms_that_do_not_exist_are_refused(typed):
    with pytest.raises(Refused):
        parse_place(typed)


@given(st.text(max_size=30))
def test_a_place_read_again_is_the_same(text):
    try:
        place = parse_place(text)
    except Refused:
        return
    assert parse_place(place) == place
    assert describe(place).text.text


@pytest.mark.parametrize(
    "access, site",
    [
        ("1", "Site Saint-Martin"),
        ("29", "Site Saint-Martin"),
        ("30", "Site Conté"),
        ("39", "Site Conté"),
        ("40", "Site jeunes"),
        ("41", "Site Gay-Lussac"),
        ("61", "Site La Plaine Saint-Denis"),
        ("ENS", "École nationale supérieure des arts et métiers (Ensam)"),
    ],
)
def test_a_room_tells_its_site(access, site):
    assert describe(f"{access}.2.32").site == site


def test_a_room_is_described_in_full():
    found = describe("21.2.32")
    assert str(found.text) == "accès 21, 2e étage, salle 32, Site Saint-Martin"
    assert found.address == "292 rue Saint-Martin, Paris 3e"
    assert "escalier B" in str(describe("11.0.15B").text)
    assert "rez-de-chaussée" in str(describe("11.0.15B").text)


def test_a_free_text_has_no_site():
    found = describe("Opale, 100 % solidaire")
    assert (str(found.text), found.site, found.address) == ("Opale, 100 % solidaire", "", "")
