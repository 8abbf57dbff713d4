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

from ingest.intake.api import CALLS

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
    get("email_change", "/profile/email/", SIGNED_IN),
    post("email_change", "/profile/email/", SIGNED_IN),
    get("email_confirm", "/email/{email_key}/", PUBLIC),
    get("workspace_settings", "/settings/workspace/", ADMIN),
    post("workspace_settings", "/settings/workspace/", ADMIN),
    get("insights", "/insights/", SIGNED_IN),
    get("insights_export", "/insights/export.csv", ANALYST),
    get("insights_report", "/insights/report/", SIGNED_IN),
    get("insights_loose", "/insights/loose/", SIGNED_IN),
    get("insight_new", "/insights/new/", ANALYST),
    post("insight_new", "/insights/new/", ANALYST),
    get("insight_edit", "/insights/{insight}/edit/", ANALYST),
    post("insight_edit", "/insights/{insight}/edit/", ANALYST),
    post("insight_remove", "/insights/{insight}/remove/", ANALYST),
    post("insight_restore", "/insights/{insight}/restore/", ANALYST),
    post("insight_merge", "/insights/{insight}/merge/", ANALYST),
    post("insight_separate", "/insights/{insight}/separate/", ANALYST),
    get("insight_theme_new", "/insights/themes/new/", ANALYST),
    post("insight_theme_new", "/insights/themes/new/", ANALYST),
    get("insight_theme", "/insights/themes/{insight_theme}/", SIGNED_IN),
    get("insight_theme_edit", "/insights/themes/{insight_theme}/edit/", ANALYST),
    post("insight_theme_edit", "/insights/themes/{insight_theme}/edit/", ANALYST),
    post("insight_theme_route", "/insights/themes/{insight_theme}/route/", ANALYST),
    post("insight_theme_move", "/insights/themes/{insight_theme}/move/", ANALYST),
    post("insight_theme_merge", "/insights/themes/{insight_theme}/merge/", "login 403 404 404 404"),
    post("insight_theme_split", "/insights/themes/{insight_theme}/split/", ANALYST),
    get("insight_theme_tell", "/insights/themes/{insight_theme}/tell/", ANALYST),
    post("insight_theme_tell", "/insights/themes/{insight_theme}/tell/", ANALYST),
    get("insight_helped", "/s/helped/{helped_key}/", PUBLIC),
    post("insight_helped", "/s/helped/{helped_key}/", PUBLIC),
    get("insight_teams", "/settings/insight-teams/", ADMIN),
    post("insight_teams", "/settings/insight-teams/", ADMIN),
    get("success_plan", "/customers/{customer}/success/", SIGNED_IN),
    post("plan_link", "/customers/{customer}/success/links/{contact}/", ANALYST),
    get("shared_plan", "/plans/{plan_key}/", PUBLIC),
    post("shared_plan", "/plans/{plan_key}/", PUBLIC),
    get("customer_review", "/customers/{customer}/review/", SIGNED_IN),
    get("success_aha", "/success/aha/", SIGNED_IN),
    get("success_portfolio", "/success/", SIGNED_IN),
    get("success_plan_edit", "/customers/{customer}/success/edit/", ANALYST),
    post("success_plan_edit", "/customers/{customer}/success/edit/", ANALYST),
    get("success_plan_template", "/customers/{customer}/success/template/", ANALYST),
    post("success_plan_template", "/customers/{customer}/success/template/", ANALYST),
    get("attained_new", "/customers/{customer}/objectives/{objective}/said/", ANALYST),
    post("attained_new", "/customers/{customer}/objectives/{objective}/said/", ANALYST),
    post("objective_archive", "/customers/{customer}/objectives/{objective}/archive/", ANALYST),
    get("success_templates_settings", "/settings/success-templates/", ADMIN),
    get("success_template_new", "/settings/success-templates/new/", ADMIN),
    post("success_template_new", "/settings/success-templates/new/", ADMIN),
    get("success_template_edit", "/settings/success-templates/{template}/", ADMIN),
    post("success_template_edit", "/settings/success-templates/{template}/", ADMIN),
    post("success_template_remove", "/settings/success-templates/{template}/remove/", ADMIN),
    get("working_hours_settings", "/settings/working-hours/", ADMIN),
    post("working_hours_settings", "/settings/working-hours/", ADMIN),
    get("tokens", "/settings/tokens/", ANALYST),
    post("tokens", "/settings/tokens/", ANALYST),
    get("webhooks", "/settings/webhooks/", ADMIN),
    post("webhooks", "/settings/webhooks/", ADMIN),
    get("webhook", "/settings/webhooks/{webhook}/", ADMIN),
    post("webhook", "/settings/webhooks/{webhook}/", ADMIN),
    post("webhook_secret", "/settings/webhooks/{webhook}/secret/", ADMIN),
    post("webhook_switch", "/settings/webhooks/{webhook}/switch/", ADMIN),
    post("webhook_remove", "/settings/webhooks/{webhook}/remove/", ADMIN),
    post("webhook_test", "/settings/webhooks/{webhook}/test/", ADMIN),
    post("webhook_replay", "/settings/webhooks/{webhook}/messages/{webhook_message}/again/", ADMIN),
    post("token_rotate", "/settings/tokens/{token}/rotate/", "login 403 ok 404 404"),
    post("token_revoke", "/settings/tokens/{token}/revoke/", "login 403 ok 404 404"),
    get("outbox", "/settings/outbox/", ADMIN),
    get("mail_read", "/settings/outbox/{mail}/", "login 403 403 403 404"),  # only a mail that stayed here
    get("mail_html", "/settings/outbox/{mail}/html/", "login 403 403 403 404"),
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
    get("health_settings", "/settings/health/", ADMIN),
    get("health_backtest", "/settings/health/backtest/", ADMIN),
    get("health_suggestion", "/settings/health/suggestion/", ADMIN),
    post("health_take_over", "/settings/health/suggestion/take/", ADMIN),
    post("health_shadow", "/settings/health/shadow/", ADMIN),
    get("health_gate", "/settings/health/gate/", ADMIN),
    post("health_publish", "/settings/health/publish/", ADMIN),
    post("health_discard", "/settings/health/discard/", ADMIN),
    post("health_restore", "/settings/health/versions/{scorecard}/restore/", ADMIN),
    get("activation_settings", "/settings/activation/", ADMIN),
    get("first_value_settings", "/settings/first-value/", ADMIN),
    get("portfolio", "/portfolio/", SIGNED_IN),
    get("portfolio_export", "/portfolio/export.csv", ANALYST),
    get("portfolio_health", "/portfolio/health/", SIGNED_IN),
    post("portfolio_bulk", "/portfolio/bulk/", ANALYST),
    post("portfolio_undo", "/portfolio/undo/{reversal}/", ANALYST),
    post("view_new", "/portfolio/views/new/", SIGNED_IN),
    get("view_edit", "/portfolio/views/{view}/", "login 404 ok 404 404"),
    post("view_delete", "/portfolio/views/{view}/delete/", "login 404 ok 404 404"),
    get("metrics", "/metrics/", SIGNED_IN),
    get("metrics_board", "/metrics/board/", SIGNED_IN),
    post("metrics_board", "/metrics/board/", SIGNED_IN),
    get("reports", "/metrics/reports/", SIGNED_IN),
    get("report", "/metrics/reports/month/{report_month}/", SIGNED_IN),
    get("chi_behaviours", "/metrics/chi/behaviours/", SIGNED_IN),
    get("metrics_integrity", "/metrics/integrity/", MANAGER),
    post("metrics_night_again", "/metrics/integrity/night/", ADMIN),
    get("metrics_months", "/metrics/months/", SIGNED_IN),
    get("metrics_month", "/metrics/months/2026-01/", SIGNED_IN),
    post("metrics_month_freeze", "/metrics/months/2026-01/freeze/", MANAGER),
    get("metrics_month_export", "/metrics/months/2026-01/export.csv", ANALYST),
    get("metric", "/metrics/mrr/", SIGNED_IN),
    get("metric_export", "/metrics/mrr/export.csv", ANALYST),
    get("metric_rows", "/metrics/mrr/rows/", SIGNED_IN),
    get("metric_rows_export", "/metrics/mrr/rows/export.csv", ANALYST),
    get("losses", "/losses/", SIGNED_IN),
    get("losses_export", "/losses/export.csv", ANALYST),
    get("loss_new", "/losses/new/", ANALYST),
    get("loss", "/losses/{loss}/", SIGNED_IN),
    post("loss_turn", "/losses/{loss}/turn/", ANALYST),
    get("loss_reasons", "/settings/loss-reasons/", ADMIN),
    get("loss_reason_new", "/settings/loss-reasons/new/", ADMIN),
    get("loss_reason", "/settings/loss-reasons/{loss_reason}/", ADMIN),
    get("alerts", "/alerts/", SIGNED_IN),
    get("alert", "/alerts/{alert}/", SIGNED_IN),
    post("alert_do", "/alerts/{alert}/do/", ANALYST),
    get("alert_rules", "/settings/alerts/", ADMIN),
    get("alert_rule", "/settings/alerts/{alert_rule}/", ADMIN),
    get("alert_rule_new", "/settings/alerts/new/no_touch/", ADMIN),
    get("tasks", "/tasks/", SIGNED_IN),
    get("task_new", "/tasks/new/", ANALYST),
    post("tasks_bulk", "/tasks/bulk/", ANALYST),
    post("tasks_calendar", "/tasks/calendar/", SIGNED_IN),
    get("cover_new", "/tasks/cover/new/", ANALYST),
    post("cover_end", "/tasks/cover/{cover}/end/", ANALYST),  # the analyst's own
    get("task", "/tasks/{task}/", SIGNED_IN),
    get("task_edit", "/tasks/{task}/edit/", ANALYST),
    post("task_close", "/tasks/{task}/close/", ANALYST),
    post("task_reopen", "/tasks/{task}/reopen/", ANALYST),
    post("task_items", "/tasks/{task}/items/", ANALYST),
    post("task_comment", "/tasks/{task}/comments/", ANALYST),
    get("calendar_feed", "/calendar/{calendar_key}.ics", PUBLIC),
    get("targets", "/metrics/targets/", SIGNED_IN),
    get("target_new", "/metrics/mrr/targets/new/", MANAGER),
    get("target_edit", "/metrics/targets/{target}/edit/", MANAGER),
    post("target_over", "/metrics/targets/{target}/over/", MANAGER),
    get("plan_new", "/metrics/mrr/plans/new/", MANAGER),
    get("plan_edit", "/metrics/plans/{plan}/edit/", ANALYST),  # the plan is the analyst's
    get("plan_step_new", "/metrics/plans/{plan}/steps/new/", ANALYST),
    post("plan_step", "/metrics/plans/{plan}/steps/{plan_step}/", ANALYST),
    get("plan_over", "/metrics/plans/{plan}/over/", ANALYST),
    get("search", "/search/", SIGNED_IN),
    get("customer_lookup", "/customers/lookup/", SIGNED_IN),
    get("customer", "/customers/{customer}/", SIGNED_IN),
    get("health_say", "/customers/{customer}/health/pulse/", ANALYST),
    get("health_withdraw", "/customers/{customer}/health/pulse/back/", ANALYST),
    get("customer_timeline", "/customers/{customer}/timeline/", SIGNED_IN),
    post("customer_log", "/customers/{customer}/log/", ANALYST),
]

TURNS = ("start", "pause", "stop")
FACTS = ("contact", "subscription", "contract", "payment", "ticket", "milestone", "touchpoint", "objective")

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
    post("contact_archive", "/customers/{customer}/contacts/{contact}/archive/", ANALYST),
    post("contact_restore", "/customers/{customer}/contacts/{contact}/restore/", ANALYST),
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
    get("import_problems", "/imports/problems/", MANAGER),
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

CAMPAIGNS = [
    get("campaigns", "/surveys/campaigns/", MANAGER),
    get("campaign_new", "/surveys/campaigns/new/", MANAGER),
    get("campaign", "/surveys/campaigns/{campaign}/", MANAGER),
    get("campaign_edit", "/surveys/campaigns/{campaign}/edit/", MANAGER),
    post("campaign_started", "/surveys/campaigns/{campaign}/start/", MANAGER),
    post("campaign_paused", "/surveys/campaigns/{campaign}/pause/", MANAGER),
    post("campaign_stopped", "/surveys/campaigns/{campaign}/stop/", MANAGER),
    post("mail_hook", "/hooks/mail/mailgun/", CLOSED),  # no provider is set up
    get("privacy", "/settings/privacy/", ADMIN),
    post("privacy", "/settings/privacy/", ADMIN),
    get("privacy_request", "/settings/privacy/{request}/", ADMIN),
    post("privacy_export", "/settings/privacy/{request}/export/", ADMIN),
    post("privacy_erase", "/settings/privacy/{request}/erase/", ADMIN),
    get("contact_budget", "/settings/contact-budget/", ADMIN),
    post("contact_budget", "/settings/contact-budget/", ADMIN),
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
    get("api-objective-attained", "/api/v1/objectives/{objective}/attained/", API_SIGNED_IN),
    post("api-objective-attained", "/api/v1/objectives/{objective}/attained/", API_ANALYST),
    get("api-success-plan-list", "/api/v1/success-plans/", API_SIGNED_IN),
    post("api-success-plan-list", "/api/v1/success-plans/", API_ANALYST),
    get("api-success-plan-detail", "/api/v1/success-plans/{success_plan}/", API_SIGNED_IN),
    patch("api-success-plan-detail", "/api/v1/success-plans/{success_plan}/", API_ANALYST),
    *(get(f"api-{fact}-list", f"/api/v1/{fact}s/", API_SIGNED_IN) for fact in FACTS),
    *(post(f"api-{fact}-list", f"/api/v1/{fact}s/", API_ANALYST) for fact in FACTS),
    *(get(f"api-{fact}-detail", f"/api/v1/{fact}s/{{{fact}}}/", API_SIGNED_IN) for fact in FACTS),
    *(patch(f"api-{fact}-detail", f"/api/v1/{fact}s/{{{fact}}}/", API_ANALYST) for fact in FACTS),
    post("api-contact-archive", "/api/v1/contacts/{contact}/archive/", API_ANALYST),
    post("api-contact-restore", "/api/v1/contacts/{contact}/restore/", API_ANALYST),
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
    get("api-webhook-list", "/api/v1/webhooks/", API_ADMIN),
    post("api-webhook-list", "/api/v1/webhooks/", API_ADMIN),
    get("api-webhook-detail", "/api/v1/webhooks/{webhook}/", API_ADMIN),
    patch("api-webhook-detail", "/api/v1/webhooks/{webhook}/", API_ADMIN),
    delete("api-webhook-detail", "/api/v1/webhooks/{webhook}/", API_ADMIN),
    get("api-webhook-types", "/api/v1/webhooks/types/", API_ADMIN),
    post("api-webhook-rotate", "/api/v1/webhooks/{webhook}/rotate/", API_ADMIN),
    post("api-webhook-test", "/api/v1/webhooks/{webhook}/test/", API_ADMIN),
    get("api-webhook-message-list", "/api/v1/webhook-messages/", API_ADMIN),
    get("api-webhook-message-detail", "/api/v1/webhook-messages/{webhook_message}/", API_ADMIN),
    post("api-webhook-message-replay", "/api/v1/webhook-messages/{webhook_message}/replay/", API_ADMIN),
    get("api-integrity-list", "/api/v1/integrity/", API_MANAGER),
    get("api-integrity-detail", "/api/v1/integrity/{integrity}/", API_MANAGER),
    get("api-month-list", "/api/v1/months/", API_SIGNED_IN),
    get("api-month-detail", "/api/v1/months/{month}/", API_SIGNED_IN),
    post("api-month-list", "/api/v1/months/", API_MANAGER),
    get("api-behaviour-list", "/api/v1/behaviours/", API_SIGNED_IN),
    get("api-health-list", "/api/v1/health/", API_SIGNED_IN),
    get("api-health-detail", "/api/v1/health/{customer}/", API_SIGNED_IN),
    get("api-health-explanation", "/api/v1/health/{customer}/explanation/", "401 404 404 404 404"),
    get("api-health-split", "/api/v1/health/split/", API_SIGNED_IN),
    get("api-health-moves", "/api/v1/health/moves/", API_SIGNED_IN),
    post("api-scorecard-draft", "/api/v1/scorecards/draft/", API_ADMIN),
    post("api-scorecard-publish", "/api/v1/scorecards/publish/", API_ADMIN),
    post("api-scorecard-restore", "/api/v1/scorecards/{scorecard}/restore/", API_ADMIN),
    post("api-scorecard-preview", "/api/v1/scorecards/preview/", API_ADMIN),
    post("api-scorecard-backtest", "/api/v1/scorecards/backtest/", API_ADMIN),
    post("api-scorecard-suggestion", "/api/v1/scorecards/suggestion/", API_ADMIN),
    get("api-scorecard-list", "/api/v1/scorecards/", API_SIGNED_IN),
    get("api-scorecard-detail", "/api/v1/scorecards/{scorecard}/", API_SIGNED_IN),
    get("api-target-list", "/api/v1/targets/", API_SIGNED_IN),
    post("api-target-list", "/api/v1/targets/", API_MANAGER),
    get("api-target-detail", "/api/v1/targets/{target}/", API_SIGNED_IN),
    patch("api-target-detail", "/api/v1/targets/{target}/", API_MANAGER),
    delete("api-target-detail", "/api/v1/targets/{target}/", API_MANAGER),
    get("api-insight-list", "/api/v1/insights/", API_SIGNED_IN),
    post("api-insight-list", "/api/v1/insights/", API_ANALYST),
    get("api-insight-detail", "/api/v1/insights/{insight}/", API_SIGNED_IN),
    patch("api-insight-detail", "/api/v1/insights/{insight}/", API_ANALYST),
    post("api-insight-merge", "/api/v1/insights/{insight}/merge/", API_ANALYST),
    post("api-insight-separate", "/api/v1/insights/{insight}/separate/", API_ANALYST),
    get("api-loss-list", "/api/v1/losses/", API_SIGNED_IN),
    post("api-loss-list", "/api/v1/losses/", API_ANALYST),
    get("api-loss-detail", "/api/v1/losses/{loss}/", API_SIGNED_IN),
    patch("api-loss-detail", "/api/v1/losses/{loss}/", API_ANALYST),
    post("api-loss-saved", "/api/v1/losses/{loss}/saved/", API_ANALYST),
    post("api-loss-reopen", "/api/v1/losses/{loss}/reopen/", API_ANALYST),
    get("api-insight-theme-list", "/api/v1/insight-themes/", API_SIGNED_IN),
    post("api-insight-theme-list", "/api/v1/insight-themes/", API_ANALYST),
    get("api-insight-theme-detail", "/api/v1/insight-themes/{insight_theme}/", API_SIGNED_IN),
    patch("api-insight-theme-detail", "/api/v1/insight-themes/{insight_theme}/", API_ANALYST),
    post("api-insight-theme-move", "/api/v1/insight-themes/{insight_theme}/move/", API_ANALYST),
    get("api-alert-list", "/api/v1/alerts/", API_SIGNED_IN),
    get("api-alert-detail", "/api/v1/alerts/{alert}/", API_SIGNED_IN),
    post("api-alert-snooze", "/api/v1/alerts/{alert}/snooze/", API_ANALYST),
    post("api-alert-dismiss", "/api/v1/alerts/{alert}/dismiss/", API_ANALYST),
    post("api-alert-wake", "/api/v1/alerts/{alert}/wake/", API_ANALYST),
    get("api-task-list", "/api/v1/tasks/", API_SIGNED_IN),
    post("api-task-list", "/api/v1/tasks/", API_ANALYST),
    get("api-task-detail", "/api/v1/tasks/{task}/", API_SIGNED_IN),
    patch("api-task-detail", "/api/v1/tasks/{task}/", API_ANALYST),
    post("api-task-done", "/api/v1/tasks/{task}/done/", API_ANALYST),
    post("api-task-drop", "/api/v1/tasks/{task}/drop/", API_ANALYST),
    post("api-task-reopen", "/api/v1/tasks/{task}/reopen/", API_ANALYST),
    post("api-task-tick", "/api/v1/tasks/{task}/tick/", API_ANALYST),
    get("api-plan-list", "/api/v1/action-plans/", API_SIGNED_IN),
    post("api-plan-list", "/api/v1/action-plans/", API_MANAGER),
    get("api-plan-detail", "/api/v1/action-plans/{plan}/", API_SIGNED_IN),
    patch("api-plan-detail", "/api/v1/action-plans/{plan}/", API_ANALYST),  # the plan is the analyst's
    post("api-plan-close", "/api/v1/action-plans/{plan}/close/", API_ANALYST),
    post("api-plan-steps", "/api/v1/action-plans/{plan}/steps/", API_ANALYST),
    post("api-plan-done", "/api/v1/action-plans/{plan}/done/", API_ANALYST),
    *(post(f"api_{call}", f"/api/v1/{call}", API_MANAGER) for call in CALLS),
    *(post(f"segment_{call}", f"/v1/{call}", API_MANAGER) for call in CALLS),
    post("api_bulk", "/api/v1/customers/bulk/", API_MANAGER),
    post("api_import", "/api/v1/import/customers/", API_MANAGER),
    get("api-import-batch-list", "/api/v1/imports/", API_MANAGER),
    get("api-import-batch-detail", "/api/v1/imports/{batch}/", API_MANAGER),
]

SURVEYS = [
    get("surveys", "/surveys/", SIGNED_IN),
    get("survey_kind", "/surveys/nps/", SIGNED_IN),
    get("survey_responses", "/surveys/responses/", SIGNED_IN),
    get("survey_response", "/surveys/responses/{response}/", SIGNED_IN),
    post("survey_response_read", "/surveys/responses/{response}/read/", ANALYST),
    get("survey_held", "/surveys/held/", MANAGER),
    post("survey_held_decide", "/surveys/held/{held}/", MANAGER),
    get("survey_silence", "/surveys/silence/", SIGNED_IN),
    get("survey_themes", "/surveys/themes/", SIGNED_IN),
    get("survey_theme_new", "/surveys/themes/new/", ADMIN),
    post("survey_theme_new", "/surveys/themes/new/", ADMIN),
    get("survey_theme_edit", "/surveys/themes/{theme}/edit/", ADMIN),
    post("survey_theme_archive", "/surveys/themes/{theme}/archive/", ADMIN),
    get("survey_cases", "/surveys/cases/", SIGNED_IN),
    post("survey_cases_deadline", "/surveys/cases/deadline/", ADMIN),
    get("survey_case", "/surveys/cases/{case}/", SIGNED_IN),
    post("survey_case", "/surveys/cases/{case}/", ANALYST),
    post("survey_case_tell", "/surveys/cases/{case}/tell/", ANALYST),
    get("survey_new", "/surveys/new/", ADMIN),
    post("survey_new", "/surveys/new/", ADMIN),
    get("survey_edit", "/surveys/{survey}/edit/", ADMIN),
    post("survey_edit", "/surveys/{survey}/edit/", ADMIN),
    get("survey_sheet", "/customers/{customer}/survey-sheet/", ANALYST),
    post("survey_sheet", "/customers/{customer}/survey-sheet/", ANALYST),
    get("contact_survey_link", "/customers/{customer}/contacts/{contact}/survey/", ANALYST),
    post("contact_survey_link", "/customers/{customer}/contacts/{contact}/survey/", ANALYST),
    get("api-campaign-list", "/api/v1/campaigns/", API_MANAGER),
    post("api-campaign-list", "/api/v1/campaigns/", API_MANAGER),
    get("api-campaign-detail", "/api/v1/campaigns/{campaign}/", API_MANAGER),
    patch("api-campaign-detail", "/api/v1/campaigns/{campaign}/", API_MANAGER),
    *(post(f"api-campaign-{turn}", f"/api/v1/campaigns/{{campaign}}/{turn}/", API_MANAGER) for turn in TURNS),
    get("api-survey-list", "/api/v1/surveys/", API_SIGNED_IN),
    get("api-survey-detail", "/api/v1/surveys/{survey}/", API_SIGNED_IN),
    get("api-invitation-list", "/api/v1/invitations/", API_SIGNED_IN),
    post("api-invitation-list", "/api/v1/invitations/", API_ANALYST),
    get("api-invitation-detail", "/api/v1/invitations/{survey_invitation}/", API_SIGNED_IN),
    get("api-response-list", "/api/v1/responses/", API_SIGNED_IN),
    get("api-response-detail", "/api/v1/responses/{response}/", API_SIGNED_IN),
]

PUBLIC_SURVEYS = [
    get("survey_answer", "/s/{answer_key}/", PUBLIC),
    post("survey_answer", "/s/{answer_key}/", PUBLIC),
    get("survey_thanks", "/s/{answer_key}/thanks/", PUBLIC),
    post("survey_confirm", "/s/{answer_key}/confirm/", PUBLIC),
    get("survey_done", "/s/done/{done_key}/", PUBLIC),
    post("survey_done", "/s/done/{done_key}/", PUBLIC),
    get("survey_trap", "/s/{answer_key}/more/", PUBLIC),
    get("survey_colour", "/s/colour/3355d6.css", PUBLIC),
    get("survey_logo", "/s/logo/{survey}/", CLOSED),
    get("unsubscribe", "/unsubscribe/{answer_key}/", PUBLIC),
    post("unsubscribe", "/unsubscribe/{answer_key}/", PUBLIC),
]

AREAS: dict[str, list[Row]] = {
    "core": CORE,
    "accounts": ACCOUNTS,
    "workspace": WORKSPACE,
    "customers": CUSTOMERS,
    "settings": SETTINGS,
    "imports": IMPORTS,
    "campaigns": CAMPAIGNS,
    "libraries": LIBRARIES,
    "api": API,
    "public surveys": PUBLIC_SURVEYS,
    "surveys": SURVEYS,
}
TABLE: list[Row] = [row for rows in AREAS.values() for row in rows]
