"""Participants in a browser: a list imported, duplicates merged, one person's page, with and without a fault."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from store import db, people
from tests.browser import NARROW
from tests.pages import AUTHOR
from tests.served import Site, reads_well
from tests.sync_bench import NAMES

LIST = """Nom;Prénom;Courriel;Structure;Convention le
{0};Émile;{0}@exemple.fr;Médan;15/01/2025
Arnaud;Inès;;Société coopérative d'intérêt collectif des Épis-de-la-Montagne-Sainte-Geneviève;
Bernard;Théo;;;
Sand;;george@exemple.fr;;le mois prochain
"""
WINDOWS = [{}, {"viewport": NARROW}]
both_windows = pytest.mark.parametrize("options", WINDOWS, ids=["wide", "narrow"])


def snapshot(site: Site) -> dict[str, dict[str, str]]:
    with db.connection():
        return people.snapshot(site.cohort.id)


@both_windows
def test_a_list_is_looked_at_then_imported(site: Site, tmp_path: Path, options: dict) -> None:
    name = "Hugo" if options else "Zola"
    page = site.open(f"{site.root}/participants/", **options)
    page.locator("main").get_by_role("link", name="Importer").click()
    page.set_input_files("[name=file]", {"name": "liste.csv", "mimeType": "text/csv", "buffer": b"n'importe quoi"})
    page.get_by_role("button", name="Voir ce que la liste ferait").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    reads_well(page)
    lines = tmp_path / "liste.csv"
    lines.write_text(LIST.format(name))
    page.set_input_files("[name=file]", lines)
    page.get_by_role("button", name="Voir ce que la liste ferait").press("Enter")
    expect(page.locator("table.preview tbody tr")).to_have_count(4)
    expect(page.locator("[data-outcome=refused]").last).to_contain_text("Sand")
    reads_well(page)
    before = snapshot(site)
    assert name not in [row["last_name"] for row in before.values()], "a preview writes nothing"
    page.get_by_role("button", name="Importer").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1 personne ajoutée")
    reads_well(page)
    assert len(snapshot(site)) == len(before) + 1


@both_windows
def test_two_lines_of_one_person_are_compared_then_merged(site: Site, options: dict) -> None:
    kept = site.cohort.participants[2 if options else 1]
    last, first = NAMES[2 if options else 1]
    with db.connection():
        twice = people.create(
            AUTHOR, site.cohort.id, {"last_name": last.upper(), "first_name": first, "phone": "0700000000"}
        )
    page = site.open(f"{site.root}/participants/doublons/", **options)
    reads_well(page)
    page.locator(f"a[href*='{twice}']").click()
    expect(page.locator("tr.differs")).not_to_have_count(0)
    reads_well(page)
    page.locator("[name=de-phone][value=autre]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Fusionner").press("Enter")
    page.wait_for_url(f"**/participants/{kept}/")
    reads_well(page)
    rows = snapshot(site)
    assert (rows[kept]["phone"], twice in rows) == ("0700000000", False)


@both_windows
def test_the_page_of_a_person_says_what_is_wrong_and_what_was_saved(site: Site, options: dict) -> None:
    who = site.cohort.participants[3]
    page = site.open(f"{site.root}/participants/{who}/", **options)
    reads_well(page)
    page.fill("[name=email]", "pas une adresse")
    page.keyboard.press("Enter")
    expect(page.locator("#participant [role=alert]")).to_contain_text("pas une adresse")
    expect(page.locator("[name=email]")).to_be_focused()
    reads_well(page)
    page.fill("[name=email]", "jeanne@exemple.fr")
    page.keyboard.press("Enter")
    expect(page.locator("#participant [role=status]")).to_contain_text("Enregistré")
    reads_well(page)
    assert snapshot(site)[who]["email"] == "jeanne@exemple.fr"


@both_windows
def test_somebody_waits_leaves_and_comes_back(site: Site, options: dict) -> None:
    who = site.cohort.participants[4]
    page = site.open(f"{site.root}/participants/{who}/", **options)
    for button, state in (
        ("Mettre en liste d'attente", "attente n° 1"), ("Donner une place", "inscrit·e"),
        ("Retirer de la promotion", "retiré·e"), ("Rétablir", "inscrit·e"),
    ):  # fmt: skip
        page.get_by_role("button", name=button).press("Enter")
        expect(page.locator("#participant .tag").first).to_contain_text(state)
        reads_well(page)
    assert who in snapshot(site)


@both_windows
def test_the_list_is_searched_and_a_line_is_refused_in_place(site: Site, options: dict) -> None:
    page = site.open(f"{site.root}/participants/", **options)
    page.locator("[type=search]").fill("Fabre")
    page.keyboard.press("Enter")
    line = page.locator("[data-participant]")
    expect(line).to_have_count(1)
    reads_well(page)
    line.locator("[name=email]").fill("pas une adresse")
    page.keyboard.press("Tab")
    expect(line.locator(".error")).to_contain_text("pas une adresse")
    reads_well(page)
