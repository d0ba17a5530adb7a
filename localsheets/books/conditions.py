"""BooleanConditions: which exist, where each may be used, and how many values it takes."""

from typing import Any

from localsheets.errors import invalid, missing
from localsheets.requests.fields import trimmed

Json = dict[str, Any]
VALIDATION, FORMATTING, FILTERS = "data validation", "conditional formatting", "filters"
EVERYWHERE = {VALIDATION, FORMATTING, FILTERS}
SHOWN = {FORMATTING, FILTERS}
ANY = 10**6
# For each type: where it may be used, the least and the greatest number of values.
TYPES: dict[str, tuple[set[str], int, int]] = {
    "NUMBER_GREATER": (EVERYWHERE, 1, 1),
    "NUMBER_GREATER_THAN_EQ": (EVERYWHERE, 1, 1),
    "NUMBER_LESS": (EVERYWHERE, 1, 1),
    "NUMBER_LESS_THAN_EQ": (EVERYWHERE, 1, 1),
    "NUMBER_EQ": (EVERYWHERE, 1, 1),
    "NUMBER_NOT_EQ": (EVERYWHERE, 1, 1),
    "NUMBER_BETWEEN": (EVERYWHERE, 2, 2),
    "NUMBER_NOT_BETWEEN": (EVERYWHERE, 2, 2),
    "TEXT_CONTAINS": (EVERYWHERE, 1, 1),
    "TEXT_NOT_CONTAINS": (EVERYWHERE, 1, 1),
    "TEXT_STARTS_WITH": (SHOWN, 1, 1),
    "TEXT_ENDS_WITH": (SHOWN, 1, 1),
    "TEXT_EQ": (EVERYWHERE, 1, 1),
    "TEXT_IS_EMAIL": ({VALIDATION}, 0, 0),
    "TEXT_IS_URL": ({VALIDATION}, 0, 0),
    "DATE_EQ": (EVERYWHERE, 1, 1),
    "DATE_BEFORE": (EVERYWHERE, 1, 1),
    "DATE_AFTER": (EVERYWHERE, 1, 1),
    "DATE_ON_OR_BEFORE": ({VALIDATION}, 1, 1),
    "DATE_ON_OR_AFTER": ({VALIDATION}, 1, 1),
    "DATE_BETWEEN": ({VALIDATION}, 2, 2),
    "DATE_NOT_BETWEEN": ({VALIDATION}, 2, 2),
    "DATE_IS_VALID": ({VALIDATION}, 0, 0),
    "ONE_OF_RANGE": ({VALIDATION}, 1, 1),
    "ONE_OF_LIST": ({VALIDATION}, 1, ANY),
    "BLANK": (SHOWN, 0, 0),
    "NOT_BLANK": (SHOWN, 0, 0),
    "CUSTOM_FORMULA": (EVERYWHERE, 1, 1),
    "BOOLEAN": ({VALIDATION}, 0, 2),
}
OF_DATA_SOURCES = ("TEXT_NOT_EQ", "DATE_NOT_EQ", "FILTER_EXPRESSION")


def condition(given: Json | None, use: str) -> Json:
    """Return a BooleanCondition as it is kept; 400 when it cannot serve for this use."""
    kind = (given or {}).get("type", "CONDITION_TYPE_UNSPECIFIED")
    if kind in OF_DATA_SOURCES:
        raise missing(f"conditions of data sources such as {kind}")
    if kind not in TYPES or use not in TYPES[kind][0]:
        raise invalid(f"ConditionType '{kind}' is not supported in {use}.")
    values = (given or {}).get("values") or []
    _, least, most = TYPES[kind]
    if not least <= len(values) <= most:
        raise invalid(f"ConditionType '{kind}' does not take {len(values)} values.")
    for value in values:
        _check_value(value, kind, use)
    return trimmed(given or {})


def _check_value(value: Json, kind: str, use: str) -> None:
    text = str(value.get("userEnteredValue", ""))
    if "relativeDate" in value and (use == VALIDATION or not kind.startswith("DATE_")):
        raise invalid(f"A relative date cannot be used with ConditionType '{kind}' in {use}.")
    if kind == "CUSTOM_FORMULA" and not text.startswith("="):
        raise invalid("The formula of a CUSTOM_FORMULA condition must start with =.")


def validation_rule(given: Json | None) -> Json | None:
    """Return a DataValidationRule as it is kept; None where there is none."""
    if not given:
        return None
    return trimmed(given) | {"condition": condition(given.get("condition"), VALIDATION)}
