"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from workspace.views import setup

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup/", setup.checklist, name="setup"),
    path("setup/night/", setup.night, name="setup_night"),
    path("setup/start/", setup.start, name="setup_start"),
    path("settings/first-value/", setup.first_value, name="first_value_settings"),
]
