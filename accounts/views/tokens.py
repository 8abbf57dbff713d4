"""Keys to the API: one's own, and for an admin those of integrations."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import TokenForm
from accounts.models import Token
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from accounts.services.tokens import Made, token_create, token_revoke, token_rotate
from core.toasts import toast, toast_error


@requires(Perm.TOKENS_OWN)
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens; make one and show its key, this once and never again."""
    person = signed_in(request)
    form = TokenForm(request.POST or None, user=person)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = token_create(
                actor=person,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(),
                integration_role=form.role_of_integration(),
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            form = TokenForm(user=person)
    return _page(request, form, made)


@requires(Perm.TOKENS_OWN)
@never_cache
@require_POST
def token_rotated(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new key in the place of one, and show it, this once; the old one works for another day."""
    person = signed_in(request)
    token = get_object_or_404(Token.objects.manageable_by(person), pk=pk)
    form = TokenForm(user=person)
    try:
        made = token_rotate(actor=person, token=token)
    except ValidationError as wrong:
        toast_error(request, wrong.messages[0])
        return redirect("tokens")
    return _page(request, form, made, old=token)


def _page(request: HttpRequest, form: TokenForm, made: Made | None, old: Token | None = None) -> HttpResponse:
    context = {
        "form": form,
        "made": made,
        "old": old,
        "tokens": Token.objects.manageable_by(signed_in(request)),
    }
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@requires(Perm.TOKENS_OWN)
@require_POST
def token_revoked(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token worthless at once."""
    person = signed_in(request)
    token = get_object_or_404(Token.objects.manageable_by(person), pk=pk)
    token_revoke(actor=person, token=token)
    toast(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("tokens")
