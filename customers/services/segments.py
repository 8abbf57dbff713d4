"""A customer's segment: decided by hand with a reason, or given back to the rules."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, time
from customers.models import Customer, CustomerHistory, Segment
from customers.models.customer import Decided
from customers.segment_query import stored_rules, with_ruled_segment
from customers.services.history import history_record


@transaction.atomic
def segment_override(*, actor: Principal, customer: Customer, segment: str, reason: str) -> Customer:
    """Put a customer into a segment by hand, whatever the rules say, until it is given back to them.

    Raises `ValidationError` when the segment is unknown or nobody says why.
    """
    if segment not in Segment.values:
        raise ValidationError({"segment": _("Choose one of the segments.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say in a few words why; colleagues will ask.")})
    return _segment_set(
        actor=actor, customer=customer, segment=segment, by=Decided.HAND, reason=reason.strip()
    )


@transaction.atomic
def segment_to_rule(*, actor: Principal, customer: Customer) -> Customer:
    """Give a customer's segment back to the rules and put it where they say by today's facts."""
    ruled = with_ruled_segment(Customer.objects.filter(pk=customer.pk), stored_rules(), time.today())
    segment = ruled.values_list("ruled_segment", flat=True).get()
    return _segment_set(actor=actor, customer=customer, segment=segment, by=Decided.RULE, reason="")


def _segment_set(*, actor: Principal, customer: Customer, segment: str, by: str, reason: str) -> Customer:
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    before = {"segment": row.segment, "segment_by": row.segment_by}
    changes = audit.field_changes(before, {"segment": segment, "segment_by": str(by)})
    if not changes:
        return row
    row.segment, row.segment_by = segment, by
    row.version += 1
    row.save(update_fields=["segment", "segment_by", "version", "updated_at"])
    day = time.today()
    history_record(
        customer=row,
        field=CustomerHistory.Field.SEGMENT,
        value=segment,
        before=before["segment"],
        valid_from=day,
        decided_by=by,
        actor=actor,
        reason=reason,
    )
    if reason:
        changes["reason"] = (None, reason)
    audit.record(
        actor=actor,
        action="customer.segment_changed",
        subject=row,
        changes=changes,
        customer_id=row.pk,
        label=row.name,
    )
    events.emit("fact.changed", customer_id=row.pk, first=day.isoformat(), last=None, what="segment")
    return row
