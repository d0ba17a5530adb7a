"""Which column of somebody's list is which field: the words that staff use above their columns.

One table for the lists that are imported and for the spreadsheets that are adopted: a word learned is learned by both.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.normal_form import fold

FULL_NAME = "full_name"
#: The first of each is the header of our own tabs.
HEADERS: dict[str, tuple[str, ...]] = {
    "last_name": ("nom", "noms", "nom de famille", "nom d'usage", "nom usuel", "nom patronymique", "patronyme",
                  "nom de naissance", "nom du stagiaire", "nom de l'auditeur", "last name", "surname"),
    "first_name": ("prenom", "prenoms", "prenom usuel", "prenom du stagiaire", "first name", "pnom"),
    FULL_NAME: (
        "nom et prenom", "nom prenom", "prenom nom", "prenom et nom", "nom/prenom", "prenom/nom", "nom, prenom",
        "nom complet", "noms et prenoms", "noms prenoms", "nom & prenom", "stagiaire", "stagiaires", "auditeur",
        "auditeurs", "auditrice", "auditeur·rice", "auditeur.rice", "auditeur(rice)", "participant", "participants",
        "participant·e", "participant.e", "participant(e)", "eleve", "eleves", "apprenant", "apprenants",
        "apprenant·e", "etudiant", "etudiants", "candidat", "candidats", "candidat·e", "candidate", "identite",
        "personne", "beneficiaire",
    ),
    "email": ("courriel", "mail", "mails", "e-mail", "email", "mel", "adresse mail", "adresse email",
              "adresse e-mail", "adresse electronique", "adresse courriel", "adresse mel", "messagerie", "@"),
    "phone": ("telephone", "tel", "tel.", "portable", "mobile", "numero de telephone", "n° de telephone",
              "n° telephone", "n° tel", "num tel", "tel portable", "tel. portable", "telephone portable",
              "gsm", "phone", "tel mobile"),
    "employer": ("structure", "employeur", "entreprise", "organisme", "societe", "organisation", "association",
                 "etablissement", "structure employeuse", "employeur / structure", "structure d'origine", "org"),
    "funding": ("financement", "financeur", "mode de financement", "prise en charge", "type de financement",
                "origine du financement", "pec", "finance par"),
    "fees_paid_on": ("frais regles le", "regle le", "paye le", "frais payes le", "date de reglement",
                     "date de paiement", "date reglement", "date paiement", "droits regles le",
                     "frais acquittes le", "solde le", "paiement recu le"),
    "tariff": ("tarif", "tarifs", "tarif applique", "cout", "prix", "tarif de la formation", "cout de la formation"),
    "arrived_on": ("dossier recu le", "date de reception du dossier", "reception du dossier", "dossier arrive le",
                   "candidature recue le", "date de candidature"),
    "acknowledged_on": ("accuse de reception le", "accuse de reception", "accuse le", "ar le", "ar envoye le",
                        "date d'accuse de reception"),
    "agreement_on": ("convention le", "convention signee le", "convention recue le", "date de convention",
                     "contrat signe le", "convention signee"),
    "committed_on": ("engagement le", "engagement signe le", "date d'engagement", "engagement recu le",
                     "bulletin d'engagement le"),
    "waiting": ("liste d'attente", "en attente", "attente", "sur liste d'attente", "liste attente"),
}  # fmt: skip
_FIELD_OF = {word: name for name, words in HEADERS.items() for word in words}
#: Lists whose full names begin with the first name.
FIRST_NAME_FIRST = ("prenom nom", "prenom et nom", "prenom/nom")


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
    best, most = -1, (0, 0)
    for place, row in enumerate(texts):
        names = set(fields_of(row).values())
        # Of two that say as much, a title over the list (« Participants ») has fewer cells than its headers.
        known = len(names), sum(bool(text.strip()) for text in row)
        if (FULL_NAME in names or {"last_name", "first_name"} <= names) and known > most:
            best, most = place, known
    return best
