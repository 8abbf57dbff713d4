"""The settings of this installation."""

from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User, Workspace
from core import events

SETTINGS = (
    "name",
    "restrict_visibility",
    "grace_days",
    "renewal_grace_days",
    "gross_margin",
    "fiscal_year_start",
    "week_start",
)


@transaction.atomic
def workspace_update(*, actor: User, **fields: Any) -> Workspace:
    """Change settings of the workspace: any of `SETTINGS`. Raises ValidationError by field.

    What changed is told as `workspace.changed` with its `fields`, because figures depend on some.
    """
    unknown = set(fields) - set(SETTINGS)
    if unknown:
        raise TypeError(f"not a setting: {sorted(unknown)}")
    Workspace.get()
    workspace = Workspace.objects.select_for_update().get(pk=1)
    changes = audit.field_changes({name: getattr(workspace, name) for name in fields}, fields)
    if not changes:
        return workspace
    for name, value in fields.items():
        setattr(workspace, name, value)
    workspace.full_clean()
    workspace.save(update_fields=list(fields))
    audit.record(
        actor=actor,
        action="workspace.updated",
        subject=workspace,
        changes=changes,
        label=workspace.name,
    )
    events.emit("workspace.changed", fields=sorted(changes))
    return workspace
