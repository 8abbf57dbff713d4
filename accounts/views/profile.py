"""A person's own page."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import ProfileForm
from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from accounts.services.people import PROFILE_FIELDS, profile_update
from core.toasts import toast


@requires(Perm.SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change how the person is called and how the pages speak to them."""
    person = signed_in(request)
    # A fresh copy: the form writes into its instance, and the frame still shows the saved values.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        try:
            saved = profile_update(
                actor=person, person=person, **{name: form.cleaned_data[name] for name in PROFILE_FIELDS}
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            with translation.override(saved.language):
                toast(request, _("Your profile is saved."))
            return redirect("profile")
    factors = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    context = {
        "form": form,
        "has_totp": Authenticator.Type.TOTP in factors,
        "has_passkey": Authenticator.Type.WEBAUTHN in factors,
        "session_count": UserSession.objects.filter(user=person).count(),
        "has_password": person.has_usable_password(),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@requires(Perm.SIGNED_IN)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme the quick toggle chose; back to where the person was."""
    person = signed_in(request)
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        return HttpResponse(status=422)
    profile_update(actor=person, person=person, theme=chosen)
    if request.headers.get("HX-Request") or request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(status=204)
    back = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "profile"
    return redirect(back)
