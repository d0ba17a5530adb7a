"""The link of a spreadsheet as people paste it, and what is said of a wrong one."""

import pytest

from rules.book_links import book_id
from rules.message import Refused

KEY = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
DOCS = "https://docs.google.com"


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\u00a0",
        f"{DOCS}/spreadsheets/d/{KEY}/edit#gid=0",
        f"{DOCS}/spreadsheets/d/{KEY}/edit?usp=sharing",
        f"{DOCS}/spreadsheets/d/{KEY}",
        f"{DOCS}/spreadsheets/u/1/d/{KEY}/edit",
        f"{DOCS}/a/exemple.fr/spreadsheets/d/{KEY}/edit",
        f"docs.google.com/spreadsheets/d/{KEY}/edit",
        f"https://drive.google.com/open?id={KEY}",
        f"http://127.0.0.1:8090/spreadsheets/d/{KEY}/edit",
    ],
)
def test_only_the_id_is_kept(pasted: str) -> None:
    assert book_id(pasted) == KEY


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("", "Collez le lien"),
        ("bonjour", "« bonjour » n'est pas le lien d'un classeur"),
        ("https://exemple.fr/page", "n'est pas le lien d'un classeur"),
        (f"{DOCS}/spreadsheets/d/e/2PACX-1vQ/pubhtml", "page publiée"),
        (f"{DOCS}/spreadsheets/d/{KEY}/pub", "page publiée"),
        (f"{DOCS}/spreadsheets/d/{KEY}/edit?rtpof=true&sd=true", "Enregistrer au format Google Sheets"),
        (f"https://drive.google.com/file/d/{KEY}/view", "fichier Excel"),
        (f"https://drive.google.com/drive/folders/{KEY}", "dossier de Drive"),
        (f"{DOCS}/document/d/{KEY}/edit", "document texte"),
        (f"{DOCS}/forms/d/{KEY}/edit", "formulaire"),
        (f"{DOCS}/spreadsheets/d/court/edit", "n'est pas le lien"),
        ("http://[", "n'est pas le lien"),
    ],
)
def test_a_wrong_link_is_told_what_it_is(pasted: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        book_id(pasted)
    assert told in str(refused.value)
