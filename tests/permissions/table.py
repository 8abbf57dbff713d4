"""Who gets what at every address of the product: one line an address.

A line reads: name of the URL, its path with samples in braces (see `world.py`), and the verdicts for
anonymous, viewer, analyst, manager, admin:

    ok      the view answers (a page, a redirect onwards, a form that is not filled in yet)
    login   sent to the sign-in page        401   API: no or no good credentials
    403     known, but not allowed          404   as if it did not exist

The analyst owns the sample customer. `POST` lines send an empty body with the session's CSRF token checked.
A new URL without a line here fails `test_every_url_is_in_the_table`.
"""

from dataclasses import dataclass

ROLES = ("anonymous", "viewer", "analyst", "manager", "admin")

PUBLIC = "ok ok ok ok ok"
SIGNED_IN = "login ok ok ok ok"
ANALYST = "login 403 ok ok ok"
MANAGER = "login 403 403 ok ok"
ADMIN = "login 403 403 403 ok"
CLOSED = "404 404 404 404 404"
NOT_SET_UP = "login 404 404 404 404"  # nobody among the samples has a second factor
API_SIGNED_IN = "401 ok ok ok ok"
API_ANALYST = "401 403 ok ok ok"
API_MANAGER = "401 403 403 ok ok"
API_ADMIN = "401 403 403 403 ok"


@dataclass(frozen=True)
class Row:
    name: str
    path: str
    verdicts: str
    method: str = "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def by_role(self) -> list[tuple[str, str]]:
        return list(zip(ROLES, self.verdicts.split(), strict=True))


def get(name: str, path: str, verdicts: str) -> Row:
    return Row(name, path, verdicts)


def post(name: str, path: str, verdicts: str) -> Row:
    return Row(name, path, verdicts, "POST")


def patch(name: str, path: str, verdicts: str) -> Row:
    return Row(name, path, verdicts, "PATCH")


def put(name: str, path: str, verdicts: str) -> Row:
    return Row(name, path, verdicts, "PUT")


def delete(name: str, path: str, verdicts: str) -> Row:
    return Row(name, path, verdicts, "DELETE")


CORE = [  # the last two ask for their own token and look like nothing without it
    get("healthz", "/healthz", PUBLIC),
    get("readyz", "/readyz", PUBLIC),
    get("statusz", "/statusz", CLOSED),
    get("prometheus", "/-/metrics", CLOSED),
]

ACCOUNTS = [
    get("join", "/join/{invitation_key}/", PUBLIC),
    get("profile", "/profile/", SIGNED_IN),
    post("profile", "/profile/", SIGNED_IN),
    post("theme", "/profile/theme/", SIGNED_IN),
    get("workspace_settings", "/settings/workspace/", ADMIN),
    post("workspace_settings", "/settings/workspace/", ADMIN),
    get("tokens", "/settings/tokens/", ANALYST),
    post("tokens", "/settings/tokens/", ANALYST),
    post("token_revoke", "/settings/tokens/{token}/revoke/", "login 403 ok 404 404"),
    get("outbox", "/settings/outbox/", ADMIN),
    post("mail_again", "/settings/outbox/{mail}/again/", ADMIN),
    get("api_docs", "/api/v1/docs/", SIGNED_IN),
]

WORKSPACE = [
    get("home", "/", SIGNED_IN),
    get("settings", "/settings/", SIGNED_IN),
    get("people", "/settings/people/", ADMIN),
    post("people", "/settings/people/", ADMIN),
    post("person_role", "/settings/people/{person}/role/", ADMIN),
    get("person_disable", "/settings/people/{person}/disable/", ADMIN),
    post("person_disable", "/settings/people/{person}/disable/", ADMIN),
    post("person_enable", "/settings/people/{person}/enable/", ADMIN),
    post("invitation_again", "/settings/people/invitations/{invitation}/again/", ADMIN),
    post("invitation_revoke", "/settings/people/invitations/{invitation}/revoke/", ADMIN),
    get("audit", "/settings/audit/", MANAGER),
    get("setup", "/setup/", ADMIN),
    post("setup_night", "/setup/night/", ADMIN),
    post("setup_start", "/setup/start/", ADMIN),
    get("activation_settings", "/settings/activation/", ADMIN),
    get("first_value_settings", "/settings/first-value/", ADMIN),
    get("portfolio", "/portfolio/", SIGNED_IN),
    get("portfolio_export", "/portfolio/export.csv", ANALYST),
    post("portfolio_bulk", "/portfolio/bulk/", ANALYST),
    post("portfolio_undo", "/portfolio/undo/{reversal}/", ANALYST),
    post("view_new", "/portfolio/views/new/", SIGNED_IN),
    get("view_edit", "/portfolio/views/{view}/", "login 404 ok 404 404"),
    post("view_delete", "/portfolio/views/{view}/delete/", "login 404 ok 404 404"),
    get("metrics", "/metrics/", SIGNED_IN),
    get("metrics_board", "/metrics/board/", SIGNED_IN),
    post("metrics_board", "/metrics/board/", SIGNED_IN),
    get("metric", "/metrics/mrr/", SIGNED_IN),
    get("metric_export", "/metrics/mrr/export.csv", ANALYST),
    get("search", "/search/", SIGNED_IN),
    get("customer", "/customers/{customer}/", SIGNED_IN),
    get("customer_timeline", "/customers/{customer}/timeline/", SIGNED_IN),
    post("customer_log", "/customers/{customer}/log/", ANALYST),
]

FACTS = ("contact", "subscription", "contract", "payment", "ticket", "milestone", "touchpoint")

CUSTOMERS = [
    get("customer_new", "/customers/new/", ANALYST),
    get("customers_archived", "/customers/archived/", MANAGER),
    get("customer_edit", "/customers/{customer}/edit/", ANALYST),
    post("customer_edit", "/customers/{customer}/edit/", ANALYST),
    get("customer_segment", "/customers/{customer}/segment/", ANALYST),
    get("customer_stage", "/customers/{customer}/stage/", ANALYST),
    get("customer_merge", "/customers/{customer}/merge/", MANAGER),
    post("customer_archive", "/customers/{customer}/archive/", MANAGER),
    post("customer_restore", "/customers/{customer}/restore/", MANAGER),
    get("note_new", "/customers/{customer}/notes/new/", ANALYST),
    get("note_edit", "/customers/{customer}/notes/{note}/edit/", ANALYST),
    post("note_pin", "/customers/{customer}/notes/{note}/pin/", ANALYST),
    post("note_archive", "/customers/{customer}/notes/{note}/archive/", ANALYST),
    get("file_new", "/customers/{customer}/files/new/", ANALYST),
    get("file_get", "/customers/{customer}/files/{file}/", SIGNED_IN),
    post("file_archive", "/customers/{customer}/files/{file}/archive/", ANALYST),
    *(get(f"{fact}_new", f"/customers/{{customer}}/{fact}s/new/", ANALYST) for fact in FACTS),
    *(get(f"{fact}_edit", f"/customers/{{customer}}/{fact}s/{{{fact}}}/edit/", ANALYST) for fact in FACTS),
]

LIBRARIES = [
    get("account_login", "/accounts/login/", PUBLIC),
    get("account_logout", "/accounts/logout/", PUBLIC),
    get("account_inactive", "/accounts/inactive/", PUBLIC),
    get("account_signup", "/accounts/signup/", PUBLIC),
    get("account_reauthenticate", "/accounts/reauthenticate/", SIGNED_IN),
    get("account_change_password", "/accounts/password/change/", SIGNED_IN),
    get("account_set_password", "/accounts/password/set/", SIGNED_IN),
    get("account_reset_password", "/accounts/password/reset/", PUBLIC),
    get("account_reset_password_done", "/accounts/password/reset/done/", PUBLIC),
    get("account_reset_password_from_key", "/accounts/password/reset/key/1-abc/", PUBLIC),
    get("account_reset_password_from_key_done", "/accounts/password/reset/key/done/", PUBLIC),
    get("account_email", "/accounts/email/", CLOSED),
    get("account_email_verification_sent", "/accounts/confirm-email/", CLOSED),
    get("account_confirm_email", "/accounts/confirm-email/abc/", CLOSED),
    get("account_confirm_login_code", "/accounts/login/code/confirm/", CLOSED),
    get("mfa_index", "/accounts/2fa/", SIGNED_IN),
    get("mfa_authenticate", "/accounts/2fa/authenticate/", SIGNED_IN),
    get("mfa_reauthenticate", "/accounts/2fa/reauthenticate/", SIGNED_IN),
    get("mfa_activate_totp", "/accounts/2fa/totp/activate/", SIGNED_IN),
    get("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/", NOT_SET_UP),
    get("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/", NOT_SET_UP),
    get("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/", SIGNED_IN),
    get("mfa_download_recovery_codes", "/accounts/2fa/recovery-codes/download/", NOT_SET_UP),
    get("mfa_list_webauthn", "/accounts/2fa/webauthn/", SIGNED_IN),
    get("mfa_add_webauthn", "/accounts/2fa/webauthn/add/", SIGNED_IN),
    get("mfa_reauthenticate_webauthn", "/accounts/2fa/webauthn/reauthenticate/", SIGNED_IN),
    get("mfa_remove_webauthn", "/accounts/2fa/webauthn/keys/1/remove/", SIGNED_IN),
    get("mfa_edit_webauthn", "/accounts/2fa/webauthn/keys/1/edit/", SIGNED_IN),
    get("mfa_login_webauthn", "/accounts/2fa/webauthn/login/", SIGNED_IN),
    get("socialaccount_login_cancelled", "/accounts/3rdparty/login/cancelled/", PUBLIC),
    get("socialaccount_login_error", "/accounts/3rdparty/login/error/", "401 401 401 401 401"),
    get("socialaccount_signup", "/accounts/3rdparty/signup/", CLOSED),
    get("socialaccount_connections", "/accounts/3rdparty/", SIGNED_IN),
    get("accounts/social/login/cancelled/", "/accounts/social/login/cancelled/", CLOSED),
    get("accounts/social/login/error/", "/accounts/social/login/error/", CLOSED),
    get("accounts/social/signup/", "/accounts/social/signup/", CLOSED),
    get("accounts/social/connections/", "/accounts/social/connections/", CLOSED),
    get("openid_connect_login", "/accounts/oidc/sso/login/", CLOSED),  # single sign-on is not set up
    get("openid_connect_callback", "/accounts/oidc/sso/login/callback/", CLOSED),
    get("usersessions_list", "/accounts/sessions/", SIGNED_IN),
]

SETTINGS = [
    get("segments_settings", "/settings/segments/", ADMIN),
    post("segments_settings", "/settings/segments/", ADMIN),
    get("stages_settings", "/settings/stages/", ADMIN),
    get("tags_settings", "/settings/tags/", ADMIN),
    get("tag_edit", "/settings/tags/{tag}/edit/", ADMIN),
    post("tag_remove", "/settings/tags/{tag}/remove/", ADMIN),
    get("attributes_settings", "/settings/attributes/", ADMIN),
    get("attribute_edit", "/settings/attributes/{attribute}/edit/", ADMIN),
    post("attribute_archive", "/settings/attributes/{attribute}/archive/", ADMIN),
    get("costs_settings", "/settings/costs/", ADMIN),
    get("products_settings", "/settings/products/", ADMIN),
    get("product_edit", "/settings/products/{product}/edit/", ADMIN),
]

IMPORTS = [
    get("imports", "/imports/", MANAGER),
    get("import_new", "/imports/new/", MANAGER),
    post("import_new", "/imports/new/", MANAGER),
    get("import_batch", "/imports/{batch}/", MANAGER),
    post("import_read", "/imports/{batch}/read/", MANAGER),
    post("import_confirm", "/imports/{batch}/confirm/", MANAGER),
    post("import_discard", "/imports/{batch}/discard/", MANAGER),
    post("import_undo", "/imports/{batch}/undo/", MANAGER),
    get("import_rejected", "/imports/{batch}/rejected.csv", MANAGER),
    get("import_example", "/imports/example/customers.csv", MANAGER),
]

API = [
    get("api_schema", "/api/v1/schema/", API_SIGNED_IN),
    get("api-user-list", "/api/v1/users/", API_SIGNED_IN),
    get("api-user-detail", "/api/v1/users/{person}/", API_SIGNED_IN),
    patch("api-user-detail", "/api/v1/users/{person}/", API_ADMIN),
    get("api-audit-list", "/api/v1/audit/", API_MANAGER),
    get("api-audit-detail", "/api/v1/audit/{entry}/", API_MANAGER),
    get("api-customer-list", "/api/v1/customers/", API_SIGNED_IN),
    post("api-customer-list", "/api/v1/customers/", API_ANALYST),
    get("api-customer-detail", "/api/v1/customers/{customer}/", API_SIGNED_IN),
    patch("api-customer-detail", "/api/v1/customers/{customer}/", API_ANALYST),
    post("api-customer-archive", "/api/v1/customers/{customer}/archive/", API_MANAGER),
    post("api-customer-restore", "/api/v1/customers/{customer}/restore/", API_MANAGER),
    post("api-customer-segment", "/api/v1/customers/{customer}/segment/", API_ANALYST),
    post("api-customer-stage", "/api/v1/customers/{customer}/stage/", API_ANALYST),
    get("api-customer-timeline", "/api/v1/customers/{customer}/timeline/", API_SIGNED_IN),
    *(get(f"api-{fact}-list", f"/api/v1/{fact}s/", API_SIGNED_IN) for fact in FACTS),
    *(post(f"api-{fact}-list", f"/api/v1/{fact}s/", API_ANALYST) for fact in FACTS),
    *(get(f"api-{fact}-detail", f"/api/v1/{fact}s/{{{fact}}}/", API_SIGNED_IN) for fact in FACTS),
    *(patch(f"api-{fact}-detail", f"/api/v1/{fact}s/{{{fact}}}/", API_ANALYST) for fact in FACTS),
    get("api-cost-list", "/api/v1/costs/", API_SIGNED_IN),
    post("api-cost-list", "/api/v1/costs/", API_MANAGER),
    get("api-cost-detail", "/api/v1/costs/{cost}/", API_SIGNED_IN),
    patch("api-cost-detail", "/api/v1/costs/{cost}/", API_MANAGER),
    get("api-segment-list", "/api/v1/segments/", API_SIGNED_IN),
    get("api-stage-list", "/api/v1/stages/", API_SIGNED_IN),
    get("api-rule-list", "/api/v1/rules/", API_SIGNED_IN),
    get("api-rule-segment", "/api/v1/rules/segment/", API_SIGNED_IN),
    put("api-rule-segment", "/api/v1/rules/segment/", API_ADMIN),
    get("api-rule-stage", "/api/v1/rules/stage/", API_SIGNED_IN),
    put("api-rule-stage", "/api/v1/rules/stage/", API_ADMIN),
    get("api-portfolio-list", "/api/v1/portfolio/", API_SIGNED_IN),
    get("api-view-list", "/api/v1/views/", API_SIGNED_IN),
    get("api-view-detail", "/api/v1/views/{view}/", "401 404 ok 404 404"),
    delete("api-view-detail", "/api/v1/views/{view}/", "401 404 ok 404 404"),
    get("api-kpi-list", "/api/v1/kpis/", API_SIGNED_IN),
    get("api-cohort-list", "/api/v1/cohorts/", API_SIGNED_IN),
    get("api-target-list", "/api/v1/targets/", API_SIGNED_IN),
    post("api-target-list", "/api/v1/targets/", API_MANAGER),
    get("api-target-detail", "/api/v1/targets/{target}/", API_SIGNED_IN),
    patch("api-target-detail", "/api/v1/targets/{target}/", API_MANAGER),
    delete("api-target-detail", "/api/v1/targets/{target}/", API_MANAGER),
    post("api_import", "/api/v1/import/customers/", API_MANAGER),
    get("api-import-batch-list", "/api/v1/imports/", API_MANAGER),
    get("api-import-batch-detail", "/api/v1/imports/{batch}/", API_MANAGER),
]

AREAS: dict[str, list[Row]] = {
    "core": CORE,
    "accounts": ACCOUNTS,
    "workspace": WORKSPACE,
    "customers": CUSTOMERS,
    "settings": SETTINGS,
    "imports": IMPORTS,
    "libraries": LIBRARIES,
    "api": API,
}
TABLE: list[Row] = [row for rows in AREAS.values() for row in rows]
