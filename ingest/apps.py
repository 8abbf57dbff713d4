from django.apps import AppConfig


class IngestConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "ingest"

    def ready(self) -> None:
        """Make the benchmark of imports known."""
        from ingest import bench

        bench.register()
