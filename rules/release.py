"""What holds the release of a certificate to somebody admitted. It never touches the decision of the jury."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.message import Message
from rules.rule_set import RuleSet

#: The hold for want of fees; every other one is called as its condition is in the rule set.
FEES = "fees"


@dataclass(frozen=True)
class Hold:
    """One thing that holds a release, and what staff read of it."""

    code: str
    message: Message


def holds(rule_set: RuleSet, fees_paid_on: date | None, met: Mapping[str, date]) -> tuple[Hold, ...]:
    """List what holds a release: fees without a date of payment, then each condition that nobody met.

    met: condition -> the day it was met. A condition that the rule set does not name holds nothing.
    """
    found = [] if fees_paid_on or not rule_set.fees_required else [Hold(FEES, Message("Frais dus."))]
    found += [
        Hold(condition, Message("À constater : %(condition)s.", {"condition": condition}))
        for condition in rule_set.release_conditions
        if condition not in met
    ]
    return tuple(found)
