"""The audit trail's page: who changed what, when, before and after."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.forms import set_choices
from accounts.models import AuditEntry, User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from customers.models import Customer
from workspace.audit import words
from workspace.audit.trail import lines

PER_PAGE = 50
ZELO = "zelo"


class AuditFilters(forms.Form):
    """What to look for; every field may stay empty."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    object = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), str(person)) for person in User.objects.order_by("name")]
        set_choices(self.fields["person"], [("", _("Everybody")), (ZELO, "Zelo"), *people])
        set_choices(self.fields["action"], [("", _("Every action")), *words.ACTIONS.items()])
        set_choices(self.fields["kind"], [("", _("Everything")), *words.KINDS.items()])

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins."""
        data = super().clean() or {}
        first: dt.date | None = data.get("first")
        last: dt.date | None = data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The span ends before it begins."))
        return data

    def criteria(self, user: User) -> dict[str, Any]:
        """Return the filters as `AuditQuerySet.matching` takes them."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "action": data["action"],
            "object_type": data["kind"],
            "object_id": data["object"],
            "first": data["first"],
            "last": data["last"],
        }
        if data["person"] == ZELO:
            found["by_zelo"] = True
        elif data["person"]:
            found["actor_id"] = int(data["person"])
        if data["customer"]:
            like = Q(name__icontains=data["customer"]) | Q(external_id__iexact=data["customer"])
            found["customer_ids"] = Customer.objects.visible_to(user).filter(like).values("pk")
        return found


@requires(Perm.AUDIT_VIEW)
def audit(request: HttpRequest) -> HttpResponse:
    """List the entries that match, newest first, 50 at a time."""
    person = signed_in(request)
    form = AuditFilters(request.GET)
    entries: list[AuditEntry] = []
    if form.is_valid():
        found = AuditEntry.objects.matching(**form.criteria(person)).newest_first()
        before = request.GET.get("before", "")
        if before.isdigit():
            found = found.filter(pk__lt=int(before))
        entries = list(found[: PER_PAGE + 1])
    more = len(entries) > PER_PAGE
    entries = entries[:PER_PAGE]
    context = {
        "form": form,
        "lines": lines(entries, Customer.objects.visible_to(person)),
        "older": entries[-1].pk if more else None,
        "is_first_page": "before" not in request.GET,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "workspace/audit.html", context)
