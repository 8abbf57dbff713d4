"""The one named read of the portfolio: every visible customer with its row of the night looked at.

Filters, columns and sorts speak of the `at_…` names made here, so that the same ones work on the present
state and on a past day's.
"""

import datetime as dt

from django.db.models import Case, CharField, F, FilteredRelation, IntegerField, Q, Value, When
from django.db.models.functions import NullIf

from core import time
from customers.history import tag_list_as_of
from customers.models import Customer, Segment, Stage
from customers.querysets import CustomerQuerySet
from workspace.portfolio.scope import Scope

SEGMENT_ORDER = (Segment.VOLUME, Segment.MID, Segment.HIGH_VALUE)
STAGE_ORDER = (Stage.ONBOARDING, Stage.ONGOING, Stage.SUPPORT)


def portfolio_rows(scope: Scope, *, compared: bool = False) -> CustomerQuerySet:
    """Return the customers the reader may see with the figures of the scope's night, unordered.

    In the present, a customer without a row of that night (it is newer) is there with unknown figures, and
    segment, stage and owner are the live ones. On a past day only customers that had a row are there, with
    the segment, stage and owner of that day and, as `at_tags`, its tag list. `compared` adds the figures of 30
    days before. Where the present is listed (`Scope.listed`) its figures are read from there.
    """
    rows = Customer.objects.visible_to(scope.user).alias(
        of_night=FilteredRelation("days", condition=Q(days__day=scope.night)),
        of_health=FilteredRelation("health", condition=Q(health__day=scope.night)),
    )
    if scope.past:
        rows = rows.filter(of_night__day=scope.night).alias(at_tags=tag_list_as_of(scope.today))
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
        at_touch=F(f"{night}last_touch_on"),
        at_renewal=F(f"{night}renewal_on"),
        at_renewal_value=F(f"{night}renewal_value_cents"),
        at_paid=F(f"{night}paid_cents"),
        at_nps=F(f"{night}nps_score"),
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
