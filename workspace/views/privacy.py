"""People's data: the requests with their legal deadline, handing a copy out, erasing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.forms import DayField, FocusedForm
from core.toasts import toast, toast_error
from customers.models import Contact, DataRequest
from customers.services.privacy import data_request_done, data_request_make
from workspace.privacy.erase import erase_contact
from workspace.privacy.export import counts, export_contact, held_about
from workspace.privacy.person import person_of
from workspace.privacy.places import Place, places

PER_PAGE = 25
HELD = {
    "contacts": _("Contact"),
    "answers": _("Answers, every version"),
    "invitations": _("Survey invitations"),
    "visits": _("Visits of answer pages"),
    "mails_counted": _("Mails counted by the contact budget"),
    "mails": _("Mails in the outbox"),
    "stopped_mail": _("Stopped kinds of mail"),
    "tickets": _("Tickets"),
    "conversations": _("Conversations"),
    "insights": _("Insights"),
    "told": _("What they were told was done"),
    "usage": _("Days and features used"),
    "changes": _("Changes in the audit trail"),
    "requests": _("Requests"),
}


class RequestForm(FocusedForm):
    """Who asked for what, and when."""

    email = forms.EmailField(label=_("Address of the person"))
    kind = forms.ChoiceField(label=_("Asked for"), choices=DataRequest.Kind.choices)
    requested_on = DayField(label=_("Asked on"), help_text=_("The law gives 15 days from then."))


@requires(Perm.PRIVACY_MANAGE)
@require_http_methods(["GET", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """List the requests, those that are due first, and take a new one down."""
    today = time.today()
    form = RequestForm(request.POST or None, initial={"requested_on": today})
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
        if made is not None:
            toast(request, _g("The request is taken down."))
            return redirect("privacy_request", pk=made.pk)
    rows = DataRequest.objects.select_related("contact__customer", "done_by").order_by("due_on", "-pk")
    waiting = rows.filter(done_at__isnull=True)
    context = {
        "form": form,
        "waiting": waiting,
        "page": Paginator(rows.filter(done_at__isnull=False).order_by("-done_at"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "today": today,
    }
    return render(request, "workspace/privacy/list.html", context, status=422 if form.errors else 200)


@requires(Perm.PRIVACY_MANAGE)
def privacy_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is held about the person, and the buttons that answer the request."""
    asked = get_object_or_404(DataRequest.objects.select_related("contact__customer", "done_by"), pk=pk)
    contact = asked.contact
    held: list[tuple[Any, int]] = []
    others: list[Contact] = []
    look: list[Place] = []
    if contact is not None and contact.erased_at is None:
        person = person_of(contact)
        held = [(HELD[name], n) for name, n in counts(held_about(person)).items()]
        others = [one for one in person.contacts if one.pk != contact.pk]
        look = places(person) if asked.kind == DataRequest.Kind.ERASE else []
    context = {"asked": asked, "held": held, "others": others, "look": look, "today": time.today()}
    return render(request, "workspace/privacy/request.html", context)


@requires(Perm.PRIVACY_MANAGE)
@require_POST
def privacy_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the copy out and tick the request off."""
    asked, contact = _present(pk)
    packed = export_contact(person_of(contact))
    if asked.kind == DataRequest.Kind.EXPORT:
        data_request_done(
            actor=signed_in(request), contact=contact, kind=asked.kind, today=time.today(), at=time.now()
        )
    response = HttpResponse(packed, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="contact-{contact.pk}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@requires(Perm.PRIVACY_MANAGE)
@require_POST
def privacy_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase the person of an erasure request; the address must be typed once more."""
    asked, contact = _present(pk)
    typed = request.POST.get("email", "").strip().lower()
    if asked.kind != DataRequest.Kind.ERASE or typed != contact.email.lower():
        toast_error(request, _g("Nothing was erased: type the person's address exactly to confirm."))
        return redirect("privacy_request", pk=pk)
    done = erase_contact(actor=signed_in(request), contact=contact, today=time.today(), at=time.now())
    toast(
        request,
        _g(
            "Erased. Notes and files of the team were searched for the full name and the address; %(notes)s notes "
            "and %(files)s files of this customer may describe the person otherwise: look at them by hand."
        )
        % {"notes": done.notes_to_read, "files": done.files_to_read},
    )
    return redirect("privacy_request", pk=pk)


def _made(request: HttpRequest, form: RequestForm) -> DataRequest | None:
    data = form.cleaned_data
    contact = Contact.objects.filter(email__iexact=data["email"].strip()).order_by("pk").first()
    if contact is None:
        form.add_error("email", _g("There is no contact with this address."))
        return None
    try:
        return data_request_make(
            actor=signed_in(request),
            contact=contact,
            kind=data["kind"],
            requested_on=data["requested_on"],
            today=time.today(),
        )
    except ValidationError as refused:
        form.take(refused)
        return None


def _present(pk: int) -> tuple[DataRequest, Contact]:
    """Return an open or answered request with its person; 404 once the person is erased."""
    asked = get_object_or_404(
        DataRequest.objects.select_related("contact"),
        pk=pk,
        contact__erased_at__isnull=True,
        contact__isnull=False,
    )
    contact = asked.contact
    return asked, contact  # type: ignore[return-value]  # the query leaves none without
