"""Steps of a version as the pure machine and the checks take them."""

from collections.abc import Iterable

from playbooks.models import PlaybookVersion, Step
from playbooks.plays.machine import Plan


def plan_of(step: Step) -> Plan:
    """Return one step as the machine sees it."""
    return Plan(
        key=step.key,
        kind=step.kind,
        title=step.title,
        after=step.after,
        unit=step.unit,
        condition=step.condition,
        branch=step.branch,
        branch_to=step.branch_to,
        params=step.params,
    )


def plans(steps: Iterable[Step]) -> list[Plan]:
    """Return steps in their order."""
    return [plan_of(step) for step in sorted(steps, key=lambda one: one.position)]


def plans_of(version: PlaybookVersion) -> list[Plan]:
    """Return the steps of a version; one query unless they were read already."""
    return plans(version.steps.all())
