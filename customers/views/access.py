"""Which customer a request is about: a stranger gets 404, who may only look 403, a merged one leads on."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from accounts.requests import signed_in
from customers.models import Customer


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def visible_customers(request: HttpRequest) -> QuerySet[Customer]:
    """Return the customers this person may see."""
    return Customer.objects.visible_to(request.user)


def customer_to_edit(request: HttpRequest, pk: int) -> Customer:
    """Return the customer a page changes. Raises `Http404` for a stranger, `PermissionDenied` for an onlooker."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    if not Customer.objects.editable_by(signed_in(request)).filter(pk=pk).exists():
        raise PermissionDenied
    return customer
