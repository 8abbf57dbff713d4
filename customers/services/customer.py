"""Making, changing, archiving and restoring a customer."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.principals import Principal
from core import events, time
from customers.details import RECORDED
from customers.models import Customer, CustomerHistory
from customers.models.customer import Decided
from customers.segment_query import stored_rules, with_ruled_segment
from customers.services.customer_checks import cleaned
from customers.services.history import details_record, history_record
from customers.services.tags import SEPARATOR, tags_named
from customers.stage_query import stored_moves
from customers.stages import initial_stage, onboarding_days

PLAIN_FIELDS = (
    "name",
    "tax_id",
    "domain",
    "industry",
    "city",
    "region",
    "country",
    "locale",
    "started_on",
    "attributes",
)
OWNER_FIELDS = ("owner", "onboarding_owner", "commercial_owner")
LINK_FIELDS = ("parent", "referred_by")
EDITABLE_FIELDS = (*PLAIN_FIELDS, *OWNER_FIELDS, *LINK_FIELDS, "tags")


class StaleCustomerError(Exception):
    """Somebody else changed the customer meanwhile; `current` is how it stands now."""

    def __init__(self, current: Customer) -> None:
        super().__init__(f"customer {current.pk} is at version {current.version}")
        self.current = current


@transaction.atomic
def customer_create(
    *,
    actor: Principal | None,
    external_id: str = "",
    segment: str = "",
    stage: str = "",
    reason: str = "",
    **fields: Any,
) -> Customer:
    """Make a customer; `fields` are those of `EDITABLE_FIELDS`, `tags` as names.

    Without an `external_id` one is made. Without a segment or stage the rules decide at once.
    Raises `ValidationError` by field.
    """
    clean = cleaned(None, _known(fields))
    external_id = external_id.strip() or f"zelo-{uuid.uuid4().hex[:12]}"
    if Customer.objects.filter(external_id=external_id).exists():
        raise ValidationError({"external_id": _("Another customer has this ID. Choose another one.")})
    names = clean.pop("tags", [])
    day = time.today()
    customer = Customer(external_id=external_id, **clean)
    customer.segment, customer.segment_by = segment, Decided.HAND if segment else Decided.RULE
    if stage:
        customer.stage, customer.stage_by, customer.stage_since = stage, Decided.HAND, day
    else:
        customer.stage, customer.stage_since = initial_stage(
            started_on=customer.started_on, day=day, lasts=onboarding_days(stored_moves())
        )
    customer.hand_edited = sorted(name for name, value in fields.items() if value)
    customer.save()
    customer.tags.set(tags_named(names))
    if not segment:
        ruled = with_ruled_segment(Customer.objects.filter(pk=customer.pk), stored_rules(), day)
        customer.segment = ruled.values_list("ruled_segment", flat=True).get()
        customer.save(update_fields=["segment"])
    values = {
        CustomerHistory.Field.SEGMENT: (customer.segment, customer.segment_by),
        CustomerHistory.Field.STAGE: (customer.stage, customer.stage_by),
        CustomerHistory.Field.OWNER: (_owner_email(customer.owner), Decided.HAND),
        CustomerHistory.Field.TAG: (_tag_list(customer), Decided.HAND),
    }
    for field, (value, decided_by) in values.items():
        history_record(
            customer=customer,
            field=field,
            value=value,
            valid_from=day,
            decided_by=decided_by,
            actor=actor,
            reason=reason if decided_by == Decided.HAND else "",
        )
    told = {**snapshot(customer), "external_id": customer.external_id, "segment": customer.segment}
    audit.record(
        actor=actor,
        action="customer.created",
        subject=customer,
        changes={name: (None, value) for name, value in told.items() if value not in ("", None, [], {})},
        customer_id=customer.pk,
        label=customer.name,
    )
    first = min(customer.started_on or day, day)
    events.emit("fact.changed", customer_id=customer.pk, first=first.isoformat(), last=None, what="customer")
    return customer


@transaction.atomic
def customer_update(
    *, actor: Principal | None, customer: Customer, changes: Mapping[str, Any], version: int | None = None
) -> Customer:
    """Change fields of a customer (`EDITABLE_FIELDS`, `tags` as names); return it as it stands then.

    With `version` the change is made only to the customer as it was read: raises `StaleCustomerError` when it
    has moved on. Raises `ValidationError` by field. Owner and tags are history from today on.
    """
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if version is not None and row.version != version:
        raise StaleCustomerError(row)
    if row.archived_at is not None:
        raise ValidationError(_("This customer is archived. Restore it before you change anything of it."))
    clean = cleaned(row, _known(changes))
    before = snapshot(row)
    names = clean.pop("tags", None)
    started, owner_was = row.started_on, row.owner_id
    details_were = {name: getattr(row, name) for name in RECORDED}
    for name, value in clean.items():
        setattr(row, name, value)
    if "owner" in clean:
        row.wanted_owner_email = ""
    if names is not None:
        row.tags.set(tags_named(names))
    changed = audit.field_changes(before, snapshot(row))
    if not changed:
        return row
    row.hand_edited = sorted({*row.hand_edited, *changed})
    row.version += 1
    row.save()
    _history_of_update(actor, row, changed)
    details_record(
        befores={row.pk: details_were},
        afters={row.pk: {name: getattr(row, name) for name in RECORDED}},
        decided_by=Decided.HAND,
        actor=actor,
    )
    if row.owner_id and owner_was != row.owner_id:
        events.emit("owner.changed", customer_id=row.pk, was=owner_was, now=row.owner_id)
    audit.record(
        actor=actor,
        action="customer.updated",
        subject=row,
        changes=changed,
        customer_id=row.pk,
        label=row.name,
    )
    today = time.today()
    starts = [day for day in (started, row.started_on) if day] if "started_on" in changed else []
    first = min([*starts, today])
    events.emit("fact.changed", customer_id=row.pk, first=first.isoformat(), last=None, what="customer")
    return row


@transaction.atomic
def customer_archive(*, actor: Principal, customer: Customer) -> Customer:
    """Put a customer aside: it leaves lists and figures of coming days, and nothing of it is deleted."""
    return _archived(actor, customer, archive=True)


@transaction.atomic
def customer_restore(*, actor: Principal, customer: Customer) -> Customer:
    """Bring an archived customer back. Raises `ValidationError` for one that was merged into another."""
    if customer.merged_into_id is not None:
        raise ValidationError(_("This customer was merged into another. Undo the merge instead."))
    return _archived(actor, customer, archive=False)


def _archived(actor: Principal, customer: Customer, *, archive: bool) -> Customer:
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if (row.archived_at is not None) == archive:
        return row
    before = row.archived_at
    row.archived_at = time.now() if archive else None
    row.version += 1
    row.save(update_fields=["archived_at", "version", "updated_at"])
    audit.record(
        actor=actor,
        action="customer.archived" if archive else "customer.restored",
        subject=row,
        changes={"archived_at": (before, row.archived_at)},
        customer_id=row.pk,
        label=row.name,
    )
    first = time.today() if before is None else min(time.local_day(before), time.today())
    events.emit("fact.changed", customer_id=row.pk, first=first.isoformat(), last=None, what="customer")
    return row


def snapshot(customer: Customer) -> dict[str, Any]:
    """Return a customer's editable fields as plain values: people by e-mail, customers by their ID."""
    values: dict[str, Any] = {name: audit.plain(getattr(customer, name)) for name in PLAIN_FIELDS}
    for name in OWNER_FIELDS:
        values[name] = _owner_email(getattr(customer, name))
    for name in LINK_FIELDS:
        other = getattr(customer, name)
        values[name] = other.external_id if other else ""
    values["attributes"] = dict(customer.attributes)
    values["tags"] = _tag_list(customer)
    return values


def _history_of_update(
    actor: Principal | None, row: Customer, changed: Mapping[str, tuple[Any, Any]]
) -> None:
    fields = {"owner": CustomerHistory.Field.OWNER, "tags": CustomerHistory.Field.TAG}
    for name, field in fields.items():
        if name in changed:
            before, after = changed[name]
            history_record(
                customer=row,
                field=field,
                value=after,
                before=before,
                valid_from=time.today(),
                decided_by=Decided.HAND,
                actor=actor,
            )


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(EDITABLE_FIELDS)
    if unknown:
        raise TypeError(f"not fields of a customer that are edited: {', '.join(sorted(unknown))}")
    return dict(fields)


def _owner_email(owner: User | None) -> str:
    return owner.email if owner else ""


def _tag_list(customer: Customer) -> str:
    return SEPARATOR.join(customer.tags.order_by("name").values_list("name", flat=True))
