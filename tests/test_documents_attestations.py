"""Drafts of attestations read back: each is marked as a draft, and says what was decided, no more."""

from dataclasses import replace
from datetime import date

from documents import attestations
from documents.attestations import Attestation
from tests.papers import Read

PROVIDER = {"name": "Cnam", "address": "292 rue Saint-Martin", "town": "Paris", "signatory": "Claire Fontaine"}
MADE = date(2027, 2, 1)
ONE = Attestation(
    "Inès", "Arnaud", "Certificat d'essai", "Promotion d'essai, 2026", date(2027, 1, 15), "PV-2027-0001", "Très bien",
    12, ("RSV206 · Économie sociale (8 crédits)", "RSV207 · Enquête (4 crédits)"),
)  # fmt: skip


def test_a_draft_says_what_was_decided_and_that_it_is_a_draft() -> None:
    read = Read(attestations.document(PROVIDER, [ONE], MADE))
    assert len(read) == 1
    for words in (
        "PROJET – document de travail du 1er février 2027", "il ne vaut pas attestation", "Inès Arnaud",
        "Certificat d'essai", "Promotion d'essai, 2026", "15 janvier 2027", "PV-2027-0001", "Très bien",
        "RSV206 · Économie sociale (8 crédits)", "Crédits obtenus 12", "Claire Fontaine", "Cnam", "Paris, le",
    ):  # fmt: skip
        assert words in read.text(), words
    assert "soussigné·e Claire Fontaine, représentant l'organisme de formation Cnam, atteste que" in read.text()
    assert "atteste que : Inès Arnaud a été" in read.text()
    assert read.tagged
    assert read.title == "PROJET d'attestation"


def test_a_batch_has_one_page_each_and_the_mark_on_every_one() -> None:
    other = replace(ONE, first_name="Théo", last_name="Bernard", honours="", credits=0, units=(), held_on=None)
    read = Read(attestations.document(PROVIDER, [ONE, other], MADE))
    assert len(read) == 2
    assert all("il ne vaut pas attestation" in text for text in read.texts())
    for words in ("Mention", "Crédits", "Unités", "Jury du"):
        assert words in read.text(0), words
        assert words not in read.text(1), words


def test_nobody_who_signs_nor_town_is_invented() -> None:
    text = Read(attestations.document({}, [ONE], MADE)).text()
    assert "Le soussigné ou la soussignée" in text
    assert "Le ………" in text


def test_the_same_values_give_the_same_bytes() -> None:
    assert attestations.document(PROVIDER, [ONE], MADE) == attestations.document(PROVIDER, [ONE], MADE)


def test_a_name_is_printed_as_it_is_whatever_it_holds() -> None:
    odd = replace(ONE, last_name="#panic() $x$ *Ö*", first_name="[Zoé]")
    assert "[Zoé] #panic() $x$ *Ö*" in Read(attestations.document(PROVIDER, [odd], MADE)).text()
