"""Putting a person at a customer aside, and bringing them back."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import Contact
from customers.services.contacts import contact_archive
from customers.views.access import customer_to_edit


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def contact_archived(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Put a person aside; the toast brings them back."""
    return _put(request, pk, contact, archived=True)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def contact_restored(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Bring an archived person back."""
    return _put(request, pk, contact, archived=False)


def _put(request: HttpRequest, pk: int, contact: int, *, archived: bool) -> HttpResponse:
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Contact, customer=customer, pk=contact)
    back = f"{reverse('customer', args=[pk])}#people"
    try:
        contact_archive(actor=signed_in(request), contact=row, archived=archived)
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
        return redirect(back)
    if archived:
        undo = reverse("contact_restore", args=[pk, contact])
        toast(request, _("%(name)s is archived; nothing is lost.") % {"name": row}, undo_url=undo)
    else:
        toast(request, _("%(name)s is back.") % {"name": row})
    return redirect(back)
