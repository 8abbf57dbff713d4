from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Starts the process: what must know every app is wired here, once."""

    name = "config"

    def ready(self) -> None:
        """Say which probes the status page asks, hand the pipeline down, make the benchmark of nights known."""
        from config import pipeline, probes, tasks
        from config.bench import nightly

        probes.register()
        pipeline.connect(tasks.ring)
        nightly.register()
