"""The contact budget's settings as limits, and what they are called."""

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from surveys.budget import HOURS, KINDS, PLAYBOOK, SURVEYS, Limit

ONE_DAY, TWO_WEEKS = 1, 14


class Settings(Protocol):
    """The numbers of `ContactBudget`; None sets no limit."""

    nps_days: int | None
    csat_days: int | None
    ces_days: int | None
    success_days: int | None
    playbook_a_day: int | None
    playbook_in_14: int | None
    person_in_14: int | None
    customer_a_day: int | None
    reminder_days: int | None


def limits_of(settings: Settings) -> tuple[Limit, ...]:
    """Return the limits that are set."""
    limits = [
        Limit(kind, "person", (kind,), 1, days)
        for kind in SURVEYS
        if (days := getattr(settings, f"{kind}_days")) is not None
    ]
    if settings.playbook_a_day is not None:
        limits.append(Limit("playbook_day", "person", (PLAYBOOK,), settings.playbook_a_day, ONE_DAY))
    if settings.playbook_in_14 is not None:
        limits.append(Limit("playbook_14", "person", (PLAYBOOK,), settings.playbook_in_14, TWO_WEEKS))
    if settings.person_in_14 is not None:
        limits.append(Limit("person", "person", KINDS, settings.person_in_14, TWO_WEEKS))
    if settings.customer_a_day is not None:
        limits.append(Limit("customer", "customer", KINDS, settings.customer_a_day, ONE_DAY))
    if settings.reminder_days is not None:
        limits.append(Limit("reminder", "person", KINDS, 1, settings.reminder_days, reminders=True))
    return tuple(limits)


def longest_days(limits: Sequence[Limit]) -> int:
    """Return how many days back mails can matter."""
    return max((limit.days for limit in limits), default=0)


def held_by_words(key: str) -> str:
    """Return in words what holds a mail back: the key of a limit, or the hours."""
    return {
        "nps": _("Asked NPS too recently"),
        "csat": _("Asked CSAT too recently"),
        "ces": _("Asked CES too recently"),
        "success": _("Had a success check-in too recently"),
        "playbook_day": _("Enough playbook mails today"),
        "playbook_14": _("Enough playbook mails in 14 days"),
        "person": _("Enough mails in 14 days"),
        "customer": _("Enough mails to this customer today"),
        "reminder": _("Reminded too recently"),
        "paused": _("Campaign paused"),
        HOURS: _("Outside working hours where the contact is"),
    }.get(key, key)


def dropped_words(why: str) -> str:
    """Return in words why a mail was called off."""
    return {
        "late": _("The event was too long ago"),
        "suppressed": _("No mail wanted, or the address does not work"),
        "opted_out": _("Opted out"),
        "gone": _("No longer there"),
        "erased": _("Person erased"),
        "answered": _("Answered already"),
        "stopped": _("Campaign stopped"),
        "closed": _("Survey closed"),
        "closed_hours": _("The calendar has no working hours"),
    }.get(why, why)
