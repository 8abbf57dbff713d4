"""Targets: what a figure should be by a day, for all customers or for one slice."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from core.models import Event
from customers.models import Segment, Stage
from metrics import figures  # noqa: F401 - registers them
from metrics.drivers import DRIVERS
from metrics.models import Target
from metrics.nights import last_finished_day
from metrics.registry import FIGURES
from metrics.slices import NONE
from metrics.standings import value_now
from metrics.targets import outside

FIELDS = ("key", "slice", "due_on", "value", "baseline", "starts_on", "ended_on")
WHAT = ("key", "slice")
BATCH = 100
_KNOWN_PARTS = {"segment": [*Segment.values, NONE], "stage": [*Stage.values, NONE], "driver": list(DRIVERS)}


def target_create(
    *,
    actor: Principal | None,
    key: str,
    due_on: dt.date,
    value: Decimal,
    slice: str = "",
    baseline: Decimal | None = None,
    starts_on: dt.date | None = None,
    ended_on: dt.date | None = None,
) -> Target:
    """Set what a figure should be by a day. Raises ValidationError by field.

    Without a baseline the figure's value as of the last finished night is kept as one, and the line starts there.
    """
    target = Target(
        key=key,
        slice=slice,
        due_on=due_on,
        value=value,
        baseline=baseline,
        starts_on=starts_on,
        ended_on=ended_on,
    )
    _check(target)
    _take_baseline(target)
    with transaction.atomic():
        _check(target)
        target.hand_edited = ["value"]
        target.save()
        changes = {name: (None, getattr(target, name)) for name in _said(target)}
        audit.record(actor=actor, action="target.created", subject=target, changes=changes)
    return target


@transaction.atomic
def target_update(*, actor: Principal | None, target: Target, changes: Mapping[str, Any]) -> Target:
    """Change any of `FIELDS` of a target. Raises ValidationError by field.

    The baseline stays what it was, unless it is given or the target is for another figure or slice now.
    """
    row = Target.objects.select_for_update().get(pk=target.pk)
    before = {name: getattr(row, name) for name in FIELDS}
    for name, value in changes.items():
        setattr(row, name, value)
    if any(before[name] != getattr(row, name) for name in WHAT) and not {"baseline", "starts_on"} & set(
        changes
    ):
        row.baseline = row.starts_on = None
    _check(row)
    _take_baseline(row)
    changed = audit.field_changes(before, {name: getattr(row, name) for name in FIELDS})
    if not changed:
        return row
    row.recorded_at = time.now()
    row.hand_edited = sorted({*row.hand_edited, *changed})
    row.save()
    audit.record(actor=actor, action="target.updated", subject=row, changes=changed)
    return row


def hear_addresses_changed(changed: list[Event]) -> None:
    """Let targets of a person's customers follow the person's new address; hears `person.email_changed`."""
    for event in changed:
        Target.objects.filter(slice=f"owner={event.payload['before']}").update(
            slice=f"owner={event.payload['after']}"
        )


@transaction.atomic
def target_end(*, actor: Principal | None, target: Target, on: dt.date) -> Target:
    """Give a target up from a day on; it stays readable. Ending it twice changes nothing."""
    row = Target.objects.select_for_update().get(pk=target.pk)
    if row.ended_on is None:
        row.ended_on = on
        row.save(update_fields=["ended_on"])
        audit.record(actor=actor, action="target.ended", subject=row, changes={"ended_on": (None, on)})
    return row


@transaction.atomic
def target_resume(*, actor: Principal | None, target: Target) -> Target:
    """Take a target up again that was given up; its baseline stays."""
    row = Target.objects.select_for_update().get(pk=target.pk)
    if row.ended_on is not None:
        ended, row.ended_on = row.ended_on, None
        row.save(update_fields=["ended_on"])
        audit.record(actor=actor, action="target.resumed", subject=row, changes={"ended_on": (ended, None)})
    return row


@transaction.atomic
def target_delete(*, actor: Principal | None, target: Target) -> None:
    """Take a target away; the audit trail keeps what it said."""
    row = Target.objects.select_for_update().get(pk=target.pk)
    changes = {name: (getattr(row, name), None) for name in _said(row)}
    audit.record(actor=actor, action="target.removed", subject=row, changes=changes)
    row.delete()


def baselines_due() -> bool:
    """Tell whether a target that came in a file waits for its baseline, and there is a night to take it from."""
    night = last_finished_day()
    return night is not None and _without_baseline(night).exists()


def baselines_take() -> int:
    """Take the baseline of targets that came in a file; return how many. Twice, or by two at once, is harmless."""
    night = last_finished_day()
    taken = 0
    for target in _without_baseline(night)[:BATCH] if night else ():
        if target.key not in FIGURES:
            continue
        _take_baseline(target)
        taken += Target.objects.filter(pk=target.pk, starts_on__isnull=True).update(
            baseline=target.baseline, starts_on=target.starts_on
        )
    return taken


def _without_baseline(night: dt.date) -> QuerySet[Target]:
    return Target.objects.filter(
        key__in=FIGURES, starts_on__isnull=True, ended_on__isnull=True, due_on__gt=night
    ).order_by("pk")


def _take_baseline(target: Target) -> None:
    """Keep where the figure stands as of the last finished night, if nobody said it and the target is not due yet."""
    night = last_finished_day()
    if target.starts_on is not None or night is None or night >= target.due_on:
        return
    target.starts_on = night
    if target.baseline is None:
        value = value_now(target.key, target.slice, target.due_on, night)
        target.baseline = None if value is None else outside(target.key, value)


def known_parts(by: str) -> list[str]:
    """Return the parts of a cut that has a fixed list of them; empty where any may be named."""
    return _KNOWN_PARTS.get(by, [])


def _said(target: Target) -> list[str]:
    return [name for name in FIELDS if getattr(target, name) is not None]


def check_figure(key: str, slice_: str) -> None:
    """Raise ValidationError by field where there is no such figure, or it is not told of such a slice."""
    figure = FIGURES.get(key)
    if figure is None:
        raise ValidationError(
            {
                "key": _("There is no figure “%(key)s”. Give one of: %(keys)s.")
                % {"key": key, "keys": ", ".join(FIGURES)}
            }
        )
    _check_slice(slice_, figure.cuts)


def _check(target: Target) -> None:
    check_figure(target.key, target.slice)
    _check_days(target)
    same = Target.objects.filter(key=target.key, slice=target.slice, due_on=target.due_on)
    if same.exclude(pk=target.pk).exists():
        raise ValidationError(
            {"due_on": _("This figure has a target for this day already. Change that one instead.")}
        )


def _check_days(target: Target) -> None:
    night = last_finished_day()
    taken = night is not None and night < target.due_on
    if target.baseline is not None and target.starts_on is None and not taken:
        raise ValidationError({"starts_on": _("Say from which day the baseline is.")})
    if target.starts_on is not None and target.starts_on >= target.due_on:
        raise ValidationError({"due_on": _("The target is due before its line starts. Give a later day.")})
    if target.ended_on is not None and target.ended_on > time.today():
        raise ValidationError({"ended_on": _("A target ends today or ended before, not in the future.")})


def _check_slice(slice_: str, cuts: tuple[str, ...]) -> None:
    if not slice_:
        return
    by, _equals, part = slice_.partition("=")
    if not cuts:
        raise ValidationError({"slice": _("This figure is told for all customers only. Leave it empty.")})
    if by not in cuts or not part:
        sentence = _("Leave it empty for all customers, or write it like segment=mid, with one of: %(cuts)s.")
        raise ValidationError({"slice": sentence % {"cuts": ", ".join(cuts)}})
    if part not in (known_parts(by) or [part]):
        sentence = _("There is no %(slice)s. Give one of: %(parts)s.")
        raise ValidationError({"slice": sentence % {"slice": slice_, "parts": ", ".join(_KNOWN_PARTS[by])}})
