"""The API's refusals in the words of the people at the grid."""

import re

_FRENCH = [
    (r"protected cell or object", "Cette cellule est protégée."),
    (r"select all cells in a merged range", "Sélectionnez en entier les cellules fusionnées, puis recommencez."),
    (r"delete all the non-frozen row", "Il faut garder au moins une ligne qui n’est pas figée."),
    (r"delete all the non-frozen column", "Il faut garder au moins une colonne qui n’est pas figée."),
    (r"delete all the rows", "Il est impossible de supprimer toutes les lignes."),
    (r"delete all the columns", "Il est impossible de supprimer toutes les colonnes."),
    (r"freeze all visible", "Il faut garder au moins une ligne et une colonne qui ne sont pas figées."),
    (r"hide all the sheets|remove all the visible sheets", "Un classeur garde au moins un onglet visible."),
    (r"hide all the (visible )?(rows|columns)", "Il faut garder au moins une ligne et une colonne visibles."),
    (r"sheet with the name \"(.*)\" already exists", "Un onglet s’appelle déjà « {} »."),
    (r"sheet name must have", "Le nom d’un onglet compte de 1 à 100 caractères."),
    (r"named range with the name \"(.*)\" already", "Une plage s’appelle déjà « {} »."),
    (r"[Nn]amed range|name of a range", "Ce nom ne convient pas : des lettres, des chiffres et « _ », sans espace."),
    (r"frozen and non-frozen|frozen", "Les lignes et colonnes figées ne se déplacent pas avec les autres."),
    (r"between 1 and 10000000 cells", "L’onglet dépasserait dix millions de cellules."),
    (r"regular expression", "Cette expression régulière est illisible."),
    (r"find must not be empty", "Écrivez ce qu’il faut chercher."),
    (r"exceeds grid limits|beyond the grid|index|No grid with id", "L’endroit visé n’est plus dans la grille."),
]


def in_french(message: str) -> str:
    """Say a refusal of the API in French; one that is not foreseen is quoted."""
    for pattern, sentence in _FRENCH:
        if found := re.search(pattern, message):
            return sentence.format(*found.groups())
    return f"Action refusée ({message})."
