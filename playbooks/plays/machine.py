"""How a run goes from step to step. Pure: the engine and the rehearsal both follow it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbooks.plays.conditions import Condition, Known, events_asked, holds

END = 0


@dataclass(frozen=True)
class Plan:
    """A step as the machine sees it; see `playbooks.models.Step` for what its parts mean."""

    key: int
    kind: str
    title: str = ""
    after: int = 0
    unit: str = "day"
    condition: Condition = field(default_factory=dict)
    branch: Condition = field(default_factory=dict)
    branch_to: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def first(steps: Sequence[Plan]) -> int | None:
    """Return the key of the first step."""
    return steps[0].key if steps else None


def by_key(steps: Iterable[Plan], key: int | None) -> Plan | None:
    """Return the step of a key."""
    return next((step for step in steps if step.key == key), None)


def behind(steps: Sequence[Plan], key: int) -> int | None:
    """Return the key of the step behind one, None behind the last."""
    keys = [step.key for step in steps]
    place = keys.index(key) + 1
    return keys[place] if place < len(keys) else None


def next_of(steps: Sequence[Plan], step: Plan, known: Known, *, done: bool) -> int | None:
    """Return the key of the step after one that is over: its branch's where that holds, else the one behind.

    A step that was skipped (`done` False) does not branch.
    """
    if done and step.branch and step.branch_to is not None and holds(step.branch, known):
        return step.branch_to or None
    return behind(steps, step.key)


def conditions_of(steps: Iterable[Plan]) -> list[Condition]:
    """Return every condition that steps ask after."""
    found = [asked for step in steps for asked in (step.condition, step.branch, step.params.get("until"))]
    return [asked for asked in found if asked]


def events_of(steps: Iterable[Plan]) -> set[str]:
    """Return the usage events that steps ask after."""
    return events_asked(conditions_of(steps))


def goes_on_at(steps: Sequence[Plan], key: int | None, gone: Iterable[int]) -> int | None:
    """Return where a run is in changed steps: at its step if that is still there, else behind what it has done."""
    over = set(gone)
    keys = [step.key for step in steps]
    if key in keys and key not in over:
        return key
    last = max((place for place, one in enumerate(keys) if one in over), default=-1)
    return next((one for one in keys[last + 1 :] if one not in over), None)
