"""Versions of the scorecard: one draft, perhaps beside the published one as a shadow; published for good."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.principals import Principal
from core import time
from metrics.health import cards, configuration, sources
from metrics.models import ScorecardVersion

State = ScorecardVersion.State


@transaction.atomic
def draft_save(*, actor: Principal, definition: Mapping[str, Any], note: str = "") -> ScorecardVersion:
    """Keep a draft, the one there is; nothing changes for anybody. Raises `ValidationError` with the reason."""
    checked = configuration.plain(configuration.configuration(definition))
    for key in checked["factors"]:
        sources.source(key)
    row = cards.draft()
    base = cards.in_force([time.today()])[0].version
    before = row.definition if row else base.definition
    if row is None:
        row = ScorecardVersion(based_on=base)
    row.definition, row.note = checked, note.strip()[:300]
    row.author = actor.person
    row.save()
    record(
        actor=actor,
        action="scorecard.drafted",
        subject=row,
        changes=_changes(before, checked),
    )
    return row


@transaction.atomic
def draft_discard(*, actor: Principal) -> None:
    """Throw the draft away; what was published stays."""
    row = cards.draft()
    if row is None:
        return
    record(actor=actor, action="scorecard.discarded", subject=row, changes={"note": (row.note, None)})
    row.delete()


@transaction.atomic
def draft_publish(*, actor: Principal, note: str, from_day: dt.date | None = None) -> ScorecardVersion:
    """Publish the draft: from `from_day` (today, if not said) on every score is told by it. Never changed again.

    Raises `ValidationError` without a draft or a note, or for a day before the version in force began.
    """
    row = cards.draft()
    if row is None:
        raise ValidationError(_("There is no draft to publish."))
    return _publish(actor, row, note, from_day)


@transaction.atomic
def version_restore(*, actor: Principal, version: ScorecardVersion, note: str = "") -> ScorecardVersion:
    """Roll back: publish again what an earlier version said, as a version of its own. Raises `ValidationError`."""
    if version.state != State.PUBLISHED:
        raise ValidationError(_("Only a published version can be restored."))
    if cards.in_force([time.today()])[0].version.pk == version.pk:
        raise ValidationError(_("This version is in force already."))
    row = ScorecardVersion(definition=version.definition, based_on=version)
    said = note.strip() or _("Back to version %(number)d") % {"number": version.number or 0}
    return _publish(actor, row, said, None)


@transaction.atomic
def shadow_start(*, actor: Principal) -> ScorecardVersion:
    """Let what the draft says now score beside the published version from the next night on, in place of any other
    shadow; the draft stays as it is. Raises `ValidationError` without a draft."""
    draft = cards.draft()
    if draft is None:
        raise ValidationError(_("There is no draft that could run as a shadow."))
    _shadow_drop()
    row = ScorecardVersion.objects.create(
        state=State.SHADOW,
        definition=draft.definition,
        note=draft.note,
        author=actor.person,
        based_on=draft.based_on,
        shadow_from=time.today(),
    )
    record(
        actor=actor, action="scorecard.shadowed", subject=row, changes={"shadow_from": (None, time.today())}
    )
    return row


@transaction.atomic
def shadow_stop(*, actor: Principal) -> None:
    """End the shadow and forget what it said."""
    row = cards.shadow()
    if row is None:
        return
    record(actor=actor, action="scorecard.unshadowed", subject=row, changes={"note": (row.note, None)})
    _shadow_drop()


def _shadow_drop() -> None:
    ScorecardVersion.objects.filter(state=State.SHADOW).delete()


def _publish(
    actor: Principal, row: ScorecardVersion, note: str, from_day: dt.date | None
) -> ScorecardVersion:
    if not note.strip():
        raise ValidationError({"note": _("Say in a few words what changes and why.")})
    day = from_day or time.today()
    current = cards.in_force([time.today()])[0].version
    if current.in_force_from is not None and day < current.in_force_from:
        raise ValidationError({"from_day": _("This day is before the version in force began.")})
    if day > time.today():
        raise ValidationError({"from_day": _("This day is still to come.")})
    configuration.configuration(row.definition)
    last = ScorecardVersion.objects.aggregate(last=Max("number"))["last"] or 0
    row.number, row.state, row.note = last + 1, State.PUBLISHED, note.strip()[:300]
    row.author, row.published_at, row.in_force_from = actor.person, time.now(), day
    row.save()
    if (beside := cards.shadow()) is not None and beside.definition == row.definition:
        _shadow_drop()  # it has become what it ran beside
    record(
        actor=actor,
        action="scorecard.published",
        subject=row,
        changes=_changes(current.definition, row.definition) | {"note": (None, row.note)},
    )
    return row


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, cell by cell, as the audit trail keeps it."""
    found: dict[str, tuple[Any, Any]] = {}
    for part in ("factors", "cells", "edges"):
        if part == "factors":
            if before.get(part) != after.get(part):
                found[part] = (before.get(part), after.get(part))
            continue
        was, now = before.get(part, {}), after.get(part, {})
        for cell in sorted({*was, *now}):
            if was.get(cell) != now.get(cell):
                found[f"{part} {cell or 'default'}"] = (was.get(cell), now.get(cell))
    return found
