from django.apps import AppConfig


class IngestConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "ingest"
