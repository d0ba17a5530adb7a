"""Every page of the site and an address for each: the tests that walk all of them start here."""

from flask import Flask

from store import adoptions, agreement, calendar, following, people, results, tutoring
from store.demonstration import load
from store.journal import Author
from store.models import Adoption, Candidacy, Minutes
from tests.deliberated import sealed
from tests.sync_bench import Cohort

#: A spreadsheet that is bound, and one that somebody is binding.
BOOK, ASKED = "1" + "b" * 43, "1" + "c" * 43
#: The promotion of the demonstration whose jury has sat.
DELIBERATED = "CS26-UE-2025"
#: What answers with a file, or sends elsewhere.
FILES = {
    "sign_in_sheets.pdf", "sign_in_sheets.short", "certificates.pdf", "certificates.batch", "certificates.preview",
    "registers.download", "feeds.calendar", "exports.participants", "paper_files.download",
    "release.attestation", "release.attestations", "release.holders", "release.surveys",
    "tutoring_files.lists", "tutoring_files.day", "tutoring_files.record", "tutoring_files.tables",
    "minutes.pdf", "minutes.data", "minutes.extracts", "minutes.admitted", "minutes.displayed",
}  # fmt: skip
#: What is asked by nobody who is signed in.
OUTSIDE = {
    "static", "home.healthz", "home.readyz", "accounts.sign_in", "accounts.invitation", "google.ask", "google.back",
}  # fmt: skip
#: The pages of a promotion, those that build its calendar, and those about one of its half-days.
COHORT = (
    "", "seances/", "presences/", "assiduite/", "assiduite/exemples/", "reglement/", "emargement/", "attestations/",
    "notes/", "notes/tuteurs/", "notes/proposition/", "notes/journees/", "notes/rappels/", "jury/", "jury/pv/",
    "jury/deliberations/", "jury/notes/", "jury/notes/corrections/", "jury/rattrapages/", "jury/plagiats/",
    "jury/anomalies/", "jury/numeros/", "participants/", "resultats/", "resultats/statistiques/", "delivrance/",
    "participants/importer/", "participants/doublons/",
)  # fmt: skip
BUILDING = (
    "mois/?mois=2025-01", "ajouter/", "ajouter/plusieurs/", "modules/", "controles/", "copier/", "abonnements/",
    "comparer/",
)  # fmt: skip
HALF_DAY = (
    "seances/{}/", "seances/?modifier={}", "seances/{}/retirer/", "seances/{}/prevenir/", "historique/half_day/{}/",
    "emargement/{}/",
)  # fmt: skip


def fill() -> None:
    """Load the demonstration, with something for the pages that are about one spreadsheet."""
    load.load()
    cohort_id, code = people.cohorts()[0][:2]
    sealed(Cohort(cohort_id, code, list(people.snapshot(cohort_id))[-1:], []))
    agreement.bind(BOOK, cohort_id, "staff", "Classeur", 9, {})
    adoptions.ask(Author("Camille", "page"), cohort_id, f"https://docs.google.com/spreadsheets/d/{ASKED}/edit", "staff")
    _deliberate()


def _deliberate() -> None:
    """Close two sessions of a jury about people who nothing else here is about; publish the results of the first."""
    cohort_id = people.cohort(DELIBERATED)[0]
    first, second, third, *_rest = list(people.snapshot(cohort_id))[-3:]
    cohort = Cohort(cohort_id, DELIBERATED, [first, second, third], [])
    published = Minutes.get_by_id(sealed(cohort, first, second)).deliberation_id
    results.publish(Author("Camille", "page"), cohort_id, published)
    sealed(cohort, third, decision="adjourned")


def everybody() -> list[str]:
    """List the address of every page that belongs to no promotion."""
    return [
        "/", "/suivi/", "/promotions/", "/promotions/nouvelle/", "/synchronisation/", "/conflits/", "/refus/",
        "/journal/", "/comptes/", "/suppressions/", "/synchronisation/journal-du-jour/", "/synchronisation/connecter/",
        "/pv/verifier/", *(path for row in Minutes.select() for path in _of_minutes(row)),
        f"/synchronisation/{BOOK}/script",
        f"/synchronisation/connecter/{Adoption.select(Adoption.id).scalar()}",
    ]  # fmt: skip


def _of_minutes(row: Minutes) -> tuple[str, str]:
    root = f"/promotions/{row.cohort.code}"
    return f"{root}/jury/pv/{row.number}/", f"{root}/resultats/{row.deliberation_id}/publier/"


def _of_candidate(row: Candidacy, cohort_id: int) -> list[str]:
    """List the pages of a deliberation of this cohort, and that of one of its candidates."""
    if row.deliberation.cohort_id != cohort_id:
        return []
    root = f"jury/deliberations/{row.deliberation_id}/"
    return [root, f"{root}cloture/", f"{root}correction/", f"{root}seance/", f"{root}seance/{row.enrolment_id}/"]


def of_cohort(cohort_id: int, code: str) -> list[str]:
    """List the address of every page of a promotion: of one of its half-days, modules and participants too."""
    half_day, values = next(iter(calendar.snapshot(cohort_id).items()))
    paper, days = next(iter(tutoring.snapshot(cohort_id))), following.tutoring_days(cohort_id)[:1]
    (person, other), module = list(people.snapshot(cohort_id))[:2], next(iter(calendar.module_labels(cohort_id)))
    return [f"/promotions/{code}/{path}" for path in (
        *COHORT, *(f"seances/{path}" for path in BUILDING), *(path.format(half_day) for path in HALF_DAY),
        *(f"resultats/{session.id}/publier/" for session in results.sessions(cohort_id)),
        *([f"seances/jour/{values['day']}/"] if values["day"] else []), f"modules/{module}/presences/",
        f"notes/{paper}/", *(f"notes/journees/{day}/" for day in days),
        *(path for row in Candidacy.select() for path in _of_candidate(row, cohort_id)), f"jury/dossiers/{person}/",
        f"participants/{person}/", f"participants/{person}/presences/", f"participants/doublons/{person}/{other}/")
    ]  # fmt: skip


def everywhere() -> list[str]:
    """List the address of every page, for every promotion."""
    return everybody() + [address for cohort in people.cohorts() for address in of_cohort(cohort[0], cohort[1])]


def reached(app: Flask, addresses: list[str]) -> set[str]:
    """Return the endpoints that serve these addresses."""
    site = app.url_map.bind("localhost")
    return {site.match(address.partition("?")[0])[0] for address in addresses}


def pages(app: Flask) -> set[str]:
    """Return the endpoint of every page that somebody signed in may open."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods} - OUTSIDE - FILES
