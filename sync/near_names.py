"""Say whom a row that is nobody's may be meant for: a misspelt name, or a second row of somebody."""

from collections.abc import Mapping

from sync.adoption.likeness import nearest
from sync.cells import Tab
from sync.mapping import NAMES, spelling_key
from sync.plan import Plan, Turned
from sync.plan_rows import FOLLOWS

NEAR = (
    "« {name} » n'est le nom de personne ici : voulez-vous dire {near} ? Corrigez le nom ; si c'est quelqu'un d'autre, "
    "ajoutez d'abord cette personne dans l'onglet Participants."
)
NEAR_WITH_ROW = (
    "« {name} » n'est le nom de personne ici : voulez-vous dire {near} ? Dans ce cas, reportez ce qui manque sur sa "
    "ligne {line}, puis supprimez celle-ci ; si c'est quelqu'un d'autre, ajoutez d'abord cette personne dans l'onglet "
    "Participants."
)
SECOND_ROW = "{near} a déjà sa ligne {line} dans cet onglet : reportez-y ce qui manque, puis supprimez celle-ci."


def name_the_nearest(plan: Plan, tab: Tab, local: Mapping[str, Mapping[str, str]]) -> None:
    """Name, in the refusal of each row that follows nobody, the people whose name is nearest to its own."""
    if not any(item.reason == FOLLOWS for item in plan.refused):
        return
    known = {spelling_key(shown): (key, shown) for key, row in local.items() if (shown := _shown(row))}
    # A sheet may write the two parts of a name in either order.
    known |= {spelling_key(_shown(row, backwards=True)): known[spelling_key(_shown(row))]
              for row in local.values() if _shown(row)}  # fmt: skip
    plan.refused = [_told(item, plan, tab, known) if item.reason == FOLLOWS else item for item in plan.refused]


def _shown(row: Mapping[str, str], backwards: bool = False) -> str:
    parts = (row.get("last_name", ""), row.get("first_name", ""))
    return " ".join(filter(None, reversed(parts) if backwards else parts))


def _told(item: Turned, plan: Plan, tab: Tab, known: Mapping[str, tuple[str, str]]) -> Turned:
    name = " ".join(filter(None, (tab.text(item.index, tab.columns[part]) for part in NAMES if part in tab.columns)))
    key = spelling_key(name)
    people = list(dict.fromkeys(known[near] for near in nearest(key, tuple(known))))
    if not people:
        return item
    rows = [plan.where(row) + 1 for row, _ in people if row in plan.known]
    near = " ou ".join(shown for _, shown in people)
    line = rows[0] if rows and len(people) == 1 else 0
    exact = key in known and len(people) == 1
    pattern = SECOND_ROW if exact and line else NEAR_WITH_ROW if line else NEAR
    return item._replace(typed=item.typed or name, reason=pattern.format(name=name, near=near, line=line))
