from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "workspace"
