"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from accounts.api import Schema
from accounts.views import api_docs, email_change, join, outbox, profile, tokens, webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("join/<str:token>/", join.join, name="join"),
    path("profile/", profile.profile, name="profile"),
    path("profile/email/", email_change.email_change, name="email_change"),
    path("email/<str:token>/", email_change.email_confirm, name="email_confirm"),
    path("profile/theme/", profile.theme, name="theme"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/rotate/", tokens.token_rotated, name="token_rotate"),
    path("settings/tokens/<int:pk>/revoke/", tokens.token_revoked, name="token_revoke"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/secret/", webhooks.webhook_secret, name="webhook_secret"),
    path("settings/webhooks/<int:pk>/switch/", webhooks.webhook_switch, name="webhook_switch"),
    path("settings/webhooks/<int:pk>/remove/", webhooks.webhook_remove, name="webhook_remove"),
    path("settings/webhooks/<int:pk>/test/", webhooks.webhook_test, name="webhook_test"),
    path(
        "settings/webhooks/<int:pk>/messages/<int:message>/again/",
        webhooks.webhook_replay,
        name="webhook_replay",
    ),
    path("settings/outbox/", outbox.outbox, name="outbox"),
    path("settings/outbox/<int:pk>/", outbox.mail_read, name="mail_read"),
    path("settings/outbox/<int:pk>/html/", outbox.mail_html, name="mail_html"),
    path("settings/outbox/<int:pk>/again/", outbox.mail_again, name="mail_again"),
    path("api/v1/schema/", Schema.as_view(), name="api_schema"),
    path("api/v1/docs/", api_docs.api_docs, name="api_docs"),
]
