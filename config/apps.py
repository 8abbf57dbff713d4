from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Starts the process: what must know every app is wired here, once."""

    name = "config"

    def ready(self) -> None:
        """Say which probes the status page asks, and hand the pipeline down."""
        from config import pipeline, probes, tasks

        probes.register()
        pipeline.connect(tasks.ring)
