"""What people say of a customer's health, from its page."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.forms import FocusedForm
from core.toasts import toast
from customers.models import Customer
from customers.views.access import customer_to_edit, posted
from customers.views.form_page import FormPage, form_page
from metrics.models import HealthOverride, HealthPulse
from metrics.services.health import override_set, pulse_set, word_withdraw
from workspace.health.forms import WordForm

USUAL = dt.timedelta(days=30)
WHATS = ("pulse", "override")


@requires(Perm.CUSTOMERS_EDIT)
def health_say(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Give the pulse of a customer, or set its score by hand."""
    customer = customer_to_edit(request, pk)
    if what not in WHATS:
        raise Http404
    form = WordForm(posted(request), initial={"expires_on": time.today() + USUAL})

    def save(data: dict[str, Any]) -> None:
        say = pulse_set if what == "pulse" else override_set
        say(actor=signed_in(request), customer=customer, **form.hundredths())

    if what == "pulse":
        title, intro = (
            _("Give your pulse"),
            _("How this customer feels to you. It is one factor among the others."),
        )
    else:
        title = _("Set the score by hand")
        intro = _(
            "Your score is shown instead of the computed one, which stays beside it, until the day you choose."
        )
    return form_page(request, page=_page(customer, title, _("Save"), intro), form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
def health_withdraw(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Take back the pulse or the score set by hand that counts today."""
    customer = customer_to_edit(request, pk)
    if what not in WHATS:
        raise Http404
    table = HealthPulse if what == "pulse" else HealthOverride
    word = table.objects.filter(customer=customer).first()
    if word is None or not word.holds_on(time.today()):
        toast(request, _("Nothing was said that counts today."))
        return redirect("customer", customer.pk)
    title = _("Take back the pulse") if what == "pulse" else _("Take back the score set by hand")
    intro = _("From today on it no longer counts. What it did until now stays in the history.")

    def save(data: dict[str, Any]) -> None:
        word_withdraw(actor=signed_in(request), word=word)

    return form_page(
        request,
        page=_page(customer, title, _("Take it back"), intro),
        form=FocusedForm(posted(request)),
        save=save,
    )


def _page(customer: Customer, title: str, submit: str, intro: str) -> FormPage:
    back = f"{reverse('customer', args=[customer.pk])}#health"
    return FormPage(
        title=title,
        submit=submit,
        done=_("Saved. The score follows at once."),
        back=back,
        customer=customer,
        intro=intro,
    )
