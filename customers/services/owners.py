"""Who looks after customers, by function: customer success (the owner), onboarding, commercial."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm, Role, role_has
from core import events, time
from customers.models import Customer, CustomerHistory
from customers.models.customer import Decided
from customers.services.history import history_record_many
from customers.services.reversal import chunks, step


class OwnerFunction(models.TextChoices):
    """What a person does for a customer."""

    CS = "cs", gettext_lazy("Customer success")
    ONBOARDING = "onboarding", gettext_lazy("Onboarding")
    COMMERCIAL = "commercial", gettext_lazy("Commercial")


OWNER_COLUMNS: dict[str, str] = {
    OwnerFunction.CS: "owner",
    OwnerFunction.ONBOARDING: "onboarding_owner",
    OwnerFunction.COMMERCIAL: "commercial_owner",
}


def assignable_people() -> QuerySet[User]:
    """People who can look after customers: not disabled, and allowed to edit them."""
    roles = [role for role in Role.values if role_has(role, Perm.CUSTOMERS_EDIT)]
    people: QuerySet[User] = User.objects.filter(is_active=True, role__in=roles).order_by("name")
    return people


def owners_set(
    *,
    actor: User | None,
    customers: QuerySet[Customer],
    function: str,
    successor: User | None,
    action: str,
    reason: str = "",
    decided_by: str = Decided.HAND,
) -> list[dict[str, Any]]:
    """Set the owner in one function for a query of customers; return the steps that take it back.

    Call it inside a transaction. History knows the owner of customer success only, as the figures do.
    """
    if successor is not None and not successor.may(Perm.CUSTOMERS_EDIT):
        raise ValidationError(
            {"owner": _("%(name)s may not edit customers. Choose another person.") % {"name": successor}}
        )
    column = OWNER_COLUMNS[function]
    new = successor.pk if successor else None
    unchanged = Q(**{f"{column}__isnull": True}) if new is None else Q(**{column: new})
    rows = list(
        customers.exclude(unchanged)
        .select_for_update(of=("self",))
        .values_list("pk", f"{column}_id", f"{column}__email")
    )
    keys = [row[0] for row in rows]
    changes: dict[str, Any] = {f"{column}_id": new, "version": F("version") + 1, "updated_at": time.now()}
    if function == OwnerFunction.CS:
        changes["wanted_owner_email"] = ""
    for part in chunks(keys):
        Customer.objects.filter(pk__in=part).update(**changes)
    email = successor.email if successor else ""
    day = time.today()
    if function == OwnerFunction.CS:
        history_record_many(
            values=dict.fromkeys(keys, email),
            befores={key: was or "" for key, _id, was in rows},
            field=CustomerHistory.Field.OWNER,
            valid_from=day,
            decided_by=decided_by,
            actor=actor,
            reason=reason,
        )
    audit.record_many(
        actor=actor,
        action=action,
        model=Customer,
        changes={key: {column: (was or "", email)} for key, _id, was in rows},
        of_customers=True,
    )
    events.emit_many("fact.changed", customer_ids=keys, first=day.isoformat(), last=None, what="owner")
    groups: dict[int | None, list[int]] = {}
    for key, was_id, _was in rows:
        groups.setdefault(was_id, []).append(key)
    if function == OwnerFunction.CS and new is not None:
        for was_id, ids in groups.items():
            events.emit_many("owner.changed", customer_ids=ids, was=was_id, now=new)
    return [
        step(Customer, ids, {f"{column}_id": was_id}, {f"{column}_id": new}) for was_id, ids in groups.items()
    ]
