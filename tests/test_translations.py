"""English: the catalogue is whole and true to the French, and every page reads well in both languages."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, ngettext

from blueprints import htmx, wording
from blueprints.rights import RIGHTS
from rules.jury import DECISIONS
from rules.message import Message
from rules.values import TYPES, choice
from store import db
from store.errors import Refused
from tests import site_map
from tests.pages import HTMX, csrf, make_app, sign_in
from translations import extract

#: A place of a sentence, or a percent sign that is only one.
PLACE = re.compile(r"%(?:\(\w+\)[a-z]|%|.)")
#: What a page shows around its data, by its address below a promotion: an English reader looks for it.
TELLING = {
    "": ("At a glance", "Rules in force", "defaulted beyond 20% of the hours", "Half-days"),
    "seances/": ("Calendar", "January 2025", "Mon. 20/01/2025", "roll call", "on the calendar|Control totals", "edit"),
    "presences/": ("Attendance", "more than 20% of the hours", "justified absence", "not recorded"),
    "assiduite/": ("Attendance rule", "Allowed", "can no longer comply|within the rule|no rule|defaulted", "planned"),
    "assiduite/exemples/": ("How the rule counts", "not in default", "strictly more than the limit", "What counts"),
    "reglement/": ("Rules of the cohort", "Warning thresholds", "Reason for the change", "order of arrival"),
    "emargement/": ("Sign-in sheets", "The whole cohort", "returned", "signatures"),
    "attestations/": ("Certificates of completion", "Attended", "Hours by teacher", "All funding", "preview"),
    "notes/": ("Final papers and tutoring", "Milestone", "Research question", "preliminary note"),
    "notes/tuteurs/": ("Who may follow a paper", "Capacity", "Themes"),
    "notes/proposition/": ("Proposal of tutors", "Only papers without a tutor", "Nothing is saved before"),
    "jury/": ("Proposal", "adjourned", "18 h allowed", "below 10", "The rules propose, the jury decides"),
    "participants/": ("Participants", "Last name", "First name", "people enrolled", "dd/mm/yyyy"),
}
#: Words that only the French pages say; the titles and names of the demonstration hold none of them.
FRENCH = (
    "Se déconnecter", "À faire", "Promotions", "Présences", "Calendrier", "Enregistrer", "relevé", "Rôle", "Déposée",
    "Tuteur", "Étape", "Problématique", "défaillant", "ajourné", "admis", "permises", "Règlement", "Inscrit", "inscrit",
    "Prénom", "Courriel", "Annuler", "Horaires", "Lieu", "Janvier 2025", "lun.", "présentiel", "Classeurs", "Conflits",
    "Valeurs refusées", "Quand", "Inviter", "Nom complet", "Hors connexion", "Erreur", "en attente", "n'existe",
)  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give the demonstration, loaded once: these tests only read, and words do not depend on the engine."""
    url = f"sqlite:///{tmp_path_factory.mktemp('words') / 'store.sqlite'}"
    db.connect(url)
    db.upgrade()
    with db.connection():
        site_map.fill()
        yield make_app(url)
    if not db.database.is_closed():
        db.database.close()


def forms(message_or_id: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message_or_id,) if isinstance(message_or_id, str) else tuple(message_or_id)


def contents(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {forms(message.id): forms(message.string) for message in catalog if message.id}


def gathered() -> set[tuple[str, ...]]:
    return {forms(message.id) for message in extract.template() if message.id}


# -- The catalogue ---------------------------------------------------------------------------------


def test_every_sentence_has_its_english_and_nothing_else_is_kept() -> None:
    kept = contents(extract.english())
    wanted = gathered()
    assert not wanted - set(kept), "run make translations, then translate"
    assert not set(kept) - wanted, "run make translations"
    assert not [french for french, english in kept.items() if not all(text.strip() for text in english)]
    assert not [message.id for message in extract.english() if message.id and message.fuzzy]


def test_the_places_of_each_sentence_are_kept() -> None:
    wrong = []
    for french, english in contents(extract.english()).items():
        # Each form has the places of its own counterpart: « la valeur » may leave out a number that is one.
        pairs = list(zip(french, english, strict=True))
        if any(sorted(PLACE.findall(ours)) != sorted(PLACE.findall(theirs)) for ours, theirs in pairs):
            wrong.append((french, english))
    assert not wrong


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_runs_is_what_is_written(language: str) -> None:
    compiled = read_mo(BytesIO(extract.path(language, "mo").read_bytes()))
    source = extract.english() if language == "en" else extract.french(extract.template())
    assert contents(compiled) == contents(source)
    assert compiled.plural_expr == source.plural_expr


def sentences() -> Iterator[str]:
    """Read the code itself, apart from the extraction: the sentences given to a call by their text."""
    names = set(extract.KEYWORDS)
    for folder in extract.FOLDERS:
        for path in sorted((extract.ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if name in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def test_no_sentence_of_the_code_escapes_the_extraction() -> None:
    known = {french[0] for french in gathered()}
    found = set(sentences())
    assert len(found) > 100
    assert not found - known


def test_no_text_of_a_template_is_left_unwrapped() -> None:
    """Whatever stands between two tags outside of Jinja is a name, a sign or a number."""
    allowed = {"Passerelle", "Hyperplanning", "demonstration", "min"}
    left = []
    for path in sorted((extract.ROOT / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)
        for found in re.findall(r'>([^<>]+)<|(?:title|placeholder|aria-label)="([^"]+)"', text):
            # A macro may give attributes alone: those are not read.
            words = re.findall(r"[^\W\d_]{3,}", re.sub(r'[\w-]+="[^"]*"', "", "".join(found)))
            left += [(path.name, word) for word in words if word not in allowed]
    assert not left


# -- What fills a sentence --------------------------------------------------------------------------


def refusal(raw: str) -> Message:
    with pytest.raises(Refused) as error:
        choice(DECISIONS).parse(raw)
    return error.value.message


def test_labels_in_a_message_are_translated_and_what_was_typed_is_not(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert htmx.say(refusal("Nom")).startswith("“Nom” is not in the list")
        assert htmx.say(refusal("ajourne z")) == "“ajourne z” is not in the list; did you mean: adjourned?"
        with pytest.raises(Refused) as error:
            TYPES["date"].parse("mardi 20 janvier 2025")
        assert htmx.say(error.value.message) == (
            "“mardi 20 janvier 2025” contradicts itself: 20/01/2025 is a Monday."
        )


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr", ("0 note", "1 note", "2 notes")), ("en", ("0 final papers", "1 final paper", "2 final papers"))],
)
def test_each_language_counts_its_own_way(app: Flask, language: str, shown: tuple[str, ...]) -> None:
    with app.test_request_context(), force_locale(language):
        assert tuple(ngettext("%(num)d note", "%(num)d notes", number) for number in range(3)) == shown


def test_marks_dates_and_values_are_said_in_the_language_of_the_visitor(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert wording.mark("R 15") == "late, 15 min"
        assert wording.mark("") == "not recorded"
        assert wording.value("decision", "adjourned") == "adjourned"
        assert wording.value("last_name", "Plan") == "Plan"
        assert wording.value("last_name", "") == "empty"
        assert wording.long_date(htmx.date(2025, 1, 1)) == "Wednesday 1 January 2025"
    with app.test_request_context(), force_locale("fr"):
        assert wording.long_date(htmx.date(2025, 1, 1)) == "mercredi 1er janvier 2025"


# -- The pages --------------------------------------------------------------------------------------


def choose(client: FlaskClient, language: str) -> FlaskClient:
    token = csrf(client.get("/").text)
    assert client.post("/langue", data={"lang": language, "csrf_token": token, "suite": "/"}).status_code == 303
    return client


def visible(html: str) -> str:
    """Return the texts of a page, those of its attributes that are read included."""
    read = "title|placeholder|aria-label|data-(?:offline|error|unsent|back|minutes|last|undone|reload|say)"
    parts = re.findall(rf'>([^<>]+)<|(?:{read})="([^"]+)"', html)
    return " ".join(unescape("\n".join(text or attribute for text, attribute in parts)).split())


def test_every_page_and_fragment_renders_in_both_languages(app: Flask) -> None:
    client = sign_in(app, "admin")
    addresses = site_map.everywhere()
    assert site_map.reached(app, addresses) == site_map.pages(app) <= set(RIGHTS)
    assert set(TELLING) <= set(site_map.COHORT)
    for language in ("en", "fr"):
        choose(client, language)
        for address in addresses:
            for headers in ({}, HTMX):
                answer = client.get(address, headers=headers)
                assert answer.status_code == 200, (language, address, answer.text[-300:])
                assert "%(" not in answer.text, (language, address)
                assert "%%" not in answer.text, (language, address)


@pytest.mark.parametrize("path", TELLING)
def test_the_pages_of_a_promotion_read_as_english(app: Flask, path: str) -> None:
    client = choose(sign_in(app, "admin"), "en")
    answer = client.get(f"/promotions/CS26-UE-2025/{path}")
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.text
    text = visible(answer.text)
    for words in TELLING[path]:
        assert any(word in text for word in words.split("|")), (words, text)
    assert not [word for word in FRENCH if re.search(rf"(?<!\w){re.escape(word)}", text)]


@pytest.mark.parametrize(
    ("address", "telling"),
    [
        ("/", ("To do today", "Today's classes", "Final papers without a tutor", "Google sheets", "Sign out")),
        ("/promotions/", ("Cohorts", "Programme", "Enrolled", "Hours")),
        ("/synchronisation/", ("Synchronisation", "Spreadsheets", "Conflicts", "Refusals")),
        ("/conflits/", ("nothing is overwritten until someone chooses", "No conflicts")),
        ("/refus/", ("These values stay in the sheet", "No refused values")),
        ("/journal/", ("newest first", "attendance", "not recorded")),
        ("/comptes/", ("Invite someone", "Full name", "administration", "Created on")),
    ],
)
def test_the_other_pages_read_as_english(app: Flask, address: str, telling: tuple[str, ...]) -> None:
    answer = choose(sign_in(app, "admin"), "en").get(address)
    assert answer.status_code == 200
    text = visible(answer.text)
    assert not [words for words in telling if words not in text], text
    assert not [word for word in FRENCH if re.search(rf"(?<!\w){re.escape(word)}", text)]


def test_the_same_words_are_found_in_french(app: Flask) -> None:
    """The list of French words is not vacuous: the French pages say every one of them."""
    client = sign_in(app, "admin")
    text = " ".join(visible(client.get(address).text) for address in site_map.everywhere())
    text += visible(client.get("/nowhere").text)
    assert not [word for word in FRENCH if word not in text]


def test_a_refused_value_an_error_and_the_sign_in_form_are_said_in_english(app: Flask) -> None:
    client = choose(sign_in(app, "admin"), "en")
    assert "This page or item does not exist" in client.get("/nowhere").text
    page = "/promotions/CS26-UE-2025/participants/"
    data = {"csrf_token": csrf(client.get(page).text), "last_name": "Curie", "first_name": "Marie", "email": "Nom"}
    answer = client.post(f"{page}ajouter", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert "“nom” is not an email address" in visible(answer.text)
    visitor = app.test_client()
    visitor.post("/langue", data={"lang": "en", "csrf_token": csrf(visitor.get("/connexion").text)})
    form = visitor.get("/connexion").text
    data = {"csrf_token": csrf(form), "email": "x@exemple.fr", "password": "no such password"}
    answer = visitor.post("/connexion", data=data)
    assert answer.status_code == 422
    assert "Unknown address or password." in answer.text
    assert "Email address" in answer.text
