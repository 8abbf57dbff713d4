"""Takes exactly the demo company away again; whatever was added beside it stays."""

from typing import Any

from django.db import models, transaction

from accounts.audit import record
from accounts.models import User, Workspace
from core.models import DemoRow, Event
from customers.models import (
    AcquisitionCost,
    Customer,
    FactVersion,
    InsightTeam,
    InsightTheme,
    PlanTemplate,
    Product,
    SavedView,
    Tag,
    WorkingHours,
)
from metrics.models import (
    ActionPlan,
    ActivationCriteria,
    CustomerDay,
    FigureDay,
    FirstValueSign,
    ForecastCheck,
    HealthDay,
    HealthFeed,
    HealthInput,
    IntegrityResult,
    MonthRecord,
    Night,
    PastDay,
    RiskDay,
    RiskModel,
    RiskTask,
    SliceDay,
    SuddenChange,
    Target,
    UsageDay,
    UsageEvent,
)
from playbooks.models import Task
from surveys.models import Campaign, Survey

ROWS_A_TIME = 20_000
TOP_LEVEL: dict[str, type[models.Model]] = {
    "product": Product,
    "acquisitioncost": AcquisitionCost,
    "tag": Tag,
    "savedview": SavedView,
    "firstvaluesign": FirstValueSign,
    "plantemplate": PlanTemplate,
    "workinghours": WorkingHours,
    "activationcriteria": ActivationCriteria,
    "target": Target,
    "actionplan": ActionPlan,
    "campaign": Campaign,
    "survey": Survey,
    "task": Task,
    "insightteam": InsightTeam,
    "insighttheme": InsightTheme,
}


class NoDemoError(Exception):
    """There is no demo company here."""


def demo_clear(*, actor: User | None = None, name: str = "") -> None:
    """Remove the demo's customers with all their facts, its products, costs, tags and people.

    Rows are removed in pieces, the largest tables first, so that an interrupted clearing can be run again.
    A tag or product that a row of the team's own uses meanwhile stays. `name` becomes the workspace's name.
    Raises NoDemoError when no demo was loaded.
    """
    if not DemoRow.objects.exists() and not Workspace.get().is_demo:
        raise NoDemoError
    customers = DemoRow.objects.filter(table="customer").values("row_id")
    for model in (UsageEvent, UsageDay, CustomerDay, PastDay, HealthInput, HealthDay, RiskDay):
        _delete_in_pieces(model._default_manager.filter(customer_id__in=customers))
    with transaction.atomic():
        ids = list(customers.values_list("row_id", flat=True))
        _rows_of_customers(ids)
        Customer.objects.filter(pk__in=ids).delete()
        _top_level()
        User.objects.filter(pk__in=DemoRow.objects.filter(table="user").values("row_id")).delete()
        # What was learned from the demo must not speak of the team's own customers; they are learned from anew.
        for learned in (ForecastCheck, RiskTask, RiskDay, RiskModel):
            learned._default_manager.all().delete()
        if not Customer.objects.exists():
            for told in (SliceDay, FigureDay, SuddenChange, IntegrityResult, MonthRecord, HealthFeed, Night):
                told._default_manager.all().delete()
        Night.objects.update(told_at=None)
        DemoRow.objects.all().delete()
        Workspace.objects.filter(pk=1).update(is_demo=False, name=name or "Zelo")
        record(actor=actor, action="demo.cleared", subject=("workspace", 1))


def _delete_in_pieces(rows: models.QuerySet[Any]) -> None:
    """Delete without keeping the database's one writer for long."""
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_A_TIME]):
        rows.model._default_manager.filter(pk__range=(keys[0], keys[-1]), pk__in=rows.values("pk")).delete()


def _rows_of_customers(ids: list[int]) -> None:
    """Delete rows that name a customer without a foreign key."""
    for model in (FactVersion, Event):
        model._default_manager.filter(customer_id__in=ids).delete()


def _top_level() -> None:
    for table, model in TOP_LEVEL.items():
        rows = model._default_manager.filter(pk__in=DemoRow.objects.filter(table=table).values("row_id"))
        if model is Tag:
            rows = rows.filter(customers__isnull=True)
        if model is InsightTheme:
            rows = rows.filter(insights__isnull=True)
        rows.delete()
