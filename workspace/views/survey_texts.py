"""Surveys are made, worded in three languages, and shared by personal links."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from customers.models import Contact
from customers.views.access import customer_to_edit
from surveys.models import Invitation, Language, Survey
from surveys.public.words import WORDS
from surveys.scales import TILES, level
from surveys.services.links import invitation_revoke, survey_link_create
from surveys.services.surveys import survey_save, survey_text_save
from surveys.texts import words_of
from workspace.surveys.forms import LABELS, LookForm, NewSurveyForm, WordsForm
from workspace.surveys.qr import qr_of

MOST_OPEN = 20
LOOK = ("name", "brand_name", "brand_colour", "link_days", "closes_at")


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """Make a survey of one of the four kinds."""
    posted = request.method == "POST"
    form = NewSurveyForm(request.POST if posted else None, request.FILES if posted else None)
    saved = _saved(request, form, None)
    if saved is not None:
        return redirect("survey_edit", saved.pk)
    form.focus()
    context = {"form": form, "title": _("New survey")}
    return render(request, "workspace/surveys/survey_form.html", context, status=422 if form.errors else 200)


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a survey's look, or its words in one language, and see how it reads."""
    survey = get_object_or_404(Survey.objects.prefetch_related("texts"), pk=pk, archived_at=None)
    language = request.GET.get("language", "")
    language = language if language in Language.values else str(Language.PT_BR)
    words_posted = request.method == "POST" and request.POST.get("part") == "words"
    look_posted = request.method == "POST" and not words_posted
    look = LookForm(
        request.POST if look_posted else None,
        request.FILES if look_posted else None,
        initial={name: getattr(survey, name) for name in LOOK},
    )
    own = next((text for text in survey.texts.all() if text.language == language), None)
    words = WordsForm(
        request.POST if words_posted else None,
        survey=survey,
        language=language,
        initial={name: getattr(own, name, "") for name in LABELS},
    )
    if words_posted and words.is_valid():
        survey_text_save(actor=signed_in(request), survey=survey, language=language, words=words.cleaned_data)
        toast(request, _("Saved."))
        return redirect(f"{reverse('survey_edit', args=[pk])}?language={language}")
    if look_posted and _saved(request, look, survey) is not None:
        return redirect("survey_edit", pk)
    context = {
        "survey": survey,
        "look": look,
        "words": words,
        "language": language,
        "languages": Language.choices,
        "said": words_of(survey, language, brand=survey.brand_name or _("Your brand"), owner="", name=""),
        "tiles": [(tile, level(survey.kind, tile)) for tile in TILES[survey.kind]],
        "around": WORDS[language],
    }
    wrong = bool(look.errors or words.errors)
    return render(request, "workspace/surveys/survey_edit.html", context, status=422 if wrong else 200)


def _saved(request: HttpRequest, form: LookForm, survey: Survey | None) -> Survey | None:
    """Save a valid form; None while there is nothing to save or something is wrong, which the form then says."""
    if request.method != "POST" or not form.is_bound or not form.is_valid():
        return None
    values = dict(form.cleaned_data)
    logo, remove = values.pop("logo", None), values.pop("remove_logo", False)
    try:
        saved = survey_save(
            actor=signed_in(request), survey=survey, values=values, logo=logo, remove_logo=remove
        )
    except ValidationError as wrong:
        form.take(wrong)
        return None
    toast(request, _("Saved."))
    return saved


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_link(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Make a personal link for somebody, to pass on anywhere, with its QR code; revoke the ones they have."""
    customer = customer_to_edit(request, pk)
    person = get_object_or_404(Contact.objects.select_related("customer"), pk=contact, customer=customer)
    if request.method == "POST" and "revoke" in request.POST:
        return _revoked(request, person)
    choices = [
        survey for survey in Survey.objects.filter(archived_at=None) if not survey.is_closed(time.now())
    ]
    context = {"customer": customer, "person": person, "surveys": choices, "open": _open_to(person)}
    if request.method == "POST":
        key = request.POST.get("survey", "")
        chosen = next((survey for survey in choices if str(survey.pk) == key), None)
        if chosen is None:
            return render(
                request,
                "workspace/surveys/link.html",
                {**context, "wrong": _("Choose one of the surveys.")},
                status=422,
            )
        try:
            _made, token = survey_link_create(
                actor=signed_in(request), survey=chosen, contact=person, at=time.now()
            )
        except ValidationError as wrong:
            context["wrong"] = " ".join(wrong.messages)
            return render(request, "workspace/surveys/link.html", context, status=422)
        address = settings.SITE_URL + reverse("survey_answer", args=[token])
        context |= {
            "survey": chosen,
            "link": address,
            "share": quote(f"{chosen.brand_name} {address}".strip(), safe=""),
            "qr": qr_of(address),
        }
    return render(request, "workspace/surveys/link.html", context)


def _open_to(person: Contact) -> list[Invitation]:
    """Return what a person can answer by a link they have, newest first."""
    sent = Invitation.objects.filter(contact=person, revoked_at__isnull=True, sent_at__isnull=False)
    alive = sent.exclude(expires_at__lte=time.now()).filter(links__revoked_at__isnull=True).distinct()
    return list(alive.select_related("survey", "response")[:MOST_OPEN])


def _revoked(request: HttpRequest, person: Contact) -> HttpResponse:
    """Let the links of one invitation open nothing any more."""
    key = request.POST["revoke"]
    rows = Invitation.objects.filter(contact=person)
    invitation = get_object_or_404(rows, pk=int(key) if key.isdecimal() else 0)
    invitation_revoke(actor=signed_in(request), invitation=invitation, at=time.now())
    toast(request, _("The link opens nothing any more. What was answered stays."))
    return redirect("contact_survey_link", person.customer_id, person.pk)
