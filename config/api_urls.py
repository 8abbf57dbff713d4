"""Every resource of the API, by name."""

from rest_framework.routers import DefaultRouter

router = DefaultRouter()
router.include_root_view = False
