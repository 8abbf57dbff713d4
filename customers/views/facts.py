"""Pages to add and edit the facts of a customer: each kind says its form and services, the rest is shared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from customers.forms import facts as forms
from customers.forms.success import ObjectiveForm
from customers.models import (
    Contact,
    Contract,
    Milestone,
    Objective,
    Payment,
    Subscription,
    Ticket,
    Touchpoint,
)
from customers.services import commercial, contacts, service, success
from customers.views.access import customer_to_edit, posted
from customers.views.form_page import Aside, FormPage, form_page

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class FactKind:
    """One kind of fact; `update` takes the row under the name `argument`."""

    model: type[models.Model]
    form: type[forms.FactForm]
    create: Callable[..., object]
    update: Callable[..., object]
    argument: str
    new_title: str | Promise
    edit_title: str | Promise
    intro: str | Promise = ""
    aside: Callable[[Any], Aside | None] = lambda row: None


def _contact_aside(contact: Contact) -> Aside:
    return Aside(
        title=_g("Should not stand here?"),
        text=_g(
            "Somebody who left gets a last day above and stays on record. Archive who was entered by mistake: "
            "they leave the page, surveys and figures of the days to come, and can be restored at any time."
        ),
        submit=_g("Archive this person"),
        url=reverse("contact_archive", args=[contact.customer_id, contact.pk]),
    )


def _objective_aside(objective: Objective) -> Aside | None:
    if objective.archived_at is not None:
        return None
    return Aside(
        title=_g("Not a goal any more?"),
        text=_g(
            "Archive an objective that both sides dropped, or that was written down by mistake: it leaves the plan, "
            "its totals and the page the customer sees from today on. What was said about it stays in the history."
        ),
        submit=_g("Archive this objective"),
        url=reverse("objective_archive", args=[objective.customer_id, objective.pk]),
    )


def new_view(kind: FactKind) -> View:
    """Return the page that adds a fact of a kind."""

    @requires(Perm.CUSTOMERS_EDIT)
    def new(request: HttpRequest, pk: int) -> HttpResponse:
        customer = customer_to_edit(request, pk)
        form = kind.form(posted(request), customer=customer)
        page = FormPage(
            title=str(kind.new_title),
            submit=_g("Add"),
            done=_g("Added to %(name)s.") % {"name": customer.name},
            back=reverse("customer", args=[customer.pk]),
            customer=customer,
            intro=str(kind.intro),
        )

        def save(data: dict[str, Any]) -> None:
            kind.create(actor=signed_in(request), customer=customer, **data)

        return form_page(request, page=page, form=form, save=save)

    return new


def edit_view(kind: FactKind) -> View:
    """Return the page that edits a fact of a kind."""

    @requires(Perm.CUSTOMERS_EDIT)
    def edit(request: HttpRequest, pk: int, fact: int) -> HttpResponse:
        customer = customer_to_edit(request, pk)
        row = get_object_or_404(kind.model._default_manager.filter(customer=customer), pk=fact)
        form = kind.form(posted(request), customer=customer, row=row)
        page = FormPage(
            title=str(kind.edit_title),
            submit=_g("Save"),
            done=_g("Saved."),
            back=reverse("customer", args=[customer.pk]),
            customer=customer,
            aside=kind.aside(row),
        )

        def save(data: dict[str, Any]) -> None:
            kind.update(actor=signed_in(request), changes=data, **{kind.argument: row})

        return form_page(request, page=page, form=form, save=save)

    return edit


CONTACT = FactKind(
    Contact,
    forms.ContactForm,
    contacts.contact_create,
    contacts.contact_update,
    "contact",
    _("Add a person"),
    _("Edit person"),
    aside=_contact_aside,
)
SUBSCRIPTION = FactKind(
    Subscription,
    forms.SubscriptionForm,
    commercial.subscription_create,
    commercial.subscription_update,
    "subscription",
    _("Add a subscription"),
    _("Edit subscription"),
    _(
        "One entry per span in which the amount did not change. To record a new price, end the old span and add one."
    ),
)
CONTRACT = FactKind(
    Contract,
    forms.ContractForm,
    commercial.contract_create,
    commercial.contract_update,
    "contract",
    _("Add a contract"),
    _("Edit contract"),
)
PAYMENT = FactKind(
    Payment,
    forms.PaymentForm,
    commercial.payment_create,
    commercial.payment_update,
    "payment",
    _("Add a payment"),
    _("Edit payment"),
)
TICKET = FactKind(
    Ticket,
    forms.TicketForm,
    service.ticket_create,
    service.ticket_update,
    "ticket",
    _("Add a ticket"),
    _("Edit ticket"),
)
MILESTONE = FactKind(
    Milestone,
    forms.MilestoneForm,
    service.milestone_create,
    service.milestone_update,
    "milestone",
    _("Add a milestone"),
    _("Edit milestone"),
)
TOUCHPOINT = FactKind(
    Touchpoint,
    forms.TouchpointForm,
    service.touchpoint_create,
    service.touchpoint_update,
    "touchpoint",
    _("Log a conversation"),
    _("Edit conversation"),
)
OBJECTIVE = FactKind(
    Objective,
    ObjectiveForm,
    success.objective_create,
    success.objective_update,
    "objective",
    _("Add an objective"),
    _("Edit objective"),
    _("What the customer wants to reach with you, so that both can tell on any day how far it is."),
    aside=_objective_aside,
)

KINDS = {
    "contact": CONTACT,
    "subscription": SUBSCRIPTION,
    "contract": CONTRACT,
    "payment": PAYMENT,
    "ticket": TICKET,
    "milestone": MILESTONE,
    "objective": OBJECTIVE,
    "touchpoint": TOUCHPOINT,
}
