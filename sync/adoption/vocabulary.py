"""How staff call their tabs and columns: synonyms of each field, and headers that are theirs alone.

What they call the columns of people is in `rules/participant_headers`, which imports of lists read too.
"""

from rules.participant_headers import FULL_NAME, HEADERS
from sync.worksheets import Column

#: Words that a tab's title may hold, by kind.
TITLES: dict[str, tuple[str, ...]] = {
    "participants": ("participants", "inscrits", "inscriptions", "stagiaires", "auditeurs", "eleves",
                     "apprenants", "liste", "coordonnees", "contacts", "promotion", "groupe", "emarges",
                     "adherents"),
    "half_days": ("seances", "calendrier", "planning", "programme", "dates", "cours", "emploi du temps",
                  "agenda"),
    "attendance": ("presences", "presence", "assiduite", "emargement", "appel", "absences", "pointage",
                   "emargements"),
    "papers": ("notes de validation", "memoires", "memoire", "tutorat", "suivi", "sujets", "ecrits",
               "note de validation", "tuteurs", "suivi memoires"),
    "jury": ("jury", "deliberation", "resultats", "validation", "pv", "notes jury", "releve de notes"),
}  # fmt: skip

_NAMES = {name: HEADERS[name] for name in ("last_name", "first_name", FULL_NAME)}
_HALF_DAYS = {
    "module": ("module", "modules", "ue", "unite", "matiere", "enseignement", "n° module", "module n°"),
    "period": ("periode", "semaine", "mois", "regroupement", "sem."),
    "day": ("date", "dates", "jour", "date de la seance", "date seance", "le", "date du cours"),
    "start": ("debut", "heure de debut", "heure debut", "h debut", "de", "h. debut", "commence a", "hdebut",
              "horaire debut"),
    "end": ("fin", "heure de fin", "heure fin", "h fin", "a", "h. fin", "finit a", "hfin", "horaire fin",
            "jusqu'a"),
    "kind": ("type", "nature", "type de seance", "nature de la seance", "categorie", "type d'intervention"),
    "modality": ("modalite", "modalites", "presentiel/distanciel", "presentiel / distanciel", "format", "mode",
                 "presentiel ou distanciel", "distance"),
    "place": ("lieu", "salle", "adresse", "lieu / salle", "salle / lieu", "lieu de la seance", "site", "lieux"),
    "teachers": ("intervenants", "intervenant", "intervenant·e", "intervenant·es", "intervenante", "formateur",
                 "formateurs", "formatrice", "enseignant", "enseignants", "animateur", "professeur", "prof",
                 "intervenant(s)", "formateur(s)", "intervenant.e.s", "anime par"),
}  # fmt: skip
_PAPERS = _NAMES | {
    "title": ("titre", "sujet", "intitule", "theme", "sujet du memoire", "titre du memoire",
              "titre de la note", "sujet de la note", "thematique", "sujet traite", "titre provisoire"),
    "problem": ("problematique", "question", "question de depart", "probleme", "problematique retenue"),
    "tutor": ("tuteur", "tutrice", "tuteur·rice", "tuteur/tutrice", "tuteur ou tutrice",
              "directeur de memoire", "directrice de memoire", "accompagnateur", "accompagnant", "referent",
              "referente", "suivi par", "tuteurs", "encadrant", "tuteur.rice"),
    "workshop": ("atelier", "groupe", "groupe d'atelier", "atelier memoire", "groupe de travail", "n° atelier"),
    "milestone": ("etape", "avancement", "etat", "etat d'avancement", "statut", "stade", "jalon",
                  "ou en est-on"),
    "deposited_on": ("deposee le", "depose le", "date de depot", "depot", "rendu le", "rendue le", "remis le",
                     "remise le", "date de remise", "date de rendu", "date depot", "recu le"),
    "pages": ("pages", "nb pages", "nombre de pages", "nb de pages", "nbre de pages", "nbre pages", "n pages"),
    "link": ("lien", "url", "lien du fichier", "fichier", "lien vers le document", "document", "drive",
             "lien drive"),
    "cotutor": ("co-tuteur", "co-tutrice", "cotuteur", "cotutrice", "co-tuteur·rice", "second tuteur", "2e tuteur",
                "tuteur 2", "co-encadrant"),
    "wishes": ("voeux", "vœux", "souhaits", "preferences", "choix", "voeux de tuteur", "tuteurs souhaites"),
    "report_link": ("rapport antiplagiat", "rapport de plagiat", "rapport compilatio", "rapport anti-plagiat",
                    "lien du rapport", "rapport de similitude"),
    "similarity": ("similitude (%)", "similitude", "similitudes", "taux de similitude", "% de plagiat",
                   "pourcentage de plagiat", "taux de plagiat", "compilatio", "score antiplagiat"),
}  # fmt: skip
_JURY = _NAMES | {
    "decision": ("decision", "decision du jury", "avis", "avis du jury", "resultat", "verdict", "decision finale",
                 "admis/ajourne"),
    "grade-paper": ("note", "note de l'ecrit", "note finale", "note du memoire", "note memoire", "note /20",
                    "note ecrit", "memoire", "note de validation", "note sur 20"),
    "hours_absent": ("heures d'absence", "heures absence", "nb heures absence", "absences (h)", "h absence"),
    "proposal": ("proposition", "proposition de decision"),
}  # fmt: skip

_SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "participants": HEADERS, "half_days": _HALF_DAYS, "attendance": _NAMES, "papers": _PAPERS, "jury": _JURY,
}  # fmt: skip

#: Headers that are known, and that are staff's alone: nothing of ours resembles them, whatever their letters.
THEIRS = (
    "date de naissance", "ne le", "nee le", "ne(e) le", "age", "civilite", "sexe", "genre", "adresse postale",
    "code postal", "cp", "ville", "commune", "pays", "nationalite", "lieu de naissance",
    "numero de securite sociale", "nir", "remarques", "remarque", "observations", "observation", "commentaires",
    "commentaire", "notes", "divers", "total", "totaux", "total absences", "nb absences", "nombre d'absences",
    "absences", "nb presences", "total heures", "taux de presence", "taux", "signature", "emargement", "n°",
    "no", "numero", "num", "n° ordre", "rang", "photo", "diplome", "fonction", "poste", "metier", "profession",
    "situation", "rqth", "date d'inscription", "inscrit le", "horaires", "horaire", "duree", "nb heures",
    "heures", "montant", "facture", "convention", "contrat", "nom du tuteur en entreprise", "contact urgence",
    "adresse personnelle", "moyenne", "mention", "credits", "ects",
)  # fmt: skip

#: Fields that recognise a row: without them a tab cannot be adopted. Either all of one line.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "participants": (("last_name", "first_name"), ("full_name",)),
    "half_days": (("day", "start"),),
    "attendance": (("last_name", "first_name"), ("full_name",)),
    "papers": (("last_name", "first_name"), ("full_name",)),
    "jury": (("last_name", "first_name"), ("full_name",)),
}
#: How staff read the name of each kind, as the tabs of our own books are called.
KINDS = {
    "participants": "Participants", "half_days": "Séances", "attendance": "Présences",
    "papers": "Notes de validation", "jury": "Jury",
}  # fmt: skip
FULL_NAME_HEADER = "Nom et prénom"


def spellings(kind: str, column: Column) -> tuple[str, ...]:
    """List the headers that name a column: its own first, then what staff write for it."""
    return (column.header, *_SYNONYMS[kind].get(column.field, ()))
