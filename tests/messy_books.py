"""Spreadsheets as staff really keep them, to be adopted: titles, two-line headers, misspellings, totals, formulas.

They fit the small cohort of `sync_bench`: six people, four half-days on 20/01/2025 and 14/02/2025.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.value_times import show_date, show_time
from store import adoptions, agreement, bindings
from store.journal import Author
from sync import adopting, cycle, layout
from sync.adopt_look import Looked, look
from tests.sync_bench import NAMES, Cohort, post

Json = dict[str, Any]
OFFICE = Author("Camille Coordination", "page")
FIRST, SECOND = show_date("2025-01-20"), show_date("2025-02-14")
AREA = ("sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
SHORT_DAY = {"numberFormat": {"type": "DATE", "pattern": "dd/mm"}}
GREEN = {"backgroundColor": {"red": 0.7, "green": 0.9, "blue": 0.7}}


@dataclass
class Messy:
    """One spreadsheet: its tabs with their lines, and what staff added to them."""

    title: str
    tabs: Mapping[str, Sequence[Sequence[Any]]]
    #: Merged cells, as (tab, first row, row after, first column, column after).
    merges: Sequence[tuple[str, int, int, int, int]] = ()
    #: {tab: {kind, columns: {header: field}}} of what has to be proposed.
    expected: Mapping[str, Json] = field(default_factory=dict)
    audience: str = "staff"

    def body(self) -> Json:
        """Return the spreadsheet as `spreadsheets.create` takes it."""
        return {"properties": {"title": self.title, "locale": "fr_FR"}, "sheets": list(self._sheets())}

    def _sheets(self) -> Any:
        for place, (title, lines) in enumerate(self.tabs.items()):
            width = max((len(line) for line in lines), default=0)
            grid = {"rowCount": max(40, len(lines) + 10), "columnCount": max(width, 8)}
            rows = [{"values": [cell(value) for value in line]} for line in lines]
            merges = [
                dict(zip(AREA, (place + 1, *area), strict=True))
                for tab, *area in self.merges
                if tab == title
            ]
            properties = {"sheetId": place + 1, "title": title, "gridProperties": grid}
            yield {"properties": properties, "data": [{"rowData": rows}], "merges": merges}


def cell(value: Any) -> Json:
    """Return a cell: text, number, =formula or (value, format); None is blank."""
    look = None
    if isinstance(value, tuple):
        value, look = value
    if value is None:
        found: Json = {}
    elif isinstance(value, str):
        found = {"userEnteredValue": {"formulaValue" if value.startswith("=") else "stringValue": value}}
    else:
        found = {"userEnteredValue": {"numberValue": value}}
    return found | ({"userEnteredFormat": look} if look else {})


TITLES = Messy(
    "Promo 2025 — suivi",
    {
        "Liste stagiaires": [
            [("CERTIFICAT ESS — PROMOTION 2025", GREEN)],
            [],
            ["Mis à jour le 12/01 par Sylvie"],
            ["N°", "NOM", "Prénon", "Adresse mail", "Tel. portable", "Entreprise", "Financeur", "Né(e) le",
             "Remarques"],
            [1, "ARNAUD", "Inès", "0@exemple.fr", "0612345670", "Mairie", "CPF", 31000, "arrive en retard le lundi"],
            [2, "BERNARD", "Theo", None, "0612345671", None, "opco", None, None],
            [],
            [3, "CHEVALIER", "Noé", "2@exemple.fr", "06 99 99 99 99", "Asso", "Région", 33000, ("à rappeler", GREEN)],
            [4, "Dupont", "Jeanne", "3@exemple.fr", "0612345673", None, None, None, None],
            [5, "Étienne", "Zoé", "4@exemple.fr", "0612345674", None, None, None, None],
            [6, "GERMAIN", "Sophie", "sophie@exemple.fr", "0700000000", "CNRS", "employeur", 28000, None],
            [7, "Lefort", None, None, None, None, None, None, "nom à confirmer"],
            [None, "TOTAL", "=COUNTA(B5:B12)", None, None, None, None, None, None],
        ],
        "Notes de frais": [["Date", "Montant"], [FIRST, 12.5]],
    },
    merges=[("Liste stagiaires", 0, 1, 0, 9)],
    expected={
        "Liste stagiaires": {
            "kind": "participants",
            "columns": {"NOM": "last_name", "Prénon": "first_name", "Adresse mail": "email", "Tel. portable": "phone",
                        "Entreprise": "employer", "Financeur": "funding"},
        },
        "Notes de frais": {"kind": ""},
    },
)  # fmt: skip

TWO_LINES = Messy(
    "Émargement",
    {
        "Emargements": [
            ["Feuille de présence", None, None, None, None, None, None],
            [None, None, "20/01", None, "14/02", None, "Bilan"],
            ["Stagiaire", "Groupe", "AM", "PM", "AM", "PM", "Absences"],
            ["ARNAUD Inès", "A", "P", "P", "A", "P", '=COUNTIF(C4:F4;"A*")'],
            ["BERNARD Théo", "A", "P", "R 15", "P", None, '=COUNTIF(C5:F5;"A*")'],
            [None, None, None, None, None, None, None],
            ["CHEVALIER Noé", "B", "aj", "AJ", "P", "P", '=COUNTIF(C7:F7;"A*")'],
            ["DUPONT Jeanne", "B", "P", "P", "P", "?", '=COUNTIF(C8:F8;"A*")'],
            ["ETIENNE Zoe", "B", "P", "P", ("V", GREEN), "P", '=COUNTIF(C9:F9;"A*")'],
            ["Présents", None, '=COUNTIF(C4:C9;"P")', '=COUNTIF(D4:D9;"P")', None, None, None],
        ],
    },
    merges=[("Emargements", 0, 1, 0, 7), ("Emargements", 1, 2, 2, 4), ("Emargements", 1, 2, 4, 6)],
    expected={
        "Emargements": {
            "kind": "attendance", "name_order": "last_first", "header_lines": 2,
            "columns": {"Stagiaire": "full_name", "AM 20/01": 0, "PM 20/01": 1, "AM 14/02": 2, "PM 14/02": 3},
        },
    },
)  # fmt: skip

MIXED_DATES = Messy(
    "Présences (ancien modèle)",
    {
        "Appel": [
            ["Légende : P = présent, A = absent"],
            ["Prénom NOM", "lun. 20 janv. matin", "20-01-25 14h", (SECOND, SHORT_DAY),
             "ven 14 fév PM", "Total"],
            ["Groupe du lundi"],
            ["Inès Arnaud", "P", "P", "P", "A", '=COUNTIF(B4:E4;"P")'],
            ["Théo Bernard", "p", "absent", None, "retard 10 min", '=COUNTIF(B5:E5;"P")'],
            [],
            ["Groupe du mardi"],
            ["Hugo Fabre", "P", "P", "P", "P", '=COUNTIF(B8:E8;"P")'],
            ["Jeanne Dupont", "P", "P", "P", "P", '=COUNTIF(B9:E9;"P")'],
        ],
    },
    expected={
        "Appel": {
            "kind": "attendance", "name_order": "first_last",
            "columns": {"Prénom NOM": "full_name", "lun. 20 janv. matin": 0, "20-01-25 14h": 1, "14/02/2025": 2,
                        "ven 14 fév PM": 3},
        },
    },
)  # fmt: skip

PLANNING = Messy(
    "Planning de la promo",
    {
        "Calendrier": [
            ["Planning prévisionnel"],
            [],
            ["Date", "Heure début", "Heure fin", "Durée", "Nature", "Module", "Salle", "Formateur"],
            [FIRST, show_time("09:30"), show_time("12:30"), "=C4-B4", "cours", "1 · Histoire", "21.2.32", "M. Weber"],
            ["lundi 20 janvier 2025", "14h", "17h00", "=3", "cours", None, "21.2.32", None],
            [SECOND, "9h00", "12h30", "=3,5", "cours", "2 · Droit", "45.1.1", "Mme Arendt"],
            [SECOND, "14:00", "18:30", "=4,5", "cours", "1 · Histoire", "21.2.32", None],
            [show_date("2025-03-05"), "9h30", "12h30", "=3", "visite", None, "Opale", "Mme Arendt"],
            [None, None, "Total", "=SUM(D4:D8)", None, None, None, None],
        ],
    },
    expected={
        "Calendrier": {
            "kind": "half_days",
            "columns": {"Date": "day", "Heure début": "start", "Heure fin": "end", "Nature": "kind", "Module": "module",
                        "Salle": "place", "Formateur": "teachers"},
        },
    },
)  # fmt: skip

PAPERS = Messy(
    "Suivi des notes de validation",
    {
        "Suivi mémoires": [
            [None, "Tableau tenu par Denis", None, None, None, None, None],
            ["Nom, prénom", "Sujet du mémoire", "Tutrice / tuteur", "Avancement", "Date de dépôt", "Nb pages", "Lien"],
            ["Arnaud, Inès", "La ville", "Claire Fontaine", "plan", None, None, None],
            ["Bernard, Théo", "Le droit", "denis morel", "Dépôt", "20/05/2025", 18, '=HYPERLINK("https://exemple.fr/b";"note")'],
            ["Chevalier, Noé", None, "Mme Inconnue", None, None, None, None],
            ["Nombre de notes", "=COUNTA(B3:B5)", None, None, None, None, None],
        ],
    },
    expected={
        "Suivi mémoires": {
            "kind": "papers", "name_order": "last_comma_first",
            "columns": {"Nom, prénom": "full_name", "Sujet du mémoire": "title", "Tutrice / tuteur": "tutor",
                        "Avancement": "milestone", "Date de dépôt": "deposited_on", "Nb pages": "pages",
                        "Lien": "link"},
        },
    },
)  # fmt: skip

EVERYTHING = Messy(
    "Promo ESS tout-en-un",
    {
        "Lisez-moi": [["Ne pas modifier les formules !"], ["Merci, Sylvie"]],
        "Inscrits 2024": [["Nom", "Prénom", "Mail"], ["Ancien", "Élève", "ancien@exemple.fr"]],
        "Inscrits 2025": [["Nom de famille", "Prénoms", "Mail", "Tél"]] + [
            [last, first, f"{n}@exemple.fr", f"061234567{n}"] for n, (last, first) in enumerate(
                NAMES)
        ],
        "Présences 2025": [
            ["Nom", "Prénom", "20/01/2025 9h30", "20/01/2025 14h", "14/02/2025 9h", "14/02/2025 14h"],
            ["Arnaud", "Inès", "P", "P", None, None],
            ["Fabre", "Hugo", "A", "P", None, None],
        ],
        "Mémoires": [["Stagiaire", "Titre", "Tuteur"], ["ARNAUD Inès", "La ville", "Claire Fontaine"]],
    },
    expected={
        "Lisez-moi": {"kind": ""},
        "Inscrits 2024": {"kind": ""},
        "Inscrits 2025": {"kind": "participants"},
        "Présences 2025": {"kind": "attendance"},
        "Mémoires": {"kind": "papers", "name_order": "last_first"},
    },
)  # fmt: skip

JURY = Messy(
    "Jury 2025 (confidentiel)",
    {
        "Jury": [
            ["Délibération du 10 juin"],
            ["Nom", "Prénom", "RSV 206", "RSV207", "Note du mémoire", "Avis du jury", "Moyenne"],
            ["Arnaud", "Inès", 12, "14,5", 13, "admise", "=AVERAGE(C3:E3)"],
            ["Bernard", "Théo", 8, "ABS", "ATT", None, "=AVERAGE(C4:E4)"],
            ["Moyenne", None, "=AVERAGE(C3:C4)", None, None, None, None],
        ],
    },
    expected={
        "Jury": {
            "kind": "jury",
            "columns": {"Nom": "last_name", "Prénom": "first_name", "RSV 206": "grade-RSV206", "RSV207": "grade-RSV207",
                        "Note du mémoire": "grade-paper", "Avis du jury": "decision"},
        },
    },
    audience="jury",
)  # fmt: skip

TICKS = Messy(
    "Suivi à notre façon",
    {
        "Contacts": [
            ["Nom", "Prénom", "Portable"],
            ["Arnaud", "Inès", 612345670],
            ["Bernard", "Théo", "06.12.34.56.71"],
            ["Chevalier", "Noé", "+33 6 12 34 56 72"],
            ["Dupont", "Jeanne", "06 12 34 56 73"],
            ["Étienne", "Zoé", 33612345674],
            ["Fabre", "Hugo", "612345675"],
        ],
        "Appel": [
            ["Feuille d'appel 2025", None, None, None, None],
            [None, "Janvier", None, "Février", None],
            ["Stagiaire", "20/01 matin", "20/01 après-midi", "14/02 matin", "14/02 après-midi"],
            ["Arnaud Inès", "x", 1, "✓", None],
            ["Bernard Théo", "X", 1, "✓", "R 10"],
            ["Chevalier Noé", "x", 0, "non", None],
            ["Dupont Jeane", "x", 1, "oui", None],
            ["Etienne Zoe", "x", 1, "oui", None],
            ["Fabre Hugo", "AJ", 1, "oui", None],
        ],
    },
    merges=[("Appel", 0, 1, 0, 5), ("Appel", 1, 2, 1, 3), ("Appel", 1, 2, 3, 5)],
    expected={
        "Contacts": {
            "kind": "participants", "columns": {"Nom": "last_name", "Prénom": "first_name", "Portable": "phone"},
        },
        "Appel": {
            "kind": "attendance", "name_order": "last_first",
            "columns": {"Stagiaire": "full_name", "20/01 matin": 0, "20/01 après-midi": 1, "14/02 matin": 2,
                        "14/02 après-midi": 3},
        },
    },
)  # fmt: skip

BOOKS = {
    "titles": TITLES, "two lines": TWO_LINES, "mixed dates": MIXED_DATES, "planning": PLANNING, "papers": PAPERS,
    "everything": EVERYTHING, "jury": JURY,
    "ticks": TICKS,
}  # fmt: skip


# -- adopting them --------------------------------------------------------------------------------


@dataclass
class Desk:
    """One cohort, spreadsheets made by staff, and the worker that serves the page."""

    url: str
    cohort: Cohort
    sheets: Any

    def make(self, messy: Messy) -> str:
        """Create a spreadsheet; return its id."""
        return self.sheets.create(messy.body())["spreadsheetId"]

    def staff(self, book: str, *actions: Json) -> None:
        """Do what staff do in a spreadsheet."""
        answer = post(f"{self.url}/_control/staff", {"by": "secrétariat", "book": book, "do": list(actions)})
        assert not answer.get("refused"), answer

    def give_away(self, book: str, role: str = "writer") -> None:
        """Make a person the owner of a spreadsheet: protections and roles never hold its owner."""
        account = self.sheets.account
        self.staff(book, {"do": "unshare", "account": account}, {"do": "reshare", "account": account, "role": role})

    def look(self, book: str, messy: Messy, mapping: Json | None = None, before: Json | None = None) -> Looked:
        """Look at a spreadsheet without any adoption."""
        return look(self.sheets, book, self.cohort.id, messy.audience, mapping, before)

    def ask(self, book: str, audience: str = "staff") -> adoptions.Step:
        """Ask for an adoption as the page does, and let the worker answer."""
        key = adoptions.ask(OFFICE, self.cohort.id, book, audience)
        self.serve()
        return adoptions.step(key)

    def serve(self) -> None:
        """Let the worker serve all that waits."""
        while adopting.serve(lambda: [self.sheets], "test"):
            pass

    def accept(self, step: adoptions.Step) -> adoptions.Step:
        """Accept an adoption as it was proposed, and let the worker bind it."""
        adoptions.accept(OFFICE, step.id, step.revision)
        self.serve()
        return adoptions.step(step.id)

    def adopt(self, messy: Messy) -> str:
        """Adopt a spreadsheet whole as it is proposed, down to agreement; return its id."""
        book = self.make(messy)
        step = self.ask(book, messy.audience)
        assert step.state == adoptions.PROPOSED, step.trouble
        assert step.preview["problems"] == [], step.preview["problems"]
        step = self.accept(step)
        assert step.state == adoptions.BOUND, (step.trouble, step.preview.get("note"))
        self.calm(book)
        return book

    def step(self, book: str) -> adoptions.Step:
        """Return the adoption of a spreadsheet."""
        key = next(row[0] for row in adoptions.listed() if row[2] == book)
        return adoptions.step(key)

    def calm(self, book: str, most: int = 8) -> int:
        """Run cycles until one has nothing more to do; return how many ran."""
        for count in range(1, most + 1):
            report = cycle.run(book, self.sheets, "test")
            assert report is not None
            assert not report.paused, report.paused
            if not report.writes and not report.again and not report.pulled:
                return count
        raise AssertionError(f"still busy after {most} cycles: {report}")

    def tabs(self, book: str) -> dict[str, layout.Tab]:
        """Read every tab, by title."""
        return {tab.title: tab for tab in layout.tabs(self.sheets.read(book)).values()}

    def whole(self, book: str) -> list[Json]:
        """Return all that a spreadsheet holds: values, formulas, formats, notes, merges, filters."""
        mask = (
            "sheets(properties(sheetId,title,hidden,gridProperties),merges,basicFilter,"
            "data(rowData(values(userEnteredValue,userEnteredFormat,note))))"
        )
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{book}"
        found = self.sheets.http.request("get", url, params={"fields": mask}).json()["sheets"]
        return [sheet for sheet in found if sheet["properties"]["title"] != "_passerelle"]

    def bound(self, book: str) -> dict[str, agreement.BoundTab]:
        """Return the tabs bound, by title."""
        return {tab.title: tab for tab in bindings.adopted(book, self.cohort.id)}


# -- what staff find again ------------------------------------------------------------------------


def differences(before: list[Json], after: list[Json], lines: Mapping[str, list[Json]]) -> list[str]:
    """List where a spreadsheet holds something else than before, what a preview announced left out.

    Cells are compared with their formats and notes; our column of ids, the last one, is left out.
    """
    found = []
    for old, new in zip(before, after, strict=True):
        title = old["properties"]["title"]
        rows = {_place(line["address"])[0] for line in lines["rows"] if line["tab"] == title}
        columns = {_place(line["address"])[1] for line in lines["columns"] if line["tab"] == title}
        announced = {_place(line["address"]) for line in lines["cells"] if line["tab"] == title}
        kept = _cells(new)
        for place, cell_before in _cells(old).items():
            now = kept.pop(_moved(place, rows, columns), {})
            if place in announced:
                now, cell_before = ({k: v for k, v in c.items() if k != "userEnteredValue"} for c in (now, cell_before))
            if now != cell_before:
                found.append(f"{title} {place}: {cell_before} is now {now}")
        ids = _id_column(kept)
        for (row, column), cell_now in kept.items():
            expected = row in rows or column in columns or column == ids or (row, column) in announced
            if not expected and cell_now.get("userEnteredValue"):
                found.append(f"{title} {row, column}: {cell_now} is new")
        for name in ("merges", "basicFilter"):
            if not ids and old.get(name) != new.get(name):
                found.append(f"{title}: {name} is now {new.get(name)}")
    return found


def _place(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1


def _cells(sheet: Json) -> dict[tuple[int, int], Json]:
    rows = (sheet.get("data") or [{}])[0].get("rowData", [])
    return {
        (r, c): value for r, row in enumerate(rows) for c, value in enumerate(row.get("values", [])) if value
    }


def _moved(place: tuple[int, int], rows: set[int], columns: set[int]) -> tuple[int, int]:
    row, column = place
    for inserted in sorted(rows):
        row += inserted <= row
    for inserted in sorted(columns):
        column += inserted <= column
    return row, column


def _id_column(cells: Mapping[tuple[int, int], Json]) -> int | None:
    ids = [column for (_, column), value in cells.items() if value.get("userEnteredValue") == {"stringValue": "ID"}]
    return max(ids, default=None)
