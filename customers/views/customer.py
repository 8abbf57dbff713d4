"""Making and changing a customer."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from customers.forms.customer import CustomerEditForm, CustomerNewForm, as_base, form_values, shown
from customers.models import Customer
from customers.services.customer import StaleCustomerError, customer_create, customer_update
from customers.views.access import customer_to_edit, posted

GROUPS = (
    ("company", ("name", "tax_id", "domain", "industry", "started_on", "external_id")),
    ("place", ("city", "region", "country", "locale")),
    ("care", ("segment", "stage", "owner", "onboarding_owner", "commercial_owner", "tags")),
    ("links", ("parent", "referred_by")),
)


@requires(Perm.CUSTOMERS_EDIT)
def customer_new(request: HttpRequest) -> HttpResponse:
    """Make a customer."""
    person = signed_in(request)
    form = CustomerNewForm(posted(request), user=person, initial={"owner": person})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            customer = customer_create(
                actor=person,
                external_id=data["external_id"],
                segment=data["segment"],
                stage=data["stage"],
                **form.changes(),
            )
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("%(name)s is a customer now.") % {"name": customer.name})
            return redirect("customer", customer.pk)
    return _page(request, form, title=_("New customer"), submit=_("Add customer"), back=reverse("portfolio"))


@requires(Perm.CUSTOMERS_EDIT)
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a customer; when somebody else did meanwhile, say what and keep what was typed."""
    customer = customer_to_edit(request, pk)
    if customer.archived_at is not None:
        return redirect("customer", customer.pk)
    person = signed_in(request)
    form = CustomerEditForm(posted(request), user=person, customer=customer)
    theirs: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(form, customer, person)
        except StaleCustomerError as stale:
            form, theirs = _stale_form(request, person, stale.current)
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("%(name)s is saved.") % {"name": saved.name})
            return redirect("customer", customer.pk)
    back = reverse("customer", args=[customer.pk])
    title = _("Edit %(name)s") % {"name": customer.name}
    return _page(request, form, title=title, submit=_("Save"), back=back, customer=customer, theirs=theirs)


def _save(form: CustomerEditForm, customer: Customer, person: User) -> Customer:
    """Save, going by the version read; a change of what this form does not hold is no conflict."""
    version = form.cleaned_data["version"]
    try:
        return customer_update(actor=person, customer=customer, changes=form.changes(), version=version)
    except StaleCustomerError as stale:
        if form.cleaned_data["base"] != as_base(form_values(stale.current)):
            raise
        version = stale.current.version
        return customer_update(actor=person, customer=customer, changes=form.changes(), version=version)


def _stale_form(
    request: HttpRequest, person: User, current: Customer
) -> tuple[CustomerEditForm, list[dict[str, str]]]:
    """Return the form with what was typed on top of what stands now, and what somebody else changed."""
    now = form_values(current)
    before = _read_base(request.POST.get("base", ""))
    fresh = CustomerEditForm(user=person, customer=current)
    theirs = []
    data = request.POST.copy()
    for name, value in now.items():
        if name not in fresh.fields or before.get(name, "") == shown(value):
            continue
        bound = fresh[name]
        untouched = _typed(request, fresh, name) == before.get(name, "")
        if untouched:
            data[name] = _as_typed(bound.value())
        theirs.append({"label": str(bound.label), "before": before.get(name, ""), "now": shown(value)})
    data["version"] = str(current.version)
    data["base"] = as_base(now)
    form = CustomerEditForm(data, user=person, customer=current)
    form.add_error(
        None,
        _("Somebody else changed this customer while you were typing. Look at the changes, then save again."),
    )
    return form, theirs


def _typed(request: HttpRequest, fresh: CustomerEditForm, name: str) -> str:
    """Say what was typed in a field in the words of the base, so that the two can be compared."""
    field = fresh.fields[name]
    try:
        return shown(field.clean(field.widget.value_from_datadict(request.POST, request.FILES, name)))
    except ValidationError:
        return request.POST.get(name, "")


def _as_typed(value: Any) -> str:
    """Say a field's value as a browser would send it."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(getattr(value, "pk", value))


def _read_base(text: str) -> dict[str, str]:
    try:
        base = json.loads(text)
    except ValueError:
        return {}
    return base if isinstance(base, dict) else {}


def _page(
    request: HttpRequest,
    form: CustomerNewForm | CustomerEditForm,
    *,
    title: str,
    submit: str,
    back: str,
    customer: Customer | None = None,
    theirs: list[dict[str, str]] | None = None,
) -> HttpResponse:
    form.focus()
    grouped = {key: [form[name] for name in names if name in form.fields] for key, names in GROUPS}
    context = {
        "form": form,
        "customer": customer,
        "title": title,
        "submit": submit,
        "back": back,
        "theirs": theirs or [],
        "attributes": [form[name] for name in form.fields if name.startswith("attr_")],
        **grouped,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "customers/customer_form.html", context, status=status)
