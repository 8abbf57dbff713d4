from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "metrics"
