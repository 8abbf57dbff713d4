"""Prove at a start that the audit trail cannot be rewritten."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning

from accounts import triggers


def audit_triggers_present(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Warn about each missing trigger.

    A warning and not an error: `migrate` runs this check first, and it is what puts the triggers back.
    `check --database default --fail-level WARNING` makes a start stop on it.
    """
    return [
        Warning(
            f"The trigger {name} is missing: the audit trail could be rewritten.",
            hint="Run `python manage.py migrate`, which makes it again.",
            id="accounts.W001",
        )
        for using in databases or []
        for name in triggers.missing(using)
    ]
