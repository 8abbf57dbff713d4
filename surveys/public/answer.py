"""`/s/<token>/`: one invitation is answered. A GET shows and logs, only a POST records (docs/adr/0007)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.permissions import public
from core import time
from surveys.machines import CONFIRM_SECONDS, FORM_SECONDS, agent_of, marks_of
from surveys.models import SCALES, Invitation, Language, Link, Response
from surveys.public import form
from surveys.public.pages import HEADERS, nothing_here, page, sent_on, spoken
from surveys.public.show import look, question
from surveys.public.words import WORDS
from surveys.scales import score_read
from surveys.services.answers import ChangedTooOftenError, Given, response_confirm, response_record
from surveys.services.visits import link_was_followed, visit_log, visit_mark_link
from surveys.stamps import stamp_new, stamp_read
from surveys.tokens import invitation_pressed, link_for

reads = require_http_methods(["GET", "HEAD"])
reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def _opened(token: str) -> Invitation | None:
    link = link_for(token, Link.Purpose.ANSWER)
    return link.invitation if link is not None and _still(link) else None


def _still(link: Link) -> bool:
    return link.invitation is not None and link.invitation.revoked_at is None


def _is_over(invitation: Invitation, at: dt.datetime) -> bool:
    return invitation.survey.is_closed(at) or not invitation.is_open(at)


@public
@csrf_exempt  # the token in the address is the proof; there is no session to ride on
@reads_and_writes
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question, or record what the form sent."""
    if request.method == "POST":
        return _pressed(request, token)
    invitation = _opened(token)
    if invitation is None:
        return nothing_here()
    at, language = time.now(), spoken(request, invitation)
    if _is_over(invitation, at):
        return _closed(invitation, language)
    chosen = score_read(invitation.survey.kind, request.GET.getlist("score"))
    response = Response.objects.filter(invitation=invitation).first()
    if request.method == "HEAD":
        _logged(request, invitation, at, chosen)
        return HttpResponse(headers={**HEADERS, "Content-Language": language})
    shown = {"score": chosen, "comment": "", "may_contact": False}
    if response is not None:
        shown = {
            "score": response.score if chosen is None else chosen,
            "comment": response.comment,
            "may_contact": response.may_contact,
        }
    return _form(request, token, invitation, language, at, shown, chosen=chosen)


def _form(
    request: HttpRequest,
    token: str,
    invitation: Invitation,
    language: str,
    at: dt.datetime,
    shown: dict[str, Any],
    *,
    chosen: int | None = None,
    status: int = 200,
) -> HttpResponse:
    visit = _logged(request, invitation, at, chosen, method="GET" if status == 200 else "POST")
    context = {
        **question(invitation, language, shown["score"]),
        **shown,
        "token": token,
        "stamp": stamp_new(visit, invitation.pk, at),
        "trap": form.TRAP,
        "limit": form.COMMENT_LIMIT,
        "languages": [(code, name) for code, name in Language.choices if code != language],
        "wrong": _wrong(invitation, language) if status != 200 else "",
    }
    return page("answer", context, language=language, status=status)


def _wrong(invitation: Invitation, language: str) -> str:
    low, high = SCALES[invitation.survey.kind]
    return WORDS[language]["choose"].format(low=low, high=high)


def _logged(
    request: HttpRequest, invitation: Invitation, at: dt.datetime, chosen: int | None, method: str = ""
) -> int:
    visit = visit_log(
        invitation=invitation,
        method=method or request.method or "GET",
        user_agent=request.headers.get("User-Agent", ""),
        at=at,
        chosen=chosen,
    )
    return visit.pk


def _pressed(request: HttpRequest, token: str) -> HttpResponse:
    found = invitation_pressed(token)
    if found is None:
        return nothing_here()
    invitation, answered = found
    at, language = time.now(), spoken(request, invitation)
    if _is_over(invitation, at):
        return _closed(invitation, language)
    sent = form.read(request.POST, invitation.survey.kind)
    if sent.score is None:
        shown = {"score": None, "comment": sent.comment, "may_contact": sent.may_contact}
        return _form(request, token, invitation, language, at, shown, status=422)
    marks = _marks(request, invitation, sent.stamp, sent.hidden_filled, at, FORM_SECONDS)
    given = Given(sent.score, sent.comment, sent.may_contact, marks)
    try:
        response_record(invitation=invitation, given=given, language=language, at=at, answered=answered)
    except ChangedTooOftenError:
        return _said(invitation, language, "often", status=409)
    return sent_on(_thanks_address(token, language, invitation, cut=sent.cut))


def _thanks_address(token: str, language: str, invitation: Invitation, *, cut: bool = False) -> str:
    parts = ["cut=1"] if cut else []
    if language != invitation.language:
        parts.append(f"l={language}")
    address = reverse("survey_thanks", args=[token])
    return f"{address}?{'&'.join(parts)}" if parts else address


def _marks(
    request: HttpRequest,
    invitation: Invitation,
    raw_stamp: str,
    hidden_filled: bool,
    at: dt.datetime,
    least_seconds: float,
) -> list[str]:
    stamp = stamp_read(raw_stamp, invitation.pk)
    return marks_of(
        agent=agent_of(request.headers.get("User-Agent", "")),
        hidden_filled=hidden_filled,
        link_followed=stamp is not None and link_was_followed(invitation=invitation, visit_id=stamp.visit_id),
        seconds=None if stamp is None else (at - stamp.at).total_seconds(),
        least_seconds=least_seconds,
    )


@public
@reads
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you and what was understood; a held answer gets its one more button here."""
    invitation = _opened(token)
    if invitation is None:
        return nothing_here()
    at, language = time.now(), spoken(request, invitation)
    response = Response.objects.filter(invitation=invitation).first()
    if response is None:
        return sent_on(reverse("survey_answer", args=[token]))
    last = response.versions.order_by("-number")[0]
    context = {
        **question(invitation, language, last.score),
        "token": token,
        "recorded": WORDS[language]["recorded"].format(score=last.score),
        "cut": WORDS[language]["cut"].format(limit=form.COMMENT_LIMIT) if "cut" in request.GET else "",
        "open": not _is_over(invitation, at),
        "trap": form.TRAP,
    }
    if last.held and context["open"]:
        visit = visit_log(
            invitation=invitation, method="GET", user_agent=request.headers.get("User-Agent", ""), at=at
        )
        context["stamp"] = stamp_new(visit.pk, invitation.pk, at)
        context["ask"] = WORDS[language]["confirm_text"].format(score=last.score)
        return page("confirm", context, language=language)
    return page("thanks", context, language=language)


@public
@csrf_exempt  # as for `answer`
@require_http_methods(["POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Let a held answer count, unless this press looks like a machine's too."""
    invitation = _opened(token)
    if invitation is None:
        return nothing_here()
    at, language = time.now(), spoken(request, invitation)
    if _is_over(invitation, at):
        return _closed(invitation, language)
    sent = form.read(request.POST, invitation.survey.kind)
    if not _marks(request, invitation, sent.stamp, sent.hidden_filled, at, CONFIRM_SECONDS):
        response_confirm(invitation=invitation, at=at)
    return sent_on(_thanks_address(token, language, invitation))


@public
@reads
def trap(request: HttpRequest, token: str) -> HttpResponse:
    """The address behind the hidden link: marks the visit that its page was given out to."""
    invitation = _opened(token)
    if invitation is None:
        return nothing_here()
    stamp = stamp_read(request.GET.get("v", ""), invitation.pk)
    if stamp is not None and request.method == "GET":
        visit_mark_link(invitation=invitation, visit_id=stamp.visit_id)
    language = spoken(request, invitation)
    return page("trap", {"token": token, **look(invitation)}, language=language)


def _closed(invitation: Invitation, language: str) -> HttpResponse:
    return _said(invitation, language, "closed", status=410)


def _said(invitation: Invitation, language: str, what: str, *, status: int) -> HttpResponse:
    words = WORDS[language]
    context = {**look(invitation), "heading": words[f"{what}_title"], "text": words[f"{what}_text"]}
    return page("said", context, language=language, status=status)
