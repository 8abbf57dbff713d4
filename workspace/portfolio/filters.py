"""The filters of the portfolio, by key. The page, the API and saved views use the same ones.

A later app adds its own by `register`; attributes that an admin defined become filters in `attributes.py`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from core import marks
from core.text import Contains
from customers.details import industries_recorded
from customers.history import SEPARATOR
from customers.models import Customer, Segment, Stage, Subscription, Tag
from metrics.health.bands import Band
from workspace.portfolio.filter_kinds import Between, Choice, Days, Filter, Option
from workspace.portfolio.reading import not_archived
from workspace.portfolio.scope import Scope

NONE = "none"
ME = "me"
MOST_OPTIONS = 300
REGISTRY: dict[str, Filter] = {}


def register(*filters: Filter) -> None:
    """Add filters; a key stands for one filter only."""
    for one in filters:
        if one.key in REGISTRY:
            raise ValueError(f"The filter {one.key} is registered twice.")
        REGISTRY[one.key] = one


def _within(column: str, values: Iterable[str]) -> Q:
    """Return the condition that a column is one of the values, `none` standing for no value."""
    wanted = list(values)
    named = [value for value in wanted if value != NONE]
    condition = Q(**{f"{column}__in": named, f"{column}__isnull": False}) if named else Q(pk__in=[])
    return condition | Q(**{f"{column}__isnull": True}) if NONE in wanted else condition


def _none_option() -> Option:
    return Option(NONE, _("None"))


def _segments(scope: Scope) -> list[Option]:
    return [*(Option(key, str(label)) for key, label in Segment.choices), _none_option()]


def _stages(scope: Scope) -> list[Option]:
    return [*(Option(key, str(label)) for key, label in Stage.choices), _none_option()]


def _owner_is(values: tuple[str, ...], scope: Scope) -> Q:
    me = str(scope.user.person.pk) if scope.user.person else ""
    named = (me if value == ME else value for value in values)
    return _within("at_owner_id", (value for value in named if value == NONE or value.isdecimal()))


def _owners(scope: Scope) -> list[Option]:
    people = User.objects.filter(is_active=True).order_by("name").values_list("pk", "name", "email")
    named = [Option(str(pk), name or email) for pk, name, email in people[:MOST_OPTIONS]]
    return [Option(ME, _("Me")), _none_option(), *named]


def _owner_labels(values: Iterable[str], scope: Scope) -> dict[str, str]:
    keys = [value for value in values if value.isdecimal()]
    people = User.objects.filter(pk__in=keys).values_list("pk", "name", "email")
    return {ME: _("Me"), NONE: _("None")} | {str(pk): name or email for pk, name, email in people}


def _tagged(values: tuple[str, ...], scope: Scope) -> Q:
    named = [value for value in values if value != NONE]
    condition = _tagged_now(named, none=NONE in values)
    if not scope.past:
        return condition
    condition &= Q(at_tags__isnull=True)  # nothing was recorded: today's tags are all that is known
    around = Concat(Value(SEPARATOR), F("at_tags"), Value(SEPARATOR), output_field=TextField())
    for name in named:
        condition |= Q(at_tags__isnull=False) & Q(Contains(around, f"{SEPARATOR}{name}{SEPARATOR}"))
    return condition | Q(at_tags="", at_tags__isnull=False) if NONE in values else condition


def _tagged_now(names: list[str], *, none: bool) -> Q:
    condition = Q(pk__in=Customer.tags.through.objects.filter(tag__name__in=names).values("customer_id"))
    return condition | ~Q(pk__in=Customer.tags.through.objects.values("customer_id")) if none else condition


def _tags(scope: Scope) -> list[Option]:
    names = Tag.objects.order_by("name").values_list("name", flat=True)[:MOST_OPTIONS]
    return [*(Option(name, name) for name in names), _none_option()]


def _subscribed(column: str, values: tuple[str, ...], scope: Scope) -> Q:
    """Return the condition that a subscription in force on the day looked at has one of the values."""
    in_force = Subscription.objects.filter(starts_on__lte=scope.today).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=scope.today)
    )
    return Q(pk__in=in_force.filter(**{f"{column}__in": values}).values("customer_id"))


def _sold(column: str) -> list[Option]:
    found = Subscription.objects.exclude(**{column: ""}).order_by(column).values_list(column, flat=True)
    return [Option(value, value) for value in found.distinct()[:MOST_OPTIONS]]


def _written(column: str, scope: Scope) -> list[Option]:
    """Return the values that a text column of visible customers has."""
    rows = Customer.objects.visible_to(scope.user).exclude(**{column: ""})
    found = rows.order_by(column).values_list(column, flat=True).distinct()[:MOST_OPTIONS]
    return [*(Option(value, value) for value in found), _none_option()]


def _text_is(column: str, values: tuple[str, ...], scope: Scope) -> Q:
    wanted = ["" if value == NONE else value for value in values]
    return Q(**{f"{column}__in": wanted})


def _industry_is(values: tuple[str, ...], scope: Scope) -> Q:
    return _text_is("at_industry" if scope.past else "industry", values, scope)


def _industries(scope: Scope) -> list[Option]:
    options = _written("industry", scope)
    if not scope.past:
        return options
    names = {one.value for one in options[:-1]} | set(industries_recorded())
    return [*(Option(name, name) for name in sorted(names)), options[-1]]


NPS_CLASSES = {"promoter": Q(at_nps__gte=9), "passive": Q(at_nps__in=(7, 8)), "detractor": Q(at_nps__lte=6)}


def _nps_is(values: tuple[str, ...], scope: Scope) -> Q:
    condition = Q(pk__in=[])
    for value in values:
        if value == NONE:
            condition |= Q(at_nps__isnull=True)
        elif value in NPS_CLASSES:
            condition |= Q(at_nps__isnull=False) & NPS_CLASSES[value]
    return condition


def _nps_classes(scope: Scope) -> list[Option]:
    return [
        Option("promoter", _("Promoter (9–10)")),
        Option("passive", _("Passive (7–8)")),
        Option("detractor", _("Detractor (0–6)")),
        Option(NONE, _("No answer yet")),
    ]


def _renews_within(days: int, scope: Scope) -> Q:
    until = scope.today + dt.timedelta(days=days)
    return Q(at_renewal__isnull=False, at_renewal__range=(scope.today, until))


def _untouched_for(days: int, scope: Scope) -> Q:
    since = scope.today - dt.timedelta(days=days)
    return Q(at_touch__isnull=True) | Q(at_touch__lt=since)


def _usage_falls(values: tuple[str, ...], scope: Scope) -> Q:
    """Return the condition that the people active in 30 days grew or fell by a fifth or more."""
    known = Q(at_active__isnull=False, at_active_before__gt=0)
    condition = Q(pk__in=[])
    if "falling" in values:
        condition |= known & Q(at_active__lte=F("at_active_before") * 0.8)
    if "growing" in values:
        condition |= known & Q(at_active__gte=F("at_active_before") * 1.2)
    return condition


def _usage_trends(scope: Scope) -> list[Option]:
    return [
        Option("falling", _("Falling by 20% or more")),
        Option("growing", _("Growing by 20% or more")),
    ]


def _parent_is(values: tuple[str, ...], scope: Scope) -> Q:
    if scope.past:
        return Q(at_parent__in=["" if value == NONE else value for value in values])
    return _within("parent_id", (value for value in values if value == NONE or value.isdecimal()))


def _parents(scope: Scope) -> list[Option]:
    rows = Customer.objects.visible_to(scope.user).filter(children__isnull=False).distinct().order_by("name")
    found = rows.values_list("pk", "name")[:MOST_OPTIONS]
    return [*(Option(str(pk), name) for pk, name in found), _none_option()]


def _parent_labels(values: Iterable[str], scope: Scope) -> dict[str, str]:
    keys = [value for value in values if value.isdecimal()]
    rows = Customer.objects.visible_to(scope.user).filter(pk__in=keys)
    return {NONE: _("None")} | {str(pk): name for pk, name in rows.values_list("pk", "name")}


def _archived(values: tuple[str, ...], scope: Scope) -> Q:
    condition = Q(pk__in=[])
    if "yes" in values:
        condition |= ~not_archived(scope)
    if "no" in values:
        condition |= not_archived(scope)
    return condition


def _archived_options(scope: Scope) -> Sequence[Option]:
    return [Option("yes", _("Archived")), Option("no", _("Not archived"))]


ARCHIVED = Choice("archived", gettext_lazy("Archived"), _archived, _archived_options, negatable=False)


def _band_is(values: tuple[str, ...], scope: Scope) -> Q:
    condition = Q(pk__in=[])
    for band in Band:
        if band.key in values:
            condition |= Q(at_band=band) if band else Q(at_band=band) | Q(at_band__isnull=True)
    return condition


def _bands(scope: Scope) -> list[Option]:
    return [Option(band.key, marks.band_word(band.key)) for band in reversed(Band)]


register(
    Choice("health", gettext_lazy("Health"), _band_is, _bands),
    Choice("segment", gettext_lazy("Segment"), lambda v, s: _within("at_segment", v), _segments),
    Choice("stage", gettext_lazy("Stage"), lambda v, s: _within("at_stage", v), _stages),
    Choice("owner", gettext_lazy("Owner"), _owner_is, _owners, labels=_owner_labels),
    Choice("tag", gettext_lazy("Tag"), _tagged, _tags),
    Between("mrr", gettext_lazy("MRR"), "at_mrr", money=True),
    Days(
        "renewal_within", gettext_lazy("Renewal"), gettext_lazy("Renewal within"), _renews_within, default=90
    ),
    Days(
        "untouched_for",
        gettext_lazy("Last touch"),
        gettext_lazy("No contact for"),
        _untouched_for,
        default=30,
    ),
    Between("tickets", gettext_lazy("Open tickets"), "at_tickets"),
    Choice("nps", gettext_lazy("NPS"), _nps_is, _nps_classes),
    Choice("usage", gettext_lazy("Usage, 30 days"), _usage_falls, _usage_trends, needs_before=True),
    Choice(
        "product",
        gettext_lazy("Product"),
        lambda v, s: _subscribed("product", v, s),
        lambda s: _sold("product"),
    ),
    Choice(
        "plan",
        pgettext_lazy("subscription", "Plan"),
        lambda v, s: _subscribed("plan", v, s),
        lambda s: _sold("plan"),
    ),
    Choice(
        "industry",
        gettext_lazy("Industry"),
        _industry_is,
        _industries,
    ),
    Choice(
        "country",
        gettext_lazy("Country"),
        lambda v, s: _text_is("country", v, s),
        lambda s: _written("country", s),
    ),
    Choice("parent", gettext_lazy("Parent company"), _parent_is, _parents, labels=_parent_labels),
    ARCHIVED,
)
