"""Settings: tags, attributes, acquisition costs, products. Each is a list with a form to add to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast, toast_error
from customers.forms.catalogue import (
    COST_CATEGORIES,
    AttributeForm,
    AttributeNewForm,
    CostForm,
    ProductForm,
    TagForm,
)
from customers.models import AcquisitionCost, AttributeDefinition, Product, Tag
from customers.services.catalogue import (
    attribute_archive,
    attribute_create,
    attribute_update,
    cost_set,
    product_create,
    product_update,
)
from customers.services.tags import tag_create, tag_remove, tag_rename
from customers.views.access import posted
from customers.views.form_page import FormPage, form_page

PAGE = 50


def _list_page(
    title: str, intro: str, submit: str, done: str, back: str, template: str, extra: dict[str, Any]
) -> FormPage:
    return FormPage(
        title=title,
        submit=submit,
        done=done,
        back=reverse(back),
        intro=intro,
        settings=True,
        template=f"customers/{template}.html",
        extra=extra,
    )


def _edit_page(title: str, back: str) -> FormPage:
    return FormPage(title=title, submit=_("Save"), done=_("Saved."), back=reverse(back), settings=True)


@requires(Perm.SETTINGS_MANAGE)
def tags_settings(request: HttpRequest) -> HttpResponse:
    """List the tags with how many customers carry each, and make one."""
    tags = Tag.objects.annotate(carried=Count("customers", filter=Q(customers__archived_at=None)))
    page = _list_page(
        _("Tags"),
        _("Free labels of customers. Renaming keeps them on their customers."),
        _("Add tag"),
        _("The tag is there."),
        "tags_settings",
        "tags_settings",
        {"page_of": Paginator(tags.order_by("name"), PAGE).get_page(request.GET.get("page"))},
    )

    def save(data: dict[str, Any]) -> None:
        tag_create(actor=signed_in(request), **data)

    return form_page(request, page=page, form=TagForm(posted(request)), save=save)


@requires(Perm.SETTINGS_MANAGE)
def tag_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a tag."""
    tag = get_object_or_404(Tag, pk=pk)

    def save(data: dict[str, Any]) -> None:
        tag_rename(actor=signed_in(request), tag=tag, **data)

    form = TagForm(posted(request), initial={"name": tag.name})
    return form_page(request, page=_edit_page(_("Rename tag"), "tags_settings"), form=form, save=save)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def tag_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a tag that nobody carries."""
    tag = get_object_or_404(Tag, pk=pk)
    try:
        tag_remove(actor=signed_in(request), tag=tag)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(request, _("The tag is gone."))
    return redirect("tags_settings")


@requires(Perm.SETTINGS_MANAGE)
def attributes_settings(request: HttpRequest) -> HttpResponse:
    """List the attributes of customers, archived ones last, and define one."""
    attributes = AttributeDefinition.objects.order_by("archived_at", "position", "label")
    page = _list_page(
        _("Attributes"),
        _("Extra fields of customers, with a type that is checked in forms and files."),
        _("Add attribute"),
        _("The attribute is there."),
        "attributes_settings",
        "attributes_settings",
        {
            "present": [one for one in attributes if one.archived_at is None],
            "archived": [one for one in attributes if one.archived_at is not None],
        },
    )

    def save(data: dict[str, Any]) -> None:
        attribute_create(actor=signed_in(request), **data)

    return form_page(request, page=page, form=AttributeNewForm(posted(request)), save=save)


@requires(Perm.SETTINGS_MANAGE)
def attribute_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an attribute's name, choices or position."""
    attribute = get_object_or_404(AttributeDefinition, pk=pk)
    initial = {name: getattr(attribute, name) for name in AttributeForm.base_fields}

    def save(data: dict[str, Any]) -> None:
        attribute_update(actor=signed_in(request), attribute=attribute, changes=data)

    form = AttributeForm(posted(request), initial=initial)
    if attribute.kind != AttributeDefinition.Kind.CHOICE:
        del form.fields["choices"]
    return form_page(
        request, page=_edit_page(_("Edit attribute"), "attributes_settings"), form=form, save=save
    )


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def attribute_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive an attribute; posted again (the undo) it comes back."""
    row = get_object_or_404(AttributeDefinition, pk=pk)
    row = attribute_archive(actor=signed_in(request), attribute=row, archived=row.archived_at is None)
    if row.archived_at:
        text = _("The attribute is archived; customers keep their values.")
        toast(request, text, undo_url=reverse("attribute_archive", args=[pk]))
    else:
        toast(request, _("The attribute is back."))
    return redirect("attributes_settings")


@requires(Perm.SETTINGS_MANAGE)
def costs_settings(request: HttpRequest) -> HttpResponse:
    """List what winning customers cost, month by month, and write an amount; the same month is replaced."""
    labels = dict(COST_CATEGORIES)
    costs = Paginator(AcquisitionCost.objects.order_by("-month", "category"), PAGE)
    page_of = costs.get_page(request.GET.get("page"))
    page = _list_page(
        _("Acquisition costs"),
        _("What sales and marketing cost in a month. The cost of a new customer needs both."),
        _("Save amount"),
        _("The amount is saved."),
        "costs_settings",
        "costs_settings",
        {
            "page_of": page_of,
            "rows": [(row, labels[AcquisitionCost.Category(row.category)]) for row in page_of],
        },
    )

    def save(data: dict[str, Any]) -> None:
        cost_set(actor=signed_in(request), **data)

    form = CostForm(posted(request), initial={"month": time.today().replace(day=1)})
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.SETTINGS_MANAGE)
def products_settings(request: HttpRequest) -> HttpResponse:
    """List what is sold, feature by feature, and add to it."""
    rows = Product.objects.order_by("product", "plan", "feature")
    page = _list_page(
        _("Products"),
        _("What each plan offers, and the usage event that shows that a feature is used."),
        _("Add feature"),
        _("The feature is there."),
        "products_settings",
        "products_settings",
        {"page_of": Paginator(rows, PAGE).get_page(request.GET.get("page"))},
    )

    def save(data: dict[str, Any]) -> None:
        product_create(actor=signed_in(request), **data)

    return form_page(request, page=page, form=ProductForm(posted(request)), save=save)


@requires(Perm.SETTINGS_MANAGE)
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a feature of a product's plan."""
    product = get_object_or_404(Product, pk=pk)
    initial = {name: getattr(product, name) for name in ProductForm.base_fields}

    def save(data: dict[str, Any]) -> None:
        product_update(actor=signed_in(request), product=product, changes=data)

    form = ProductForm(posted(request), initial=initial)
    return form_page(request, page=_edit_page(_("Edit feature"), "products_settings"), form=form, save=save)
