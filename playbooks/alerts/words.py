"""Rules and alerts in one sentence each, in the reader's language."""

from typing import TYPE_CHECKING, Any

from core import formats
from playbooks.alerts.kinds import KINDS

if TYPE_CHECKING:
    from playbooks.models import Alert, AlertRule


def rule_sentence(rule: "AlertRule") -> str:
    """Return what a rule tells of."""
    return str(KINDS[rule.kind].rule) % {"days": _number(rule.days), "amount": _number(rule.amount)}


def alert_sentence(alert: "Alert") -> str:
    """Return why an alert stands; its rule must be loaded."""
    return str(KINDS[alert.rule.kind].alert) % {
        "days": _number(alert.rule.days),
        "amount": _number(alert.rule.amount),
        "value": _number(alert.value),
        "before": _number(alert.before),
        "label": alert.label or "—",
    }


def _number(value: Any) -> str:
    return formats.number(value or 0)
