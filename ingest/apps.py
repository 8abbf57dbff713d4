from django.apps import AppConfig


class IngestConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "ingest"

    def ready(self) -> None:
        """Make the benchmarks known."""
        from ingest import bench, bench_intake

        bench.register()
        bench_intake.register()
