from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "workspace"

    def ready(self) -> None:
        """Let the timeline know the sources of its own."""
        from workspace.timeline.builtin import register_builtin

        register_builtin()
