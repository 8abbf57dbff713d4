"""An answer is given, changed, confirmed. One invitation has one answer, however many presses arrive at once."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from core import events, time
from surveys.models import Invitation, Response, ResponseVersion
from surveys.services.loop import case_open

MOST_VERSIONS = 50


@dataclass(frozen=True)
class Given:
    """What the form said."""

    score: int
    comment: str
    may_contact: bool
    marks: list[str]


class ChangedTooOftenError(Exception):
    """The answer was changed as often as it can be."""


@transaction.atomic
def response_record(*, invitation: Invitation, given: Given, language: str, at: dt.datetime) -> Response:
    """Record a press of the button: the first makes the answer, each that says something else a version of it.

    A press with marks is held: it counts once the person confirms it. Pressing the same again changes nothing.
    Raises `ChangedTooOftenError`.
    """
    _lock(invitation)
    response = Response.objects.filter(invitation=invitation).first()
    if response is None:
        response = _first(invitation, given, language, at)
        number = 1
    else:
        last = response.versions.order_by("-number")[0]
        if _says(last, given) and not (last.held and not given.marks):
            return response
        number = last.number + 1
        if number > MOST_VERSIONS:
            raise ChangedTooOftenError
    version = ResponseVersion.objects.create(
        response=response,
        number=number,
        score=given.score,
        comment=given.comment,
        may_contact=given.may_contact,
        marks=given.marks,
        held=bool(given.marks),
        sent_at=at,
    )
    if number == 1:
        if not response.held:
            _counted(response)
        return response
    if not version.held or response.held:
        response_becomes(response=response, version=version)
    return response


@transaction.atomic
def response_confirm(*, invitation: Invitation, at: dt.datetime) -> Response | None:
    """Let the last held version count, because the person pressed once more; None when nothing is held."""
    _lock(invitation)
    version = (
        ResponseVersion.objects.filter(response__invitation=invitation)
        .select_related("response")
        .order_by("-number")
        .first()
    )
    if version is None or not version.held:
        return None
    version.held, version.confirmed_at = False, at
    version.save(update_fields=["held", "confirmed_at"])
    version.response.confirmed_at = at
    response_becomes(response=version.response, version=version)
    return version.response


def response_becomes(*, response: Response, version: ResponseVersion) -> None:
    """Let the answer say what one of its versions says, and tell those above; inside the caller's transaction."""
    counted_before = None if response.held else response.answered_at
    response.score, response.comment = version.score, version.comment
    response.may_contact, response.marks = version.may_contact, version.marks
    response.held, response.answered_at = version.held, version.sent_at
    response.recorded_at = time.now()
    response.read_at = None
    response.save()
    if not response.held:
        _counted(response, counted_before)


def _first(invitation: Invitation, given: Given, language: str, at: dt.datetime) -> Response:
    return Response.objects.create(
        external_id=f"invitation:{invitation.pk}",
        survey=invitation.survey.kind,
        campaign=invitation.campaign.name if invitation.campaign else "",
        invitation=invitation,
        customer_id=invitation.customer_id,
        contact_id=invitation.contact_id,
        score=given.score,
        comment=given.comment,
        language=language,
        may_contact=given.may_contact,
        answered_at=at,
        recorded_at=at,
        held=bool(given.marks),
        marks=given.marks,
    )


def _counted(response: Response, before: dt.datetime | None = None) -> None:
    """An answer counts now: a low one opens a case, those above are told, days that are over are measured anew."""
    case_open(response=response)
    events.emit(
        "response.counted",
        customer_id=response.customer_id,
        response=response.pk,
        survey=response.survey,
        score=response.score,
    )
    first = min(response.answered_at, before or response.answered_at)
    if time.local_day(first) < time.today():
        events.emit(
            "fact.changed",
            customer_id=response.customer_id,
            first=time.local_day(first).isoformat(),
            last=None,
            what="answer",
        )


def _says(version: ResponseVersion, given: Given) -> bool:
    return (version.score, version.comment, version.may_contact) == (
        given.score,
        given.comment,
        given.may_contact,
    )


def _lock(invitation: Invitation) -> None:
    """Hold the invitation until the end of the transaction (SQLite holds every writer by itself)."""
    if connection.features.has_select_for_update:
        Invitation.objects.select_for_update().get(pk=invitation.pk)
