"""A sheet to print for an event: a personal survey link as a QR code for each person of a customer."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from customers.models import Contact
from customers.views.access import customer_to_edit
from surveys.models import Survey
from surveys.services.links import survey_link_create
from workspace.surveys.qr import qr_of

MOST = 60


@dataclass(frozen=True)
class Badge:
    """One person's part of the sheet."""

    person: Contact
    qr: SafeString


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a survey and people; then show their codes, which are told this once."""
    customer = customer_to_edit(request, pk)
    at = time.now()
    present = Contact.objects.filter(customer=customer, archived_at=None, erased_at=None)
    people = list(present.select_related("customer").order_by("name", "pk")[:MOST])
    surveys = [one for one in Survey.objects.filter(archived_at=None) if not one.is_closed(at)]
    context = {"customer": customer, "people": people, "surveys": surveys}
    if request.method != "POST":
        return render(request, "workspace/surveys/sheet.html", context)
    survey = next((one for one in surveys if str(one.pk) == request.POST.get("survey")), None)
    chosen = [person for person in people if str(person.pk) in request.POST.getlist("person")]
    if survey is None or not chosen:
        context["wrong"] = _("Choose a survey and at least one person.")
        return render(request, "workspace/surveys/sheet.html", context, status=422)
    try:
        with transaction.atomic():
            badges = [_badge(request, survey, person) for person in chosen]
    except ValidationError as wrong:
        context["wrong"] = " ".join(wrong.messages)
        return render(request, "workspace/surveys/sheet.html", context, status=422)
    return render(request, "workspace/surveys/sheet.html", {**context, "survey": survey, "badges": badges})


def _badge(request: HttpRequest, survey: Survey, person: Contact) -> Badge:
    _made, token = survey_link_create(actor=signed_in(request), survey=survey, contact=person, at=time.now())
    return Badge(person, qr_of(settings.SITE_URL + reverse("survey_answer", args=[token])))
