"""The one named read of the portfolio: every visible customer with its row of the night looked at.

Filters, columns and sorts speak of the `at_…` names made here, so that the same ones work on the present
state and on a past day's.
"""

import datetime as dt

from django.db.models import Case, CharField, DateField, F, FilteredRelation, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import NullIf

from core import time
from customers.details import detail_as_of
from customers.history import tag_list_as_of
from customers.models import Customer, Segment, Stage, Touchpoint
from customers.querysets import CustomerQuerySet
from workspace.portfolio.scope import Scope

SEGMENT_ORDER = (Segment.VOLUME, Segment.MID, Segment.HIGH_VALUE)
MOST_DAYS_SINCE = 7  # days after the last night whose conversations are looked up one by one
STAGE_ORDER = (Stage.ONBOARDING, Stage.ONGOING, Stage.SUPPORT)


def portfolio_rows(scope: Scope, *, compared: bool = False) -> CustomerQuerySet:
    """Return the customers the reader may see with the figures of the scope's night, unordered.

    In the present, a customer without a row of that night (it is newer) is there with unknown figures, and
    segment, stage, owner and the last conversation are the live ones. On a past day only customers that had a row
    are there, with the segment, stage and owner of that day, as `at_tags` its tag list, and its details. `compared`
    adds the figures of 30 days before. Where the present is listed (`Scope.listed`) its figures are read from there.
    """
    rows = Customer.objects.visible_to(scope.user).alias(
        of_night=FilteredRelation("days", condition=Q(days__day=scope.night)),
        of_health=FilteredRelation("health", condition=Q(health__day=scope.night)),
    )
    if scope.past:
        rows = rows.filter(of_night__day=scope.night).alias(
            at_tags=tag_list_as_of(scope.today),
            at_industry=detail_as_of("industry", scope.today),
            at_parent=detail_as_of("parent_id", scope.today),
            at_attributes=detail_as_of("attributes", scope.today),
        )
    place = "of_night__" if scope.past else ""
    night = "current__" if scope.listed else "of_night__"
    rows = rows.annotate(
        at_segment=NullIf(F(f"{place}segment"), Value(""), output_field=CharField()),
        at_stage=NullIf(F(f"{place}stage"), Value(""), output_field=CharField()),
        at_owner_id=F(f"{place}owner_id"),
        at_mrr=F(f"{night}mrr_cents"),
        at_seats=F(f"{night}seats"),
        at_active=F(f"{night}active_people_30"),
        at_tickets=F(f"{night}open_tickets"),
        at_touch=_last_touch(scope, f"{night}last_touch_on"),
        at_renewal=F(f"{night}renewal_on"),
        at_renewal_value=F(f"{night}renewal_value_cents"),
        at_paid=F(f"{night}paid_cents"),
        at_nps=F(f"{night}nps_score"),
        at_potential=F("current__potential") if scope.listed else Value(None, IntegerField()),
        at_health=F("of_health__score"),
        at_band=F("of_health__band"),
    )
    if compared and scope.listed:
        rows = rows.annotate(
            at_mrr_change=F("current__mrr_change_cents"),
            at_active_change=F("current__active_people_30") - F("current__active_before"),
            at_active_before=F("current__active_before"),
        )
    elif compared:
        rows = rows.alias(of_before=FilteredRelation("days", condition=Q(days__day=scope.compared))).annotate(
            at_mrr_change=F("of_night__mrr_cents") - F("of_before__mrr_cents"),
            at_active_change=F("of_night__active_people_30") - F("of_before__active_people_30"),
            at_active_before=F("of_before__active_people_30"),
        )
    return rows


def _last_touch(scope: Scope, column: str) -> Combinable:
    """Return the expression of the day of the last conversation: in the present also of those since the night."""
    of_night = F(column)
    if scope.past:
        return of_night
    whens = []
    for back in range(min((scope.today - scope.night).days, MOST_DAYS_SINCE)):
        day = scope.today - dt.timedelta(days=back)
        on_it = Touchpoint.objects.filter(
            happened_at__gte=time.day_start(day), happened_at__lt=time.day_start(day + dt.timedelta(days=1))
        )
        whens.append(When(pk__in=on_it.order_by().values("customer_id"), then=Value(day)))
    return Case(*whens, default=of_night, output_field=DateField())


def not_archived(scope: Scope) -> Q:
    """Return the condition that a customer was not archived at the end of the day looked at."""
    if not scope.past:
        return Q(archived_at__isnull=True)
    return Q(archived_at__isnull=True) | Q(
        archived_at__gte=time.day_start(scope.today + dt.timedelta(days=1))
    )


def rank(name: str, order: tuple[str, ...]) -> Case:
    """Return a place in an order of words, so that they sort by meaning and not by spelling."""
    whens = [When(**{name: word}, then=Value(at)) for at, word in enumerate(order)]
    return Case(*whens, output_field=IntegerField())
