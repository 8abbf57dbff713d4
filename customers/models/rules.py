"""Rules that put customers into segments and stages when nobody did so by hand."""

from typing import ClassVar

from django.db import models

from core import time
from customers.models.customer import Segment, Stage


class SegmentRule(models.Model):
    """A row of the ordered list; the first rule all of whose conditions hold decides.

    `conditions` is a list of {"field": "mrr"|"seats"|"plan"|"tag", "op": "gte"|"lt"|"is"|"is_not", "value": …};
    `mrr` values are integer cents, `seats` integers, `plan` and `tag` text. An empty list always holds.
    """

    position = models.PositiveSmallIntegerField()
    segment = models.CharField(max_length=12, choices=Segment.choices)
    conditions = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}: {self.segment}"


class StageRule(models.Model):
    """Moves customers from one stage to another: so many days after entering the stage, the start or a fact.

    `active`: so many days after being activated; `green`: renewed once, and green on each of so many days. What
    these two are is told from above (`customers/stage_facts.py`).
    """

    class Basis(models.TextChoices):
        ENTERED = "entered", "entered"
        STARTED = "started", "started"
        ACTIVATED = "active", "active"
        GREEN = "green", "green"

    from_stage = models.CharField(max_length=12, choices=Stage.choices)
    to_stage = models.CharField(max_length=12, choices=Stage.choices)
    basis = models.CharField(max_length=8, choices=Basis.choices, default=Basis.ENTERED)
    days = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["from_stage", "pk"]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage} after {self.days} days"
