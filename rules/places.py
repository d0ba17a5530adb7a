"""Where a half-day takes place: a room code of the Cnam, or a free text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.message import Message, Refused
from rules.value_texts import Raw, as_text


@dataclass(frozen=True)
class Site:
    """A teaching site: its name, its address and the station beside it."""

    name: str
    address: str
    station: str


SAINT_MARTIN = Site("Site Saint-Martin", "292 rue Saint-Martin, Paris 3e", "M° Réaumur-Sébastopol")
CONTE = Site("Site Conté", "2 rue Conté, Paris 3e", "M° Arts et Métiers")
JEUNES = Site("Site jeunes", "40 rue des jeunes, Paris 2e", "M° Bourse ou Grands Boulevards")
GAY_LUSSAC = Site("Site Gay-Lussac", "41 rue Gay-Lussac, Paris 5e", "M° Luxembourg")
LA_PLAINE = Site("Site La Plaine Saint-Denis", "61 rue du Landy, 93210 La Plaine Saint-Denis",
                 "RER B La Plaine Stade-de-France")
ENSAM = Site("École nationale supérieure des arts et métiers (Ensam)",
             "155 boulevard de l'Hôpital, Paris 13e", "M° Place d'Italie ou Campoformio")

#: Site of each access, as the welcome handbook lists them (§ 2.5).
_BY_ACCESS: dict[str, Site] = {
    **{str(access): SAINT_MARTIN for access in range(1, 30)},
    **{str(access): CONTE for access in range(30, 40)},
    "40": JEUNES, "41": GAY_LUSSAC, "61": LA_PLAINE, "ENS": ENSAM,
}
# Three numbers joined by points are always meant as a room; the letter names the staircase.
_ROOM = re.compile(r"(?:salle )?([0-9]+|ens)([a-z]?)\.(-?[0-9]+)\.([0-9]+) ?([a-z]?)", re.IGNORECASE)


@dataclass(frozen=True)
class Described:
    """A place in full: site and address are '' for a free text."""

    text: Message
    site: str = ""
    address: str = ""
    station: str = ""


def parse_place(raw: Raw) -> str:
    """Read a place; give the room code in one spelling, or the text as it is.

    Raises Refused on a room code whose access, floor or room does not exist: `45.1.1`.
    """
    text = " ".join(as_text(raw).split())
    if len(text) > 200:
        raise Refused("Ce lieu compte %(count)s caractères ; 200 au plus sont possibles.", count=len(text))
    found = _ROOM.fullmatch(text)
    return _checked_room(text, found) if found else text


def _checked_room(text: str, found: re.Match[str]) -> str:
    access = found[1].upper() if found[1].isalpha() else str(int(found[1]))
    if access not in _BY_ACCESS:
        raise Refused("La salle « %(raw)s » n'existe pas : l'accès est de 1 à 41, 61 ou ENS.", raw=text)
    floor, room, letter = int(found[3]), found[4], (found[2] or found[5]).upper()
    if not -3 <= floor <= 12 or len(room) > 3 or (found[2] and found[5]):
        raise Refused("La salle « %(raw)s » ne se lit pas : accès, étage, salle sont attendus (21.2.32).",
                      raw=text)
    return f"{access}.{floor}.{room}{letter}"


def describe(place: str) -> Described:
    """Describe a canonical place: its site and address where it is a room of the Cnam."""
    found = _ROOM.fullmatch(place)
    if found is None or found[1].upper() not in _BY_ACCESS:
        return Described(Message("%(place)s", {"place": place}))
    site = _BY_ACCESS[found[1].upper()]
    values = {"access": found[1].upper(), "floor": _floor(int(found[3])), "room": found[4], "site": site.name}
    sentence = "accès %(access)s, %(floor)s, salle %(room)s, %(site)s"
    if found[5]:
        values["letter"] = found[5].upper()
        sentence = "accès %(access)s, escalier %(letter)s, %(floor)s, salle %(room)s, %(site)s"
    return Described(Message(sentence, values), site.name, site.address, site.station)


def _floor(floor: int) -> str:
    if floor == 0:
        return "rez-de-chaussée"
    if floor < 0:
        return f"sous-sol {-floor}"
    return "1er étage" if floor == 1 else f"{floor}e étage"


def is_room(place: str) -> bool:
    """Tell whether a place is one room, which holds one group at a time: a code, « salle 12 », « amphi A »."""
    return bool(_ROOM.fullmatch(place) or re.match(r"(?:salle|amphi)", place, re.IGNORECASE))


# A code among other words: neither a date nor a telephone number, which have more digits or more numbers.
_AMONG = re.compile(r"(?<![\w.])(?:[0-9]{1,2}|ens)[a-z]? ?\. ?-?[0-9]{1,2} ?\. ?[0-9]{1,3}(?: ?[a-z])?(?![\w.]*[\w])",
                    re.IGNORECASE)


def wrong_room(place: str) -> Message | None:
    """Say what is wrong with a room code, alone or among other words; None where nothing is.

    A free text may name one that `parse_place` did not read: « salle 45.1.1 (40 places) ».
    """
    for code in _AMONG.findall(place) or [place]:
        try:
            parse_place(code.replace(" .", ".").replace(". ", "."))
        except Refused as wrong:
            return wrong.message
    return None
