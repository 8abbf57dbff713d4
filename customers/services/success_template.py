"""Write templates of success plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import time
from customers.models import PlanTemplate, TemplateObjective


@dataclass(frozen=True)
class Asked:
    """An objective of a template."""

    name: str
    unit: str
    baseline: Decimal
    target: Decimal
    days: int
    weight: Decimal | int

    def __str__(self) -> str:
        return f"{self.name}: {self.baseline} → {self.target} {self.unit}, {self.days} d × {self.weight}"


@transaction.atomic
def template_save(
    *,
    actor: User,
    template: PlanTemplate | None,
    objectives: Sequence[Asked],
    **fields: Any,
) -> PlanTemplate:
    """Write a template (None: a new one) with its objectives, replacing those it had. Raises ValidationError."""
    _check(template, fields["name"], objectives)
    row = template or PlanTemplate()
    before = {name: getattr(row, name) for name in fields} if template else {}
    had = [str(_asked(one)) for one in row.objectives.all()] if template else []
    for name, value in fields.items():
        setattr(row, name, value)
    row.updated_at = time.now()
    row.save()
    row.objectives.all().delete()
    TemplateObjective.objects.bulk_create(
        TemplateObjective(template=row, position=place, **vars(one)) for place, one in enumerate(objectives)
    )
    changes = audit.field_changes(
        {**before, "objectives": had}, {**fields, "objectives": [str(one) for one in objectives]}
    )
    audit.record(actor=actor, action="plantemplate.saved", subject=row, changes=changes, label=row.name)
    return row


@transaction.atomic
def template_remove(*, actor: User, template: PlanTemplate) -> None:
    """Take a template away; plans that began with it stay."""
    audit.record(actor=actor, action="plantemplate.removed", subject=template, label=template.name)
    template.delete()


def _asked(one: TemplateObjective) -> Asked:
    return Asked(
        one.name,
        one.unit,
        one.baseline.normalize(),
        one.target.normalize(),
        one.days,
        one.weight.normalize(),
    )


def _check(template: PlanTemplate | None, name: str, objectives: Sequence[Asked]) -> None:
    if any(one.baseline == one.target for one in objectives):
        raise ValidationError(_("Baseline and target are the same: there is nothing to reach."))
    if len({one.name for one in objectives}) < len(objectives):
        raise ValidationError(_("Two objectives have the same name."))
    if objectives and not any(one.weight for one in objectives):
        raise ValidationError(_("Give at least one objective a weight above 0."))
    same = PlanTemplate.objects.filter(name=name)
    if (same.exclude(pk=template.pk) if template else same).exists():
        raise ValidationError({"name": _("There is a template of this name.")})
