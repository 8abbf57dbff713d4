"""A manager decides on a held answer without seeing its score."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from surveys.models import Response
from surveys.services.answers import response_becomes


@transaction.atomic
def response_decide(*, actor: Principal, response: Response, accept: bool, at: dt.datetime) -> Response:
    """Let a held answer count from the day it was given, or leave it out for good. Raises `ValidationError`."""
    row = Response.objects.select_for_update().get(pk=response.pk)
    if not row.held or row.decided_at is not None:
        raise ValidationError(_("This answer was decided on already."))
    row.decision = Response.Decision.ACCEPTED if accept else Response.Decision.REFUSED
    row.decided_by, row.decided_at = actor.person, at
    row.save(update_fields=["decision", "decided_by", "decided_at"])
    if accept:
        version = row.versions.order_by("-number").first()
        if version is not None:
            version.held = False
            version.save(update_fields=["held"])
            response_becomes(response=row, version=version)
        else:
            Response.objects.filter(pk=row.pk).update(held=False)
    audit.record(
        actor=actor,
        action="response.accepted" if accept else "response.refused",
        subject=row,
        customer_id=row.customer_id,
    )
    return row
