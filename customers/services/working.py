"""Set the working hours of the workspace."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import time
from customers.models import DayOff, WorkingHours
from customers.working import Working, working, write_hours


@transaction.atomic
def working_hours_update(*, actor: User, new: Working) -> bool:
    """Save other working hours; tell whether anything changed. Raises ValidationError in words."""
    check_working(new)
    row, made = WorkingHours.objects.select_for_update().get_or_create(pk=1)
    before = working()
    changes = audit.field_changes({} if made else _plain(before), _plain(new))
    if not changes:
        return False
    row.is_set, row.hours = new.is_set, write_hours(new.hours)
    row.country, row.subdivision, row.optional = new.country, new.subdivision, sorted(new.optional)
    row.updated_at = time.now()
    row.save()
    gone = set(before.own) - set(new.own)
    DayOff.objects.filter(day__in=gone).delete()
    DayOff.objects.bulk_create(
        [DayOff(day=day, name=name) for day, name in new.own.items()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["name"],
    )
    audit.record(actor=actor, action="working_hours.updated", subject=row, changes=changes)
    return True


def check_working(new: Working) -> None:
    """Raise ValidationError, in words, for hours nobody can go by."""
    try:
        calendar = new.calendar()
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from wrong
    except LookupError as unknown:
        raise ValidationError(_("The holidays of this country or state are not known.")) from unknown
    if new.is_set and not any(calendar.hours):
        raise ValidationError(_("Open on at least one day of the week, or turn the working hours off."))
    if any(not name.strip() for name in new.own.values()):
        raise ValidationError(_("Each day off needs a name."))


def _plain(of: Working) -> dict[str, object]:
    """Return the fields as the audit trail keeps them."""
    return {
        "is_set": of.is_set,
        "hours": write_hours(of.hours),
        "country": of.country,
        "subdivision": of.subdivision,
        "optional": sorted(of.optional),
        "own_days": [f"{day.isoformat()} {of.own[day]}" for day in sorted(of.own)],
    }
