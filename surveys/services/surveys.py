"""Surveys are made and edited: name, look, words in three languages."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from surveys.models import Survey, SurveyText

LOGO_LIMIT = 5_000  # bytes: the whole page stays under 15 KB
LOGO_KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
    b"GIF8": "image/gif",
}
FIELDS = ("name", "brand_name", "brand_colour", "link_days", "closes_at")


@transaction.atomic
def survey_save(
    *,
    actor: Principal,
    survey: Survey | None,
    values: Mapping[str, Any],
    logo: "File[bytes] | None" = None,
    remove_logo: bool = False,
) -> Survey:
    """Make a survey (`values` then names its `kind`) or change its look. Raises `ValidationError`."""
    row = survey or Survey(kind=values["kind"])
    before = {name: getattr(row, name) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    same = Survey.objects.filter(name=row.name, archived_at__isnull=True)
    if (same.exclude(pk=survey.pk) if survey else same).exists():
        raise ValidationError({"name": _("There is a survey with this name already.")})
    if remove_logo:
        row.logo, row.logo_type = "", ""
    if logo is not None:
        row.logo_type = _logo_type(logo)
        row.logo.save(f"{row.kind}.{row.logo_type.rpartition('/')[2]}", logo, save=False)
    row.save()
    changes = {name: (before[name], getattr(row, name)) for name in FIELDS}
    audit.record(
        actor=actor,
        action="survey.updated" if survey else "survey.created",
        subject=row,
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
        label=row.name,
    )
    return row


@transaction.atomic
def survey_text_save(
    *, actor: Principal, survey: Survey, language: str, words: Mapping[str, str]
) -> SurveyText:
    """Write a survey's own words in a language; an empty one is the standard text again."""
    row = SurveyText.objects.filter(survey=survey, language=language).first() or SurveyText(
        survey=survey, language=language
    )
    changes = {}
    for name, value in words.items():
        before = getattr(row, name)
        if before != value.strip():
            changes[name] = (before, value.strip())
            setattr(row, name, value.strip())
    if changes:
        row.save()
        audit.record(actor=actor, action="survey.updated", subject=survey, changes=changes, label=survey.name)
    return row


def _logo_type(logo: "File[bytes]") -> str:
    if (logo.size or 0) > LOGO_LIMIT:
        raise ValidationError(
            {
                "logo": _(
                    "The logo has %(size)s bytes; up to %(limit)s keep the page light. Save it 64 pixels high."
                )
                % {"size": logo.size, "limit": LOGO_LIMIT}
            }
        )
    logo.seek(0)
    head = logo.read(16)
    logo.seek(0)
    for begins, kind in LOGO_KINDS.items():
        if head.startswith(begins):
            return kind
    raise ValidationError({"logo": _("This is no PNG, JPEG, WebP or GIF picture.")})
