"""The API's refusals in the words of the people at the grid."""

import re

_FRENCH = [
    (r"protected cell or object", "Cette cellule est protégée."),
    (r"select all cells in a merged range", "Sélectionnez en entier les cellules fusionnées, puis recommencez."),
    (r"crosses a merged cell", "Des cellules fusionnées gênent ce déplacement : défusionnez-les d’abord."),
    (r"only part of a merged cell", "Des cellules fusionnées seraient coupées : défusionnez-les d’abord."),
    (r"merge cells that cross the borders", "Ces cellules sont en partie dans le filtre : elles ne se fusionnent pas."),
    (r"merge frozen and non-frozen", "Des cellules figées ne se fusionnent pas avec les autres."),
    (r"all (the )?non-frozen row", "Il faut garder au moins une ligne qui n’est pas figée."),
    (r"all (the )?non-frozen column", "Il faut garder au moins une colonne qui n’est pas figée."),
    (r"delete all the rows", "Il est impossible de supprimer toutes les lignes."),
    (r"delete all the columns", "Il est impossible de supprimer toutes les colonnes."),
    (r"freeze all visible", "Il faut garder au moins une ligne et une colonne qui ne sont pas figées."),
    (r"hide all the sheets|remove all the", "Un classeur garde au moins un onglet visible."),
    (r"sheet with the name \"(.*)\" already exists", "Un onglet s’appelle déjà « {} »."),
    (r"sheet name (must have|cannot)", "Le nom d’un onglet compte de 1 à 100 caractères."),
    (r"named range with name (.*), a named range", "Une plage s’appelle déjà « {} »."),
    (r"named range", "Ce nom ne convient pas : des lettres, des chiffres et « _ », sans espace."),
    (r"frozen and non-frozen", "Les lignes et colonnes figées ne se déplacent pas avec les autres."),
    (r"above the limit of 10000000|between 1 and 10000000", "L’onglet dépasserait dix millions de cellules."),
    (r"number of columns in the sheet above", "L’onglet aurait trop de colonnes."),
    (r"maximum of 50000 characters", "Une cellule contient au plus 50 000 caractères."),
    (r"regular expression", "Cette expression régulière est illisible."),
    (r"find must not be empty", "Écrivez ce qu’il faut chercher."),
    (r"exceeds grid limits|is after last|outside|No grid with id", "L’endroit visé n’est plus dans la grille."),
]


def in_french(message: str) -> str:
    """Say a refusal of the API in French; one that is not foreseen is quoted."""
    for pattern, sentence in _FRENCH:
        if found := re.search(pattern, message):
            return sentence.format(*(group for group in found.groups() if group))
    return f"Action refusée ({message})."
