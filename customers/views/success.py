"""Pages that write a success plan: what was promised, from a template, what was said, and the templates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.forms.success import AttainedForm, FromTemplateForm, PlanForm
from customers.forms.success_template import ObjectiveRows, TemplateForm, asked_rows, rows_of
from customers.models import Customer, Objective, PlanTemplate, SuccessPlan
from customers.services.success import attained_record, objective_archive, plan_from_template, plan_save
from customers.services.success_template import template_remove, template_save
from customers.views.access import customer_to_edit, posted
from customers.views.form_page import FormPage, form_page

TEMPLATE = "customers/success_template.html"


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down, or change, what a customer was promised."""
    customer = customer_to_edit(request, pk)
    plan = SuccessPlan.objects.filter(customer=customer).first()
    page = FormPage(
        title=_("Success plan"),
        submit=_("Save"),
        done=_("The plan is saved."),
        back=_plan_url(customer),
        customer=customer,
        intro=_("What was sold to this customer, taken over while those who sold it remember it."),
    )

    def save(data: dict[str, Any]) -> None:
        plan_save(actor=signed_in(request), customer=customer, **data)

    return form_page(request, page=page, form=PlanForm(posted(request), plan=plan), save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def plan_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a plan with the objectives of a template."""
    customer = customer_to_edit(request, pk)
    page = FormPage(
        title=_("Begin with a template"),
        submit=_("Take over its objectives"),
        done=_("The objectives are taken over. Set baseline and target to this customer's."),
        back=_plan_url(customer),
        customer=customer,
        intro=_("Objectives of the same name that are there already are left as they are."),
    )

    def save(data: dict[str, Any]) -> None:
        plan_from_template(actor=signed_in(request), customer=customer, **data)

    form = FromTemplateForm(posted(request), customer=customer)
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def attained_new(request: HttpRequest, pk: int, objective: int) -> HttpResponse:
    """Record what the customer said, or what we assess, was reached of an objective."""
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Objective.objects.filter(customer=customer), pk=objective)
    page = FormPage(
        title=row.name,
        submit=_("Record"),
        done=_("Recorded. What was said before stays in the history."),
        back=_plan_url(customer),
        customer=customer,
        intro=_("From %(baseline)s to %(target)s. The customer's view and ours are kept apart.")
        % {
            "baseline": f"{row.baseline.normalize():f}",
            "target": f"{row.target.normalize():f} {row.unit}".strip(),
        },
    )

    def save(data: dict[str, Any]) -> None:
        attained_record(actor=signed_in(request), objective=row, **data)

    side = "ours" if request.GET.get("side") == "ours" else "customer"
    form = AttainedForm(posted(request), objective=row, side=side)
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def objective_archived(request: HttpRequest, pk: int, objective: int) -> HttpResponse:
    """Take an objective out of the plan."""
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Objective.objects.filter(customer=customer, archived_at=None), pk=objective)
    try:
        objective_archive(actor=signed_in(request), objective=row)
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
    else:
        toast(request, _("“%(name)s” is out of the plan. Its history stays.") % {"name": row.name})
    return redirect(_plan_url(customer))


@requires(Perm.SETTINGS_MANAGE)
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates of plans."""
    found = PlanTemplate.objects.prefetch_related("objectives")
    return render(request, "customers/success_templates.html", {"templates": found})


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def template_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a template and its objectives."""
    template = get_object_or_404(PlanTemplate, pk=pk) if pk else None
    form = TemplateForm(posted(request), template=template)
    rows = ObjectiveRows(posted(request), initial=rows_of(template) if request.method != "POST" else None)
    if request.method == "POST":
        try:
            asked = asked_rows(rows)
            if form.is_valid():
                template_save(
                    actor=signed_in(request), template=template, objectives=asked, **form.cleaned_data
                )
                toast(request, _("The template is saved."))
                return redirect("success_templates_settings")
        except ValidationError as wrong:
            form.is_valid()
            form.take(wrong)
    context = {"form": form, "rows": rows, "template": template}
    return render(request, TEMPLATE, context, status=422 if form.errors else 200)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def template_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a template away; plans that began with it stay."""
    template = get_object_or_404(PlanTemplate, pk=pk)
    template_remove(actor=signed_in(request), template=template)
    toast(request, _("The template “%(name)s” is removed.") % {"name": template.name})
    return redirect("success_templates_settings")


def _plan_url(customer: Customer) -> str:
    return reverse("success_plan", args=[customer.pk])
