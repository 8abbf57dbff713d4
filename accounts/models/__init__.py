"""Who is asking: people, their invitations and tokens, the workspace's settings, the audit trail, who is told of it."""

from accounts.models.people import (
    AuditEntry,
    AuditValue,
    Invitation,
    Token,
    User,
    UserManager,
    Workspace,
)
from accounts.models.webhooks import Webhook, WebhookAttempt, WebhookMessage

__all__ = [
    "AuditEntry",
    "AuditValue",
    "Invitation",
    "Token",
    "User",
    "UserManager",
    "Webhook",
    "WebhookAttempt",
    "WebhookMessage",
    "Workspace",
]
