"""Naming, changing and removing views of the portfolio."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from customers.models import SavedView
from customers.services.saved_views import may_change, view_create, view_remove, view_update
from workspace.portfolio.desk import desk_of
from workspace.portfolio.forms import ViewForm
from workspace.portfolio.opening import Opened, open_portfolio
from workspace.portfolio.page import PortfolioPage

TEMPLATE = "workspace/portfolio/view_form.html"


def _page(request: HttpRequest, opened: Opened, form: ViewForm, view: SavedView | None) -> HttpResponse:
    context = {"page": PortfolioPage(opened), "form": form, "view": view}
    return render(request, TEMPLATE, context, status=422 if form.errors else 200)


def _back(view: SavedView) -> HttpResponse:
    return redirect(f"{reverse('portfolio')}?view=v{view.pk}")


@requires(Perm.CUSTOMERS_VIEW)
def view_new(request: HttpRequest) -> HttpResponse:
    """Give what the portfolio shows a name."""
    user = signed_in(request)
    opened = open_portfolio(desk_of(request), request.GET)
    form = ViewForm(request.POST or None, may_share=user.may(Perm.VIEWS_SHARE))
    if request.method == "POST" and form.is_valid():
        try:
            view = view_create(
                actor=user,
                name=form.cleaned_data["name"],
                shared=form.is_shared,
                query=opened.portfolio.state.to_saved(),
            )
        except ValidationError as reason:
            form.add_error(None, reason)
        else:
            toast(request, _("View “%(name)s” saved.") % {"name": view.name})
            return _back(view)
    return _page(request, opened, form, None)


def _changeable(request: HttpRequest, pk: int) -> SavedView:
    view = SavedView.objects.filter(pk=pk).first()
    if view is None or not may_change(signed_in(request), view):
        raise Http404
    return view


@requires(Perm.CUSTOMERS_VIEW)
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, share it, or make it show what the portfolio shows now."""
    user = signed_in(request)
    view = _changeable(request, pk)
    opened = open_portfolio(desk_of(request), request.GET)
    start = {"name": view.name, "shared": view.shared}
    form = ViewForm(request.POST or None, initial=start, may_share=user.may(Perm.VIEWS_SHARE), redefine=True)
    if request.method == "POST" and form.is_valid():
        query = opened.portfolio.state.to_saved() if form.cleaned_data["redefine"] else None
        try:
            view_update(
                actor=user,
                view=view,
                name=form.cleaned_data["name"],
                shared=form.is_shared if user.may(Perm.VIEWS_SHARE) else view.shared,
                query=query,
            )
        except ValidationError as reason:
            form.add_error(None, reason)
        else:
            toast(request, _("View “%(name)s” saved.") % {"name": view.name})
            return _back(view)
    return _page(request, opened, form, view)


@requires(Perm.CUSTOMERS_VIEW)
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a view."""
    view = _changeable(request, pk)
    name = view.name
    view_remove(actor=signed_in(request), view=view)
    toast(request, _("View “%(name)s” removed. Its customers are as they were.") % {"name": name})
    return redirect("portfolio")
