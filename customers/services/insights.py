"""Write insights: what a customer told us, sorted to themes; duplicates put together and taken apart."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from customers.models import Customer, Insight, InsightTheme
from customers.services.facts import check_contact, check_live, fact_values

FIELDS = ("theme", "kind", "area", "quote", "language", "contact", "said_by", "said_on")
FROM = ("comment_id", "touchpoint", "ticket")
SECRET = ("quote", "said_by")  # a person's words: the trail says that they changed, not what they were


@transaction.atomic
def insight_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Insight:
    """Write what a customer told us. Raises ValidationError by field.

    It comes from a comment (`comment_id`), a `touchpoint` or a `ticket`; without any of these it is written by hand.
    """
    unknown = set(fields) - {*FIELDS, *FROM}
    if unknown:
        raise TypeError(f"not a field of an insight: {sorted(unknown)}")
    check_live(customer)
    fields["said_on"] = fields.get("said_on") or time.today()
    row = Insight(
        customer=customer, source=_source(fields), author=None if actor is None else actor.person, **fields
    )
    _check(row)
    row.save()
    changes = {name: (None, value) for name, value in fact_values(row).items() if value not in ("", None)}
    _record(actor, "insight.created", row, changes)
    return row


@transaction.atomic
def insight_update(*, actor: Principal | None, insight: Insight, changes: Mapping[str, Any]) -> Insight:
    """Correct an insight, or sort it to a theme. Raises ValidationError by field."""
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field to change: {sorted(unknown)}")
    row = _locked(insight)
    check_live(row.customer)
    before = fact_values(row)
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    changed = audit.field_changes(before, fact_values(row))
    if changed:
        row.recorded_at = time.now()
        row.save()
        _record(actor, "insight.updated", row, changed)
    return row


@transaction.atomic
def insight_remove(*, actor: Principal | None, insight: Insight) -> Insight:
    """Take an insight away; it can be brought back."""
    row = _locked(insight)
    if row.removed_at is None:
        row.removed_at = time.now()
        row.save(update_fields=["removed_at"])
        _record(actor, "insight.removed", row, {"removed_at": (None, row.removed_at)})
    return row


@transaction.atomic
def insight_bring_back(*, actor: Principal | None, insight: Insight) -> Insight:
    """Bring back an insight that was taken away."""
    row = _locked(insight)
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        _record(actor, "insight.restored", row, {})
    return row


@transaction.atomic
def insight_merge(*, actor: Principal | None, insight: Insight, into: Insight) -> Insight:
    """Say that an insight repeats another one of the same customer; it counts no more by itself.

    Raises ValidationError for another customer's, for itself, and where the other one repeats this one.
    """
    row, kept = _locked(insight), _first(_locked(into))
    if kept.pk == row.pk:
        raise ValidationError({"into": _("An insight cannot repeat itself.")})
    if kept.customer_id != row.customer_id:
        raise ValidationError(
            {"into": _("These are two customers' words: both count. Sort them to one theme instead.")}
        )
    before, row.duplicate_of = row.duplicate_of_id, kept
    row.save(update_fields=["duplicate_of"])
    _record(actor, "insight.merged", row, {"duplicate_of": (before, kept.pk)})
    return row


@transaction.atomic
def insight_separate(*, actor: Principal | None, insight: Insight) -> Insight:
    """Let an insight count by itself again."""
    row = _locked(insight)
    before, row.duplicate_of = row.duplicate_of_id, None
    if before is not None:
        row.save(update_fields=["duplicate_of"])
        _record(actor, "insight.separated", row, {"duplicate_of": (before, None)})
    return row


def theme_to_use(theme: InsightTheme | None) -> InsightTheme | None:
    """Return the theme that took a merged one's place, or itself."""
    while theme is not None and theme.merged_into is not None:
        theme = theme.merged_into
    return theme


def _source(fields: Mapping[str, Any]) -> str:
    named = [name for name in FROM if fields.get(name) is not None]
    if len(named) > 1:
        raise ValidationError(_("An insight comes from one place: a comment, a conversation or a ticket."))
    if not named:
        return Insight.Source.HAND
    return Insight.Source.COMMENT if named[0] == "comment_id" else named[0]


def _check(row: Insight) -> None:
    row.quote, row.said_by = row.quote.strip(), " ".join(row.said_by.split())
    row.theme = theme_to_use(row.theme)
    check_contact(row)
    wrong: dict[str, str] = {}
    if not row.quote:
        wrong["quote"] = _("Write down what was said, in their words.")
    if row.said_on > time.today():
        wrong["said_on"] = _("This day is still to come.")
    for name in ("touchpoint", "ticket"):
        fact = getattr(row, name)
        if fact is not None and fact.customer_id != row.customer_id:
            wrong[name] = _("This belongs to another customer.")
    if wrong:
        raise ValidationError(wrong)


def _first(row: Insight) -> Insight:
    while row.duplicate_of is not None:
        row = row.duplicate_of
    return row


def _locked(insight: Insight) -> Insight:
    rows = Insight.objects.select_for_update(of=("self",)).select_related("customer", "contact", "theme")
    row: Insight = rows.get(pk=insight.pk)
    return row


def _record(
    actor: Principal | None, action: str, row: Insight, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    kept = {name: (None, None) if name in SECRET else change for name, change in changes.items()}
    audit.record(
        actor=actor,
        action=action,
        subject=row,
        changes=kept,
        customer_id=row.customer_id,
        label=row.theme.name if row.theme else "",
    )
