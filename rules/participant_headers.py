"""Which column of somebody's list is which field: the words that staff use above their columns."""

from __future__ import annotations

from collections.abc import Sequence

from rules.normal_form import fold

FULL_NAME = "full_name"
#: The first of each is the header of our own tabs.
HEADERS: dict[str, tuple[str, ...]] = {
    "last_name": ("nom", "noms", "nom de famille", "nom d'usage", "nom de naissance", "patronyme", "nom usuel"),
    "first_name": ("prenom", "prenoms", "prenom usuel"),
    FULL_NAME: ("nom et prenom", "nom prenom", "nom complet", "noms et prenoms", "nom, prenom", "nom/prenom",
                "stagiaire", "auditeur", "auditrice", "participant", "participant·e", "eleve", "apprenant",
                "beneficiaire", "prenom nom", "prenom et nom"),
    "email": ("courriel", "mail", "e-mail", "email", "mel", "adresse mail", "adresse email", "adresse e-mail",
              "adresse electronique", "adresse courriel", "messagerie"),
    "phone": ("telephone", "tel", "tel.", "portable", "mobile", "numero de telephone", "n° de telephone",
              "telephone portable", "tel portable"),
    "employer": ("structure", "employeur", "entreprise", "organisme", "societe", "organisation", "association",
                 "etablissement", "structure employeuse"),
    "funding": ("financement", "financeur", "mode de financement", "prise en charge", "type de financement"),
    "fees_paid_on": ("frais regles le", "regle le", "paye le", "date de reglement", "date de paiement",
                     "frais payes le", "frais acquittes le"),
    "tariff": ("tarif", "tarif applique", "cout", "prix", "tarif de la formation"),
    "arrived_on": ("dossier recu le", "date de reception du dossier", "reception du dossier", "candidature recue le",
                   "date de candidature"),
    "acknowledged_on": ("accuse de reception le", "accuse de reception", "ar le", "ar envoye le"),
    "agreement_on": ("convention le", "convention signee le", "convention recue le", "date de convention",
                     "contrat signe le"),
    "committed_on": ("engagement le", "engagement signe le", "date d'engagement", "engagement recu le"),
    "waiting": ("liste d'attente", "en attente", "sur liste d'attente"),
}  # fmt: skip
_FIELD_OF = {word: name for name, words in HEADERS.items() for word in words}
#: Lists whose full names begin with the first name.
FIRST_NAME_FIRST = ("prenom nom", "prenom et nom")


def fields_of(header: Sequence[str]) -> dict[int, str]:
    """Return {column: field} of a row of headers; of two columns that say the same, the first is read."""
    found: dict[int, str] = {}
    for place, text in enumerate(header):
        name = _FIELD_OF.get(fold(text).rstrip(" *:"))
        if name and name not in found.values():
            found[place] = name
    return found


def header_row(texts: Sequence[Sequence[str]]) -> int:
    """Return the row of headers among the first rows of a list, -1 when none names the people."""
    best, most = -1, 0
    for place, row in enumerate(texts):
        names = set(fields_of(row).values())
        if (FULL_NAME in names or {"last_name", "first_name"} <= names) and len(names) > most:
            best, most = place, len(names)
    return best
