from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """See DESIGN.md, Layout."""

    name = "surveys"
