"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from workspace.views import audit, customer, people, settings, setup

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup/", setup.checklist, name="setup"),
    path("setup/night/", setup.night, name="setup_night"),
    path("setup/start/", setup.start, name="setup_start"),
    path("settings/first-value/", setup.first_value, name="first_value_settings"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/timeline/", customer.customer_timeline, name="customer_timeline"),
    path("customers/<int:pk>/log/", customer.customer_log, name="customer_log"),
    path("settings/", settings.settings_index, name="settings"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/<int:pk>/role/", people.person_role, name="person_role"),
    path("settings/people/<int:pk>/disable/", people.person_disabled, name="person_disable"),
    path("settings/people/<int:pk>/enable/", people.person_enabled, name="person_enable"),
    path("settings/people/invitations/<int:pk>/again/", people.invitation_again, name="invitation_again"),
    path("settings/people/invitations/<int:pk>/revoke/", people.invitation_revoked, name="invitation_revoke"),
    path("settings/audit/", audit.audit, name="audit"),
]
