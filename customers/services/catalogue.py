"""What an admin keeps lists of: attributes, acquisition costs by month, products with their features."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import time
from customers.models import AcquisitionCost, AttributeDefinition, Customer, Product
from customers.services.costs import check_begun

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def attribute_create(
    *, actor: User, label: str, kind: str, choices: Sequence[str] = (), key: str = "", position: int = 0
) -> AttributeDefinition:
    """Define an attribute of customers; its key (in files `attr:KEY`) is made of the label if not given.

    Raises `ValidationError` when the key is taken or a choice has no choices.
    """
    key = key or slugify(label)[:40]
    if not key:
        raise ValidationError({"key": _("Write a key of letters, digits and hyphens.")})
    if AttributeDefinition.objects.filter(key=key).exists():
        raise ValidationError({"key": _("There is an attribute with this key already. Choose another one.")})
    row = AttributeDefinition(key=key, label=label, kind=kind, choices=list(choices), position=position)
    _check_choices(row)
    row.save()
    audit.record(
        actor=actor,
        action="attribute.created",
        subject=row,
        changes={"label": (None, label), "kind": (None, kind), "choices": (None, list(choices))},
    )
    return row


@transaction.atomic
def attribute_update(
    *, actor: User, attribute: AttributeDefinition, changes: Mapping[str, Any]
) -> AttributeDefinition:
    """Change an attribute's label, choices or position; its key and type stay, as values depend on them.

    Raises `ValidationError` when a choice that customers have would go.
    """
    row = AttributeDefinition.objects.select_for_update().get(pk=attribute.pk)
    before = _told(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    _check_choices(row)
    _check_choices_used(row)
    return _saved(actor, row, "attribute.updated", before, _told(row, changes))


@transaction.atomic
def attribute_archive(*, actor: User, attribute: AttributeDefinition, archived: bool) -> AttributeDefinition:
    """Take an attribute out of forms and files, or bring it back; the values customers have are kept."""
    if (attribute.archived_at is not None) == archived:
        return attribute
    before = {"archived_at": attribute.archived_at}
    attribute.archived_at = time.now() if archived else None
    action = "attribute.archived" if archived else "attribute.restored"
    return _saved(actor, attribute, action, before, {"archived_at": attribute.archived_at})


def _check_choices(row: AttributeDefinition) -> None:
    if row.kind == AttributeDefinition.Kind.CHOICE and not row.choices:
        raise ValidationError({"choices": _("Name at least one choice, one per line.")})


def _check_choices_used(row: AttributeDefinition) -> None:
    if row.kind != AttributeDefinition.Kind.CHOICE:
        return
    used = Customer.objects.filter(**{f"attributes__{row.key}__isnull": False}).values_list(
        f"attributes__{row.key}", flat=True
    )
    missing = sorted({str(value) for value in used.distinct()} - set(row.choices))
    if missing:
        raise ValidationError(
            {
                "choices": _(
                    "Customers have the choice “%(choice)s”. Keep it, or change those customers first."
                )
                % {"choice": missing[0]}
            }
        )


@transaction.atomic
def cost_set(*, actor: User, month: dt.date, category: str, amount_cents: int) -> AcquisitionCost:
    """Write what sales or marketing cost in a month; a second entry of the same replaces the amount.

    Raises `ValidationError` for a month that has not begun.
    """
    month = month.replace(day=1)
    check_begun(month)
    row = AcquisitionCost.objects.select_for_update().filter(month=month, category=category).first()
    before = {"amount_cents": row.amount_cents if row else None}
    row = row or AcquisitionCost(month=month, category=category)
    row.amount_cents = amount_cents
    row.recorded_at = time.now()
    return _saved(actor, row, "cost.set", before, {"amount_cents": amount_cents})


@transaction.atomic
def product_create(*, actor: User, **fields: Any) -> Product:
    """Write a feature of a product's plan. Raises `ValidationError` when it is there already."""
    row = Product(**fields)
    _check_product(row)
    return _saved(actor, row, "product.created", {}, _told(row, fields))


@transaction.atomic
def product_update(*, actor: User, product: Product, changes: Mapping[str, Any]) -> Product:
    """Change a feature of a product's plan. Raises `ValidationError`."""
    row = Product.objects.select_for_update().get(pk=product.pk)
    before = _told(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    _check_product(row)
    return _saved(actor, row, "product.updated", before, _told(row, changes))


def _check_product(row: Product) -> None:
    same = Product.objects.filter(product=row.product, plan=row.plan, feature=row.feature).exclude(pk=row.pk)
    if same.exists():
        raise ValidationError(
            {"feature": _("This plan of the product has this feature already. Edit that entry instead.")}
        )


def _told(row: models.Model, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _saved(actor: User, row: Row, action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Row:
    changes = audit.field_changes(before, after)
    if changes or row.pk is None:
        if isinstance(row, AcquisitionCost | Product):  # which files bring too
            row.hand_edited = sorted({*row.hand_edited, *changes})
        row.save()
        audit.record(actor=actor, action=action, subject=row, changes=changes, label=str(row))
    return row
