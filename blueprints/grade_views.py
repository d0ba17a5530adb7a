"""Tables of what is graded: which columns one has, whose lines, and how a line reads; for entry and for two markers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from blueprints import cells, htmx
from blueprints.cells import Problem
from rules.grades import (
    EXCUSED,
    GRADE,
    MARKERS,
    MARKINGS,
    PAPER,
    RESIT,
    RESIT_ON,
    Graded,
    asks_excused,
    entered,
    far_apart,
    proposed,
)
from rules.rule_set import RuleSet
from rules.values import Type, display_date, display_decimal
from store import candidate_numbers, grade_grid, grades, jury, people
from store.grade_grid import Candidate

#: Between the field and the candidate in the name of a cell.
AT = "@"
#: Between the values that the author of a line had read: no cell holds one.
SEEN = "\t"
#: Of the address of the table: the paper alone, which is never under a number.
PAPER_ALONE = "ecrit"


@dataclass(frozen=True)
class Column:
    """One column: the field that is typed there, '' where it only shows what was worked out; `work` is what of."""

    field: str
    work: str
    head: str
    title: str
    label: str
    wide: bool = False


@dataclass(frozen=True)
class View:
    """One table: its columns, under which unit each stands, and whether lines bear numbers or names.

    groups: (unit or paper, its title, how many columns), in order; none where columns stand alone.
    """

    cohort: Any = field(compare=False)
    rules: RuleSet = field(compare=False)
    columns: tuple[Column, ...]
    groups: tuple[tuple[str, str, int], ...]
    numbered: bool
    covered: bool
    language: str
    #: The work that two markers are shown of; '' for the table of all grades.
    work: str = ""

    @property
    def fields(self) -> list[str]:
        """List what is typed in a line, from left to right."""
        return [column.field for column in self.columns if column.field]

    @property
    def parts(self) -> list[Column]:
        """List the columns that stand beneath the heading of their unit, with others of it."""
        rest = iter(self.columns)
        found = [list(islice(rest, count)) for _head, _title, count in self.groups]
        return [column for mine in found if len(mine) > 1 for column in mine]

    @property
    def held_on(self) -> dict[str, date | None]:
        """Return the day of the control of each work."""
        return {one.work: one.held_on for one in entered(self.rules)}

    @property
    def types(self) -> dict[str, Type]:
        """Return the type of each field of a line."""
        known = grades.types(self.rules)
        return {name: known[name] for name in self.fields}

    @property
    def verb(self) -> cells.Verb:
        """Return the verb that changes a line: by number as long as names are covered."""
        if not self.numbered:
            return jury.change
        return partial(_numbered, self.cohort.id)

    def candidates(self, only: Collection[str] | None = None) -> list[Candidate]:
        """List the lines of the table, or those of some candidates."""
        if self.numbered:
            return grade_grid.numbered(self.cohort.id, only)
        return grade_grid.named(self.cohort.id, self.covered, only)


def _numbered(cohort_id: int, author: Any, row: str, raw: Any, expected: Any) -> object:
    return jury.change_numbered(author, cohort_id, int(row), raw, expected)


def of_grades(cohort: Any, paper: bool) -> View:
    """Return the table of all grades; while names are covered, of the units by number, or of the paper by name."""
    rules = people.rule_set(cohort.id)
    covered = candidate_numbers.covered(cohort.id, rules)
    numbered = covered and not paper
    wanted = [one for one in entered(rules) if (one.work == PAPER) == paper or not covered]
    if not covered and not jury.paper_shown(cohort.id, rules):
        wanted = [one for one in wanted if one.work != PAPER]
    columns, groups = [], []
    for unit in dict.fromkeys(one.unit for one in wanted):
        mine = [_column(one) for one in wanted if one.unit == unit]
        title = next((found.title for found in rules.units if found.code == unit), "")
        title = mine[0].title if len(mine) == 1 else title
        if mine[0].work != unit and unit:
            mine.append(Column("", unit, _("Note"), "", unit))
        columns += mine
        groups.append((unit or mine[0].head, title, len(mine)))
    return View(cohort, rules, tuple(columns), tuple(groups), numbered, covered, htmx.language())


def _column(one: Graded) -> Column:
    head = one.short if one.work == one.unit or not one.unit else f"{one.short} ×{one.weight}"
    title = " · ".join(filter(None, [one.held_on and display_date(one.held_on.isoformat()), one.title]))
    return Column(f"{GRADE}{one.work}", one.work, head, title, one.label)


def of_markers(cohort: Any, work: str) -> View | None:
    """Return the table of the two markings of a work and the grade agreed on; None when there is no such work."""
    rules = people.rule_set(cohort.id)
    one = next((one for one in entered(rules) if one.work == work), None)
    if one is None:
        return None
    covered = candidate_numbers.covered(cohort.id, rules)
    labels = (
        (MARKERS[0], _("1er correcteur"), True), (MARKINGS[0], _("Sa note"), False),
        (MARKERS[1], _("2e correcteur"), True), (MARKINGS[1], _("Sa note"), False),
    )  # fmt: skip
    columns = [Column(f"{name}{work}", work, label, "", label, wide) for name, label, wide in labels]
    columns += [Column("", work, _("Écart"), "", ""), Column(f"{GRADE}{work}", work, _("Note retenue"), "", one.label)]
    return View(cohort, rules, tuple(columns), (), covered and work != PAPER, covered, htmx.language(), work)


# -- lines ---------------------------------------------------------------------------------------------

#: A line as it is drawn: its candidate, and of each column what is shown and what stands beneath;
#: then what its author reads there, and whether it is sealed.
Drawn = tuple[str, str, str, tuple[tuple[str, str, bool], ...], str, bool]


def drawn(view: View, candidates: Iterable[Candidate]) -> list[Drawn]:
    """Return the lines of a table as plain values: equal values make equal HTML, which is kept."""
    target = "" if view.numbered else url_for("jury.change", code=view.cohort.code, enrolment_id="-")[:-1]
    listed = list(candidates)
    away = _away(view, listed)
    return [
        (
            who.key, who.name, f"{target}{who.key}" if target else "",
            tuple(_cell(view, column, who.fields, away.get(who.key, ())) for column in view.columns),
            SEEN.join(who.fields.get(name, "") for name in view.fields), who.sealed,
        )
        for who in listed
    ]  # fmt: skip


def _away(view: View, candidates: Iterable[Candidate]) -> dict[str, Collection[date]]:
    """Return who was absent with a justification on the day of a control; never of a number, which that would name."""
    if view.numbered or view.work:
        return {}
    days = set(filter(None, view.held_on.values()))
    for who in candidates:
        days |= {date.fromisoformat(text) for name, text in who.fields.items() if name.startswith(RESIT_ON)}
    return grade_grid.justified(view.cohort.id, sorted(days))  # type: ignore[return-value]


def _cell(
    view: View, column: Column, fields: Mapping[str, str], away: Collection[date] = ()
) -> tuple[str, str, bool]:
    """Return what a cell shows, what stands beneath it, and whether that is to be looked at."""
    given = [fields.get(f"{marking}{column.work}", "") for marking in MARKINGS]
    if not column.field and view.work:
        return _gap(view, given)
    text = fields.get(column.field or f"{GRADE}{column.work}", "")
    text = text if column.wide else display_decimal(text)
    if not column.field or view.work:
        return text, "", False
    beneath = []
    if resit := fields.get(f"{RESIT}{column.work}"):
        beneath.append(_("rattr. %(grade)s", grade=display_decimal(resit)))
    if view.rules.double_marking and any(given):
        beneath.append(" | ".join(display_decimal(cell) or "–" for cell in given))
    hints = absences(fields, column.work, view.held_on.get(column.work), away) if away and column.field else []
    return text, " · ".join([*beneath, *hints]), bool(hints) or far_apart(given, view.rules.marking_gap)


def absences(fields: Mapping[str, str], work: str, held_on: date | None, away: Collection[date]) -> list[str]:
    """Say that somebody was absent with a justification on the day of a control or of its resit; it changes nothing."""
    found, grade, resit = [], fields.get(f"{GRADE}{work}", ""), fields.get(f"{RESIT}{work}", "")
    resit_on = fields.get(f"{RESIT_ON}{work}", "")
    if held_on in away and grade != EXCUSED:
        said = _("absence justifiée le %(day)s, jour de l'épreuve", day=display_date(held_on.isoformat()))  # type: ignore[union-attr]
        found.append(_("%(said)s : EXC ?", said=said) if asks_excused(grade) else said)
    if resit_on and resit != EXCUSED and date.fromisoformat(resit_on) in away:
        found.append(_("absence justifiée au rattrapage du %(day)s", day=display_date(resit_on)))
    return found


def _gap(view: View, given: list[str]) -> tuple[str, str, bool]:
    mean, far = proposed(given), far_apart(given, view.rules.marking_gap)
    words = []
    if mean:
        words.append(_("moyenne %(grade)s", grade=display_decimal(mean)))
    if far:
        words.append(_("écart à regarder"))
    return " · ".join(words), "", far


def html(
    view: View, line: Drawn, problems: Mapping[str, Problem] | None = None, saved: frozenset[str] = frozenset()
) -> str:
    """Draw one line; `problems` are those of its cells, `saved` the fields that were just kept."""
    key, name, action, shown, seen, sealed = line
    return htmx.fragment(
        "grades/_row.html", key=key, who=name, action=action, seen=seen, at=AT, problems=problems or {}, saved=saved,
        cells=list(zip(view.columns, shown, strict=True)), version=htmx.digest(line), sealed=sealed,
    )  # fmt: skip


_kept = lru_cache(maxsize=4096)(html)


def lines(view: View, found: Iterable[Drawn], problems: Mapping[str, Mapping[str, Problem]]) -> list[str]:
    """Give the HTML of lines."""
    return [html(view, line, problems[line[0]]) if line[0] in problems else _kept(view, line) for line in found]
