"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from customers.views import care, catalogue, contacts, customer, facts, merge, notes, rules, success

PLURALS = {
    "contact": "contacts",
    "subscription": "subscriptions",
    "contract": "contracts",
    "payment": "payments",
    "ticket": "tickets",
    "milestone": "milestones",
    "objective": "objectives",
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
    path(
        "customers/<int:pk>/contacts/<int:contact>/archive/",
        contacts.contact_archived,
        name="contact_archive",
    ),
    path(
        "customers/<int:pk>/contacts/<int:contact>/restore/",
        contacts.contact_restored,
        name="contact_restore",
    ),
    path("customers/<int:pk>/success/edit/", success.plan_edit, name="success_plan_edit"),
    path("customers/<int:pk>/success/template/", success.plan_template, name="success_plan_template"),
    path("customers/<int:pk>/objectives/<int:objective>/said/", success.attained_new, name="attained_new"),
    path(
        "customers/<int:pk>/objectives/<int:objective>/archive/",
        success.objective_archived,
        name="objective_archive",
    ),
    path("settings/success-templates/", success.templates, name="success_templates_settings"),
    path("settings/success-templates/new/", success.template_edit, name="success_template_new"),
    path("settings/success-templates/<int:pk>/", success.template_edit, name="success_template_edit"),
    path(
        "settings/success-templates/<int:pk>/remove/",
        success.template_removed,
        name="success_template_remove",
    ),
    path("settings/segments/", rules.segments_settings, name="segments_settings"),
    path("settings/stages/", rules.stages_settings, name="stages_settings"),
    path("settings/tags/", catalogue.tags_settings, name="tags_settings"),
    path("settings/tags/<int:pk>/edit/", catalogue.tag_edit, name="tag_edit"),
    path("settings/tags/<int:pk>/remove/", catalogue.tag_removed, name="tag_remove"),
    path("settings/attributes/", catalogue.attributes_settings, name="attributes_settings"),
    path("settings/attributes/<int:pk>/edit/", catalogue.attribute_edit, name="attribute_edit"),
    path("settings/attributes/<int:pk>/archive/", catalogue.attribute_archived, name="attribute_archive"),
    path("settings/costs/", catalogue.costs_settings, name="costs_settings"),
    path("settings/products/", catalogue.products_settings, name="products_settings"),
    path("settings/products/<int:pk>/edit/", catalogue.product_edit, name="product_edit"),
]
for name, kind in facts.KINDS.items():
    base = f"customers/<int:pk>/{PLURALS[name]}"
    urlpatterns += [
        path(f"{base}/new/", facts.new_view(kind), name=f"{name}_new"),
        path(f"{base}/<int:fact>/edit/", facts.edit_view(kind), name=f"{name}_edit"),
    ]
