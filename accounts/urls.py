"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from accounts.api import Schema
from accounts.views import api_docs, join, outbox, profile, tokens, workspace

urlpatterns: list[URLPattern | URLResolver] = [
    path("join/<str:token>/", join.join, name="join"),
    path("profile/", profile.profile, name="profile"),
    path("profile/theme/", profile.theme, name="theme"),
    path("settings/workspace/", workspace.workspace_settings, name="workspace_settings"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", tokens.token_revoked, name="token_revoke"),
    path("settings/outbox/", outbox.outbox, name="outbox"),
    path("settings/outbox/<int:pk>/again/", outbox.mail_again, name="mail_again"),
    path("api/v1/schema/", Schema.as_view(), name="api_schema"),
    path("api/v1/docs/", api_docs.api_docs, name="api_docs"),
]
