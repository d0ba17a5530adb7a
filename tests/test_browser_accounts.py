"""The page « Comptes » in a browser: every action with the keyboard, alone, and on a phone without JavaScript."""

import re

from playwright.sync_api import Page, expect

from store.models import User
from tests.browser import NARROW
from tests.pages import add_account
from tests.served import Site, accessible, reads_well

FIRST, SECOND = "une@exemple.fr", "deux@exemple.fr"


def menu(page: Page, email: str) -> None:
    """Open the actions of the account, with the keyboard."""
    page.locator("tr", has_text=email).locator("summary").focus()
    page.keyboard.press("Enter")


def test_an_account_is_changed_with_the_keyboard_and_reads_well(site: Site) -> None:
    add_account("reader", FIRST)
    page = site.open(f"{site.url}/comptes/", "admin")
    line = page.locator("tr", has_text=FIRST)
    menu(page, FIRST)
    reads_well(page)
    page.keyboard.press("Tab")
    page.keyboard.press("t")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Le rôle est enregistré.")
    expect(line.get_by_role("cell").nth(1)).to_have_text("tutorat")
    menu(page, FIRST)
    line.get_by_role("button", name="Créer un nouveau lien").press("Enter")
    expect(page.get_by_label("Lien d'invitation")).to_have_value(re.compile("/invitation/.{20,}"))
    accessible(page)


def test_a_refusal_is_read_in_its_line_on_a_phone_without_javascript(site: Site) -> None:
    add_account("reader", SECOND)
    page = site.open(f"{site.url}/comptes/", "admin", java_script_enabled=False, viewport=NARROW)
    menu(page, SECOND)
    User.update(active=False).where(User.email == SECOND).execute()
    line = page.locator("tr", has_text=SECOND)
    line.get_by_role("button", name="Créer un nouveau lien").press("Enter")
    expect(line.get_by_role("alert")).to_contain_text("rouvrez-le d'abord")
    line.get_by_role("button", name="Rouvrir le compte").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Le compte est rouvert")
