"""Writes of the risk models: a new one is learned, its days are filled. Nobody's name is on it: it runs by itself."""

import datetime as dt

from django.db import transaction
from django.db.models import Max

from core import bells
from metrics.models import Night, RiskModel, RiskTask
from metrics.nights import cells
from metrics.risk import training

KIND = "risk"


def risk_model_learn(*, day: dt.date) -> RiskModel:
    """Learn from what is known at the end of a day, keep the model, and leave the days to fill to the workers."""
    found = training.learn(day)
    with transaction.atomic():
        newest = RiskModel.objects.aggregate(number=Max("number"))["number"] or 0
        model = RiskModel.objects.create(
            number=newest + 1,
            trained_on=day,
            state=found.state,
            rows=found.rows,
            customers=found.customers,
            lost=found.lost,
            months=found.months,
            held_rows=found.judged.rows,
            held_lost=found.judged.lost,
            auc=found.judged.auc,
            auc_low=found.judged.low,
            auc_high=found.judged.high,
            calibration=training.plain(found.judged),
            definition=found.definition,
        )
        if Night.objects.filter(day__gt=day).exists():
            RiskTask.objects.bulk_create([RiskTask(day=day, model=model, low=low) for low in cells()])
    bells.ring(KIND)
    return model
