"""The one page every small form of a customer uses: a form, its errors, where it leads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from core.forms import FocusedForm
from core.toasts import toast
from customers.models import Customer


@dataclass(frozen=True)
class Aside:
    """What stands below a form to put its entry aside: why one would, the button, and where it posts to."""

    title: str
    text: str
    submit: str
    url: str


@dataclass(frozen=True)
class FormPage:
    """What a form page says. `back` is where it leads when done or left; `customer` whose crumbs it shows."""

    title: str
    submit: str
    done: str
    back: str
    customer: Customer | None = None
    intro: str = ""
    settings: bool = False
    multipart: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    aside: Aside | None = None
    template: str = "customers/form.html"


def form_page(
    request: HttpRequest, *, page: FormPage, form: FocusedForm, save: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Show a form, or save it and lead back; a service's refusal is shown at its fields, nothing typed is lost.

    With htmx only the form itself is answered (422 when something is wrong).
    """
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except ValidationError as wrong:
            form.take(wrong)
        else:
            return finished(request, page)
    form.focus()
    context = {"form": form, "page": page, "customer": page.customer, **page.extra}
    htmx = getattr(request, "htmx", False)
    template = "customers/_form.html" if htmx else page.template
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


def finished(request: HttpRequest, page: FormPage) -> HttpResponse:
    """Say that it is done and lead back; htmx follows by itself."""
    toast(request, page.done)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(page.back)
    return redirect(page.back)
