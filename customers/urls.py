"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from customers.views import care, customer, facts

PLURALS = {
    "contact": "contacts",
    "subscription": "subscriptions",
    "contract": "contracts",
    "payment": "payments",
    "ticket": "tickets",
    "milestone": "milestones",
    "touchpoint": "touchpoints",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/new/", customer.customer_new, name="customer_new"),
    path("customers/archived/", care.customers_archived, name="customers_archived"),
    path("customers/<int:pk>/edit/", customer.customer_edit, name="customer_edit"),
    path("customers/<int:pk>/segment/", care.customer_segment, name="customer_segment"),
    path("customers/<int:pk>/stage/", care.customer_stage, name="customer_stage"),
    path("customers/<int:pk>/archive/", care.customer_archived, name="customer_archive"),
    path("customers/<int:pk>/restore/", care.customer_restored, name="customer_restore"),
]
for name, kind in facts.KINDS.items():
    base = f"customers/<int:pk>/{PLURALS[name]}"
    urlpatterns += [
        path(f"{base}/new/", facts.new_view(kind), name=f"{name}_new"),
        path(f"{base}/<int:fact>/edit/", facts.edit_view(kind), name=f"{name}_edit"),
    ]
