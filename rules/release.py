"""What holds the release of a certificate to somebody admitted. It never touches the decision of the jury."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.message import Message
from rules.rule_set import RuleSet
from rules.value_times import display_date

#: The hold for want of fees; every other one is called as its condition is in the rule set.
FEES = "fees"


@dataclass(frozen=True)
class Hold:
    """One thing that holds a release, and what staff read of it."""

    code: str
    message: Message


def holds(
    rule_set: RuleSet, fees_paid_on: date | None, met: Mapping[str, date], today: date
) -> tuple[Hold, ...]:  # fmt: skip
    """List what holds a release: fees without a date of payment, then each condition that nobody met.

    met: condition -> the day it was met. A condition that the rule set does not name holds nothing. A day to come
    announces a payment: it holds until then.
    """
    asked = [(FEES, fees_paid_on)] if rule_set.fees_required else []
    asked += [(condition, met.get(condition)) for condition in rule_set.release_conditions]
    return tuple(Hold(code, _said(code, day)) for code, day in asked if day is None or day > today)


def _said(code: str, day: date | None) -> Message:
    """Say what holds a release, and the day that it is announced for."""
    announced = display_date(day.isoformat()) if day else ""
    if code == FEES:
        if day is None:
            return Message("Frais dus.")
        return Message("Frais dus : règlement annoncé pour le %(day)s.", {"day": announced})
    if day is None:
        return Message("À constater : %(condition)s.", {"condition": code})
    return Message("À constater : %(condition)s, annoncé pour le %(day)s.", {"condition": code, "day": announced})
