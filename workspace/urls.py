"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from workspace.views import (
    activation,
    audit,
    customer,
    home,
    people,
    portfolio,
    portfolio_bulk,
    saved_views,
    search,
    settings,
    setup,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/export.csv", portfolio.portfolio_export, name="portfolio_export"),
    path("portfolio/bulk/", portfolio_bulk.portfolio_bulk, name="portfolio_bulk"),
    path("portfolio/undo/<int:pk>/", portfolio_bulk.portfolio_undo, name="portfolio_undo"),
    path("portfolio/views/new/", saved_views.view_new, name="view_new"),
    path("portfolio/views/<int:pk>/", saved_views.view_edit, name="view_edit"),
    path("portfolio/views/<int:pk>/delete/", saved_views.view_delete, name="view_delete"),
    path("search/", search.search, name="search"),
    path("setup/", setup.checklist, name="setup"),
    path("setup/night/", setup.night, name="setup_night"),
    path("setup/start/", setup.start, name="setup_start"),
    path("settings/activation/", activation.activation, name="activation_settings"),
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
