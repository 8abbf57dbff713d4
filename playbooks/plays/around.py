"""What a playbook may name, read from the workspace for the checks (`checking.py`)."""

from core.outgoing.addresses import AddressRefused, split
from customers.models import AttributeDefinition, Contact, Segment, Stage
from customers.services.owners import assignable_people
from playbooks.alerts.kinds import KINDS as ALERT_KINDS
from playbooks.models import Playbook, PlaybookVersion, Step
from playbooks.plays.checking import Around, Start
from surveys.models import Survey


def start_of(version: PlaybookVersion) -> Start:
    """Return what starts a version, as the checks take it."""
    known = {"alert": list(ALERT_KINDS), "stage": Stage.values, "segment": Segment.values}
    return Start(
        starts=version.starts,
        values=version.start_values,
        days_before=version.days_before,
        again_days=version.again_days,
        known_values=known.get(version.starts, []),
    )


def around(version: PlaybookVersion) -> Around:
    """Return what a version may name; a fixed number of queries."""
    return Around(
        people=frozenset(assignable_people().values_list("pk", flat=True)),
        surveys=frozenset(Survey.objects.filter(archived_at__isnull=True).values_list("pk", flat=True)),
        attributes=frozenset(
            AttributeDefinition.objects.filter(archived_at__isnull=True).values_list("key", flat=True)
        ),
        stages=Stage.values,
        roles=Contact.Role.values,
        address_refused=_refused,
        stage_moves=_stage_moves(version.playbook_id),
    )


def _refused(url: str) -> str:
    try:
        split(url)
    except AddressRefused as refusal:
        return str(refusal)
    return ""


def _stage_moves(own: int) -> list[tuple[str, list[str]]]:
    """Return which stages the other playbooks that start on entering one move to."""
    rows = Playbook.objects.live().filter(active=True, published__starts="stage").exclude(pk=own)
    steps = Step.objects.filter(version__in=rows.values("published"), kind=Step.Kind.STAGE)
    return [
        (str(entered), [str(step.params.get("stage"))])
        for step in steps.select_related("version")
        for entered in step.version.start_values
    ]
