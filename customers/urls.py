"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from customers.views import care, customer, facts, merge, notes

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
    path("customers/<int:pk>/merge/", merge.customer_merge_page, name="customer_merge"),
    path("customers/<int:pk>/notes/new/", notes.note_new, name="note_new"),
    path("customers/<int:pk>/notes/<int:note>/edit/", notes.note_edit, name="note_edit"),
    path("customers/<int:pk>/notes/<int:note>/pin/", notes.note_pinned, name="note_pin"),
    path("customers/<int:pk>/notes/<int:note>/archive/", notes.note_archived, name="note_archive"),
    path("customers/<int:pk>/files/new/", notes.file_new, name="file_new"),
    path("customers/<int:pk>/files/<int:attachment>/", notes.file_get, name="file_get"),
    path("customers/<int:pk>/files/<int:attachment>/archive/", notes.file_archived, name="file_archive"),
]
for name, kind in facts.KINDS.items():
    base = f"customers/<int:pk>/{PLURALS[name]}"
    urlpatterns += [
        path(f"{base}/new/", facts.new_view(kind), name=f"{name}_new"),
        path(f"{base}/<int:fact>/edit/", facts.edit_view(kind), name=f"{name}_edit"),
    ]
