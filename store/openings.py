"""A promotion opened from nothing: its programme, its code, its days, and the rule set it begins with."""

import re
from collections.abc import Mapping
from dataclasses import replace

from rules.message import Message
from rules.rule_set import PLAIN, RuleSet
from rules.value_times import long_date
from store import people, planning
from store.changes import Values, parse, refused
from store.db import database, rows
from store.journal import Author, record
from store.models import Programme

#: What describes a promotion to be opened: a programme that exists or the title of a new one, and whose rules it takes.
FIELDS = ("programme", "new_programme", "code", "title", "period", *planning.DAYS, "rules")
_CODE = re.compile("[A-Z0-9](?:[A-Z0-9-]{0,28}[A-Z0-9])?")
LONGEST = 255


def code_of(text: str) -> str:
    """Read the code of a cohort to be opened; raise Refused when it is malformed or taken."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise refused("code", Message(
            "Un code de promotion se compose de lettres sans accent, de chiffres et de tirets, 30 au plus ; "
            "exemple : CS26-2026."))  # fmt: skip
    if people.cohort(code):
        raise refused("code", Message("Il y a déjà une promotion %(code)s.", {"code": code}))
    return code


def title_of(text: str) -> str:
    """Read the title of a cohort to be opened; raise Refused when there is none or it is too long."""
    title = _short("title", text)
    if not title:
        raise refused("title", Message("Donnez un titre à la nouvelle promotion."))
    return title


def _short(field: str, text: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST:
        values = {"length": len(found), "most": LONGEST}
        raise refused(field, Message("Ce texte est trop long : %(length)s caractères, %(most)s au plus.", values))
    return found


def programmes() -> list[str]:
    """List the titles of the programmes that exist."""
    return [row[0] for row in rows(Programme.select(Programme.title).order_by(Programme.title))]


def open_cohort(author: Author, typed: Mapping[str, str]) -> str:
    """Open a cohort as described by FIELDS and return its code; raise Refused naming the field that is wrong."""
    programme = _programme(typed.get("programme", ""), typed.get("new_programme", ""))
    code, title = code_of(typed.get("code", "")), title_of(typed.get("title", ""))
    days = parse(planning.types(), {name: typed.get(name, "") for name in planning.DAYS}, lambda _name: False)
    period = _short("period", typed.get("period", "")) or _period(days)
    rules, taken_from = _rules(typed.get("rules", ""))
    notes = f"Règlement repris de {taken_from}." if taken_from else ""
    with database.atomic():
        cohort_id = people.add_cohort(author, programme, code, title, period, rules, notes=notes)
        for name, text in (("programme", programme), ("period", period), ("taken_rules", taken_from)):
            if text:
                record(author, cohort_id, "cohort", code, name, "", text)
        planning.set_days(author, cohort_id, days)
    return code


def _programme(known: str, new: str) -> str:
    """Return the title of a programme: one that exists, however its title is typed, or a new one."""
    new = _short("new_programme", new)
    titles = programmes()
    if known and new:
        raise refused("new_programme", Message(
            "Choisissez une formation de la liste ou donnez le titre d'une nouvelle, pas les deux."))  # fmt: skip
    if not known and not new:
        raise refused("new_programme", Message("Choisissez une formation, ou donnez le titre d'une nouvelle."))
    if known and known not in titles:
        raise refused("programme", Message("Cette formation n'existe pas : « %(raw)s ».", {"raw": known[:80]}))
    return known or next((title for title in titles if title.casefold() == new.casefold()), new)


def _rules(code: str) -> tuple[RuleSet, str]:
    """Return a rule set to begin with, and the code of the cohort that it is taken from, '' for the plain one."""
    if not code:
        return PLAIN, ""
    found = people.cohort(code)
    if found is None:
        raise refused("rules", Message("Il n'y a pas de promotion « %(raw)s ».", {"raw": code[:80]}))
    rules = people.rule_set(found[0])
    # The day to hand papers in is that of the other edition: it would be wrong here, and in silence.
    sources = {name: text for name, text in rules.sources.items() if name != "paper_due"}
    return replace(rules, paper_due=None, sources=sources), found[1]


def _period(days: Values) -> str:
    known = [days[name] for name in planning.DAYS if days.get(name)]
    return " – ".join(long_date(day).partition(" ")[2] for day in known)
