"""An answer is given, changed, confirmed. One invitation has one answer, however many presses arrive at once."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction

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


def response_record(
    *, invitation: Invitation, given: Given, language: str, at: dt.datetime, answered: bool = False
) -> Response:
    """Record a press of the button: the first makes the answer, each that says something else a version of it.

    A press with marks is held: it counts once the person confirms it. Pressing the same again changes nothing.
    `answered`: whether an answer was seen to be there; without one its row is written at once, and where two presses
    do so the second finds it there. Raises `ChangedTooOftenError`.
    """
    if not answered:
        try:
            return _begun(invitation, given, language, at)
        except IntegrityError:  # a press of the same moment was first
            pass
    return _changed(invitation, given, at)


@transaction.atomic
def _begun(invitation: Invitation, given: Given, language: str, at: dt.datetime) -> Response:
    response = _first(invitation, given, language, at)
    _version(response, 1, given, at)
    if not response.held:
        _counted(response)
    return response


@transaction.atomic
def _changed(invitation: Invitation, given: Given, at: dt.datetime) -> Response:
    _lock(invitation)
    response = Response.objects.get(invitation=invitation)
    last = response.versions.order_by("-number")[0]
    if _says(last, given) and not (last.held and not given.marks):
        return response
    if last.number >= MOST_VERSIONS:
        raise ChangedTooOftenError
    version = _version(response, last.number + 1, given, at)
    if not version.held or response.held:
        response_becomes(response=response, version=version)
    return response


def _version(response: Response, number: int, given: Given, at: dt.datetime) -> ResponseVersion:
    return ResponseVersion.objects.create(
        response=response,
        number=number,
        score=given.score,
        comment=given.comment,
        may_contact=given.may_contact,
        marks=given.marks,
        held=bool(given.marks),
        sent_at=at,
    )


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
    """An answer counts now: a low one opens a case, days that are over are measured anew."""
    case_open(response=response)
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
