"""Telling the customers who asked that a theme is done."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import formats
from core.toasts import toast
from customers.models import InsightTheme
from customers.views.access import posted
from surveys.services.telling import theme_tell
from workspace.insights.tell import TellForm, askers


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def insight_theme_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """List who asked and who was told; write to those chosen."""
    theme, user = get_object_or_404(InsightTheme.objects.live(), pk=pk), signed_in(request)
    rows = askers(user, theme)
    form = TellForm(posted(request), initial={"text": theme.done_note})
    if request.method == "POST" and form.is_valid():
        keys = set(request.POST.getlist("contact"))
        chosen = [row.person for row in rows if row.person and not row.told and str(row.person.pk) in keys]
        try:
            if not chosen:
                raise ValidationError(_("Choose whom to tell."))
            new = theme_tell(actor=user, theme=theme, contacts=chosen, text=form.cleaned_data["text"])
        except ValidationError as wrong:
            form.take(wrong)
        else:
            said = ngettext(
                "%(n)s mail waits for its turn in the contact budget.",
                "%(n)s mails wait for their turn in the contact budget.",
                new,
            )
            toast(request, said % {"n": formats.number(new)})
            return redirect("insight_theme_tell", pk)
    form.focus()
    context = {"theme": theme, "rows": rows, "form": form}
    return render(request, "workspace/insights/tell.html", context, status=422 if form.errors else 200)
