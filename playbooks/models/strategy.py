"""What we do for the customers of a segment in a stage."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import time
from customers.models import Segment, Stage
from surveys.models import Survey


class Strategy(models.Model):
    """A cell of the matrix segment × stage: its purpose, every how many days we talk (None: not said), its surveys.

    Without a row the cell has the purpose Zelo brings (`strategy/words.py`). Playbooks and scorecard say by
    themselves for whom they are.
    """

    segment = models.CharField(max_length=12, choices=Segment.choices)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    purpose = models.TextField(blank=True, default="")
    touch_days = models.PositiveSmallIntegerField(null=True, blank=True)
    surveys = models.ManyToManyField(Survey, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["segment", "stage"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["segment", "stage"], name="playbooks_strategy_once"),
            models.CheckConstraint(
                condition=Q(segment__in=Segment.values, stage__in=Stage.values),
                name="playbooks_strategy_cell",
            ),
            models.CheckConstraint(
                condition=Q(touch_days__isnull=True) | Q(touch_days__gte=1), name="playbooks_strategy_rhythm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.stage}"
