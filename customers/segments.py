"""Which segment a customer belongs to by the rules. Pure; `segment_query.py` says the same in SQL.

The first rule of the ordered list all of whose conditions hold decides; a rule without conditions
always holds; where none holds the customer has no segment ("").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NUMBER_FIELDS = ("mrr", "seats")
TEXT_FIELDS = ("plan", "tag")
OPS = {"mrr": ("gte", "lt"), "seats": ("gte", "lt"), "plan": ("is", "is_not"), "tag": ("is", "is_not")}


class RuleError(ValueError):
    """A condition that says nothing we can calculate; `code` is `field`, `op` or `value`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Condition:
    """One thing that must hold: `mrr` in cents a month, `seats` a count, `plan` and `tag` exact text."""

    field: str
    op: str
    value: int | str


@dataclass(frozen=True)
class Rule:
    """A segment and what must hold for it."""

    segment: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What the rules look at: sums over the subscriptions in force on the day, and the tags.

    `seats` None means that no subscription in force says how many: then no condition on seats holds.
    """

    mrr_cents: int = 0
    seats: int | None = None
    plans: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


def condition_from(data: Mapping[str, Any]) -> Condition:
    """Read a condition as it is stored. Raises `RuleError`."""
    field, op, value = data.get("field"), data.get("op"), data.get("value")
    if field not in OPS:
        raise RuleError("field")
    if op not in OPS[field]:
        raise RuleError("op")
    if field in NUMBER_FIELDS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RuleError("value")
        return Condition(field, op, value)
    if not isinstance(value, str) or not value.strip():
        raise RuleError("value")
    return Condition(field, op, value.strip())


def rules_from(rows: Iterable[tuple[str, list[dict[str, Any]]]]) -> list[Rule]:
    """Read the ordered list of (segment, stored conditions). Raises `RuleError`."""
    return [Rule(segment, tuple(condition_from(one) for one in conditions)) for segment, conditions in rows]


def holds(condition: Condition, facts: Facts) -> bool:
    """Tell whether a condition holds for a customer's facts."""
    if condition.field in NUMBER_FIELDS:
        amount = facts.mrr_cents if condition.field == "mrr" else facts.seats
        if amount is None:
            return False
        limit = int(condition.value)
        return amount >= limit if condition.op == "gte" else amount < limit
    among = condition.value in (facts.plans if condition.field == "plan" else facts.tags)
    return among if condition.op == "is" else not among


def segment_for(facts: Facts, rules: Iterable[Rule]) -> str:
    """Return the segment the rules give, "" where none holds."""
    for rule in rules:
        if all(holds(condition, facts) for condition in rule.conditions):
            return rule.segment
    return ""
