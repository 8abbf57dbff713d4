from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "workspace"

    def ready(self) -> None:
        """Let the timeline know the sources of its own, and make the benchmarks known."""
        from workspace import bench, bench_bulk, bench_health, happenings
        from workspace.insights.happenings import register_happenings
        from workspace.timeline.builtin import register_builtin

        register_builtin()
        register_happenings()
        happenings.register_happenings()
        bench.register()
        bench_bulk.register()
        bench_health.register()
