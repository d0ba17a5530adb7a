"""The paper in a dossier of the jury: its milestones, its deposit, what the rule set says of them and where."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from blueprints import htmx, wording
from rules.following import deadline
from rules.papers import MILESTONES, page_difference
from rules.rule_set import SETTINGS, RuleSet
from rules.values import display_date
from store import following, jury, tutoring

#: Settings about the paper; where none is asked for, the first alone is said.
ASKED = ("paper_required", "paper_graded", "pages_min", "pages_max", "paper_due", "similarity_max")


def paper(line: jury.Line, rules: RuleSet) -> dict[str, Any]:
    """Return what is known of the paper of a candidate, and what the rule set makes of it; nothing without one."""
    if not line.paper:
        return {}
    held = tutoring.held([line.paper]).get(line.paper, {})
    noted = following.steps([line.paper]).get(line.paper, {})
    steps = [
        (_(label), display_date(noted.get(following.REACHED + code, "")), noted.get(following.REMARK + code, ""))
        for code, label in MILESTONES.items() if code and code != "deposited"
    ]  # fmt: skip
    return held | {
        "steps": steps, "tutors": [held[name] for name in tutoring.FOLLOWING if held.get(name)],
        "asked": _asked(rules), "said": _said(line, rules, held),
    }  # fmt: skip


def _asked(rules: RuleSet) -> list[tuple[str, str, str]]:
    """List what the rule set asks of the paper as (setting, value, source)."""
    names = ASKED if rules.paper_required else ASKED[:1]
    found = [(_(SETTINGS[name]), wording.setting(rules, name), rules.source(name)) for name in names]
    return [setting for setting in found if setting[1]]


def _said(line: jury.Line, rules: RuleSet, held: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Say the day, the pages and the similarity against what is asked, each with whether it is met."""
    found, today = [], htmx.today()
    # A deposit without its day says nothing of whether it was late.
    if rules.paper_required and rules.paper_due and (line.deposited_on or not line.deposited):
        met = (line.deposited_on or today) <= rules.paper_due
        found.append((htmx.say(deadline(line.deposited_on, rules.paper_due, today)), met))
    difference = page_difference(_number(held, "pages"), rules.pages_min, rules.pages_max)
    if difference:
        found.append((htmx.say(difference), False))
    similarity = _number(held, "similarity")
    if similarity is not None and rules.similarity_max is not None and similarity > rules.similarity_max:
        found.append((_("Similitude de %(similarity)s %% : au-delà de %(most)s %%, le rapport est à regarder.",
                        similarity=similarity, most=rules.similarity_max), False))  # fmt: skip
    return found


def _number(held: Mapping[str, str], name: str) -> int | None:
    return int(held[name]) if held.get(name) else None
