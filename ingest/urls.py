"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from ingest import api, views
from ingest.bulk_api import Bulk
from ingest.connected import views as connected
from ingest.intake.api import CALLS, Intake, ShortIntake
from ingest.problems.views import problems

urlpatterns: list[URLPattern | URLResolver] = [
    path("imports/", views.imports, name="imports"),
    path("imports/problems/", problems, name="import_problems"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<int:pk>/", views.import_batch, name="import_batch"),
    path("imports/<int:pk>/read/", views.import_read, name="import_read"),
    path("imports/<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/discard/", views.import_discard, name="import_discard"),
    path("imports/<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("imports/<int:pk>/rejected.csv", views.import_rejected, name="import_rejected"),
    path("imports/example/<slug:kind>.csv", views.import_example, name="import_example"),
    path("hooks/stripe/", connected.hook, {"kind": "stripe"}, name="hook_stripe"),
    path("hooks/zendesk/", connected.hook, {"kind": "zendesk"}, name="hook_zendesk"),
    path("settings/connections/", connected.connections, name="connections"),
    path("settings/connections/file/", connected.connection_file, name="connection_file"),
    path("settings/connections/<slug:kind>/", connected.connection_save, name="connection_save"),
    path("settings/connections/<slug:kind>/remove/", connected.connection_remove, name="connection_remove"),
    path("api/v1/<slug:kind>/bulk/", Bulk.as_view(), name="api_bulk"),
    path("api/v1/import/<slug:kind>/", api.ImportKind.as_view(), name="api_import"),
    *(path(f"api/v1/{call}", Intake.as_view(call=call), name=f"api_{call}") for call in CALLS),
    *(path(f"v1/{call}", ShortIntake.as_view(call=call), name=f"segment_{call}") for call in CALLS),
]
