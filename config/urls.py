"""Every address of the product, app by app."""

from django.urls import include, path

from config import health
from config.api_urls import router

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("statusz", health.statusz, name="statusz"),
    path("-/metrics", health.metrics, name="prometheus"),
    path("", include("surveys.urls")),  # first: hundreds of answers a second look no further
    path("", include("core.urls")),
    path("", include("workspace.urls")),
    path("", include("customers.urls")),
    path("", include("metrics.urls")),
    path("", include("ingest.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include(router.urls)),
]
