"""Cells that hold words: text, name, email, phone, link."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from urllib.parse import urlsplit

from rules.message import Refused
from rules.normal_form import norm

Raw = None | str | int | float | bool

# What one cell of a spreadsheet holds at most.
LONGEST_TEXT = 50_000
_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    r"@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_PHONE = re.compile(r"[0-9+ .()/-]{4,25}")
# A French number once nothing is left between its digits: a sheet that took it for a number lost its 0 or its +.
_FRENCH_PHONE = re.compile(r"(?:(?:\+|00)?330?|0)?([1-9][0-9]{8})")
_BETWEEN_DIGITS = str.maketrans("", "", " .()/-")


def as_text(raw: Raw) -> str:
    """Give the normal form of whatever a sheet or a form holds.

    A number that the sheet took for one (612345678.0) loses its `.0`; other fractions take
    a comma, as the person who typed them saw it.
    """
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "VRAI" if raw else "FAUX"
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        return _number_text(raw)
    return norm(raw)


def _number_text(raw: float) -> str:
    if not math.isfinite(raw):
        raise Refused("Cette cellule ne contient pas un nombre fini.")
    if raw == int(raw):
        return str(int(raw))
    return format(Decimal(repr(raw)), "f").replace(".", ",")


def show_text(canonical: str) -> str | None:
    """Give the text to put in a sheet cell, None for a blank one."""
    return canonical or None


def parse_text(raw: Raw) -> str:
    """Read a free text; line ends and leading zeros are kept."""
    text = as_text(raw)
    if len(text) > LONGEST_TEXT:
        raise Refused("Ce texte compte %(count)s caractères ; %(most)s au plus sont possibles.",
                      count=len(text), most=LONGEST_TEXT)
    return text


def parse_name(raw: Raw) -> str:
    """Read the name of a person: one line of at most 100 characters, with a letter in it."""
    text = " ".join(as_text(raw).split())
    if text and not any(map(str.isalpha, text)):
        raise Refused("« %(raw)s » n'est pas un nom : il y faut au moins une lettre.", raw=text[:60])
    if len(text) > 100:
        raise Refused("Ce nom compte %(count)s caractères ; 100 au plus sont possibles.", count=len(text))
    return text


def parse_email(raw: Raw) -> str:
    """Read an email address, in lower case."""
    text = as_text(raw).lower()
    if text and (len(text) > 254 or not _EMAIL.fullmatch(text)):
        raise Refused("« %(raw)s » n'est pas une adresse électronique ; exemple : prenom.nom@exemple.fr.",
                      raw=text[:60])
    return text


def parse_phone(raw: Raw) -> str:
    """Read a phone number, 4 to 25 characters with 4 digits: a French one as its ten digits, others as typed."""
    text = as_text(raw)
    digits = sum(map(str.isdigit, text))
    if text and (not _PHONE.fullmatch(text) or digits < 4):
        raise Refused("« %(raw)s » n'est pas un numéro de téléphone : de 4 à 25 caractères sont attendus, "
                      "chiffres, espaces et + . - ( ) / seulement.", raw=text[:60])
    french = _FRENCH_PHONE.fullmatch(text.translate(_BETWEEN_DIGITS))
    return f"0{french[1]}" if french else text


def parse_link(raw: Raw) -> str:
    """Read the address of a page or a file; only http and https are taken."""
    text = as_text(raw)
    if text and not _is_link(text):
        raise Refused("« %(raw)s » n'est pas un lien : une adresse qui commence par https:// est attendue.",
                      raw=text[:60])
    return text


def _is_link(text: str) -> bool:
    if len(text) > 2000 or re.search(r"[\s<>\"\\]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
