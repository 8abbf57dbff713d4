"""The nine cells with what is done in each, how it goes there, and whom nothing reaches.

A customer is without a strategy when no playbook runs for it and nobody talked to it within the rhythm of its cell.
All of it takes a fixed number of statements.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import User
from accounts.permissions import Perm
from core import time
from customers.models import Customer, Segment, Stage
from metrics.health.bands import Band
from metrics.health.cards import published
from metrics.health.profiles import applying, parsed
from metrics.models import CustomerDay, HealthDay
from metrics.nights import last_finished_day
from playbooks.models import Playbook, Run, Strategy
from surveys.models import Survey
from workspace.strategy.words import PURPOSES, RHYTHMS

LOST_DAYS = 90
Key = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """One cell. Money in cents; `score` is the mean of the scored, `lost` what was lost of the MRR in 90 days."""

    segment: Segment
    stage: Stage
    purpose: str
    touch_days: int | None
    playbooks: Sequence[Playbook]
    surveys: Sequence[Survey]
    profile: str
    told: Mapping[str, Any] = field(default_factory=dict)
    lost: int = 0

    @property
    def customers(self) -> int:
        """How many paying customers there are."""
        return int(self.told.get("n") or 0)

    @property
    def mrr(self) -> int:
        """Their MRR."""
        return int(self.told.get("mrr") or 0)

    @property
    def score(self) -> float | None:
        """Their mean score."""
        score = self.told.get("mean")
        return None if score is None else score / 100

    @property
    def red(self) -> float | None:
        """The share of their MRR that is at risk."""
        return (self.told.get("red") or 0) / self.mrr if self.mrr else None

    @property
    def without(self) -> int:
        """How many of them no strategy reaches."""
        return int(self.told.get("without") or 0)

    @property
    def late(self) -> int:
        """How many were not talked to within the rhythm."""
        return int(self.told.get("late") or 0)


class Matrix:
    """The matrix for one reader, over the paying customers that person may see, as of the last finished night."""

    def __init__(self, user: User) -> None:
        self.user, self.today, self.night = user, time.today(), last_finished_day()
        self.may_edit = user.may(Perm.CUSTOMERS_MANAGE)

    @cached_property
    def _said(self) -> dict[Key, Strategy]:
        rows = Strategy.objects.prefetch_related("surveys")
        return {(row.segment, row.stage): row for row in rows}

    def touch_days(self, segment: str, stage: str) -> int | None:
        """Return the rhythm of a cell: what was said, else what Zelo brings."""
        said = self._said.get((segment, stage))
        return said.touch_days if said else RHYTHMS[segment, stage]

    def purpose(self, segment: str, stage: str) -> str:
        """Return the purpose of a cell."""
        said = self._said.get((segment, stage))
        return said.purpose if said and said.purpose else str(PURPOSES[segment, stage])

    @property
    def _late(self) -> Q:
        """Which rows were not talked to within the rhythm of their cell."""
        late = Q(pk__in=[])
        for segment in Segment.values:
            for stage in Stage.values:
                days = self.touch_days(segment, stage)
                if days is not None:
                    old = Q(last_touch_on__isnull=True) | Q(
                        last_touch_on__lt=self.today - dt.timedelta(days=days)
                    )
                    late |= Q(segment=segment, stage=stage) & old
        return late

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Paying customers of the night with `running` (a playbook runs for it), `score` and `band`."""
        night = self.night or self.today  # of today there are no rows yet
        health = HealthDay.objects.filter(day=night, customer=OuterRef("customer"))
        runs = Run.objects.filter(customer=OuterRef("customer"), standing=Run.Standing.RUNNING)
        seen = Customer.objects.visible_to(self.user).present().order_by().values("pk")
        rows: QuerySet[Any] = CustomerDay.objects.filter(day=night, mrr_cents__gt=0, customer__in=seen)
        told: QuerySet[Any] = rows.annotate(
            running=Exists(runs),
            score=Subquery(health.values("score")[:1]),
            band=Subquery(health.values("band")[:1]),
        )
        return told

    def left_out(self, segment: str, stage: str) -> QuerySet[Any]:
        """Return the rows of a cell's customers that no strategy reaches, the largest first."""
        rows = self.rows.filter(self._late, segment=segment, stage=stage, running=False)
        return rows.select_related("customer__owner").order_by("-mrr_cents", "customer_id")

    @cached_property
    def _figures(self) -> dict[Key, dict[str, Any]]:
        late = self._late
        rows = self.rows.values("segment", "stage").order_by()
        told = rows.annotate(
            n=Count("pk"),
            mrr=Sum("mrr_cents"),
            red=Sum("mrr_cents", filter=Q(band=Band.RED)),
            mean=Avg("score"),
            late=Count("pk", filter=late),
            without=Count("pk", filter=late & Q(running=False)),
        )
        return {(row["segment"], row["stage"]): row for row in told}

    @cached_property
    def _lost(self) -> dict[Key, int]:
        since = (self.night or self.today) - dt.timedelta(days=LOST_DAYS - 1)
        moved = CustomerDay.objects.filter(
            day__gte=since,
            day__lte=self.night or self.today,
            customer__in=Customer.objects.visible_to(self.user).order_by().values("pk"),
        ).filter(Q(mrr_churn_cents__gt=0) | Q(mrr_contraction_cents__gt=0))
        sums = moved.order_by().values("segment", "stage")
        told = sums.annotate(gone=Sum("mrr_churn_cents"), less=Sum("mrr_contraction_cents"))
        return {(row["segment"], row["stage"]): row["gone"] + row["less"] for row in told}

    @cached_property
    def _playbooks(self) -> list[Playbook]:
        rows = Playbook.objects.filter(archived_at__isnull=True, published__isnull=False)
        return list(rows.select_related("published"))

    def playbooks(self, segment: str, stage: str) -> list[Playbook]:
        """Return the published playbooks that are for a cell's customers and say so, by segment or by stage."""
        return [
            row
            for row in self._playbooks
            if row.published is not None
            and (row.published.segments or row.published.stages or _started_by(row.published, segment, stage))
            and segment in (row.published.segments or [segment])
            and stage in (row.published.stages or [stage])
        ]

    @cached_property
    def _profiles(self) -> list[str]:
        cards = published()
        return list(cards[-1].configuration.cells) if cards else []

    def profile(self, segment: str, stage: str) -> str:
        """Return the words for the scorecard's most specific cell that applies."""
        of_segment, of_stage = parsed(applying(segment, stage, self._profiles))
        names = [str(Segment(of_segment).label)] if of_segment else []
        return " · ".join([*names, *([str(Stage(of_stage).label)] if of_stage else [])])

    def cell(self, segment: str, stage: str) -> Cell:
        """Return one cell."""
        said = self._said.get((segment, stage))
        return Cell(
            segment=Segment(segment),
            stage=Stage(stage),
            purpose=self.purpose(segment, stage),
            touch_days=self.touch_days(segment, stage),
            playbooks=self.playbooks(segment, stage),
            surveys=list(said.surveys.all()) if said else [],
            profile=self.profile(segment, stage),
            told=self._figures.get((segment, stage), {}),
            lost=self._lost.get((segment, stage), 0),
        )

    @property
    def table(self) -> list[tuple[Segment, list[Cell]]]:
        """The cells, a line a segment, a column a stage."""
        return [(segment, [self.cell(segment.value, stage.value) for stage in Stage]) for segment in Segment]

    @property
    def stages(self) -> list[Stage]:
        """The columns."""
        return list(Stage)

    @property
    def without(self) -> int:
        """How many customers no strategy reaches."""
        return sum(int(one.get("without") or 0) for one in self._figures.values())


def _started_by(version: Any, segment: str, stage: str) -> bool:
    """Tell whether entering this segment or stage starts it."""
    return (version.starts == "segment" and segment in version.start_values) or (
        version.starts == "stage" and stage in version.start_values
    )
