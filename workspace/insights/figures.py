"""What stands behind themes: mentions, customers, their MRR, the share that is red, the trend. A few statements for any
number of themes and customers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from customers.models import Insight, InsightTheme
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay

WEEKS = 12


@dataclass(frozen=True)
class Behind:
    """What stands behind a theme. MRR in cents; `red` of the `scored` are at risk; `weeks`: mentions by week."""

    mentions: int = 0
    customers: int = 0
    mrr: int = 0
    red: int = 0
    scored: int = 0
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    weeks: list[int] = field(default_factory=lambda: [0] * WEEKS)

    @property
    def red_share(self) -> float | None:
        """The share of scored customers that is red; None where none is scored."""
        return self.red / self.scored if self.scored else None


def mentions_of(said: QuerySet[Insight]) -> Coalesce:
    """Return how often each theme of an outer query was said."""
    counted = said.filter(theme=OuterRef("pk")).order_by().values("theme").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def behind(
    said: QuerySet[Insight], themes: Collection[int], night: dt.date, today: dt.date
) -> Mapping[int, Behind]:
    """Return what stands behind each of these themes in what was `said`; MRR and health as of a night."""
    rows = InsightTheme.objects.filter(pk__in=themes)
    told = (
        said.filter(theme__in=themes)
        .order_by()
        .values("theme")
        .annotate(
            n=Count("pk"), firms=Count("customer", distinct=True), first=Min("said_on"), last=Max("said_on")
        )
    )
    words = {row["theme"]: row for row in told}
    weeks = _weeks(said, themes, today)
    found: dict[int, Behind] = {}
    told_by_theme: Any = rows.annotate(**_money_and_health(said, night))
    for row in told_by_theme.values("pk", "mrr", "red", "scored"):
        key = row["pk"]
        one = words.get(key)
        found[key] = Behind(
            mentions=one["n"] if one else 0,
            customers=one["firms"] if one else 0,
            mrr=row["mrr"] or 0,
            red=row["red"] or 0,
            scored=row["scored"] or 0,
            first_on=one["first"] if one else None,
            last_on=one["last"] if one else None,
            weeks=weeks[key],
        )
    return found


def _money_and_health(said: QuerySet[Insight], night: dt.date) -> dict[str, Subquery]:
    speakers = said.filter(theme=OuterRef(OuterRef("pk"))).order_by().values("customer")
    days = CustomerDay.objects.filter(day=night, customer__in=speakers).order_by().values("day")
    scores = HealthDay.objects.filter(day=night, customer__in=speakers).order_by().values("day")
    red = scores.filter(band=Band.RED)
    scored = scores.exclude(band=Band.UNKNOWN)
    return {
        "mrr": Subquery(days.annotate(told=Sum("mrr_cents")).values("told")),
        "red": Subquery(red.annotate(told=Count("pk")).values("told")),
        "scored": Subquery(scored.annotate(told=Count("pk")).values("told")),
    }


def _weeks(said: QuerySet[Insight], themes: Collection[int], today: dt.date) -> dict[int, list[int]]:
    """Return mentions by week, the last week last."""
    since = today - dt.timedelta(weeks=WEEKS)
    weeks: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    counted = said.filter(theme__in=themes, said_on__gt=since, said_on__lte=today).order_by()
    for theme, day, n in counted.values_list("theme", "said_on").annotate(n=Count("pk")):
        weeks[theme][WEEKS - 1 - (today - day).days // 7] += n
    return weeks


def mrr_of(customers: QuerySet[Any], night: dt.date) -> int:
    """Return the MRR in cents of customers on a night."""
    told = CustomerDay.objects.filter(day=night, customer__in=customers).aggregate(mrr=Sum("mrr_cents"))
    return int(told["mrr"] or 0)
