"""Prove at a start that what was published is kept."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning

from metrics import triggers


def history_triggers_present(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Warn about each missing trigger.

    A warning and not an error: `migrate` runs this check first, and it is what puts the triggers back.
    """
    return [
        Warning(
            f"The trigger {name} is missing: published figures could be lost when they are restated.",
            hint="Run `python manage.py migrate`, which makes it again.",
            id="metrics.W001",
        )
        for using in databases or []
        for name in triggers.missing(using)
    ]
