"""Every resource of the API, by name."""

from rest_framework.routers import DefaultRouter

from accounts.api import AuditViewSet, UserViewSet

router = DefaultRouter()
router.include_root_view = False
router.register("users", UserViewSet, basename="api-user")
router.register("audit", AuditViewSet, basename="api-audit")
