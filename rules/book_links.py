"""Read the link of a spreadsheet as people paste it: only its id is kept. A wrong link is told what it is."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from rules.message import Message, Refused
from rules.normal_form import norm

_ID = re.compile(r"[A-Za-z0-9_-]{15,120}")
_BOOK = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)")
EXCEL = Message(
    "Ce lien mène à un fichier Excel rangé dans Drive, pas à un classeur Google Sheets. Ouvrez-le, choisissez "
    "« Fichier », « Enregistrer au format Google Sheets », puis collez le lien du nouveau classeur."
)
FOLDER = Message(
    "Ce lien mène à un dossier de Drive : ouvrez le classeur qui s'y trouve, puis copiez l'adresse affichée par le "
    "navigateur."
)
PUBLISHED = Message(
    "Ce lien est celui d'une page publiée sur le Web, que l'on ne peut que lire : ouvrez le classeur lui-même dans "
    "Google Sheets, puis copiez l'adresse affichée par le navigateur."
)
_OTHERS = {
    "document": Message("Ce lien mène à un document texte, pas à un classeur Google Sheets."),
    "presentation": Message("Ce lien mène à une présentation, pas à un classeur Google Sheets."),
    "forms": Message("Ce lien mène à un formulaire, pas à un classeur Google Sheets."),
    "drawings": Message("Ce lien mène à un dessin, pas à un classeur Google Sheets."),
}


def book_id(pasted: str) -> str:
    """Return the id of a spreadsheet from a link, or from the id itself; raise Refused on anything else."""
    text = norm(pasted)
    if not text:
        raise Refused("Collez le lien du classeur.")
    if _ID.fullmatch(text):
        return text
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
    except ValueError:
        raise Refused(_what_it_is(text, "")) from None
    if "/spreadsheets/d/e/" in parts.path or parts.path.endswith(("/pub", "/pubhtml")):
        raise Refused(PUBLISHED)
    found = _BOOK.search(parts.path)
    if found and parse_qs(parts.query).get("rtpof") == ["true"]:
        raise Refused(EXCEL)
    if found and _ID.fullmatch(found[1]):
        return found[1]
    given = parse_qs(parts.query).get("id", [""])[0]
    if parts.path.rstrip("/").endswith(("/open", "/uc")) and _ID.fullmatch(given):
        return given
    raise Refused(_what_it_is(text, parts.path))


def _what_it_is(text: str, path: str) -> Message:
    if "/folders/" in path or "/drive/" in path:
        return FOLDER
    if "/file/d/" in path:
        return EXCEL
    for name, what in _OTHERS.items():
        if f"/{name}/" in path:
            return what
    return Message(
        "« %(raw)s » n'est pas le lien d'un classeur : copiez l'adresse affichée par le navigateur quand le classeur "
        "est ouvert dans Google Sheets.",
        {"raw": text[:60]},
    )
